"""What the gate would say of a step's text alone, told to the search before anything is elaborated."""

from __future__ import annotations

from lean_project.gate.banned import banned
from lean_project.steps import LeanGoal, LeanStep
from lean_project.syntax.tokens import Kind, code, tokenize

_OPEN = frozenset(["sorry"])
"""What the search allows and a finished file does not have."""


def objection_to(goal: LeanGoal, step: LeanStep) -> str:
    """Why a step's text may not stand in a file; empty where it may."""
    for text in (step.helpers, step.body):
        tokens = tokenize(text)
        known = frozenset(t.text for t in tokenize(goal.prefix)) if "«" in text else frozenset[str]()
        for token, ban in banned(code(tokens), known):
            if token.text not in _OPEN:
                return f"`{token.text}`: {ban.message}"
        if any(t.kind in (Kind.COMMENT, Kind.DOC) and not t.text.startswith("--") for t in tokens):
            return "block comments"
    return ""
