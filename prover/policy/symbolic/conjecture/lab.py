"""Where conjectures are tried out: terms evaluated on small inputs, and lemmas checked on more of them.

As QuickSpec does (Claessen, Smallbone and Hughes, "QuickSpec: guessing formal specifications using testing", 2010):
terms with equal values everywhere are conjectured to be equal. Work is bounded by counted steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dafny_env.interp.outcome import OutOfFuel
from dafny_env.interp.trace import Failure, State, Tracer
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from prover.policy.symbolic.conjecture.statement import Conjecture
from prover.policy.symbolic.conjecture.terms import instance, is_generic
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.view import printed

INPUTS, LEAST = 20, 5
"""Inputs on which terms are compared, and how many there must be for anything to be said."""
CHECKED = 120
"""Inputs that a conjecture is checked on in the end."""
EVALUATION_STEPS = 2_000
DRAWING, CHECKING = 12_000, 30_000
"""Steps of the interpreter for one set of inputs, and for the last check of a conjecture."""
STEPS = 220_000
"""Steps for all that is tried for one goal, 5 to 10 microseconds each."""
STEPS_PER_VALUE = 4
"""What an evaluation costs besides the steps it takes."""

Column = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Values of some variables under some conditions."""

    states: tuple[State, ...]

    def __len__(self) -> int:
        return len(self.states)


class Lab:
    """The laboratory of one goal."""

    def __init__(self, setting: Setting, steps: int = STEPS) -> None:
        self._located = setting.located
        self._tracer = Tracer(
            setting.program, setting.goal.library.programs, seed=setting.seed, evaluation_steps=EVALUATION_STEPS
        )
        self._owner = setting.located.owner if setting.located is not None else None
        self._steps = steps
        self._evaluations = 0
        self._drawn: dict[str, Inputs] = {}

    @property
    def tired(self) -> bool:
        """Whether the goal has had its share of work."""
        return self._tracer.spent + STEPS_PER_VALUE * self._evaluations > self._steps

    def inputs(self, variables: Mapping[str, Type], requires: Iterable[ast.Expr] = ()) -> Inputs:
        """Inputs under the conditions; few or none where hardly any were found."""
        conditions = tuple(requires)
        params = tuple(ast.Formal(n, _plain(t)) for n, t in variables.items())
        key = repr([(p.name, p.type) for p in params]) + "|".join(map(printed, conditions))
        if key not in self._drawn:
            lemma = ast.Callable(
                "lemma",
                "lemma'",
                params,
                clauses=tuple(ast.Clause("requires", (e,)) for e in conditions),
                modifiers=("static",) if self._owner is not None else (),
            )
            beside = self._located.decl if self._located is not None else None
            states = self._tracer.draw(lemma, beside=beside, inputs=INPUTS, effort=DRAWING)
            self._drawn[key] = Inputs(tuple(states))
        return self._drawn[key]

    def column(self, expr: ast.Expr, inputs: Inputs, *, lenient: bool = False) -> Column | None:
        """The values of a term; None where it has none at some input. lenient: None as the value where the machine gave
        up, for up to half of them."""
        found: list[Any] = []
        given_up = 0
        for state in inputs.states:
            self._evaluations += 1
            value = self._tracer.evaluate(expr, state)
            if isinstance(value, Failure):
                given_up += 1
                if not (lenient and isinstance(value, OutOfFuel)) or 2 * given_up > len(inputs):
                    return None
                value = None
            found.append(value)
        return tuple(found)

    def agrees(self, expr: ast.Expr, inputs: Inputs, wanted: Column) -> bool:
        """Whether a term has the wanted values, where those are known (not None)."""
        for state, value in zip(inputs.states, wanted, strict=True):
            if value is not None:
                self._evaluations += 1
                if self._tracer.evaluate(expr, state) != value:
                    return False
        return True

    def survives(self, conjecture: Conjecture) -> bool:
        """Whether no input was found that speaks against a conjecture, and some that satisfy its preconditions."""
        variables = {p.name: p.type for p in conjecture.params if p.type is not None}
        if conjecture.requires and len(self.inputs(variables, conjecture.requires)) < LEAST:
            return False
        decl = conjecture.declaration("lemma'", static=self._owner is not None)
        params = tuple(ast.Formal(p.name, _plain(p.type)) for p in decl.params if p.type is not None)
        lemma = ast.Callable(decl.kind, decl.name, params, clauses=decl.clauses, modifiers=decl.modifiers)
        beside = self._located.decl if self._located is not None else None
        return self._tracer.check_lemma(lemma, beside=beside, inputs=CHECKED, effort=CHECKING) is None

    def defined(self, conjecture: Conjecture) -> bool:
        """Whether what a conjecture says has a value wherever its preconditions hold, as far as testing tells."""
        variables = {p.name: p.type for p in conjecture.params if p.type is not None}
        inputs = self.inputs(variables, conjecture.requires)
        return len(inputs) >= LEAST and self.column(conjecture.ensures, inputs, lenient=True) is not None


def _plain(type_: Type) -> Type:
    """A type with integers for type parameters that are named apart."""
    names = {t.name: Type("int") for t in _parts(type_) if is_generic(t)}
    return instance(type_, names)


def _parts(type_: Type) -> list[Type]:
    return [type_, *(inner for arg in type_.args for inner in _parts(arg))]
