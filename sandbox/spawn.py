"""The pipes of a long-lived child: pexpect's pipe transport with a waiting reader, and one exchange of lines on it."""

from __future__ import annotations

import os
import queue
import select
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pexpect
from pexpect.popen_spawn import PopenSpawn

from sandbox.group import ChildGroup
from sandbox.limits import Ended, Limits

_SLICE = 0.2
"""Seconds between looks at memory, standard error and the clock while a reply is awaited."""
_CHUNK = 1 << 16
_JOIN_SECONDS = 1.0


# The stubs call it generic, the class itself is not.
if TYPE_CHECKING:
    _Base: TypeAlias = PopenSpawn[bytes]
else:
    _Base = PopenSpawn


class LineSpawn(_Base):
    """PopenSpawn whose reader waits instead of polling, and kills a child that writes more than a reply may have."""

    def __init__(self, command: list[str], *, output_bytes: int, cwd: Path | None, env: Mapping[str, str]) -> None:
        # All before the base class starts the reading thread.
        self._output_bytes = output_bytes
        self._received = 0
        self._allowed = output_bytes
        self._chunks: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._at_end = False
        self._reader_done = threading.Event()
        self.overflow = threading.Event()
        self.group: ChildGroup | None = None
        super().__init__(command, timeout=None, maxread=_CHUNK, cwd=None if cwd is None else str(cwd), env=dict(env))
        self.delayafterread = None

    def renew_allowance(self) -> None:
        """A new reply begins: it may have `output_bytes`."""
        self._allowed = self._received + self._output_bytes

    def end_input(self) -> None:
        """Make a waiting `expect` see the end, also if some process should still hold the pipe."""
        self._chunks.put(None)

    def join(self) -> None:
        """Wait (a second at most) for the reading thread, which ends with the last writer of the pipe."""
        self._reader_done.wait(_JOIN_SECONDS)

    def read_nonblocking(self, size: int = 1, timeout: float | None = None) -> bytes:
        """Next chunk within `timeout` seconds, empty if there is none. `size` is not used."""
        if self._at_end:
            raise pexpect.EOF("end of output")
        try:
            chunk = self._chunks.get(timeout=max(timeout or 0.0, 0.0))
        except queue.Empty:
            return b""
        if chunk is None:
            self._at_end = True
            raise pexpect.EOF("end of output")
        return chunk

    def _read_incoming(self) -> None:
        """Body of the reading thread, in place of the base class's (which reads 1 kB at a time without bound)."""
        output = self.proc.stdout
        assert output is not None
        with suppress(OSError, ValueError):
            while chunk := os.read(output.fileno(), _CHUNK):
                if self.overflow.is_set():
                    continue  # it is being killed: nobody wants this
                self._received += len(chunk)
                self._chunks.put(chunk)
                if self._received > self._allowed:
                    self.overflow.set()
                    if self.group is not None:
                        self.group.kill()
        self._chunks.put(None)
        with suppress(OSError):
            output.close()
        self._reader_done.set()


class Exchange:
    """One request and its reply. Methods return why the child must go, or None."""

    def __init__(
        self, spawn: LineSpawn, group: ChildGroup, limits: Limits, stderr: Path | None, deadline: float
    ) -> None:
        self._spawn = spawn
        self._group = group
        self._limits = limits
        self._stderr = stderr
        self._deadline = deadline
        self._received = b""
        self.marker = ""

    @property
    def text(self) -> str:
        """What came before the end marker."""
        return self._received.decode("utf-8", "replace")

    def send(self, data: bytes) -> Ended | None:
        """Write everything, while the reading thread keeps the other pipe from filling up."""
        assert self._spawn.proc.stdin is not None
        descriptor = self._spawn.proc.stdin.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLOUT)
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(descriptor, rest[:_CHUNK]) :]
            except BlockingIOError:
                if (ended := self._overdue()) is not None:
                    return ended
                poll.poll(1000 * self._wait())
            except OSError:  # it has closed its input: what it said before it ended is still to be read
                return None
        return None

    def receive(self, markers: tuple[str, ...]) -> Ended | None:
        """Read up to the line of a marker."""
        lines = [marker.encode() + end for marker in markers for end in (b"\n", b"\r\n")]
        while True:
            found = self._spawn.expect_exact([*lines, pexpect.EOF, pexpect.TIMEOUT], timeout=self._wait())
            before = self._spawn.before or b""
            if found < len(lines):
                self._received += before
                if not self._received or self._received.endswith(b"\n"):
                    self.marker = markers[found // 2]
                    return None
                self._received += lines[found]  # the marker's text at the end of a longer line
                continue
            ended = self._overdue()
            if found == len(lines) or ended is not None:
                self._received += before
                return ended or Ended.EXITED

    def trim_stderr(self) -> None:
        """Keep the file small over a long life (the child appends, so it may be cut at any time)."""
        if self._stderr_bytes() > _CHUNK and self._stderr is not None:
            with suppress(OSError):
                os.truncate(self._stderr, 0)

    def _stderr_bytes(self) -> int:
        try:
            return 0 if self._stderr is None else self._stderr.stat().st_size
        except OSError:
            return 0

    def _wait(self) -> float:
        return max(min(self._deadline - time.monotonic(), _SLICE), 0.0)

    def _overdue(self) -> Ended | None:
        if self._spawn.overflow.is_set() or self._stderr_bytes() > self._limits.output_bytes:
            return Ended.OUTPUT
        if time.monotonic() >= self._deadline:
            return Ended.TIMEOUT
        bound = self._limits.memory_bytes
        return Ended.MEMORY if bound is not None and self._group.memory_bytes() > bound else None
