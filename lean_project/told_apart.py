"""Which `sorry`s of a file stand for a proof, and which for data."""

from __future__ import annotations

from collections.abc import Sequence

from lean_project.driver.types import NOT_A_VERDICT, LeanVerifier, Outcome
from lean_project.goals import NotRead
from lean_project.steps import LeanStep, fitted, place, unit_of
from lean_project.syntax.holes import Hole
from lean_project.syntax.source import LineMap, apply_edits

IS_PROPOSITION = "refine (fun (h : (_ : Prop)) => h) ?_\nsorry"
"""Elaborates in the place of a `sorry` exactly where a proof is asked for, not data."""


async def told_apart(
    verifier: LeanVerifier, text: str, holes: Sequence[Hole], *, seconds: float
) -> tuple[list[Hole], list[Hole]] | NotRead:
    """Those of an accepted text's holes where a proof is asked for, and those where it is data, in their order. One
    check is enough where nothing is data: all are asked about at once, and one by one where Lean objects. seconds: of
    each check."""
    asked = [h for h in holes if not _is_whole_proof(text, h)]
    suspects: set[int] = set()
    while asked:
        found = await _objected(verifier, text, asked, seconds)
        if isinstance(found, NotRead):
            return found
        suspects |= found
        if not found:
            break
        asked = [h for h in asked if h.start not in found]
    data: set[int] = set()
    for hole in holes:
        if hole.start in suspects:
            start, end = unit_of(text, hole.start)
            placed = place(text[:end] + "\n", hole.start, start, LeanStep(IS_PROPOSITION))
            said = await verifier.check(placed.text, seconds=seconds)
            if said.outcome in NOT_A_VERDICT:
                return NotRead(f"Lean gave no verdict on line {hole.line} ({said.outcome})")
            if said.outcome is not Outcome.OK:
                data.add(hole.start)
    return [h for h in holes if h.start not in data], [h for h in holes if h.start in data]


def _is_whole_proof(text: str, hole: Hole) -> bool:
    """Whether it is all that is behind the statement of a theorem."""
    command = hole.declaration
    if command is None or command.keyword not in ("theorem", "lemma") or command.value_at < 0:
        return False
    return text[command.value_at : hole.start].split() in ([":="], [":=", "by"])


async def _objected(verifier: LeanVerifier, text: str, holes: Sequence[Hole], seconds: float) -> set[int] | NotRead:
    """Starts of the holes that Lean objects to take for proofs, all taken so at once; where it objects to something
    else, all."""
    edits = [fitted(text, hole, IS_PROPOSITION) for hole in holes]
    filled = apply_edits(text, edits)
    said = await verifier.check(filled, seconds=seconds)
    if said.outcome in NOT_A_VERDICT:
        return NotRead(f"Lean gave no verdict on what is missing ({said.outcome})")
    if said.outcome is Outcome.OK:
        return set()
    lines = LineMap(filled)
    errors = [lines.offset(e.place.line, e.place.column) for e in said.errors]
    found: set[int] = set()
    moved = 0
    for hole, edit in zip(holes, edits, strict=True):
        start = edit.start + moved
        if any(start <= at < start + len(edit.text) for at in errors):
            found.add(hole.start)
        moved += len(edit.text) - (edit.end - edit.start)
    return found or {h.start for h in holes}
