"""The modules of one judgement: each text compiled in a folder of its own, read, restated and replayed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lean_project.gate.restate import restatement
from lean_project.gate.results import Compile, CompileResult, Judgement, Objection, Replay
from lean_project.olean.closure import Library, find_module
from lean_project.olean.module import Module, load_whole_module
from lean_project.olean.region import Malformed, UnknownFormat
from lean_project.olean.terms import Terms
from lean_project.syntax.commands import imports

KNOWN_LEAN = ("4.35.",)
"""Versions of Lean whose compiled modules are understood, by how they begin: others fail closed."""

MODULE = "LemmatreeCandidate"
"""What both texts are compiled as: private names hold the module's name."""

_CHECK = "LemmatreeRestated"


class Modules:
    """Compiles and reads modules. folder: ours, empty. replay: None where there is no program for that."""

    def __init__(
        self, compile_module: Compile, search_path: Sequence[Path], folder: Path, replay: Replay | None
    ) -> None:
        self._compile = compile_module
        self.search_path = tuple(search_path)
        self._folder = folder
        self._replay = replay
        self._terms = Terms()
        self._asked = 0

    @property
    def replays(self) -> bool:
        """Whether there is a program that replays modules."""
        return self._replay is not None

    def beside(self, name: str) -> Modules:
        """The same for other texts, in a folder of their own."""
        folder = self._folder / name
        folder.mkdir()
        return Modules(self._compile, self.search_path, folder, self._replay)

    async def compiled(self, text: str, name: str) -> CompileResult:
        """Compile a text; its module lies in the folder `name` then."""
        out = self._folder / name
        out.mkdir()
        return await self._compile(text, MODULE, out, self.search_path)

    def stored(self, name: str) -> Module | UnknownFormat:
        """What Lean stored for a text that was compiled."""
        module = load_whole_module(self._folder / name / f"{MODULE}.olean", self._terms)
        if isinstance(module, Module) and not module.lean.startswith(KNOWN_LEAN):
            return UnknownFormat(f"Lean {module.lean} is not known here")
        return module

    async def over(self, text: str, name: str) -> CompileResult:
        """Compile a text of ours that imports what the folder `name` has."""
        self._asked += 1
        out = self._folder / f"ours-{self._asked}"
        out.mkdir()
        return await self._compile(text, _CHECK, out, (self._folder / name, *self.search_path))

    async def restate(self, original: Module, claimed: Sequence[str], verdict: Judgement) -> Judgement:
        """Lean's own opinion: it must take each theorem of the candidate for what the original states. Statements that
        it does not take even from the original's module cannot be written down, and say nothing."""
        try:
            text, names = restatement(original, claimed, MODULE)
        except Malformed as error:
            return Judgement("unknown", reason=f"The original's compiled module cannot be relied on: {error}.")
        return await self.restated(text, verdict, all_of_them=len(names) == len(claimed)) if names else verdict

    async def restated(self, text: str, verdict: Judgement, *, all_of_them: bool) -> Judgement:
        """The verdict once Lean has seen a text that states the original's theorems again."""
        if (await self.over(text, "original")).status != "ok":
            return verdict
        result = await self.over(text, "candidate")
        if result.status == "unknown":
            return replace(verdict, verdict="unknown", reason=f"The statements could not be compared: {result.reason}")
        if result.status == "error":
            told = result.errors[0][0] if result.errors else ""
            return replace(
                verdict, verdict="rejected", objections=(Objection("restated", f"another statement: {told}"),)
            )
        return replace(verdict, restated=all_of_them)

    async def replayed(self, verdict: Judgement, text: str) -> Judgement:
        """The verdict once the kernel has seen the candidate's module again; as it was where nothing can ask it. text:
        the candidate's. A program that does not even take a module without declarations is no witness against one."""
        if self._replay is None:
            return verdict
        result = await self._replay(MODULE, (self._folder / "candidate", *self.search_path))
        if result.status == "ok":
            return replace(verdict, replayed=True)
        told = result.errors[0][0] if result.errors else ""
        if result.status == "error" and (await self._takes_nothing(text)):
            reason = f"The program for the kernel's replay does not take an empty module either: {told}"
            return replace(verdict, verdict="unknown", reason=reason)
        if result.status == "error":
            objection = Objection("replay", f"the kernel objects to the compiled module: {told}")
            return replace(verdict, verdict="rejected", objections=(objection,))
        return replace(verdict, verdict="unknown", reason=f"The kernel's replay did not end: {result.reason}")

    async def _takes_nothing(self, text: str) -> bool:
        """Whether the replay refuses even a module with nothing but the imports of a text."""
        assert self._replay is not None
        header = "".join(f"import {name}\n" for name in imports(text))
        if (await self.compiled(header, "empty")).status != "ok":
            return True
        return (await self._replay(MODULE, (self._folder / "empty", *self.search_path))).status != "ok"

    def looks(self, library: Library) -> dict[str, tuple[int, int]]:
        """Size and time of every imported file."""
        found = {}
        for name in library.names:
            path = find_module(name, self.search_path)
            try:
                stat = path.stat() if path is not None else None
            except OSError:
                stat = None
            found[name] = (stat.st_size, stat.st_mtime_ns) if stat else (-1, -1)
        return found


def not_compiled(result: CompileResult) -> Judgement:
    """The judgement of a candidate that Lean did not compile."""
    if result.status == "unknown":
        return Judgement("unknown", reason=f"The candidate could not be checked: {result.reason}")
    errors = result.errors or (("Lean does not accept it", None, None),)
    return Judgement("rejected", tuple(Objection("not-accepted", m, line, column) for m, line, column in errors))
