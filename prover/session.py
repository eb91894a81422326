"""One file, from reading to a verdict: open the verifiers, look at the file, search, prune, ask the gate.

Says nothing of proofs itself: `proved` is the gate's word, given on the original as it was read and in a fresh process.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dafny_env.driver.types import CheckResult, Outcome
from dafny_env.environment import DafnyEnvironment
from dafny_env.steps import DafnyStep
from dafny_env.syntax.source import LineMap
from prover import events, gate
from prover.inputs import SourceFile
from prover.policy.symbolic.policy import SymbolicPolicy
from prover.prune import prune
from prover.results import GateVerdict, GoalReport, GoalStatus, ProveRequest, ProveResult, Status
from prover.running import CONFIRM_LEAST, CONFIRM_MOST, Countdown, RunJournal, complete, gate_reason
from prover.toolchain import NoVerifier, Verifiers, first_error, in_dialect, toolchain, workers_of
from search.budget import Budget
from search.engine import Search
from search.nodes import GoalStatus as Found
from search.ports import Assignment, Goal
from search.result import Progress, SearchResult, Stop
from search.strategy import STRATEGIES

CHECK_SECONDS = 20.0
"""Wall clock of one check in the search, during which the solver may run out of time on several obligations."""
PRUNE_SHARE, PRUNE_SECONDS = 0.4, 10.0
"""What pruning may take: share of the seconds left, and seconds at most."""


async def prove(request: ProveRequest, observer: events.Observer) -> ProveResult:
    """Search for the proofs missing in a Dafny file.

    Never raises for what the file or the verifier does; cancellation ends all child processes and propagates.
    """
    countdown = Countdown(request.seconds)
    source = request.source
    async with toolchain(request.settings) as tools:
        if isinstance(tools, NoVerifier):
            return ProveResult(tools.status, reason=tools.reason)
        for warning in tools.warnings:
            observer.notify(events.Note(warning))
        info = str(tools.working.info)
        observer.notify(events.PhaseStarted(events.Phase.CHECKING, info))
        verifiers = await in_dialect(source.text, source.folder, tools, seconds=max(countdown.left, 0.5))
        if isinstance(verifiers, NoVerifier):
            result = ProveResult(verifiers.status, reason=verifiers.reason)
        else:
            if verifiers.translated:
                observer.notify(events.Note("written for Dafny 4: checked by Dafny 2.3 in translation"))
            result = await _Run(request, observer, verifiers, countdown).prove()
        return replace(result, seconds=countdown.spent, verifier=info)


class _Run:
    """One call of `prove` with its verifiers open."""

    def __init__(
        self, request: ProveRequest, observer: events.Observer, verifiers: Verifiers, countdown: Countdown
    ) -> None:
        self.request = request
        self.observer = observer
        self.verifiers = verifiers
        self.countdown = countdown
        self.source: SourceFile = request.source
        self.translated = verifiers.translated
        self.checks = 0

    async def prove(self) -> ProveResult:
        """Look at the file, search, and ask the gate."""
        source = self.source
        environment = DafnyEnvironment(
            source.text,
            self.verifiers.working,
            folder=source.folder,
            target=source.target,
            check_seconds=CHECK_SECONDS,
        )
        if not environment.knows_target:
            names = ", ".join(sorted(environment.index)[:12]) or "none"
            return self._ended(Status.INVALID, f"no declaration {source.target} in the file; it has: {names}.")
        opened = await environment.open(seconds=max(self.countdown.left, 0.5))
        self.checks += 1
        if opened.result.outcome in (Outcome.PARSE_ERROR, Outcome.RESOLVE_ERROR):
            return self._ended(Status.INVALID, first_error(opened.result))
        open_elsewhere = await environment.open_dependencies(
            self.verifiers.cold,
            seconds=min(max(self.countdown.left, 0.5), CONFIRM_MOST),
            solver_seconds=gate.SOLVER_SECONDS,
        )
        if open_elsewhere:
            return replace(self._ended(Status.UNKNOWN, open_elsewhere), goals=_reports(environment, opened.roots))
        if not opened.roots:
            return await self._untouched(opened.result)
        # From here on an interruption leaves a partial file, however early it comes.
        self.observer.notify(events.BestSoFar(source.text, tuple(root.name for root in opened.roots)))
        found, solution = await self._search(environment)
        return await self._conclude(environment, opened.roots, found, solution)

    # -------------------------------------------------------------------------------------------------- search

    async def _search(self, environment: DafnyEnvironment) -> tuple[SearchResult, dict[str, Assignment]]:
        self._phase(events.Phase.SEARCHING)
        seconds = self.countdown.for_search(self.request)
        checks = None if self.request.checks is None else max(self.request.checks - 1, 0)
        search = Search(
            environment,
            SymbolicPolicy(),
            budget=Budget(seconds=seconds, checks=checks, tokens=self.request.tokens),
            clock=self.countdown,
            seed=self.request.seed,
            strategy=STRATEGIES[self.request.strategy],
            concurrency=workers_of(self.request.settings),
            journal=RunJournal(self.request),
            on_progress=lambda progress: self._progress(environment, search, progress),
            simplify=lambda solution, checks, seconds: self._simplify(environment, solution, checks, seconds),
        )
        self._solved = -1
        try:
            found = await search.run()
        except asyncio.CancelledError:
            self._best_so_far(environment, search.result())
            raise
        self.checks += found.checks
        solved = complete(found)
        if not solved:
            return found, {}
        self._phase(events.Phase.PRUNING)
        seconds = min(self.countdown.left * PRUNE_SHARE, PRUNE_SECONDS)
        allowed = math.inf if self.request.checks is None else float(self.request.checks - self.checks)
        pruned, spent = await prune(environment, found.roots, solved, allowed, seconds, plain=found.assembled)
        self.checks += spent
        return found, pruned

    async def _simplify(
        self, environment: DafnyEnvironment, solution: Mapping[str, Assignment], checks: float, seconds: float
    ) -> tuple[Mapping[str, Assignment], int]:
        """Less of a solution that is too much for the verifier as it is."""
        roots = await environment.roots()
        seconds = min(seconds * PRUNE_SHARE, PRUNE_SECONDS)
        return await prune(environment, roots, solution, checks - 1, seconds, plain=False)

    def _progress(self, environment: DafnyEnvironment, search: Search, progress: Progress) -> None:
        for name, kind in progress.trying[-1:]:
            self.observer.notify(events.AttemptStarted(name, kind))
        self.observer.notify(events.UsageChanged(self.checks + progress.checks, progress.tokens))
        if progress.roots_solved != self._solved:
            self._solved = progress.roots_solved
            self.observer.notify(events.GoalsChanged(progress.roots_solved, progress.roots - progress.roots_solved))
            if progress.roots_solved:
                self._best_so_far(environment, search.result())

    def _best_so_far(self, environment: DafnyEnvironment, found: SearchResult) -> None:
        if found.roots:
            remaining = tuple(r.name for r in found.roots if found.statuses.get(r.key) is not Found.SOLVED)
            self.observer.notify(events.BestSoFar(_partial(environment, found), remaining))

    # ---------------------------------------------------------------------------------------------- conclusion

    async def _untouched(self, result: CheckResult) -> ProveResult:
        if result.outcome is not Outcome.VERIFIED and self.source.target is None:
            reason = f"the verifier gave no verdict on the file as it is ({result.outcome}); give it more --seconds."
            return self._ended(Status.UNKNOWN, reason)
        verdict = await self._judge(self.source.text)
        if verdict.verdict != "accepted":
            return self._with_verdict(self._ended(Status.UNKNOWN, gate_reason(verdict)), verdict)
        ended = self._ended(Status.PROVED, "")
        return self._with_verdict(replace(ended, text=self.source.text, untouched=True), verdict)

    async def _conclude(
        self,
        environment: DafnyEnvironment,
        roots: Sequence[Goal],
        found: SearchResult,
        solution: Mapping[str, Assignment],
    ) -> ProveResult:
        goals = _reports(environment, roots, found)
        base = replace(self._ended(Status.UNKNOWN, ""), goals=goals, tokens=found.tokens)
        if found.stop is Stop.REFUTED:
            return replace(base, status=Status.REFUTED, reason=found.reason)
        solved = complete(found)
        if not solved:
            still_open = [g.name for g in goals if g.status is not GoalStatus.PROVED]
            reason = f"{found.reason}; still open: {', '.join(still_open[:6])}." if still_open else f"{found.reason}."
            return replace(base, partial=_partial(environment, found), reason=reason)
        base = replace(base, subgoals=len(solved) - len(roots))
        text = environment.render(solution, roots)
        verdict = await self._judge(text)
        if verdict.verdict != "accepted" and solution != solved and self.countdown.left > 0:
            # What pruning left may be too little without the warm server's luck: try what the search had found.
            text = environment.render(solved, roots)
            verdict = await self._judge(text)
        if verdict.verdict != "accepted":
            return self._with_verdict(replace(base, partial=text, reason=gate_reason(verdict)), verdict)
        confirmed = tuple(replace(g, status=GoalStatus.PROVED, diagnostics=()) for g in goals)
        return self._with_verdict(replace(base, status=Status.PROVED, text=text, goals=confirmed), verdict)

    async def _judge(self, text: str) -> GateVerdict:
        self._phase(events.Phase.CONFIRMING)
        return await gate.judge(
            self.source,
            text,
            verifier=self.verifiers.cold,
            target=self.source.target,
            seconds=max(self.countdown.left, CONFIRM_LEAST),
            translated=self.translated,
        )

    def _ended(self, status: Status, reason: str) -> ProveResult:
        return ProveResult(status, reason=reason, translated=self.translated, checks=self.checks)

    def _with_verdict(self, result: ProveResult, verdict: GateVerdict) -> ProveResult:
        return replace(result, baseline=verdict.baseline, checks=self.checks)

    def _phase(self, phase: events.Phase, detail: str = "") -> None:
        self.observer.notify(events.PhaseStarted(phase, detail))


def _partial(environment: DafnyEnvironment, found: SearchResult) -> str:
    """The file with all solved goals' steps in it, and the best failing candidates of the others."""
    solution: dict[str, Assignment] = dict(found.solution)
    for key, partial in found.best_partial.items():
        payload: DafnyStep = partial.step.payload
        if key not in solution and payload.insertions:
            solution[key] = Assignment(partial.goal, partial.step, ())
    return environment.render(solution, found.roots)


def _reports(
    environment: DafnyEnvironment, roots: Sequence[Goal], found: SearchResult | None = None
) -> tuple[GoalReport, ...]:
    lines = LineMap(environment.text)
    statuses = found.statuses if found is not None else {}
    reports = []
    for root in roots:
        status = {Found.SOLVED: GoalStatus.PROVED, Found.REFUTED: GoalStatus.REFUTED}.get(
            statuses.get(root.key, Found.OPEN), GoalStatus.OPEN
        )
        messages: tuple[str, ...] = ()
        partial = found.best_partial.get(root.key) if found is not None else None
        if status is GoalStatus.OPEN and partial is not None:
            diagnostics = getattr(partial.verdict, "diagnostics", ())
            messages = tuple(dict.fromkeys(d.diagnostic.message for d in diagnostics))[:5]
        witness = found.witnesses.get(root.key, "") if found is not None else ""
        doubt = found.unconfirmed.get(root.key, "") if found is not None else ""
        if doubt and status is GoalStatus.OPEN:
            messages = (*messages, f"not confirmed: {doubt}")
        line, _ = lines.position(root.payload.site.start)
        reports.append(GoalReport(root.name, line, status, messages, witness))
    return tuple(reports)
