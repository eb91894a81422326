"""From the name of a model, as in `--policy`, to a sampler."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from prover.sampling.port import Sampler
from sandbox.missing import Missing

FORMS = "hf:MODEL_OR_FOLDER, openai:MODEL, vllm:MODEL or replay:FILE"


@dataclass(frozen=True, slots=True)
class SamplingSettings:
    """What back ends can be told. device: for `hf:`, `auto`, `cpu` or `cuda`. window: tokens of prompt and answer, at
    most. max_rows, threads: of `hf:`, samples in one batch, and torch's threads on a CPU. base_url, api_key: of
    `openai:`, from the environment unless given. endpoint: where its chats go. price: dollars for a million tokens,
    (prompt, answer). running: its calls at a time. seconds: for one call."""

    device: str = "auto"
    window: int | None = None
    max_rows: int | None = None
    threads: int | None = None
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    endpoint: Literal["chat", "completions"] = "chat"
    price: tuple[float, float] | None = None
    running: int = 16
    seconds: float = 900.0


def open_sampler(spec: str, settings: SamplingSettings | None = None) -> Sampler | Missing:
    """The sampler that a spec names; local models are loaded, which can take minutes. Heavy packages are imported only
    for the back end that needs them."""
    kind, _, argument = spec.partition(":")
    given = settings or SamplingSettings()
    if not argument.strip():
        return Missing(f"a model in {spec!r}", f"write {FORMS}")
    if kind == "hf":
        from prover.sampling.hf.loading import load_hf

        return load_hf(
            argument, device=given.device, window=given.window, max_rows=given.max_rows, threads=given.threads
        )
    if kind == "openai":
        from prover.sampling.served.opening import open_server
        from prover.sampling.served.sampler import Price

        return open_server(
            argument,
            base_url=given.base_url,
            api_key=given.api_key,
            endpoint=given.endpoint,
            window=given.window,
            prices={argument: Price(*given.price)} if given.price else {},
            running=given.running,
            read=given.seconds,
            whole=given.seconds,
        )
    if kind == "vllm":
        from prover.sampling.vllm_local import load_vllm

        return load_vllm(argument, window=given.window)
    if kind == "replay":
        from prover.sampling.replay import open_replay

        return open_replay(argument)
    return Missing(f"a back end called {kind!r}", f"write {FORMS}")
