"""Tasks of the user's own: a folder of Dafny and Lean files, one such file, or a JSONL file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from prover.benchmarks.benchmark import Benchmark, Choice, DataProblem, Described
from prover.benchmarks.lines import read_lines
from prover.benchmarks.posed import chosen, posed, read_file
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.inputs import Problem
from prover.languages import Language

_LANGUAGES: dict[str, Language] = {".dfy": "dafny", ".lean": "lean"}
_BUILT = frozenset(["build", "lake-packages", "node_modules", "__pycache__"])
"""Folders with what tools made or fetched. Lake's own is hidden."""
_LINES = frozenset([".jsonl", ".ndjson"])


class Folder(Described):
    """Whatever `--data` names. Nothing is known of the tasks but their text, unless a JSONL file says more. The rule is
    our gate."""

    def load(self, data: Path | None, choice: Choice) -> list[BenchmarkTask | NotLoaded] | DataProblem:
        """The tasks by name (of a JSONL file in its order), whatever their mode unless one is chosen."""
        if data is None:
            return DataProblem("Name a folder, a .dfy or .lean file, or a .jsonl file with --data.")
        try:
            is_folder, is_file = data.is_dir(), data.is_file()
        except (OSError, ValueError) as error:
            return DataProblem(f"{data}: cannot be read: {getattr(error, 'strerror', None) or error}.")
        suffix = data.suffix.lower()
        if is_folder:
            found: list[BenchmarkTask | NotLoaded] | DataProblem = list(_of_folder(data))
        elif not is_file:
            return DataProblem(f"{data}: no such file or folder; name one with --data.")
        elif suffix in _LINES:
            found = read_lines(data, self.name)
        elif suffix in _LANGUAGES:
            found = [_of_file(data, data.name)]
        else:
            return DataProblem(f"{data}: is no folder, and neither a .dfy, a .lean nor a .jsonl file.")
        if isinstance(found, DataProblem):
            return found
        if not found:
            return DataProblem(f"{data}: holds no .dfy or .lean files; name another folder or file with --data.")
        return chosen(found, choice)


def _of_folder(root: Path) -> Iterator[BenchmarkTask | NotLoaded]:
    real = root.resolve()
    found: dict[str, BenchmarkTask | NotLoaded] = {}

    def tell(path: str, reason: str) -> None:
        name = _name(root, path)
        found[name] = NotLoaded("folder", name, _LANGUAGES.get(Path(path).suffix.lower(), "dafny"), "invalid", reason)

    def unreadable(error: OSError) -> None:
        tell(str(error.filename), f"{_shown(str(error.filename))}: cannot be read: {error.strerror}.")

    for folder, folders, files in os.walk(root, onerror=unreadable):  # does not follow links, so there are no loops
        inner = []
        for name in sorted(folders):
            if name.startswith(".") or name in _BUILT:
                continue
            path = os.path.join(folder, name)  # noqa: PTH118 - `Path` loses what is no UTF-8
            if os.path.islink(path):  # noqa: PTH114
                if not _within(path, real):
                    tell(path, f"{_shown(path)}: is a link to a folder outside; name that one with --data.")
                continue  # what it leads to inside is found where it is
            inner.append(name)
        folders[:] = inner
        for name in files:
            if not _is_task(name):
                continue
            path = os.path.join(folder, name)  # noqa: PTH118
            if not _is_utf8(path):
                tell(path, f"{_shown(path)}: its name is not UTF-8; rename it.")
            elif os.path.islink(path) and not _within(path, real):  # noqa: PTH114
                tell(path, f"{path}: is a link out of the folder; copy the file instead.")
            else:
                found[_name(root, path)] = _of_file(Path(path), _name(root, path))
    yield from (found[name] for name in sorted(found))


def _is_task(name: str) -> bool:
    path = PurePosixPath(name)
    if name.startswith(".") or name == "lakefile.lean" or path.suffix.lower() not in _LANGUAGES:
        return False
    return not any(part in ("proved", "partial") for part in path.name.split(".")[1:])


def _of_file(path: Path, id_: str) -> BenchmarkTask | NotLoaded:
    source = read_file(path)
    if isinstance(source, Problem):
        return NotLoaded("folder", id_, _LANGUAGES[path.suffix.lower()], source.status, source.reason)
    return posed("folder", id_, source)


def _within(path: str, real: Path) -> bool:
    try:
        return Path(path).resolve(strict=True).is_relative_to(real)
    except (OSError, RuntimeError):  # leads nowhere, or to itself: told where it is read
        return True


def _name(root: Path, path: str) -> str:
    return _shown(os.path.relpath(path, root).replace(os.sep, "/"))


def _is_utf8(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


BENCHMARK: Benchmark = Folder("folder")
