"""One sampling service for the whole process: every goal of every task asks it, one model answers.

It keeps the model's batch full from one queue, shares it fairly between tasks, books what each task used, stops a task
whose budget is spent, and lets a task wait at the door that has too much waiting already."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from prover.sampling.charges import Ledger, TaskLimit, Usage
from prover.sampling.plain import plain_text
from prover.sampling.port import Answer, Prompt, Sampler, SampleRequest, SamplingFailed
from prover.sampling.queueing import FairQueue
from prover.sampling.wire import key_of, request_record


@dataclass(eq=False)
class _Waiter:
    task: str
    future: asyncio.Future[Answer]


@dataclass(eq=False)
class _Work:
    """One computation, for all who ask the same with the same seed. task: whose turn it takes. door: where its place in
    the queue is to be given back."""

    key: str
    request: SampleRequest
    door: asyncio.Semaphore | None
    task: str
    waiters: list[_Waiter] = field(default_factory=list)
    running: asyncio.Task[Answer] | None = None

    @property
    def promise(self) -> int:
        return self.request.n * self.request.max_tokens


class SamplingService:
    """A `Sampler` before another one. running: samples that the back end is given at a time. waiting: requests of one
    task in the queue; more wait in `sample` itself. limit: of a task without one of its own. clock: monotonic seconds.
    Belongs to one event loop."""

    def __init__(
        self,
        sampler: Sampler,
        *,
        running: int = 128,
        waiting: int = 256,
        limit: TaskLimit | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sampler = sampler
        self._most = running
        self._waiting = waiting
        self._clock = clock
        self._ledger = Ledger(limit or TaskLimit())
        self._queue: FairQueue[str] = FairQueue()
        self._works: dict[str, _Work] = {}
        self._doors: dict[str, asyncio.Semaphore] = {}
        self._busy = 0
        self._planned = False
        self._closed = False

    @property
    def inner(self) -> Sampler:
        """The back end."""
        return self._sampler

    @property
    def name(self) -> str:
        """The back end's."""
        return self._sampler.name

    @property
    def window(self) -> int | None:
        """The back end's."""
        return self._sampler.window

    def count(self, prompt: Prompt) -> int:
        """As the back end counts."""
        return self._sampler.count(prompt)

    def usage(self, task: str) -> Usage:
        """What a task has used; requests that still run are not in it."""
        return self._ledger.usage(task)

    def finish(self, task: str) -> Usage:
        """A task is over and will not ask again: what it has used. Only the total keeps something of it, so that
        thousands of tasks leave nothing behind."""
        self._doors.pop(task, None)
        self._queue.forget(task)
        return self._ledger.close(task)

    @property
    def total(self) -> Usage:
        """What all tasks have used."""
        return self._ledger.total

    def limit(self, task: str, limit: TaskLimit) -> None:
        """Set a task's budget. What runs when it is spent still ends; nothing more is started."""
        self._ledger.limit(task, limit)
        self._stop_if_spent(task)

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        """An answer for each request, in order. Waits while the task has too much in the queue. Equal requests with
        equal seeds that are under way at the same time are computed once. A cancelled call leaves the queue, or ends
        its computation if nobody else waits for it."""
        return await asyncio.gather(*(self._one(request) for request in requests))

    async def close(self) -> None:
        """End everything: what waits or runs is answered with a failure, and the back end is closed."""
        self._closed = True
        works = list(self._works.values())
        for work in works:
            self._forget(work)
            self._deliver(work.waiters, self._refusal())
            if work.running is not None:
                work.running.cancel()
        await asyncio.gather(*(w.running for w in works if w.running is not None), return_exceptions=True)
        await self._sampler.close()

    async def _one(self, request: SampleRequest) -> Answer:
        key = key_of(request_record(request))
        door = self._doors.setdefault(request.task, asyncio.Semaphore(self._waiting))
        if key not in self._works:
            await door.acquire()
            if key in self._works or self._refused(request.task) is not None:
                door.release()
        refused = self._refused(request.task)
        if refused is not None:
            return refused
        work = self._works.get(key)
        if work is None:
            work = self._works[key] = _Work(key, request, door, request.task)
            self._enqueue(work)
        waiter = _Waiter(request.task, asyncio.get_running_loop().create_future())
        work.waiters.append(waiter)
        try:
            return await waiter.future
        except asyncio.CancelledError:
            self._abandon(work, waiter)
            raise

    def _refused(self, task: str) -> SamplingFailed | None:
        return self._refusal() if self._closed else self._ledger.spent(task)

    def _refusal(self) -> SamplingFailed:
        return SamplingFailed(f"Sampling from {self.name} was ended.", final=True)

    def _plan(self) -> None:
        """Look at the queue once everybody who is asking in this turn of the loop has asked."""
        if not self._planned:
            self._planned = True
            asyncio.get_running_loop().call_soon(self._start)

    def _start(self) -> None:
        self._planned = False
        for key in self._queue.take(self._most - self._busy, alone=self._busy == 0):
            work = self._works[key]
            self._let_in(work)
            self._busy += work.request.n
            work.running = asyncio.get_running_loop().create_task(self._run(work.request))
            # Not a `finally` in the task: one that is cancelled before its first step never gets there.
            work.running.add_done_callback(functools.partial(self._ended, work, self._clock()))

    async def _run(self, request: SampleRequest) -> Answer:
        (answer,) = await self._sampler.sample([request])
        return answer

    def _ended(self, work: _Work, began: float, running: asyncio.Task[Answer]) -> None:
        answer: Answer | None = None
        if not running.cancelled():
            # A back end that breaks the port's promise must not hang those who wait.
            error = running.exception()
            answer = SamplingFailed(f"{self.name} stopped with {error!r}.") if error else running.result()
        self._busy -= work.request.n
        self._forget(work)
        self._book(work, answer, max(self._clock() - began, 0.0))
        self._deliver(work.waiters, answer or self._refusal())
        self._plan()

    def _book(self, work: _Work, answer: Answer | None, seconds: float) -> None:
        """Charge the first who still waits; the others got it for nothing."""
        payer, *others = [waiter.task for waiter in work.waiters] or [work.task]
        used = self._ledger.charge(payer, answer, seconds)
        self._queue.ended(work.task, work.promise, used)
        for other in others:
            self._ledger.joined(other)
        self._stop_if_spent(payer)

    def _stop_if_spent(self, task: str) -> None:
        refused = self._ledger.spent(task)
        if refused is None:
            return
        for key in self._queue.waiting(task):
            work = self._works[key]
            gone = [waiter for waiter in work.waiters if waiter.task == task]
            work.waiters = [waiter for waiter in work.waiters if waiter.task != task]
            self._deliver(gone, refused)
            self._settle(work)

    def _abandon(self, work: _Work, waiter: _Waiter) -> None:
        """A caller was cancelled, or its answer came in the same moment."""
        if waiter in work.waiters:
            work.waiters.remove(waiter)
            self._settle(work)

    def _settle(self, work: _Work) -> None:
        """Somebody waits no more: a computation that nobody wants ends, and one that waits in the turn of a task that
        left takes that of the next."""
        if not work.waiters:
            self._forget(work)
            if work.running is not None:
                work.running.cancel()
        elif work.running is None and all(waiter.task != work.task for waiter in work.waiters):
            self._leave_queue(work)
            work.task = work.waiters[0].task
            self._enqueue(work)

    def _enqueue(self, work: _Work) -> None:
        request = work.request
        self._queue.put(work.key, work.task, plain_text(request.prompt), request.n, work.promise)
        self._plan()

    def _leave_queue(self, work: _Work) -> None:
        if self._queue.remove(work.key):
            self._let_in(work)

    def _let_in(self, work: _Work) -> None:
        """A place in the queue is free: somebody at that task's door may come in."""
        if work.door is not None:
            work.door.release()
            work.door = None

    def _forget(self, work: _Work) -> None:
        if self._works.get(work.key) is work:
            del self._works[work.key]
            self._leave_queue(work)

    @staticmethod
    def _deliver(waiters: Sequence[_Waiter], answer: Answer) -> None:
        for waiter in waiters:
            if not waiter.future.done():
                waiter.future.set_result(answer)
