"""Reading goals: what Lean says at each `sorry` of a text, as goals of the search."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from lean_project.complexity import EXPLICIT, explicit_size
from lean_project.driver import types
from lean_project.driver.types import GoalReader, Outcome, Place
from lean_project.steps import LeanGoal, unit_of
from lean_project.syntax.holes import Hole
from lean_project.syntax.source import Edit, LineMap, apply_edits
from search.ports import Goal

_METAVARIABLE = re.compile(r"\?[A-Za-z_][\w.✝]*")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class NotRead:
    """Goals that could not be read, and why: a timeout, a crash, a place that Lean never came to."""

    reason: str


async def read_goals(
    verifier: GoalReader, version: str, text: str, holes: Sequence[Hole], *, seconds: float
) -> tuple[Goal, ...] | NotRead:
    """The goals at holes of an accepted text, in their order. version: of the verifier with its options, for keys.
    seconds: for all requests together, two of which are made: as printed for people, and in explicit form for d."""
    if not holes:
        return ()
    printed = await _read(verifier, text, holes, seconds)
    if isinstance(printed, NotRead):
        return printed
    units = [unit_of(text, h.start)[0] for h in holes]
    places = sorted(set(units))  # each of them, since an option ends with its section
    shifts = [len(EXPLICIT) * bisect_right(places, unit) for unit in units]
    said = apply_edits(text, [Edit(at, at, EXPLICIT) for at in places])
    explicit = await _read(verifier, said, holes, seconds, shifts)
    sizes: list[int] = (
        [explicit_size(g.target) for g in printed]
        if isinstance(explicit, NotRead)
        else [explicit_size(g.target) for g in explicit]
    )
    return tuple(_goal(version, text, h, g, d) for h, g, d in zip(holes, printed, sizes, strict=True))


async def _read(
    verifier: GoalReader, text: str, holes: Sequence[Hole], seconds: float, shifts: Sequence[int] = ()
) -> tuple[types.Goal, ...] | NotRead:
    lines = LineMap(text)
    starts = [h.start + shift for h, shift in zip(holes, shifts or [0] * len(holes), strict=True)]
    places = [Place(*lines.position(start)) for start in starts]
    found = await verifier.goals(text, places, seconds=seconds)
    if found.outcome is not Outcome.OK:
        return NotRead(f"goals could not be read: {found.outcome}")
    goals: list[types.Goal] = []
    for hole, place in zip(holes, found.places, strict=True):
        # Inside of a tactic its own goals are told too: those behind it.
        goal = place.term if hole.position == "term" and place.term is not None else next(iter(place.goals), None)
        if goal is None:
            return NotRead(f"Lean tells no goal at line {place.place.line}")
        goals.append(goal)
    return tuple(goals)


def _goal(version: str, text: str, hole: Hole, goal: types.Goal, size: int) -> Goal:
    unit, end = unit_of(text, hole.start)
    declaration = hole.declaration
    name = declaration.full_name or declaration.keyword if declaration is not None else "?"
    payload = LeanGoal(text[:end].rstrip() + "\n", hole.start, unit, name, goal.hypotheses, goal.target, goal.case)
    statement = goal.text or goal.target
    parts = (version, payload.prefix, hole.position, _SPACE.sub(" ", statement))
    key = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Goal(
        key,
        f"{name}: {goal.case}" if goal.case else name,
        goal.target,
        size,
        goal.target.strip() == "False" and not goal.hypotheses,
        frozenset(_METAVARIABLE.findall(statement)),
        payload,
    )
