"""Where a step's text comes to stand, and how solved goals are put together."""

from __future__ import annotations

import pytest

from lean_project.assembly import assembled
from lean_project.steps import LeanStep, Placed, place, unit_of
from lean_project.syntax.holes import sorries
from search.ports import Assignment, Goal, Step

CASES = "cases x with\n| a => rfl\n| b =>\n  sorry"


def put(text: str, body: str, helpers: str = "") -> Placed:
    hole = sorries(text)[0]
    return place(text, hole.start, unit_of(text, hole.start)[0], LeanStep(body, helpers))


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("theorem t : p := by sorry\n", "theorem t : p := by\n  intro h\n  exact h\n"),
        ("theorem t : p := by\n  sorry\n", "theorem t : p := by\n  intro h\n  exact h\n"),
        ("theorem t : p := sorry\n", "theorem t : p := by\n  intro h\n  exact h\n"),
        ("theorem t : p :=\n  sorry\n", "theorem t : p := by\n  intro h\n  exact h\n"),
        ("theorem t : p ∧ q := ⟨sorry, hq⟩\n", "theorem t : p ∧ q := ⟨(by\n  intro h\n  exact h), hq⟩\n"),
        ("theorem t : p := by\n  · sorry\n", "theorem t : p := by\n  · intro h\n    exact h\n"),
        (
            "theorem t : p := by\n  have k : q := by sorry\n  exact k\n",
            "theorem t : p := by\n  have k : q := by\n    intro h\n    exact h\n  exact k\n",
        ),
        (
            "theorem t : p := by\n  cases x with\n  | a => sorry\n  | b => rfl\n",
            "theorem t : p := by\n  cases x with\n  | a =>\n    intro h\n    exact h\n  | b => rfl\n",
        ),
    ],
)
def test_lines_stand_under_one_another_where_the_sorry_was(text: str, filled: str) -> None:
    assert put(text, "intro h\nexact h").text == filled


CALC = "theorem t (h : a = b) (k : b = c) : a = c := by\n  calc a = b := {}\n    _ = c := {}\n"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        (
            CALC.format("sorry", "k"),
            CALC.format("by\n         skip\n         exact h", "k"),
        ),
        (
            CALC.format("by sorry", "k"),
            CALC.format("by\n         skip\n         exact h", "k"),
        ),
        (
            CALC.format("h", "sorry"),
            CALC.format("h", "by\n      skip\n      exact h"),
        ),
        (
            "theorem t : a = c :=\n  calc\n    a = b := sorry\n    _ = c := k\n",
            "theorem t : a = c :=\n  calc\n    a = b := by\n      skip\n      exact h\n    _ = c := k\n",
        ),
    ],
)
def test_a_step_of_a_calculation_ends_where_the_next_begins(text: str, filled: str) -> None:
    assert put(text, "skip\nexact h").text == filled


def test_helpers_come_in_front_of_the_declaration_with_its_comment() -> None:
    text = "def f := 1\n\n/-- Says so. -/\ntheorem t : p := by\n  sorry\n"
    placed = put(text, "exact l", "theorem l : p := by\n  sorry")
    assert placed.text == (
        "def f := 1\n\ntheorem l : p := by\n  sorry\n\n/-- Says so. -/\ntheorem t : p := by\n  exact l\n"
    )
    assert [h.line for h in placed.holes] == [4]


def test_only_the_steps_own_holes_are_its_subgoals() -> None:
    text = "theorem t : p ∧ q := by\n  constructor\n  · sorry\n  · sorry\n"
    assert [h.line for h in put(text, CASES).holes] == [6]


def test_a_mutual_block_is_one_unit() -> None:
    text = "mutual\ntheorem a : p := by\n  sorry\ntheorem b : q := by\n  sorry\nend\n\ntheorem c : r := sorry\n"
    first, second, third = sorries(text)
    assert unit_of(text, first.start) == unit_of(text, second.start) == (0, text.index("end") + 3)
    assert unit_of(text, third.start) == (text.index("theorem c"), len(text) - 1)


def goal(key: str) -> Goal:
    return Goal(key, key)


def solved(key: str, body: str, *subgoals: Goal, helpers: str = "") -> tuple[str, Assignment]:
    return key, Assignment(goal(key), Step(key, body, payload=LeanStep(body, helpers)), subgoals)


def test_steps_are_filled_into_steps_with_their_lemmas_in_front() -> None:
    text = "theorem a : p := by\n  sorry\n\ntheorem b : q := by\n  sorry\n"
    roots = [(h.start, goal(k)) for h, k in zip(sorries(text), "ab", strict=True)]
    lemma_l = "theorem l : r := by\n  sorry"
    solution = dict(
        [
            solved("a", "rfl"),
            solved("b", "cases x\n· sorry\n· sorry", goal("l"), goal("c"), goal("d"), helpers=lemma_l),
            solved("c", "exact l"),
            solved("d", "exact m", goal("m"), helpers="theorem m : s := by\n  sorry"),
            solved("l", "exact k", goal("k"), helpers="theorem k : r := by\n  sorry"),
            solved("m", "simp"),
            solved("k", "decide"),
        ]
    )
    assert assembled(text, roots, solution) == (
        "theorem a : p := by\n  rfl\n\n"
        "theorem k : r := by\n  decide\n\n"
        "theorem l : r := by\n  exact k\n\n"
        "theorem m : s := by\n  simp\n\n"
        "theorem b : q := by\n  cases x\n  · exact l\n  · exact m\n"
    )


def test_what_is_not_solved_stays_open() -> None:
    text = "theorem a : p := by\n  sorry\n"
    roots = [(sorries(text)[0].start, goal("a"))]
    solution = dict([solved("a", "constructor\n· sorry\n· sorry", goal("b"), goal("c")), solved("c", "rfl")])
    assert assembled(text, roots, solution) == "theorem a : p := by\n  constructor\n  · sorry\n  · rfl\n"
    assert assembled(text, roots, {}) == text
