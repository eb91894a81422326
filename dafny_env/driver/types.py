"""Requests, results and the port of Dafny verifiers: one interface for the warm server and both command lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol


class Rule(StrEnum):
    """What kind of obligation or complaint a diagnostic is about."""

    PARSE = "parse"
    RESOLVE = "resolve"
    POSTCONDITION = "postcondition"
    PRECONDITION = "precondition"
    ASSERTION = "assertion"
    INVARIANT_ENTRY = "invariant on entry"
    INVARIANT_MAINTAINED = "invariant maintained"
    DECREASES = "decreases"
    INDEX = "index out of range"
    DIVISION = "division by zero"
    SUBTYPE = "value out of type"
    FRAME = "modifies or reads"
    WELLFORMED = "other well-formedness"
    MATCH = "missing case"
    CALC = "calc step"
    EXISTS = "such-that exists"
    TIMEOUT = "timeout"
    RESOURCE = "out of resource"
    INTERNAL = "verifier failure"
    WARNING = "warning"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the user's file: line from 1, column from 0 (in characters). `file` is None for the checked file
    itself, the path as printed for an included one."""

    line: int
    column: int
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message of the verifier. `related` holds the places of its 'Related location' lines with their text;
    `declaration` is the Dafny name (`Foo`, `C.Foo`, `M.C.Foo`) where the verifier's trace tells it."""

    severity: Literal["error", "warning", "info"]
    rule: Rule
    message: str
    place: Place
    related: tuple[tuple[Place, str], ...] = ()
    declaration: str | None = None


class Outcome(StrEnum):
    """What a check as a whole says. Only VERIFIED and FAILED and the two syntax outcomes say anything about the
    text."""

    VERIFIED = "verified"
    FAILED = "failed"
    PARSE_ERROR = "parse error"
    RESOLVE_ERROR = "resolve error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """One file to check.

    source: the whole text. folder: where relative `include`s are looked up (None: none allowed to resolve).
    resolve_only: stop after type checking. declarations: Dafny names to verify (`Foo`, `C.Foo`, `M.C.Foo`;
    well-formedness check and body both), None for all. seconds: wall-clock bound of the whole check.
    solver_seconds: bound per procedure (`/timeLimit`). error_limit: errors reported per procedure. keep_going:
    report each failing assertion although an earlier one on the path failed (`/subsumption:0`): what Houdini needs.
    print_types: with `resolve_only`, ask for the program as the verifier prints it after type checking, every variable
    with its type (command lines only). models: ask for the solver's models of what fails.
    """

    source: str
    folder: Path | None = None
    resolve_only: bool = False
    declarations: tuple[str, ...] | None = None
    seconds: float = 20.0
    solver_seconds: int = 10
    error_limit: int = 5
    keep_going: bool = False
    print_types: bool = False
    models: bool = False


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the verifier said. verified: Dafny names of the declarations seen to verify (all of their checks), each
    with at least one `Verifying ... verified` line; failed and timed_out likewise. `seconds` is wall-clock time of
    the check, `cached` whether it came from the result cache; `output` the raw text, for error reports; `printed` the
    program after type checking, where that was asked for and got so far; `models` the text with the solver's models,
    likewise: Boogie's model file (2.3), or what is printed of counterexamples (4.x)."""

    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...] = ()
    verified: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    timed_out: tuple[str, ...] = ()
    seconds: float = 0.0
    cached: bool = False
    output: str = field(default="", repr=False)
    printed: str = field(default="", repr=False)
    models: str = field(default="", repr=False)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics of severity error."""
        return tuple(d for d in self.diagnostics if d.severity == "error")


@dataclass(frozen=True, slots=True)
class VerifierInfo:
    """Which verifier this is: `version` as it prints itself (`2.3.0.10506`, `4.11.0`), `major` 2 or 4 (3 counts as
    4), the solver's version and the commands' paths."""

    version: str
    major: int
    solver: str
    command: tuple[str, ...]

    def __str__(self) -> str:
        """`Dafny 2.3.0.10506 (z3 4.8.5)`."""
        return f"Dafny {self.version} ({self.solver})"


class DafnyVerifier(Protocol):
    """Anything that checks Dafny files. Safe to call concurrently; a cancelled call ends its child processes at
    once."""

    @property
    def info(self) -> VerifierInfo:
        """Which verifier answers."""
        ...

    async def check(self, request: CheckRequest) -> CheckResult:
        """Check one file. Never raises for what the file or the verifier does: crashes and timeouts are outcomes."""
        ...

    async def close(self) -> None:
        """End all child processes."""
        ...
