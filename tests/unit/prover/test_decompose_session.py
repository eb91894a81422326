"""One run of `decompose` from the file to its goals' plans, with a verifier that believes what it is told."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Place, Rule, VerifierInfo
from dafny_env.environment import DafnyEnvironment
from dafny_env.index import callables
from dafny_env.proposal import read_proposal
from dafny_env.steps import DafnyStep
from dafny_env.syntax.parser import parse
from prover import decompose as module
from prover import events
from prover.decompose import decompose
from prover.decompositions import DecomposeRequest, DecomposeResult, DecomposeStatus, PlanStatus
from prover.events import Event
from prover.inputs import SourceFile
from prover.policy.symbolic.houdini import make_step
from prover.results import Status
from prover.settings import Settings
from prover.toolchain import NoVerifier
from search import ports
from search.ports import Goal, PolicyContext, Proposals, Refuted, Rung

SUM = "function Sum(n: nat): nat { if n == 0 then 0 else n + Sum(n - 1) }\n"
CLOSED = "lemma Closed(n: nat)\n  ensures 2 * Sum(n) == n * (n + 1)\n"
GROWS = "lemma Grows(n: nat)\n  ensures Sum(n) >= n\n"
FILE = f"{SUM}\n{CLOSED}\n{GROWS}"
SPLIT = f"lemma Small(n: nat)\n  ensures Sum(n) >= 0\n{CLOSED}{{ Small(n); }}"


@dataclass
class Believer:
    """Everything verifies, unless `first` (of the file as it is) says otherwise or a text holds the word `wrong`."""

    first: CheckResult | None = None
    requests: list[CheckRequest] = field(default_factory=list)
    info: VerifierInfo = field(default_factory=lambda: VerifierInfo("4.11.0", 4, "z3 4.12.1", ("dafny",)))

    async def check(self, request: CheckRequest) -> CheckResult:
        self.requests.append(request)
        await asyncio.sleep(0)
        if self.first is not None and len(self.requests) == 1:
            return self.first
        names = request.declarations if request.declarations is not None else tuple(callables(parse(request.source)))
        if "wrong" in request.source:
            error = Diagnostic("error", Rule.ASSERTION, "assertion violation", Place(1, 0))
            return CheckResult(Outcome.FAILED, (error,), failed=names)
        return CheckResult(Outcome.VERIFIED, verified=names)

    async def close(self) -> None:
        pass


@dataclass
class Tools:
    working: Believer = field(default_factory=Believer)
    warnings: tuple[str, ...] = ()
    dialect: int = 4
    closed: bool = False

    @property
    def cold(self) -> Believer:
        return self.working


@dataclass
class Texts:
    """A policy that proposes texts, whatever the goal."""

    texts: Sequence[str]
    rungs: Sequence[Rung] = (Rung.DECOMPOSE,)
    name: str = "texts"
    proposed: asyncio.Event = field(default_factory=asyncio.Event)
    for_ever: bool = False

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        for text in self.texts:
            read = read_proposal(goal.payload, text)
            if isinstance(read, DafnyStep):
                yield make_step(read, "text")
        self.proposed.set()
        if self.for_ever:
            await asyncio.Event().wait()


@dataclass
class Heard:
    events: list[Event] = field(default_factory=list)

    def notify(self, event: Event) -> None:
        self.events.append(event)


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tools]:
    opened = Tools()

    @asynccontextmanager
    async def toolchain(settings: Settings) -> AsyncIterator[Tools]:
        try:
            yield opened
        finally:
            opened.closed = True

    monkeypatch.setattr(module, "toolchain", toolchain)
    yield opened
    assert opened.closed


def request(text: str = FILE, target: str | None = None, **more: Any) -> DecomposeRequest:
    source = SourceFile(None, text, hashlib.sha256(text.encode()).hexdigest(), target=target)
    return DecomposeRequest(source, Settings(workers=1), **{"seconds": 60.0, **more})


def run(policy: Texts, asked: DecomposeRequest | None = None, heard: Heard | None = None) -> DecomposeResult:
    return asyncio.run(decompose(asked or request(), heard or Heard(), policy))


def test_each_root_goal_has_its_ranked_decompositions(tools: Tools) -> None:
    heard = Heard()
    result = run(Texts([SPLIT, CLOSED + "{ assert wrong; }"]), heard=heard)
    assert result.status is DecomposeStatus.FOUND and not result.reason
    assert [(g.name, g.line, g.d, g.status) for g in result.goals] == [
        ("Closed", 3, 5, PlanStatus.DECOMPOSED),
        ("Grows", 6, 2, PlanStatus.OPEN),
    ]
    (best,) = result.goals[0].decompositions
    assert [(x.name, x.d) for x in best.lemmas] == [("Small", 2)]
    assert "Small(n);" in best.text and best.kind == "text"
    assert result.goals[0].rejected.reasons == (("assertion violation", 1),)
    assert result.verifier == "Dafny 4.11.0 (z3 4.12.1)"
    assert result.checks == len(tools.working.requests)
    assert sum(not request.models for request in tools.working.requests) == 3, "the others ask for counterexamples"
    phases = [e.phase for e in heard.events if isinstance(e, events.PhaseStarted)]
    assert phases == [events.Phase.CHECKING, events.Phase.SEARCHING]
    assert any(isinstance(e, events.AttemptStarted) and e.goal == "Closed" for e in heard.events)


def test_a_goal_that_closes(tools: Tools) -> None:
    result = run(Texts([CLOSED + "{ }"], rungs=(Rung.CLOSE,)), request(target="Closed"))
    assert [(g.name, g.status) for g in result.goals] == [("Closed", PlanStatus.CLOSED)]
    assert result.goals[0].decompositions[0].score.value == 1.0


def test_a_file_that_verifies_has_nothing_to_decompose(tools: Tools) -> None:
    result = run(Texts([]), request(SUM))
    assert (result.status, result.untouched, result.goals) == (DecomposeStatus.FOUND, True, ())


def test_nothing_found_says_why(tools: Tools) -> None:
    assert (run(Texts([])).status, run(Texts([])).reason) == (
        DecomposeStatus.NOTHING,
        "the policy has no more ideas",
    )
    assert run(Texts([CLOSED + "{ assert wrong; }"]), request(checks=2)).reason == "the budget was spent"


def test_a_goal_that_is_false_is_what_there_is_to_say(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refute(self: DafnyEnvironment, goal: Goal, *, seconds: float) -> ports.Tested:
        return ports.Tested(Refuted("n = 6") if goal.name == "Grows" else None)

    monkeypatch.setattr(DafnyEnvironment, "refute", refute)
    result = run(Texts([SPLIT]))
    assert (result.status, result.reason) == (DecomposeStatus.REFUTED, "n = 6")
    assert [(g.status, g.witness) for g in result.goals] == [(PlanStatus.DECOMPOSED, ""), (PlanStatus.REFUTED, "n = 6")]


def test_a_file_that_cannot_be_read_is_invalid(tools: Tools) -> None:
    wrong = Diagnostic("error", Rule.PARSE, "invalid", Place(3, 1))
    tools.working.first = CheckResult(Outcome.PARSE_ERROR, (wrong,))
    result = run(Texts([]))
    assert result.status is DecomposeStatus.INVALID and "line 3" in result.reason


def test_a_target_that_is_not_there(tools: Tools) -> None:
    result = run(Texts([]), request(target="Nobody"))
    assert result.status is DecomposeStatus.INVALID and "Closed, Grows, Sum" in result.reason
    assert not tools.working.requests


def test_no_verdict_on_the_file_is_nothing_found(tools: Tools) -> None:
    tools.working.first = CheckResult(Outcome.CRASHED)
    result = run(Texts([]), request("predicate P()\n"))
    assert result.status is DecomposeStatus.NOTHING and "crashed" in result.reason


def test_without_a_verifier_the_file_is_unsupported_here(monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def nothing(settings: Settings) -> AsyncIterator[NoVerifier]:
        yield NoVerifier(Status.UNSUPPORTED, "Dafny: install it")

    monkeypatch.setattr(module, "toolchain", nothing)
    result = run(Texts([]))
    assert (result.status, result.reason) == (DecomposeStatus.UNSUPPORTED, "Dafny: install it")


def test_a_mistake_of_the_policy_is_told(tools: Tools) -> None:
    class Broken(Texts):
        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            raise ZeroDivisionError("boom")
            yield

    heard = Heard()
    result = run(Broken([]), heard=heard)
    assert result.status is DecomposeStatus.NOTHING
    assert result.reason == "the policy failed: ZeroDivisionError: boom"
    assert len([e for e in heard.events if isinstance(e, events.Note)]) == 2


def test_interrupted_it_keeps_what_was_found_and_closes_the_verifiers(tools: Tools) -> None:
    policy = Texts([SPLIT], for_ever=True)

    async def main() -> DecomposeResult:
        task = asyncio.create_task(decompose(request(), Heard(), policy))
        await policy.proposed.wait()
        task.cancel()
        return await task

    result = asyncio.run(main())
    assert result.interrupted and result.status is DecomposeStatus.FOUND
    assert [g.status for g in result.goals] == [PlanStatus.DECOMPOSED, PlanStatus.OPEN]


def test_interrupted_while_a_model_is_opened_it_tells_the_goals(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    opening = asyncio.Event()

    @asynccontextmanager
    async def loads_for_ever(*_: object, **__: object) -> AsyncIterator[None]:
        opening.set()
        await asyncio.Event().wait()
        yield

    monkeypatch.setattr(module, "open_policies", loads_for_ever)

    async def main() -> DecomposeResult:
        task = asyncio.create_task(decompose(request(policy="hf:m"), Heard()))
        await opening.wait()
        task.cancel()
        return await task

    result = asyncio.run(main())
    assert result.interrupted and result.status is DecomposeStatus.NOTHING
    assert [g.status for g in result.goals] == [PlanStatus.OPEN, PlanStatus.OPEN]
    assert all(g.d and g.line for g in result.goals)
