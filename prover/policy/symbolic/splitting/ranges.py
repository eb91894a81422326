"""What a quantified fact asks for when its range grows by one: the instance at the new end."""

from __future__ import annotations

from collections.abc import Sequence

from dafny_env.syntax import ast
from dafny_env.syntax.walk import conjuncts, links, substitute, transform
from prover.policy.symbolic.splitting.parts import plus_one
from prover.policy.symbolic.splitting.paths import selected


def grown(formula: ast.Expr, known: Sequence[ast.Expr]) -> ast.Expr:
    """For `forall k :: 0 <= k < i + 1 ==> P(k)`, where the same is known up to i: `P(i)`; else the formula."""
    if not isinstance(formula, ast.Quantifier) or formula.kind != "forall" or len(formula.vars) != 1:
        return formula
    name = formula.vars[0].name
    mine = _split(formula)
    for fact in known:
        if not isinstance(fact, ast.Quantifier) or fact.kind != "forall" or len(fact.vars) != 1:
            continue
        renamed = substitute(ast.Quantifier("forall", (), None, _whole(fact)), {fact.vars[0].name: ast.Name(name)})
        assert isinstance(renamed, ast.Quantifier)
        theirs = _split(ast.Quantifier("forall", formula.vars, None, renamed.body))
        instance = _new_end(mine[0], theirs[0], name)
        if instance is not None and _shape(mine[1]) == _shape(theirs[1]):
            return transform(substitute(mine[1], {name: instance}), selected)
    return formula


def _whole(fact: ast.Quantifier) -> ast.Expr:
    return fact.body if fact.range is None else ast.Binary("==>", fact.range, fact.body)


def _split(fact: ast.Quantifier) -> tuple[list[ast.Binary], ast.Expr]:
    """The comparisons of a quantifier's range, and its conclusion."""
    body = _whole(fact)
    ranges: list[ast.Binary] = []
    while isinstance(body, ast.Binary) and body.op == "==>":
        for part in conjuncts(body.left):
            ranges += [part] if isinstance(part, ast.Binary) else links(part) if isinstance(part, ast.Chain) else []
        body = body.right
    return ranges, body


def _shape(expr: ast.Expr) -> str:
    """Which relation a conclusion is."""
    return expr.op if isinstance(expr, ast.Binary) else type(expr).__name__


def _new_end(mine: Sequence[ast.Binary], theirs: Sequence[ast.Binary], name: str) -> ast.Expr | None:
    """Where a range goes beyond another one by a single value."""
    here = ast.Name(name)
    for wide in mine:
        for narrow in theirs:
            if wide.op != narrow.op or wide == narrow:
                continue
            match wide.op, wide.left, wide.right, narrow.left, narrow.right:
                case "<", left, high, other, low if left == other == here and plus_one(low) == high:
                    return low
                case "<=", left, high, other, low if left == other == here and plus_one(low) == high:
                    return high
                case "<=", low, right, high, other if right == other == here and plus_one(low) == high:
                    return low
    return None
