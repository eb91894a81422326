"""What is proposed at a loop, for a recursion and for a lemma, before anything is observed."""

from collections.abc import Iterator
from itertools import islice

import pytest
from policy_scenes import MAX, SUM, Numbers, Scene, expression, scene, scenes, starter_tasks, texts

from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.walk import free_names, walk
from prover.policy.symbolic import bounds, decreases, elements, functions, generalise, hints, induction, lemma_hints
from prover.policy.symbolic.observe import Nothing
from prover.policy.symbolic.points import before_statement, block_starts, body_end, body_start, returns
from prover.policy.symbolic.view import Idea, View, printed, rename_bound, replace_node


def loop(guard: str, *, before: str = "", body: str = "i := i + 1;", header: str = "(n: int) returns (r: int)") -> View:
    text = f"method M{header}\n{{\n  var i := 0;\n  {before}\n  while {guard}\n  {{\n    {body}\n  }}\n}}\n"
    return scene(text).view()


# -------------------------------------------------------------------------------------------------- postconditions


def generalised(text: str, *, of: int = 0) -> list[str]:
    return texts(generalise.generalisations(scene(text).view(of)))


def test_a_whole_array_becomes_the_part_that_was_walked_over() -> None:
    found = generalised(SUM)
    assert "r == Sum(a[..i])" in found and "r == Sum(a[i..])" in found
    assert "r == Sum(a[..])" in found  # as it stands: `r` moves


def test_an_upper_bound_becomes_the_loop_variable() -> None:
    found = generalised(MAX)
    assert "forall k :: 0 <= k < i ==> a[k] <= m" in found
    assert "forall k :: i <= k < a.Length ==> a[k] <= m" in found


def test_a_bound_variable_is_renamed_apart_from_the_variables_of_the_loop() -> None:
    found = generalised(MAX.replace("var i", "var k").replace("i ", "k ").replace("[i]", "[k]"))
    assert "forall k' :: 0 <= k' < k ==> a[k'] <= m" in found
    assert not any(text.startswith("forall k ::") for text in found)


def test_an_equality_of_sequences_is_also_told_of_their_elements() -> None:
    text = """\
method Copy(s: seq<int>) returns (t: seq<int>)
  ensures t == s
{
  t := [];
  var i := 0;
  while i < |s|
  {
    t := t + [s[i]];
    i := i + 1;
  }
}
"""
    found = generalised(text)
    assert "t == s[..i]" in found
    assert "forall k :: 0 <= k < |t| ==> t[k] == s[k]" in found
    assert "forall k :: 0 <= k < i ==> t[k] == s[k]" in found


def test_what_is_returned_may_be_another_variable_while_the_loop_runs() -> None:
    found = generalised(SUM.replace("r := r + a[i];", "x := x + a[i];").replace("r := 0;", "var x := 0;"))
    assert "x == Sum(a[..i])" in found


def test_predicates_are_unfolded_once() -> None:
    predicate = "predicate Above(a: array<int>, m: int) reads a { forall k :: 0 <= k < a.Length ==> a[k] <= m }\n"
    found = generalised(predicate + MAX.replace("forall k :: 0 <= k < a.Length ==> a[k] <= m", "Above(a, m)"))
    assert "Above(a, m)" in found and "forall k :: 0 <= k < i ==> a[k] <= m" in found


def test_the_parts_of_a_conjunction_are_generalised_apart() -> None:
    found = generalised(MAX.replace("ensures", "ensures m < 9 &&"))
    assert "m < 9" in found and "forall k :: 0 <= k < i ==> a[k] <= m" in found


def test_nothing_is_told_twice() -> None:
    found = generalised(SUM)
    assert len(found) == len(set(found))


def test_a_sequence_is_not_cut_where_only_its_length_or_an_element_is_asked_for() -> None:
    expr = expression("|s| == s[0] + f(s)")
    cut = expression("s[..i]")
    assert printed(replace_node(expr, ast.Name("s"), cut)) == "|s| == s[0] + f(s[..i])"


def test_one_occurrence_at_a_time() -> None:
    expr = expression("n + n == n")
    at = [printed(replace_node(expr, ast.Name("n"), ast.Name("i"), occurrence=k)) for k in range(3)]
    assert at == ["i + n == n", "n + i == n", "n + n == i"]


def test_renaming_leaves_free_occurrences_alone() -> None:
    expr = expression("k == 0 && forall k :: 0 <= k < n ==> exists j :: s[j] == k")
    renamed = rename_bound(expr, ["k", "j", "k'"])
    assert printed(renamed) == "k == 0 && forall k'0 :: 0 <= k'0 < n ==> exists j' :: s[j'] == k'0"
    assert free_names(renamed) == free_names(expr)


# ---------------------------------------------------------------------------------------------------------- bounds


