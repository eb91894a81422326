"""What a model writes for a Lean goal, read as a step."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_project.proposal import ProposalProblem, read_proposal
from lean_project.steps import LeanGoal, LeanStep, place, unit_of
from lean_project.syntax.holes import sorries

FILE = """def f (n : Nat) : Nat := n

/-- Says so. -/
theorem t (n : Nat) : f n = n := by
  sorry
"""
TERM = "theorem t (n : Nat) : f n = n :=\n  sorry\n"
MIDDLE = "theorem t : p := by\n  have h : q := by\n    sorry\n  exact k h\n"


def goal(text: str = FILE) -> LeanGoal:
    hole = sorries(text)[0]
    return LeanGoal(text, hole.start, unit_of(text, hole.start)[0], "t")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("rfl", LeanStep("rfl")),
        ("by\n  unfold f\n  rfl\n", LeanStep("unfold f\nrfl")),
        (":= by unfold f\n      rfl", LeanStep("unfold f\nrfl")),
        ("  unfold f\n  rfl", LeanStep("unfold f\nrfl")),
        ("theorem t (n : Nat) : f n = n := by\n  unfold f\n  rfl\n", LeanStep("unfold f\nrfl")),
        ("theorem t (n : Nat) :\n    f n = n := by rfl\n", LeanStep("rfl")),
        (FILE.replace("sorry", "cases n with\n  | zero => rfl\n  | succ k => rfl"),
         LeanStep("cases n with\n| zero => rfl\n| succ k => rfl")),
        ("lemma l : q := by\n  sorry\n\ntheorem t (n : Nat) : f n = n := by\n  exact l\n",
         LeanStep("exact l", "lemma l : q := by\n  sorry")),
        ("I think:\n```lean\nrfl\n```\nor better\n```lean4\nunfold f\nrfl\n```\n", LeanStep("unfold f\nrfl")),
    ],
)  # fmt: skip
def test_the_declaration_again_the_file_again_or_tactics_alone(text: str, step: LeanStep) -> None:
    assert read_proposal(goal(), text) == step


def test_a_term_is_given_for_a_term() -> None:
    assert read_proposal(goal(TERM), "theorem t (n : Nat) : f n = n := Eq.trans a b") == LeanStep(
        "exact (Eq.trans a b)"
    )
    assert read_proposal(goal(TERM), "theorem t (n : Nat) : f n = n := by\n  rfl") == LeanStep("rfl")


def test_what_follows_the_hole_stays() -> None:
    text = MIDDLE.replace("sorry", "intro x\n    exact x")
    assert read_proposal(goal(MIDDLE), text) == LeanStep("intro x\nexact x")
    assert isinstance(read_proposal(goal(MIDDLE), text.replace("k h", "h")), ProposalProblem)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "empty"),
        ("-- nothing\n", None, "empty"),
        ("theorem t (n : Nat) : f n = n + 0 := by\n  rfl\n", 1, "changed"),
        ("theorem u : q := rfl\n", None, "0 times"),
        (2 * "theorem t (n : Nat) : f n = n := by\n  rfl\n", None, "2 times"),
        ("axiom a : q\ntheorem t (n : Nat) : f n = n := by\n  rfl\n", 1, "axiom"),
        ("theorem t (n : Nat) : f n = n := by\n  exact l\ntheorem l : q := rfl\n", 3, "behind"),
        ("x" * 200_001, None, "longer"),
        ("Well:\n```lean\naxiom a : q\ntheorem t (n : Nat) : f n = n := by\n  rfl\n```\n", 3, "axiom"),
    ],
)
def test_what_is_no_proposal_is_told_with_its_line(text: str, line: int | None, words: str) -> None:
    read = read_proposal(goal(), text)
    assert isinstance(read, ProposalProblem)
    assert read.line == line
    assert words in read.reason


@given(st.text(alphabet="theorem t(n:Nat):fn=by\n `sorry-/{}", max_size=120), st.sampled_from([FILE, TERM, MIDDLE]))
def test_any_text_is_read_or_refused(text: str, file: str) -> None:
    read = read_proposal(goal(file), text)
    if isinstance(read, LeanStep):
        asked = goal(file)
        place(asked.text, asked.start, asked.unit, read)
