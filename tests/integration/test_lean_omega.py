"""Lean's `omega` on the bundled core: what it proves and on which axioms, what it refuses, and where Lean uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lean_core import Core

from lean_project import launcher
from lean_project.core.build import build, default_location

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(launcher.shared_library() is None, reason=launcher.MISSING),
]

SOUND = {"propext", "Classical.choice", "Quot.sound"}
NATURALS = """
(h : a < b) : a + 1 ≤ b
(h : a ≤ b) (k : b < c) : a < c
(h : a = b) : 2 * a = b + b
(h : ¬ a ≤ b) : b < a
(h : a ≠ b) : a < b ∨ b < a
: a ≤ b ∨ b ≤ a
(h : 3 * a + 5 * b = 7) (k : a = 1) : 5 * b = 4
(h : a < b ∧ b < c ∨ a = 7 ∧ c = 9) : a < c
(h : a < b ↔ b < a) : a = b
(h : a < b → b < a) : b ≤ a
(h : ¬ (a < b ∧ b < 5)) (k : b < 3) : b ≤ a
(h : ∃ x, a + x = b ∧ x > 2) : a < b
(h : 2 * a + 4 * b = 2 * c + 1) : False
(h : a * b < 5) : 2 * (a * b) ≤ 8
(f : Nat → Nat) (h : f a < f b) : f a + 1 ≤ f b
(l : List Nat) (h : a < l.length) : l.length - a - 1 < l.length
(h : b ≤ a) : a - b + b = a
: a - b ≤ a
: a - b - c = a - (b + c)
(h : a - b = 0) : a ≤ b
: a % 2 = 0 ∨ a % 2 = 1
(h : a % 4 = 3) : a % 2 = 1
(h : 0 < a) : a / 2 < a
: 3 * (a / 3) + a % 3 = a
(h : 6 ∣ a) : 3 ∣ a
(h : ¬ 2 ∣ a) : a % 2 = 1
: max a b = a ∨ max a b = b
: min a b + max a b = a + b
: 2 ^ (a + 1) = 2 * 2 ^ a
: a <<< 2 = 4 * a ∧ a >>> 1 ≤ a
(h : (3, a).2 < b) : a < b
(h : Prod.Lex (· < ·) (· < ·) (a, 1) (b, 0)) : a < b
(i j : Fin 10) (h : i < j) : i.val + 1 ≤ j.val ∧ j.val < 10
(v : BitVec 8) : v.toNat < 256
"""
INTEGERS = """
(h : a < b) : a + 1 ≤ b
(h : 2 * a = 2 * b + 1) : False
(h : a ≤ b) (k : b ≤ a) : a = b
(h : a + b ≤ c) (k : -7 ≤ a - 3) : b ≤ c + 4
(h : 7 * a + 12 * b = 1) (k : a = 5 * b) : False
(h : 3 * a + 5 * b = 7) (k : 0 ≤ a) (l : 0 ≤ b) (m : a ≤ 3) : False
(h : 4 * a + 6 * b = 14) (k : a > 1) (l : b > 1) : False
(h : 15 * a + 21 * b + 35 * c = 1) (k : a = 7 * b) (l : c = 3 * b) : False
: 3 * (a / 3) + a % 3 = a
: a % 5 < 5 ∧ 0 ≤ a % 5
: a / (-2) = -(a / 2) ∧ a / 0 = 0
(h : ¬ 3 ∣ a) : a % 3 = 1 ∨ a % 3 = 2
: (if a ≤ b then b else a) ≥ a
: min a b + max a b = a + b
: (a.natAbs : Int) ≥ a ∧ (a.natAbs : Int) ≥ -a
(h : 0 ≤ a) : (a.toNat : Int) = a
(h : a < 0) : a.toNat = 0
(n m : Nat) (h : (n : Int) - m = a) (k : a < 0) : n < m
(n : Nat) : (n : Int) / 2 ≤ n
"""
FALSE = """
(h : a ≤ b) : a < b
(h : a < b) : a + 2 ≤ b
: a - b + b = a
: a / 2 * 2 = a
(h : a % 2 = 1) : a % 4 = 1
(h : a ≠ b) : a < b
(h : 3 ∣ a) : 6 ∣ a
: max a b = a
(h : a < b → b < c) : a < c
: 2 ^ a < 100
(i : Fin 10) : i.val < 9
(x y : Int) (h : x / 2 = y / 2) : x = y
(x : Int) : (x.toNat : Int) = x
(x y : Int) (h : 3 * x + 5 * y = 8) : x = 1
(p : Prop) : p
"""


def theorems(goals: str, variables: str) -> str:
    """One theorem a line, from binders and statements."""
    lines = enumerate(goals.strip().splitlines())
    return "".join(f"theorem t{number} ({variables}) {goal} := by omega\n" for number, goal in lines)


@pytest.fixture(scope="session")
def compiled() -> Path:
    """The core where `make setup` puts it: built if it is not there."""
    return build(default_location())


@pytest.fixture
def core(compiled: Path, tmp_path: Path) -> Core:
    return Core(compiled, tmp_path)


@pytest.mark.parametrize(("goals", "variables"), [(NATURALS, "a b c : Nat"), (INTEGERS, "a b c : Int")])
def test_linear_facts_are_proved_on_the_axioms_of_lean(core: Core, goals: str, variables: str) -> None:
    text = theorems(goals, variables)
    names = [f"t{number}" for number in range(len(goals.strip().splitlines()))]
    checked = core.accepts(text + "".join(f"#print axioms {name}\n" for name in names))
    axioms = [note for note in checked.notes if "axioms" in note]
    assert len(axioms) == len(names)
    for note in axioms:
        assert set(note.partition("[")[2].rstrip("]").split(", ")) - {""} <= SOUND


def test_many_variables_are_eliminated(core: Core) -> None:
    """Up to ten atoms and beyond are told apart by different lemmas."""
    chain = [f"(h{number} : x{number} < x{number + 1})" for number in range(14)]
    variables = " ".join(f"x{number}" for number in range(15))
    core.accepts(f"theorem chained ({variables} : Nat) {' '.join(chain)} : x0 + 14 ≤ x14 := by omega\n")


def test_what_is_false_is_not_proved(core: Core) -> None:
    text = theorems(FALSE, "a b c : Nat")
    checked = core.check(text)
    assert {line for line, _ in checked.errors} == set(range(1, text.count("\n") + 1))
    assert all("omega could not prove" in message for _, message in checked.errors)


def test_a_wrong_goal_is_answered_with_values_that_may_refute_it(core: Core) -> None:
    [(_, message)] = core.check("theorem wrong (a b : Nat) (h : a ≤ b) : a < b := by omega\n").errors
    assert "a possible counterexample" in message


def test_recursion_is_shown_to_end_by_it(core: Core) -> None:
    core.accepts("""
