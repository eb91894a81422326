"""Goals and steps of Dafny files as JSON and back, for journals: training pairs are made from them.

What a goal's file includes is not kept: a goal that is read back sees its own file only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind, Hole, Insertion
from dafny_env.syntax.ast import Span
from search.ports import Goal, Kept, Step


class DafnyRecords:
    """Implements `search.ports.Records`."""

    def goal(self, goal: Goal) -> Kept:
        """The goal with the texts it stands in."""
        payload: DafnyGoal = goal.payload
        hole = payload.hole
        fields = {
            "language": "dafny",
            "kind": payload.kind.value,
            "declaration": payload.declaration,
            "site": list(payload.site),
            "hole": None if hole is None else [hole.insertion, *hole.span],
            "fact": payload.fact,
            "forbidden": sorted(payload.forbidden),
        }
        texts = {"base": payload.base} | ({"origin": payload.origin} if payload.origin else {})
        return Kept(fields, texts)

    def step(self, step: Step) -> Kept:
        """Insertions and helpers."""
        payload: DafnyStep = step.payload
        return Kept({"insertions": [[i.offset, i.text] for i in payload.insertions], "helpers": payload.helpers})


def read_goal(fields: Mapping[str, Any], texts: Mapping[str, str]) -> DafnyGoal:
    """A goal from its record. Raises KeyError, TypeError or ValueError where it is none."""
    hole = fields["hole"]
    return DafnyGoal(
        kind=GoalKind(fields["kind"]),
        declaration=str(fields["declaration"]),
        base=texts["base"],
        site=Span(*map(int, fields["site"])),
        hole=None if hole is None else Hole(int(hole[0]), Span(int(hole[1]), int(hole[2]))),
        fact=str(fields["fact"]),
        origin=texts.get("origin", ""),
        forbidden=frozenset(map(str, fields["forbidden"])),
    )


def read_step(fields: Mapping[str, Any]) -> DafnyStep:
    """A step from its record. Raises KeyError, TypeError or ValueError where it is none."""
    insertions = tuple(Insertion(int(offset), str(text)) for offset, text in fields["insertions"])
    return DafnyStep(insertions, str(fields["helpers"]))
