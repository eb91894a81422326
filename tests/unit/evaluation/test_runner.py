"""The loop of a run: every attempt once, in order, a bounded number at a time, whatever ends it in between."""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path

import pytest
from run_scenes import Ear, ToyExecutor, again, line, made, proof, tasks

from prover.evaluation.bench import NoRoom
from prover.evaluation.jobs import Ended, Job, attempts_of
from prover.evaluation.outlook import Outlook
from prover.evaluation.runner import Run
from prover.evaluation.store import Store


def go(store: Store, executor: ToyExecutor, attempts: int = 1) -> Ear:
    ear = Ear()
    asyncio.run(Run(store, tuple(attempts_of(store.tasks, attempts)), executor, ear).go())
    return ear


def test_every_task_once_then_every_task_again(tmp_path: Path) -> None:
    executor = ToyExecutor(slots=1)
    go(made(tmp_path, tasks(3)), executor, attempts=2)
    assert executor.ran == [(f"toy/{n}", attempt) for attempt in (1, 2) for n in range(3)]


def test_no_more_at_a_time_than_there_are_slots(tmp_path: Path) -> None:
    executor = ToyExecutor(slots=3)
    go(made(tmp_path, tasks(20)), executor)
    assert executor.most == 3


def test_slots_may_become_more(tmp_path: Path) -> None:
    second = asyncio.Event()

    class Growing(ToyExecutor):
        async def run(self, job: Job, folder: Path) -> Ended:
            self.slots = 2
            if job.task.id == "toy/0":
                async with asyncio.timeout(30):
                    await second.wait()  # for an attempt that needs the other slot
            else:
                second.set()
            return await super().run(job, folder)

    executor = Growing(slots=1)
    go(made(tmp_path, tasks(4)), executor)
    assert len(executor.ran) == 4


@pytest.mark.parametrize("status", ["unsupported", "invalid"])
def test_what_another_attempt_cannot_change_is_not_attempted_again(tmp_path: Path, status: str) -> None:
    executor = ToyExecutor(lambda job: Ended(line(job, status)) if job.task.id == "toy/1" else proof(job))
    store = made(tmp_path, tasks(3))
    jobs = tuple(attempts_of(store.tasks, 3))
    assert Outlook(jobs, store.done).left == 9
    go(store, executor, attempts=3)
    assert sorted(executor.ran).count(("toy/1", 1)) == 1
    assert len(executor.ran) == 7
    assert Outlook(jobs, store.done).left == 0


def test_what_has_ended_is_not_made_again(tmp_path: Path) -> None:
    store = made(tmp_path, tasks(5))
    for number in (0, 3):
        job = Job(tasks(5)[number], 1)
        store.end(job, proof(job))
    store.close()
    executor = ToyExecutor()
    go(again(tmp_path), executor)
    assert sorted(executor.ran) == [("toy/1", 1), ("toy/2", 1), ("toy/4", 1)]


def test_a_full_disk_ends_the_run_which_can_go_on(tmp_path: Path) -> None:
    def answer(job: Job) -> Ended:
        if job.task.id == "toy/4":
            raise NoRoom("journal.jsonl: No space left on device")
        return proof(job)

    store = made(tmp_path, tasks(10))
    with pytest.raises(NoRoom):
        go(store, ToyExecutor(answer, slots=1))
    store.close()
    store = again(tmp_path)
    assert sorted(store.done) == [(f"toy/{n}", 1) for n in range(4)]
    executor = ToyExecutor()
    go(store, executor)
    assert len(store.done) == 10
    assert len(executor.ran) == 6


def test_a_result_that_cannot_be_written_has_not_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path, tasks(2))

    def full(path: Path, text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr("prover.evaluation.store.write_atomically", full)
    with pytest.raises(OSError, match="No space left"):
        go(store, ToyExecutor())
    assert store.done == {}


def test_an_interrupted_run_leaves_nothing_running(tmp_path: Path) -> None:
    class Endless(ToyExecutor):
        async def run(self, job: Job, folder: Path) -> Ended:
            self.running += 1
            try:
                if self.running == self.slots:
                    full.set()
                await asyncio.Event().wait()
                raise AssertionError
            finally:
                self.running -= 1

    executor = Endless()
    store = made(tmp_path, tasks(5))

    async def interrupted() -> None:
        run = asyncio.create_task(Run(store, tuple(attempts_of(store.tasks, 1)), executor, Ear()).go())
        await full.wait()
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run

    full = asyncio.Event()
    asyncio.run(interrupted())
    assert executor.running == 0
    assert store.done == {}
