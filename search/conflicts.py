"""Combinations of steps that failed together, and which step to do without so that none of them comes back.

The rule: what an assembly rejected is exactly the combination of steps it was given, so exactly that is forbidden. Of
each forbidden combination one step is *set aside*: the graph works out its least fixpoint without it, so a
combination once rejected is never assembled again, and everything else may be. Which one: those that the environment
blames first, then those solved last (nearest to the roots). When the search has run dry, the next step of a
combination is set aside instead and the former one comes back, so no alternative is lost for good. A goal with a step
set aside is never exhausted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from search.nodes import StepId


@dataclass(slots=True)
class Conflict:
    """A forbidden combination, in the order in which its steps are tried to be done without; `chosen` is set aside."""

    combination: tuple[StepId, ...]
    summary: str
    position: int = 0

    @property
    def chosen(self) -> StepId:
        """The step that is set aside because of this conflict."""
        return self.combination[self.position]


class Conflicts:
    """All conflicts of a search."""

    def __init__(self) -> None:
        self.all: list[Conflict] = []

    def add(self, solution: Mapping[str, StepId], blamed: Iterable[str], summary: str) -> Conflict:
        """Forbid a solution (goal keys and their steps, in the order of solving), the blamed goals being the first
        suspects."""
        keys = dict.fromkeys([key for key in blamed if key in solution] + list(solution)[::-1])
        conflict = Conflict(tuple(solution[key] for key in keys), summary)
        self.all.append(conflict)
        return conflict

    def revise(self) -> Conflict | None:
        """Choose another step in the first conflict that has one not tried yet; None when there is none."""
        for conflict in self.all:
            if conflict.position + 1 < len(conflict.combination):
                conflict.position += 1
                return conflict
        return None

    def set_aside(self) -> dict[StepId, Conflict]:
        """The steps to do without, at least one of every forbidden combination."""
        return {conflict.chosen: conflict for conflict in self.all}
