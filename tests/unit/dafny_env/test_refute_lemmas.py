"""Lemmas are refuted by evaluating their statements, functions by their values, facts where a run reaches them."""

from __future__ import annotations

import pytest
from refute_base import fact_witness, witness


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lemma M(n: nat)\n  ensures n * n != 49", "M fails `ensures n * n != 49` (line 2) for n = 7"),
        ("lemma M(n: nat) ensures n * n != 49 { }", "for n = 7"),
        ("lemma M(n: int) requires n > 5 ensures n > 6", "for n = 6"),
        ("lemma M(s: seq<int>) ensures forall i :: 0 <= i < |s| ==> s[i] >= 0", ": false at i = "),
        ("lemma M(s: seq<int>) ensures s != [] ==> (forall x, y :: x in s && y in s ==> x == y)", "false at x = "),
        ("lemma M(s: set<int>, t: set<int>) ensures |s + t| == |s| + |t|", "for s = {"),
        ("lemma M(s: string) ensures |s| < 2", 'for s = "'),
        ("lemma M(f: int -> nat) ensures f(0) + f(1) != 3", "for f = (x => if x == 0 then "),
        ("lemma M<T>(a: T, b: T) ensures a == b", "for a = "),
        ("lemma M(p: (int, bool)) ensures p.1", ", false)"),
        ("lemma M(x: real) ensures x >= 0.0", "for x = -"),
        ("lemma M(x: int) ensures x != 987654", "for x = 987654"),
        ("datatype T = L | N(l: T, v: int, r: T) lemma M(t: T) ensures t.N? ==> t.v > -9 && t.l.L?", "for t = N(N("),
        (
            "function F(n: nat): nat { if n == 0 then 0 else 2 + F(n - 1) } lemma M(n: nat) ensures F(n) < 2 * 3",
            "n = 3",
        ),
        ("lemma M(x: int) { if x > 3 { M(x); } }", "M calls itself for the same arguments at `M(x);`"),
        ("lemma M(x: nat) decreases x { M(x + 1); }", "M fails `decreases x`"),
        ("lemma M(x: int) { assert x < 9; }", "M fails `assert x < 9` (line 1) for x = "),
        (
            "lemma L(x: int) requires x > 3 { } lemma M(x: int) { L(x); }",
            "precondition of L (`requires x > 3`) is false",
        ),
        ("lemma M(x: int) returns (y: int) ensures y > x { y := x; }", "returns y = "),
        ("lemma M(a: array<int>) ensures a.Length == 0", "for a = ["),
    ],
)
def test_a_false_lemma(text: str, said: str) -> None:
    found = witness(text)
    assert found is not None and said in found, found


@pytest.mark.parametrize(
    "text",
    [
        "lemma M(n: nat) ensures n * n != 2",
        "lemma M() ensures forall n: nat :: n * n != 1000003",
        "lemma M() ensures exists n: nat :: n > 100 && n * n == 40000",
        "lemma M(x: int) returns (y: int) ensures y > x",
        "lemma M(x: int) requires exists y :: y * y == x && y > 77777 ensures false",
        "function F(n: nat): nat ensures F(n) > n lemma M(n: nat) ensures F(n) <= n",
        "function F(n: nat): nat ensures F(n) > n { n } lemma M(n: nat) ensures F(n) > n",
        "inductive predicate P(n: int) { n == 0 || P(n - 1) } lemma M(n: int) ensures n < 0 ==> !P(n)",
        "twostate predicate P(c: C) { old(c.v) == c.v } class C { var v: int } lemma M(c: C) ensures P(c)",
        "lemma L(x: int) ensures x > 0 lemma M(x: int) ensures 2 * x > 1 || x <= 0 { L(x); }",
    ],
)
def test_a_lemma_that_holds_or_cannot_be_evaluated(text: str) -> None:
    assert witness(text) is None


