"""The real engine behind the command line: the session, and the gate alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prover.events import Observer
from prover.inputs import SourceFile
from prover.results import GateVerdict, ProveRequest, ProveResult, Status
from prover.settings import Settings

if TYPE_CHECKING:
    from prover.decompositions import DecomposeRequest, DecomposeResult
    from prover.pools import Pools

# The engine's own modules are imported at its first call: bad input is told without waiting a second for them.


class DefaultEngine:
    """Implements `prover.results.Engine`."""

    async def prove(self, request: ProveRequest, observer: Observer) -> ProveResult:
        """Search with the policy of the request; where code is to be written as well, have that written first."""
        from prover.vericoding.marked import open_task

        if (task := open_task(request.source)) is not None:
            from prover.vericoding import session as vericoding

            return await vericoding.prove(task, request, observer)
        if request.source.language == "lean":
            from prover import lean_session

            return await lean_session.prove(request, observer)
        from prover import session

        return await session.prove(request, observer)

    async def judge(
        self,
        original: SourceFile | None,
        candidate: SourceFile,
        *,
        settings: Settings,
        seconds: float,
        pools: Pools | None = None,
    ) -> GateVerdict:
        """Ask the gate about a file, in the dialect that the file is written in. An original whose code is still to be
        written is a task to be implemented."""
        from prover import gate
        from prover.toolchain import NoVerifier, Verifiers, in_dialect, toolchain
        from prover.vericoding.marked import open_task

        implement = original is not None and open_task(original) is not None
        if candidate.language == "lean":
            return await _judge_lean(original, candidate, settings, seconds, implement, pools)
        async with toolchain(settings, pools) as tools:
            if isinstance(tools, NoVerifier):
                return GateVerdict("unknown", reason=tools.reason, unsupported=True)
            verifiers = await in_dialect(candidate.text, candidate.folder, tools, seconds=seconds)
            if isinstance(verifiers, NoVerifier):
                if verifiers.status is Status.UNSUPPORTED:
                    return GateVerdict("unknown", str(tools.cold.info), reason=verifiers.reason, unsupported=True)
                verifiers = Verifiers(tools.working, tools.cold)
            return await gate.judge(
                original,
                candidate,
                verifier=verifiers.cold,
                seconds=seconds,
                translated=verifiers.translated,
                implement=implement,
            )

    async def decompose(self, request: DecomposeRequest, observer: Observer) -> DecomposeResult:
        """Rank what the policy of the request proposes."""
        if request.source.language == "lean":
            from prover import lean_decompose

            return await lean_decompose.decompose(request, observer)
        from prover import decompose

        return await decompose.decompose(request, observer)


async def _judge_lean(
    original: SourceFile | None,
    candidate: SourceFile,
    settings: Settings,
    seconds: float,
    implement: bool,
    pools: Pools | None,
) -> GateVerdict:
    from prover import gate
    from prover.lean_toolchain import LeanCompiler, lean_toolchain
    from prover.toolchain import NoVerifier

    async with lean_toolchain(candidate, settings, pools, lent_as=candidate.sha256[:12]) as tools:
        if isinstance(tools, NoVerifier):
            return GateVerdict("unknown", reason=tools.reason, unsupported=True)
        compiler = LeanCompiler(tools.cold, seconds)
        return await gate.judge(original, candidate, verifier=compiler, seconds=seconds, implement=implement)
