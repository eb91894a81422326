"""What runs over either language have in common: the countdown, the search and its events, what comes of its result."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from prover import events
from prover.policy.opening import Policies, open_policies
from prover.policy_choice import ChoiceProblem, check_policy
from prover.results import GateVerdict, GoalReport, GoalStatus, ProveRequest, ProveResult, Status
from prover.toolchain import NoVerifier, workers_of
from search.assembler import Simplify
from search.budget import Budget
from search.engine import Search
from search.journal import Event
from search.nodes import GoalStatus as Found
from search.ports import Assignment, Environment, Goal, Policy, Records
from search.result import Progress, SearchResult, Stop
from search.strategy import STRATEGIES

CONFIRM_SHARE, CONFIRM_LEAST, CONFIRM_MOST = 0.15, 10.0, 20.0
"""Share of the seconds kept back for pruning and the gate, and its bounds in seconds."""


Candidate = tuple[Mapping[str, Assignment], Callable[[], str]]
"""A solution of all goals, and what makes the file with it."""


class Countdown:
    """Wall-clock seconds left of a budget."""

    def __init__(self, seconds: float) -> None:
        self._started = time.monotonic()
        self._seconds = seconds

    def now(self) -> float:
        """Monotonic seconds (the search's clock)."""
        return time.monotonic()

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return max(self._seconds - self.spent, 0.0)

    def forgive(self, seconds: float) -> None:
        """What should not count: loading a model."""
        self._started += seconds

    def for_search(self, request: ProveRequest) -> float:
        """What of the seconds left the search may take: the rest is kept back for confirming."""
        reserve = min(max(request.seconds * CONFIRM_SHARE, CONFIRM_LEAST / 2), CONFIRM_MOST)
        return max(self.left - reserve, self.left / 2)


class RunJournal:
    """Passes the search's events on to the request's journal."""

    def __init__(self, request: ProveRequest) -> None:
        self._sink = request.journal

    def record(self, event: Event) -> None:
        """Record one event."""
        if self._sink is not None:
            self._sink.append(event.as_dict())


def complete(found: SearchResult) -> Mapping[str, Assignment]:
    """A solution of all goals: one that was accepted as a whole, or else one on which the verifier gave no verdict
    (with less in it, and more time, it may); empty where there is none."""
    return found.solution if found.assembled else found.unassembled


def gate_reason(verdict: GateVerdict) -> str:
    """Why the gate does not accept a file, in one sentence."""
    if verdict.reason:
        return verdict.reason
    texts = [f"line {o.line}: {o.message}" if o.line else o.message for o in verdict.objections[:3]]
    return "the gate does not accept the file: " + "; ".join(texts)


class FileRun(ABC):
    """One call of `prove` with a language's verifiers open. checks: those spent so far. translated: the verifier sees a
    translation of the file. complaint: what was wrong with the models, in one sentence; unanswered: why one of them
    (or the verifier) never answered. records: tells the journal what goals and steps are made of."""

    records: Records

    def __init__(self, request: ProveRequest, observer: events.Observer, countdown: Countdown) -> None:
        self.request = request
        self.observer = observer
        self.countdown = countdown
        self.source = request.source
        self.translated = False
        self.checks = 0
        self.complaint = self.unanswered = ""
        self._solved = -1

    @abstractmethod
    def partial(self, found: SearchResult) -> str:
        """The file with what was found so far in it."""

    @abstractmethod
    def goals(self, roots: Sequence[Goal], found: SearchResult | None = None) -> tuple[GoalReport, ...]:
        """What is known of the root goals. found: None before the search."""

    @abstractmethod
    async def judge(self, text: str) -> GateVerdict:
        """The gate's word on a whole file."""

    async def search(
        self,
        environment: Environment,
        symbolic: Callable[[], Awaitable[Policy]],
        *,
        simplify: Simplify | None = None,
    ) -> SearchResult | NoVerifier:
        """Search within the request's budget with the policies that it names, telling the observer how it goes;
        cancelled, what there is by then. symbolic: makes the language's symbolic policy. NoVerifier where a policy
        cannot be had."""
        parts = check_policy(self.request.policy)
        if isinstance(parts, ChoiceProblem):
            return NoVerifier(Status(parts.status), parts.reason)
        began = time.monotonic()
        async with open_policies(
            parts,
            self.source.language,
            self.request.settings,
            symbolic,
            task=self.request.charged_to,
            tokens=self.request.tokens,
            samples=self.request.samples,
            models=self.request.models,
            note=lambda text: self.observer.notify(events.Note(text)),
        ) as policies:
            if isinstance(policies, NoVerifier):
                return policies
            if policies.trouble:
                self.countdown.forgive(time.monotonic() - began)
            found = await self._search(environment, policies, simplify)
            self.complaint = policies.complaint
            self.unanswered = policies.complaint if policies.unanswered else ""
            if policies.spent and found.stop is not Stop.TOKENS:
                self.complaint = "the budget of tokens is spent"
            return found

    async def _search(self, environment: Environment, policies: Policies, simplify: Simplify | None) -> SearchResult:
        self.phase(events.Phase.SEARCHING)
        checks = None if self.request.checks is None else max(self.request.checks - 1, 0)
        search = Search(
            environment,
            policies.policies,
            budget=Budget(seconds=self.countdown.for_search(self.request), checks=checks, tokens=self.request.tokens),
            clock=self.countdown,
            seed=self.request.seed,
            strategy=STRATEGIES[self.request.strategy],
            concurrency=workers_of(self.request.settings),
            journal=RunJournal(self.request),
            on_progress=lambda progress: self._progress(search, progress),
            simplify=simplify,
            records=self.records,
            waiting=policies.waiting,
        )
        try:
            found = await search.run()
        except asyncio.CancelledError:
            found = search.result()
            self.observer.notify(events.UsageChanged(self.checks + found.checks, found.tokens))
            self._best_so_far(found)
            raise
        self.checks += found.checks
        return found

    def _progress(self, search: Search, progress: Progress) -> None:
        for name, kind in progress.trying[-1:]:
            self.observer.notify(events.AttemptStarted(name, kind))
        self.observer.notify(events.UsageChanged(self.checks + progress.checks, progress.tokens))
        if progress.roots_solved != self._solved:
            self._solved = progress.roots_solved
            self.observer.notify(events.GoalsChanged(progress.roots_solved, progress.roots - progress.roots_solved))
            if progress.roots_solved:
                self._best_so_far(search.result())

    def _best_so_far(self, found: SearchResult) -> None:
        if found.roots:
            remaining = tuple(r.name for r in found.roots if found.statuses.get(r.key) is not Found.SOLVED)
            self.observer.notify(events.BestSoFar(self.partial(found), remaining, self.goals(found.roots, found)))

    def begins(self, roots: Sequence[Goal]) -> None:
        """From here on an interruption leaves a partial file and the goals, however early it comes."""
        names = tuple(root.name for root in roots)
        self.observer.notify(events.UsageChanged(self.checks))
        self.observer.notify(events.BestSoFar(self.source.text, names, self.goals(roots)))

    async def untouched(self) -> ProveResult:
        """A file in which nothing is open: the gate's word on it as it is."""
        verdict = await self.judge(self.source.text)
        if verdict.verdict != "accepted":
            return self.with_verdict(self.ended(Status.UNKNOWN, gate_reason(verdict)), verdict)
        return self.with_verdict(replace(self.ended(Status.PROVED), text=self.source.text, untouched=True), verdict)

    async def conclude(
        self,
        goals: tuple[GoalReport, ...],
        found: SearchResult,
        candidates: Sequence[Candidate],
    ) -> ProveResult:
        """What a search came to. candidates: for the whole file, the best first; the others are shown to the gate while
        there is time, where it does not accept the one before. What it accepts is told to the journal, step by step
        (`proof_confirmed`)."""
        base = replace(self.ended(Status.UNKNOWN), goals=goals, tokens=found.tokens)
        if found.stop is Stop.REFUTED:
            return replace(base, status=Status.REFUTED, reason=found.reason)
        if not complete(found):
            still_open = [g.name for g in goals if g.status is not GoalStatus.PROVED]
            reason = f"{found.reason}; still open: {', '.join(still_open[:6])}." if still_open else f"{found.reason}."
            if self.complaint:
                reason = f"{reason[:-1]}; {self.complaint}."
            return replace(base, partial=self.partial(found), reason=reason, unanswered=self.unanswered)
        base = replace(base, subgoals=len(complete(found)) - len(found.roots))
        accepted: Mapping[str, Assignment] | None = None
        for number, (solution, make) in enumerate(candidates):
            if number and self.countdown.left <= 0:
                break
            text = make()
            verdict = await self.judge(text)
            if verdict.verdict == "accepted":
                accepted = solution
                break
        if accepted is None:
            return self.with_verdict(replace(base, partial=text, reason=gate_reason(verdict)), verdict)
        self._confirmed(accepted)
        confirmed = tuple(replace(g, status=GoalStatus.PROVED, diagnostics=()) for g in goals)
        return self.with_verdict(replace(base, status=Status.PROVED, text=text, goals=confirmed), verdict)

    def _confirmed(self, solution: Mapping[str, Assignment]) -> None:
        """Tell the journal what the accepted file was put together from."""
        if self.request.journal is None:
            return
        steps = [
            {
                "goal": key,
                "kind": a.step.kind,
                "subgoals": [g.key for g in a.subgoals],
                "record": dict(self.records.step(a.step).fields),
            }
            for key, a in solution.items()
        ]
        self.request.journal.append({"event": "proof_confirmed", "steps": steps})

    def ended(self, status: Status, reason: str = "") -> ProveResult:
        """A result without goals."""
        return ProveResult(status, reason=reason, translated=self.translated, checks=self.checks)

    def with_verdict(self, result: ProveResult, verdict: GateVerdict) -> ProveResult:
        """The result with what the gate found taken on trust."""
        return replace(result, baseline=verdict.baseline, axioms=verdict.axioms, checks=self.checks)

    def phase(self, phase: events.Phase) -> None:
        """Tell the observer what begins."""
        self.observer.notify(events.PhaseStarted(phase, ""))


def reports(
    roots: Sequence[Goal],
    found: SearchResult | None,
    line_of: Callable[[Goal], int],
    told: Callable[[str], str] = lambda message: message,
) -> tuple[GoalReport, ...]:
    """What is known of each root goal. line_of: its line in the file. told: what of a diagnostic's message is shown."""
    statuses = found.statuses if found is not None else {}
    made = []
    for root in roots:
        status = {Found.SOLVED: GoalStatus.PROVED, Found.REFUTED: GoalStatus.REFUTED}.get(
            statuses.get(root.key, Found.OPEN), GoalStatus.OPEN
        )
        messages: tuple[str, ...] = ()
        partial = found.best_partial.get(root.key) if found is not None else None
        if status is GoalStatus.OPEN and partial is not None:
            diagnostics = getattr(partial.verdict, "diagnostics", ())
            messages = tuple(dict.fromkeys(told(d.diagnostic.message) for d in diagnostics))[:5]
        witness = found.witnesses.get(root.key, "") if found is not None else ""
        doubt = found.unconfirmed.get(root.key, "") if found is not None else ""
        if doubt and status is GoalStatus.OPEN:
            messages = (*messages, f"not confirmed: {doubt}")
        made.append(GoalReport(root.name, line_of(root), status, messages, witness))
    return tuple(made)
