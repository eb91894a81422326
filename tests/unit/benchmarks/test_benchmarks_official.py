"""The dynamic part of official rules: only the pinned verifier decides; what the harness refuses stays refused."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Place, Rule, VerifierInfo
from lean_project.driver.types import Diagnostic as LeanDiagnostic
from lean_project.driver.types import LeanResult
from lean_project.driver.types import Outcome as LeanOutcome
from lean_project.driver.types import Place as LeanPlace
from lean_project.driver.types import Rule as LeanRule
from lean_project.toolchain import Kind, LeanInstallation
from prover.benchmarks.benchmark import Pin, Refused
from prover.benchmarks.official import (
    OfficialDafny,
    OfficialLean,
    OfficialVerdict,
    OfficialVerifier,
    is_pinned,
    judge_official,
)
from prover.benchmarks.task import BenchmarkTask
from prover.results import Objection, Status
from prover.toolchain import NoVerifier

PIN = Pin("Dafny", "4.11")
YES = OfficialVerdict(True)
STOCK = LeanInstallation(("lean",), "4.25.0", Kind.STOCK)
TASK = BenchmarkTask("ours", "one", "dafny", "proof", "method M() { }\n")


@dataclass(frozen=True)
class Rule_:
    """Refuses what says `cheat`; else the candidate behind a first line of the task's."""

    pin: Pin = PIN
    seconds: float = 60.0

    def spliced(self, task: BenchmarkTask, candidate: str) -> str | Refused:
        if "cheat" in candidate:
            return Refused((Objection("banned", "`cheat` is banned"),))
        return f"// {task.id}\n{candidate}"


@dataclass
class Scripted:
    """An official verifier with one answer."""

    tool: str = "Dafny"
    version: str = "4.11.0"
    answer: OfficialVerdict = YES
    asked: list[tuple[str, float]] = field(default_factory=list)

    async def check(self, text: str, seconds: float) -> OfficialVerdict:
        self.asked.append((text, seconds))
        return self.answer


def judged(candidate: str, verifier: OfficialVerifier | NoVerifier) -> OfficialVerdict:
    return asyncio.run(judge_official(Rule_(), TASK, candidate, verifier))


def test_the_pinned_verifier_sees_the_spliced_text_within_the_official_seconds() -> None:
    verifier = Scripted()
    assert judged("method M() { }", verifier) == OfficialVerdict(True)
    assert verifier.asked == [("// one\nmethod M() { }", 60.0)]


def test_what_it_says_is_the_verdict() -> None:
    no = OfficialVerdict(False, reason="a postcondition might not hold")
    assert judged("x", Scripted(answer=no)) == no


@pytest.mark.parametrize(
    "verifier", [Scripted(), Scripted(version="2.3.0"), NoVerifier(Status.UNSUPPORTED, "no Dafny")], ids=repr
)
def test_what_the_harness_refuses_is_refused_whatever_is_installed(verifier: Scripted | NoVerifier) -> None:
    found = judged("cheat", verifier)
    assert (found.passed, [o.rule for o in found.objections]) == (False, ["banned"])
    assert "`cheat` is banned" in found.reason
    assert isinstance(verifier, NoVerifier) or verifier.asked == []


def test_another_verifier_is_not_asked_and_both_are_named() -> None:
    verifier = Scripted(version="2.3.0.10506")
    found = judged("x", verifier)
    assert (found.passed, verifier.asked) == (None, [])
    assert "Dafny 4.11" in found.reason and "Dafny 2.3.0.10506" in found.reason


def test_none_at_all_is_no_verdict() -> None:
    found = judged("x", NoVerifier(Status.UNSUPPORTED, "Dafny: install it"))
    assert found.passed is None and "Dafny 4.11" in found.reason


@pytest.mark.parametrize(
    ("version", "pinned"),
    [(v, True) for v in ("4.11.0", "4.11", "4.11.0.1", "4.11-rc1")]
    + [(v, False) for v in ("4.1", "4.110.0", "4.12.0", "14.11.0", "2.3.0", "")],
)
def test_a_pin_is_compared_part_by_part(version: str, pinned: bool) -> None:
    assert is_pinned(Pin("Dafny", "4.11"), Scripted(version=version)) == pinned
    assert not is_pinned(Pin("Lean", "4.11"), Scripted(version=version))


