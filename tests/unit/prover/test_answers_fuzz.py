"""Whatever an answer says: no exception, and no step that is more than insertions where the gate lets them stand."""

from __future__ import annotations

import pytest
from answer_scenes import dafny_goal, honest_dafny, honest_lean, lean_goal
from hypothesis import given, settings
from hypothesis import strategies as st
from test_answers_dafny import CLAUSES, DONE, FACT, LEMMA, METHOD, SOLVED, STEP, fenced
from test_answers_lean import FILE, GOAL, HELPER, INNER, PROOF, THEOREM

from dafny_env.steps import DafnyGoal
from lean_project.steps import LeanGoal
from prover.answers.dafny import read_dafny
from prover.answers.lean import read_lean

DAFNY_GOALS = [METHOD, LEMMA, FACT]
LEAN_GOALS = [GOAL, lean_goal(INNER, 0), lean_goal(INNER, 1), lean_goal(FILE.replace("by\n  sorry", "sorry"))]

CHANGE = "<<<<<<< SEARCH\n  while i < n\n=======\n  while i < n\n    invariant i <= n\n>>>>>>> REPLACE\n"
DAFNY_ANSWERS = [
    fenced(SOLVED),
    fenced(DONE),
    fenced(CLAUSES),
    fenced(STEP) + fenced(SOLVED.replace("    i := i + 1;", "    Step(i); i := i + 1;")),
    fenced(CHANGE),
    fenced("assert Sum(0) == 0;"),
    fenced("{ if n > 0 { SumGrows(n - 1); } }"),
    fenced(FACT.base.replace("assume s == Sum(0);", "assert s == Sum(0) by { assert Sum(0) == 0; }")),
]
LEAN_ANSWERS = [
    fenced(FILE.replace("  sorry\n", PROOF)),
    fenced(THEOREM + PROOF),
    fenced(f"{HELPER}\n{THEOREM}  exact shuffle a b\n"),
    fenced(HELPER) + fenced("exact shuffle a b"),
    fenced("cases a with\n| zero => simp\n| succ n =>\n  have h : n = n := by sorry\n  omega"),
    fenced(INNER.replace("sorry", "skip\n    exact hq")),
    fenced("<<<<<<< SEARCH\n  sorry\n=======\n  omega\n>>>>>>> REPLACE"),
]
PLAIN = """{ } ( ) [ ] ⟨ ⟩ ; , := => | · " ' /* */ -- // /- -/ ``` ```lean ~~~ <think> </think> by sorry assume assert
    theorem lemma method class instance end namespace open in set_option axiom macro native_decide {:axiom} free
    ensures requires invariant decreases * return print :| x:=1; import #eval while if else @[simp] ghost var
    \u202e ∗ 𝔸 é ≤ ∀ # «a» ... import"""
WORDS = st.sampled_from([*PLAIN.split(), "\n", "\r", "\t", "\x00", "\ufeff", "var k := 0;"])


@st.composite
def mutated(draw: st.DrawFn, answers: list[str]) -> str:
    text = draw(st.sampled_from(answers))
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(text)))
        upto = min(len(text), at + draw(st.sampled_from([0, 0, 1, 5, 40])))
        text = text[:at] + draw(WORDS | st.text(max_size=4)) + text[upto:]
    return text


def dafny_holds(goal: DafnyGoal, answer: str, *, cut: bool = False, raw: bool = False) -> None:
    reading = read_dafny(goal, answer, cut=cut, raw=raw)
    for step in reading.steps:
        honest_dafny(goal, step)
    assert all(r.reason and r.rule for r in reading.refused)


def lean_holds(goal: LeanGoal, answer: str, *, cut: bool = False, raw: bool = False) -> None:
    reading = read_lean(goal, answer, cut=cut, raw=raw)
    for step in reading.steps:
        honest_lean(goal, step)
    assert all(r.reason and r.rule for r in reading.refused)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(DAFNY_GOALS), mutated(DAFNY_ANSWERS), st.booleans(), st.booleans())
def test_mutated_answers_to_dafny_goals(goal: DafnyGoal, answer: str, cut: bool, raw: bool) -> None:
    dafny_holds(goal, answer, cut=cut, raw=raw)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(LEAN_GOALS), mutated(LEAN_ANSWERS), st.booleans(), st.booleans())
def test_mutated_answers_to_lean_goals(goal: LeanGoal, answer: str, cut: bool, raw: bool) -> None:
    lean_holds(goal, answer, cut=cut, raw=raw)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60) | st.lists(WORDS, max_size=25).map(" ".join), st.booleans())
def test_any_text_at_all(answer: str, raw: bool) -> None:
    dafny_holds(METHOD, answer, raw=raw)
    lean_holds(GOAL, answer, raw=raw)


HUGE = {
    "words": "the proof is by induction " * 40_000,
    "thought": "<think>" + "hm, " * 250_000 + "</think>" + fenced(SOLVED),
    "open thought": "<think>" + "hm, " * 250_000,
    "one block": fenced("assert true;\n" * 80_000),
    "many blocks": fenced("assert true;\n") * 25_000,
    "fences": "```\n" * 250_000,
    "marks": "<<<<<<< SEARCH\n" * 70_000,
    "brackets": fenced("(" * 1_000_000),
    "deep": fenced("assert " + "(" * 140 + "1" + ")" * 140 + ";"),
    "deeper": fenced("assert " + "(" * 45_000 + "1" + ")" * 45_000 + ";"),
    "blocks in blocks": fenced("{" * 45_000 + "}" * 45_000),
    "bullets": fenced("·" * 5_000),
    "blocks, deep": fenced("{" * 140 + "}" * 140),
    "comments": fenced("/*" * 45_000 + "*/" * 45_000),
    "lean comments": fenced("/-" * 45_000 + "-/" * 45_000),
    "one line": "a" * 1_000_000,
    "null": "\x00" * 1_000_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_and_deeply_nested_answers(name: str) -> None:
    dafny_holds(METHOD, HUGE[name])
    lean_holds(GOAL, HUGE[name])


def test_a_goal_in_a_file_that_cannot_be_read() -> None:
    goal = dafny_goal(FILE_WITH_PROBLEMS, "Total")
    dafny_holds(goal, fenced(SOLVED))


FILE_WITH_PROBLEMS = f"lemma Odd( ensures ===\n{METHOD.base}\nmodule M {{"
