"""Work in threads that nobody has to wait for: a model that loads, or is in the middle of a step, must not hold up
somebody who has changed their mind."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_MARK = "lemmatree-aside-"


def thread(work: Callable[[], None], name: str) -> threading.Thread:
    """A thread, not yet started, that keeps no process alive."""
    return threading.Thread(target=work, name=_MARK + name, daemon=True)


def left_running() -> bool:
    """Whether such a thread still works. Python then must not be ended in the ordinary way: what native code does that
    comes back to an interpreter which is gone is anybody's guess."""
    return any(t.name.startswith(_MARK) for t in threading.enumerate())


async def aside(work: Callable[[], T], name: str) -> T:
    """The result of a function that runs in a thread of its own. Raises what it raises. When this is cancelled the
    thread goes on alone, and what it comes to is forgotten (`asyncio.to_thread` would keep the loop from closing)."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def tell(error: BaseException | None, result: T | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        error: BaseException | None = None
        result: T | None = None
        try:
            result = work()
        except BaseException as raised:  # handed over, whatever it is
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(tell, error, result)

    thread(run, name).start()
    return await future
