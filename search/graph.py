"""The AND/OR graph of goals and accepted steps, and what follows from what is solved, refuted or exhausted.

A goal is solved when one of its steps has all of its subgoals solved; it records the first such step and its own
place in the order of solving. Since every subgoal of a recorded step was solved strictly earlier, following the
records can never run in a circle, whatever cycles the graph has. Counters make propagation linear: each edge is
looked at once per event that concerns it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import networkx as nx

from search.need import Need
from search.nodes import Changes, GoalNode, GoalStatus, StepId, StepNode, shared_metavariables
from search.ports import Assignment, Goal, Step
from search.score import decomposition_score


class ProofGraph:
    """Goals (OR nodes, by key) and accepted steps (AND nodes, by (goal key, step key)).

    `digraph` is a `networkx.DiGraph` with edges goal -> step -> subgoal; each node has its `GoalNode` or `StepNode`
    under the attribute `node`. It is for looking at: change it through the methods only."""

    def __init__(self) -> None:
        self.digraph: nx.DiGraph[Any] = nx.DiGraph()
        self.roots: list[str] = []
        self._need = Need(self.digraph)
        self._operations = 0
        self._order = 0
        self.goal_count = 0
        self.solved_count = 0
        self._events = _Events()

    @property
    def operations(self) -> int:
        """Edges looked at since the graph was made: what tests of its cost count."""
        return self._operations + self._need.operations

    @property
    def needed_count(self) -> int:
        """Open goals that some root still needs."""
        return self._need.count

    def goal(self, key: str) -> GoalNode:
        """The node of a goal; KeyError if there is none."""
        node: GoalNode = self.digraph.nodes[key]["node"]
        return node

    def step(self, step_id: StepId) -> StepNode:
        """The node of a step; KeyError if there is none."""
        node: StepNode = self.digraph.nodes[step_id]["node"]
        return node

    def goals(self) -> Iterator[GoalNode]:
        """All goals, in the order they were added."""
        return (d["node"] for _, d in self.digraph.nodes(data=True) if isinstance(d["node"], GoalNode))

    def steps(self) -> Iterator[StepNode]:
        """All steps, in the order they were added."""
        return (d["node"] for _, d in self.digraph.nodes(data=True) if isinstance(d["node"], StepNode))

    def steps_of(self, key: str) -> list[StepNode]:
        """The accepted steps of a goal, in the order they were added."""
        return [self.step(step_id) for step_id in self.digraph.successors(key)]

    def add_root(self, goal: Goal) -> Changes:
        """Add a goal that the proof as a whole must close."""
        node = self._add_goal(goal)
        if not node.root:
            node.root = True
            self.roots.append(goal.key)
            if node.status is GoalStatus.OPEN:
                self._need.root_added(node)
        return self._changes()

    def add_step(self, key: str, step: Step, subgoals: Sequence[Goal]) -> Changes:
        """Add an accepted step and the goals it leaves open. A step that is there already changes nothing.

        A subgoal may be the goal itself, or one above it: such a step justifies nothing on its own. Raises ValueError
        when subgoals share metavariables: ask `shared_metavariables` first.
        """
        if shared := shared_metavariables(subgoals):
            raise ValueError(f"the open goals of a step share metavariables: {', '.join(sorted(shared))}")
        parent = self.goal(key)
        step_id = (key, step.key)
        if step_id in self.digraph:
            return self._changes()
        children = list({goal.key: self._add_goal(goal) for goal in subgoals}.values())
        score = decomposition_score(
            parent.goal, subgoals, refuted=any(c.status is GoalStatus.REFUTED for c in children)
        )
        node = StepNode(step_id, step, tuple(subgoals), score)
        self.digraph.add_node(step_id, node=node)
        self.digraph.add_edge(key, step_id)
        for child in children:
            self._operations += 1
            self.digraph.add_edge(step_id, child.key)
            child.parents.append(step_id)
            node.pending += child.status is not GoalStatus.SOLVED
        hopeless = [child for child in children if child.status.hopeless]
        parent.live += 1
        if hopeless:
            self._kill(node, because=hopeless[0].key)
        else:
            self._need.step_added(node)
            if node.pending == 0:
                self._solve([node])
        return self._changes()

    def refute(self, key: str, witness: str) -> Changes:
        """A goal is false, as the environment has confirmed: final, and the end of every step that leaves it open."""
        node = self.goal(key)
        if node.status is GoalStatus.REFUTED:
            return self._changes()
        was_solved = node.status is GoalStatus.SOLVED
        node.witness = witness
        self._close(node, GoalStatus.REFUTED)
        self._events.refuted.append(key)
        self._kill_parents(node)
        if was_solved:
            # An environment that accepts and refutes the same goal is wrong somewhere: trust nothing built on it.
            self._rebuild()
        return self._changes()

    def mark_undecided(self, key: str) -> None:
        """A check at this goal gave no verdict, so running out of ideas will never mean that it is exhausted."""
        self.goal(key).undecided = True

    def finish(self, key: str) -> Changes:
        """The proposers of a goal have nothing more to say, knowing all that is known now. It is exhausted if nothing
        else is left: no step that might still work, none set aside by a conflict, nothing undecided."""
        node = self.goal(key)
        if node.status is GoalStatus.OPEN and not (node.live or node.set_aside or node.undecided):
            self._close(node, GoalStatus.EXHAUSTED)
            self._events.exhausted.append(key)
            self._kill_parents(node)
        return self._changes()

    def set_aside(self, steps: Iterable[StepId]) -> Changes:
        """Use exactly these steps no longer (those set aside before and not named return), and work out from scratch
        what is solved without them. O(size of the graph): for conflicts of an assembly."""
        aside = frozenset(steps)
        for step in self.steps():
            if step.set_aside != (step.id in aside):
                step.set_aside = not step.set_aside
                parent = self.goal(step.id[0])
                parent.set_aside += 1 if step.set_aside else -1
                if not step.dead:
                    parent.live += -1 if step.set_aside else 1
        self._rebuild()
        return self._changes()

    def solution(self, roots: Iterable[str] | None = None) -> dict[str, Assignment]:
        """The recorded steps that solve these roots (all solved ones by default), closed under subgoals; every goal
        comes after its subgoals. KeyError for an unknown root, ValueError for one that is not solved."""
        wanted = [k for k in self.roots if self.goal(k).status is GoalStatus.SOLVED] if roots is None else list(roots)
        found: dict[str, GoalNode] = {}
        queue = deque(wanted)
        while queue:
            key = queue.popleft()
            if key not in found:
                node = found[key] = self.goal(key)
                if node.solved_by is None:
                    raise ValueError(f"{node.goal.name} is not solved")
                queue.extend(subgoal.key for subgoal in self.step(node.solved_by).subgoals)
        ordered = sorted(found.values(), key=lambda node: node.solved_at or 0)
        return {node.key: self._assignment(node) for node in ordered}

    def _assignment(self, node: GoalNode) -> Assignment:
        assert node.solved_by is not None
        step = self.step(node.solved_by)
        return Assignment(node.goal, step.step, step.subgoals)

    def _add_goal(self, goal: Goal) -> GoalNode:
        if goal.key not in self.digraph:
            self.digraph.add_node(goal.key, node=GoalNode(goal))
            self.goal_count += 1
            self._events.added.append(goal.key)
        return self.goal(goal.key)

    def _solve(self, ready: Iterable[StepNode]) -> None:
        """Propagate from steps without unsolved subgoals, first come first served."""
        queue = deque(ready)
        while queue:
            step = queue.popleft()
            node = self.goal(step.id[0])
            if node.status is not GoalStatus.OPEN or not step.usable:
                continue
            node.solved_by, node.solved_at = step.id, self._order
            self._order += 1
            self.solved_count += 1
            self._close(node, GoalStatus.SOLVED)
            self._events.solved.append(node.key)
            for parent_id in node.parents:
                self._operations += 1
                parent = self.step(parent_id)
                parent.pending -= 1
                if parent.pending == 0:
                    queue.append(parent)

    def _close(self, node: GoalNode, status: GoalStatus) -> None:
        node.status = status
        self._need.closed(node)

    def _kill_parents(self, node: GoalNode) -> None:
        for parent_id in node.parents:
            self._operations += 1
            self._kill(self.step(parent_id), because=node.key)

    def _kill(self, step: StepNode, *, because: str) -> None:
        if step.dead:
            return
        parent = self.goal(step.id[0])
        if not step.set_aside:
            parent.live -= 1
        step.dead = True
        self._events.lost.append((parent.key, because))
        self._need.step_lost(step)

    def _rebuild(self) -> None:
        """Least fixpoint from scratch: refuted and exhausted goals stay, everything else has to be earned again."""
        before = {node.key: node.solved_by for node in self.goals()}
        for node in self.goals():
            if node.status is GoalStatus.SOLVED:
                node.status = GoalStatus.OPEN
            node.solved_by = node.solved_at = None
        steps = list(self.steps())
        for step in steps:
            step.pending = self.digraph.out_degree(step.id)
            self._operations += step.pending
        self.solved_count = 0
        self._need.rebuild(self.goals())
        self._solve(step for step in steps if step.pending == 0)
        self._events.solved[:] = [k for k in self._events.solved if before[k] != self.goal(k).solved_by]

    def _changes(self) -> Changes:
        wanted, unwanted = self._need.take_changes()
        events, self._events = self._events, _Events()
        return Changes(
            added=tuple(events.added),
            solved=tuple(events.solved),
            refuted=tuple(events.refuted),
            exhausted=tuple(events.exhausted),
            lost=tuple(events.lost),
            wanted=wanted,
            unwanted=unwanted,
        )


class _Events:
    """Changes in the making."""

    def __init__(self) -> None:
        self.added: list[str] = []
        self.solved: list[str] = []
        self.refuted: list[str] = []
        self.exhausted: list[str] = []
        self.lost: list[tuple[str, str]] = []
