"""One file, from reading to a verdict: open the verifiers, look at the file, search, prune, ask the gate.

Says nothing of proofs itself: `proved` is the gate's word, given on the original as it was read and in a fresh process.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dafny_env.driver.types import CheckResult, Outcome
from dafny_env.environment import DafnyEnvironment
from dafny_env.records import DafnyRecords
from dafny_env.steps import DafnyStep
from dafny_env.syntax.source import LineMap
from prover import events, gate
from prover.policy.symbolic.policy import SymbolicPolicy
from prover.prune import prune
from prover.readable import readable
from prover.results import GateVerdict, GoalReport, ProveRequest, ProveResult, Status
from prover.running import CONFIRM_LEAST, CONFIRM_MOST, Candidate, Countdown, FileRun, complete, reports
from prover.toolchain import NoVerifier, Verifiers, first_error, in_dialect, toolchain
from search.ports import Assignment, Goal
from search.result import SearchResult

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
    async with toolchain(request.settings, request.pools, request.told) as tools:
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
            result = await DafnyRun(request, observer, verifiers, countdown).prove()
        return replace(result, seconds=countdown.spent, verifier=info)


class DafnyRun(FileRun):
    """One call of `prove` with its verifiers open."""

    records = DafnyRecords()

    def __init__(
        self, request: ProveRequest, observer: events.Observer, verifiers: Verifiers, countdown: Countdown
    ) -> None:
        super().__init__(request, observer, countdown)
        self.verifiers = verifiers
        self.translated = verifiers.translated
        self.environment = DafnyEnvironment(
            request.source.text,
            verifiers.working,
            folder=request.source.folder,
            target=request.source.target,
            check_seconds=CHECK_SECONDS,
        )

    async def prove(self) -> ProveResult:
        """Look at the file, search, and ask the gate."""
        source = self.source
        environment = self.environment
        if not environment.knows_target:
            names = ", ".join(sorted(environment.index)[:12]) or "none"
            return self.ended(Status.INVALID, f"no declaration {source.target} in the file; it has: {names}.")
        opened = await environment.open(seconds=max(self.countdown.left, 0.5))
        self.checks += 1
        if opened.result.outcome in (Outcome.PARSE_ERROR, Outcome.RESOLVE_ERROR):
            return self.ended(Status.INVALID, first_error(opened.result))
        open_elsewhere = await environment.open_dependencies(
            self.verifiers.cold,
            seconds=min(max(self.countdown.left, 0.5), CONFIRM_MOST),
            solver_seconds=gate.SOLVER_SECONDS,
        )
        if open_elsewhere:
            return replace(self.ended(Status.UNKNOWN, open_elsewhere), goals=self.goals(opened.roots))
        if not opened.roots:
            return await self._untouched(opened.result)
        self.begins(opened.roots)
        found = await self.search(environment, _symbolic, simplify=self._simplify)
        if isinstance(found, NoVerifier):
            return replace(self.ended(found.status, found.reason), goals=self.goals(opened.roots))
        if opened.result.outcome is Outcome.CRASHED and not (found.solution or found.best_partial):
            self.complaint = self.unanswered = "the verifier crashed whenever it was asked: see `prover doctor`"
        solved = complete(found)
        candidates: list[Candidate] = [(solved, lambda: self.rendered(solved, opened.roots))]
        if solved and (pruned := await self._pruned(found, solved)) != solved:
            # What pruning left may be too little without the warm server's luck: then what the search had found.
            candidates.insert(0, (pruned, lambda: self.rendered(pruned, opened.roots)))
        best, make = candidates[0]
        if solved and (text := readable(source.text, first := make())) != first:
            # Other names may cost the solver its luck: then those that it has seen.
            candidates.insert(0, (best, lambda: text))
        return await self.conclude(self.goals(opened.roots, found), found, candidates)

    # -------------------------------------------------------------------------------------------------- search

    async def _pruned(self, found: SearchResult, solved: Mapping[str, Assignment]) -> dict[str, Assignment]:
        """A complete solution without what is not needed."""
        self.phase(events.Phase.PRUNING)
        seconds = min(self.countdown.left * PRUNE_SHARE, PRUNE_SECONDS)
        allowed = math.inf if self.request.checks is None else float(self.request.checks - self.checks)
        pruned, spent = await prune(self.environment, found.roots, solved, allowed, seconds, plain=found.assembled)
        self.checks += spent
        return pruned

    async def _simplify(
        self, solution: Mapping[str, Assignment], checks: float, seconds: float
    ) -> tuple[Mapping[str, Assignment], int]:
        """Less of a solution that is too much for the verifier as it is."""
        roots = await self.environment.roots()
        seconds = min(seconds * PRUNE_SHARE, PRUNE_SECONDS)
        return await prune(self.environment, roots, solution, checks - 1, seconds, plain=False)

    # ---------------------------------------------------------------------------------------------- conclusion

    async def _untouched(self, result: CheckResult) -> ProveResult:
        if result.outcome is not Outcome.VERIFIED and self.source.target is None:
            reason = f"the verifier gave no verdict on the file as it is ({result.outcome}); give it more --seconds."
            return self.ended(Status.UNKNOWN, reason)
        return await self.untouched()

    async def judge(self, text: str) -> GateVerdict:
        """Ask the gate, with a fresh process."""
        self.phase(events.Phase.CONFIRMING)
        return await gate.judge(
            self.source,
            text,
            verifier=self.verifiers.cold,
            target=self.source.target,
            seconds=max(self.countdown.left, CONFIRM_LEAST),
            translated=self.translated,
        )

    def partial(self, found: SearchResult) -> str:
        """The file with all solved goals' steps in it, and the best failing candidates of the others."""
        solution: dict[str, Assignment] = dict(found.solution)
        for key, partial in found.best_partial.items():
            payload: DafnyStep = partial.step.payload
            if key not in solution and payload.insertions:
                solution[key] = Assignment(partial.goal, partial.step, ())
        return self.rendered(solution, found.roots)

    def rendered(self, solution: Mapping[str, Assignment], roots: Sequence[Goal]) -> str:
        """The file with the steps of a solution in it."""
        return self.environment.render(solution, roots)

    def goals(self, roots: Sequence[Goal], found: SearchResult | None = None) -> tuple[GoalReport, ...]:
        """What is known of the root goals."""
        lines = LineMap(self.source.text)
        return reports(roots, found, lambda root: lines.position(root.payload.site.start).line)


async def _symbolic() -> SymbolicPolicy:
    return SymbolicPolicy()
