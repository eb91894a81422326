"""Finding the verifiers and the solver of this machine by running them. Nothing runs until a function is called."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dafny_env.driver.types import VerifierInfo
from sandbox.limits import Ended, Limits
from sandbox.missing import Missing
from sandbox.process import run

BEST_Z3 = "4.8.5"
_FOLDERS = (Path("/usr/lib/dafny"), Path("/usr/local/lib/dafny"), Path("/opt/dafny"))
_PROBE = Limits(seconds=30.0, memory_bytes=2 << 30, output_bytes=1 << 16)
_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)*")
_HOW_DAFNY = (
    "as root: apt-get install -y --no-install-recommends dafny (gives 2.3); or Dafny 4 from "
    "https://github.com/dafny-lang/dafny/releases (needs .NET 8), then put `dafny` on PATH or set PROVER_DAFNY"
)
_HOW_SERVER = "DafnyServer.exe belongs beside Dafny.exe: reinstall the package (apt-get install --reinstall dafny)"
_HOW_Z3 = (
    f"pip install --no-deps --target {{prefix}}/share/lemmatree/z3-{BEST_Z3} "
    f"z3-solver=={BEST_Z3}.0, or set PROVER_Z3 to a z3"
)


@dataclass(frozen=True, slots=True)
class Solver:
    """A z3: its path, `version` as `4.8.5`, and a warning where it is not the one that Dafny 2.3 works best with."""

    path: Path
    version: str
    warning: str | None = None

    @property
    def name(self) -> str:
        """`z3 4.8.5`."""
        return f"z3 {self.version}"


@dataclass(frozen=True, slots=True)
class Installation:
    """A Dafny that runs here. `server` is the command of DafnyServer (2.3 only), `solver` the z3 it is given (None:
    the one bundled with it)."""

    info: VerifierInfo
    server: tuple[str, ...] | Missing | None = None
    solver: Solver | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What this machine has: at most one Dafny 2.3 and one 4.x, and the solver for 2.3."""

    dafny2: Installation | Missing
    dafny4: Installation | Missing
    solver: Solver | Missing


def discover(env: Mapping[str, str] | None = None, prefix: Path | None = None) -> Discovery:
    """Look for everything. env: of the process by default (PATH, PROVER_DAFNY, PROVER_Z3). prefix: `sys.prefix`.
    Takes about a second: each program found is run once for its version."""
    env = os.environ if env is None else env
    solver = find_solver(env, prefix)
    chosen = env.get("PROVER_DAFNY")
    return Discovery(_find_dafny2(env, solver, chosen), _find_dafny4(env, chosen), solver)


def find_solver(env: Mapping[str, str] | None = None, prefix: Path | None = None) -> Solver | Missing:
    """PROVER_Z3, else the bundled 4.8.5 under `prefix`, else the `z3` on PATH."""
    env = os.environ if env is None else env
    prefix = Path(sys.prefix) if prefix is None else prefix
    how = _HOW_Z3.format(prefix=prefix)
    chosen = env.get("PROVER_Z3")
    if chosen:
        version = _version((chosen, "--version"), r"Z3 version")
        if version is None:
            return Missing(f"PROVER_Z3={chosen} does not run as z3", how)
        return Solver(Path(chosen).absolute(), version, _weaker(version))
    own = prefix / "share" / "lemmatree" / f"z3-{BEST_Z3}" / "bin" / "z3"
    version = _version((str(own), "--version"), r"Z3 version") if own.is_file() else None
    if version is not None:
        return Solver(own, version)
    system = shutil.which("z3", path=env.get("PATH", os.defpath))
    version = _version((system, "--version"), r"Z3 version") if system else None
    if system and version is not None:
        return Solver(Path(system), version, _weaker(version))
    return Missing("z3, the solver behind Dafny", how)


