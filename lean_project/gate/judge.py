"""Lean's part of a verdict: the texts first, then what Lean stores for each of them, then the kernel once more."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lean_project.gate import named
from lean_project.gate.asking import judge_printed, judge_printed_alone
from lean_project.gate.modules import KNOWN_LEAN, MODULE, Modules, not_compiled
from lean_project.gate.results import Compile, CompileResult, Judgement, Objection, Replay
from lean_project.gate.stored import StoredVerdict, judge_alone, judge_stored
from lean_project.gate.text import (
    Reading,
    TextVerdict,
    judge_own_text,
    judge_text,
    not_stored,
    own_cheats,
    read,
    turns_kernel_off,
)
from lean_project.olean.closure import load_library
from lean_project.olean.region import UnknownFormat
from lean_project.syntax.commands import resolved

__all__ = ["KNOWN_LEAN", "MODULE", "judge_candidate"]

_CHANGED = Judgement("unknown", reason="Imported modules changed while the candidate was checked: check again.")


async def judge_candidate(
    original: str | None,
    candidate: str,
    *,
    compile_module: Compile,
    search_path: Sequence[Path],
    target: str | None = None,
    implement: bool = False,
    granted: Collection[str] = (),
    replay: Replay | None = None,
    scratch: Path | None = None,
) -> Judgement:
    """Whether a candidate proves what its original leaves open.

    original: None when the candidate is its own specification; then every cheat in it counts. search_path: folders with
    the `.olean` files of everything imported. target: the one theorem to be proved, by its full name or the end of it.
    implement: definitions that the original leaves open are to be given too, and may then be any. granted: full
    names of the original's declarations whose open proofs nobody has to give; the verdict tells of them. replay: goes
    through the kernel again, where there is such a program. scratch: where to put folders of our own.
    Never raises for what the texts or Lean do.
    """
    text = read(candidate)
    frozen = text if original is None else read(original)
    goal = resolved(target, frozen.commands) if target is not None else None
    if original is None:
        static, objections = TextVerdict(()), judge_own_text(text)
    elif target is not None and goal is None:
        message = f"the target `{target}` is not declared in the file, or more than once: give its full name"
        return Judgement("rejected", (Objection("target-missing", message),))
    else:
        static = judge_text(frozen, text)
        objections = (*static.objections, *_left_in_examples(static, goal))
    if objections:
        return Judgement("rejected", objections)
    with tempfile.TemporaryDirectory(prefix="gate-", dir=scratch, ignore_cleanup_errors=True) as folder:
        modules = Modules(compile_module, search_path, Path(folder), replay)
        case = _Case(None if original is None else frozen, text, static, goal, implement, frozenset(granted))
        verdict = await _judge(case, modules)
        examples = named.examples_of(frozen) if goal is None else ()
        if verdict.verdict != "accepted" or not examples:
            return verdict
        return _both(verdict, await _judge_examples(case, examples, modules))


@dataclass(frozen=True, slots=True)
class _Case:
    """What is judged. original: None where the candidate is its own specification. goal: the target's full name.
    granted: as in `judge_candidate`. examples: full names of those that have one."""

    original: Reading | None
    candidate: Reading
    static: TextVerdict
    goal: str | None
    implement: bool
    granted: frozenset[str] = frozenset()
    examples: frozenset[str] = frozenset()


def _left_in_examples(static: TextVerdict, goal: str | None) -> list[Objection]:
    """What is left open in an `example` shows in the text alone."""
    left = [line for keyword, _, line in static.left if keyword == "example"]
    return [Objection("sorry-left", "an `example` is not proved", line) for line in left] if goal is None else []


async def _judge(case: _Case, modules: Modules) -> Judgement:
    """Everything but the examples."""
    verdict = await (_alone(case, modules) if case.original is None else _against(case, case.original, modules))
    frozen = case.original or case.candidate
    if verdict.verdict == "accepted" and case.goal is None and (odd := not_stored(frozen)):
        return replace(verdict, verdict="unknown", reason=odd)
    return verdict


async def _against(case: _Case, frozen: Reading, modules: Modules) -> Judgement:
    # The original first: nothing of the candidate has run by then, and its module is in memory from then on.
    result = await modules.compiled(frozen.text, "original")
    if result.status != "ok":
        return _original_not_compiled(result, frozen)
    before = modules.stored("original")
    library = before if isinstance(before, UnknownFormat) else load_library(before, modules.search_path)
    if isinstance(before, UnknownFormat) or isinstance(library, UnknownFormat):
        assert isinstance(library, UnknownFormat)
        return await judge_printed(
            frozen, case.candidate, case.static, case.goal, modules, library.reason, own_cheats(frozen)
        )
    looks = modules.looks(library)
    result = await modules.compiled(case.candidate.text, "candidate")
    if result.status != "ok":
        return not_compiled(result)
    after = modules.stored("candidate")
    if isinstance(after, UnknownFormat):
        return Judgement("unknown", reason=f"The candidate's compiled module cannot be read: {after.reason}.")
    if modules.looks(library) != looks:
        return _CHANGED
    declared = {c.full_name for c in frozen.commands if c.full_name and c.declares}
    stored = judge_stored(
        before, after, library, declared, case.goal, case.implement, also=case.examples, granted=case.granted
    )
    verdict = _verdict(stored, frozen, case.static, case.granted)
    if verdict.verdict == "accepted":
        verdict = await modules.restate(before, stored.claimed, verdict)
    if verdict.verdict == "accepted":
        verdict = await modules.replayed(verdict, case.candidate.text)
    if verdict.verdict == "accepted" and turns_kernel_off(frozen) and not verdict.replayed:
        reason = "The original sets an option that keeps Lean's kernel from looking; only a replay would tell."
        verdict = replace(verdict, verdict="unknown", reason=reason)
    return verdict if modules.looks(library) == looks else _CHANGED


async def _alone(case: _Case, modules: Modules) -> Judgement:
    text = case.candidate
    result = await modules.compiled(text.text, "candidate")
    if result.status != "ok":
        return not_compiled(result)
    module = modules.stored("candidate")
    library = module if isinstance(module, UnknownFormat) else load_library(module, modules.search_path)
    if isinstance(module, UnknownFormat) or isinstance(library, UnknownFormat):
        assert isinstance(library, UnknownFormat)
        return await judge_printed_alone(text, modules, library.reason)
    stored = judge_alone(module, library)
    if stored.objections:
        return Judgement("rejected", stored.objections, stored.axioms)
    if stored.unknown:
        return Judgement("unknown", axioms=stored.axioms, reason=stored.unknown)
    return await modules.replayed(Judgement("accepted", axioms=stored.axioms), text.text)


async def _judge_examples(case: _Case, examples: tuple[named.Example, ...], modules: Modules) -> Judgement:
    """The same texts once more, with names for what has none."""
    frozen = case.original or case.candidate
    chosen = await _as_lean_takes_them(frozen, examples, modules.beside("trial"))
    if chosen is None:
        return Judgement("unknown", reason="An `example` could not be judged under a name of its own: name it.")
    texts = [named.with_names(text, chosen) for text in (frozen, case.candidate)]
    if texts[0] is None or texts[1] is None:
        return Judgement("unknown", reason="An `example` of the original was not found in the candidate.")
    before, after = read(texts[0]), read(texts[1])
    missing = [e for e in chosen if e.full_name not in {c.full_name for c in before.commands}]
    if missing:
        return Judgement("unknown", reason=f"Nothing is known of {missing[0]}: name it.")
    names = frozenset(e.full_name for e in chosen)
    again = replace(case, original=None if case.original is None else before, candidate=after, examples=names)
    return named.in_words(await _judge(again, modules.beside("named")), chosen)


async def _as_lean_takes_them(
    frozen: Reading, examples: tuple[named.Example, ...], modules: Modules
) -> tuple[named.Example, ...] | None:
    """Theorems where Lean takes them for such, else definitions; None where it takes them for neither, or stores one
    under another name (in a macro)."""
    chosen: tuple[named.Example, ...] | None = examples
    for name in ("theorems", "definitions"):
        text = named.with_names(frozen, chosen) if chosen is not None else None
        if chosen is None or text is None:
            return None
        result = await modules.compiled(text, name)
        if result.status == "ok":
            listed = "".join(f"#check @{e.full_name}\n" for e in chosen if not e.private)
            found = await modules.over(f"import {MODULE}\n{listed}", name)
            return chosen if found.status == "ok" else None
        if result.status == "unknown":
            return None
        chosen = named.after_errors(chosen, result)
    return None


def _both(verdict: Judgement, examples: Judgement) -> Judgement:
    """What is said of the named declarations and of the examples together."""
    axioms = tuple(sorted({*verdict.axioms, *examples.axioms}))
    if examples.verdict != "accepted":
        return replace(examples, axioms=axioms, baseline=verdict.baseline)
    return replace(
        verdict,
        axioms=axioms,
        restated=verdict.restated and examples.restated,
        replayed=verdict.replayed and examples.replayed,
    )


def _placed(objection: Objection, lines: Mapping[str, int]) -> Objection:
    """With the line of the `sorry` that it is about."""
    line = lines.get(objection.message.split("`")[1]) if objection.rule == "sorry-left" else None
    return replace(objection, line=line) if line is not None else objection


def _original_not_compiled(result: CompileResult, frozen: Reading) -> Judgement:
    placed = (f"line {line}: {message}" if line else message for message, line, _ in result.errors[:3])
    told = result.reason or "; ".join(placed)
    return Judgement("unknown", reason=f"Lean does not accept the original: {told}", baseline=own_cheats(frozen))


def _verdict(stored: StoredVerdict, frozen: Reading, static: TextVerdict, granted: Collection[str]) -> Judgement:
    open_ = (f"not proved in the original: {name}" for name in sorted(granted))
    baseline = (*stored.baseline, *own_cheats(frozen), *open_)
    if stored.objections:
        lines = {name: line for _, name, line in reversed(static.left)}
        objections = tuple(_placed(o, lines) for o in stored.objections)
        return Judgement("rejected", objections, stored.axioms, baseline)
    told = Judgement("accepted", (), stored.axioms, baseline)
    if stored.unknown:
        return replace(told, verdict="unknown", reason=stored.unknown)
    if "sorryAx" in stored.axioms and not granted:
        return replace(told, verdict="unknown", reason="It rests on a `sorry` of the original that stands for data.")
    return told
