"""Where a conjecture speaks of the terms at hand: first-order matching, sequences modulo how parts of them are put
together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse_expression
from dafny_env.syntax.walk import substitute, walk
from prover.policy.symbolic.algebra import expand, written
from prover.policy.symbolic.conjecture.statement import Conjecture
from prover.policy.symbolic.conjecture.terms import SEQUENCES
from prover.policy.symbolic.instantiate import Binding
from prover.policy.symbolic.view import printed


@dataclass(frozen=True, slots=True)
class Match:
    """A conjecture at a term. needed: what the match is modulo: identities of sequences, each true where it is defined,
    and conditions. vague: the side that matched is a call of variables, which says little."""

    binding: tuple[tuple[str, ast.Expr], ...]
    needed: tuple[ast.Expr, ...] = ()
    vague: bool = False

    @property
    def identities(self) -> tuple[ast.Expr, ...]:
        """The identities of sequences among what is needed."""
        return tuple(e for e in self.needed if isinstance(e, ast.Binary) and e.op == "==")

    @property
    def conditions(self) -> tuple[ast.Expr, ...]:
        """The rest."""
        return tuple(e for e in self.needed if e not in self.identities)

    @property
    def takes_apart(self) -> bool:
        """Whether it is modulo an element at an end of a sequence."""
        return any(isinstance(e, ast.Binary) and isinstance(e.left, ast.Slice | ast.Name) for e in self.identities)

    def of(self, expr: ast.Expr) -> ast.Expr:
        """A formula of the conjecture at the term."""
        return substitute(expr, dict(self.binding))


def matches(conjecture: Conjecture, term: ast.Expr) -> Iterator[Match]:
    """The ways in which a conjecture speaks of a term: as a side of what it says, or in one; all parameters must be
    told by what matches."""
    names = _names(conjecture)
    patterns = {e: None for side in sides(conjecture.ensures) for e in (side, *walk(side))}
    for pattern in patterns:
        whole = pattern in sides(conjecture.ensures) or isinstance(pattern, ast.Call)
        if whole and isinstance(pattern, ast.Expr) and not isinstance(pattern, ast.Name):
            vague = all(isinstance(n, ast.Name) and n.id in names for n in _parts(pattern))
            for binding, needed in _fit(pattern, term, names, {}):
                if names.keys() <= binding.keys():
                    yield Match(tuple(binding.items()), needed, vague)


def _names(conjecture: Conjecture) -> Names:
    return {p.name: p.type is not None and p.type.name in SEQUENCES for p in conjecture.params}


def sides(expr: ast.Expr) -> tuple[ast.Expr, ...]:
    """The sides of an equation, the left one first; else the formula itself, and what an implication concludes."""
    match expr:
        case ast.Binary(op="==" | "<==>", left=left, right=right):
            return (left, right)
        case ast.Binary(op="==>", right=right):
            return sides(right)
        case ast.Binary(op="<=" | "<" | ">=" | ">", left=left, right=right):
            return (left, right)
        case ast.Unary(op="!", operand=inner):
            return (inner,)
    return (expr,)


Names = Mapping[str, bool]
"""The parameters of what is matched; whether they are sequences."""
Fit = tuple[Binding, tuple[ast.Expr, ...]]


def _fit(pattern: ast.Expr, target: ast.Expr, names: Names, binding: Binding) -> Iterator[Fit]:
    if isinstance(pattern, ast.Name) and pattern.id in names:
        if binding.get(pattern.id, target) == target:
            yield {**binding, pattern.id: target}, ()
        return
    if isinstance(target, ast.Slice | ast.Name) and _puts_one_on(pattern):
        for whole, needed in taken_apart(target):
            for found, more in _fit(pattern, whole, names, binding):
                yield found, (*needed, *more)
        return
    if isinstance(target, ast.Slice) and isinstance(pattern, ast.Binary) and pattern.op == "+":
        for shorter, needed in shortened(target):
            for found, more in _fit(pattern, shorter, names, binding):
                yield found, (*needed, *more)
    yield from _one_less(pattern, target, names, binding)
    yield from _with_nothing(pattern, target, names, binding)
    yield from _with_the_rest(pattern, target, names, binding)
    if type(pattern) is not type(target):
        return
    yield from _all(_parts(pattern), _parts(target), names, binding) if _head(pattern) == _head(target) else ()


def _one_less(pattern: ast.Expr, target: ast.Expr, names: Names, binding: Binding) -> Iterator[Fit]:
    """`n + 1` at `m`: with `m - 1`, where that is no less than 0."""
    match pattern, target:
        case (ast.Binary(op="+", left=ast.Name(id=name), right=ast.Literal(value=int()) as step), ast.Name()):
            before = ast.Binary("-", target, step)
            if name in names and binding.get(name, before) == before:
                yield {**binding, name: before}, (ast.Binary(">=", target, step),)


def _with_nothing(pattern: ast.Expr, target: ast.Expr, names: Names, binding: Binding) -> Iterator[Fit]:
    """`F(x) + s` at a call of F: with nothing behind it."""
    match pattern, target:
        case (ast.Binary(op="+", left=ast.Call() as made, right=ast.Name(id=rest)), ast.Call()) if names.get(
            rest, False
        ):
            nothing = ast.SeqDisplay(())
            if binding.get(rest, nothing) == nothing:
                whole = ast.Binary("==", target, ast.Binary("+", target, nothing))
                for found, needed in _fit(made, target, names, {**binding, rest: nothing}):
                    yield found, (*needed, whole)


def _with_the_rest(pattern: ast.Expr, target: ast.Expr, names: Names, binding: Binding) -> Iterator[Fit]:
    """`F(x) + s` at `F(x) + t + u`: what is left behind, however it is put together."""
    parts, targets = summands(pattern), summands(target)
    rest = parts[-1]
    if not (isinstance(rest, ast.Name) and rest.id in names and rest.id not in binding):
        return
    if not 2 <= len(parts) < len(targets) or all(isinstance(p, ast.Name) for p in parts):
        return
    behind = _summed(targets[len(parts) - 1 :])
    for found, needed in _all(list(parts[:-1]), list(targets[: len(parts) - 1]), names, {**binding, rest.id: behind}):
        together = ast.Binary("==", target, ast.Binary("+", _summed(targets[: len(parts) - 1]), behind))
        yield found, (*needed, together)


def summands(expr: ast.Expr) -> tuple[ast.Expr, ...]:
    """What a sum is made of, from left to right."""
    if isinstance(expr, ast.Binary) and expr.op == "+":
        return (*summands(expr.left), *summands(expr.right))
    if isinstance(expr, ast.Tuple) and len(expr.items) == 1:
        return summands(expr.items[0])
    return (expr,)


def _summed(parts: tuple[ast.Expr, ...]) -> ast.Expr:
    total = parts[0]
    for part in parts[1:]:
        total = ast.Binary("+", total, part)
    return total


def _all(patterns: list[ast.Expr], targets: list[ast.Expr], names: Names, binding: Binding) -> Iterator[Fit]:
    if len(patterns) != len(targets):
        return
    if not patterns:
        yield binding, ()
        return
    for found, needed in _fit(patterns[0], targets[0], names, binding):
        for rest, more in _all(patterns[1:], targets[1:], names, found):
            yield rest, (*needed, *more)


def _parts(expr: ast.Expr) -> list[ast.Expr]:
    found: list[ast.Expr] = []

    def collect(value: object) -> None:
        if isinstance(value, ast.Expr):
            found.append(value)
        elif isinstance(value, tuple):
            for item in value:
                collect(item)

    for field in dataclasses.fields(expr):
        value = getattr(expr, field.name)
        if field.name != "span" and not (field.name == "function" and isinstance(value, ast.Name)):
            collect(value)
    return found


def _head(expr: ast.Expr) -> tuple[object, ...]:
    """What two expressions must have in common besides their parts."""
    match expr:
        case ast.Call(function=ast.Name(id=name), args=args):
            return ("call", name, len(args))
        case ast.Slice(low=low, high=high):
            return (low is None, high is None)
        case ast.Quantifier() | ast.SetComp() | ast.MapComp() | ast.Lambda() | ast.Let() | ast.MatchExpr():
            return ("whole", printed(expr))
    return tuple(
        getattr(expr, f.name) for f in dataclasses.fields(expr) if isinstance(getattr(expr, f.name), str | int | bool)
    )


def _puts_one_on(pattern: ast.Expr) -> bool:
    """Whether a pattern is a sequence with one element more."""
    match pattern:
        case ast.Binary(op="+", left=left, right=right):
            return isinstance(left, ast.SeqDisplay) or isinstance(right, ast.SeqDisplay)
    return False


def taken_apart(whole: ast.Slice | ast.Name) -> Iterator[tuple[ast.Expr, tuple[ast.Expr, ...]]]:
    """A sequence, or a stretch of one, as what is put together of shorter ones: its last or first element apart."""
    base, low, high = (whole.object, whole.low, whole.high) if isinstance(whole, ast.Slice) else (whole, None, None)
    one = ast.Literal("int", 1)
    if high is not None or low is None:
        before = tidy(ast.Binary("-", high if high is not None else ast.Cardinality(whole), one))
        last: ast.Expr = ast.SeqDisplay((ast.Index(base, (before,)),))
        apart: ast.Expr = ast.Binary("+", ast.Slice(base, low, before), last)
        yield apart, (ast.Binary("==", whole, apart),)
    first = low if low is not None else ast.Literal("int", 0)
    rest = ast.Slice(base, tidy(ast.Binary("+", first, one)), high)
    apart = ast.Binary("+", ast.SeqDisplay((ast.Index(base, (first,)),)), rest)
    yield apart, (ast.Binary("==", whole, apart),)


def shortened(part: ast.Slice) -> Iterator[tuple[ast.Expr, tuple[ast.Expr, ...]]]:
    """`(s + t)[1..]` as `s[1..] + t`, and the like at the other end."""
    if not isinstance(part.object, ast.Binary) or part.object.op != "+":
        return
    first, *rest = summands(part.object)
    last = rest[-1]
    one = ast.Literal("int", 1)
    if part.low == one and part.high is None and isinstance(first, ast.Name):
        shorter = _summed((ast.Slice(first, one, None), *rest))
        yield shorter, (ast.Binary("==", part, shorter),)
    size = ast.Binary("-", ast.Cardinality(part.object), one)
    if part.low is None and part.high == size and isinstance(last, ast.Name):
        end = ast.Binary("-", ast.Cardinality(last), one)
        shorter = _summed((first, *rest[:-1], ast.Slice(last, None, end)))
        yield shorter, (ast.Binary("==", part, shorter),)


def tidy(expr: ast.Expr) -> ast.Expr:
    """An integer term multiplied out and summed up, where that makes it shorter."""
    polynomial = expand(expr)
    if polynomial is None:
        return expr
    found = parse_expression(written(polynomial) if polynomial else "0")
    if isinstance(found, ast.Expr) and len(list(walk(found))) < len(list(walk(expr))):
        return found
    return expr


def says(known: Conjecture, new: Conjecture) -> bool:
    """Whether the one says the other, or a case of it, as far as matching tells."""
    names = _names(known)
    for pattern in (known.ensures, *turned(known.ensures)):
        for binding, needed in _fit(pattern, new.ensures, names, {}):
            if not needed and all(substitute(e, binding) in new.requires for e in known.requires):
                return True
    return False


def turned(expr: ast.Expr) -> Iterable[ast.Expr]:
    """An equation the other way round."""
    match expr:
        case ast.Binary(op="==" | "<==>" as op, left=left, right=right):
            yield ast.Binary(op, right, left)
