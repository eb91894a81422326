"""`prover data fetch`: a benchmark's published data, brought to this machine and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prover.benchmarks.benchmark import DataProblem
from prover.benchmarks.data import data_folder, source_of
from prover.benchmarks.fetching import fetch
from prover.commands.support import ExitCode, Services, run_interruptible, say, write_stdout
from prover.contract import SCHEMA_VERSION, Contract


@dataclass(frozen=True, slots=True)
class FetchArguments:
    """The command line as typed. to: a folder of the user's choice. origin: where from, instead of upstream."""

    benchmark: str
    to: Path | None = None
    origin: str | None = None
    json: bool = False


class FetchJson(Contract):
    """What `prover data fetch --json` prints. path: null where nothing was fetched. new: it was not there before."""

    schema_version: int = SCHEMA_VERSION
    benchmark: str
    path: str | None = None
    commit: str = ""
    licence: str = ""
    new: bool = False
    reason: str = ""


def run_fetch(arguments: FetchArguments, services: Services) -> ExitCode:
    """Fetch. Exit code 0: the data is there; 2: it is not, and the message says what to do."""
    source = source_of(arguments.benchmark, arguments.origin)
    if isinstance(source, DataProblem):
        return _refuse(arguments, source)
    target = services.cwd() / arguments.to if arguments.to else data_folder(source, services.environment)
    if isinstance(target, DataProblem):
        return _refuse(arguments, target)
    fetched = run_interruptible(
        fetch(source, target, services.environment), lambda: say("Stopping; nothing half fetched is kept.")
    )
    if isinstance(fetched, DataProblem):
        return _refuse(arguments, fetched)
    how = "is now in" if fetched.new else "is already in"
    say(f"{arguments.benchmark} ({fetched.commit[:12]}, {source.upstream.licence}) {how} {fetched.path}")
    if arguments.json:
        report = FetchJson(
            benchmark=arguments.benchmark,
            path=str(fetched.path),
            commit=fetched.commit,
            licence=source.upstream.licence,
            new=fetched.new,
        )
        write_stdout(report.to_line())
    return ExitCode.DONE


def explain_fetch(arguments: FetchArguments, reason: str) -> None:
    """Print the JSON object of a command without result, where one was asked for."""
    if arguments.json:
        write_stdout(FetchJson(benchmark=arguments.benchmark, reason=reason).to_line())


def _refuse(arguments: FetchArguments, problem: DataProblem) -> ExitCode:
    say(problem.reason)
    explain_fetch(arguments, problem.reason)
    return ExitCode.INVALID
