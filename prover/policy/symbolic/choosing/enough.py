"""Which invariants are enough: few of the facts seen at a loop that, on small values, carry themselves and what comes
behind the loop.

Houdini asks the verifier for all that it can prove, and loses what needs a lemma. Here nothing is proved: states are
changed a little to where no run gets, and a set of facts is looked for that holds again after one turn of the loop's
body wherever it held before, and at the loop's end implies the contract. These are the implication counterexamples of
ICE learning (Garg, Löding, Madhusudan and Neider, CAV 2014), made by running instead of by a solver."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dafny_env.interp.outcome import Stuck, Unsupported
from dafny_env.interp.trace import State
from dafny_env.interp.workbench import Went, Workbench, with_value
from dafny_env.syntax import ast
from dafny_env.syntax.walk import complexity, walk
from prover.policy.symbolic.choosing.neighbours import neighbours
from prover.policy.symbolic.choosing.rest import following
from prover.policy.symbolic.view import Idea, View

SMALL = 150
"""Observed states that others are made from: different ones, rather small."""
SEEN, FIRST, MORE, ROUNDS = 60, 180, 1800, 8
"""Observed states and changed ones looked at before the first choice; those behind each, at most, to see whether it
stands."""
SOME = 12
"""States that speak against a choice, with which it is worth choosing again."""
LIMIT = 1_000_000
"""Steps of the interpreter for one loop."""
MOST = 12
"""Invariants of one loop."""
REPAIRS = 40


@dataclass(frozen=True)
class Fact:
    """A candidate invariant with its formula."""

    idea: Idea
    expr: ast.Expr
    veiled: bool = False
    """It speaks of a part of an array that the loop writes to through a function: hard for solvers to keep."""
    specified: bool = False
    """It speaks of a function as the contract does."""

    @property
    def weight(self) -> float:
        """What it costs to believe and to prove it."""
        plain = 1.0 + 0.6 * self.idea.cost + 0.15 * complexity(self.expr) + 1.5 * self.veiled
        return plain * (0.6 if self.specified else 1.0)


def fact(view: View, idea: Idea, expr: ast.Expr) -> Fact:
    """A candidate at a loop."""
    calls = [n for n in walk(expr) if isinstance(n, ast.Call)]
    contract = [n for c in view.decl.clauses_of("ensures") for e in c.exprs for n in walk(e) if isinstance(n, ast.Call)]
    veiled = any(
        isinstance(a, ast.Slice) and isinstance(a.object, ast.Name) and a.object.id in view.loop.writes
        for c in calls
        for a in c.args
    )
    return Fact(idea, expr, veiled, any(c in contract for c in calls))


@dataclass(frozen=True)
class Enough:
    """facts: the chosen ones. uncovered: changed states behind which something fails that no candidate excludes; 0
    means that the facts seem to be enough."""

    facts: tuple[Fact, ...]
    uncovered: int


@dataclass(frozen=True)
class _Turn:
    """One state that a loop may be in, and what comes of it: `after` one turn of the body; None with `bad` where
    something then fails that must not."""

    state: State
    after: State | None
    bad: bool


def enough(
    view: View, states: Sequence[State], facts: Sequence[Fact], around: Sequence[ast.Expr], *, seed: int = 0
) -> Enough:
    """Choose among the facts at one loop. around: what must hold where control gets to behind the loop: the invariants
    chosen for the loop around it, or nothing, for a loop that the contract follows."""
    if not states or not facts:
        return Enough((), 0)
    bench = Workbench(states[0].scope.world, seed=seed, limit=LIMIT)
    path = _Path(view, tuple(around), bench)
    states = _small(states)
    chooser = _Chooser(bench, list(facts))
    rng = random.Random(seed)
    seen = [states[k * len(states) // SEEN] for k in range(SEEN)] if len(states) > SEEN else states
    changed = neighbours(view, states, bench, FIRST, rng)
    chooser.turns = [t for s in (*seen, *changed) if (t := path.turn(s)) is not None]
    chosen = chooser.choose()
    for _ in range(ROUNDS):
        against: list[_Turn] = []
        for _ in range(MORE // FIRST):
            # Only states in which the chosen facts hold can speak against them.
            held = [s for s in neighbours(view, states, bench, FIRST, rng) if chooser.admits(chosen.facts, s)]
            found = [t for s in held if (t := path.turn(s)) is not None]
            against += [t for t in found if chooser.speaks_against(t, chosen.facts)]
            if len(against) >= SOME:
                break
        if not against or bench.exhausted:
            break
        chooser.turns += against
        better = chooser.choose()
        if bench.exhausted:
            break
        chosen = better
    return chosen


def _small(states: Sequence[State]) -> list[State]:
    """Different states, evenly spread over the smaller half of them."""
    different = list({str(s.rendered()): s for s in states}.items())
    smaller = sorted(different, key=lambda item: len(item[0]))[: max(len(different) // 2, SMALL)]
    return (
        [smaller[k * len(smaller) // SMALL][1] for k in range(SMALL)]
        if len(smaller) > SMALL
        else [s for _, s in smaller]
    )


class _Path:
    """One turn of a loop, and what comes behind it. around: what must hold where the surroundings take over."""

    def __init__(self, view: View, around: tuple[ast.Expr, ...], bench: Workbench) -> None:
        self._view = view
        self._bench = bench
        self._rest = following(view.decl, view.loop)
        self._ensured = tuple(e for c in view.decl.clauses_of("ensures") for e in c.exprs)
        self._around = around if view.loop.enclosing else self._ensured

    def turn(self, state: State) -> _Turn | None:
        """What comes of a state at the loop's head; None where that cannot be told."""
        body, guard, start = self._body(state)
        if guard is None:
            return None
        if not guard:
            return _Turn(state, None, True) if self._fails(state) else None
        went = self._bench.after(body, start)
        if isinstance(went, Stuck):
            return _Turn(state, None, True)
        if not isinstance(went, Went):
            return None
        if went.left == "return":
            return _Turn(state, None, True) if self._violates(self._ensured, went.state) else None
        if went.left is not None:
            return None
        return _Turn(state, self._at_head(went.state), False)

    def _body(self, state: State) -> tuple[tuple[ast.Stmt, ...], bool | None, State]:
        """The loop's body, whether it is entered, and the state in which it starts."""
        bench = self._bench
        node = self._view.loop.node
        match node:
            case ast.While(guard=guard, body=body) if body is not None and not isinstance(guard, ast.Star):
                return body.body, bench.holds(guard, state), state
            case ast.For(var=var, low=low, high=high, body=body) if body is not None and high is not None:
                at, first, last = state.value(var.name), bench.value(low, state), bench.value(high, state)
                if type(at) is int and type(first) is int and type(last) is int:
                    if not min(first, last) <= at <= max(first, last):
                        return (), None, state  # Dafny knows that this cannot be
                    return body.body, at != last, _moved(state, var.name, -1) if node.down else state
            case ast.Alternatives(cases=cases):
                guards = [bench.holds(g, state) for g, _ in cases if not isinstance(g, ast.BindingGuard | ast.Star)]
                if len(guards) == len(cases) and None not in guards:
                    taken = [b for (_, b), g in zip(cases, guards, strict=True) if g]
                    return (bench.rng.choice(taken) if taken else ()), bool(taken), state
        return (), None, state

    def _at_head(self, state: State) -> State:
        """The state in which the loop's head is reached again."""
        node = self._view.loop.node
        return _moved(state, node.var.name, 1) if isinstance(node, ast.For) and not node.down else state

    def _fails(self, state: State) -> bool:
        """Whether something fails on the way from the loop's end to where its surroundings take over."""
        for statements in self._rest:
            went = self._bench.after(statements, state)
            if isinstance(went, Stuck):
                return True
            if not isinstance(went, Went) or went.left not in (None, "return"):
                return False
            state = went.state
            if went.left == "return":
                return self._violates(self._ensured, state)
        outer = self._view.loop.enclosing[-1] if self._view.loop.enclosing else None
        if isinstance(outer, ast.For) and not outer.down:
            state = _moved(state, outer.var.name, 1)
        return self._violates(self._around, state)

    def _violates(self, exprs: Iterable[ast.Expr], state: State) -> bool:
        for expr in exprs:
            value = self._bench.value(expr, state)
            if value is False or (isinstance(value, Stuck) and not isinstance(value, Unsupported)):
                return True
        return False


