"""The command line of Dafny 3.x and 4.x, one fresh process a check (written from its manual and sources).

Read are the console's lines (`f.dfy(4,24): Error: msg`, related locations, the trailer), whose form has stayed the
same, rather than `--json-output`, which changed between releases; and the verification log, for what was said of
each declaration. Exit statuses: 0 verified, 1 bad arguments, 2 parse or resolution errors, 4 not verified.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

from dafny_env.driver.cold import ended_badly, printed_in
from dafny_env.driver.columns import in_characters
from dafny_env.driver.discovery import Installation
from dafny_env.driver.includes import absolute_includes
from dafny_env.driver.log4 import parse_log
from dafny_env.driver.parse_output import Procedure, Transcript, parse_transcript
from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Rule, VerifierInfo
from sandbox.limits import Completed, Ended, Limits
from sandbox.process import run_async
from sandbox.scratch import scratch_directory

_FILE = "lemmatree_checked_file.dfy"
_LOG = "verification.json"
_PRINTED = "lemmatree_printed_file.dfy"


def arguments4(request: CheckRequest, solver: Path | None, file: Path, log: Path) -> list[str]:
    """What 4.x is called with, the program itself apart."""
    if request.resolve_only:
        printing = [f"--rprint={file.with_name(_PRINTED)}"] if request.print_types else []
        return ["resolve", "--allow-warnings", "--show-snippets=false", *printing, str(file)]
    arguments = ["verify", "--allow-warnings", "--show-snippets=false", "--cores=1"]
    arguments += [f"--verification-time-limit={max(1, request.solver_seconds)}"]
    arguments += [f"--error-limit={max(1, request.error_limit)}", "--log-format", f"json;LogFileName={log}"]
    if solver is not None:
        arguments.append(f"--solver-path={solver}")
    if request.models:
        arguments.append("--extract-counterexample")
    if request.keep_going:
        arguments.append("--boogie=-subsumption:0")
    if request.declarations is not None and len(request.declarations) == 1:
        # A substring of the qualified name, and only one is allowed: what else it selects is sorted out afterwards.
        arguments.append(f"--filter-symbol={request.declarations[0]}")
    return [*arguments, str(file)]


class Cold4Verifier:
    """A `DafnyVerifier` over the `dafny` command of 4.x. at_once: processes at a time."""

    def __init__(self, installation: Installation, limits: Limits | None = None, *, at_once: int = 1) -> None:
        self._installation = installation
        self._limits = limits or Limits()
        self._turns = asyncio.Semaphore(max(1, at_once))

    @property
    def info(self) -> VerifierInfo:
        """Which verifier answers."""
        return self._installation.info

    async def check(self, request: CheckRequest) -> CheckResult:
        """Check one file in a fresh process. Cancelling kills the process group at once."""
        solver = self._installation.solver.path if self._installation.solver else None
        source = request.source if request.folder is None else absolute_includes(request.source, request.folder)
        async with self._turns:
            began = time.monotonic()
            with scratch_directory("dafny") as scratch:
                file, log = scratch / _FILE, scratch / _LOG
                file.write_bytes(source.encode("utf-8", "replace"))
                argv = (*self.info.command, *arguments4(request, solver, file, log))
                limits = replace(self._limits, seconds=request.seconds)
                done = await run_async(argv, limits=limits, cwd=scratch, scratch=scratch)
                logged = log.read_text("utf-8", "replace") if log.is_file() else ""
                printed = printed_in(file.with_name(_PRINTED)) if request.print_types else ""
        seconds, output = time.monotonic() - began, done.stdout + done.stderr
        if done.ended is not Ended.EXITED:
            return ended_badly(done.ended, seconds, output)
        result = judge4(request, done, parse_transcript(output, {_FILE}), parse_log(logged))
        models = output if request.models else ""
        return replace(result, seconds=seconds, output=output, printed=printed, models=models)

    async def close(self) -> None:
        """Nothing to end: every check has ended its own process."""


def judge4(request: CheckRequest, done: Completed, transcript: Transcript, log: tuple[Procedure, ...]) -> CheckResult:
    """The result of a run of 4.x that ended by itself. A declaration counts as verified only where the log says so
    of every one of its checks; an asked one that the log does not mention leaves the check UNKNOWN."""
    diagnostics = in_characters(transcript.diagnostics, request.source, "utf16")
    names = tuple(dict.fromkeys(p.name.member for p in log))
    groups = {n: n for n in names} if request.declarations is None else {d: d for d in request.declarations}
    said = {n: {p.outcome for p in log if _is(p.name.dafny, n)} for n in groups}

    def having(outcome: str, *worse: str) -> tuple[str, ...]:
        return tuple(n for n, outcomes in said.items() if outcome in outcomes and not outcomes & set(worse))

    failed, timed_out = having("failed"), having("timed out", "failed")
    verified = having("verified", "failed", "timed out", "unknown")
    result = CheckResult(Outcome.UNKNOWN, diagnostics, verified, failed, timed_out)
    return replace(result, outcome=_outcome4(request, done, transcript, diagnostics, result))


def _is(printed: str, asked: str) -> bool:
    return printed == asked or printed.startswith(f"{asked}.")


def _outcome4(
    request: CheckRequest,
    done: Completed,
    transcript: Transcript,
    diagnostics: tuple[Diagnostic, ...],
    result: CheckResult,
) -> Outcome:
    errors = [d for d in diagnostics if d.severity == "error"]
    if transcript.trouble or done.returncode not in (0, 2, 4):
        return Outcome.CRASHED
    if done.returncode == 2 or (errors and not transcript.reached_verifier):
        if not errors:
            return Outcome.UNKNOWN
        return Outcome.PARSE_ERROR if any(d.rule is Rule.PARSE for d in errors) else Outcome.RESOLVE_ERROR
    if request.resolve_only:
        return Outcome.VERIFIED if done.returncode == 0 and not errors else Outcome.UNKNOWN
    trailer = transcript.trailer
    decided = [d for d in errors if d.rule not in (Rule.TIMEOUT, Rule.RESOURCE, Rule.INTERNAL)]
    if result.failed or (request.declarations is None and decided):
        return Outcome.FAILED
    if result.timed_out or (request.declarations is None and (errors or (trailer and trailer.time_outs))):
        return Outcome.TIMEOUT
    if request.declarations is not None and trailer is not None:
        return Outcome.VERIFIED if set(request.declarations) <= set(result.verified) else Outcome.UNKNOWN
    clean = trailer is not None and trailer.clean and not transcript.after_trailer
    return Outcome.VERIFIED if done.returncode == 0 and clean else Outcome.UNKNOWN
