"""Facts told of parameters, tried on small values, and made wider."""

from __future__ import annotations

import pytest
from policy_scenes import expression, scene
from splitting_scenes import CHAINS, POWER, TOTAL, claim, said, setting_of, variables, widest

from prover.policy.symbolic.splitting.claims import canonical, claim_about, merge
from prover.policy.symbolic.splitting.trials import Trials

POLY = """\
function Pow(x: int, n: nat): int { if n == 0 then 1 else x * Pow(x, n - 1) }
function Poly(c: seq<int>, x: int): int {
  if |c| == 0 then 0 else c[0] * Pow(x, |c| - 1) + Poly(c[1..], x)
}
method Horner(c: seq<int>, x: int) returns (y: int)
"""
SORT = """\
datatype List = Nil | Cons(head: int, tail: List)
predicate Sorted(l: List) {
  match l case Nil => true case Cons(x, rest) => (rest.Cons? ==> x <= rest.head) && Sorted(rest)
}
function Insert(x: int, l: List): List {
  match l case Nil => Cons(x, Nil) case Cons(y, rest) => if x <= y then Cons(x, l) else Cons(y, Insert(x, rest))
}
function Sort(l: List): List { match l case Nil => Nil case Cons(x, rest) => Insert(x, Sort(rest)) }
method M()
"""


def test_common_factors_go_and_a_quotient_becomes_a_parameter() -> None:
    values, requires, ensures = said(
        widest(
            scene(POWER),
            {"p": "int", "x": "int", "k": "nat"},
            ["k > 0", "k % 2 == 1"],
            "p * x * Power(x * x, k / 2) == p * Power(x, k)",
        )
    )
    assert ensures == "Power(x * x, h) * x == Power(x, 2 * h + 1)"
    assert (values["h"], requires) == ("k / 2", [])


def test_slices_become_the_pieces_that_they_are_made_of() -> None:
    found = widest(
        scene(POLY),
        {"c": "seq<int>", "i": "int", "x": "int"},
        ["0 <= i", "i < |c|"],
        "Poly(c[..i], x) * x + c[i] == Poly(c[..i + 1], x)",
    )
    values, requires, ensures = said(found)
    assert ensures == "Poly(c0, x) * x + x0 == Poly(c0 + [x0], x)"
    assert (values["c0"], values["x0"], requires) == ("c[..i]", "c[i]", [])
    assert found is not None and "c[..i + 1] == c[..i] + [c[i]]" in found.hints


def test_an_array_that_is_only_spoken_of_by_its_parts_is_no_parameter_any_more() -> None:
    values, requires, ensures = said(
        widest(
            scene(TOTAL),
            {"a": "array<int>", "lo": "nat", "hi": "nat"},
            ["lo <= hi", "hi <= a.Length"],
            "Total(a[..hi]) - Total(a[..lo]) == Total(a[lo..hi])",
        )
    )
    assert ensures == "Total(a0 + a00) - Total(a0) == Total(a00)"
    assert values == {"a0": "a[..lo]", "a00": "a[lo..hi]"}
    assert requires == []


def test_constructors_are_written_out_and_functions_unfolded() -> None:
    values, _, ensures = said(
        widest(
            scene(CHAINS),
            {"back": "Chain", "ahead": "Chain"},
            ["ahead != End"],
            "Join(Reversed(ahead.rest), Link(ahead.first, back)) == Join(Reversed(ahead), back)",
        )
    )
    assert ensures == "Join(t, Link(first, back)) == Join(Join(t, Link(first, End)), back)"
    assert values["t"] == "Reversed(ahead.rest)"


def test_a_hypothesis_that_is_idle_about_a_term_is_kept_about_the_parameter_in_its_place() -> None:
    values, requires, ensures = said(
        widest(scene(SORT), {"x": "int", "l": "List"}, ["Sorted(Sort(l))"], "Sorted(Insert(x, Sort(l)))")
    )
    assert (requires, ensures) == (["Sorted(t)"], "Sorted(Insert(x, t))")
    assert values["t"] == "Sort(l)"


