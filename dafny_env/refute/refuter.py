"""Looking for counterexamples to the goals of one file, beside the event loop, within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from dafny_env.driver.types import CheckResult, DafnyVerifier, Outcome
from dafny_env.gate.verified import trace_names
from dafny_env.refute.admissible import obstacle
from dafny_env.refute.asking import ask, disproved, inputs_from, known_of, told
from dafny_env.refute.looking import MODELS, PATIENCE, ROOT, SUBGOAL, Clock, Looking
from dafny_env.refute.running import Evidence
from dafny_env.refute.telling import lines_of, no_lines, tell
from dafny_env.refute.trust import trusted
from dafny_env.steps import DafnyGoal, GoalKind
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from search.ports import Goal, Refuted, Tested, Unconfirmed

_WORTH_ASKING = 1.0
"""Seconds that must be left for the verifier to be asked."""
T = TypeVar("T")


class Refuter:
    """Looks for counterexamples to the goals of one file. Equal goals are looked at once, and get equal answers
    whatever the machine's speed, unless the clock cuts the looking short."""

    def __init__(
        self,
        program: ast.Program,
        included: Sequence[ast.Program],
        verifier: DafnyVerifier,
        folder: Path | None = None,
        *,
        seed: int = 0,
    ) -> None:
        self._program = program
        self._included = tuple(included)
        self._verifier = verifier
        self._folder = folder
        self._seed = seed
        self._trusted: dict[str, ast.Callable] | None = None
        self._known: dict[str, Tested] = {}

    async def refute(self, goal: Goal, first: CheckResult, *, seconds: float) -> Tested:
        """What comes of looking at a goal: runs on drawn inputs; for a root goal then runs on what the verifier has
        against it. first: what the verifier said of the file as it is."""
        if goal.key in self._known:
            return self._known[goal.key]
        payload: DafnyGoal = goal.payload
        clock = Clock(min(seconds, PATIENCE))
        looking, found = await _beside(clock, lambda: self._draw(payload, first, clock))
        tested = Tested(found)
        open_ = found is None and looking is not None and clock.left > _WORTH_ASKING
        if open_ and payload.hole is None and self._worth_asking(payload, first):
            answer = await ask(payload, self._verifier, self._folder, clock.left)
            tested = Tested(await _beside(clock, lambda: self._follow(payload, looking, answer)), 1)
        if isinstance(tested.found, Refuted) or not clock.over:
            self._known[goal.key] = tested
        return tested

    # ------------------------------------------------------------------------------------------------ in other threads

    def _draw(self, goal: DafnyGoal, first: CheckResult, clock: Clock) -> tuple[Looking | None, Refuted | None]:
        program = self._program if goal.base == self._program.text else parse(goal.base)
        if obstacle((program, *self._included)) is not None:
            return None, None
        if self._trusted is None:
            self._trusted = trusted(self._program, first)
        looking = Looking(goal, program, self._included, self._trusted, clock, self._seed)
        evidence = looking.draw(ROOT if goal.hole is None else SUBGOAL)
        if evidence is not None:
            return looking, self._refuted(goal, evidence)
        return (looking if looking.subject is not None else None), None

    def _follow(self, goal: DafnyGoal, looking: Looking | None, answer: CheckResult) -> Refuted | Unconfirmed | None:
        """What runs make of the verifier's models."""
        assert looking is not None and looking.subject is not None
        known = known_of(answer, looking.subject, self._verifier.info.major)
        evidence = looking.given(inputs_from(known, looking), MODELS)
        if evidence is not None:
            return self._refuted(goal, evidence)
        if answer.outcome is not Outcome.FAILED or answer.timed_out:
            return None
        left = next((said for each in known if (said := told(each)) and not disproved(each, looking)), None)
        return None if left is None else Unconfirmed(f"the verifier's counterexample to {goal.declaration}: {left}")

    def _refuted(self, goal: DafnyGoal, evidence: Evidence) -> Refuted:
        line = lines_of(self._program.text) if goal.hole is None else no_lines
        return Refuted(tell(goal.declaration, evidence, goal.base, line))

    def _worth_asking(self, goal: DafnyGoal, first: CheckResult) -> bool:
        """Whether the solver may have a model: not where it only ran out of time."""
        if goal.kind is not GoalKind.DECLARATION:
            return True
        names = {goal.declaration, trace_names(self._program).get(goal.declaration)}
        return any(d.declaration in names or d.declaration is None for d in first.errors) or not first.timed_out


async def _beside(clock: Clock, work: Callable[[], T]) -> T:
    """Do it in a thread, which ends soon when nobody waits any more."""
    try:
        return await asyncio.to_thread(work)
    except asyncio.CancelledError:
        clock.stop()
        raise
