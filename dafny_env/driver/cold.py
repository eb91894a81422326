"""The command line of Dafny 2.3, one fresh process a check: slow, and the one to trust.

Nothing counts as verified unless all of these agree: exit status 0, a trailer without any complaint and nothing
after it, no sign of trouble anywhere, and as many `Verifying ... verified` lines in the trace as the trailer claims.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dafny_env.driver.discovery import Installation
from dafny_env.driver.includes import absolute_includes
from dafny_env.driver.names import procedure_patterns
from dafny_env.driver.obligations import INSTRUMENTED, obligation_free
from dafny_env.driver.parse_output import Transcript, parse_transcript
from dafny_env.driver.types import CheckRequest, CheckResult, Outcome, VerifierInfo
from dafny_env.driver.verdict import judge, unseen
from sandbox.limits import Completed, Ended, Limits
from sandbox.process import run_async
from sandbox.scratch import scratch_directory

_FILE = "lemmatree_checked_file.dfy"
_PRINTED = "lemmatree_printed_file.dfy"
_MODELS = "lemmatree_models.txt"
_ENDINGS = {Ended.TIMEOUT: Outcome.TIMEOUT, Ended.CANCELLED: Outcome.UNKNOWN}


def switches23(request: CheckRequest, solver: Path | None) -> list[str]:
    """What command line and server of 2.3 are told about a request, the mode (resolve only) apart."""
    switches = ["/nologo", "/compile:0", "/trace", f"/timeLimit:{max(1, request.solver_seconds)}"]
    switches.append(f"/errorLimit:{max(1, request.error_limit)}")
    if request.keep_going:
        switches.append("/subsumption:0")
    if solver is not None:
        switches.append(f"/z3exe:{solver}")
    if request.declarations is not None and not request.resolve_only:
        switches += [f"/proc:{pattern}" for pattern in procedure_patterns(request.declarations)]
        if not request.declarations:
            switches.append("/noVerify")
    return switches


def ended_badly(ended: Ended, seconds: float, output: str) -> CheckResult:
    """The result of a process that a limit ended: TIMEOUT for time, CRASHED for memory and output."""
    return CheckResult(
        _ENDINGS.get(ended, Outcome.CRASHED), seconds=seconds, output=output or f"ended by limit: {ended}"
    )


def printed_in(file: Path) -> str:
    """What a verifier printed into a file; nothing where it did not."""
    return file.read_text("utf-8", "replace") if file.is_file() else ""


class ColdVerifier:
    """A `DafnyVerifier` over `Dafny.exe`. Keeps nothing between checks."""

    def __init__(self, installation: Installation, limits: Limits | None = None) -> None:
        self._installation = installation
        self._limits = limits or Limits()

    @property
    def info(self) -> VerifierInfo:
        """Which verifier answers."""
        return self._installation.info

    async def check(self, request: CheckRequest) -> CheckResult:
        """Check one file in a fresh process. Cancelling kills the process group at once."""
        began = time.monotonic()
        solver = self._installation.solver.path if self._installation.solver else None
        switches = switches23(request, solver) + (["/dafnyVerify:0"] if request.resolve_only else [])
        if request.print_types:
            switches.append(f"/rprint:{_PRINTED}")
        if request.models:
            switches.append(f"/mv:{_MODELS}")
        done, transcript, (printed, models) = await self._run(request, switches, request.seconds)
        if done.ended is not Ended.EXITED:
            return ended_badly(done.ended, time.monotonic() - began, done.stdout + done.stderr)
        complete = _complete(done, transcript, request)
        result = judge(request, transcript, complete=complete)
        if result.outcome is Outcome.UNKNOWN and complete and (missing := unseen(request, result)):
            left = request.seconds - (time.monotonic() - began)
            looked, _, _ = await self._run(request, [*switches, *INSTRUMENTED], max(left, 0.1))
            free = obligation_free(looked.stdout, missing) if looked.ended is Ended.EXITED else frozenset()
            result = judge(request, transcript, complete=complete, without_obligations=free)
        crashed = done.returncode not in (0, 2, 4) and result.outcome is not Outcome.TIMEOUT
        outcome = Outcome.CRASHED if crashed else result.outcome
        seconds, output = time.monotonic() - began, done.stdout + done.stderr
        return replace(result, outcome=outcome, seconds=seconds, output=output, printed=printed, models=models)

    async def _run(
        self, request: CheckRequest, switches: Sequence[str], seconds: float
    ) -> tuple[Completed, Transcript, tuple[str, str]]:
        source = request.source if request.folder is None else absolute_includes(request.source, request.folder)
        with scratch_directory("dafny") as scratch:
            file = scratch / _FILE
            file.write_bytes(source.encode("utf-8", "replace"))
            argv = (*self.info.command, *switches, str(file))
            limits = replace(self._limits, seconds=seconds, writable=(*(self._limits.writable or ()), scratch))
            done = await run_async(argv, limits=limits, cwd=scratch, scratch=scratch)
            written = printed_in(scratch / _PRINTED), printed_in(scratch / _MODELS)
        return done, parse_transcript(done.stdout + done.stderr, {_FILE}), written

    async def close(self) -> None:
        """Nothing to end: every check has ended its own process."""


def _complete(done: Completed, transcript: Transcript, request: CheckRequest) -> bool:
    """Whether the run came to its end without a complaint, and its trace agrees with its trailer."""
    if done.returncode != 0 or transcript.after_trailer or transcript.trouble or done.stderr.strip():
        return False
    if request.resolve_only:
        return True
    trailer = transcript.trailer
    seen = sum(p.outcome == "verified" for p in transcript.procedures)
    return trailer is not None and trailer.clean and trailer.verified == seen == len(transcript.procedures)
