"""Relations between the loop's variables and the file's functions, read off observed values: linear ones, and equal
terms.

Terms are enumerated from small to large and told apart by their values at some states (observational equivalence, as in
QuickSpec: Claessen, Smallbone and Hughes, TAP 2010). What moves and always equals something that does not is what the
loop keeps. Nothing here is believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from math import gcd
from typing import Any

from dafny_env.scope import INTEGERS
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import free_names
from prover.policy.symbolic.columns import Column, column, integer_columns, sample
from prover.policy.symbolic.functions import calls
from prover.policy.symbolic.generalise import in_turn, term
from prover.policy.symbolic.polynomials import null_space
from prover.policy.symbolic.view import Idea, Oracle, View

STATES, ELSEWHERE = 20, 30
"""States that relations are read off, and changed ones in which they should fail."""
MAX_CALLS, MAX_TERMS, MAX_NEW = 24, 260, 90
"""Calls looked at for linear relations; terms in all, and per way of making them."""
COEFFICIENT = 4
"""The largest coefficient of a linear relation."""


def relations(view: View, oracle: Oracle) -> Iterator[Idea]:
    """Linear relations with a function's value in them, and terms that keep their value."""
    states = sample(oracle.states(view.loop.offset), STATES)
    if len(states) < 4:
        return
    for idea in in_turn(_linear(view, oracle, states), _combined(view, oracle, states), _kept(view, oracle, states)):
        if not _everywhere(view, oracle, idea):
            yield idea


def _everywhere(view: View, oracle: Oracle, idea: Idea) -> bool:
    """Whether a relation holds as well where the loop never gets: then it says nothing of the loop."""
    expr = term(idea.text)
    names = [n for n in sorted(free_names(expr)) if view.moves(n)]
    exchanged = oracle.exchanged(view.loop.offset, names, ELSEWHERE) if names else []
    return bool(exchanged) and not any(oracle.value(expr, state) is False for state in exchanged)


# -------------------------------------------------------------------------------------------------------------- linear


def _linear(view: View, oracle: Oracle, states: Sequence[Any]) -> Iterator[Idea]:
    """`x == y + f(..)`: one function's value among the integer variables."""
    plain = integer_columns(view, oracle, states)
    names = [t for t in plain if view.moves(t)][:4] + [t for t in plain if not view.moves(t) and "|" not in t][:3]
    seen: set[Column] = set()
    for text, _ in islice(calls(view), 4 * MAX_CALLS):
        if len(seen) >= MAX_CALLS:
            return
        values = column(oracle, states, text)
        if values is None or values in seen or not all(type(v) is int for v in values) or len(set(values)) < 3:
            continue
        seen.add(values)
        columns = [tuple(1 for _ in states), *(plain[n] for n in names), values]
        rows = [[Fraction(c[k]) for c in columns] for k in range(len(states))]
        for vector in null_space(rows, len(columns)):
            if vector[-1] and (idea := _relation(view, vector, ["1", *names, text])) is not None:
                yield idea


def _relation(view: View, vector: Sequence[Fraction], terms: Sequence[str]) -> Idea | None:
    scale = 1
    for x in vector:
        scale = scale * x.denominator // gcd(scale, x.denominator)
    parts = [(int(x * scale), t) for x, t in zip(vector, terms, strict=True) if x]
    moving = any(view.moves(t) for _, t in parts)
    if len(parts) > 4 or len(parts) < 2 or not moving or any(abs(c) > COEFFICIENT for c, _ in parts):
        return None
    sides = [[(c, t) for c, t in parts if c > 0], [(-c, t) for c, t in parts if c < 0]]
    return Idea(" == ".join(_sum(s) for s in sides), "relation", 2) if all(sides) else None


def _sum(parts: Sequence[tuple[int, str]]) -> str:
    return " + ".join(str(c) if t == "1" else t if c == 1 else f"{c} * {t}" for c, t in parts)


def _combined(view: View, oracle: Oracle, states: Sequence[Any]) -> Iterator[Idea]:
    """`x * f(..) == g(..)` and `x + f(..) == g(..)` of real numbers: what is done, and what is left to do."""
    reals = {n: c for n in view.of_type("real") if n not in view.unset and (c := column(oracle, states, n)) is not None}
    called: dict[Column, str] = {}
    for text, type_ in islice(calls(view), 4 * MAX_CALLS):
        if type_ is not None and type_.name == "real" and len(called) < MAX_CALLS:
            values = column(oracle, states, text)
            if values is not None and len(set(values)) > 2:
                called.setdefault(values, text)
    targets = {**{c: n for n, c in reals.items()}, **called}
    for name, mine in reals.items():
        for values, text in called.items() if view.moves(name) else ():
            for op, both in (
                ("*", tuple(a * b for a, b in zip(mine, values, strict=True))),
                ("+", tuple(a + b for a, b in zip(mine, values, strict=True))),
            ):
                target = targets.get(both)
                if target is not None and target not in (text, name):
                    yield Idea(f"{name} {op} {text} == {target}", "relation", 2)
        if view.moves(name) and mine in called:
            yield Idea(f"{name} == {called[mine]}", "relation", 2)


