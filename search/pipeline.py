"""Jobs in flight, and the order in which their results count.

What a search does next depends on the results so far, so a run is reproducible if results count in an order that does
not depend on how long things take. `ordered` pipelines hand results out in the order of launching: then the sequence
of decisions is a function of the verdicts alone, at the price of waiting for the oldest job. (One thing remains: a
policy that takes its time over a candidate, and is overtaken by news that make it useless, may or may not have had its
check started and counted.) Otherwise results count as they come, of several at once the one launched first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

K = TypeVar("K")
R = TypeVar("R")


class Pipeline(Generic[K, R]):
    """Named jobs of one search, each a task."""

    def __init__(self, *, ordered: bool) -> None:
        self._ordered = ordered
        self._jobs: dict[K, asyncio.Task[R]] = {}

    def __len__(self) -> int:
        return len(self._jobs)

    def __contains__(self, name: K) -> bool:
        return name in self._jobs

    def launch(self, name: K, job: Coroutine[Any, Any, R]) -> None:
        """Start a job; there must be none of that name."""
        self._jobs[name] = asyncio.get_running_loop().create_task(job)

    async def next(self, *, halt: asyncio.Future[None], seconds: float | None) -> tuple[K, asyncio.Task[R]] | None:
        """Wait for the next result that counts, and take its (finished) job out. None when `halt` is done (and no
        such result is), or after `seconds`."""
        jobs = list(self._jobs.values())
        awaited: list[asyncio.Future[Any]] = [halt, *(jobs[:1] if self._ordered else jobs)]
        await asyncio.wait(awaited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for name, task in self._jobs.items():
            if task.done():
                del self._jobs[name]
                return name, task
            if self._ordered:
                break
        return None

    def cancel(self, name: K) -> asyncio.Task[R] | None:
        """Cancel a job, if there is one of that name; its result counts no longer."""
        task = self._jobs.pop(name, None)
        if task is not None:
            task.cancel()
        return task
