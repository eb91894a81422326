"""From a journal's events to the tree: they are played once more on a `search.graph.ProofGraph`.

So statuses, lost steps and what is still needed are the graph's own, also after conflicts, which the journal tells by
naming what is set aside, not what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from prover.show.tree import Assembly, Check, GoalView, SearchTree, Status, StepView
from search import journal as log
from search.graph import ProofGraph
from search.nodes import GoalNode, GoalStatus, StepId, StepNode
from search.ports import Goal, Step

_KEPT = 4000
"""Characters of a candidate's text that are kept."""
_STATUSES = {
    GoalStatus.SOLVED: Status.PROVED,
    GoalStatus.OPEN: Status.OPEN,
    GoalStatus.REFUTED: Status.REFUTED,
    GoalStatus.EXHAUSTED: Status.DEAD,
}


def grow(events: Sequence[log.Event]) -> SearchTree:
    """The tree after these events. Where they tell of several searches (attempts at one task), the last one's."""
    starts = [i for i, event in enumerate(events) if isinstance(event, log.RunStarted)]
    replay = _Replay(events[starts[-1] :] if starts else events, searches=max(len(starts), 1))
    return replay.tree()


@dataclass(slots=True)
class _Notes:
    """What the graph does not know of a goal."""

    others: list[Check] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    tests: int = 0
    cancelled: int = 0
    seconds: float = 0.0
    why: str = ""


@dataclass(slots=True)
class _Conflict:
    """A combination that failed together; the step at `position` is set aside. See `search.conflicts`."""

    combination: list[StepId]
    summary: str
    position: int = 0


