"""Whose turn it is: the proposers of the goals that are needed, opened, rotated, asked again and closed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from typing import Any

from search.effort import TESTER, Effort, Tester
from search.frontier import Frontier
from search.graph import ProofGraph
from search.nodes import GoalStatus
from search.outlook import standing
from search.ports import Policy, Rung
from search.proposer import Proposer
from search.strategy import Strategy

ProposerId = tuple[str, int]
"""Goal key, index of the proposer there: one for each policy and rung; or `TESTER`."""
GIVE_UP = 10
"""Turns at a subgoal after which the goals above hear that it is hard."""
OPENS = {Rung.PROBE: 0, Rung.CLOSE: 0, Rung.DECOMPOSE: 2, Rung.REPAIR: 3, Rung.WIDEN: 6}
"""Turns at lower rungs of a goal from which on each rung is asked, also if nobody else has anything to do."""
TURN_SECONDS = 6.0
"""What a turn is expected to take: where it takes longer it counts for several."""
FIRST, FIRST_FOR_ROOTS = -1.0, 1.5
"""What looking for a counterexample costs: at a subgoal nothing comes before it, at a root the first closing turn."""


class Agenda:
    """The efforts at all goals, and the order in which their proposers are served.

    A proposer is served for a turn of `turn` checks, then goes back to the frontier with one more visit, behind
    others of its cost. One that has run out of ideas is asked again if it brought something new or a lemma was lost
    meanwhile. At every goal a counterexample is looked for once: at a subgoal before anything else, at a root when the
    first turn has not closed it. timed: seconds count as well as checks, a slow turn for several (which a run that is
    to be reproducible cannot have)."""

    def __init__(
        self, graph: ProofGraph, policies: Sequence[Policy], *, strategy: Strategy, turn: int, seed: int, timed: bool
    ) -> None:
        self.efforts: dict[str, Effort] = {}
        self._graph = graph
        self._policies = policies
        self._strategy = strategy
        self._timed = timed
        self._turn = turn
        self._seed = seed
        self._frontier: Frontier[ProposerId] = Frontier()
        self._in_turn: deque[ProposerId] = deque()
        self._closing: set[asyncio.Task[Any]] = set()

    def open(self, key: str) -> None:
        """A goal became needed: serve its proposers, from the start."""
        if key not in self.efforts:
            self.efforts[key] = Effort(self._graph.goal(key).goal, self._policies, self._strategy)
        if not self.efforts[key].tester.begun:
            self._frontier.push((key, TESTER), FIRST_FOR_ROOTS if self._graph.goal(key).root else FIRST)
        for proposer in self.efforts[key].proposers:
            proposer.done = False
            proposer.opened = False
        self._climb(self.efforts[key])

    def ask_again(self, key: str) -> None:
        """Something changed at a goal: serve those of its proposers that had nothing more to say. What closes a goal
        at once does not depend on lemmas, so those who plan are asked, where there are any."""
        if key in self.efforts and self._graph.goal(key).needed:
            proposers = self.efforts[key].proposers
            plan = [p for p in proposers if p.rung >= Rung.DECOMPOSE] or proposers
            for proposer in plan:
                if proposer.done:
                    proposer.done = False
                    self._enqueue(proposer)

    def next(self) -> Proposer | Tester | None:
        """The proposer to serve now, its run begun, or whoever looks for a counterexample; None when nobody waits."""
        name = self._in_turn.popleft() if self._in_turn else self._frontier.pop()
        if name is None:
            return None
        effort = self.efforts[name[0]]
        if name[1] == TESTER:
            effort.tester.begun = True
            return effort.tester
        proposer = effort.proposers[name[1]]
        if not proposer.running:
            steps, depth = self._graph.steps_of(name[0]), self._graph.goal(name[0]).depth
            proposer.start(effort.context(proposer, steps, depth=depth, seed=self._seed), len(effort.lost))
        if proposer.turn_left <= 0:
            proposer.turn_left = self._turn
        return proposer

    def served(self, proposer: Proposer, *, checked: bool, seconds: float, promising: bool = False) -> None:
        """A proposer had its verdict, which took so many seconds; it goes on with its turn, or to the back. Free
        verdicts do not count; nor does a trial that succeeded: what it found is to be proposed next."""
        proposer.turn_left -= checked
        if promising:
            proposer.turn_left = max(proposer.turn_left, 2 * self._turn)
            proposer.promising = True
        if self._timed and checked:
            proposer.seconds += seconds
        slow = proposer.seconds >= TURN_SECONDS * (proposer.visits + 2)
        if proposer.turn_left > 0 and (proposer.promising or not slow):
            self._in_turn.append(proposer.id)
            return
        proposer.promising = False
        proposer.turn_left = 0
        proposer.visits = max(proposer.visits + 1, int(proposer.seconds / TURN_SECONDS))
        effort = self.efforts[proposer.goal.key]
        effort.turns += 1
        if self._may_go_on(proposer):
            self._enqueue(proposer)
        else:
            self._close(proposer.detach())
            proposer.done = True
        self._climb(effort)

    def too_hard(self, key: str) -> str | None:
        """Why the goals above should plan again without this subgoal, the first time that this is so: all proposers
        are out of ideas, or have had many turns."""
        effort, node = self.efforts[key], self._graph.goal(key)
        hard = effort.dry or effort.turns >= GIVE_UP
        if effort.given_up or node.root or node.status is not GoalStatus.OPEN or not hard:
            return None
        effort.given_up = True
        return f"not proved in {len(effort.verdicts)} checks" + (", out of ideas" if effort.dry else "")

    def finished(self, proposer: Proposer) -> None:
        """A proposer ran out of ideas."""
        effort = self.efforts[proposer.goal.key]
        again = (proposer.fresh or len(effort.lost) > proposer.lost_seen) and self._may_go_on(proposer)
        self._close(proposer.detach())
        if again:
            proposer.visits += 1
            self._enqueue(proposer)
        else:
            proposer.done = True
            if proposer.rung < Rung.REPAIR:  # there may be something to mend now
                for other in effort.proposers:
                    if other.done and other.rung is Rung.REPAIR and other.policy is proposer.policy:
                        other.done = False
                        self._enqueue(other)
        self._climb(effort)

    def abandon(self, key: str, jobs: dict[ProposerId, asyncio.Task[Any]]) -> None:
        """A goal is needed no longer: close its proposers, after their `jobs` (cancelled already), and end its
        checks."""
        effort = self.efforts.get(key)
        if effort is None:
            return
        self._frontier.discard(effort.tester.id)
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

    def _climb(self, effort: Effort) -> None:
        """Let the proposers of higher rungs in, once those of lower ones have had turns enough or are out of ideas:
        they build on what was learnt there."""
        for proposer in effort.proposers:
            if proposer.opened or proposer.done:
                continue
            below = [p for p in effort.proposers if p.policy is proposer.policy and p.rung < proposer.rung]
            if sum(p.visits for p in below) >= OPENS[proposer.rung] or all(p.done for p in below):
                proposer.opened = True
                self._enqueue(proposer)

    def _may_go_on(self, proposer: Proposer) -> bool:
        """Without re-planning, a goal that has a plan needs no other."""
        planned = self.efforts[proposer.goal.key].planned
        return self._strategy.replan or not planned or proposer.rung < Rung.DECOMPOSE

    def _enqueue(self, proposer: Proposer) -> None:
        effort = self.efforts[proposer.goal.key]
        self._frontier.push(proposer.id, self._strategy.cost(standing(self._graph, self.efforts, effort, proposer)))

    def _close(self, closing: Coroutine[Any, Any, None] | None) -> None:
        if closing is not None:
            self.keep(asyncio.get_running_loop().create_task(closing))

    def keep(self, task: asyncio.Task[Any]) -> None:
        """Remember a cancelled task until it has ended."""
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
