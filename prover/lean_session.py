"""One Lean file, from reading to a verdict: open Lean, look at the file, search, ask the gate.

Says nothing of proofs itself: `proved` is the gate's word, given on the original as it was read and in fresh processes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lean_project.driver.factory import Toolchain
from lean_project.driver.types import Outcome
from lean_project.environment import LeanEnvironment, Opened
from lean_project.gate.permitted import objection_to
from lean_project.syntax.commands import commands, imports, resolved
from lean_project.toolchain import Kind
from prover import events, gate
from prover.lean_toolchain import LeanCompiler, lean_toolchain
from prover.policy.lean.policy import LeanPolicy
from prover.policy.lean.portfolio import missing_tactics
from prover.results import GateVerdict, GoalReport, GoalStatus, ProveRequest, ProveResult, Status
from prover.running import CONFIRM_LEAST, Countdown, RunJournal, complete, gate_reason
from prover.toolchain import NoVerifier, workers_of
from search.budget import Budget
from search.engine import Search
from search.nodes import GoalStatus as Found
from search.ports import Assignment, Goal
from search.result import Progress, SearchResult, Stop
from search.strategy import STRATEGIES

CHECK_SECONDS = 5.0
"""Wall clock of one check in the search."""


async def prove(request: ProveRequest, observer: events.Observer) -> ProveResult:
    """Search for the proofs missing in a Lean file.

    Never raises for what the file or Lean does; cancellation ends all child processes and propagates.
    """
    countdown = Countdown(request.seconds)
    async with lean_toolchain(request.source, request.settings) as tools:
        if isinstance(tools, NoVerifier):
            return ProveResult(tools.status, reason=tools.reason)
        for warning in tools.installation.warnings:
            observer.notify(events.Note(warning))
        info = str(tools.installation)
        observer.notify(events.PhaseStarted(events.Phase.CHECKING, info))
        result = await _Run(request, observer, tools, countdown).prove()
        return replace(result, seconds=countdown.spent, verifier=info)


class _Run:
    """One call of `prove` with Lean open."""

    def __init__(
        self, request: ProveRequest, observer: events.Observer, tools: Toolchain, countdown: Countdown
    ) -> None:
        self.request = request
        self.observer = observer
        self.tools = tools
        self.countdown = countdown
        self.source = request.source
        self.checks = 0
        self._solved = -1
        self.target: str | None = None

    async def prove(self) -> ProveResult:
        """Look at the file, search, and ask the gate."""
        source = self.source
        declared = [c for c in commands(source.text) if c.declares]
        target = None if source.target is None else resolved(source.target, declared)
        if source.target is not None and target is None:
            told = ", ".join(sorted(c.full_name for c in declared if c.full_name)[:12]) or "none"
            return self._ended(Status.INVALID, f"no declaration {source.target} in the file; it has: {told}.")
        if not declared:
            return self._ended(Status.INVALID, "there is nothing to prove: the file declares nothing.")
        self.target = target
        environment = LeanEnvironment(
            source.text,
            self.tools.working,
            version=str(self.tools.installation),
            target=target,
            check_seconds=CHECK_SECONDS,
            objection=objection_to,
        )
        opened = await environment.open(seconds=max(self.countdown.left, 0.5))
        self.checks += 1
        if opened.result.outcome is not Outcome.OK:
            return self._not_opened(opened)
        if opened.reason:
            return self._ended(Status.UNKNOWN, f"{opened.reason}; give it more --seconds.")
        if not opened.roots:
            return await self._untouched(opened)
        # From here on an interruption leaves a partial file, however early it comes.
        self.observer.notify(events.BestSoFar(source.text, tuple(root.name for root in opened.roots)))
        found = await self._search(environment)
        return await self._conclude(environment, opened, found)

    def _not_opened(self, opened: Opened) -> ProveResult:
        result = opened.result
        if result.outcome is Outcome.MISSING_IMPORT:
            told = result.errors[0].message if result.errors else "an import is missing"
            if self.tools.installation.kind is Kind.BUNDLED:
                told += (
                    " (the bundled core has no other modules: install Lean with elan, or run inside the Lake project)"
                )
            return self._ended(Status.UNSUPPORTED, told)
        if result.outcome is Outcome.ERRORS:
            first = result.errors[0]
            message = first.message.strip().split("\n", 1)[0]
            told = f"line {first.place.line}: {message}"
            if self.tools.installation.kind is Kind.BUNDLED:
                return self._ended(
                    Status.UNSUPPORTED,
                    f"{told} (on the bundled core library; if stock Lean accepts the file, install it with elan)",
                )
            return self._ended(Status.INVALID, told)
        return self._ended(Status.UNKNOWN, f"Lean gave no verdict on the file as it is ({result.outcome}).")

    async def _search(self, environment: LeanEnvironment) -> SearchResult:
        header = "\n".join(f"import {module}" for module in imports(self.source.text))
        missing = await missing_tactics(self.tools.working, header, seconds=min(10.0, self.countdown.left / 4))
        self.observer.notify(events.PhaseStarted(events.Phase.SEARCHING))
        checks = None if self.request.checks is None else max(self.request.checks - 1, 0)
        search = Search(
            environment,
            LeanPolicy(missing),
            budget=Budget(seconds=self.countdown.for_search(self.request), checks=checks, tokens=self.request.tokens),
            clock=self.countdown,
            seed=self.request.seed,
            strategy=STRATEGIES[self.request.strategy],
            concurrency=workers_of(self.request.settings),
            journal=RunJournal(self.request),
            on_progress=lambda progress: self._progress(environment, search, progress),
        )
        try:
            found = await search.run()
        except asyncio.CancelledError:
            self._best_so_far(environment, search.result())
            raise
        self.checks += found.checks
        return found

    def _progress(self, environment: LeanEnvironment, search: Search, progress: Progress) -> None:
        for name, kind in progress.trying[-1:]:
            self.observer.notify(events.AttemptStarted(name, kind))
        self.observer.notify(events.UsageChanged(self.checks + progress.checks, progress.tokens))
        if progress.roots_solved != self._solved:
            self._solved = progress.roots_solved
            self.observer.notify(events.GoalsChanged(progress.roots_solved, progress.roots - progress.roots_solved))
            if progress.roots_solved:
                self._best_so_far(environment, search.result())

    def _best_so_far(self, environment: LeanEnvironment, found: SearchResult) -> None:
        if found.roots:
            remaining = tuple(r.name for r in found.roots if found.statuses.get(r.key) is not Found.SOLVED)
            self.observer.notify(events.BestSoFar(environment.render(found.solution), remaining))

    # ---------------------------------------------------------------------------------------------- conclusion

    async def _untouched(self, opened: Opened) -> ProveResult:
        if opened.data:
            lines = ", ".join(map(str, opened.data))
            return self._ended(Status.UNSUPPORTED, f"what is missing is data, not a proof (line {lines}).")
        verdict = await self._judge(self.source.text)
        if verdict.verdict != "accepted":
            return self._with_verdict(self._ended(Status.UNKNOWN, gate_reason(verdict)), verdict)
        ended = self._ended(Status.PROVED, "")
        return self._with_verdict(replace(ended, text=self.source.text, untouched=True), verdict)

    async def _conclude(self, environment: LeanEnvironment, opened: Opened, found: SearchResult) -> ProveResult:
        goals = _reports(environment, opened.roots, found)
        base = replace(self._ended(Status.UNKNOWN, ""), goals=goals, tokens=found.tokens)
        if found.stop is Stop.REFUTED:
            return replace(base, status=Status.REFUTED, reason=found.reason)
        solved: Mapping[str, Assignment] = complete(found)
        if not solved:
            still_open = [g.name for g in goals if g.status is not GoalStatus.PROVED]
            reason = f"{found.reason}; still open: {', '.join(still_open[:6])}." if still_open else f"{found.reason}."
            return replace(base, partial=environment.render(found.solution), reason=reason)
        base = replace(base, subgoals=len(solved) - len(opened.roots))
        text = environment.render(solved)
        verdict = await self._judge(text)
        if verdict.verdict != "accepted":
            return self._with_verdict(replace(base, partial=text, reason=gate_reason(verdict)), verdict)
        confirmed = tuple(replace(g, status=GoalStatus.PROVED, diagnostics=()) for g in goals)
        return self._with_verdict(replace(base, status=Status.PROVED, text=text, goals=confirmed), verdict)

    async def _judge(self, text: str) -> GateVerdict:
        self.observer.notify(events.PhaseStarted(events.Phase.CONFIRMING))
        seconds = max(self.countdown.left, CONFIRM_LEAST)
        return await gate.judge(
            self.source,
            text,
            verifier=LeanCompiler(self.tools.cold, seconds),
            target=self.target,
            seconds=seconds,
        )

    def _ended(self, status: Status, reason: str) -> ProveResult:
        return ProveResult(status, reason=reason, checks=self.checks)

    def _with_verdict(self, result: ProveResult, verdict: GateVerdict) -> ProveResult:
        return replace(result, baseline=verdict.baseline, axioms=verdict.axioms, checks=self.checks)


def _reports(environment: LeanEnvironment, roots: Sequence[Goal], found: SearchResult) -> tuple[GoalReport, ...]:
    reports = []
    for root in roots:
        status = {Found.SOLVED: GoalStatus.PROVED, Found.REFUTED: GoalStatus.REFUTED}.get(
            found.statuses.get(root.key, Found.OPEN), GoalStatus.OPEN
        )
        messages: tuple[str, ...] = ()
        partial = found.best_partial.get(root.key)
        if status is GoalStatus.OPEN and partial is not None:
            diagnostics = getattr(partial.verdict, "diagnostics", ())
            messages = tuple(dict.fromkeys(d.diagnostic.message.strip().split("\n", 1)[0] for d in diagnostics))[:5]
        witness = found.witnesses.get(root.key, "")
        reports.append(GoalReport(root.name, environment.line_of(root), status, messages, witness))
    return tuple(reports)
