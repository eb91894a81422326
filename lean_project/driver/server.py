"""Lean's language server kept warm: a pool of them, each with one document that is edited from text to text.

An edit to its verdict takes some milliseconds where a process of its own takes some hundred. What it says is for the
search; what is proved is said by the gate, with fresh processes (`command`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from lean_project.driver.positions import normalised
from lean_project.driver.types import GoalsResult, LeanResult, Outcome, Place
from lean_project.driver.worker import LeanWorker
from lean_project.toolchain import LeanInstallation
from sandbox.limits import Limits
from sandbox.pool import WorkerPool
from sandbox.scratch import new_scratch

LIMITS = Limits(memory_bytes=6 << 30)
RECYCLE_BYTES = 3 << 30
"""Resident size of a server with its worker beyond which it is replaced after a check."""
RECYCLE_AFTER = 5000
"""Checks after which a server is replaced."""

R = TypeVar("R", LeanResult, GoalsResult)


class ServerVerifier:
    """A `GoalReader` over warm language servers. Belongs to one event loop.

    size: servers at most, each started when first needed. heartbeats: as for `CommandVerifier`. limits: of each
    server with its workers, `seconds` apart; its `writable` are further folders. modules: a folder of compiled modules
    that can be imported too. A text that does not come to its end within its `seconds` is taken back, and the server is
    replaced where that does not end it at once; so is one whose call is cancelled. A crash is tried once more on a
    fresh server before it is reported.
    """

    def __init__(
        self,
        installation: LeanInstallation,
        *,
        size: int = 1,
        heartbeats: int | None = None,
        limits: Limits | None = None,
        modules: Path | None = None,
        recycle_after: int = RECYCLE_AFTER,
        recycle_bytes: int = RECYCLE_BYTES,
    ) -> None:
        self.installation = installation
        self._limits = limits or LIMITS
        self._options = ["-Dserver.reportDelayMs=0"]
        if heartbeats is not None:
            self._options.append(f"-DmaxHeartbeats={heartbeats}")
        self._modules = modules
        self._folder: Path | None = None
        self._pool: WorkerPool[LeanWorker] = WorkerPool(
            self._worker, size, recycle_after=recycle_after, max_memory_bytes=recycle_bytes
        )

    def _worker(self) -> LeanWorker:
        if self._folder is None:
            self._folder = new_scratch("lean-documents")
        # The search paths are known already: without a `lake` that exists, no worker asks it again for each document.
        env = {**self.installation.environment(), "LAKE": str(self._folder / "no-lake")}
        if self._modules is not None:
            env["LEAN_PATH"] = os.pathsep.join([str(self._modules), *filter(None, [env.get("LEAN_PATH")])])
        argv = (*self.installation.argv, "--server", *self._options)
        limits = replace(self._limits, writable=(*(self._limits.writable or ()), self._folder))
        return LeanWorker(argv, env=env, folder=self._folder, limits=limits)

    async def check(self, text: str, *, seconds: float) -> LeanResult:
        """Check a text on a warm server: the free one whose last text begins most like it, since only what comes
        behind the first difference is elaborated again. The clock of `seconds` starts when one is free."""
        return await self._on_worker(text, lambda worker, left: worker.check(text, left), seconds)

    async def goals(self, text: str, positions: Sequence[Place], *, seconds: float) -> GoalsResult:
        """The goals at each place of a text, whether or not it has errors elsewhere."""
        return await self._on_worker(text, lambda worker, left: worker.goals(text, positions, left), seconds)

    async def _on_worker(self, text: str, work: Callable[[LeanWorker, float], R], seconds: float) -> R:
        spent = 0.0
        text = normalised(text)
        while True:
            async with self._pool.worker(lambda worker: worker.known(text)) as lease:
                result = await lease.call(work, lease.worker, seconds - spent)
            first = spent == 0.0
            spent += result.seconds
            if result.outcome is not Outcome.CRASHED or not first or spent > seconds / 2:
                return replace(result, seconds=spent)

    async def close(self) -> None:
        """End all servers and their workers."""
        await self._pool.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
