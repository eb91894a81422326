"""The journal: everything a search does, as typed events with a stable dictionary form.

In a reproducible run the events are equal but for their times (`at`, `seconds`): see `without_times`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, `at` seconds after the start of the run."""

    kind: ClassVar[str] = "event"
    at: float

    def as_dict(self) -> dict[str, Any]:
        """`event` (the kind) and `at` first, then the fields in their order; tuples become lists. JSON-ready."""
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {"event": self.kind} | {k: list(v) if isinstance(v, tuple) else v for k, v in fields.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    """A search begins. Bounds are None where there are none; `ordered` says that the run is reproducible."""

    kind: ClassVar[str] = "run_started"
    policies: tuple[str, ...]
    seed: int
    concurrency: int
    ordered: bool
    max_seconds: float | None
    max_checks: int | None
    max_tokens: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalAdded(Event):
    """A goal is seen for the first time: a root, or left open by a step of `parent` (that goal's key). record, texts:
    what it is made of (see `search.ports.Records`), and under which `TextKept.id` its long texts are kept, by name;
    None where that is not told."""

    kind: ClassVar[str] = "goal_added"
    goal: str
    name: str
    text: str
    complexity: int
    depth: int
    parent: str | None
    parent_step: str | None
    record: Mapping[str, Any] | None = None
    texts: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextKept(Event):
    """A long text that goals are made of; told before the first of them."""

    kind: ClassVar[str] = "text_kept"
    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateChecked(Event):
    """Check number `number` of the run: the `round`-th candidate of a proposer for a goal, and its verdict
    (`accepted|rejected|unknown|refuted`), with `summary` the verdict's own line. step, text: of an accepted candidate
    those of the environment's normal form, if it gave one. rung: what the policy was asked for
    (`probe|close|decompose|repair|widen`). score, unclipped: S of an accepted step, and r before it is clipped (None
    where it is minus infinity). record: what the step is made of, None where that is not told."""

    kind: ClassVar[str] = "candidate_checked"
    number: int
    goal: str
    policy: str
    rung: str
    round: int
    step: str
    step_kind: str
    text: str
    verdict: str
    summary: str
    subgoals: tuple[str, ...]
    open_obligations: int | None
    score: float | None
    unclipped: float | None
    seconds: float
    record: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalTested(Event):
    """A counterexample was looked for: `refuted` (confirmed, and final), `unconfirmed` or `none`. checks: by the
    verifier."""

    kind: ClassVar[str] = "goal_tested"
    goal: str
    outcome: str
    witness: str
    checks: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalGivenUp(Event):
    """All proposers of a subgoal have run out of ideas for now, and the goals whose steps left it open are planned
    again knowing why. Not final: it is taken up again when nothing more promising is left."""

    kind: ClassVar[str] = "goal_given_up"
    goal: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCancelled(Event):
    """The check of a candidate was cancelled because its goal is needed no longer; it counts as spent."""

    kind: ClassVar[str] = "check_cancelled"
    goal: str
    policy: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSolved(Event):
    """A goal's first solving step, all of whose subgoals were solved before; `order` counts solved goals."""

    kind: ClassVar[str] = "goal_solved"
    goal: str
    step: str
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRefuted(Event):
    """A goal is false, with a confirmed witness."""

    kind: ClassVar[str] = "goal_refuted"
    goal: str
    witness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalExhausted(Event):
    """A goal's proposers have nothing more, every step failed, and nothing was left undecided."""

    kind: ClassVar[str] = "goal_exhausted"
    goal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposerFinished(Event):
    """A proposer ran out of ideas (error None), or failed with an error of its own."""

    kind: ClassVar[str] = "proposer_finished"
    goal: str
    policy: str
    rounds: int
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentFailed(Event):
    """The environment raised instead of answering; taken as an unknown."""

    kind: ClassVar[str] = "environment_failed"
    goal: str | None
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssemblyChecked(Event):
    """Check number `number`: the recorded steps of all solved goals together, as one file."""

    kind: ClassVar[str] = "assembly_checked"
    number: int
    goals: tuple[str, ...]
    verdict: str
    summary: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRecorded(Event):
    """A combination of steps failed together; `goal`'s `step` is set aside until the alternatives have run out."""

    kind: ClassVar[str] = "conflict"
    goal: str
    step: str
    combination: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRevised(Event):
    """The alternatives ran out: an earlier combination is avoided at another of its goals from now on."""

    kind: ClassVar[str] = "conflict_revised"
    goal: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPutAway(Event):
    """A beam has no room for a step any more: it is set aside, for good."""

    kind: ClassVar[str] = "step_put_away"
    goal: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSpent(Event):
    """A budget ended the search: `seconds`, `checks` or `tokens`."""

    kind: ClassVar[str] = "budget_spent"
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded(Event):
    """The search is over. `stop` as in `SearchResult.stop`."""

    kind: ClassVar[str] = "run_ended"
    stop: str
    reason: str
    assembled: bool
    checks: int
    tokens: int
    seconds: float


class Journal(Protocol):
    """Where a search reports its events."""

    def record(self, event: Event) -> None:
        """Take one event; called in order, from the event loop. Must not block for long."""
        ...


class MemoryJournal:
    """Keeps the events, and hands each one's dictionary to a sink (which may write it to a file) where one is given."""

    def __init__(self, sink: Callable[[Mapping[str, Any]], None] | None = None) -> None:
        self.events: list[Event] = []
        self._sink = sink

    def record(self, event: Event) -> None:
        """Keep it and pass it on."""
        self.events.append(event)
        if self._sink is not None:
            self._sink(event.as_dict())


def without_times(event: Event) -> dict[str, Any]:
    """The dictionary form without `at` and `seconds`: equal between equal runs."""
    return {key: value for key, value in event.as_dict().items() if key not in ("at", "seconds")}
