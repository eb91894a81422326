"""A rate: how many of how many tasks, with its interval."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prover.evaluation.statistics import Interval, wilson


@dataclass(frozen=True, slots=True)
class Rate:
    """Solved tasks among n, with Wilson's interval. value: None where n is 0."""

    label: str
    solved: int
    n: int
    interval: Interval

    @property
    def value(self) -> float | None:
        """The share."""
        return self.solved / self.n if self.n else None


def rate_of(label: str, solved: Iterable[bool]) -> Rate:
    """The rate of tasks of which each is solved or not."""
    judged = list(solved)
    return Rate(label, sum(judged), len(judged), wilson(sum(judged), len(judged)))
