"""Running one child process to its end, within limits."""

from __future__ import annotations

import asyncio
import os
import selectors
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from sandbox.group import ChildGroup, kill_group
from sandbox.limits import Completed, Ended, Limits
from sandbox.supervisor import (
    TOKEN_VARIABLE,
    Launch,
    Supervisor,
    network_isolation_available,
    supervisor,
    write_confinement_available,
)
from sandbox.threads import in_thread

__all__ = ["Cancel", "kill_group", "network_isolation_available", "run", "run_async", "write_confinement_available"]

_MEMORY_INTERVAL = 0.1
_POLL_INTERVAL = 0.05
_DRAIN_SECONDS = 2.0
_CHUNK = 1 << 16


class Cancel:
    """Ends runs from another thread: `cancel()` kills their groups at once, also of runs that start later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._actions: list[Callable[[], None]] = []
        self.requested = False

    def cancel(self) -> None:
        """Kill now. Repeated calls do nothing."""
        with self._lock:
            self.requested = True
            actions, self._actions = self._actions, []
        for action in actions:
            action()

    def attach(self, action: Callable[[], None]) -> None:
        """Call `action` when cancelled; at once if that has happened already."""
        with self._lock:
            if not self.requested:
                self._actions.append(action)
                return
        action()


def child_environment(env: Mapping[str, str] | None, scratch: Path | None, launch: Launch) -> dict[str, str]:
    """The child's environment: ours when None is given; `scratch` becomes its TMPDIR."""
    environment = dict(os.environ if env is None else env)
    if scratch is not None:
        environment["TMPDIR"] = str(scratch)
    environment[TOKEN_VARIABLE] = launch.token
    return environment


def cannot_start(argv: Sequence[str], cwd: Path | None, env: Mapping[str, str] | None) -> str | None:
    """Why a command can't be started, in one sentence; None when it can as far as one sees beforehand."""
    if not argv:
        return "empty command"
    if cwd is not None and not cwd.is_dir():
        return f"no such working directory: {cwd}"
    if "/" in argv[0]:
        program = Path(cwd or ".") / argv[0]
        return None if program.is_file() and os.access(program, os.X_OK) else f"not an executable file: {argv[0]}"
    path = (os.environ if env is None else env).get("PATH", os.defpath)
    return None if shutil.which(argv[0], path=path) else f"command not found: {argv[0]}"


def run(
    argv: Sequence[str],
    *,
    limits: Limits,
    stdin: str | bytes | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    scratch: Path | None = None,
    cancel: Cancel | None = None,
) -> Completed:
    """Run a command to its end, or until a limit is hit; then nothing that it started is left.

    stdin: all of its input (None: empty). cwd, env: as in `subprocess`. scratch: its TMPDIR. cancel: a handle for other
    threads. Never raises for what the command does: see `Completed.ended`.
    """
    argv = tuple(argv)
    began = time.monotonic()
    objection = cannot_start(argv, cwd, env)
    if objection is not None or (cancel is not None and cancel.requested):
        ended = Ended.CANCELLED if objection is None else Ended.NOT_STARTED
        return Completed(argv, None, ended, None, "", objection or "", time.monotonic() - began)
    owner = supervisor()
    launch = owner.launch(argv, limits)
    environment = child_environment(env, scratch, launch)
    try:
        process = subprocess.Popen(
            launch.argv,
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=environment,
            start_new_session=True,
            bufsize=0,
        )
    except (OSError, ValueError) as error:
        return Completed(argv, None, Ended.NOT_STARTED, None, "", str(error), time.monotonic() - began)
    data = stdin.encode("utf-8", "replace") if isinstance(stdin, str) else stdin
    return _Run(argv, process, launch, owner, limits, data, began, cancel).finish()


