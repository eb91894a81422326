"""Laws worth conjecturing of recursive functions, as the left-hand sides of equations."""

from __future__ import annotations

from collections.abc import Sequence

from dafny_env.scope import TypeTable
from prover.policy.symbolic.conjecture.laws_functions import accumulated, built, composed, fed, observed
from prover.policy.symbolic.conjecture.laws_numbers import at_numbers, at_ranges
from prover.policy.symbolic.conjecture.laws_sequences import at_sequences
from prover.policy.symbolic.conjecture.opening import Opening
from prover.policy.symbolic.conjecture.recursion import shape_of
from prover.policy.symbolic.conjecture.terms import (
    Fn,
)

FAMILIES = (at_sequences, at_numbers, at_ranges, accumulated, composed, fed, built, observed)


def laws(functions: Sequence[Fn], table: TypeTable) -> list[Opening]:
    """All of them, the most promising first."""
    shapes = {f.name: shape_of(f, table) for f in functions}
    found = [opening for f in functions for family in FAMILIES for opening in family(f, shapes, functions, table)]
    return sorted(found, key=lambda o: o.cost + o.distance)
