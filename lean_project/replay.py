"""Taking a compiled module through Lean's kernel once more, with the program for that where there is one.

Recent toolchains bring `leanchecker` beside `lean`; for older ones `lean4checker` is a package of its own. Both take
the names of modules, find them as `lean` does, and hand every constant that a module adds to the kernel, starting from
what it imports. Exit status 0: the kernel took all of them.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from lean_project.toolchain import Kind, LeanInstallation
from sandbox.limits import Completed, Ended, Limits
from sandbox.missing import Missing
from sandbox.process import run_async
from sandbox.scratch import scratch_directory

CHOSEN = "PROVER_LEANCHECKER"
"""Environment variable with the path of the program to use."""
_BUILT = Path(".lake", "build", "bin", "lean4checker")
_IN_PROJECT = (Path(".lake", "packages", "lean4checker") / _BUILT, _BUILT)
_HOW = (
    "use a Lean toolchain that brings `leanchecker` (elan default stable), or build lean4checker for this one "
    f"(https://github.com/leanprover/lean4checker) and put it on PATH or set {CHOSEN}"
)
LIMITS = Limits(memory_bytes=16 << 30)


@dataclass(frozen=True, slots=True)
class Replayer:
    """A program that replays modules of one Lean."""

    program: Path
    installation: LeanInstallation

    def __str__(self) -> str:
        """For people: its name and where it lies."""
        return f"{self.program.name} ({self.program})"


@dataclass(frozen=True, slots=True)
class Replayed:
    """How a replay ended. `unknown`: it did not come to an end by itself (timeout, memory, crash, not started). told:
    what the program said, or how it ended."""

    status: Literal["ok", "rejected", "unknown"]
    told: str = ""


def find_replayer(installation: LeanInstallation, env: Mapping[str, str] | None = None) -> Replayer | Missing:
    """The program that replays what this Lean compiles: PROVER_LEANCHECKER, `leanchecker` beside `lean`, what the Lake
    project has built, `leanchecker` or `lean4checker` on PATH. A PROVER_LEANCHECKER that is no program is Missing.

    env: of the process by default. Nothing is run.
    """
    env = os.environ if env is None else env
    chosen = env.get(CHOSEN)
    if chosen:
        program = Path(chosen).absolute()
        return Replayer(program, installation) if _runs(program) else Missing(f"{CHOSEN}={chosen}", _HOW)
    for program in _candidates(installation, env):
        if _runs(program):
            return Replayer(program, installation)
    return Missing("a program that replays modules through Lean's kernel", _HOW)


def _candidates(installation: LeanInstallation, env: Mapping[str, str]) -> Iterator[Path]:
    if installation.kind is not Kind.BUNDLED:
        yield Path(installation.argv[0]).with_name("leanchecker")
    if installation.project is not None:
        yield from (installation.project / place for place in _IN_PROJECT)
    if installation.kind is not Kind.BUNDLED:  # those on PATH belong to a stock Lean
        for name in ("leanchecker", "lean4checker"):
            found = shutil.which(name, path=env.get("PATH", os.defpath))
            if found is not None:
                yield Path(found).absolute()


def _runs(program: Path) -> bool:
    return program.is_file() and os.access(program, os.X_OK)


async def replay(
    replayer: Replayer, module: str, search: Sequence[Path] = (), *, seconds: float, limits: Limits = LIMITS
) -> Replayed:
    """Replay a module that lies in a folder of `search` (before those of the installation), in the sandbox, within
    `seconds` wall-clock. Never raises for what the program or the module does."""
    installation = replayer.installation
    env = installation.environment()
    folders = [str(folder.absolute()) for folder in search]
    env["LEAN_PATH"] = os.pathsep.join([*folders, *filter(None, [env.get("LEAN_PATH")])])
    if installation.kind is not Kind.BUNDLED:
        home = Path(installation.argv[0]).parent
        env["PATH"] = os.pathsep.join([str(home), env.get("PATH", os.defpath)])
        env.setdefault("LEAN_SYSROOT", str(home.parent))
    with scratch_directory("replay") as scratch:
        bounds = replace(limits, seconds=seconds, writable=(*(limits.writable or ()), scratch))
        done = await run_async((str(replayer.program), module), limits=bounds, cwd=scratch, env=env, scratch=scratch)
    return _read(done)


def _read(done: Completed) -> Replayed:
    if done.ended is not Ended.EXITED:
        told = f"{done.ended} after {done.seconds:.0f} s" if done.ended is not Ended.NOT_STARTED else done.stderr
        return Replayed("unknown", f"{shlex.join(done.argv)}: {told}")
    lines = [line.strip() for line in (done.stderr + "\n" + done.stdout).splitlines() if line.strip()]
    told = " ".join(lines[-3:])[-400:]
    if done.returncode == 0:
        return Replayed("ok", told)
    if done.returncode is None or not 0 < done.returncode < 126:  # a signal, or what a shell makes of one
        return Replayed("unknown", f"{shlex.join(done.argv)}: exit status {done.returncode}: {told}")
    return Replayed("rejected", told or f"exit status {done.returncode}")
