"""The folder that keeps a run: `run.json`, `journal.jsonl`, `results.jsonl` and `proofs/`."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from prover.contract import SCHEMA_VERSION
from prover.jsonlines import JsonLines
from prover.output_files import write_atomically

_FILES = ("run.json", "journal.jsonl", "results.jsonl")


@dataclass(frozen=True, slots=True)
class RunFolderProblem:
    """A run folder that cannot be used, with the next step."""

    reason: str


class RunFolder:
    """An open run folder. `journal` and `results` are append-only and written out line by line. Close it at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.journal = JsonLines(path / "journal.jsonl")
        self.results = JsonLines(path / "results.jsonl")
        self._header: dict[str, object] = {}

    @property
    def proofs(self) -> Path:
        """The folder of proved and partial files."""
        return self.path / "proofs"

    def describe(self, facts: Mapping[str, object]) -> None:
        """Add facts (settings, seed, status...) to `run.json`, which is replaced as a whole. Raises OSError."""
        if not self._header:
            self._header = {"schema_version": SCHEMA_VERSION, "started": _now(), **versions()}
        self._header.update(facts)
        write_atomically(self.path / "run.json", json.dumps(self._header, indent=2, default=str) + "\n")

    def close(self) -> None:
        """Bring journal and results to the disk."""
        self.journal.close()
        self.results.close()


def open_given(path: Path) -> RunFolder | RunFolderProblem:
    """The folder of `--run DIR`: made when missing; one that already holds a run is refused."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any((path / name).exists() for name in _FILES):
            return RunFolderProblem(f"--run {path}: this folder already holds a run; give a new one.")
        (path / "proofs").mkdir(exist_ok=True)
    except FileExistsError:
        return RunFolderProblem(f"--run {path}: is not a folder.")
    except OSError as error:
        return RunFolderProblem(f"--run {path}: cannot be made: {error.strerror or error}.")
    return RunFolder(path)


def open_default(
    stem: str, *, cwd: Path, environment: Mapping[str, str], moment: datetime
) -> RunFolder | RunFolderProblem:
    """The run folder where none was given (see `default_folder`)."""
    path = default_folder(stem, cwd=cwd, environment=environment, moment=moment)
    return path if isinstance(path, RunFolderProblem) else RunFolder(path)


def default_folder(
    stem: str, *, cwd: Path, environment: Mapping[str, str], moment: datetime
) -> Path | RunFolderProblem:
    """A new folder `.prover/runs/<time>-<stem>` in the working directory; where that cannot be written, in the user's
    state folder (`XDG_STATE_HOME`), else in the temporary folder. `moment` is local time."""
    name = f"{moment:%Y%m%d-%H%M%S}-{re.sub(r'[^A-Za-z0-9._-]+', '_', stem)[:60] or 'run'}"
    problem = "nowhere to write"
    for base in _bases(cwd, environment):
        try:
            base.mkdir(parents=True, exist_ok=True)
            if base == cwd / ".prover" / "runs" and not (ignore := cwd / ".prover" / ".gitignore").exists():
                ignore.write_text("*\n", encoding="utf-8")
            path = _fresh(base, name)
            (path / "proofs").mkdir()
        except OSError as error:
            problem = f"{base}: {error.strerror or error}"
            continue
        return path
    return RunFolderProblem(f"no run folder can be made ({problem}); give one with --run DIR.")


def versions() -> dict[str, object]:
    """What a report needs in order to be repeated elsewhere: package, Python and system."""
    return {
        "version": package_version(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": os.cpu_count(),
    }


def package_version() -> str:
    """The installed version of the distribution; `0+unknown` when run from sources that were never installed."""
    try:
        return importlib.metadata.version("lemmatree")
    except importlib.metadata.PackageNotFoundError:
        return "0+unknown"


def _bases(cwd: Path, environment: Mapping[str, str]) -> list[Path]:
    bases = [cwd / ".prover" / "runs"]
    if state := environment.get("XDG_STATE_HOME"):
        bases.append(Path(state) / "prover" / "runs")
    elif home := environment.get("HOME"):
        bases.append(Path(home) / ".local" / "state" / "prover" / "runs")
    bases.append(Path(tempfile.gettempdir()) / f"prover-{os.getuid()}" / "runs")
    return bases


def _fresh(base: Path, name: str) -> Path:
    """Make a folder that was not there: two runs started in the same second get two folders."""
    number = 1
    while True:
        path = base / (name if number == 1 else f"{name}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            number += 1
            continue
        return path


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