def test_comparisons_that_agree_are_told_as_an_equation() -> None:
    _, _, ensures = said(
        widest(
            scene(TOTAL),
            {"s": "seq<int>", "t": "seq<int>", "limit": "int"},
            [],
            "Total(s + t) <= limit <==> Total(s) + Total(t) <= limit",
        )
    )
    assert ensures == "Total(s + t) == Total(s) + Total(t)"


def test_where_unfolding_does_it_there_is_no_lemma_but_hints() -> None:
    found = widest(scene(TOTAL), {"s": "seq<int>", "x": "int"}, [], "Total(s + [x]) == Total(s) + x")
    assert found is not None and found.idle
    assert found.hints == (
        "(s + [x])[..|s + [x]| - 1] == s",
        "Total(s + [x]) == Total(s) + x",
    )


@pytest.mark.parametrize(
    ("known", "ensures"),
    [
        ([], "Total(s) >= 0"),
        ([], "Total(s[1..]) == Total(s) - s[0]"),
        (["|s| < 0"], "Total(s) == Total(s)"),
    ],
    ids=["false", "undefined", "never seen"],
)
def test_what_is_false_or_undefined_or_never_seen_is_not_believed(known: list[str], ensures: str) -> None:
    assert widest(scene(TOTAL), {"s": "seq<int>"}, known, ensures) is None


def test_hypotheses_that_make_others_defined_are_kept() -> None:
    program = """\
predicate Measures(rod: nat, length: nat) requires rod > 0 {
  length == 0 || (rod <= length && Measures(rod, length - rod))
}
method M()
"""
    one = scene(program)
    known = ["rod > 0", "Measures(rod, a)", "Measures(rod, b)"]
    made = claim(one, {"rod": "nat", "a": "nat", "b": "nat"}, [], "Measures(rod, a + b)")
    made = type(made)(made.params, tuple(map(expression, known)), made.ensures, made.values)
    found = Trials(setting_of(one)).weakest(made)
    assert said(found)[1] == known


def test_other_states_become_parameters() -> None:
    one = scene("function F(s: seq<int>): int { |s| }\nmethod M(a: array<int>)")
    made = claim_about(expression("F(a[..]) == F(old(a[..]))"), [], variables({"a": "array<int>"}), one.table)
    assert made is not None
    values, _, ensures = said(made)
    assert ensures == "F(a[..]) == F(a0)"
    assert values["a0"] == "old(a[..])"


def test_the_same_claims_are_known_by_any_names() -> None:
    one = canonical(["a", "b"], [expression("a > 0")], [expression("f(a, b) == b")])
    assert one == canonical(["y", "x"], [expression("x > 0")], [expression("f(x, y) == y")])
    assert one != canonical(["a", "b"], [expression("b > 0")], [expression("f(a, b) == b")])


def test_claims_about_two_ways_become_one() -> None:
    one = scene(TOTAL)
    types = {"s": "seq<int>", "x": "int"}
    both = merge(
        [
            claim(one, types, ["x > 0"], "Total(s + [x]) > Total(s)"),
            claim(one, types, ["x < 0"], "Total(s + [x]) < Total(s)"),
        ]
    )
    assert said(both)[1:] == ([], "(x > 0 ==> Total(s + [x]) > Total(s)) && (x < 0 ==> Total(s + [x]) < Total(s))")


def test_equal_seeds_try_equal_values() -> None:
    one = scene(TOTAL)
    made = claim(one, {"s": "seq<int>"}, [], "Total(s) == 0")
    shown = [[s.rendered() for s in Trials(setting_of(one)).sample(made.params).states] for _ in range(2)]
    assert shown[0] == shown[1]
    assert shown[0]


def test_when_the_effort_is_spent_nothing_is_believed() -> None:
    one = scene(TOTAL)
    assert Trials(setting_of(one), effort=0).weakest(claim(one, {"s": "seq<int>"}, [], "Total(s) == Total(s)")) is None
