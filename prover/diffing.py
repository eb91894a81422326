"""Unified diffs between the original and what a proof made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_CONTEXT = 3
_EXACT_LINES = 3000
"""Above this many lines difflib's heuristic for popular lines is let in: exact matching is quadratic there."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a unified diff, its mark (` `, `+`, `-`) included in `text`, without line end."""

    kind: Literal["file", "hunk", "same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class DiffSize:
    """Numbers of lines."""

    added: int
    removed: int


def unified(
    original: str, changed: str, name_original: str, name_changed: str, *, context: int = _CONTEXT
) -> list[DiffLine]:
    """The unified diff; empty for equal texts. Line ends (CRLF or LF) are not compared. context: unchanged lines around
    each change."""
    before, after = original.splitlines(), changed.splitlines()
    lines: list[DiffLine] = []
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) > _EXACT_LINES)
    for group in matcher.get_grouped_opcodes(context):
        if not lines:
            lines += [DiffLine("file", f"--- {name_original}"), DiffLine("file", f"+++ {name_changed}")]
        head = f"@@ -{_range(group[0][1], group[-1][2])} +{_range(group[0][3], group[-1][4])} @@"
        lines.append(DiffLine("hunk", head))
        for tag, start, end, new_start, new_end in group:
            if tag == "equal":
                lines += _marked("same", " ", before[start:end])
            else:
                lines += _marked("removed", "-", before[start:end])
                lines += _marked("added", "+", after[new_start:new_end])
    return lines


def size(lines: list[DiffLine]) -> DiffSize:
    """How many lines a diff adds and removes."""
    return DiffSize(sum(line.kind == "added" for line in lines), sum(line.kind == "removed" for line in lines))


def _marked(kind: Literal["same", "added", "removed"], mark: str, lines: list[str]) -> Iterator[DiffLine]:
    return (DiffLine(kind, mark + line) for line in lines)


def _range(start: int, end: int) -> str:
    """A range as in `diff -u`: first line from 1 and length; an empty range names the line before it."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"
