"""A tree as one sequence: its tokens, with a bracket where each node starts and ends.

Two files whose sequences are equal have the same tokens *and* the same structure. Tokens alone are not enough:
`x * assert P; y + z` without its assertion has the tokens of `x * y + z`, and another value.
"""

from __future__ import annotations

from dataclasses import dataclass

from dafny_env.syntax import ast
from dafny_env.syntax.tokens import Token, tokenize
from dafny_env.syntax.walk import children

_TRANSPARENT = (ast.Program, ast.StmtExpr, ast.Labelled)
"""Nodes without brackets: what they put in front of a statement or expression can be taken away alone."""


@dataclass(frozen=True, slots=True)
class Flat:
    """items: token texts and brackets (which start with a NUL, as no token does). places: the character offset of each
    item. ranges: the half-open item range of each node, brackets included, by `id` (the tree must be kept alive)."""

    program: ast.Program
    items: list[str]
    places: list[int]
    ranges: dict[int, tuple[int, int]]

    def range_of(self, node: ast.Node) -> tuple[int, int] | None:
        """The item range of a node; None for one without a place in the source."""
        return self.ranges.get(id(node))

    def first_token(self, node: ast.Node) -> int | None:
        """The index of a node's first token."""
        found = self.ranges.get(id(node))
        if found is None:
            return None
        return next((k for k in range(*found) if not self.items[k].startswith("\0")), None)


def _marks(kind: type[ast.Node]) -> tuple[str, str]:
    # A fact taken and a fact proved have the same shape, so that one may become the other.
    name = "Assert" if kind is ast.Assume else kind.__name__
    return f"\0<{name}", f"\0>{name}"


_BRACKETS: dict[type, tuple[str, str]] = {
    kind: _marks(kind)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.Node) and not issubclass(kind, _TRANSPARENT)
}


def flatten(program: ast.Program, *, structure: bool = True) -> Flat:
    """The sequence of a program; without `structure` the tokens alone (ranges are known all the same)."""
    tokens = tokenize(program.text)
    items: list[str] = []
    places: list[int] = []
    ranges: dict[int, tuple[int, int]] = {}
    taken = 0
    stack: list[ast.Node | tuple[ast.Node, int]] = [program]
    while stack:
        top = stack.pop()
        if isinstance(top, tuple):
            node, begin = top
            taken = _take(tokens, taken, node.span.end, items, places)
            marks = _BRACKETS.get(type(node))
            if structure and marks:
                items.append(marks[1])
                places.append(node.span.end)
            ranges[id(node)] = (begin, len(items))
            continue
        if isinstance(top, ast.SyntaxProblem):
            continue
        start, end = top.span
        if start >= 0 and end > start:
            taken = _take(tokens, taken, start, items, places)
            stack.append((top, len(items)))
            marks = _BRACKETS.get(type(top))
            if structure and marks:
                items.append(marks[0])
                places.append(start)
        stack.extend(reversed(children(top)))
    _take(tokens, taken, len(program.text) + 1, items, places)
    return Flat(program, items, places, ranges)


def _take(tokens: list[Token], taken: int, before: int, items: list[str], places: list[int]) -> int:
    """Emit the tokens that start before an offset."""
    while taken < len(tokens) and tokens[taken].start < before:
        items.append(tokens[taken].text)
        places.append(tokens[taken].start)
        taken += 1
    return taken
