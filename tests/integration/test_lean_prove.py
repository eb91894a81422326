"""Lean files on the command line, with the real Lean: proved, judged, refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lean_installation import GateCompiler, gate_compiler, lean_installation
from prover_command import Prover
from warm import Warm, source_of

from lean_project.driver.server import ServerVerifier
from lean_project.environment import LeanEnvironment
from lean_project.gate.judge import judge_candidate
from lean_project.steps import LeanStep
from prover.bundled import datasets_folder
from prover.results import Status
from search.ports import Accepted, Rejected, Step, Unknown, Verdict

pytestmark = pytest.mark.integration
STARTER = datasets_folder() / "starter" / "lean"
TASKS = sorted(p.name for p in STARTER.iterdir())


@pytest.fixture(scope="module")
def compiler() -> GateCompiler:
    return gate_compiler()


def test_the_gate_accepts_every_reference_proof(compiler: GateCompiler) -> None:
    """All in one file, each in a namespace of its own."""

    def all_of(name: str) -> str:
        texts = [(STARTER / task / name).read_text(encoding="utf-8") for task in TASKS]
        return "\n".join(f"namespace Task{n}\n{text}\nend Task{n}\n" for n, text in enumerate(texts))

    task, solution = all_of("task.lean"), all_of("solution.lean")
    said = asyncio.run(judge_candidate(task, solution, compile_module=compiler, search_path=[compiler.core]))
    assert (said.verdict, said.objections, said.reason) == ("accepted", (), "")
    assert set(said.axioms) <= {"propext", "Quot.sound", "Classical.choice"}
    assert said.baseline == ()


def check(text: str, *bodies: str, helpers: str = "", seconds: float = 10) -> list[Verdict]:
    async def run() -> list[Verdict]:
        verifier = ServerVerifier(lean_installation())
        try:
            environment = LeanEnvironment(text, verifier, check_seconds=10)
            (goal,) = await environment.roots()
            steps = [Step(b, b, payload=LeanStep(b, helpers)) for b in bodies]
            return [await environment.check(goal, step, seconds=seconds) for step in steps]
        finally:
            await verifier.close()

    return asyncio.run(run())


def test_a_step_is_accepted_with_its_goals_or_rejected_with_lean_s_words() -> None:
    both = "theorem both (p q : Prop) (h : p) (k : q) : p ∧ q := by\n  sorry\n"
    closed, split, wrong = check(both, "exact ⟨h, k⟩", "constructor\n· sorry\n· exact k", "exact h")
    (endless,) = check(both, "repeat (have := trivial)", seconds=2)
    assert closed == Accepted()
    assert isinstance(split, Accepted) and [g.text for g in split.subgoals] == ["p"]
    assert isinstance(wrong, Rejected) and "mismatch" in wrong.summary.lower()
    assert isinstance(endless, Unknown)


def test_a_lemma_of_a_step_is_a_goal_of_its_own() -> None:
    (verdict,) = check(
        "theorem t (n : Nat) : n + 0 = n := by\n  sorry\n",
        "exact l n",
        helpers="theorem l (m : Nat) : m + 0 = m := by\n  sorry",
    )
    assert isinstance(verdict, Accepted)
    (lemma,) = verdict.subgoals
    assert (lemma.name, lemma.text) == ("l", "m + 0 = m")
    assert "theorem t" not in lemma.payload.text


def write(prover: Prover, text: str, name: str = "file.lean") -> Path:
    file = prover.folder / name
    file.write_text(text, encoding="utf-8")
    return file


def prove(prover: Prover, text: str, *options: str) -> dict[str, Any]:
    done = prover.run("prove", write(prover, text), "--json", *options)
    assert prover.left_over() == []
    return {**done.json, "exit": done.code}


def test_the_command_proves_a_file_and_the_gate_accepts_what_it_wrote(prover: Prover) -> None:
    said = prove(prover, (STARTER / "join_assoc" / "task.lean").read_text(encoding="utf-8"))
    assert (said["exit"], said["status"], said["reason"]) == (0, "proved", "")
    assert "sorry" not in (prover.folder / "file.proved.lean").read_text(encoding="utf-8")
    assert str(said["verifier"]).startswith("Lean ")
    judged = prover.run("check", prover.folder / "file.proved.lean", "--against", prover.folder / "file.lean", "--json")
    assert (judged.code, judged.json["verdict"]) == (0, "accepted")


@pytest.mark.parametrize("name", ["reverse_accumulator", "contraposition", "clamp"])
def test_starter_tasks_are_proved(name: str, warm: Warm) -> None:
    original = source_of((STARTER / name / "task.lean").read_text(encoding="utf-8"), "lean")
    result = warm.prove(original)
    assert (result.status, result.reason) == (Status.PROVED, "")
    assert result.text is not None and "sorry" not in result.text


def test_what_cannot_be_proved_is_not_and_what_was_done_is_kept(prover: Prover) -> None:
    # No small value is known of a type in a higher universe: it is not refuted.
    bad = "theorem bad (α : Type 1) (x y : α) : x = y := by\n  sorry\n"
    said = prove(prover, f"theorem good : 1 + 1 = 2 := by\n  sorry\n\n{bad}", "--checks", "40")
    assert (said["exit"], said["status"]) == (1, "unknown")
    assert [g["status"] for g in said["goals"]] == ["proved", "open"]
    assert "rfl" in (prover.folder / "file.partial.lean").read_text(encoding="utf-8")


def test_one_theorem_of_a_file(prover: Prover) -> None:
    text = "theorem other (n : Nat) : n = n + 1 := by\n  sorry\n\ntheorem mine : 1 + 1 = 2 := by\n  sorry\n"
    file = write(prover, text)
    done = prover.run("prove", f"{file}:mine", "--json")
    assert (done.code, done.json["status"]) == (0, "proved")
    done = prover.run("prove", f"{file}:nobody", "--json")
    assert (done.code, done.json["status"]) == (2, "invalid")


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("import Mathlib\ntheorem t : True := sorry\n", "unsupported", "Mathlib"),
        ("noncomputable def f : Nat := sorry\n", "unsupported", "data"),
        ("theorem t : 1 = 1 := by\n  rfl\n", "proved", ""),
    ],
)
def test_files_with_nothing_to_prove_here(text: str, status: str, words: str, warm: Warm) -> None:
    result = warm.prove(source_of(text, "lean"))
    assert result.status == status
    assert words in result.reason


def test_data_that_is_missing_beside_proofs_is_told(warm: Warm) -> None:
    text = "noncomputable def pick : Nat := sorry\n\ntheorem fine (p : Prop) (h : p) : p ∧ p := by\n  sorry\n"
    result = warm.prove(source_of(text, "lean"))
    assert [g.status for g in result.goals] == ["proved"]
    assert "line 1: a `sorry` that stands for data" in result.baseline
    result = warm.prove(source_of(text.replace("p ∧ p :=", "p ∧ pick = 3 :="), "lean"), checks=10)
    assert result.status == Status.UNKNOWN
    assert result.reason.endswith("; data is missing too, which is not filled (line 1).")


def test_a_cheat_is_rejected_by_name(prover: Prover) -> None:
    original = write(prover, "theorem t : 1 = 2 := by\n  sorry\n", "a.lean")
    candidate = write(prover, "axiom h : 1 = 2\n\ntheorem t : 1 = 2 := by\n  exact h\n", "b.lean")
    done = prover.run("check", candidate, "--against", original, "--json")
    assert (done.code, done.json["verdict"]) == (1, "rejected")
    assert "axiom" in [o["rule"] for o in done.json["objections"]]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("set_option «debug».skipKernelTC true\ntheorem x : 2 + 2 = 5 := by decide +kernel\n", "unknown"),
        ("example : 1 = 2 := by apply?\n", "unknown"),
        ("theorem x : 1 = 1 := rfl\n#guard_msgs (drop all) in\ntheorem x : 1 = 2 := by decide\n", "unknown"),
        ("noncomputable def f : {m : Nat // 1 = 2} := sorry\ntheorem x : 1 = 2 := f.2\n", "unsupported"),
        ("-- nothing\n", "invalid"),
    ],
)
def test_what_lean_would_let_pass_is_not_proved(text: str, status: str, warm: Warm) -> None:
    assert warm.prove(source_of(text, "lean"), seconds=60.0).status == status


@pytest.mark.parametrize(
    "text",
    [
        "theorem t (n : Nat) : 0 + n = n := by\n  have h : n = n := by rfl\n  sorry\n",
        "theorem t (a : Nat) : a = a := by\n  exact sorry\n",
        "theorem t (a : Nat) : a = a := by\n  have h : a + 0 = a := sorry\n  exact rfl\n",
    ],
)
def test_holes_in_the_middle_of_tactics_are_filled(text: str, warm: Warm) -> None:
    assert warm.prove(source_of(text, "lean")).status == Status.PROVED
