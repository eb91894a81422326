"""Sampling with vLLM in this process.

Written against vLLM's documented interface (`LLM.generate`, `SamplingParams`) and tested against a stand-in: it has not
been run with vLLM itself, which needs a GPU. A vLLM server behind `openai:` is the way that is tested end to end."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from prover.sampling.hf.texts import Texts
from prover.sampling.plain import cut
from prover.sampling.port import (
    Answer,
    Finish,
    Prompt,
    Sample,
    Sampler,
    SampleRequest,
    Samples,
    SamplingFailed,
    sample_seed,
)
from sandbox.missing import Missing

HOW = "pip install 'lemmatree[vllm]' on a machine with a GPU, or use a vLLM server with openai:MODEL"


@dataclass(eq=False)
class _Job:
    request: SampleRequest
    ids: list[int]
    future: asyncio.Future[Answer]
    loop: asyncio.AbstractEventLoop

    def deliver(self, answer: Answer) -> None:
        """From the worker's thread."""
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(lambda: None if self.future.done() else self.future.set_result(answer))


def load_vllm(model: str, *, window: int | None = None) -> Sampler | Missing:
    """A sampler over a model that vLLM loads into this process's GPU; takes as long as reading the weights."""
    if find_spec("vllm") is None:
        return Missing(f"the Python package vllm, which vllm:{model} needs", HOW)
    import vllm

    try:
        # Prefix caching: prompts of one task begin alike.
        llm = vllm.LLM(model=model, enable_prefix_caching=True, **({"max_model_len": window} if window else {}))
    except Exception as error:  # vLLM raises many kinds, for models and for GPUs.
        return Missing(f"vllm:{model} does not start: {' '.join(str(error).split())[:300]}", HOW)
    return VllmSampler(f"vllm:{model}", llm, vllm.SamplingParams)


class VllmSampler:
    """A `Sampler` over a `vllm.LLM`: what has arrived while a batch ran is the next batch. A request that runs cannot
    be cancelled, one that waits can."""

    def __init__(self, name: str, llm: Any, parameters: Any) -> None:
        self._name = name
        self._llm = llm
        self._parameters = parameters
        self._texts = Texts(llm.get_tokenizer())
        self._window = int(llm.llm_engine.model_config.max_model_len)
        self._changed = threading.Condition()
        self._arrived: list[_Job] = []
        self._closing = False
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """`vllm:` and the model's name."""
        return self._name

    @property
    def window(self) -> int | None:
        """`max_model_len`."""
        return self._window

    def count(self, prompt: Prompt) -> int:
        """Tokens of a prompt, exactly."""
        return len(self._texts.encode(prompt))

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        """An answer for each request, in order."""
        return await asyncio.gather(*(self._one(request) for request in requests))

    async def close(self) -> None:
        """Fail what waits, wait for what runs, and let go of the model."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)
        self._llm = None

    async def _one(self, request: SampleRequest) -> Answer:
        ids = self._texts.fitted(self._name, request.prompt, self._window)
        if isinstance(ids, SamplingFailed):
            return ids
        loop = asyncio.get_running_loop()
        job = _Job(request, ids, loop.create_future(), loop)
        with self._changed:
            if self._closing:
                return SamplingFailed(f"{self._name} is closed.", final=True)
            self._arrived.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="vllm", daemon=True)
                self._thread.start()
            self._changed.notify()
        return await job.future

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._arrived and not self._closing:
                    self._changed.wait()
                jobs, self._arrived = [job for job in self._arrived if not job.future.done()], []
                if self._closing:
                    break
            try:
                answers = self._generate(jobs)
            except Exception as error:  # Whatever the engine raises is an answer to those who wait.
                answers = [SamplingFailed(f"{self._name} stopped with {type(error).__name__}: {error}.")] * len(jobs)
            for job, answer in zip(jobs, answers, strict=True):
                job.deliver(answer)
        for job in jobs:
            job.deliver(SamplingFailed(f"{self._name} was closed while sampling.", final=True))

    def _generate(self, jobs: Sequence[_Job]) -> list[Answer]:
        if not jobs:
            return []
        asked = [self._asked(job) for job in jobs]
        outputs = self._llm.generate([{"prompt_token_ids": job.ids} for job in jobs], asked, use_tqdm=False)
        return [self._samples(job, output) for job, output in zip(jobs, outputs, strict=True)]

    def _asked(self, job: _Job) -> Any:
        request = job.request
        return self._parameters(
            # Greedy samples are all the same, and vLLM refuses to draw several.
            n=request.n if request.temperature > 0 else 1,
            max_tokens=min(request.max_tokens, self._window - len(job.ids)),
            temperature=request.temperature,
            top_p=request.top_p,
            stop=list(request.stop),
            seed=request.seed,
            # 0: of the sampled tokens alone, by default before temperature and top-p.
            logprobs=0,
        )

    def _samples(self, job: _Job, output: Any) -> Answer:
        samples = []
        outputs = list(output.outputs) * (job.request.n if job.request.temperature <= 0 else 1)
        for index, one in enumerate(outputs):
            ended = Finish.STOP if one.finish_reason == "stop" else Finish.LENGTH
            text, finish = cut(one.text, job.request.stop, ended)
            logprob = None if one.cumulative_logprob is None else float(one.cumulative_logprob)
            samples.append(Sample(text, len(one.token_ids), finish, logprob, sample_seed(job.request.seed, index)))
        if len(samples) != job.request.n:
            return SamplingFailed(f"{self._name} gave {len(samples)} samples of {job.request.n}.")
        cached = getattr(output, "num_cached_tokens", None) or 0
        return Samples(tuple(samples), len(job.ids), int(cached))
