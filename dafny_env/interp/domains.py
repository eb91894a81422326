"""Finite domains of bound variables, read off the formula around them.

`derive(e, wanted, v)` over-approximates the values of `v` at which `e` can be `wanted`: a `forall` need only look where
its body can be false, an `exists` where it can be true. So `forall x :: x in A <==> x in B` looks at the members of
both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dafny_env.interp.isolation import FLIPPED, NEGATED, isolate, mentions
from dafny_env.interp.machine import Frame
from dafny_env.interp.outcome import Failure, OutOfFuel, Unsupported
from dafny_env.interp.values import Data, Map, Multiset, Value, ordered
from dafny_env.interp.world import Scope, compile_expr
from dafny_env.syntax import ast
from dafny_env.syntax.walk import links

MAX_DOMAIN = 50_000


@dataclass(slots=True)
class Range:
    """What is known of a variable at run time: inclusive bounds (ints or chars) and a finite set of candidates."""

    low: Value = None
    high: Value = None
    elements: list[Value] | None = None

    @property
    def finite(self) -> bool:
        """Whether the values can be listed."""
        return self.elements is not None or (self.low is not None and self.high is not None)

    def values(self) -> list[Value]:
        """The values, least first. Only for finite ranges."""
        low, high = self.low, self.high
        if self.elements is not None:
            return ordered(e for e in self.elements if _within(e, low, high))
        if isinstance(low, str) and isinstance(high, str):
            return [chr(c) for c in range(ord(low), ord(high) + 1)]
        if not isinstance(low, int) or not isinstance(high, int):
            raise Unsupported("range of such values")
        if high - low > MAX_DOMAIN:
            raise OutOfFuel("quantifier range too large")
        return list(range(low, high + 1))


def _within(value: Value, low: Value, high: Value) -> bool:
    below = type(value) is type(low) and value < low
    return not below and not (type(value) is type(high) and value > high)


Derived = Callable[[Frame], Range]


@dataclass(frozen=True, slots=True)
class Domain:
    """A derivation compiled: what it will know (statically), and how to compute it."""

    low: bool
    high: bool
    elements: bool
    run: Derived

    @property
    def finite(self) -> bool:
        """Whether the values can be listed, if no bound fails to evaluate."""
        return self.elements or (self.low and self.high)


NOTHING = Domain(False, False, False, lambda fr: Range())


class Deriver:
    """Derives domains for the variables of one binder. `scope` has them bound; `known` are those already enumerated."""

    def __init__(self, formula: ast.Expr, wanted: bool, scope: Scope, variables: tuple[str, ...]) -> None:
        self.formula = formula
        self.wanted = wanted
        self.scope = scope
        self.variables = frozenset(variables)
        self.known: set[str] = set()

    def domain(self, name: str, visited: frozenset[str] = frozenset()) -> Domain:
        """The domain of a variable given the known ones."""
        return self._derive(self.formula, self.wanted, name, visited | {name})

    def _usable(self, e: ast.Expr) -> bool:
        return not (mentions(e) & (self.variables - self.known))

    def _derive(self, e: ast.Expr, wanted: bool, v: str, visited: frozenset[str]) -> Domain:
        if isinstance(e, ast.Tuple) and len(e.items) == 1:
            return self._derive(e.items[0], wanted, v, visited)
        if isinstance(e, ast.StmtExpr):
            return self._derive(e.body, wanted, v, visited)
        if isinstance(e, ast.Literal) and e.kind == "bool" and e.value is not wanted:
            return Domain(False, False, True, lambda fr: Range(elements=[]))
        if isinstance(e, ast.Unary) and e.op == "!":
            return self._derive(e.operand, not wanted, v, visited)
        if isinstance(e, ast.Quantifier) and e.kind == ("exists" if wanted else "forall"):
            return self._inner(e, wanted, v, visited)
        if isinstance(e, ast.Chain):
            parts = [self._derive(link, wanted, v, visited) for link in links(e)]
            return both(parts) if wanted else _either(parts)
        if not isinstance(e, ast.Binary):
            return NOTHING
        if e.op in ("&&", "||", "==>", "<=="):
            left_wanted = wanted if e.op in ("&&", "||", "<==") else not wanted
            right_wanted = not wanted if e.op == "<==" else wanted
            parts = [self._derive(e.left, left_wanted, v, visited), self._derive(e.right, right_wanted, v, visited)]
            return both(parts) if (e.op == "&&") == wanted else _either(parts)
        if e.op == "<==>":
            return self._equivalence(e, wanted, v, visited)
        return self._atom(e, wanted, v, visited)

    def _equivalence(self, e: ast.Binary, wanted: bool, v: str, visited: frozenset[str]) -> Domain:
        def side(x: ast.Expr, value: bool) -> Domain:
            return self._derive(x, value, v, visited)

        if wanted:
            options = [
                both([side(e.left, True), side(e.right, True)]),
                both([side(e.left, False), side(e.right, False)]),
            ]
            return _either(options)
        both_ways = [
            _either([side(e.left, True), side(e.right, True)]),
            _either([side(e.left, False), side(e.right, False)]),
        ]
        return both(both_ways)

    def _inner(self, e: ast.Quantifier, wanted: bool, v: str, visited: frozenset[str]) -> Domain:
        """A quantifier inside: its variables are unknown, but its bounds on `v` hold."""
        names = {b.name for b in e.vars}
        if v in names or names & set(self.scope.names):
            return NOTHING
        body: ast.Expr = e.body
        if e.range is not None:
            body = ast.Binary("&&" if wanted else "==>", e.range, e.body)
        inner = Deriver(body, wanted, self.scope.bind([(b.name, b.type) for b in e.vars]), ())
        inner.variables = self.variables | names
        inner.known = self.known
        return inner._derive(body, wanted, v, visited)

    def _atom(self, e: ast.Binary, wanted: bool, v: str, visited: frozenset[str]) -> Domain:
        op = e.op if wanted else NEGATED.get(e.op)
        if op in ("in",):
            return self._membership(e, v)
        if op not in FLIPPED:
            return NOTHING
        parts = []
        if v in mentions(e.left):
            parts.append(self._comparison(e.left, op, e.right, v, visited))
        if v in mentions(e.right):
            parts.append(self._comparison(e.right, FLIPPED[op], e.left, v, visited))
        return both(parts) if parts else NOTHING

    def _membership(self, e: ast.Binary, v: str) -> Domain:
        if not self._usable(e.right) or v in mentions(e.right):
            return NOTHING
        path = _component(e.left, v)
        if path is None:
            return NOTHING
        code = compile_expr(e.right, self.scope)

        def run(fr: Frame) -> Range:
            try:
                members = _members(code(fr))
            except OutOfFuel:
                raise
            except Failure:
                return Range()
            for position in path:
                members = [m.args[position] for m in members if type(m) is Data and position < len(m.args)]
            return Range(elements=members)

        return Domain(False, False, True, run)

    def _comparison(self, left: ast.Expr, op: str, right: ast.Expr, v: str, visited: frozenset[str]) -> Domain:
        """Bounds from `left op right` where `v` occurs in `left`."""
        isolated = isolate(left, op, right, v)
        if isolated is None:
            return NOTHING
        op, right, direct = isolated
        other = right.id if isinstance(right, ast.Name) else None
        if other is not None and other in self.variables - self.known and other not in visited:
            return self._transitive(op, other, visited)
        if v in mentions(right) or not self._usable(right):
            return NOTHING
        code = compile_expr(right, self.scope)
        low, high = op in (">", ">=", "=="), op in ("<", "<=", "==")

        def run(fr: Frame) -> Range:
            try:
                value = code(fr)
            except OutOfFuel:
                raise
            except Failure:
                return Range()
            if op == "==" and direct:
                return Range(elements=[value])
            step = 1 if op == ">" else -1 if op == "<" else 0
            if type(value) is int:
                return Range(value + step if low else None, value + step if high else None)
            if type(value) is str and direct and 0 <= ord(value) + step < 0xD800:
                at = chr(ord(value) + step)
                return Range(at if low else None, at if high else None)
            return Range()

        return Domain(low, high, op == "==" and direct, run)

    def _transitive(self, op: str, other: str, visited: frozenset[str]) -> Domain:
        """`v < w` gives `v` the upper bound of `w`, which is not strict enough but safe."""
        beyond = self.domain(other, visited)
        low = op in (">", ">=", "==") and (beyond.low or beyond.elements)
        high = op in ("<", "<=", "==") and (beyond.high or beyond.elements)

        def run(fr: Frame) -> Range:
            known = beyond.run(fr)
            ends = known
            if known.elements is not None:
                ints = [x for x in known.elements if type(x) is int]
                if len(ints) != len(known.elements):
                    return Range()
                if not ints:
                    return Range(elements=[])
                ends = Range(min(ints), max(ints))
            return Range(ends.low if low else None, ends.high if high else None)

        return Domain(low, high, False, run) if low or high else NOTHING


def _component(e: ast.Expr, v: str) -> list[int] | None:
    """Where `v` stands in a tuple pattern, as a path of positions; [] for `v` itself."""
    if isinstance(e, ast.Name):
        return [] if e.id == v else None
    if isinstance(e, ast.Tuple) and len(e.items) > 1:
        for position, item in enumerate(e.items):
            inner = _component(item, v)
            if inner is not None:
                return [position, *inner]
    return None


def _members(value: Value) -> list[Value]:
    if type(value) is Map:
        return list(value.items)
    if type(value) is Multiset:
        return list(value.counts)
    if type(value) is tuple or type(value) is frozenset:
        return list(value)
    return []


def both(parts: list[Domain]) -> Domain:
    """The domain of a conjunction: any of the parts will do."""
    parts = [p for p in parts if p is not NOTHING]
    if not parts:
        return NOTHING
    if len(parts) == 1:
        return parts[0]

    def run(fr: Frame) -> Range:
        result = Range()
        for part in parts:
            known = part.run(fr)
            if known.low is not None and (result.low is None or known.low > result.low):
                result.low = known.low
            if known.high is not None and (result.high is None or known.high < result.high):
                result.high = known.high
            if known.elements is not None and (result.elements is None or len(known.elements) < len(result.elements)):
                result.elements = known.elements
        return result

    return Domain(any(p.low for p in parts), any(p.high for p in parts), any(p.elements for p in parts), run)


def _either(parts: list[Domain]) -> Domain:
    finite = all(p.finite for p in parts)
    low, high = all(p.low for p in parts), all(p.high for p in parts)
    if not (finite or low or high):
        return NOTHING

    def run(fr: Frame) -> Range:
        ranges = [r for r in (part.run(fr) for part in parts) if not _empty(r)]
        if not ranges:
            return Range(elements=[])
        if any(r.elements is not None for r in ranges):
            if all(r.finite for r in ranges):
                return Range(elements=[v for r in ranges for v in r.values()])
            return Range()
        lows, highs = [r.low for r in ranges], [r.high for r in ranges]
        return Range(None if None in lows else min(lows), None if None in highs else max(highs))

    return Domain(low, high, finite, run)


def _empty(known: Range) -> bool:
    if known.elements is not None:
        return not known.elements
    return known.low is not None and known.high is not None and bool(known.low > known.high)
