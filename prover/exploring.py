"""What a policy's decompositions of one goal are worth, without proving their lemmas.

The policy is first asked to close the goal, since decompositions start from what such attempts leave failing; then for
decompositions, and for repairs of what was rejected, until it brings nothing new or the goal's allowance is spent.
Every accepted step's subgoals are tested, and the score is the search's own.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from prover.console import one_line
from prover.decompositions import Decomposition, GoalPlans, PlanStatus, Rejections
from prover.scoring import REFUTE_SECONDS, Scorer
from search.ports import (
    Accepted,
    Clock,
    Environment,
    Goal,
    Owing,
    Policy,
    PolicyContext,
    Proposals,
    Refuted,
    Rejected,
    Rung,
    Spent,
    Step,
    Unknown,
    Verdict,
)
from search.proposer import MAX_IDLE

CLOSE_SHARE = 0.4
"""Share of a goal's seconds and checks for attempts to close it."""
WIDTH = 8
"""Alternatives worth proposing at first; as many more each time the policy is asked again."""
REASONS, REASON_LENGTH = 5, 160
"""The most frequent reasons told, and the characters of each."""
_TOOK = re.compile(r" after [\d.]+ s\b")
"""What would tell apart reasons that are the same."""


@dataclass(slots=True)
class Expenses:
    """What has been spent: checks (those of looking for counterexamples too) and tokens. allowed: checks, and
    allowed_tokens; None for no bound."""

    checks: int = 0
    tokens: int = 0
    allowed: int | None = None
    allowed_tokens: int | None = None

    @property
    def left(self) -> int | None:
        """Checks left; None for no bound."""
        return None if self.allowed is None else max(self.allowed - self.checks, 0)

    @property
    def tokens_left(self) -> int | None:
        """Tokens left; None for no bound."""
        return None if self.allowed_tokens is None else max(self.allowed_tokens - self.tokens, 0)

    @property
    def gone(self) -> bool:
        """Whether the checks or the tokens are spent."""
        return self.left == 0 or self.tokens_left == 0


class Allowance:
    """Seconds, checks and tokens (None: no bound of its own) that a part of the work may take from now on."""

    def __init__(
        self, clock: Clock, seconds: float, spent: Expenses, checks: int | None, tokens: int | None = None
    ) -> None:
        self._clock = clock
        self._until = clock.now() + seconds
        self._spent = spent
        self._most = None if checks is None else spent.checks + checks
        self._most_tokens = None if tokens is None else spent.tokens + tokens

    @property
    def seconds(self) -> float:
        """Seconds left, never negative."""
        return max(self._until - self._clock.now(), 0.0)

    @property
    def checks(self) -> int | None:
        """Checks left, never negative."""
        return None if self._most is None else max(self._most - self._spent.checks, 0)

    @property
    def tokens(self) -> int | None:
        """Tokens left, never negative."""
        return None if self._most_tokens is None else max(self._most_tokens - self._spent.tokens, 0)

    @property
    def gone(self) -> bool:
        """Whether nothing more may be done."""
        return self.seconds <= 0 or self.checks == 0 or self.tokens == 0

    def share(self, part: float) -> Allowance:
        """A part of what is left; at least one check and one token."""

        def of(left: int | None) -> int | None:
            return None if left is None else max(int(left * part), min(left, 1))

        return Allowance(self._clock, self.seconds * part, self._spent, of(self.checks), of(self.tokens))


# ------------------------------------------------------------------------------------------------------------ one goal


