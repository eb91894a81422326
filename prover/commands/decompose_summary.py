"""`prover decompose` for people: a tree for each goal, the best decomposition first."""

from __future__ import annotations

import math

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from prover.console import duration, noun, one_line, plain
from prover.decompositions import DecomposeResult, DecomposeStatus, Decomposition, GoalPlans, PlanStatus, Rejections
from prover.inputs import SourceFile

MOST_SHOWN = 10
"""Decompositions shown of a goal; the rest is in the JSON."""
_ENDLESS = 1_000_000

_HEADLINES = {
    DecomposeStatus.FOUND: ("Decomposed", "bold green"),
    DecomposeStatus.NOTHING: ("Nothing found", "bold yellow"),
    DecomposeStatus.REFUTED: ("Refuted", "bold red"),
    DecomposeStatus.INVALID: ("Invalid", "bold red"),
    DecomposeStatus.UNSUPPORTED: ("Unsupported", "bold red"),
}
_STATUSES = {
    PlanStatus.CLOSED: ("closes without a decomposition", "green"),
    PlanStatus.DECOMPOSED: ("decomposed", "green"),
    PlanStatus.OPEN: ("nothing found", "yellow"),
    PlanStatus.REFUTED: ("false", "bold red"),
}


def show_decompose(console: Console, source: SourceFile, result: DecomposeResult) -> None:
    """Headline, figures, and a tree for each goal with its decompositions."""
    word, style = _HEADLINES[result.status]
    if result.status is DecomposeStatus.FOUND and all(g.status is not PlanStatus.DECOMPOSED for g in result.goals):
        word = "Closed" if result.goals else "Nothing open"
    if result.interrupted:
        word = "Interrupted"
    title = plain(f"{source.name}:{source.target}" if source.target else source.name)
    console.print(Text.assemble((word, style), f"  {title}"), soft_wrap=True)
    figures = [f"{len(result.goals)} {noun(len(result.goals), 'goal')}"] if result.goals else []
    figures += [f"{result.checks} {noun(result.checks, 'check')}", duration(result.seconds)]
    if result.tokens:
        figures.insert(-1, f"{result.tokens} tokens")
    console.print(Text(f"  {', '.join(figures)}", style="dim"), soft_wrap=True)
    if result.untouched:
        console.print(Text("  It verifies as it is."), soft_wrap=True)
    if result.reason and not result.interrupted and result.status is not DecomposeStatus.REFUTED:
        console.print(Text(f"  {one_line(result.reason)}"), soft_wrap=not console.is_terminal)
    if not console.is_terminal:
        console.width = _ENDLESS  # a log or pipe gets whole lines, which a tree knows no other way to
    for goal in result.goals:
        console.print(_goal(goal))


def _goal(goal: GoalPlans) -> Tree:
    word, style = _STATUSES[goal.status]
    said = f": {one_line(goal.witness)}" if goal.witness else ""
    tree = Tree(
        Text.assemble((one_line(goal.name), "bold"), f" (line {goal.line})  d = {goal.d}  ", (f"{word}{said}", style))
    )
    for found in goal.decompositions[:MOST_SHOWN]:
        _decomposition(tree, found)
    if len(goal.decompositions) > MOST_SHOWN:
        tree.add(Text(f"and {len(goal.decompositions) - MOST_SHOWN} more", style="dim"))
    if goal.rejected.count or goal.rejected.undecided:
        _rejected(tree, goal.rejected)
    return tree


def _decomposition(tree: Tree, found: Decomposition) -> None:
    clipped = f" ({found.score.unclipped:.3f} unclipped)" if -math.inf < found.score.unclipped < 0.0 else ""
    figures = f"S = {found.score.value:.3f}  r = {found.r:.3f}{clipped}  v = {int(found.v)}"
    closes = "" if found.lemmas else "  leaves nothing open"
    branch = tree.add(Text.assemble((figures, "bold" if found.v else "dim"), f"{closes}  ({one_line(found.kind)})"))
    for lemma in found.lemmas:
        text = Text(f"d = {lemma.d}  {one_line(lemma.statement)}")
        if lemma.refuted:
            text.append(f"  refuted: {one_line(lemma.witness)}", style="red")
        elif lemma.witness:
            text.append(f"  unconfirmed: {one_line(lemma.witness)}", style="yellow")
        branch.add(text)


def _rejected(tree: Tree, rejected: Rejections) -> None:
    counts = [f"{rejected.count} rejected"] if rejected.count else []
    counts += [f"{rejected.undecided} undecided"] if rejected.undecided else []
    branch = tree.add(Text(", ".join(counts), style="dim"))
    for reason, count in rejected.reasons:
        branch.add(Text(f"{count} x {one_line(reason)}", style="dim"))
