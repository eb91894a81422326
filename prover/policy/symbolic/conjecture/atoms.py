"""What the other side of an equation may be made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, product

from dafny_env.scope import INTEGERS, TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from prover.policy.symbolic.conjecture.opening import Opening
from prover.policy.symbolic.conjecture.terms import (
    BOOL,
    INT,
    NAT,
    Fn,
    Term,
    element_of,
    instance,
    is_integer,
    is_sequence,
    number,
    settled,
    unify,
)

MAX_CALLS, MAX_NESTED, MAX_GATHERED, CALLED = 40, 120, 16, 6
"""Calls on parts, calls on calls, new accumulators, and functions that are called."""


Distinct = Callable[[Sequence[Term], Sequence[Term]], list[Term]]


def atoms_of(opening: Opening, table: TypeTable, distinct: Distinct = lambda known, new: list(new)) -> Iterator[Term]:
    """The parts, lengths of sequences, calls of the functions on these, and calls on calls where nothing else combines
    values of the type. distinct: leaves out those new terms that have the values of known ones."""
    parts = list(opening.parts)
    yield from parts
    lengths = [Term(ast.Cardinality(p.expr), NAT) for p in parts if is_sequence(p.type, table)]
    yield from lengths
    wanted = opening.left.type
    if wanted == BOOL:
        yield from _comparisons(parts, table)
    resolved = table.resolve(wanted) or wanted
    data = resolved.name in table.datatypes
    if data:
        nullary = list(_constants(resolved, table))
        yield from nullary
        parts += nullary
    first = list(_distinct(islice(_calls([*parts, *lengths], opening.others, table), 4 * MAX_CALLS), MAX_CALLS))
    first = distinct(parts, first) if data else first
    made = list(islice(_made(resolved, [*parts, *first], table), MAX_CALLS)) if data else []
    made = distinct([*parts, *first], made)
    yield from first
    yield from made
    if is_sequence(wanted, table):
        for part in parts:
            yield Term(ast.SeqDisplay((part.expr,)), Type("seq", (part.type,)))
    if resolved.name in ("set", "multiset") and resolved.args:
        for part in parts:
            if _same(part.type, resolved.args[0], table):
                yield Term(ast.SetDisplay("set" if resolved.name == "set" else "multiset", (part.expr,)), resolved)
    if wanted != BOOL and (data or opening.nested or any(f.gathers for f in opening.others[:2])):
        inner = [t for t in (*first, *made) if _same(t.type, wanted, table)]
        inner += list(islice(_gathered(opening.others, parts, first, table), MAX_GATHERED))
        yield from islice(_nested(inner, parts, opening.others, wanted, table), MAX_NESTED)


def _gathered(
    functions: Iterable[Fn], parts: Sequence[Term], calls: Sequence[Term], table: TypeTable
) -> Iterator[Term]:
    """What may be passed on for an accumulator: it with something added."""
    for type_ in dict.fromkeys(t for f in functions for k in f.gathers if (t := f.params[k].type) is not None):
        own = [p for p in parts if _same(type_, p.type, table)]
        if is_sequence(type_, table):
            element = element_of(type_, table)
            for item in (*calls, *parts):
                if _same(element, item.type, table):
                    for part in own:
                        one = ast.SeqDisplay((item.expr,))
                        yield Term(ast.Binary("+", one, part.expr), type_)
                        yield Term(ast.Binary("+", part.expr, one), type_)
        elif is_integer(type_, table):
            for item in (*calls, *parts):
                if is_integer(item.type, table):
                    for part in own:
                        if item != part:
                            yield Term(ast.Binary("+", item.expr, part.expr), INT)


def _same(left: Type, right: Type, table: TypeTable) -> bool:
    return unify(left, right, {}, table)


def _distinct(terms: Iterable[Term], most: int) -> Iterator[Term]:
    seen: set[ast.Expr] = set()
    for term in terms:
        if term.expr not in seen:
            seen.add(term.expr)
            yield term
            if len(seen) >= most:
                return


def _calls(terms: Sequence[Term], functions: Iterable[Fn], table: TypeTable) -> Iterator[Term]:
    """Calls with terms for arguments, of each function in turn."""
    for function in islice(functions, CALLED):
        choices = [[t for t in terms if p.type is not None and _passes(t, p.type, table)][:6] for p in function.params]
        for args in islice(product(*choices), MAX_CALLS):
            call = function.call([a.expr for a in args])
            result = _result(function, args, table)
            if result is not None and not function.tells_at_once(call, table):
                yield Term(call, result)


def _passes(term: Term, wanted: Type, table: TypeTable) -> bool:
    return unify(wanted, term.type, {}, table) and not (wanted == NAT and term.type == INT)


def _result(function: Fn, args: Sequence[Term], table: TypeTable) -> Type | None:
    found: dict[str, Type] = {}
    for formal, argument in zip(function.params, args, strict=True):
        if formal.type is None or not unify(formal.type, argument.type, found, table):
            return None
    return settled(function.result, found)


def _constants(type_: Type, table: TypeTable) -> Iterator[Term]:
    for constructor in table.datatypes[type_.name].constructors:
        if not constructor.params:
            yield Term(ast.Name(constructor.name), type_)


def _made(type_: Type, terms: Sequence[Term], table: TypeTable) -> Iterator[Term]:
    """Constructors applied to terms."""
    datatype = table.datatypes[type_.name]
    values = {p.name: a for p, a in zip(datatype.type_params, type_.args, strict=False)}
    for constructor in datatype.constructors:
        if not constructor.params:
            continue
        types = [instance(p.type, values) if p.type is not None else None for p in constructor.params]
        choices = [[t for t in terms if w is not None and _same(w, t.type, table)] for w in types]
        for args in islice(product(*(c[:8] for c in choices)), MAX_CALLS):
            yield Term(ast.Call(ast.Name(constructor.name), tuple(a.expr for a in args)), type_)


def _nested(
    inner: Sequence[Term], parts: Sequence[Term], functions: Iterable[Fn], wanted: Type, table: TypeTable
) -> Iterator[Term]:
    """Calls one of whose arguments is a call, or two of them."""
    for function in islice(functions, CALLED):
        if not _same(function.result, wanted, table):
            continue
        choices = []
        for formal in function.params:
            plain = [t for t in parts if formal.type is not None and _passes(t, formal.type, table)][:5]
            calls = [t for t in inner if formal.type is not None and _passes(t, formal.type, table)][:12]
            choices.append([*plain, *calls])
        for args in islice(product(*choices), 4 * MAX_NESTED):
            call = function.call([a.expr for a in args])
            if not any(a in inner for a in args) or function.tells_at_once(call, table):
                continue
            if (result := _result(function, args, table)) is not None:
                yield Term(call, result)


def _comparisons(parts: Sequence[Term], table: TypeTable) -> Iterator[Term]:
    """Comparisons of numbers and elements, also of the ends of sequences where there are any."""
    numbers = [p for p in parts if is_integer(p.type, table)]
    for k, left in enumerate(numbers):
        for right in numbers[k + 1 :]:
            for op in ("<=", ">=", "==", "<", ">", "!="):
                yield Term(ast.Binary(op, left.expr, right.expr), BOOL)
    sequences = [p for p in parts if is_sequence(p.type, table) and _numeric(p.type, table)]
    empty = [ast.Binary("==", ast.Cardinality(s.expr), number(0)) for s in sequences]
    for k, left in enumerate(sequences):
        last = ast.Index(left.expr, (ast.Binary("-", ast.Cardinality(left.expr), number(1)),))
        first = ast.Index(left.expr, (number(0),))
        for other in numbers:
            for op in ("<=", "<"):
                yield Term(ast.Binary("||", empty[k], ast.Binary(op, last, other.expr)), BOOL)
                yield Term(ast.Binary("||", empty[k], ast.Binary(op, other.expr, first)), BOOL)
        for m, right in enumerate(sequences):
            if m != k:
                start = ast.Index(right.expr, (number(0),))
                for op in ("<=", "<"):
                    either = ast.Binary("||", empty[k], empty[m])
                    yield Term(ast.Binary("||", either, ast.Binary(op, last, start)), BOOL)
    for collection in parts:
        resolved = table.resolve(collection.type) or collection.type
        if resolved.name in ("seq", "set", "multiset") and resolved.args:
            for part in parts:
                if _same(part.type, resolved.args[0], table):
                    yield Term(ast.Binary("in", part.expr, collection.expr), BOOL)


def _numeric(type_: Type, table: TypeTable) -> bool:
    resolved = table.resolve(type_) or type_
    inner = table.resolve(resolved.args[0]) if resolved.args else None
    return inner is not None and inner.name in INTEGERS
