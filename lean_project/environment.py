"""The Lean environment of the search: finds the goals of a file, checks steps, assembles solved trees.

Speaks of accepted steps, never of proofs: what counts as proved is decided by the gate, from the file as it was read.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from lean_project.assembly import assembled
from lean_project.driver.above import AboveVerifier
from lean_project.driver.types import NOT_A_VERDICT, Diagnostic, GoalReader, LeanResult, Outcome
from lean_project.goals import NotRead, read_goals
from lean_project.refute.refuter import Refuter
from lean_project.steps import LeanGoal, LeanStep, place, unit_of
from lean_project.syntax.holes import Hole, sorries
from lean_project.syntax.source import LineMap
from lean_project.told_apart import told_apart
from search.ports import Accepted, Assignment, Goal, Rejected, Step, Tested, Unknown, Verdict

_SHARE, _MOST = 0.2, 10.0
"""What compiling what stands above the goals may take: share of the time for opening, and seconds at most."""
_SEARCHES = "exact?"
_TRY_THIS = re.compile(r"Try this:\s*(?:\[\w+\]\s*)?(.+)", re.DOTALL)
Objection = Callable[[LeanGoal, LeanStep], str]
"""Why a step's text may not stand in a file; empty where it may."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the first look at a file gives: Lean's result, the root goals in source order, and the lines of `sorry`s
    that stand for data, which are nobody's goals."""

    result: LeanResult
    roots: tuple[Goal, ...]
    data: tuple[int, ...] = ()
    reason: str = ""
    """Why the goals could not be read, where they could not."""


@dataclass(frozen=True, slots=True)
class StepDiagnostic:
    """A message of Lean about a step. offset: in the checked text. own: it is about the step's own text. line, column:
    of the place in the body, from 0, where it is there."""

    diagnostic: Diagnostic
    own: bool
    line: int = -1
    column: int = -1


