"""What reading an answer gives: steps, and why the rest of it is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S")

MOST_CHARACTERS = 100_000
"""Longer pieces of code are not read."""
MOST_CANDIDATES = 16
"""More candidates of one answer are not read."""


@dataclass(frozen=True, slots=True)
class NotAnEdit:
    """Why a piece of an answer is no step. rule: a stable identifier, the gate's where it has one. line: from 1 in that
    piece, None where it is about the whole."""

    reason: str
    rule: str = "unreadable"
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Reading(Generic[S]):
    """An answer as it was understood. steps: the best guess first, each once. refused: what was found besides, in the
    same order. truncated: the answer is cut off."""

    steps: tuple[S, ...] = ()
    refused: tuple[NotAnEdit, ...] = ()
    truncated: bool = False


def unique(notes: list[NotAnEdit]) -> tuple[NotAnEdit, ...]:
    """Each refusal once."""
    return tuple(dict.fromkeys(notes))
