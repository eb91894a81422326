"""The formulas that candidates at a loop are made from: the specification's, taken apart, unfolded and instantiated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from dafny_env.syntax import ast
from dafny_env.syntax.walk import free_names, substitute, walk
from prover.policy.symbolic.view import (
    View,
    conjuncts,
    fresh_names,
    mentions,
    printed,
    rename_bound,
    replace_node,
)

MAX_SOURCES = 60


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
    found: dict[str, ast.Expr] = {}
    todo = [part for expr in reversed(exprs) for part in reversed([*conjuncts(expr), *_whole(expr)])]
    while todo and len(found) < MAX_SOURCES:
        part = todo.pop()
        text = printed(part)
        if text not in found:
            found[text] = part
            todo += reversed([*_parts(part), *_instances(view, part), *_unfoldings(view, part), *_not_yet(part)])
    known = view.taken() | view.table.fields.keys() | view.table.constructors.keys()
    unique: dict[str, ast.Expr] = {}
    for expr in [*found.values(), *(p for e in found.values() if (p := pointwise(view, e)) is not None)]:
        if free_names(expr) <= known:  # else it was taken out of the scope of a bound variable
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


def _whole(expr: ast.Expr) -> list[ast.Expr]:
    """A chained comparison itself, besides its links."""
    return [expr] if isinstance(expr, ast.Chain) else []


def _parts(expr: ast.Expr) -> Iterator[ast.Expr]:
    """What an implication concludes; both sides and directions of an equivalence, and the halves of a side with two."""
    match expr:
        case ast.Binary(op="<==>", left=left, right=right):
            yield from (ast.Binary("==>", left, right), ast.Binary("==>", right, left), left, right)
            for one, other in ((left, right), (right, left)):
                halves = list(conjuncts(other))
                if len(halves) > 1:
                    yield from (ast.Binary("<==>", one, half) for half in halves)
        case ast.Binary(op="==>", right=right):
            yield right
        case ast.Quantifier(kind="forall"):
            yield from directions(expr)


def _instances(view: View, expr: ast.Expr) -> Iterator[ast.Expr]:
    """What holds of the one that exists, for each local integer that may be it; and what holds of every row, for the
    row that a local sequence is becoming."""
    if not isinstance(expr, ast.Quantifier) or len(expr.vars) != 1 or expr.range is not None:
        return
    name = expr.vars[0].name
    integers = [v for v in view.variables if v.role == "local" and v.name in view.integers()]
    if expr.kind == "exists":
        for variable in integers[:4]:
            yield from conjuncts(substitute(expr.body, {name: ast.Name(variable.name)}))
    elif isinstance(expr.body, ast.Binary) and expr.body.op == "==>":
        sequences = [v for v in view.variables if v.role == "local" and v.name in {s for s, _, _ in view.sequences()}]
        for variable in integers[:3]:
            index = ast.Name(variable.name)
            row = substitute(expr.body.right, {name: index})
            elements = dict.fromkeys(n for n in walk(row) if isinstance(n, ast.Index) and n.indices == (index,))
            for element, sequence in product(elements, sequences[:3]):
                if view.moves(sequence.name) and element.object != ast.Name(sequence.name):
                    yield replace_node(row, element, ast.Name(sequence.name))


def _unfoldings(view: View, expr: ast.Expr) -> Iterator[ast.Expr]:
    """The calls of predicates in a formula, what they stand for, and the formula with that in their place."""
    for node in walk(expr):
        if isinstance(node, ast.Call) and (unfolded := _unfold(view, node)) is not None:
            if node is not expr:
                yield node
                yield replace_node(expr, node, unfolded)
            yield from conjuncts(unfolded)


def _not_yet(expr: ast.Expr) -> Iterator[ast.Expr]:
    """For what exists in the end, that none was found so far: `exists k :: 0 <= k < n && P(k)` as `forall k :: 0 <= k
    && k < n ==> !P(k)`."""
    for node in walk(expr):
        if isinstance(node, ast.Quantifier) and node.kind == "exists" and node.range is None and len(node.vars) == 1:
            parts = list(conjuncts(node.body))
            bounds = [p for p in parts if isinstance(p, ast.Binary) and p.op in ("<", "<=", ">", ">=")]
            bounds = [p for p in bounds if ast.Name(node.vars[0].name) in (p.left, p.right)]
            rest = [p for p in parts if p not in bounds]
            if bounds and rest:
                body = ast.Binary("==>", _all(bounds), ast.Unary("!", _all(rest)))
                yield ast.Quantifier("forall", node.vars, None, body)


def _all(parts: Sequence[ast.Expr]) -> ast.Expr:
    """The conjunction of one or more formulas."""
    result = parts[0]
    for part in parts[1:]:
        result = ast.Binary("&&", result, part)
    return result


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
            body = ast.Binary("==>", _all(rest), substitute(right, {name: value}))
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
