"""The compact format: what is shown of a goal, and that an answer means the step it was made from."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind, Insertion
from dafny_env.syntax.parser import parse
from lean_project.steps import LeanGoal, LeanStep
from prover.compact import dafny, lean
from prover.compact.words import lines, words

LOOP = """\
function Fib(n: nat): nat { if n < 2 then n else Fib(n - 1) + Fib(n - 2) }

// A comment that a model need not see.
method Compute(n: nat) returns (f: nat)
  ensures f == Fib(n)
{
  var done := 0;
  while done < n {
    done := done + 1;
  }
}

lemma Unrelated() { }
lemma Grows(n: nat)
  ensures Fib(n) <= Fib(n + 1)
{ }
"""


def loop_goal() -> DafnyGoal:
    start = LOOP.index("method")
    decl = parse(LOOP).decls[1]
    assert decl.span.start == start
    return DafnyGoal(GoalKind.DECLARATION, "Compute", LOOP, decl.span)


def shown(goal: DafnyGoal) -> dafny.Marked:
    found = dafny.marked(goal)
    assert found is not None
    return found


def test_the_declaration_is_shown_with_marks_behind_what_it_uses() -> None:
    assert shown(loop_goal()).prompt == (
        "dafny declaration function F0 ( v0 : nat ) : nat { if v0 < 2 then v0 else F0 ( v0 - 1 ) + F0 ( v0 - 2 ) } "
        "lemma F1 ( v0 : nat ) ensures F0 ( v0 ) <= F0 ( v0 + 1 ) "
        "method F2 ( v0 : nat ) returns ( v1 : nat ) ensures v1 == F0 ( v0 ) <0> { <1> var v2 := 0 ; "
        "<2> while v2 < v0 <3> { <4> v2 := v2 + 1 ; <5> } <6> } =>"
    )


def test_an_answer_is_put_on_lines_of_its_own() -> None:
    read = dafny.read(shown(loop_goal()), "<3> invariant v2 <= v0 invariant v1 == F0 ( v2 ) <5> assert n0 [ n1 ] ;")
    assert read is not None
    text = LOOP
    for insertion in sorted(read.insertions, key=lambda i: -i.offset):
        text = text[: insertion.offset] + insertion.text + text[insertion.offset :]
    assert text[text.index("  while") : text.index("lemma Unrelated")] == (
        "  while done < n\n    invariant done <= n\n    invariant f == Fib(done)\n  {\n"
        "    done := done + 1;\n    assert k[j];\n  }\n}\n\n"
    )


def test_blanks_and_comments_around_a_place_make_no_difference() -> None:
    goal = loop_goal()
    before_brace, after_guard = LOOP.index("{\n    done"), LOOP.index(" {\n    done")
    answers = {
        dafny.answer(shown(goal), DafnyStep((Insertion(at, "\n    invariant done <= n // why\n"),)))
        for at in (before_brace, after_guard)
    }
    assert answers == {"<3> invariant v2 <= v0"}


def test_text_at_a_place_without_a_mark_cannot_be_said() -> None:
    inside = LOOP.index("done < n") + len("done")
    assert dafny.answer(shown(loop_goal()), DafnyStep((Insertion(inside, "x"),))) is None


@pytest.mark.parametrize(
    "text", ["", "invariant v0", "<99> assert v0 ;", "<3> v0 ; <3> v1 ;", "<x> v0", "<3> v9", "<3> n"]
)
def test_what_is_no_answer(text: str) -> None:
    assert dafny.read(shown(loop_goal()), text) is None


def test_discriminators_are_two_words_and_new_names_are_free_ones() -> None:
    text = "datatype T = Leaf | Node(k: T)\nlemma L(t: T)\n  ensures t.Node?\n{ }\n"
    found = shown(DafnyGoal(GoalKind.DECLARATION, "L", text, parse(text).decls[1].span))
    assert " ensures v1 . F2 ? " in found.prompt and "datatype F0 = F1 | F2 ( v0 : F0 )" in found.prompt
    step = dafny.read(found, "<1> assert v1 . F1 ? ==> exists n0 :: n0 == v1 ;")
    assert step is not None and step.insertions[0].text.strip() == "assert t.Leaf? ==> exists j :: j == t;"
    assert dafny.answer(found, step) == "<1> assert v1 . F1 ? ==> exists n0 :: n0 == v1 ;"


def test_the_order_of_symbols_can_be_left_to_chance() -> None:
    goal = loop_goal()
    other = dafny.marked(goal, random.Random(3))
    assert other is not None and other.prompt != shown(goal).prompt
    step = DafnyStep((Insertion(LOOP.index(" {\n    done"), "invariant done <= n"),))
    said = dafny.answer(other, step)
    assert said is not None and dafny.read(other, said) == dafny.read(
        shown(goal), dafny.answer(shown(goal), step) or ""
    )


def test_a_lemma_without_a_body_gets_one_and_helpers_stand_apart() -> None:
    text = "lemma Sum(n: nat)\n  ensures n + 0 == n\n"
    goal = DafnyGoal(GoalKind.LEMMA, "Sum", text, parse(text).decls[0].span)
    found = shown(goal)
    assert found.prompt == "dafny lemma lemma F0 ( v0 : nat ) ensures v0 + 0 == v0 <0> =>"
    step = dafny.read(found, "<+> lemma N0 ( ) { } <0> { N0 ( ) ; }")
    assert step == DafnyStep((Insertion(text.rindex("n") + 1, "\n  { Fact1(); }"),), "lemma Fact1() { }")
    assert dafny.answer(found, step) == "<+> lemma N0 ( ) { } <0> { N0 ( ) ; }"


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = dafny.read(shown(loop_goal()), text)
    assert read is None or all(0 <= i.offset <= len(LOOP) for i in read.insertions)


TOKENS = st.lists(
    st.sampled_from("seq < int > | s ( x ) [ 1 .. ] { } ; : == ==> && ! a . Length invariant := , forall ::".split()),  # noqa: SIM905
    max_size=30,
)


@given(TOKENS)
def test_laying_words_out_changes_blanks_only(found: list[str]) -> None:
    text = "\n".join(lines(found))
    assert "".join(text.split()) == "".join(found)
    assert words(text) == found, "two next to each other are not taken for one"


# Lean

JOIN = """\
def join : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => x :: join xs ys

theorem join_nil (xs : List Nat) : join xs [] = xs := by
  sorry
"""


def test_a_lean_goal_is_shown_as_lean_prints_it_behind_what_it_speaks_of() -> None:
    from lean_project.driver.types import Hypothesis

    goal = LeanGoal(
        JOIN,
        JOIN.index("sorry"),
        JOIN.index("theorem"),
        "join_nil",
        (Hypothesis(("xs",), "List Nat"),),
        "join xs [] = xs",
    )
    assert lean.prompt(goal) == (
        "lean def join : List Nat → List Nat → List Nat | [ ] , ys => ys | x :: xs , ys => x :: join xs ys | "
        "xs : List Nat | ⊢ join xs [ ] = xs =>"
    )


Lines = list[tuple[int, str]]
LINES = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from(["simp_all [join]", "| nil => rfl", "exact h.1", "rw [a, b]", "x[i]"])
    ),
    min_size=1,
    max_size=5,
)


@given(LINES, LINES | st.none())
def test_lean_steps_read_back(body: Lines, helpers: Lines | None) -> None:
    def text(found: Lines | None) -> str:
        return "\n".join("  " * depth + line for depth, line in found) if found else ""

    step = LeanStep(text(body), text(helpers))
    assert lean.read(lean.answer(step)) == step


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_of_lean(text: str) -> None:
    lean.read(text)
