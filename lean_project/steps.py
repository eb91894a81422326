"""Goals and steps of Lean files: what is left to prove, and how a step's text comes to stand in the place of a `sorry`.

A goal is one `sorry` of a text that ends with the declaration around it, so that nothing behind it is elaborated again
and again. A step puts tactics in its place, and states lemmas in front of the declaration; each `sorry` in either is a
subgoal."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from lean_project.driver.types import Hypothesis
from lean_project.syntax.commands import commands
from lean_project.syntax.holes import Hole, sorries
from lean_project.syntax.source import Edit, indented
from lean_project.syntax.tokens import Kind, tokenize
from search.ports import Step

_BEFORE_TERM = frozenset([":=", "=>", "from"])
_ONE_LINE = frozenset(["<;>", ";", "|", "first", "try", "repeat", "all_goals", "any_goals"])
"""What a tactic may follow in the middle of a line, where several need parentheses."""


@dataclass(frozen=True, slots=True)
class LeanGoal:
    """A `sorry` to be replaced.

    text: the file up to the end of the unit (a declaration, or the `mutual` block around it) that holds the `sorry`,
    with the helpers that are visible there. start: offset of the `sorry`. unit: offset of the unit's start: lemmas go
    there. declaration: its name, for people. hypotheses, target, case: as Lean prints them.
    """

    text: str
    start: int
    unit: int
    declaration: str
    hypotheses: tuple[Hypothesis, ...] = ()
    target: str = ""
    case: str | None = None

    @property
    def prefix(self) -> str:
        """What stands in front of the unit: all that a proof may refer to, besides itself."""
        return self.text[: self.unit]


@dataclass(frozen=True, slots=True)
class LeanStep:
    """What a policy proposes. body: tactics, one a line, the first at column 0. helpers: lemmas for in front of the
    declaration, at column 0. Either may hold `sorry`."""

    body: str
    helpers: str = ""


def as_step(payload: LeanStep, kind: str) -> Step:
    """A step of the search; equal texts have equal keys."""
    shown = f"{payload.helpers}\n\n{payload.body}" if payload.helpers else payload.body
    return Step(f"{payload.helpers}\0{payload.body}", shown, kind, payload)


@dataclass(frozen=True, slots=True)
class Placed:
    """A goal's text with a step in it. regions: where the step's own text stands, helpers first (start, end)."""

    text: str
    regions: tuple[tuple[int, int], ...]

    def inside(self, offset: int) -> bool:
        """Whether an offset is in the step's own text."""
        return any(start <= offset < end for start, end in self.regions)

    @property
    def holes(self) -> tuple[Hole, ...]:
        """What the step leaves open, in the order of the text."""
        return tuple(h for h in sorries(self.text) if self.inside(h.start))


def place(text: str, start: int, unit: int, step: LeanStep) -> Placed:
    """Put a step in the place of the `sorry` at offset `start`, its helpers at offset `unit`.

    Raises ValueError where there is no `sorry` at `start`.
    """
    hole = next((h for h in sorries(text) if h.start == start), None)
    if hole is None:
        raise ValueError(f"no sorry at offset {start}")
    helpers = f"{step.helpers.strip(chr(10))}\n\n" if step.helpers.strip() else ""
    edit = fitted(text, hole, step.body)
    filled = text[:unit] + helpers + text[unit : edit.start] + edit.text + text[edit.end :]
    shift = len(helpers)
    inserted = (edit.start + shift, edit.start + shift + len(edit.text))
    return Placed(filled, ((unit, unit + shift), inserted) if helpers else (inserted,))


def fitted(text: str, hole: Hole, body: str) -> Edit:
    """The edit that puts tactics in the place of a `sorry`."""
    begin, inserted = _body(text, hole, body.strip("\n"))
    return Edit(begin, hole.end, inserted)


def _body(text: str, hole: Hole, body: str) -> tuple[int, str]:
    """Where the replaced text begins, and what is put there: lines under one another, where the `sorry` stood or
    indented under its line."""
    before = text[: hole.start].rstrip()
    word = _last_word(before)
    alone = text[hole.end :].split("\n", 1)[0].strip() == ""
    under = _under(text, hole)
    if hole.position == "term":
        inner = f"by\n{' ' * under}{indented(body, under)}"
        open_ = alone and any(before.endswith(w) for w in _BEFORE_TERM)
        if open_ and before.endswith(":=") and text[len(before) : hole.start].strip(" ") == "\n":
            return len(before), " " + inner
        return hole.start, inner if open_ else f"({inner})"
    if hole.starts_line:
        return hole.start, indented(body, hole.column)
    if "\n" not in body:
        return hole.start, body
    if alone and word in ("by", "=>"):
        return len(before), f"\n{' ' * under}{indented(body, under)}"
    if word in _ONE_LINE or not alone:
        return hole.start, f"({indented(body, hole.column + 1)})"
    return hole.start, indented(body, hole.column)


def _under(text: str, hole: Hole) -> int:
    """The column of lines under the one of the hole: right of where that line begins, and where it is a step of a
    `calc`, right of the first word of that step (Lean looks there) and of the step below it, which would belong to the
    proof otherwise."""
    if hole.starts_line:
        return hole.indentation
    under = hole.indentation + 2
    line_start = hole.start - hole.column
    words = [t for t in tokenize(text[line_start : hole.start]) if t.kind is not Kind.COMMENT]
    firsts = [after.start for word, after in pairwise(words) if word.text == "calc"]
    under = max([under, *(first + 2 for first in firsts)])
    rest = text[hole.end :]
    below = next((t for t in tokenize(rest) if t.kind is not Kind.COMMENT), None)
    if below is None or "\n" not in rest[: below.start]:
        return under
    column = below.start - rest.rfind("\n", 0, below.start) - 1
    return max(under, column + 2) if column > hole.indentation else under


def _last_word(before: str) -> str:
    tail = before[-12:].split()
    return tail[-1] if tail else ""


def unit_of(text: str, offset: int) -> tuple[int, int]:
    """Start and end of the declaration around an offset, or of the `mutual` block around that; the place itself where
    there is none."""
    found = (offset, offset)
    block: int | None = None
    depth = 0
    for command in commands(text):
        if command.keyword == "mutual" and depth == 0:
            block, depth = command.start, 1
        elif block is not None and command.keyword in ("namespace", "section", "mutual"):
            depth += 1
        elif block is not None and command.keyword == "end":
            depth -= 1
            if depth == 0:
                if block <= offset < command.end:
                    return block, command.end
                block = None
        if command.start <= offset < command.end:
            found = (command.start, command.end)
    return found if block is None else (block, len(text))
