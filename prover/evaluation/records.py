"""What an evaluation's run folder holds, and reading it back.

    run.json         settings, versions, seed, budgets, where the data comes from; `state` tells whether it is finished
    tasks.jsonl      the tasks, one line each, as they were loaded
    results.jsonl    one line for each attempt, written when it has ended (`prover.results.AttemptJson`); one that ended
                     in an error and was made again has a line for each time, of which the last counts
    journal.jsonl    which attempts began and ended, and when: what a resumed run goes by
    attempts/SLUG/N/ journal.jsonl and samples.jsonl of attempt N of a task: a run folder that `prover show` reads;
                     `N.retry-1`... where it was made again after an error
    proofs/          SLUG.proved.dfy, SLUG.partial.lean...; from the second attempt on SLUG.N.proved.dfy

Reading needs nothing but the folder: neither the benchmark's data nor the other machine that wrote it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.jsonlines import read_json_lines
from prover.results import AttemptJson

TASKS, RESULTS, HEADER = "tasks.jsonl", "results.jsonl", "run.json"
ERROR = "error"
"""The status of an attempt that we broke: it says nothing about the task, and can be made again."""
_TASK = TypeAdapter(BenchmarkTask)
_NOT_LOADED = TypeAdapter(NotLoaded)


@dataclass(frozen=True, slots=True)
class EvaluationProblem:
    """A folder that holds no evaluation, with the next step."""

    reason: str


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A task with its attempts, in the order of their numbers. Of an interrupted run some are missing."""

    task: BenchmarkTask | NotLoaded
    attempts: tuple[AttemptJson, ...] = ()

    @property
    def id(self) -> str:
        """The task's."""
        return self.task.id


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An evaluation as its folder tells it. header: `run.json`. unreadable: lines of results that are none (a torn
    last line of a killed run)."""

    path: Path
    header: Mapping[str, Any]
    tasks: tuple[TaskRecord, ...]
    unreadable: int = 0

    @property
    def benchmark(self) -> str:
        """Its name."""
        return str(self.header.get("benchmark", ""))

    def attempt_folder(self, attempt: AttemptJson) -> Path:
        """Where an attempt's journal is."""
        return attempt_folder(self.path, attempt.id, attempt.attempt, attempt.retried)


def slug(task_id: str) -> str:
    """A task's id as a file name: itself, with `__` for slashes, where that says it; else with a part of its hash, so
    that no two meet."""
    plain = task_id.replace("/", "__")
    clean = re.sub(r"[^A-Za-z0-9._-]+", "_", plain).strip(".")[:80]
    if clean == plain and "__" not in task_id and not task_id.startswith("/"):
        return clean
    return f"{clean or 'task'}-{hashlib.sha256(task_id.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def attempt_folder(run: Path, task_id: str, attempt: int, retried: int = 0) -> Path:
    """The folder of an attempt (from 1). retried: how often it had been made before; each time has its own, so that
    nothing of an earlier one is lost."""
    return run / "attempts" / slug(task_id) / (f"{attempt}.retry-{retried}" if retried else str(attempt))


def proof_name(task: BenchmarkTask, attempt: int, kind: str) -> str:
    """The name of a proved or partial file, relative to the run folder. kind: `proved` or `partial`."""
    number = "" if attempt == 1 else f".{attempt}"
    return f"proofs/{slug(task.id)}{number}.{kind}{task.suffix}"


def task_line(task: BenchmarkTask | NotLoaded) -> str:
    """A task as one line of `tasks.jsonl`."""
    kind = "task" if isinstance(task, BenchmarkTask) else "not_loaded"
    return json.dumps({"kind": kind, **dataclasses.asdict(task)}, ensure_ascii=False) + "\n"


def digest(texts: Iterable[str]) -> str:
    """SHA-256 of some texts, one behind the other, as they are written to files."""
    state = hashlib.sha256()
    for text in texts:
        state.update(text.encode("utf-8", "replace"))
    return state.hexdigest()


def read_tasks(run: Path, header: object = None) -> tuple[BenchmarkTask | NotLoaded, ...] | EvaluationProblem:
    """The tasks of a run folder. header: of `run.json`, by whose digest a damaged file is told: with a task less,
    every rate would be of too few."""
    path = run / TASKS
    if not path.is_file():
        return EvaluationProblem(f"{run}: holds no {TASKS}; give the --run folder of a `prover eval`.")
    known = header.get("tasks_sha256") if isinstance(header, Mapping) else None
    if known is not None and hashlib.sha256(path.read_bytes()).hexdigest() != known:
        return EvaluationProblem(f"{path}: is not what the run began with; restore the file, or begin another run.")
    made: list[BenchmarkTask | NotLoaded] = []
    for number, record in enumerate(read_json_lines(path), 1):
        kind = record.pop("kind", None)
        try:
            made.append((_NOT_LOADED if kind == "not_loaded" else _TASK).validate_python(record))
        except ValidationError as error:
            told = error.errors()[0]
            where = ".".join(map(str, told["loc"]))
            return EvaluationProblem(f"{path}, line {number}: is no task of this version ({where}: {told['msg']}).")
    return tuple(made)


def read_attempts(run: Path) -> tuple[list[AttemptJson], int]:
    """The attempts that have ended, each once, and how many lines are none. The first line of an attempt counts, but
    for those of errors: behind them there may be another, of when it was made again."""
    found: dict[tuple[str, int], AttemptJson] = {}
    strange = 0
    for record in read_json_lines(run / RESULTS):
        try:
            attempt = AttemptJson.model_validate(record)
        except ValidationError:
            strange += 1
            continue
        key = (attempt.id, attempt.attempt)
        if key not in found or found[key].status == ERROR:
            found[key] = attempt
    return list(found.values()), strange


def read_evaluation(run: Path) -> Evaluation | EvaluationProblem:
    """An evaluation from its folder, also of one that still goes on or was killed. Never raises for what is there or
    is not."""
    try:
        if not run.is_dir():
            return EvaluationProblem(f"{run}: no such folder; give the --run folder of a `prover eval`.")
        header = json.loads((run / HEADER).read_bytes()) if (run / HEADER).is_file() else {}
        tasks = read_tasks(run, header)
        if isinstance(tasks, EvaluationProblem):
            return tasks
        attempts, strange = read_attempts(run)
    except (OSError, ValueError) as error:
        return EvaluationProblem(f"{run}: cannot be read: {getattr(error, 'strerror', None) or error}.")
    return Evaluation(run, header if isinstance(header, dict) else {}, tuple(_joined(tasks, attempts)), strange)


def _joined(tasks: Sequence[BenchmarkTask | NotLoaded], attempts: Iterable[AttemptJson]) -> Iterable[TaskRecord]:
    by_task: dict[str, list[AttemptJson]] = {}
    for attempt in attempts:
        by_task.setdefault(attempt.id, []).append(attempt)
    for task in tasks:
        yield TaskRecord(task, tuple(sorted(by_task.get(task.id, ()), key=lambda a: a.attempt)))
