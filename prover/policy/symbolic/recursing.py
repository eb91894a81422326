"""Recursive calls of a lemma that follow the recursion of the functions it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import children, substitute, walk
from prover.policy.symbolic.view import printed, replace_node


def call_of(decl: ast.Callable, changes: dict[str, str]) -> str:
    """A recursive call of a lemma with other values for some of its parameters."""
    return f"{decl.name}({', '.join(changes.get(p.name, p.name) for p in decl.params)});"


def recursive_calls(decl: ast.Callable, table: TypeTable) -> Iterator[tuple[str, str]]:
    """As the functions in the statement recurse: their conditions and arguments, with the lemma's parameters for
    theirs."""
    names = {p.name for p in decl.params}
    for clause in decl.clauses:
        if clause.kind not in ("ensures", "requires"):
            continue
        for node in (n for e in clause.exprs for n in walk(e)):
            if not isinstance(node, ast.Call) or not isinstance(node.function, ast.Name):
                continue
            function = table.functions.get(node.function.id)
            if function is None or not isinstance(function.body, ast.Expr) or len(node.args) != len(function.params):
                continue
            binding = {f.name: arg for f, arg in zip(function.params, node.args, strict=True)}
            for conditions, args in _recursion(function.body, function.name, ()):
                changes, reached = {}, []
                shorter: dict[ast.Expr, ast.Expr] = {}
                for actual, inner in zip(node.args, args, strict=False):
                    if isinstance(actual, ast.Name) and actual.id in names:
                        changes[actual.id] = substitute(inner, binding)
                    elif (part := _inside(actual, substitute(inner, binding), names)) is not None:
                        changes[part.name] = part.smaller
                        reached.append(part.condition)
                        shorter |= part.elements
                if changes:
                    told = {n: printed(_replaced(e, shorter)) for n, e in changes.items()}
                    tests = [*reached, *(substitute(c, binding) for c in conditions)]
                    yield " && ".join(wrapped(printed(c)) for c in tests), call_of(decl, told)


@dataclass(frozen=True, slots=True)
class _Part:
    """A parameter inside of an argument that gets smaller when the argument does: how it does, when, and where the
    argument's elements at that end are found then."""

    name: str
    smaller: ast.Expr
    condition: ast.Expr
    elements: dict[ast.Expr, ast.Expr]


def _inside(actual: ast.Expr, inner: ast.Expr, names: set[str]) -> _Part | None:
    """For `(s + t)[1..]` that `s` becomes `s[1..]` where it is not empty, for `(s + t)[..|s + t| - 1]` the like of `t`,
    for `m + n - 1` that `m` becomes `m - 1`."""
    zero, one = ast.Literal("int", 0), ast.Literal("int", 1)
    if not isinstance(actual, ast.Binary) or actual.op != "+":
        return None
    match inner:
        case ast.Slice(object=whole, low=ast.Literal(value=1), high=None) if whole == actual:
            start = _leftmost(actual)
            if isinstance(start, ast.Name) and start.id in names:
                first: dict[ast.Expr, ast.Expr] = {ast.Index(actual, (zero,)): ast.Index(start, (zero,))}
                longer = ast.Binary(">", ast.Cardinality(start), zero)
                return _Part(start.id, ast.Slice(start, one, None), longer, first)
        case ast.Slice(object=whole, low=None, high=ast.Binary(op="-", right=ast.Literal(value=1)) as end) if (
            whole == actual
        ):
            rest = actual.right
            if isinstance(rest, ast.Name) and rest.id in names:
                last = ast.Binary("-", ast.Cardinality(rest), one)
                longer = ast.Binary(">", ast.Cardinality(rest), zero)
                return _Part(
                    rest.id, ast.Slice(rest, None, last), longer, {ast.Index(actual, (end,)): ast.Index(rest, (last,))}
                )
        case ast.Binary(op="-", left=whole, right=ast.Literal() as step) if whole == actual:
            for side in (actual.left, actual.right):
                if isinstance(side, ast.Name) and side.id in names:
                    return _Part(side.id, ast.Binary("-", side, step), ast.Binary(">=", side, step), {})
    return None


def _leftmost(expr: ast.Expr) -> ast.Expr:
    while isinstance(expr, ast.Binary) and expr.op == "+":
        expr = expr.left
    return expr


def _replaced(expr: ast.Expr, values: dict[ast.Expr, ast.Expr]) -> ast.Expr:
    for old, new in values.items():
        expr = replace_node(expr, old, new)
    return expr


def wrapped(text: str) -> str:
    """In parentheses where it could not stand beside `&&`."""
    return f"({text})" if any(op in text for op in ("||", "==>", "<==>", " if ")) else text


def _recursion(
    expr: ast.Expr, name: str, conditions: tuple[ast.Expr, ...]
) -> Iterator[tuple[tuple[ast.Expr, ...], tuple[ast.Expr, ...]]]:
    """Recursive calls in a function's body with the conditions on the way to them (matches are left to `induction`)."""
    match expr:
        case ast.IfExpr(cond=cond, then=then, orelse=orelse, binder=()):
            yield from _recursion(cond, name, conditions)
            yield from _recursion(then, name, (*conditions, cond))
            yield from _recursion(orelse, name, (*conditions, ast.Unary("!", cond)))
        case ast.Binary(op="&&" | "==>", left=left, right=right):
            yield from _recursion(left, name, conditions)
            yield from _recursion(right, name, (*conditions, left))
        case ast.Binary(op="||", left=left, right=right):
            yield from _recursion(left, name, conditions)
            yield from _recursion(right, name, (*conditions, ast.Unary("!", left)))
        case ast.Let(patterns=patterns, values=values, body=body) if (
            len(patterns) == len(values) and not expr.such_that
        ):
            binding = {p.name: v for p, v in zip(patterns, values, strict=True) if p.args is None}
            yield from _recursion(substitute(body, binding), name, conditions)
        case ast.MatchExpr() | ast.Quantifier() | ast.SetComp() | ast.Lambda():
            return
        case ast.Call(function=ast.Name(id=called), args=args) if called == name:
            yield conditions, args
            for argument in args:
                yield from _recursion(argument, name, conditions)
        case _:
            for child in children(expr):
                if isinstance(child, ast.Expr):
                    yield from _recursion(child, name, conditions)
