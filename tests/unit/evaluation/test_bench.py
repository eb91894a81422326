"""One attempt: whatever the engine does, it ends in exactly one line, which says what happened."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from run_scenes import PROVED, ToyEngine, task

from prover.benchmarks.benchmark import OfficialRule, Pin, Refused
from prover.benchmarks.official import OfficialVerdict
from prover.benchmarks.task import BenchmarkTask
from prover.evaluation import bench
from prover.evaluation.bench import NoRoom, Workbench, grace, longest, models_of, no_room
from prover.evaluation.jobs import Ended, Job, Terms
from prover.events import Observer
from prover.results import GateVerdict, GoalReport, GoalStatus, Objection, ProveRequest, ProveResult, Status
from prover.settings import Settings


@dataclass(frozen=True)
class Strict:
    """An official rule that refuses what has a word in it, and whose verifier nobody has."""

    word: str = "assume"
    pin: Pin = field(default_factory=lambda: Pin("Dafny", "99.1"))
    seconds: float = 15.0

    def spliced(self, task: BenchmarkTask, candidate: str) -> str | Refused:
        if self.word in candidate:
            return Refused((Objection("banned", f"`{self.word}` is banned"),))
        return candidate


@dataclass(frozen=True)
class ReadsFirst(Strict):
    """One whose harness takes the first line of what a model said."""

    def read(self, said: str) -> str:
        return said.splitlines()[0]


def attempt(
    folder: Path,
    engine: ToyEngine,
    *,
    rule: OfficialRule | None = None,
    number: int = 1,
    answer: str | None = None,
    said: str | None = None,
    asked: BenchmarkTask | None = None,
) -> Ended:
    async def made() -> Ended:
        workbench = Workbench(Terms("toys", Settings(seed=7)), 1, rule, engine)
        try:
            return await workbench.attempt(Job(asked or task(0), number, answer, said), folder)
        finally:
            await workbench.close()

    return asyncio.run(made())


def test_a_model_that_never_answered_says_nothing_about_the_task(tmp_path: Path) -> None:
    away = ProveResult(Status.UNKNOWN, partial="half", checks=2, reason="still open", unanswered="nobody is there")
    ended = attempt(tmp_path, ToyEngine(away), rule=Strict())
    assert (ended.line.status, ended.line.strict, ended.line.official) == ("error", None, None)
    assert (ended.line.reason, ended.line.checks) == ("No answer: nobody is there.", 2)
    assert (ended.text, ended.kind) == (None, None), "another attempt may leave a file of that name"


@pytest.mark.parametrize("status", [Status.PROVED, Status.REFUTED])
def test_what_is_found_without_a_model_stands(tmp_path: Path, status: Status) -> None:
    result = replace(PROVED, status=status, unanswered="nobody is there.")
    assert attempt(tmp_path, ToyEngine(result)).line.status == status.value


def test_a_proof(tmp_path: Path) -> None:
    ended = attempt(tmp_path, ToyEngine())
    assert (ended.kind, ended.text) == ("proved", PROVED.text)
    line = ended.line
    assert (line.status, line.strict, line.official) == ("proved", True, None)
    assert (line.benchmark, line.id, line.attempt, line.checks, line.seconds) == ("toys", "toy/0", 1, 3, 1.5)


def test_each_attempt_has_a_seed_and_a_charge_of_its_own(tmp_path: Path) -> None:
    engine = ToyEngine()
    for number in (1, 2, 3):
        assert attempt(tmp_path, engine, number=number).line.seed == 6 + number
    assert [r.seed for r in engine.requests] == [7, 8, 9]
    assert len({r.charged_to for r in engine.requests}) == 3
    assert len({r.lent_as for r in engine.requests}) == 3


def test_an_unfinished_file_is_labelled_unproved(tmp_path: Path) -> None:
    goal = GoalReport("L0", 1, GoalStatus.OPEN)
    ended = attempt(tmp_path, ToyEngine(ProveResult(Status.UNKNOWN, partial="lemma", goals=(goal,), reason="Why.")))
    assert ended.kind == "partial"
    assert ended.text is not None
    assert "UNPROVED" in ended.text
    assert (ended.line.status, ended.line.strict, ended.line.reason) == ("unknown", False, "Why.")


@pytest.mark.parametrize("status", [Status.REFUTED, Status.INVALID, Status.UNSUPPORTED])
def test_what_has_no_verdict_has_none(tmp_path: Path, status: Status) -> None:
    line = attempt(tmp_path, ToyEngine(ProveResult(status, reason="Why.")), rule=Strict()).line
    assert (line.status, line.strict, line.official) == (status.value, None, None)


@pytest.mark.parametrize("error", [RuntimeError("odd"), RecursionError(), MemoryError(), KeyError("k")])
def test_an_error_of_ours_is_a_line_with_its_trace(tmp_path: Path, error: Exception) -> None:
    ended = attempt(tmp_path, ToyEngine(error))
    assert ended.line.status == "error"
    assert type(error).__name__ in ended.line.reason
    assert "Traceback" in ended.trace
    assert ended.line.strict is None


def test_an_attempt_that_does_not_end_is_broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(ToyEngine):
        async def prove(self, request: ProveRequest, observer: Observer) -> ProveResult:
            await asyncio.Event().wait()
            raise AssertionError

    monkeypatch.setattr("prover.evaluation.bench.GRACE", -60.0 + 0.05)  # seconds beyond the 60 of its budget
    ended = attempt(tmp_path, Endless())
    assert (ended.line.status, "had not ended" in ended.line.reason) == ("error", True)
    assert "Event().wait()" in ended.trace


def test_a_full_disk_is_no_result(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "journal.jsonl")
    for error in (full, ExceptionGroup("in the search", [ValueError("x"), ExceptionGroup("inside", [full])])):
        with pytest.raises(NoRoom, match=r"journal\.jsonl: No space left"):
            attempt(tmp_path, ToyEngine(error))
    assert no_room(FileNotFoundError(errno.ENOENT, "no such file")) is None


def test_the_official_rule_refuses_what_our_gate_accepts(tmp_path: Path) -> None:
    engine = ToyEngine(replace(PROVED, text="assume"))
    line = attempt(tmp_path, engine, rule=Strict()).line
    assert (line.status, line.strict, line.official) == ("proved", True, False)
    assert "`assume` is banned" in line.official_reason


def test_without_the_pinned_verifier_there_is_no_official_verdict(tmp_path: Path) -> None:
    line = attempt(tmp_path, ToyEngine(), rule=Strict()).line
    assert line.official is None
    assert "Dafny 99.1" in line.official_reason


def test_without_a_finished_file_the_official_verdict_is_no_where_it_can_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = ToyEngine(ProveResult(Status.UNKNOWN, reason="Why."))
    line = attempt(tmp_path, engine, rule=Strict()).line
    assert (line.official, line.strict, "Dafny 99.1" in line.official_reason) == (None, False, True)
    monkeypatch.setattr("prover.benchmarks.official.is_pinned", lambda pin, verifier: True)
    line = attempt(tmp_path, engine, rule=Strict()).line
    assert (line.official, line.strict) == (False, False)


@pytest.mark.parametrize(
    ("verdict", "status", "strict", "kind"),
    [
        (GateVerdict("accepted", "Dafny 2.3"), "proved", True, "proved"),
        (
            GateVerdict("rejected", "Dafny 2.3", objections=(Objection("assume", "no", 3, 1),)),
            "unknown",
            False,
            "answer",
        ),
        (GateVerdict("unknown", reason="it ran out of time"), "unknown", None, "answer"),
        (GateVerdict("unknown", reason="no Mathlib", unsupported=True), "unsupported", None, "answer"),
    ],
)
def test_an_answer_is_judged_and_nothing_is_searched(
    tmp_path: Path, verdict: GateVerdict, status: str, strict: bool | None, kind: str
) -> None:
    engine = ToyEngine(verdict=verdict)
    ended = attempt(tmp_path, engine, answer="lemma L0() { }", rule=Strict())
    assert engine.requests == []
    assert (ended.line.status, ended.line.strict, ended.kind) == (status, strict, kind)
    assert [o.rule for o in ended.line.objections] == [o.rule for o in verdict.objections]
    assert ended.text == "lemma L0() { }"


@pytest.mark.parametrize(
    ("rule", "said", "official"),
    [
        (ReadsFirst(), "assume\nproof", False),
        (ReadsFirst(), "proof\nassume", None),
        (ReadsFirst(), None, None),  # a file is taken as it is
        (Strict(), "assume\nproof", None),
    ],
)
def test_of_what_a_model_said_a_harness_judges_what_it_reads(
    tmp_path: Path, rule: OfficialRule, said: str | None, official: bool | None
) -> None:
    """Our own gate judges what we read, whatever the harness makes of it."""
    engine = ToyEngine(verdict=GateVerdict("accepted", "Dafny 2.3"))
    ended = attempt(tmp_path, engine, answer="proof", said=said, rule=rule)
    assert (ended.line.strict, ended.line.official, ended.text) == (True, official, "proof")


def test_code_alone_is_nothing_proved(tmp_path: Path) -> None:
    """Its tests decide, which are the benchmark's own rule."""
    coding = replace(task(0), mode="code")
    ended = attempt(tmp_path, ToyEngine(replace(PROVED, implemented=True)), rule=Strict(), asked=coding)
    assert (ended.line.status, ended.line.strict, ended.line.implemented, ended.kind) == (
        "unknown",
        None,
        True,
        "answer",
    )
    assert "Dafny 99.1" in ended.line.reason


