"""Running methods on small inputs: the states at loop heads, what post-states look like, and testing expressions on
them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from dafny_env.interp import execute  # noqa: F401 - completes the compiler of statements
from dafny_env.interp.arbitrary import unspecified
from dafny_env.interp.inputs import Inputs
from dafny_env.interp.machine import Code, Frame, Heap, Hook, Machine, deep_recursion
from dafny_env.interp.methods import Method, method
from dafny_env.interp.outcome import Failure, OutOfFuel, Stuck, Unsupported
from dafny_env.interp.symbols import CallableInfo
from dafny_env.interp.values import Poison, Value, render
from dafny_env.interp.world import Run, Scope, World, compile_expr
from dafny_env.syntax import ast

EFFORT = 500_000
"""Steps for all runs of one method: 2 to 3 s of a quiet core where it takes that many, hundredths for most methods."""
PATIENCE = 30.0
"""Wall-clock seconds behind which runs end whatever their effort: far beyond it, so that only a machine in trouble
comes to feel them."""
EVALUATION_STEPS = 20_000
_HEADS_PER_RUN = 40
_REPEATS, _STALE = 6, 120
"""How often the same input is run (a program may choose), and how many known ones in a row end the drawing."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A program state: visible variables (by their keys in `scope`), receiver, heap, the heap of `old`, labelled
    heaps."""

    variables: dict[str, Value]
    scope: Scope
    this: Value
    heap: Heap
    old: Heap | None
    labels: dict[str, Heap]

    def value(self, name: str) -> Value | None:
        """The value of a visible variable; None where there is none or it is not known (or is null)."""
        value = self.variables.get(self.scope.names.get(name, ""))
        return None if isinstance(value, Poison) else value

    def exchanged(self, donors: Mapping[str, State]) -> State:
        """The state with variables' values taken from others of the same place, where both have one."""
        variables = dict(self.variables)
        for name, donor in donors.items():
            key = self.scope.names.get(name, "")
            if key in variables and key in donor.variables:
                variables[key] = donor.variables[key]
        return replace(self, variables=variables)

    def names(self) -> tuple[str, ...]:
        """The visible variables."""
        return tuple(self.scope.names)

    def rendered(self) -> dict[str, str]:
        """The variables in Dafny syntax (references with their contents), those of unknown value left out."""
        shown = {"this": render(self.this, self.heap)} if self.this is not None else {}
        for name, key in self.scope.names.items():
            value = self.variables.get(key)
            if key in self.variables and not isinstance(value, Poison):
                shown[name] = render(value, self.heap)
        return shown


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run. `result` holds the returned values, or why the run ended early (`post` is then None). `violated` are the
    `ensures` that were false behind it."""

    pre: State
    post: State | None
    result: tuple[Value, ...] | Failure
    violated: tuple[ast.Expr, ...] = ()


@dataclass(slots=True)
class Traces:
    """What the runs of a method showed. `at_loop` is keyed by the loop's offset in the source, loops of callees in it
    included; `at_assert` likewise by the offset of assert statements, which are not tested themselves. `problem` says
    why nothing could be run; it is None when something was."""

    at_loop: dict[int, list[State]] = field(default_factory=dict)
    at_assert: dict[int, list[State]] = field(default_factory=dict)
    runs: list[RunRecord] = field(default_factory=list)
    problem: str | None = None

    @property
    def violations(self) -> list[RunRecord]:
        """Runs behind which an `ensures` was false: the specification does not hold of this code."""
        return [run for run in self.runs if run.violated]


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Values at which `requires` holds and `clause` does not. `witness` maps parameters to Dafny text."""

    witness: dict[str, str]
    clause: ast.Expr
    state: State