class _Run:
    """One child being watched: its pipes drained, its clock and memory looked at, in the calling thread."""

    def __init__(
        self,
        argv: tuple[str, ...],
        process: subprocess.Popen[bytes],
        launch: Launch,
        owner: Supervisor,
        limits: Limits,
        stdin: bytes | None,
        began: float,
        cancel: Cancel | None,
    ) -> None:
        self._argv = argv
        self._process = process
        self._launch = launch
        self._limits = limits
        self._began = began
        self._cancel = cancel
        self._input = memoryview(stdin or b"")
        self._group = ChildGroup(process, launch, owner)
        self._chunks: dict[str, list[bytes]] = {"stdout": [], "stderr": []}
        self._room = limits.output_bytes
        self._overflow = False
        self._peak = 0

    def finish(self) -> Completed:
        """Watch until the end, kill what is left, collect."""
        try:
            with selectors.DefaultSelector() as selector:
                pidfd = self._register(selector)
                try:
                    ended = self._watch(selector)
                    self._group.kill_all()
                    self._drain(selector)
                finally:
                    if pidfd >= 0:
                        os.close(pidfd)
        finally:
            returncode = self._group.close()
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                if pipe is not None:
                    pipe.close()
        if self._cancel is not None and self._cancel.requested:
            ended = Ended.CANCELLED
        elif self._overflow:
            ended = Ended.OUTPUT
        stdout, stderr = (b"".join(self._chunks[name]).decode("utf-8", "replace") for name in ("stdout", "stderr"))
        if (objection := self._launch.failure(returncode, stderr)) is not None:
            ended, stderr = Ended.NOT_STARTED, objection
        seconds = time.monotonic() - self._began
        return Completed(self._argv, self._process.pid, ended, returncode, stdout, stderr, seconds, self._peak)

    def _register(self, selector: selectors.BaseSelector) -> int:
        """Watch the pipes and, where the system has pidfds, the leader's end."""
        if self._cancel is not None:
            self._cancel.attach(self._group.kill)
        for name in ("stdout", "stderr", "stdin"):
            pipe: IO[bytes] | None = getattr(self._process, name)
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
                selector.register(pipe, selectors.EVENT_WRITE if name == "stdin" else selectors.EVENT_READ, name)
        try:
            pidfd = os.pidfd_open(self._process.pid)
        except (OSError, AttributeError):
            return -1
        selector.register(pidfd, selectors.EVENT_READ, "leader")
        return pidfd

    def _watch(self, selector: selectors.BaseSelector) -> Ended:
        deadline = self._began + self._limits.seconds
        next_look = time.monotonic()
        has_pidfd = any(key.data == "leader" for key in selector.get_map().values())
        while True:
            now = time.monotonic()
            if now >= deadline:
                return Ended.TIMEOUT
            if now >= next_look:
                memory = self._group.memory_bytes()
                self._peak = max(self._peak, memory)
                if self._limits.memory_bytes is not None and memory > self._limits.memory_bytes:
                    return Ended.MEMORY
                next_look = time.monotonic() + _MEMORY_INTERVAL
            wait = max(min(deadline, next_look) - time.monotonic(), 0)
            events = [key for key, _ in selector.select(wait if has_pidfd else min(wait, _POLL_INTERVAL))]
            for key in events:
                if key.data != "leader":
                    self._transfer(selector, key)
            if self._overflow:
                return Ended.OUTPUT
            if any(key.data == "leader" for key in events) or (not has_pidfd and self._group.exited()):
                return Ended.EXITED

    def _drain(self, selector: selectors.BaseSelector) -> None:
        """Read what is left in the pipes; they end once every process that holds them is dead."""
        deadline = time.monotonic() + _DRAIN_SECONDS
        while time.monotonic() < deadline:
            keys = {key.data: key for key in selector.get_map().values() if key.data in self._chunks}
            if not keys:
                return
            for key, _ in selector.select(0.05):
                if key.data in keys:
                    self._transfer(selector, key)

    def _transfer(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        try:
            if key.data == "stdin":
                written = os.write(key.fd, self._input[:_CHUNK])
                self._input = self._input[written:]
                finished = not self._input
            else:
                chunk = os.read(key.fd, _CHUNK)
                self._keep(key.data, chunk)
                finished = not chunk
        except BlockingIOError:
            return
        except OSError:  # the reader of our input is gone
            finished = True
        if finished:
            selector.unregister(key.fileobj)
            with suppress(OSError):
                key.fileobj.close()  # type: ignore[union-attr]

    def _keep(self, name: str, chunk: bytes) -> None:
        kept = chunk[: self._room]
        if kept:
            self._chunks[name].append(kept)
        self._room -= len(kept)
        self._overflow = self._overflow or len(kept) < len(chunk)


async def run_async(
    argv: Sequence[str],
    *,
    limits: Limits,
    stdin: str | bytes | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    scratch: Path | None = None,
) -> Completed:
    """`run` without blocking the event loop. Cancelling it kills the whole group at once and waits for its end."""
    cancel = Cancel()
    work = in_thread(
        lambda: run(argv, limits=limits, stdin=stdin, cwd=cwd, env=env, scratch=scratch, cancel=cancel), "sandbox-run"
    )
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        cancel.cancel()
        await asyncio.wait({work}, timeout=_DRAIN_SECONDS)
        raise
