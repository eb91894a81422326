"""A budget of sampled tokens that is kept to: no request asks for more than what is left of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from prover.sampling.over import SamplerOver
from prover.sampling.port import Answer, Sampler, SampleRequest, SamplingFailed


class Rations:
    """The sampled tokens that one search has, for all its models together. Belongs to one event loop."""

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens
        self.used = 0
        self._promised = 0
        self._turn = asyncio.Lock()
        self._given_back = asyncio.Event()

    @property
    def left(self) -> int:
        """Not used; requests that run may come to use some of it. Never negative."""
        return max(self.tokens - self.used, 0)

    async def take(self, request: SampleRequest) -> SampleRequest | None:
        """As much of a request as there are tokens for, which are set aside for it until `settle`; None where there are
        none. One that is too large beside those that run waits for what they leave, and is cut down only when nothing
        else runs: most answers are much shorter than they may be. First come, first served."""
        async with self._turn:
            while self._promised and self.left and _most(request) > self.left - self._promised:
                self._given_back.clear()
                await self._given_back.wait()
            fitted = fitting(request, self.left - self._promised)
            if fitted is not None:
                self._promised += _most(fitted)
            return fitted

    def settle(self, request: SampleRequest, answer: Answer | None) -> None:
        """A request that was taken has its answer; None where it was cancelled."""
        self._promised -= _most(request)
        self._given_back.set()
        if answer is not None:
            self.book(answer)

    def book(self, answer: Answer) -> None:
        """Count an answer that nothing was set aside for."""
        self.used += 0 if isinstance(answer, SamplingFailed) else answer.tokens

    def spent(self) -> SamplingFailed:
        """The answer where no token is left."""
        return SamplingFailed(f"No more samples: the budget of {self.tokens} tokens is spent.", final=True, spent=True)


def _most(request: SampleRequest) -> int:
    return request.n * request.max_tokens


def fitting(request: SampleRequest, tokens: int) -> SampleRequest | None:
    """The part of a request that needs no more tokens: fewer samples rather than shorter ones, since half a proof is
    none; None where there is not a single token."""
    if tokens < 1:
        return None
    n = min(request.n, max(tokens // request.max_tokens, 1))
    return replace(request, n=n, max_tokens=min(request.max_tokens, tokens // n))


class RationedSampler(SamplerOver):
    """A sampler that uses no more than its rations. whole: requests are not cut down, because the sampler has answers
    to these very requests (a record); then the last answers may come to more than what was left."""

    def __init__(self, sampler: Sampler, rations: Rations, *, whole: bool = False) -> None:
        super().__init__(sampler)
        self._rations = rations
        self._whole = whole

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        """The other sampler's answers, with fewer samples or shorter ones where the tokens come to an end."""
        return await asyncio.gather(*(self._one(request) for request in requests))

    async def _one(self, request: SampleRequest) -> Answer:
        if self._whole:
            if not self._rations.left:
                return self._rations.spent()
            (known,) = await self._sampler.sample([request])
            self._rations.book(known)
            return known
        fitted = await self._rations.take(request)
        if fitted is None:
            return self._rations.spent()
        answer: Answer | None = None
        try:
            (answer,) = await self._sampler.sample([fitted])
            return answer
        finally:
            self._rations.settle(fitted, answer)
