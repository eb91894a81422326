"""Relations read off observed states: polynomial equalities between numbers, and values of the file's functions.

The equalities are the null space of the matrix of monomials over the states (Müller-Olm and Seidl; Sharma et al., "A
data driven approach for algebraic loop invariants"); function facts are found by equal columns of values. Nothing
here is believed: every relation is a candidate for the verifier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from math import gcd
from typing import Any

from dafny_env.scope import INTEGERS
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from prover.policy.symbolic.generalise import fresh_names, term
from prover.policy.symbolic.view import Idea, Oracle, View

MAX_STATES = 48
MAX_CALLS = 240
COEFFICIENT_BOUND = 12

Column = tuple[Any, ...]


def sample(states: Sequence[Any], count: int = MAX_STATES) -> list[Any]:
    """At most `count` states, evenly spread."""
    if len(states) <= count:
        return list(states)
    return [states[k * len(states) // count] for k in range(count)]


def column(oracle: Oracle, states: Sequence[Any], text: str) -> Column | None:
    """The values of a term over the states; None where it has no value in some of them."""
    try:
        expr = term(text)
    except ValueError:
        return None
    values = []
    for state in states:
        value = oracle.value(expr, state)
        if value is None:
            return None
        values.append(value)
    return tuple(values)


def _integer_columns(view: View, oracle: Oracle, states: Sequence[Any]) -> dict[str, Column]:
    found = {}
    for text in [*view.integers(), *view.lengths()]:
        values = column(oracle, states, text)
        if values is not None and all(type(v) is int for v in values):
            found[text] = values
    return found


# ------------------------------------------------------------------------------------------ polynomial equalities


def polynomials(view: View, oracle: Oracle) -> Iterator[Idea]:
    """Linear and quadratic equalities that hold in all observed states, and parities."""
    states = sample(oracle.states(view.loop.offset))
    if len(states) < 4:
        return
    columns = _integer_columns(view, oracle, states)
    moving = [t for t in columns if any(view.moves(n) for n in (t, t.strip("|")))]
    if not moving:
        return
    fixed = [t for t in columns if t not in moving]
    for text, other in _twins(columns):
        if text in moving or other in moving:
            yield Idea(f"{text} == {other}", "equality")
        (moving if text in moving else fixed).remove(text)
    terms: list[tuple[str, Column]] = [("1", tuple(1 for _ in states))]
    terms += [(t, columns[t]) for t in (*fixed[:4], *moving[:6])]
    linear = len(terms)
    factors = [*moving[:4], *fixed[:3]]
    products = []
    for k, left in enumerate(factors):
        for right in factors[k:]:
            values = tuple(a * b for a, b in zip(columns[left], columns[right], strict=True))
            products.append((f"{left} * {right}", values))
    # Products of what stays come first: each relation then speaks of one product that moves.
    terms += sorted(products, key=lambda t: sum(n in moving for n in t[0].split(" * ")))
    if len(states) > linear + 2:
        yield from _equalities(terms[:linear], view)
    if len(states) > len(terms) + 2:
        yield from _equalities(terms, view)
    for name in moving[:4]:
        for modulus in (2, 3):
            residues = {v % modulus for v in columns[name]}
            if len(residues) == 1 and len(set(columns[name])) > 2:
                yield Idea(f"{name} % {modulus} == {residues.pop()}", "parity", 2)


def _twins(columns: dict[str, Column]) -> list[tuple[str, str]]:
    """Terms with the values of an earlier term: their products would only say the same again."""
    first: dict[Column, str] = {}
    return [(t, first[c]) for t, c in columns.items() if first.setdefault(c, t) != t]


def _equalities(terms: Sequence[tuple[str, Column]], view: View) -> Iterator[Idea]:
    rows = [[Fraction(values[k]) for _, values in terms] for k in range(len(terms[0][1]))]
    for vector in null_space(rows, len(terms)):
        scale = 1
        for x in vector:
            scale = scale * x.denominator // gcd(scale, x.denominator)
        integers = [int(x * scale) for x in vector]
        used = [(c, name) for c, (name, _) in zip(integers, terms, strict=True) if c]
        if len(used) > 5 or any(abs(c) > COEFFICIENT_BOUND for c, _ in used):
            continue
        if not any(view.moves(n) for _, name in used for n in name.replace("|", "").split(" * ")):
            continue
        left = [(c, n) for c, n in used if c > 0]
        right = [(-c, n) for c, n in used if c < 0]
        cost = 3 if any("*" in name for _, name in used) else 1  # nonlinear facts are what solvers get lost in
        yield Idea(f"{_sum(left)} == {_sum(right)}", "equality", cost)


def _sum(parts: Sequence[tuple[int, str]]) -> str:
    texts = [str(c) if n == "1" else n if c == 1 else f"{c} * {n}" for c, n in parts]
    return " + ".join(texts) or "0"


def null_space(rows: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    """A basis of the vectors orthogonal to all rows: each expresses one later column through earlier ones."""
    pivots: list[int] = []
    rank = 0
    for col in range(width):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][col]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        head = rows[rank][col]
        rows[rank] = [x / head for x in rows[rank]]
        for r in range(len(rows)):
            if r != rank and rows[r][col]:
                factor = rows[r][col]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[rank], strict=True)]
        pivots.append(col)
        rank += 1
    basis = []
    for free in range(width):
        if free in pivots:
            continue
        vector = [Fraction(0)] * width
        vector[free] = Fraction(1)
        for r, col in enumerate(pivots):
            vector[col] = -rows[r][free]
        basis.append(vector)
    return basis


# ----------------------------------------------------------------------------------------------- function facts


def calls(view: View) -> Iterator[tuple[str, Type | None]]:
    """Calls of the file's functions on terms in scope, with their result types."""
    for function in view.table.functions.values():
        if function.params and len(function.params) <= 4 and "twostate" not in function.kind:
            choices = [_arguments(view, view.table.resolve(p.type)) for p in function.params]
            result = Type("bool") if "predicate" in function.kind else view.table.resolve(function.result)
            for args in islice(product(*choices), MAX_CALLS):
                yield f"{function.name}({', '.join(args)})", result


