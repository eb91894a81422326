"""Methods are refuted by runs from inputs that satisfy `requires`: a false claim of theirs, or an operation that the
verifier must complain about."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refute_base import witness

MAX = """
method M(a: array<int>) returns (m: int)
  requires a.Length > 0
  ensures exists k :: 0 <= k < a.Length && a[k] == m
  ensures forall k :: 0 <= k < a.Length ==> m >= a[k]
{
  m := 0;
  var i := 0;
  while i < a.Length
  {
    if a[i] > m { m := a[i]; }
    i := i + 1;
  }
}
"""

REVERSE = """
method M(a: array<int>)
  modifies a
  ensures forall k :: 0 <= k < a.Length ==> a[k] == old(a[a.Length - 1 - k])
{
  var i := 0;
  while i < a.Length / 2
  {
    a[i] := a[a.Length - 1 - i];
    i := i + 1;
  }
}
"""

COUNTER = """
class Counter {
  var value: int
  predicate Valid() reads this { value >= 0 }
  constructor () ensures Valid() { value := 0; }
  method Add(n: int)
    requires Valid()
    modifies this
    ensures Valid()
  {
    value := value + n;
  }
}
"""


def test_a_false_postcondition_is_told_with_its_line_the_input_and_the_result() -> None:
    said = witness(MAX)
    assert said is not None
    assert said.startswith("M fails `ensures exists k :: 0 <= k < a.Length && a[k] == m` (line 4) for a = [-")
    assert said.endswith(": returns m = 0")


def test_what_became_of_an_array_is_told_with_the_index_where_the_clause_is_false() -> None:
    said = witness(REVERSE)
    assert said is not None
    assert re.search(r" for a = \[(-?\d+), (-?\d+)\]: then a = \[\2, \2\]; false at k = 1$", said)


def test_a_receiver_satisfies_the_precondition() -> None:
    said = witness(COUNTER, "Counter.Add")
    assert said is not None and said.startswith(
        "Counter.Add fails `ensures Valid()` (line 9) for this = Counter#1{value :"
    )
    before, after = (int(part.partition("}")[0]) for part in said.split("value := ")[1:])
    assert after < 0 <= before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("r := s[x];", "index out of range at `r := s[x];`"),
        ("r := 10 / x;", "division by zero at `r := 10 / x;`"),
        ("r := 10 % x;", "division by zero"),
        ("var t := s[x..];", "slice out of range"),
        ("var m := map[1 := 2]; r := m[x];", "key not in map"),
        ("var c: C? := null; r := c.v;", "null dereference at `r := c.v;`"),
        ("var c: C? := null; c.v := 3;", "null dereference"),
        ("var a := new int[x];", "negative array length"),
        ("var l := if x == 3 then N else L(1); r := l.h;", "destructor h of N"),
        ("r := Half(x);", "precondition of Half (`requires y % 2 == 0`) is false at `r := Half(x);`"),
        ("Pos(x);", "precondition of Pos (`requires x > 0`) is false at `Pos(x);`"),
        ("r := Nat(x);", "argument of Nat outside of its type at `r := Nat(x);`"),
        ("AtMostFive(x);", "precondition of AtMostFive (`requires x <= 5`) is false at `AtMostFive(x);`"),
        ("var y :| y in s && y > 100;", "no witness at `var y :| y in s && y > 100;`"),
        ("assert x != 4;", "M fails `assert x != 4` (line 14) for"),
        ("if x > 2 { assert s != [] by { } }", "M fails `assert s != []` (line 14)"),
        ("forall i | 0 <= i < 3 ensures i < x { }", "M fails `forall"),
        ("var i := 0; while i < x invariant i < x { i := i + 1; }", "M fails `invariant i < x` (line 14)"),
        ("var i := 0; while i < x decreases i { i := i + 1; }", "M fails `decreases i` (line 14)"),
        ("var i := 0; while i < x decreases x - 2 * i, 3 { i := i + 1; }", "M fails `decreases x - 2 * i` (line 14)"),
        ("var i := 0; while i < x { i := i * 1; }", "the loop goes round in a circle at `while i < x"),
        ("if x > 3 { r := M(x, s); }", "M calls itself for the same arguments"),
        ("r := -1;", "M fails `ensures r >= 0` (line 13)"),
        ("r := 0; if x == 3 { return -2; }", "x = 3"),
        ("r :| r < 0 && r > -3;", "returns r = -"),
        ("r := *;", "returns r = -"),
        ("var y: int; r := y;", "returns r = -"),
        ("var a := new int[3]; r := a[0];", "returns r = -"),
        ("if { case x > 3 => r := -1; case x > 4 => r := 1; case x <= 3 => r := 0; }", "returns r = -1"),
        ("assert old(x) == x; assert x > 17;", "M fails `assert x > 17`"),
    ],
)
def test_what_goes_wrong_in_a_run(body: str, said: str) -> None:
    text = f"""
class C {{ var v: int constructor () {{ }} }}
datatype L = N | L(h: int)
function method Half(y: int): int requires y % 2 == 0 {{ y / 2 }}
function method Nat(n: nat): nat {{ n }}
method Pos(x: int) requires x > 0 {{ }}
lemma AtMostFive(x: int) requires x <= 5 {{ }}





method M(x: int, s: seq<int>) returns (r: int) ensures r >= 0
{{ r := 0; {body} }}
"""
    found = witness(text)
    assert found is not None and said in found, found


def test_a_clause_without_meaning_is_refuted() -> None:
    ensures = "method M(a: array<int>) ensures forall i :: 0 <= i <= a.Length ==> a[i] == a[i] { }"
    requires = "method M(a: array<int>) requires a[0] > 3 requires a.Length > 0 { }"
    for text in (ensures, requires):
        said = witness(text)
        assert said is not None and said.endswith("index out of range"), said


def test_a_result_outside_of_its_type_is_refuted() -> None:
    said = witness("method M(x: nat) returns (r: nat) { r := x - 3; }")
    assert said is not None and said.startswith("M returns a value outside of its type for x = 0: returns r = -3")


def test_a_recursive_call_that_is_not_smaller_is_refuted() -> None:
    said = witness("method M(x: nat, y: nat) decreases x - y { if y < 5 { M(x + 1, y + 1); } }")
    assert said is not None and "fails `decreases x - y` (line 1)" in said


def test_a_constructor_is_refuted() -> None:
    text = "class C { var v: int constructor (x: int) ensures v == x { v := if x == 7 then 8 else x; } }"
    said = witness(text, "C._ctor")
    assert said is not None and "x = 7" in said


def test_of_several_witnesses_a_small_one_is_told() -> None:
    said = witness("method M(s: seq<int>) returns (r: int) ensures r == 0 { r := |s|; }")
    assert said is not None and len(said.partition("s = ")[2].partition("]")[0]) <= 3


def test_large_constants_of_the_text_are_tried() -> None:
    for text in (
        "method M(x: int) returns (r: int) ensures r != 1000 { r := x; }",
        "method M(x: int) returns (r: int) ensures r >= 0 { r := 0; if x == 4711 { r := -1; } }",
    ):
        assert witness(text) is not None


@settings(max_examples=40, deadline=None)
@given(st.integers(-6, 6), st.integers(-6, 6), st.integers(-3, 3))
def test_exactly_the_false_linear_contracts_are_refuted(step: int, bound: int, low: int) -> None:
    text = f"method M(x: int) returns (r: int) requires x >= {low} ensures r >= {bound} {{ r := x + {step}; }}"
    assert (witness(text) is not None) is (low + step < bound)
