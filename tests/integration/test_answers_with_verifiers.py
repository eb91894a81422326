"""Answers read as steps and checked by the real verifiers, and what they say of rejected ones shown in a prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from lean_installation import lean_installation

from dafny_env.driver.factory import Toolchain, open_verifiers
from dafny_env.environment import DafnyEnvironment
from lean_project.driver.server import ServerVerifier
from lean_project.environment import LeanEnvironment
from lean_project.gate.permitted import objection_to
from prover.answers.dafny import read_dafny
from prover.answers.lean import read_lean
from prover.bundled import datasets_folder
from prover.prompts.views import dafny_attempt, dafny_view, lean_attempt, lean_view
from search.ports import Accepted, Rejected, Step, Verdict

pytestmark = pytest.mark.integration
STARTER = datasets_folder() / "starter"


def fenced(text: str, tag: str) -> str:
    return f"<think>Let me see.</think>\nHere it is:\n\n```{tag}\n{text}\n```\n"


def texts(*path: str) -> list[str]:
    folder = STARTER.joinpath(*path)
    files = sorted(p for p in folder.iterdir() if p.suffix in (".dfy", ".lean") and p.stem in ("task", "solution"))
    return [p.read_text(encoding="utf-8") for p in files]  # the solution comes first


def dafny(task: str, answers: Sequence[str]) -> list[tuple[Verdict, str, str]]:
    """The verdict on each answer's best step, what a prompt shows of it, and the view's file."""

    async def run() -> list[tuple[Verdict, str, str]]:
        tools = open_verifiers(prefer=2, workers=1)
        assert isinstance(tools, Toolchain), tools
        try:
            environment = DafnyEnvironment(task, tools.working, solver_seconds=20, check_seconds=120)
            goal = (await environment.roots())[-1]
            found = []
            for answer in answers:
                step = read_dafny(goal.payload, answer).steps[0]
                verdict = await environment.check(goal, Step("s", "", payload=step), seconds=120)
                said = verdict.diagnostics if isinstance(verdict, Rejected) else ()
                attempt = dafny_attempt(goal.payload, step, said)
                assert attempt is not None
                found.append((verdict, attempt.text, dafny_view(goal.payload).file()))
            return found
        finally:
            await tools.close()

    return asyncio.run(run())


def lean(task: str, answers: Sequence[str]) -> list[tuple[Verdict, str, str]]:
    """The same for Lean."""

    async def run() -> list[tuple[Verdict, str, str]]:
        verifier = ServerVerifier(lean_installation())
        try:
            environment = LeanEnvironment(task, verifier, check_seconds=30, objection=objection_to)
            goal = (await environment.roots())[-1]
            found = []
            for answer in answers:
                step = read_lean(goal.payload, answer).steps[0]
                verdict = await environment.check(goal, Step("s", "", payload=step), seconds=30)
                said = verdict.diagnostics if isinstance(verdict, Rejected) else ()
                attempt = lean_attempt(goal.payload, step, said)
                assert attempt is not None
                found.append((verdict, attempt.text, lean_view(goal.payload).state))
            return found
        finally:
            await verifier.close()

    return asyncio.run(run())


@pytest.mark.parametrize("name", ["array-max", "fast-power", "chain_append_laws", "fib-loop"])
def test_dafny_accepts_what_is_read_from_a_good_answer(name: str) -> None:
    solution, task = texts("dafny", name)
    ((verdict, _, file),) = dafny(task, [fenced(solution, "dafny")])
    assert isinstance(verdict, Accepted) and verdict.subgoals == (), verdict
    assert file == task.strip()


def test_what_dafny_says_stands_at_its_place() -> None:
    _, task = texts("dafny", "array-max")
    wrong, clauses = dafny(
        task,
        [
            "```dafny\nwhile k < a.Length\n  invariant k <= a.Length\n  invariant m > 1000\n```",
            "    invariant k <= a.Length\n    invariant forall i :: 0 <= i < k ==> a[i] <= m\n"
            "    invariant exists i :: 0 <= i < k && a[i] == m\n",
        ],
    )
    assert isinstance(wrong[0], Rejected)
    lines = wrong[1].split("\n")
    at = next(k for k, line in enumerate(lines) if "invariant m > 1000" in line)
    assert "// ERROR" in lines[at + 1] and "invariant" in lines[at + 1]
    assert isinstance(clauses[0], Accepted)


@pytest.mark.parametrize("name", ["fold_constants", "mirror_twice", "hole_in_the_middle", "insert_sorted"])
def test_lean_accepts_what_is_read_from_a_good_answer(name: str) -> None:
    solution, task = texts("lean", name)
    ((verdict, _, state),) = lean(task, [fenced(solution, "lean4")])
    assert isinstance(verdict, Accepted) and verdict.subgoals == (), verdict
    assert "⊢ " in state


def test_what_lean_says_stands_at_its_place_and_what_is_left_open_is_a_goal() -> None:
    task = "theorem both (p q : Prop) (h : p) (k : q) : p ∧ q := by\n  sorry\n"
    wrong, split, helped = lean(
        task,
        [
            fenced("constructor\n· exact h\n· exact h", "lean"),
            fenced(task.replace("sorry", "have r : p := by sorry\n  exact ⟨r, k⟩"), "lean"),
            fenced(
                "lemma h2 (p q : Prop) (h : p) (k : q) : p ∧ q := ⟨h, k⟩\n" + task.replace("sorry", "exact h2 p q h k"),
                "",
            ),
        ],
    )
    assert isinstance(wrong[0], Rejected)
    lines = wrong[1].split("\n")
    assert lines.index("  · exact h", lines.index("  · exact h") + 1) + 1 == next(
        k for k, line in enumerate(lines) if "-- ERROR" in line
    )
    assert isinstance(split[0], Accepted) and [g.text for g in split[0].subgoals] == ["p"]
    assert helped[0] == Accepted()
