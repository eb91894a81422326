"""Two evaluations, or more, on the tasks that they have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from prover.benchmarks.task import BenchmarkTask
from prover.evaluation.differing import Differing, differing
from prover.evaluation.figures import FINISHED
from prover.evaluation.outcomes import NOT_SUPPORTED, TaskClass, class_of
from prover.evaluation.records import Evaluation, TaskRecord
from prover.evaluation.statistics import Interval, Pairs, bootstrap_mean, paired_difference, sign_test


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A task that cannot be compared, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One evaluation (second) seen from another (first).

    won: tasks that only the second solves, by any of its attempts; lost: that only the first does; both, neither.
    p_value: of the exact McNemar test on won and lost. rates: shares of the tasks in common that each solves.
    difference: second - first, of the chance that one attempt solves a task, with its interval (Newcombe's; with
    several attempts the bootstrap over tasks). attempts: the most that a common task has, of each: with different
    numbers won, lost and the test favour the one that tried more often. left_out: tasks of either that are not
    compared. differing: what else they had differently, as far as their headers tell.
    """

    first: str
    second: str
    won: tuple[str, ...]
    lost: tuple[str, ...]
    both: tuple[str, ...]
    neither: tuple[str, ...]
    p_value: float
    rates: tuple[float, float] | None
    difference: float | None
    interval: Interval
    attempts: tuple[int, int]
    left_out: tuple[LeftOut, ...]
    differing: tuple[Differing, ...] = ()

    @property
    def n(self) -> int:
        """Tasks compared."""
        return len(self.won) + len(self.lost) + len(self.both) + len(self.neither)

    @property
    def fair(self) -> bool:
        """Whether both had the same number of attempts."""
        return self.attempts[0] == self.attempts[1]


def compare(first: Evaluation, second: Evaluation) -> Comparison:
    """Compare two evaluations on the tasks that both tried, and whose text is the same in both. What one of them could
    not pose (it lacked Mathlib, say) tells nothing about which proves more; it is left out and told."""
    left, right = ({record.id: record for record in evaluation.tasks} for evaluation in (first, second))
    unfinished = tuple(one.header.get("state") != FINISHED for one in (first, second))
    common: list[tuple[TaskRecord, TaskRecord]] = []
    left_out: list[LeftOut] = []
    for name in [*left, *(name for name in right if name not in left)]:
        why = _obstacle(left.get(name), right.get(name), unfinished)
        if why:
            left_out.append(LeftOut(name, why))
        else:
            common.append((left[name], right[name]))
    by_outcome: dict[tuple[bool, bool], list[str]] = {}
    for one, two in common:
        by_outcome.setdefault((_solved(one), _solved(two)), []).append(one.id)
    both, lost, won, neither = (
        tuple(by_outcome.get(key, ())) for key in ((True, True), (True, False), (False, True), (False, False))
    )
    n = len(common)
    gains = [_share(two) - _share(one) for one, two in common]
    attempts = (
        max((len(one.attempts) for one, _ in common), default=0),
        max((len(two.attempts) for _, two in common), default=0),
    )
    if max(attempts) <= 1 or not gains:
        interval = paired_difference(Pairs(len(both), len(won), len(lost), len(neither)))
    else:
        interval = bootstrap_mean(gains, least=-1.0)
    return Comparison(
        first=_name(first),
        second=_name(second),
        won=won,
        lost=lost,
        both=both,
        neither=neither,
        p_value=sign_test(len(won), len(lost)),
        rates=((len(both) + len(lost)) / n, (len(both) + len(won)) / n) if n else None,
        difference=math.fsum(gains) / n if n else None,
        interval=interval,
        attempts=attempts,
        left_out=tuple(left_out),
        differing=differing(first, second),
    )


def against_first(evaluations: Sequence[Evaluation]) -> tuple[Comparison, ...]:
    """Each later one seen from the first; none where they are of different benchmarks. No correction is made for how
    many comparisons that are."""
    if len({one.benchmark for one in evaluations}) != 1:
        return ()
    return tuple(compare(evaluations[0], one) for one in evaluations[1:])


def _obstacle(one: TaskRecord | None, two: TaskRecord | None, unfinished: tuple[bool, ...]) -> str:
    """Why a task is not compared; empty where it is. One that a finished evaluation has no attempt at (no answer was
    given for it) is not solved there, as in its rates: else whoever answers easy tasks alone would look better."""
    if one is None or two is None:
        return "only the second has it" if one is None else "only the first has it"
    if _source(one) is not None and _source(two) is not None and _source(one) != _source(two):
        return "its text differs"
    for kind in (TaskClass.NOT_RUN, *sorted(NOT_SUPPORTED)):
        where = [
            name
            for name, record, going_on in zip(("first", "second"), (one, two), unfinished, strict=True)
            if class_of(record) is kind and (going_on or kind is not TaskClass.NOT_RUN)
        ]
        if where:
            return f"{kind} in the {' and the '.join(where)}"
    return ""


def _source(record: TaskRecord) -> str | None:
    return record.task.source if isinstance(record.task, BenchmarkTask) else None


def _solved(record: TaskRecord) -> bool:
    return class_of(record) is TaskClass.PROVED


def _share(record: TaskRecord) -> float:
    """The share of its attempts that proved it: the chance of one."""
    if not record.attempts:
        return 0.0
    return sum(attempt.status == TaskClass.PROVED.value for attempt in record.attempts) / len(record.attempts)


def _name(evaluation: Evaluation) -> str:
    return evaluation.path.name or str(evaluation.path)
