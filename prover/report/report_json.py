"""What `prover report --json` prints: of each run what `prover eval --json` prints, and how the later ones compare."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from prover.contract import SCHEMA_VERSION, Contract
from prover.evaluation.comparison import Comparison
from prover.evaluation.eval_json import EvalJson, evaluation_json
from prover.evaluation.figures import Figures
from prover.evaluation.records import Evaluation


class LeftOutJson(Contract):
    """A task that cannot be compared, and why."""

    id: str
    reason: str


class DifferingJson(Contract):
    """Something that the two runs had differently, as their `run.json` says it."""

    name: str
    first: str
    second: str


class ComparisonJson(Contract):
    """A later run (second) seen from the first, on the n tasks that both tried. first, second: as `run` of `runs`.

    first_solved, second_solved: of these tasks, by any attempt. won: tasks that only the second solves; lost: that only
    the first does. p_value: of the exact McNemar test on won and lost. difference: second - first, of the chance that
    one attempt solves a task (null where n is 0), with its 95% interval. attempts: the most that a task has, of each;
    fair: whether these are equal. differing: budgets, versions and the like.
    """

    first: str
    second: str
    n: int
    first_solved: int
    second_solved: int
    won: list[str]
    lost: list[str]
    both: list[str]
    neither: list[str]
    p_value: float
    difference: float | None
    low: float
    high: float
    attempts: list[int]
    fair: bool
    left_out: list[LeftOutJson]
    differing: list[DifferingJson]


class ReportJson(Contract):
    """output: the page, null where there is none. runs: in the order of the command line. comparisons: of each later
    run with the first; empty where they are of different benchmarks. reason: why there is no page."""

    schema_version: int = SCHEMA_VERSION
    output: str | None = None
    runs: list[EvalJson] = Field(default_factory=list)
    comparisons: list[ComparisonJson] = Field(default_factory=list)
    reason: str = ""


def report_json(
    evaluations: Sequence[Evaluation], figures: Sequence[Figures], comparisons: Sequence[Comparison], output: str
) -> ReportJson:
    """The object of a report on some runs. figures, comparisons: as in `report_page`."""
    names = [str(one.path) for one in evaluations]
    compared = zip(names[1:], comparisons, strict=False)
    return ReportJson(
        output=output,
        runs=[evaluation_json(one) for one in figures],
        comparisons=[_comparison(names[0], second, each) for second, each in compared],
    )


def _comparison(first: str, second: str, compared: Comparison) -> ComparisonJson:
    return ComparisonJson(
        first=first,
        second=second,
        n=compared.n,
        first_solved=len(compared.both) + len(compared.lost),
        second_solved=len(compared.both) + len(compared.won),
        won=list(compared.won),
        lost=list(compared.lost),
        both=list(compared.both),
        neither=list(compared.neither),
        p_value=compared.p_value,
        difference=compared.difference,
        low=compared.interval.low,
        high=compared.interval.high,
        attempts=list(compared.attempts),
        fair=compared.fair,
        left_out=[LeftOutJson(id=left.id, reason=left.reason) for left in compared.left_out],
        differing=[DifferingJson(name=one.name, first=one.first, second=one.second) for one in compared.differing],
    )
