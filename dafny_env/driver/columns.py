"""From the columns that a verifier prints to character columns of the user's text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from dafny_env.driver.types import Diagnostic, Place

Unit = Literal["utf8", "utf16"]
"""Dafny 2.3 counts UTF-8 bytes (measured), a leading byte order mark not included; 4.x reads characters, which in
.NET are UTF-16 units."""

_BOM = "\ufeff"


def in_characters(diagnostics: Iterable[Diagnostic], source: str, unit: Unit) -> tuple[Diagnostic, ...]:
    """The diagnostics with columns of places in the checked file counted in characters of `source`."""
    if source.isascii():
        return tuple(diagnostics)
    lines = source.split("\n")

    def place(p: Place) -> Place:
        if p.file is not None or not 1 <= p.line <= len(lines):
            return p
        line = lines[p.line - 1]
        marked = p.line == 1 and line.startswith(_BOM)
        column = _column(line.removeprefix(_BOM) if marked else line, p.column, unit) + marked
        return replace(p, column=column)

    return tuple(
        replace(d, place=place(d.place), related=tuple((place(p), text) for p, text in d.related)) for d in diagnostics
    )


def _column(line: str, units: int, unit: Unit) -> int:
    if line.isascii():
        return units
    encoding, size = ("utf-8", 1) if unit == "utf8" else ("utf-16-le", 2)
    head = line.encode(encoding, "surrogatepass")[: units * size]
    return len(head.decode(encoding, "ignore"))
