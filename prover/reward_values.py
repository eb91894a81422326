"""What rewards are made of for either language: the values, and how one batch of texts is judged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from prover.scoring import Lemma, Scorer
from search.ports import Accepted, Environment, Goal, Refuted, Step, Unknown

Verdict = Literal["accepted", "rejected", "unknown", "refuted-lemma", "invalid"]


class RewardError(ValueError):
    """There are no rewards for this source and goal, or not on this machine: the message says why. Never raised for
    what a proposed text says."""


@dataclass(frozen=True, slots=True)
class Reward:
    """What one proposed text is worth.

    value: S, in [0, 1]; None where the verdict is `unknown` (a timeout or a crash says nothing of the text: drop the
    sample, do not punish it). unclipped: S before it is clipped at 0, minus infinity where v = 0; None as `value`.
    v: whether the verifier accepts the text with its subgoals taken for granted, and none of them is refuted; None as
    `value`. d_goal, d_subgoals: operator occurrences (None where the source itself is undecided). verdict: `accepted`;
    `rejected` by the verifier, or no permitted edit; `refuted-lemma`: accepted, and a subgoal is false; `invalid`: no
    proposal for the goal at all; `unknown`. reason: one line where it is not accepted. refuted: the lemma that is
    false, with its witness.
    """

    value: float | None
    unclipped: float | None
    v: bool | None
    d_goal: int | None
    d_subgoals: tuple[int, ...] = ()
    verdict: Verdict = "accepted"
    reason: str = ""
    refuted: Lemma | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How texts are judged. T: the temperature of the score. seconds, refute_seconds: wall clock of each check, and of
    each lemma's test. at_once: texts judged at a time."""

    T: float
    seconds: float
    refute_seconds: float
    at_once: int


class Batch:
    """The texts proposed for one goal. read: a text as a step for the goal's payload, or why it is none."""

    def __init__(
        self, environment: Environment, goal: Goal, read: Callable[[Any, str], Step | str], bounds: Bounds
    ) -> None:
        self.environment = environment
        self.goal = goal
        self.read = read
        self.scorer = Scorer(environment, T=bounds.T, seconds=bounds.refute_seconds)
        self.bounds = bounds

    async def judge(self, proposals: Sequence[str]) -> tuple[Reward, ...]:
        """The rewards in order; equal texts are judged once."""
        free = asyncio.Semaphore(self.bounds.at_once)

        async def judged(text: str) -> Reward:
            async with free:  # a check's seconds are not spent on waiting for a verifier
                return await self._judge(text)

        async with asyncio.TaskGroup() as group:
            tasks = {text: group.create_task(judged(text)) for text in dict.fromkeys(proposals)}
        return tuple(tasks[text].result() for text in proposals)

    async def _judge(self, text: str) -> Reward:
        step = await asyncio.to_thread(self.read, self.goal.payload, text)
        if isinstance(step, str):
            return self._nothing("invalid", step)
        verdict = await self.environment.check(self.goal, step, seconds=self.bounds.seconds)
        match verdict:
            case Accepted(subgoals=subgoals):
                return await self._accepted(subgoals)
            case Unknown(reason=reason):
                return _undecided(self.goal.complexity, reason)
            case Refuted(witness=witness):
                return self._nothing("rejected", f"the goal itself is false: {witness}")
        return self._nothing("rejected", verdict.summary)

    async def _accepted(self, subgoals: Sequence[Goal]) -> Reward:
        scored = await self.scorer.score(self.goal, subgoals)
        refuted = scored.refuted
        return Reward(
            scored.score.value,
            scored.score.unclipped,
            refuted is None,
            self.goal.complexity,
            tuple(lemma.d for lemma in scored.lemmas),
            "accepted" if refuted is None else "refuted-lemma",
            refuted.witness if refuted is not None else "",
            refuted,
        )

    def _nothing(self, verdict: Verdict, reason: str) -> Reward:
        return Reward(0.0, float("-inf"), False, self.goal.complexity, verdict=verdict, reason=reason)


def undecided(proposals: Sequence[str], reason: str) -> tuple[Reward, ...]:
    """What texts are worth for a source that the verifier says nothing about."""
    return tuple(_undecided(None, reason) for _ in proposals)


def _undecided(d_goal: int | None, reason: str) -> Reward:
    return Reward(None, None, None, d_goal, verdict="unknown", reason=reason)
