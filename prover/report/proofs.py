"""What was found for a task as marked text: what the task already had, and what was inserted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from prover.diffing import DiffLine, unified
from prover.report.words import bounded

_EVERYTHING = 1_000_000
"""Lines of context that leave nothing out."""
_MOST_LINES = 2_000
"""Of texts that are compared: the time goes up with the square."""
_MOST_BYTES = 1_000_000
"""Of a proof's file."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines in a row of one kind, each with its mark in front (`+`, `-`, space), joined. gap: unchanged lines that are
    left out stand here."""

    kind: Literal["same", "added", "removed", "gap"]
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A text against the task's. added, removed: numbers of lines. note: what is to be said of it, for people."""

    pieces: tuple[Piece, ...] = ()
    added: int = 0
    removed: int = 0
    note: str = ""


def marked(original: str, changed: str, most: int) -> Marked:
    """What was made of a task's text. Whole where it has room in `most` characters, else the changes with a few lines
    around them, and of these the first."""
    if max(original.count("\n"), changed.count("\n")) > _MOST_LINES:
        cut = bounded(changed, most)
        note = "Too long to be compared with the task: no line is marked." + (f" {cut.note}." if cut.note else "")
        return Marked((Piece("same", cut.text),), note=note)
    fits = len(original) + len(changed) <= 2 * most
    lines = unified(original, changed, "", "", context=_EVERYTHING if fits else 3)
    if not lines:
        return Marked(note="Nothing was inserted.")
    added, removed = (sum(line.kind == kind for line in lines) for kind in ("added", "removed"))
    pieces, note = _within(_pieces(lines, whole=fits), most)
    return Marked(pieces, added, removed, note if fits else f"Unchanged lines are left out. {note}".strip())


def read_inside(folder: Path, name: str | None) -> str | None:
    """The text of a file that a line of results names, None where there is none. A name that leads out of the run's
    folder is not followed: folders are passed on, and a report shows what is in its files."""
    if not name:
        return None
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return None
        return path.read_bytes().decode("utf-8", "replace")
    except (OSError, ValueError):  # a name with a NUL is a ValueError
        return None


def _pieces(lines: Iterable[DiffLine], *, whole: bool) -> Iterator[Piece]:
    for kind, group in groupby(lines, key=lambda line: line.kind):
        if kind == "hunk":
            if not whole:
                yield Piece("gap", next(iter(group)).text)
        elif kind != "file":
            yield Piece(kind, "\n".join(line.text for line in group))


def _within(pieces: Iterable[Piece], most: int) -> tuple[tuple[Piece, ...], str]:
    kept: list[Piece] = []
    room, left_out = most, 0
    for piece in pieces:
        cut = bounded(piece.text, room)
        left_out += cut.left_out
        room -= len(cut.text)
        if cut.text:
            kept.append(Piece(piece.kind, cut.text))
    return tuple(kept), f"{left_out:,} characters more are not shown." if left_out else ""
