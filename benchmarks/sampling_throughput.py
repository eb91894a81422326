"""What one service over one model is worth against asking it piece by piece: ratios within one run.

    python benchmarks/sampling_throughput.py [--hidden 256] [--layers 4] [--repeat 3]
    python benchmarks/sampling_throughput.py --gpu [--out throughput.jsonl]

On a CPU (one thread, in processor time, unless --threads says more), with a randomly initialised Llama: eight samples
of one prompt of 1,024 tokens against eight generations (bar: 3 times), and 64 goals through the service against one
after another (bar: 4 times), with transformers' `generate` and `generate_batch` beside. With --gpu: tokens a second of
a Llama of the shape of 1B in bfloat16 at batches of 1, 16 and 128, through the service, by plain `generate`, and as
memory bandwidth allows (weights and keys and values read once a step, bandwidth measured by a copy). Nothing is
downloaded; the weights are random, so texts mean nothing and end tokens are switched off. One JSON line a figure."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import ContinuousBatchingConfig, GenerationConfig, LlamaConfig, LlamaForCausalLM

from prover.sampling.hf.loading import sampler_of
from prover.sampling.port import Prompt, Sampler, SampleRequest, Samples
from prover.sampling.service import SamplingService
from sandbox.missing import Missing


class Numbers:
    """A tokenizer whose text is token ids in decimal."""

    eos_token_id = None
    chat_template = None

    def __call__(self, text: str, add_special_tokens: bool = True) -> dict[str, list[int]]:
        """Token ids of a text."""
        return {"input_ids": [int(word) for word in text.split()]}

    def decode(self, ids: Sequence[int], **_: Any) -> str:
        """The text of token ids."""
        return "".join(f" {i}" for i in ids)


def random_llama(device: str, dtype: torch.dtype, **shape: int) -> Any:
    torch.manual_seed(0)
    config = LlamaConfig(**shape, max_position_embeddings=8192, bos_token_id=None, eos_token_id=None, pad_token_id=0)
    # On the device from the start: drawing a billion numbers on a CPU takes minutes.
    with torch.device(device):
        model = LlamaForCausalLM(config)
    model = model.to(dtype).eval()
    # As sure of itself as a trained model: some tokens, not thousands, make up the top-p mass.
    model.lm_head.weight.data.mul_(12.0)
    model.generation_config.eos_token_id = None
    return model


def prompts(count: int, common: int, own: int, vocabulary: int) -> list[str]:
    """Texts of `common` tokens that all share and `own` that differ."""
    draw = torch.Generator().manual_seed(1)
    shared = torch.randint(1, vocabulary, (common,), generator=draw).tolist()
    return [
        " ".join(map(str, shared + torch.randint(1, vocabulary, (own,), generator=draw).tolist())) for _ in range(count)
    ]


def asked(text: str, n: int, tokens: int, seed: int, task: str = "") -> SampleRequest:
    return SampleRequest(Prompt(raw=text), n=n, max_tokens=tokens, temperature=1.0, top_p=0.95, seed=seed, task=task)


def opened(model: Any, **given: Any) -> Any:
    sampler = sampler_of("hf:random", model, Numbers(), **given)
    assert not isinstance(sampler, Missing), str(sampler)
    return sampler


def sampled(answers: Sequence[Any]) -> int:
    assert all(isinstance(a, Samples) for a in answers), answers
    return sum(a.tokens for a in answers)


class Report:
    """Prints figures, and writes them down as they come."""

    def __init__(self, out: Path | None) -> None:
        self.out = out

    def __call__(self, **figures: object) -> None:
        """One line of figures."""
        line = json.dumps(figures)
        print(line, flush=True)
        if self.out is not None:
            with self.out.open("a") as file:
                file.write(line + "\n")


async def seconds(act: Callable[[], Awaitable[object]], repeat: int, clock: Callable[[], float]) -> float:
    """Median over runs."""
    taken = []
    for _ in range(repeat):
        began = clock()
        await act()
        taken.append(clock() - began)
    return statistics.median(taken)


def generated(model: Any, texts: Sequence[str], tokens: int, **given: Any) -> int:
    """New tokens by plain `generate`, one batch of prompts of equal length."""
    ids = torch.tensor([[int(w) for w in t.split()] for t in texts], device=model.device)
    with torch.inference_mode():
        out = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=True,
            top_p=0.95,
            max_new_tokens=tokens,
            min_new_tokens=tokens,
            **given,
        )
    return int(out.shape[0] * (out.shape[1] - ids.shape[1]))


def batched(model: Any, texts: Sequence[str], tokens: int) -> int:
    """New tokens by transformers' continuous batching, its memory sized by hand (sizing itself takes minutes here)."""
    config = GenerationConfig(max_new_tokens=tokens, do_sample=True, top_p=0.95, eos_token_id=-1, pad_token_id=0)
    sizes = ContinuousBatchingConfig(num_blocks=512, max_batch_tokens=512, page_size=32)
    inputs = [[int(w) for w in t.split()] for t in texts]
    out = model.generate_batch(inputs, config, continuous_batching_config=sizes, warmup=False)
    return sum(len(o.generated_tokens) for o in out.values())


