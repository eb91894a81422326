"""The decomposition score: how much easier a goal's subgoals are than the goal.

Source: Goedel-Code-Prover ("Hierarchical Proof Search for Open State-of-the-Art Code Verification"): for a
decomposition of a goal G into L1..Ln,

    S = v * max(1 - T * log(sum_i exp(d(Li) / T)) / d(G), 0)

with d the operator occurrences of a statement and v = 1 if the decomposition is justified and no Li is refuted, else
0. The paper does not state T; its code uses 5.0. Guards which the paper lacks: d >= 1 everywhere; a subgoal that is
(or simplifies to) False counts at least d(G); S = 1 only without subgoals; ties are broken by the value before it is
clipped."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from search.ports import Goal

_LARGEST = 10**300
"""Sizes beyond this are equal: they stay finite as floats."""


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """A decomposition's rank, ordered by `value` (S, in [0, 1]) and then by `unclipped`: r before it is clipped at 0;
    minus infinity where v = 0, and where False is among the subgoals, so that assuming False never wins a tie."""

    value: float
    unclipped: float


def soft_maximum(sizes: Sequence[float], *, T: float = 5.0) -> float:
    """`T * log(sum exp(size / T))` without overflow, whatever the sizes: 0 for none, else at least their maximum.

    The order of `sizes` does not matter, to the last bit. Raises ValueError unless 0 < T < infinity.
    """
    if not 0.0 < T < math.inf:
        raise ValueError(f"the temperature T must be positive and finite, not {T}")
    if not sizes:
        return 0.0
    largest = max(sizes)
    return largest + T * math.log(math.fsum(math.exp((size - largest) / T) for size in sizes))


def score_sizes(goal: int, subgoals: Sequence[int], *, v: bool = True, T: float = 5.0) -> Score:
    """The score from operator counts alone; `v`: justified, and no subgoal refuted. Sizes below 1 count as 1."""
    soft = soft_maximum([_size(d) for d in subgoals], T=T)
    if not v:
        return Score(0.0, -math.inf)
    if not subgoals:
        return Score(1.0, 1.0)
    # Rounding must not turn a huge goal's score into that of a closed one, nor an absurd T's into that of no split.
    unclipped = max(min(1.0 - soft / _size(goal), math.nextafter(1.0, 0.0)), -sys.float_info.max)
    return Score(max(unclipped, 0.0), unclipped)


def decomposition_score(
    goal: Goal, subgoals: Sequence[Goal], *, justified: bool = True, refuted: bool = False, T: float = 5.0
) -> Score:
    """The score of a decomposition of `goal` into `subgoals`.

    justified: the verifier accepts the step with the subgoals taken for granted. refuted: one of them is known to be
    false."""
    honest = not any(subgoal.trivially_false for subgoal in subgoals)
    sizes = [max(s.complexity, goal.complexity) if s.trivially_false else s.complexity for s in subgoals]
    score = score_sizes(goal.complexity, sizes, v=justified and not refuted, T=T)
    return score if honest else Score(score.value, -math.inf)


def _size(operators: int) -> float:
    """An operator count as a float, at least 1."""
    return float(min(max(operators, 1), _LARGEST))
