"""Observed states: runs of the program on small inputs, as the oracle that candidates are tested on first.

Daikon's idea (Ernst et al., "The Daikon system for dynamic detection of likely invariants"): a fact that is false in
one run need not be asked of the verifier. States only throw candidates away; none is believed for holding in all of
them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from dafny_env.index import Located
from dafny_env.interp.outcome import Stuck
from dafny_env.interp.trace import EFFORT, State, Tracer, Traces
from dafny_env.scope import assigned_in
from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk
from prover.policy.symbolic.view import Oracle

INPUTS, STATES = 160, 1500
EVALUATION_STEPS = 5_000
"""Bound on one evaluation: a quantifier over all pairs of a hundred values is not worth more."""


class Observations:
    """States at the loops of one method; implements `Oracle`."""

    def __init__(self, tracer: Tracer, traces: Traces, decl: ast.Callable) -> None:
        self._tracer = tracer
        self._traces = traces
        self._loops = {n.span.start: n for n in walk(decl) if isinstance(n, ast.While | ast.For | ast.Alternatives)}

    @property
    def spent(self) -> int:
        """Steps that runs and evaluations have taken so far."""
        return self._tracer.spent

    def states(self, loop: int) -> list[Any]:
        """The states seen at a loop's head, runs one after another."""
        return list(self._traces.at_loop.get(loop, ()))

    def size(self, state: Any) -> int:
        """How much text the state's values are."""
        return sum(map(len, state.rendered().values()))

    def runs(self, loop: int) -> list[list[Any]]:
        """The states of each entry of the loop: a new one starts where anything changed that its body does not
        assign."""
        node = self._loops.get(loop)
        if node is None:
            return []
        inside = assigned_in(node)[0]
        entries: list[list[State]] = []
        for state in self._traces.at_loop.get(loop, ()):
            outside = [n for n in state.names() if n not in inside]
            if entries:
                last = entries[-1][-1]
                if state.old is last.old and all(_same(state.value(n), last.value(n)) for n in outside):
                    entries[-1].append(state)
                    continue
            entries.append([state])
        return entries

    def exchanged(self, loop: int, names: Sequence[str], count: int) -> list[Any]:
        """The first so many states with each of the variables taking its value from another one: no run need ever get
        there."""
        states = self._traces.at_loop.get(loop, [])
        rng = random.Random(len(states))
        return [s.exchanged({n: rng.choice(states) for n in names}) for s in states[:count]]

    def holds(self, expr: ast.Expr, state: Any) -> bool | None:
        """Whether a formula is true in a state; None where it cannot be told.

        A formula without a defined value there (an index out of range) counts as false: no invariant may be undefined.
        """
        value = self._tracer.evaluate(expr, state)
        if isinstance(value, Stuck):
            return False
        return value if isinstance(value, bool) else None

    def value(self, expr: ast.Expr, state: Any) -> Any:
        """A term's value in a state; None where it cannot be told."""
        value = self._tracer.evaluate(expr, state)
        return None if isinstance(value, Exception) else value


class Nothing:
    """The oracle that has seen nothing."""

    spent = 0

    def states(self, loop: int) -> list[Any]:
        """No states."""
        return []

    def size(self, state: Any) -> int:
        """There is none."""
        return 0

    def runs(self, loop: int) -> list[list[Any]]:
        """No entries."""
        return []

    def exchanged(self, loop: int, names: Sequence[str], count: int) -> list[Any]:
        """No states."""
        return []

    def holds(self, expr: ast.Expr, state: Any) -> bool | None:
        """Nothing is known."""
        return None

    def value(self, expr: ast.Expr, state: Any) -> Any:
        """Nothing is known."""
        return None


def _same(left: object, right: object) -> bool:
    return left is right or (type(left) is type(right) and left == right)


def observe(
    program: ast.Program, located: Located, included: Sequence[ast.Program] = (), *, seed: int, effort: int = EFFORT
) -> Oracle:
    """Run a method on small inputs for at most `effort` steps of the interpreter; `Nothing` where it cannot be run. A
    count and not a clock: equal seeds see equal states on slow machines."""
    tracer = Tracer(program, included, seed=seed, max_states=STATES, evaluation_steps=EVALUATION_STEPS)
    traces = tracer.collect(located.decl, inputs=INPUTS, effort=effort)
    return Observations(tracer, traces, located.decl) if traces.at_loop else Nothing()
