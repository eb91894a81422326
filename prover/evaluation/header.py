"""What `run.json` of an evaluation says: all that somebody else needs to make the same run, and what a resumed run
must not change (see `resuming`)."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from prover.benchmarks.benchmark import Benchmark
from prover.benchmarks.data import is_as_fetched
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.evaluation.jobs import Terms
from prover.evaluation.records import EvaluationProblem, digest, task_line
from prover.settings import ResolvedSettings, Settings

_PACKAGES = ("prover", "search", "sandbox", "dafny_env", "lean_project")
_WEIGHED = 64 << 20
"""Bytes up to which a file of a model counts with its contents, a larger one with its size."""


def header(
    chosen: Benchmark,
    settings: ResolvedSettings,
    tasks: Sequence[BenchmarkTask | NotLoaded],
    *,
    data: Path | None,
    attempts: int,
    workers: int,
    choice: Mapping[str, object],
    answers: Path | None,
    answers_sha256: str | None,
    models: Mapping[str, Mapping[str, object]],
) -> dict[str, object]:
    """What is known before the first attempt. choice: the options by which the tasks were chosen. models: what tells
    the models of the policy from others, by their names in it. The store adds `verifiers`, name and version, as they
    answer."""
    upstream, rule, counting = chosen.upstream, chosen.official, chosen.counting
    return {
        "command": "eval",
        "sources_sha256": sources_digest(),
        "benchmark": chosen.name,
        "data": str(data.resolve()) if data is not None else None,
        "choice": dict(choice),
        "upstream": {
            "url": upstream.url,
            "commit": upstream.commit,
            "licence": upstream.licence,
            "checked": is_as_fetched(chosen.name, data),
        }
        if upstream
        else None,
        "tasks": len(tasks),
        "tasks_sha256": digest(map(task_line, tasks)),
        "attempts": attempts,
        "workers": workers,
        "answers": str(answers.resolve()) if answers is not None else None,
        "answers_sha256": answers_sha256,
        "settings": settings.values.model_dump(mode="json"),
        "origins": dict(settings.origins),
        "official": {
            "pin": str(rule.pin),
            "seconds": rule.seconds,
            "counting": dataclasses.asdict(counting) if counting else None,
        }
        if rule
        else None,
        "models": {name: dict(facts) for name, facts in models.items()},
    }


def terms_of(header: Mapping[str, object]) -> Terms | EvaluationProblem:
    """The terms of a run that is taken up."""
    try:
        settings = Settings.model_validate(header.get("settings"))
    except ValidationError as error:
        told = error.errors()[0]
        return EvaluationProblem(f"run.json: its settings are none of this version ({told['loc']}: {told['msg']}).")
    return Terms(str(header.get("benchmark", "")), settings)


def model_facts(spec: str) -> dict[str, object]:
    """What tells a local model from another of the same name: the revision of the hub's copy, or a digest of its
    folder. Empty for what is not on this machine."""
    kind, _, argument = spec.partition(":")
    folder = Path(argument)
    if kind == "replay" and folder.is_file():
        return {"sha256": hashlib.sha256(folder.read_bytes()).hexdigest()}
    if kind not in ("hf", "vllm"):
        return {}
    if folder.is_dir():
        return {"sha256": _folder_digest(folder)}
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return {}
    found = try_to_load_from_cache(argument, "config.json")
    return {"revision": Path(found).parent.name} if isinstance(found, str) else {}


def sources_digest() -> str:
    """What tells this version of the program from another with the same number: of all its own Python files."""
    root = Path(__file__).resolve().parents[2]
    files = [p for package in _PACKAGES for p in sorted((root / package).rglob("*.py"))]
    state = hashlib.sha256()
    for file in files:
        state.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return state.hexdigest()


def now() -> str:
    """The time as headers have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _folder_digest(folder: Path) -> str:
    """Of names, sizes and (of all but the large files) contents."""
    state = hashlib.sha256()
    for file in sorted(p for p in folder.iterdir() if p.is_file()):
        size = file.stat().st_size
        state.update(json.dumps([file.name, size]).encode())
        if size <= _WEIGHED:
            state.update(file.read_bytes())
    return state.hexdigest()
