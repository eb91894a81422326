"""A long-lived child that answers requests on its pipes, one at a time; a line known beforehand closes each reply."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sandbox.group import ChildGroup
from sandbox.limits import Ended, Limits
from sandbox.process import cannot_start, child_environment
from sandbox.scratch import new_scratch
from sandbox.spawn import Exchange, LineSpawn
from sandbox.supervisor import supervisor

_STDERR_TAIL = 2000


@dataclass(frozen=True, slots=True)
class Reply:
    """What a child answered. ended is None for a whole reply, `text` then being everything before the end marker; else
    it says why the child is gone, `text` is what came until then and `stderr` the last of its standard error. marker:
    the end marker that was seen."""

    text: str
    ended: Ended | None = None
    seconds: float = 0.0
    stderr: str = ""
    marker: str = ""


class Session:
    """One child process and its pipes. Requests are answered in turn; `kill` may be called from any thread and makes a
    waiting `ask` return at once. After any reply with `ended` the child is gone, and `start` begins a new one.

    limits: `seconds` is not used here (each `ask` has its own bound); `output_bytes` bounds each reply.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        limits: Limits,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        scratch: Path | None = None,
    ) -> None:
        self.argv = tuple(argv)
        self._limits = limits
        self._env = env
        self._cwd = cwd
        self._scratch = scratch
        self._asking = threading.Lock()
        self._state = threading.Lock()
        self._spawn: LineSpawn | None = None
        self._group: ChildGroup | None = None
        self._stderr: Path | None = None
        self._ended: Ended | None = Ended.NOT_STARTED
        self._objection = ""
        self._kill_wanted = False

    def start(self) -> Ended | None:
        """Start the child unless it is running.

        Returns None, NOT_STARTED when it cannot be started at all (`stderr` says why), or CANCELLED when `kill` was
        called meanwhile. A program that ends at once is noticed by the next `ask`.
        """
        with self._asking:
            if self.alive:
                return None
            self._finish(Ended.EXITED)
            self._kill_wanted = False
            objection = cannot_start(self.argv, self._cwd, self._env)
            if objection is None:
                objection = self._launch()
            self._objection = objection or ""
            if objection is not None:
                self._ended = Ended.NOT_STARTED
                return self._ended
            with self._state:
                self._ended = Ended.CANCELLED if self._kill_wanted else None
            if self._ended is not None:
                self._finish(self._ended)
            return self._ended

    def _launch(self) -> str | None:
        owner = supervisor()
        if self._stderr is not None:  # of the child before
            shutil.rmtree(self._stderr.parent, ignore_errors=True)
        stderr = new_scratch("session") / "stderr"
        launch = owner.launch(self.argv, self._limits, stderr=stderr)
        environment = child_environment(self._env, self._scratch, launch)
        try:
            spawn = LineSpawn(list(launch.argv), output_bytes=self._limits.output_bytes, cwd=self._cwd, env=environment)
        except (OSError, ValueError) as error:
            return str(error)
        group = ChildGroup(spawn.proc, launch, owner)
        spawn.group = group
        assert spawn.proc.stdin is not None
        os.set_blocking(spawn.proc.stdin.fileno(), False)
        with self._state:
            self._spawn, self._group, self._stderr = spawn, group, stderr
        return None

    @property
    def alive(self) -> bool:
        """Whether the child runs."""
        group = self._group
        return self._ended is None and group is not None and not group.exited()

    @property
    def pid(self) -> int | None:
        """Pid of the child (leader of its session and group), None before the first start."""
        return None if self._group is None else self._group.pid

    @property
    def ended(self) -> Ended | None:
        """Why there is no child, as far as was noticed; None while it runs."""
        return self._ended

    def memory_bytes(self) -> int:
        """Resident bytes of the child and everything it started."""
        group = self._group
        return 0 if group is None else group.memory_bytes()

    @property
    def stderr(self) -> str:
        """The last of the child's standard error, or why it could not be started."""
        if self._objection or self._stderr is None:
            return self._objection
        with suppress(OSError), self._stderr.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(file.tell() - _STDERR_TAIL, 0))
            return file.read().decode("utf-8", "replace")
        return ""

    def kill(self) -> None:
        """End the child and everything it started, at once; a waiting `ask` returns with CANCELLED."""
        with self._state:
            self._kill_wanted = True
            if self._ended is None:
                self._ended = Ended.CANCELLED
            group, spawn = self._group, self._spawn
        if group is not None:
            group.kill()
        if spawn is not None:
            spawn.end_input()
        if self._asking.acquire(blocking=False):  # else the asker cleans up
            try:
                self._finish(Ended.CANCELLED)
            finally:
                self._asking.release()

    def ask(self, text: str, until: str | tuple[str, ...], seconds: float) -> Reply:
        """Write `text` and read up to a line that is exactly `until` (or one of several), within `seconds` wall-clock.

        One request at a time: further threads wait their turn (the clock starts with the turn). When the bound, or one
        of the limits, is passed, the child is killed, since its answers can't be told apart any more.
        """
        with self._asking:
            began = time.monotonic()
            spawn, group = self._spawn, self._group
            if self._ended is not None or spawn is None or group is None:
                return Reply("", self._ended or Ended.NOT_STARTED, 0.0, self.stderr)
            spawn.renew_allowance()
            exchange = Exchange(spawn, group, self._limits, self._stderr, began + seconds)
            try:
                ended = exchange.send(text.encode("utf-8", "replace")) or exchange.receive(
                    (until,) if isinstance(until, str) else until
                )
            except BaseException:
                self._finish(Ended.CANCELLED)
                raise
            if ended is None:
                exchange.trim_stderr()
            else:
                self._finish(ended)
                ended = self._ended
            stderr = "" if ended is None else self.stderr
            return Reply(exchange.text, ended, time.monotonic() - began, stderr, exchange.marker)

    def _finish(self, reason: Ended) -> None:
        """Kill, reap and close; the caller holds the asking lock. The first reason given stays."""
        with self._state:
            spawn, group = self._spawn, self._group
            self._spawn = None
            if self._ended is None:
                self._ended = reason
        if spawn is None or group is None:
            return
        objection = group.launch.failure(group.close(), self.stderr)
        if objection is not None:
            self._objection, self._ended = objection, Ended.NOT_STARTED
        spawn.end_input()
        spawn.join()
        if spawn.proc.stdin is not None:
            with suppress(OSError):
                spawn.proc.stdin.close()
