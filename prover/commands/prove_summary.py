"""The last words of a command for people: the result, the proof as a diff, where it is and who confirmed it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.text import Text

from prover import diffing
from prover.console import duration, noun, one_line, plain
from prover.inputs import SourceFile
from prover.results import GateVerdict, GoalStatus, ProveResult, Status

_DIFF_STYLES = {"file": "bold", "hunk": "cyan", "same": "", "added": "green", "removed": "red"}
_HEADLINES = {
    Status.PROVED: ("Proved", "bold green"),
    Status.REFUTED: ("Refuted", "bold red"),
    Status.UNKNOWN: ("Not proved", "bold yellow"),
    Status.INVALID: ("Invalid", "bold red"),
    Status.UNSUPPORTED: ("Unsupported", "bold red"),
}
_VERDICTS = {
    "accepted": ("Accepted", "bold green"),
    "rejected": ("Rejected", "bold red"),
    "unknown": ("Unknown", "bold yellow"),
}
_MOST_LINES = 200
"""Diff lines shown; the rest is in the file."""


def show_prove(
    console: Console,
    source: SourceFile,
    result: ProveResult,
    *,
    output: Path | None,
    partial: Path | None,
    run: Path | None,
) -> None:
    """The summary of `prover prove`: headline, figures, diff, where things are, and the next step where not proved."""
    word, style = _HEADLINES[result.status]
    if result.interrupted and result.status is Status.UNKNOWN:
        word = "Interrupted"
    if result.implemented and result.status is Status.PROVED:
        word = "Implemented and proved"
    console.print(Text.assemble((word, style), f"  {_title(source)}"), soft_wrap=True)
    proved = sum(goal.status is GoalStatus.PROVED for goal in result.goals)
    wanted = sum(goal.status is not GoalStatus.BASELINE for goal in result.goals)
    figures = [f"{proved} of {wanted} {noun(wanted, 'goal')} proved"] if wanted else []
    figures += [f"{result.checks} {noun(result.checks, 'check')}", duration(result.seconds)]
    if result.tokens:
        figures.insert(-1, f"{result.tokens} tokens")
    _say(console, f"  {', '.join(figures)}", style="dim")
    told_below = any(goal.witness and goal.witness in result.reason for goal in result.goals)
    if result.reason and result.status is not Status.PROVED and not result.interrupted and not told_below:
        _say(console, f"  {one_line(result.reason)}")
    for goal in result.goals:
        if goal.status in (GoalStatus.OPEN, GoalStatus.REFUTED):
            told = goal.witness or next(iter(goal.diagnostics), "")
            said = f": {one_line(told)}" if told else ""
            _say(console, f"  {goal.status}: {one_line(goal.name)} (line {goal.line}){said}")
    if result.untouched:
        _say(console, "  It verified as it was: nothing had to be inserted.")
    elif result.text is not None:
        show_diff(console, source.text, result.text, _file_name(source), output.name if output else "proof")
    _labelled(console, "Written to", [str(output)] if output else [])
    _labelled(console, "Best unfinished file", [f"{partial} (labelled unproved)"] if partial else [])
    if result.status is Status.PROVED and result.verifier:
        how = ", which saw a translation" if result.translated else ""
        _labelled(console, "Confirmed by", [f"{result.verifier}, in a fresh process{how}"])
    _labelled(console, "Taken on trust", result.baseline)
    _labelled(console, "Axioms", result.axioms)
    _labelled(console, "Run folder", [str(run)] if run else [])


def show_check(console: Console, candidate: SourceFile, verdict: GateVerdict) -> None:
    """The summary of `prover check`: headline and every objection with its place, one a line as compilers print
    them."""
    word, style = _VERDICTS[verdict.verdict]
    console.print(Text.assemble((word, style), f"  {plain(candidate.name)}"), soft_wrap=True)
    if verdict.reason:
        _say(console, f"  {one_line(verdict.reason)}")
    for objection in verdict.objections:
        place = plain(candidate.name)
        if objection.line is not None:
            place += f":{objection.line}:{objection.column or 0}"
        console.print(
            Text.assemble(f"  {place}: ", (plain(objection.rule), "bold"), f": {one_line(objection.message)}"),
            soft_wrap=True,
        )
    if verdict.verdict == "accepted" and verdict.verifier:
        how = ", which saw a translation" if verdict.translated else ""
        _labelled(console, "Confirmed by", [f"{verdict.verifier}, in a fresh process{how}"])
        if candidate.language == "lean":
            told = f"by {verdict.replay}" if verdict.replay else "no: there is no program for it here (prover doctor)"
            _labelled(console, "Replayed through the kernel", [told])
    _labelled(console, "Taken on trust", verdict.baseline)
    _labelled(console, "Axioms", verdict.axioms)


def show_diff(console: Console, original: str, changed: str, name_original: str, name_changed: str) -> None:
    """Print a unified diff in colours, cut after a screenful or four."""
    lines = diffing.unified(original, changed, plain(name_original), plain(name_changed))
    for line in lines[:_MOST_LINES]:
        console.print(Text(plain(line.text), style=_DIFF_STYLES[line.kind]), soft_wrap=True)
    if len(lines) > _MOST_LINES:
        _say(console, f"... and {len(lines) - _MOST_LINES} more lines: see the file.")


def _title(source: SourceFile) -> str:
    return plain(f"{source.name}:{source.target}" if source.target else source.name)


def _file_name(source: SourceFile) -> str:
    return source.path.name if source.path else source.name


def _labelled(console: Console, label: str, values: Iterable[str]) -> None:
    for value in values:
        console.print(Text.assemble((f"  {label}: ", "bold"), one_line(value)), soft_wrap=True)


def _say(console: Console, text: str, style: str = "") -> None:
    # Prose is wrapped at words on a terminal; a log or pipe gets whole lines.
    console.print(Text(text, style=style), soft_wrap=not console.is_terminal)
