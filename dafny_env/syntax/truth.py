"""What an expression comes to on its face: from literals, equal sides and plain contradictions, without types, a solver
or the program around it. Sound as far as it says anything, and far from complete."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

from dafny_env.syntax import ast
from dafny_env.syntax.walk import conjuncts

_ORDERED = {"<": "<", "<=": "<=", ">": "<", ">=": "<="}
_TURNED = (">", ">=")
_REFLEXIVE = {"==": True, "<=": True, ">=": True, "!=": False, "<": False, ">": False}
_EMPTY = (ast.SetDisplay, ast.SeqDisplay, ast.MapDisplay)

_Bounds = tuple[Fraction | None, Fraction | None]
"""Least and greatest value of a number; None where there is no bound."""


def is_false(*exprs: ast.Expr) -> bool:
    """Whether the expressions together are False on their face."""
    return bool(exprs) and truth(reduce(lambda left, right: ast.Binary("&&", left, right), exprs)) is False


def truth(expr: ast.Expr) -> bool | None:
    """What a Boolean expression is on its face; None where that cannot be told. Every type is taken to have values."""
    match expr:
        case ast.Literal(kind="bool", value=value):
            return value is True
        case ast.Unary(op="!", operand=operand):
            return _not(truth(operand))
        case ast.Binary(op="&&") | ast.Chain():
            return _conjunction(conjuncts(expr))
        case ast.Binary(op="||", left=left, right=right):
            return _or(truth(left), truth(right))
        case ast.Binary(op="==>", left=left, right=right) | ast.Binary(op="<==", left=right, right=left):
            return _or(_not(truth(left)), truth(right))
        case ast.Binary(op="<==>", left=left, right=right):
            return True if left == right else _same(truth(left), truth(right))
        case ast.Binary(op="in" | "!in" as op, right=ast.Expr() as right) if isinstance(right, _EMPTY):
            return None if right.items else op == "!in"
        case ast.Binary():
            return _comparison(expr)
        case ast.IfExpr(cond=cond, then=then, orelse=orelse):
            known = None if expr.binder else truth(cond)
            return _branches(truth(then), truth(orelse)) if known is None else truth(then if known else orelse)
        case ast.Quantifier():
            return _quantifier(expr)
        case ast.Let(body=body, failing=False) | ast.StmtExpr(body=body):
            return truth(body)
    return None


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _or(left: bool | None, right: bool | None) -> bool | None:
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def _same(left: bool | None, right: bool | None) -> bool | None:
    return None if left is None or right is None else left == right


def _branches(left: bool | None, right: bool | None) -> bool | None:
    return left if left == right else None


def _quantifier(expr: ast.Quantifier) -> bool | None:
    body = truth(expr.body)
    parts = (expr.range, *(part for v in expr.vars for part in (v.range, v.domain)))
    if any(part is not None and truth(part) is False for part in parts):
        return expr.kind == "forall"
    if expr.kind == "exists":
        return False if body is False else None
    if body is False:
        return False if all(part is None for part in parts) else None
    return body


# --------------------------------------------------------------------------------------------------------- comparisons


def _comparison(expr: ast.Binary) -> bool | None:
    op, left, right = expr.op, expr.left, expr.right
    if left == right and op in _REFLEXIVE:
        return _REFLEXIVE[op]
    match left, right:
        case (ast.Literal(kind=a, value=v), ast.Literal(kind=b, value=w)) if a == b and a not in ("int", "real"):
            return (v == w) == (op == "==") if op in ("==", "!=") else None
    first, second = _bounds(left), _bounds(right)
    if first is None or second is None:
        return None
    if op in _TURNED:
        first, second = second, first
    match _ORDERED.get(op, op):
        case "<":
            return True if _less(first, second) else False if _at_most(second, first) else None
        case "<=":
            return True if _at_most(first, second) else False if _less(second, first) else None
        case "==" | "!=":
            if _less(first, second) or _less(second, first):
                return op == "!="
            return op == "==" if _exact(first) and first == second else None
    return None


def _bounds(expr: ast.Expr) -> _Bounds | None:
    """What is known of a number without knowing any variable; None for anything that may be no integer or real."""
    match expr:
        case ast.Literal(kind="int" | "real", value=value):
            number = _number(value)
            return None if number is None else (number, number)
        case ast.Cardinality():
            return Fraction(0), None
        case ast.Unary(op="-", operand=operand):
            found = _bounds(operand)
            return None if found is None else (_negated(found[1]), _negated(found[0]))
        case ast.Binary(op="+" | "-" | "*" as op, left=left, right=right):
            first, second = _bounds(left), _bounds(right)
            if first is None or second is None:
                return None
            if op == "*":
                return _product(first, second)
            if op == "-":
                second = (_negated(second[1]), _negated(second[0]))
            return _sum(first[0], second[0]), _sum(first[1], second[1])
    return None


def _number(value: object) -> Fraction | None:
    """The value of a literal; reals keep their text. Exponents are left alone: a power of ten may fill the memory."""
    if isinstance(value, int):
        return Fraction(value)
    try:
        return Fraction(str(value).replace("_", "")) if "e" not in str(value).lower() else None
    except ValueError:
        return None


def _negated(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value


def _sum(left: Fraction | None, right: Fraction | None) -> Fraction | None:
    return None if left is None or right is None else left + right


def _product(left: _Bounds, right: _Bounds) -> _Bounds | None:
    """Of numbers that are known, or not negative."""
    if left[0] is None or right[0] is None:
        return None
    if (_exact(left) and _exact(right)) or (left[0] >= 0 and right[0] >= 0):
        high = left[1] * right[1] if left[1] is not None and right[1] is not None else None
        return left[0] * right[0], high
    return None


def _exact(bounds: _Bounds) -> bool:
    return bounds[0] is not None and bounds[0] == bounds[1]


def _less(left: _Bounds, right: _Bounds) -> bool:
    return left[1] is not None and right[0] is not None and left[1] < right[0]


def _at_most(left: _Bounds, right: _Bounds) -> bool:
    return left[1] is not None and right[0] is not None and left[1] <= right[0]


# ------------------------------------------------------------------------------------------------------ contradictions

_Said = tuple[bool, tuple[str, ast.Expr, ast.Expr]]
"""Whether an atom holds, and the atom: an operator with its sides, or any other expression twice."""


def _conjunction(parts: tuple[ast.Expr, ...]) -> bool | None:
    values = [truth(part) for part in parts]
    if False in values or _contradict(parts):
        return False
    return True if all(value is True for value in values) else None


def _contradict(parts: Sequence[ast.Expr]) -> bool:
    """Whether one part is the negation of others, or excludes one: `P && !P`, `P && Q && !(P && Q)`, `a < b && b <= a`,
    `a < b && a == b`. Holds for partial orders (sets, sequences) as well."""
    held: set[_Said] = set()
    for part in parts:
        held |= _ways_to_say(part)
    for part in parts:
        operand = part.operand if isinstance(part, ast.Unary) and part.op == "!" else None
        if operand is not None and all(_said(inner) in held for inner in conjuncts(operand)):
            return True
    for positive, (op, left, right) in held:
        if (not positive, (op, left, right)) in held:
            return True
        if positive and op == "<" and any((True, (other, right, left)) in held for other in ("<", "<=", "==")):
            return True
    return False


def _ways_to_say(part: ast.Expr) -> set[_Said]:
    positive, (op, left, right) = _said(part)
    return {(positive, (op, left, right)), (positive, (op, right, left) if op == "==" else (op, left, right))}


def _said(expr: ast.Expr) -> _Said:
    """An expression as an atom that holds or does not."""
    positive = True
    while isinstance(expr, ast.Unary) and expr.op == "!":
        positive, expr = not positive, expr.operand
    if not isinstance(expr, ast.Binary):
        return positive, ("", expr, expr)
    op, left, right = expr.op, expr.left, expr.right
    if op in ("!=", "!in"):
        return not positive, ("==" if op == "!=" else "in", left, right)
    if op in _TURNED:
        return positive, (_ORDERED[op], right, left)
    return positive, (op, left, right)
