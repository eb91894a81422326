"""A workbench: what one process needs to make attempts, many at a time, and making one.

Warm verifiers and models are shared by all attempts of the process. Nothing that a file, a model or a verifier does
ends in an exception: it is told in the attempt's line. A full disk is one, since nothing can be told then.

An official rule's time limit is meant for a machine that does nothing else. Where it ends a check beside other
attempts, the check is made again with none of them at work, and that counts: being late beside others says nothing.
"""

from __future__ import annotations

import asyncio
import errno
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from prover import events
from prover.benchmarks.benchmark import OfficialRule, ReadsAnswers
from prover.benchmarks.official import OfficialVerdict, judge_official, rule_of, unfinished
from prover.benchmarks.official_verifiers import official_verifier
from prover.benchmarks.task import BenchmarkTask
from prover.evaluation.jobs import Ended, Job, Terms
from prover.evaluation.lines import by_tests, error_of, line_of, official_fields, result_of, unanswered
from prover.evaluation.quiet import Quiet
from prover.inputs import SourceFile, source_of
from prover.jsonlines import JsonLines
from prover.output_files import NO_ROOM, partial_file
from prover.policy.opening import EARLIER
from prover.policy_choice import ChoiceProblem, check_policy
from prover.pools import Pools
from prover.results import (
    Engine,
    GoalStatus,
    ProveRequest,
    Status,
    objections_json,
)
from prover.run_folder import package_version
from prover.sampling.models import Models, sampling_settings
from prover.settings import Settings
from prover.vericoding.workshop import source_of as in_place_of

GRACE = 90.0
"""Seconds beyond its budget, and beyond those of the official rule, after which an attempt is broken off, as an error
of ours."""
CHECKS = "checks.log"
LEFT_BEHIND = (CHECKS, EARLIER)
"""What an attempt that was broken off leaves to the one that takes its place: what verifiers and models have said."""
_NO_ROOM = NO_ROOM | {errno.EFBIG}
_LATE_ALONE = "No other attempt was at work meanwhile."
_LATE_BESIDE_OTHERS = (
    "Other processes of the run were at work, so this says nothing: have the proofs judged with --answers, --workers 1."
)


class NoRoom(Exception):
    """The disk is full or gone: a run cannot go on, and can be resumed."""


