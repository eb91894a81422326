"""How lemmas are proved and put to use: facts about everything, induction and its measures, products regrouped."""

import pytest
from policy_scenes import Scene, scene, scenes

from dafny_env.scope import formals
from dafny_env.syntax.parser import parse
from prover.policy.symbolic import decreases, hints, induction
from prover.policy.symbolic.regroup import regrouped
from prover.policy.symbolic.universal import universal_calls


def beside(lemmas: str, decl: str = "method M(n: int) { }") -> list[str]:
    """The universal statements of some lemmas in the body of the last declaration."""
    there = scene(f"datatype List<T> = Nil | Cons(head: T, tail: List<T>)\n{lemmas}\n{decl}\n")
    return universal_calls(there.decl, there.table)


# ------------------------------------------------------------------------------------------- facts about everything


def test_a_lemma_is_taught_under_its_preconditions() -> None:
    assert beside("lemma Grows(m: nat, n: nat) requires m <= n requires n < 9 ensures F(m) <= F(n)") == [
        "forall m': nat, n': nat | (m' <= n') && (n' < 9) { Grows(m', n'); }"
    ]


def test_without_preconditions_there_is_no_range() -> None:
    assert beside("lemma L(s: seq<int>) ensures |s| >= 0") == ["forall s': seq<int> { L(s'); }"]


def test_type_parameters_are_read_as_types_that_are_spoken_of() -> None:
    lemma = "lemma Len<T>(xs: List<T>) ensures F(xs) >= 0"
    assert beside(lemma, "method M(xs: List<bool>, n: int) { }") == [
        "forall xs': List<bool> { Len(xs'); }",
        "forall xs': List<int> { Len(xs'); }",
    ]
    assert beside(lemma, "lemma Other<T>(ys: List<T>)") == ["forall xs': List<T> { Len(xs'); }"]


@pytest.mark.parametrize(
    "lemma",
    [
        "lemma L(a: array<int>) ensures a.Length >= 0",
        "lemma L(o: object) ensures true",
        "lemma L() ensures true",
        "twostate lemma L(n: int) ensures true",
        "lemma L(n: int) returns (m: int) ensures m > n",
        "lemma L(a: int, b: int, c: int, d: int, e: int, f: int) ensures true",
        "method L(n: int) ensures true",
    ],
)
def test_what_speaks_of_the_heap_or_of_too_much_is_not_taught(lemma: str) -> None:
    assert beside(lemma) == []


def test_a_lemma_is_not_taught_in_its_own_proof() -> None:
    there = scene("lemma L(n: nat) ensures n >= 0")
    assert universal_calls(there.decl, there.table) == []


def test_names_are_fresh() -> None:
    assert beside("lemma L(n: int) ensures true", "method M(n': int) { }") == ["forall n'0: int { L(n'0); }"]


# ------------------------------------------------------------------------------------------------------- induction

SPAN = """\
function Span(lo: int, hi: int): set<int> decreases hi - lo {
  if lo >= hi then {} else {lo} + Span(lo + 1, hi)
}
"""


def test_a_measure_that_the_functions_recursion_makes_smaller() -> None:
    there = scene(SPAN + "lemma Size(lo: int, hi: int) requires lo <= hi ensures |Span(lo, hi)| == hi - lo")
    calls = induction.natural_calls(there.decl, there.table)
    assert decreases.for_calls(there.decl, calls, there.table)[0] == "hi - lo"


def test_no_measure_is_proposed_where_the_default_one_does() -> None:
    there = scene("function F(n: nat): nat { if n == 0 then 0 else F(n - 1) } lemma L(n: nat) ensures F(n) == 0")
    assert decreases.for_calls(there.decl, induction.natural_calls(there.decl, there.table), there.table) == []


def test_remainders_and_parts_are_seen_to_be_smaller() -> None:
    text = """function Gcd(a: nat, b: nat): nat
  decreases b
{ if b == 0 then a else Gcd(b, a % b) }
lemma L(a: nat, b: nat)
  ensures Gcd(a, b) >= 0
"""
    there = scene(text, "L")
    calls = induction.natural_calls(there.decl, there.table)
    assert decreases.for_calls(there.decl, calls, there.table)[0] == "b"


def test_a_class_measures_by_the_sets_of_its_parts() -> None:
    text = "class Tree { ghost var Repr: set<object> var n: int method Max(k: int) { Max(k); } }"
    there = scene(text)
    assert decreases.for_recursion(there.decl, there.table, there.located.owner)[0] == "Repr"
    assert "Repr" not in decreases.for_recursion(there.decl, there.table)


def hypotheses(there: Scene) -> list[str]:
    return [line.text for line in induction.hypotheses(there.decl, there.table)]


def test_induction_on_a_set_takes_one_element_out() -> None:
    found = hypotheses(scene("lemma Part(a: set<int>, b: set<int>) requires a <= b ensures |a| <= |b|"))
    assert "if |a| > 0 { var x' :| x' in a; Part(a - {x'}, b); }" in found
    assert "if |a| > 0 { var x' :| x' in a; Part(a - {x'}, b - {x'}); }" in found
    assert all(not parse(f"lemma L() {{ {text} }}").problems for text in found)


# ------------------------------------------------------------------------------------------------ products, sequences


def test_a_power_is_regrouped_and_a_sum_distributed() -> None:
    *_, power = scenes("function P(b: int, n: nat): int { if n == 0 then 1 else b * P(b, n - 1) } lemma L()")
    stated = scene("lemma L(b: int, m: nat, n: nat) ensures P(b, m + n) == P(b, m) * P(b, n)").decl
    found = regrouped([e for c in stated.clauses for e in c.exprs], power.table)
    assert "(!(m == 0)) ==> b * P(b, m - 1) * P(b, n) == b * (P(b, m - 1) * P(b, n))" in found
    assert "(!(n == 0)) ==> b * P(b, n - 1) * P(b, m) == b * (P(b, n - 1) * P(b, m))" in found

    *_, total = scenes("function T(s: seq<int>): int { if |s| == 0 then 0 else s[0] + T(s[1..]) } lemma L()")
    stated = scene("lemma L(k: int, s: seq<int>) ensures k * T(s) == 0").decl
    assert regrouped([e for c in stated.clauses for e in c.exprs], total.table) == [
        "(!(|s| == 0)) ==> (s[0] + T(s[1..])) * k == s[0] * k + T(s[1..]) * k"
    ]


def test_functions_that_go_element_by_element() -> None:
    text = (
        "function Scaled(k: int, s: seq<int>): seq<int> { if |s| == 0 then [] else [k * s[0]] + Scaled(k, s[1..]) }\n"
    )
    there = scene(text + "lemma L(k: int, s: seq<int>) ensures |Scaled(k, s)| == |s|")
    exprs = [e for c in there.decl.clauses for e in c.exprs]
    found = hints.sequence_identities(exprs, formals(there.decl), there.table)
    assert "|s| > 0 && |Scaled(k, s)| > 0 ==> Scaled(k, s)[1..] == Scaled(k, s[1..])" in found
