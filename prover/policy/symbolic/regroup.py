"""Products and concatenations of a statement with one part's definition put in, regrouped by one step: what induction
over powers, sums, factorials and reversals needs said, because solvers take such terms as they stand.

For `F(m) * F(n)` with `F(m) == b * F(m - 1)`: `(b * F(m - 1)) * F(n) == b * (F(m - 1) * F(n))`; for a sum in place of
the product, its distribution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk
from prover.policy.symbolic.instantiate import unfold
from prover.policy.symbolic.view import printed

MAX_IDENTITIES = 12


def regrouped(exprs: Iterable[ast.Expr], table: TypeTable) -> list[str]:
    """Identities, under the conditions of the branch that they come from; true wherever they are defined."""
    found: dict[str, None] = {}
    for expr in exprs:
        for node in walk(expr):
            if isinstance(node, ast.Binary) and node.op == "+":
                for text in _joined(node, table):
                    found[text] = None
            if isinstance(node, ast.Binary) and node.op == "*":
                for own, other in ((node.left, node.right), (node.right, node.left)):
                    for text in _unfolded(own, other, table):
                        found[text] = None
    return list(found)[:MAX_IDENTITIES]


def _joined(node: ast.Binary, table: TypeTable) -> Iterator[str]:
    """`t + (F(s[1..]) + [s[0]]) == (t + F(s[1..])) + [s[0]]` for `t + F(s)`, and the like: solvers take concatenations
    as they stand, too."""
    for own, front in ((node.right, False), (node.left, True)):
        if not isinstance(own, ast.Call) or not isinstance(own.function, ast.Name):
            continue
        function = table.functions.get(own.function.id)
        result = table.resolve(function.result) if function is not None else None
        if result is None or result.name not in ("seq", "string"):
            continue
        for conditions, body in unfold(own, table):
            if isinstance(body, ast.Binary) and body.op == "+":
                if front:
                    new = ast.Binary("+", body.left, ast.Binary("+", body.right, node.right))
                    old = ast.Binary("+", body, node.right)
                else:
                    new = ast.Binary("+", ast.Binary("+", node.left, body.left), body.right)
                    old = ast.Binary("+", node.left, body)
                guard = " && ".join(f"({printed(c)})" for c in conditions)
                equation = printed(ast.Binary("==", old, new))
                yield f"{guard} ==> {equation}" if guard else equation


def _unfolded(own: ast.Expr, other: ast.Expr, table: TypeTable) -> Iterator[str]:
    if not isinstance(own, ast.Call):
        return
    for conditions, body in unfold(own, table):
        match body:
            case ast.Binary(op="*", left=left, right=right):
                new: ast.Expr = ast.Binary("*", left, ast.Binary("*", right, other))
            case ast.Binary(op="+" | "-" as op, left=left, right=right):
                new = ast.Binary(op, ast.Binary("*", left, other), ast.Binary("*", right, other))
            case _:
                continue
        equation = ast.Binary("==", ast.Binary("*", body, other), new)
        guard = " && ".join(f"({printed(c)})" for c in conditions)
        yield f"{guard} ==> {printed(equation)}" if guard else printed(equation)
