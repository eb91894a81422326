"""Putting the verifiers of a run together."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lean_project.driver.above import PREFIX, AboveVerifier
from lean_project.driver.cached import CachingVerifier
from lean_project.driver.command import CommandVerifier
from lean_project.driver.server import ServerVerifier
from lean_project.driver.types import GoalReader
from lean_project.toolchain import Kind, LeanInstallation, discover
from sandbox.cache import ResultCache
from sandbox.limits import Limits
from sandbox.missing import Missing
from sandbox.scratch import new_scratch


@dataclass(frozen=True, slots=True)
class Toolchain:
    """The verifiers of a run: `working` for the search (warm and cached), `cold` for confirming (a fresh process each
    time, never cached). modules: a folder from which `working` can import. prefix: of the names of what is compiled
    there."""

    working: GoalReader
    cold: CommandVerifier
    installation: LeanInstallation
    modules: Path
    prefix: str = PREFIX

    def above(self) -> AboveVerifier:
        """The working verifier for one file, whose beginning it can compile."""
        return AboveVerifier(self.working, self.cold, self.modules, prefix=self.prefix)

    def cached(self, cache: ResultCache, *, heartbeats: int | None = None) -> Toolchain:
        """The same with a cache before the working verifier."""
        working = CachingVerifier(self.working, cache, salt=cache_salt(self.installation, heartbeats))
        return replace(self, working=working)

    def lent(self, name: str) -> Toolchain:
        """For one of several files that are worked on at a time: its compiled beginnings are told apart by a name
        (letters and digits), and `returned` removes them."""
        return replace(self, prefix=f"{PREFIX}{name}X")

    def returned(self) -> None:
        """Remove what was compiled for the file that it was lent for."""
        for file in self.modules.glob(f"{self.prefix}*"):
            file.unlink(missing_ok=True)

    async def close(self) -> None:
        """End all child processes."""
        await self.working.close()
        await self.cold.close()
        shutil.rmtree(self.modules, ignore_errors=True)


def open_lean(
    file: Path | None = None,
    *,
    workers: int = 1,
    heartbeats: int | None = None,
    cache: ResultCache | None = None,
    limits: Limits | None = None,
    found: LeanInstallation | None = None,
    env: Mapping[str, str] | None = None,
) -> Toolchain | Missing:
    """Open the Lean for a file (`toolchain.discover`). Call it inside the event loop that will use it; processes start
    at first use.

    workers: warm servers at most. heartbeats, limits: as for the verifiers. cache: where results are kept, None for
    nowhere. found: what an earlier `discover` gave, to save its second.
    """
    installation = discover(file, env) if found is None else found
    if isinstance(installation, Missing):
        return installation
    modules = new_scratch("lean-modules")
    working: GoalReader = ServerVerifier(
        installation, size=workers, heartbeats=heartbeats, limits=limits, modules=modules
    )
    cold = CommandVerifier(installation, heartbeats=heartbeats, limits=limits)
    tools = Toolchain(working, cold, installation, modules)
    return tools if cache is None else tools.cached(cache, heartbeats=heartbeats)


def cache_salt(installation: LeanInstallation, heartbeats: int | None) -> tuple[str, ...]:
    """What decides about a result besides the text. The modules of a Lake project, or of a LEAN_PATH that the user has
    set, can change between runs: there it is never the same twice, and the cache serves one run alone."""
    path = installation.environment().get("LEAN_PATH", "")
    fixed = installation.kind is Kind.BUNDLED or (installation.kind is Kind.STOCK and not path)
    return (
        installation.version,
        installation.kind,
        path,
        "\0".join(installation.argv),
        str(heartbeats),
        "" if fixed else secrets.token_hex(16),
    )
