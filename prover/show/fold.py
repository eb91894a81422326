"""What of a search tree is drawn, and what is summed up: the same for text and SVG.

Goals and steps form a graph; drawn is a tree, in which a goal that several steps need stands once in full and as a
reference elsewhere. Where it stands in full: on the proof if it is part of it, else where the search still needs it,
else in a lost branch; nearer to the roots before farther off. Unless all is asked for, lost and spare branches,
candidates that came to nothing, and what is far down in a large tree are summed up with their counts."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from prover.show.tree import Check, GoalView, SearchTree, Status, StepView

MOST_GOALS = 60
"""Goals drawn beside those of the proof."""
MOST_LIVE, MOST_ASIDE, MOST_LOST = 5, 2, 3
"""Steps drawn of a goal that is not proved: still usable, set aside, lost."""
_MESSAGES = 3


class Kind(StrEnum):
    """What a box stands for. CHECK: a candidate that is no step. REFERENCE: a goal that stands elsewhere."""

    GOAL = "goal"
    STEP = "step"
    CHECK = "check"
    REFERENCE = "reference"
    FOLD = "fold"


@dataclass(frozen=True, slots=True)
class Fold:
    """What is not drawn at a place. solved: the step that solved it is among it; lost, aside, spare: other steps
    (spare: usable, or not needed). goals: below, by status. verdicts, rungs, messages (the commonest first): of the
    goal's candidates that are no step. checks, seconds: of all of it."""

    solved: bool = False
    lost: int = 0
    aside: int = 0
    spare: int = 0
    goals: Counter[Status] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    rungs: Counter[str] = field(default_factory=Counter)
    messages: tuple[tuple[str, int], ...] = ()
    checks: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the drawing. parent: its place in the drawing, None for roots. level: 0 for roots. winning: it is on
    the proof. goal: itself, or the one it belongs to; index: of the step, among those of the goal. drawn: of a
    reference, whether its goal stands somewhere in full."""

    kind: Kind
    parent: int | None
    level: int
    goal: GoalView
    winning: bool = False
    index: int = 0
    check: Check | None = None
    fold: Fold | None = None
    drawn: bool = True

    @property
    def step(self) -> StepView:
        """The step of a STEP."""
        return self.goal.steps[self.index]


class _Rank(IntEnum):
    """Which place of a goal comes first."""

    PROOF = 0
    LIVE = 1
    LOST = 2
    HIDDEN = 3


_Place = tuple[str, int]
"""A goal's key, and the number of one of its steps."""


def draw(tree: SearchTree, *, everything: bool = False) -> list[Box]:
    """The boxes to draw, every one before its children, children from top to bottom."""
    return _Drawing(tree, everything).boxes()


@dataclass(slots=True)
class _Sum:
    """Goals, checks and seconds at a goal and in all that stands in full below it."""

    goals: Counter[Status]
    checks: int
    seconds: float


