"""Ends of sequences and numbers: functions unfolded where an argument is written with the element or the unit that they
take off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import free_names, substitute, transform, walk
from prover.policy.symbolic.splitting.reduction import taken
from prover.policy.symbolic.view import printed, replace_node


@dataclass(frozen=True)
class Opening:
    """A sequence of which an end was taken off, and what is left of it."""

    whole: ast.Expr
    rest: ast.Expr
    front: bool

    def equation(self, told: Callable[[ast.Expr], ast.Expr], whole: ast.Expr) -> str:
        """That it is so: the whole told as given, the rest as `told` tells it."""
        text = printed(whole)
        text = f"({text})" if isinstance(whole, ast.Binary) else text
        part = f"{text}[1..]" if self.front else f"{text}[..|{text}| - 1]"
        return f"{part} == {printed(told(self.rest))}"


def opened_at(expr: ast.Expr, marked: frozenset[str], table: TypeTable) -> tuple[ast.Expr, list[Opening]]:
    """The formula with the calls told as their bodies that have an argument with a marked end: `[x] + s`, `s + [x]` or
    `n + 1`, with x or n among the marked names; and the ends of sequences that were taken off on the way."""
    openings: dict[Opening, None] = {}

    def change(node: ast.Node) -> ast.Node:
        if not isinstance(node, ast.Call) or not isinstance(node.function, ast.Name):
            return node
        function = table.functions.get(node.function.id)
        ends = [a for a in node.args if _is_marked(a, marked)]
        if not ends or function is None or len(function.params) != len(node.args):
            return node
        values = {p.name: a for p, a in zip(function.params, node.args, strict=True)}
        body = function.body
        body = taken(substitute(body, values), table, _decided) if isinstance(body, ast.Expr) else None
        told = transform(body, simpler) if body is not None else node
        if any(isinstance(n, ast.Slice | ast.Index) and n.object in ends for n in walk(told)):
            return node  # it takes off the other end
        for part in walk(body) if body is not None else ():
            if isinstance(part, ast.Slice) and part.object in ends:
                pieces, front = parts_of(part.object), part.low is not None
                if len(pieces) > 1:
                    openings[Opening(part.object, joined(pieces[1:] if front else pieces[:-1]), front)] = None
        return told

    opened = transform(expr, change)
    return opened, list(openings)


def _decided(cond: ast.Expr) -> bool | None:
    """Whether a condition is true, or false, of sequences with an element written in them, and of n + 1."""
    match cond:
        case ast.Binary(op=op, left=ast.Cardinality(operand=inner), right=ast.Literal(value=0)) if _nonempty(inner):
            return {"==": False, ">": True, "!=": True}.get(op)
        case ast.Binary(op="==" | "!=" as op, left=inner, right=ast.SeqDisplay(items=())) if _nonempty(inner):
            return op == "!="
        case ast.Binary(op=op, left=ast.Binary(op="+", right=ast.Literal(value=1)), right=ast.Literal(value=0)):
            return {"==": False, "<=": False, ">": True, "!=": True}.get(op)
        case ast.Unary(op="!", operand=inner):
            decided = _decided(inner)
            return None if decided is None else not decided
    return None


def _is_marked(arg: ast.Expr, marked: frozenset[str]) -> bool:
    match arg:
        case ast.Binary(op="+", left=ast.Name(id=name), right=ast.Literal(value=1)):
            return name in marked
        case ast.Binary(op="+"):
            pieces = parts_of(arg)
            return any(_single(end) and bool(free_names(end) & marked) for end in (pieces[0], pieces[-1]))
    return False


# ------------------------------------------------------------------------------------------------------- concatenations


def parts_of(expr: ast.Expr) -> list[ast.Expr]:
    """The operands of a concatenation, in order."""
    match expr:
        case ast.Binary(op="+", left=left, right=right):
            return [*parts_of(left), *parts_of(right)]
        case ast.Tuple(items=(inner,)):
            return parts_of(inner)
    return [expr]


def joined(parts: Sequence[ast.Expr]) -> ast.Expr:
    """The concatenation of some sequences."""
    if not parts:
        return ast.SeqDisplay(())
    total = parts[0]
    for part in parts[1:]:
        total = ast.Binary("+", total, part)
    return total


def _nonempty(expr: ast.Expr) -> bool:
    return any(isinstance(p, ast.SeqDisplay) and p.items for p in parts_of(expr))


def _single(expr: ast.Expr) -> bool:
    return isinstance(expr, ast.SeqDisplay) and len(expr.items) == 1


def _element(expr: ast.Expr) -> ast.Expr:
    assert isinstance(expr, ast.SeqDisplay)
    return expr.items[0]


def simpler(node: ast.Node) -> ast.Node:
    """`n + 1 - 1` told as n, `([x] + s)[1..]` as s, `(s + [x])[..|s + [x]| - 1]` as s, elements likewise, and sums and
    products with 0."""
    match node:
        case ast.Binary(
            op="-",
            left=ast.Binary(op="+", left=left, right=ast.Literal(kind="int", value=int(a))),
            right=ast.Literal(kind="int", value=int(b)),
        ) if a == b:
            return left
        case ast.Slice(object=whole, low=ast.Literal(value=1), high=None) if _single(parts_of(whole)[0]):
            return joined(parts_of(whole)[1:])
        case ast.Index(object=whole, indices=(ast.Literal(value=0),)) if _single(parts_of(whole)[0]):
            return _element(parts_of(whole)[0])
        case ast.Slice(
            object=whole,
            low=None,
            high=ast.Binary(op="-", left=ast.Cardinality(operand=measured), right=ast.Literal(value=1)),
        ) if measured == whole and _single(parts_of(whole)[-1]):
            return joined(parts_of(whole)[:-1])
        case ast.Index(
            object=whole,
            indices=(ast.Binary(op="-", left=ast.Cardinality(operand=measured), right=ast.Literal(value=1)),),
        ) if measured == whole and _single(parts_of(whole)[-1]):
            return _element(parts_of(whole)[-1])
        case ast.Tuple(items=(inner,)):
            return inner
        case ast.Binary(op="*", left=left, right=right) if ast.Literal("int", 0) in (left, right):
            return ast.Literal("int", 0)
        case ast.Binary(op="+", left=ast.Literal(kind="int", value=0), right=rest):
            return rest
        case ast.Binary(op="+" | "-", left=rest, right=ast.Literal(kind="int", value=0)):
            return rest
    return node


def distributed(node: ast.Node) -> ast.Node:
    """`a * (b + c)` told as `a * b + a * c`."""
    match node:
        case ast.Binary(op="*", left=left, right=ast.Binary(op="+" | "-" as op, left=a, right=b)):
            return ast.Binary(op, ast.Binary("*", left, a), ast.Binary("*", left, b))
        case ast.Binary(op="*", left=ast.Binary(op="+" | "-" as op, left=a, right=b), right=right):
            return ast.Binary(op, ast.Binary("*", a, right), ast.Binary("*", b, right))
    return node


def stepped(
    expr: ast.Expr, table: TypeTable, decided: Callable[[ast.Expr], bool | None]
) -> tuple[ast.Expr, list[tuple[ast.Expr, ast.Expr]]]:
    """The formula with a recursive call told as its body where the recursion comes to a call that is spoken of already:
    `f(n + 1)`, beside `f(n)`; and the equations that say so, those about ends of sequences first. decided: whether a
    condition is true, or false, wherever the formula is meant to hold."""
    calls = [n for n in walk(expr) if isinstance(n, ast.Call) and isinstance(n.function, ast.Name)]
    for call in dict.fromkeys(calls):
        function = table.functions.get(call.function.id) if isinstance(call.function, ast.Name) else None
        if function is None or not isinstance(function.body, ast.Expr) or len(function.params) != len(call.args):
            continue
        values = {p.name: a for p, a in zip(function.params, call.args, strict=True)}
        body = taken(substitute(function.body, values), table, decided)
        if body is None:
            continue
        told = transform(body, simpler)
        inner = [n for n in walk(told) if isinstance(n, ast.Call) and n.function == call.function]
        if inner and told != call and all(n in calls for n in inner):
            ends = [(n, e) for n in walk(body) if isinstance(n, ast.Slice) and (e := simpler(n)) != n]
            equations = [(n, e) for n, e in ends if isinstance(e, ast.Expr)]
            return replace_node(expr, call, told), [*equations, (call, told)]
    return expr, []
