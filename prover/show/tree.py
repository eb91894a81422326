"""The search tree of a run, as frozen values: what is known of every goal, what was tried, and what it cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What became of a goal. Proved: by a step that was accepted with all it leaves open; whether the file as a whole
    is proved is for the gate to say. Dead: exhausted, which is final. Given up is not: the goals above plan without it,
    and it is worked on when nothing more promising is left."""

    PROVED = "proved"
    OPEN = "open"
    GIVEN_UP = "given up"
    REFUTED = "refuted"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Check:
    """One candidate and its verdict (`accepted|rejected|unknown|refuted`). rung: empty in journals that do not tell.
    seconds: that the check took; at: seconds since the search began. text: shortened if it is very long."""

    number: int
    kind: str
    rung: str
    policy: str
    text: str
    verdict: str
    summary: str
    seconds: float
    at: float
    open_obligations: int | None = None


@dataclass(frozen=True, slots=True)
class StepView:
    """An accepted step. score: S; unclipped: r before it is clipped at 0; None where the journal does not say.
    subgoals: keys, each once. solves: it is the step recorded as its goal's solution. lost_to: the subgoals, refuted
    or dead, that ended it. set_aside: kept out, because it failed together with other parts (`conflict` says how) or
    because a beam had no room for it."""

    check: Check
    score: float | None
    unclipped: float | None
    subgoals: tuple[str, ...]
    solves: bool
    lost_to: tuple[str, ...]
    set_aside: bool
    conflict: str = ""

    @property
    def usable(self) -> bool:
        """Whether it may still solve its goal."""
        return not self.lost_to and not self.set_aside

    @property
    def rank(self) -> tuple[float, float]:
        """Better steps are greater."""
        score = -1.0 if self.score is None else self.score
        return score, float("-inf") if self.unclipped is None else self.unclipped


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal. d: operator occurrences. needed: open, and some root still needs it. on_proof: part of the recorded
    solution of a root. others: candidates that are no step: not accepted, or accepted to no effect (asked on trial
    only, or a step once more). tests: checks spent on looking for counterexamples; cancelled: checks cancelled
    half-way. seconds: of all of these. unconfirmed: what speaks against it, confirmed by nobody. why: it was given up.
    errors: proposers and verifiers that broke down here."""

    key: str
    name: str
    text: str
    d: int
    status: Status
    root: bool
    needed: bool
    on_proof: bool
    steps: tuple[StepView, ...]
    others: tuple[Check, ...]
    tests: int = 0
    cancelled: int = 0
    seconds: float = 0.0
    witness: str = ""
    unconfirmed: tuple[str, ...] = ()
    why: str = ""
    errors: tuple[str, ...] = ()

    @property
    def checks(self) -> int:
        """Checks spent at this goal, without those at its subgoals."""
        return len(self.steps) + len(self.others) + self.tests + self.cancelled

    @property
    def verdicts(self) -> Counter[str]:
        """Candidates by verdict."""
        return Counter([step.check.verdict for step in self.steps] + [check.verdict for check in self.others])

    @property
    def rungs(self) -> Counter[str]:
        """Candidates by rung, where the journal tells."""
        checks = [step.check for step in self.steps] + list(self.others)
        return Counter(check.rung for check in checks if check.rung)


@dataclass(frozen=True, slots=True)
class Assembly:
    """A check of all parts together."""

    verdict: str
    summary: str
    seconds: float


@dataclass(frozen=True, slots=True)
class SearchTree:
    """A whole search: its goals by key, in the order in which they were met. stop, reason: why it ended, empty while
    it has not (or was killed). checks, seconds: of the search, as far as the journal goes."""

    goals: Mapping[str, GoalView]
    roots: tuple[str, ...]
    policies: tuple[str, ...] = ()
    seed: int | None = None
    stop: str = ""
    reason: str = ""
    assembled: bool = False
    checks: int = 0
    tokens: int = 0
    seconds: float = 0.0
    assemblies: tuple[Assembly, ...] = ()
    searches: int = 1

    @property
    def ended(self) -> bool:
        """Whether the search came to its end."""
        return bool(self.stop)
