"""Postconditions made into invariants: a bound, an index or a whole sequence replaced by what the loop has reached.

The oldest idea of the field (Gries, "The Science of Programming": replace a constant by a variable), applied blindly to
every subterm; observed states throw away nearly all of the results before the verifier sees them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse_expression
from dafny_env.syntax.walk import free_names, substitute, walk
from prover.policy.symbolic.simplify import simplified
from prover.policy.symbolic.sources import sources
from prover.policy.symbolic.view import (
    Idea,
    View,
    conjuncts,
    mentions,
    occurrences,
    printed,
    replace_node,
)

T = TypeVar("T")
MAX_PER_SOURCE = 400


def generalisations(view: View) -> Iterator[Idea]:
    """Candidates from the specification: conjuncts of ensures and requires, and of assertions in the code."""
    seen: set[str] = set()
    arrays = {name: array for name, _, array in view.sequences()}
    for expr in in_turn(*(islice(_variants(view, source), MAX_PER_SOURCE) for source in sources(view))):
        told = simplified(expr, arrays)
        text = printed(told)
        if text not in seen:
            seen.add(text)
            yield Idea(text, "postcondition", _cost(told))


def _cost(expr: ast.Expr) -> int:
    """As in `Idea`; quantifiers inside quantifiers are long shots."""
    quantifiers = [n for n in walk(expr) if isinstance(n, ast.Quantifier)]
    if any(inner is not outer for outer in quantifiers for inner in walk(outer) if isinstance(inner, ast.Quantifier)):
        return 4
    cost = 1
    for node in walk(expr):
        if isinstance(node, ast.Quantifier | ast.SetComp | ast.MultisetOf | ast.Slice):
            cost = 3
        elif isinstance(node, ast.Call) or (isinstance(node, ast.Binary) and node.op in ("*", "/", "%")):
            cost = max(cost, 2)
    return cost


def in_turn(*iterators: Iterator[T]) -> Iterator[T]:
    """One of each in turn, until all are used up."""
    waiting = list(iterators)
    while waiting:
        still = []
        for iterator in waiting:
            for item in islice(iterator, 1):
                yield item
                still.append(iterator)
        waiting = still


def _variants(view: View, source: ast.Expr) -> Iterator[ast.Expr]:
    """The source itself where it speaks of something that changes, and with parts replaced by the loop's variables."""
    results = [v.name for v in view.variables if v.role == "result"]
    bases = [source]
    for result in results:
        if not mentions(source, [result]):
            continue
        type_ = next(v.type for v in view.variables if v.name == result)
        for variable in view.variables:
            # What is returned in the end is often another variable while the loop runs.
            if variable.name != result and variable.role == "local" and variable.type == type_:
                bases.append(substitute(source, {result: ast.Name(variable.name)}))
    for base in bases:
        if _changes(view, base):
            yield base
        yield from _outside(view, base)
        once = list(_replace_once(view, base))
        yield from once
        if len(view.moving_integers()) > 1:
            for expr in once[:60]:
                yield from _replace_once(view, expr, only_moving=True)


def _outside(view: View, expr: ast.Expr) -> Iterator[ast.Expr]:
    """For a fact about all pairs, the same of the pairs that two pointers have left behind: `x < low || high <= y`."""
    match expr:
        case ast.Binary(op="==>", left=left, right=right):
            for inner in _outside(view, right):
                yield ast.Binary("==>", left, inner)
                yield inner
        case ast.Quantifier(kind="forall", vars=(first, second), range=None, body=ast.Binary(op="==>") as body):
            moving = view.moving_integers()[:3]
            for low in moving:
                for high in moving:
                    if low != high:
                        behind = ast.Binary("<", ast.Name(first.name), ast.Name(low))
                        ahead = ast.Binary("<=", ast.Name(high), ast.Name(second.name))
                        left_out = ast.Binary("&&", body.left, ast.Binary("||", behind, ahead))
                        yield dataclasses.replace(expr, body=ast.Binary("==>", left_out, body.right))


