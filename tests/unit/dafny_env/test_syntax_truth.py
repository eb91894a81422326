"""What expressions come to on their face."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syntax_strategies import EXPRESSIONS

from dafny_env.syntax import ast as A
from dafny_env.syntax.parser import parse_expression
from dafny_env.syntax.truth import is_false, truth


def expression(text: str) -> A.Expr:
    found = parse_expression(text)
    assert isinstance(found, A.Expr), found
    return found


@pytest.mark.parametrize(
    "text",
    [
        "false", "!true", "n > 0 && false", "false || 1 > 2", "true ==> false", "false <== true", "true <==> false",
        "P(x) && !P(x)", "!P(x) && Q && P(x)", "!!P && !P", "a == b && b != a", "x in s && x !in s",
        "x < y && y < x", "x < y <= x", "x < y && x == y", "P && Q && !(Q && P)", "0 <= x < y && !(0 <= x < y)",
        "a > b && b >= a",
        "x != x", "s < s", "f(x) > f(x)", "1 == 2", "2 < 1", "1 + 1 == 3", "-1 > 0", "0x10 != 16", "1.5 < 0.5",
        "|s| < 0", "0 > |s|", "|s| == -1", "|s| + |t| < 0", "2 * |s| <= -1", "0 <= |s| < 0",
        "forall x: int :: false", "forall x: int :: x != x", "exists x :: false", "exists x | false :: P(x)",
        "!(exists x: int | x != x :: P(x)) ==> false",
        "if true then false else P", "if P then false else 1 > 2", "var y := x; y != y", "assert P; false",
        "x in {}", "x in []", "'a' == 'b'", '"a" == "b"', "true == false", "!(x == x)",
    ],
)  # fmt: skip
def test_false_on_its_face(text: str) -> None:
    assert truth(expression(text)) is False
    assert is_false(expression("P"), expression(text))


@pytest.mark.parametrize(
    "text",
    [
        "x > 0", "x == x", "P && Q", "P || !P", "P ==> false", "|s| <= 0", "|s| == 0", "|s| - |t| < 0",
        "x < y && y < z",
        "forall x | P(x) :: false", "forall x :: P(x)", "exists x :: x == x", "x in {y}", "a <= b && b <= a", "n < 0",
        "1 < x", "P && !Q", "if P then false else Q", "1e9999999999 < 0.0", "false ==> false", "!(x != x)",
        "a.Length < 0", "old(x) < x",
    ],
)  # fmt: skip
def test_nothing_is_called_false_that_is_not(text: str) -> None:
    assert truth(expression(text)) is not False


def test_clauses_are_read_together() -> None:
    assert is_false(expression("P"), expression("Q"), expression("!P"))
    assert not is_false(expression("P"), expression("!Q"))
    assert not is_false()


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS)
def test_any_expression_gets_an_answer(expr: A.Expr) -> None:
    assert truth(expr) in (True, False, None)
    assert truth(A.Binary("&&", expr, A.Unary("!", expr))) is False


# ------------------------------------------------------------------------------- against all values of a few variables

NUMBERS = st.recursive(
    st.sampled_from([A.Name("x"), A.Name("y"), A.Cardinality(A.Name("s")), *(A.Literal("int", n) for n in range(3))]),
    lambda e: st.one_of(st.builds(A.Binary, st.sampled_from("+-*"), e, e), st.builds(lambda n: A.Unary("-", n), e)),
    max_leaves=4,
)
COMPARISONS = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge
}  # fmt: skip
BOOLEANS = st.recursive(
    st.one_of(
        st.sampled_from([A.Name("p"), A.Name("q"), A.Literal("bool", True), A.Literal("bool", False)]),
        st.builds(A.Binary, st.sampled_from(sorted(COMPARISONS)), NUMBERS, NUMBERS),
    ),
    lambda e: st.one_of(
        st.builds(A.Binary, st.sampled_from(["&&", "||", "==>", "<==", "<==>"]), e, e),
        st.builds(lambda o: A.Unary("!", o), e),
        st.builds(A.IfExpr, e, e, e),
    ),
    max_leaves=8,
)


def value(expr: A.Expr, of: Mapping[str, int]) -> int:
    match expr:
        case A.Literal(value=literal):
            return int(literal or 0)
        case A.Name(id=name) | A.Cardinality(operand=A.Name(id=name)):
            return of[name]
        case A.Unary(op=op, operand=operand):
            return -value(operand, of) if op == "-" else not value(operand, of)
        case A.IfExpr(cond=cond, then=then, orelse=orelse):
            return value(then if value(cond, of) else orelse, of)
        case A.Binary(op=op, left=left, right=right):
            a, b = value(left, of), value(right, of)
            arithmetic = {"+": a + b, "-": a - b, "*": a * b}
            logic = {"&&": a and b, "||": a or b, "==>": not a or b, "<==": a or not b, "<==>": a == b}
            return COMPARISONS[op](a, b) if op in COMPARISONS else (arithmetic | logic)[op]
    raise AssertionError(expr)


@settings(max_examples=400, deadline=None)
@given(BOOLEANS)
def test_what_is_said_holds_for_all_values(expr: A.Expr) -> None:
    said = truth(expr)
    if said is not None:
        for p, q, x, y, s in product((0, 1), (0, 1), (-2, 0, 1, 3), (-1, 0, 2), (0, 2)):
            assert bool(value(expr, {"p": p, "q": q, "x": x, "y": y, "s": s})) is said
