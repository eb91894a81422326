"""A sampler over a server: how many calls at a time, when to try again, and asking on for what is missing."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from prover.sampling.plain import estimated_tokens
from prover.sampling.port import Answer, Prompt, Sample, SampleRequest, Samples, SamplingFailed, sample_seed
from prover.sampling.served.attempt import Attempt
from prover.sampling.served.probing import look
from prover.sampling.served.reading import Response
from prover.sampling.served.retrying import Retries, Trouble, failed
from sandbox.missing import Missing


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens: of prompts, of answers, and of prompts that the server had cached."""

    prompt: float
    answer: float
    cached: float | None = None

    def of(self, response: Response) -> float:
        """Dollars of one call."""
        cached = self.prompt if self.cached is None else self.cached
        fresh = max(response.prompt_tokens - response.cached_tokens, 0)
        dollars = fresh * self.prompt + response.cached_tokens * cached + response.tokens * self.answer
        return dollars / 1e6


@dataclass(frozen=True, slots=True)
class Outside:
    """Time and chance, passed in. now: monotonic seconds; wall: seconds since 1970; chance: in [0, 1)."""

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


class ServedSampler:
    """A `Sampler` over one model of an OpenAI-compatible server.

    Seeds are passed on; whether equal ones give equal samples is the server's matter. Parameters that the server
    refuses (log-probabilities, seeds, ...) are left out from then on, and a server that ignores `n` is asked once for
    each sample. running: calls at a time."""

    def __init__(
        self,
        name: str,
        client: Any,
        attempt: Attempt,
        *,
        url: str,
        window: int | None = None,
        price: Price | None = None,
        running: int = 16,
        retries: Retries | None = None,
        outside: Outside | None = None,
    ) -> None:
        self._name = name
        self._client = client
        self._attempt = attempt
        self._url = url
        self._advice = f"look at the server {url}, the model's name and the key (OPENAI_BASE_URL, OPENAI_API_KEY)"
        self._window = window
        self._price = price
        self._retries = retries or Retries()
        self._outside = outside or Outside()
        self._slots = asyncio.Semaphore(running)
        self._without: frozenset[str] = frozenset()
        self._single = False
        self._not_before = 0.0
        self._looking: asyncio.Task[Missing | None] | None = None
        self._slow = ""
        self._trouble: Trouble | None = None

    @property
    def name(self) -> str:
        """`openai:` and the model's name."""
        return self._name

    @property
    def window(self) -> int | None:
        """As was set; servers do not tell in a common way."""
        return self._window

    def count(self, prompt: Prompt) -> int:
        """An estimate from above: the server has the tokenizer."""
        return estimated_tokens(prompt)

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        """An answer for each request, in order; a cancelled call closes its connections."""
        return await asyncio.gather(*(self._one(request) for request in requests))

    async def absent(self, seconds: float) -> Missing | None:
        """As in `prover.sampling.port.Remote`. The question is not taken back when the time is over: some servers load
        the model for it, and would begin again."""
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look())
        done, _ = await asyncio.wait([self._looking], timeout=seconds)
        if done:
            return self._looking.result()
        self._slow = f"no answer within {seconds:g} s"
        return None

    @property
    def hindrance(self) -> str:
        """As in `prover.sampling.port.Remote`."""
        return self._trouble.reason if self._trouble is not None else self._slow

    @property
    def away(self) -> str:
        """As in `prover.sampling.port.Remote`."""
        if self._trouble is None or self._trouble.unfit:
            return ""
        return f"{self._name}: {self._trouble.reason}; {self._advice}"

    async def _look(self) -> Missing | None:
        found = await look(self._attempt, self._url)
        self._slow, self._trouble = "", found if isinstance(found, Trouble) else None
        return found if isinstance(found, Missing) else None

    async def close(self) -> None:
        """Close the connections."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        with contextlib.suppress(Exception):
            await self._client.close()

    async def _one(self, request: SampleRequest) -> Answer:
        responses: list[Response] = []
        got = 0
        if not self._single or request.n == 1:
            first = await self._call(request, request.n, request.seed)
            if isinstance(first, SamplingFailed):
                return first
            responses.append(first)
            got = len(first.choices)
            self._single = self._single or got < request.n
        rest = await asyncio.gather(
            *(self._call(request, 1, sample_seed(request.seed, i)) for i in range(got, request.n))
        )
        for response in rest:
            if isinstance(response, SamplingFailed):
                return response
            responses.append(response)
        return self._samples(request, responses)

    def _samples(self, request: SampleRequest, responses: Sequence[Response]) -> Samples:
        samples: list[Sample] = []
        for response in responses:
            for choice, tokens in zip(response.choices, response.shares(), strict=True):
                seed = sample_seed(request.seed, len(samples))
                samples.append(Sample(choice.text, tokens, choice.finish, choice.logprob, seed))
        cost = sum(self._price.of(r) for r in responses) if self._price else None
        # Of the first call: asking on for samples that a server left out shows it the same prompt again.
        return Samples(tuple(samples), responses[0].prompt_tokens, responses[0].cached_tokens, cost)

    async def _call(self, request: SampleRequest, n: int, seed: int) -> Response | SamplingFailed:
        """One call that is tried until it passes, may not pass, or has been tried often enough."""
        tried = 0
        while True:
            await self._allowed()
            async with self._slots:
                without = self._without
                came = await self._attempt(request, n, seed, without)
            if isinstance(came, Response):
                self._slow, self._trouble = "", None
                return came
            self._trouble = came
            if came.refused is not None and came.refused not in without:
                # Another call may have learnt the same meanwhile; this one is then simply sent again.
                self._without |= {came.refused}
                continue
            tried += 1
            if not came.again or tried >= self._retries.attempts or self._too_long(came):
                return failed(replace(came, reason=f"{self._name}: {came.reason}"), tried, self._advice)
            if came.after is not None:
                self._not_before = max(self._not_before, self._outside.now() + came.after)
            await self._outside.sleep(self._retries.pause(tried - 1, self._outside.chance()))

    def _too_long(self, trouble: Trouble) -> bool:
        return trouble.after is not None and trouble.after > self._retries.patience

    async def _allowed(self) -> None:
        """Wait as long as the server asked all of us to."""
        while (left := self._not_before - self._outside.now()) > 0:
            await self._outside.sleep(left)
