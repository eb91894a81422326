"""The search tree as JSON: what `prover show --json` prints."""

from __future__ import annotations

from pydantic import Field

from prover.contract import SCHEMA_VERSION, Contract
from prover.show.fold import Kind, draw
from prover.show.reading import RunRecord
from prover.show.tree import Check, GoalView, SearchTree, StepView
from prover.show.words import notes, step_state

DEEPEST = 40
"""Goals nested in each other; what is deeper stands in `deeper`. Readers of JSON bound the depth they take."""


class ShowStepJson(Contract):
    """A candidate. S, r (before it is clipped): null where there is none. state: of an accepted step `solved it`,
    `usable`, `spare` (its goal needs it no longer), `set aside` or `lost`, else null. lost_to: keys."""

    kind: str
    rung: str
    S: float | None = None
    r: float | None = None
    verdict: str
    state: str | None = None
    summary: str = ""
    text: str
    seconds: float
    lost_to: list[str] = Field(default_factory=list)
    subgoals: list[ShowGoalJson] = Field(default_factory=list)


class ShowGoalJson(Contract):
    """A goal. reference: it stands in full elsewhere in the object (same `key`), and has no `steps` here. checks,
    seconds: at the goal itself, without its subgoals. witness: where refuted. unconfirmed: what speaks against it. why:
    it was given up. needed: it is open, and some root needs it. proof: part of the proof found."""

    key: str
    name: str
    status: str
    text: str
    d: int
    checks: int
    seconds: float
    needed: bool
    proof: bool
    witness: str = ""
    why: str = ""
    unconfirmed: list[str] = Field(default_factory=list)
    reference: bool = False
    steps: list[ShowStepJson] = Field(default_factory=list)


class ShowJson(Contract):
    """What `prover show --json` prints. status: of the result (`proved|refuted|unknown|...`), null where the run has
    none. complete: the journal goes to the search's end. checks, seconds: of the search. notes: what is missing, for
    people. deeper: goals that would be nested too deeply. reason: one sentence where not proved, or why there is
    nothing to show."""

    schema_version: int = SCHEMA_VERSION
    run: str
    task: str | None
    status: str | None = None
    complete: bool = False
    checks: int = 0
    seconds: float = 0.0
    seed: int | None = None
    reason: str = ""
    notes: list[str] = Field(default_factory=list)
    roots: list[ShowGoalJson] = Field(default_factory=list)
    deeper: list[ShowGoalJson] = Field(default_factory=list)


def report(record: RunRecord, tree: SearchTree) -> ShowJson:
    """The whole tree, nothing summed up."""
    roots, deeper = _nested(tree)
    return ShowJson(
        run=str(record.run),
        task=record.task,
        status=record.facts.status or None,
        complete=tree.ended,
        checks=tree.checks,
        seconds=round(tree.seconds, 3),
        seed=tree.seed,
        reason=record.facts.reason or ("" if record.facts.status == "proved" else tree.reason),
        notes=notes(record, tree),
        roots=roots,
        deeper=deeper,
    )


def _nested(tree: SearchTree) -> tuple[list[ShowGoalJson], list[ShowGoalJson]]:
    """The roots with everything below them, and what would be too deep there."""
    boxes = draw(tree, everything=True)
    below: list[list[ShowGoalJson]] = [[] for _ in boxes]  # of a step's box
    steps: list[list[ShowStepJson]] = [[] for _ in boxes]  # of a goal's box
    roots: list[ShowGoalJson] = []
    deeper: list[ShowGoalJson] = []
    for place, box in reversed(list(enumerate(boxes))):  # children before their parents, and so from last to first
        match box.kind:
            case Kind.STEP if box.parent is not None:
                steps[box.parent].append(_step(box.step, box.goal, below[place][::-1]))
            case Kind.CHECK if box.parent is not None and box.check is not None:
                steps[box.parent].append(_candidate(box.check))
            case Kind.GOAL if box.level and not box.level % (2 * DEEPEST):
                deeper.append(_goal(box.goal, steps[place][::-1]))
                below[box.parent or 0].append(_goal(box.goal, [], reference=True))
            case Kind.GOAL if box.parent is not None:
                below[box.parent].append(_goal(box.goal, steps[place][::-1]))
            case Kind.GOAL:
                roots.append(_goal(box.goal, steps[place][::-1]))
            case Kind.REFERENCE if box.parent is not None:
                below[box.parent].append(_goal(box.goal, [], reference=True))
    return roots[::-1], deeper[::-1]


def _goal(goal: GoalView, steps: list[ShowStepJson], *, reference: bool = False) -> ShowGoalJson:
    return ShowGoalJson(
        key=goal.key,
        name=goal.name,
        status=goal.status.value,
        text=goal.text,
        d=goal.d,
        checks=goal.checks,
        seconds=round(goal.seconds, 3),
        needed=goal.needed,
        proof=goal.on_proof,
        witness=goal.witness,
        why=goal.why,
        unconfirmed=list(goal.unconfirmed),
        reference=reference,
        steps=steps,
    )


def _step(step: StepView, goal: GoalView, subgoals: list[ShowGoalJson]) -> ShowStepJson:
    return _candidate(step.check).model_copy(
        update={
            "S": step.score,
            "r": step.unclipped,
            "state": step_state(step, goal),
            "lost_to": list(step.lost_to),
            "subgoals": subgoals,
        }
    )


def _candidate(check: Check) -> ShowStepJson:
    return ShowStepJson(
        kind=check.kind,
        rung=check.rung,
        verdict=check.verdict,
        summary=check.summary,
        text=check.text,
        seconds=round(check.seconds, 3),
    )
