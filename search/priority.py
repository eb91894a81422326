"""How urgent it is to work on a goal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a goal and one of its proposers stand. depth: steps from a root. score: S of the step through which the
    goal is needed (1 for roots). complexity: d of the goal. visits: turns the proposer had. policy: its place among
    the policies. checks: candidates checked at the goal. lost: subgoals of its steps that turned out hopeless."""

    depth: int
    score: float
    complexity: int
    visits: int
    policy: int
    checks: int
    lost: int


Cost = Callable[[Standing], float]
"""The least cost is served first. It must grow without bound with `visits`, or an endless proposer starves the
others."""


def default_cost(standing: Standing) -> float:
    """Turns had, plus a little for depth, plus what the decomposition's score leaves to be desired."""
    return standing.visits + standing.depth / 4 + (1.0 - standing.score)
