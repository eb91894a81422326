"""Counterexamples to Lean goals, with the real Lean: false theorems are refuted, true ones and what rests on anything
unproved never are."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lean_installation import lean_installation
from prover_command import Prover

from lean_project.driver.server import ServerVerifier
from lean_project.environment import LeanEnvironment
from lean_project.steps import LeanStep
from prover.bundled import datasets_folder
from search.ports import Accepted, Refuted, Step

pytestmark = pytest.mark.integration
STARTER = datasets_folder() / "starter" / "lean"
BACKWARDS = "def backwards : List Nat → List Nat\n  | [] => []\n  | x :: xs => backwards xs ++ [x]\n\n"
COLOUR = "inductive Colour where\n  | red\n  | green\n\n"
TREE = """inductive Tree where
  | leaf : Tree
  | node : Tree → Nat → Tree → Tree

def mirror : Tree → Tree
  | .leaf => .leaf
  | .node l x r => .node (mirror r) x (mirror l)

"""
SORTED = """def below (x : Nat) : List Nat → Prop
  | [] => True
  | y :: ys => x ≤ y ∧ below x ys

def sorted : List Nat → Prop
  | [] => True
  | x :: xs => below x xs ∧ sorted xs

"""
EVEN = "inductive Even : Nat → Prop where\n  | zero : Even 0\n  | step (n : Nat) (h : Even n) : Even (n + 2)\n\n"
DEEP = """namespace Deep
inductive Box (α : Type) where
  | empty
  | full (x : α)

variable {α : Type}

