"""Openings in the making."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from prover.policy.symbolic.conjecture.opening import Opening
from prover.policy.symbolic.conjecture.recursion import Shape
from prover.policy.symbolic.conjecture.terms import (
    Fn,
    Term,
    rigid,
    settled,
)

Shapes = Mapping[str, Shape]


class Draft:
    """An opening in the making: variables, conditions, and what the other side may speak of."""

    def __init__(self, table: TypeTable) -> None:
        self.table = table
        self.types: dict[str, Type] = {}
        self.variables: dict[str, Type] = {}
        self.requires: list[ast.Expr] = []
        self.parts: list[Term] = []
        self.conditions: list[ast.Expr] = []
        self.functions: list[Fn] = []

    def variable(self, type_: Type, *, part: bool = True) -> ast.Name:
        """A new variable."""
        name = ast.Name(f"v'{len(self.variables)}")
        self.variables[name.id] = type_
        if part:
            self.parts.append(Term(name, type_))
        return name

    def opening(
        self, family: str, left: ast.Expr, type_: Type, others: Sequence[Fn], cost: int, *, nested: bool = False
    ) -> Opening:
        """What has been drafted, with a left-hand side."""

        def final(t: Type) -> Type:
            return rigid(settled(t, self.types))

        variables = {n: final(t) for n, t in self.variables.items()}
        parts = tuple(Term(p.expr, final(p.type)) for p in self.parts)
        distance = max((f.distance for f in self.functions), default=0)
        told = Term(left, final(type_))
        conditions = tuple(self.conditions)
        return Opening(
            family, variables, told, parts, tuple(self.requires), tuple(others), cost, distance, conditions, nested
        )


def others_of(function: Fn, functions: Sequence[Fn]) -> list[Fn]:
    """The functions, that one first."""
    return [function, *(f for f in functions if f.name != function.name)]


def with_variables(draft: Draft, function: Fn, given: Mapping[int, ast.Expr]) -> ast.Expr:
    """A call with variables where no argument is given."""
    draft.functions.append(function)
    args = [
        given[k] if k in given else draft.variable(p.type) for k, p in enumerate(function.params) if p.type is not None
    ]
    return function.call(args)


def titled(function: Fn) -> str:
    """Its name as the start of a lemma's."""
    return function.name[:1].upper() + function.name[1:]
