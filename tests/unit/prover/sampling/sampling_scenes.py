"""What the tests of sampling share: requests, and a model whose answers the test gives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

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

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    async def limited() -> T:
        async with asyncio.timeout(120):
            return await main

    return asyncio.run(limited())


def ask(text: str = "theorem t :", **given: Any) -> SampleRequest:
    return SampleRequest(Prompt(raw=text), **given)


def opened(found: Sampler | Missing) -> Sampler:
    assert not isinstance(found, Missing), str(found)
    return found


def got(answer: Answer) -> Samples:
    assert isinstance(answer, Samples), answer
    return answer


def refused(answer: Answer) -> SamplingFailed:
    assert isinstance(answer, SamplingFailed), answer
    return answer


def texts(answer: Answer) -> list[str]:
    return [s.text for s in got(answer).samples]


def answer_to(request: SampleRequest, tokens: int | None = None, cost: float | None = None) -> Samples:
    """As a model might: the text says what was asked, every sample has `tokens` tokens."""
    each = request.max_tokens if tokens is None else tokens
    samples = tuple(
        Sample(f"{request.prompt.raw}/{request.seed}/{i}", each, Finish.STOP, -1.0, sample_seed(request.seed, i))
        for i in range(request.n)
    )
    return Samples(samples, len(request.prompt.raw or ""), 0, cost)


class FakeSampler:
    """A model that answers when the test says so (`finish`), or at once."""

    def __init__(self, at_once: bool = False, answer: Callable[[SampleRequest], Answer] = answer_to) -> None:
        self.at_once = at_once
        self.answer = answer
        self.asked: list[SampleRequest] = []
        self.running: dict[int, tuple[SampleRequest, asyncio.Future[Answer]]] = {}
        self.cancelled: list[SampleRequest] = []
        self.closed = False

    @property
    def name(self) -> str:
        return "fake:model"

    @property
    def window(self) -> int | None:
        return 4096

    def count(self, prompt: Prompt) -> int:
        return len(prompt.raw or "")

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        return [await self._one(request) for request in requests]

    async def close(self) -> None:
        self.closed = True

    def finish(self, number: int | None = None, answer: Answer | None = None) -> None:
        """Answer a running request: the oldest, or the one that was asked as `number`."""
        number = min(self.running) if number is None else number
        request, future = self.running.pop(number)
        future.set_result(self.answer(request) if answer is None else answer)

    async def _one(self, request: SampleRequest) -> Answer:
        number = len(self.asked)
        self.asked.append(request)
        if self.at_once:
            return self.answer(request)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.running[number] = (request, future)
        try:
            return await future
        except asyncio.CancelledError:
            self.running.pop(number, None)
            self.cancelled.append(request)
            raise


async def settled() -> None:
    """Let everything happen that can happen without the test."""
    for _ in range(30):
        await asyncio.sleep(0)