async def shared_prefill(model: Any, tokens: int, repeat: int, clock: Callable[[], float], report: Report) -> None:
    (text,) = prompts(1, 0, 1024, model.config.vocab_size)
    # Without memory of earlier prompts: only what one request shares counts.
    fresh = opened(model, max_rows=64, max_columns=1 << 17)
    fresh._engine._prefixes._kept = 0

    async def together() -> None:
        assert sampled(await fresh.sample([asked(text, 8, tokens, 1)])) == 8 * tokens

    async def apart() -> None:
        for seed in range(8):
            assert sampled(await fresh.sample([asked(text, 1, tokens, seed)])) == tokens

    async def plain() -> None:
        for _ in range(8):
            assert generated(model, [text], tokens) == tokens

    async def returned() -> None:
        assert generated(model, [text], tokens, num_return_sequences=8) == 8 * tokens

    async def continuous() -> None:
        assert batched(model, [text] * 8, tokens) == 8 * tokens

    await together()  # Warms up.
    took = {act.__name__: await seconds(act, repeat, clock) for act in (together, apart, plain, returned, continuous)}
    report(
        what="n=8 of one prompt of 1,024 tokens, shared prefill",
        new_tokens=8 * tokens,
        seconds={name: round(value, 3) for name, value in took.items()},
        ratio_to_8_generations=round(took["plain"] / took["together"], 2),
        ratio_to_8_requests_of_ours=round(took["apart"] / took["together"], 2),
        ratio_to_num_return_sequences=round(took["returned"] / took["together"], 2),
        ratio_to_generate_batch=round(took["continuous"] / took["together"], 2),
        bar=3.0,
    )
    await fresh.close()


async def many_goals(model: Any, tokens: int, repeat: int, clock: Callable[[], float], report: Report) -> None:
    texts = prompts(64, 192, 64, model.config.vocab_size)
    sampler: Sampler = opened(model, max_rows=64, max_columns=1 << 17)
    requests = [asked(t, 1, tokens, i, task=f"task {i % 8}") for i, t in enumerate(texts)]

    async def through() -> None:
        assert sampled(await SamplingService(sampler).sample(requests)) == 64 * tokens

    async def in_turn() -> None:
        service = SamplingService(sampler)
        for request in requests:
            await service.sample([request])

    async def plain() -> None:
        for text in texts:
            assert generated(model, [text], tokens) == tokens

    async def continuous() -> None:
        assert batched(model, texts, tokens) == 64 * tokens

    await through()  # Warms up, and leaves what prompts have in common remembered, for all.
    took = {act.__name__: await seconds(act, repeat, clock) for act in (through, in_turn, plain, continuous)}
    report(
        what="64 goals, 192 of 256 prompt tokens in common",
        new_tokens=64 * tokens,
        seconds={name: round(value, 3) for name, value in took.items()},
        tokens_per_second={name: round(64 * tokens / value, 1) for name, value in took.items()},
        ratio_to_one_after_another=round(took["in_turn"] / took["through"], 2),
        ratio_to_generate_in_turn=round(took["plain"] / took["through"], 2),
        ratio_to_generate_batch=round(took["continuous"] / took["through"], 2),
        bar=4.0,
    )
    await sampler.close()