def _moved(state: State, name: str, by: int) -> State:
    at = state.value(name)
    return with_value(state, name, at + by) if type(at) is int else state


class _Chooser:
    """Greedy choice: first what excludes the states behind which something fails, then what the chosen ones need to be
    kept by the body."""

    def __init__(self, bench: Workbench, facts: list[Fact]) -> None:
        self._bench = bench
        self._pool = facts
        self._known: dict[tuple[int, int], bool | None] = {}
        self._alive: list[State] = []
        self.turns: list[_Turn] = []

    def choose(self) -> Enough:
        """The chosen facts, in the order of the pool."""
        chosen: list[Fact] = []
        for _ in range(REPAIRS):
            open_ = [t for t in self.turns if self.speaks_against(t, chosen)]
            if not open_ or len(chosen) >= MOST:
                break
            best = self._best(open_, chosen)
            if best is not None:
                chosen.append(best)
                continue
            # Nothing excludes these states: what they break cannot be kept, unless it is the contract itself.
            lost = {id(f) for t in open_ if t.after is not None for f in chosen if self._false(f, t.after)}
            if not lost:
                break
            self._pool = [f for f in self._pool if id(f) not in lost]
            chosen = [f for f in chosen if id(f) not in lost]
        chosen = self._needed(chosen)
        uncovered = sum(t.bad and self.speaks_against(t, chosen) for t in self.turns)
        order = {id(f): k for k, f in enumerate(self._pool)}
        return Enough(tuple(sorted(chosen, key=lambda f: order[id(f)])), uncovered)

    def _needed(self, chosen: list[Fact]) -> list[Fact]:
        """The chosen ones without those that the others do without."""
        for fact in sorted(chosen, key=lambda f: -f.weight):
            fewer = [f for f in chosen if f is not fact]
            if self._against(fewer) <= self._against(chosen):
                chosen = fewer
        return chosen

    def _against(self, chosen: Sequence[Fact]) -> int:
        return sum(self.speaks_against(t, chosen) for t in self.turns)

    def admits(self, chosen: Sequence[Fact], state: State) -> bool:
        """Whether none of the facts is false in a state."""
        return not any(self._false(f, state) for f in sorted(chosen, key=lambda f: f.idea.cost))

    def speaks_against(self, turn: _Turn, chosen: Sequence[Fact]) -> bool:
        """Whether the chosen facts hold in a state, and lead to something false from there."""
        if not self.admits(chosen, turn.state):
            return False
        return turn.bad or (turn.after is not None and any(self._false(f, turn.after) for f in chosen))

    def _best(self, turns: list[_Turn], chosen: list[Fact]) -> Fact | None:
        """What excludes most of the states for what it costs. A state behind which something fails counts only as long
        as anything excludes it."""
        scores: dict[int, float] = {}
        for fact in self._pool:
            if any(fact is f for f in chosen):
                continue
            excluded = sum(self._false(fact, t.state) for t in turns)
            if excluded:
                scores[id(fact)] = excluded / fact.weight
        best = max(scores.values(), default=0.0)
        return next((f for f in self._pool if scores.get(id(f)) == best), None) if best else None

    def _false(self, fact: Fact, state: State) -> bool:
        key = (id(fact), id(state))
        if key not in self._known:
            self._alive.append(state)  # states are told apart by identity
            self._known[key] = self._bench.holds(fact.expr, state)
        return self._known[key] is False
