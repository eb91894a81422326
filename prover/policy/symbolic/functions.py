"""Facts about the file's functions, read off observed states: equal columns of values, sums and products of them.

Nothing here is believed: each fact is a candidate for the verifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from dafny_env.scope import INTEGERS
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import walk
from prover.policy.symbolic.columns import Column, column, integer_columns, sample
from prover.policy.symbolic.generalise import term
from prover.policy.symbolic.view import Idea, Oracle, View, fresh_names, printed

MAX_CALLS = 240


def calls(view: View) -> Iterator[tuple[str, Type | None]]:
    """Calls of the file's functions on terms in scope, with their result types."""
    for function in view.table.functions.values():
        if function.params and len(function.params) <= 4 and "twostate" not in function.kind:
            choices = [arguments(view, view.table.resolve(p.type)) for p in function.params]
            result = Type("bool") if "predicate" in function.kind else view.table.resolve(function.result)
            for args in islice(product(*choices), MAX_CALLS):
                yield f"{function.name}({', '.join(args)})", result


def arguments(view: View, type_: Type | None) -> list[str]:
    """Terms in scope worth passing where a parameter has the type, a dozen at most."""
    if type_ is None:
        return []
    moving = view.moving_integers()[:3]
    if type_.name in INTEGERS:
        fixed = [n for n in view.integers() if not view.moves(n)][:3]
        near = [f"{n} {d}" for n in moving for d in ("+ 1", "- 1")]
        return [*moving, *fixed, *near, *view.lengths()[:2], "0"]
    if type_.name in ("seq", "string"):
        element = Type("char") if type_.name == "string" else (type_.args[0] if type_.args else None)
        found = []
        for name, inner, array in view.sequences():
            if element is not None and inner is not None and not _compatible(inner, element, view):
                continue
            found.append(f"{name}[..]" if array else name)
            found += [f"{name}[..{i}]" for i in moving] + [f"{name}[{i}..]" for i in moving]
            if array:
                found += [f"old({name}[..])"] if view.loop.writes else []
        return found[:12]
    return [v.name for v in view.variables if v.type is not None and _compatible(view.type_of(v), type_, view)][:5]


def _compatible(left: Type | None, right: Type, view: View) -> bool:
    if left is None:
        return False
    parameters = {p.name for f in view.table.functions.values() for p in f.type_params}
    return left.name == right.name or right.name in parameters or (left.name in INTEGERS and right.name in INTEGERS)


def functions(view: View, oracle: Oracle) -> Iterator[Idea]:
    """Facts `x == f(...)`, `x + f(...) == g(...)`, `x * f(...) == g(...)` and `p(...)` that hold in all observed
    states."""
    states = sample(oracle.states(view.loop.offset), 24)
    if len(states) < 2:
        yield from _blind(view)
        return
    numbers: dict[str, Column] = {}
    others: list[tuple[str, Column]] = []
    for text, _ in calls(view):
        values = column(oracle, states, text)
        if values is None:
            continue
        if all(type(v) is int for v in values):
            numbers[text] = values
        elif all(v is True for v in values):
            if _moves_in(view, text):
                yield Idea(text, "function", 2)
        else:
            others.append((text, values))
    numbers = _as_specified(view, numbers)
    plain = integer_columns(view, oracle, states)
    moving = {t: c for t, c in plain.items() if view.moves(t)}
    by_value: dict[Column, list[str]] = {}
    for text, values in numbers.items():
        by_value.setdefault(values, []).append(text)
    for name, values in moving.items():
        for text in by_value.get(values, ())[:6]:
            yield Idea(f"{name} == {text}", "function", 2)
    for texts in by_value.values():
        still = [t for t in texts if not _moves_in(view, t)][:1]
        for text in [t for t in texts if t not in still][:4]:
            for other in still:
                yield Idea(f"{text} == {other}", "function", 1)  # what the loop keeps: given up last
    first = {texts[0]: values for values, texts in by_value.items()}  # the others would say the same again
    numbers = {t: c for t, c in numbers.items() if t in first}
    by_value = {c: texts[:2] for c, texts in by_value.items()}
    seen = _Seen(plain, moving, numbers, by_value)
    yield from _combinations(view, seen)
    yield from _weighted(view, seen)
    yield from _pairs(view, numbers, by_value)
    for variable in view.variables:
        if not view.moves(variable.name) or variable.name in plain:
            continue
        mine = column(oracle, states, variable.name)
        if mine is None:
            continue
        for text, values in others:
            if values == mine:
                yield Idea(f"{variable.name} == {text}", "function", 2)
        if type(mine[0]) is bool:
            continue
        for text, values in others[:40]:
            for goal, _ in others[:40]:
                if goal != text and not _moves_in(view, goal) and type(values[0]) is type(mine[0]):
                    for left, right in ((variable.name, text), (text, variable.name)):
                        fact = f"{left} + {right} == {goal}"
                        if _holds(oracle, states, fact):
                            yield Idea(fact, "function", 3)


def _as_specified(view: View, numbers: dict[str, Column]) -> dict[str, Column]:
    """The same, those first that have their arguments in the order of a call in the specification."""
    said = {
        _skeleton(printed(n)) for c in view.decl.clauses for e in c.exprs for n in walk(e) if isinstance(n, ast.Call)
    }
    return dict(sorted(numbers.items(), key=lambda item: _skeleton(item[0]) not in said))


