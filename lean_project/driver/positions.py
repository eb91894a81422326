"""Places and edits in the units of the language server protocol: lines from 0, columns in UTF-16 units.

Lean splits lines at line feeds only, and takes a carriage return before one away when it opens a document.
"""

from __future__ import annotations

from dataclasses import dataclass


def from_utf16(line: str, units: int) -> int:
    """The column in characters of a column in UTF-16 units; inside a surrogate pair it is the character's own, and
    behind the end of the line it is its end."""
    if line.isascii():
        return min(units, len(line))
    return len(line.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))


def to_utf16(line: str, column: int) -> int:
    """The column in UTF-16 units of a column in characters; behind the end of the line it is its end."""
    if line.isascii():
        return min(column, len(line))
    return len(line[:column].encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Edit:
    """What to replace: from (line, column in UTF-16 units) up to another such place, by `text`."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def minimal_edit(old: str, new: str) -> Edit:
    """The edit that turns one text into another and keeps the longest common beginning, then the longest common end.

    Both without carriage returns before line feeds (`normalised`).
    """
    start = common_length(old, new)
    rest = min(len(old), len(new)) - start
    stop = common_length(old[len(old) - rest :][::-1], new[len(new) - rest :][::-1])
    return Edit(_place(old, start), _place(old, len(old) - stop), new[start : len(new) - stop])


def normalised(text: str) -> str:
    """The text as Lean sees it, and as it can be sent: line ends unified, lone surrogates replaced."""
    text = text.replace("\r\n", "\n")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def common_length(a: str, b: str) -> int:
    """Length of the longest common beginning: by halves, since comparing slices costs far less than characters."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _place(text: str, offset: int) -> tuple[int, int]:
    line_start = text.rfind("\n", 0, offset) + 1
    line = text.count("\n", 0, offset)
    return line, to_utf16(text[line_start:offset], offset - line_start)
