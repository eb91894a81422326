"""Which tasks of a benchmark a run is over."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from prover.benchmarks.benchmark import Benchmark, Choice, DataProblem
from prover.benchmarks.data import default_data
from prover.benchmarks.registry import NAMES, benchmark
from prover.benchmarks.task import MODES, BenchmarkTask, Mode, NotLoaded
from prover.languages import LANGUAGES, Language

Tasks = tuple[BenchmarkTask | NotLoaded, ...]


@dataclass(frozen=True, slots=True)
class ChoosingProblem:
    """A choice of tasks that cannot be had, with the next step."""

    reason: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The tasks of a run. data: where they come from; None for bundled ones."""

    benchmark: Benchmark
    tasks: Tasks
    data: Path | None = None


def select(
    name: str,
    *,
    data: Path | None,
    language: str | None,
    mode: str | None,
    only: Sequence[str],
    limit: int | None,
    environment: Mapping[str, str],
) -> Selection | ChoosingProblem:
    """The tasks that a command line names. name: a benchmark, or the path of a folder or file with tasks. data: the
    benchmark's data; by default where `prover data fetch` puts it. only: ids, or patterns of them (`*`, `?`).
    limit: that many of them, the first."""
    if name not in NAMES:
        if data is not None or not Path(name).exists():
            near = difflib.get_close_matches(name, NAMES, n=1)
            hint = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(NAMES)}, or give a folder."
            return ChoosingProblem(f"{name}: there is no such benchmark; {hint}")
        name, data = "folder", Path(name)
    said_language = next((known for known in LANGUAGES if known == language), None)
    if language is not None and said_language is None:
        return ChoosingProblem(f"--language {language}: write --language dafny or --language lean.")
    said_mode = next((known for known in MODES if known == mode), None)
    if mode is not None and said_mode is None:
        return ChoosingProblem(f"--mode {mode}: write one of {', '.join(MODES)}.")
    if limit is not None and limit < 1:
        return ChoosingProblem(f"--limit {limit}: must be 1 or more.")
    chosen = benchmark(name)
    if data is None and name not in ("starter", "folder"):
        data = default_data(name, environment)
        if data is None:
            return ChoosingProblem(
                f"{name}: its data is not here; `prover data fetch {name}` fetches it, or name a copy with --data DIR."
            )
    return _loaded(chosen, data, said_language, said_mode, only, limit)


def _loaded(
    chosen: Benchmark,
    data: Path | None,
    language: Language | None,
    mode: Mode | None,
    only: Sequence[str],
    limit: int | None,
) -> Selection | ChoosingProblem:
    found = chosen.load(data.resolve() if data is not None else None, Choice(language, mode))
    if isinstance(found, DataProblem):
        return ChoosingProblem(found.reason)
    tasks = tuple(found)
    where = f" in {data}" if data is not None else ""
    if not tasks:
        return ChoosingProblem(f"{chosen.name}: no task{where} fits; look at --data, --language and --mode.")
    twice = _twice(tasks)
    if twice is not None:
        return ChoosingProblem(f"{chosen.name}: two tasks{where} have the id {twice}; give each its own.")
    picked = picked_of(tasks, only)
    if isinstance(picked, ChoosingProblem):
        return picked
    return Selection(chosen, picked[:limit], data)


def picked_of(tasks: Tasks, only: Sequence[str]) -> Tasks | ChoosingProblem:
    """The tasks whose ids are named, in the benchmark's order; all where nothing is named. A name that fits none is a
    problem."""
    if not only:
        return tasks
    wanted: set[str] = set()
    ids = [task.id for task in tasks]
    known = set(ids)
    for name in only:
        fitting = {name} if name in known else set(fnmatch.filter(ids, name))
        if not fitting:
            near = difflib.get_close_matches(name, ids, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else f"ids look like {', '.join(ids[:3])}."
            return ChoosingProblem(f"--only {name}: no task has this id; {hint}")
        wanted |= fitting
    return tuple(task for task in tasks if task.id in wanted)


def _twice(tasks: Tasks) -> str | None:
    seen: set[str] = set()
    for task in tasks:
        if task.id in seen:
            return task.id
        seen.add(task.id)
    return None
