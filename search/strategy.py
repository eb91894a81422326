"""Search strategies to choose from and compare, behind the same ports and budgets: what is asked and told, what counts,
and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search.ports import Rung
from search.priority import Cost, best_first, by_level, uniform


class Memory(StrEnum):
    """What a policy is told of the candidates rejected so far at a goal."""

    ALL = "all"
    LAST = "last"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Strategy:
    """How a search goes about it.

    cost: what to work on first. rungs: what policies are asked for. whole: only steps that leave nothing open count.
    memory: what they are told of earlier candidates. replan: whether a goal is planned again when a lemma of its step
    is refuted or given up, and beside a decomposition that was accepted; otherwise its first decomposition is its
    last. beam: how many decompositions of a level stay (None: all); the others are put away for good."""

    name: str
    cost: Cost
    rungs: frozenset[Rung] = frozenset(Rung)
    whole: bool = False
    memory: Memory = Memory.ALL
    replan: bool = True
    beam: int | None = None

    def __post_init__(self) -> None:
        if self.beam is not None and self.beam < 1:
            raise ValueError("a beam is at least 1 wide")


WHOLE = frozenset({Rung.PROBE, Rung.CLOSE, Rung.WIDEN})

BEST_FIRST = Strategy("best-first", best_first)
"""The default: everything on one frontier, ranked by scores."""
UNIFORM = Strategy("uniform", uniform)
"""Best-first without scores: for comparison."""
NO_REPLAN = Strategy("no-replan", best_first, replan=False)
"""Best-first that never comes back to a goal it has a plan for, as two-stage provers do: for comparison."""
SAMPLE = Strategy("sample", uniform, rungs=WHOLE, whole=True, memory=Memory.NONE)
"""Repeated independent whole proofs of each root."""
REPAIR = Strategy("repair", uniform, rungs=WHOLE | {Rung.REPAIR}, whole=True, memory=Memory.LAST)
"""Iterative repair of one whole proof of each root, as AlgoVeri's and Verina's baselines do."""
BEAM = Strategy("beam", by_level, beam=4)
"""Level by level, the few best decompositions of each."""

STRATEGIES = {s.name: s for s in (BEST_FIRST, SAMPLE, REPAIR, BEAM, UNIFORM, NO_REPLAN)}
"""By name."""
