"""The compact format (see `prover.compact`) as a format of the language policy."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache

from dafny_env.steps import DafnyGoal, DafnyStep
from lean_project.steps import LeanGoal, LeanStep
from prover.compact import dafny, lean
from prover.model_family import COMPACT
from prover.policy.language.formats import AnyStep, Ask, Counts, NotShown, Purpose, Shown
from prover.sampling.port import Prompt

_ALL = frozenset([Purpose.CLOSE, Purpose.DECOMPOSE])


class CompactFormat:
    """Implements `Format`: raw text, one line, the same for closing and decomposing; what was rejected is not shown.

    numbering: seeds the numbers of the names' symbols; None numbers them as they come."""

    name = COMPACT

    def __init__(self, numbering: int | None = None) -> None:
        self._numbering = numbering

    def purposes(self, language: str) -> frozenset[Purpose]:
        """Closing and decomposing."""
        return _ALL

    def show(self, ask: Ask, count: Counts) -> Shown | NotShown:
        """The goal in few words."""
        shown = lean.prompt(ask.goal) if isinstance(ask.goal, LeanGoal) else self._prompt(ask.goal)
        if shown is None:
            return NotShown("the goal's declaration is not found in its text")
        prompt = Prompt(raw=shown)
        tokens = count(prompt)
        if ask.room is not None and tokens > ask.room:
            return NotShown(f"{tokens} tokens, and the model has room for {ask.room}")
        return Shown(prompt)

    def read(self, ask: Ask, text: str, *, cut_off: bool) -> Sequence[AnyStep]:
        """One step, unless the answer is cut off."""
        if cut_off:
            return ()
        if isinstance(ask.goal, LeanGoal):
            read: AnyStep | None = lean.read(text)
        else:
            marked = self._marked(ask.goal)
            read = None if marked is None else dafny.read(marked, text)
        return () if read is None else (read,)

    def answer(self, ask: Ask, step: AnyStep) -> str | None:
        """The words of a step."""
        if isinstance(ask.goal, LeanGoal) and isinstance(step, LeanStep):
            return lean.answer(step)
        if isinstance(ask.goal, DafnyGoal) and isinstance(step, DafnyStep):
            marked = self._marked(ask.goal)
            return None if marked is None else dafny.answer(marked, step)
        return None

    def _prompt(self, goal: DafnyGoal) -> str | None:
        marked = self._marked(goal)
        return None if marked is None else marked.prompt

    def _marked(self, goal: DafnyGoal) -> dafny.Marked | None:
        return _marked(goal, self._numbering)


@lru_cache(maxsize=64)
def _marked(goal: DafnyGoal, numbering: int | None) -> dafny.Marked | None:
    """The goal as it is shown: read once for a prompt and all of its answers."""
    return dafny.marked(goal, None if numbering is None else random.Random(numbering))
