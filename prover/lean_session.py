"""One Lean file, from reading to a verdict: open Lean, look at the file, search, ask the gate.

Says nothing of proofs itself: `proved` is the gate's word, given on the original as it was read and in fresh processes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from lean_project.driver.factory import Toolchain
from lean_project.driver.types import Outcome
from lean_project.environment import LeanEnvironment, Opened
from lean_project.gate.permitted import objection_to
from lean_project.records import LeanRecords
from lean_project.syntax.commands import commands, imports, resolved
from lean_project.toolchain import Kind
from prover import events, gate
from prover.lean_toolchain import LeanCompiler, lean_toolchain
from prover.policy.lean.policy import LeanPolicy
from prover.policy.lean.portfolio import missing_tactics
from prover.results import GateVerdict, ProveRequest, ProveResult, Status
from prover.running import CONFIRM_LEAST, Countdown, FileRun, complete, reports
from prover.toolchain import NoVerifier
from search.ports import Assignment
from search.result import SearchResult

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
        result = await LeanRun(request, observer, tools, countdown).prove()
        return replace(result, seconds=countdown.spent, verifier=info)


class LeanRun(FileRun):
    """One call of `prove` with Lean open. granted: full names of declarations whose open proofs are no goals."""

    records = LeanRecords()

    def __init__(
        self,
        request: ProveRequest,
        observer: events.Observer,
        tools: Toolchain,
        countdown: Countdown,
        granted: Collection[str] = (),
    ) -> None:
        super().__init__(request, observer, countdown)
        self.tools = tools
        source = request.source
        self.declared = [c for c in commands(source.text) if c.declares]
        self.target = None if source.target is None else resolved(source.target, self.declared)
        self.environment = LeanEnvironment(
            source.text,
            tools.working,
            version=str(tools.installation),
            target=self.target,
            check_seconds=CHECK_SECONDS,
            objection=objection_to,
            granted=granted,
        )

    async def prove(self) -> ProveResult:
        """Look at the file, search, and ask the gate."""
        source, environment = self.source, self.environment
        if source.target is not None and self.target is None:
            told = ", ".join(sorted(c.full_name for c in self.declared if c.full_name)[:12]) or "none"
            return self.ended(Status.INVALID, f"no declaration {source.target} in the file; it has: {told}.")
        if not self.declared:
            return self.ended(Status.INVALID, "there is nothing to prove: the file declares nothing.")
        opened = await environment.open(seconds=max(self.countdown.left, 0.5))
        self.checks += 1
        if opened.result.outcome is not Outcome.OK:
            return self.not_opened(opened)
        if opened.reason:
            return self.ended(Status.UNKNOWN, f"{opened.reason}; give it more --seconds.")
        if not opened.roots:
            return await self._untouched(opened)
        # From here on an interruption leaves a partial file, however early it comes.
        self.observer.notify(events.BestSoFar(source.text, tuple(root.name for root in opened.roots)))
        found = await self.search(environment, self._symbolic)
        if isinstance(found, NoVerifier):
            return replace(
                self.ended(found.status, found.reason), goals=reports(opened.roots, None, environment.line_of)
            )
        goals = reports(opened.roots, found, environment.line_of, _first_line)
        return await self.conclude(goals, found, [complete(found)], self.rendered)

    async def _symbolic(self) -> LeanPolicy:
        header = "\n".join(f"import {module}" for module in imports(self.source.text))
        missing = await missing_tactics(self.tools.working, header, seconds=min(10.0, self.countdown.left / 4))
        return LeanPolicy(missing)

    def not_opened(self, opened: Opened) -> ProveResult:
        """What is said of a file that Lean does not accept as it is."""
        result = opened.result
        if result.outcome is Outcome.MISSING_IMPORT:
            told = result.errors[0].message if result.errors else "an import is missing"
            if self.tools.installation.kind is Kind.BUNDLED:
                told += (
                    " (the bundled core has no other modules: install Lean with elan, or run inside the Lake project)"
                )
            return self.ended(Status.UNSUPPORTED, told)
        if result.outcome is Outcome.ERRORS:
            first = result.errors[0]
            told = f"line {first.place.line}: {_first_line(first.message)}"
            if self.tools.installation.kind is Kind.BUNDLED:
                return self.ended(
                    Status.UNSUPPORTED,
                    f"{told} (on the bundled core library; if stock Lean accepts the file, install it with elan)",
                )
            return self.ended(Status.INVALID, told)
        return self.ended(Status.UNKNOWN, f"Lean gave no verdict on the file as it is ({result.outcome}).")

    def partial(self, found: SearchResult) -> str:
        """The file with the solved goals filled in."""
        return self.rendered(found.solution)

    def rendered(self, solution: Mapping[str, Assignment]) -> str:
        """The file with the steps of a solution in it."""
        return self.environment.render(solution)

    async def _untouched(self, opened: Opened) -> ProveResult:
        if opened.data:
            lines = ", ".join(map(str, opened.data))
            return self.ended(Status.UNSUPPORTED, f"what is missing is data, not a proof (line {lines}).")
        return await self.untouched()

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


def _first_line(message: str) -> str:
    return message.strip().split("\n", 1)[0]