def test_where_code_alone_is_asked_for_our_gate_has_no_word(tmp_path: Path) -> None:
    """Else a task would be listed as official but not strict, or an answer without a proof as proved."""
    coding = replace(task(0), mode="code")
    unfinished = ProveResult(Status.UNKNOWN, reason="nothing was found")
    assert attempt(tmp_path, ToyEngine(unfinished), asked=coding).line.strict is None
    judged = attempt(tmp_path, ToyEngine(), rule=Strict(), asked=coding, answer="lemma L0() { }")
    assert (judged.line.status, judged.line.strict, judged.kind) == ("unknown", None, "answer")


def test_the_official_verifier_has_its_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof is not lost because the official rule takes longer than our grace."""

    async def slow(*given: object) -> OfficialVerdict:
        await asyncio.sleep(0.3)
        return OfficialVerdict(True)

    monkeypatch.setattr(bench, "judge_official", slow)
    monkeypatch.setattr(bench, "GRACE", -Settings().seconds)  # so that nothing is left but the rule's own
    ended = attempt(tmp_path, ToyEngine(), rule=Strict())
    assert (ended.line.status, ended.line.official) == ("proved", True)


@dataclass
class Checks:
    """Official checks that are late while others are at work; with `alone` they have that word. seen: how many
    attempts were at work in each."""

    alone: OfficialVerdict
    engine: Beside
    seen: list[int] = field(default_factory=list)

    async def __call__(self, *given: object) -> OfficialVerdict:
        self.seen.append(self.engine.at_work)
        self.engine.looked.set()
        return LATE if self.engine.at_work else self.alone


LATE = OfficialVerdict(False, reason="It is not verified within the official 15 s.", timed_out=True)
NO = OfficialVerdict(False, reason="Dafny does not verify it: no.")


@dataclass
class Beside(ToyEngine):
    """Finds a proof at once, but for the second task, at which it is at work until somebody has looked."""

    at_work: int = 0
    looked: asyncio.Event = field(default_factory=asyncio.Event)

    async def prove(self, request: ProveRequest, observer: Observer) -> ProveResult:
        result = await super().prove(request, observer)
        if "L1" in request.source.text:
            self.at_work += 1
            await self.looked.wait()
            self.at_work -= 1
            return ProveResult(Status.UNKNOWN, reason="Why.")
        return result


def late_attempts(
    folder: Path, monkeypatch: pytest.MonkeyPatch, alone: OfficialVerdict, *, others: bool = False
) -> tuple[list[Ended], Checks]:
    """Attempts at two tasks side by side, the first of which still goes on when the second is looked at."""
    engine = Beside()
    checks = Checks(alone, engine)
    monkeypatch.setattr(bench, "judge_official", checks)

    async def made() -> list[Ended]:
        workbench = Workbench(Terms("toys", Settings(seed=7)), 2, Strict(), engine, others=others)
        folders = [folder / str(number) for number in (1, 0)]
        try:
            for one in folders:
                one.mkdir()
            jobs = [Job(task(number), 1) for number in (1, 0)]
            return list(await asyncio.gather(*map(workbench.attempt, jobs, folders)))
        finally:
            await workbench.close()

    return asyncio.run(made()), checks


@pytest.mark.parametrize("word", [OfficialVerdict(True), NO, OfficialVerdict(None, reason="Dafny gave no verdict.")])
def test_an_official_check_that_was_late_beside_others_is_made_again_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: OfficialVerdict
) -> None:
    (_, ended), checks = late_attempts(tmp_path, monkeypatch, word)
    assert checks.seen == [1, 0]
    line = ended.line
    assert (line.status, line.strict, line.official, line.official_reason, line.official_timed_out) == (
        "proved",
        True,
        word.passed,
        word.reason,
        False,
    )


def test_one_that_is_late_alone_too_is_failed_and_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (_, ended), checks = late_attempts(tmp_path, monkeypatch, LATE)
    assert checks.seen == [1, 0]
    assert (ended.line.official, ended.line.official_timed_out) == (False, True)
    assert "official 15 s" in ended.line.official_reason and "No other attempt" in ended.line.official_reason


def test_beside_other_processes_of_a_run_being_late_is_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (_, ended), _ = late_attempts(tmp_path, monkeypatch, LATE, others=True)
    assert (ended.line.official, ended.line.official_timed_out) == (None, True)
    assert "says nothing" in ended.line.official_reason and "--answers" in ended.line.official_reason


def test_with_one_worker_a_check_is_alone_anyway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def late(*given: object) -> OfficialVerdict:
        asked.append(given)
        return LATE

    asked: list[object] = []
    monkeypatch.setattr(bench, "judge_official", late)
    line = attempt(tmp_path, ToyEngine(), rule=Strict()).line
    assert (line.official, line.official_timed_out, len(asked)) == (False, True, 1)


def test_a_late_check_of_code_alone_is_told_as_it_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def late(*given: object) -> OfficialVerdict:
        return LATE

    monkeypatch.setattr(bench, "judge_official", late)
    ended = attempt(tmp_path, ToyEngine(), rule=Strict(), asked=replace(task(0), mode="code"))
    assert (ended.line.status, ended.line.strict, ended.kind) == ("unknown", None, "answer")
    assert ended.line.reason == f"Code without a proof: {ended.line.official_reason}"


def test_a_node_waits_for_as_long_as_an_attempt_may_take() -> None:
    assert longest(60, None, 8) == 60 + grace(None) == longest(60, None, 1)
    assert longest(60, Strict(), 1) == 60 + grace(Strict())
    assert longest(60, Strict(), 2) > 3 * longest(60, Strict(), 1) > longest(60, Strict(), 1)


def test_an_attempt_that_is_made_again_says_so(tmp_path: Path) -> None:
    assert not attempt(tmp_path, ToyEngine()).line.resumed
    (tmp_path / "checks.log").write_text("")
    assert attempt(tmp_path, ToyEngine()).line.resumed


def test_the_models_of_a_policy() -> None:
    assert models_of(Settings(policy="symbolic+openai:m+hf:folder")) == ("openai:m", "hf:folder")
    assert models_of(Settings()) == ()
