"""The port's side of the engine: an event loop asks, one thread runs the model."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Sequence
from typing import Any

import torch

from prover.sampling.aside import thread
from prover.sampling.hf.engine import Engine
from prover.sampling.hf.jobs import Job
from prover.sampling.hf.texts import Texts
from prover.sampling.port import Answer, Prompt, SampleRequest, SamplingFailed

LEAVE_SECONDS = 1.0
"""Waited at the end for a step that runs; on a CPU, with a long prompt, it may take minutes."""


class HfSampler:
    """A `Sampler` over a causal language model of transformers that is loaded already (`loading.load_hf`).

    Samples depend on nothing but their request: on CPU in float32 up to rounding (a tie within about 1e-6 may fall
    otherwise in another batch), in bfloat16 less strictly, because sums are rounded there to three digits."""

    def __init__(
        self,
        name: str,
        model: Any,
        tokenizer: Any,
        *,
        window: int | None,
        max_rows: int,
        max_columns: int,
        threads: int | None = None,
        kept: int = 1 << 15,
    ) -> None:
        self._name = name
        self._window = window
        self._threads = threads
        self._texts = Texts(tokenizer)
        ends = self._texts.ends | _ends(model)
        self._engine = Engine(model, self._texts, ends, max_rows, max_columns, kept)
        self._changed = threading.Condition()
        self._arrived: list[Job] = []
        self._closing = False
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """`hf:` and the model's name or folder."""
        return self._name

    @property
    def window(self) -> int | None:
        """The model's positions."""
        return self._window

    def count(self, prompt: Prompt) -> int:
        """Tokens of a prompt, exactly."""
        return len(self._texts.encode(prompt))

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        """An answer for each request, in order; a cancelled call's samples leave the batch at the next step."""
        return await asyncio.gather(*(self._one(request) for request in requests))

    async def close(self) -> None:
        """Fail what still runs, and let go of the model: at the end of the step that runs, which is waited for only
        for a moment."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, LEAVE_SECONDS)

    async def _one(self, request: SampleRequest) -> Answer:
        ids = self._texts.fitted(self._name, request.prompt, self._window)
        if isinstance(ids, SamplingFailed):
            return ids
        room = request.max_tokens if self._window is None else self._window - len(ids)
        if not ids:
            return SamplingFailed(f"{self._name}: the prompt is empty.", final=True)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()

        def deliver(answer: Answer) -> None:
            # A loop that was closed asks for nothing any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(lambda: None if future.done() else future.set_result(answer))

        job = Job(request, ids, room, deliver)
        with self._changed:
            if self._closing:
                return SamplingFailed(f"{self._name} is closed.", final=True)
            self._arrived.append(job)
            if self._thread is None:
                self._thread = thread(self._work, "sampling")
                self._thread.start()
            self._changed.notify()
        try:
            return await future
        except asyncio.CancelledError:
            job.cancelled = True
            raise

    def _work(self) -> None:
        if self._threads is not None:
            torch.set_num_threads(self._threads)
        while True:
            with self._changed:
                while self._engine.idle and not self._arrived and not self._closing:
                    self._changed.wait()
                arrived, self._arrived = self._arrived, []
                closing = self._closing
            for job in arrived:
                self._engine.add(job)
            if closing:
                self._engine.fail_all(f"{self._name} was closed while sampling.")
                del self._engine
                return
            self._engine.turn()


def _ends(model: Any) -> frozenset[int]:
    """The end tokens that the model's generation settings name."""
    settings = getattr(model, "generation_config", None) or model.config
    end = getattr(settings, "eos_token_id", None)
    if end is None:
        return frozenset()
    return frozenset(int(i) for i in (end if isinstance(end, list | tuple) else [end]))
