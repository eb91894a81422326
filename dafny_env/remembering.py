"""Assertions that stay known: how a thorough check is put to Dafny 2.3.

A thorough check reports every failing obligation, whatever failed before it (`/subsumption:0`). The price (measured
with 2.3): an `assert` that holds is not known behind it either, and programs whose proofs need their assertions fail.
So each plain `assert P;` is followed by `assume P;` on its line, in the text for the verifier alone; places are told as
if it were not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dafny_env.driver.types import Diagnostic, Place
from dafny_env.syntax import ast
from dafny_env.syntax.source import Edit, LineMap, apply_edits
from dafny_env.syntax.walk import children


@dataclass(frozen=True, slots=True)
class Remembering:
    """A text with additions that are nobody's business. additions: in order, by their offsets in `original`."""

    original: str
    text: str
    additions: tuple[Edit, ...]

    def told(self, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Diagnostics about `text` with their places in the original."""
        if not self.additions:
            return tuple(diagnostics)
        before, after = LineMap(self.text), LineMap(self.original)

        def place(p: Place) -> Place:
            if p.file is not None:
                return p
            line, column = after.position(self._original(before.offset(p.line, p.column)))
            return Place(line, column)

        return tuple(
            replace(d, place=place(d.place), related=tuple((place(p), text) for p, text in d.related))
            for d in diagnostics
        )

    def _original(self, offset: int) -> int:
        moved = 0
        for addition in self.additions:
            if offset < addition.start + moved:
                break
            if offset < addition.start + moved + len(addition.text):
                return addition.start - 1  # the assertion itself
            moved += len(addition.text)
        return offset - moved


def remember(text: str, program: ast.Program, start: int = 0) -> Remembering:
    """The text with every plain assertion of its statements assumed behind it. program: the tree of the part of the
    text from `start` on."""
    additions = []
    for stmt in _assertions(program):
        fact = program.text[stmt.expr.span.start : stmt.expr.span.end]
        if "//" not in fact and "/*" not in fact:
            one_line = fact.replace("\r", " ").replace("\n", " ")
            additions.append(Edit(stmt.span.end + start, stmt.span.end + start, f" assume {one_line};"))
    additions.sort()
    return Remembering(text, apply_edits(text, additions), tuple(additions))


def _assertions(program: ast.Program) -> Iterator[ast.Assert]:
    stack: list[ast.Node] = [program]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Assert) and node.by is None and node.label is None:
            yield node
        stack.extend(c for c in children(node) if not isinstance(c, ast.Expr | ast.Clause | ast.SyntaxProblem))