class Workbench:
    """The verifiers and models of a process, and the attempts made with them. workers: attempts at a time, and warm
    verifiers of each language. engine: None for the real one. others: other processes of the run are at work on this
    machine. Belongs to one event loop; close it at the end."""

    def __init__(
        self,
        terms: Terms,
        workers: int,
        rule: OfficialRule | None,
        engine: Engine | None = None,
        models: Models | None = None,
        pools: Pools | None = None,
        *,
        others: bool = False,
    ) -> None:
        from prover.engine import DefaultEngine

        self._terms = terms
        self._rule = rule
        self._shared = workers > 1
        self._others = others
        self._quiet = Quiet()
        self._grace = grace(rule)
        self._engine = engine or DefaultEngine()
        self._pools = pools or Pools(terms.settings, workers)
        self._models = models or Models(sampling_settings(terms.settings))

    @property
    def models(self) -> Models:
        """The models of the process."""
        return self._models

    async def attempt(self, job: Job, folder: Path) -> Ended:
        """Make an attempt; its journal and samples go to a folder that is there. Raises NoRoom; cancelled, it ends
        its child processes and propagates."""
        seed = self._terms.seed(job.attempt)
        settings = self._terms.settings
        charged = f"{job.task.id}#{job.attempt}"
        resumed = _was_broken_off(folder)
        journal = JsonLines(folder / "journal.jsonl")
        request = ProveRequest(
            source=file_of(job.task),
            settings=settings,
            policy=settings.policy,
            strategy=settings.strategy,
            seconds=settings.seconds,
            checks=settings.checks,
            tokens=settings.tokens,
            seed=seed,
            journal=journal,
            samples=folder / "samples.jsonl",
            models=self._models,
            pools=self._pools,
            charged=charged,
            told=folder / CHECKS,
        )
        try:
            async with self._quiet.together(), asyncio.timeout(settings.seconds + self._grace):
                ended = await self._ended(job, request)
            if ended.line.official_timed_out:
                ended = await self._not_beside_others(job, ended)
        except TimeoutError:
            # The trace says where it was when it was broken off.
            late = f"it had not ended {self._grace:.0f} s beyond its budget"
            ended = error_of(job, seed, late, traceback.format_exc())
        except Exception as error:
            if (full := no_room(error)) is not None:
                raise NoRoom(f"{full.filename or folder}: {full.strerror}") from error
            ended = error_of(job, seed, f"{type(error).__name__}: {error}", traceback.format_exc())
        finally:
            usage = self._models.finish(charged)
            journal.close()
        more = {"cost_usd": usage.cost_usd, "resumed": resumed}
        return by_tests(replace(ended, line=ended.line.model_copy(update=more)))

    async def _ended(self, job: Job, request: ProveRequest) -> Ended:
        if job.answer is not None:
            return await self._judged(job, job.answer, request)
        result = await self._engine.prove(request, events.Silent())
        if result.status is Status.UNKNOWN and result.unanswered:
            return unanswered(job, request.seed, result)
        official = OfficialVerdict(None)
        if result.status is Status.PROVED and result.text is not None:
            official = await self._official(job.task, result.text)
        elif result.status is Status.UNKNOWN:
            official = await self._official(job.task, None)
        line = line_of(job, request.seed, result, official)
        if result.status is Status.PROVED:
            return Ended(line, result.text, "proved")
        if result.partial is None:
            return Ended(line)
        left = tuple(g.name for g in result.goals if g.status is not GoalStatus.PROVED)
        label = partial_file(request.source, result.partial, result.reason, left, package_version())
        return Ended(line, label, "partial")

    async def _judged(self, job: Job, answer: str, request: ProveRequest) -> Ended:
        """Both rules' word on an answer."""
        original = request.source
        candidate = in_place_of(original, answer)
        began = asyncio.get_running_loop().time()
        verdict = await self._engine.judge(
            original, candidate, settings=request.settings, seconds=request.seconds, pools=self._pools
        )
        official = await self._official(job.task, self._given_to_harness(job, answer))
        seconds = asyncio.get_running_loop().time() - began
        line = line_of(job, request.seed, result_of(verdict, seconds), official)
        told = objections_json(verdict.objections)
        strict = {"accepted": True, "rejected": False}.get(verdict.verdict)
        line = line.model_copy(update={"objections": told, "strict": strict})
        return Ended(line, answer, "proved" if line.strict else "answer")

    async def _not_beside_others(self, job: Job, ended: Ended) -> Ended:
        """The same, but for an official verdict that was late: that of a machine without other attempts."""
        line = ended.line
        if self._shared:
            async with self._quiet.alone():
                verdict = await self._official(job.task, self._given_to_harness(job, ended.text))
            line = line.model_copy(update=official_fields(verdict))
        if line.official_timed_out:
            told = _LATE_BESIDE_OTHERS if self._others else _LATE_ALONE
            word = None if self._others else False
            line = line.model_copy(update={"official": word, "official_reason": f"{line.official_reason} {told}"})
        return replace(ended, line=line)

    def _given_to_harness(self, job: Job, text: str | None) -> str | None:
        """What the official rule judges in place of a text: what its harness reads in the same words of a model."""
        rule = rule_of(self._rule, job.task) if self._rule is not None else None
        return rule.read(job.said) if job.said is not None and isinstance(rule, ReadsAnswers) else text

    async def _official(self, task: BenchmarkTask, text: str | None) -> OfficialVerdict:
        """On a finished file, or that there is none."""
        if self._rule is None:
            return OfficialVerdict(None)
        async with official_verifier(task, self._terms.settings, self._pools, self._rule) as verifier:
            if text is None:
                return unfinished(self._rule, task, verifier)
            return await judge_official(self._rule, task, text, verifier)

    async def close(self) -> None:
        """End all child processes and free the models."""
        await self._models.close()
        await self._pools.close()


def grace(rule: OfficialRule | None) -> float:
    """Seconds beyond its budget that an attempt may take: the official verdict comes on top, of which some rules want
    two."""
    return GRACE + _official_seconds(rule)


def longest(seconds: float, rule: OfficialRule | None, workers: int) -> float:
    """Seconds that an attempt takes at most, also where an official check is made once more: it may wait for others
    when it begins (until one of them is alone, which waits for all), and again before it is alone itself."""
    own = seconds + grace(rule)
    return own if rule is None or workers < 2 else 3 * own + 2 * workers * _official_seconds(rule)


def _official_seconds(rule: OfficialRule | None) -> float:
    return 2 * rule.seconds if rule is not None else 0.0


def models_of(settings: Settings) -> tuple[str, ...]:
    """The language models that a policy names, each once."""
    parts = check_policy(settings.policy)
    if isinstance(parts, ChoiceProblem):
        return ()
    return tuple(dict.fromkeys(f"{p.kind}:{p.argument}" for p in parts if p.kind != "symbolic"))


def _was_broken_off(folder: Path) -> bool:
    return any((folder / name).exists() for name in LEFT_BEHIND)


def file_of(task: BenchmarkTask) -> SourceFile:
    """A task as a file that was read."""
    return source_of(task.source, task.language, Path(task.path) if task.path is not None else None)


def no_room(error: BaseException) -> OSError | None:
    """The error of a full or broken disk behind an exception or a group of them."""
    return next((e for e in _leaves(error) if isinstance(e, OSError) and e.errno in _NO_ROOM), None)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error
