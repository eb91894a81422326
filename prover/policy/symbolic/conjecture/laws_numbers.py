"""Laws of functions on numbers: at sums, products and doubles, and of ranges that end elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from prover.policy.symbolic.conjecture.draft import Draft, Shapes, others_of, titled, with_variables
from prover.policy.symbolic.conjecture.opening import Opening
from prover.policy.symbolic.conjecture.recursion import Move
from prover.policy.symbolic.conjecture.terms import (
    INT,
    Fn,
    Term,
    added,
    at,
    element_of,
    is_integer,
    number,
)


def at_numbers(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """Sums, products and doubles where the recursion goes down by one number; the same of the others."""
    shape = shapes[f.name]
    descending = [k for k, p in enumerate(f.params) if p.type and is_integer(p.type, table) and shape.descends(k)]
    if len(descending) != 1:
        return
    for k, formal in enumerate(f.params):
        if formal.type is None or not is_integer(formal.type, table):
            continue
        draft = Draft(table)
        type_ = formal.type
        m, n = draft.variable(type_), draft.variable(type_)
        if k == descending[0]:
            one = number(1)
            yield draft.opening(
                f"{titled(f)}Sum", with_variables(draft, f, {k: added(m, n)}), f.result, others_of(f, functions), 2
            )
            draft = Draft(table)
            m, n = draft.variable(type_), draft.variable(type_)
            draft.parts += [Term(added(m, one), type_), Term(added(n, one), type_)]
            left = with_variables(draft, f, {k: added(added(m, n), one)})
            yield draft.opening(f"{titled(f)}SumAndOne", left, f.result, [f], 4)
            draft = Draft(table)
            n = draft.variable(type_)
            left = with_variables(draft, f, {k: ast.Binary("*", number(2), n)})
            yield draft.opening(f"{titled(f)}Double", left, f.result, others_of(f, functions), 3)
            draft = Draft(table)
            m, n = draft.variable(type_), draft.variable(type_)
        else:
            yield draft.opening(
                f"{titled(f)}Sum", with_variables(draft, f, {k: added(m, n)}), f.result, others_of(f, functions), 4
            )
            draft = Draft(table)
            m, n = draft.variable(type_), draft.variable(type_)
        left = with_variables(draft, f, {k: ast.Binary("*", m, n)})
        yield draft.opening(f"{titled(f)}Product", left, f.result, others_of(f, functions), 4, nested=True)


def at_ranges(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """A range of numbers taken apart at its other end, and in the middle."""
    shape = shapes[f.name]
    numbers = [k for k, p in enumerate(f.params) if p.type is not None and is_integer(p.type, table)]
    for k in numbers:
        moves = shape.moves(k)
        for j in numbers:
            if j == k or shape.moves(j) != {Move.SAME} or not moves & {Move.UP, Move.DOWN} or len(moves) != 1:
                continue
            up = Move.UP in moves
            low, high = (k, j) if up else (j, k)
            yield from _range(f, low, high, functions, table, up=up)


def _range(f: Fn, low: int, high: int, functions: Sequence[Fn], table: TypeTable, *, up: bool) -> Iterator[Opening]:
    one = number(1)
    draft = Draft(table)
    lo, hi = draft.variable(f.params[low].type or INT), draft.variable(f.params[high].type or INT)
    draft.requires.append(ast.Binary("<", lo, hi))
    inner = ast.Binary("-", hi, one) if up else added(lo, one)
    context = {k: draft.variable(p.type) for k, p in enumerate(f.params) if k not in (low, high) and p.type is not None}
    edge = inner if up else lo
    draft.parts.append(Term(edge, INT))
    draft.parts += [
        Term(at(name, edge), element_of(draft.variables[name.id], table))
        for name in context.values()
        if _indexed(draft.variables[name.id], table)
    ]
    draft.parts.append(Term(inner, f.params[high if up else low].type or INT))
    left = f.call([context.get(k, lo if k == low else hi) for k in range(len(f.params))])
    yield draft.opening(f"{titled(f)}OtherEnd", left, f.result, [f, *others_of(f, functions)[1:3]], 0)
    draft = Draft(table)
    lo, mid, hi = (draft.variable(t) for t in (f.params[low].type or INT, INT, f.params[high].type or INT))
    draft.requires.append(ast.Chain(("<=", "<="), (lo, mid, hi)))
    context = {k: draft.variable(p.type) for k, p in enumerate(f.params) if k not in (low, high) and p.type is not None}
    left = f.call([context.get(k, lo if k == low else hi) for k in range(len(f.params))])
    yield draft.opening(f"{titled(f)}Split", left, f.result, [f], 1)


def _indexed(type_: Type, table: TypeTable) -> bool:
    resolved = table.resolve(type_) or type_
    return resolved.name in ("seq", "string", "array")
