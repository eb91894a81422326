"""What was tried at one goal: its proposers, the verdicts, and what is worth knowing when asking again."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from search.nodes import StepNode, shared_metavariables
from search.ports import Accepted, Goal, Policy, PolicyContext, Refuted, Rejected, Step, Unknown, Verdict
from search.proposer import Proposer
from search.result import Partial
from search.strategy import BEST_FIRST, Memory, Strategy

FIRST_WIDTH, MOST_DOUBLINGS = 4, 6
"""Alternatives worth proposing in a proposer's first run, and how often that number doubles, run by run."""
TESTER = -1


@dataclass(frozen=True, slots=True)
class Checked:
    """A candidate with its verdict, the check's seconds, and the environment's own error if it raised one."""

    step: Step
    verdict: Verdict
    seconds: float = 0.0
    error: str | None = None


class Tester:
    """The one look for a counterexample of a goal."""

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self.begun = False
        self.done = False

    @property
    def id(self) -> tuple[str, int]:
        """Goal key, and an index that no proposer has."""
        return (self.goal.key, TESTER)


class Effort:
    """The work on one goal.

    verdicts: by the key of the proposed step. checking: checks that run now, by the same key, shared by proposers that
    have the same idea at the same time. lost: which lemmas turned out hopeless or too hard, and why. turns: had by all
    proposers together. planned: a step that leaves goals open was accepted. given_up: the goals above were told so.
    tester: who looks for a counterexample.
    """

    def __init__(self, goal: Goal, policies: Sequence[Policy], strategy: Strategy = BEST_FIRST) -> None:
        self.goal = goal
        self.tester = Tester(goal)
        self._strategy = strategy
        ladder = [(policy, rung) for policy in policies for rung in policy.rungs if rung in strategy.rungs]
        self.proposers = [Proposer(goal, policy, index, rung) for index, (policy, rung) in enumerate(ladder)]
        self.verdicts: dict[str, Verdict] = {}
        self.checking: dict[str, asyncio.Task[Checked | None]] = {}
        self.rejected: list[tuple[Step, Rejected | Unknown]] = []
        self.lost: list[str] = []
        self.turns = 0
        self.planned = False
        self.given_up = False
        self._best: Partial | None = None

    @property
    def dry(self) -> bool:
        """Whether nobody has anything to say about the goal, for now."""
        return self.tester.done and all(p.done for p in self.proposers)

    def record(self, step: Step, verdict: Verdict) -> Verdict:
        """Keep a new verdict, and return what it comes to: a step whose open goals share metavariables is rejected, one
        that leaves goals open where only whole proofs count as well, and what is no verdict is unknown."""
        if self._strategy.whole and isinstance(verdict, Accepted) and verdict.subgoals:
            names = ", ".join(subgoal.name for subgoal in verdict.subgoals[:3])
            verdict = Rejected(f"only whole proofs count, and it leaves open: {names}", (), len(verdict.subgoals))
        if isinstance(verdict, Accepted) and (shared := shared_metavariables(verdict.subgoals)):
            verdict = Rejected(f"its open goals share metavariables: {', '.join(sorted(shared))}")
        if not isinstance(verdict, Accepted | Rejected | Unknown | Refuted):
            verdict = Unknown(f"the environment answered {type(verdict).__name__}, which is no verdict")
        self.verdicts[step.key] = verdict
        self.planned |= isinstance(verdict, Accepted) and bool(verdict.subgoals) and not step.trial
        if isinstance(verdict, Rejected | Unknown):
            self.rejected.append((step, verdict))
        if isinstance(verdict, Rejected) and verdict.open_obligations is not None:
            partial = Partial(self.goal, step, verdict.open_obligations, verdict)
            if self._best is None or partial.open_obligations < self._best.open_obligations:
                self._best = partial
        return verdict

    def context(self, proposer: Proposer, steps: Sequence[StepNode], *, depth: int, seed: int) -> PolicyContext:
        """What to tell a proposer at the start of a run; `steps` are the goal's accepted ones."""
        told: list[tuple[Step, Rejected | Unknown]] = [
            *self.rejected,
            *((step.step, in_conflict()) for step in steps if step.set_aside),
        ]
        if self._strategy.memory is not Memory.ALL:
            told = told[-1:] if self._strategy.memory is Memory.LAST else []
        return PolicyContext(
            depth=depth,
            visits=proposer.runs,
            rung=proposer.rung,
            width=FIRST_WIDTH << min(proposer.runs, MOST_DOUBLINGS),
            whole=self._strategy.whole,
            rejected=tuple(told),
            lost_lemmas=tuple(self.lost),
            seed=derived_seed(seed, self.goal.key, proposer.index, proposer.runs),
        )

    def best_partial(self, steps: Sequence[StepNode]) -> Partial | None:
        """The candidate that left the fewest obligations open; accepted steps (`steps`) win ties."""
        best = self._best
        for step in steps:
            if (
                step.usable
                and step.pending
                and (best is None or step.pending < best.open_obligations + (best is self._best))
            ):
                best = Partial(self.goal, step.step, step.pending, Accepted(step.subgoals))
        return best


def in_conflict() -> Rejected:
    """What a proposer is told about its accepted step while it is set aside."""
    return Rejected("accepted on its own, but set aside: it failed together with other parts, or others were better")


def derived_seed(*parts: object) -> int:
    """A seed of 63 bits that depends on all parts and on nothing else (no hash randomisation)."""
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