class LeanEnvironment:
    """One Lean file under one verifier; implements `search.ports.Environment`.

    text: the file as the user wrote it. verifier: with an `AboveVerifier`, steps are checked in short documents; the
    file, and what is put together, in whole ones. version: the verifier with its options, for keys. target: the full
    name of a declaration; then only its goals are roots. objection: what the gate would say of a step's text.
    refute_share: what looking for counterexamples of subgoals may take, see `Refuter`. granted: full names of
    declarations whose open proofs are no goals.
    """

    def __init__(
        self,
        text: str,
        verifier: GoalReader,
        *,
        version: str = "",
        target: str | None = None,
        check_seconds: float = 10.0,
        objection: Objection = lambda goal, step: "",
        refute_share: float | None = None,
        granted: Collection[str] = (),
    ) -> None:
        self.text = text
        self._verifier = verifier if isinstance(verifier, AboveVerifier) else AboveVerifier(verifier)
        self._whole = self._verifier.whole
        self._version = version
        self._target = target
        self._granted = frozenset(granted)
        self._check_seconds = check_seconds
        self._objection = objection
        self._refuter = Refuter(verifier, refute_share)
        self._opened: Opened | None = None
        self._places: list[tuple[int, Goal]] = []

    # ------------------------------------------------------------------------------------------------------- root goals

    async def open(self, *, seconds: float) -> Opened:
        """Elaborate the file as it is, once, and find its root goals. The result is kept."""
        if self._opened is None:
            began = time.monotonic()
            result = await self._whole.check(self.text, seconds=seconds)
            if result.outcome is not Outcome.OK:
                self._opened = Opened(result, ())
                return self._opened
            left = max(seconds - (time.monotonic() - began), 0.5)
            self._opened = await self._read_file(result, left)
        return self._opened

    async def _read_file(self, result: LeanResult, seconds: float) -> Opened:
        """The root goals of an accepted file, with what stands above them prepared meanwhile."""
        holes = [h for h in sorries(self.text) if self._wanted(h)]
        units = {unit_of(self.text, h.start)[0] for h in holes}
        preparing = asyncio.ensure_future(
            self._verifier.prepare(self.text, units, seconds=min(_SHARE * seconds, _MOST))
        )
        try:
            sorted_out = await told_apart(self._whole, self.text, holes, seconds=seconds)
            if isinstance(sorted_out, NotRead):
                return Opened(result, (), (), sorted_out.reason)
            proofs, data = sorted_out
            found = await read_goals(self._whole, self._version, self.text, proofs, seconds=seconds)
            await preparing
        finally:
            preparing.cancel()
            await asyncio.gather(preparing, return_exceptions=True)
        lines = tuple(h.line for h in data)
        if isinstance(found, NotRead):
            return Opened(result, (), lines, found.reason)
        self._places = [(h.start, g) for h, g in zip(proofs, found, strict=True)]
        return Opened(result, found, lines)

    def _wanted(self, hole: Hole) -> bool:
        command = hole.declaration
        if self._target is None:
            return command is None or command.full_name not in self._granted
        return command is not None and self._target == command.full_name

    async def roots(self) -> Sequence[Goal]:
        """The goals of the file: every `sorry` that stands for a proof."""
        return (await self.open(seconds=self._check_seconds)).roots

    def line_of(self, goal: Goal) -> int:
        """The line of a root goal's `sorry` in the file; 0 for what is none."""
        lines = LineMap(self.text)
        return next((lines.position(s).line for s, g in self._places if g.key == goal.key), 0)

    # ------------------------------------------------------------------------------------------------------------ steps

    async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
        """Elaborate the goal's declaration with the step in the place of its `sorry`; the `sorry`s in the step are its
        subgoals."""
        payload: LeanGoal = goal.payload
        proposed: LeanStep = step.payload
        said = self._objection(payload, proposed)
        if said:
            return Rejected(f"not permitted: {said}")
        placed = place(payload.text, payload.start, payload.unit, proposed)
        seconds = min(seconds, self._check_seconds)
        self._refuter.checked()
        result = await self._verifier.check(placed.text, seconds=seconds)
        if result.outcome in NOT_A_VERDICT:
            return Unknown(f"{result.outcome} after {result.seconds:.1f} s")
        if result.outcome is not Outcome.OK:
            lines = LineMap(placed.text)
            start, end = placed.regions[-1]
            top = lines.position(start).line
            found = tuple(_about(d, lines, start, end, top) for d in result.errors)
            return Rejected(_summary(result), found, len(found))
        goals = await read_goals(self._verifier, self._version, placed.text, placed.holes, seconds=seconds)
        if isinstance(goals, NotRead):
            return Unknown(goals.reason)
        if any(g.key == goal.key for g in goals):
            return Rejected("it leaves the goal as it was")
        if not goals and _SEARCHES in proposed.body:
            return Accepted((), await self._found(payload, step, result, seconds))
        return Accepted(goals)

    async def _found(self, goal: LeanGoal, step: Step, result: LeanResult, seconds: float) -> Step | None:
        """The step with what its search tactic has found in that tactic's place, where that is accepted too."""
        told = [m[1] for d in result.diagnostics if d.severity == "info" and (m := _TRY_THIS.search(d.message))]
        if len(told) != 1:
            return None
        body = step.payload.body.replace(_SEARCHES, " ".join(told[0].split()))
        found = LeanStep(body, step.payload.helpers)
        if self._objection(goal, found):
            return None
        placed = place(goal.text, goal.start, goal.unit, found)
        if (await self._verifier.check(placed.text, seconds=seconds)).outcome is not Outcome.OK:
            return None
        return replace(step, key=f"{step.key}\0found", text=body, payload=found)

    async def refute(self, goal: Goal, *, seconds: float) -> Tested:
        """Look for small values that make a goal false, within two seconds at most."""
        root = any(g.key == goal.key for _, g in self._places)
        return await self._refuter.refute(goal, seconds=min(seconds, self._check_seconds), root=root)

    # --------------------------------------------------------------------------------------------------------- assembly

    def render(self, solution: Mapping[str, Assignment]) -> str:
        """The file with what is solved filled in."""
        return assembled(self.text, self._places, solution)

    async def assemble(self, solution: Mapping[str, Assignment], *, seconds: float) -> Verdict:
        """Elaborate the whole file with all steps in it."""
        text = self.render(solution)
        seconds = min(seconds, 4 * self._check_seconds) if math.isfinite(seconds) else 4 * self._check_seconds
        result = await self._whole.check(text, seconds=seconds)
        if result.outcome in NOT_A_VERDICT:
            return Unknown(str(result.outcome))
        if result.outcome is Outcome.OK:
            return Accepted()
        self._verifier.stop()  # should it be for the short documents that the steps were accepted
        return Rejected(_summary(result), self._suspects(text, result), len(result.errors))

    def _suspects(self, text: str, result: LeanResult) -> tuple[str, ...]:
        """Keys of the roots in whose declarations the errors are."""
        lines = LineMap(text)
        names = set()
        for error in result.errors:
            unit = unit_of(text, lines.offset(error.place.line, error.place.column))
            names |= {g.payload.declaration for _, g in self._places if g.payload.declaration in text[slice(*unit)]}
        return tuple(g.key for _, g in self._places if g.payload.declaration in names)


def _summary(result: LeanResult) -> str:
    errors = result.errors
    if not errors:
        return str(result.outcome)
    first = errors[0].message.strip().split("\n", 1)[0]
    return first if len(errors) == 1 else f"{first} (and {len(errors) - 1} more)"


def _about(diagnostic: Diagnostic, lines: LineMap, start: int, end: int, top: int) -> StepDiagnostic:
    offset = lines.offset(diagnostic.place.line, diagnostic.place.column)
    if not start <= offset < end:
        return StepDiagnostic(diagnostic, False)
    return StepDiagnostic(diagnostic, True, diagnostic.place.line - top, diagnostic.place.column)
