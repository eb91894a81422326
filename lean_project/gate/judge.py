"""Lean's part of a verdict: the texts first, then what Lean stores for each of them."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lean_project.gate.restate import restatement
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
from lean_project.olean.closure import Library, find_module, load_library
from lean_project.olean.module import Module, load_whole_module
from lean_project.olean.region import Malformed, UnknownFormat
from lean_project.olean.terms import Terms
from lean_project.syntax.commands import resolved

KNOWN_LEAN = ("4.35.",)
"""Versions of Lean whose compiled modules are understood, by how they begin: others fail closed."""

MODULE = "LemmatreeCandidate"
"""What both texts are compiled as: private names hold the module's name."""

_CHANGED = Judgement("unknown", reason="Imported modules changed while the candidate was checked: check again.")
_CHECK = "LemmatreeRestated"


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
    if original is None:
        return await _judge_alone(candidate, text, compile_module, search_path, scratch, replay)
    frozen = read(original)
    goal = resolved(target, frozen.commands) if target is not None else None
    if target is not None and goal is None:
        message = f"the target `{target}` is not declared in the file, or more than once: give its full name"
        return Judgement("rejected", (Objection("target-missing", message),))
    static = judge_text(frozen, text)
    objections = (*static.objections, *_left_in_examples(frozen, static, goal))
    if objections:
        return Judgement("rejected", objections)
    with tempfile.TemporaryDirectory(prefix="gate-", dir=scratch, ignore_cleanup_errors=True) as folder:
        runner = _Runner(compile_module, search_path, Path(folder), replay)
        return await runner.judge(original, candidate, frozen, static, goal, implement, granted)


async def _judge_alone(
    candidate: str,
    text: Reading,
    compile_module: Compile,
    search_path: Sequence[Path],
    scratch: Path | None,
    replay: Replay | None,
) -> Judgement:
    objections = judge_own_text(text)
    if objections:
        return Judgement("rejected", objections)
    with tempfile.TemporaryDirectory(prefix="gate-", dir=scratch, ignore_cleanup_errors=True) as folder:
        return await _Runner(compile_module, search_path, Path(folder), replay).judge_alone(candidate)


def _left_in_examples(frozen: Reading, static: TextVerdict, goal: str | None) -> list[Objection]:
    """An `example` is not stored anywhere: what is left open in it shows in the text alone."""
    left = [line for keyword, _, line in static.left if keyword == "example"]
    return [Objection("sorry-left", "an `example` is not proved", line) for line in left] if goal is None else []


