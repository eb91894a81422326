"""Elements and lengths of parts, told of the whole: `a[..n][i]` is `a[i]`, `|a[..n]|` is `n`.

Predicates on sequences, unfolded at a part of an array, speak in such terms; told of the array itself they are easier
for solvers, and many turn out to be the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from dafny_env.syntax import ast
from dafny_env.syntax.walk import map_children


def simplified(expr: ast.Expr, arrays: Mapping[str, bool]) -> ast.Expr:
    """The formula with elements and lengths of slices of variables told of the variables. arrays: the sequences and
    arrays there are, by name; true for arrays."""

    def change(inner: ast.Node) -> ast.Node:
        inner = map_children(inner, change)
        match inner:
            case ast.Index(object=ast.Slice(object=ast.Name() as base) as part, indices=(index,)) if base.id in arrays:
                return ast.Index(base, (index if part.low is None else _plus(index, part.low),))
            case ast.Cardinality(operand=ast.Slice(object=ast.Name(id=name) as base) as part) if name in arrays:
                low, high = part.low, part.high
                whole: ast.Expr = ast.Member(base, "Length") if arrays[name] else ast.Cardinality(base)
                end = whole if high is None else high
                return end if low is None else ast.Binary("-", end, low)
        return inner

    result = change(expr)
    assert isinstance(result, ast.Expr)
    return result


def _plus(left: ast.Expr, right: ast.Expr) -> ast.Expr:
    zero = ast.Literal("int", 0)
    if zero in (left, right):
        return right if left == zero else left
    return ast.Binary("+", left, right)
