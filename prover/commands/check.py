"""`prover check`: the gate alone."""

from __future__ import annotations

from dataclasses import dataclass

from prover.commands.prove_summary import show_check
from prover.commands.settled import settings_of
from prover.commands.support import ExitCode, Services, run_interruptible, say, write_stdout
from prover.console import make_console
from prover.inputs import Problem, read_source
from prover.languages import Language
from prover.results import CheckJson, objections_json


@dataclass(frozen=True, slots=True)
class CheckArguments:
    """The command line as typed. seconds None: not given."""

    file: str
    against: str | None = None
    seconds: float | None = None
    json: bool = False
    language: str | None = None


def run_check(arguments: CheckArguments, services: Services) -> ExitCode:
    """Judge one file. Raises only for errors of ours (see `support.guarded`)."""
    settings = settings_of({"seconds": arguments.seconds}, services)
    if isinstance(settings, Problem):
        return _refuse(arguments, settings)
    if arguments.file == "-" and arguments.against == "-":
        return _refuse(arguments, Problem("invalid", "FILE and --against cannot both be standard input."))
    values = settings.values
    candidate = read_source(arguments.file, services.stdin(), max_bytes=values.max_bytes, language=arguments.language)
    if isinstance(candidate, Problem):
        return _refuse(arguments, candidate)
    if candidate.target is not None:
        return _refuse(arguments, Problem("invalid", "check judges whole files; give FILE without a target."))
    original = None
    if arguments.against is not None:
        read = read_source(arguments.against, services.stdin(), max_bytes=values.max_bytes, language=arguments.language)
        if isinstance(read, Problem):
            return _refuse(arguments, read)
        original = read
        if original.language != candidate.language:
            told = f"{arguments.file} and {arguments.against} are not of one language: name a proof and its original."
            return _refuse(arguments, Problem("invalid", told))
    verdict = run_interruptible(
        services.engine.judge(original, candidate, settings=values, seconds=values.seconds), lambda: None
    )
    show_check(make_console(stderr=arguments.json), candidate, verdict)
    if arguments.json:
        write_stdout(
            CheckJson(
                verdict=verdict.verdict,
                verifier=verdict.verifier,
                translated=verdict.translated,
                language=candidate.language,
                file=arguments.file,
                against=arguments.against,
                axioms=list(verdict.axioms),
                replay=verdict.replay,
                baseline=list(verdict.baseline),
                objections=objections_json(verdict.objections),
                reason=verdict.reason,
            ).to_line()
        )
    if verdict.unsupported:
        return ExitCode.UNSUPPORTED
    return ExitCode.DONE if verdict.verdict == "accepted" else ExitCode.NOT_PROVED


def _refuse(arguments: CheckArguments, problem: Problem) -> ExitCode:
    say(problem.reason)
    explain_check(arguments, problem.reason, problem.language)
    return ExitCode.INVALID if problem.status == "invalid" else ExitCode.UNSUPPORTED


def explain_check(arguments: CheckArguments, reason: str, language: Language | None = None) -> None:
    """Say in JSON, where that was asked for, why there is no verdict."""
    if arguments.json:
        write_stdout(
            CheckJson(
                verdict="unknown",
                language=language,
                file=arguments.file,
                against=arguments.against,
                reason=reason,
            ).to_line()
        )
