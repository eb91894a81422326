"""Work that goes on side by side, and now and then a piece of it that must have the machine for itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Quiet:
    """Many work together, or one alone. Whoever wants to be alone waits until those at work have ended, and nobody
    begins meanwhile: else it would wait for ever. Belongs to one event loop."""

    def __init__(self) -> None:
        self._working = 0
        self._wanting = 0
        self._alone = False
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """With others. Must not be entered by who wants to be alone before it is left."""
        await self._until(lambda: not self._alone and not self._wanting)
        self._working += 1
        try:
            yield
        finally:
            self._working -= 1
            self._changed.set()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """With nobody else at work. Several that want this have it one after the other, before others begin again."""
        self._wanting += 1
        try:
            await self._until(lambda: not self._alone and not self._working)
            self._alone = True
            try:
                yield
            finally:
                self._alone = False
        finally:
            self._wanting -= 1
            self._changed.set()

    async def _until(self, free: Callable[[], bool]) -> None:
        while not free():
            self._changed.clear()
            await self._changed.wait()