@pytest.mark.parametrize(
    ("guard", "facts"),
    [
        ("i < n", ["i <= n"]),
        ("n > i", ["n >= i"]),
        ("i <= n", ["i <= n + 1"]),
        ("i != n", ["i <= n", "i >= n"]),
        ("r == 0 && i < n / 2", ["i <= n / 2"]),
    ],
)
def test_the_guard_gives_the_first_bounds(guard: str, facts: list[str]) -> None:
    assert texts(bounds.bounds(loop(guard)))[: len(facts)] == facts


def test_initial_values_bound_what_moves() -> None:
    found = texts(bounds.bounds(loop("i < n", before="var j := n - 1; var c := 7;", body="i := i + 1; j := j - 1;")))
    assert {"0 <= i", "j <= n - 1", "n - 1 <= j"} <= set(found)
    assert "7 <= c" not in found  # it stays as it is


def test_lengths_bound_indices() -> None:
    found = texts(bounds.bounds(scene(MAX).view()))
    assert {"0 <= i", "i <= a.Length", "i < a.Length"} <= set(found)


# -------------------------------------------------------------------------------------------------------- measures


@pytest.mark.parametrize(
    ("guard", "first"),
    [("i < n", "n - i"), ("i <= n", "n - i"), ("n > i", "n - i"), ("i >= n", "i - n"), ("i + 1 < n", "n - (i + 1)")],
)
def test_the_guard_gives_the_first_measure(guard: str, first: str) -> None:
    assert decreases.for_loop(loop(guard), Nothing())[0] == first


def test_a_measure_that_is_seen_not_to_go_down_is_left_out() -> None:
    run = [{"i": i, "n": 3, "r": r} for i, r in ((0, 2), (0, 1), (0, 0), (1, 2), (1, 1), (2, 0))]
    view = loop("i < n", before="r := 2;", body="if r > 0 { r := r - 1; } else { i, r := i + 1, 2; }")
    found = decreases.for_loop(view, Numbers(entries=[run]))
    assert "n - i" not in found and "r" not in found
    assert found[0] == "n - i, r"


def test_both_sides_of_an_inequality_may_be_the_larger_one() -> None:
    found = decreases.for_loop(loop("i != n"), Nothing())
    assert found[0] == "if i <= n then n - i else i - n"


def test_what_shrinks_as_a_whole_is_a_measure() -> None:
    view = loop("s != []", header="(q: seq<int>) returns (r: int)", before="var s := q;", body="s := s[1..];")
    assert {"|s|", "s"} & set(decreases.for_loop(view, Nothing())[:4])


def recursion(text: str) -> list[str]:
    there = scene(text)
    return decreases.for_recursion(there.decl, there.table)


def test_recursion_is_ranked_by_what_its_calls_make_smaller() -> None:
    up = recursion("function U(i: int, n: int): int { if i >= n then 0 else 1 + U(i + 1, n) }")
    assert up[0] == "n - i" and up.index("i") > up.index("if i >= n then 0 else n - i")
    walk = "function G(s: seq<int>, i: nat): int requires i <= |s| { if i == |s| then 0 else s[i] + G(s, i + 1) }"
    assert recursion(walk)[0] == "|s| - i"


def test_nested_changes_get_lexicographic_pairs() -> None:
    ackermann = """\
function A(m: nat, n: nat): nat {
  if m == 0 then n + 1 else if n == 0 then A(m - 1, 1) else A(m - 1, A(m, n - 1))
}
"""
    assert {"m, n", "n, m"} <= set(recursion(ackermann))


# ------------------------------------------------------------------------------------------------------- induction


def hypotheses(text: str) -> list[str]:
    there = scene(text)
    return [line.text for line in induction.hypotheses(there.decl, there.table)]


def test_induction_on_a_number() -> None:
    assert "if n > 0 { L(n - 1); }" in hypotheses("lemma L(n: nat) ensures n * n >= n")


def test_induction_on_a_sequence_from_either_end() -> None:
    found = hypotheses("lemma L(s: seq<int>, x: int) ensures x in s ==> |s| > 0")
    assert {"if |s| > 0 { L(s[1..], x); }", "if |s| > 0 { L(s[..|s| - 1], x); }"} <= set(found)


def test_induction_on_two_parameters_at_once() -> None:
    found = hypotheses("lemma L(m: nat, n: nat) ensures m + n >= m")
    assert "if m > 0 && n > 0 { L(m - 1, n - 1); }" in found


TREE = "datatype Tree = Leaf | Node(left: Tree, value: int, right: Tree)\n"


def test_induction_on_a_datatype_by_its_cases() -> None:
    found = hypotheses(f"{TREE}lemma L(t: Tree, n: nat) ensures t == t")
    start = found.index("match t {")
    assert found[start:] == [
        "match t {",
        "case Leaf =>",
        "case Node(left'0, value'1, right'2) =>",
        "L(left'0, n);",
        "L(right'2, n);",
        "}",
    ]


