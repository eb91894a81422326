"""What `prover eval` says at its end, for people: a table and what goes with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from prover.console import duration, noun, one_line
from prover.evaluation.figures import Figures
from prover.evaluation.official_figures import OfficialFigures
from prover.evaluation.outcomes import TaskClass
from prover.evaluation.rates import Rate
from prover.evaluation.reasons import ReasonCount
from prover.evaluation.statistics import Interval

_MOST_GROUPS = 20
_MOST_NAMES = 8
_MOST_REASONS = 5
"""Shown on the console; the JSON object and the report have all of them."""


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
    if figures.retried:
        told = f"{figures.retried} {noun(figures.retried, 'attempt')}, counted as they ended the last time"
        _labelled(console, "Tried again after an error", told)
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
