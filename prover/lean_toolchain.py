"""Lean for a run: opened from its settings, and as the gate's compiler."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from lean_project.driver.command import CommandVerifier
from lean_project.driver.factory import Toolchain, open_lean
from lean_project.driver.types import NOT_A_VERDICT, Outcome
from lean_project.gate.results import CompileResult
from lean_project.toolchain import LeanInstallation
from prover.inputs import SourceFile
from prover.settings import Settings
from prover.toolchain import NoVerifier, environment_of, held, workers_of
from sandbox.cache import ResultCache


@asynccontextmanager
async def lean_toolchain(source: SourceFile, settings: Settings) -> AsyncIterator[Toolchain | NoVerifier]:
    """The Lean of a run, closed at the end, or what is missing and how to get it."""
    opened = open_lean(
        source.path,
        workers=workers_of(settings),
        cache=ResultCache(path=settings.cache),
        env=environment_of(settings),
    )
    async with held(opened) as tools:
        yield tools


@dataclass(frozen=True, slots=True)
class LeanCompiler:
    """Compiles modules for the gate (`lean_project.gate.Compile`). seconds: wall-clock bound of each compilation."""

    verifier: CommandVerifier
    seconds: float = 120.0

    @property
    def info(self) -> str:
        """Name and version of the Lean behind it."""
        return str(self.verifier.installation)

    @property
    def search_path(self) -> tuple[Path, ...]:
        """Folders with the compiled modules of what can be imported."""
        return _search_path(self.verifier.installation)

    async def __call__(self, text: str, module: str, out_dir: Path, search_path: Sequence[Path]) -> CompileResult:
        """Compile a text to `out_dir/MODULE.olean` in a fresh process."""
        compiled = await self.verifier.compile(
            text, module, out_dir / f"{module}.olean", tuple(search_path), seconds=self.seconds
        )
        result = compiled.result
        if result.outcome in NOT_A_VERDICT:
            return CompileResult("unknown", reason=str(result.outcome))
        if compiled.olean is None or result.outcome is not Outcome.OK:
            errors = tuple((d.message, d.place.line, d.place.column) for d in result.errors)
            return CompileResult("error", errors or ((str(result.outcome), None, None),))
        return CompileResult("ok")


def _search_path(installation: LeanInstallation) -> tuple[Path, ...]:
    found = [Path(p) for p in installation.environment().get("LEAN_PATH", "").split(":") if p]
    if installation.core is not None and installation.core not in found:
        found.append(installation.core)
    return tuple(found)
