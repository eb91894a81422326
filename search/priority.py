"""How urgent it is to work on a goal: the estimated chance that a turn there proves a root, per check that it costs.

Costs are negative logarithms of such chances, so that what adds up along a path multiplies its chances. The constants
are rough, and only their order matters much; `benchmarks/ablation.py` measures what the parts are worth."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from search.ports import Rung
from search.score import Score


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a goal and one of its proposers stand.

    depth: steps from a root. path: the scores of the steps through which the goal is needed, from it up to a root.
    ranks: the places of these steps among the usable steps of their goals (0 the best), beyond the width that those
    goals have earned. siblings: other subgoals that these steps still wait for. rung: what the proposer is asked for.
    visits: turns it had. checks: candidates checked at the goal. failed: those among them that came to nothing. lost:
    subgoals of its steps that turned out hopeless or too hard. root: whether the goal is one."""

    depth: int = 0
    path: tuple[Score, ...] = ()
    ranks: tuple[int, ...] = ()
    siblings: int = 0
    rung: Rung = Rung.CLOSE
    visits: int = 0
    checks: int = 0
    failed: int = 0
    lost: int = 0
    root: bool = True


Cost = Callable[[Standing], float]
"""The least cost is served first. It must grow without bound with `visits`, or an endless proposer starves the
others."""

LADDER: Mapping[Rung, float] = MappingProxyType(
    {Rung.PROBE: 0.0, Rung.CLOSE: 1.0, Rung.DECOMPOSE: 3.0, Rung.REPAIR: 4.0, Rung.WIDEN: 7.0}
)
"""What asking at each rung costs at first, in turns of the cheapest."""
DEEPER, OUT_OF_RANK, LOST, FAILED = 0.25, 1.0, 0.25, 0.01
"""What a step down, a place behind the width, a lost lemma, and a failed candidate add."""
HOPELESS = 1000.0
"""The cost of a step that takes False for granted."""


def unlikelihood(score: Score) -> float:
    """-log of the chance that a decomposition's subgoals can be proved, taken to be 1 / (2 - r) with r the value before
    it is clipped: S itself does not tell two decompositions apart whose lemmas look as hard as the goal."""
    return min(math.log(2.0 - score.unclipped), HOPELESS)


def best_first(standing: Standing) -> float:
    """The default: scores and ranks along the path, what is still open beside it, the rung, and what was tried."""
    path = sum(map(unlikelihood, standing.path)) + OUT_OF_RANK * sum(standing.ranks)
    return path + uniform(standing)


def uniform(standing: Standing) -> float:
    """The same without scores and ranks: turns had, rung, depth, siblings, failures."""
    return (
        standing.visits
        + LADDER[standing.rung]
        + DEEPER * standing.depth
        + math.log1p(standing.siblings)
        + LOST * standing.lost
        + FAILED * standing.failed
    )


def by_level(standing: Standing) -> float:
    """For a beam: every goal of a level has its turns, up the whole ladder, before the next level has any; then all
    over again, wider."""
    sweep, visits = divmod(standing.visits, TURNS_PER_LEVEL)
    return (
        (sweep * LEVELS + min(standing.depth, LEVELS - 1)) * (TURNS_PER_LEVEL + 10.0) + visits + LADDER[standing.rung]
    )


TURNS_PER_LEVEL, LEVELS = 6, 64