def _changes(view: View, expr: ast.Expr) -> bool:
    """Whether the formula speaks of anything that the loop may change."""
    names = free_names(expr)
    if any(view.moves(n) for n in names):
        return True
    return bool(view.loop.writes) and any(
        isinstance(n, ast.Index | ast.Slice | ast.Member | ast.Call) for n in walk(expr)
    )


def _replace_once(view: View, expr: ast.Expr, *, only_moving: bool = False) -> Iterator[ast.Expr]:
    """The formula with one kind of subterm replaced, at all of its occurrences or at a single one."""
    for target in _targets(view, expr):
        count = occurrences(expr, target)
        for new in _replacements(view, target):
            if only_moving and isinstance(new, ast.Binary) and not isinstance(target, ast.Slice):
                continue
            yield replace_node(expr, target, new)
            if 1 < count <= 4:
                for k in range(count):
                    yield replace_node(expr, target, new, occurrence=k)


def _targets(view: View, expr: ast.Expr) -> list[ast.Expr]:
    """Integer and sequence subterms of a formula that stand for where the loop is going.

    A literal counts where it is a bound or an argument, not inside arithmetic: `r + 1` does not stand for `r + i`.
    """
    integers = set(view.integers())
    sequences = {name for name, _, _ in view.sequences()}
    ends = _ends(view)
    found: dict[ast.Expr, None] = {}
    arithmetic = {
        id(side)
        for node in walk(expr)
        if isinstance(node, ast.Binary) and node.op in ("+", "-", "*", "/", "%")
        for side in (node.left, node.right)
    }
    for node in walk(expr):
        match node:
            case ast.Literal(kind="int") if id(node) not in arithmetic:
                found[node] = None
            case ast.Name(id=name) if name in integers or name in sequences:
                found[node] = None
            case ast.Cardinality() | ast.Member(name="Length" | "Length0" | "Length1" | "Length2"):
                found[node] = None
            case ast.Slice(object=ast.Name()):
                found[node] = None
            case ast.Binary() if node in ends:
                found[node] = None
    return list(found)


def _ends(view: View) -> set[ast.Expr]:
    """What the loop's guard or header compares with: the terms that a variable is on its way to."""
    node = view.loop.node
    if isinstance(node, ast.For):
        return {e for e in (node.low, node.high) if e is not None}
    guards = [node.guard] if isinstance(node, ast.While) else []
    parts = [p for g in guards for p in conjuncts(g) if isinstance(p, ast.Binary)]
    return {side for p in parts for side in (p.left, p.right)}


def _replacements(view: View, target: ast.Expr) -> Iterator[ast.Expr]:
    moving = view.moving_integers()
    sequences = {name: array for name, _, array in view.sequences()}
    match target:
        case ast.Name(id=name) if name in sequences:
            if not sequences[name]:
                for index in moving:
                    yield ast.Slice(target, None, ast.Name(index))
                    yield ast.Slice(target, ast.Name(index), None)
            for other, array in sequences.items():
                if other != name and array == sequences[name] and view.moves(other):
                    yield ast.Name(other)
        case ast.Slice(object=base):
            for index in moving:
                for end in neighbours(index):
                    if target.low != end:
                        yield ast.Slice(base, target.low, end)
                    if target.high != end:
                        yield ast.Slice(base, end, target.high)
        case _:
            for index in moving:
                if target != ast.Name(index):
                    yield from neighbours(index)
            for name, _, array in view.sequences():
                if not array and view.moves(name):
                    yield ast.Cardinality(ast.Name(name))


def neighbours(index: str) -> list[ast.Expr]:
    """A variable, the next number and the one before."""
    one = ast.Literal("int", 1)
    return [ast.Name(index), ast.Binary("+", ast.Name(index), one), ast.Binary("-", ast.Name(index), one)]


def term(text: str) -> ast.Expr:
    """Parse a term that the program itself wrote.

    Raises:
        ValueError: it is not an expression.
    """
    expr = parse_expression(text)
    if isinstance(expr, ast.Expr):
        return expr
    raise ValueError(f"not an expression: {text}")
