"""Everything of `prover eval` that is settled before the first attempt: a new run, or one that goes on."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prover.benchmarks.benchmark import Benchmark
from prover.benchmarks.registry import NAMES, benchmark
from prover.commands.eval_arguments import EvalArguments
from prover.commands.settled import refused, settings_of
from prover.commands.support import Services, say
from prover.evaluation import header as headers
from prover.evaluation import resuming
from prover.evaluation.bench import models_of
from prover.evaluation.choosing import ChoosingProblem, select
from prover.evaluation.jobs import Job, Terms, attempts_of
from prover.evaluation.records import EvaluationProblem
from prover.evaluation.store import Store, create, take_up
from prover.inputs import Problem
from prover.policy_choice import check_policy, check_strategy
from prover.run_folder import RunFolderProblem, default_folder


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything settled before the first attempt. also: facts for `run.json` on what attempts are made with from now
    on and were not before."""

    store: Store
    chosen: Benchmark
    terms: Terms
    attempts: int
    workers: int
    jobs: tuple[Job, ...]
    also: Mapping[str, object] = dataclasses.field(default_factory=dict)


def begun(arguments: EvalArguments, services: Services) -> Prepared | Problem:
    """A new run."""
    if arguments.retry_errors:
        return Problem(
            "invalid", "--retry-errors: goes with --resume and --run DIR, the run whose errors it tries again."
        )
    if arguments.benchmark is None:
        return Problem("invalid", f"name a benchmark ({', '.join(NAMES)}) or a folder of tasks.")
    settings = settings_of(arguments.settings, services)
    if isinstance(settings, Problem):
        return settings
    attempts = 1 if arguments.attempts is None else arguments.attempts
    if attempts < 1:
        return Problem("invalid", f"--attempts {attempts}: must be 1 or more.")
    workers = _workers(arguments, settings.values.workers)
    if isinstance(workers, Problem):
        return workers
    problem = refused(check_strategy(settings.values.strategy), check_policy(settings.values.policy))
    if problem is not None:
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
    return Prepared(store, chosen.benchmark, Terms(chosen.benchmark.name, own), attempts, workers, jobs)


def taken_up(arguments: EvalArguments, services: Services) -> Prepared | Problem:
    """A run to go on with: as it was begun, but with the verifiers that are set now."""
    if arguments.run is None:
        return Problem("invalid", "--resume: say which run goes on, with --run DIR.")
    now = settings_of({}, services)
    if isinstance(now, Problem):
        return now
    tools = {name: str(path) for name in resuming.TOOLS if (path := getattr(now.values, name)) is not None}
    given = {**arguments.given, **tools}
    store = take_up(arguments.run, retry_errors=arguments.retry_errors)
    if isinstance(store, EvaluationProblem):
        return Problem("invalid", store.reason)
    resumed = resuming.resumed(store.header, store.tasks, given)
    before = store.header.get("workers")
    workers = _workers(arguments, before if isinstance(before, int) else None)
    if isinstance(workers, Problem):
        store.close()
        return workers
    if isinstance(resumed, EvaluationProblem):
        store.close()
        return Problem("invalid", resumed.reason)
    also = resuming.also_used(store.header, given)
    terms, attempts, jobs = resumed.terms, resumed.attempts, resumed.jobs
    return Prepared(store, benchmark(terms.benchmark), terms, attempts, workers, jobs, also)


def _workers(arguments: EvalArguments, known: int | None) -> int | Problem:
    """Attempts at a time: as told, else as set or as before, else one for each core."""
    if arguments.workers is not None and not 1 <= arguments.workers <= 1024:
        return Problem("invalid", f"--workers {arguments.workers}: must be from 1 to 1024.")
    return arguments.workers or known or len(os.sched_getaffinity(0))
