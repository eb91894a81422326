"""What `prover eval` says at its end: a table for people, one JSON object for scripts, both from the same figures."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence

from pydantic import Field
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from prover.console import duration, noun, one_line
from prover.contract import SCHEMA_VERSION, Contract
from prover.evaluation.figures import Figures
from prover.evaluation.official_figures import Disagreement, OfficialFigures
from prover.evaluation.outcomes import TaskClass
from prover.evaluation.rates import PassAtK, Rate
from prover.evaluation.reasons import ReasonCount
from prover.evaluation.statistics import Interval
from prover.results import ObjectionJson

_MOST_GROUPS = 20
_MOST_NAMES = 8
_MOST_REASONS = 5
"""Shown on the console; the JSON object and the report have all of them."""


# ------------------------------------------------------------------------------------------------------- JSON contract


class RateJson(Contract):
    """solved of n tasks; rate: null where n is 0; low, high: Wilson's 95% interval."""

    label: str
    solved: int
    n: int
    rate: float | None
    low: float
    high: float


class PassJson(Contract):
    """The unbiased pass@k over n tasks, with its 95% interval."""

    k: int
    value: float
    n: int
    low: float
    high: float


class DisagreementJson(Contract):
    """A task that one rule lets pass and the other does not."""

    id: str
    attempt: int
    objections: list[ObjectionJson]
    official_reason: str


class ReasonJson(Contract):
    """A reason without names and numbers, how many tasks have it, one of them as it is, and which tasks."""

    reason: str
    count: int
    example: str
    tasks: list[str]


class CountingJson(Contract):
    """Which tasks the benchmark's own figures are of: how many (in each language, if by_language), without which
    groups, of which modes; told: in words."""

    tasks: int
    modes: list[str]
    told: str
    left_out: list[str]
    by_language: bool


class OfficialJson(Contract):
    """Tasks by the benchmark's own rule, of those that it counts; unknown: that it did not judge (another verifier is
    pinned, say); timed_out: those of the failed ones that only its time limit failed. rate: of all that it counts;
    rates: those that can be held against others' figures (of each language, where the benchmark counts them apart; then
    rate is null). left_out: tasks that it does not count; counting: how it counts, null where that is not known. whole:
    whether these are as many tasks as its own figures are of, and of that kind; note: all of this in words.
    pass_at_k: where there is a rate, which is of tasks that any of their attempts passed."""

    passed: int
    failed: int
    unknown: int
    rate: RateJson | None
    timed_out: int = 0
    rates: list[RateJson] = Field(default_factory=list)
    left_out: list[str] = Field(default_factory=list)
    counting: CountingJson | None = None
    whole: bool = False
    note: str = ""
    pass_at_k: list[PassJson] = Field(default_factory=list)
    not_strict: list[DisagreementJson]
    strict_only: list[DisagreementJson]
    unknown_reasons: list[ReasonJson]


class TotalsJson(Contract):
    """Sums over all attempts. cost_usd: null where no cost is known; unpriced: attempts with a model and no cost."""

    attempts: int = 0
    seconds: float = 0.0
    checks: int = 0
    tokens: int = 0
    cost_usd: float | None = None
    unpriced: int = 0


class EvalJson(Contract):
    """What `prover eval --json` prints. counts: tasks by class (`not run` while unfinished). rates: over all tasks that
    ran, over the supported ones, over those of them that did not verify as they were, and so on, as their labels say.
    official: null where the benchmark has no rule of its own. medians: of the solved tasks' first successful attempts.
    reason: why there is no result."""

    schema_version: int = SCHEMA_VERSION
    benchmark: str
    run: str | None = None
    finished: bool = False
    tasks: int = 0
    counts: dict[str, int] = Field(default_factory=dict)
    rates: list[RateJson] = Field(default_factory=list)
    groups: list[RateJson] = Field(default_factory=list)
    languages: list[RateJson] = Field(default_factory=list)
    pass_at_k: list[PassJson] = Field(default_factory=list)
    official: OfficialJson | None = None
    reasons: dict[str, list[ReasonJson]] = Field(default_factory=dict)
    median_seconds: float | None = None
    median_checks: float | None = None
    totals: TotalsJson = Field(default_factory=TotalsJson)
    contradictory: list[str] = Field(default_factory=list)
    unreadable: int = 0
    reason: str = ""


