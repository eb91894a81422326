"""What a search found, and how it is getting on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from search.nodes import GoalStatus
from search.ports import Accepted, Assignment, Goal, Rejected, Step


class Stop(StrEnum):
    """Why a search ended."""

    ASSEMBLED = "assembled"
    REFUTED = "refuted"
    NO_IDEAS = "no ideas"
    SECONDS = "seconds"
    CHECKS = "checks"
    TOKENS = "tokens"
    INTERRUPTED = "interrupted"
    ERROR = "error"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Partial:
    """The candidate for an open goal that left the fewest obligations open: failing ones of a rejected step, goals not
    solved of an accepted one. `verdict` is what the environment said."""

    goal: Goal
    step: Step
    open_obligations: int
    verdict: Accepted | Rejected


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found so far; complete when `assembled`.

    statuses, witnesses (of refuted goals), unconfirmed (what speaks against goals, and could not be confirmed),
    best_partial (of roots not solved): by key. roots: in the environment's
    order. solution: the recorded steps of the solved roots, closed under subgoals, every goal after its subgoals.
    unassembled: the last solution of *all* roots whose assembly gave no verdict (empty if none): worth another look.
    reason: one sentence. checks (assemblies included), tokens, seconds: what was spent."""

    roots: tuple[Goal, ...]
    statuses: Mapping[str, GoalStatus]
    solution: Mapping[str, Assignment]
    assembled: bool
    stop: Stop
    reason: str
    checks: int
    tokens: int
    seconds: float
    best_partial: Mapping[str, Partial] = field(default_factory=dict)
    witnesses: Mapping[str, str] = field(default_factory=dict)
    unconfirmed: Mapping[str, str] = field(default_factory=dict)
    unassembled: Mapping[str, Assignment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """For people watching. trying: (goal name, step kind) of the checks that run now; goals: known, solved and open
    (and still needed) ones."""

    trying: tuple[tuple[str, str], ...]
    roots: int
    roots_solved: int
    goals: int
    goals_solved: int
    goals_open: int
    checks: int
    tokens: int
    seconds: float
