"""States near those that runs get to: a variable or two with other values, an element of an array changed."""

from __future__ import annotations

import random
from collections.abc import Sequence

from dafny_env.interp.trace import State
from dafny_env.interp.values import Array, Object, Value
from dafny_env.interp.workbench import Workbench, with_value
from prover.policy.symbolic.view import View


def neighbours(view: View, states: Sequence[State], bench: Workbench, count: int, rng: random.Random) -> list[State]:
    """So many states at a loop's head, each an observed one with a few changes."""
    names = [n for n in states[0].names() if n in view.loop.assigned]
    arrays = [n for n in states[0].names() if n in view.loop.writes]
    found: list[State] = []
    for _ in range(count):
        state = rng.choice(states)
        for _ in range(rng.choice((1, 1, 2, 3))):
            state = _changed(state, names, arrays, states, rng, bench)
        found.append(state)
    return found


def _changed(
    state: State,
    names: Sequence[str],
    arrays: Sequence[str],
    states: Sequence[State],
    rng: random.Random,
    bench: Workbench,
) -> State:
    if arrays and (not names or rng.random() < 0.6):
        array = state.value(rng.choice(list(arrays)))
        if isinstance(array, Array):
            contents = bench.contents(state, array)
            return bench.with_contents(state, array, _mutated(contents, rng)) if contents else state
        return state
    if not names:
        return state
    name = rng.choice(list(names))
    value = state.value(name)
    if value is None or isinstance(value, Array | Object):
        return state
    donor = rng.choice(states).value(name)
    if type(value) is int and rng.random() < 0.6:
        return with_value(state, name, value + rng.choice((-1, 1, 1, 2)))
    if isinstance(value, tuple) and rng.random() < 0.6:
        return with_value(state, name, _resized(value, donor, rng))
    return state if donor is None else with_value(state, name, donor)


def _mutated(contents: tuple[Value, ...], rng: random.Random) -> tuple[Value, ...]:
    """The elements with two exchanged, or one replaced."""
    items = list(contents)
    k, other = rng.randrange(len(items)), rng.randrange(len(items))
    if rng.random() < 0.4:
        items[k], items[other] = items[other], items[k]
    elif type(items[k]) is int and rng.random() < 0.5:
        items[k] += rng.choice((-1, 1))
    else:
        items[k] = items[other]
    return tuple(items)


def _resized(value: tuple[Value, ...], donor: Value, rng: random.Random) -> tuple[Value, ...]:
    """The sequence with an element more, less or changed."""
    more = donor if isinstance(donor, tuple) else ()
    kind = rng.randrange(4)
    if kind == 0 and value:
        return value[:-1]
    if kind == 1 and (value or more):
        return (*value, rng.choice((*value, *more)))
    if kind == 2 and value:
        return _mutated(value, rng)
    return more
