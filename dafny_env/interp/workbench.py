"""Working on states by hand: drawing those in which a declaration may be entered, evaluating in them, going on from
them, and changing them a little.

What `Tracer` shows is where runs got; this is for asking what would be from elsewhere."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from enum import Enum

from dafny_env.interp import execute  # noqa: F401 - completes the compiler of statements
from dafny_env.interp.inputs import Inputs
from dafny_env.interp.machine import Code, Frame, Heap, Machine, deep_recursion
from dafny_env.interp.outcome import Failure, OutOfFuel, Stuck
from dafny_env.interp.symbols import CallableInfo
from dafny_env.interp.trace import State
from dafny_env.interp.values import Array, Value
from dafny_env.interp.world import Run, Scope, World, compile_block, compile_expr
from dafny_env.syntax import ast

STEPS = 4_000
"""Bound on the steps of one evaluation, draw or run."""
_OWN_VERSIONS = 1 << 40
"""Heap versions from here on are made here: states come from other machines, whose versions these must not meet."""
ATTEMPTS = 8
"""Values drawn for each one that satisfies `requires`, at most."""
_HOPELESS = 100
"""Draws that fail, without one that succeeds, after which no more are made."""


class Truth(Enum):
    """What a formula comes to in a state."""

    TRUE = "true"
    FALSE = "false"
    UNDEFINED = "undefined"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Went:
    """Where statements led from a state: `left` tells that control left them (`return`, `break`...)."""

    state: State
    left: str | None = None


class Workbench:
    """A machine for one world. steps: bound on each evaluation, draw or run; `limit` bounds all of them together: what
    lies beyond it ends in `OutOfFuel`."""

    def __init__(self, world: World, *, seed: int = 0, steps: int = STEPS, limit: int | None = None) -> None:
        self.world = world
        self._machine = Machine(world, seed=seed, steps=0)
        self._machine.version = _OWN_VERSIONS
        self._machine.limit = limit
        self._steps = steps
        self._codes: dict[tuple[int, int], tuple[object, Scope, Code]] = {}
        self._blocks: dict[tuple[int, int], tuple[object, Scope, Run]] = {}

    @property
    def spent(self) -> int:
        """Steps taken so far."""
        return self._machine.spent

    @property
    def exhausted(self) -> bool:
        """Whether the limit is reached."""
        return self._machine.limit is not None and self._machine.spent >= self._machine.limit

    @property
    def rng(self) -> random.Random:
        """The machine's source of randomness."""
        return self._machine.rng

    def draws(self, declaration: ast.Callable, count: int) -> list[State]:
        """At most so many states in which a method or lemma may be entered: small values that satisfy `requires`."""
        info = self.world.symbols.info(declaration)
        if not isinstance(info, CallableInfo):
            return []
        found: list[State] = []
        failed = 0
        try:
            with deep_recursion():
                drawing = Inputs(self._machine, info)
                for _ in range(ATTEMPTS * count):
                    if len(found) >= count or self.exhausted or (failed > _HOPELESS and not found):
                        break
                    self._machine.refuel(self._steps)
                    try:
                        frame = drawing.draw()
                    except Failure:
                        frame = None
                    if frame is None:
                        failed += 1
                        continue
                    frame.old = frame.heap.snapshot()
                    found.append(_state(frame, drawing.code.scope))
        except OutOfFuel:
            pass
        return found

    def value(self, expr: ast.Expr, state: State) -> Value | Failure:
        """The value of an expression in a state, or why it has none."""
        key = (id(expr), id(state.scope))
        known = self._codes.get(key)
        if known is None:
            known = self._codes[key] = (expr, state.scope, compile_expr(expr, state.scope))
        self._machine.refuel(self._steps)
        try:
            with deep_recursion():
                return known[2](self._frame(state, state.heap))
        except Failure as failure:
            return failure

    def holds(self, expr: ast.Expr, state: State) -> bool | None:
        """Whether a formula is true in a state: False where it is undefined, None where it cannot be told."""
        truth = self.truth(expr, state)
        return None if truth is Truth.UNKNOWN else truth is Truth.TRUE

    def truth(self, expr: ast.Expr, state: State) -> Truth:
        """The same, with what is undefined told apart."""
        value = self.value(expr, state)
        if isinstance(value, Stuck):
            return Truth.UNDEFINED
        return Truth.UNKNOWN if not isinstance(value, bool) else Truth.TRUE if value else Truth.FALSE

    def after(self, statements: tuple[ast.Stmt, ...], state: State) -> Went | Failure:
        """Run statements from a state, in the names that are visible there."""
        key = (id(statements), id(state.scope))
        known = self._blocks.get(key)
        if known is None:
            known = self._blocks[key] = (statements, state.scope, compile_block(statements, state.scope))
        self._machine.refuel(self._steps)
        frame = self._frame(state, state.heap.thaw())
        try:
            with deep_recursion():
                signal = known[2](frame)
        except Failure as failure:
            return failure
        after = _state(frame, state.scope)
        return Went(replace(after, labels=state.labels), None if signal is None else str(getattr(signal, "kind", "?")))

    def with_contents(self, state: State, array: Array, contents: tuple[Value, ...]) -> State:
        """The state with other contents in an array."""
        heap = state.heap.thaw()
        heap.put(array, contents, self._machine)
        return replace(state, heap=heap.snapshot())

    def contents(self, state: State, array: Array) -> tuple[Value, ...]:
        """What an array holds in a state; empty where it is not allocated there."""
        found = state.heap.cells.get(array, ())
        return found if isinstance(found, tuple) else ()

    def _frame(self, state: State, heap: Heap) -> Frame:
        return Frame(self._machine, dict(state.variables), state.this, heap, state.old, dict(state.labels))


def with_value(state: State, name: str, value: Value) -> State:
    """The state with another value of a visible variable."""
    key = state.scope.names.get(name)
    return state if key is None else replace(state, variables={**state.variables, key: value})


def _state(frame: Frame, scope: Scope) -> State:
    variables = {key: frame.vars[key] for key in scope.names.values() if key in frame.vars}
    return State(variables, scope, frame.this, frame.heap.snapshot(), frame.old, frame.labels)