class _Drawing:
    def __init__(self, tree: SearchTree, everything: bool) -> None:
        self._tree = tree
        self._all = everything
        self._home: dict[str, _Place | None] = {}
        self._shown: set[str] = set()
        self._steps: dict[str, list[int]] = {}
        self._settle()
        self._sums = self._add_up()

    def _settle(self) -> None:
        """Find every goal its place, and decide what is drawn, from the roots down and the most telling first."""
        waiting: list[tuple[_Rank, int, int, str, _Place | None]] = []
        for number, key in enumerate(self._tree.roots):
            rank = _Rank.PROOF if self._tree.goals[key].on_proof else _Rank.LIVE
            waiting.append((rank, 0, number, key, None))
        number, spent = len(waiting), 0
        heapq.heapify(waiting)
        while waiting:
            rank, depth, _, key, place = heapq.heappop(waiting)
            if key in self._home:
                continue
            self._home[key] = place
            goal = self._tree.goals[key]
            if self._all or place is None or rank is _Rank.PROOF or (rank < _Rank.HIDDEN and spent < MOST_GOALS):
                self._shown.add(key)
                spent += rank is not _Rank.PROOF
            self._steps[key] = self._choose(goal, rank) if key in self._shown else []
            for index in self._order(goal):
                for subgoal in goal.steps[index].subgoals:
                    below = self._rank(goal, index, subgoal, rank)
                    heapq.heappush(waiting, (below, depth + 1, number, subgoal, (key, index)))
                    number += 1

    @staticmethod
    def _order(goal: GoalView) -> list[int]:
        """The solving step, then usable ones, then those set aside, then lost ones; the better ones first."""

        def key(index: int) -> tuple[bool, bool, bool, float, float]:
            step = goal.steps[index]
            score, unclipped = step.rank
            return not step.solves, bool(step.lost_to), step.set_aside, -score, -unclipped

        return sorted(range(len(goal.steps)), key=key)

    def _choose(self, goal: GoalView, rank: _Rank) -> list[int]:
        """The steps of a drawn goal that are drawn."""
        order = self._order(goal)
        if self._all:
            return order
        if goal.status is Status.PROVED:
            return order[:1] if rank is _Rank.PROOF else []
        if goal.status is Status.REFUTED or rank > _Rank.LIVE:
            return []
        lost = [index for index in order if goal.steps[index].lost_to]
        aside = [index for index in order if goal.steps[index].set_aside and index not in lost]
        live = [index for index in order if goal.steps[index].usable]
        return live[:MOST_LIVE] + aside[:MOST_ASIDE] + lost[:MOST_LOST]

    def _rank(self, goal: GoalView, index: int, subgoal: str, rank: _Rank) -> _Rank:
        """How a subgoal's place under a step ranks."""
        step = goal.steps[index]
        if rank is _Rank.PROOF and step.solves:
            return _Rank.PROOF
        if index not in self._steps[goal.key]:
            return _Rank.HIDDEN
        if rank <= _Rank.LIVE and (step.solves or (goal.status is not Status.PROVED and step.usable)):
            return _Rank.LIVE
        return _Rank.LOST if self._all or subgoal in step.lost_to else _Rank.HIDDEN

    def _add_up(self) -> dict[str, _Sum]:
        goals = self._tree.goals
        sums = {key: _Sum(Counter([goals[key].status]), goals[key].checks, goals[key].seconds) for key in self._home}
        for key, place in reversed(self._home.items()):
            if place is not None:
                above, below = sums[place[0]], sums[key]
                above.goals += below.goals
                above.checks += below.checks
                above.seconds += below.seconds
        return sums

    # ----------------------------------------------------------------------------------------------------- boxes

    def boxes(self) -> list[Box]:
        """See `draw`."""
        made: list[Box] = []
        roots = [self._tree.goals[key] for key in self._tree.roots]
        stack = [Box(Kind.GOAL, None, 0, goal, goal.on_proof) for goal in reversed(roots)]
        while stack:
            box = stack.pop()
            place = len(made)
            made.append(box)
            if box.kind is Kind.GOAL:
                stack += reversed(self._below_goal(box, place))
            elif box.kind is Kind.STEP:
                stack += reversed(self._below_step(box, place))
        return made

    def _below_goal(self, box: Box, place: int) -> list[Box]:
        goal, level, shown = box.goal, box.level + 1, self._steps[box.goal.key]
        boxes = [Box(Kind.STEP, place, level, goal, box.winning and goal.steps[index].solves, index) for index in shown]
        if self._all:
            return boxes + [Box(Kind.CHECK, place, level, goal, check=check) for check in goal.others]
        fold = self._fold_steps(goal, [index for index in range(len(goal.steps)) if index not in shown])
        return boxes + ([] if fold is None else [Box(Kind.FOLD, place, level, goal, fold=fold)])

    def _below_step(self, box: Box, place: int) -> list[Box]:
        step, level = box.step, box.level + 1
        boxes, hidden = [], []
        for key in step.subgoals:
            subgoal = self._tree.goals[key]
            if self._home[key] != (box.goal.key, box.index):
                if self._all or not step.lost_to or key in step.lost_to:
                    drawn = key in self._shown
                    boxes.append(Box(Kind.REFERENCE, place, level, subgoal, box.winning, drawn=drawn))
            elif key in self._shown:
                boxes.append(Box(Kind.GOAL, place, level, subgoal, box.winning))
            else:
                hidden.append(key)
        if hidden:
            boxes.append(Box(Kind.FOLD, place, level, box.goal, index=box.index, fold=self._fold_goals(hidden)))
        return boxes

    def _at_home(self, goal: GoalView, steps: Sequence[int]) -> list[str]:
        """The goals that stand in full under these steps."""
        places = {(goal.key, index) for index in steps}
        keys = dict.fromkeys(key for index in steps for key in goal.steps[index].subgoals)
        return [key for key in keys if self._home[key] in places]

    def _fold_goals(self, keys: Iterable[str]) -> Fold:
        sums = [self._sums[key] for key in keys]
        goals: Counter[Status] = Counter()
        for one in sums:
            goals += one.goals
        return Fold(goals=goals, checks=sum(one.checks for one in sums), seconds=sum(one.seconds for one in sums))

    def _fold_steps(self, goal: GoalView, hidden: Sequence[int]) -> Fold | None:
        """What is not drawn below a goal; None if that is nothing."""
        if not hidden and not goal.others:
            return None
        below = self._fold_goals(self._at_home(goal, hidden))
        steps = [goal.steps[index] for index in hidden]
        solved = any(step.solves for step in steps)
        lost = sum(bool(step.lost_to) for step in steps)
        aside = sum(step.set_aside and not step.lost_to for step in steps)
        checks = [step.check for step in steps] + list(goal.others)
        messages = Counter(once(check.summary) for check in goal.others if check.summary)
        return Fold(
            solved=solved,
            lost=lost,
            aside=aside,
            spare=len(steps) - solved - lost - aside,
            goals=below.goals,
            verdicts=Counter(check.verdict for check in goal.others),
            rungs=Counter(check.rung for check in goal.others if check.rung),
            messages=tuple(messages.most_common(_MESSAGES)),
            checks=below.checks + len(checks),
            seconds=below.seconds + sum(check.seconds for check in checks),
        )


def once(summary: str) -> str:
    """A verdict's line, its parts (between semicolons) said once each."""
    return "; ".join(dict.fromkeys(summary.split("; ")))