def _skeleton(text: str) -> str:
    """A call's text without bounds of slices."""
    return re.sub(r"\[[^\[\]]*\]", "", text)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Columns of values: of integer variables (`plain`), of those that move, of calls; the calls by their values."""

    plain: dict[str, Column]
    moving: dict[str, Column]
    numbers: dict[str, Column]
    by_value: dict[Column, list[str]]

    def targets(self) -> dict[Column, list[str]]:
        """What a sum or product may equal: calls, then variables, by their values."""
        found: dict[Column, list[str]] = {k: list(v) for k, v in self.by_value.items()}
        for name, values in self.plain.items():
            found.setdefault(values, []).append(name)
        return found


def _combinations(view: View, seen: _Seen) -> Iterator[Idea]:
    """Sums and products of a moving variable with a function's value, or of two functions' values, that equal
    another."""
    targets = seen.targets()
    for name, mine in seen.moving.items():
        for text, values in seen.numbers.items():
            if len(set(values)) == 1 and values[0] in (0, 1):
                continue
            added = tuple(a + b for a, b in zip(mine, values, strict=True))
            for goal in targets.get(added, ())[:3]:
                yield Idea(f"{name} + {text} == {goal}", "function", 2)
            for other, theirs in seen.plain.items():
                if not view.moves(other) and tuple(a + b for a, b in zip(theirs, values, strict=True)) == mine:
                    yield Idea(f"{name} == {other} + {text}", "function", 2)
            if len(set(mine)) > 1:
                times = tuple(a * b for a, b in zip(mine, values, strict=True))
                for goal in targets.get(times, ())[:3]:
                    if goal != text:
                        yield Idea(f"{name} * {text} == {goal}", "function", 2)
            for other, theirs in seen.plain.items():
                if other != name and view.moves(other):
                    sums = tuple(a + b for a, b in zip(mine, theirs, strict=True))
                    if sums == values:
                        yield Idea(f"{name} + {other} == {text}", "function", 2)


def _weighted(view: View, seen: _Seen) -> Iterator[Idea]:
    """`f(..) + g(..) * x == y`: what has been done, and what is left of it with its weight."""
    targets = seen.targets()
    telling = [(t, c) for t, c in seen.numbers.items() if len(set(c)) > 2 and _moves_in(view, t)][:40]
    found = 0
    for text, mine in (*((n, c) for n, c in seen.moving.items() if len(set(c)) > 2), *telling):
        for weight, values in telling:
            for name, left in seen.moving.items():
                if weight == text or name == text or len(set(left)) < 3:
                    continue
                total = tuple(a + b * c for a, b, c in zip(mine, values, left, strict=True))
                for goal in targets.get(total, ())[:2]:
                    if not _moves_in(view, goal):
                        found += 1
                        yield Idea(f"{text} + {weight} * {name} == {goal}", "function", 2)
            if found >= 8:
                return


def _pairs(view: View, numbers: dict[str, Column], by_value: dict[Column, list[str]]) -> Iterator[Idea]:
    """`f(..) + g(..) == h(..)` and `f(..) * g(..) == h(..)`, one of them moving; a few of each."""
    telling = [(t, c) for t, c in numbers.items() if len(set(c)) > 2][:40]
    found = 0
    for k, (left, a) in enumerate(telling):
        for right, b in telling[k:]:
            for op, values in (
                ("+", tuple(x + y for x, y in zip(a, b, strict=True))),
                ("*", tuple(x * y for x, y in zip(a, b, strict=True))),
            ):
                for goal in by_value.get(values, ())[:2]:
                    if goal not in (left, right) and any(_moves_in(view, t) for t in (left, right, goal)):
                        found += 1
                        yield Idea(f"{left} {op} {right} == {goal}", "function", 2)
            if found >= 16:
                return


def _blind(view: View) -> Iterator[Idea]:
    """Without observations only the plainest facts are proposed."""
    for text, result in islice(calls(view), 40):
        if result is None:
            continue
        if result.name == "bool":
            yield Idea(text, "function", 2)
            continue
        for variable in view.variables:
            type_ = view.type_of(variable)
            if view.moves(variable.name) and type_ is not None and _compatible(type_, result, view):
                yield Idea(f"{variable.name} == {text}", "function", 2)


def _moves_in(view: View, text: str) -> bool:
    try:
        names = {n.id for n in _names(term(text))}
    except ValueError:
        return False
    return any(view.moves(n) for n in names) or bool(view.loop.writes)


def _names(expr: ast.Expr) -> Iterator[ast.Name]:
    return (n for n in walk(expr) if isinstance(n, ast.Name))


def quantified(view: View, oracle: Oracle) -> Iterator[Idea]:
    """`forall k :: low <= k < high ==> f(.., k, ..) R x` for numeric functions, `p(.., k, ..)` for predicates."""
    (k,) = fresh_names(view.taken(), "k")
    moving = view.moving_integers()[:3]
    if not moving:
        return
    for function in view.table.functions.values():
        types = [view.table.resolve(p.type) for p in function.params]
        result = "bool" if "predicate" in function.kind else (function.result.name if function.result else "")
        if len(types) > 4 or (result != "bool" and result not in INTEGERS):
            continue
        for position, type_ in enumerate(types):
            if type_ is None or type_.name not in INTEGERS:
                continue
            choices = [arguments(view, t)[:5] if n != position else [k] for n, t in enumerate(types)]
            for args in islice(product(*choices), 30):
                call = f"{function.name}({', '.join(args)})"
                for low, high in (("0", moving[0]), ("0", f"{moving[0]} + 1"), *(("0", m) for m in moving[1:])):
                    start = f"forall {k} :: {low} <= {k} < {high} ==> {call}"
                    if result == "bool":
                        yield Idea(start, "function", 3)
                        continue
                    for name in moving:
                        for op in ("<=", ">=", "=="):
                            yield Idea(f"{start} {op} {name}", "function", 3)


def _holds(oracle: Oracle, states: Sequence[Any], text: str) -> bool:
    expr = term(text)
    return all(oracle.holds(expr, state) for state in states)
