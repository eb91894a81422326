"""Goals and steps of Lean files as JSON and back, for journals: training pairs are made from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lean_project.driver.types import Hypothesis
from lean_project.steps import LeanGoal, LeanStep
from search.ports import Goal, Kept, Step


class LeanRecords:
    """Implements `search.ports.Records`."""

    def goal(self, goal: Goal) -> Kept:
        """The goal with the text it stands in."""
        payload: LeanGoal = goal.payload
        fields = {
            "language": "lean",
            "start": payload.start,
            "unit": payload.unit,
            "declaration": payload.declaration,
            "hypotheses": [[list(h.names), h.type, h.value] for h in payload.hypotheses],
            "target": payload.target,
            "case": payload.case,
        }
        return Kept(fields, {"text": payload.text})

    def step(self, step: Step) -> Kept:
        """Body and helpers."""
        payload: LeanStep = step.payload
        return Kept({"body": payload.body, "helpers": payload.helpers})


def read_goal(fields: Mapping[str, Any], texts: Mapping[str, str]) -> LeanGoal:
    """A goal from its record. Raises KeyError, TypeError or ValueError where it is none."""
    return LeanGoal(
        text=texts["text"],
        start=int(fields["start"]),
        unit=int(fields["unit"]),
        declaration=str(fields["declaration"]),
        hypotheses=tuple(Hypothesis(tuple(names), type_, value) for names, type_, value in fields["hypotheses"]),
        target=str(fields["target"]),
        case=fields["case"],
    )


def read_step(fields: Mapping[str, Any]) -> LeanStep:
    """A step from its record. Raises KeyError, TypeError or ValueError where it is none."""
    return LeanStep(str(fields["body"]), str(fields["helpers"]))
