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
from prover.policy.symbolic.view import (
    Idea,
    View,
    conjuncts,
    mentions,
    occurrences,
    printed,
    rename_bound,
    replace_node,
)

T = TypeVar("T")
MAX_PER_SOURCE = 400


def generalisations(view: View) -> Iterator[Idea]:
    """Candidates from the specification: conjuncts of ensures and requires, and of assertions in the code."""
    seen: set[str] = set()
    for expr in in_turn(*(islice(_variants(view, source), MAX_PER_SOURCE) for source in sources(view))):
        text = printed(expr)
        if text not in seen:
            seen.add(text)
            yield Idea(text, "postcondition", _cost(expr))


def _cost(expr: ast.Expr) -> int:
    cost = 1
    for node in walk(expr):
        if isinstance(node, ast.Quantifier | ast.SetComp | ast.MultisetOf | ast.Slice):
            cost = 3
        elif isinstance(node, ast.Call) or (isinstance(node, ast.Binary) and node.op in ("*", "/", "%")):
            cost = max(cost, 2)
    return cost


def sources(view: View) -> list[ast.Expr]:
    """The formulas to generalise, bound variables renamed apart from the loop's variables, predicates unfolded once."""
    exprs: list[ast.Expr] = []
    for clause in view.decl.clauses:
        if clause.kind in ("ensures", "requires"):
            exprs += clause.exprs
    for node in walk(view.decl):
        if isinstance(node, ast.Assert) and node.span.start > view.loop.offset:
            exprs.append(node.expr)
        elif isinstance(node, ast.Clause) and node.kind == "invariant":
            exprs += node.exprs
    found: list[ast.Expr] = []
    for expr in exprs:
        parts = list(conjuncts(expr))
        if len(parts) > 1 and not isinstance(expr, ast.Binary):
            parts.append(expr)
        for part in parts:
            found.append(part)
            match part:
                case ast.Binary(op="<==>", left=left, right=right):
                    found += [ast.Binary("==>", left, right), ast.Binary("==>", right, left), left, right]
                case ast.Binary(op="==>", right=right):
                    found.append(right)
                case ast.Quantifier(kind="forall"):
                    found += list(directions(part))
            for node in walk(part):
                if isinstance(node, ast.Call) and (unfolded := _unfold(view, node)) is not None:
                    found += [] if node is part else [node]
                    found += list(conjuncts(unfolded))
    unique: dict[str, ast.Expr] = {}
    for expr in [*found, *(p for e in found if (p := pointwise(view, e)) is not None)]:
        renamed = rename_bound(expr, view.taken())
        unique.setdefault(printed(renamed), renamed)
    return list(unique.values())


def pointwise(view: View, expr: ast.Expr) -> ast.Expr | None:
    """An equality of sequences, as one of their elements: `forall k :: 0 <= k < |s| ==> s[k] == t[k]`."""
    if not isinstance(expr, ast.Binary) or expr.op != "==":
        return None
    (name,) = fresh_names(view.taken() | free_names(expr), "k")
    k = ast.Name(name)
    left, right = _element(view, expr.left, k), _element(view, expr.right, k)
    length = _length(view, expr.left)
    if left is None or right is None or length is None:
        return None
    range_ = ast.Chain(("<=", "<"), (ast.Literal("int", 0), k, length))
    body = ast.Binary("==>", range_, ast.Binary("==", left, right))
    return ast.Quantifier("forall", (ast.BoundVar(name),), None, body)


def directions(expr: ast.Quantifier) -> Iterator[ast.Expr]:
    """`forall v :: A <==> B` as its two directions; where one says `(exists k :: P(k) && t(k) == v) ==> Q(v)`, as
    `forall k :: P(k) ==> Q(t(k))`, which speaks of what is there instead of all values."""
    body = expr.body
    if not isinstance(body, ast.Binary) or body.op != "<==>" or expr.range is not None:
        return
    for left, right in ((body.left, body.right), (body.right, body.left)):
        yield _witnessed(expr, left, right) or ast.Quantifier("forall", expr.vars, None, ast.Binary("==>", left, right))


def _witnessed(expr: ast.Quantifier, left: ast.Expr, right: ast.Expr) -> ast.Expr | None:
    if not isinstance(left, ast.Quantifier) or left.kind != "exists" or left.range is not None or len(expr.vars) != 1:
        return None
    name = expr.vars[0].name
    parts = list(conjuncts(left.body))
    for part in parts:
        if isinstance(part, ast.Binary) and part.op == "==" and ast.Name(name) in (part.left, part.right):
            value = part.left if part.right == ast.Name(name) else part.right
            rest = [p for p in parts if p is not part]
            if not rest or mentions(value, [name]) or any(mentions(p, [name]) for p in rest):
                continue
            condition = rest[0]
            for other in rest[1:]:
                condition = ast.Binary("&&", condition, other)
            body = ast.Binary("==>", condition, substitute(right, {name: value}))
            return ast.Quantifier("forall", left.vars, None, body)
    return None


def _element(view: View, expr: ast.Expr, k: ast.Expr) -> ast.Expr | None:
    """The k-th element of a sequence-valued term."""
    match expr:
        case ast.Name(id=name) if any(name == s and not array for s, _, array in view.sequences()):
            return ast.Index(expr, (k,))
        case ast.Slice(object=base, low=low):
            return ast.Index(base, (k if low is None else ast.Binary("+", k, low),))
        case ast.Old(operand=inner):
            element = _element(view, inner, k)
            return None if element is None else ast.Old(element)
    return None


def _length(view: View, expr: ast.Expr) -> ast.Expr | None:
    """The length of a sequence-valued term."""
    match expr:
        case ast.Name():
            return ast.Cardinality(expr)
        case ast.Slice(object=ast.Name(id=name) as base, low=low, high=high):
            array = any(name == s and is_array for s, _, is_array in view.sequences())
            end = high or (ast.Member(base, "Length") if array else ast.Cardinality(base))
            return end if low is None else ast.Binary("-", end, low)
        case ast.Old(operand=inner):
            return _length(view, inner)
    return None


def fresh_names(taken: frozenset[str], *wanted: str) -> list[str]:
    """Names for bound variables that are not taken, primed where need be."""
    found: list[str] = []
    for name in wanted:
        while name in taken or name in found:
            name += "'"
        found.append(name)
    return found


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


def _unfold(view: View, expr: ast.Expr) -> ast.Expr | None:
    """A call of a predicate that does not call itself, replaced by its body."""
    if not isinstance(expr, ast.Call) or not isinstance(expr.function, ast.Name):
        return None
    function = view.table.functions.get(expr.function.id)
    if function is None or not isinstance(function.body, ast.Expr) or len(function.params) != len(expr.args):
        return None
    if any(isinstance(n, ast.Name) and n.id == function.name for n in walk(function.body)):
        return None
    body = rename_bound(function.body, view.taken() | free_names(expr))
    return substitute(body, {f.name: arg for f, arg in zip(function.params, expr.args, strict=True)})


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
    return list(found)


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
