"""Tasks, stores and executors for tests of evaluations."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.decompositions import DecomposeRequest, DecomposeResult
from prover.evaluation.jobs import Ended, Job
from prover.evaluation.records import EvaluationProblem
from prover.evaluation.store import Store, create, take_up
from prover.events import Observer
from prover.inputs import SourceFile
from prover.pools import Pools
from prover.results import AttemptJson, GateVerdict, ProveRequest, ProveResult, Status
from prover.settings import Settings

PROVED = ProveResult(Status.PROVED, text="lemma L0()\n{\n}\n", seconds=1.5, checks=3, verifier="Dafny 2.3")


@dataclass
class ToyEngine:
    """Answers with what it was given; an exception is raised."""

    answer: ProveResult | BaseException = field(default_factory=lambda: PROVED)
    verdict: GateVerdict = field(default_factory=lambda: GateVerdict("accepted", "Dafny 2.3"))
    requests: list[ProveRequest] = field(default_factory=list)

    async def prove(self, request: ProveRequest, observer: Observer) -> ProveResult:
        self.requests.append(request)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    async def judge(
        self,
        original: SourceFile | None,
        candidate: SourceFile,
        *,
        settings: Settings,
        seconds: float,
        pools: Pools | None = None,
    ) -> GateVerdict:
        return self.verdict

    async def decompose(self, request: DecomposeRequest, observer: Observer) -> DecomposeResult:
        raise AssertionError("an evaluation decomposes nothing")


def task(number: int) -> BenchmarkTask:
    """One of many small tasks."""
    return BenchmarkTask("toys", f"toy/{number}", "dafny", "proof", f"lemma L{number}()\n  ensures true\n")


def tasks(count: int) -> tuple[BenchmarkTask, ...]:
    return tuple(task(number) for number in range(count))


def line(job: Job, status: str = "proved", **facts: object) -> AttemptJson:
    return AttemptJson.model_validate(
        {
            "benchmark": job.task.benchmark,
            "id": job.task.id,
            "language": job.task.language,
            "attempt": job.attempt,
            "status": status,
            **facts,
        }
    )


def proof(job: Job) -> Ended:
    return Ended(line(job), f"{job.task.source}{{ }}\n", "proved")


def made(path: Path, loaded: Sequence[BenchmarkTask | NotLoaded]) -> Store:
    """A new store."""
    store = create(path, {"benchmark": "toys"}, loaded)
    assert isinstance(store, Store)
    return store


def again(path: Path, *, retry_errors: bool = False) -> Store:
    """A store taken up again."""
    store = take_up(path, retry_errors=retry_errors)
    assert isinstance(store, Store)
    return store


def refused(outcome: Store | EvaluationProblem) -> str:
    """Why there is no store."""
    assert isinstance(outcome, EvaluationProblem)
    return outcome.reason


@dataclass
class ToyExecutor:
    """Answers each job with what a function says; counts what runs at a time. before: awaited in each attempt."""

    answer: Callable[[Job], Ended] = proof
    slots: int = 2
    ran: list[tuple[str, int]] = field(default_factory=list)
    running: int = 0
    most: int = 0

    async def run(self, job: Job, folder: Path) -> Ended:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            (folder / "journal.jsonl").write_text("{}\n")
            await asyncio.sleep(0)
            self.ran.append(job.key)
            return self.answer(job)
        finally:
            self.running -= 1

    async def close(self) -> None:
        pass


@dataclass
class Ear:
    """A watcher that remembers."""

    began_: Counter[tuple[str, int]] = field(default_factory=Counter)
    ended_: list[AttemptJson] = field(default_factory=list)

    def began(self, job: Job) -> None:
        self.began_[job.key] += 1

    def ended(self, job: Job, line: AttemptJson) -> None:
        self.ended_.append(line)
