"""Invariants that put together what a loop has done and what it has left: `Join(Reversed(ahead), back) == Reversed(p)`,
searched for as the other side of what the specification asks for, over observed states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from dafny_env.interp.trace import State
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import free_names, walk
from prover.policy.symbolic.columns import sample
from prover.policy.symbolic.conjecture.atoms import atoms_of
from prover.policy.symbolic.conjecture.lab import Column, Inputs
from prover.policy.symbolic.conjecture.opening import Opening
from prover.policy.symbolic.conjecture.synthesis import equal_terms
from prover.policy.symbolic.conjecture.terms import Fn, Term
from prover.policy.symbolic.generalise import term
from prover.policy.symbolic.view import Oracle, View, printed

STATES, FEWEST = 24, 4
MAX_FIXED = 3
"""Terms of the specification for which the other side is searched."""


@dataclass(frozen=True, slots=True)
class _AtLoop:
    """Evaluates terms in the states of a loop."""

    oracle: Oracle

    def column(self, expr: ast.Expr, inputs: Inputs, *, lenient: bool = False) -> Column | None:
        """As `Lab` does; what cannot be told is no value."""
        found = []
        for state in inputs.states:
            value = self.oracle.value(expr, state)
            if value is None:
                return None
            found.append(value)
        return tuple(found)

    def agrees(self, expr: ast.Expr, inputs: Inputs, wanted: Column) -> bool:
        """The same."""
        return all(self.oracle.value(expr, s) == v for s, v in zip(inputs.states, wanted, strict=True))


def combined(view: View, oracle: Oracle, functions: Sequence[Fn]) -> Iterator[str]:
    """Equations between what does not change in a loop and terms over what does."""
    states: list[State] = sample(oracle.states(view.loop.offset), STATES)
    if len(states) < FEWEST:
        return
    inputs = Inputs(tuple(states))
    parts = list(_parts(view))
    for fixed in _fixed(view, functions):
        own = [f for f in functions if f.arguments(fixed.expr) is not None]
        others = (*own, *(f for f in functions if f not in own))
        opening = Opening("", {}, fixed, tuple(parts), others=others)
        atoms = [a for a in atoms_of(opening, view.table) if a.expr != fixed.expr]
        for other in islice(equal_terms(fixed, atoms, inputs, _AtLoop(oracle), view.table), 2):
            if any(view.moves(n) for n in free_names(other)):
                yield f"{printed(other)} == {printed(fixed.expr)}"


def _fixed(view: View, functions: Sequence[Fn]) -> list[Term]:
    """The calls in what the declaration ensures that the loop does not change."""
    found: dict[ast.Expr, Term] = {}
    for clause in view.decl.clauses_of("ensures"):
        for node in (n for e in clause.exprs for n in walk(e) if isinstance(n, ast.Call)):
            function = next((f for f in functions if f.arguments(node) is not None), None)
            names = free_names(node)
            known = all(any(v.name == n for v in view.variables) or n in view.table.callables for n in names)
            if function is not None and known and not any(view.moves(n) for n in names):
                found[node] = Term(node, view.table.resolve(function.result) or function.result)
    return list(found.values())[:MAX_FIXED]


def _parts(view: View) -> Iterator[Term]:
    """The variables, those that move first; of sequences also the stretches up to and from where the loop is."""
    ordered = sorted(view.variables, key=lambda v: not view.moves(v.name))
    arrays = {name: element for name, element, array in view.sequences() if array}
    for variable in ordered:
        if variable.type is None or variable.name in view.unset:
            continue
        if variable.name not in arrays:
            yield Term(ast.Name(variable.name), variable.type)
    for name, element, array in view.sequences():
        if element is None:
            continue
        type_ = Type("seq", (element,))
        for index in view.moving_integers()[:2]:
            yield Term(term(f"{name}[..{index}]"), type_)
            yield Term(term(f"{name}[{index}..]"), type_)
        if array:
            yield Term(term(f"{name}[..]"), type_)
