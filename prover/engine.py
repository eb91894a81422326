"""The real engine behind the command line: `prover.session` and `prover.gate`, imported when they are first needed."""

from __future__ import annotations

import importlib
from typing import cast

from prover.events import Observer
from prover.inputs import SourceFile
from prover.results import GateVerdict, ProveRequest, ProveResult
from prover.settings import Settings


class DefaultEngine:
    """Implements `prover.results.Engine`."""

    async def prove(self, request: ProveRequest, observer: Observer) -> ProveResult:
        """Search with the policy of the request."""
        session = importlib.import_module("prover.session")
        return cast(ProveResult, await session.prove(request, observer))

    async def judge(
        self, original: SourceFile | None, candidate: SourceFile, *, settings: Settings, seconds: float
    ) -> GateVerdict:
        """Ask the gate."""
        gate = importlib.import_module("prover.gate")
        verdict = await gate.judge(
            original.text if original else None,
            candidate.text,
            folder=candidate.folder,
            settings=settings,
            seconds=seconds,
        )
        return cast(GateVerdict, verdict)
