"""The figures of an evaluation, computed once: the console's table, `eval --json` and the report all show these."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from prover.evaluation.official_figures import OfficialFigures, official_figures
from prover.evaluation.outcomes import NOT_SUPPORTED, TaskClass, TaskFigures, contradictory, proved, task_figures
from prover.evaluation.rates import PassAtK, Rate, pass_at_ks, rate_of
from prover.evaluation.reasons import ReasonCount, counted_reasons
from prover.evaluation.records import Evaluation
from prover.evaluation.statistics import Step, Try, curve, median
from prover.results import AttemptJson

FINISHED = "finished"
"""`state` in the header of a run that has come to its end."""
FEW_SHOT = "few-shot"
"""The group of the tasks whose solutions a benchmark's own prompts give away; rates are shown without it too."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all attempts that ended. seconds: wall clock of the attempts added up, not of the run. cost_usd: of
    those whose cost is known, None if of none; unpriced: attempts that used a model and whose cost is not known."""

    attempts: int
    seconds: float
    checks: int
    tokens: int
    cost_usd: float | None
    unpriced: int


@dataclass(frozen=True, slots=True)
class Figures:
    """An evaluation in figures.

    counts: tasks of each class, all classes. all, supported, touched: rates over all tasks (while it goes on, over
    those that ran or cannot), over those without unsupported and invalid ones, and over the latter without those that
    verified as they were (None where answers were judged: nobody has looked at the tasks as they were). extra: more
    such rows (without the few-shot tasks). languages: empty where there is but one. medians: of the solved tasks, of
    their first successful attempts. reasons: by class, of tasks that are unsupported, invalid or errors. curves:
    budgets in seconds and in checks. contradictory: tasks of which one attempt was proved and another refuted: an error
    of ours. unreadable: lines of results that were none. retried: attempts that had ended in an error of ours and were
    made again; all figures are of how they ended the last time. run: the folder.
    """

    benchmark: str
    finished: bool
    tasks: tuple[TaskFigures, ...]
    counts: Mapping[TaskClass, int]
    all: Rate
    supported: Rate
    touched: Rate | None
    extra: tuple[Rate, ...]
    groups: tuple[Rate, ...]
    languages: tuple[Rate, ...]
    official: OfficialFigures | None
    pass_at_k: tuple[PassAtK, ...]
    totals: Totals
    median_seconds: float | None
    median_checks: float | None
    reasons: Mapping[TaskClass, tuple[ReasonCount, ...]]
    curve_seconds: tuple[Step, ...]
    curve_checks: tuple[Step, ...]
    contradictory: tuple[str, ...] = ()
    unreadable: int = 0
    retried: int = 0
    run: str = ""

    @property
    def rates(self) -> tuple[Rate, ...]:
        """The rows that are shown first."""
        return (self.all, self.supported, *([self.touched] if self.touched else []), *self.extra)


def figures_of(evaluation: Evaluation) -> Figures:
    """All figures of an evaluation, finished or not. Deterministic."""
    tasks = tuple(task_figures(record) for record in evaluation.tasks)
    finished = evaluation.header.get("state") == FINISHED
    ran = _counted(tasks, finished=finished)
    supported = [task for task in ran if task.result not in NOT_SUPPORTED]
    touched = [task for task in supported if not task.untouched]
    judged = bool(evaluation.header.get("answers"))
    extra = []
    if any(FEW_SHOT in task.groups for task in tasks):
        extra.append(_rate(f"without {FEW_SHOT}", (task for task in ran if FEW_SHOT not in task.groups)))
    attempts = [attempt for record in evaluation.tasks for attempt in record.attempts]
    solved = [task for task in tasks if task.solved]
    return Figures(
        benchmark=evaluation.benchmark,
        finished=finished,
        tasks=tasks,
        counts={kind: sum(task.result is kind for task in tasks) for kind in TaskClass},
        all=_rate("all", ran),
        supported=_rate("supported", supported),
        touched=None if judged else _rate("supported, not verifying untouched", touched),
        extra=tuple(extra),
        groups=_by(tasks, ran, lambda task: task.groups),
        languages=_languages(tasks, ran),
        official=official_figures(evaluation.header, evaluation.tasks, tasks, ran),
        pass_at_k=pass_at_ks(ran, {task.id: task.solved for task in ran}),
        totals=_totals(attempts),
        median_seconds=median([task.seconds for task in solved if task.seconds is not None]),
        median_checks=median([task.checks for task in solved if task.checks is not None]),
        reasons=_reasons(tasks),
        curve_seconds=curve([[Try(proved(a), a.seconds) for a in record.attempts] for record in evaluation.tasks]),
        curve_checks=curve([[Try(proved(a), a.checks) for a in record.attempts] for record in evaluation.tasks]),
        contradictory=contradictory(evaluation.tasks),
        unreadable=evaluation.unreadable,
        retried=sum(attempt.retried > 0 for attempt in attempts),
        run=str(evaluation.path),
    )


def _rate(label: str, tasks: Iterable[TaskFigures]) -> Rate:
    return rate_of(label, (task.result is TaskClass.PROVED for task in tasks))


def _counted(tasks: Sequence[TaskFigures], *, finished: bool) -> list[TaskFigures]:
    """The tasks that rates are of: while the evaluation goes on, those that ran (or cannot); of a finished one all of
    them, for what has no attempt then (no answer was given for it) is not solved."""
    return [task for task in tasks if finished or task.result is not TaskClass.NOT_RUN]


def _by(
    tasks: Sequence[TaskFigures], counted: Sequence[TaskFigures], names: Callable[[TaskFigures], Iterable[str]]
) -> tuple[Rate, ...]:
    """A rate for each name, in the order in which the tasks bring them up; also for those of which none counts yet."""
    members: dict[str, list[TaskFigures]] = {name: [] for task in tasks for name in names(task)}
    for task in counted:
        for name in names(task):
            members[name].append(task)
    return tuple(_rate(name, those) for name, those in members.items())


def _languages(tasks: Sequence[TaskFigures], counted: Sequence[TaskFigures]) -> tuple[Rate, ...]:
    rates = _by(tasks, counted, lambda task: (task.language,))
    return rates if len(rates) > 1 else ()


def _totals(attempts: Sequence[AttemptJson]) -> Totals:
    prices = [attempt.cost_usd for attempt in attempts if attempt.cost_usd is not None]
    return Totals(
        attempts=len(attempts),
        seconds=math.fsum(attempt.seconds for attempt in attempts),
        checks=sum(attempt.checks for attempt in attempts),
        tokens=sum(attempt.tokens for attempt in attempts),
        cost_usd=math.fsum(prices) if prices else None,
        unpriced=sum(attempt.cost_usd is None and attempt.tokens > 0 for attempt in attempts),
    )


def _reasons(tasks: Sequence[TaskFigures]) -> dict[TaskClass, tuple[ReasonCount, ...]]:
    told = (TaskClass.UNSUPPORTED, TaskClass.INVALID, TaskClass.ERROR)
    found = {kind: counted_reasons((t.id, t.reason) for t in tasks if t.result is kind) for kind in told}
    return {kind: reasons for kind, reasons in found.items() if reasons}
