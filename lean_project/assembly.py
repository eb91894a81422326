"""Solved goals put together: every `sorry` replaced by the step that solved it, and its subgoals' steps inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lean_project.steps import Placed, place, unit_of
from search.ports import Assignment, Goal


def assembled(text: str, roots: Sequence[tuple[int, Goal]], solution: Mapping[str, Assignment]) -> str:
    """The text with the solved among its goals filled in. roots: offsets of the `sorry`s in the text and their goals,
    in the order of the text; what `solution` does not have stays open."""
    for start, root in reversed(roots):
        if root.key in solution:
            text = _filled(text, start, root, solution)[0]
    return text


def _filled(text: str, start: int, goal: Goal, solution: Mapping[str, Assignment]) -> tuple[str, int]:
    """The text with one goal filled in, and by how much the start of its unit has moved (by helpers in front of it)."""
    assignment = solution[goal.key]
    unit = unit_of(text, start)[0]
    placed = place(text, start, unit, assignment.step.payload)
    text, own = placed.text, unit + _helpers(placed)
    left = [(h.start, g) for h, g in zip(placed.holes, assignment.subgoals, strict=True)]
    while left:  # from the last one, so that what comes before moves by helpers alone
        at, subgoal = left.pop()
        if subgoal.key not in solution:
            continue
        inner = unit_of(text, at)[0]
        longer, moved = _filled(text, at, subgoal, solution)
        left = [(s + moved if s >= inner else s, g) for s, g in left]
        own += len(longer) - len(text) if inner < own else moved
        text = longer
    return text, own - unit


def _helpers(placed: Placed) -> int:
    """The length of a step's helpers."""
    return sum(end - start for start, end in placed.regions[:-1])
