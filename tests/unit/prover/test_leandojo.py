"""LeanDojo behind the search's ports, with a module in its place that has its interface."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lean_project.driver.types import Hypothesis
from lean_project.leandojo import DojoEnvironment, TracedTheorem, printed_goals, tactic_of
from lean_project.steps import LeanStep
from prover.leandojo import TracedResult, search_traced
from search.ports import Accepted, Goal, Policy, PolicyContext, Proposals, Rejected, Rung, Step, Unknown, Verdict

START = "p q : Prop\n⊢ p ∧ q → q ∧ p"
INTRODUCED = "p q : Prop\nh : p ∧ q\n⊢ q ∧ p"
SPLIT = "case left\np q : Prop\nh : p ∧ q\n⊢ q\n\ncase right\np q : Prop\nh : p ∧ q\n⊢ p"
HALF = "case right\np q : Prop\nh : p ∧ q\n⊢ p"
WORLD: Mapping[str, Mapping[str, str]] = {
    START: {"intro h": INTRODUCED, "skip": START, "sleep": "timeout", "die": "crash", "sorry_tactic": "given up"},
    INTRODUCED: {"constructor": SPLIT, "refine ⟨?_, ?_⟩": SPLIT},
    SPLIT: {"exact h.2": HALF, "simp_all": HALF},
    HALF: {"exact h.1": "done", "simp_all": "done"},
}


@dataclass(frozen=True)
class TacticState:
    pp: str
    id: int = field(compare=False, default=0)
    message: str | None = field(compare=False, default=None)


@dataclass(frozen=True)
class ProofFinished:
    tactic_state_id: int
    message: str | None = None


@dataclass(frozen=True)
class ProofGivenUp:
    pass


@dataclass(frozen=True)
class LeanError:
    error: str


class DojoTacticTimeoutError(Exception):
    pass


class DojoCrashError(Exception):
    pass


class DojoInitError(Exception):
    pass


@dataclass(frozen=True)
class LeanGitRepo:
    url: str
    commit: str


@dataclass(frozen=True)
class Theorem:
    repo: LeanGitRepo
    file_path: Path
    full_name: str


class Dojo:
    """State numbers belong to one process; once a tactic has run out of time, all do."""

    opened: list[Dojo] = []  # noqa: RUF012
    hangs = threading.Event()

    def __init__(self, entry: Theorem, timeout: int = 600) -> None:
        self.entry, self.timeout = entry, timeout
        self.ran: list[str] = []
        self.known: dict[int, str] = {}
        self.over = threading.Event()
        self.late = False

    def __enter__(self) -> tuple[Dojo, TacticState]:
        if self.entry.full_name == "nobody":
            raise DojoInitError("Failed to locate the theorem")
        Dojo.opened.append(self)
        return self, self._state(START)

    def __exit__(self, *_: object) -> None:
        self.over.set()

    def _state(self, pp: str) -> TacticState:
        number = len(Dojo.opened) * 1000 + len(self.known)
        self.known[number] = pp
        return TacticState(pp, number)

    def run_tac(self, state: TacticState, tactic: str) -> Any:
        if self.over.is_set():
            raise DojoCrashError("Unexpected EOF")
        pp = self.known[state.id]
        self.ran.append(tactic)
        if tactic == "hang":
            Dojo.hangs.set()
            self.over.wait(60)
            raise DojoCrashError("Unexpected EOF")
        answer = WORLD[pp].get(tactic)
        self.late |= answer == "timeout"
        if self.late:
            raise DojoTacticTimeoutError
        match answer:
            case None:
                return LeanError(f"tactic '{tactic}' failed\nmore")
            case "done":
                return ProofFinished(1)
            case "given up":
                return ProofGivenUp()
            case "crash":
                raise DojoCrashError("OOM")
        return self._state(answer)


@dataclass(frozen=True)
class Declaration:
    ident: str
    lean_type: str


@dataclass(frozen=True)
class DojoGoal:
    assumptions: list[Declaration]
    conclusion: str


def parse_goals(pp: str) -> list[DojoGoal]:
    assert "refuse" not in pp
    found = []
    for block in pp.split("\n\n"):
        context, conclusion = block.split("⊢")
        lines = [line.split(" : ", 1) for line in context.strip().split("\n") if " : " in line]
        assumptions = [Declaration(name, type_.strip()) for names, type_ in lines for name in names.split()]
        found.append(DojoGoal(assumptions, f"{conclusion.strip()}"))
    return found


@pytest.fixture
def dojo(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    module = ModuleType("lean_dojo")
    for each in (TacticState, ProofFinished, ProofGivenUp, LeanError, LeanGitRepo, Theorem, Dojo):
        setattr(module, each.__name__, each)
    parser = ModuleType("lean_dojo.interaction.parse_goals")
    parser.__dict__["parse_goals"] = parse_goals
    monkeypatch.setitem(sys.modules, "lean_dojo", module)
    monkeypatch.setitem(sys.modules, "lean_dojo.interaction", ModuleType("lean_dojo.interaction"))
    monkeypatch.setitem(sys.modules, "lean_dojo.interaction.parse_goals", parser)
    Dojo.opened.clear()
    Dojo.hangs.clear()
    yield module
    assert all(opened.over.is_set() for opened in Dojo.opened)


class Tactics:
    """Proposes the same tactics everywhere."""

    name = "tactics"
    rungs = (Rung.CLOSE, Rung.DECOMPOSE)

    def __init__(self, *tactics: str) -> None:
        self.tactics = tactics

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        for tactic in self.tactics:
            yield Step(tactic, tactic)


def search(*tactics: str, name: str = "t", policy: Policy | None = None, **bounds: Any) -> TracedResult:
    chosen = policy or (Tactics(*tactics) if tactics else None)
    return asyncio.run(search_traced("https://example.org/r", "abc", "A.lean", name, policy=chosen, **bounds))


# -------------------------------------------------------------------------------------------------------------- search


@pytest.mark.usefixtures("dojo")
def test_a_search_finds_tactics_and_runs_them_again_in_a_fresh_dojo() -> None:
    found = search("skip", "exact h.1", "exact h.2", "constructor", "intro h", seconds=30)
    assert found.tactics == ("intro h", "constructor", "exact h.2", "exact h.1")
    assert Dojo.opened[-1].ran == list(found.tactics)
    assert len(Dojo.opened) == 2
    theorem = Dojo.opened[0].entry
    assert (theorem.repo, theorem.file_path) == (LeanGitRepo("https://example.org/r", "abc"), Path("A.lean"))


@pytest.mark.usefixtures("dojo")
def test_the_symbolic_policy_sees_the_first_goal_of_a_state() -> None:
    found = search(checks=400, seconds=60)
    assert found.tactics == ("intro h", "refine ⟨?_, ?_⟩", "simp_all", "simp_all")


@pytest.mark.usefixtures("dojo")
def test_a_tactic_that_runs_out_of_time_costs_a_dojo_and_nothing_else() -> None:
    found = search("sleep", "die", "intro h", "constructor", "exact h.2", "exact h.1", seconds=30)
    assert found.tactics == ("intro h", "constructor", "exact h.2", "exact h.1")
    assert len(Dojo.opened) >= 3


@pytest.mark.usefixtures("dojo")
def test_what_cannot_be_opened_is_told() -> None:
    found = search("skip", name="nobody")
    assert (found.tactics, found.checks) == ((), 0)
    assert "Failed to locate" in found.reason


def test_without_lean_dojo_one_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lean_dojo", None)
    found = search("skip")
    assert found.tactics == ()
    assert "lemmatree[leandojo]" in found.reason


# -------------------------------------------------------------------------------------------------------------- checks


def check(*bodies: str, cancel: bool = False, seconds: float = 30) -> list[Verdict]:
    async def run() -> list[Verdict]:
        environment = DojoEnvironment(TracedTheorem("r", "c", Path("A.lean"), "t"), tactic_seconds=7)
        try:
            (root,) = await environment.roots()
            if cancel:
                task = asyncio.create_task(environment.check(root, Step("hang", "hang"), seconds=60))
                await asyncio.to_thread(Dojo.hangs.wait, 60)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            return [await environment.check(root, Step(b, b), seconds=seconds) for b in bodies]
        finally:
            await environment.close()

    return asyncio.run(run())


@pytest.mark.usefixtures("dojo")
def test_a_state_is_left_or_the_tactic_is_rejected_or_there_is_no_verdict() -> None:
    left, same, wrong, given_up, late, dead, again = check(
        "intro h", "skip", "linarith", "sorry_tactic", "sleep", "die", "intro h"
    )
    assert isinstance(left, Accepted)
    assert [g.text for g in left.subgoals] == [INTRODUCED]
    assert same == Rejected("it leaves the state as it was")
    assert wrong == Rejected("tactic 'linarith' failed")
    assert isinstance(given_up, Rejected)
    assert late == Unknown("no verdict after 7 s")
    assert isinstance(dead, Unknown)
    assert "OOM" in dead.reason
    assert again == left


@pytest.mark.usefixtures("dojo")
def test_a_cancelled_check_ends_the_dojo_and_the_next_one_has_another() -> None:
    (after,) = check("intro h", cancel=True)
    assert isinstance(after, Accepted)
    assert Dojo.opened[0].over.is_set()
    assert len(Dojo.opened) == 2


@pytest.mark.usefixtures("dojo")
def test_the_budget_s_seconds_bound_a_check() -> None:
    assert check("hang", seconds=0.05) == [Unknown("the time was up")]


@pytest.mark.parametrize(
    ("step", "tactic"),
    [
        (LeanStep("intro h\nsorry"), "intro h"),
        (LeanStep("constructor\n· sorry\n· sorry"), "constructor"),
        (LeanStep("intro h\nexact h"), "(\n  intro h\n  exact h\n)"),
        (LeanStep("cases h with\n| inl a => sorry\n| inr b => exact b"), None),
        (LeanStep("sorry"), None),
        (LeanStep("exact l", "theorem l : p := by\n  sorry"), None),
    ],
)
def test_a_step_is_one_tactic_that_leaves_its_goals_in_the_state(step: LeanStep, tactic: str | None) -> None:
    found = tactic_of(Step("k", "", payload=step))
    assert (None if isinstance(found, Rejected) else found) == tactic


# --------------------------------------------------------------------------------------------------------------- goals

STATES = [START, SPLIT, "x : Nat := 5\nh : x = 5\n⊢ x < 6", "2 goals\nn : Nat\n⊢ n = n\n\n⊢ True", "no goals"]


@pytest.mark.parametrize("state", STATES)
def test_goals_are_read_alike_with_lean_dojo_and_without(state: str, request: pytest.FixtureRequest) -> None:
    def flat() -> list[Any]:
        goals = printed_goals(state)
        hypotheses = [[Hypothesis((n,), h.type, h.value) for h in g.hypotheses for n in h.names] for g in goals]
        return [(g.case, g.target, h) for g, h in zip(goals, hypotheses, strict=True)]

    own = flat()
    request.getfixturevalue("dojo")
    assert flat() == own


@pytest.mark.usefixtures("dojo")
def test_what_lean_dojo_refuses_is_read_all_the_same() -> None:
    (goal,) = printed_goals("refuse : Nat\n⊢ p")
    assert goal.hypotheses == (Hypothesis(("refuse",), "Nat"),)


def test_nothing_imports_lean_dojo_before_it_is_wanted() -> None:
    program = "import sys, prover.leandojo, lean_project.leandojo; sys.exit('lean_dojo' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
