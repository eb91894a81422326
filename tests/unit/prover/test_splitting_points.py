"""What is known at program points, and what formulas behind code say of the values before it."""

from __future__ import annotations

from policy_scenes import Scene, expression, scene
from splitting_scenes import CHAINS, POWER, TOTAL, setting_of

from dafny_env.syntax import ast
from prover.policy.symbolic.splitting.duties import at_ends, kept_by_body, on_entry
from prover.policy.symbolic.splitting.knowledge import point_at
from prover.policy.symbolic.splitting.ranges import grown
from prover.policy.symbolic.splitting.rewriting import normal, rewritings
from prover.policy.symbolic.view import printed


def known_at(one: Scene, before: str) -> set[str]:
    """What is known in front of a piece of text."""
    return {printed(e) for e in point_at(one.decl, one.text.index(before), one.table).known}


BRANCHES = """\
method M(x: int, y: int) returns (r: int)
  requires x > 0
{
  var z := x + y;
  if z > 10 {
    r := z;
  } else {
    r := 0;
    z := 5;
    assert r == 0;
  }
  r := r + 1;
}
"""


def test_preconditions_guards_and_assignments_are_known_until_something_in_them_changes() -> None:
    one = scene(BRANCHES)
    assert known_at(one, "r := z;") == {"x > 0", "z == x + y", "z > 10"}
    assert known_at(one, "assert r") == {"x > 0", "r == 0", "z == 5"}
    assert known_at(one, "r := r + 1") == {"x > 0"}


def test_loops_leave_their_invariants_and_the_end_of_their_guard() -> None:
    one = scene(
        "method M(n: nat) returns (i: nat) {\n i := 0;\n"
        " while i < n\n  invariant i <= n\n {\n  i := i + 1;\n }\n i := i;\n}"
    )
    assert known_at(one, "i := i + 1") == {"i <= n", "i < n"}
    assert known_at(one, "i := i;") == {"i <= n", "i >= n"}


def test_calls_tell_what_their_contracts_ensure() -> None:
    one = scene(TOTAL, "Range")
    assert "forall i :: 0 <= i <= a.Length ==> p[i] == Total(a[..i])" in known_at(one, "t := p[hi]")


def test_variables_of_match_cases_are_in_scope_with_their_types() -> None:
    one = scene(CHAINS + "lemma L(c: Chain) { match c { case End => case Link(v, w) => assert v == v; } }", "L")
    point = point_at(one.decl, one.text.index("assert v"), one.table)
    types = {v.name: v.type.name for v in point.variables if v.type is not None}
    assert types == {"c": "Chain", "v": "int", "w": "Chain"}
    assert "c == Link(v, w)" in {printed(e) for e in point.known}


# ------------------------------------------------------------------------------------------------------------- duties


def test_an_invariant_is_left_to_be_kept_on_each_way_through_the_body() -> None:
    one = scene(POWER)
    invariant = expression("p * Power(x, k) == Power(base, e)")
    duties = kept_by_body(setting_of(one), one.view(), invariant, {one.view().loop.offset: [invariant]})
    told = {(tuple(map(printed, d.conditions)), printed(d.formula)) for d in duties}
    assert told == {
        (("k % 2 == 1",), "p * x * Power(x * x, k / 2) == Power(base, e)"),
        (("k % 2 != 1",), "p * Power(x * x, k / 2) == Power(base, e)"),
    }
    assert all(one.text[: d.point.offset].endswith("{") for d in duties)
    assert all(invariant in d.known and expression("k > 0") in d.known for d in duties)


def test_on_entry_an_invariant_speaks_of_the_first_values() -> None:
    one = scene(POWER)
    invariant = expression("p * Power(x, k) == Power(base, e)")
    assert [printed(d.formula) for d in on_entry(setting_of(one), one.view(), invariant, {})] == [
        "1 * Power(base, e) == Power(base, e)"
    ]


def test_a_postcondition_is_told_behind_the_last_call() -> None:
    one = scene(TOTAL, "Range")
    (duty,) = at_ends(one.decl, expression("t == Total(a[lo..hi])"), None, one.table)
    assert printed(duty.formula) == "p[hi] - p[lo] == Total(a[lo..hi])"
    assert one.text[: duty.point.offset].endswith("var p := Prefixes(a);")


def test_calls_in_branches_leave_a_duty_in_each_branch() -> None:
    text = """\
function F(x: int): int { x }
method G(x: int) returns (r: int) ensures r == F(x)
method M(x: int) returns (r: int)
  ensures r == F(x)
{
  if x > 0 {
    r := G(x);
  } else {
    r := G(x + 0);
  }
}
"""
    one = scene(text)
    duties = at_ends(one.decl, expression("r == F(x)"), None, one.table)
    assert [one.text[: d.point.offset].splitlines()[-1].strip() for d in duties] == ["r := G(x + 0);"]
    assert expression("x <= 0") in duties[0].known


def test_all_values_of_something_become_any_value() -> None:
    one = scene("function F(x: int): int { x }\nmethod M(n: int) returns (r: int) { r := n; }")
    (duty,) = at_ends(one.decl, expression("forall m :: 0 <= m < r ==> F(m) >= 0"), None, one.table)
    assert [v.name for v in duty.variables] == ["m"]
    assert {printed(e) for e in duty.range} == {"0 <= m", "m < n"}
    assert printed(duty.formula) == "F(m) >= 0"


def test_elements_that_are_written_are_told_as_the_sequence_with_them() -> None:
    text = """\
function F(s: seq<int>): int { |s| }
method M(a: array<int>, i: nat) requires i < a.Length modifies a { a[i] := 7; }
"""
    one = scene(text)
    (duty,) = at_ends(one.decl, expression("F(a[..]) == 3"), None, one.table)
    assert printed(duty.formula) == "F(a[..][i := 7]) == 3"


# ----------------------------------------------------------------------------------------------------------- formulas


def test_a_range_that_grows_by_one_asks_for_the_new_end() -> None:
    known = [expression("forall k :: 0 <= k < i ==> p[k] == F(k)")]
    assert printed(grown(expression("forall k :: 0 <= k < i + 1 ==> p[k] == F(k)"), known)) == "p[i] == F(i)"
    assert printed(grown(expression("forall k :: 0 <= k <= i + 1 ==> G(k)"), known)) == (
        "forall k :: 0 <= k <= i + 1 ==> G(k)"
    )


def test_known_equations_replace_variables_and_elements() -> None:
    known = [expression("y == F(i)"), expression("forall k :: 0 <= k < n ==> p[k] == F(k)")]
    forms = {printed(e) for e in rewritings(expression("y == p[j]"), known, frozenset({"y", "i", "j"}))}
    assert "F(i) == F(j)" in forms


def test_definitions_are_put_into_each_other_and_never_round_in_circles() -> None:
    known = [expression(t) for t in ("a == b + 1", "b == c", "c == a - 1", "d == a")]
    told = normal([expression("d == 2")], known)
    names = {n.id for n in ast_names(told[0])}
    assert "d" not in names


def ast_names(expr: ast.Expr) -> list[ast.Name]:
    from dafny_env.syntax.walk import walk

    return [n for n in walk(expr) if isinstance(n, ast.Name)]
