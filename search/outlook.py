"""Where a goal stands in the graph: what its priority is made from."""

from __future__ import annotations

from collections.abc import Mapping

from search.effort import Effort
from search.graph import ProofGraph
from search.nodes import GoalNode, StepNode
from search.ports import Rung
from search.priority import Standing
from search.proposer import Proposer

FAR = 24
"""Steps of a path that are looked at, from the goal up."""
TURNS_PER_PLACE = 3
"""Turns of planning at a goal for which one more of its decompositions is worked on at full priority."""


def standing(graph: ProofGraph, efforts: Mapping[str, Effort], effort: Effort, proposer: Proposer) -> Standing:
    """The standing of a goal's proposer. Costs the length of the goal's path, times the steps of the goals on it."""
    node = graph.goal(effort.goal.key)
    path, ranks, siblings = [], [], 0
    above: GoalNode | None = node
    for _ in range(FAR):
        if above is None or above.support is None:
            break
        step = graph.step(above.support)
        path.append(step.score)
        siblings += max(step.pending - 1, 0)
        above = graph.goal(step.id[0])
        ranks.append(max(_rank(graph, step) - _width(efforts.get(above.key)) + 1, 0))
    return Standing(
        depth=node.depth,
        path=tuple(path),
        ranks=tuple(ranks),
        siblings=siblings,
        rung=proposer.rung,
        visits=proposer.visits,
        checks=len(effort.verdicts),
        failed=len(effort.rejected),
        lost=len(effort.lost),
        root=node.root,
    )


def _rank(graph: ProofGraph, step: StepNode) -> int:
    """How many usable steps of the same goal are better."""
    return sum(other.usable and other.score > step.score for other in graph.steps_of(step.id[0]))


def _width(effort: Effort | None) -> int:
    """How many decompositions of a goal are worked on at full priority: progressive widening, by the turns it had."""
    if effort is None:
        return 1
    turns = sum(p.visits for p in effort.proposers if p.rung >= Rung.DECOMPOSE)
    return 1 + turns // TURNS_PER_PLACE
