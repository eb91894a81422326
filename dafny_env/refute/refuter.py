"""Looking for counterexamples to the goals of one file, beside the event loop, within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from dafny_env.driver.types import CheckResult
from dafny_env.index import callables
from dafny_env.refute.admissible import obstacle
from dafny_env.refute.looking import PATIENCE, ROOT, SUBGOAL, Clock, Looking
from dafny_env.refute.running import Evidence
from dafny_env.refute.telling import Line, lines_of, lines_through, tell
from dafny_env.refute.trust import trusted
from dafny_env.steps import DafnyGoal, GoalKind
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from search.ports import Goal, Refuted, Tested


@dataclass(frozen=True, slots=True)
class _Original:
    """What is known of the user's file: its text and tree, and whose contracts are seen to hold."""

    program: ast.Program
    trusted: dict[str, ast.Callable]


class Refuter:
    """Looks for counterexamples to the goals of one file. Equal goals are looked at once, and get equal answers
    whatever the machine's speed, unless the clock cuts the looking short."""

    def __init__(self, program: ast.Program, included: Sequence[ast.Program], *, seed: int = 0) -> None:
        self._program = program
        self._included = tuple(included)
        self._seed = seed
        self._original: _Original | None = None
        self._known: dict[str, Tested] = {}

    async def refute(self, goal: Goal, first: CheckResult, *, seconds: float) -> Tested:
        """What comes of looking. first: what the verifier said of the file as it is."""
        if goal.key in self._known:
            return self._known[goal.key]
        clock = Clock(min(seconds, PATIENCE))
        try:
            found = await asyncio.to_thread(self._look, goal, first, clock)
        except asyncio.CancelledError:
            clock.stop()
            raise
        tested = Tested(found)
        if found is not None or not clock.over:
            self._known[goal.key] = tested
        return tested

    def _look(self, goal: Goal, first: CheckResult, clock: Clock) -> Refuted | None:
        payload: DafnyGoal = goal.payload
        program = self._program if payload.base == self._program.text else parse(payload.base)
        if obstacle((program, *self._included)) is not None:
            return None
        if self._original is None:
            self._original = _Original(self._program, trusted(self._program, first))
        looking = Looking(payload, program, self._included, self._original.trusted, clock, self._seed)
        evidence = looking.draw(ROOT if payload.hole is None else SUBGOAL)
        return None if evidence is None else Refuted(self._told(payload, program, evidence))

    def _told(self, payload: DafnyGoal, program: ast.Program, evidence: Evidence) -> str:
        line: Line
        if payload.hole is None:
            line = lines_of(self._program.text)
        else:
            known = callables(self._program).get(payload.declaration)
            here = callables(program)[payload.declaration].decl
            line = lines_through(here, None if known is None else known.decl, self._program.text)
        told = tell(payload.declaration, evidence, payload.base, line)
        if payload.kind is GoalKind.FACT:
            told = told.replace("fails `assume", "does not bear out `assume", 1)
        return told