def evaluation_json(figures: Figures) -> EvalJson:
    """The object of an evaluation, finished or not."""
    totals = figures.totals
    return EvalJson(
        benchmark=figures.benchmark,
        run=figures.run or None,
        finished=figures.finished,
        tasks=len(figures.tasks),
        counts={str(kind): count for kind, count in figures.counts.items()},
        rates=[_rate_json(rate) for rate in figures.rates],
        groups=[_rate_json(rate) for rate in figures.groups],
        languages=[_rate_json(rate) for rate in figures.languages],
        pass_at_k=[_pass_json(one) for one in figures.pass_at_k],
        official=_official_json(figures.official) if figures.official else None,
        reasons={str(kind): _reasons_json(reasons) for kind, reasons in figures.reasons.items()},
        median_seconds=figures.median_seconds,
        median_checks=figures.median_checks,
        totals=TotalsJson(
            attempts=totals.attempts,
            seconds=totals.seconds,
            checks=totals.checks,
            tokens=totals.tokens,
            cost_usd=totals.cost_usd,
            unpriced=totals.unpriced,
        ),
        contradictory=list(figures.contradictory),
        unreadable=figures.unreadable,
    )


def unfinished_json(benchmark: str, reason: str) -> EvalJson:
    """The object where there is no evaluation."""
    return EvalJson(benchmark=benchmark, reason=reason)


def _rate_json(rate: Rate) -> RateJson:
    return RateJson(
        label=rate.label,
        solved=rate.solved,
        n=rate.n,
        rate=rate.value,
        low=rate.interval.low,
        high=rate.interval.high,
    )


def _pass_json(one: PassAtK) -> PassJson:
    estimate = one.estimate
    return PassJson(k=one.k, value=estimate.value, n=estimate.n, low=estimate.interval.low, high=estimate.interval.high)


def _official_json(official: OfficialFigures) -> OfficialJson:
    return OfficialJson(
        passed=official.passed,
        failed=official.failed,
        unknown=official.unknown,
        rate=_rate_json(official.rate) if official.rate else None,
        timed_out=official.late,
        rates=[_rate_json(rate) for rate in official.rates],
        left_out=list(official.left_out),
        counting=CountingJson.model_validate(dataclasses.asdict(official.counting)) if official.counting else None,
        whole=official.whole,
        note=official.note,
        pass_at_k=[_pass_json(one) for one in official.pass_at_k],
        not_strict=_disagreements_json(official.not_strict),
        strict_only=_disagreements_json(official.strict_only),
        unknown_reasons=_reasons_json(official.unknown_reasons),
    )


def _disagreements_json(those: Iterable[Disagreement]) -> list[DisagreementJson]:
    return [
        DisagreementJson(
            id=one.id, attempt=one.attempt, objections=list(one.objections), official_reason=one.official_reason
        )
        for one in those
    ]


def _reasons_json(reasons: Iterable[ReasonCount]) -> list[ReasonJson]:
    return [ReasonJson(reason=r.reason, count=r.count, example=r.example, tasks=list(r.tasks)) for r in reasons]


# ------------------------------------------------------------------------------------------------------------- console


def show_evaluation(console: Console, figures: Figures) -> None:
    """The end of an evaluation for people: what became of the tasks, the rates with their denominators and intervals,
    where the two rules differ, why tasks were left out, and what it took."""
    word, style = ("Evaluated", "bold green") if figures.finished else ("Unfinished", "bold yellow")
    count = len(figures.tasks)
    title = f"  {one_line(figures.benchmark)}, {count} {noun(count, 'task')}"
    console.print(Text.assemble((word, style), title), soft_wrap=True)
    counts = [f"{number} {kind}" for kind, number in figures.counts.items() if number]
    _say(console, f"  {', '.join(counts) or 'nothing to count'}")
    if figures.all.n:
        console.print()
        console.print(Padding(_table(figures), (0, 0, 0, 2), expand=False))
        console.print()
    if figures.official:
        _show_official(console, figures.official)
    for kind in (TaskClass.UNSUPPORTED, TaskClass.INVALID, TaskClass.ERROR):
        if reasons := figures.reasons.get(kind):
            _show_reasons(console, kind.capitalize(), reasons)
    if figures.median_seconds is not None and figures.median_checks is not None:
        checks = f"{figures.median_checks:g} {'check' if figures.median_checks == 1 else 'checks'}"
        _labelled(console, "Median of the solved", f"{long_duration(figures.median_seconds)}, {checks}")
    _labelled(console, "Altogether", _altogether(figures))
    if figures.contradictory:
        told = f"{_names(figures.contradictory)}: one of the two is wrong, please report it"
        _labelled(console, "Proved and refuted", told)
    if figures.unreadable:
        _labelled(console, "Unreadable lines of results", f"{figures.unreadable} (left out)")
    if figures.run:
        _labelled(console, "Run folder", figures.run)


