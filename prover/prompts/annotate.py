"""What the verifier said, written into the text that it said it of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prover.prompts.view import COMMENT, Language

MOST_LINES, MOST_CHARACTERS = 8, 600
"""Of one message."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A message about a place: line from 1 in the text, column from 0; None where it is not told."""

    line: int
    message: str
    column: int | None = None


def annotate(text: str, remarks: Iterable[Remark], language: Language) -> str:
    """The text with each message as comments under its line. Messages about places outside of the text come at its
    nearest end; equal ones are told once."""
    lines = text.split("\n")
    under: dict[int, list[Remark]] = {}
    for remark in dict.fromkeys(remarks):
        under.setdefault(min(max(remark.line, 1), len(lines)), []).append(remark)
    told: list[str] = []
    for nth, line in enumerate(lines, 1):
        told.append(line)
        indent = line[: len(line) - len(line.lstrip())]
        for remark in under.get(nth, ()):
            told += (f"{indent}{COMMENT[language]} {part}" for part in _parts(remark, line))
    return "\n".join(told)


def _parts(remark: Remark, line: str) -> list[str]:
    place = ""
    if remark.column is not None and 0 < remark.column < len(line):
        rest = line[remark.column :].strip()
        if rest and rest != line.strip():
            place = f" at `{rest if len(rest) <= 40 else rest[:37] + '...'}`"
    message = "".join(c if c == "\n" or c.isprintable() else " " for c in remark.message.replace("\r", "\n"))
    if len(message) > MOST_CHARACTERS:
        message = message[: MOST_CHARACTERS - 4].rstrip() + " ..."
    first, *rest_lines = [part.rstrip() for part in message.strip().split("\n") if part.strip()] or [""]
    if len(rest_lines) >= MOST_LINES:
        rest_lines = [*rest_lines[: MOST_LINES - 2], "..."]
    return [f"ERROR{place}: {first}", *(f"  {part}" for part in rest_lines)]
