"""The beam: of each level of the tree only the few best decompositions stay."""

from __future__ import annotations

from collections import defaultdict

from search.graph import ProofGraph
from search.nodes import StepId


class Beam:
    """Chooses which decompositions are put away; steps that leave nothing open are never among them. width: None for
    no beam."""

    def __init__(self, graph: ProofGraph, width: int | None) -> None:
        self._graph = graph
        self._width = width
        self._levels: defaultdict[int, list[StepId]] = defaultdict(list)
        self.outside: frozenset[StepId] = frozenset()
        """What was put away, for good."""

    def admit(self, step_id: StepId) -> StepId | None:
        """Take an accepted step in; the one put away for it, if any, may be itself. Of equal scores the first stay."""
        step = self._graph.step(step_id)
        if self._width is None or not step.subgoals:
            return None
        level = self._levels[self._graph.goal(step_id[0]).depth]
        if step_id in level or step_id in self.outside:
            return None
        level.append(step_id)
        level.sort(key=lambda known: self._graph.step(known).score, reverse=True)
        if len(level) <= self._width:
            return None
        put_away = level.pop()
        self.outside |= {put_away}
        return put_away
