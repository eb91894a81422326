"""What a resumed run must have as it was begun: its options, its models and its answers. Another choice is refused in
words, never ignored: a run of which one part was made otherwise than the other is no measurement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from prover.benchmarks.registry import NAMES
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.evaluation.answers import answered
from prover.evaluation.bench import models_of
from prover.evaluation.header import model_facts, sources_digest, terms_of
from prover.evaluation.jobs import Job, Terms, attempts_of
from prover.evaluation.records import EvaluationProblem, digest
from prover.settings import Settings

TOOLS = ("dafny", "z3")
"""Settings that say where verifiers are; which versions have answered is told apart from that."""
FREE = frozenset(["base_url", *TOOLS])
"""Settings that a resumed run may have otherwise."""
_PATHS = frozenset(["data", "answers"])


@dataclass(frozen=True, slots=True)
class Resumed:
    """A run that can go on. jobs: all its attempts, also those that have ended."""

    terms: Terms
    attempts: int
    jobs: tuple[Job, ...]


def resumed(
    header: Mapping[str, object], tasks: Sequence[BenchmarkTask | NotLoaded], given: Mapping[str, object]
) -> Resumed | EvaluationProblem:
    """What a run goes on with. given: the options of the command line by their names, and where the tools are, if that
    is set; None for those not given."""
    if (told := changed(header, given)) is not None:
        return EvaluationProblem(told)
    terms = terms_of(header)
    if isinstance(terms, EvaluationProblem):
        return terms
    free = {name: given[name] for name in FREE if given.get(name) is not None}
    terms = replace(terms, settings=Settings.model_validate({**terms.settings.model_dump(), **free}))
    if (other := _other_model(header, models_of(terms.settings))) is not None:
        return EvaluationProblem(f"--policy {other}: the model is another than when the run began; begin another run.")
    attempts = int(str(header.get("attempts", 1)))
    path = header.get("answers")
    if path is None:
        return Resumed(terms, attempts, tuple(attempts_of(tasks, attempts)))
    jobs = answered(Path(str(path)), tasks)
    if isinstance(jobs, EvaluationProblem):
        return jobs
    if header.get("answers_sha256", known := answers_digest(jobs)) != known:
        return EvaluationProblem(f"--answers {path}: are others than when the run began; begin another run.")
    return Resumed(terms, attempts, jobs)


def also_used(header: Mapping[str, object], given: Mapping[str, object]) -> dict[str, object]:
    """What of a run that goes on is otherwise than before and may be: facts for its `run.json`, which tell both."""
    facts: dict[str, object] = {}
    now = {"sources_sha256": sources_digest(), **{name: given.get(name) for name in FREE}}
    for name, value in now.items():
        before = header.get(name, _mapping(header.get("settings")).get(name))
        also = header.get(f"also_{name}")
        known = also if isinstance(also, list) else []
        if value is not None and value != before and value not in known:
            facts[f"also_{name}"] = [*known, value]
    return facts


def changed(header: Mapping[str, object], given: Mapping[str, object]) -> str | None:
    """The first option of a resumed run that is not what the run began with, in words; None where none is. given: by
    their names; None for those not given. The same words once more are no change."""
    before = {**header, **_mapping(header.get("choice")), **_mapping(header.get("settings"))}
    given = dict(given)
    named = given.get("benchmark")
    if isinstance(named, str) and named not in NAMES and header.get("benchmark") == "folder":
        given |= {"benchmark": None, "data": Path(named)}  # a folder of tasks is its own data
    for name, value in given.items():
        if value is None or name in FREE:
            continue
        value = str(Path(str(value)).resolve()) if name in _PATHS else value
        if before.get(name) != value:
            shown = " ".join(map(str, value)) if isinstance(value, list) else value
            option = shown if name == "benchmark" else f"--{name.replace('_', '-')} {shown}"
            return f"{option}: the run was begun {_with(before.get(name))}; leave it out, or begin another run."
    return None


def answers_digest(jobs: Iterable[Job]) -> str:
    """What tells answers that are judged from others."""
    return digest(
        f"{job.task.id}\0{job.attempt}\0{job.answer}\0" + ("" if job.said is None else f"{job.said}\0") for job in jobs
    )


def _other_model(header: Mapping[str, object], specs: Iterable[str]) -> str | None:
    """A model that is no longer the one that the run began with. One that is not here any more is told where it is
    opened."""
    known = _mapping(header.get("models"))
    changed_ones = (s for s in specs if known.get(s) and (now := model_facts(s)) and now != known.get(s))
    return next(changed_ones, None)


def _with(before: object) -> str:
    if before is None:
        return "without it"
    return f"with {' '.join(map(str, before)) if isinstance(before, list) else before}"


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
