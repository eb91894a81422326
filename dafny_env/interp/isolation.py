"""Reading comparisons: which names occur, and solving a comparison for one variable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk

NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "!=": "==", "!in": "in", "notin": "in"}
"""The comparison that is true where another is false."""

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}
"""The comparison with its sides exchanged."""


def subtrees(node: Any) -> Iterator[ast.Node]:
    """All nodes of a tree, itself included; of a list or tuple, those of its elements."""
    if isinstance(node, ast.Node):
        yield from walk(node)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from subtrees(item)


def mentions(node: Any) -> set[str]:
    """All names occurring in a tree, bound ones included."""
    return {item.id for item in subtrees(node) if isinstance(item, ast.Name)}


def isolate(left: ast.Expr, op: str, right: ast.Expr, v: str) -> tuple[str, ast.Expr, bool] | None:
    """Bring `left op right` into the form `v op' bound`, or weaken it to that. The flag says that no arithmetic was
    done."""
    direct = True
    while not isinstance(left, ast.Name):
        direct = False
        if isinstance(left, ast.Tuple) and len(left.items) == 1:
            left = left.items[0]
        elif isinstance(left, ast.Unary) and left.op == "-":
            left, right, op = left.operand, ast.Unary("-", right), FLIPPED[op]
        elif isinstance(left, ast.Binary):
            step = _undo(left, op, right, v)
            if step is None:
                return None
            left, op, right = step
        else:
            return None
    return (op, right, direct) if left.id == v else None


def _undo(term: ast.Binary, op: str, right: ast.Expr, v: str) -> tuple[ast.Expr, str, ast.Expr] | None:
    """Move the operand of `term` that is free of `v` to the other side."""
    here = v in mentions(term.left)
    if here == (v in mentions(term.right)):
        return None
    rest, other = (term.left, term.right) if here else (term.right, term.left)
    if term.op == "+":
        return rest, op, _minus(right, other)
    if term.op == "-":
        return (rest, op, ast.Binary("+", right, other)) if here else (rest, FLIPPED[op], _minus(other, right))
    if term.op == "*" and isinstance(other, ast.Literal) and type(other.value) is int and other.value > 0:
        return rest, op, _scaled(op, right, other)
    return None


def _minus(a: ast.Expr, b: ast.Expr) -> ast.Expr:
    return ast.Binary("-", a, b)


def _scaled(op: str, right: ast.Expr, factor: ast.Literal) -> ast.Expr:
    """The bound on `x` from `factor * x op right`, by Euclidean division."""
    quotient = ast.Binary("/", right, factor)
    if op in ("<=", ">", "=="):
        # x <= right / k exactly; x > right / k because k*x > right >= k*(right/k); an equation can only hold at the
        # quotient
        return quotient
    # k*x < right and k*x >= right: round up
    return ast.Binary("/", ast.Binary("+", right, ast.Binary("-", factor, ast.Literal("int", 1))), factor)
