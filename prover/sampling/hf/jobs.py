"""What the engine is asked, and where an answer goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from prover.sampling.hf.prefixes import Prefilled
from prover.sampling.port import Answer, Sample, SampleRequest, Samples, sample_seed


@dataclass(eq=False)
class Job:
    """One request on its way. deliver: called once, on the engine's thread. cancelled: set from any thread. started:
    how many of its samples have a row already. room: new tokens that fit into the window."""

    request: SampleRequest
    ids: list[int]
    room: int
    deliver: Callable[[Answer], None]
    cancelled: bool = False
    started: int = 0
    prefilled: Prefilled | None = None
    cached: int | None = None
    done: dict[int, Sample] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """Samples without a row yet."""
        return self.request.n - self.started

    @property
    def most(self) -> int:
        """Tokens that a sample may have."""
        return min(self.request.max_tokens, self.room)

    @property
    def longest(self) -> int:
        """Tokens that a row may come to, prompt included."""
        return len(self.ids) + self.most

    @property
    def complete(self) -> bool:
        """All samples are there."""
        return len(self.done) == self.request.n

    def answer(self) -> Samples:
        """All samples, in order."""
        samples = tuple(self.done[i] for i in range(self.request.n))
        return Samples(samples, len(self.ids), self.cached or 0)

    def again(self) -> None:
        """Forget what was sampled: the seeds give the same once more."""
        self.started, self.prefilled = 0, None
        self.done.clear()


@dataclass(eq=False)
class Row:
    """One sample on its way. ids: sampled so far, the end token included."""

    job: Job
    index: int
    ids: list[int] = field(default_factory=list)
    logprob: float = 0.0

    @property
    def seed(self) -> int:
        """As recorded with the sample."""
        return sample_seed(self.job.request.seed, self.index)
