"""What the symbolic policy proposes for Lean goals."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_project.driver.types import Hypothesis
from lean_project.gate.permitted import objection_to
from lean_project.steps import LeanGoal, LeanStep
from prover.policy.lean.instances import instances
from prover.policy.lean.lemmas import lemmas
from prover.policy.lean.look import Look, applied, parts_of, split_top
from prover.policy.lean.moves import inductions, moves, rewrites
from prover.policy.lean.policy import LeanPolicy
from prover.policy.lean.portfolio import filled, portfolio
from search.ports import Accepted, Goal, PolicyContext, Rejected, Rung, Spent, Step

FILE = """inductive Tree where
  | leaf : Tree
  | node : Tree → Nat → Tree → Tree

def size : Tree → Nat
  | .leaf => 0
  | .node l _ r => size l + size r + 1

def rev : List Nat → List Nat
  | [] => []
  | x :: xs => rev xs ++ [x]

def onto : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => onto xs (x :: ys)

def small (n : Nat) : Prop := n < 3

"""


def look(target: str, *hypotheses: str) -> Look:
    text = FILE + "theorem t : p := by\n  sorry\n"
    there = []
    for hypothesis in hypotheses:
        names, _, type_ = hypothesis.partition(" : ")
        there.append(Hypothesis(tuple(names.split()), type_))
    return Look(LeanGoal(text, text.index("sorry"), len(FILE), "t", tuple(there), target))


def bodies(there: Look) -> list[str]:
    return [m if isinstance(m, str) else m[0] for m in moves(there)]


def test_data_facts_and_functions_are_told_apart() -> None:
    there = look("size a = 0", "p q : Prop", "a b : Tree", "h : p", "k : size a = size b", "i : small 2", "m : p → q")
    assert [n for n, _ in there.variables] == ["p", "q", "a", "b"]
    assert [n for n, _ in there.facts] == ["h", "k", "i", "m"]
    assert [f.name for f in there.functions] == ["size", "small"]


def test_functions_come_in_the_order_of_the_target() -> None:
    assert [f.name for f in look("onto (rev xs) [] = xs", "xs : List Nat").functions] == ["onto", "rev"]
    assert [f.name for f in look("rev (onto xs []) = xs", "xs : List Nat").functions] == ["rev", "onto"]


def test_induction_is_by_what_a_recursive_function_takes_apart() -> None:
    there = look("size t = n + size t", "n : Nat", "t : Tree")
    first = next(iter(inductions(there)))
    assert first == "induction t with\n| leaf =>\n  sorry\n| node a0 a1 a2 ih1 ih2 =>\n  sorry"
    assert not any("induction n" in body for body in inductions(there))


def test_induction_generalises_what_the_goal_and_its_facts_speak_of() -> None:
    there = look("onto xs ys = rev xs ++ ys", "xs ys zs : List Nat", "h : ys = zs")
    generalised = [b.split(" with")[0] for b in inductions(there) if "generalizing" in b]
    assert generalised[0] == "induction xs generalizing ys zs"


@pytest.mark.parametrize(
    ("target", "hypotheses", "body"),
    [
        ("p ∧ q ∧ r", (), "refine ⟨?_, ?_, ?_⟩\n· sorry\n· sorry\n· sorry"),
        ("p ↔ q", (), "constructor\n· sorry\n· sorry"),
        ("p → q", (), "intro h\nsorry"),
        ("∀ (x y : Nat), x = y", (), "intro x y\nsorry"),
        ("¬p", ("h : q = q",), "intro h1\nsorry"),
        ("p ∨ q", (), "left\nsorry"),
        ("∃ m, n < m", ("n : Nat",), "refine ⟨n, ?_⟩\nsorry"),
        ("Exists fun m => n < m", ("n : Nat",), "refine ⟨n + 1, ?_⟩\nsorry"),
        ("p", ("h : q ∨ r",), "cases h with\n| inl h1 =>\n  sorry\n| inr h1 =>\n  sorry"),
        ("p", ("h : q ∧ r ∧ s",), "obtain ⟨h1, h2, h3⟩ := h\nsorry"),
        ("p", ("h : ∃ x, x = 1",), "obtain ⟨x, h1⟩ := h\nsorry"),
        ("small n", ("n : Nat",), "simp only [small]\nsorry"),
    ],
)
def test_moves_follow_the_shape_of_the_goal(target: str, hypotheses: tuple[str, ...], body: str) -> None:
    assert body in bodies(look(target, *hypotheses))


@pytest.mark.parametrize("target", ["(if a < b then a else b) ≤ b", "ite (a < b) a b ≤ b"])
def test_branches_are_split_by_their_conditions(target: str) -> None:
    assert any(b.startswith("by_cases h : a < b\n") for b in bodies(look(target, "a b : Nat")))


def statements(there: Look) -> list[str]:
    return [steps[0].helpers.partition(" : ")[2] for steps in lemmas(there)]


def test_an_accumulator_is_generalised() -> None:
    found = [steps[0].helpers for steps in lemmas(look("onto xs [] = rev xs", "xs : List Nat"))]
    assert any("(xs : List Nat) (acc : List Nat) : onto xs acc = (rev xs) ++ acc" in helper for helper in found)


def test_a_generalised_lemma_is_applied_to_what_the_goal_had() -> None:
    (first, *_) = lemmas(look("onto xs [] = rev xs", "xs : List Nat"))
    assert "(xs : List Nat) (acc : List Nat)" in first[0].helpers
    assert first[0].body == "exact t_aux1 xs []"


def test_a_goal_is_not_stated_again_with_other_names() -> None:
    there = look("size' (as ++ bs) = size' as + size' bs", "as bs : List Nat")
    text = "def size' : List Nat → Nat\n  | [] => 0\n  | x :: xs => size' xs + 1\n\n"
    again = Look(
        LeanGoal(text + "theorem t : p := by\n  sorry\n", 0, len(text), "t", there.goal.hypotheses, there.target)
    )
    stated = [steps[0].helpers.split(" : ", 1)[1] for steps in lemmas(again)]
    assert not any("size' (xs ++ ys) = (size' xs + size' ys)" in statement for statement in stated)


def test_universal_hypotheses_are_applied_to_what_is_there() -> None:
    there = look(
        "onto (x :: xs) k = rev xs",
        "ih : ∀ (ys : List Nat) (h : small n), onto xs ys = rev xs",
        "n m : Nat",
        "xs ys : List Nat",
        "h : small m",
        "j : ∀ (n : Nat), small n",
    )
    assert list(instances(there)) == ["ih ys h", "ih xs h", "j n", "j (n + 1)", "j m"]
    assert "have inst := ih ys h\nsorry" in bodies(there)


def test_cases_are_taken_by_what_a_hypothesis_takes_apart_inside_of_an_induction() -> None:
    facts = ("k : onto ys xs = zs", "xs ys zs : List Nat", "n : Nat")
    inside = bodies(look("small n", "ih : n = n", *facts))
    assert any(body.startswith("cases ys with") for body in inside)
    assert not any(body.startswith("cases zs with") for body in inside)
    assert not any(body.startswith("cases ys with") for body in bodies(look("small n", *facts)))


def test_rewriting_backwards_needs_something_to_look_for() -> None:
    there = look("size a = 0", "a b : Tree", "h : size a = 0", "k : size b = size a")
    backwards = [body for body in rewrites(there) if "←" in body]
    assert backwards == ["rw [← k]\nsorry"]


def test_functions_are_said_to_go_through_appending() -> None:
    found = [steps[0].helpers for steps in lemmas(look("rev (rev xs) = xs", "xs : List Nat"))]
    assert any("rev (xs1 ++ ys) = rev ys ++ rev xs1" in helper for helper in found)


def test_lemmas_have_names_of_their_own_and_nothing_that_the_gate_forbids() -> None:
    there = look("onto xs [] = rev xs", "xs : List Nat")
    steps = [s for alternatives in lemmas(there) for s in alternatives]
    assert len({s.helpers.split()[1] for s in steps}) == len({s.helpers for s in steps})
    assert all(objection_to(there.goal, s) == "" for s in steps)


def propose(there: Look, rung: Rung, accept: str = "", missing: frozenset[str] = frozenset()) -> list[str]:
    """The bodies proposed where one of them is accepted and all others rejected."""

    async def run() -> list[str]:
        proposals = LeanPolicy(missing).propose(Goal("k", "t", payload=there.goal), PolicyContext(rung=rung))
        found: list[str] = []
        verdict: Accepted | Rejected | None = None
        while True:
            try:
                step: Step | Spent = await proposals.asend(verdict)
            except StopAsyncIteration:
                return found
            assert isinstance(step, Step)
            payload: LeanStep = step.payload
            found.append(payload.body)
            verdict = Accepted() if payload.body == accept else Rejected()

    return asyncio.run(run())


def test_of_steps_that_come_to_the_same_only_the_first_accepted_is_tried() -> None:
    there = look("small n", "n : Nat")
    first, second = "simp only [small]\nsorry", "unfold small\nsorry"
    assert {first, second} <= set(propose(there, Rung.DECOMPOSE))
    assert second not in propose(there, Rung.DECOMPOSE, first)


def test_tactics_that_are_not_there_are_not_tried() -> None:
    there = look("n ≤ n", "n : Nat")
    assert "omega" in propose(there, Rung.PROBE)
    assert not any("omega" in body for body in propose(there, Rung.CLOSE, missing=frozenset({"omega"})))


def test_omega_is_not_tried_after_other_tactics_where_nothing_is_counted() -> None:
    tried = propose(look("size t = size (.node t 1 .leaf)", "t : Tree"), Rung.CLOSE)
    assert tried
    assert not any("omega" in body for body in tried)


def test_goals_of_functions_and_inductions_are_ended_with_omega_where_it_works() -> None:
    tried = propose(look("size t ≤ n", "t : Tree", "n : Nat"), Rung.CLOSE)
    assert "simp [size] <;> omega" in tried
    assert any(body.startswith("induction t") and body.endswith("Nat.add_mul] <;> omega") for body in tried)
    assert any(body.startswith("fun_induction size t") and body.endswith("<;> omega") for body in tried)


def test_what_closes_a_goal_leaves_nothing_open() -> None:
    there = look("size a + 1 ≤ 1 + size a", "a : Tree", "h : a = a")
    for rung in (Rung.PROBE, Rung.CLOSE):
        assert propose(there, rung)
        assert not any("sorry" in body for body in propose(there, rung))


def test_every_tactic_needed_is_one_that_lines_speak_of() -> None:
    known = portfolio()
    lines = " ".join([*known.probe, *known.close, *(x for _, xs in known.shaped for x in xs)])
    assert all(name in lines or name == "fun_induction" for name in known.needs)


def test_placeholders_are_filled_in_all_ways_and_lines_without_filling_left_out() -> None:
    lines = ["exact {hyp}", "simp [{defs}]", "rfl", "exact {hyp}"]
    assert list(filled(lines, {"hyp": ["h", "k"], "defs": []})) == ["exact h", "exact k", "rfl"]


def test_terms_are_taken_apart_outside_brackets() -> None:
    assert split_top("f (a = b) c = d", ["="]) == ("f (a = b) c", "=", "d")
    assert split_top("∀ x, x = x", ["="]) is None
    assert parts_of("a ∧ (b ∧ c) ∧ d", "∧") == ["a", "(b ∧ c)", "d"]
    assert [args for _, args in applied("f (g x) y + f z [1]", "f", 2)] == [["(g x)", "y"], ["z", "[1]"]]


@given(st.text(alphabet="fxy ()=∧∀∃,→[]:¬⟨⟩if thenelse≤+", max_size=60), st.text(alphabet="xy:N =∧∃(),→", max_size=30))
def test_whatever_a_goal_says_there_are_moves_or_none(target: str, fact: str) -> None:
    there = look(target or "p", "x y : Nat", f"h : {fact}")
    assert all("sorry" in body for body in bodies(there))
    assert all(steps for steps in lemmas(there))
