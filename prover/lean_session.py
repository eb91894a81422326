"""One Lean file, from reading to a verdict: open Lean, look at the file, search, ask the gate.

Says nothing of proofs itself: `proved` is the gate's word, given on the original as it was read and in fresh processes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lean_project.driver.factory import Toolchain
from lean_project.records import LeanRecords
from lean_project.syntax.holes import sorries
from prover import events, gate
from prover.lean_opening import LeanFile, NotOpened, first_line, lean_file, lean_policy, not_opened, only_data
from prover.lean_toolchain import LeanCompiler, lean_toolchain
from prover.policy.lean.policy import LeanPolicy
from prover.results import GateVerdict, GoalReport, ProveRequest, ProveResult, Status
from prover.running import CONFIRM_LEAST, Countdown, FileRun, complete, reports
from prover.toolchain import NoVerifier
from search.ports import Assignment, Goal
from search.result import SearchResult

CHECK_SECONDS = 5.0
"""Wall clock of one check in the search."""
REFUTE_SHARE = 0.1
"""Choices of values tried on subgoals for each check. One of them takes up to as long as a check."""


async def prove(request: ProveRequest, observer: events.Observer) -> ProveResult:
    """Search for the proofs missing in a Lean file.

    Never raises for what the file or Lean does; cancellation ends all child processes and propagates.
    """
    countdown = Countdown(request.seconds)
    async with lean_toolchain(
        request.source, request.settings, request.pools, lent_as=request.lent_as, told=request.told
    ) as tools:
        if isinstance(tools, NoVerifier):
            return ProveResult(tools.status, reason=tools.reason)
        for warning in tools.installation.warnings:
            observer.notify(events.Note(warning))
        info = str(tools.installation)
        observer.notify(events.PhaseStarted(events.Phase.CHECKING, info))
        file = lean_file(
            request.source.text,
            request.source.target,
            tools,
            check_seconds=CHECK_SECONDS,
            refute_share=REFUTE_SHARE,
        )
        if isinstance(file, NotOpened):
            result = ProveResult(file.status, reason=file.reason)
        else:
            result = await LeanRun(request, observer, tools, countdown, file).prove()
        return replace(result, seconds=countdown.spent, verifier=info)


class LeanRun(FileRun):
    """One call of `prove` with Lean open."""

    records = LeanRecords()

    def __init__(
        self, request: ProveRequest, observer: events.Observer, tools: Toolchain, countdown: Countdown, file: LeanFile
    ) -> None:
        super().__init__(request, observer, countdown)
        self.tools = tools
        self.target = file.target
        self.environment = file.environment

    async def prove(self) -> ProveResult:
        """Look at the file, search, and ask the gate."""
        environment = self.environment
        self._offer()
        opened = await environment.open(seconds=max(self.countdown.left, 0.5))
        self.checks += 1
        if problem := not_opened(opened, self.tools) or only_data(opened):
            return replace(self.ended(problem.status, problem.reason), unanswered=problem.unanswered)
        if not opened.roots:
            return await self.untouched()
        self.begins(opened.roots)
        found = await self.search(environment, self._symbolic)
        if isinstance(found, NoVerifier):
            return replace(self.ended(found.status, found.reason), goals=self.goals(opened.roots))
        goals = self.goals(opened.roots, found)
        solution = complete(found)
        result = await self.conclude(goals, found, [(solution, lambda: self.rendered(solution))])
        return _with_data(result, opened.data)

    def _offer(self) -> None:
        """From here on an interruption leaves a partial file, however early it comes: the original, with what holds a
        `sorry` as what remains."""
        found = [h.declaration for h in sorries(self.source.text) if h.declaration is not None]
        names = dict.fromkeys(c.full_name or c.keyword for c in found)
        left = tuple(n for n in names if self.target in (None, n))
        if left:
            self.observer.notify(events.BestSoFar(self.source.text, left))

    async def _symbolic(self) -> LeanPolicy:
        return await lean_policy(self.source.text, self.tools, seconds=min(10.0, self.countdown.left / 4))

    def goals(self, roots: Sequence[Goal], found: SearchResult | None = None) -> tuple[GoalReport, ...]:
        """What is known of the root goals."""
        return reports(roots, found, self.environment.line_of, first_line)

    def partial(self, found: SearchResult) -> str:
        """The file with the solved goals filled in."""
        return self.rendered(found.solution)

    def rendered(self, solution: Mapping[str, Assignment]) -> str:
        """The file with the steps of a solution in it."""
        return self.environment.render(solution)

    async def judge(self, text: str) -> GateVerdict:
        """Ask the gate, with fresh processes."""
        self.phase(events.Phase.CONFIRMING)
        seconds = max(self.countdown.left, CONFIRM_LEAST)
        return await gate.judge(
            self.source,
            text,
            verifier=LeanCompiler(self.tools.cold, seconds),
            target=self.target,
            seconds=seconds,
        )


def _with_data(result: ProveResult, lines: tuple[int, ...]) -> ProveResult:
    """The result with the lines of the `sorry`s that stand for data, which no proof fills."""
    if not lines:
        return result
    reason = result.reason
    if result.status is Status.UNKNOWN:
        reason = f"{reason.rstrip('.')}; data is missing too, which is not filled (line {', '.join(map(str, lines))})."
    left = tuple(f"line {line}: a `sorry` that stands for data" for line in lines)
    return replace(result, reason=reason, baseline=(*left, *result.baseline))
