"""Evaluations made up for tests of what is computed from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.evaluation.records import Evaluation, TaskRecord
from prover.results import AttemptJson, ObjectionJson


def task(name: str, **fields: Any) -> BenchmarkTask:
    """A Dafny task unless told otherwise."""
    return BenchmarkTask(
        **{"benchmark": "made-up", "id": name, "language": "dafny", "mode": "proof", "source": f"// {name}\n", **fields}
    )


def not_loaded(name: str, status: Literal["invalid", "unsupported"], reason: str = "") -> NotLoaded:
    return NotLoaded("made-up", name, "dafny", status, reason)


def attempt(name: str, status: str, number: int = 1, **fields: Any) -> AttemptJson:
    return AttemptJson.model_validate(
        {"benchmark": "made-up", "id": name, "language": "dafny", "attempt": number, "status": status, **fields}
    )


def record(name: str, *statuses: str, groups: tuple[str, ...] = (), **fields: Any) -> TaskRecord:
    """A task whose attempts ended so; what else is given goes for each attempt."""
    return TaskRecord(
        task(name, groups=groups),
        tuple(attempt(name, status, number, **fields) for number, status in enumerate(statuses, 1)),
    )


def evaluation(*records: TaskRecord, path: Path = Path("run"), state: str = "finished") -> Evaluation:
    return Evaluation(path, {"benchmark": "made-up", "state": state}, records)


def objection(rule: str, message: str = "no") -> ObjectionJson:
    return ObjectionJson(rule=rule, message=message, line=1, column=0)
