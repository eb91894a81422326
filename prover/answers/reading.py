"""What reading an answer gives: steps, and why the rest of it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S")

MOST_CHARACTERS = 50_000
MOST_TOKENS = 10_000
DEEPEST = 150
"""Longer pieces of code, and those with more brackets in brackets, are not read."""
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


_TOKEN = re.compile(r"\w+|[^\w\s]")
_BRACKET = re.compile(r"[(\[{⟨]|[)\]}⟩]")


def too_much(code: str) -> NotAnEdit | None:
    """Why a piece of code is not read at all: so much is no answer to a goal."""
    if len(code) > MOST_CHARACTERS:
        return NotAnEdit(f"longer than {MOST_CHARACTERS:,} characters", "too-long")
    if sum(1 for _ in _TOKEN.finditer(code)) > MOST_TOKENS:
        return NotAnEdit(f"more than {MOST_TOKENS:,} words and symbols", "too-long")
    depth = 0
    for bracket in _BRACKET.finditer(code):
        depth = depth + 1 if bracket[0] in "([{⟨" else max(depth - 1, 0)
        if depth > DEEPEST:
            return NotAnEdit(f"brackets more than {DEEPEST} deep", "too-deep")
    return None


def unique(notes: list[NotAnEdit]) -> tuple[NotAnEdit, ...]:
    """Each refusal once."""
    return tuple(dict.fromkeys(notes))
