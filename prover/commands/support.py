"""What every command needs: its surroundings, running a coroutine so that Ctrl-C keeps results, and the last resort."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import platform
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from prover.console import abandon, plain
from prover.engine import DefaultEngine
from prover.output_files import NO_ROOM
from prover.results import Engine
from prover.run_folder import package_version

T = TypeVar("T")


class ExitCode(IntEnum):
    """The exit codes that scripts rely on."""

    DONE = 0
    NOT_PROVED = 1
    INVALID = 2
    UNSUPPORTED = 3
    REFUTED = 4
    INTERNAL = 5
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Services:
    """A command's surroundings; tests put fakes here. clock: monotonic seconds. moment: local time."""

    engine: Engine = field(default_factory=DefaultEngine)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    cwd: Callable[[], Path] = Path.cwd
    stdin: Callable[[], BinaryIO] = lambda: sys.stdin.buffer if sys.stdin else io.BytesIO()
    clock: Callable[[], float] = time.monotonic
    moment: Callable[[], datetime] = datetime.now


class Interrupted(Exception):
    """The user (or the system) asked us to stop, and the coroutine had no result of its own to give."""


class OutputLost(Exception):
    """What belongs on stdout could not be written there, for another reason than that its reader has gone."""


def run_interruptible(work: Coroutine[Any, Any, T], on_interrupt: Callable[[], None]) -> T:
    """Run a coroutine to its result. The first Ctrl-C (or SIGTERM, SIGHUP) cancels it and calls `on_interrupt`; a
    result it returns all the same counts, otherwise Interrupted is raised. The third one leaves the process at once
    (the sandbox's supervisor ends the children)."""
    interrupts = 0

    async def body() -> T:
        loop = asyncio.get_running_loop()
        task = loop.create_task(work)

        def stop() -> None:
            nonlocal interrupts
            interrupts += 1
            if interrupts >= 3:
                os._exit(ExitCode.INTERRUPTED)
            if not task.done():
                task.cancel()
                if interrupts == 1:
                    on_interrupt()

        # They stay until the loop is closed: another Ctrl-C must not break off what closes it.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # What our starter ignores (nohup, a shell's background job) stays ignored.
            if signal.getsignal(number) is not signal.SIG_IGN:
                with contextlib.suppress(ValueError, RuntimeError):  # not in the main thread
                    loop.add_signal_handler(number, stop)
        try:
            return await task
        except asyncio.CancelledError:
            if interrupts:
                raise Interrupted from None
            raise

    return asyncio.run(body())


def guarded(command: Callable[[], ExitCode], explain: Callable[[str], None]) -> ExitCode:
    """Run a command; what should not happen becomes an exit code and one clear message instead of a traceback.

    explain: tells scripts why there is no result (prints the JSON object where one was asked for).
    """
    try:
        return command()
    except (KeyboardInterrupt, Interrupted):
        code, reason = ExitCode.INTERRUPTED, "Interrupted."
    except OutputLost as lost:
        say(str(lost))
        return ExitCode.INVALID
    except Exception as error:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return _without_room(error, explain)
        report = write_report(error)
        where = f"A report is in {report}; please send it to the project." if report else traceback.format_exc()
        code, reason = ExitCode.INTERNAL, f"An error of ours: {type(error).__name__}: {error}. {where}"
    say(reason)
    with contextlib.suppress(OutputLost):
        explain(reason)
    return code


def _without_room(error: OSError, explain: Callable[[str], None]) -> ExitCode:
    where = f"{error.filename}: " if error.filename else ""
    reason = f"{where}cannot be written: {error.strerror}. Make room there, or write elsewhere, and run it again."
    say(reason)
    with contextlib.suppress(OutputLost):  # stdout may be on another disk
        explain(reason)
    abandon(sys.stdout)
    return ExitCode.INVALID


def write_report(error: BaseException) -> Path | None:
    """Write what a developer needs to see to a new file; None where nothing can be written."""
    text = "\n".join(
        [
            f"prover {package_version()}, Python {platform.python_version()}, {platform.platform()}",
            f"command: {' '.join(sys.argv)}",
            f"time: {datetime.now().astimezone().isoformat(timespec='seconds')}",
            "",
            "".join(traceback.format_exception(error)),
        ]
    )
    try:
        descriptor, name = tempfile.mkstemp(prefix="prover-report-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:
        return None
    return Path(name)


def say(reason: str) -> None:
    """One message for people on stderr."""
    with contextlib.suppress(OSError):
        print(f"prover: {plain(reason)}", file=sys.stderr, flush=True)


def write_stdout(text: str) -> None:
    """Write to stdout at once. A reader that has gone (`head`, a closed pager) does not change how the command
    ended. Raises OutputLost where it cannot be written for another reason (a full disk)."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        abandon(sys.stdout)
    except OSError as error:
        abandon(sys.stdout)
        raise OutputLost(f"standard output cannot be written: {error.strerror or error}.") from None
