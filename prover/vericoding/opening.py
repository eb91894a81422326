"""The verifiers for a task, opened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prover.lean_toolchain import lean_toolchain
from prover.results import ProveRequest
from prover.toolchain import NoVerifier, toolchain
from prover.vericoding.dafny_workshop import DafnyWorkshop
from prover.vericoding.lean_workshop import LeanWorkshop
from prover.vericoding.task import VericodingTask
from prover.vericoding.workshop import Workshop


@asynccontextmanager
async def open_workshop(task: VericodingTask, request: ProveRequest) -> AsyncIterator[Workshop | NoVerifier]:
    """The verifiers for a task, closed at the end, or why there are none."""
    if task.language == "lean":
        async with lean_toolchain(
            request.source, request.settings, request.pools, lent_as=request.lent_as, told=request.told
        ) as lean:
            yield lean if isinstance(lean, NoVerifier) else LeanWorkshop(task, request, lean)
        return
    async with toolchain(request.settings, request.pools, request.told) as tools:
        yield tools if isinstance(tools, NoVerifier) else DafnyWorkshop(task, request, tools)
