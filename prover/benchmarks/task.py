"""A task of a benchmark, whatever the benchmark: what is given, what may be written, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from prover.languages import Language

Mode = Literal["proof", "code", "codeproof"]
"""What is to be written: the proof of code that is there; code that tests decide about; or code and its proof."""
MODES: tuple[Mode, ...] = ("proof", "code", "codeproof")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a task's text. name: as the benchmark calls it (`proof`, `code`...), empty for what has no name."""

    text: str
    editable: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Test:
    """One example of a task in mode `code`: an expression of the task's language that must be true of the code."""

    expression: str


@dataclass(frozen=True, slots=True)
class BenchmarkTask:
    """One task.

    id: unique in its benchmark. source: the file to be completed. segments: the same text in pieces, in order; what
    is not editable is frozen. informal: the problem in words. statement: full name of the theorem or declaration
    that is to be proved; empty where the whole file is. imports: modules of Lean. toolchain: what upstream pins, in
    words (`Dafny 4.11`). baseline: what the frozen text takes on trust (axioms, `sorry`s, `assume`s), for people.
    defects: what is known to be wrong with the task, each in a few words. reference: a known solution, as a whole
    file. licence: SPDX name. commit: upstream's. path: of the file on disk, where its includes or its Lake project
    matter. groups: names under which the task is counted apart (`basic`, `hard`...).
    """

    benchmark: str
    id: str
    language: Language
    mode: Mode
    source: str = field(repr=False)
    segments: tuple[Segment, ...] = field(default=(), repr=False)
    informal: str = field(default="", repr=False)
    statement: str = ""
    imports: tuple[str, ...] = ()
    toolchain: str = ""
    baseline: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    tests: tuple[Test, ...] = field(default=(), repr=False)
    reference: str | None = field(default=None, repr=False)
    licence: str = ""
    commit: str = ""
    path: str | None = None
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError where the segments are not the text: an error of the loader."""
        if self.segments and "".join(s.text for s in self.segments) != self.source:
            raise ValueError(f"{self.benchmark} {self.id}: the segments do not make up the text")

    @property
    def suffix(self) -> str:
        """The extension of its file, with the dot."""
        return ".dfy" if self.language == "dafny" else ".lean"


@dataclass(frozen=True, slots=True)
class NotLoaded:
    """A task that cannot be posed, and why. It is counted like any other."""

    benchmark: str
    id: str
    language: Language
    status: Literal["invalid", "unsupported"]
    reason: str
    groups: tuple[str, ...] = ()
