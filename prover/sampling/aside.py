"""Work in threads that nobody has to wait for: a model that loads, or is in the middle of a step, must not hold up
somebody who has changed their mind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from sandbox.threads import in_thread

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
    return await in_thread(work, _MARK + name)
