"""`prover decompose` for a Lean file."""

from __future__ import annotations

from dataclasses import replace

from prover import events
from prover.decompose import DecomposeRun, without
from prover.decompositions import DecomposeRequest, DecomposeResult, DecomposeStatus
from prover.lean_opening import NotOpened, lean_file, lean_policy, not_opened, only_data
from prover.lean_session import CHECK_SECONDS
from prover.lean_toolchain import lean_toolchain
from prover.results import Status
from prover.toolchain import NoVerifier
from search.ports import Policy


async def decompose(
    request: DecomposeRequest, observer: events.Observer, policy: Policy | None = None
) -> DecomposeResult:
    """The ranked decompositions of each root goal of a Lean file, as `prover.decompose.decompose` for Dafny."""
    return await _Run(request, observer, policy).finished()


class _Run(DecomposeRun):
    """One call of `decompose` for a Lean file."""

    async def whole(self) -> DecomposeResult:
        """Open Lean and the file, and explore its goals."""
        source = self.request.source
        async with lean_toolchain(source, self.request.settings) as tools:
            if isinstance(tools, NoVerifier):
                return without(tools)
            for warning in tools.installation.warnings:
                self.observer.notify(events.Note(warning))
            self.verifier = str(tools.installation)
            self.observer.notify(events.PhaseStarted(events.Phase.CHECKING, self.verifier))
            file = lean_file(source.text, source.target, tools, check_seconds=CHECK_SECONDS)
            if isinstance(file, NotOpened):
                return self._not_opened(file)
            environment = file.environment
            opened = await environment.open(seconds=max(self.countdown.left, 0.5))
            self.spent.checks += 1
            if problem := not_opened(opened, tools) or only_data(opened):
                return self._not_opened(problem)
            if not opened.roots:
                return replace(self.result(""), status=DecomposeStatus.FOUND, untouched=True)

            async def symbolic() -> Policy:
                return await lean_policy(source.text, tools, seconds=max(min(10.0, self.countdown.left / 4), 0.5))

            return await self.explore(environment, opened.roots, symbolic, environment.line_of)

    def _not_opened(self, problem: NotOpened) -> DecomposeResult:
        statuses = {Status.INVALID: DecomposeStatus.INVALID, Status.UNSUPPORTED: DecomposeStatus.UNSUPPORTED}
        return replace(self.result(problem.reason), status=statuses.get(problem.status, DecomposeStatus.NOTHING))
