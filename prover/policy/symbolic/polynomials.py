"""Linear and quadratic equalities between numbers, read off observed states.

The equalities are the null space of the matrix of monomials over the states (Müller-Olm and Seidl; Sharma et al.,
"A data driven approach for algebraic loop invariants"). Nothing here is believed: each is a candidate for the verifier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import gcd

from prover.policy.symbolic.columns import Column, integer_columns, sample
from prover.policy.symbolic.view import Idea, Oracle, View

COEFFICIENT_BOUND = 12


def polynomials(view: View, oracle: Oracle) -> Iterator[Idea]:
    """Linear and quadratic equalities that hold in all observed states, and parities."""
    states = sample(oracle.states(view.loop.offset))
    if len(states) < 4:
        return
    columns = integer_columns(view, oracle, states)
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
        yield from _quotients(moving, columns)
    if len(states) > len(terms) + 2:
        yield from _equalities(terms, view)
    for name in moving[:4]:
        for modulus in (2, 3):
            residues = {v % modulus for v in columns[name]}
            if len(residues) == 1 and len(set(columns[name])) > 2:
                yield Idea(f"{name} % {modulus} == {residues.pop()}", "parity", 2)


def _quotients(moving: list[str], columns: dict[str, Column]) -> Iterator[Idea]:
    """`y == x / 2`, where that is not exact (exact ones are linear)."""
    for name, other, divisor in product(moving[:4], columns, (2, 3, 10)):
        values = columns[other]
        inexact = any(v % divisor for v in values) and len(set(columns[name])) > 2
        if name != other and inexact and columns[name] == tuple(v // divisor for v in values):
            yield Idea(f"{name} == {other} / {divisor}", "equality", 2)


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
