"""Inequalities worth conjecturing of functions with integer values: bounds by what they are given, by each other, and
growth; and closed forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from math import lcm

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from prover.policy.symbolic.conjecture.completion import natural_arguments
from prover.policy.symbolic.conjecture.draft import Draft, titled, with_variables
from prover.policy.symbolic.conjecture.lab import LEAST, Column, Lab
from prover.policy.symbolic.conjecture.statement import Conjecture, conjecture
from prover.policy.symbolic.conjecture.terms import (
    BOOL,
    INT,
    NAT,
    Fn,
    Term,
    at,
    element_of,
    is_integer,
    is_sequence,
    number,
    requirements,
    upto,
)
from prover.policy.symbolic.polynomials import null_space

MAX_BOUNDS = 16
DEGREE = 2
"""Of polynomials that are tried as closed forms."""


def facts(functions: Sequence[Fn], lab: Lab, table: TypeTable, taken: frozenset[str]) -> Iterator[Conjecture]:
    """What holds of the functions on small inputs, those of a function together."""
    for function in functions:
        if function.result == BOOL:
            for found in _of_pairs(function, functions, lab, table, taken):
                if lab.survives(found):
                    yield found
        if is_integer(function.result, table) and function.descending:
            for found in (
                *_closed_forms(function, functions, lab, table, taken),
                *_growth(function, functions, lab, table, taken),
                *_bounds(function, functions, lab, table, taken),
            ):
                if lab.tired:
                    return
                if lab.survives(found):
                    yield found


def _drafted(
    draft: Draft, exprs: Sequence[ast.Expr], functions: Sequence[Fn]
) -> tuple[Mapping[str, Type], list[ast.Expr]]:
    opening = draft.opening("", exprs[0], INT, (), 0)
    requires = [*opening.requires, *requirements(exprs, functions)]
    for expr in exprs:
        requires += natural_arguments(expr, functions, opening.variables, draft.table)
    return opening.variables, requires


def _bounds(f: Fn, functions: Sequence[Fn], lab: Lab, table: TypeTable, taken: frozenset[str]) -> Iterator[Conjecture]:
    draft = Draft(table)
    call = with_variables(draft, f, {})
    variables, requires = _drafted(draft, [call], functions)
    inputs = lab.inputs(variables, requires)
    values = lab.column(call, inputs, lenient=True) if len(inputs) >= LEAST else None
    if values is None:
        return
    atoms = [Term(number(0), INT), Term(number(1), INT)] if f.result != NAT else [Term(number(1), INT)]
    for name, type_ in variables.items():
        if is_sequence(type_, table):
            atoms.append(Term(ast.Cardinality(ast.Name(name)), NAT))
        elif is_integer(type_, table):
            atoms.append(Term(ast.Name(name), type_))
    for g in functions:
        if g.name != f.name and is_integer(g.result, table):
            choices = [[ast.Name(n) for n, t in variables.items() if t == p.type] for p in g.params]
            atoms += [Term(g.call(args), INT) for args in islice(product(*choices), 2)]
    for atom in atoms[:MAX_BOUNDS]:
        column = lab.column(atom.expr, inputs, lenient=True)
        for op in _comparisons(values, column) if column is not None else ():
            more = [*requires, *requirements([atom.expr], functions)]
            yield conjecture(
                f"{titled(f)}Bound", variables, more, ast.Binary(op, call, atom.expr), table, cost=2, taken=taken
            )


def _comparisons(values: Column, others: Column) -> Iterator[str]:
    """The comparison that holds throughout, where it is tight somewhere and the columns differ."""
    pairs = [(a, b) for a, b in zip(values, others, strict=True) if a is not None and b is not None]
    if len(pairs) < LEAST or len({a - b for a, b in pairs}) < 2:
        return
    least, most = min(a - b for a, b in pairs), max(a - b for a, b in pairs)
    if most in (0, -1):
        yield "<=" if most == 0 else "<"
    if least in (0, 1):
        yield ">=" if least == 0 else ">"


def _growth(f: Fn, functions: Sequence[Fn], lab: Lab, table: TypeTable, taken: frozenset[str]) -> Iterator[Conjecture]:
    """Monotony in a number that the recursion is on, and in the length of a prefix."""
    for position in f.descending:
        type_ = f.params[position].type
        if type_ is None:
            continue
        draft = Draft(table)
        if is_integer(type_, table):
            m, n = draft.variable(type_), draft.variable(type_)
            low: ast.Expr = m
            high: ast.Expr = n
            condition: ast.Expr = ast.Binary("<=", m, n)
        elif is_sequence(type_, table):
            s, n = draft.variable(type_), draft.variable(NAT)
            low, high = upto(s, n), s
            condition = ast.Binary("<=", n, ast.Cardinality(s))
        else:
            continue
        draft.requires.append(condition)
        context = {k: draft.variable(p.type) for k, p in enumerate(f.params) if k != position and p.type is not None}
        args = [context.get(k) for k in range(len(f.params))]
        less, more = (f.call([a if a is not None else end for a in args]) for end in (low, high))
        variables, requires = _drafted(draft, [less, more], functions)
        inputs = lab.inputs(variables, requires)
        if len(inputs) < LEAST:
            continue
        small, large = lab.column(less, inputs, lenient=True), lab.column(more, inputs, lenient=True)
        if small is None or large is None:
            continue
        pairs = [(a, b) for a, b in zip(small, large, strict=True) if a is not None and b is not None]
        if len({b - a for a, b in pairs}) < 2:
            continue
        for op in ("<=", ">="):
            if all(a <= b if op == "<=" else a >= b for a, b in pairs):
                yield conjecture(
                    f"{titled(f)}Grows", variables, requires, ast.Binary(op, less, more), table, cost=2, taken=taken
                )


def _of_pairs(
    f: Fn, functions: Sequence[Fn], lab: Lab, table: TypeTable, taken: frozenset[str]
) -> Iterator[Conjecture]:
    """What a predicate says of any two elements of a sequence, in order, or of one and what else it is given."""
    for position in f.descending:
        type_ = f.params[position].type
        if type_ is None or not is_sequence(type_, table) or not is_integer(element_of(type_, table), table):
            continue
        draft = Draft(table)
        s, i, j = draft.variable(type_), draft.variable(NAT), draft.variable(NAT)
        call = with_variables(draft, f, {position: s})
        draft.requires += [ast.Binary("<", i, j), ast.Binary("<", j, ast.Cardinality(s)), call]
        variables, requires = _drafted(draft, [call], functions)
        inputs = lab.inputs(variables, requires)
        first, second = at(s, i), at(s, j)
        values = lab.column(first, inputs) if len(inputs) >= LEAST else None
        others = [second, *(a for k, a in enumerate(f.arguments(call) or ()) if k != position)]
        for other in others if values is not None else ():
            column = lab.column(other, inputs)
            if values is None or column is None or not all(type(x) is int for x in column):
                continue
            for op, holds in (("<=", int.__le__), (">=", int.__ge__), ("!=", int.__ne__)):
                if all(holds(x, y) for x, y in zip(values, column, strict=True)):
                    strict = op != "!=" and all(x != y for x, y in zip(values, column, strict=True))
                    told = ast.Binary(op[0] if strict else op, first, other)
                    yield conjecture(f"{titled(f)}Elements", variables, requires, told, table, cost=1, taken=taken)
                    break


def _closed_forms(
    f: Fn, functions: Sequence[Fn], lab: Lab, table: TypeTable, taken: frozenset[str]
) -> Iterator[Conjecture]:
    """A polynomial in the only number that it is given."""
    if len(f.params) != 1 or f.params[0].type is None or not is_integer(f.params[0].type, table):
        return
    draft = Draft(table)
    n = draft.variable(f.params[0].type)
    call = f.call([n])
    variables, requires = _drafted(draft, [call], functions)
    inputs = lab.inputs(variables, requires)
    numbers, values = lab.column(n, inputs), lab.column(call, inputs)
    if numbers is None or values is None or len(set(numbers)) < DEGREE + 4:
        return
    rows = [[Fraction(x**k) for k in range(DEGREE + 1)] + [Fraction(y)] for x, y in zip(numbers, values, strict=True)]
    for vector in null_space(rows, DEGREE + 2):
        if not vector[-1]:
            continue
        weights = [-c / vector[-1] for c in vector[:-1]]
        scale = lcm(*(w.denominator for w in weights))
        left = call if scale == 1 else ast.Binary("*", number(scale), call)
        told = ast.Binary("==", left, _polynomial(n, [int(w * scale) for w in weights]))
        yield conjecture(f"{titled(f)}Closed", variables, requires, told, table, cost=1, taken=taken)


def _polynomial(n: ast.Expr, weights: Sequence[int]) -> ast.Expr:
    """`n * n + 9 * n` of weights by degree."""
    total: ast.Expr | None = None
    for degree, weight in reversed(list(enumerate(weights))):
        if not weight:
            continue
        factors = [number(abs(weight))] if abs(weight) != 1 or not degree else []
        part: ast.Expr | None = None
        for factor in (*factors, *[n] * degree):
            part = factor if part is None else ast.Binary("*", part, factor)
        assert part is not None
        if total is None:
            total = part if weight > 0 else ast.Unary("-", part)
        else:
            total = ast.Binary("+" if weight > 0 else "-", total, part)
    return total if total is not None else number(0)
