"""Left-hand sides of equations whose other side is searched for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from prover.policy.symbolic.conjecture.terms import (
    Fn,
    Term,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A term worth an equation. parts: what the other side may speak of; calls are made of them. others: functions to
    call there. conditions: what cases may be told apart by. nested: numbers may be calls of calls as well. distance:
    how far from the goal the functions are."""

    family: str
    variables: Mapping[str, Type]
    left: Term
    parts: tuple[Term, ...]
    requires: tuple[ast.Expr, ...] = ()
    others: tuple[Fn, ...] = ()
    cost: int = 0
    distance: int = 0
    conditions: tuple[ast.Expr, ...] = ()
    nested: bool = False