# --------------------------------------------------------------------------------------------------------------- Dafny


@dataclass
class FakeDafny:
    result: CheckResult
    asked: list[CheckRequest] = field(default_factory=list)

    @property
    def info(self) -> VerifierInfo:
        return VerifierInfo("4.11.0", 4, "z3 4.12.1", ("dafny",))

    async def check(self, request: CheckRequest) -> CheckResult:
        self.asked.append(request)
        return self.result

    async def close(self) -> None: ...


@pytest.mark.parametrize(
    ("outcome", "passed"),
    [
        (Outcome.VERIFIED, True),
        (Outcome.FAILED, False),
        (Outcome.PARSE_ERROR, False),
        (Outcome.RESOLVE_ERROR, False),
        (Outcome.TIMEOUT, False),
        (Outcome.CRASHED, None),
        (Outcome.UNKNOWN, None),
    ],
)
def test_dafny(outcome: Outcome, passed: bool | None) -> None:
    message = Diagnostic("error", Rule.RESOLVE, "unresolved identifier: x", Place(3, 1))
    dafny = FakeDafny(CheckResult(outcome, () if outcome is Outcome.VERIFIED else (message,)))
    official = OfficialDafny(dafny, Path("/there"))
    found = asyncio.run(official.check("method M() { }", 15.0))
    assert (found.passed, bool(found.reason)) == (passed, passed is not True)
    assert (official.tool, official.version) == ("Dafny", "4.11.0")
    (request,) = dafny.asked
    assert (request.source, request.folder, request.seconds) == ("method M() { }", Path("/there"), 15.0)
    assert request.solver_seconds == 15 and request.declarations is None and not request.resolve_only


def test_a_failure_without_messages_has_a_reason() -> None:
    assert asyncio.run(OfficialDafny(FakeDafny(CheckResult(Outcome.FAILED))).check("", 1.0)).reason
    assert asyncio.run(OfficialDafny(FakeDafny(CheckResult(Outcome.RESOLVE_ERROR))).check("", 1.0)).reason


# ---------------------------------------------------------------------------------------------------------------- Lean


@dataclass
class FakeLean:
    result: LeanResult
    installation: LeanInstallation = STOCK
    asked: list[tuple[str, float]] = field(default_factory=list)

    async def check(self, text: str, *, seconds: float) -> LeanResult:
        self.asked.append((text, seconds))
        return self.result


@pytest.mark.parametrize(
    ("outcome", "passed"),
    [
        (LeanOutcome.OK, True),
        (LeanOutcome.ERRORS, False),
        (LeanOutcome.TIMEOUT, False),
        (LeanOutcome.MISSING_IMPORT, None),
        (LeanOutcome.MEMORY, None),
        (LeanOutcome.CRASHED, None),
        (LeanOutcome.UNKNOWN, None),
    ],
)
def test_lean(outcome: LeanOutcome, passed: bool | None) -> None:
    message = LeanDiagnostic("error", LeanRule.OTHER, "unsolved goals\ncase", LeanPlace(1, 0))
    lean = FakeLean(LeanResult(outcome, (message,) if outcome is LeanOutcome.ERRORS else ()))
    found = asyncio.run(OfficialLean(lean).check("theorem t : True := trivial", 300.0))
    assert (found.passed, bool(found.reason)) == (passed, passed is not True)
    assert lean.asked == [("theorem t : True := trivial", 300.0)]


def test_sorry_is_a_warning_for_the_harness() -> None:
    warning = LeanDiagnostic("warning", LeanRule.SORRY, "declaration uses `sorry`", LeanPlace(1, 0))
    assert asyncio.run(OfficialLean(FakeLean(LeanResult(LeanOutcome.OK, (warning,)))).check("", 1.0)).passed


@pytest.mark.parametrize(("kind", "tool"), [(Kind.STOCK, "Lean"), (Kind.LAKE, "Lean"), (Kind.BUNDLED, None)])
def test_the_bundled_core_is_never_the_pinned_lean(kind: Kind, tool: str | None) -> None:
    lean = OfficialLean(FakeLean(LeanResult(LeanOutcome.OK), LeanInstallation(("lean",), "4.25.0", kind)))
    assert is_pinned(Pin("Lean", "4.25"), lean) == (tool is not None)
    assert (lean.tool == "Lean") == (tool is not None)
