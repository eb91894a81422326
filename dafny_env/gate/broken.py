"""Originals that do not parse: a hint of several lines lost its first line, and the rest was left behind.

The candidate is then compared token by token. Besides whole pieces, the first part of an `invariant`, `assert` or
`decreases` may be left out, up to the start of one of its lines: what is left must stand in the original as it is."""

from __future__ import annotations

from dafny_env.gate.align import Piece, Pieces
from dafny_env.gate.flat import Flat
from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk

_NEVER_LEFT_BEHIND = frozenset(
    """requires ensures reads modifies returns return print method function lemma predicate class var while
    := :| new""".split()  # noqa: SIM905
)
"""Not inside the expression of a hint: what is left of one must not take in code or specifications that follow it. The
block behind `by` is known to be a proof, whatever it holds."""


def broken_pieces(flat: Flat, pieces: Pieces) -> Pieces:
    """The pieces of a flat sequence without structure, with the first parts of its hints."""
    by_start = {start: list(options) for start, options in pieces.by_start.items()}
    whole = {(start, p.end) for start, options in pieces.by_start.items() for p in options if p.refusal is None}
    text = flat.program.text
    for node in walk(flat.program):
        if not isinstance(node, ast.Assert | ast.Clause):
            continue
        found = flat.range_of(node)
        if found is None or found not in whole:
            continue
        start, end = found
        block = flat.range_of(node.by) if isinstance(node, ast.Assert) and node.by is not None else None
        hint = block[0] if block else end
        for middle in range(start + 1, end):
            place = flat.places[middle]
            begins_line = not text[text.rfind("\n", 0, place) + 1 : place].strip()
            if begins_line and not _NEVER_LEFT_BEHIND & set(flat.items[middle : max(middle, hint)]):
                by_start.setdefault(start, []).append(Piece(middle))
    return Pieces(by_start, pieces.turned)
