"""The verifiers of a process that proves several files: opened once, lent to each file, closed at the end."""

from __future__ import annotations

import asyncio
from pathlib import Path

from dafny_env.driver.discovery import discover as discover_dafny
from dafny_env.driver.factory import Toolchain as DafnyToolchain
from dafny_env.driver.factory import open_verifiers
from lean_project.driver.factory import Toolchain as LeanToolchain
from lean_project.driver.factory import open_lean
from lean_project.toolchain import LeanInstallation, project_root
from lean_project.toolchain import discover as discover_lean
from prover.settings import Settings, environment_of
from sandbox.missing import Missing


class Pools:
    """Warm verifiers that several files share. They remember nothing themselves: each file has a cache of its own.

    workers: warm processes of each language at most, for all files together. Processes start at first use. Belongs to
    one event loop.
    """

    def __init__(self, settings: Settings, workers: int) -> None:
        self._settings = settings
        self._workers = workers
        self._dafny: DafnyToolchain | Missing | None = None
        self._leans: dict[tuple[str, ...], LeanToolchain] = {}
        self._lock = asyncio.Lock()
        self._found: dict[Path | None, LeanInstallation | Missing] = {}

    async def dafny(self) -> DafnyToolchain | Missing:
        """The Dafny of this machine; looked for once."""
        async with self._lock:
            if self._dafny is None:
                env = environment_of(self._settings)
                found = await asyncio.to_thread(discover_dafny, env)  # takes a second
                self._dafny = open_verifiers(workers=self._workers, found=found, env=env)
            return self._dafny

    async def lean(self, file: Path | None) -> LeanToolchain | Missing:
        """The Lean for a file: that of its Lake project, or what this machine has. One pool for each."""
        async with self._lock:
            return await self._lean(file)

    async def _lean(self, file: Path | None) -> LeanToolchain | Missing:
        root = None if file is None else project_root(file)
        if root not in self._found:
            env = environment_of(self._settings)
            self._found[root] = await asyncio.to_thread(discover_lean, file if root else None, env)
        installation = self._found[root]
        if isinstance(installation, Missing):
            return installation
        key = (*installation.argv, installation.version, str(installation.environment().get("LEAN_PATH", "")))
        if key not in self._leans:
            opened = open_lean(file, workers=self._workers, found=installation)
            if isinstance(opened, Missing):
                return opened
            self._leans[key] = opened
        return self._leans[key]

    async def close(self) -> None:
        """End all child processes."""
        opened, self._leans = list(self._leans.values()), {}
        dafny, self._dafny = self._dafny, None
        if isinstance(dafny, DafnyToolchain):
            await dafny.close()
        for lean in opened:
            await lean.close()