class _Replay:
    def __init__(self, events: Sequence[log.Event], *, searches: int) -> None:
        self._graph = ProofGraph()
        self._goals = {
            e.goal: Goal(e.goal, e.name, e.text, e.complexity) for e in events if isinstance(e, log.GoalAdded)
        }
        self._notes: dict[str, _Notes] = {}
        self._accepted: dict[StepId, log.CandidateChecked] = {}
        self._conflicts: list[_Conflict] = []
        self._put_away: set[StepId] = set()
        self._assembled_goals: tuple[str, ...] = ()
        self._assemblies: list[Assembly] = []
        self._started: log.RunStarted | None = None
        self._ended: log.RunEnded | None = None
        self._last = 0.0
        self._searches = searches
        for event in events:
            self._last = max(self._last, event.at)
            self._play(event)

    def _play(self, event: log.Event) -> None:
        match event:
            case log.RunStarted():
                self._started = event
            case log.RunEnded():
                self._ended = event
            case log.GoalAdded(parent=None):
                self._graph.add_root(self._goals[event.goal])
            case log.AssemblyChecked():
                self._assembled_goals = event.goals
                self._assemblies.append(Assembly(event.verdict, event.summary, event.seconds))
            case log.ConflictRecorded():
                self._forbid(event)
            case log.ConflictRevised():
                self._revise(event)
            case log.StepPutAway():
                self._put_away.add((event.goal, event.step))
                self._set_aside()
            # What follows is about one goal; one that is not known was told of in a line that is lost.
            case log.CandidateChecked() if event.goal in self._graph.digraph:
                self._checked(event)
            case log.GoalTested() if event.goal in self._graph.digraph:
                self._tested(event)
            case log.GoalRefuted() if event.goal in self._graph.digraph:
                self._graph.refute(event.goal, event.witness)
            case log.GoalExhausted() if event.goal in self._graph.digraph:
                self._graph.finish(event.goal)
            case log.GoalGivenUp():
                self._of(event.goal).why = event.why or "no ideas left for now"
            case log.CheckCancelled():
                self._of(event.goal).cancelled += 1
            case log.ProposerFinished(error=str()):
                self._of(event.goal).errors.append(f"{event.policy}: {event.error}")
            case log.EnvironmentFailed(goal=str(goal)):
                self._of(goal).errors.append(event.error)
            case _:
                pass

    def _of(self, goal: str) -> _Notes:
        return self._notes.setdefault(goal, _Notes())

    def _checked(self, event: log.CandidateChecked) -> None:
        notes = self._of(event.goal)
        notes.seconds += event.seconds
        step_id = (event.goal, event.step)
        if event.verdict == "refuted":
            self._graph.refute(event.goal, event.summary)
        # What is accepted without a score was only a question: it never was a step.
        if event.verdict != "accepted" or event.score is None or step_id in self._accepted:
            notes.others.append(_check(event))
        else:
            self._accepted[step_id] = event
            # A subgoal without an event of its own: the journal was cut off before it.
            subgoals = [self._goals.get(key) or Goal(key, key[:8]) for key in event.subgoals]
            self._graph.add_step(event.goal, Step(event.step, "", event.step_kind), subgoals)

    def _tested(self, event: log.GoalTested) -> None:
        notes = self._of(event.goal)
        notes.tests += event.checks
        notes.seconds += event.seconds
        if event.outcome == "refuted":
            self._graph.refute(event.goal, event.witness)
        elif event.outcome == "unconfirmed":
            notes.unconfirmed.append(event.witness)

    # ------------------------------------------------------------------------------------------------- conflicts

    def _forbid(self, event: log.ConflictRecorded) -> None:
        """What failed together is what solves the goals of the assembly just before."""
        told = {text: position for position, text in enumerate(event.combination)}
        steps = [self._graph.goal(key).solved_by for key in self._assembled_goals if key in self._graph.digraph]
        ordered = sorted(
            (step for step in steps if step is not None and f"{step[0]}: {step[1]}" in told),
            key=lambda step: told[f"{step[0]}: {step[1]}"],
        )
        if ordered:
            self._conflicts.append(_Conflict(ordered, event.summary))
            self._set_aside()

    def _revise(self, event: log.ConflictRevised) -> None:
        for conflict in self._conflicts:
            following = conflict.combination[conflict.position + 1 :][:1]
            if following == [(event.goal, event.step)]:
                conflict.position += 1
                self._set_aside()
                return

    def _set_aside(self) -> None:
        self._graph.set_aside(self._put_away | self._why_aside().keys())

    def _why_aside(self) -> dict[StepId, str]:
        return {conflict.combination[conflict.position]: conflict.summary for conflict in self._conflicts}

    # ---------------------------------------------------------------------------------------------------- values

    def tree(self) -> SearchTree:
        """What the events came to."""
        on_proof = self._graph.solution()
        aside = self._why_aside()
        goals = {node.key: self._goal(node, node.key in on_proof, aside) for node in self._graph.goals()}
        started, ended = self._started, self._ended
        return SearchTree(
            goals=goals,
            roots=tuple(self._graph.roots),
            policies=started.policies if started else (),
            seed=started.seed if started else None,
            stop=ended.stop if ended else "",
            reason=ended.reason if ended else "",
            assembled=ended.assembled if ended else False,
            checks=ended.checks if ended else sum(g.checks for g in goals.values()) + len(self._assemblies),
            tokens=ended.tokens if ended else 0,
            seconds=ended.seconds if ended else self._last,
            assemblies=tuple(self._assemblies),
            searches=self._searches,
        )

    def _goal(self, node: GoalNode, on_proof: bool, aside: dict[StepId, str]) -> GoalView:
        notes = self._notes.get(node.key, _Notes())
        status = _STATUSES[node.status]
        if status is Status.OPEN and notes.why:
            status = Status.GIVEN_UP
        return GoalView(
            key=node.key,
            name=node.goal.name,
            text=node.goal.text,
            d=node.goal.complexity,
            status=status,
            root=node.root,
            needed=node.needed,
            on_proof=on_proof,
            steps=tuple(self._step(step, node, aside) for step in self._graph.steps_of(node.key)),
            others=tuple(notes.others),
            tests=notes.tests,
            cancelled=notes.cancelled,
            seconds=notes.seconds,
            witness=node.witness,
            unconfirmed=_once(notes.unconfirmed),
            why=notes.why if status is Status.GIVEN_UP else "",
            errors=_once(notes.errors),
        )

    def _step(self, step: StepNode, node: GoalNode, aside: dict[StepId, str]) -> StepView:
        event = self._accepted[step.id]
        subgoals = _once(goal.key for goal in step.subgoals)
        return StepView(
            check=_check(event),
            score=event.score,
            unclipped=event.unclipped,
            subgoals=subgoals,
            solves=node.solved_by == step.id,
            lost_to=tuple(key for key in subgoals if self._graph.goal(key).status.hopeless),
            set_aside=step.set_aside,
            conflict=aside.get(step.id, ""),
        )


def _check(event: log.CandidateChecked) -> Check:
    text = event.text if len(event.text) <= _KEPT else event.text[:_KEPT] + "\N{HORIZONTAL ELLIPSIS}"
    return Check(
        number=event.number,
        kind=event.step_kind,
        rung=event.rung,
        policy=event.policy,
        text=text,
        verdict=event.verdict,
        summary=event.summary,
        seconds=event.seconds,
        at=event.at,
        open_obligations=event.open_obligations,
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
