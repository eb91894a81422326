"""What the benchmark's own rule says of an evaluation, counted as the benchmark counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from prover.benchmarks.benchmark import Counting
from prover.benchmarks.task import BenchmarkTask
from prover.evaluation.outcomes import TaskClass, TaskFigures
from prover.evaluation.rates import PassAtK, Rate, pass_at_ks, rate_of
from prover.evaluation.reasons import ReasonCount, counted_reasons
from prover.evaluation.records import TaskRecord
from prover.results import ObjectionJson

LABEL = "official"
"""Of the rate of all tasks that the benchmark counts; of a language's it is followed by that."""
_FILELESS = frozenset([TaskClass.REFUTED, TaskClass.NOT_RUN])
_COUNTING = TypeAdapter(Counting)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A task about which the official and the strict rule differ: the first attempt that one of them let pass, with
    the gate's objections and the official reason."""

    id: str
    attempt: int
    objections: tuple[ObjectionJson, ...]
    official_reason: str


@dataclass(frozen=True, slots=True)
class OfficialFigures:
    """Tasks by the word of the benchmark's own rule, of those that it counts; `unknown` is those that ran and on which
    it has not spoken, late: those of the failed ones that only its time limit failed. rate: of all that it counts; None
    where it has not spoken on a finished file (the pinned verifier is another one), and where the benchmark counts
    languages apart and there are several. rates: those that can be held against others' figures, of each language where
    they are counted apart. left_out: tasks that it does not count. counting: how it counts; None where that is not
    known, and then all tasks are. whole: the tasks are as many as its own figures are of, and of that kind. note: of
    what its own figures are, in words. pass_at_k: where there is a rate. not_strict, strict_only: of all tasks.
    """

    passed: int
    failed: int
    unknown: int
    rate: Rate | None
    not_strict: tuple[Disagreement, ...]
    strict_only: tuple[Disagreement, ...]
    unknown_reasons: tuple[ReasonCount, ...]
    late: int = 0
    rates: tuple[Rate, ...] = ()
    left_out: tuple[str, ...] = ()
    counting: Counting | None = None
    whole: bool = False
    note: str = ""
    pass_at_k: tuple[PassAtK, ...] = ()


def official_figures(
    header: Mapping[str, Any], records: Sequence[TaskRecord], tasks: Sequence[TaskFigures], ran: Sequence[TaskFigures]
) -> OfficialFigures | None:
    """None where no rule was applied. header: of `run.json`. tasks: what became of each record; ran: those that rates
    are of."""
    if not any(a.official is not None or a.official_reason for record in records for a in record.attempts):
        return None
    counting = _counting_of(header)
    leaves_out = frozenset(counting.left_out if counting else ())
    counted = [task for task in ran if not leaves_out & set(task.groups)]
    names = {task.id for task in counted}
    silent = {
        record.id: attempt.official_reason
        for record, task in zip(records, tasks, strict=True)
        if task.official is None and record.id in names
        for attempt in [a for a in record.attempts if a.official is None and a.official_reason][:1]
    }
    late = {record.id for record in records if any(attempt.official_timed_out for attempt in record.attempts)}
    # Without a file, whoever judges it has nothing to pass: a task that was refuted, or that nobody answered.
    fileless = {task for task in counted if task.official is None and task.result in _FILELESS}

    def rate(label: str, those: Sequence[TaskFigures]) -> Rate | None:
        if any(task.id in silent for task in those):
            return None
        return rate_of(label, (task.official is True for task in those))

    languages = dict.fromkeys(task.language for task in counted)
    apart = counting is not None and counting.by_language and len(languages) > 1
    whole = None if apart else rate(LABEL, counted)
    rates = [rate(f"{LABEL}, {one.capitalize()}", [t for t in counted if t.language == one]) for one in languages]
    sizes = [sum(task.language == one for task in counted) for one in languages] if apart else [len(counted)]
    passed = {record.id: sum(attempt.official is True for attempt in record.attempts) for record in records}
    modes = {record.task.mode for record in records if isinstance(record.task, BenchmarkTask)}
    return OfficialFigures(
        passed=sum(task.official is True for task in counted),
        failed=sum(task.official is False or task in fileless for task in counted),
        unknown=sum(task.official is None and task not in fileless for task in counted),
        rate=whole,
        not_strict=_disagreements(records, tasks, official=True),
        strict_only=_disagreements(records, tasks, official=False),
        unknown_reasons=counted_reasons(silent.items()),
        late=sum(task.official is False and task.id in late for task in counted),
        rates=tuple(one for one in (rates if apart else [whole]) if one is not None),
        left_out=tuple(task.id for task in ran if task.id not in names),
        counting=counting,
        whole=counting is not None and modes <= set(counting.modes) and all(n == counting.tasks for n in sizes),
        note=_note(counting, modes, sizes) if counting is not None else "",
        pass_at_k=pass_at_ks(counted, passed) if whole is not None else (),
    )


def _counting_of(header: Mapping[str, Any]) -> Counting | None:
    """How the benchmark counts, as the header has it; None where it does not say that, or cannot be read."""
    official = header.get("official")
    told = official.get("counting") if isinstance(official, Mapping) else None
    try:
        return _COUNTING.validate_python(told) if told is not None else None
    except ValidationError:
        return None


def _note(counting: Counting, modes: Iterable[str], sizes: Sequence[int]) -> str:
    told = f"the benchmark's own figures are of {counting.told}"
    if not set(modes) <= set(counting.modes):
        return f"{told}; it has none of tasks like these"
    if any(size != counting.tasks for size in sizes):
        return f"{told}; here they are of {' and '.join(map(str, sizes))}"
    return told


def _disagreements(
    records: Sequence[TaskRecord], tasks: Sequence[TaskFigures], *, official: bool
) -> tuple[Disagreement, ...]:
    """Tasks with an attempt that one rule lets pass and the other turns down, and none that the other lets pass."""
    other: Callable[[TaskFigures], bool | None] = (lambda task: task.strict) if official else (lambda t: t.official)
    found = []
    for record, task in zip(records, tasks, strict=True):
        ruled = next((a for a in record.attempts if a.official is official and a.strict is (not official)), None)
        if ruled is not None and other(task) is not True:
            found.append(Disagreement(task.id, ruled.attempt, tuple(ruled.objections), ruled.official_reason))
    return tuple(found)
