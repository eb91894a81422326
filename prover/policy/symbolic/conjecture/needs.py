"""What a loop, a branch or a call needs: the terms that its facts speak of before and behind it, related to each other.

The weakest precondition of a fact over plain assignments is an equation between such terms; what both sides have in
common falls away by itself where one of the terms is what an equation is searched for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import free_names, transform, walk
from prover.policy.symbolic.conjecture.opening import Opening
from prover.policy.symbolic.conjecture.relevance import within
from prover.policy.symbolic.conjecture.terms import Fn, Term, element_of, is_integer, settled, unify
from prover.policy.symbolic.conjecture.wanted import Place
from prover.policy.symbolic.instantiate import Term as Call
from prover.policy.symbolic.view import conjuncts

MAX_PAIRS = 16
"""Pairs of terms before and behind, at one place."""


def needs(places: Sequence[Place], functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    """Left-hand sides for what the places of a goal need."""
    for place in places:
        if place.offset is not None:
            yield from _related(place, functions, table)


def _related(place: Place, functions: Sequence[Fn], table: TypeTable) -> Iterator[Opening]:
    pairs = 0
    before = {k.call for k in place.known}
    for wanted in (w for w in place.wanted if w.call not in before):
        head = _function(wanted.call, functions)
        if head is None or not head.descending:
            continue
        near = [k for k in place.known if _shares(k.call, wanted.call, place) and _function(k.call, functions)]
        for known in near:
            if _one_step(known.call, wanted.call, head):
                continue
            if pairs >= MAX_PAIRS:
                return
            pairs += 1
            yield from _both_ways(place, wanted, known, near, functions, table)


def _one_step(left: ast.Expr, right: ast.Expr, function: Fn) -> bool:
    """Whether the calls are of stretches of one sequence that the definition itself goes along."""
    ends = zip(function.arguments(left) or (), function.arguments(right) or (), strict=False)
    for k, (a, b) in enumerate(ends):
        if isinstance(a, ast.Slice) and isinstance(b, ast.Slice) and a.object == b.object:
            if k in function.from_front and a.high == b.high:
                return True
            if k in function.from_back and a.low == b.low:
                return True
    return False


def _function(call: ast.Expr, functions: Sequence[Fn]) -> Fn | None:
    return next((f for f in functions if f.arguments(call) is not None), None)


def _shares(left: ast.Expr, right: ast.Expr, place: Place) -> bool:
    return bool(free_names(left) & free_names(right) & place.scope.keys())


def _both_ways(
    place: Place, wanted: Call, known: Call, near: Sequence[Call], functions: Sequence[Fn], table: TypeTable
) -> Iterator[Opening]:
    head = _function(wanted.call, functions)
    assert head is not None
    name = f"{head.name[:1].upper()}{head.name[1:]}Step"
    sequences = {n: _as_sequence(t) for n, t in place.scope.items()}
    arrays = frozenset(n for n, t in place.scope.items() if t.name in ("array", "array?"))
    conditions = [c for e in wanted.conditions for c in conjuncts(e)]
    for left, right in ((known, wanted), (wanted, known)):
        exprs = [_whole(e, arrays) for e in (left.call, right.call, *conditions)]
        first, second, *rest = exprs
        used = (free_names(first) | free_names(second)) & sequences.keys()
        variables = {n: sequences[n] for n in sorted(used)}
        left_type, right_type = (
            _type_of(first, variables, functions, table),
            _type_of(second, variables, functions, table),
        )
        if left_type is None or right_type is None:
            continue
        requires = [e for e in rest if free_names(e) & place.scope.keys() <= used]
        requires += [g for e in (first, second) for g in within(e, frozenset())]
        parts = [Term(second, right_type), *(Term(ast.Name(n), t) for n, t in variables.items())]
        parts += list(_elements([first, second], variables, table))
        others = [f for f in functions if f.name != head.name and f.distance <= 1]
        yield Opening(name, variables, Term(first, left_type), tuple(parts), tuple(requires), tuple(others[:2]), -1)


def _as_sequence(type_: Type) -> Type:
    return Type("seq", type_.args) if type_.name in ("array", "array?") else type_


def _whole(expr: ast.Expr, arrays: frozenset[str]) -> ast.Expr:
    """A term on arrays, told of the sequences of their elements."""

    def change(node: ast.Node) -> ast.Node:
        match node:
            case ast.Member(object=ast.Name(id=name) as array, name="Length") if name in arrays:
                return ast.Cardinality(array)
            case ast.Slice(object=ast.Name(id=name) as array, low=None, high=None) if name in arrays:
                return array
        return node

    return transform(expr, change)


def _type_of(call: ast.Expr, variables: Mapping[str, Type], functions: Sequence[Fn], table: TypeTable) -> Type | None:
    function = _function(call, functions)
    if function is None:
        return None
    found: dict[str, Type] = {}
    for formal, argument in zip(function.params, function.arguments(call) or (), strict=True):
        own = table.of(argument, variables)
        if formal.type is not None and own is not None and not unify(formal.type, own, found, table):
            return None
    return settled(function.result, found)


def _elements(exprs: Sequence[ast.Expr], variables: Mapping[str, Type], table: TypeTable) -> Iterator[Term]:
    """Elements of sequences at the indices that some terms speak of."""
    indices = {n.id: n for e in exprs for n in walk(e) if isinstance(n, ast.Name) and n.id in variables}
    for name, type_ in variables.items():
        resolved = table.resolve(type_)
        if resolved is None or resolved.name not in ("seq", "string"):
            continue
        for index, node in indices.items():
            if is_integer(variables[index], table):
                yield Term(ast.Index(ast.Name(name), (node,)), element_of(type_, table))
