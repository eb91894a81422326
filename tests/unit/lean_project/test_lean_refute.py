"""Looking for counterexamples to Lean goals, without Lean: what is tried, and which answer counts as a refutation."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_project.driver import types
from lean_project.driver.types import Diagnostic, GoalsAt, GoalsResult, Hypothesis, LeanResult, Outcome, Place, Rule
from lean_project.outline import outline
from lean_project.refute.refuter import Refuter
from lean_project.refute.statement import Kind, split_statement, statement_of
from lean_project.refute.types import read_type
from lean_project.refute.values import by_rank, values_of
from lean_project.steps import LeanGoal
from search.ports import Goal, Refuted, Tested

FILE = """inductive Colour where
  | red
  | green

inductive Tree (α : Type) where
  | leaf
  | node (l : Tree α) (x : α) (r : Tree α)

structure Stack where
  items : List Nat
  pushed : Nat

inductive Even : Nat → Prop where
  | zero : Even 0

theorem t (n : Nat) : n = 0 := by
  sorry
"""
START = FILE.index("sorry")


def goal(target: str, *hypotheses: Hypothesis, text: str = FILE) -> LeanGoal:
    start = text.rindex("sorry")
    return LeanGoal(text, start, text.rindex("theorem"), "t", hypotheses, target)


# ---------------------------------------------------------------------------------------------------- types and values


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("List (List Nat)", "List (List Nat)"),
        ("Nat × Bool → Nat", "Nat × Bool → Nat"),
        ("(Nat → Nat) → Nat", "(Nat → Nat) → Nat"),
        ("Nat -> Nat", "Nat → Nat"),
        ("x = y", None),
        ("", None),
        ("List (Nat", None),
    ],
)
def test_types_are_read_and_propositions_are_none(written: str, read: str | None) -> None:
    found = read_type(written)
    assert (None if found is None else str(found)) == read


@given(st.text(alphabet="()×→ ab->={}∀", max_size=40))
def test_whatever_is_written_is_a_type_or_none(written: str) -> None:
    found = read_type(written)
    assert found is None or read_type(str(found)) == found


@pytest.mark.parametrize(
    ("type_", "among"),
    [
        ("Nat", "2"),
        ("List Nat", "[0, 1]"),
        ("Option Bool", "(some false)"),
        ("Nat × Bool", "(0, false)"),
        ("Colour", "Colour.green"),
        ("Tree Nat", "(Tree.node Tree.leaf 0 Tree.leaf)"),
        ("Stack", "⟨[0, 1], 0⟩"),
        ("Nat → Prop", "(fun x => x = 0)"),
        ("Colour → Bool", "(fun _ => true)"),
    ],
)
def test_small_values(type_: str, among: str) -> None:
    read = read_type(type_)
    assert read is not None
    assert among in values_of(read, outline(FILE))


@pytest.mark.parametrize("type_", ["Even", "Even n", "Tree", "Unheard", "Type u", "n"])
def test_no_values_of_what_is_no_type_of_data(type_: str) -> None:
    read = read_type(type_)
    assert read is not None
    assert values_of(read, outline(FILE)) == ()


@given(st.lists(st.lists(st.text(max_size=2), max_size=3, unique=True), max_size=3))
def test_choices_are_all_there_once(choices: list[list[str]]) -> None:
    found = by_rank(choices)
    expected = 1
    for each in choices:
        expected *= len(each)
    assert len(found) == len(set(found)) == expected
    assert all(value in each for choice in found for value, each in zip(choice, choices, strict=True))


# ----------------------------------------------------------------------------------------------------------- statement


@pytest.mark.parametrize(
    ("target", "arguments", "rest"),
    [
        ("∀ (n : Nat), 0 < n → n = 1", [("n", "Nat"), ("", "0 < n")], "n = 1"),
        ("∀ {a b : Nat} [inst : Foo a], a = b", [("a", "Nat"), ("b", "Nat"), ("inst✝", "Foo a")], "a = b"),
        ("p → q ↔ r", [], "p → q ↔ r"),
        ("p → (q ↔ r)", [("", "p")], "(q ↔ r)"),
        ("∃ m, m = 1 → m = 2", [], "∃ m, m = 1 → m = 2"),
        ("∀ x ∈ xs, x = 1", [], "∀ x ∈ xs, x = 1"),
    ],
)
def test_a_target_is_split_into_its_arguments(target: str, arguments: list[tuple[str, str]], rest: str) -> None:
    assert split_statement(target) == (arguments, rest)


@given(st.text(alphabet="∀∃()[]{}:,→↔ nm=<", max_size=60))
def test_splitting_never_fails(target: str) -> None:
    split_statement(target)


def test_hypotheses_are_part_of_the_statement() -> None:
    found = statement_of(
        goal("n = 0", Hypothesis(("n",), "Nat"), Hypothesis(("ih✝",), "n < 3"), Hypothesis(("inst✝",), "Foo n")),
        outline(FILE),
    )
    assert found is not None
    assert [a.kind for a in found.arguments] == [Kind.DATA, Kind.PREMISE, Kind.INSTANCE]
    assert found.revert == ("n", *found.unnamed)
    assert len(found.unnamed) == 2


def test_a_type_variable_is_a_type_of_small_values_everywhere() -> None:
    found = statement_of(goal("x = y", Hypothesis(("α",), "Type"), Hypothesis(("x", "y"), "List α")), outline(FILE))
    assert found is not None
    assert [a.values[0] for a in found.data] == ["Nat", "[0, 1]", "[0, 1]"]


@pytest.mark.parametrize(
    "hypothesis",
    [
        Hypothesis(("ih",), "∀ (ys : List Nat), f ys = ys"),
        Hypothesis(("x",), "Nat", "5"),
        Hypothesis(("e",), "∃ m, m < n"),
    ],
)
def test_nothing_is_tried_where_nothing_could_be_decided(hypothesis: Hypothesis) -> None:
    assert statement_of(goal("n = 0", Hypothesis(("n",), "Nat"), hypothesis), outline(FILE)) is None


# ------------------------------------------------------------------------------------------------------------- answers


class Lean:
    """Answers every check alike. printed: the goal in explicit form."""

    def __init__(self, *told: str, outcome: Outcome = Outcome.OK, printed: str = "@Eq Nat n n") -> None:
        self.told = told
        self.outcome = outcome
        self.printed = printed
        self.texts: list[str] = []

    async def check(self, text: str, *, seconds: float) -> LeanResult:
        self.texts.append(text)
        messages = tuple(Diagnostic("info", Rule.OTHER, message, Place(1, 0)) for message in self.told)
        return LeanResult(self.outcome, messages)

    async def goals(self, text: str, positions: Sequence[Place], *, seconds: float) -> GoalsResult:
        found = types.Goal((), self.printed, None, self.printed)
        return GoalsResult(Outcome.OK, tuple(GoalsAt(p, (found,)) for p in positions))

    async def close(self) -> None: ...


WITNESS = "lemmatree_witness 1"
AXIOMS = "'t' depends on axioms: [lemmatree_no, lemmatree_open, propext]"


def look(lean: Lean, payload: LeanGoal | None = None, *, root: bool = True, share: float | None = None) -> Tested:
    asked = payload or goal("n = 0", Hypothesis(("n",), "Nat"))
    refuter = Refuter(lean, share)
    return asyncio.run(refuter.refute(Goal("k", "t", payload=asked), seconds=60, root=root))


def test_a_witness_that_rests_on_the_standard_axioms_alone_refutes() -> None:
    lean = Lean(WITNESS, AXIOMS)
    assert look(lean) == Tested(Refuted("n = 1"), 1)
    (text,) = lean.texts
    assert "revert n" in text and text.endswith("#print axioms t\n")


@pytest.mark.parametrize(
    "told",
    [
        (WITNESS,),
        (AXIOMS,),
        (WITNESS, "lemmatree_witness 0", AXIOMS),
        ("lemmatree_witness 99", AXIOMS),
        (WITNESS, "'t' does not depend on any axioms"),
        (WITNESS, "'t' depends on axioms: [propext]"),
        (WITNESS, "'t' depends on axioms: [lemmatree_no, sorryAx]"),
        (WITNESS, "'t' depends on axioms: [lemmatree_no, mine]"),
        (WITNESS, "'t' depends on axioms: [lemmatree_no, Lean.ofReduceBool]"),
    ],
)
def test_anything_else_refutes_nothing(told: tuple[str, ...]) -> None:
    assert look(Lean(*told)).found is None


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.OK])
def test_a_check_that_is_not_accepted_refutes_nothing(outcome: Outcome) -> None:
    assert look(Lean(WITNESS, AXIOMS, outcome=outcome)).found is None


@pytest.mark.parametrize("printed", ["@Eq Nat ?m.12 n", "@Eq Nat n ⋯", "@f ?w"])
def test_what_could_still_be_chosen_is_not_refuted(printed: str) -> None:
    assert look(Lean(WITNESS, AXIOMS, printed=printed)).found is None


def test_shared_metavariables_are_not_tried() -> None:
    lean = Lean(WITNESS, AXIOMS)
    asked = Goal("k", "t", metavariables=frozenset(["?m"]), payload=goal("n = ?m", Hypothesis(("n",), "Nat")))
    assert asyncio.run(Refuter(lean).refute(asked, seconds=9, root=True)) == Tested()
    assert lean.texts == []


def test_what_else_is_open_in_the_declaration_is_closed_by_an_axiom() -> None:
    text = "theorem t (n : Nat) : n = 0 := by\n  have a : n = 1 := sorry\n  have b : n = 2 := by\n    sorry\n  sorry\n"
    lean = Lean(WITNESS, AXIOMS)
    look(lean, goal("n = 0", Hypothesis(("n",), "Nat"), text=text))
    assert "sorry" not in lean.texts[0]
    assert "have a : n = 1 := lemmatree_open" in lean.texts[0]
    assert "\n    exact lemmatree_open" in lean.texts[0]


def test_an_example_is_given_a_name_and_an_instance_is_not_asked_about() -> None:
    lean = Lean(WITNESS, AXIOMS)
    text = "example (n : Nat) : n = 0 := by\n  sorry\n"
    payload = LeanGoal(text, text.index("sorry"), 0, "example", (Hypothesis(("n",), "Nat"),), "n = 0")
    assert isinstance(look(lean, payload).found, Refuted)
    assert "theorem lemmatree_example (n : Nat)" in lean.texts[0]
    text = "instance : Foo where\n  a := by\n    sorry\n"
    payload = LeanGoal(text, text.index("sorry"), 0, "", (), "n = 0")
    assert look(Lean(WITNESS, AXIOMS), payload) == Tested()


def test_looking_at_subgoals_takes_its_share_of_the_checks_alone() -> None:
    lean = Lean(outcome=Outcome.ERRORS)
    refuter = Refuter(lean, 0.5)
    asked = Goal("k", "t", payload=goal("n = 0", Hypothesis(("n",), "Nat")))

    async def looks(count: int) -> list[int]:
        return [(await refuter.refute(asked, seconds=9, root=False)).checks for _ in range(count)]

    async def run() -> list[list[int]]:
        first = await looks(4)
        for _ in range(8):
            refuter.checked()
        return [first, await looks(2)]

    assert asyncio.run(run()) == [[1, 1, 1, 0], [1, 0]]
