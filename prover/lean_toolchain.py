"""Lean for a run: opened from its settings, and as the gate's compiler."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lean_project.driver.command import CommandVerifier
from lean_project.driver.factory import Toolchain, open_lean
from lean_project.driver.types import NOT_A_VERDICT, Outcome, Rule
from lean_project.gate.results import CompileResult, Replay
from lean_project.replay import Replayer, find_replayer, replay
from lean_project.toolchain import Kind, LeanInstallation
from prover.inputs import SourceFile
from prover.settings import Settings, environment_of
from prover.toolchain import NoVerifier, cache_of, held, lacking, workers_of
from sandbox.cache import ResultCache
from sandbox.missing import Missing

if TYPE_CHECKING:
    from prover.pools import Pools


@asynccontextmanager
async def lean_toolchain(
    source: SourceFile, settings: Settings, pools: Pools | None = None, *, lent_as: str = "", told: Path | None = None
) -> AsyncIterator[Toolchain | NoVerifier]:
    """The Lean of a run, closed at the end, or what is missing and how to get it. pools: where it is borrowed from
    instead, with a cache of this file's own. lent_as: letters and digits that no other file has at the same time. told:
    as in `cache_of`."""
    if pools is not None:
        found = await pools.lean(source.path)
        if isinstance(found, Missing):
            yield lacking(found)
            return
        lent = found.lent(lent_as)
        try:
            with cache_of(settings, told) as cache:
                yield lent.cached(cache)
        finally:
            lent.returned()
        return
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
    """Compiles modules for the gate (`lean_project.gate.Compile`). seconds: wall-clock bound of each compilation, and
    of a replay. replayer: the program for replays, or what is missing."""

    verifier: CommandVerifier
    seconds: float = 120.0
    replayer: Replayer | Missing | None = None

    @property
    def info(self) -> str:
        """Name and version of the Lean behind it."""
        return str(self.verifier.installation)

    @property
    def search_path(self) -> tuple[Path, ...]:
        """Folders with the compiled modules of what can be imported."""
        return _search_path(self.verifier.installation)

    @property
    def replays_with(self) -> Replayer | Missing:
        """The program that replays modules here; looked for unless it was given."""
        return self.replayer if self.replayer is not None else find_replayer(self.verifier.installation)

    def replay(self) -> Replay | None:
        """What takes modules through the kernel again (`lean_project.gate.Replay`); None where there is no such
        program."""
        found = self.replays_with
        return None if isinstance(found, Missing) else _Replay(found, self.seconds)

    async def __call__(self, text: str, module: str, out_dir: Path, search_path: Sequence[Path]) -> CompileResult:
        """Compile a text to `out_dir/MODULE.olean` in a fresh process."""
        compiled = await self.verifier.compile(
            text, module, out_dir / f"{module}.olean", tuple(search_path), seconds=self.seconds
        )
        result = compiled.result
        stopped = next((d for d in result.diagnostics if d.rule is Rule.INTERRUPTED), None)
        if stopped is not None:
            told = f"`#exit` in line {stopped.place.line} keeps Lean from what stands behind it: take it out"
            return CompileResult("unknown", reason=told)
        if result.outcome in NOT_A_VERDICT:
            return CompileResult("unknown", reason=str(result.outcome))
        if compiled.olean is None or result.outcome is not Outcome.OK:
            errors = tuple((d.message, d.place.line, d.place.column) for d in result.errors)
            return CompileResult("error", errors or ((str(result.outcome), None, None),))
        notes = tuple((d.message, d.place.line) for d in result.diagnostics if d.severity == "info")
        return CompileResult("ok", notes=notes)


@dataclass(frozen=True, slots=True)
class _Replay:
    """`lean_project.gate.Replay` with a program of this machine."""

    replayer: Replayer
    seconds: float

    async def __call__(self, module: str, search_path: Sequence[Path]) -> CompileResult:
        done = await replay(self.replayer, module, search_path, seconds=self.seconds)
        if done.status == "ok":
            return CompileResult("ok")
        if done.status == "rejected":
            return CompileResult("error", ((done.told, None, None),))
        return CompileResult("unknown", reason=done.told)


def _search_path(installation: LeanInstallation) -> tuple[Path, ...]:
    found = [Path(p) for p in installation.environment().get("LEAN_PATH", "").split(":") if p]
    if installation.core is not None and installation.core not in found:
        found.append(installation.core)
    if installation.kind is not Kind.BUNDLED:  # a stock Lean looks there without being told
        found.append(Path(installation.argv[0]).parent.parent / "lib" / "lean")
    return tuple(found)
