"""What `prover eval --json` prints, and `prover report --json` of each run: a contract for scripts, from the figures
that the table shows to people."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from pydantic import Field

from prover.contract import SCHEMA_VERSION, Contract
from prover.evaluation.figures import Figures
from prover.evaluation.official_figures import Disagreement, OfficialFigures
from prover.evaluation.rates import PassAtK, Rate
from prover.evaluation.reasons import ReasonCount
from prover.results import ObjectionJson


class RateJson(Contract):
    """solved of n tasks; rate: null where n is 0; low, high: Wilson's 95% interval."""

    label: str
    solved: int
    n: int
    rate: float | None
    low: float
    high: float


class PassJson(Contract):
    """The unbiased pass@k over n tasks, with its 95% interval."""

    k: int
    value: float
    n: int
    low: float
    high: float


class DisagreementJson(Contract):
    """A task that one rule lets pass and the other does not."""

    id: str
    attempt: int
    objections: list[ObjectionJson]
    official_reason: str


class ReasonJson(Contract):
    """A reason without names and numbers, how many tasks have it, one of them as it is, and which tasks."""

    reason: str
    count: int
    example: str
    tasks: list[str]


class CountingJson(Contract):
    """Which tasks the benchmark's own figures are of: how many (in each language, if by_language), without which
    groups, of which modes; told: in words."""

    tasks: int
    modes: list[str]
    told: str
    left_out: list[str]
    by_language: bool


class OfficialJson(Contract):
    """Tasks by the benchmark's own rule, of those that it counts; unknown: that it did not judge (another verifier is
    pinned, say); timed_out: those of the failed ones that only its time limit failed. rate: of all that it counts;
    rates: those that can be held against others' figures (of each language, where the benchmark counts them apart; then
    rate is null). left_out: tasks that it does not count; counting: how it counts, null where that is not known. whole:
    whether these are as many tasks as its own figures are of, and of that kind; note: all of this in words.
    pass_at_k: where there is a rate, which is of tasks that any of their attempts passed."""

    passed: int
    failed: int
    unknown: int
    rate: RateJson | None
    timed_out: int = 0
    rates: list[RateJson] = Field(default_factory=list)
    left_out: list[str] = Field(default_factory=list)
    counting: CountingJson | None = None
    whole: bool = False
    note: str = ""
    pass_at_k: list[PassJson] = Field(default_factory=list)
    not_strict: list[DisagreementJson]
    strict_only: list[DisagreementJson]
    unknown_reasons: list[ReasonJson]


class TotalsJson(Contract):
    """Sums over all attempts. cost_usd: null where no cost is known; unpriced: attempts with a model and no cost."""

    attempts: int = 0
    seconds: float = 0.0
    checks: int = 0
    tokens: int = 0
    cost_usd: float | None = None
    unpriced: int = 0


class EvalJson(Contract):
    """What `prover eval --json` prints. counts: tasks by class (`not run` while unfinished). rates: over all tasks that
    ran, over the supported ones, over those of them that did not verify as they were, and so on, as their labels say.
    official: null where the benchmark has no rule of its own. medians: of the solved tasks' first successful attempts.
    retried: attempts that were made again after they had ended in an error. reason: why there is no result, or not all
    of it."""

    schema_version: int = SCHEMA_VERSION
    benchmark: str
    run: str | None = None
    finished: bool = False
    tasks: int = 0
    counts: dict[str, int] = Field(default_factory=dict)
    rates: list[RateJson] = Field(default_factory=list)
    groups: list[RateJson] = Field(default_factory=list)
    languages: list[RateJson] = Field(default_factory=list)
    pass_at_k: list[PassJson] = Field(default_factory=list)
    official: OfficialJson | None = None
    reasons: dict[str, list[ReasonJson]] = Field(default_factory=dict)
    median_seconds: float | None = None
    median_checks: float | None = None
    totals: TotalsJson = Field(default_factory=TotalsJson)
    contradictory: list[str] = Field(default_factory=list)
    unreadable: int = 0
    retried: int = 0
    reason: str = ""


def evaluation_json(figures: Figures, reason: str = "") -> EvalJson:
    """The object of an evaluation, finished or not. reason: why it is not."""
    totals = figures.totals
    return EvalJson(
        benchmark=figures.benchmark,
        run=figures.run or None,
        finished=figures.finished,
        tasks=len(figures.tasks),
        counts={str(kind): count for kind, count in figures.counts.items()},
        rates=[_rate_json(rate) for rate in figures.rates],
        groups=[_rate_json(rate) for rate in figures.groups],
        languages=[_rate_json(rate) for rate in figures.languages],
        pass_at_k=[_pass_json(one) for one in figures.pass_at_k],
        official=_official_json(figures.official) if figures.official else None,
        reasons={str(kind): _reasons_json(reasons) for kind, reasons in figures.reasons.items()},
        median_seconds=figures.median_seconds,
        median_checks=figures.median_checks,
        totals=TotalsJson(
            attempts=totals.attempts,
            seconds=totals.seconds,
            checks=totals.checks,
            tokens=totals.tokens,
            cost_usd=totals.cost_usd,
            unpriced=totals.unpriced,
        ),
        contradictory=list(figures.contradictory),
        unreadable=figures.unreadable,
        retried=figures.retried,
        reason=reason,
    )


def unfinished_json(benchmark: str, reason: str) -> EvalJson:
    """The object where there is no evaluation."""
    return EvalJson(benchmark=benchmark, reason=reason)


def _rate_json(rate: Rate) -> RateJson:
    return RateJson(
        label=rate.label,
        solved=rate.solved,
        n=rate.n,
        rate=rate.value,
        low=rate.interval.low,
        high=rate.interval.high,
    )


def _pass_json(one: PassAtK) -> PassJson:
    estimate = one.estimate
    return PassJson(k=one.k, value=estimate.value, n=estimate.n, low=estimate.interval.low, high=estimate.interval.high)


def _official_json(official: OfficialFigures) -> OfficialJson:
    return OfficialJson(
        passed=official.passed,
        failed=official.failed,
        unknown=official.unknown,
        rate=_rate_json(official.rate) if official.rate else None,
        timed_out=official.late,
        rates=[_rate_json(rate) for rate in official.rates],
        left_out=list(official.left_out),
        counting=CountingJson.model_validate(dataclasses.asdict(official.counting)) if official.counting else None,
        whole=official.whole,
        note=official.note,
        pass_at_k=[_pass_json(one) for one in official.pass_at_k],
        not_strict=_disagreements_json(official.not_strict),
        strict_only=_disagreements_json(official.strict_only),
        unknown_reasons=_reasons_json(official.unknown_reasons),
    )


def _disagreements_json(those: Iterable[Disagreement]) -> list[DisagreementJson]:
    return [
        DisagreementJson(
            id=one.id, attempt=one.attempt, objections=list(one.objections), official_reason=one.official_reason
        )
        for one in those
    ]


def _reasons_json(reasons: Iterable[ReasonCount]) -> list[ReasonJson]:
    return [ReasonJson(reason=r.reason, count=r.count, example=r.example, tasks=list(r.tasks)) for r in reasons]
