"""vLLM in this process, against a stand-in for its interface: what is asked of it and what is made of its answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from sampling_scenes import ask, got, refused, run, texts

from prover.sampling import vllm_local
from prover.sampling.port import Finish, Message, Prompt, SampleRequest, sample_seed
from prover.sampling.vllm_local import VllmSampler, load_vllm
from sandbox.missing import Missing


class Characters:
    """A tokenizer of characters, as transformers' are called."""

    eos_token_id = 0
    chat_template = "some"

    def __call__(self, text: str, add_special_tokens: bool) -> dict[str, list[int]]:
        return {"input_ids": [ord(c) for c in text]}

    def apply_chat_template(self, chat: list[dict[str, str]], **_: Any) -> str:
        return "|".join(turn["content"] for turn in chat)


class FakeLLM:
    """As `vllm.LLM`, for what is used of it. gate: what a batch waits for before it is answered."""

    def __init__(self, fails: bool = False) -> None:
        self.llm_engine = SimpleNamespace(model_config=SimpleNamespace(max_model_len=100))
        self.batches: list[tuple[list[list[int]], list[dict[str, Any]]]] = []
        self.fails = fails
        self.begun = threading.Event()
        self.gate = threading.Event()
        self.gate.set()

    def get_tokenizer(self) -> Characters:
        return Characters()

    def generate(self, prompts: Sequence[Any], parameters: Sequence[dict[str, Any]], use_tqdm: bool) -> list[Any]:
        self.batches.append(([p["prompt_token_ids"] for p in prompts], list(parameters)))
        self.begun.set()
        self.gate.wait(30)
        if self.fails:
            raise RuntimeError("engine dead")
        return [
            SimpleNamespace(
                num_cached_tokens=3,
                outputs=[
                    SimpleNamespace(
                        text=f"text {i} END x",
                        token_ids=[1, 2, 3],
                        finish_reason="length",
                        cumulative_logprob=-2.0,
                    )
                    for i in range(given["n"])
                ],
            )
            for given in parameters
        ]


def sampler(llm: FakeLLM) -> VllmSampler:
    return VllmSampler("vllm:m", llm, dict)


def test_requests_and_answers() -> None:
    async def main() -> None:
        llm = FakeLLM()
        vllm = sampler(llm)
        chat = SampleRequest(Prompt(messages=(Message("user", "ab"),)), n=2, max_tokens=500, seed=4, stop=("END",))
        (answer,) = await vllm.sample([chat])
        ((ids,), (given,)) = llm.batches[0]
        assert ids == [97, 98]
        assert given == {
            "n": 2,
            "max_tokens": 98,
            "temperature": 0.8,
            "top_p": 0.95,
            "stop": ["END"],
            "seed": 4,
            "logprobs": 0,
        }
        assert texts(answer) == ["text 0 ", "text 1 "]
        assert [(s.tokens, s.finish, s.logprob) for s in got(answer).samples] == [(3, Finish.STOP, -2.0)] * 2
        assert [s.seed for s in got(answer).samples] == [4, sample_seed(4, 1)]
        assert (got(answer).prompt_tokens, got(answer).cached_tokens) == (2, 3)
        (greedy,) = await vllm.sample([ask(n=3, temperature=0.0)])
        assert len(got(greedy).samples) == 3
        (too_long,) = await vllm.sample([ask("x" * 100)])
        assert refused(too_long).final and "100 tokens" in refused(too_long).reason
        await vllm.close()

    run(main())


def test_what_arrives_while_a_batch_runs_is_the_next_batch_without_what_was_cancelled() -> None:
    async def main() -> None:
        llm = FakeLLM()
        llm.gate.clear()
        vllm = sampler(llm)
        first = asyncio.ensure_future(vllm.sample([ask("a")]))
        await asyncio.to_thread(llm.begun.wait, 30)
        later = [asyncio.ensure_future(vllm.sample([ask(text)])) for text in "bcd"]
        await asyncio.sleep(0)
        later[1].cancel()
        await asyncio.sleep(0)
        llm.gate.set()
        await asyncio.gather(first, later[0], later[2])
        assert [prompts for prompts, _ in llm.batches] == [[[97]], [[98], [100]]]
        await vllm.close()
        (late,) = await vllm.sample([ask("e")])
        assert refused(late).final

    run(main())


def test_an_engine_that_dies_is_an_answer() -> None:
    async def main() -> None:
        vllm = sampler(FakeLLM(fails=True))
        (answer,) = await vllm.sample([ask()])
        assert "engine dead" in refused(answer).reason
        await vllm.close()

    run(main())


def test_without_the_extra_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vllm_local, "find_spec", lambda name: None)
    missing = load_vllm("some/model")
    assert isinstance(missing, Missing)
    assert "lemmatree[vllm]" in missing.how_to_get


def test_a_model_that_does_not_start_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("no GPU")

    monkeypatch.setattr(vllm_local, "find_spec", lambda name: object())
    monkeypatch.setitem(__import__("sys").modules, "vllm", SimpleNamespace(LLM=broken))
    assert "no GPU" in str(load_vllm("some/model"))
