"""The nodes of the AND/OR graph, and what a change of the graph reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from search.ports import Goal, Step
from search.score import Score

StepId = tuple[str, str]
"""A step at a goal: (goal key, step key)."""


class GoalStatus(StrEnum):
    """What is known of a goal. Refuted and exhausted are final; "given up" is a low priority, not a status."""

    OPEN = "open"
    SOLVED = "solved"
    REFUTED = "refuted"
    EXHAUSTED = "exhausted"

    @property
    def hopeless(self) -> bool:
        """No step that leaves this goal open can ever count."""
        return self in (GoalStatus.REFUTED, GoalStatus.EXHAUSTED)


@dataclass(eq=False, slots=True)
class GoalNode:
    """An OR node.

    solved_by: the first step to solve it; solved_at: its place in the order of solving, greater than those of all of
    that step's subgoals. live: accepted steps neither dead nor set aside; set_aside: steps that a conflict keeps out
    for now. undecided: some verdict was no verdict, so the goal can never be exhausted. needed: some root's proof may
    still want it; depth, support and cursor belong to `Need`."""

    goal: Goal
    root: bool = False
    status: GoalStatus = GoalStatus.OPEN
    witness: str = ""
    solved_by: StepId | None = None
    solved_at: int | None = None
    live: int = 0
    set_aside: int = 0
    undecided: bool = False
    needed: bool = False
    depth: int = 0
    support: StepId | None = None
    parents: list[StepId] = field(default_factory=list)
    cursor: int = 0

    @property
    def key(self) -> str:
        """The goal's key."""
        return self.goal.key


@dataclass(eq=False, slots=True)
class StepNode:
    """An AND node: an accepted step. pending: distinct subgoals not solved. dead: a subgoal is refuted or exhausted.
    set_aside: kept out because of a conflict. usable = neither."""

    id: StepId
    step: Step
    subgoals: tuple[Goal, ...]
    score: Score
    pending: int = 0
    dead: bool = False
    set_aside: bool = False

    @property
    def usable(self) -> bool:
        """Whether it may still solve its goal."""
        return not self.dead and not self.set_aside


@dataclass(frozen=True, slots=True)
class Changes:
    """What one operation on the graph changed, goal keys in the order it happened.

    added: seen for the first time. solved: newly, or by another step than before. lost: (goal, subgoal) where a step
    of the goal died because of the subgoal. wanted, unwanted: goals that became needed, or ceased to be."""

    added: tuple[str, ...] = ()
    solved: tuple[str, ...] = ()
    refuted: tuple[str, ...] = ()
    exhausted: tuple[str, ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


def shared_metavariables(subgoals: Sequence[Goal]) -> frozenset[str]:
    """The metavariables that more than one of a step's open goals mention: solving one would change the other."""
    seen: set[str] = set()
    shared: set[str] = set()
    for subgoal in subgoals:
        shared |= seen & subgoal.metavariables
        seen |= subgoal.metavariables
    return frozenset(shared)
