"""What must not be refuted: what holds, however badly it is annotated, and what a run cannot tell because it rests on
things that may be false themselves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refute_base import fact_witness, witness

TRUE = {
    "no invariants": """
        method M(n: nat) returns (s: int) ensures 2 * s == n * (n + 1)
        { s := 0; var i := 0; while i < n { i := i + 1; s := s + i; } }""",
    "weak invariants": """
        method M(a: array<int>) returns (m: int)
          requires a.Length > 0
          ensures forall k :: 0 <= k < a.Length ==> m >= a[k]
        { m := a[0]; var i := 1; while i < a.Length invariant i >= 0 { if a[i] > m { m := a[i]; } i := i + 1; } }""",
    "ints without bounds": """
        method M(x: int) returns (r: int) ensures r > x { r := x; var i := 0; while i < 70 { r := r + r; i := i + 1; }
          if r <= x { r := x + 1; } }""",
    "Euclidean division": """
        method M(a: int, b: int) requires b != 0 ensures a == b * (a / b) + a % b && 0 <= a % b
          ensures b < 0 ==> a % b < -b { }""",
    "old values": """
        method M(a: array<int>) requires a.Length > 1 modifies a ensures a[0] == old(a[0]) + 1 && a[1] == old(a)[1]
        { a[0] := a[0] + 1; }""",
    "parallel assignment": """
        method M(a: array<int>) requires a.Length > 1 modifies a ensures a[0] == old(a[1]) && a[1] == old(a[0])
        { a[0], a[1] := a[1], a[0]; }""",
    "aliases are told apart": """
        method M(a: array<int>, b: array<int>) requires a != b && a.Length == b.Length == 1 modifies a
          ensures b[0] == old(b[0]) { a[0] := 3; }""",
    "choices": """
        method M(s: set<int>) returns (r: int) requires s != {} ensures r in s { r :| r in s; }""",
    "a choice that an assignment leaves open": """
        method M() returns (r: nat) ensures r >= 0 { r := *; var x: nat; r := r + x; }""",
    "sequences compare as prefixes": """
        method M(s: seq<int>, t: seq<int>) ensures s <= s + t { }""",
    "a loop that may go on": "method M() decreases * { var i := 0; while true decreases * { i := 0; } }",
    "a measure of sets": """
        method M(s: set<int>) { var t := s; while t != {} decreases t { var x :| x in t; t := t - {x}; } }""",
    "lexicographic measures": """
        method M(x: nat, y: nat) decreases x, y { if x > 0 { if y > 0 { M(x, y - 1); } else { M(x - 1, 7); } } }""",
    "a receiver that is valid": """
        class C { var v: int predicate Valid() reads this { v > 0 }
          method M() returns (r: int) requires Valid() ensures r < 10 { r := 10 / (v + 9); } }""",
    "nothing satisfies the precondition": "method M(x: int) requires x < x ensures false { }",
    "short circuits guard": """
        method M(a: array<int>, i: int) returns (r: bool) { r := 0 <= i < a.Length && a[i] == 3;
          r := i < 0 || i >= a.Length || a[i] == a[i]; }""",
    "unbounded quantifiers that hold": """
        method M() returns (r: int) ensures forall x: int :: x * x >= 0
          ensures exists x: int :: x > 100000 && x % 1234567 == 7 { r := 3; assert forall x: int :: x <= x * x; }""",
    "an unbounded quantifier that is false far away only": """
        method M() returns (r: int) ensures !forall x: int :: x < 99999 { r := 0; }""",
    "variables whose type is inferred": """
        predicate P(n: nat) { true }
        method M() ensures forall i | -3 <= i < 3 :: i >= 0 && P(i)
          ensures !exists i :: -3 <= i < 3 && i < 0 && P(i) { }""",
    "fresh objects": """
        class C { var v: int ghost var Repr: set<object>
          constructor M() ensures fresh(Repr) && this in Repr { Repr := {this}; } }""",
    "a trait's contract": """
        trait T { method N() returns (r: int) ensures r > 0 }
        class C extends T { constructor () { } method N() returns (r: int) ensures r >= 0 { r := 0; } }
        method M(c: C) returns (r: int) ensures r > 0 { var t: T := c; r := t.N(); }""",
    "functions that may be any": """
        method M(f: int -> int, x: int) returns (r: int) ensures r == f(x) { r := f(x); }""",
    "opaque types": "type T(==) method M(x: T, y: T) returns (b: bool) ensures b <==> x == y { b := x == y; }",
    "datatypes": """
        datatype L<T> = N | C(h: T, t: L<T>)
        function method Len<T>(l: L<T>): nat { if l.N? then 0 else 1 + Len(l.t) }
        method M<T>(l: L<T>) returns (n: nat) ensures n == Len(l) { match l { case N => n := 0;
          case C(h, t) => n := M(t); n := n + 1; } }""",
    "free postconditions are not claimed": "method M() returns (r: int) free ensures r == 7 { r := 3; }",
}

SILENT = {
    "a false assumption": "method M(x: int) returns (r: int) ensures r > 0 { assume x > 0; r := x; }",
    "an assumption that cannot be evaluated": """
        method M(x: int) returns (r: int) ensures r > 0 { assume forall y: int :: y * x >= y - 1000; r := 0; }""",
    "an assumption inside of an expression": """
        method M(x: int) returns (r: int) ensures r > 0 { r := assume x > 0; x; }""",
    "a witness that is assumed": """
        method M(s: set<int>) returns (r: int) ensures r in s { r :| assume r in s; }""",
    "a callee without a body": """
        method N() returns (r: int) ensures r == 3
        method M() returns (r: int) ensures r == 4 { r := N(); }""",
    "a function without a body": """
        function method F(x: int): int ensures F(x) > x
        method M(x: int) returns (r: int) ensures r < x { r := F(x); }""",
    "a callee that breaks its contract": """
        method N(x: int) returns (r: int) ensures r > x { r := x; }
        method M(x: int) returns (r: int) ensures r > x { r := N(x); }""",
    "a callee whose contract cannot be evaluated": """
        method N(x: int) returns (r: int) ensures forall y: int :: r * r >= y ==> r > 100 { r := x; }
        method M(x: int) returns (r: int) ensures r > 100 { r := N(x); }""",
    "a callee that fails itself": """
        method N(a: array<int>) { var x := a[0]; assert false; }
        method M(a: array<int>) ensures a.Length > 0 { N(a); }""",
    "a callee that changes what it must not": """
        method N(a: array<int>) { if a.Length > 0 { a[0] := 7; } }
        method M(a: array<int>) ensures a[..] == old(a[..]) { N(a); }""",
    "a callee whose result is outside of its type": """
        method N() returns (r: nat) { r := -1; }
        method M() returns (r: int) ensures r >= 0 { r := N(); }""",
    "a function that breaks its contract": """
        function method F(x: int): int ensures F(x) > x { x }
        method M(x: int) returns (r: int) ensures r > x { r := F(x); }""",
    "a function that reads what it does not say": """
        function method F(a: array<int>): int requires a.Length > 0 { a[0] }
        method M(a: array<int>) requires a.Length > 0 modifies a ensures F(a) == old(F(a)) { a[0] := a[0] + 1; }""",
    "a function whose value is outside of its type": """
        function method F(x: int): nat { x }
        method M(x: int) returns (r: int) ensures r >= 0 { r := F(x); }""",
    "claims about a function that breaks its contract": """
        function method F(n: nat): nat { n * (n - 2) / 2 }
        method M(n: nat) returns (s: nat) ensures s == F(n + 1)
        { s := 0; var i := 0; while i < n invariant s == F(i + 1) { i := i + 1; s := s + i; } }""",
    "a function that fails inside": """
        function method F(s: seq<int>): int { s[0] }
        method M(s: seq<int>) returns (r: int) ensures |s| > 0 { r := F(s); }""",
    "a false lemma is called": """
        lemma L(x: int) ensures x > 0
        method M(x: int) returns (r: int) ensures r > 0 { L(x); r := x; }""",
    "a lemma is called that cannot be evaluated": """
        lemma L() ensures forall x: int :: x > 0
        method M(x: int) returns (r: int) ensures r > 0 { L(); r := x; }""",
    "an assertion by a false lemma": """
        lemma L(x: int) ensures x > 0
        method M(x: int) { assert x > 0 by { L(x); } }""",
    "facts for all by a false lemma": """
        lemma L(x: int) ensures x > 0
        method M(s: seq<int>) { forall i | 0 <= i < |s| ensures s[i] > 0 { L(s[i]); } assert s != [] ==> s[0] > 0; }""",
    "a calculation by a false lemma": """
        lemma L(x: int) ensures x > 0
        method M(x: int) ensures x > 0 { calc { x > 0; { L(x); } true; } }""",
    "an expectation": "method M(x: int) returns (r: int) ensures r > 0 { expect x > 0; r := x; }",
    "a loop without a body": "method M() returns (r: int) ensures r == 3 { r := 0; while r < 3 }",
    "what `modify` does": "method M(a: array<int>) modifies a ensures a[..] == [] { modify a; }",
    "two-state lemmas": "class C { var v: int twostate lemma M() ensures old(v) != v }",
    "bit vectors": "method M() { var z: bv8 := 255; assert z + 1 == 0; }",
    "automatic contracts": """
        class {:autocontracts} C { var v: int predicate Valid() { v > 0 } method M() ensures v > 1 { } }""",
    "refinement": """
        abstract module A { function F(): int { 3 } method M() returns (r: int) ensures r == F() }
        module B refines A { method M() returns (r: int) { r := 4; } }""",
    "a trait's member that is overridden": """
        trait T { function method F(): int ensures F() > 0 }
        class C extends T { constructor () { } function method F(): int { 0 } }
        method M(c: C) returns (r: int) ensures r > 0 { var t: T := c; r := t.F(); }""",
}


@pytest.mark.parametrize("what", TRUE)
def test_what_holds_is_not_refuted(what: str) -> None:
    assert witness(TRUE[what]) is None


@pytest.mark.parametrize("what", SILENT)
def test_what_a_run_cannot_tell_is_not_refuted(what: str) -> None:
    assert witness(SILENT[what]) is None


TRUSTED = {
    "a callee whose contract cannot be evaluated": ("N", SILENT["a callee whose contract cannot be evaluated"]),
    "a lemma that cannot be evaluated": (
        "L",
        """lemma L() ensures forall x: int :: x * x >= 0 { }
        method M(x: int) returns (r: int) ensures r > 0 { L(); assert x * x >= 0 by { L(); } r := x; }""",
    ),
}


@pytest.mark.parametrize("what", TRUSTED)
def test_contracts_that_are_known_to_hold_need_not_be_evaluated(what: str) -> None:
    name, text = TRUSTED[what]
    assert witness(text) is None
    assert witness(text, trusted=(name,)) is not None


@pytest.mark.parametrize("what", [w for w in SILENT if "that breaks" in w or "fails" in w or "whose result" in w])
def test_what_is_called_is_refuted_itself(what: str) -> None:
    assert witness(SILENT[what], "F" if "function" in what else "N") is not None


@pytest.mark.parametrize("what", [w for w in SILENT if "a false lemma" in w])
def test_a_false_lemma_is_refuted_itself(what: str) -> None:
    assert witness(SILENT[what], "L") is not None


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 9), st.integers(0, 9))
def test_loops_that_count_are_not_refuted_whatever_their_invariants_lack(step: int, start: int) -> None:
    guard = "i != n" if step == 1 else "i < n"
    text = f"""method M(n: int) returns (i: int) requires n >= {start} ensures n <= i < n + {step}
    {{ i := {start}; while {guard} {{ i := i + {step}; }} }}"""
    assert witness(text) is None


def test_what_stands_behind_a_fact_or_is_no_part_of_it_does_not_count() -> None:
    inside = "method M(x: int) returns (r: int) requires x > 0 ensures r > 5 {{ r := x; {} assume r > 0; }}"
    assert fact_witness(inside.format("")) is None  # `ensures` is not the fact's matter
    assert fact_witness(inside.format("assert x > 3;")) is None  # nor is another assertion
    assert fact_witness(inside.format("var s: seq<int> := []; r := s[x];")) is None  # nor what goes wrong
    assert fact_witness(inside.format("assume x > 3; r := 3 - x;")) is not None  # unless what was assumed is true
    assert fact_witness(inside.format("assume x > 3; r := x - 3;")) is None
