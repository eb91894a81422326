"""Offsets, lines and edits of a source text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from dafny_env.syntax.ast import Span


class Position(NamedTuple):
    """A place in a text: line from 1, column from 0, in characters (2.3's messages count bytes: `offset_of_bytes`)."""

    line: int
    column: int


class LineMap:
    """Converts between offsets and positions of one text. Lines end at `\\n`, `\\r\\n` or a lone `\\r`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._length = len(text)
        starts = [0]
        index = text.find("\n")
        if "\r" in text:
            for at, character in enumerate(text):
                if character == "\n" or (character == "\r" and text[at + 1 : at + 2] != "\n"):
                    starts.append(at + 1)
        else:
            while index >= 0:
                starts.append(index + 1)
                index = text.find("\n", index + 1)
        self._starts = starts

    @property
    def lines(self) -> int:
        """How many lines there are; a text that ends with a line end has an empty last line."""
        return len(self._starts)

    def position(self, offset: int) -> Position:
        """The position of an offset; offsets outside the text are moved to its nearest end."""
        offset = min(max(offset, 0), self._length)
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1])

    def offset(self, line: int, column: int = 0) -> int:
        """The offset of a position; one outside the text, or behind the end of its line, is moved to the nearest
        place."""
        if line < 1:
            return 0
        if line > len(self._starts):
            return self._length
        end = self._starts[line] - 1 if line < len(self._starts) else self._length
        return min(self._starts[line - 1] + max(column, 0), end)

    def offset_of_bytes(self, line: int, column: int) -> int:
        """The offset of a position whose column counts bytes of UTF-8, as 2.3's messages do."""
        start, end = self.offset(line), self.offset(line, self._length)
        before = self._text[start:end].encode("utf-8", "surrogatepass")[: max(column, 0)]
        return start + len(before.decode("utf-8", "ignore"))

    def line_span(self, line: int) -> Span:
        """From the start of a line to the start of the next one."""
        return Span(self.offset(line), self._starts[line] if 0 < line < len(self._starts) else self._length)


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


def insert(text: str, insertions: Iterable[tuple[int, str]]) -> str:
    """The text with each piece put in at its offset; pieces at one offset keep their given order."""
    return apply_edits(text, (Edit(offset, offset, piece) for offset, piece in insertions))