def _weaker(version: str) -> str | None:
    if version == BEST_Z3:
        return None
    return f"z3 {version} verifies less than z3 {BEST_Z3} under Dafny 2.3 and reports some timeouts as errors"


def _find_dafny2(env: Mapping[str, str], solver: Solver | Missing, chosen: str | None) -> Installation | Missing:
    path = env.get("PATH", os.defpath)
    executable = _dafny2_executable(path, chosen)
    if executable is None:
        return Missing("Dafny 2.3 (Dafny.exe)", _HOW_DAFNY)
    mono = shutil.which("mono", path=path) or shutil.which("cli", path=path)
    if mono is None:
        return Missing(
            f"mono, which runs {executable}", "as root: apt-get install -y --no-install-recommends mono-runtime"
        )
    if isinstance(solver, Missing):
        return Missing(f"{solver.what}, needed by {executable}", solver.how_to_get)
    version = _version((mono, str(executable), "/version"), r"Dafny(?: program verifier version)?")
    if version is None:
        return Missing(f"{executable} does not run", _HOW_DAFNY)
    if not version.startswith("2."):
        return Missing(f"Dafny 2.3: {executable} is {version}", _HOW_DAFNY)
    server = executable.with_name("DafnyServer.exe")
    server_command = (mono, str(server)) if server.is_file() else Missing(str(server), _HOW_SERVER)
    return Installation(VerifierInfo(version, 2, solver.name, (mono, str(executable))), server_command, solver)


def _dafny2_executable(path: str, chosen: str | None) -> Path | None:
    """Dafny.exe: PROVER_DAFNY (the file, its folder, or a wrapper script), what the wrapper on PATH runs, usual
    folders."""
    candidates: list[Path] = []
    wrappers = [chosen] if chosen else [shutil.which("dafny", path=path)]
    for wrapper in wrappers:
        if wrapper is None:
            continue
        given = Path(wrapper).absolute()
        candidates += [given / "Dafny.exe"] if given.is_dir() else [given] if given.suffix == ".exe" else []
        candidates += [named for named in [_executable_in_script(given)] if named is not None]
    if not chosen:
        candidates += [folder / "Dafny.exe" for folder in _FOLDERS]
    return next((c for c in candidates if c.is_file()), None)


def _executable_in_script(script: Path) -> Path | None:
    try:
        with script.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return None
    if not head.startswith(b"#!"):
        return None
    named = re.search(r"[\w./-]*/Dafny\.exe", head.decode("utf-8", "replace"))
    return Path(named.group()) if named else None


def _find_dafny4(env: Mapping[str, str], chosen: str | None) -> Installation | Missing:
    command = shutil.which("dafny", path=env.get("PATH", os.defpath))
    if chosen:
        given = Path(chosen).absolute()
        command = str(given / "dafny" if given.is_dir() else given)
    missing = Missing("Dafny 4", _HOW_DAFNY)
    if command is None or command.endswith(".exe") or not Path(command).is_file():
        return missing
    if _executable_in_script(Path(command)) is not None:
        return missing  # the wrapper of 2.3
    # `dafny --version` says nothing but its version; other programs call themselves by their names first.
    version = _version((command, "--version"), r"\A(?:Dafny)?")
    if version is None or int(version.split(".")[0]) < 3:
        return missing
    solver = find_solver(env) if env.get("PROVER_Z3") else None
    if isinstance(solver, Missing):
        return solver
    name = solver.name if solver is not None else "its bundled z3"
    return Installation(VerifierInfo(version, 4, name, (command,)), None, solver)


def _version(command: tuple[str, ...], prefix: str) -> str | None:
    """The first version number after `prefix` in what the command prints; None when it does not run."""
    done = run(command, limits=_PROBE)
    if done.ended is not Ended.EXITED:
        return None
    found = re.search(rf"{prefix}\s*v?({_VERSION.pattern})", f"{done.stdout}\n{done.stderr}")
    return found.group(1) if found else None
