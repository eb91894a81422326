"""Whose turn it is: the proposers of the goals that are needed, opened, rotated, asked again and closed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from typing import Any

from search.effort import Effort
from search.frontier import Frontier
from search.graph import ProofGraph
from search.ports import Policy
from search.priority import Cost, Standing
from search.proposer import Proposer

ProposerId = tuple[str, int]
"""Goal key, index of the proposer there: one for each policy and rung."""


class Agenda:
    """The efforts at all goals, and the order in which their proposers are served.

    A proposer is served for a turn of `turn` checks, then goes back to the frontier with one more visit, behind
    others of its cost. One that has run out of ideas is asked again if it brought something new or a lemma was lost
    meanwhile."""

    def __init__(self, graph: ProofGraph, policies: Sequence[Policy], *, cost: Cost, turn: int, seed: int) -> None:
        self.efforts: dict[str, Effort] = {}
        self._graph = graph
        self._policies = policies
        self._cost = cost
        self._turn = turn
        self._seed = seed
        self._frontier: Frontier[ProposerId] = Frontier()
        self._in_turn: deque[ProposerId] = deque()
        self._closing: set[asyncio.Task[Any]] = set()

    def open(self, key: str) -> None:
        """A goal became needed: serve its proposers, from the start."""
        if key not in self.efforts:
            self.efforts[key] = Effort(self._graph.goal(key).goal, self._policies)
        for proposer in self.efforts[key].proposers:
            proposer.done = False
            self._enqueue(proposer)

    def ask_again(self, key: str) -> None:
        """Something changed at a goal: serve those of its proposers that had nothing more to say."""
        if key in self.efforts and self._graph.goal(key).needed:
            for proposer in self.efforts[key].proposers:
                if proposer.done:
                    proposer.done = False
                    self._enqueue(proposer)

    def next(self) -> Proposer | None:
        """The proposer to serve now, its run begun; None when nobody waits."""
        name = self._in_turn.popleft() if self._in_turn else self._frontier.pop()
        if name is None:
            return None
        effort = self.efforts[name[0]]
        proposer = effort.proposers[name[1]]
        if not proposer.running:
            steps, depth = self._graph.steps_of(name[0]), self._graph.goal(name[0]).depth
            proposer.start(effort.context(proposer, steps, depth=depth, seed=self._seed), len(effort.lost))
        if proposer.turn_left <= 0:
            proposer.turn_left = self._turn
        return proposer

    def served(self, proposer: Proposer, *, checked: bool) -> None:
        """A proposer had its verdict; it goes on with its turn, or to the back. Free verdicts do not count."""
        proposer.turn_left -= checked
        if proposer.turn_left > 0:
            self._in_turn.append(proposer.id)
        else:
            proposer.visits += 1
            self._enqueue(proposer)

    def finished(self, proposer: Proposer) -> bool:
        """A proposer ran out of ideas. Whether all of its goal's proposers have now, for good."""
        effort = self.efforts[proposer.goal.key]
        again = proposer.fresh or len(effort.lost) > proposer.lost_seen
        self._close(proposer.detach())
        if again:
            proposer.visits += 1
            self._enqueue(proposer)
        else:
            proposer.done = True
        return all(p.done for p in effort.proposers)

    def abandon(self, key: str, jobs: dict[ProposerId, asyncio.Task[Any]]) -> None:
        """A goal is needed no longer: close its proposers, after their `jobs` (cancelled already), and end its
        checks."""
        effort = self.efforts.get(key)
        if effort is None:
            return
        for proposer in effort.proposers:
            self._frontier.discard(proposer.id)
            if proposer.id in self._in_turn:
                self._in_turn.remove(proposer.id)
            self._close(proposer.detach(jobs.get(proposer.id)))
        for job in jobs.values():
            self.keep(job)
        for check in effort.checking.values():
            check.cancel()
            self.keep(check)
        effort.checking.clear()

    async def close(self, seconds: float) -> None:
        """Wait for all that was cancelled to end, for so many seconds at most."""
        if self._closing:
            _, late = await asyncio.wait(self._closing, timeout=seconds)
            for task in late:
                task.cancel()

    def _enqueue(self, proposer: Proposer) -> None:
        key = proposer.goal.key
        node, effort = self._graph.goal(key), self.efforts[key]
        standing = Standing(
            depth=node.depth,
            score=1.0 if node.support is None else self._graph.step(node.support).score.value,
            complexity=node.goal.complexity,
            visits=proposer.visits,
            policy=proposer.index,
            checks=len(effort.verdicts),
            lost=len(effort.lost),
        )
        self._frontier.push(proposer.id, self._cost(standing))

    def _close(self, closing: Coroutine[Any, Any, None] | None) -> None:
        if closing is not None:
            self.keep(asyncio.get_running_loop().create_task(closing))

    def keep(self, task: asyncio.Task[Any]) -> None:
        """Remember a cancelled task until it has ended."""
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
