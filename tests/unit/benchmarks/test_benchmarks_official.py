"""The dynamic part of official rules: only the pinned verifier decides; what the harness refuses stays refused."""

import asyncio
from dataclasses import dataclass, field

import pytest

from dafny_env.driver.discovery import Installation
from dafny_env.driver.types import VerifierInfo
from lean_project.driver.types import Diagnostic as LeanDiagnostic
from lean_project.driver.types import LeanResult
from lean_project.driver.types import Outcome as LeanOutcome
from lean_project.driver.types import Place as LeanPlace
from lean_project.driver.types import Rule as LeanRule
from lean_project.toolchain import Kind, LeanInstallation
from prover.benchmarks import algoveri_rule, dafnybench_rule
from prover.benchmarks.benchmark import CallsDafny, DafnyCall, Pin, Refused
from prover.benchmarks.dafnybench_rule import DafnyBenchRule
from prover.benchmarks.official import OfficialVerdict, OfficialVerifier, is_pinned, judge_official
from prover.benchmarks.official_verifiers import VERIFY, OfficialDafny, OfficialLean
from prover.benchmarks.task import BenchmarkTask
from prover.results import Objection, Status
from prover.toolchain import NoVerifier
from sandbox.limits import Completed, Ended

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


def test_a_rule_can_have_another_text_accepted_first() -> None:
    @dataclass(frozen=True)
    class Twofold(Rule_):
        def compiled_first(self, task: BenchmarkTask, candidate: str) -> str | None:
            return f"{candidate} alone"

    for answer, asked in ((YES, ["x alone", "// one\nx"]), (OfficialVerdict(False, reason="no"), ["x alone"])):
        verifier = Scripted(answer=answer)
        assert asyncio.run(judge_official(Twofold(), TASK, "x", verifier)) == answer
        assert verifier.asked == [(text, 60.0) for text in asked]


# --------------------------------------------------------------------------------------------------------------- Dafny

END = "\nDafny program verifier finished with "
CLEAN = f"{END}2 verified, 0 errors\n"
LATE = f"a.dfy(1,9): Timed out on: an assertion\n{END}1 verified, 0 errors, 1 time out\n"
WRONG = f"a.dfy(3,4): Error: a postcondition could not be proved\n{END}1 verified, 1 error\n"
SAID = f'a.dfy(3,4): Error: 1 verified, 0 errors\n3 |  assert {{:error "..."}} false;\n{END}0 verified, 1 error\n'
WARNED = f"a.dfy(2,1): Warning: no trigger\n{CLEAN}"
UNREAD = "a.dfy(1,0): Error: invalid MethodDecl\n1 parse errors detected in a.dfy\n"
ELEVEN = f"{END}3 verified, 10 errors\n"


@dataclass
class FakeDafny:
    """Prints what it was given. asked: arguments, text and seconds of each run."""

    out: str = CLEAN
    status: int | None = 0
    ended: Ended = Ended.EXITED
    err: str = ""
    asked: list[tuple[tuple[str, ...], str, float]] = field(default_factory=list)

    async def __call__(
        self, installation: Installation, arguments: tuple[str, ...], source: str, *, seconds: float
    ) -> Completed:
        self.asked.append((tuple(arguments), source, seconds))
        return Completed(("dafny",), 1, self.ended, self.status, self.out, self.err, 1.0)


def installed(major: int) -> Installation:
    version = {2: "2.3.0.10506", 4: "4.11.0"}[major]
    return Installation(VerifierInfo(version, major, "z3", ("dafny",)))


def said(dafny: FakeDafny, call: DafnyCall = VERIFY, major: int = 4) -> OfficialVerdict:
    return asyncio.run(OfficialDafny(installed(major), call, dafny).check("method M() { }", 15.0))


@pytest.mark.parametrize(
    ("out", "status", "dafnybench", "algoveri"),
    [
        (CLEAN, 0, True, True),
        (WARNED, 0, True, True),
        (WARNED, 2, True, False),
        (LATE, 4, True, False),
        (SAID, 4, True, False),
        (CLEAN + "File contains no code", 0, False, True),
        (WRONG, 4, False, False),
        (UNREAD, 2, False, False),
        (ELEVEN, 4, False, False),
        ("", 0, False, False),
        ("Unhandled exception\n", 1, False, False),
    ],
)
def test_each_harness_reads_what_dafny_prints_in_its_own_way(
    out: str, status: int, dafnybench: bool, algoveri: bool
) -> None:
    for call, passed in ((dafnybench_rule.CALL, dafnybench), (algoveri_rule.CALL, algoveri)):
        found = said(FakeDafny(out, status), call)
        assert (found.passed, bool(found.reason), found.timed_out) == (passed, not passed, False)


