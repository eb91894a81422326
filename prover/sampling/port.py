"""What is asked of a language model, and what it answers: the port that every back end implements.

Nothing here knows of proofs: what a prompt says is `prover.prompts`' matter, what an answer means `prover.answers`'."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

from sandbox.missing import Missing


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is shown: the turns of a chat, or text to go on with as it is (`raw`, for models without a chat
    template and for completion formats). Exactly one of them is given; the last turn may be the assistant's: then it
    is gone on with."""

    messages: tuple[Message, ...] = ()
    raw: str | None = None

    def __post_init__(self) -> None:
        if bool(self.messages) == (self.raw is not None):
            raise ValueError("a prompt is either messages or raw text")


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """n samples of one prompt. max_tokens: new tokens at most, each. temperature: 0 is greedy. top_p: mass kept. stop:
    the text ends before the first of these. seed: equal requests with equal seeds give equal samples, where the back
    end can promise that. task: who is charged."""

    prompt: Prompt
    n: int = 1
    max_tokens: int = 1024
    temperature: float = 0.8
    top_p: float = 0.95
    stop: tuple[str, ...] = ()
    seed: int = 0
    task: str = ""

    def __post_init__(self) -> None:
        if self.n < 1 or self.max_tokens < 1:
            raise ValueError("a request asks for at least one sample of at least one token")


def sample_seed(seed: int, index: int) -> int:
    """The seed of one sample of a request: that of the request for the first, 31 bits of a hash for the others. So any
    sample can be had again alone, by a request with n = 1 and this seed, and neighbouring seeds have nothing in
    common. 31 bits: what every server takes."""
    if index == 0:
        return seed
    digest = hashlib.blake2b(f"{seed}:{index}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 33


def answer_share(tokens: int, window: int | None) -> int:
    """What an answer may take where `tokens` are wished for: at most half of the model's window, or no prompt fits."""
    return tokens if window is None else min(tokens, max(window // 2, 1))


class Finish(StrEnum):
    """Why a sample ended."""

    STOP = "stop"
    """The model's own end, or a stop sequence."""
    LENGTH = "length"
    """At `max_tokens`, or at the end of the model's window: the text is cut off."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer. tokens: sampled, the end token included. logprob: natural log of its probability under the model at
    temperature 1 and without top-p, summed over those tokens; None where the back end does not tell. seed: see
    `sample_seed`."""

    text: str
    tokens: int
    finish: Finish
    logprob: float | None = None
    seed: int = 0

    @property
    def mean_logprob(self) -> float | None:
        """Length-normalised: per token (BFS-Prover ranks by it)."""
        return None if self.logprob is None else self.logprob / max(self.tokens, 1)


@dataclass(frozen=True, slots=True)
class Samples:
    """The answers to one request. prompt_tokens: of the prompt, counted once. cached_tokens: of these, how many the
    back end need not compute again. cost_usd: None where no price is known."""

    samples: tuple[Sample, ...]
    prompt_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: float | None = None

    @property
    def tokens(self) -> int:
        """Sampled tokens."""
        return sum(s.tokens for s in self.samples)


@dataclass(frozen=True, slots=True)
class SamplingFailed:
    """Why a request has no answer, in one sentence with the next step. final: the same request would fail again (a
    prompt longer than the window, a key that is refused); otherwise the back end has tried as often as it may. spent:
    nothing is wrong but that the asker's budget is spent."""

    reason: str
    final: bool = False
    spent: bool = False


Answer = Samples | SamplingFailed


class Sampler(Protocol):
    """A language model. Calls may be concurrent; a cancelled call stops its sampling as soon as the back end can."""

    @property
    def name(self) -> str:
        """As in `--policy`: `hf:...`, `openai:...`."""
        ...

    @property
    def window(self) -> int | None:
        """Tokens of prompt and answer together at most; None where unknown."""
        ...

    def count(self, prompt: Prompt) -> int:
        """Tokens of a prompt as this model counts them (an estimate from above where the tokenizer is not at hand)."""
        ...

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        """An answer for each request, in order. Never raises for what the model or its server does."""
        ...

    async def close(self) -> None:
        """Free the model, or the connections to it."""
        ...


@runtime_checkable
class Remote(Protocol):
    """A sampler whose model is elsewhere, and may not be there at all."""

    async def absent(self, seconds: float) -> Missing | None:
        """Why every request would fail (nobody answers, the key is refused, there is no such model), with the next
        step. None where that is not certain within so many seconds: a server may be slow, or busy."""
        ...

    @property
    def hindrance(self) -> str:
        """Why the latest request had to be tried again, or has no answer yet; empty where one was answered since."""
        ...

    @property
    def away(self) -> str:
        """Why it answers nobody at present, with the next step; empty where it answered last, was not asked, is only
        slow, or refused what it was asked."""
        ...
