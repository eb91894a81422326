"""`prover export`: what an evaluation solved, as files for others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from prover.commands.support import ExitCode, Services, say, write_stdout
from prover.console import noun
from prover.contract import SCHEMA_VERSION, Contract


@dataclass(frozen=True, slots=True)
class RunExportArguments:
    """The command line as typed. what: names, maybe several of them with commas between; empty for all."""

    run: Path
    out: Path
    what: tuple[str, ...] = ()
    force: bool = False
    json: bool = False


class LeftOutJson(Contract):
    """What of a task was not exported."""

    id: str
    what: str
    reason: str


class RunExportJson(Contract):
    """What `prover export --json` prints. output: the folder, null where nothing was written. files: how many. proved:
    tasks with a proved file."""

    schema_version: int = SCHEMA_VERSION
    run: str
    output: str | None = None
    files: int = 0
    proved: int = 0
    left_out: list[LeftOutJson] = Field(default_factory=list)
    reason: str = ""


def run_run_export(arguments: RunExportArguments, services: Services) -> ExitCode:
    """Write the export. Raises only for errors of ours (see `support.guarded`)."""
    from prover.evaluation.exports import ExportProblem, What, planned, written
    from prover.evaluation.records import EvaluationProblem, read_evaluation

    names = [name.strip() for part in arguments.what for name in part.split(",")]
    try:
        what = frozenset(map(What, filter(None, names))) or frozenset(What)
    except ValueError:
        wrong = next(name for name in names if name and name not in set(What))
        return _refuse(arguments, f"--what {wrong}: there are {', '.join(What)}.")
    evaluation = read_evaluation(arguments.run)
    if isinstance(evaluation, EvaluationProblem):
        return _refuse(arguments, evaluation.reason)
    plan = planned(evaluation, what)
    problem = written(plan, arguments.out, force=arguments.force)
    if isinstance(problem, ExportProblem):
        return _refuse(arguments, problem.reason)
    counted = Counter((left.what, left.reason) for left in plan.left_out)
    for (kind, reason), count in counted.most_common():
        say(f"{kind}: left out {count}: {reason}")
    files, proved = len(plan.files), plan.proved
    say(f"{files} {noun(files, 'file')} of {proved} proved {noun(proved, 'task')}: {arguments.out}")
    if arguments.json:
        left_out = [LeftOutJson(id=left.id, what=left.what, reason=left.reason) for left in plan.left_out]
        write_stdout(
            RunExportJson(
                run=str(arguments.run),
                output=str(arguments.out),
                files=len(plan.files),
                proved=plan.proved,
                left_out=left_out,
            ).to_line()
        )
    return ExitCode.DONE


def explain_run_export(arguments: RunExportArguments, reason: str) -> None:
    """Say in JSON, where that was asked for, why there is no export."""
    if arguments.json:
        write_stdout(RunExportJson(run=str(arguments.run), reason=reason).to_line())


def _refuse(arguments: RunExportArguments, reason: str) -> ExitCode:
    say(reason)
    explain_run_export(arguments, reason)
    return ExitCode.INVALID
