"""Observed values of terms, one column per term: what relations between terms are read off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prover.policy.symbolic.generalise import term
from prover.policy.symbolic.view import Oracle, View

MAX_STATES = 48

Column = tuple[Any, ...]


def sample(states: Sequence[Any], count: int = MAX_STATES) -> list[Any]:
    """At most `count` states, evenly spread."""
    if len(states) <= count:
        return list(states)
    return [states[k * len(states) // count] for k in range(count)]


def column(oracle: Oracle, states: Sequence[Any], text: str) -> Column | None:
    """The values of a term over the states; None where it has no value in some of them."""
    try:
        expr = term(text)
    except ValueError:
        return None
    values = []
    for state in states:
        value = oracle.value(expr, state)
        if value is None:
            return None
        values.append(value)
    return tuple(values)


def integer_columns(view: View, oracle: Oracle, states: Sequence[Any]) -> dict[str, Column]:
    """The columns of the integer variables and lengths that have values everywhere."""
    found = {}
    for text in [*view.integers(), *view.lengths()]:
        values = column(oracle, states, text)
        if values is not None and all(type(v) is int for v in values):
            found[text] = values
    return found
