"""The command line of Lean, one fresh process a check: slow, and the one to trust.

A text is OK only when all of these agree: the process ended by itself with exit status 0, no message is an error, and
the compiled module that Lean writes at the very end is there. The last is what a text cannot bring about that makes
the process end early (`IO.Process.exit 0` while it is elaborated). `#exit` is told by its warning.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lean_project.driver.messages import read_json_line, read_plain
from lean_project.driver.types import Compiled, Diagnostic, LeanResult, Outcome, Rule
from lean_project.toolchain import LeanInstallation
from sandbox.limits import Completed, Ended, Limits
from sandbox.process import run_async
from sandbox.scratch import scratch_directory

_MODULE = "LemmatreeChecked"
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_ENDINGS = {Ended.TIMEOUT: Outcome.TIMEOUT, Ended.MEMORY: Outcome.MEMORY, Ended.CANCELLED: Outcome.UNKNOWN}


class CommandVerifier:
    """A `LeanVerifier` over `lean FILE`. Keeps nothing between checks. What a text runs while Lean reads it can write
    beneath its own scratch folder and that of its compiled module only.

    heartbeats: Lean's own deterministic bound on elaboration, in thousands of small allocations (its default is 200000;
    0: none; None: as it is). limits: of each process, its `seconds` apart; its `writable` are further folders.
    """

    def __init__(
        self, installation: LeanInstallation, *, heartbeats: int | None = None, limits: Limits | None = None
    ) -> None:
        self.installation = installation
        self._heartbeats = heartbeats
        self._limits = limits or Limits()

    async def check(self, text: str, *, seconds: float) -> LeanResult:
        """Check a text in a fresh process. Cancelling kills the process group at once."""
        with scratch_directory("lean") as scratch:
            return (await self._compile(text, _MODULE, scratch / f"{_MODULE}.olean", (), seconds, scratch)).result

    async def compile(
        self, text: str, module: str, olean: Path, search: Sequence[Path] = (), *, seconds: float
    ) -> Compiled:
        """Compile a text as the module of that name to the file `olean` (replaced; its folder is made).

        search: folders of compiled modules to import from, before those of the installation; for `A.B` to be imported
        later it must lie at `A/B.olean` in one of them. Raises ValueError for a name that is no plain module name.
        """
        if not _NAME.fullmatch(module):
            raise ValueError(f"not a module name: {module!r}")
        olean = _emptied(olean)
        with scratch_directory("lean") as scratch:
            return await self._compile(text, module, olean, search, seconds, scratch)

    async def _compile(
        self, text: str, module: str, olean: Path, search: Sequence[Path], seconds: float, scratch: Path
    ) -> Compiled:
        began = time.monotonic()
        file = scratch.joinpath("source", *module.split(".")).with_suffix(".lean")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "replace"))
        json_lines = "--json" in self.installation.flags
        argv = [*self.installation.argv, *(["--json"] if json_lines else [])]
        if self._heartbeats is not None:
            argv.append(f"-DmaxHeartbeats={self._heartbeats}")
        argv += ["-R", str(scratch / "source"), "-o", str(olean), str(file)]
        env = self.installation.environment()
        if search:
            folders = [str(folder.absolute()) for folder in search]
            env["LEAN_PATH"] = os.pathsep.join([*folders, *filter(None, [env.get("LEAN_PATH")])])
        limits = replace(
            self._limits, seconds=seconds, writable=(*(self._limits.writable or ()), scratch, olean.parent)
        )
        done = await run_async(argv, limits=limits, cwd=scratch, env=env, scratch=scratch)
        return _compiled(done, olean, json_lines, file.name, time.monotonic() - began)

    async def close(self) -> None:
        """Nothing to end: every check has ended its own process."""


def _emptied(olean: Path) -> Path:
    """The absolute path, with its folder made and nothing there."""
    olean = olean.absolute()
    olean.parent.mkdir(parents=True, exist_ok=True)
    olean.unlink(missing_ok=True)
    return olean


def _compiled(done: Completed, olean: Path, json_lines: bool, file_name: str, seconds: float) -> Compiled:
    """What there is after a run; a module of a text that was not accepted is not left lying."""
    result = judge(done, written=olean.is_file(), json_lines=json_lines, file_name=file_name)
    if result.outcome is not Outcome.OK:
        olean.unlink(missing_ok=True)
    return Compiled(replace(result, seconds=seconds), olean if result.outcome is Outcome.OK else None)


def judge(done: Completed, *, written: bool, json_lines: bool, file_name: str) -> LeanResult:
    """The result of one run. written: whether the compiled module is there. json_lines: how messages were printed."""
    diagnostics = _messages(done.stdout, json_lines, file_name)
    output = done.stdout + done.stderr
    status = done.returncode if done.ended is Ended.EXITED else None
    return LeanResult(_outcome(done, diagnostics, written), diagnostics, done.seconds, output=output, status=status)


def _messages(stdout: str, json_lines: bool, file_name: str) -> tuple[Diagnostic, ...]:
    if json_lines:
        read = (read_json_line(line) for line in stdout.split("\n") if line.startswith("{"))
        found = tuple(message for message in read if message is not None)
    else:
        found = read_plain(stdout, file_name)
    return tuple(sorted(found, key=lambda message: message.place))


def _outcome(done: Completed, diagnostics: tuple[Diagnostic, ...], written: bool) -> Outcome:
    if done.ended is not Ended.EXITED:
        return _ENDINGS.get(done.ended, Outcome.CRASHED)
    if done.returncode not in (0, 1):  # a signal, or what its shell makes of one
        return Outcome.CRASHED
    errors = [message for message in diagnostics if message.severity == "error"]
    if any(message.rule is Rule.MISSING_IMPORT for message in errors):
        return Outcome.MISSING_IMPORT
    if errors:
        return Outcome.ERRORS
    stopped = any(message.rule is Rule.INTERRUPTED for message in diagnostics)
    return Outcome.OK if done.returncode == 0 and written and not stopped else Outcome.UNKNOWN
