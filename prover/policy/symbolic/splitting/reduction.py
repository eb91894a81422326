"""Functions unfolded where their arguments tell which branch is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import substitute, transform, walk
from prover.policy.symbolic.view import replace_node

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


def opened_at(expr: ast.Expr, whole: ast.Expr, table: TypeTable) -> ast.Expr:
    """The formula with the calls told as their bodies that have a given term, `[x] + s` or `n + 1`, as an argument; the
    branch is that for what is not empty, and not 0."""

    def nonempty(cond: ast.Expr) -> bool | None:
        match cond:
            case ast.Binary(op=op, left=ast.Cardinality(operand=inner), right=ast.Literal(value=0)) if inner == whole:
                return {"==": False, ">": True, "!=": True}.get(op)
            case ast.Binary(op="==" | "!=" as op, left=inner, right=ast.SeqDisplay(items=())) if inner == whole:
                return op == "!="
            case ast.Binary(op=op, left=inner, right=ast.Literal(value=0)) if inner == whole:
                return {"==": False, "<=": False, ">": True, "!=": True}.get(op)
        return _truth(cond, table)

    def change(node: ast.Node) -> ast.Node:
        if not isinstance(node, ast.Call) or whole not in node.args or not isinstance(node.function, ast.Name):
            return node
        function = table.functions.get(node.function.id)
        if function is None or not isinstance(function.body, ast.Expr) or len(function.params) != len(node.args):
            return node
        values = {p.name: a for p, a in zip(function.params, node.args, strict=True)}
        body = _taken(substitute(function.body, values), table, nonempty)
        told = transform(body, simpler) if body is not None else node
        again = any(isinstance(n, ast.Call) and n.function == node.function and whole in n.args for n in walk(told))
        return node if again or any(isinstance(n, ast.Slice) and n.object == whole for n in walk(told)) else told

    return transform(expr, change)


def stepped(expr: ast.Expr, table: TypeTable, decided: Callable[[ast.Expr], bool | None]) -> ast.Expr:
    """The formula with a recursive call told as its body where the recursion comes to a call that is spoken of already:
    `f(n + 1)`, beside `f(n)`. decided: whether a condition is true, or false, wherever the formula is meant to hold."""
    calls = [n for n in walk(expr) if isinstance(n, ast.Call) and isinstance(n.function, ast.Name)]
    for call in dict.fromkeys(calls):
        function = table.functions.get(call.function.id) if isinstance(call.function, ast.Name) else None
        if function is None or not isinstance(function.body, ast.Expr) or len(function.params) != len(call.args):
            continue
        values = {p.name: a for p, a in zip(function.params, call.args, strict=True)}
        body = _taken(substitute(function.body, values), table, decided)
        told = transform(body, simpler) if body is not None else call
        inner = [n for n in walk(told) if isinstance(n, ast.Call) and n.function == call.function]
        if inner and told != call and all(n in calls for n in inner):
            return replace_node(expr, call, told)
    return expr


def _taken(expr: ast.Expr, table: TypeTable, decided: Callable[[ast.Expr], bool | None]) -> ast.Expr | None:
    match expr:
        case ast.IfExpr(cond=cond, then=then, orelse=orelse, binder=()):
            truth = decided(cond)
            return None if truth is None else _taken(then if truth else orelse, table, decided)
        case ast.MatchExpr():
            return reduced(expr, table)
    return expr


def simpler(node: ast.Node) -> ast.Node:
    """`n + 1 - 1` told as n, `([x] + s)[1..]` as s, `(s + [x])[..|s + [x]| - 1]` as s, and elements likewise."""
    match node:
        case ast.Binary(
            op="-",
            left=ast.Binary(op="+", left=left, right=ast.Literal(kind="int", value=int(a))),
            right=ast.Literal(kind="int", value=int(b)),
        ) if a == b:
            return left
        case ast.Slice(
            object=ast.Binary(op="+", left=ast.SeqDisplay(items=(_,)), right=rest), low=ast.Literal(value=1), high=None
        ):
            return rest
        case ast.Index(object=ast.Binary(op="+", left=ast.SeqDisplay(items=(x,))), indices=(ast.Literal(value=0),)):
            return x
        case ast.Slice(
            object=ast.Binary(op="+", left=start, right=ast.SeqDisplay(items=(_,))) as whole,
            low=None,
            high=ast.Binary(op="-", left=ast.Cardinality(operand=measured), right=ast.Literal(value=1)),
        ) if measured == whole:
            return start
        case ast.Index(
            object=ast.Binary(op="+", right=ast.SeqDisplay(items=(x,))) as whole,
            indices=(ast.Binary(op="-", left=ast.Cardinality(operand=measured), right=ast.Literal(value=1)),),
        ) if measured == whole:
            return x
        case ast.Tuple(items=(inner,)):
            return inner
        case (
            ast.Binary(op="*", left=ast.Literal(value=0) as zero)
            | ast.Binary(op="*", right=ast.Literal(value=0) as zero)
        ):
            return zero
        case ast.Binary(op="+", left=ast.Literal(value=0), right=rest):
            return rest
        case ast.Binary(op="+" | "-", left=rest, right=ast.Literal(value=0)):
            return rest
    return node


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
            truth = _truth(cond, table)
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


def _truth(cond: ast.Expr, table: TypeTable) -> bool | None:
    match cond:
        case ast.Member(object=inner, name=name) if name.endswith("?"):
            made = constructed(inner, table)
            return None if made is None else made[0] == name[:-1]
        case ast.Unary(op="!", operand=inner):
            truth = _truth(inner, table)
            return None if truth is None else not truth
        case ast.Binary(op="==" | "!=" as op, left=left, right=right):
            one, other = constructed(left, table), constructed(right, table)
            if one is not None and other is not None and one[0] != other[0]:
                return op == "!="
    return None
