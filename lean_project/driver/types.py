"""Results of checks, goals, and the port of Lean verifiers: one interface for the warm server and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol

Severity = Literal["error", "warning", "info"]


class Rule(StrEnum):
    """What a message is about, told by its kind where the version gives one, else by its wording."""

    SORRY = "sorry"
    PARSE = "parse"
    MISSING_IMPORT = "missing import"
    UNSOLVED_GOALS = "unsolved goals"
    TYPE_MISMATCH = "type mismatch"
    UNKNOWN_NAME = "unknown name"
    TACTIC = "tactic failed"
    SYNTHESIS = "failed to synthesize"
    TERMINATION = "termination"
    HEARTBEATS = "out of heartbeats"
    RECURSION = "recursion depth"
    INTERRUPTED = "stopped early"
    KERNEL = "kernel"
    LINTER = "linter"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the text that was given: line from 1, column from 0 in characters (code points)."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message of Lean. kind: Lean's own name for it (`hasSorry`, `lean.unknownIdentifier`), empty where the way of
    asking or the version gives none. end: where the marked text ends, None if not told."""

    severity: Severity
    rule: Rule
    message: str
    place: Place
    end: Place | None = None
    kind: str = ""


class Outcome(StrEnum):
    """What a check as a whole says. Only OK, ERRORS and MISSING_IMPORT say anything about the text; a text that ran
    out of heartbeats has ERRORS and a diagnostic with that rule."""

    OK = "ok"
    """Lean came to the end of the text without an error. There may be `sorries`."""
    ERRORS = "errors"
    MISSING_IMPORT = "missing import"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    UNKNOWN = "unknown"
    """Lean ended without having seen the whole text (`#exit`), or what it left behind does not agree."""


NOT_A_VERDICT = (Outcome.TIMEOUT, Outcome.MEMORY, Outcome.CRASHED, Outcome.UNKNOWN)
"""The outcomes that say nothing about the text."""


@dataclass(frozen=True, slots=True)
class LeanResult:
    """What Lean said about a text. sorries: places of the warnings that a declaration uses `sorry` (the name of the
    declaration is marked, not the token); `set_option warn.sorry false` silences them, so that their absence alone
    proves nothing. seconds: wall-clock time. output: raw text for error reports. status: exit status of a process
    of the text's own that ended by itself, for harnesses that look at nothing else."""

    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...] = ()
    seconds: float = 0.0
    cached: bool = False
    output: str = field(default="", repr=False)
    status: int | None = None

    @property
    def sorries(self) -> tuple[Place, ...]:
        """Where Lean warned that a declaration uses `sorry`, in the order of the text."""
        return tuple(sorted(d.place for d in self.diagnostics if d.rule is Rule.SORRY))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics of severity error."""
        return tuple(d for d in self.diagnostics if d.severity == "error")

    @property
    def accepted(self) -> bool:
        """No errors; there may be sorries."""
        return self.outcome is Outcome.OK

    @property
    def complete(self) -> bool:
        """No errors and no sorry that Lean warned of: worth showing to the gate."""
        return self.accepted and not self.sorries


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One line of a goal's context: `names` of one type (`a b : Nat`), and a value for `let` variables. A name that
    ends in `✝` cannot be written in a proof."""

    names: tuple[str, ...]
    type: str
    value: str | None = None

    @property
    def accessible(self) -> tuple[str, ...]:
        """The names that a proof can use."""
        return tuple(name for name in self.names if not name.endswith("✝"))


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal as Lean prints it. case: its name, None without one. text: the whole, as printed."""

    hypotheses: tuple[Hypothesis, ...]
    target: str
    case: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class GoalsAt:
    """The goals at one place. tactic: before the tactic there, the current one first (empty: none are left; None: no
    tactic there). term: the expected type of the term there."""

    place: Place
    tactic: tuple[Goal, ...] | None = None
    term: Goal | None = None

    @property
    def goals(self) -> tuple[Goal, ...]:
        """Of the tactic, else of the term."""
        if self.tactic is not None:
            return self.tactic
        return () if self.term is None else (self.term,)


@dataclass(frozen=True, slots=True)
class GoalsResult:
    """Answers in the order of the places asked. outcome: OK when every place was answered, whatever the text is worth;
    else why not, and `places` holds what came before that."""

    outcome: Outcome
    places: tuple[GoalsAt, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Compiled:
    """A module compiled to `olean`, None where there is none (errors, limits)."""

    result: LeanResult
    olean: Path | None = None


class LeanVerifier(Protocol):
    """Anything that checks Lean texts. Safe to call concurrently from one event loop; a cancelled call ends what it
    started."""

    async def check(self, text: str, *, seconds: float) -> LeanResult:
        """Check a whole text within `seconds` wall-clock. Never raises for what the text or Lean does."""
        ...

    async def close(self) -> None:
        """End all child processes."""
        ...


class GoalReader(LeanVerifier, Protocol):
    """A verifier that can also tell the goals at places of a text."""

    async def goals(self, text: str, positions: Sequence[Place], *, seconds: float) -> GoalsResult:
        """The goals at each place, within `seconds` for all of them together."""
        ...


class ModuleCompiler(Protocol):
    """Anything that compiles texts to modules."""

    async def compile(
        self, text: str, module: str, olean: Path, search: Sequence[Path] = (), *, seconds: float
    ) -> Compiled:
        """Compile a text as the module of that name to the file `olean`. search: folders of modules that it may
        import, besides those of the installation."""
        ...