def long_duration(seconds: float) -> str:
    """As `console.duration`, with hours from two of them on."""
    if seconds < 7200:
        return duration(seconds)
    hours, rest = divmod(round(seconds / 60), 60)
    return f"{hours} h {rest:02d} min"


def _table(figures: Figures) -> Table:
    """One row for each rate; what they are the rates of stands in front."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("", no_wrap=True, overflow="ellipsis")
    for name in ("solved", "of", "rate"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("95% interval", no_wrap=True)
    for rate in figures.rates:
        _row(table, rate.label, rate)
    for rate in figures.official.rates if figures.official else ():
        _row(table, rate.label.replace("official", "official rule", 1), rate)
    for rate in figures.languages:
        _row(table, f"in {rate.label.capitalize()}", rate)
    for rate in figures.groups[:_MOST_GROUPS]:
        _row(table, f"group {rate.label}", rate)
    if len(figures.groups) > _MOST_GROUPS:
        table.add_row(Text(f"and {len(figures.groups) - _MOST_GROUPS} more groups: see --json", style="dim"))
    for rule, estimates in (
        ("", figures.pass_at_k),
        ("official ", figures.official.pass_at_k if figures.official else ()),
    ):
        for one in estimates if len(estimates) > 1 else ():
            estimate = one.estimate
            share = f"{estimate.value:.1%}"
            table.add_row(f"{rule}pass@{one.k}", "", str(estimate.n), share, _interval(estimate.interval))
    return table


def _row(table: Table, label: str, rate: Rate) -> None:
    share = "-" if rate.value is None else f"{rate.value:.1%}"
    told = "" if rate.value is None else _interval(rate.interval)
    table.add_row(Text(one_line(label)), str(rate.solved), str(rate.n), share, told)


def _interval(interval: Interval) -> str:
    return f"{100 * interval.low:.1f} to {interval.high:.1%}"


def _show_official(console: Console, official: OfficialFigures) -> None:
    late = f" ({official.late} by its time limit)" if official.late else ""
    parts = [f"{official.passed} passed", f"{official.failed} failed{late}"]
    if official.unknown:
        parts.append(f"{official.unknown} not judged by it")
    _labelled(console, "Official rule", ", ".join(parts))
    for why in official.unknown_reasons[:_MOST_REASONS]:
        _say(console, f"    not judged: {why.count} × {one_line(why.example)}")
    if official.left_out:
        count = len(official.left_out)
        _labelled(console, f"Not counted by it ({count})", _names(official.left_out))
    if official.note:
        _labelled(console, "Counted", official.note)
    if official.not_strict:
        rules = Counter(objection.rule for one in official.not_strict for objection in one.objections)
        told = ", ".join(f"{one_line(rule)} {number}" for rule, number in rules.most_common(_MOST_REASONS))
        names = _names([one.id for one in official.not_strict])
        _labelled(
            console, f"Official but not strict ({len(official.not_strict)})", f"{names}{f' ({told})' if told else ''}"
        )
    if official.strict_only:
        names = _names([one.id for one in official.strict_only])
        _labelled(console, f"Strict but not official ({len(official.strict_only)})", names)


def _show_reasons(console: Console, label: str, reasons: Sequence[ReasonCount]) -> None:
    for why in reasons[:_MOST_REASONS]:
        _labelled(console, label, f"{why.count} × {why.example or why.reason}")
    if len(reasons) > _MOST_REASONS:
        rest = sum(why.count for why in reasons[_MOST_REASONS:])
        _labelled(console, label, f"{rest} for other reasons")


def _altogether(figures: Figures) -> str:
    totals = figures.totals
    parts = [f"{totals.attempts} {noun(totals.attempts, 'attempt')}", long_duration(totals.seconds)]
    parts.append(f"{totals.checks} {noun(totals.checks, 'check')}")
    if totals.tokens:
        parts.append(f"{totals.tokens} tokens")
    if totals.cost_usd is not None:
        unpriced = f" and what {totals.unpriced} {noun(totals.unpriced, 'attempt')} cost" if totals.unpriced else ""
        parts.append(f"${totals.cost_usd:.2f}{unpriced}")
    return ", ".join(parts)


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(one_line(name) for name in names[:_MOST_NAMES])
    rest = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{shown}{rest}"


def _labelled(console: Console, label: str, value: str) -> None:
    console.print(Text.assemble((f"  {label}: ", "bold"), one_line(value)), soft_wrap=not console.is_terminal)


def _say(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=not console.is_terminal)
