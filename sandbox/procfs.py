"""What /proc says about processes: who belongs to a session, how much memory they hold, when they started.

On systems without /proc every function answers as if no process was seen: memory is then not watched.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class ProcessEntry:
    """One line of the process table. start: clock ticks since boot, which with the pid names a process for good."""

    pid: int
    state: str
    parent: int
    group: int
    session: int
    start: int
    rss_bytes: int


def read_entry(pid: int) -> ProcessEntry | None:
    """The entry of one process, None when there is none (zombies have one, with state `Z`). Source: proc(5), stat."""
    # Not through pathlib: a table has hundreds of entries, and is read several times in a second.
    try:
        descriptor = os.open(f"/proc/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        raw = os.read(descriptor, 4096)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    # The command name in parentheses may hold spaces and parentheses of its own: the fields start after the last one.
    fields = raw[raw.rfind(b")") + 2 :].split()
    if len(fields) < 22:
        return None
    return ProcessEntry(
        pid=pid,
        state=fields[0].decode("ascii", "replace"),
        parent=int(fields[1]),
        group=int(fields[2]),
        session=int(fields[3]),
        start=int(fields[19]),
        rss_bytes=int(fields[21]) * _PAGE,
    )


def start_time(pid: int) -> int | None:
    """Start of a process in clock ticks since boot, None when it does not exist or is a zombie."""
    entry = read_entry(pid)
    return None if entry is None or entry.state in "ZX" else entry.start


def read_table() -> dict[int, ProcessEntry]:
    """All processes that can be seen, by pid."""
    try:
        names = os.listdir(_PROC)  # noqa: PTH208  (a scan makes no objects it does not need)
    except OSError:
        return {}
    entries = (read_entry(int(name)) for name in names if name.isdigit())
    return {entry.pid: entry for entry in entries if entry is not None}


class _SharedTable:
    """One reading of the process table for all watchers: many children cost one scan per interval, not one each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._table: Mapping[int, ProcessEntry] = {}
        self._read_at = float("-inf")

    def get(self, max_age: float) -> Mapping[int, ProcessEntry]:
        with self._lock:
            if time.monotonic() - self._read_at > max_age:
                self._table = read_table()
                self._read_at = time.monotonic()
            return self._table


_shared = _SharedTable()


def tree_members(leader: int, table: Iterable[ProcessEntry]) -> list[ProcessEntry]:
    """The live processes of the session or group that `leader` leads, itself included, and all descendants."""
    children: dict[int, list[ProcessEntry]] = {}
    found: dict[int, ProcessEntry] = {}
    for entry in table:
        children.setdefault(entry.parent, []).append(entry)
        if leader in (entry.session, entry.group, entry.pid):
            found[entry.pid] = entry
    pending = list(found)
    while pending:
        for child in children.get(pending.pop(), ()):
            if child.pid not in found:
                found[child.pid] = child
                pending.append(child.pid)
    return [entry for entry in found.values() if entry.state not in "ZX"]


def group_memory(leader: int, *, max_age: float = 0.05) -> int:
    """Resident bytes of everything `leader` started, summed over processes (shared pages count once for each).

    max_age: how old, in seconds, a shared reading of the process table may be.
    """
    return sum(entry.rss_bytes for entry in tree_members(leader, _shared.get(max_age).values()))


def group_is_busy(leader: int) -> bool:
    """Whether a thread of anything that `leader` started is running or waiting for a processor at this moment."""
    return any(_is_runnable(entry.pid) for entry in tree_members(leader, read_table().values()))


def _is_runnable(pid: int) -> bool:
    try:
        threads = os.listdir(_PROC / str(pid) / "task")  # noqa: PTH208
    except OSError:
        return False
    for thread in threads:
        try:
            raw = (_PROC / str(pid) / "task" / thread / "stat").read_bytes()
        except OSError:
            continue
        if raw[raw.rfind(b")") + 2 :][:1] == b"R":
            return True
    return False


def carriers(mark: bytes) -> list[int]:
    """Pids of the processes whose initial environment contains `mark` (own user's, or everybody's for root).

    Finds descendants that left their session with setsid. They could only hide by also clearing their environment.
    """
    found = []
    try:
        names = os.listdir(_PROC)  # noqa: PTH208  (a scan makes no objects it does not need)
    except OSError:
        return []
    for name in names:
        if name.isdigit():
            try:
                environment = (_PROC / name / "environ").read_bytes()
            except OSError:
                continue
            if mark in environment:
                found.append(int(name))
    return found
