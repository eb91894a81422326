"""A started child with everything it starts: killing it as a whole, seeing its end, reaping it exactly once."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress

from sandbox.procfs import carriers, group_memory, read_table, start_time, tree_members
from sandbox.supervisor import Launch, Supervisor

_REAP_SECONDS = 5.0
_REAP_INTERVAL = 0.002
_SWEEPS = 20


def kill_group(pgid: int) -> None:
    """SIGKILL a process group and its leader. Nothing happens when they are gone, or are not ours to signal."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pgid, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


class ChildGroup:
    """A child, its session and its process group. Safe to use from many threads.

    The leader is left unreaped until `close`, so its number stays ours as long as signals may be sent to it.
    """

    def __init__(self, process: subprocess.Popen[bytes], launch: Launch, owner: Supervisor) -> None:
        self.pid = process.pid
        self._process = process
        self.launch = launch
        self._owner = owner
        self._lock = threading.Lock()  # never held while waiting: `kill` is called from event loops
        self._closing = threading.Lock()
        self._closed = False
        self._swept = False
        owner.started(self.pid, launch.token, self.kill)

    def exited(self) -> bool:
        """Whether the leader has ended (it may still be unreaped, and its descendants alive)."""
        with self._lock:
            if self._closed:
                return True
            try:
                return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
            except ChildProcessError:  # somebody else reaped it
                return True

    def memory_bytes(self) -> int:
        """Resident bytes of the leader and everything it started; 0 when they are gone."""
        return 0 if self._closed else group_memory(self.pid)

    def kill(self) -> None:
        """SIGKILL the group and all descendants, without waiting. Reads the process table: some milliseconds."""
        with self._lock:
            if self._closed:
                return
            members = self._freeze()
            kill_group(self.pid)
            # A leader that has not reached setsid yet is in our group: by its pid it is ours until it is reaped.
            _signal(self.pid, signal.SIGKILL)
            for pid, start in members.items():
                if start_time(pid) == start:
                    _signal(pid, signal.SIGKILL)

    def _freeze(self) -> dict[int, int]:
        """Stop everything, so that nothing forks, moves away or loses its parent while we look: pids and starts."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGSTOP)
        frozen: dict[int, int] = {}
        for _ in range(_SWEEPS):
            found = {entry.pid: entry.start for entry in tree_members(self.pid, read_table().values())}
            fresh = [pid for pid in found if pid not in frozen]
            frozen |= found
            if not fresh or fresh == [self.pid]:
                break
            for pid in fresh:
                _signal(pid, signal.SIGSTOP)
        return frozen

    def kill_all(self) -> None:
        """`kill`, and then also the descendants that lost their parents: they are known by their environment.

        Only one that does all of leaving the session, losing its parents and clearing its environment gets away.
        """
        if self._swept:
            return
        self.kill()
        for _ in range(_SWEEPS):
            escaped = [pid for pid in carriers(self.launch.mark) if pid != self.pid]
            if not escaped:
                break
            for pid in escaped:
                _signal(pid, signal.SIGKILL)
        self._swept = True

    def close(self) -> int | None:
        """`kill_all`, then reap. Returns the leader's exit status, as in `subprocess` (None if the kernel does not let
        it end). Repeated calls answer the same."""
        with self._closing:
            if self._closed:
                return self._process.returncode
            self.kill_all()
            deadline = time.monotonic() + _REAP_SECONDS
            while not self.exited() and time.monotonic() < deadline:
                time.sleep(_REAP_INTERVAL)
            with self._lock:  # from here on its number may be somebody else's
                self._closed = True
                self._owner.ended(self.pid)
                return self._process.poll()
