"""Rates: how many of how many tasks, and by how many attempts, with their intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from prover.evaluation.outcomes import NOT_SUPPORTED, TaskClass, TaskFigures
from prover.evaluation.statistics import Estimate, Interval, mean_pass_at_k, wilson

_EVERY_K = 8
"""Up to so many attempts pass@k is given for each k; above, for powers of two and the last."""


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


@dataclass(frozen=True, slots=True)
class PassAtK:
    """The unbiased pass@k over tasks, and over how many of them it could be estimated."""

    k: int
    estimate: Estimate


def pass_at_ks(counted: Sequence[TaskFigures], passed: Mapping[str, int]) -> tuple[PassAtK, ...]:
    """For each k up to the most attempts that a task has. passed: by task, how many of its attempts did."""
    most = max((task.attempts for task in counted), default=0)
    # What cannot be posed, or was not answered, fails however often it is tried.
    hopeless = {*NOT_SUPPORTED, TaskClass.NOT_RUN}
    counts = [(most, 0) if task.result in hopeless else (task.attempts, passed[task.id]) for task in counted]
    ks = [k for k in range(1, most + 1) if most <= _EVERY_K or k == most or k & (k - 1) == 0]
    estimates = [(k, mean_pass_at_k(counts, k)) for k in ks]
    return tuple(PassAtK(k, estimate) for k, estimate in estimates if estimate is not None)
