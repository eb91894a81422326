"""What a run says: the values between engine and command line, and the JSON contract that scripts rely on.

The dataclasses are what `prover.session` and `prover.gate` take and return; the pydantic models are the objects that
`--json` prints and `results.jsonl` holds, with `schema_version` first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from pydantic import Field

from prover.contract import SCHEMA_VERSION, Contract
from prover.events import Observer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prover.decompositions import DecomposeRequest, DecomposeResult
    from prover.inputs import SourceFile
    from prover.pools import Pools
    from prover.sampling.models import Models
    from prover.settings import Settings


class Status(StrEnum):
    """How `prover prove` ended for a file."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNKNOWN = "unknown"
    INVALID = "invalid"
    UNSUPPORTED = "unsupported"


class GoalStatus(StrEnum):
    """What became of one root goal."""

    PROVED = "proved"
    OPEN = "open"
    REFUTED = "refuted"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class GoalReport:
    """One root goal. line: from 1, in the user's file. diagnostics: the verifier's messages still standing, for people.
    witness: of a refuted goal, the confirmed counterexample."""

    name: str
    line: int
    status: GoalStatus
    diagnostics: tuple[str, ...] = ()
    witness: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason why the gate rejects a candidate. rule: a stable identifier (`assume`, `spec-changed`...). line from 1
    and column from 0 in the candidate; None where the objection is about the whole file."""

    rule: str
    message: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """What the gate says. verifier: name and version (empty when none ran). baseline: assumptions, axioms and cheats
    that the original's frozen text already contains. axioms: of Lean, that the proofs rest on. replay: the program that
    took Lean's compiled module through the kernel again (empty: none did). reason: one sentence where the verdict is
    unknown. unsupported: the verdict is unknown because a verifier is missing or cannot read this
    file; `reason` says how to get on."""

    verdict: Literal["accepted", "rejected", "unknown"]
    verifier: str = ""
    baseline: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = ()
    axioms: tuple[str, ...] = ()
    replay: str = ""
    reason: str = ""
    unsupported: bool = False
    translated: bool = False


class JournalSink(Protocol):
    """Where every step and verdict is recorded: one JSON object per call, written out at once."""

    def append(self, record: Mapping[str, object]) -> None:
        """Record one event; values must be JSON."""
        ...


@dataclass(frozen=True, slots=True)
class ProveRequest:
    """One file to prove. seconds: wall-clock budget of the search and the confirmation together. checks, tokens:
    None for no bound. settings: paths of tools and the like. journal: None to keep none. samples: a file to which the
    answers of language models are recorded. models, pools: those of a process that proves several files; None to open
    what is needed for this one. charged: whom samples are charged to, where the file's name does not tell.
    told: a file that keeps what borrowed verifiers have said for when this process is killed."""

    source: SourceFile
    settings: Settings
    policy: str = "symbolic"
    strategy: str = "best-first"
    seconds: float = 60.0
    checks: int | None = None
    tokens: int | None = None
    seed: int = 0
    journal: JournalSink | None = None
    samples: Path | None = None
    models: Models | None = None
    pools: Pools | None = None
    charged: str = ""
    told: Path | None = None

    @property
    def charged_to(self) -> str:
        """Whom the samples of language models are charged to."""
        return self.charged or f"{self.source.name}:{self.source.target or ''}"

    @property
    def lent_as(self) -> str:
        """Letters and digits that no other file or attempt has, for what borrowed verifiers keep for it."""
        return hashlib.sha256(f"{self.source.sha256} {self.source.target} {self.seed}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class ProveResult:
    """How a run ended.

    text: the whole proved file, in the dialect it was written in, accepted by the gate; only with status proved.
    partial: the best unfinished file (without a label: whoever writes it out adds one). untouched: the original
    verified as it was. translated: Dafny 2.3 saw a translated file. reason: one sentence where not proved, naming
    the next step. subgoals: lemmas and facts that the found proof was put together from. baseline, axioms: as the gate
    reports them. interrupted: ended by cancellation rather than by
    itself. implemented: the code was to be written too, and `text` (or `partial`) has one. unanswered: why the verifier
    or a model of the policy was asked and never answered (its server was away), so that nothing was learnt about the
    task; a sentence without its full stop.
    """

    status: Status
    text: str | None = None
    partial: str | None = None
    untouched: bool = False
    translated: bool = False
    goals: tuple[GoalReport, ...] = ()
    seconds: float = 0.0
    checks: int = 0
    tokens: int = 0
    subgoals: int = 0
    verifier: str = ""
    axioms: tuple[str, ...] = ()
    baseline: tuple[str, ...] = ()
    reason: str = ""
    interrupted: bool = False
    implemented: bool = False
    unanswered: str = ""


class Engine(Protocol):
    """What the command line needs of the engine; `prover.engine.DefaultEngine` is the real one."""

    async def prove(self, request: ProveRequest, observer: Observer) -> ProveResult:
        """Search for the proofs missing in a file.

        Never raises for what the file, the policy or the verifier does. Cancellation ends all child processes; it may
        propagate (then the command line keeps the last `BestSoFar` it saw) or end in a result with `interrupted` set.
        """
        ...

    async def judge(
        self,
        original: SourceFile | None,
        candidate: SourceFile,
        *,
        settings: Settings,
        seconds: float,
        pools: Pools | None = None,
    ) -> GateVerdict:
        """The gate alone; `original` None: the candidate's own text is taken as its specification. pools: where its
        verifiers are borrowed from."""
        ...

    async def decompose(self, request: DecomposeRequest, observer: Observer) -> DecomposeResult:
        """The ranked decompositions of a file's goals. Raises as `prove` does; when it is cancelled, the result has
        what was found until then."""
        ...


# ------------------------------------------------------------------------------------------------------- JSON contract


class GoalJson(Contract):
    """One element of `goals`."""

    name: str
    line: int
    status: GoalStatus
    diagnostics: list[str]
    witness: str = ""


class ObjectionJson(Contract):
    """One element of `objections`: line from 1, column from 0, null where it is about the whole file."""

    rule: str
    message: str
    line: int | None
    column: int | None


class ProveJson(Contract):
    """What `prover prove --json` prints. output, partial, run: paths as strings, null where there is none."""

    schema_version: int = SCHEMA_VERSION
    status: Status
    untouched: bool = False
    implemented: bool = False
    translated: bool = False
    language: str | None
    file: str
    target: str | None = None
    output: str | None = None
    partial: str | None = None
    policy: str
    strategy: str
    seed: int
    seconds: float = 0.0
    checks: int = 0
    tokens: int = 0
    goals: list[GoalJson] = Field(default_factory=list)
    subgoals: int = 0
    verifier: str = ""
    axioms: list[str] = Field(default_factory=list)
    baseline: list[str] = Field(default_factory=list)
    reason: str = ""
    run: str | None = None


class CheckJson(Contract):
    """What `prover check --json` prints. axioms, replay: of Lean; see `GateVerdict`. Unreadable input is verdict
    `unknown` with exit code 2 and the `reason`."""

    schema_version: int = SCHEMA_VERSION
    verdict: Literal["accepted", "rejected", "unknown"]
    verifier: str = ""
    translated: bool = False
    language: str | None
    file: str
    against: str | None = None
    axioms: list[str] = Field(default_factory=list)
    replay: str = ""
    baseline: list[str] = Field(default_factory=list)
    objections: list[ObjectionJson] = Field(default_factory=list)
    reason: str = ""


class AttemptJson(Contract):
    """One line of `results.jsonl`. benchmark: null for a file of the user's own. official, strict: null where they
    do not apply; official_reason: why the former is; official_timed_out: its check did not end within the benchmark's
    time limit (with no other attempt at work, official is false then, else null). cost_usd: null where unknown. seed:
    of this attempt. resumed: made again after it was broken off, with what verifiers and models had said by then, and a
    fresh budget. retried: how often it was made before and ended in an error of ours (`--retry-errors`); the last line
    counts. output, partial: of an evaluation, relative to its run folder. goals, axioms...: as `prove --json` has
    them."""

    schema_version: int = SCHEMA_VERSION
    benchmark: str | None
    id: str
    language: str
    attempt: int
    status: Literal["proved", "refuted", "unknown", "invalid", "unsupported", "error"]
    official: bool | None = None
    strict: bool | None = None
    objections: list[ObjectionJson] = Field(default_factory=list)
    seconds: float = 0.0
    checks: int = 0
    tokens: int = 0
    cost_usd: float | None = None
    output: str | None = None
    reason: str = ""
    mode: str = "proof"
    seed: int | None = None
    untouched: bool = False
    implemented: bool = False
    translated: bool = False
    partial: str | None = None
    resumed: bool = False
    retried: int = 0
    official_reason: str = ""
    official_timed_out: bool = False
    verifier: str = ""
    subgoals: int = 0
    goals: list[GoalJson] = Field(default_factory=list)
    axioms: list[str] = Field(default_factory=list)
    baseline: list[str] = Field(default_factory=list)


def goals_json(goals: tuple[GoalReport, ...]) -> list[GoalJson]:
    """The `goals` field."""
    return [
        GoalJson(name=g.name, line=g.line, status=g.status, diagnostics=list(g.diagnostics), witness=g.witness)
        for g in goals
    ]


def objections_json(objections: tuple[Objection, ...]) -> list[ObjectionJson]:
    """The `objections` field."""
    return [ObjectionJson(rule=o.rule, message=o.message, line=o.line, column=o.column) for o in objections]
