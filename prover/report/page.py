"""The page: runs read from their folders, everything about them put together, and filled into the template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from prover.benchmarks.task import BenchmarkTask
from prover.evaluation.comparison import Comparison
from prover.evaluation.figures import Figures
from prover.evaluation.outcomes import TaskClass
from prover.evaluation.rates import Rate
from prover.evaluation.records import Evaluation
from prover.report import words
from prover.report.curves import Drawing, Line, draw_curves
from prover.report.details import MODES, Room, Shown, telling
from prover.report.heading import Heading, heading
from prover.report.published import Ours, Published, differences, published_on
from prover.report.rows import Rows
from prover.report.template import fill
from prover.report.trees import journal_size

PAGE = 14_000_000
"""Characters of all tasks' details together, about."""
_LEAST, _MOST = 5_000, 160_000
"""Characters of one attempt's details."""
JOURNALS = 32 << 20
"""Bytes of journals that are read for their trees, at about 4 MB a second."""
_JOURNAL = 6 << 20


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run as the template has it."""

    shown: Shown
    heading: Heading
    figures: Figures

    @property
    def wrote(self) -> str:
        """What its tasks ask for."""
        records = self.shown.evaluation.tasks
        modes = [record.task.mode for record in records if isinstance(record.task, BenchmarkTask)]
        return ", ".join(MODES[mode] for mode in dict.fromkeys(modes))

    @property
    def label(self) -> str:
        """How the page calls it."""
        return self.shown.label


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate in each run; None where a run has none."""

    label: str
    note: str
    rates: tuple[Rate | None, ...]


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """Somebody else's result beside ours."""

    theirs: Published
    differs: str


_RATE_NOTES = {
    "all": "all tasks that ran, or could not be run here",
    "supported": "without those that are unsupported or invalid",
    "supported, not verifying untouched": "nor those that verify with nothing inserted",
    "without few-shot": "all, without the tasks whose solutions the benchmark's own prompts give away",
}


def report_page(
    evaluations: Sequence[Evaluation], figures: Sequence[Figures], comparisons: Sequence[Comparison]
) -> Iterator[str]:
    """The page of one run or several, in pieces. evaluations: not empty; the first is what others are compared to.
    figures: of each. comparisons: as `against_first` makes them."""
    runs = _runs(evaluations, figures)
    one_benchmark = len({run.figures.benchmark for run in runs}) == 1
    pairs = list(zip(runs[1:], comparisons, strict=one_benchmark))
    attempts = sum(len(run.shown.evaluation.tasks) for run in runs)
    room = Room.of(max(min(PAGE // max(attempts, 1), _MOST), _LEAST))
    rows = Rows([run.shown for run in runs], [run.figures for run in runs], [pair for _, pair in pairs], room)
    yield from fill(
        title=_title(runs),
        runs=runs,
        several=len(runs) > 1,
        one_benchmark=one_benchmark,
        classes=tuple(TaskClass),
        rates=_rates(runs),
        groups=_named(runs, lambda figures: figures.groups),
        languages=_named(runs, lambda figures: figures.languages),
        curves=_curves(runs),
        pairs=pairs,
        published=_published(runs[0]) if one_benchmark else (),
        rows=rows,
        kinds=rows.kinds(),
        numbers=rows.numbers(),
        group_names=rows.groups(),
        benchmarks=len({run.figures.benchmark for run in runs}) > 1,
        share=room.source + room.proof + room.tree + room.said,
    )


def _runs(evaluations: Sequence[Evaluation], figures: Sequence[Figures]) -> tuple[RunPage, ...]:
    names = [_name(one) for one in evaluations]
    counted = Counter(names)
    runs = []
    for number, (evaluation, counts, name) in enumerate(zip(evaluations, figures, names, strict=True), 1):
        head = heading(evaluation)
        label = name if counted[name] == 1 and len(name) <= 40 else f"run {number}"
        trees = _trees(evaluation, JOURNALS // len(evaluations))
        shown = Shown(number, label, evaluation, head.policy, head.strategy, trees)
        runs.append(RunPage(shown, head, counts))
    return tuple(runs)


def _name(evaluation: Evaluation) -> str:
    return words.one_line(evaluation.path.resolve().name or str(evaluation.path), 60)


def _trees(evaluation: Evaluation, room: int) -> frozenset[tuple[str, int]]:
    """Which attempts' trees are drawn: those with the shortest journals, as many as have room together."""
    told = [attempt for record in evaluation.tasks if (attempt := telling(record.attempts)) is not None]
    sizes = [(journal_size(evaluation.attempt_folder(one)), one.id, one.attempt) for one in told]
    chosen = set()
    for size, task, number in sorted(sizes):
        room -= size
        if size > _JOURNAL or room < 0:
            break
        if size:
            chosen.add((task, number))
    return frozenset(chosen)


def _title(runs: Sequence[RunPage]) -> str:
    return " and ".join(dict.fromkeys(run.figures.benchmark or "evaluation" for run in runs))


def _rates(runs: Sequence[RunPage]) -> tuple[RateRow, ...]:
    rows = [
        RateRow(f"proved, {row.label}", _RATE_NOTES.get(row.label, ""), row.rates)
        for row in _named(runs, lambda figures: figures.rates)
    ]
    notes = dict.fromkeys(one.note for run in runs if (one := run.figures.official) and one.note)
    said = "pass the benchmark's own rule" + ("; " + "; ".join(notes) if notes else ", of all tasks")
    for row in _named(runs, lambda figures: figures.official.rates if figures.official else ()):
        rows.append(RateRow(row.label.replace("official", "official rule", 1), said, row.rates))
    return tuple(rows)


def _named(runs: Sequence[RunPage], wanted: Callable[[Figures], Sequence[Rate]]) -> tuple[RateRow, ...]:
    """Rates of one name in a row, in the order in which they come up."""
    found = [{rate.label: rate for rate in wanted(run.figures)} for run in runs]
    labels = dict.fromkeys(label for rates in found for label in rates)
    return tuple(RateRow(label, "", tuple(rates.get(label) for rates in found)) for label in labels)


def _curves(runs: Sequence[RunPage]) -> tuple[tuple[Drawing, Markup], ...]:
    """Solved tasks against seconds and against checks; in percent where the runs have different numbers of tasks."""
    percent = len({run.figures.all.n for run in runs}) > 1

    def line(run: RunPage, seconds: bool) -> Line:
        steps = run.figures.curve_seconds if seconds else run.figures.curve_checks
        scale = 100 / max(run.figures.all.n, 1) if percent else 1
        points = tuple((step.budget, step.solved * scale) for step in steps)
        return Line(run.label, points, run.heading.seconds if seconds else run.heading.checks)

    unit = "Per cent of tasks proved" if percent else "Tasks proved"
    drawn = []
    for seconds, words_ in ((True, "seconds"), (False, "checks")):
        lines = tuple(line(run, seconds) for run in runs)
        drawing = Drawing(f"{unit} within so many {words_}", f"{words_} of an attempt", lines, percent)
        drawn.append((drawing, Markup(draw_curves(drawing, f"curve-{words_}"))))
    return tuple(drawn)


def _published(run: RunPage) -> tuple[PublishedRow, ...]:
    languages = tuple(dict.fromkeys(record.task.language for record in run.shown.evaluation.tasks))
    ours = Ours(len(run.figures.tasks), run.heading.attempts, "code" in run.wrote)
    found = published_on(run.figures.benchmark, languages)
    return tuple(PublishedRow(theirs, differences(theirs, ours)) for theirs in found)