class _Runner:
    def __init__(
        self, compile_module: Compile, search_path: Sequence[Path], folder: Path, replay: Replay | None
    ) -> None:
        self._compile = compile_module
        self._search_path = tuple(search_path)
        self._folder = folder
        self._replay = replay
        self._terms = Terms()

    async def judge(
        self,
        original: str,
        candidate: str,
        frozen: Reading,
        static: TextVerdict,
        goal: str | None,
        implement: bool,
        granted: Collection[str],
    ) -> Judgement:
        # The original first: nothing of the candidate has run by then, and its module is in memory from then on.
        before = await self._module(original, "original")
        if isinstance(before, CompileResult):
            told = before.reason or "; ".join(message for message, _, _ in before.errors[:3])
            return Judgement("unknown", reason=f"Lean does not accept the original: {told}")
        if isinstance(before, UnknownFormat):
            return Judgement("unknown", reason=f"The original's compiled module cannot be read: {before.reason}.")
        library = load_library(before, self._search_path)
        if isinstance(library, UnknownFormat):
            return Judgement("unknown", reason=f"What the original imports cannot be read: {library.reason}.")
        looks = self._looks(library)
        after = await self._module(candidate, "candidate")
        if isinstance(after, CompileResult):
            return _not_compiled(after)
        if isinstance(after, UnknownFormat):
            return Judgement("unknown", reason=f"The candidate's compiled module cannot be read: {after.reason}.")
        if self._looks(library) != looks:
            return _CHANGED
        declared = {c.full_name for c in frozen.commands if c.full_name and c.declares}
        stored = judge_stored(before, after, library, declared, goal, implement, granted)
        verdict = _verdict(stored, frozen, static, goal, granted)
        if verdict.verdict == "accepted":
            verdict = await self._restate(before, stored, verdict)
        if verdict.verdict == "accepted" and self._replay is not None:
            verdict = await self._replayed(verdict)
        if verdict.verdict == "accepted" and turns_kernel_off(frozen) and not verdict.replayed:
            reason = "The original sets an option that keeps Lean's kernel from looking; only a replay would tell."
            verdict = replace(verdict, verdict="unknown", reason=reason)
        if self._looks(library) != looks:
            return _CHANGED
        return verdict

    async def judge_alone(self, candidate: str) -> Judgement:
        module = await self._module(candidate, "candidate")
        if isinstance(module, CompileResult):
            return _not_compiled(module)
        if isinstance(module, UnknownFormat):
            return Judgement("unknown", reason=f"The compiled module cannot be read: {module.reason}.")
        library = load_library(module, self._search_path)
        if isinstance(library, UnknownFormat):
            return Judgement("unknown", reason=f"What the file imports cannot be read: {library.reason}.")
        stored = judge_alone(module, library)
        if stored.objections:
            return Judgement("rejected", stored.objections, stored.axioms)
        if stored.unknown:
            return Judgement("unknown", axioms=stored.axioms, reason=stored.unknown)
        if odd := not_stored(read(candidate)):
            return Judgement("unknown", axioms=stored.axioms, reason=odd)
        verdict = Judgement("accepted", axioms=stored.axioms)
        return await self._replayed(verdict) if self._replay is not None else verdict

    async def _module(self, text: str, name: str) -> Module | CompileResult | UnknownFormat:
        """Compile a text, and read what Lean stored."""
        out = self._folder / name
        out.mkdir()
        result = await self._compile(text, MODULE, out, self._search_path)
        if result.status != "ok":
            return result
        module = load_whole_module(out / f"{MODULE}.olean", self._terms)
        if isinstance(module, Module) and not module.lean.startswith(KNOWN_LEAN):
            return UnknownFormat(f"Lean {module.lean} is not known here")
        return module

    async def _restate(self, original: Module, stored: StoredVerdict, verdict: Judgement) -> Judgement:
        """Lean's own opinion: it must take each theorem of the candidate for what the original states. Statements that
        it does not take even from the original's module cannot be written down, and say nothing."""
        try:
            text, names = restatement(original, stored.claimed, MODULE)
        except Malformed as error:
            return Judgement("unknown", reason=f"The original's compiled module cannot be relied on: {error}.")
        if not names:
            return verdict
        results = []
        for name in ("original", "candidate"):
            out = self._folder / f"restated-{name}"
            out.mkdir()
            results.append(await self._compile(text, _CHECK, out, (self._folder / name, *self._search_path)))
            if results[-1].status != "ok":
                break
        if results[0].status != "ok":
            return verdict
        if results[1].status == "unknown":
            return replace(
                verdict, verdict="unknown", reason=f"The statements could not be compared: {results[1].reason}"
            )
        if results[1].status == "error":
            told = results[1].errors[0][0] if results[1].errors else ""
            return replace(
                verdict, verdict="rejected", objections=(Objection("restated", f"another statement: {told}"),)
            )
        return replace(verdict, restated=len(names) == len(stored.claimed))

    async def _replayed(self, verdict: Judgement) -> Judgement:
        assert self._replay is not None
        result = await self._replay(MODULE, (self._folder / "candidate", *self._search_path))
        if result.status == "unknown":
            return replace(verdict, verdict="unknown", reason=f"The kernel's replay did not end: {result.reason}")
        if result.status == "error":
            told = result.errors[0][0] if result.errors else ""
            return replace(
                verdict, verdict="rejected", objections=(Objection("replay", f"the kernel objects: {told}"),)
            )
        return replace(verdict, replayed=True)

    def _looks(self, library: Library) -> dict[str, tuple[int, int]]:
        """Size and time of every imported file."""
        found = {}
        for name in library.names:
            path = find_module(name, self._search_path)
            try:
                stat = path.stat() if path is not None else None
            except OSError:
                stat = None
            found[name] = (stat.st_size, stat.st_mtime_ns) if stat else (-1, -1)
        return found


def _placed(objection: Objection, lines: Mapping[str, int]) -> Objection:
    """With the line of the `sorry` that it is about."""
    line = lines.get(objection.message.split("`")[1]) if objection.rule == "sorry-left" else None
    return replace(objection, line=line) if line is not None else objection


def _not_compiled(result: CompileResult) -> Judgement:
    if result.status == "unknown":
        return Judgement("unknown", reason=f"The candidate could not be checked: {result.reason}")
    errors = result.errors or (("Lean does not accept it", None, None),)
    return Judgement("rejected", tuple(Objection("not-accepted", m, line, column) for m, line, column in errors))


def _verdict(
    stored: StoredVerdict, frozen: Reading, static: TextVerdict, goal: str | None, granted: Collection[str]
) -> Judgement:
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
    if goal is None and (odd := not_stored(frozen)):
        return replace(told, verdict="unknown", reason=odd)
    return told
