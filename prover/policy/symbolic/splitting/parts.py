"""Slices of one sequence told as its pieces: of `f(s[..i + 1])`, `s[..i]` and `s[i]` only a sequence, an element and
their concatenation are left.

A lemma about pieces can be proved by induction over a piece; one about bounds cannot, since bounds do not go with the
way in which functions take sequences apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dafny_env.scope import TypeTable, Variable
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.walk import children, free_names, fresh_name, map_children, substitute, walk
from prover.policy.symbolic.splitting.claims import Claim, trimmed
from prover.policy.symbolic.splitting.trials import Sample, Trials
from prover.policy.symbolic.view import printed, replace_node

MAX_CUTS = 6
ZERO, ONE = ast.Literal("int", 0), ast.Literal("int", 1)
_BINDERS = (ast.Quantifier, ast.SetComp, ast.MapComp, ast.Lambda)


def in_pieces(claim: Claim, trials: Trials, table: TypeTable) -> Claim:
    """The claim with every sequence and array whose parts it speaks of taken to pieces, as far as the order of the cuts
    is the same at all values tried. It may come out false: whoever asks must try it."""
    for param in claim.params:
        element = element_of(param.type)
        if element is not None:
            claim = _taken_apart(claim, param, element, trials, table) or claim
    return claim


def element_of(type_: Type | None) -> Type | None:
    """What a sequence or an array of one dimension consists of."""
    if type_ is None:
        return None
    if type_.name == "string":
        return Type("char")
    return type_.args[0] if type_.name in ("seq", "array") and type_.args else None


@dataclass(frozen=True)
class _Cuts:
    """The places where a sequence is cut, in order, each with the terms that tell it; elements[k]: the piece behind
    cut k is a single element."""

    places: tuple[tuple[ast.Expr, ...], ...]
    elements: tuple[bool, ...]

    def position(self, cut: ast.Expr) -> int | None:
        """Which place a term tells."""
        return next((k for k, terms in enumerate(self.places) if cut in terms), None)


def _taken_apart(claim: Claim, whole: Variable, element: Type, trials: Trials, table: TypeTable) -> Claim | None:
    array = whole.type is not None and whole.type.name == "array"
    name = ast.Name(whole.name)
    end: ast.Expr = ast.Member(name, "Length") if array else ast.Cardinality(name)
    uses = list(_uses(claim.ensures, whole.name))
    bound = {v.name for n in walk(claim.ensures) if isinstance(n, _BINDERS) for v in _bound(n)}
    told_whole = not array and _occurs_whole(claim.ensures, whole.name)
    if not any(isinstance(u, ast.Slice | ast.Update) for u in uses) or any(free_names(u) & bound for u in uses):
        return None
    cuts = dict.fromkeys(c for u in uses for c in _ends(u, end))
    asked = [u for e in claim.requires for u in _uses(e, whole.name) if isinstance(u, ast.Index) and u not in uses]
    uses += [u for u in asked if all(c in cuts for c in _ends(u, end))]
    if told_whole:
        cuts |= dict.fromkeys((ZERO, end))
    placed = _in_order(list(cuts), claim, trials.sample(claim.params, claim.requires))
    return None if placed is None else _Pieces(claim, whole, element, placed, end, table).claim(uses)


def _bound(node: ast.Node) -> tuple[ast.BoundVar, ...]:
    if isinstance(node, ast.Lambda):
        return node.params
    return node.vars if isinstance(node, ast.Quantifier | ast.SetComp | ast.MapComp) else ()


Use = ast.Slice | ast.Index | ast.Update


def _uses(expr: ast.Expr, name: str) -> Iterator[Use]:
    """Parts, elements and updates of a sequence, each once."""
    seen: set[ast.Expr] = set()
    for node in walk(expr):
        match node:
            case ast.Slice(object=inner) | ast.Index(object=inner, indices=(_,)) | ast.Update(object=inner):
                assert isinstance(node, Use)
                if inner == ast.Name(name) and node not in seen:
                    seen.add(node)
                    yield node


def _occurs_whole(node: ast.Node, name: str) -> bool:
    """Whether a sequence occurs as it is, and not only parts, elements and its length."""
    match node:
        case ast.Name(id=inner):
            return inner == name
        case ast.Cardinality(operand=ast.Name(id=inner)) if inner == name:
            return False
        case ast.Slice(object=ast.Name(id=inner)) | ast.Index(object=ast.Name(id=inner)) if inner == name:
            return any(_occurs_whole(c, name) for c in children(node)[1:])
    return any(_occurs_whole(c, name) for c in children(node))


def _ends(use: Use, end: ast.Expr) -> tuple[ast.Expr, ...]:
    """The cuts on both sides of what is used."""
    match use:
        case ast.Slice(low=low, high=high):
            return (low or ZERO, high or end)
        case ast.Index(indices=(index,)):
            return index, plus_one(index)
        case ast.Update(updates=updates):
            return ZERO, end, *(c for i, _ in updates for c in (i, plus_one(i)))
    return ()


def plus_one(index: ast.Expr) -> ast.Expr:
    """The next index, `i - 1 + 1` told as `i`."""
    match index:
        case ast.Binary(op="-", left=left, right=ast.Literal(value=1)):
            return left
        case ast.Literal(kind="int", value=int(value)):
            return ast.Literal("int", value + 1)
    return ast.Binary("+", index, ONE)


def _in_order(cuts: Sequence[ast.Expr], claim: Claim, sample: Sample) -> _Cuts | None:
    """The cuts in order; None where that is not the same everywhere."""
    if len(cuts) > MAX_CUTS:
        return None
    claimed = (*claim.requires, claim.ensures)
    within = [k for k, s in enumerate(sample.states) if all(sample.bench.holds(e, s) is True for e in claimed)]
    columns: dict[tuple[int, ...], list[ast.Expr]] = {}
    for cut in cuts:
        values = sample.values(cut)
        column = tuple(v for k in within if type(v := values[k]) is int)
        if len(column) < max(len(within), 3):
            return None
        columns.setdefault(column, []).append(cut)
    order = sorted(columns, key=lambda c: (sum(c), c))
    widths = [{b - a for a, b in zip(low, high, strict=True)} for low, high in pairwise(order)]
    if not widths or any(min(w) < 0 for w in widths):
        return None
    return _Cuts(tuple(tuple(columns[c]) for c in order), tuple(w == {1} for w in widths))


class _Pieces:
    """A claim about a sequence, told of its pieces: each a new parameter."""

    def __init__(
        self, claim: Claim, whole: Variable, element: Type, cuts: _Cuts, end: ast.Expr, table: TypeTable
    ) -> None:
        self._claim, self._whole, self._cuts, self._end = claim, whole, cuts, end
        taken = {p.name for p in claim.params} | set(table.callables)
        self._params: list[Variable] = []
        self._values: list[ast.Expr] = []
        for k, single in enumerate(cuts.elements):
            name = fresh_name("x" if single else f"{whole.name}0", taken)
            taken.add(name)
            self._params.append(Variable(name, element if single else Type("seq", (element,)), "local"))
            self._values.append(substitute(self._actual(k), claim.values))
        self._names: list[ast.Expr] = [ast.Name(p.name) for p in self._params]

    def claim(self, uses: Sequence[Use]) -> Claim:
        """The claim, with equations that tell what the parts are made of."""
        positions: dict[str, ast.Expr] = {}
        if ZERO in self._cuts.places[0]:  # an index is how much there is before it
            for k, terms in enumerate(self._cuts.places):
                positions |= {t.id: self._length(k) for t in terms if isinstance(t, ast.Name)}

        def told(expr: ast.Expr) -> ast.Expr:
            changed = self._change(self._measured(expr))
            assert isinstance(changed, ast.Expr)
            return substitute(changed, positions)

        claim = self._claim
        hints = [h for u in uses if (h := self._equation(u)) is not None]
        return trimmed(
            replace(
                claim,
                params=(*claim.params, *self._params),
                requires=tuple(map(told, claim.requires)),
                ensures=told(claim.ensures),
                values={**claim.values, **{p.name: v for p, v in zip(self._params, self._values, strict=True)}},
                hints=tuple(dict.fromkeys((*claim.hints, *hints))),
            )
        )

    def _actual(self, k: int) -> ast.Expr:
        """What piece k is of the whole."""
        low, high = self._cuts.places[k], self._cuts.places[k + 1]
        here = ast.Name(self._whole.name)
        if self._cuts.elements[k]:
            return ast.Index(here, (low[0],))
        first, last = None if ZERO in low else low[0], None if self._end in high else high[0]
        whole = first is None and last is None and isinstance(self._end, ast.Cardinality)
        return here if whole else ast.Slice(here, first, last)

    def _change(self, node: ast.Node) -> ast.Node:
        here = ast.Name(self._whole.name)
        match node:
            case ast.Slice(object=inner, low=low, high=high) if inner == here:
                between = self._between(low or ZERO, high or self._end)
                if between is not None:
                    return self._joined(self._names, *between)
            case ast.Index(object=inner, indices=(index,)) if inner == here:
                at = self._single(index)
                if at is not None:
                    return self._names[at]
            case ast.Update(object=inner, updates=((index, value),)) if inner == here:
                at, between = self._single(index), self._between(ZERO, self._end)
                new = self._change(value)
                if at is not None and between is not None and isinstance(new, ast.Expr):
                    return self._joined([*self._names[:at], new, *self._names[at + 1 :]], *between)
            case ast.Name() if node == here and not isinstance(self._end, ast.Member):
                between = self._between(ZERO, self._end)
                if between is not None:
                    return self._joined(self._names, *between)
        return map_children(node, self._change)

    def _measured(self, expr: ast.Expr) -> ast.Expr:
        """Lengths of pieces and of the whole told of the pieces."""
        count = len(self._names)
        for first in range(count):
            for low in self._cuts.places[first]:
                if self._end in self._cuts.places[count]:
                    part = self._length(count, first)
                    whole = self._end if low == ZERO else ast.Binary("-", self._end, low)
                    expr = replace_node(expr, whole, part)
        return expr

    def _equation(self, use: Use) -> str | None:
        """That a part is the concatenation of its pieces, where it is not one of them."""
        if not isinstance(use, ast.Slice):
            return None
        between = self._between(use.low or ZERO, use.high or self._end)
        if between is None:
            return None
        values: Mapping[str, ast.Expr] = self._claim.values
        part, told = printed(substitute(use, values)), printed(self._joined(self._values, *between))
        return f"{part} == {told}" if part != told else None

    def _between(self, low: ast.Expr, high: ast.Expr) -> tuple[int, int] | None:
        first, last = self._cuts.position(low), self._cuts.position(high)
        return None if first is None or last is None or last < first else (first, last)

    def _single(self, index: ast.Expr) -> int | None:
        at = self._cuts.position(index)
        return at if at is not None and at < len(self._names) and self._cuts.elements[at] else None

    def _joined(self, pieces: Sequence[ast.Expr], first: int, last: int) -> ast.Expr:
        terms = [ast.SeqDisplay((pieces[k],)) if self._cuts.elements[k] else pieces[k] for k in range(first, last)]
        if not terms:
            return ast.SeqDisplay(())
        total = terms[0]
        for term in terms[1:]:
            total = ast.Binary("+", total, term)
        return total

    def _length(self, count: int, first: int = 0) -> ast.Expr:
        """How many elements the pieces from the first one up to `count` have together."""
        single = self._cuts.elements
        sizes = [ONE if single[k] else ast.Cardinality(self._names[k]) for k in range(first, count)]
        if not sizes:
            return ZERO
        total: ast.Expr = sizes[0]
        for size in sizes[1:]:
            total = ast.Binary("+", total, size)
        return total
