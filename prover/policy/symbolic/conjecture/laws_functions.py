"""Laws of accumulators, and of functions applied to what constructors and other functions make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dafny_env.scope import INTEGERS, TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from prover.policy.symbolic.conjecture.draft import Draft, Shapes, others_of, titled, with_variables
from prover.policy.symbolic.conjecture.opening import Opening
from prover.policy.symbolic.conjecture.terms import (
    BOOL,
    INT,
    NAT,
    Fn,
    Term,
    added,
    element_of,
    instance,
    is_integer,
    is_sequence,
    number,
    unify,
)


def accumulated(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """With any accumulators, in terms of the functions that have none; of itself with the usual first ones."""
    if not f.gathers:
        return
    family, others = f"{titled(f)}Accumulates", others_of(f, functions)[1:]
    draft = Draft(table)
    yield draft.opening(family, with_variables(draft, f, {}), f.result, others, 0)
    for k in f.descending:
        type_ = f.params[k].type
        if type_ is not None and is_integer(type_, table):
            draft = Draft(table)
            n = draft.variable(type_)
            following = added(n, number(1))
            left = with_variables(draft, f, {k: following})
            draft.parts.insert(1, Term(following, type_))
            yield draft.opening(f"{family}Next", left, f.result, others, 0)
    draft = Draft(table)
    left = with_variables(draft, f, {})
    types = dict.fromkeys(t for k in f.gathers if (t := f.params[k].type) is not None)
    draft.parts += [Term(e, t) for t in types for e in _first_values(t, table)]
    yield draft.opening(family, left, f.result, [*others, f], 1)


def _first_values(type_: Type, table: TypeTable) -> Iterator[ast.Expr]:
    resolved = table.resolve(type_) or type_
    if resolved.name in INTEGERS:
        yield from (number(0), number(1))
    elif resolved.name in ("seq", "string"):
        yield ast.SeqDisplay(())


def composed(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """A function of what a function of the file gives, in an argument that it takes apart."""
    shape = shapes[f.name]
    for k, formal in enumerate(f.params):
        if formal.type is None or (shape.calls and not shape.descends(k)):
            continue
        for h in functions:
            resolved = table.resolve(h.result) or h.result
            if resolved.name in (*INTEGERS, "bool", "char", "real"):
                continue
            draft = Draft(table)
            if not unify(formal.type, h.result, draft.types, table):
                continue
            inner = with_variables(draft, h, {})
            left = with_variables(draft, f, {k: inner})
            family = f"{titled(f)}{titled(h)}" if f.name != h.name else f"{titled(f)}Twice"
            others = (
                [f, h, *(g for g in functions if g.name not in (f.name, h.name))]
                if h.name != f.name
                else others_of(f, functions)
            )
            yield draft.opening(family, left, f.result, others, 1)


def built(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """At a constant or a constructor in an argument that it does not take apart."""
    shape = shapes[f.name]
    for k, formal in enumerate(f.params):
        resolved = table.resolve(formal.type)
        if resolved is None or resolved.name not in table.datatypes or (shape.calls and shape.descends(k)):
            continue
        for constructor in table.datatypes[resolved.name].constructors:
            draft = Draft(table)
            made: ast.Expr = ast.Name(constructor.name)
            if constructor.params:
                values = {
                    p.name: a for p, a in zip(table.datatypes[resolved.name].type_params, resolved.args, strict=False)
                }
                args = [draft.variable(instance(p.type, values)) for p in constructor.params if p.type is not None]
                made = ast.Call(made, tuple(args))
            yield draft.opening(
                f"{titled(f)}{constructor.name}",
                with_variables(draft, f, {k: made}),
                f.result,
                others_of(f, functions),
                0,
            )
        if resolved.name == (table.resolve(f.result) or f.result).name and len(f.params) == 2:
            draft = Draft(table)
            a, b = draft.variable(formal.type or INT), draft.variable(f.params[1 - k].type or INT)
            turned = f.call([b, a] if k == 0 else [a, b])
            draft.parts = [Term(f.call([a, b] if k == 0 else [b, a]), f.result)]
            yield draft.opening(f"{titled(f)}Swapped", turned, f.result, [], 3)


def observed(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """Lengths, elements and multisets of what a function gives."""
    resolved = table.resolve(f.result) or f.result
    if resolved.name not in ("seq", "string", "set", "multiset", "map"):
        return
    draft = Draft(table)
    left: ast.Expr = ast.Cardinality(with_variables(draft, f, {}))
    numeric = [g for g in functions if is_integer(g.result, table)]
    yield draft.opening(f"{titled(f)}Size", left, NAT, [f, *numeric], 1)
    if resolved.name in ("seq", "string"):
        draft = Draft(table)
        left = ast.MultisetOf(with_variables(draft, f, {}))
        element = element_of(f.result, table)
        for name, type_ in list(draft.variables.items()):
            if is_sequence(type_, table):
                draft.parts.append(Term(ast.MultisetOf(ast.Name(name)), Type("multiset", (element,))))
            elif type_ == element:
                draft.parts.append(Term(ast.SetDisplay("multiset", (ast.Name(name),)), Type("multiset", (element,))))
        yield draft.opening(f"{titled(f)}Elements", left, Type("multiset", (element,)), [f], 2)
    if resolved.name != "map":
        draft = Draft(table)
        x = draft.variable(element_of(f.result, table) if resolved.name != "set" else resolved.args[0])
        left = ast.Binary("in", x, with_variables(draft, f, {}))
        yield draft.opening(f"{titled(f)}Has", left, BOOL, [f, *functions[:3]], 3)


def fed(f: Fn, shapes: Shapes, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """A function that takes a sequence apart and gathers something, given what another function makes and a rest."""
    for k in f.descending:
        type_ = f.params[k].type
        if not f.gathers or type_ is None or not is_sequence(type_, table):
            continue
        for g in functions:
            draft = Draft(table)
            if g.name == f.name or not is_sequence(g.result, table) or not unify(type_, g.result, draft.types, table):
                continue
            made = with_variables(draft, g, {})
            left = with_variables(draft, f, {k: added(made, draft.variable(type_))})
            others = [f, *(h for h in functions if h.name not in (f.name, g.name))]
            yield draft.opening(f"{titled(f)}{titled(g)}", left, f.result, others, 1)
