"""Progress of a run, as values: the engine notifies an observer; the console, tests and editors listen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from prover.results import GoalReport


class Phase(StrEnum):
    """What a run is busy with, in the order of a usual run."""

    READING = "reading"
    CHECKING = "checking the original"
    IMPLEMENTING = "asking for implementations"
    SEARCHING = "searching"
    PRUNING = "removing what is not needed"
    CONFIRMING = "confirming"


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """The run enters a phase. detail: a few words for people (`Dafny 2.3.0.10506 (z3 4.8.5)`)."""

    phase: Phase
    detail: str = ""


@dataclass(frozen=True, slots=True)
class GoalsChanged:
    """How many root goals are proved and how many are still open."""

    proved: int
    open: int


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """A candidate goes to the verifier. kind: `houdini`, `induction`...; text: what is proposed, as it would be
    inserted."""

    goal: str
    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class UsageChanged:
    """What has been spent since the start: verifier checks and sampled tokens."""

    checks: int
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class BestSoFar:
    """The best unfinished file so far: kept when the run is interrupted. remaining: one line per thing left to
    prove. goals: what is known of each root goal by now; none before the file was looked at."""

    text: str
    remaining: tuple[str, ...] = ()
    goals: tuple[GoalReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something people should know (a fallback solver, a task that was translated...)."""

    message: str


Event = PhaseStarted | GoalsChanged | AttemptStarted | UsageChanged | BestSoFar | Note


class Observer(Protocol):
    """Listens to a run. Called in the event loop's thread: must return at once and must not raise."""

    def notify(self, event: Event) -> None:
        """One event has happened."""
        ...


class Silent:
    """An observer that ignores everything."""

    def notify(self, event: Event) -> None:
        """Ignore the event."""
