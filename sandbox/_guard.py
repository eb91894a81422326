"""The guard: one small process beside ours that outlives us for a moment and ends our children when we die.

Run as `python -I -S _guard.py PARENT FOLDER` by `sandbox.supervisor`, in a session of its own, with the read end of a
FIFO as standard input. Lines: `+PGID START TOKEN` from a child before it executes its program, `-PGID` from us when it
is reaped, `!` when another guard takes over. When we end, however that happens, it kills every registered group and
whatever carries a registered token in its environment, removes FOLDER, and ends. Standard library only.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from contextlib import suppress

_PATIENCE = 2.0
"""Seconds after our death in which registrations still in flight are honoured."""

Groups = dict[int, tuple[int, bytes]]


def _stat(pid: int) -> list[bytes] | None:
    """Fields of /proc/PID/stat from the state on."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
            return file.read().rpartition(b")")[2].split()
    except OSError:
        return None


def _pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208
    except OSError:
        return []


def _carries(pid: int, tokens: list[bytes]) -> bool:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123
            environment = file.read()
    except OSError:
        return False
    return any(token in environment for token in tokens)


def _signal(pid: int, number: int) -> None:
    with suppress(OSError):
        os.kill(pid, number)


def _signal_group(pgid: int, number: int) -> None:
    with suppress(OSError):
        os.killpg(pgid, number)


def _is_stranger(pgid: int, start: int) -> bool:
    """A leader with another start time has a reused pid. Without a leader the number is still ours while the group has
    members, since the kernel gives out no pid that is in use as a group."""
    leader = _stat(pgid)
    return leader is not None and int(leader[19]) != start


def _tree(leaders: list[int]) -> set[int]:
    """Members of the leaders' sessions and groups, and their descendants wherever they have moved to."""
    children: dict[int, list[int]] = {}
    found: set[int] = set()
    for pid in _pids():
        fields = _stat(pid)
        if fields is not None and fields[0] != b"Z":
            children.setdefault(int(fields[1]), []).append(pid)
            if pid in leaders or int(fields[2]) in leaders or int(fields[3]) in leaders:
                found.add(pid)
    pending = list(found)
    while pending:
        below = [pid for pid in children.get(pending.pop(), []) if pid not in found]
        found.update(below)
        pending += below
    return found


def _kill_trees(leaders: list[int]) -> None:
    """Stopped first, so that nothing forks, leaves its session or loses its parent while we look."""
    frozen: set[int] = set()
    for pgid in leaders:
        _signal_group(pgid, signal.SIGSTOP)
    for _ in range(20):
        fresh = _tree(leaders) - frozen
        if not fresh:
            break
        for pid in fresh:
            _signal(pid, signal.SIGSTOP)
        frozen |= fresh
    for pgid in leaders:
        _signal_group(pgid, signal.SIGKILL)
    for pid in frozen:
        _signal(pid, signal.SIGKILL)


def _kill_all(groups: Groups) -> None:
    leaders = [pgid for pgid, (start, _) in groups.items() if not _is_stranger(pgid, start)]
    if leaders:
        _kill_trees(leaders)
    tokens = [token for _, token in groups.values()]
    for _ in range(20):  # what escaped its session may be forking: look until nothing is found
        escaped = [pid for pid in _pids() if tokens and pid != os.getpid() and _carries(pid, tokens)]
        if not escaped:
            return
        for pid in escaped:
            _signal(pid, signal.SIGKILL)


def _apply(line: bytes, groups: Groups) -> None:
    try:
        if line[:1] == b"+":
            pgid, start, token = line[1:].split()
            groups[int(pgid)] = (int(start), token)
        elif line[:1] == b"-":
            groups.pop(int(line[1:]), None)
        elif line[:1] == b"!":
            sys.exit(0)
    except ValueError:
        pass


class _Lines:
    """Whole lines from the FIFO; `ended` once every writer is gone."""

    def __init__(self) -> None:
        self.ended = False
        self._rest = b""

    def read(self) -> list[bytes]:
        try:
            chunk = os.read(0, 65536)
        except BlockingIOError:
            return []
        self.ended = not chunk
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        return lines


def _watch(parent: int, groups: Groups, lines: _Lines) -> None:
    """Follow registrations until the parent is gone. Its end is seen by pidfd too, since a process that it forked may
    hold a copy of the FIFO."""
    poll = select.poll()
    poll.register(0, select.POLLIN)
    interval: float | None = None
    try:
        parent_end = os.pidfd_open(parent)
        poll.register(parent_end, select.POLLIN)
    except (OSError, AttributeError):
        parent_end, interval = -1, 500
    while not lines.ended and os.getppid() == parent:
        ready = [descriptor for descriptor, _ in poll.poll(interval)]
        if 0 in ready:
            for line in lines.read():
                _apply(line, groups)
        elif parent_end in ready:
            return


def main(arguments: list[str]) -> None:
    """Watch, kill, clean up."""
    parent, folder = int(arguments[0]), arguments[1]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    os.set_blocking(0, False)
    groups: Groups = {}
    lines = _Lines()
    _watch(parent, groups, lines)
    _kill_all(groups)
    deadline = time.monotonic() + _PATIENCE
    while not lines.ended and time.monotonic() < deadline:
        late: Groups = {}
        if select.select([0], [], [], 0.1)[0]:
            for line in lines.read():
                _apply(line, late)
        _kill_all(late)
    if folder:
        import shutil

        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