def _arguments(view: View, type_: Type | None) -> list[str]:
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
    plain = _integer_columns(view, oracle, states)
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
                yield Idea(f"{text} == {other}", "function", 2)
    yield from _combinations(view, plain, moving, numbers, by_value)
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


def _combinations(
    view: View,
    plain: dict[str, Column],
    moving: dict[str, Column],
    numbers: dict[str, Column],
    by_value: dict[Column, list[str]],
) -> Iterator[Idea]:
    """Sums and products of a moving variable with a function's value, or of two functions' values, that equal
    another."""
    targets: dict[Column, list[str]] = {k: list(v) for k, v in by_value.items()}
    for name, values in plain.items():
        targets.setdefault(values, []).append(name)
    for name, mine in moving.items():
        for text, values in numbers.items():
            if len(set(values)) == 1 and values[0] in (0, 1):
                continue
            added = tuple(a + b for a, b in zip(mine, values, strict=True))
            for goal in targets.get(added, ())[:3]:
                yield Idea(f"{name} + {text} == {goal}", "function", 2)
            if len(set(mine)) > 1:
                times = tuple(a * b for a, b in zip(mine, values, strict=True))
                for goal in targets.get(times, ())[:3]:
                    if goal != text:
                        yield Idea(f"{name} * {text} == {goal}", "function", 2)
            for other, theirs in plain.items():
                if other != name and view.moves(other):
                    sums = tuple(a + b for a, b in zip(mine, theirs, strict=True))
                    if sums == values:
                        yield Idea(f"{name} + {other} == {text}", "function", 2)


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
    from dafny_env.syntax.walk import walk

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
            choices = [_arguments(view, t)[:5] if n != position else [k] for n, t in enumerate(types)]
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