@dataclass(slots=True)
class Explorer:
    """The decompositions of one goal. tried: told of every step before its check."""

    environment: Environment
    policies: Sequence[Policy]
    goal: Goal
    scorer: Scorer
    spent: Expenses
    seed: int = 0
    tried: Callable[[Goal, Step], None] = lambda goal, step: None
    mistake: str = ""
    _verdicts: dict[str, Verdict] = field(default_factory=dict)
    _rejected: list[tuple[Step, Rejected | Unknown]] = field(default_factory=list)
    _found: dict[tuple[str, ...], Decomposition] = field(default_factory=dict)
    _lost: list[str] = field(default_factory=list)
    _reasons: Counter[str] = field(default_factory=Counter)
    _counts: Counter[type] = field(default_factory=Counter)
    _witness: str = ""

    async def explore(self, allowance: Allowance) -> None:
        """Ask the policy for what the allowance permits. What was found stays when this is cancelled."""
        if allowance.gone:
            return
        tested = await self.environment.refute(self.goal, seconds=min(allowance.seconds, REFUTE_SECONDS))
        self.spent.checks += tested.checks
        if isinstance(tested.found, Refuted):
            self._witness = tested.found.witness
            return
        closing = allowance.share(CLOSE_SHARE)
        for rung in (Rung.PROBE, Rung.CLOSE):
            for policy in self.policies:
                await self._ask(policy, rung, 0, closing)
        visits = 0
        fresh = True
        while fresh:
            fresh = False
            for rung in (Rung.DECOMPOSE, Rung.REPAIR):
                for policy in self.policies:
                    fresh |= await self._ask(policy, rung, visits, allowance)
            visits += 1

    async def _ask(self, policy: Policy, rung: Rung, visits: int, allowance: Allowance) -> bool:
        """One run of a policy at a rung; whether it brought a step that is new."""
        if rung not in policy.rungs or self._settled or allowance.gone:
            return False
        context = PolicyContext(
            visits=visits,
            rung=rung,
            width=WIDTH * (visits + 1),
            rejected=tuple(self._rejected),
            lost_lemmas=tuple(self._lost),
            seed=self._seed(policy, rung, visits),
        )
        proposals = policy.propose(self.goal, context)
        reply: Verdict | None = None
        fresh, idle = False, 0
        try:
            while not self._settled and not allowance.gone and idle < MAX_IDLE:
                item = await self._next(proposals, reply, allowance.seconds)
                idle += 1
                if item is None:
                    break
                if isinstance(item, Spent):
                    self.spent.tokens += item.tokens
                    reply = None
                elif item.key in self._verdicts:
                    reply = self._verdicts[item.key]
                elif not allowance.gone:
                    reply = await self._check(item, rung, allowance)
                    fresh, idle = True, 0
        finally:
            with suppress(Exception):
                await proposals.aclose()
            self.spent.tokens += policy.owed() if isinstance(policy, Owing) else 0
        return fresh

    async def _next(self, proposals: Proposals, reply: Verdict | None, seconds: float) -> Step | Spent | None:
        """What the policy says next; None when it has nothing more to say, thinks for too long, or fails."""
        bound = asyncio.timeout(seconds)
        try:
            async with bound:
                return await proposals.asend(reply)
        except (StopAsyncIteration, TimeoutError):
            return None
        except Exception as error:
            # Broken off in the middle of computing, a policy may answer with an error of any kind.
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise asyncio.CancelledError from error
            if not bound.expired():  # a policy's mistake must not end the run
                self.mistake = f"{type(error).__name__}: {error}"
            return None

    def _seed(self, policy: Policy, rung: Rung, visits: int) -> int:
        words = f"{self.seed} {self.goal.key} {policy.name} {rung} {visits}"
        return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big") >> 1

    @property
    def _settled(self) -> bool:
        return bool(self._witness) or () in self._found

    async def _check(self, step: Step, rung: Rung, allowance: Allowance) -> Verdict:
        self.tried(self.goal, step)
        self.spent.checks += 1
        verdict = await self.environment.check(self.goal, step, seconds=allowance.seconds)
        self._verdicts[step.key] = verdict
        match verdict:
            case Accepted(subgoals=subgoals, step=normal):
                await self._accepted(normal or step, subgoals, allowance)
            case Rejected() | Unknown():
                self._rejected.append((step, verdict))
                if rung >= Rung.DECOMPOSE:
                    said = verdict.summary if isinstance(verdict, Rejected) else f"no verdict: {verdict.reason}"
                    self._reasons[one_line(_TOOK.sub("", said))[:REASON_LENGTH] or "no reason given"] += 1
                    self._counts[type(verdict)] += 1
            case Refuted(witness=witness):
                self._witness = witness or "no witness given"
        return verdict

    async def _accepted(self, step: Step, subgoals: Sequence[Goal], allowance: Allowance) -> None:
        key = tuple(sorted(subgoal.key for subgoal in subgoals))
        if key in self._found:
            return
        scored = await self.scorer.score(self.goal, subgoals, seconds=allowance.seconds)
        self.spent.checks += scored.checks
        self._found[key] = Decomposition(scored.score, scored.r, step.kind, step.text, scored.lemmas)
        self._lost += [f"{lemma.name}: {lemma.witness}" for lemma in scored.lemmas if lemma.refuted]

    def plans(self, line: int) -> GoalPlans:
        """What was found, the best first."""
        ranked = sorted(self._found.values(), key=lambda d: d.score, reverse=True)
        status = PlanStatus.OPEN
        if self._witness:
            status = PlanStatus.REFUTED
        elif () in self._found:
            status = PlanStatus.CLOSED
        elif any(d.v for d in ranked):
            status = PlanStatus.DECOMPOSED
        rejections = Rejections(
            self._counts[Rejected], self._counts[Unknown], tuple(self._reasons.most_common(REASONS))
        )
        goal = self.goal
        return GoalPlans(goal.name, line, goal.text, goal.complexity, status, tuple(ranked), rejections, self._witness)
