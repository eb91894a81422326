"""Going through a tree, and rewriting expressions: children, free names, substitution, conjuncts, complexity.

Nothing here resolves names. In a match pattern a name without arguments is a variable unless it starts with a capital
letter, as constructors do by convention.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from dafny_env.syntax import ast as A

N = TypeVar("N", bound=A.Node)


_FIELDS: dict[type[A.Node], tuple[str, ...]] = {}


def _field_names(kind: type[A.Node]) -> tuple[str, ...]:
    """The fields of a node class that may hold nodes, found once per class."""
    known = _FIELDS.get(kind)
    if known is None:
        hidden = ("span", "name_span", "body_span", "problems")
        known = tuple(
            f.name for f in fields(kind) if f.name not in hidden and any(word in str(f.type) for word in _NODE_WORDS)
        )
        _FIELDS[kind] = known
    return known


_NODE_WORDS = frozenset(
    name for name, value in vars(A).items() if isinstance(value, type) and issubclass(value, A.Node)
)


def children(node: A.Node) -> tuple[A.Node, ...]:
    """The nodes directly below a node, in the order of the source where they have places in it. A program's problems
    are no part of its tree."""
    found: list[A.Node] = []
    for name in _field_names(type(node)):
        value = getattr(node, name)
        if isinstance(value, A.Node):
            found.append(value)
        elif isinstance(value, tuple):
            _collect(value, found)
    last = -1
    for child in found:
        start = child.span[0]
        if start < last and start >= 0:
            return tuple(sorted(found, key=lambda n: n.span[0]))
        last = start
    return tuple(found)


def _collect(value: tuple[Any, ...], into: list[A.Node]) -> None:
    for item in value:
        if isinstance(item, A.Node):
            into.append(item)
        elif isinstance(item, tuple):
            _collect(item, into)


def walk(node: A.Node) -> Iterator[A.Node]:
    """The node and all nodes below it, parents first, in source order. Uses no recursion."""
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(children(top)))


def height(node: A.Node) -> int:
    """Nodes on the longest way down, the node itself included."""
    deepest = 0
    stack = [(node, 1)]
    while stack:
        top, depth = stack.pop()
        deepest = max(deepest, depth)
        stack.extend((child, depth + 1) for child in children(top))
    return deepest


def map_children(node: N, change: Callable[[A.Node], A.Node]) -> N:
    """The node with every direct child replaced by what `change` makes of it: the same object when nothing changed, a
    node without a place (`NOWHERE`) otherwise."""
    changed: dict[str, Any] = {}
    for name in _field_names(type(node)):
        value = getattr(node, name)
        new = _map(value, change)
        if new is not value:
            changed[name] = new
    return replace(node, **changed, span=A.NOWHERE) if changed else node


def _map(value: Any, change: Callable[[A.Node], A.Node]) -> Any:
    if isinstance(value, A.Node):
        return change(value)
    if isinstance(value, tuple):
        new = tuple(_map(item, change) for item in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value


def transform(node: N, change: Callable[[A.Node], A.Node]) -> N:
    """The tree rewritten from the leaves up: `change` sees each node with its children already rewritten, and returns
    it or a replacement of the same sort (an expression for an expression)."""
    new = change(map_children(node, lambda child: transform(child, change)))
    return new  # type: ignore[return-value]


# ------------------------------------------------------------------------------------------------------------- binding


def pattern_variables(pattern: A.Pattern) -> frozenset[str]:
    """The variables that a pattern binds."""
    if pattern.args is not None:
        return frozenset(name for arg in pattern.args for name in pattern_variables(arg))
    name = pattern.name
    if pattern.literal is not None or name == "_" or "." in name or (name[:1].isupper() and pattern.type is None):
        return frozenset()
    return frozenset([name])


def _variables(vars_: Iterable[A.BoundVar]) -> frozenset[str]:
    return frozenset(v.name for v in vars_)


_Scoped = list[tuple[A.Node, frozenset[str]]]


def _scopes(node: A.Node) -> _Scoped:
    """The direct children with the names that the node binds in each."""
    none: frozenset[str] = frozenset()
    if isinstance(node, A.Quantifier | A.SetComp | A.MapComp | A.ForallStmt):
        bound = _variables(node.vars)
        return [(child, bound) for child in children(node)]
    if isinstance(node, A.Lambda):
        bound = _variables(node.params)
        return [(child, bound) for child in children(node)]
    if isinstance(node, A.BindingGuard):
        bound = _variables(node.vars)
        return [(child, bound) for child in children(node)]
    if isinstance(node, A.IfExpr | A.If):
        bound = _variables(node.binder)
        return [(c, none if c is node.orelse else bound) for c in children(node)]
    if isinstance(node, A.Let):
        bound = frozenset(name for p in node.patterns for name in pattern_variables(p))
        inside = (node.body, *node.values) if node.such_that else (node.body,)
        return [(c, bound if any(c is i for i in inside) else none) for c in children(node)]
    if isinstance(node, A.Block):
        return _sequence(node.body)
    if isinstance(node, A.MatchExpr | A.MatchStmt):
        found: _Scoped = [(node.subject, none), *((a, none) for a in node.attributes)]
        for pattern, body in node.cases:
            bound = pattern_variables(pattern)
            if isinstance(body, tuple):
                found.extend((stmt, bound | own) for stmt, own in _sequence(body))
            else:
                found.append((body, bound))
        return found
    if isinstance(node, A.For):
        bound = frozenset([node.var.name])
        return [(c, bound if c is node.body or isinstance(c, A.Clause) else none) for c in children(node)]
    return [(child, none) for child in children(node)]


def _sequence(statements: Iterable[A.Stmt]) -> _Scoped:
    """Statements in order, each with the local variables declared before or by it (`var x := x;` is not told apart)."""
    bound: frozenset[str] = frozenset()
    found: _Scoped = []
    for statement in statements:
        inner = statement.statement if isinstance(statement, A.Labelled) else statement
        if isinstance(inner, A.VarDecl):
            declared = _variables(inner.names)
            if inner.pattern is not None:
                declared |= pattern_variables(inner.pattern)
            found.append((statement, bound | declared if inner.such_that is not None else bound))
            bound |= declared
        else:
            found.append((statement, bound))
    return found


def free_names(node: A.Node) -> frozenset[str]:
    """The identifiers that occur in the node and are not bound in it: variables, constants, functions and constructors
    alike (types, members and labels are no names)."""
    found: set[str] = set()
    stack: _Scoped = [(node, frozenset())]
    while stack:
        top, bound = stack.pop()
        if isinstance(top, A.Name) and top.id not in bound:
            found.add(top.id)
        stack.extend((child, bound | own if own else bound) for child, own in _scopes(top))
    return frozenset(found)


def fresh_name(base: str, taken: Iterable[str]) -> str:
    """`base` or `base` with the smallest number that makes it differ from the names taken."""
    names = set(taken)
    if base not in names:
        return base
    number = 0
    while f"{base}{number}" in names:
        number += 1
    return f"{base}{number}"


def substitute(expr: A.Expr, values: Mapping[str, A.Expr]) -> A.Expr:
    """The expression with free occurrences of the names replaced. Bound variables are renamed where they would capture
    a name of a replacement. Statements inside (`assert P; e`) are substituted into as well, without renaming their
    local variables. The result shares unchanged parts, which keep their places; rewritten nodes have none."""
    captured = frozenset(name for value in values.values() for name in free_names(value))
    new = _substitute(expr, dict(values), captured)
    assert isinstance(new, A.Expr)
    return new


def _substitute(node: A.Node, values: dict[str, A.Expr], captured: frozenset[str]) -> A.Node:
    if isinstance(node, A.Name):
        return values.get(node.id, node)
    if not values:
        return node
    scopes = _scopes(node)
    names = frozenset().union(*(own for _, own in scopes)) if scopes else frozenset()
    if names:
        clash = (
            {n for n in names & captured if isinstance(node, _RENAMED)} if values.keys() & free_names(node) else set()
        )
        if clash:
            taken = captured | names | free_names(node) | values.keys()
            renaming = {}
            for name in sorted(clash):
                renaming[name] = fresh_name(name, taken)
                taken |= {renaming[name]}
            return _substitute(_rename(node, renaming), values, captured)
    by_identity = {id(child): own for child, own in scopes if own}

    def change(child: A.Node) -> A.Node:
        own = by_identity.get(id(child))
        rest = {k: v for k, v in values.items() if k not in own} if own else values
        return _substitute(child, rest, captured)

    return map_children(node, change)


_RENAMED = (A.Quantifier, A.SetComp, A.MapComp, A.Lambda, A.Let, A.MatchExpr, A.IfExpr, A.BindingGuard)


def _rename(node: A.Node, renaming: Mapping[str, str]) -> A.Node:
    """The binder with its variables renamed, where it binds them and in their scope."""
    values: dict[str, A.Expr] = {old: A.Name(new) for old, new in renaming.items()}
    captured = frozenset(renaming.values())
    by_identity = {id(child): own for child, own in _scopes(node) if own}

    def change(child: A.Node) -> A.Node:
        if isinstance(child, A.Pattern):
            return _rename_pattern(child, renaming)
        if isinstance(child, A.BoundVar):
            inner = map_children(child, lambda c: _substitute(c, values, captured))
            return replace(inner, name=renaming.get(child.name, child.name))
        own = by_identity.get(id(child), frozenset())
        return _substitute(child, {k: v for k, v in values.items() if k in own}, captured)

    return map_children(node, change)


def _rename_pattern(pattern: A.Pattern, renaming: Mapping[str, str]) -> A.Pattern:
    if pattern.args is not None:
        return replace(pattern, args=tuple(_rename_pattern(a, renaming) for a in pattern.args))
    return replace(pattern, name=renaming.get(pattern.name, pattern.name))


# ------------------------------------------------------------------------------------------------------------ measures


def conjuncts(expr: A.Expr) -> tuple[A.Expr, ...]:
    """The operands of the outermost `&&`s, in order, parentheses and chained comparisons taken apart; the expression
    itself when there are none."""
    found: list[A.Expr] = []
    stack = [expr]
    while stack:
        top = stack.pop()
        if isinstance(top, A.Binary) and top.op == "&&":
            stack += (top.right, top.left)
        elif isinstance(top, A.Tuple) and len(top.items) == 1:
            stack.append(top.items[0])
        elif isinstance(top, A.Chain):
            found += links(top)
        else:
            found.append(top)
    return tuple(found)


def links(chain: A.Chain) -> tuple[A.Binary, ...]:
    """The comparisons of a chain."""
    return tuple(
        A.Binary(op, left, right)
        for op, left, right in zip(chain.ops, chain.operands, chain.operands[1:], strict=False)
    )


_LEAVES = (A.Literal, A.Name, A.This, A.Star, A.UnknownExpr)


def complexity(node: A.Node) -> int:
    """Operator occurrences, `d` of Goedel-Code-Prover: every expression node that is no literal, name, `this` or `*`
    counts one (a chain one per comparison). Types, attributes and patterns do not count, and however a name is
    qualified makes no difference where that can be seen: `this.x` is `x`, and calling `o.f` is one operator."""
    count = 0
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, A.Attribute | A.Type | A.Pattern):
            continue
        below = children(top)
        if isinstance(top, A.Chain):
            count += len(top.ops)
        elif isinstance(top, A.Member) and isinstance(top.object, A.This):
            continue
        elif isinstance(top, A.Expr) and not isinstance(top, _LEAVES):
            count += 1
            if isinstance(top, A.Call) and isinstance(top.function, A.Member):
                below = (*children(top.function), *(c for c in below if c is not top.function))
        stack.extend(below)
    return count
