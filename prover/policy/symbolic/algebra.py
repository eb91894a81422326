"""Products multiplied out: `(n - 1) * (n - 2) == n * n - 3 * n + 2`, which nonlinear solvers do not think of
themselves."""

from __future__ import annotations

from collections.abc import Iterator

from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk
from prover.policy.symbolic.view import printed

Polynomial = dict[tuple[str, ...], int]
MAX_TERMS = 12


def expansions(expr: ast.Expr) -> Iterator[str]:
    """An equation for every product in a formula that multiplying out changes."""
    for node in walk(expr):
        if isinstance(node, ast.Binary) and node.op == "*":
            polynomial = expand(node)
            if polynomial is None or not 0 < len(polynomial) <= MAX_TERMS:
                continue
            text = written(polynomial)
            if text != printed(node) and len(polynomial) > 1:
                yield f"{printed(node)} == {text}"


def expand(expr: ast.Expr) -> Polynomial | None:
    """The polynomial of an integer term over its atoms; None where it has no atoms to speak of or grows too large."""
    match expr:
        case ast.Literal(kind="int", value=int(value)):
            return {(): value} if value else {}
        case ast.Unary(op="-", operand=inner):
            polynomial = expand(inner)
            return None if polynomial is None else {k: -c for k, c in polynomial.items()}
        case ast.Binary(op="+" | "-" | "*" as op, left=left, right=right):
            a, b = expand(left), expand(right)
            if a is None or b is None or len(a) * len(b) > 64:
                return None
            return _times(a, b) if op == "*" else _plus(a, b, 1 if op == "+" else -1)
        case ast.Name() | ast.Call() | ast.Index() | ast.Member() | ast.Cardinality():
            return {(printed(expr),): 1}
    return None


def _plus(a: Polynomial, b: Polynomial, sign: int) -> Polynomial:
    total = dict(a)
    for monomial, c in b.items():
        total[monomial] = total.get(monomial, 0) + sign * c
    return {m: c for m, c in total.items() if c}


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    total: Polynomial = {}
    for left, c in a.items():
        for right, d in b.items():
            monomial = tuple(sorted((*left, *right)))
            total[monomial] = total.get(monomial, 0) + c * d
    return {m: c for m, c in total.items() if c}


def written(polynomial: Polynomial) -> str:
    """The polynomial as text, highest degree first."""
    parts = []
    for monomial, c in sorted(polynomial.items(), key=lambda item: (-len(item[0]), item[0])):
        factors = " * ".join(monomial)
        size = str(abs(c)) if not monomial else factors if abs(c) == 1 else f"{abs(c)} * {factors}"
        parts.append(("- " if c < 0 else "+ ") + size)
    text = " ".join(parts)
    return text[2:] if text.startswith("+ ") else "-" + text[2:]
