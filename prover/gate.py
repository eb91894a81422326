"""The gate: the one place that says "proved".

It works from the original as it was read and hashed at the start, and asks a fresh verifier process. Each language
brings its own judge; everything else in the program speaks of accepted steps, never of proofs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dafny_env.driver.types import DafnyVerifier
from dafny_env.gate.judge import judge_candidate, judge_implementation
from dafny_env.gate.regions import read_regions
from lean_project.gate.judge import judge_candidate as judge_lean_candidate
from lean_project.gate.slots import granted, judge_slots, read_slots
from prover.inputs import SourceFile
from prover.languages import Language
from prover.lean_toolchain import LeanCompiler
from prover.results import GateVerdict, Objection

_BOM = b"\xef\xbb\xbf"
SOLVER_SECONDS = 30
"""What the gate allows the solver for one procedure."""


Verifier = DafnyVerifier | LeanCompiler
"""What a language's judge asks."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a language's judge is given. original: the text as read at the start, None when the candidate is its own
    specification. folder: the original's, where its relative includes are. target: the one declaration to be proved.
    seconds: wall-clock bound on the verifier. solver_seconds: bound per procedure. implement: the original's marked
    regions are to be filled in, code included."""

    original: str | None
    candidate: str
    verifier: Verifier
    folder: Path | None = None
    target: str | None = None
    seconds: float = 120.0
    solver_seconds: int = SOLVER_SECONDS
    translated: bool = False
    implement: bool = False


Judge = Callable[[Case], Awaitable[GateVerdict]]


async def judge(
    original: SourceFile | None,
    candidate: SourceFile | str,
    *,
    verifier: Verifier,
    folder: Path | None = None,
    target: str | None = None,
    seconds: float = 120.0,
    solver_seconds: int = SOLVER_SECONDS,
    translated: bool = False,
    implement: bool = False,
) -> GateVerdict:
    """Whether a candidate proves the original.

    original: None when the candidate is its own specification; then every cheat in it counts. verifier: one that starts
    a fresh process for each check and caches nothing; closing it is the caller's. folder: None for the original's (else
    the candidate's). translated: the verifier sees a translation of the text (it is reported). implement: the
    original is a vericoding task: its marked regions, and nothing else, may hold other text, also code (then there must
    be an original, and no target). Never raises for what the texts or the verifier do.
    """
    source = candidate if isinstance(candidate, SourceFile) else None
    language = original.language if original else source.language if source else "dafny"
    if original is not None and not _is_as_read(original):
        return GateVerdict("unknown", reason="The original is not what was read at the start: run again.")
    if folder is None:
        folder = original.folder if original else source.folder if source else None
    text = candidate if isinstance(candidate, str) else candidate.text
    if implement and (original is None or target is not None):
        raise ValueError("an implementation is judged as a whole, against the task that it is of")
    frozen = original.text if original else None
    case = Case(frozen, text, verifier, folder, target, seconds, solver_seconds, translated, implement)
    chosen = JUDGES.get(language)
    if chosen is None:
        return GateVerdict("unknown", reason=f"There is no gate for {language} in this version.", unsupported=True)
    return await chosen(case)


async def _judge_dafny(case: Case) -> GateVerdict:
    if isinstance(case.verifier, LeanCompiler):
        raise TypeError("a Dafny file is judged with a Dafny verifier")
    if case.implement:
        marked = read_regions(case.original or "")
        if isinstance(marked, str):
            return GateVerdict("unknown", reason=f"The original is no task to be implemented: {marked}.")
        found = await judge_implementation(
            marked,
            case.candidate,
            verifier=case.verifier,
            folder=case.folder,
            seconds=case.seconds,
            solver_seconds=case.solver_seconds,
        )
    else:
        found = await judge_candidate(
            case.original,
            case.candidate,
            verifier=case.verifier,
            folder=case.folder,
            target=case.target,
            seconds=case.seconds,
            solver_seconds=case.solver_seconds,
        )
    return GateVerdict(
        found.verdict,
        verifier=str(case.verifier.info),
        baseline=found.baseline,
        objections=tuple(Objection(o.rule, o.message, o.line, o.column) for o in found.objections),
        reason=found.reason,
        translated=case.translated,
    )


async def _judge_lean(case: Case) -> GateVerdict:
    compiler = case.verifier
    if not isinstance(compiler, LeanCompiler):
        raise TypeError("a Lean file is judged with a Lean compiler")
    given_up: frozenset[str] = frozenset()
    if case.implement:
        slotted = read_slots(case.original or "")
        if isinstance(slotted, str):
            return GateVerdict("unknown", reason=f"The original is no task to be implemented: {slotted}.")
        objections = judge_slots(slotted, case.candidate)
        if objections:
            told = tuple(Objection(o.rule, o.message, o.line, o.column) for o in objections)
            return GateVerdict("rejected", verifier=compiler.info, objections=told)
        given_up = granted(slotted)
    found = await judge_lean_candidate(
        case.original,
        case.candidate,
        compile_module=compiler,
        search_path=compiler.search_path,
        target=case.target,
        implement=case.implement,
        granted=given_up,
        replay=compiler.replay(),
    )
    return GateVerdict(
        found.verdict,
        verifier=compiler.info,
        baseline=found.baseline,
        axioms=found.axioms,
        replay=str(compiler.replays_with) if found.replayed else "",
        objections=tuple(Objection(o.rule, o.message, o.line, o.column) for o in found.objections),
        reason=found.reason,
    )


JUDGES: Mapping[Language, Judge] = {"dafny": _judge_dafny, "lean": _judge_lean}
"""The judges by language."""


def _is_as_read(source: SourceFile) -> bool:
    """Whether a text still has the hash it was read with."""
    data = (_BOM if source.bom else b"") + source.text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest() == source.sha256
