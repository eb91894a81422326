"""Inputs satisfy `requires`, also where chance alone would hardly find any; false lemmas are found out."""

from __future__ import annotations

import pytest

from dafny_env.interp.trace import Counterexample, Tracer, Traces
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse


def collect(text: str, name: str = "M") -> tuple[Tracer, Traces]:
    program = parse(text)
    assert program.problems == ()
    tracer = Tracer(program)
    method = next(d for d in walk(program.decls) if d.name == name)
    return tracer, tracer.collect(method, seconds=30)


def walk(decls: tuple[ast.Decl, ...]) -> list[ast.Callable]:
    found: list[ast.Callable] = []
    for decl in decls:
        if isinstance(decl, ast.Callable):
            found.append(decl)
        elif isinstance(decl, ast.ClassLike | ast.Module):
            found += walk(decl.members)
    return found


@pytest.mark.parametrize(
    ("params", "requires"),
    [
        ("n: int", "n >= 1"),
        ("n: int", "50 <= n < 53"),
        ("n: nat, m: nat", "n < m < n + 3"),
        ("a: array<int>", "a.Length == 10"),
        ("a: array<int>, b: array<int>", "a.Length == b.Length > 0"),
        ("a: array<int>, b: array<int>, n: int", "a != b && n == a.Length && n == b.Length"),
        ("a: array<int>", "forall i, j :: 0 <= i < j < a.Length ==> a[i] < a[j]"),
        ("s: seq<int>, k: int", "k in s"),
        ("s: seq<int>, i: int", "0 <= i < |s|"),
        ("s: string", '|s| > 0 && forall i :: 0 <= i < |s| ==> s[i] in "01"'),
        ("s: set<int>, x: int", "x in s && |s| >= 2"),
        ("m: map<int, bool>", "forall k :: k in m ==> k >= 0"),
        ("l: List<int>", "l.Cons?"),
        ("e: Even", "e > 0"),
        ("f: int -> int, n: int", "f(n) > n"),
        ("p: (int, bool)", "p.1 && p.0 > 0"),
        ("x: real", "x > 0.0"),
        ("c: char", "'a' <= c <= 'z'"),
    ],
)
def test_inputs_satisfy_requires(params: str, requires: str) -> None:
    text = f"""
    datatype List<T> = Nil | Cons(head: T, tail: List<T>)
    type Even = x: int | x % 2 == 0
    method M({params}) requires {requires} {{ assert true; }}
    """
    tracer, traces = collect(text)
    assert traces.problem is None
    assert len(traces.runs) >= 10
    program = parse(text)
    clause = next(d for d in walk(program.decls) if d.name == "M").clauses[0].exprs[0]
    assert all(tracer.holds(clause, run.pre) is True for run in traces.runs)


def test_generic_parameters_are_instantiated() -> None:
    _, traces = collect("method M<T(==)>(s: seq<T>, x: T) requires x in s { assert true; }")
    assert len(traces.runs) == 40


def test_objects_satisfy_their_invariant() -> None:
    _, traces = collect(
        """
        class Stack {
          var items: seq<int>
          ghost var Repr: set<object>
          var size: nat
          predicate Valid() reads this { this in Repr && size == |items| }
          constructor () ensures Valid() { items := []; size := 0; Repr := {this}; }
          method Push(x: int) requires Valid() modifies this ensures Valid() { items := items + [x]; size := size + 1; }
          method Pop() returns (x: int)
            requires Valid() && size > 0
            modifies this
            ensures Valid() && old(items) == items + [x]
          { size := size - 1; x := items[size]; items := items[..size]; }
        }
        """,
        "Pop",
    )
    assert len(traces.runs) >= 10
    assert traces.violations == []


def test_arrays_are_aliased_now_and_then() -> None:
    _, traces = collect("method M(a: array<int>, b: array<int>) { assert true; }")
    assert {run.pre.value("a") is run.pre.value("b") for run in traces.runs} == {True, False}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("method M(n: int) requires n > 0 && n < 0 { }", "no input satisfies requires"),
        ("method M(n: int)", "no body"),
        ("method M(n: bv8) { }", "value of unsupported"),
        ("predicate P(n: int) method M(n: int) requires P(n) { }", "function P has no body"),
        ("function M(n: int): int { n }", "not a method of this program"),
    ],
)
def test_the_problem_says_why_nothing_ran(text: str, problem: str) -> None:
    _, traces = collect(text)
    assert traces.runs == []
    assert traces.problem == problem


LEMMAS = """
function Rev(s: seq<int>): seq<int> { if s == [] then [] else Rev(s[1..]) + [s[0]] }
lemma True(s: seq<int>, t: seq<int>) ensures Rev(s + t) == Rev(t) + Rev(s) { }
lemma False(s: seq<int>, t: seq<int>) ensures Rev(s + t) == Rev(s) + Rev(t) { }
lemma Guarded(x: int, y: int) requires x < y ensures x * x <= y * y
lemma Unbounded(x: int) ensures exists y :: y > x && Rev([y]) == [x]
"""


def refute(name: str) -> Counterexample | None:
    program = parse(LEMMAS)
    lemma = next(d for d in walk(program.decls) if d.name == name)
    return Tracer(program).check_lemma(lemma, seconds=30)


def test_true_or_undecidable_lemmas_have_no_counterexample() -> None:
    assert refute("True") is None
    assert refute("Unbounded") is None


def test_false_lemmas_have_one_in_dafny_syntax() -> None:
    found = refute("False")
    assert found is not None
    assert set(found.witness) == {"s", "t"}
    assert all(text.startswith("[") for text in found.witness.values())
    guarded = refute("Guarded")
    assert guarded is not None
    assert int(guarded.witness["x"]) < int(guarded.witness["y"])
