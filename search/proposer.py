"""One policy's coroutine for one goal: started when first asked, told the verdicts, closed at any time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from search.ports import Goal, Policy, PolicyContext, Proposals, Rung, Spent, Step, Verdict

MAX_IDLE = 2_000
"""Yields in a row that are neither checked nor new, after which a proposer is taken to be stuck."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The proposer has no more ideas; `error` says so when it failed instead."""

    error: str | None = None


@dataclass(frozen=True, slots=True)
class Halted:
    """There is nothing to check any more: the budget ran out, or the proposer was closed meanwhile."""


class Proposer:
    """A policy at work on a goal at one rung, run after run.

    visits: turns it was given (what lowers its priority), those that took long counted as several. seconds: that its
    checks took, where that counts. runs: coroutines started. rounds: candidates checked in this run. promising: a trial
    succeeded in this turn. fresh: whether this run brought a step that was not known. done: it has nothing more to say,
    given what is known. opened: it has been let in. candidate: the key of the step whose check the present job started,
    if it did. lost_seen: how many lost lemmas of its goal this run was told of.
    """

    def __init__(self, goal: Goal, policy: Policy, index: int, rung: Rung = Rung.CLOSE) -> None:
        self.goal = goal
        self.policy = policy
        self.rung = rung
        self.index = index
        self.visits = 0
        self.seconds = 0.0
        self.runs = 0
        self.rounds = 0
        self.turn_left = 0
        self.promising = False
        self.fresh = False
        self.opened = False
        self.done = False
        self.candidate: str | None = None
        self.lost_seen = 0
        self._idle = 0
        self._reply: Verdict | None = None
        self._context: PolicyContext | None = None
        self._proposals: Proposals | None = None

    @property
    def id(self) -> tuple[str, int]:
        """Goal key and index of the proposer there: what the frontier holds."""
        return (self.goal.key, self.index)

    @property
    def running(self) -> bool:
        """Whether a run has begun and not ended."""
        return self._context is not None

    def start(self, context: PolicyContext, lost_seen: int) -> None:
        """Begin a run: the policy's coroutine is made when it is first asked."""
        self.runs += 1
        self.rounds, self.fresh, self.lost_seen = 0, False, lost_seen
        self._idle, self._reply = 0, None
        self._context = context

    def tell(self, verdict: Verdict, *, fresh: bool) -> None:
        """What to send back for the last candidate; `fresh`: it was not known before."""
        self._reply = verdict
        if fresh:
            self._idle = 0
            self.rounds += 1
            self.fresh = True

    async def advance(self, charge: Callable[[int], bool]) -> Step | Finished | Halted:
        """The next candidate. `charge` counts tokens and says whether the search may go on."""
        while self._context is not None:
            reply, self._reply = self._reply, None
            try:
                if self._proposals is None:
                    self._proposals = self.policy.propose(self.goal, self._context)
                asked = self._proposals
                item = await asked.asend(reply)
            except StopAsyncIteration:
                break
            except Exception as error:  # a policy's mistake must not end the search
                return Finished(f"{type(error).__name__}: {error}")
            if self._proposals is not asked:
                return Halted()  # detached meanwhile, and the policy swallowed the cancellation
            self._idle += 1
            if self._idle > MAX_IDLE:
                return Finished(f"{MAX_IDLE} yields in a row brought nothing new")
            if isinstance(item, Step):
                return item
            if not isinstance(item, Spent):
                return Finished(f"yielded {type(item).__name__}, neither Step nor Spent")
            if not charge(item.tokens):
                return Halted()
        return Finished()

    def detach(self, job: asyncio.Task[Any] | None = None) -> Coroutine[Any, Any, None] | None:
        """End the run now; what is returned, if anything, must be awaited to close the policy's coroutine, after the
        (cancelled) job that may still be inside it."""
        proposals, self._proposals, self._context = self._proposals, None, None
        self.turn_left = 0
        return None if proposals is None else _close(proposals, job)


async def _close(proposals: Proposals, job: asyncio.Task[Any] | None) -> None:
    if job is not None:
        await asyncio.wait([job])
    # Whatever a policy does when closed, it is closed.
    with suppress(Exception):
        await proposals.aclose()
