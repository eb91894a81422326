"""What a run of an evaluation is to do, and what comes of one attempt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.results import AttemptJson
from prover.settings import Settings


@dataclass(frozen=True, slots=True)
class Terms:
    """What all attempts of a run have in common. settings: policy, strategy, budgets and the rest; its seed is that of
    the first attempts, and its workers are those of one attempt."""

    benchmark: str
    settings: Settings

    def seed(self, attempt: int) -> int:
        """The seed of a task's attempt (from 1)."""
        return (self.settings.seed + attempt - 1) % 2**63


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt at one task, numbered from 1. answer: somebody's text for it, which is judged in place of a
    search. said: what the model said from which that was read; None where it came as a file."""

    task: BenchmarkTask
    attempt: int
    answer: str | None = None
    said: str | None = None

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from all others of a run."""
        return (self.task.id, self.attempt)


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt that has ended. line: as results have it, but for the paths of its files. text: of its file. kind:
    what that is (`answer`: one that was given and is no proof); None for no file. trace: of an error of ours."""

    line: AttemptJson
    text: str | None = None
    kind: Literal["proved", "partial", "answer"] | None = None
    trace: str = ""


def attempts_of(tasks: Sequence[BenchmarkTask | NotLoaded], attempts: int) -> Iterator[Job]:
    """The attempts in the order in which they are made: every task once, then every task again, so that a run that is
    ended early has seen all tasks. What was not loaded is no attempt."""
    for attempt in range(1, attempts + 1):
        for task in tasks:
            if isinstance(task, BenchmarkTask):
                yield Job(task, attempt)
