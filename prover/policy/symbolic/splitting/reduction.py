"""Functions unfolded where their arguments tell which branch is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import substitute, transform

ROUNDS = 2


def unfolded(expr: ast.Expr, table: TypeTable) -> ast.Expr:
    """The formula with the calls told as their bodies whose arguments are constructors that the bodies match on."""
    for _ in range(ROUNDS):
        told = transform(expr, lambda node: _call(node, table))
        if told == expr:
            break
        expr = told
    return expr


def _call(node: ast.Node, table: TypeTable) -> ast.Node:
    if not isinstance(node, ast.Call) or not isinstance(node.function, ast.Name):
        return node
    function = table.functions.get(node.function.id)
    if function is None or not isinstance(function.body, ast.Expr) or len(function.params) != len(node.args):
        return node
    values = {p.name: a for p, a in zip(function.params, node.args, strict=True)}
    told = reduced(substitute(function.body, values), table)
    return node if told is None else told


def taken(expr: ast.Expr, table: TypeTable, decided: Callable[[ast.Expr], bool | None]) -> ast.Expr | None:
    """The branch of a function's body that is taken, where `decided` or constructors tell all conditions on the way."""
    match expr:
        case ast.IfExpr(cond=cond, then=then, orelse=orelse, binder=()):
            truth = decided(cond)
            truth = truth_of(cond, table) if truth is None else truth
            return None if truth is None else taken(then if truth else orelse, table, decided)
        case ast.MatchExpr():
            return reduced(expr, table)
    return expr


def reduced(expr: ast.Expr, table: TypeTable) -> ast.Expr | None:
    """The branch that a match or conditional takes, as far as constructors tell; None where they do not, or where there
    is none."""
    match expr:
        case ast.MatchExpr(subject=subject, cases=cases):
            made = constructed(subject, table)
            for pattern, body in cases if made is not None else ():
                values = _matched(pattern, subject, table)
                if values is not None:
                    told = substitute(body, values)
                    return reduced(told, table) or told if _branches(told) else told
        case ast.IfExpr(cond=cond, then=then, orelse=orelse, binder=()):
            truth = truth_of(cond, table)
            if truth is not None:
                told = then if truth else orelse
                return reduced(told, table) or told if _branches(told) else told
    return None


def _branches(expr: ast.Expr) -> bool:
    return isinstance(expr, ast.MatchExpr | ast.IfExpr)


def constructed(expr: ast.Expr, table: TypeTable) -> tuple[str, tuple[ast.Expr, ...]] | None:
    """The constructor and arguments of a term that is one."""
    match expr:
        case ast.Name(id=name) if name in table.constructors:
            return name, ()
        case ast.Call(function=ast.Name(id=name), args=args) if name in table.constructors:
            return name, args
        case ast.Tuple(items=(inner,)):
            return constructed(inner, table)
    return None


def _matched(pattern: ast.Pattern, subject: ast.Expr, table: TypeTable) -> Mapping[str, ast.Expr] | None:
    """What a pattern's variables are, where it matches; patterns in patterns do not."""
    made = constructed(subject, table)
    if made is None:
        return None
    if pattern.args is None and pattern.name not in table.constructors:
        return {pattern.name: subject}
    if pattern.name.rpartition(".")[2] != made[0] or len(pattern.args or ()) != len(made[1]):
        return None
    if any(a.args is not None or a.name in table.constructors for a in pattern.args or ()):
        return None
    return {a.name: e for a, e in zip(pattern.args or (), made[1], strict=True)}


def truth_of(cond: ast.Expr, table: TypeTable) -> bool | None:
    """Whether constructors make a condition true, or false."""
    match cond:
        case ast.Member(object=inner, name=name) if name.endswith("?"):
            made = constructed(inner, table)
            return None if made is None else made[0] == name[:-1]
        case ast.Unary(op="!", operand=inner):
            truth = truth_of(inner, table)
            return None if truth is None else not truth
        case ast.Binary(op="==" | "!=" as op, left=left, right=right):
            one, other = constructed(left, table), constructed(right, table)
            if one is not None and other is not None and one[0] != other[0]:
                return op == "!="
    return None
