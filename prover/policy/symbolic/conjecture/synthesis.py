"""What a term is equal to: a search for the smallest terms over given parts that have its values on all inputs.

Bottom-up and by observation (Albarghouthi, Gulwani and Kincaid, "Recursive program synthesis", CAV 2013): terms with
equal values are one. The last step is not enumerated: what is missing of a sum or a concatenation is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, islice, product
from typing import Any, Protocol

from dafny_env.interp.values import Multiset
from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import walk
from prover.policy.symbolic.conjecture.lab import Column, Inputs
from prover.policy.symbolic.conjecture.terms import BOOL, Term, is_integer, is_sequence, number, size

FIRST, SECOND = 36, 900
"""Terms of the first and of the second level that are kept."""
BOOLEANS, MOST = 14, 4
FEWEST = 3
"""Inputs that a case must hold at."""
Level = dict[Column, ast.Expr]


class Evaluates(Protocol):
    """Gives the values of terms, as `Lab` does."""

    def column(self, expr: ast.Expr, inputs: Inputs, *, lenient: bool = False) -> Column | None:
        """As `Lab.column`."""
        ...

    def agrees(self, expr: ast.Expr, inputs: Inputs, wanted: Column) -> bool:
        """As `Lab.agrees`."""
        ...


def equal_terms(
    left: Term,
    parts: Sequence[Term],
    inputs: Inputs,
    lab: Evaluates,
    table: TypeTable,
    *,
    numbers: Sequence[int] = (),
    conditions: Sequence[ast.Expr] = (),
) -> Iterator[ast.Expr]:
    """Terms over the parts that equal `left` on all inputs, the smallest first, a few. numbers: constants worth using.
    conditions: behind these, cases are told apart by one of them."""
    wanted = lab.column(left.expr, inputs, lenient=True)
    if wanted is None or all(v is None for v in wanted):
        return
    parts = [p for p in parts if p.expr != left.expr and _same_kind(p.type, left.type, table)]
    if (table.resolve(left.type) or left.type).name in table.datatypes and not conditions:
        # Nothing but calls makes values of these, and a wrong one shows at once.
        yield from islice((p.expr for p in _simplest(parts, left) if lab.agrees(p.expr, inputs, wanted)), MOST)
        return
    known = [k for k, v in enumerate(wanted) if v is not None]
    wanted = tuple(wanted[k] for k in known)
    first: Level = {}
    for part in _simplest(parts, left):
        column = lab.column(part.expr, inputs, lenient=True)
        if column is not None and all(column[k] is not None for k in known):
            first.setdefault(tuple(column[k] for k in known), part.expr)
            if len(first) >= FIRST:
                break
    search = _Search(left.type, table, tuple(dict.fromkeys((1, 2, *numbers))))
    told: set[ast.Expr] = set()
    for expr in search.terms(wanted, first):
        if expr not in told:
            told.add(expr)
            yield expr
        if len(told) >= MOST:
            break
    for condition in conditions:
        column = lab.column(condition, inputs, lenient=True)
        if column is not None and all(column[k] is not None for k in known):
            cases = _by_cases(condition, tuple(column[k] for k in known), wanted, first, search)
            if cases is not None:
                yield cases


def _by_cases(condition: ast.Expr, column: Column, wanted: Column, first: Level, search: _Search) -> ast.Expr | None:
    """The term where a condition is true and the one where it is false; None where either is missing."""
    ends = []
    for truth in (True, False):
        rows = [k for k, value in enumerate(column) if value is truth]
        if len(rows) < FEWEST:
            return None
        part: Level = {}
        for values, expr in first.items():
            part.setdefault(tuple(values[k] for k in rows), expr)
        there = next(search.terms(tuple(wanted[k] for k in rows), part), None)
        if there is None:
            return None
        ends.append(there)
    return ast.IfExpr(condition, ends[0], ends[1]) if ends[0] != ends[1] else None


def _simplest(parts: Sequence[Term], left: Term) -> list[Term]:
    """The parts in order of size; of equal ones those first that do without the function of the left side."""
    head = _head(left.expr)
    return sorted(parts, key=lambda t: (size(t.expr), _uses(t.expr, head)))


def _head(expr: ast.Expr) -> str:
    match expr:
        case ast.Call(function=ast.Name(id=name) | ast.Member(name=name)):
            return name
    return ""


def _uses(expr: ast.Expr, name: str) -> int:
    """How often a term calls a function: an equation that gets rid of it says more."""
    return sum(_head(n) == name for n in walk(expr) if isinstance(n, ast.Call))


def _same_kind(part: Type, wanted: Type, table: TypeTable) -> bool:
    if is_integer(wanted, table):
        return is_integer(part, table)
    a, b = table.resolve(part) or part, table.resolve(wanted) or wanted
    return a.name == b.name or {a.name, b.name} <= {"seq", "string"}


@dataclass(frozen=True, slots=True)
class _Search:
    """Terms of a type. numbers: the constants that integers are made with."""

    type: Type
    table: TypeTable
    numbers: tuple[int, ...]

    def terms(self, wanted: Column, first: Level) -> Iterator[ast.Expr]:
        """Those that have the wanted values, over the terms of the first level."""
        if wanted in first:
            yield first[wanted]
        resolved = self.table.resolve(self.type) or self.type
        if is_integer(self.type, self.table):
            yield from _integer(wanted, first, self.numbers)
        elif is_sequence(self.type, self.table):
            yield from _concatenated(wanted, first)
        elif resolved == BOOL:
            yield from _boolean(wanted, first)
        elif resolved.name in ("set", "multiset"):
            yield from _united(wanted, first)


# ------------------------------------------------------------------------------------------------------------- integers


def _integer(wanted: Column, first: Level, numbers: tuple[int, ...]) -> Iterator[ast.Expr]:
    constant = (wanted[0],) * len(wanted)
    if wanted == constant:
        if abs(wanted[0]) <= 9:
            yield _literal(wanted[0])
        return
    first = {c: e for c, e in first.items() if len(set(c)) > 1}
    base = {**first, **{(n,) * len(wanted): number(n) for n in numbers}}
    second: Level = {}
    items = list(base.items())
    for k, (a, left) in enumerate(items):
        for b, right in items[k:]:
            _keep(second, tuple(x + y for x, y in zip(a, b, strict=True)), "+", left, right)
            if not isinstance(left, ast.Literal) or not isinstance(right, ast.Literal):
                one = ast.Literal("int", 1)
                if one not in (left, right):
                    _keep(second, tuple(x * y for x, y in zip(a, b, strict=True)), "*", left, right)
                _keep(second, tuple(x - y for x, y in zip(a, b, strict=True)), "-", left, right)
                _keep(second, tuple(y - x for x, y in zip(a, b, strict=True)), "-", right, left)
        if len(second) > SECOND:
            break
    if wanted in second:
        yield second[wanted]
    # Three or four of them: what is missing, looked up.
    for a, left in base.items():
        rest = second.get(tuple(w - x for w, x in zip(wanted, a, strict=True)))
        if rest is not None:
            yield _sum(left, rest)
        rest = second.get(tuple(w + x for w, x in zip(wanted, a, strict=True)))
        if rest is not None:
            yield ast.Binary("-", rest, left)
        quotient = _quotient(wanted, a)
        if quotient is not None and quotient in second:
            yield ast.Binary("*", left, second[quotient])
    for a, left in second.items():
        rest = second.get(tuple(w - x for w, x in zip(wanted, a, strict=True)))
        if rest is not None:
            yield _sum(left, rest)


def _quotient(wanted: Column, by: Column) -> Column | None:
    """The column that gives `wanted` when multiplied; None where there is none, or it could be anything at some
    input."""
    if any(b == 0 or w % b for w, b in zip(wanted, by, strict=True)):
        return None
    return tuple(w // b for w, b in zip(wanted, by, strict=True))


def _keep(level: Level, column: Column, op: str, left: ast.Expr, right: ast.Expr) -> None:
    if column not in level:
        level[column] = ast.Binary(op, left, right)


def _sum(left: ast.Expr, right: ast.Expr) -> ast.Expr:
    """The sum with the simpler part behind."""
    if size(left) < size(right):
        left, right = right, left
    return ast.Binary("+", left, right)


def _literal(value: int) -> ast.Expr:
    return number(value) if value >= 0 else ast.Unary("-", number(-value))


# ---------------------------------------------------------------------------------------------------------- collections


def _concatenated(wanted: Column, first: Level) -> Iterator[ast.Expr]:
    if all(w == () for w in wanted):
        return
    telling = {c: e for c, e in first.items() if any(x != () for x in c)}
    second: Level = {}
    for a, left in telling.items():
        for b, right in telling.items():
            column = tuple(x + y for x, y in zip(a, b, strict=True))
            if column not in second:
                second[column] = ast.Binary("+", left, right)
    if wanted in second:
        yield second[wanted]
    for a, left in telling.items():
        if all(w[: len(x)] == x for w, x in zip(wanted, a, strict=True)):
            rest = second.get(tuple(w[len(x) :] for w, x in zip(wanted, a, strict=True)))
            if isinstance(rest, ast.Binary):
                yield ast.Binary("+", ast.Binary("+", left, rest.left), rest.right)


def _united(wanted: Column, first: Level) -> Iterator[ast.Expr]:
    def together(a: Any, b: Any) -> Any:
        if isinstance(a, Multiset):
            return Multiset({k: a.counts.get(k, 0) + b.counts.get(k, 0) for k in {**a.counts, **b.counts}})
        return a | b

    items = [(c, e) for c, e in first.items() if any(c)]
    for k, (a, left) in enumerate(items):
        for b, right in items[k:]:
            column = tuple(together(x, y) for x, y in zip(a, b, strict=True))
            if column == wanted:
                yield ast.Binary("+", left, right)
            for c, third in items if len(items) <= 10 else ():
                if tuple(together(x, y) for x, y in zip(column, c, strict=True)) == wanted:
                    yield ast.Binary("+", ast.Binary("+", left, right), third)


# --------------------------------------------------------------------------------------------------------------- truths


def _boolean(wanted: Column, first: Level) -> Iterator[ast.Expr]:
    if all(w is True for w in wanted):
        yield ast.Literal("bool", True)
        return
    if all(w is False for w in wanted):
        yield ast.Literal("bool", False)
        return
    items = [(c, e) for c, e in first.items() if len(set(c)) > 1][:BOOLEANS]
    above = [(c, e) for c, e in items if all(x or not w for x, w in zip(c, wanted, strict=True))]
    below = [(c, e) for c, e in items if all(w or not x for x, w in zip(c, wanted, strict=True))]
    for count, (found, op) in product((2, 3), ((above, "&&"), (below, "||"))):
        for chosen in combinations(found, count):
            every = all if op == "&&" else any
            if tuple(every(c[k] for c, _ in chosen) for k in range(len(wanted))) == wanted:
                yield reduce(lambda left, right, op=op: ast.Binary(op, left, right), [e for _, e in chosen])  # type: ignore[misc]
    for c, e in items:
        if tuple(not x for x in c) == wanted:
            yield ast.Unary("!", e)
