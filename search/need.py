"""Which open goals some root still needs.

A goal is needed if it is an open root, or a subgoal of a usable step of a needed goal. Plain reference counts would
keep cycles alive, and a sweep from the roots after every change costs the whole graph each time. Instead every needed
goal holds one *support*, a step of a needed goal of smaller `depth`; so chains of supports end at roots. When a
support is lost, the goal looks for another of smaller depth than its own; failing that it is dropped for the moment,
with what it supports, and at the end what is dropped is taken up again from whatever needed goals still lead there
(after Even and Shiloach's decremental reachability). Trees cost O(1) per edge over the whole search."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

import networkx as nx

from search.nodes import GoalNode, GoalStatus, StepId, StepNode


class Need:
    """Keeps `GoalNode.needed`, `depth` and `support` while the graph changes."""

    def __init__(self, digraph: nx.DiGraph[Any]) -> None:
        self._digraph = digraph
        self._before: dict[str, bool] = {}
        self.count = 0
        """Goals that are needed."""
        self.operations = 0
        """Edges looked at, ever."""

    def take_changes(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The goals that became needed, and those that ceased to be, since the last call."""
        wanted = tuple(k for k, before in self._before.items() if self._goal(k).needed and not before)
        unwanted = tuple(k for k, before in self._before.items() if not self._goal(k).needed and before)
        self._before.clear()
        return wanted, unwanted

    def root_added(self, root: GoalNode) -> None:
        """An open goal became a root."""
        if not root.needed or root.depth > 0:
            self._set(root, True)
            root.depth, root.support = 0, None
            self._spread(root)

    def step_added(self, step: StepNode) -> None:
        """A usable step was added to the graph (its subgoals know it as a parent already)."""
        if self._goal(step.id[0]).needed:
            self._spread_step(step)

    def step_lost(self, step: StepNode) -> None:
        """A step is usable no longer."""
        self._release(self._supported(step))

    def closed(self, node: GoalNode) -> None:
        """A goal is open no longer."""
        if node.needed:
            self._set(node, False)
            self._release(self._children(node))

    def rebuild(self, nodes: Iterable[GoalNode]) -> None:
        """Start over, after statuses or usability changed in ways that only rebuilding the graph brings about."""
        nodes = list(nodes)
        for node in nodes:
            self._set(node, False)
            node.support, node.cursor = None, 0
        for node in nodes:
            if node.root and node.status is GoalStatus.OPEN:
                self.root_added(node)

    def _release(self, losing: Iterable[GoalNode]) -> None:
        """Find other supports for goals whose support may be gone, or drop them and what they support."""
        queue = deque(losing)
        dropped: list[GoalNode] = []
        while queue:
            node = queue.popleft()
            if not node.needed or node.root or (node.support is not None and self._supports(self._step(node.support))):
                continue
            node.support = self._find_support(node, below=node.depth)
            if node.support is None:
                self._set(node, False)
                dropped.append(node)
                queue.extend(self._children(node))
        for node in dropped:
            if not node.needed and node.status is GoalStatus.OPEN:
                support = self._find_support(node, below=None)
                if support is not None:
                    self._take_up(node, support)
                    self._spread(node)

    def _spread(self, node: GoalNode) -> None:
        """Everything that leads from a needed goal through usable steps becomes needed."""
        queue = deque([node])
        while queue:
            for step_id in self._digraph.successors(queue.popleft().key):
                queue.extend(self._reached(self._step(step_id)))

    def _spread_step(self, step: StepNode) -> None:
        for node in self._reached(step):
            self._spread(node)

    def _reached(self, step: StepNode) -> list[GoalNode]:
        """The subgoals that become needed because of this step of a needed goal."""
        reached = []
        self.operations += 1
        if step.usable:
            for key in self._digraph.successors(step.id):
                self.operations += 1
                node = self._goal(key)
                if not node.needed and node.status is GoalStatus.OPEN:
                    self._take_up(node, step.id)
                    reached.append(node)
        return reached

    def _take_up(self, node: GoalNode, support: StepId) -> None:
        self._set(node, True)
        node.support = support
        node.depth = self._goal(support[0]).depth + 1

    def _find_support(self, node: GoalNode, *, below: int | None) -> StepId | None:
        """A usable parent step of a needed goal, of less than a given depth if one is given."""
        parents = node.parents
        # What can never support again (until a rebuild) is passed once.
        while node.cursor < len(parents) and self._useless(self._step(parents[node.cursor])):
            node.cursor += 1
            self.operations += 1
        for position in range(node.cursor, len(parents)):
            self.operations += 1
            step = self._step(parents[position])
            if self._supports(step) and (below is None or self._goal(step.id[0]).depth < below):
                return step.id
        return None

    def _children(self, node: GoalNode) -> list[GoalNode]:
        """The goals that one of this goal's steps supports."""
        return [
            child for step_id in self._digraph.successors(node.key) for child in self._supported(self._step(step_id))
        ]

    def _supported(self, step: StepNode) -> list[GoalNode]:
        children = []
        for key in self._digraph.successors(step.id):
            self.operations += 1
            child = self._goal(key)
            if child.needed and child.support == step.id:
                children.append(child)
        return children

    def _supports(self, step: StepNode) -> bool:
        return step.usable and self._goal(step.id[0]).needed

    def _useless(self, step: StepNode) -> bool:
        return not step.usable or self._goal(step.id[0]).status is not GoalStatus.OPEN

    def _set(self, node: GoalNode, needed: bool) -> None:
        self._before.setdefault(node.key, node.needed)
        self.count += needed - node.needed
        node.needed = needed

    def _goal(self, key: str) -> GoalNode:
        node: GoalNode = self._digraph.nodes[key]["node"]
        return node

    def _step(self, step_id: StepId) -> StepNode:
        node: StepNode = self._digraph.nodes[step_id]["node"]
        return node