def climb (n m : Nat) : Nat := if n < m then climb (n + 1) m else 0
termination_by m - n
def middle (low high : Nat) : Nat := if low + 1 < high then middle ((low + high) / 2) high else low
termination_by high - low
def subtractive (a b : Nat) : Nat :=
  if a = 0 then b else if b = 0 then a else if a < b then subtractive a (b - a) else subtractive (a - b) b
termination_by a + b
def countdown (n : Int) : Nat := if n ≤ 0 then 0 else countdown (n - 3) + 1
termination_by n.toNat
def merge : List Int → List Int → List Int
  | [], ys => ys
  | xs, [] => xs
  | x :: xs, y :: ys => if x ≤ y then x :: merge xs (y :: ys) else y :: merge (x :: xs) ys
""")


def test_indices_are_shown_to_be_valid_by_it(core: Core) -> None:
    core.accepts("""
def pair (a : Array Int) (i : Nat) (h : i + 1 < a.size) : Int := a[i] + a[i + 1]
def last (a : List Int) (h : 0 < a.length) : Int := a[a.length - 1]
def search (a : Array Int) (key : Int) (low high : Nat) (h : high ≤ a.size) : Bool :=
  if l : low < high then
    let middle := (low + high) / 2
    if a[middle] = key then true
    else if a[middle] < key then search a key (middle + 1) high h
    else search a key low middle (by omega)
  else false
termination_by high - low
def total (a : Array Nat) : Nat := Id.run do
  let mut sum := 0
  for h : i in [0:a.size] do
    sum := sum + a[i]
  return sum
example : total #[1, 2, 3] = 6 := by decide
""")


def test_casts_are_moved_and_int_has_its_laws(core: Core) -> None:
    core.accepts("""
example (a b c : Nat) (h : a + c ≤ b) : (a : Int) + c ≤ b := by exact_mod_cast h
example (a b : Nat) (h : (a : Int) = b) : a = b := by norm_cast at h
example (a b c : Int) : a * (b + c) - a * c = a * b := by rw [Int.mul_add, Int.add_sub_cancel]
example (a b : Int) (h : a + 1 = b + 1) : a = b := by simpa using h
example (a b : Int) (h : b ∣ a) : a / b * b = a := Int.ediv_mul_cancel h
example : ¬ (4 : Int) ∣ 6 ∧ (3 : Int) ∣ -6 ∧ (-7 : Int) % 4 = 1 ∧ Int.bmod 7 4 = -1 := by decide
example : [1, 2, 2].Pairwise (· ≤ ·) ∧ ¬ [2, 1].Pairwise (· ≤ ·) ∧ "ab" < "b" := by decide
example : [1, 2, 3].rotateLeft = [2, 3, 1] ∧ [1, 2, 3].rotateRight = [3, 1, 2] := by decide
""")
