"""What the gate says against a candidate: the value, and how places are told."""

from __future__ import annotations

from dataclasses import dataclass

from dafny_env.syntax.source import LineMap


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason to reject a candidate. rule: a stable identifier (`assume`, `spec-changed`...). line from 1 and column
    from 0 in the candidate; None where the objection is about the whole file."""

    rule: str
    message: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a construct may not be inserted. The message says what to do instead."""

    rule: str
    message: str


def objection_at(lines: LineMap, offset: int, rule: str, message: str) -> Objection:
    """An objection at a character offset of the candidate."""
    line, column = lines.position(offset)
    return Objection(rule, message, line, column)
