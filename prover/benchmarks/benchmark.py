"""What a benchmark is to the rest of the program: where it comes from, its tasks, and its own rule of success."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from prover.benchmarks.task import BenchmarkTask, Mode, NotLoaded
from prover.languages import Language
from prover.results import Objection


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where a benchmark's data is published. url: what `git clone` takes. commit: the pinned one, at least its first 7
    hexadecimal digits. licence: SPDX name. paths: what of the tree is needed. tasks: how many task files or folders
    a whole copy has."""

    url: str
    commit: str
    licence: str
    paths: tuple[str, ...] = ()
    tasks: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a benchmark is wanted. None: whatever it has (of modes, its usual one)."""

    language: Language | None = None
    mode: Mode | None = None


@dataclass(frozen=True, slots=True)
class DataProblem:
    """Data that is not there or not what it should be, with the next step."""

    reason: str


@dataclass(frozen=True, slots=True)
class Pin:
    """The verifier whose word is the official one. version: how its version begins (`4.11`); what comes with it
    (`Mathlib`) is in `extra`, for people."""

    tool: str
    version: str
    extra: str = ""

    def __str__(self) -> str:
        return f"{self.tool} {self.version}" + (f" with {self.extra}" if self.extra else "")


@dataclass(frozen=True, slots=True)
class Refused:
    """A candidate that the benchmark's harness turns away before any verifier sees it."""

    objections: tuple[Objection, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """What a run of a verifier left. status: its exit status. out: what it printed to its standard output."""

    status: int
    out: str


@dataclass(frozen=True, slots=True)
class DafnyCall:
    """How a harness calls Dafny, and what it takes for success. arguments: in front of the file. old: the same for
    Dafny 2, which knows no commands (no benchmark pins it; with another pin it can stand in). accepts: whether what a
    run has printed within the rule's seconds is a success."""

    arguments: tuple[str, ...]
    old: tuple[str, ...]
    accepts: Callable[[Printed], bool]


@dataclass(frozen=True, slots=True)
class Counting:
    """Which tasks a benchmark's own figures are of.

    tasks: how many they are, in each language if it counts languages apart (by_language). left_out: the groups whose
    tasks it does not count. modes: those of its own tasks; for another one it has no figures. told: all of this in
    words, as they follow on "the benchmark's own figures are of".
    """

    tasks: int
    modes: tuple[Mode, ...]
    told: str
    left_out: tuple[str, ...] = ()
    by_language: bool = False


class OfficialRule(Protocol):
    """A benchmark's own rule of success, from its description, with its quirks. Its static part is `spliced`; its
    dynamic part is one run of the pinned verifier on what that returns."""

    @property
    def pin(self) -> Pin:
        """The verifier that counts."""
        ...

    @property
    def seconds(self) -> float:
        """Wall clock that the harness gives its verifier."""
        ...

    def spliced(self, task: BenchmarkTask, candidate: str) -> str | Refused:
        """The text that the harness would verify for a candidate (a whole file), or why it refuses it. Never raises
        for what the candidate is."""
        ...


@runtime_checkable
class CallsDafny(Protocol):
    """A rule whose harness calls Dafny in a way of its own; others have `dafny verify`, which must find no errors."""

    @property
    def call(self) -> DafnyCall:
        """How."""
        ...


@runtime_checkable
class CompilesFirst(Protocol):
    """A rule whose harness has more than one text of an answer verified."""

    def compiled_first(self, task: BenchmarkTask, candidate: str) -> str | None:
        """What must be accepted before the spliced text is looked at, within as many seconds. None: nothing. Only
        asked for candidates that are not refused."""
        ...


@runtime_checkable
class ReadsAnswers(Protocol):
    """A rule whose harness takes the file out of what a model said in a way of its own."""

    def read(self, said: str) -> str:
        """The file, whatever was said."""
        ...


@runtime_checkable
class SorryFails(Protocol):
    """A rule whose harness reads Lean's messages: a `sorry` that Lean warns of is no success, although the exit status
    is 0."""

    @property
    def sorry_fails(self) -> bool:
        """Whether it is one."""
        ...


class Benchmark(Protocol):
    """One benchmark. A module each in this folder; `registry.py` lists them."""

    @property
    def name(self) -> str:
        """As `prover eval NAME` has it."""
        ...

    @property
    def upstream(self) -> Upstream | None:
        """None where nothing is to be fetched."""
        ...

    @property
    def official(self) -> OfficialRule | None:
        """None where there is no rule but the strict one."""
        ...

    @property
    def counting(self) -> Counting | None:
        """None where there are no figures of its own."""
        ...

    def load(self, data: Path | None, choice: Choice) -> Iterable[BenchmarkTask | NotLoaded] | DataProblem:
        """All tasks, in a fixed order, or why there are none. data: the folder (or file) of `--data`. Never raises for
        what the data is: a task that cannot be read is a `NotLoaded`."""
        ...


@dataclass(frozen=True, slots=True)
class Described:
    """What every benchmark says of itself. See `Benchmark`."""

    name: str
    upstream: Upstream | None = None
    official: OfficialRule | None = None
    counting: Counting | None = None
