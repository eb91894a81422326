"""What expressions evaluate to, and how the interpreter says that they have no value or that it cannot tell."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafny_env.interp.operators import euclidean_div, euclidean_mod
from dafny_env.interp.outcome import Failure, OutOfFuel, Stuck, Unsupported
from dafny_env.interp.trace import Tracer
from dafny_env.interp.values import Data, Map, Multiset, Value, render
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse, parse_expression

PRELUDE = """
datatype List = Nil | Cons(head: int, tail: List)
datatype Queue = Queue(front: List, back: List) {
  function Both(): int { Len(front) + Len(back) }
  predicate Fresh() { front.Nil? }
}
type Even = x: int | x % 2 == 0
const LIMIT := 7
function Len(l: List): nat { match l case Nil => 0 case Cons(_, t) => 1 + Len(t) }
function Sum(s: seq<int>): int { if s == [] then 0 else s[0] + Sum(s[1..]) }
function Half(n: nat): nat requires n % 2 == 0 { n / 2 }
function Down(n: int): int { Down(n - 1) }
function Any(s: set<int>): int requires s != {} { var x :| x in s; x }
function Count(s: seq<char>, c: char): nat { if s == [] then 0 else (if s[0] == c then 1 else 0) + Count(s[1..], c) }
function Unknown(n: int): int
predicate Apply(f: int -> bool, n: int) { f(n) }
class Box { function Same(x: int): int { x } static function Twice(x: int): int { 2 * x } }
"""


def evaluate(text: str, prelude: str = PRELUDE) -> Value | Failure:
    program = parse(prelude + "\nmethod Here() { assert true; }\n")
    assert program.problems == ()
    here = next(d for d in program.decls if isinstance(d, ast.Callable) and d.name == "Here")
    tracer = Tracer(program)
    traces = tracer.collect(here, inputs=1, seconds=30)
    ((state,),) = traces.at_assert.values()
    expr = parse_expression(text)
    assert isinstance(expr, ast.Expr), expr
    return tracer.evaluate(expr, state)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-7 / 2", -4),
        ("-7 % 2", 1),
        ("7 / -2", -3),
        ("1.5 * 2.0", Fraction(3)),
        ("LIMIT + 1", 8),
        ("[1, 2] + [3]", (1, 2, 3)),
        ('"ab"[1]', "b"),
        ("{1, 2} - {2}", frozenset({1})),
        ("7 !in [1, 2]", True),
        ("multiset([1, 1])", Multiset({1: 2})),
        ("map[1 := 2][3 := 4]", Map({1: 2, 3: 4})),
        ("map[1 := 2].Keys + map[1 := 2].Values", frozenset({1, 2})),
        ("map[1 := 2, 3 := 4] - {1}", Map({3: 4})),
        ("map[1 := 2] + map[1 := 5]", Map({1: 5})),
        ("multiset{1, 1} - multiset{1}", Multiset({1: 1})),
        ("Len(Cons(1, Cons(2, Nil)))", 2),
        ("Sum([1, 2, 3])", 6),
        ("Queue(Cons(1, Nil), Nil).Both()", 1),
        ("Queue(Nil, Nil).Fresh()", True),
        ("Any({4, 2, 9})", 2),
        ("Apply(x => x > 2, 3)", True),
        ("Box.Twice(4)", 8),
        ("seq(3, i => i * i)", (0, 1, 4)),
        ("set x, y | x in {1, 2} && y in {10} :: x + y", frozenset({11, 12})),
        ("map x | 0 <= x < 2 :: x + 1 := x", Map({1: 0, 2: 1})),
        ("set x: Even | 0 <= x < 5", frozenset({0, 2, 4})),
        ("set x <- [3, 4] | x > 3", frozenset({4})),
        ("(match [1] case s => |s|)", 1),
        ("if x :| x in {3} then x else 0", 3),
        ("if x :| x in {3} && x > 5 then x else 0", 0),
        ("exists x :: 2 * x == 6", True),
        ("exists x :: 2 * x == 7", False),
        ("forall k: nat :: k < 3 ==> k * k < 5", True),
        ("forall x: int :: x < 4", False),
        ("exists x: int :: x * x == 9", True),
        ("forall i, j, k :: 0 <= i < j < k < 4 ==> i + j + k >= 3", True),
        ("forall i | 0 <= i < 3 :: exists j :: 0 <= j < 3 && i + j == 2", True),
        ("forall i :: 0 <= i < 100000000 ==> i >= 0", True),
        ("exists x: int :: x > 100 && x < 50 && Unknown(x) == 0", False),
        ("Sum(seq(250, i => 2))", 500),
        ("false && 1 / 0 == 0", False),
        ("forall i :: 0 <= i < 3 && [5, 6, 7][i] > 9 ==> [1, 2, 3][i] / 0 == 1", True),
    ],
)
def test_values(text: str, value: Value) -> None:
    found = evaluate(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "1 / 0",
        "1 % 0",
        "[1, 2][2]",
        "[1, 2][-1]",
        "[1, 2][1..3]",
        "[1, 2][2..1]",
        "map[1 := 2][5]",
        "Nil.head",
        "Half(3)",
        "Half(-2)",
        "Any({})",
        "(var x :| x in {1} && x > 3; x)",
        "3 as Even",
        "0.5 as int",
        "[1][1 := 0]",
        "map x | x in {1, 2} :: 0 := x",
        "1 / 0 == 0 && false",
    ],
)
def test_undefined_expressions_are_stuck(text: str) -> None:
    assert isinstance(evaluate(text), Stuck)


@pytest.mark.parametrize(
    "text",
    [
        "forall x: int :: x * x >= 0",
        "exists x: int :: x > 100 && x < 150 && Unknown(x) == 0",
        "forall r: real :: r == r",
        "forall s: seq<int> :: |s| >= 0",
        "set x: int | x > 3",
        "Unknown(3)",
        "nonsense + 1",
        "(x => x) == (y => y)",
        "5 as bv8",
        "old(3)[0]",
        "fresh(3)",
        "1 & 2",
    ],
)
def test_what_cannot_be_told_is_unsupported(text: str) -> None:
    assert isinstance(evaluate(text), Unsupported)


@pytest.mark.parametrize("text", ["Down(5)", "seq(1000000, i => i)", "exists i :: 0 <= i < 100000000 && i * i < 0"])
def test_runaway_evaluation_is_out_of_fuel(text: str) -> None:
    assert isinstance(evaluate(text), OutOfFuel)


def test_unbounded_quantifiers_are_sampled_for_a_decision_only() -> None:
    assert evaluate('forall c :: Count("ab", c) == 0') is False
    assert isinstance(evaluate('forall c :: Count("ab", c) >= 0'), Unsupported)


def test_equivalence_of_memberships_looks_at_both_sides() -> None:
    assert evaluate("forall x :: x in {1, 2} <==> x in {2, 1}") is True
    assert evaluate("forall x :: x in {1, 2} <==> x in {2, 3}") is False


@given(st.integers(-50, 50), st.integers(-9, 9).filter(bool))
def test_division_is_euclidean(a: int, b: int) -> None:
    q, r = euclidean_div(a, b), euclidean_mod(a, b)
    assert a == b * q + r
    assert 0 <= r < abs(b)


@settings(max_examples=25, deadline=None)
@given(st.integers(-4, 4), st.integers(-4, 4), st.integers(1, 3), st.integers(-3, 3))
def test_bounds_read_off_a_formula_lose_no_point(low: int, high: int, factor: int, shift: int) -> None:
    everywhere = range(-60, 60)
    text = f"set x | {low} <= {factor} * x - ({shift}) < {high} || (x > {low} && {high} - x >= 0)"
    expected = {x for x in everywhere if low <= factor * x - shift < high or (x > low and high - x >= 0)}
    assert evaluate(text, "") == frozenset(expected)


def test_values_are_shown_in_dafny_syntax() -> None:
    assert render((1, 2)) == "[1, 2]"
    assert render(("a", "\n")) == '"a\\n"'
    assert render(frozenset({3, 1})) == "{1, 3}"
    assert render(Map({1: True})) == "map[1 := true]"
    assert render(Multiset({2: 2})) == "multiset{2, 2}"
    assert render(Fraction(1, 2)) == "(1.0 / 2.0)"
    assert render(None) == "null"
    shown = evaluate("Cons(1, Nil)")
    assert isinstance(shown, Data)
    assert render(shown) == "Cons(1, Nil)"
