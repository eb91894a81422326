"""Putting the verifiers together for a run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from dafny_env.driver.cached import CachingVerifier
from dafny_env.driver.cold import ColdVerifier
from dafny_env.driver.cold4 import Cold4Verifier
from dafny_env.driver.discovery import Discovery, Installation, discover
from dafny_env.driver.server23 import ServerVerifier
from dafny_env.driver.types import DafnyVerifier
from sandbox.cache import ResultCache
from sandbox.limits import Limits
from sandbox.missing import Missing


@dataclass(frozen=True, slots=True)
class Toolchain:
    """The verifiers of a run: `working` for the search (warm and cached), `cold` for confirming (a fresh process
    each time, never cached). `warnings` are for people."""

    working: DafnyVerifier
    cold: DafnyVerifier
    installation: Installation
    warnings: tuple[str, ...] = ()

    @property
    def dialect(self) -> Literal[2, 4]:
        """Which Dafny the files must be written for."""
        return 2 if self.installation.info.major == 2 else 4

    def cached(self, cache: ResultCache, *, timeouts: bool = False) -> Toolchain:
        """The same with a cache before the working verifier. timeouts: as in `CachingVerifier`."""
        return replace(self, working=CachingVerifier(self.working, cache, timeouts=timeouts))

    async def close(self) -> None:
        """End all child processes."""
        await self.working.close()
        await self.cold.close()


def open_verifiers(
    *,
    workers: int = 1,
    prefer: Literal[2, 4, None] = None,
    cache: ResultCache | Path | None = None,
    keep_timeouts: bool = False,
    limits: Limits | None = None,
    found: Discovery | None = None,
    env: Mapping[str, str] | None = None,
) -> Toolchain | Missing:
    """Open the best Dafny of this machine. Call it inside the event loop that will use it; processes start at first
    use.

    workers: warm servers at most. prefer: 2 or 4 to insist on 2.3 or 4.x; by default 4.x where PROVER_DAFNY or PATH
    has one, since users write for it, else 2.3. cache: where results are kept (a database file, or None for no cache
    at all). keep_timeouts: as in `CachingVerifier`. found: an earlier `discover()`, to save its second.
    """
    found = discover(os.environ if env is None else env) if found is None else found
    wanted = {2: (found.dafny2,), 4: (found.dafny4,), None: (found.dafny4, found.dafny2)}[prefer]
    installation = next((i for i in wanted if isinstance(i, Installation)), None)
    if installation is None:
        missing = wanted[-1]
        assert isinstance(missing, Missing)
        return missing
    store = ResultCache(path=cache) if isinstance(cache, Path) else cache
    warnings = [installation.solver.warning] if installation.solver and installation.solver.warning else []
    working: DafnyVerifier
    cold: DafnyVerifier
    if installation.info.major == 2:
        cold = working = ColdVerifier(installation, limits)
        if isinstance(installation.server, tuple):
            working = ServerVerifier(installation, workers=workers, limits=limits)
        else:
            warnings.append(f"checks will be slow: {installation.server}")
    else:
        cold = working = Cold4Verifier(installation, limits, at_once=workers)
    tools = Toolchain(working, cold, installation, tuple(warnings))
    return tools if store is None else tools.cached(store, timeouts=keep_timeouts)
