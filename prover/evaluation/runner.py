"""The loop of a run: attempts handed out in order, a bounded number at a time, each written down when it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from prover.evaluation.bench import Workbench
from prover.evaluation.jobs import Ended, Job
from prover.evaluation.outlook import needless
from prover.evaluation.store import Store
from prover.results import AttemptJson


class Executor(Protocol):
    """Where attempts are made: in this process, or on many machines. Close it at the end."""

    @property
    def slots(self) -> int:
        """Attempts that it can make at a time. May change."""
        ...

    async def run(self, job: Job, folder: Path) -> Ended:
        """Make an attempt, its files in a folder that is there. Raises NoRoom; cancelled, it leaves nothing running."""
        ...

    async def close(self) -> None:
        """End everything."""
        ...


@dataclass(frozen=True, slots=True)
class LocalExecutor:
    """Attempts in this process."""

    bench: Workbench
    slots: int

    async def run(self, job: Job, folder: Path) -> Ended:
        """Make it on the workbench."""
        return await self.bench.attempt(job, folder)

    async def close(self) -> None:
        """End its child processes."""
        await self.bench.close()


class Watcher(Protocol):
    """Hears how a run goes. Must return at once and must not raise."""

    def began(self, job: Job) -> None:
        """An attempt begins."""
        ...

    def ended(self, job: Job, line: AttemptJson) -> None:
        """An attempt has ended, and is on the disk."""
        ...


class Run:
    """One run over the attempts that a store lacks. `go` raises what the executor and the store raise (OSError and
    NoRoom of a full disk); then, and when it is cancelled, what had ended is on the disk and the rest can be
    resumed."""

    def __init__(self, store: Store, jobs: Sequence[Job], executor: Executor, watcher: Watcher) -> None:
        self._store = store
        self._jobs = jobs
        self._executor = executor
        self._watcher = watcher
        self._firsts: dict[str, asyncio.Event] = {}
        self._waiting: Iterator[Job] = iter(())

    async def go(self) -> None:
        """Make all attempts."""
        self._waiting = (job for job in self._jobs if job.key not in self._store.done)
        self._firsts = {job.task.id: asyncio.Event() for job in self._jobs if job.attempt == 1}
        for task, attempt in self._store.done:
            if attempt == 1 and task in self._firsts:
                self._firsts[task].set()
        try:
            async with asyncio.TaskGroup() as group:
                await self._staffed(group.create_task)
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None  # the first to fail has ended the others

    async def _staffed(self, hire: Callable[..., asyncio.Task[None]]) -> None:
        """As many workers as there are slots, also where these become more."""
        workers: set[asyncio.Task[None]] = set()
        over = False
        while not over:
            while len(workers) < max(self._executor.slots, 1):
                workers.add(hire(self._work()))
            done, workers = await asyncio.wait(workers, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
            over = bool(done)  # a worker stops only where nothing is left to hand out, or something failed

    async def _work(self) -> None:
        for job in self._waiting:
            if await self._needless(job):
                continue
            folder = self._store.begin(job)
            self._watcher.began(job)
            ended = await self._executor.run(job, folder)
            line = self._store.end(job, ended)
            if job.attempt == 1:
                self._firsts[job.task.id].set()
            self._watcher.ended(job, line)

    async def _needless(self, job: Job) -> bool:
        """Whether the first attempt at a task has shown that no other can do better. Waits for it."""
        if job.attempt > 1 and job.task.id in self._firsts:
            await self._firsts[job.task.id].wait()
        return needless(job, self._store.done)