def test_only_standard_output_is_looked_at() -> None:
    assert said(FakeDafny("", err=CLEAN), dafnybench_rule.CALL).passed is False
    assert said(FakeDafny("", err=CLEAN), algoveri_rule.CALL).passed is False


def test_each_harness_calls_dafny_in_its_own_way_and_bounds_the_whole_run() -> None:
    wanted = {
        (dafnybench_rule.CALL, 4): ("/compile:0", "/deprecation:0"),
        (dafnybench_rule.CALL, 2): ("/compile:0", "/deprecation:0"),
        (algoveri_rule.CALL, 4): ("verify", "--allow-warnings:true"),
        (algoveri_rule.CALL, 2): ("/compile:0",),
    }
    for (call, major), arguments in wanted.items():
        dafny = FakeDafny()
        said(dafny, call, major)
        assert dafny.asked == [(arguments, "method M() { }", 15.0)]
    for rule, call in ((DafnyBenchRule(), dafnybench_rule.CALL), (algoveri_rule.RULE.dafny, algoveri_rule.CALL)):
        assert isinstance(rule, CallsDafny) and rule.call == call
    assert not isinstance(algoveri_rule.RULE.lean, CallsDafny) and not isinstance(Rule_(), CallsDafny)


def test_its_complaint_is_told() -> None:
    assert "a postcondition could not be proved" in said(FakeDafny(WRONG, 4)).reason
    assert "10 errors" in said(FakeDafny(ELEVEN, 4)).reason
    assert "exit status 3" in said(FakeDafny("", 3)).reason
    official = OfficialDafny(installed(4))
    assert (official.tool, official.version) == ("Dafny", "4.11.0")


@pytest.mark.parametrize("ended", [Ended.MEMORY, Ended.OUTPUT, Ended.CANCELLED, Ended.NOT_STARTED])
def test_what_a_limit_of_ours_ends_is_no_verdict(ended: Ended) -> None:
    found = said(FakeDafny(CLEAN, None, ended), dafnybench_rule.CALL)
    assert found.passed is None and str(ended) in found.reason


@pytest.mark.parametrize("status", [-9, -11, 134, 137])
def test_a_killed_verifier_is_no_verdict(status: int) -> None:
    found = said(FakeDafny("", status), algoveri_rule.CALL)
    assert found.passed is None and str(status) in found.reason and not found.timed_out


def test_the_time_limit_of_the_harness_is_told_apart() -> None:
    found = said(FakeDafny("", None, Ended.TIMEOUT), dafnybench_rule.CALL)
    assert (found.passed, found.timed_out) == (False, True) and "15 s" in found.reason


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
    assert found.timed_out is (outcome is LeanOutcome.TIMEOUT)
    assert lean.asked == [("theorem t : True := trivial", 300.0)]


@pytest.mark.parametrize(("status", "passed"), [(0, True), (1, None), (None, None)])
def test_what_ends_lean_before_the_end_of_the_text_passes_by_its_exit_status(
    status: int | None, passed: bool | None
) -> None:
    lean = FakeLean(LeanResult(LeanOutcome.UNKNOWN, status=status))
    assert asyncio.run(OfficialLean(lean).check("#exit", 1.0)).passed is passed


def test_sorry_is_a_warning_for_the_harness() -> None:
    warning = LeanDiagnostic("warning", LeanRule.SORRY, "declaration uses `sorry`", LeanPlace(1, 0))
    assert asyncio.run(OfficialLean(FakeLean(LeanResult(LeanOutcome.OK, (warning,)))).check("", 1.0)).passed


@pytest.mark.parametrize(("kind", "tool"), [(Kind.STOCK, "Lean"), (Kind.LAKE, "Lean"), (Kind.BUNDLED, None)])
def test_the_bundled_core_is_never_the_pinned_lean(kind: Kind, tool: str | None) -> None:
    lean = OfficialLean(FakeLean(LeanResult(LeanOutcome.OK), LeanInstallation(("lean",), "4.25.0", kind)))
    assert is_pinned(Pin("Lean", "4.25"), lean) == (tool is not None)
    assert (lean.tool == "Lean") == (tool is not None)
