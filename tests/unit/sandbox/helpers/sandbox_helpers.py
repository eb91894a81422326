"""What the sandbox's tests share: looking at processes, and waiting for a fact with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from sandbox.procfs import carriers, start_time
from sandbox.supervisor import TOKEN_VARIABLE

DEADLINE = 120.0
"""Seconds; only a test that fails waits for so long."""


def eventually(fact: Callable[[], object]) -> bool:
    """Whether `fact` comes true before the deadline."""
    until = time.monotonic() + DEADLINE
    while not fact():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def running(pid: int) -> bool:
    """Whether a process is there and is no zombie."""
    return start_time(pid) is not None


def children_of(owner: int) -> list[int]:
    """All sandboxed processes of a process, wherever they have moved to."""
    return [pid for pid in carriers(f"{TOKEN_VARIABLE}-{owner}-".encode()) if running(pid)]


def read_pids(path: Path, count: int) -> list[int]:
    """The pids that a shell wrote into a file, one a line, as soon as there are `count` of them."""
    assert eventually(lambda: path.exists() and path.read_text().count("\n") >= count)
    return [int(line) for line in path.read_text().split()]
