"""Offsets, lines and columns of a source text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple


class Position(NamedTuple):
    """A place in a text: line from 1, column from 0 in code points, as the command line `lean` counts."""

    line: int
    column: int


class LineMap:
    """Converts between offsets and positions of one text. Lines end at `\\n`, as Lean itself counts them."""

    def __init__(self, text: str) -> None:
        self._text = text
        starts = [0]
        at = text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = text.find("\n", at + 1)
        self._starts = starts

    @property
    def lines(self) -> int:
        """How many lines there are; a text that ends with a line end has an empty last line."""
        return len(self._starts)

    def position(self, offset: int) -> Position:
        """The position of an offset; offsets outside the text are moved to its nearest end."""
        offset = min(max(offset, 0), len(self._text))
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1])

    def offset(self, line: int, column: int = 0) -> int:
        """The offset of a position; one outside the text, or behind the end of its line, is moved to the nearest
        place."""
        if line < 1:
            return 0
        if line > len(self._starts):
            return len(self._text)
        return min(self._starts[line - 1] + max(column, 0), self._end(line))

    def _end(self, line: int) -> int:
        return self._starts[line] - 1 if line < len(self._starts) else len(self._text)


class Edit(NamedTuple):
    """Replace the characters from `start` up to `end` by `text`; an insertion has `start == end`."""

    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits, whose offsets are those of the original. Insertions at one offset keep their given
    order, and come before a replacement that starts there. Overlapping or outside edits raise ValueError."""
    pieces: list[str] = []
    last = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start < last or edit.end < edit.start or edit.end > len(text):
            raise ValueError(f"edit {edit.start}..{edit.end} overlaps another or lies outside the text")
        pieces += (text[last : edit.start], edit.text)
        last = edit.end
    pieces.append(text[last:])
    return "".join(pieces)


def indented(text: str, column: int) -> str:
    """The text with every line but the first moved right by `column` blanks; empty lines stay empty."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(" " * column + line if line.strip() else "" for line in rest)])
