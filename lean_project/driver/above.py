"""Checks that stay cheap however much stands above: what a file begins with is compiled to modules once, and what is
checked is a short document that imports them.

Lean's server keeps what it has elaborated, but walks over all of it once for each edit (with 4.35 about half a
millisecond for each small theorem: reporting, and the references for its index). An imported module costs an edit
nothing.

A short document may be rejected where the whole file would not be, or the other way round, only where a module does not
carry what `syntax.cuts` thinks that it does. So whoever puts steps together asks about the whole file, and turns this
off (`stop`) when they do not hold there.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lean_project.driver.positions import normalised
from lean_project.driver.types import (
    Compiled,
    Diagnostic,
    GoalReader,
    GoalsResult,
    LeanResult,
    ModuleCompiler,
    Outcome,
    Place,
)
from lean_project.syntax.cuts import Cut, chosen, cuts

SPACING = 16
"""Declarations that a module has at least: so many a check may have above its goal in the document."""
PREFIX = "LemmatreeAbove"
"""How the names of compiled beginnings start."""
_BEGINNING = "section\n"
"""So that comments at the beginning of what follows do not count as part of the header."""


@dataclass(frozen=True, slots=True)
class Above:
    """The beginning of a text as a module. text: up to the cut. said: Lean's messages about it, with their places
    in the text."""

    cut: Cut
    module: str
    text: str
    said: tuple[Diagnostic, ...] = ()

    @property
    def opening(self) -> str:
        """What a short document has in place of the text."""
        return f"import {self.module}\n{_BEGINNING}{self.cut.scope}"

    @property
    def moved(self) -> int:
        """How many lines further down a line behind the cut is in the whole text (negative: further up)."""
        return self.cut.line - self.opening.count("\n")

    def short(self, text: str) -> str:
        """The short document for a text that begins as this does."""
        return self.opening + text[self.cut.at :]

    def holds(self, place: Place) -> bool:
        """Whether a place of the short document is one of the text."""
        return place.line > self.opening.count("\n")

    def down(self, place: Place) -> Place:
        """A place of the whole text in the short document."""
        return Place(place.line - self.moved, place.column)

    def up(self, place: Place) -> Place:
        """A place of the short document in the whole text."""
        return Place(place.line + self.moved, place.column)

    def told(self, diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Messages about the short document as messages about the whole text."""
        moved = (replace(d, place=self.up(d.place), end=d.end and self.up(d.end)) for d in diagnostics)
        return (*self.said, *moved)


class AboveVerifier:
    """A `GoalReader` over another one, which can import what the compiler has written to `folder`; without a compiler
    it is the other one, as it is until `prepare` was called and for texts that begin otherwise.

    whole: the other one, which elaborates whole texts. prefix: of the modules' names, to tell apart those of several
    files in one folder.
    """

    def __init__(
        self,
        verifier: GoalReader,
        compiler: ModuleCompiler | None = None,
        folder: Path = Path(),
        *,
        spacing: int = SPACING,
        prefix: str = PREFIX,
    ) -> None:
        self.whole = verifier
        self._compiler = compiler
        self._folder = folder
        self._spacing = spacing
        self._prefix = prefix
        self._above: list[Above] = []

    async def prepare(self, text: str, wanted: Iterable[int], *, seconds: float) -> int:
        """Compile what stands above some offsets of a text which Lean accepts, one module on top of the other. Returns
        how many there are; one that does not compile within `seconds` for all ends them."""
        deadline = time.monotonic() + seconds
        self.stop()
        if self._compiler is None or text != normalised(text):  # offsets would be others
            return 0
        made: list[Above] = []
        for cut in chosen(cuts(text), wanted, self._spacing):
            before = made[-1] if made else None
            found = await self._compiled(text[: cut.at], cut, before, deadline - time.monotonic())
            if found is None:
                break
            made.append(found)
        if made and not await self._fits(made[-1], text, deadline - time.monotonic()):
            made.pop()
        self._above = made
        return len(made)

    async def _compiled(self, text: str, cut: Cut, before: Above | None, seconds: float) -> Above | None:
        if seconds <= 0 or self._compiler is None:
            return None
        module = f"{self._prefix}{hashlib.sha256(text.encode()).hexdigest()[:24]}"
        olean = self._folder / f"{module}.olean"
        source = text if before is None else before.short(text)
        done: Compiled = await self._compiler.compile(source, module, olean, (self._folder,), seconds=seconds)
        if done.olean is None:
            return None
        said = done.result.diagnostics
        if before is not None:
            if not all(before.holds(d.place) for d in said):
                return None
            said = before.told(said)
        return Above(cut, module, text, said)

    async def _fits(self, above: Above, text: str, seconds: float) -> bool:
        """Whether the rest of the text is accepted behind a module."""
        if seconds <= 0:
            return False
        result = await self.whole.check(above.short(text), seconds=seconds)
        return result.outcome is Outcome.OK and all(above.holds(d.place) for d in result.diagnostics)

    def stop(self) -> None:
        """Check whole texts from now on."""
        self._above = []

    async def check(self, text: str, *, seconds: float) -> LeanResult:
        """Check a text, of which what was prepared is not elaborated again. Places are those of the text."""
        text = normalised(text)
        above = self._for(text, len(text))
        if above is None:
            return await self.whole.check(text, seconds=seconds)
        result = await self.whole.check(above.short(text), seconds=seconds)
        if result.outcome is Outcome.MISSING_IMPORT or not all(above.holds(d.place) for d in result.diagnostics):
            # The module is gone, or its scopes cannot be said again.
            self._above = [a for a in self._above if a is not above]
            return await self.check(text, seconds=seconds)
        if result.outcome not in (Outcome.OK, Outcome.ERRORS):
            return result
        return replace(result, diagnostics=above.told(result.diagnostics))

    async def goals(self, text: str, positions: Sequence[Place], *, seconds: float) -> GoalsResult:
        """The goals at each place."""
        text = normalised(text)
        first = min((p.line for p in positions), default=1)
        above = self._for(text, len("\n".join(text.split("\n")[: first - 1])) + 1)
        if above is None:
            return await self.whole.goals(text, positions, seconds=seconds)
        found = await self.whole.goals(above.short(text), [above.down(p) for p in positions], seconds=seconds)
        places = tuple(replace(at, place=above.up(at.place)) for at in found.places)
        return replace(found, places=places)

    def _for(self, text: str, upto: int) -> Above | None:
        """The longest beginning of a text that is there as a module and ends before an offset."""
        return next((a for a in reversed(self._above) if a.cut.at <= upto and text.startswith(a.text)), None)

    async def close(self) -> None:
        """Close the verifier behind it."""
        await self.whole.close()
