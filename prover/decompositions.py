"""What `prover decompose` is asked and what it finds: the values between its engine and the command line, and what its
`--json` prints."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import Field

from prover.contract import SCHEMA_VERSION, Contract
from prover.inputs import SourceFile
from prover.scoring import Lemma
from prover.settings import Settings
from search.score import Score

DecompositionVerdict = Literal["accepted", "refuted-lemma"]


class DecomposeStatus(StrEnum):
    """How `prover decompose` ended for a file. `found`: there is something to show; `nothing`: not within the budget;
    `refuted`: a root goal is false."""

    FOUND = "found"
    NOTHING = "nothing"
    REFUTED = "refuted"
    INVALID = "invalid"
    UNSUPPORTED = "unsupported"


class PlanStatus(StrEnum):
    """What became of one root goal. `closed`: a step leaves nothing open, so nothing has to be decomposed."""

    CLOSED = "closed"
    DECOMPOSED = "decomposed"
    OPEN = "open"
    REFUTED = "refuted"


@dataclass(frozen=True, slots=True)
class DecomposeRequest:
    """One file to decompose the goals of. seconds: wall-clock budget of it all. checks, tokens: None for no bound."""

    source: SourceFile
    settings: Settings
    policy: str = "symbolic"
    seconds: float = 60.0
    checks: int | None = None
    seed: int = 0
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A step that the verifier accepts with its subgoals taken for granted. score: S and its value before clipping; r:
    S if no lemma were refuted. kind, text: the policy's word for it and what it inserts. lemmas: what it leaves open;
    none where it closes the goal."""

    score: Score
    r: float
    kind: str
    text: str
    lemmas: tuple[Lemma, ...] = ()

    @property
    def v(self) -> bool:
        """Whether no lemma is refuted."""
        return not any(lemma.refuted for lemma in self.lemmas)

    @property
    def verdict(self) -> DecompositionVerdict:
        """`accepted`, or `refuted-lemma`."""
        return "accepted" if self.v else "refuted-lemma"


@dataclass(frozen=True, slots=True)
class Rejections:
    """Proposed decompositions that the verifier did not accept. count: rejected; undecided: no verdict in time;
    reasons: the most frequent ones of both, with how often."""

    count: int = 0
    undecided: int = 0
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class GoalPlans:
    """A root goal with its decompositions, the best first. line: from 1, in the user's file. d: operator occurrences.
    witness: why it is false, where it is."""

    name: str
    line: int
    text: str
    d: int
    status: PlanStatus = PlanStatus.OPEN
    decompositions: tuple[Decomposition, ...] = ()
    rejected: Rejections = Rejections()
    witness: str = ""


@dataclass(frozen=True, slots=True)
class DecomposeResult:
    """How a run ended. untouched: the file verifies as it is. translated: Dafny 2.3 saw a translated file. reason: one
    sentence where nothing was found. interrupted: ended by cancellation; the goals are
    what was found until then."""

    status: DecomposeStatus
    goals: tuple[GoalPlans, ...] = ()
    untouched: bool = False
    translated: bool = False
    seconds: float = 0.0
    checks: int = 0
    tokens: int = 0
    verifier: str = ""
    reason: str = ""
    interrupted: bool = False


# ------------------------------------------------------------------------------------------------------- JSON contract


class LemmaJson(Contract):
    """One element of `lemmas`. witness: for what it is false, or, where `refuted` is false, what speaks against it and
    nobody could confirm; null where there is none."""

    name: str
    statement: str
    d: int
    refuted: bool
    witness: str | None


class DecompositionJson(Contract):
    """One element of `decompositions`: S = v * r. unclipped: r before it is clipped at 0, which decides between equal
    S; null where v = 0 or a lemma is False on its face. A step that closes the goal has no lemmas."""

    S: float
    r: float
    unclipped: float | None
    v: Literal[0, 1]
    verdict: DecompositionVerdict
    kind: str
    text: str
    lemmas: list[LemmaJson]


class ReasonJson(Contract):
    """One element of `reasons`: how often something was the reason."""

    reason: str
    count: int


class RejectedJson(Contract):
    """The field `rejected`; `undecided` are those without a verdict, which `count` leaves out."""

    count: int
    undecided: int
    reasons: list[ReasonJson]


class GoalPlansJson(Contract):
    """One element of `goals`; `d` is d(G)."""

    name: str
    line: int
    text: str
    d: int
    status: PlanStatus
    witness: str | None
    decompositions: list[DecompositionJson]
    rejected: RejectedJson


class DecomposeJson(Contract):
    """What `prover decompose --json` prints."""

    schema_version: int = SCHEMA_VERSION
    status: DecomposeStatus
    untouched: bool = False
    translated: bool = False
    language: str | None
    file: str
    target: str | None = None
    policy: str
    seed: int
    seconds: float = 0.0
    checks: int = 0
    tokens: int = 0
    goals: list[GoalPlansJson] = Field(default_factory=list)
    verifier: str = ""
    reason: str = ""


def plans_json(goals: tuple[GoalPlans, ...]) -> list[GoalPlansJson]:
    """The `goals` field."""
    return [
        GoalPlansJson(
            name=goal.name,
            line=goal.line,
            text=goal.text,
            d=goal.d,
            status=goal.status,
            witness=goal.witness or None,
            decompositions=[_decomposition(d) for d in goal.decompositions],
            rejected=RejectedJson(
                count=goal.rejected.count,
                undecided=goal.rejected.undecided,
                reasons=[ReasonJson(reason=reason, count=count) for reason, count in goal.rejected.reasons],
            ),
        )
        for goal in goals
    ]


def _decomposition(found: Decomposition) -> DecompositionJson:
    return DecompositionJson(
        S=found.score.value,
        r=found.r,
        unclipped=found.score.unclipped if math.isfinite(found.score.unclipped) else None,
        v=1 if found.v else 0,
        verdict=found.verdict,
        kind=found.kind,
        text=found.text,
        lemmas=[
            LemmaJson(
                name=lemma.name,
                statement=lemma.statement,
                d=lemma.d,
                refuted=lemma.refuted,
                witness=lemma.witness or None,
            )
            for lemma in found.lemmas
        ],
    )