def test_of_a_lemma_the_statement_counts_whatever_its_proof_rests_on() -> None:
    text = "lemma L(x: int) ensures x > 0 lemma M(x: int) ensures 2 * x > 1 { L(x); }"
    said = witness(text)
    assert said is not None and "M fails `ensures 2 * x > 1`" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "function M(x: int): int ensures M(x) > x { x - 1 }",
            "M fails `ensures M(x) > x` (line 1) for x = 0: its value is -1",
        ),
        ("function M(x: int): (r: int) ensures r > x { x - 1 }", "returns r = "),
        ("function M(n: nat): nat { n - 3 }", "M returns a value outside of its type for n = 0: its value is -3"),
        ("function M(s: seq<int>): int { s[0] }", "M fails for s = []: index out of range"),
        ("function M(x: int): int { 7 / (x - 3) }", "M fails for x = 3: division by zero"),
        (
            "function P(x: int): int requires x > 0 { x } function M(x: int): int { P(x) }",
            "precondition of P (`requires x > 0`)",
        ),
        ("function M(n: nat): nat { if n < 3 then 0 else M(n) }", "M calls itself for the same arguments"),
        (
            "function M(n: nat, m: nat): nat decreases n { if n + m < 9 then M(n + 1, m) else 0 }",
            "M fails `decreases n`",
        ),
        ("function M(x: int): int { assert x < 9; x }", "M fails `assert x < 9`"),
        ("predicate M(s: seq<int>) { s[|s| - 1] == 0 }", "index out of range"),
        (
            "class C { var v: nat function M(): int reads this ensures M() > 0 { v } }",
            "for this = C#1{v := 0}: its value is 0",
        ),
    ],
)
def test_a_function_that_is_wrong(text: str, said: str) -> None:
    found = witness(text)
    assert found is not None and said in found, found


@pytest.mark.parametrize(
    "text",
    [
        "function M(n: nat): nat ensures M(n) >= n { if n == 0 then 0 else 1 + M(n - 1) }",
        "function M(x: int): int requires x > 0 { 7 / x }",
        "function F(x: int): nat { x } function M(x: int): int ensures M(x) >= 0 { F(x) }",
        "function F(s: seq<int>): int { s[0] } function M(s: seq<int>): int { F(s) }",
        "lemma L(x: int) ensures x > 0 function M(x: int): int ensures M(x) > 0 { L(x); x }",
        "function M(x: int): int ensures M(x) > 0 { assume x > 0; x }",
        "function M(n: nat): nat { if n > 100 then n - 10 else M(M(n + 11)) }",
    ],
)
def test_a_function_that_is_right_or_whose_callees_are_wrong(text: str) -> None:
    assert witness(text) is None


LOOP = """
method M(a: array<int>) returns (s: int)
  requires a.Length > 0
{{
  s := 0;
  var i := 0;
  while i < a.Length
    invariant {}
  {{
    s := s + a[i] * a[i];
    i := i + 1;
    {} assume {};
  }}
}}
"""


@pytest.mark.parametrize(
    ("invariant", "before", "fact", "false"),
    [
        ("true", "", "s > 0", True),
        ("true", "", "s >= 0", False),
        ("true", "", "i < 3", True),
        ("s > 5", "", "s > 0", False),  # what the steps claim does not hold: such runs tell nothing
        ("true", "assume s > 0;", "s != 0", False),
        ("true", "assume s >= 0;", "i < 4", True),
        ("true", "assert s > 0;", "s != 0", False),
        ("true", "", "exists x: int :: x > 99999 + s", False),
        ("true", "", "old(a[..]) == a[..]", False),
    ],
)
def test_a_fact_is_refuted_by_a_run_that_reaches_it(invariant: str, before: str, fact: str, false: bool) -> None:
    said = fact_witness(LOOP.format(invariant, before, fact))
    assert (said is not None) is false
    assert said is None or said.startswith(f"`{fact}` in M is false (line 12) for a = [")


def test_facts_in_lemmas_rest_on_the_lemmas_called() -> None:
    lemma = "lemma L(x: int) ensures x {} 3 lemma M(x: int) requires x > 0 {{ L(x); assume x > 7; }}"
    assert fact_witness(lemma.format(">")) is not None  # some x for which L's claim is true
    assert fact_witness(lemma.format("> 7 +")) is None
