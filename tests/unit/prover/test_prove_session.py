"""One run from the file to the gate's word, with a verifier that believes what it is told to believe."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from policy_scenes import SUM, scene

from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Place, Rule, VerifierInfo
from dafny_env.index import callables
from dafny_env.steps import DafnyGoal
from dafny_env.syntax.parser import parse
from prover import events, session
from prover.events import Event, Phase
from prover.inputs import SourceFile
from prover.policy.symbolic.houdini import Item, houdini
from prover.policy.symbolic.policy import SymbolicPolicy
from prover.results import GoalStatus, ProveRequest, ProveResult, Status
from prover.session import prove
from prover.settings import Settings
from prover.toolchain import NoVerifier
from search.ports import Goal, PolicyContext, Proposals, Rung

NEEDED = frozenset({"0 <= i", "i <= a.Length", "r == Sum(a[..i])"})
PROOF = "".join(f"    invariant {fact}\n" for fact in sorted(NEEDED))


HARMLESS = "i <= a.Length || a.Length == 0"


@dataclass
class Believer:
    """Verifies `Total` where the needed invariants are there; blames every other one on its own line, but for
    `HARMLESS`.

    The function `Sum` is always fine. A check of the whole file runs out of time where a fact of `lost_in` is there.
    `answer`, where given, may answer instead.
    """

    needed: frozenset[str] = NEEDED
    lost_in: frozenset[str] = frozenset()
    answer: Callable[[CheckRequest], CheckResult | None] = lambda request: None
    requests: list[CheckRequest] = field(default_factory=list)
    closed: bool = False
    started: asyncio.Event = field(default_factory=asyncio.Event)
    info: VerifierInfo = field(default_factory=lambda: VerifierInfo("4.11.0", 4, "z3 4.12.1", ("dafny",)))

    async def check(self, request: CheckRequest) -> CheckResult:
        self.requests.append(request)
        if len(self.requests) == 3:
            self.started.set()
        await asyncio.sleep(0)
        return self.answer(request) or self.believe(request)

    def believe(self, request: CheckRequest) -> CheckResult:
        program = parse(request.source)
        names = [n for n in callables(program) if request.declarations is None or n in request.declarations]
        lines = request.source.splitlines()
        told = {k: line.split("invariant ")[1] for k, line in enumerate(lines, 1) if "invariant " in line}
        if request.declarations is None and self.lost_in & set(told.values()):
            return CheckResult(Outcome.TIMEOUT)
        wrong = [k for k, fact in told.items() if fact not in self.needed and fact != HARMLESS]
        errors = [Diagnostic("error", Rule.INVARIANT_ENTRY, "not so", Place(k, 4), declaration="Total") for k in wrong]
        if not self.needed <= set(told.values()):
            at = next((k for k, line in enumerate(lines) if line.startswith("method")), 0)
            errors.append(
                Diagnostic("error", Rule.POSTCONDITION, "might not hold", Place(at + 1, 0), declaration="Total")
            )
        if "Total" not in names or not errors:
            return CheckResult(Outcome.VERIFIED, verified=tuple(names))
        return CheckResult(Outcome.FAILED, tuple(errors), tuple(n for n in names if n != "Total"), ("Total",))

    async def close(self) -> None:
        self.closed = True


class Modest:
    """A policy with one batch of ideas: what is needed, what is true as well, and what is wrong."""

    name = "modest"
    rungs = (Rung.CLOSE,)

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        payload: DafnyGoal = goal.payload
        (offset,) = (view.loop.last for view in scene(payload.base).views)
        facts = [*sorted(NEEDED), HARMLESS, "0 <= r"]
        rounds = houdini(
            payload, [Item(offset, f"invariant {f}", k, indent="    ") for k, f in enumerate(facts)], "modest"
        )
        step = next(rounds)
        while True:
            verdict = yield step
            assert verdict is not None
            try:
                step = rounds.send(verdict)
            except StopIteration:
                return


@dataclass
class Tools:
    """Stands for an opened toolchain of Dafny 4."""

    working: Believer = field(default_factory=Believer)
    cold: Believer = field(default_factory=Believer)
    warnings: tuple[str, ...] = ()
    dialect: int = 4
    closed: bool = False


@dataclass
class Heard:
    """An observer, and a journal."""

    events: list[Event] = field(default_factory=list)
    records: list[Mapping[str, object]] = field(default_factory=list)

    def notify(self, event: Event) -> None:
        self.events.append(event)

    def append(self, record: Mapping[str, object]) -> None:
        self.records.append(record)

    def of(self, kind: type) -> list[Any]:
        return [e for e in self.events if isinstance(e, kind)]

    @property
    def phases(self) -> list[Phase]:
        return [e.phase for e in self.of(events.PhaseStarted)]


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tools]:
    """The verifiers of the run; given back when it has ended, however it ended."""
    opened = Tools()

    @asynccontextmanager
    async def toolchain(settings: Settings, *borrowed: object) -> AsyncIterator[Tools]:
        try:
            yield opened
        finally:
            opened.closed = True

    monkeypatch.setattr(session, "toolchain", toolchain)
    monkeypatch.setattr(session, "SymbolicPolicy", Modest)
    yield opened
    assert opened.closed


def request(text: str = SUM, target: str | None = None, **more: Any) -> ProveRequest:
    source = SourceFile(None, text, hashlib.sha256(text.encode()).hexdigest(), target=target)
    return ProveRequest(source, Settings(workers=1), **{"seconds": 60.0, **more})


def run(asked: ProveRequest, heard: Heard | None = None) -> ProveResult:
    return asyncio.run(prove(asked, heard or Heard()))


def with_proof(text: str = SUM) -> str:
    return text.replace("while i < a.Length\n", f"while i < a.Length\n{PROOF}")


# ------------------------------------------------------------------------------------------------------------ proved


def test_the_built_in_policy_finds_them(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "SymbolicPolicy", SymbolicPolicy)
    result = run(request(seconds=600.0))
    assert result.status is Status.PROVED and result.text is not None
    assert all(f"invariant {fact}" in result.text for fact in NEEDED)


def test_missing_invariants_are_found_pruned_and_confirmed(tools: Tools) -> None:
    heard = Heard()
    result = run(request(journal=heard), heard)
    assert result.status is Status.PROVED, result.reason
    assert result.text is not None and not result.untouched and result.reason == ""
    inserted = [line.strip() for line in result.text.splitlines() if "invariant" in line]
    assert {line.removeprefix("invariant ") for line in inserted} == NEEDED and len(inserted) == len(NEEDED)
    without = "\n".join(line for line in result.text.splitlines() if "invariant" not in line and line.strip())
    assert without == "\n".join(line for line in SUM.splitlines() if line.strip())
    assert [(g.name, g.line, g.status) for g in result.goals] == [("Total", 5, GoalStatus.PROVED)]
    assert result.verifier == "Dafny 4.11.0 (z3 4.12.1)" and not result.translated


def test_the_phases_of_a_run_are_told_in_order(tools: Tools) -> None:
    heard = Heard()
    run(request(), heard)
    P = events.Phase
    assert heard.phases == [P.CHECKING, P.SEARCHING, P.PRUNING, P.CONFIRMING]
    assert heard.of(events.GoalsChanged)[-1] == events.GoalsChanged(1, 0)
    assert {e.goal for e in heard.of(events.AttemptStarted)} == {"Total"}
    told = [e.checks for e in heard.of(events.UsageChanged)]
    assert told == sorted(told) and told


def test_every_check_of_the_working_verifier_is_counted(tools: Tools) -> None:
    result = run(request())
    assert result.checks == len(tools.working.requests)


def test_the_gate_asks_the_other_verifier_about_the_text_that_is_handed_out(tools: Tools) -> None:
    result = run(request())
    assert {r.source for r in tools.cold.requests} == {result.text}
    assert all(r.declarations is None or r.source == result.text for r in tools.cold.requests)


def test_every_event_of_the_search_is_in_the_journal_as_json(tools: Tools) -> None:
    heard = Heard()
    run(request(journal=heard), heard)
    assert heard.records
    assert json.loads(json.dumps(heard.records)) == heard.records


def test_a_file_that_verifies_is_handed_back_as_it_is(tools: Tools) -> None:
    heard = Heard()
    result = run(request(with_proof()), heard)
    assert (result.status, result.untouched, result.text) == (Status.PROVED, True, with_proof())
    assert len(tools.working.requests) == 1 and result.checks == 1
    assert heard.phases == [events.Phase.CHECKING, events.Phase.CONFIRMING]


def test_warnings_are_told(tools: Tools) -> None:
    tools.warnings = ("a fallback solver",)
    heard = Heard()
    run(request(with_proof()), heard)
    assert heard.of(events.Note) == [events.Note("a fallback solver")]


# -------------------------------------------------------------------------------------------------------- not proved


def test_what_the_gate_does_not_confirm_is_not_proved(tools: Tools) -> None:
    tools.cold.needed = frozenset({"never"})
    result = run(request())
    assert result.status is Status.UNKNOWN and result.text is None
    assert result.reason.startswith("the gate does not accept the file: line ")
    assert result.partial is not None and "invariant" in result.partial


def test_nor_is_a_file_that_only_the_warm_verifier_accepts_untouched(tools: Tools) -> None:
    tools.cold.needed = frozenset({"never"})
    result = run(request(with_proof()))
    assert (result.status, result.text, result.untouched) == (Status.UNKNOWN, None, False)
    assert "the gate does not accept the file" in result.reason


def test_what_pruning_spoilt_is_confirmed_as_it_was_found(tools: Tools) -> None:
    tools.cold.needed = NEEDED | {HARMLESS}
    result = run(request())
    assert result.status is Status.PROVED
    assert result.text is not None and HARMLESS in result.text
    assert HARMLESS not in tools.cold.requests[0].source


def test_parts_that_are_too_much_together_are_pruned_and_confirmed(tools: Tools) -> None:
    tools.working.lost_in = frozenset({HARMLESS})
    result = run(request())
    assert result.status is Status.PROVED
    assert result.text is not None and HARMLESS not in result.text


def test_a_goal_that_stays_open_is_named_with_what_still_fails(tools: Tools) -> None:
    tools.working.needed = NEEDED | {"out of reach"}
    heard = Heard()
    result = run(request(checks=12), heard)
    assert result.status is Status.UNKNOWN and result.text is None
    assert "still open: Total" in result.reason
    assert [(g.name, g.status) for g in result.goals] == [("Total", GoalStatus.OPEN)]
    assert result.goals[0].diagnostics
    assert result.partial is not None and tools.cold.requests == []
    assert events.Phase.CONFIRMING not in heard.phases


@pytest.mark.parametrize("checks", [1, 2, 3, 5])
def test_no_more_checks_than_allowed(tools: Tools, checks: int) -> None:
    tools.working.needed = NEEDED | {"out of reach"}
    result = run(request(checks=checks))
    assert result.status is Status.UNKNOWN
    assert result.checks == len(tools.working.requests) <= checks


@pytest.mark.parametrize("checks", range(2, 12))
def test_pruning_keeps_to_the_allowed_checks_too(tools: Tools, checks: int) -> None:
    result = run(request(checks=checks))
    assert len(tools.working.requests) <= checks
    assert result.checks == len(tools.working.requests)


@pytest.mark.parametrize(
    ("outcome", "rule"), [(Outcome.PARSE_ERROR, Rule.PARSE), (Outcome.RESOLVE_ERROR, Rule.RESOLVE)]
)
def test_a_file_that_cannot_be_read_is_invalid(tools: Tools, outcome: Outcome, rule: Rule) -> None:
    wrong = CheckResult(outcome, (Diagnostic("error", rule, "what is `foo`", Place(3, 1)),))
    tools.working.answer = lambda asked: wrong
    result = run(request())
    assert result.status is Status.INVALID
    assert "line 3" in result.reason and "what is `foo`" in result.reason
    assert len(tools.working.requests) == 1 and tools.cold.requests == []


def test_a_target_that_depends_on_an_open_lemma_is_not_searched_for(tools: Tools) -> None:
    text = SUM.replace("  r := 0;", "  Open();\n  r := 0;") + "\nlemma Open() ensures |[1]| == 1\n"
    heard = Heard()
    result = run(request(text, target="Total"), heard)
    assert (result.status, result.reason) == (
        Status.UNKNOWN,
        "`Total` depends on `Open`, which is not proved itself.",
    )
    assert [(g.name, g.status) for g in result.goals] == [("Total", GoalStatus.OPEN)]
    assert result.checks == len(tools.working.requests) == 1 and tools.cold.requests == []
    assert heard.phases == [events.Phase.CHECKING]


def test_a_target_is_searched_for_where_an_open_lemma_is_none_of_its_business(tools: Tools) -> None:
    result = run(request(f"lemma Open() ensures |[1]| == 1\n\n{SUM}", target="Total"))
    assert result.status is Status.PROVED, result.reason


def test_an_unknown_target_is_invalid_and_what_there_is_is_told(tools: Tools) -> None:
    result = run(request(target="Nobody"))
    assert result.status is Status.INVALID
    assert "Nobody" in result.reason and "Sum, Total" in result.reason
    assert tools.working.requests == []


def test_only_the_target_is_worked_on(tools: Tools) -> None:
    result = run(request(target="Sum"))
    assert result.status is Status.PROVED and result.untouched
    assert len(tools.working.requests) == 1


@pytest.mark.parametrize("outcome", [Outcome.CRASHED, Outcome.UNKNOWN, Outcome.TIMEOUT])
def test_a_verifier_that_never_answers_proves_nothing_and_refutes_nothing(tools: Tools, outcome: Outcome) -> None:
    tools.working.answer = lambda asked: CheckResult(outcome)
    result = run(request(checks=6))
    assert result.status is Status.UNKNOWN and result.reason
    assert tools.cold.requests == []
    crashed = outcome is Outcome.CRASHED
    assert ("the verifier crashed whenever it was asked" in result.reason, bool(result.unanswered)) == (
        crashed,
        crashed,
    )


def test_a_verifier_that_crashes_once_has_answered(tools: Tools) -> None:
    answers = iter([CheckResult(Outcome.CRASHED)])
    tools.working.answer = lambda asked: next(answers, None)
    tools.working.needed = frozenset(["nothing of the kind"])
    result = run(request(checks=6))
    assert (result.status, result.unanswered) == (Status.UNKNOWN, "")


def test_without_a_verifier_the_file_is_unsupported_here(monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def nothing(settings: Settings, *borrowed: object) -> AsyncIterator[NoVerifier]:
        yield NoVerifier(Status.UNSUPPORTED, "Dafny: install it")

    monkeypatch.setattr(session, "toolchain", nothing)
    result = run(request())
    assert (result.status, result.reason) == (Status.UNSUPPORTED, "Dafny: install it")


def test_cancelling_ends_the_run_and_tells_what_there_was(tools: Tools) -> None:
    heard = Heard()

    async def main() -> None:
        task = asyncio.create_task(prove(request(), heard))
        await tools.working.started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    reports = heard.of(events.BestSoFar)
    # One before the search starts, so that no interruption comes too early, and one at its end.
    assert len(reports) == 2
    for best in reports:
        assert best.remaining == ("Total",)
        assert [(g.name, g.line, g.status) for g in best.goals] == [("Total", 5, GoalStatus.OPEN)]
        assert not parse(best.text).problems