# --------------------------------------------------------------------------------------------------------------- terms


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    type: Type
    values: Column
    moves: bool


def _kept(view: View, oracle: Oracle, states: Sequence[Any]) -> Iterator[Idea]:
    """Equations between a term that moves and one that does not, or a variable."""
    known = _Known(view, oracle, states)
    for _ in range(2):
        yield from known.grow()


class _Known:
    """The terms so far, the first of each value."""

    def __init__(self, view: View, oracle: Oracle, states: Sequence[Any]) -> None:
        self._view, self._oracle, self._states = view, oracle, states
        self._by_value: dict[tuple[str, Column], list[_Term]] = {}
        self._terms: list[_Term] = []
        self._fresh: list[_Term] = []
        for text, type_ in self._basic():
            self._fresh += [t for t in [self._add(text, type_)] if t is not None]

    def _basic(self) -> Iterator[tuple[str, Type]]:
        view = self._view
        for variable in view.variables:
            type_ = view.type_of(variable)
            if type_ is not None and variable.name not in view.unset and type_.name not in ("bool", "array"):
                yield variable.name, type_
        moving = view.moving_integers()[:2]
        for name, element, array in view.sequences():
            if element is None:
                continue
            sequence = Type("seq", (element,))
            if array:
                yield f"{name}[..]", sequence
            for i in moving:
                yield f"{name}[..{i}]", sequence
                yield f"{name}[{i}..]", sequence
        for datatype in view.table.datatypes.values():
            for constructor in datatype.constructors:
                if not constructor.params and not datatype.type_params:
                    yield constructor.name, Type(datatype.name)

    def _add(self, text: str, type_: Type) -> _Term | None:
        """A term that is new in its value; None for others, those without values among them."""
        values = column(self._oracle, self._states, text)
        if values is None:
            return None
        moves = any(self._view.moves(n) for n in free_names(term(text))) or (
            bool(self._view.loop.writes) and "[" in text
        )
        made = _Term(text, type_, values, moves)
        same = self._by_value.setdefault((type_.name, values), [])
        known = bool(same)
        if len(same) < 4:
            same.append(made)
        if known:
            return None
        self._terms.append(made)
        return made

    def grow(self) -> Iterator[Idea]:
        """Make larger terms, one of whose arguments is new; yields what equals something known."""
        old, fresh = list(self._terms), {id(t) for t in self._fresh}
        self._fresh = []
        for text, type_ in self._larger(old, fresh):
            if len(self._terms) >= MAX_TERMS:
                return
            before = len(self._terms)
            added = self._add(text, type_)
            if added is not None:
                self._fresh.append(added)
            elif len(self._terms) == before:
                yield from self._equations(text, type_)

    def _equations(self, text: str, type_: Type) -> Iterator[Idea]:
        values = column(self._oracle, self._states, text)
        same = self._by_value.get((type_.name, values), []) if values is not None else []
        mine = next((t for t in same if t.text == text), None)
        if mine is None or len(set(mine.values)) < 2:
            return
        still = [t for t in same if not t.moves][:1]
        for other in [t for t in same if t.moves] + still:
            simple = other.text.isidentifier() or text.isidentifier()
            if other is not mine and mine.moves | other.moves and (mine.moves != other.moves or simple):
                left, right = (mine, other) if mine.moves and not other.moves else (other, mine)
                yield Idea(f"{left.text} == {right.text}", "relation", 2)

    def _larger(self, terms: Sequence[_Term], fresh: set[int]) -> Iterator[tuple[str, Type]]:
        view = self._view
        for function in view.table.functions.values():
            result = view.table.resolve(function.result)
            if result is None or not 0 < len(function.params) <= 3 or "twostate" in function.kind:
                continue
            choices = [[t for t in terms if _fits(t, view.table.resolve(p.type))] for p in function.params]
            for args in _simplest(choices, fresh):
                yield f"{function.name}({', '.join(t.text for t in args)})", result
        sequences = [t for t in terms if t.type.name == "seq"]
        for left, right in _simplest([sequences, sequences], fresh):
            if left.type == right.type:
                yield f"{left.text} + {_operand(right.text)}", left.type


def _simplest(choices: Sequence[Sequence[_Term]], fresh: set[int]) -> list[tuple[_Term, ...]]:
    """The arguments with a new term among them, the shortest first."""
    found = (a for a in islice(product(*choices), 4000) if any(id(t) in fresh for t in a))
    return sorted(found, key=lambda a: sum(len(t.text) for t in a))[:MAX_NEW]


def _operand(text: str) -> str:
    return f"({text})" if isinstance(term(text), ast.Binary) else text


def _fits(mine: _Term, wanted: Type | None) -> bool:
    """Whether a term may be passed where a type is wanted; numbers only where they are variables."""
    if wanted is None:
        return False
    if mine.type.name in INTEGERS and wanted.name in INTEGERS:
        return mine.text.isidentifier()
    return mine.type.name == wanted.name and (mine.type.args == wanted.args or not wanted.args or not mine.type.args)
