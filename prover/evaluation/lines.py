"""What results say of an attempt: its line, from what the engine, the gate and the official rule have said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from prover.benchmarks.official import OfficialVerdict
from prover.evaluation.jobs import Ended, Job
from prover.evaluation.records import ERROR
from prover.results import AttemptJson, GateVerdict, ProveResult, Status, goals_json


def result_of(verdict: GateVerdict, seconds: float) -> ProveResult:
    """What the gate's verdict on somebody's answer is as the result of an attempt."""
    status = Status.PROVED if verdict.verdict == "accepted" else Status.UNKNOWN
    if verdict.unsupported:
        status = Status.UNSUPPORTED
    told = "; ".join(o.message for o in verdict.objections[:3])
    return ProveResult(
        status,
        seconds=seconds,
        checks=1,
        verifier=verdict.verifier,
        axioms=verdict.axioms,
        baseline=verdict.baseline,
        translated=verdict.translated,
        reason=verdict.reason or told,
    )


def line_of(job: Job, seed: int, result: ProveResult, official: OfficialVerdict) -> AttemptJson:
    """What results say of an attempt."""
    judged = result.status in (Status.PROVED, Status.UNKNOWN)
    return AttemptJson(
        benchmark=job.task.benchmark,
        id=job.task.id,
        language=job.task.language,
        attempt=job.attempt,
        status=result.status.value,
        **official_fields(official),
        strict=result.status is Status.PROVED if judged else None,
        seconds=round(result.seconds, 3),
        checks=result.checks,
        tokens=result.tokens,
        reason="" if result.status is Status.PROVED else result.reason,
        mode=job.task.mode,
        seed=seed,
        untouched=result.untouched,
        implemented=result.implemented,
        translated=result.translated,
        verifier=result.verifier,
        subgoals=result.subgoals,
        goals=goals_json(result.goals),
        axioms=list(result.axioms),
        baseline=list(result.baseline),
    )


def official_fields(official: OfficialVerdict) -> dict[str, Any]:
    """What a line says of the official rule."""
    return {
        "official": official.passed,
        "official_reason": official.reason or "; ".join(o.message for o in official.objections[:3]),
        "official_timed_out": official.timed_out,
    }


def by_tests(ended: Ended) -> Ended:
    """Where code alone is asked for, nothing was to be proved: the benchmark's tests decide, and our gate has no word
    on it."""
    line = ended.line
    if line.mode != "code":
        return ended
    update: dict[str, object] = {"strict": None}
    if line.status == "proved":
        told = line.official_reason or "the code passes the official tests"
        update |= {"status": "unknown", "reason": f"Code without a proof: {told}"}
    kind = "answer" if ended.kind == "proved" else ended.kind
    return replace(ended, line=line.model_copy(update=update), kind=kind)


def unanswered(job: Job, seed: int, result: ProveResult) -> Ended:
    """A model or a verifier that never answered says nothing about the task: the attempt can be made again."""
    line = line_of(job, seed, result, OfficialVerdict(None))
    told = f"No answer: {result.unanswered}."
    return Ended(line.model_copy(update={"status": ERROR, "strict": None, "reason": told}))


def error_of(job: Job, seed: int, reason: str, trace: str) -> Ended:
    """An attempt that ended in an error of ours."""
    line = AttemptJson(
        benchmark=job.task.benchmark,
        id=job.task.id,
        language=job.task.language,
        attempt=job.attempt,
        status="error",
        reason=f"An error of ours: {reason}",
        mode=job.task.mode,
        seed=seed,
    )
    return Ended(line, trace=trace)