class Tracer:
    """Runs the methods of one program. Equal seeds give equal traces, however fast the machine: work is bounded by
    counted steps. The clock is a safety net only (`PATIENCE`)."""

    def __init__(
        self,
        program: ast.Program,
        included: Sequence[ast.Program] = (),
        *,
        seed: int = 0,
        max_steps: int = 20_000,
        max_states: int = 400,
        evaluation_steps: int = EVALUATION_STEPS,
    ) -> None:
        """`included` programs are run where they are called, and not observed; `max_steps` bounds one run, `max_states`
        what is kept for one loop, `evaluation_steps` one evaluation."""
        self._world = World(program, included)
        self._machine = Machine(self._world, seed=seed)
        self._max_steps = max_steps
        self._max_states = max_states
        self._evaluation_steps = evaluation_steps
        self._codes: dict[tuple[int, int], tuple[ast.Expr, Scope, Code]] = {}

    @property
    def spent(self) -> int:
        """Steps that runs and evaluations have taken so far."""
        return self._machine.spent

    # ------------------------------------------------------------------------------------------------------------- runs

    def collect(
        self,
        declaration: ast.Callable,
        *,
        inputs: int = 40,
        attempts: int | None = None,
        effort: int = EFFORT,
        seconds: float = PATIENCE,
    ) -> Traces:
        """Run a method on up to `inputs` inputs that satisfy its `requires`, out of `attempts` drawn (25 times as
        many), within `effort` steps; `seconds` is the safety net. Never raises for what the program does."""
        traces = Traces()
        info = self._world.symbols.info(declaration)
        if info is None or info.decl.is_function:
            traces.problem = "not a method of this program"
            return traces
        code = method(info, self._world)
        if code.body is None:
            traces.problem = "no body"
            return traces
        reasons: Counter[str] = Counter()
        try:
            with deep_recursion():
                self._bound(effort, seconds)
                self._collect(info, code, code.body, traces, (inputs, attempts or 25 * inputs), reasons)
        except OutOfFuel as failure:
            reasons[failure.reason] += 1
        finally:
            self._bound()
            self._machine.on_loop = self._machine.on_assert = None
        if not traces.runs:
            traces.problem = reasons.most_common(1)[0][0] if reasons else "no input satisfies requires"
        return traces

    def _bound(self, effort: int | None = None, seconds: float | None = None) -> None:
        """Bound all work from now on, or no longer."""
        m = self._machine
        m.limit = None if effort is None else m.spent + effort
        m.deadline = None if seconds is None else time.monotonic() + seconds

    def _at_bound(self) -> bool:
        m = self._machine
        if m.limit is not None and m.spent >= m.limit:
            return True
        return m.deadline is not None and time.monotonic() > m.deadline

    def _collect(
        self,
        info: CallableInfo,
        code: Method,
        body: Run,
        traces: Traces,
        bounds: tuple[int, int],
        reasons: Counter[str],
    ) -> None:
        m = self._machine
        inputs, attempts = bounds
        drawing = Inputs(m, info)
        hopeless = stale = 0
        drawn: Counter[str] = Counter()
        for _ in range(attempts):
            if len(traces.runs) >= inputs or stale >= _STALE or self._at_bound():
                return
            m.refuel(self._max_steps)
            try:
                frame = drawing.draw()
            except (Failure, RecursionError) as failure:
                reasons[failure.reason if isinstance(failure, Failure) else "too deep"] += 1
                hopeless += isinstance(failure, Unsupported | RecursionError)
                if hopeless >= 60 and not traces.runs:
                    return
                continue
            if frame is None:
                continue
            text = str(_state(frame, code.scope).rendered())
            stale = stale + 1 if drawn[text] >= _REPEATS else 0
            if not stale:
                drawn[text] += 1
                traces.runs.append(self._run(code, body, frame, traces))

    def _run(self, code: Method, body: Run, frame: Frame, traces: Traces) -> RunRecord:
        m = self._machine
        m.refuel(self._max_steps)
        m.on_loop, m.on_assert = self._recorder(traces.at_loop), self._recorder(traces.at_assert)
        frame.old = frame.heap.snapshot()
        pre = _state(frame, code.scope)
        try:
            for key, type_ in code.results:
                frame.vars[key] = unspecified(type_, code.info.module, m, frame.heap)
            body(frame)
        except Failure as failure:
            return RunRecord(pre, None, failure)
        except RecursionError:
            return RunRecord(pre, None, OutOfFuel("too deep"))
        finally:
            m.on_loop = m.on_assert = None
        post = _state(frame, code.scope)
        violated = tuple(e for e, test in code.ensures if self._truth(test, post) is False)
        return RunRecord(pre, post, tuple(frame.vars[key] for key, _ in code.results), violated)

    def _recorder(self, into: dict[int, list[State]]) -> Hook:
        heads: Counter[int] = Counter()

        def record(offset: int, frame: Frame, scope: object) -> None:
            heads[offset] += 1
            states = into.setdefault(offset, [])
            if heads[offset] <= _HEADS_PER_RUN and len(states) < self._max_states and isinstance(scope, Scope):
                states.append(_state(frame, scope))

        return record

    # ------------------------------------------------------------------------------------------------------ expressions

    def evaluate(self, expr: ast.Expr, state: State) -> Value | Failure:
        """The value of an expression in a state, or why it has none."""
        return self._value(self._code(expr, state.scope), state)

    def holds(self, expr: ast.Expr, state: State) -> bool | None:
        """Whether a formula is true in a state; None where it cannot be evaluated there (see `evaluate` for the
        reason)."""
        return self._truth(self._code(expr, state.scope), state)

    def _code(self, expr: ast.Expr, scope: Scope) -> Code:
        key = (id(expr), id(scope))
        found = self._codes.get(key)
        if found is None:
            found = self._codes[key] = (expr, scope, compile_expr(expr, scope))
        return found[2]

    def _value(self, code: Code, state: State) -> Value | Failure:
        m = self._machine
        m.refuel(self._evaluation_steps)
        frame = Frame(m, dict(state.variables), state.this, state.heap, state.old, state.labels)
        try:
            with deep_recursion():
                return code(frame)
        except Failure as failure:
            return failure

    def _truth(self, code: Code, state: State) -> bool | None:
        value = self._value(code, state)
        return value if isinstance(value, bool) else None

    # ----------------------------------------------------------------------------------------------------------- lemmas

    def check_lemma(
        self,
        lemma: ast.Callable,
        *,
        beside: ast.Callable | None = None,
        inputs: int = 400,
        effort: int = EFFORT,
        seconds: float = PATIENCE,
    ) -> Counterexample | None:
        """A small input at which `requires` is true and some `ensures` is false; None when none was found, which proves
        nothing. Clauses that cannot be evaluated count as true. Bounds as for `collect`. beside: the declaration beside
        which a lemma is read that the program does not have."""
        info = self._stated(lemma, beside)
        if info is None:
            return None
        code = method(info, self._world)
        self._bound(effort, seconds)
        try:
            with deep_recursion():
                drawing = Inputs(self._machine, info)
                for _ in range(inputs):
                    found = self._lemma_at(code, drawing)
                    if found is not None or self._at_bound():
                        return found
        except OutOfFuel:
            return None
        finally:
            self._bound()
        return None

    def draw(
        self,
        lemma: ast.Callable,
        *,
        beside: ast.Callable | None = None,
        inputs: int = 40,
        attempts: int | None = None,
        effort: int = EFFORT,
        seconds: float = PATIENCE,
    ) -> list[State]:
        """Up to `inputs` different small inputs at which a lemma's `requires` is true, out of `attempts` drawn (10
        times as many). Bounds as for `collect`, `beside` as for `check_lemma`."""
        info = self._stated(lemma, beside)
        if info is None:
            return []
        code = method(info, self._world)
        found: dict[str, State] = {}
        self._bound(effort, seconds)
        try:
            with deep_recursion():
                drawing = Inputs(self._machine, info)
                for _ in range(attempts or 10 * inputs):
                    if len(found) >= inputs or self._at_bound():
                        break
                    self._machine.refuel(self._max_steps)
                    with suppress(Failure):
                        if (frame := drawing.draw()) is not None:
                            state = _state(frame, code.scope)
                            found.setdefault(str(state.rendered()), state)
        except OutOfFuel:
            pass
        finally:
            self._bound()
        return list(found.values())

    def _stated(self, lemma: ast.Callable, beside: ast.Callable | None) -> CallableInfo | None:
        """The entry of a lemma about single states; one that the program does not have is made for it."""
        info = self._world.symbols.info(lemma)
        if info is None and beside is not None and (place := self._world.symbols.info(beside)) is not None:
            info = CallableInfo(lemma, place.module, place.owner if "static" in lemma.modifiers else None)
        if info is None or lemma.is_function or lemma.returns or lemma.kind.startswith("twostate"):
            return None
        return info

    def _lemma_at(self, code: Method, drawing: Inputs) -> Counterexample | None:
        m = self._machine
        m.refuel(self._max_steps)
        try:
            frame = drawing.draw()
        except Failure:
            return None
        if frame is None:
            return None
        frame.old = frame.heap.snapshot()
        state = _state(frame, code.scope)
        for clause, test in code.ensures:
            if self._truth(test, state) is False:
                return Counterexample(state.rendered(), clause, state)
        return None


def _state(frame: Frame, scope: Scope) -> State:
    variables = {key: frame.vars[key] for key in scope.names.values() if key in frame.vars}
    return State(variables, scope, frame.this, frame.heap.snapshot(), frame.old, frame.labels)


__all__ = ["Counterexample", "Failure", "OutOfFuel", "RunRecord", "State", "Stuck", "Tracer", "Traces", "Unsupported"]
