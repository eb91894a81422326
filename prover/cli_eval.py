"""`prover eval`: from the words on the command line to a run over a benchmark, its table, and an exit code."""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from prover.benchmarks.benchmark import Benchmark
from prover.benchmarks.registry import NAMES, benchmark
from prover.benchmarks.task import NotLoaded
from prover.cli_support import ExitCode, Interrupted, Services, run_interruptible, say, write_stdout
from prover.console import make_console
from prover.eval_arguments import EvalArguments
from prover.evaluation import header as headers
from prover.evaluation import resuming
from prover.evaluation.bench import NoRoom, Workbench, models_of, no_room
from prover.evaluation.choosing import ChoosingProblem, select
from prover.evaluation.eval_json import evaluation_json, unfinished_json
from prover.evaluation.figures import figures_of
from prover.evaluation.jobs import Job, Terms, attempts_of
from prover.evaluation.nodes import ClusterLost
from prover.evaluation.progress import RunView
from prover.evaluation.records import EvaluationProblem, read_evaluation
from prover.evaluation.runner import Executor, LocalExecutor, Run, missing
from prover.evaluation.store import Store, create, take_up
from prover.evaluation.summary import show_evaluation
from prover.inputs import Problem
from prover.policy_choice import ChoiceProblem, check_policy, check_strategy
from prover.run_folder import RunFolderProblem, default_folder
from prover.sampling.models import lacking
from prover.settings import Settings, SettingsProblem, current_home, resolve
from sandbox.missing import Missing


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Everything settled before the first attempt."""

    store: Store
    chosen: Benchmark
    terms: Terms
    attempts: int
    workers: int
    jobs: tuple[Job, ...]


def run_eval(arguments: EvalArguments, services: Services) -> ExitCode:
    """Run an evaluation, or go on with one. Raises only for errors of ours."""
    store: Store | None = None
    try:
        prepared = _taken_up(arguments) if arguments.resume else _begun(arguments, services)
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
    where = f"prover eval --run {store.path} --resume" if store is not None else "the same command"
    reason = f"{why}. The run has stopped, and what had ended is kept: {cure}, then go on with: {where}"
    say(reason)
    explain_eval(arguments, reason)
    return code


# --------------------------------------------------------------------------------------------------------- preparation


def _begun(arguments: EvalArguments, services: Services) -> _Prepared | Problem:
    """A new run."""
    if arguments.benchmark is None:
        return Problem("invalid", f"name a benchmark ({', '.join(NAMES)}) or a folder of tasks.")
    settings = resolve(
        arguments.settings, services.environment, services.cwd(), home=current_home(services.environment)
    )
    if isinstance(settings, SettingsProblem):
        return Problem("invalid", settings.reason)
    attempts = 1 if arguments.attempts is None else arguments.attempts
    if attempts < 1:
        return Problem("invalid", f"--attempts {attempts}: must be 1 or more.")
    workers = _workers(arguments, settings.values.workers)
    if isinstance(workers, Problem):
        return workers
    if (problem := _unusable(settings.values)) is not None:
        return problem
    chosen = select(
        arguments.benchmark,
        data=arguments.data,
        language=arguments.language,
        mode=arguments.mode,
        only=arguments.only,
        limit=arguments.limit,
        environment=services.environment,
    )
    if isinstance(chosen, ChoosingProblem):
        return Problem("invalid", chosen.reason)
    answers: tuple[Job, ...] | None = None
    if arguments.answers is not None:
        from prover.evaluation.answers import answered

        read = answered(arguments.answers, chosen.tasks, say)
        if isinstance(read, EvaluationProblem):
            return Problem("invalid", read.reason)
        answers, attempts = read, max(job.attempt for job in read)
    folder: Path | RunFolderProblem = arguments.run or default_folder(
        chosen.benchmark.name, cwd=services.cwd(), environment=services.environment, moment=services.moment()
    )
    if isinstance(folder, RunFolderProblem):
        return Problem("invalid", folder.reason)
    # What an attempt takes of the machine; the run's own workers are how many attempts there are at a time.
    own = settings.values.model_copy(update={"workers": 1})
    facts = headers.header(
        chosen.benchmark,
        dataclasses.replace(settings, values=own),
        chosen.tasks,
        data=chosen.data,
        attempts=attempts,
        workers=workers,
        choice=arguments.choice,
        answers=arguments.answers,
        answers_sha256=resuming.answers_digest(answers) if answers is not None else None,
        models={spec: headers.model_facts(spec) for spec in models_of(own)},
    )
    store = create(folder, facts, chosen.tasks)
    if isinstance(store, EvaluationProblem):
        return Problem("invalid", store.reason)
    jobs = answers if answers is not None else tuple(attempts_of(chosen.tasks, attempts))
    return _Prepared(store, chosen.benchmark, Terms(chosen.benchmark.name, own), attempts, workers, jobs)


def _taken_up(arguments: EvalArguments) -> _Prepared | Problem:
    """A run to go on with: as it was begun."""
    if arguments.run is None:
        return Problem("invalid", "--resume: say which run goes on, with --run DIR.")
    store = take_up(arguments.run)
    if isinstance(store, EvaluationProblem):
        return Problem("invalid", store.reason)
    resumed = resuming.resumed(store.header, store.tasks, arguments.given)
    before = store.header.get("workers")
    workers = _workers(arguments, before if isinstance(before, int) else None)
    if isinstance(workers, Problem):
        store.close()
        return workers
    if isinstance(resumed, EvaluationProblem):
        store.close()
        return Problem("invalid", resumed.reason)
    if also := resuming.also_used(store.header, arguments.given):
        store.describe(also)
    if "also_sources_sha256" in also:
        say("the program has been changed since the run began; run.json and the report say so.")
    terms, attempts, jobs = resumed.terms, resumed.attempts, resumed.jobs
    return _Prepared(store, benchmark(terms.benchmark), terms, attempts, workers, jobs)


def _workers(arguments: EvalArguments, known: int | None) -> int | Problem:
    """Attempts at a time: as told, else as set or as before, else one for each core."""
    if arguments.workers is not None and not 1 <= arguments.workers <= 1024:
        return Problem("invalid", f"--workers {arguments.workers}: must be from 1 to 1024.")
    return arguments.workers or known or len(os.sched_getaffinity(0))


def _unusable(settings: Settings) -> Problem | None:
    for choice in (check_strategy(settings.strategy), check_policy(settings.policy)):
        if isinstance(choice, ChoiceProblem):
            return Problem(choice.status, choice.reason)
    return None


# ----------------------------------------------------------------------------------------------------------------- run


def _run(prepared: _Prepared, arguments: EvalArguments, services: Services) -> ExitCode:
    store = prepared.store
    console = make_console(stderr=arguments.json)
    before = Counter(store.done.values())
    total = len(store.done) + missing(store, prepared.jobs)
    answers = store.header.get("answers")
    doing = f"answers in {answers}" if answers else f"policy {prepared.terms.settings.policy}"
    title = f"{prepared.chosen.name}, {doing}, run {store.path}"
    interrupted = False
    with RunView(make_console(stderr=True), title, total, before, services.clock) as view:
        try:
            problem = run_interruptible(
                _attempts(prepared, arguments, services, view),
                lambda: view.message("Stopping; what has ended is kept."),
            )
        except Interrupted:
            problem, interrupted = None, True
    if problem is not None:
        return _refused(problem, arguments)
    store.describe({"state": "interrupted" if interrupted else "finished", "ended": headers.now()})
    store.close()
    found = read_evaluation(store.path)
    if isinstance(found, EvaluationProblem):
        return _refused(Problem("invalid", found.reason), arguments)
    figures = figures_of(found)
    show_evaluation(console, figures)
    if interrupted:
        console.print(f"Interrupted. Go on with: prover eval --run {store.path} --resume")
    else:
        console.print(f"Report: prover report {store.path}")
    if arguments.json:
        write_stdout(evaluation_json(figures).to_line())
    return ExitCode.INTERRUPTED if interrupted else _exit_code(store, arguments)


def _exit_code(store: Store, arguments: EvalArguments) -> ExitCode:
    statuses = set(store.done.values()) | {t.status for t in store.tasks if isinstance(t, NotLoaded)}
    if "error" in statuses:
        say("some attempts ended in an error of ours: see attempts/*/*/error.txt in the run folder.")
        return ExitCode.INTERNAL
    if arguments.require_supported and statuses & {"unsupported", "invalid"}:
        return ExitCode.UNSUPPORTED
    return ExitCode.DONE


async def _attempts(prepared: _Prepared, arguments: EvalArguments, services: Services, view: RunView) -> Problem | None:
    """All attempts that are still to be made. A problem where a model or the cluster cannot be had."""
    executor = await _executor(prepared, arguments, services, view)
    if isinstance(executor, Problem):
        return executor
    try:
        await Run(prepared.store, prepared.jobs, executor, view).go()
    finally:
        await executor.close()
    return None


async def _executor(
    prepared: _Prepared, arguments: EvalArguments, services: Services, view: RunView
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
