"""What became of each task of an evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from prover.benchmarks.task import BenchmarkTask
from prover.evaluation.records import TaskRecord
from prover.languages import Language
from prover.results import AttemptJson


class TaskClass(StrEnum):
    """What became of a task. Of several attempts the first of these that any of them ended with: so a task is an
    error only if all of them were, and a known refutation is not hidden by attempts that found nothing. NOT_RUN: the
    evaluation has not come to it yet (or was interrupted)."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNKNOWN = "unknown"
    INVALID = "invalid"
    UNSUPPORTED = "unsupported"
    ERROR = "error"
    NOT_RUN = "not run"


NOT_SUPPORTED = frozenset([TaskClass.INVALID, TaskClass.UNSUPPORTED])
"""Classes of tasks that were never really tried."""


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """One task. solved: its attempts that proved it, of `attempts` that ended. official, strict: true if they are of
    any attempt, false if of none, None where the rule was never applied (official: or not to all attempts). seconds,
    checks: of the first attempt that proved it; None if none did. output: its proved file, relative to the run folder.
    reason: of its first attempt that did not prove it (or why it was never run)."""

    id: str
    language: Language
    groups: tuple[str, ...]
    result: TaskClass
    attempts: int
    solved: int
    official: bool | None
    strict: bool | None
    untouched: bool
    seconds: float | None
    checks: int | None
    output: str | None
    reason: str


def class_of(record: TaskRecord) -> TaskClass:
    """What became of a task, by the precedence that `TaskClass` has. A task that could not be posed has the class of
    its own status, whether it was put on record as an attempt or not."""
    ended = {attempt.status for attempt in record.attempts}
    if not ended and not isinstance(record.task, BenchmarkTask):
        return TaskClass(record.task.status)
    return next((kind for kind in TaskClass if kind.value in ended), TaskClass.NOT_RUN)


def task_figures(record: TaskRecord) -> TaskFigures:
    """What became of a task, with what that cost."""
    task, attempts = record.task, record.attempts
    first = next((attempt for attempt in attempts if proved(attempt)), None)
    failed = next((attempt for attempt in attempts if not proved(attempt)), None)
    reason = failed.reason if failed else "" if isinstance(task, BenchmarkTask) else task.reason
    return TaskFigures(
        id=task.id,
        language=task.language,
        groups=task.groups,
        result=class_of(record),
        attempts=len(attempts),
        solved=sum(map(proved, attempts)),
        official=_official_word(attempts),
        strict=_any(attempt.strict for attempt in attempts),
        untouched=any(attempt.untouched for attempt in attempts),
        seconds=first.seconds if first else None,
        checks=first.checks if first else None,
        output=first.output if first else None,
        reason=reason,
    )


def contradictory(records: Iterable[TaskRecord]) -> tuple[str, ...]:
    """Tasks of which one attempt was proved and another refuted: an error of ours."""
    return tuple(r.id for r in records if {"proved", "refuted"} <= {a.status for a in r.attempts})


def proved(attempt: AttemptJson) -> bool:
    """Whether an attempt was a proof, by our gate."""
    return attempt.status == TaskClass.PROVED.value


def _official_word(attempts: Sequence[AttemptJson]) -> bool | None:
    """The official rule's word on a task: not that it failed, where an attempt might have passed if the pinned
    verifier were here."""
    word = _any(attempt.official for attempt in attempts)
    silent = any(attempt.official is None and attempt.official_reason for attempt in attempts)
    return None if word is False and silent else word


def _any(words: Iterable[bool | None]) -> bool | None:
    said = [word for word in words if word is not None]
    return any(said) if said else None
