"""How functions recurse: what becomes of each argument in their recursive calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from dafny_env.scope import INTEGERS, TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import children, pattern_variables, substitute
from prover.policy.symbolic.conjecture.terms import Fn, functions_of
from prover.policy.symbolic.setting import Setting


class Move(StrEnum):
    """What a recursive call passes for a parameter."""

    SAME = "same"
    FRONT = "without its first element"
    BACK = "without its last element"
    DOWN = "a number smaller by a constant"
    LESS = "a smaller number"
    UP = "a larger number"
    PART = "a part of it"
    OTHER = "something else"


DESCENDING = frozenset({Move.FRONT, Move.BACK, Move.DOWN, Move.LESS, Move.UP, Move.PART})


@dataclass(frozen=True, slots=True)
class Recursion:
    """One recursive call: the move of each parameter, and whether its value is the function's as it is."""

    moves: tuple[Move, ...]
    tail: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """The recursive calls of a function."""

    calls: tuple[Recursion, ...]

    def moves(self, position: int) -> frozenset[Move]:
        """What becomes of a parameter, over all recursive calls."""
        return frozenset(c.moves[position] for c in self.calls)

    def descends(self, position: int) -> bool:
        """Whether a parameter is what the recursion is on: it changes by getting smaller, or by going up to an end."""
        return bool(self.moves(position) & DESCENDING)

    def accumulates(self, position: int) -> bool:
        """Whether a parameter gathers a result: tail calls pass something new for it, and something else descends."""
        new = any(c.tail and c.moves[position] in (Move.OTHER, Move.UP) for c in self.calls)
        others = [k for k in range(len(self.calls[0].moves)) if k != position] if self.calls else []
        return new and any(self.descends(k) for k in others)


def recursive_functions(setting: Setting) -> list[Fn]:
    """`functions_of` with what their recursion is on."""
    found = []
    for function in functions_of(setting):
        shape = shape_of(function, setting.table)
        positions = range(len(function.params)) if shape.calls else ()
        descending = tuple(k for k in positions if shape.descends(k))
        gathers = tuple(k for k in positions if shape.accumulates(k))
        front, back = (frozenset(k for k in positions if m in shape.moves(k)) for m in (Move.FRONT, Move.BACK))
        new = replace(function, descending=descending, gathers=gathers, from_front=front, from_back=back)
        found.append(new)
    return found


def shape_of(function: Fn, table: TypeTable) -> Shape:
    """The recursive calls in a function's body, as far as they are written out (not those of mutual recursion)."""
    body = function.decl.body
    if not isinstance(body, ast.Expr):
        return Shape(())
    found = []
    for args, parts, tail in _calls(body, function, {}, True):
        moves = tuple(
            _move(p, a, parts, table, receiver=function.member and k == 0)
            for k, (p, a) in enumerate(zip(function.params, args, strict=True))
        )
        found.append(Recursion(moves, tail))
    return Shape(tuple(dict.fromkeys(found)))


Parts = dict[str, str]
"""Variables that stand for a part of a parameter, with its name."""


def _calls(
    expr: ast.Expr, function: Fn, parts: Parts, tail: bool
) -> Iterator[tuple[tuple[ast.Expr, ...], Parts, bool]]:
    match expr:
        case ast.IfExpr(cond=cond, then=then, orelse=orelse):
            yield from _calls(cond, function, parts, False)
            yield from _calls(then, function, parts, tail)
            yield from _calls(orelse, function, parts, tail)
        case ast.MatchExpr(subject=subject, cases=cases):
            yield from _calls(subject, function, parts, False)
            for pattern, body in cases:
                inner = {**parts, **dict.fromkeys(pattern_variables(pattern), _root(subject, parts))}
                yield from _calls(body, function, inner, tail)
        case ast.Let(patterns=patterns, values=values, body=body, such_that=False) if len(patterns) == len(values):
            for value in values:
                yield from _calls(value, function, parts, False)
            if all(p.args is None for p in patterns):
                binding = {p.name: v for p, v in zip(patterns, values, strict=True)}
                yield from _calls(substitute(body, binding), function, parts, tail)
            else:
                yield from _calls(body, function, parts, tail)
        case ast.StmtExpr(body=body):
            yield from _calls(body, function, parts, tail)
        case ast.Tuple(items=(inner,)):
            yield from _calls(inner, function, parts, tail)
        case _:
            args = _arguments(expr, function)
            if args is not None:
                yield args, parts, tail
            for child in children(expr):
                if isinstance(child, ast.Expr):
                    yield from _calls(child, function, parts, False)


def _arguments(expr: ast.Expr, function: Fn) -> tuple[ast.Expr, ...] | None:
    """As `Fn.arguments`; inside a member its own name alone is a call on `this`."""
    if function.member:
        match expr:
            case ast.Call(function=ast.Name(id=name), args=args) if name == function.name:
                return (ast.This(), *args) if len(args) + 1 == len(function.params) else None
    return function.arguments(expr)


def _root(expr: ast.Expr, parts: Parts) -> str:
    """The parameter that an expression is a part of, or is; empty where it is none."""
    match expr:
        case ast.Name(id=name):
            return parts.get(name, name)
        case ast.This():
            return "this"
        case ast.Member(object=inner) | ast.Tuple(items=(inner,)):
            return _root(inner, parts)
    return ""


def _move(formal: ast.Formal, passed: ast.Expr, parts: Parts, table: TypeTable, *, receiver: bool) -> Move:
    here = ast.This() if receiver else ast.Name(formal.name)
    if passed == here:
        return Move.SAME
    type_ = table.resolve(formal.type)
    name = type_.name if type_ is not None else ""
    match passed:
        case ast.Slice(object=base, low=ast.Expr(), high=None) if base == here:
            return Move.FRONT
        case ast.Slice(object=base, low=None, high=ast.Expr()) if base == here:
            return Move.BACK
        case ast.Slice(object=base) if base == here:
            return Move.PART
        case ast.Binary(op="-", left=left, right=ast.Literal()) if left == here and name in INTEGERS:
            return Move.DOWN
        case ast.Binary(op="-" | "/", left=left) if left == here:
            return Move.LESS if name in INTEGERS else Move.PART
        case ast.Binary(op="+", left=left, right=ast.Literal()) if left == here and name in INTEGERS:
            return Move.UP
        case ast.Name() | ast.Member() if name in table.datatypes and _root(passed, parts) == _root(here, {}):
            return Move.PART
    return Move.OTHER
