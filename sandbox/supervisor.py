"""Ends our children when we end, however that happens: the client of the guard process (`_guard.py`).

One guard per process, started lazily with the first child. Children register themselves before they execute their
program (`_launch.py`), we take them off the list when they are reaped. Not guaranteed: a descendant that leaves its
session, loses its parents and clears its environment is not found.
"""

from __future__ import annotations

import atexit
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sandbox.limits import Limits
from sandbox.procfs import start_time
from sandbox.scratch import new_scratch, scratch_root

TOKEN_VARIABLE = "LEMMATREE_CHILD"
"""Environment variable that marks every process of one child: how descendants that changed their session are found."""

_LAUNCH_FAILED = 125
_LAUNCH = Path(__file__).with_name("_launch.py")
_GUARD = Path(__file__).with_name("_guard.py")


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a program inside the sandbox: the whole command line, and the token its environment must carry."""

    argv: tuple[str, ...]
    token: str

    @property
    def mark(self) -> bytes:
        """What to look for in /proc/PID/environ."""
        return self.token.encode()

    def failure(self, returncode: int | None, stderr: str) -> str | None:
        """Why the program was never executed, told by what the launcher left behind; None if it was."""
        prefix = f"{self.token}: "
        if returncode != _LAUNCH_FAILED or not stderr.startswith(prefix):
            return None
        return stderr.removeprefix(prefix).strip()


@cache
def _isolation_method() -> str | None:
    """`net`: a network namespace directly; `user`: inside a user namespace; None: neither is permitted here."""
    return next((method for method in ("net", "user") if _probe(method)), None)


def _probe(what: str) -> bool:
    command = [_python(), "-I", "-S", str(_LAUNCH), "--probe", what]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


@cache
def write_confinement_available() -> bool:
    """Whether children can be kept from writing outside of given folders here (Landlock: Linux 5.13 or later). Tried
    once; where not, `Limits.writable` has no effect."""
    return _probe("confine")


def network_isolation_available() -> bool:
    """Whether children can be cut off from the network here. Tried once; where not, children run with the network."""
    return _isolation_method() is not None


def _python() -> str:
    return sys.executable or "python3"


class Supervisor:
    """The guard of this process, and the list of its live children. Safe to use from many threads."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._lock = threading.Lock()
        self._live: dict[int, tuple[str, Callable[[], None]]] = {}
        self._guard: subprocess.Popen[bytes] | None = None
        self._fifo = Path()
        self._writer = -1
        self._closed = False

    def launch(self, argv: Sequence[str], limits: Limits, *, stderr: Path | None = None) -> Launch:
        """The command line that runs `argv` with limits, registered. stderr: a file to append standard error to."""
        token = f"{TOKEN_VARIABLE}-{self.owner}-{secrets.token_hex(8)}"
        network = "on" if limits.network else _isolation_method() or "on"
        writable = "-"
        if limits.writable is not None and write_confinement_available():
            writable = "\n".join(str(folder.absolute()) for folder in limits.writable)
        with self._lock:
            self._ensure_guard()
            fifo = str(self._fifo)
        options = [
            fifo,
            str(self.owner),
            token,
            str(limits.nice),
            "-" if limits.address_space_bytes is None else str(limits.address_space_bytes),
            network,
            "-" if stderr is None else str(stderr),
            writable,
        ]
        return Launch((_python(), "-I", "-S", str(_LAUNCH), *options, "--", *argv), token)

    def started(self, pid: int, token: str, kill: Callable[[], None]) -> None:
        """Note a child, so that it is killed when the interpreter exits."""
        with self._lock:
            self._live[pid] = (token, kill)

    def ended(self, pid: int) -> None:
        """Take a child off the list, at the moment it is about to be reaped (later its pid may be somebody else's)."""
        with self._lock:
            self._live.pop(pid, None)
            self._send(f"-{pid}\n")

    @property
    def guard_pid(self) -> int | None:
        """Pid of the guard, None before the first child."""
        return None if self._guard is None else self._guard.pid

    def close(self) -> None:
        """Kill all children and end the guard. Called at interpreter exit."""
        if os.getpid() != self.owner:
            return
        with self._lock:
            self._closed = True
            children = list(self._live.values())
        for _, kill in children:
            kill()
        with self._lock:
            if self._writer >= 0:
                os.close(self._writer)
                self._writer = -1
            guard, self._guard = self._guard, None
        if guard is not None:
            try:
                guard.wait(timeout=5)
            except subprocess.TimeoutExpired:
                guard.kill()
                guard.wait()

    def _send(self, line: str) -> None:
        if self._writer >= 0:
            with suppress(OSError):  # without a guard, the next launch starts another and tells it who lives
                os.write(self._writer, line.encode())

    def _ensure_guard(self) -> None:
        if self._closed:
            raise RuntimeError("the sandbox is closed: the interpreter is exiting")
        if self._guard is not None and self._guard.poll() is None and self._fifo.exists():
            return
        if self._writer >= 0:
            self._send("!\n")  # it may be well, with its FIFO cleaned away under /tmp: let it go without killing
            os.close(self._writer)
            self._writer = -1
        self._fifo = new_scratch("guard") / "register"
        os.mkfifo(self._fifo, 0o600)
        reader = os.open(self._fifo, os.O_RDONLY | os.O_NONBLOCK)
        try:
            self._writer = os.open(self._fifo, os.O_WRONLY | os.O_NONBLOCK)
            self._guard = subprocess.Popen(
                [_python(), "-I", "-S", str(_GUARD), str(self.owner), str(scratch_root())],
                stdin=reader,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        finally:
            os.close(reader)
        for pid, (token, _) in self._live.items():
            start = start_time(pid)
            if start is not None:
                self._send(f"+{pid} {start} {token}\n")


_creation = threading.Lock()
_current: Supervisor | None = None


def supervisor() -> Supervisor:
    """The supervisor of this process; a forked child gets one of its own."""
    global _current
    with _creation:
        if _current is None or _current.owner != os.getpid():
            _current = Supervisor()
            atexit.register(_current.close)
        return _current
