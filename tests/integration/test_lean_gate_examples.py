"""Examples, which Lean does not store: honest ones are accepted, and nothing hides in them."""

from __future__ import annotations

import asyncio

import pytest
from lean_installation import GateCompiler, gate_compiler
from warm import mostly_slow

from lean_project.gate.judge import judge_candidate
from lean_project.gate.results import Judgement

pytestmark = pytest.mark.integration

ORIGINAL = """namespace Shop
def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs
example : total [] = 0 := by
  sorry
theorem t (n : Nat) : n + 0 = n := by
  sorry
/-- About. -/
example (n : Nat) : n = n ∧ total [1] = 1 :=
  ⟨sorry, sorry⟩
end Shop
"""


def filled(original: str, *proofs: str) -> str:
    for proof in proofs:
        original = original.replace("sorry", proof, 1)
    return original


@pytest.fixture(scope="module")
def compiler() -> GateCompiler:
    return gate_compiler()


def judge(compiler: GateCompiler, original: str | None, candidate: str, target: str | None = None) -> Judgement:
    return asyncio.run(
        judge_candidate(original, candidate, compile_module=compiler, search_path=[compiler.core], target=target)
    )


def rules(found: Judgement) -> set[str]:
    return {o.rule for o in found.objections}


def test_examples_are_judged_with_the_rest(compiler: GateCompiler) -> None:
    found = judge(compiler, ORIGINAL, filled(ORIGINAL, "rfl", "rfl", "(by rfl)", "(by rfl)"))
    assert (found.verdict, found.objections, found.reason) == ("accepted", (), "")
    assert found.restated


def test_what_is_left_in_one_is_told(compiler: GateCompiler) -> None:
    found = judge(compiler, ORIGINAL, filled(ORIGINAL, "rfl", "rfl", "(by rfl)"))
    assert [(o.rule, o.line) for o in found.objections] == [("sorry-left", 11)]


def test_whole_examples_of_the_original_do_not_matter(compiler: GateCompiler) -> None:
    frozen = (
        "noncomputable example : Nat := Classical.choice ⟨3⟩\n",
        "example : Nat := 3\n",
        "private example : 1 = 1 := rfl\n",
        "@[simp] example : 1 = 1 := rfl\n",
        "section\nvariable (h : 1 = 2)\nexample : 2 = 1 := h.symm\nend\n",
        "namespace A.B\nexample : 1 = 1 := rfl\nend A.B\n",
        "example : 1 = 1 := rfl\nexample : 1 = 1 := rfl\n",
        "mutual\nexample : 1 = 1 := rfl\nend\n",
        "example := 3\n",
    )
    original = "".join(frozen) + "theorem t (n : Nat) : n + 0 = n := by\n  sorry\n"
    found = judge(compiler, original, filled(original, "rfl"))
    assert (found.verdict, found.objections, found.reason) == ("accepted", (), ""), found
    assert judge(compiler, None, filled(original, "rfl")).verdict == "accepted"


WRONG = "theorem t : True := trivial\n{}example : 1 = 2 := by\n  sorry\n"


PROOFS = (
    "exact sorryAx _ false",
    "exact lcProof",
    "apply?",
    "exact?",
    "first | decide | sorry",
    "set_option debug.skipKernelTC true in decide +kernel",
    "native_decide",
    "rfl",
    "stop",
    "exact lemmatree_example_0",
    "exact (lemmatree_example_0_of_0 :)",
    "exact _example",
    "assumption",
)
HIDDEN = mostly_slow(
    {f"{modifier}{proof}": (modifier, proof) for modifier in ("", "private ") for proof in PROOFS},
    *PROOFS,
    "private apply?",
    "private exact sorryAx _ false",
)


@pytest.mark.parametrize(("modifier", "proof"), HIDDEN)
def test_nothing_false_hides_in_one(compiler: GateCompiler, modifier: str, proof: str) -> None:
    original = WRONG.format(modifier)
    assert judge(compiler, original, filled(original, proof)).verdict == "rejected"


@pytest.mark.parametrize(
    "original",
    [
        "axiom wrong : 1 = 2\nexample : 1 = 2 := by\n  sorry\n",
        "namespace A\naxiom wrong : 1 = 2\nend A\nopen A\nexample : 1 = 2 := by\n  sorry\n",
    ],
)
def test_the_axioms_of_one_are_told(compiler: GateCompiler, original: str) -> None:
    found = judge(compiler, original, filled(original, "exact wrong"))
    assert found.verdict == "accepted"
    assert len(found.axioms) == 1 and found.axioms[0].endswith("wrong")
    assert found.baseline


def test_a_sorry_of_the_originals_own_helper_is_not_hidden(compiler: GateCompiler) -> None:
    original = "theorem h : 1 = 2 := by\n  sorry\nexample : 1 = 2 := by\n  sorry\n"
    assert judge(compiler, original, filled(original, "sorry", "exact h")).verdict == "rejected"
    text = original.replace("example", "theorem t").replace("  sorry\n", "  exact h\n").replace("exact h", "sorry", 1)
    assert judge(compiler, original, text).verdict == "rejected"


def test_data_is_unknown(compiler: GateCompiler) -> None:
    original = "noncomputable example : Nat := sorry\n"
    found = judge(compiler, original, filled(original, "3"))
    assert (found.verdict, "`example` in line 1" in found.reason) == ("unknown", True)


AS_DEFINITION = {
    "a variable": ("section\nvariable (h : 1 = 2)\nexample : {} := by\n  have := h\n  sorry\nend\n",),
    "noncomputable": ("noncomputable example : {} := by\n  sorry\n",),
}


@pytest.mark.parametrize("original", mostly_slow(AS_DEFINITION, "a variable"))
def test_what_is_no_theorem_as_it_stands_is_judged_as_a_definition(compiler: GateCompiler, original: str) -> None:
    true = original.format("1 = 1")
    assert judge(compiler, true, filled(true, "rfl")).verdict == "accepted"
    false = original.format("5 = 6")
    for proof in ("apply?", "exact sorryAx _ false", "exact lcProof", "rfl"):
        assert judge(compiler, false, filled(false, proof)).verdict == "rejected", proof
    resting = f"axiom ax : 5 = 6\n{false}"
    assert judge(compiler, resting, filled(resting, "exact ax")).axioms == ("ax",)


def test_one_may_not_be_added_or_taken_away(compiler: GateCompiler) -> None:
    done = filled(ORIGINAL, "rfl", "rfl", "(by rfl)", "(by rfl)")
    assert rules(judge(compiler, ORIGINAL, done.replace("example : total", "theorem x : total"))) == {"text-changed"}
    assert "declaration" in rules(
        judge(compiler, ORIGINAL, done.replace("theorem t", "example : 1 = 1 := rfl\ntheorem t"))
    )


def test_with_a_target_examples_do_not_count(compiler: GateCompiler) -> None:
    candidate = ORIGINAL.replace("n + 0 = n := by\n  sorry", "n + 0 = n := by\n  rfl")
    assert judge(compiler, ORIGINAL, candidate, "t").verdict == "accepted"


def test_a_file_of_its_own_with_a_false_example(compiler: GateCompiler) -> None:
    assert judge(compiler, None, "example : 1 = 2 := by\n  apply?\n").verdict == "rejected"
    assert judge(compiler, None, "example : 1 = 2 := sorry\n").verdict == "rejected"
    assert judge(compiler, None, "axiom a : 1 = 2\nexample : 1 = 2 := a\n").verdict == "rejected"
    assert judge(compiler, None, "theorem t : True := trivial\nexample : 1 = 1 := rfl\n").verdict == "accepted"
