"""The table of tasks: each task of any run in one row, with what every run made of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prover.evaluation.comparison import Comparison
from prover.evaluation.figures import Figures
from prover.evaluation.outcomes import TaskClass, TaskFigures
from prover.evaluation.records import TaskRecord
from prover.report.details import NAME, Room, Shown, TaskDetail, task_detail
from prover.report.words import one_line

_REASON = 110


@dataclass(frozen=True, slots=True)
class Cell:
    """What a run made of a task. figures: None where it does not have the task. seconds, checks, tokens: of all
    attempts together."""

    figures: TaskFigures | None
    seconds: float = 0.0
    checks: int = 0
    tokens: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A task's row. number: from 1, in the order of the runs. kinds: what the filter knows it by. detail: opens below
    it."""

    number: int
    name: str
    benchmark: str
    language: str
    groups: tuple[str, ...]
    cells: tuple[Cell, ...]
    kinds: tuple[str, ...]
    detail: TaskDetail


@dataclass(frozen=True, slots=True)
class Kind:
    """A choice of the filter. name: in `Row.kinds`."""

    name: str
    words: str


class Rows:
    """The rows of some runs, made one by one when they are asked for: a page has hundreds, with everything in them."""

    def __init__(
        self, runs: Sequence[Shown], figures: Sequence[Figures], compared: Sequence[Comparison], room: Room
    ) -> None:
        self._runs = runs
        self._room = room
        self._figures: list[dict[str, TaskFigures]] = [{one.id: one for one in each.tasks} for each in figures]
        self._records: list[dict[str, TaskRecord]] = [
            {record.id: record for record in run.evaluation.tasks} for run in runs
        ]
        self._won = {name for each in compared for name in each.won}
        self._lost = {name for each in compared for name in each.lost}
        # Tasks of different benchmarks that happen to have one name are different tasks.
        keys = ((run.evaluation.benchmark, record.id) for run in runs for record in run.evaluation.tasks)
        self._keys = tuple(dict.fromkeys(keys))

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Row]:
        for number, (benchmark, name) in enumerate(self._keys, 1):
            yield self._row(number, benchmark, name)

    def numbers(self) -> dict[str, int]:
        """The rows of tasks by name; of one benchmark."""
        return {name: number for number, (_, name) in enumerate(self._keys, 1)}

    def kinds(self) -> tuple[Kind, ...]:
        """The choices of the filter that some task meets."""
        several, found = len(self._runs) > 1, []
        for place, known in enumerate(self._figures):
            results = {one.result for one in known.values()}
            label = f"{self._runs[place].label}: " if several else ""
            found += [Kind(_kind(place, kind), f"{label}{kind}") for kind in TaskClass if kind in results]
        if self._won or self._lost:
            found += [Kind("won", "won by a later run"), Kind("lost", "lost by a later run")]
        if any(_disagree(one) for known in self._figures for one in known.values()):
            found.append(Kind("rules", "official and strict rule differ"))
        if any(one.untouched for known in self._figures for one in known.values()):
            found.append(Kind("untouched", "verify untouched"))
        return tuple(found)

    def groups(self) -> tuple[str, ...]:
        """All groups, in the order in which they come up."""
        known = (record.task.groups for records in self._records for record in records.values())
        return tuple(dict.fromkeys(one_line(name, NAME) for names in known for name in names))

    def _row(self, number: int, benchmark: str, name: str) -> Row:
        mine = [run.evaluation.benchmark == benchmark for run in self._runs]
        found = [
            (run, records[name])
            for run, records, here in zip(self._runs, self._records, mine, strict=True)
            if here and name in records
        ]
        cells = tuple(
            _cell(known.get(name) if here else None, records.get(name) if here else None)
            for known, records, here in zip(self._figures, self._records, mine, strict=True)
        )
        task = found[0][1].task
        return Row(
            number=number,
            name=one_line(name, NAME) or "(no name)",
            benchmark=one_line(benchmark, NAME),
            language=task.language,
            groups=tuple(one_line(group, NAME) for group in task.groups),
            cells=cells,
            kinds=tuple(self._kinds(name, cells)),
            detail=task_detail(found, self._room),
        )

    def _kinds(self, name: str, cells: Sequence[Cell]) -> Iterator[str]:
        known: Mapping[int, TaskFigures] = {
            place: cell.figures for place, cell in enumerate(cells) if cell.figures is not None
        }
        yield from (_kind(place, one.result) for place, one in known.items())
        if name in self._won:
            yield "won"
        if name in self._lost:
            yield "lost"
        if any(map(_disagree, known.values())):
            yield "rules"
        if any(one.untouched for one in known.values()):
            yield "untouched"


def _cell(figures: TaskFigures | None, record: TaskRecord | None) -> Cell:
    if figures is None or record is None:
        return Cell(None)
    reason = "" if figures.result is TaskClass.PROVED else figures.reason
    return Cell(
        figures,
        math.fsum(attempt.seconds for attempt in record.attempts),
        sum(attempt.checks for attempt in record.attempts),
        sum(attempt.tokens for attempt in record.attempts),
        one_line(reason, _REASON),
    )


def _disagree(one: TaskFigures) -> bool:
    return one.official is not None and one.strict is not None and one.official is not one.strict


def _kind(place: int, kind: TaskClass) -> str:
    return f"{place + 1}-{kind.value.replace(' ', '-')}"