def bandwidth(device: str) -> float:
    """Bytes a second that a copy within the device's memory reads and writes."""
    source = torch.empty(1 << 30, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    target.copy_(source)
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(20):
        target.copy_(source)
    torch.cuda.synchronize()
    size: int = source.numel()  # of one byte each
    return 20 * 2 * size / (time.perf_counter() - began)


async def gpu(repeat: int, report: Report) -> None:
    prompt, tokens = 256, 256
    shape = {
        "vocab_size": 128256,
        "hidden_size": 2048,
        "intermediate_size": 8192,
        "num_hidden_layers": 16,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
    }
    model = random_llama("cuda", torch.bfloat16, **shape)
    weights = sum(p.numel() * p.element_size() for p in model.parameters())
    # The input embeddings are looked up, not read through.
    weights -= model.model.embed_tokens.weight.numel() * 2
    per_token = 2 * 16 * 8 * 64 * 2
    speed = bandwidth("cuda")
    report(device=torch.cuda.get_device_name(), bytes_per_second=round(speed), weights=weights, kv_per_token=per_token)
    sampler: Sampler = opened(model, max_rows=128)
    for batch in (1, 16, 128):
        texts = prompts(batch, 0, prompt, shape["vocab_size"])

        async def through(texts: Sequence[str] = texts) -> None:
            requests = [asked(t, 1, tokens, i) for i, t in enumerate(texts)]
            assert sampled(await SamplingService(sampler).sample(requests)) == len(texts) * tokens

        async def plain(texts: Sequence[str] = texts) -> None:
            generated(model, texts, tokens)
            torch.cuda.synchronize()

        step = (weights + batch * (prompt + tokens / 2) * per_token) / speed
        await through()  # Warms up.
        await plain()
        took = {act.__name__: await seconds(act, repeat, time.perf_counter) for act in (through, plain)}
        report(
            what=f"1B, bfloat16, batch {batch}, prompts of {prompt} tokens (prefill included)",
            tokens_per_second={name: round(batch * tokens / value, 1) for name, value in took.items()},
            floor_tokens_per_second=round(batch / step, 1),
            ratio_to_generate=round(took["plain"] / took["through"], 2),
            share_of_floor=round(tokens * step / took["through"], 3),
        )
    await sampler.close()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gpu", action="store_true")
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--tokens", type=int, default=32)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1, help="of torch; with more, other work on the machine shows")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    report = Report(options.out)
    if options.gpu:
        await gpu(options.repeat, report)
        return
    torch.set_num_threads(options.threads)
    # One thread's processor time is not disturbed by what else the machine does.
    clock = time.process_time if options.threads == 1 else time.perf_counter
    model = random_llama(
        "cpu",
        torch.float32,
        vocab_size=8192,
        hidden_size=options.hidden,
        intermediate_size=4 * options.hidden,
        num_hidden_layers=options.layers,
        num_attention_heads=8,
        num_key_value_heads=4,
    )
    size = sum(p.numel() for p in model.parameters())
    report(device="cpu", threads=torch.get_num_threads(), parameters=size, torch=torch.__version__)
    await shared_prefill(model, options.tokens, options.repeat, clock, report)
    await many_goals(model, options.tokens, options.repeat, clock, report)


if __name__ == "__main__":
    asyncio.run(main())
