"""A language server as a child process, and a conversation with it in JSON-RPC. Blocking; `kill` from any thread.

Why not pygls as the client: it was tried on the pipes of such a child and works as far as checks go, but importing it
takes three times as long as Lean's server needs to start, it can neither read nor answer requests without parameters
(`workspace/semanticTokens/refresh`, which Lean sends), it leaves requests unanswered for ever when the server dies,
and it has no bound on a message. What is left without it is `framing` and this module. Lean's additions to the
messages (`leanTags`, `fullRange`, `$/lean/...`) are in no library's types either.
"""

from __future__ import annotations

import itertools
import os
import select
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lean_project.driver.framing import BadFrame, FrameReader, encode
from sandbox.group import ChildGroup
from sandbox.limits import Ended, Limits
from sandbox.process import cannot_start, child_environment
from sandbox.procfs import group_is_busy
from sandbox.scratch import new_scratch
from sandbox.supervisor import supervisor

_SLICE = 0.1
"""Seconds between looks at memory, standard error and the clock while an answer is awaited."""
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a request: `result`, or the code and text of an error."""

    result: Any = None
    error_code: int | None = None
    error: str = ""


class Conversation:
    """One child that speaks JSON-RPC on its pipes. Starts at once; over when `ended` is not None.

    on_notification: called with method and parameters in the reading thread, must be quick. limits: `seconds` is not
    used (each wait has its own deadline); `output_bytes` bounds one message, and standard error as a whole. Deadlines
    are readings of `time.monotonic()`.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        limits: Limits,
        env: Mapping[str, str],
        cwd: Path,
        on_notification: Callable[[str, Any], None],
    ) -> None:
        self._limits = limits
        self._on_notification = on_notification
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()
        self._awaited: set[int] = set()
        self._answers: dict[int, Answer] = {}
        self._replies: list[bytes] = []
        self._sending = threading.Lock()
        self._closing = threading.Lock()
        self._ended: Ended | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._group: ChildGroup | None = None
        self._stderr = new_scratch("lean-server") / "stderr"
        self._last_words = ""
        self.objection = cannot_start(argv, cwd, env) or ""
        if self.objection or not self._launch(argv, env, cwd):
            self._ended = Ended.NOT_STARTED

    def _launch(self, argv: Sequence[str], env: Mapping[str, str], cwd: Path) -> bool:
        owner = supervisor()
        launch = owner.launch(argv, self._limits, stderr=self._stderr)
        try:
            process = subprocess.Popen(
                launch.argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=cwd,
                env=child_environment(env, cwd, launch),
                start_new_session=True,
                bufsize=0,
            )
        except (OSError, ValueError) as error:
            self.objection = str(error)
            return False
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        self._process = process
        self._group = ChildGroup(process, launch, owner)
        threading.Thread(target=self._read, name="lean-server-reader", daemon=True).start()
        return True

    @property
    def ended(self) -> Ended | None:
        """Why the conversation is over, as far as was noticed; None while it goes on."""
        return self._ended

    @property
    def alive(self) -> bool:
        """Whether the child runs."""
        return self._ended is None and self._group is not None and not self._group.exited()

    @property
    def pid(self) -> int | None:
        """Pid of the child, None when it was never started."""
        return None if self._group is None else self._group.pid

    def memory_bytes(self) -> int:
        """Resident bytes of the child and everything it started."""
        return 0 if self._group is None else self._group.memory_bytes()

    def is_busy(self) -> bool:
        """Whether the child, or something it started, computes at this moment."""
        return self._group is not None and group_is_busy(self._group.pid)

    def stderr(self) -> str:
        """The last of the child's standard error, or why it could not be started."""
        if self.objection or self._last_words:
            return self.objection or self._last_words
        try:
            return self._stderr.read_bytes()[-2000:].decode("utf-8", "replace")
        except OSError:
            return ""

    def kill(self, reason: Ended = Ended.CANCELLED) -> None:
        """End the child and everything it started, at once; waiting calls return. The first reason given stays."""
        self._over(reason)
        if self._group is not None:
            self._group.kill()
        with self._closing:
            process, self._process = self._process, None
            if process is not None and self._group is not None:
                self._group.close()
                self._last_words = self.stderr()
                with self._sending:
                    assert process.stdin is not None
                    with suppress(OSError):
                        process.stdin.close()
            shutil.rmtree(self._stderr.parent, ignore_errors=True)

    def notify(self, method: str, params: Any, deadline: float) -> Ended | None:
        """Send a notification. Returns why that was not possible, None when it was."""
        return self._send(encode({"jsonrpc": "2.0", "method": method, "params": params}), deadline)

    def request(self, method: str, params: Any, deadline: float) -> int:
        """Send a request; `answer` waits for what comes back, also when it could not be sent."""
        number = next(self._numbers)
        with self._changed:
            self._awaited.add(number)
        self._send(encode({"jsonrpc": "2.0", "id": number, "method": method, "params": params}), deadline)
        return number

    def answer(self, number: int, deadline: float, lost: Callable[[], bool] = lambda: False) -> Answer | Ended | None:
        """The answer to a request, or why there is none: TIMEOUT (the child still runs), or the end of the child; None
        once `lost` says that none is to come. To be asked once for each request."""
        try:
            return self._answer(number, deadline, lost)
        finally:
            self.forget(number)

    def forget(self, number: int) -> None:
        """Nobody waits for the answer to this request any more: one that comes late is not kept."""
        with self._changed:
            self._awaited.discard(number)
            self._answers.pop(number, None)

    def _answer(self, number: int, deadline: float, lost: Callable[[], bool]) -> Answer | Ended | None:
        while True:
            self._flush(deadline)
            with self._changed:
                if number in self._answers:
                    return self._answers[number]
                if self._ended is not None:
                    return self._ended
                if lost():
                    return None
                wait = min(deadline - time.monotonic(), _SLICE)
                if wait <= 0:
                    return Ended.TIMEOUT
                if self._changed.wait(wait):
                    continue
            if (exceeded := self._exceeded()) is not None:
                self.kill(exceeded)
                return exceeded

    def _exceeded(self) -> Ended | None:
        bound = self._limits.memory_bytes
        if bound is not None and self.memory_bytes() > bound:
            return Ended.MEMORY
        with suppress(OSError):
            if self._stderr.stat().st_size > self._limits.output_bytes:
                return Ended.OUTPUT
        return None

    def _flush(self, deadline: float) -> None:
        """Send the replies to the server's own requests: the reading thread must never wait for a full pipe."""
        if self._replies:
            with self._changed:
                replies, self._replies = self._replies, []
            self._send(b"".join(replies), deadline)

    def _send(self, data: bytes, deadline: float) -> Ended | None:
        with self._sending:
            process = self._process
            if process is None or self._ended is not None:
                return self._ended or Ended.EXITED
            assert process.stdin is not None
            descriptor = process.stdin.fileno()
            poll = select.poll()
            poll.register(descriptor, select.POLLOUT)
            rest = memoryview(data)
            while rest:
                try:
                    rest = rest[os.write(descriptor, rest[:_CHUNK]) :]
                except BlockingIOError:
                    if self._ended is not None or time.monotonic() >= deadline:
                        # Half a message is out: no further one can be understood.
                        self._over(Ended.TIMEOUT)
                        return self._ended
                    poll.poll(1000 * _SLICE)
                except OSError:
                    self._over(Ended.EXITED)
                    return self._ended
        return None

    def _over(self, reason: Ended) -> None:
        with self._changed:
            if self._ended is None:
                self._ended = reason
            self._changed.notify_all()

    def _read(self) -> None:
        """Body of the reading thread. The pipe ends when the last process that holds it does."""
        process, group = self._process, self._group
        if process is None or group is None or process.stdout is None:
            return
        frames = FrameReader(self._limits.output_bytes)
        reason = Ended.EXITED
        try:
            while chunk := os.read(process.stdout.fileno(), _CHUNK):
                for message in frames.feed(chunk):
                    self._handle(message)
        except BadFrame:
            reason = Ended.OUTPUT
            group.kill()
        except (OSError, ValueError):
            pass
        self._over(reason)
        with suppress(OSError):
            process.stdout.close()

    def _handle(self, message: dict[str, Any]) -> None:
        number, method = message.get("id"), message.get("method")
        if method is not None and number is not None:
            # Lean's requests (register a watcher, refresh a display) want no more than an answer.
            with self._changed:
                self._replies.append(encode({"jsonrpc": "2.0", "id": number, "result": None}))
                self._changed.notify_all()
        elif method is not None:
            self._on_notification(str(method), message.get("params"))
        elif isinstance(number, int):
            error = message.get("error")
            if isinstance(error, dict):
                code = error.get("code")
                answer = Answer(None, code if isinstance(code, int) else 0, str(error.get("message", "")))
            else:
                answer = Answer(message.get("result"))
            with self._changed:
                if number in self._awaited:
                    self._answers[number] = answer
                    self._changed.notify_all()
