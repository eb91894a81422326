"""Edits of one text that keep its lines, and the way back from the edited text to the original.

Edits are collected in any order. At one offset, insertions that end a construct come first (inner constructs before
outer ones), then those that start one (outer before inner), then a replacement.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from dafny_env.syntax.ast import Span
from dafny_env.syntax.source import LineMap, Position


class _Edit(NamedTuple):
    """Replace `start`..`end` by `text`. `order` sorts edits of equal start. A place inside `text` is reported at
    `anchor`, an offset of the original."""

    start: int
    order: tuple[int, int, int]
    end: int
    text: str
    anchor: int


class Conflict(ValueError):
    """Two edits overlap: a defect of the rewriter, never of its input."""


def only_line_ends(text: str) -> str:
    """The text's line ends alone: what must remain of it when it is taken out."""
    return "".join(c for c in text if c in "\r\n")


class Edits:
    """A growing set of edits of `text`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._edits: list[_Edit] = []

    def __len__(self) -> int:
        return len(self._edits)

    def opening(self, span: Span, text: str, anchor: int | None = None) -> None:
        """Insert before a construct: at the start of its span."""
        order = (1, -span.end, len(self._edits))
        self._edits.append(_Edit(span.start, order, span.start, text, span.start if anchor is None else anchor))

    def closing(self, span: Span, text: str, anchor: int | None = None) -> None:
        """Insert behind a construct: at the end of its span."""
        order = (0, -span.start, -len(self._edits))
        self._edits.append(_Edit(span.end, order, span.end, text, span.end if anchor is None else anchor))

    def replace(self, span: Span, text: str, anchor: int | None = None) -> None:
        """Replace a span. Line ends in it that `text` lacks are added behind."""
        missing = only_line_ends(self.text[span.start : span.end])
        order = (2, 0, len(self._edits))
        self._edits.append(_Edit(span.start, order, span.end, text + missing, span.start if anchor is None else anchor))

    def delete(self, span: Span) -> None:
        """Take a span out, all but its line ends."""
        self.replace(span, "")

    def touches(self, span: Span) -> bool:
        """Whether anything inside the span is edited so far."""
        return any(span.start <= e.start and e.end <= span.end for e in self._edits)

    def apply(self) -> Edited:
        """The edited text and the way back. Raises Conflict where edits overlap."""
        pieces: list[str] = []
        runs: list[_Run] = []
        done = length = 0

        def put(piece: str, start: int, copied: bool) -> None:
            nonlocal length
            if piece:
                runs.append(_Run(length, start, copied))
                pieces.append(piece)
                length += len(piece)

        for edit in sorted(self._edits):
            if edit.start < done:
                raise Conflict(f"edit at {edit.start} overlaps one that ends at {done}")
            put(self.text[done : edit.start], done, True)
            put(edit.text, edit.anchor, False)
            done = edit.end
        put(self.text[done:], done, True)
        return Edited(self.text, "".join(pieces), tuple(runs))


class _Run(NamedTuple):
    """A piece of the edited text from `start` on: `copied` from `origin` on, or put in on behalf of that offset."""

    start: int
    origin: int
    copied: bool


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited text. Places go back to the original; those in inserted text go to what it was inserted for."""

    original: str
    text: str
    _runs: tuple[_Run, ...] = field(repr=False)

    def origin(self, offset: int) -> int:
        """The offset of the original that an offset of the edited text stands for."""
        found = bisect_right(self._runs, offset, key=lambda run: run.start) - 1
        if found < 0:
            return 0
        run = self._runs[found]
        return min(run.origin + (offset - run.start if run.copied else 0), len(self.original))

    def inserted(self, line: int, column: int) -> bool:
        """Whether a place of the edited text lies in text that was put in."""
        offset = LineMap(self.text).offset(line, column)
        found = bisect_right(self._runs, offset, key=lambda run: run.start) - 1
        return found >= 0 and not self._runs[found].copied

    def position(self, line: int, column: int) -> Position:
        """The original's line (from 1) and column (from 0, in characters) for those of the edited text."""
        return LineMap(self.original).position(self.origin(LineMap(self.text).offset(line, column)))
