"""The bundled tasks, written for this project (`datasets/starter`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prover.benchmarks.benchmark import Benchmark, Choice, DataProblem, Described
from prover.benchmarks.posed import Known, chosen, posed, read_file
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.bundled import datasets_folder
from prover.inputs import Problem
from prover.languages import Language

NEEDS_A_LEMMA, HARD = "needs a lemma", "hard"
_FOLDERS = ("dafny", "lean", "vericode")


class Starter(Described):
    """Folders `dafny` and `lean` hold proof tasks, `vericode` programs to be written with their proofs. The rule is our
    gate."""

    def load(self, data: Path | None, choice: Choice) -> list[BenchmarkTask | NotLoaded] | DataProblem:
        """The tasks by name; without a mode the proof tasks. data: another folder of this form."""
        try:
            root = data or datasets_folder() / "starter"
        except FileNotFoundError as error:
            return DataProblem(f"{error}.")
        try:
            folders = [f for name in _FOLDERS if (root / name).is_dir() for f in sorted((root / name).iterdir())]
        except OSError as error:
            return DataProblem(f"{error.filename}: cannot be read: {error.strerror}.")
        tasks = [task for folder in folders if (task := _task(folder)) is not None]
        if not tasks:
            return DataProblem(f"{root}: holds no tasks; leave out --data to have the bundled ones.")
        return chosen(tasks, Choice(choice.language, choice.mode or "proof"))


def _task(folder: Path) -> BenchmarkTask | NotLoaded | None:
    """None where a folder holds no task at all."""
    id_ = f"{folder.parent.name}/{folder.name}"
    path = next((p for p in (folder / "task.dfy", folder / "task.lean") if p.is_file()), None)
    if path is None:
        return None
    language: Language = "lean" if path.suffix == ".lean" else "dafny"
    source = read_file(path)
    if isinstance(source, Problem):
        return NotLoaded("starter", id_, language, source.status, source.reason)
    about = _about(folder / "task.toml")
    if isinstance(about, str):
        return NotLoaded("starter", id_, language, "invalid", about)
    solution = path.with_stem("solution")
    reference = read_file(solution) if solution.is_file() else None
    known = Known(
        reference=None if reference is None or isinstance(reference, Problem) else reference.text,
        licence="Apache-2.0",
        groups=_groups(about),
    )
    return posed("starter", id_, source, known)


def _about(path: Path) -> Mapping[str, Any] | str:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}."


def _groups(about: Mapping[str, Any]) -> tuple[str, ...]:
    """Each task is counted in one group at most: what needs a lemma stated is there for that."""
    tags = about.get("tags", ())
    if isinstance(tags, list) and "decomposition" in tags:
        return (NEEDS_A_LEMMA,)
    return (HARD,) if about.get("hard") else ()


BENCHMARK: Benchmark = Starter("starter")