def test_braces_and_cases_are_fixed_and_calls_are_not() -> None:
    there = scene(f"{TREE}lemma L(t: Tree) ensures t == t")
    for line in induction.hypotheses(there.decl, there.table):
        assert line.fixed is line.text.startswith(("match", "case", "}"))


def test_no_match_on_what_has_no_parts_of_its_own_type() -> None:
    assert hypotheses("datatype Color = Red | Green\nlemma L(c: Color) ensures c == c") == []


def test_as_the_functions_of_the_statement_recurse() -> None:
    power = """\
function Pow(b: int, n: nat): int {
  if n == 0 then 1 else if n % 2 == 0 then Pow(b * b, n / 2) else b * Pow(b, n - 1)
}
lemma L(x: int, k: nat) ensures Pow(x, k) == Pow(x, k)
"""
    found = hypotheses(power)
    assert "if !(k == 0) && k % 2 == 0 { L(x * x, k / 2); }" in found
    assert "if !(k == 0) && !(k % 2 == 0) { L(x, k - 1); }" in found


def test_accumulators_change_with_the_part() -> None:
    reverse = """\
datatype List = Nil | Cons(head: int, tail: List)
function Rev(xs: List, acc: List): List { match xs case Nil => acc case Cons(h, t) => Rev(t, Cons(h, acc)) }
lemma L(ys: List, done: List) ensures Rev(ys, done) == Rev(ys, done)
"""
    assert "L(tail'1, Cons(ys.head, done));" in hypotheses(reverse)


def test_a_lemma_does_not_call_itself_as_it_is() -> None:
    for line in hypotheses("lemma L(n: nat, s: seq<int>) ensures n <= n + |s|"):
        assert "L(n, s)" not in line


# ---------------------------------------------------------------------------------------------------------- places

PLACES = """\
method M(n: int) returns (r: int)
{
  if n > 0
  {
    r := 1;
  } else {
    return 2;
  }
  r := r + 1;
}
"""


def test_places_are_where_a_statement_may_stand() -> None:
    decl = scene(PLACES).decl
    places = [body_start(decl), body_end(decl), *block_starts(decl), *returns(decl)]
    places.append(before_statement(decl, PLACES.index("+ 1")))
    assert len(places) == 6
    for place in places:
        assert place is not None
        there = parse(PLACES[:place] + " assert true; " + PLACES[place:])
        assert not there.problems and sum(isinstance(n, ast.Assert) for n in walk(there)) == 1


def test_the_innermost_statement_is_meant() -> None:
    decl = scene(PLACES).decl
    assert before_statement(decl, PLACES.index(":= 1")) == PLACES.index("r := 1")
    assert before_statement(decl, PLACES.index("n > 0")) == PLACES.index("if")
    assert before_statement(decl, PLACES.index("method")) is None


def test_nothing_stands_behind_a_return_at_the_end() -> None:
    assert body_end(scene(PLACES.replace("r := r + 1;", "return r;")).decl) is None


# ------------------------------------------------------------------------------------- whatever the program looks like

EVERY = 60
"""Candidates looked at per loop and family."""


def ideas(view: View) -> Iterator[Idea]:
    families = (
        bounds.bounds(view),
        generalise.generalisations(view),
        elements.elements(view),
        elements.orders(view),
        elements.frames(view),
        elements.copies(view),
        functions.functions(view, Nothing()),
        functions.quantified(view, Nothing()),
    )
    return (idea for family in families for idea in islice(family, EVERY))


def proof_lines(there: Scene) -> Iterator[str]:
    lines = induction.hypotheses(there.decl, there.table) if there.decl.is_lemma else []
    yield from (line.text for line in (*lines, *lemma_hints.hints(there.decl, there.table)))
    for view in there.views:
        yield from (item.text for item in hints.around_loop(view))


STARTER = starter_tasks()


@pytest.mark.parametrize("task", STARTER)
def test_every_candidate_reads_as_what_it_is_meant_to_be_and_cheats_nowhere(task: str) -> None:
    for there in scenes(STARTER[task]):
        for view in there.views:
            variables = {v.name for v in view.variables}
            for text in {idea.text for idea in ideas(view)}:
                expr = expression(text)
                assert "assume" not in text and "{:" not in text and "\n" not in text
                for node in walk(expr):
                    if isinstance(node, ast.Quantifier | ast.SetComp | ast.MapComp):
                        assert variables.isdisjoint(v.name for v in node.vars), text
            measures = decreases.for_loop(view, Nothing())
            assert all(expression(part) for measure in measures for part in measure.split(", "))
        for measure in decreases.for_recursion(there.decl, there.table):
            clause = parse(f"lemma L() decreases {measure} {{ }}")
            assert not clause.problems, measure
        whole = list(proof_lines(there))
        assert not any("assume" in line or "{:" in line for line in whole)
        body = "\n".join(whole)
        program = parse(f"lemma L() {{\n{body}\n}}\n")
        assert not program.problems, program.problems
        assert len(program.decls) == 1
