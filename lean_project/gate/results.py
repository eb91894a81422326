"""What the gate is given and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason to reject a candidate. rule: a stable identifier (`axiom`, `type-changed`...). line from 1 and column
    from 0 in the candidate; None where the objection is about the whole file."""

    rule: str
    message: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of a candidate. axioms: those that what was asked for rests on. baseline: what the original itself
    takes for granted. reason: one sentence where the verdict is unknown. restated: whether Lean itself confirmed the
    statements in a module of their own. replayed: whether the kernel went through the compiled module again. printed:
    whether what Lean prints of the modules was compared, since their files could not be read."""

    verdict: Literal["accepted", "rejected", "unknown"]
    objections: tuple[Objection, ...] = ()
    axioms: tuple[str, ...] = ()
    baseline: tuple[str, ...] = ()
    reason: str = ""
    restated: bool = False
    replayed: bool = False
    printed: bool = False


@dataclass(frozen=True, slots=True)
class CompileResult:
    """How compiling a module went. `unknown`: it could not be found out (timeout, crash, no verifier). errors: what
    Lean said against it, each with its line (from 1) and column (from 0) where known. notes: what it said for
    information, each with its line."""

    status: Literal["ok", "error", "unknown"]
    errors: tuple[tuple[str, int | None, int | None], ...] = ()
    reason: str = ""
    notes: tuple[tuple[str, int], ...] = ()


class Compile(Protocol):
    """Compiles a text as a module into `out_dir/MODULE.olean`, in a fresh process that sees the modules in the folders
    of `search_path` (beside Lean's own) and cannot write elsewhere. Never raises for what the text does."""

    async def __call__(self, text: str, module: str, out_dir: Path, search_path: Sequence[Path]) -> CompileResult:
        """See the class."""
        ...


class Replay(Protocol):
    """Takes a compiled module through Lean's kernel once more. `error`: the kernel does not take it."""

    async def __call__(self, module: str, search_path: Sequence[Path]) -> CompileResult:
        """See the class."""
        ...
