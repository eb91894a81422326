"""`prover eval`: from the words on the command line to a run over a benchmark, its table, and an exit code."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path

from prover.benchmarks.task import NotLoaded
from prover.commands.eval_arguments import EvalArguments
from prover.commands.eval_preparation import Prepared, begun, taken_up
from prover.commands.support import ExitCode, Interrupted, Services, run_interruptible, say, write_stdout
from prover.console import make_console, noun
from prover.evaluation import header as headers
from prover.evaluation.bench import NoRoom, Workbench, models_of, no_room
from prover.evaluation.eval_json import evaluation_json, unfinished_json
from prover.evaluation.figures import figures_of
from prover.evaluation.nodes import ClusterLost
from prover.evaluation.outlook import Outlook
from prover.evaluation.progress import RunView
from prover.evaluation.records import ERROR, EvaluationProblem, read_evaluation
from prover.evaluation.runner import Executor, LocalExecutor, Run
from prover.evaluation.store import Store
from prover.evaluation.summary import show_evaluation
from prover.inputs import Problem
from prover.sampling.models import lacking
from sandbox.missing import Missing


def run_eval(arguments: EvalArguments, services: Services) -> ExitCode:
    """Run an evaluation, or go on with one. Raises only for errors of ours."""
    store: Store | None = None
    try:
        prepared = taken_up(arguments, services) if arguments.resume else begun(arguments, services)
        if isinstance(prepared, Problem):
            return _refused(prepared, arguments)
        store = prepared.store
        return _run(prepared, arguments, services)
    except NoRoom as error:
        return _stopped(str(error), arguments, store)
    except ClusterLost as error:
        return _stopped(str(error), arguments, store, "see to the cluster", ExitCode.UNSUPPORTED)
    except OSError as error:
        if (full := no_room(error)) is None:
            raise
        return _stopped(f"{full.filename or 'the run folder'}: {full.strerror}", arguments, store)
    finally:
        if store is not None:
            store.close()


def explain_eval(arguments: EvalArguments, reason: str) -> None:
    """Say in JSON, where that was asked for, why there is no result."""
    if arguments.json:
        write_stdout(unfinished_json(arguments.benchmark or "", reason).to_line())


def _refused(problem: Problem, arguments: EvalArguments) -> ExitCode:
    say(problem.reason)
    explain_eval(arguments, problem.reason)
    return ExitCode.INVALID if problem.status == "invalid" else ExitCode.UNSUPPORTED


def _stopped(
    why: str,
    arguments: EvalArguments,
    store: Store | None,
    cure: str = "make room",
    code: ExitCode = ExitCode.INVALID,
) -> ExitCode:
    """The disk is full or gone, or the cluster is."""
    where = _again(store.path, arguments) if store is not None else "the same command"
    reason = f"{why}. The run has stopped, and what had ended is kept: {cure}, then go on with: {where}"
    say(reason)
    explain_eval(arguments, reason)
    return code


def _again(run: Path, arguments: EvalArguments, *, retry: bool = False) -> str:
    """The command that goes on with a run. retry: also with its errors."""
    words = ["prover", "eval", "--run", str(run), "--resume"]
    words += ["--retry-errors"] if retry or arguments.retry_errors else []
    words += ["--ray", arguments.ray] if arguments.ray is not None else []
    if arguments.resume and arguments.base_url is not None:  # else it is among the run's own settings
        words += ["--base-url", arguments.base_url]
    return shlex.join(words)


def _run(prepared: Prepared, arguments: EvalArguments, services: Services) -> ExitCode:
    store = prepared.store
    console = make_console(stderr=arguments.json)
    before = Counter(store.done.values())
    outlook = Outlook(prepared.jobs, store.done)
    lacked = outlook.left
    answers = store.header.get("answers")
    doing = f"answers in {answers}" if answers else f"policy {prepared.terms.settings.policy}"
    title = f"{prepared.chosen.name}, {doing}, run {store.path}"
    interrupted = False
    if lacked and "also_sources_sha256" in prepared.also:
        say("the program has been changed since the run began; run.json and the report say so.")
    with RunView(make_console(stderr=True), title, outlook, before, services.clock) as view:
        if arguments.retry_errors:
            number = len(store.retrying)
            told = "ended in an error and will be made again" if number else "ended in an error"
            view.message(f"{number or 'No'} {noun(number, 'attempt')} {told}.")
        problem: Problem | None = None
        try:
            if lacked:  # else neither models nor machines are needed, which may be gone
                problem = run_interruptible(
                    _attempts(prepared, arguments, services, view),
                    lambda: view.message("Stopping; what has ended is kept."),
                )
        except Interrupted:
            interrupted = True
    if problem is not None:
        then = f"{problem.reason.rstrip('.')}. Then go on with: {_again(store.path, arguments)}"
        return _refused(Problem(problem.status, then), arguments)
    state = "interrupted" if interrupted else "finished"
    # Of a run that was found finished, the time at which it came to its end is kept.
    ended = headers.now() if interrupted or lacked else store.header.get("ended") or headers.now()
    store.describe({"state": state, "ended": ended})
    store.note("run_ended", state=state, done=len(store.done))
    store.close()
    found = read_evaluation(store.path)
    if isinstance(found, EvaluationProblem):
        return _refused(Problem("invalid", found.reason), arguments)
    figures = figures_of(found)
    show_evaluation(console, figures)
    stopped = f"Interrupted. Go on with: {_again(store.path, arguments)}" if interrupted else ""
    console.print(stopped or f"Report: {shlex.join(['prover', 'report', str(store.path)])}", soft_wrap=True)
    if arguments.json:
        write_stdout(evaluation_json(figures, stopped).to_line())
    return ExitCode.INTERRUPTED if interrupted else _exit_code(store, arguments)


def _exit_code(store: Store, arguments: EvalArguments) -> ExitCode:
    statuses = set(store.done.values()) | {t.status for t in store.tasks if isinstance(t, NotLoaded)}
    if ERROR in statuses:
        errors = sum(status == ERROR for status in store.done.values())
        say(
            f"{errors} {noun(errors, 'attempt')} ended in an error, which says nothing about the task: the reasons "
            "stand above; of those that were ours, attempts/*/*/error.txt in the run folder has more. "
            f"To try again: {_again(store.path, arguments, retry=True)}"
        )
        return ExitCode.INTERNAL
    if arguments.require_supported and statuses & {"unsupported", "invalid"}:
        return ExitCode.UNSUPPORTED
    return ExitCode.DONE


async def _attempts(prepared: Prepared, arguments: EvalArguments, services: Services, view: RunView) -> Problem | None:
    """All attempts that are still to be made. A problem where a model or the cluster cannot be had."""
    executor = await _executor(prepared, arguments, services, view)
    if isinstance(executor, Problem):
        return executor
    try:
        prepared.store.goes_on(prepared.also)
        await Run(prepared.store, prepared.jobs, executor, view).go()
    finally:
        await executor.close()
    return None


async def _executor(
    prepared: Prepared, arguments: EvalArguments, services: Services, view: RunView
) -> Executor | Problem:
    if arguments.ray is not None:
        from prover.evaluation.ray_nodes import open_cluster

        cluster = await open_cluster(
            arguments.ray, prepared.terms, arguments.workers, view.message, prepared.store.note
        )
        return (
            Problem("unsupported", f"{cluster.what}: {cluster.how_to_get}") if isinstance(cluster, Missing) else cluster
        )
    bench = Workbench(prepared.terms, prepared.workers, prepared.chosen.official, services.engine)
    for spec in models_of(prepared.terms.settings):
        if spec.startswith(("hf:", "vllm:")):
            view.message(f"loading {spec}")
        opened = await bench.models.service(spec)
        if isinstance(opened, Missing):
            await bench.close()
            return Problem("unsupported", lacking(spec, opened))
    return LocalExecutor(bench, prepared.workers)
