"""A pool of blocking workers for asyncio: at most `size` at once, first come first served, unfit ones replaced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, ParamSpec, Protocol, TypeVar

from sandbox.threads import in_thread

_KILL_SECONDS = 5.0


class Worker(Protocol):
    """What a pool needs of its workers; `Session` is one. The methods may block, `kill` may come from any thread."""

    def start(self) -> object:
        """Start, or do nothing when it runs."""
        ...

    def kill(self) -> None:
        """End it and everything it started; calls that wait for it return soon."""
        ...

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        ...

    def memory_bytes(self) -> int:
        """Resident bytes of everything it started."""
        ...


W = TypeVar("W", bound=Worker)
R = TypeVar("R")
P = ParamSpec("P")


@dataclass(slots=True)
class _Slot(Generic[W]):
    worker: W
    uses: int = 0


class Lease(Generic[W]):
    """A worker held by one task."""

    def __init__(self, worker: W) -> None:
        self.worker = worker

    async def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a blocking call (a method of the worker) beside the event loop. Cancelling it kills the worker."""
        work = in_thread(lambda: function(*args, **kwargs), "sandbox-worker")
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            self.worker.kill()
            await asyncio.wait({work}, timeout=_KILL_SECONDS)
            raise


class WorkerPool(Generic[W]):
    """Up to `size` workers made by `factory`, started when first needed.

    recycle_after: uses after which a worker is ended and replaced. max_memory_bytes: likewise, seen after each use.
    A worker whose holder was cancelled or raised is ended at once, since nobody knows what it is in the middle of.
    Belongs to one event loop.
    """

    def __init__(
        self,
        factory: Callable[[], W],
        size: int,
        *,
        recycle_after: int | None = None,
        max_memory_bytes: int | None = None,
    ) -> None:
        if size < 1:
            raise ValueError(f"a pool needs at least one worker, not {size}")
        self.size = size
        self._factory = factory
        self._recycle_after = recycle_after
        self._max_memory_bytes = max_memory_bytes
        self._turns = asyncio.Semaphore(size)
        self._idle: list[_Slot[W]] = []
        self._leased: list[_Slot[W]] = []
        self._ending: set[asyncio.Future[None]] = set()
        self._closed = False

    async def __aenter__(self) -> WorkerPool[W]:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def worker(self, prefer: Callable[[W], float] | None = None) -> AsyncIterator[Lease[W]]:
        """Hold a worker, waiting for one in the order of arrival.

        prefer: how much each idle worker is wanted, where several are idle; else, and among equals, it is the one used
        last. It was alive a moment ago, unless it can't be started at all: its own answers tell. Raises RuntimeError
        when the pool is closed.
        """
        async with self._turns:
            if self._closed:
                raise RuntimeError("the worker pool is closed")
            slot = self._take(prefer)
            lease = Lease(slot.worker)
            fit = False
            try:
                if not slot.worker.alive:
                    await lease.call(slot.worker.start)
                slot.uses += 1
                yield lease
                fit = self._fit(slot)
            finally:
                self._leased.remove(slot)
                if fit:
                    self._idle.append(slot)
                else:
                    self._end(slot)

    async def close(self) -> None:
        """End all workers, those in use included, and wait for their end. Repeated calls do nothing."""
        self._closed = True
        for slot in (*self._idle, *self._leased):
            self._end(slot)
        self._idle.clear()
        if self._ending:
            await asyncio.wait(self._ending, timeout=_KILL_SECONDS)

    def _take(self, prefer: Callable[[W], float] | None) -> _Slot[W]:
        """The worker wanted most, else the one used last (its memory is warm), or a new one. The dead are dropped."""
        dead = [slot for slot in self._idle if not slot.worker.alive]
        for slot in dead:
            self._idle.remove(slot)
            self._end(slot)
        if self._idle:
            # The first of equal ones: seen from the end, the one used last.
            best = max(reversed(self._idle), key=lambda slot: 0.0 if prefer is None else prefer(slot.worker))
            self._idle.remove(best)
        else:
            best = _Slot(self._factory())
        self._leased.append(best)
        return best

    def _fit(self, slot: _Slot[W]) -> bool:
        """Whether a worker may serve again."""
        if self._closed or not slot.worker.alive:
            return False
        if self._recycle_after is not None and slot.uses >= self._recycle_after:
            return False
        return self._max_memory_bytes is None or slot.worker.memory_bytes() <= self._max_memory_bytes

    def _end(self, slot: _Slot[W]) -> None:
        """Kill beside the event loop: reaping may take a moment."""
        ending = in_thread(slot.worker.kill, "sandbox-end")
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
