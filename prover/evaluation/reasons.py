"""Reasons counted: the same one with another line number, name or path in it is the same one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_GAP = "…"
_MOST = 200
"""Characters of a reason that tell it from others."""
_VERSION = r"\b(?:Dafny|Lean|Mathlib|Lake|Boogie|[Zz]3|Python)\s+v?\d+(?:\.\d+)*"
_PARTICULARS = re.compile(
    rf"""
      (?P<kept>{_VERSION})                     # whose version it is, is no detail
    | `[^`]*` | "[^"]*" | (?<!\w)'[^'\n]*'(?!\w)
    | (?:[\w.~-]*/)+[\w.-]*                    # paths
    | \b[\w.-]+\.(?:dfy|lean|json|txt|py)\b    # file names
    | [^\W\d]\w*\d[\w.']*                      # names with a number: h1, basic_12
    | [^\W\d]\w*_[\w']+                        # names with a line: foo_bar
    | \d+(?:[.:,]\d+)*                         # lines, columns, counts, seconds
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """A reason with its particulars left out (`…`), how many tasks have it, one of them word for word, and which."""

    reason: str
    count: int
    example: str
    tasks: tuple[str, ...]


def normalised(reason: str, task: str = "") -> str:
    """A reason without what differs from task to task: quoted text, the task's own name, paths, numbers, names that
    only programs have. On one line; its first 200 characters."""
    text = " ".join(reason.split())
    text = _PARTICULARS.sub(lambda found: found["kept"] or _GAP, text)
    if len(task) > 2:  # a shorter one may as well be a word
        text = re.sub(rf"(?<!\w){re.escape(task)}(?!\w)", _GAP, text)
    text = re.sub(rf"{_GAP}(?:[\s,:]*{_GAP})+", _GAP, text)
    return text if len(text) <= _MOST else text[:_MOST].rstrip() + _GAP


def counted_reasons(reasons: Iterable[tuple[str, str]]) -> tuple[ReasonCount, ...]:
    """Pairs of a task and its reason, counted: the most frequent first, ties by text."""
    found: dict[str, list[tuple[str, str]]] = {}
    for task, reason in reasons:
        found.setdefault(normalised(reason, task) or "no reason given", []).append((task, reason))
    counts = [ReasonCount(text, len(those), those[0][1], tuple(t for t, _ in those)) for text, those in found.items()]
    return tuple(sorted(counts, key=lambda one: (-one.count, one.reason)))