"""
FALSE = {
    "order": (BACKWARDS, "(xs ys : List Nat) : backwards (xs ++ ys) = backwards xs ++ backwards ys", "xs = ["),
    "subtraction": ("", "(a b : Nat) : a - b + b = a", "b = 1"),
    "booleans": ("", "(a b : Bool) : (!(a && b)) = (!a && !b)", "a = "),
    "enumeration": (COLOUR, "(c : Colour) : c = .red", "c = Colour.green"),
    "tree": (TREE, "(t : Tree) : mirror t = t", "t = (Tree.node"),
    "premises": (SORTED, "(xs ys : List Nat) (h : sorted xs) (k : sorted ys) : sorted (xs ++ ys)", "xs = ["),
    "propositions": ("", "(p q : Prop) (h : p → q) : q → p", "p = False, q = True"),
    "in the target": ("", ": ∀ (n : Nat), 0 < n → ∀ (m : Nat), n * m = n + m", "n = "),
    "integers": ("", "(x : Int) : x ≤ x * x - 1", "x = "),
    "predicate": (EVEN, "(n : Nat) (h : Even n) : n = 0", "n = 2"),
    "variables": (DEEP, "[DecidableEq α] (b c : Box α) (x : α) (h : x = x) : b = c", "α = Nat"),
    "nothing": ("", ": 2 + 2 = 5", "false as it stands"),
}


def claimed(name: str) -> str:
    above, statement, _ = FALSE[name]
    return f"{above}theorem claimed {statement} := by\n  sorry\n"


@pytest.mark.parametrize("name", ["order", "nothing"])
def test_the_command_line_tells_a_witness_and_ends_with_4(name: str, prover: Prover) -> None:
    (prover.folder / "false.lean").write_text(claimed(name), encoding="utf-8")
    done = prover.run("prove", "false.lean", "--json", "--checks", "60")
    assert (done.code, done.json["status"]) == (4, "refuted")
    (told,) = done.json["goals"]
    assert told["status"] == "refuted"
    assert FALSE[name][2] in told["witness"]
    assert FALSE[name][2] in done.err


async def witnesses(verifier: ServerVerifier, text: str) -> list[str | None]:
    """Of each root goal of a text: why it is false, or None."""
    environment = LeanEnvironment(text, verifier, check_seconds=20)
    opened = await environment.open(seconds=60)
    assert opened.result.accepted, opened.result.errors
    found = [(await environment.refute(root, seconds=20)).found for root in opened.roots]
    return [f.witness if isinstance(f, Refuted) else None for f in found]


def looked(*texts: str) -> list[list[str | None]]:
    async def run() -> list[list[str | None]]:
        verifier = ServerVerifier(lean_installation())
        try:
            return [await witnesses(verifier, text) for text in texts]
        finally:
            await verifier.close()

    return asyncio.run(run())


def test_false_theorems_are_refuted_by_values_that_show_it() -> None:
    for name, found in zip(FALSE, looked(*map(claimed, FALSE)), strict=True):
        (witness,) = found
        assert witness is not None and FALSE[name][2] in witness, name


def test_no_theorem_of_the_starter_tasks_is_refuted() -> None:
    texts = [(STARTER / p.name / "task.lean").read_text(encoding="utf-8") for p in sorted(STARTER.iterdir())]
    assert [w for found in looked(*texts) for w in found if w is not None] == []


UNPROVED = {
    "a lemma of simp": "inductive Q (n : Nat) : Prop where\n  | mk : Q n\n\n"
    "@[simp] theorem lie (n : Nat) : Q n ↔ False := sorry\n\ntheorem t (n : Nat) : Q n := by\n  sorry\n",
    "an instance that lies": "def P (n : Nat) : Prop := n + 0 = n\n\n"
    "instance (n : Nat) : Decidable (P n) := .isFalse sorry\n\ntheorem t (n : Nat) : P n := by\n  sorry\n",
    "an axiom": "def P (n : Nat) : Prop := n + 0 = n\n\naxiom lie : ∀ n, ¬P n\n\n"
    "instance (n : Nat) : Decidable (P n) := .isFalse (lie n)\n\ntheorem t (n : Nat) : P n := by\n  sorry\n",
    "a hypothesis for all": "theorem t (n : Nat) (h : ∀ m : Nat, m = n → m = 7) : n = 7 := by\n  sorry\n",
    "a premise never true": "theorem t (n : Nat) (h : n < n) : n = n + 1 := by\n  sorry\n",
    "a premise that nothing decides": "theorem t (n : Nat) (f : Nat → Nat) (h : ∀ m, f m < f (m + 1)) "
    "(k : ∀ m, f m < 3) : n = n + 1 := by\n  sorry\n",
    "a value": "theorem t : True := by\n  let x := 5\n  have : x = 5 := by\n    sorry\n  trivial\n",
}


def test_what_only_something_unproved_says_is_no_counterexample() -> None:
    for name, found in zip(UNPROVED, looked(*UNPROVED.values()), strict=True):
        assert (name, found[-1]) == (name, None)


def test_a_false_lemma_of_a_step_is_told_and_what_can_still_be_chosen_is_not() -> None:
    text = "theorem t (n : Nat) (h : 0 < n) : ∃ m, m < n := by\n  sorry\n"

    async def run() -> list[list[bool]]:
        verifier = ServerVerifier(lean_installation())
        try:
            environment = LeanEnvironment(text, verifier, check_seconds=20)
            (root,) = await environment.roots()
            told = []
            for body in ("have k : n = 1 := by sorry\nexact ⟨0, h⟩", "refine ⟨?_, ?_⟩\n· sorry\n· sorry"):
                verdict = await environment.check(root, Step(body, body, payload=LeanStep(body)), seconds=20)
                assert isinstance(verdict, Accepted), verdict
                tested = [await environment.refute(goal, seconds=20) for goal in verdict.subgoals]
                told.append([isinstance(t.found, Refuted) for t in tested])
            return told
        finally:
            await verifier.close()

    lemma, chosen = asyncio.run(run())
    assert lemma == [True]
    assert not any(chosen)


# ------------------------------------------------------------------------------------- statements whose truth is known

NAMES = ("a", "b", "c")
formulas = st.recursive(
    st.sampled_from([*NAMES, "true", "false"]),
    lambda inner: st.one_of(
        inner.map(lambda f: f"(!{f})"),
        st.tuples(inner, st.sampled_from(["&&", "||", "=="]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
    ),
    max_leaves=6,
)


def holds(left: str, right: str) -> bool:
    words = {"!": " not ", "&&": " and ", "||": " or ", "true": "True", "false": "False"}

    def value(formula: str, given: dict[str, bool]) -> object:
        for sign, word in words.items():
            formula = formula.replace(sign, word)
        return eval(formula, {"__builtins__": {}}, dict(given))

    every = itertools.product([False, True], repeat=len(NAMES))
    given = [dict(zip(NAMES, values, strict=True)) for values in every]
    return all(value(left, g) == value(right, g) for g in given)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(formulas, formulas), min_size=12, max_size=12))
def test_exactly_the_false_ones_are_refuted(pairs: list[tuple[str, str]]) -> None:
    theorems = [f"theorem t{k} (a b c : Bool) : {p} = {q} := by\n  sorry\n" for k, (p, q) in enumerate(pairs)]
    (found,) = looked("\n".join(theorems))
    assert [w is None for w in found] == [holds(p, q) for p, q in pairs]
