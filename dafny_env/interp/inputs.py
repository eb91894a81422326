"""Small inputs of a method that satisfy its `requires`: drawn with a bias towards what the clauses ask for, then
tested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dafny_env.interp.arbitrary import SMALL_INTS, Arbitrary, Knobs
from dafny_env.interp.binders import TRUE
from dafny_env.interp.domains import Deriver, Domain
from dafny_env.interp.isolation import subtrees
from dafny_env.interp.machine import Frame, Heap, Machine
from dafny_env.interp.methods import Method, call_method, method, new_object
from dafny_env.interp.outcome import Failure, Fault, OutOfFuel, Unsupported
from dafny_env.interp.symbols import CallableInfo, ClassInfo, FieldInfo
from dafny_env.interp.values import Object, Value
from dafny_env.syntax import ast

_SHAPES = ("any", "any", "any", "sorted", "sorted", "increasing", "reversed", "constant", "distinct")
_MAX_SIZE = 128
LARGER_INTS = (9, 12, 17, 23, 38, 64, 105)
"""Numbers with several digits and factors: loops over digits, divisors and powers do nothing on small ones."""
_CLOSE = 12
_NESTED = 2
_NESTED_ATTEMPTS = 6


class Senseless(Failure):
    """A clause of `requires` is at fault for an input that satisfies those in front of it."""

    def __init__(self, clause: ast.Expr, frame: Frame, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.clause = clause
        self.frame = frame
        self.fault = fault


@dataclass(frozen=True, slots=True)
class _Hints:
    """Constants of the clauses: they are the values at which something may happen. between: where they are few and
    close, the numbers from the least to the largest, since elements are often bounded by them."""

    ints: tuple[int, ...]
    between: tuple[int, ...]
    sizes: tuple[int, ...]
    chars: str


@dataclass(frozen=True, slots=True)
class _Parameter:
    key: str
    formal: ast.Formal
    domain: Domain


class Inputs:
    """Draws inputs for one method. A draw allocates in a heap of its own."""

    def __init__(
        self, m: Machine, info: CallableInfo, *, nested: int = 0, constants_of: Sequence[ast.Node] = ()
    ) -> None:
        """constants_of: what else, besides the clauses, holds numbers and texts that are worth trying."""
        self.m = m
        self.info = info
        self.code: Method = method(info, m.world)
        self.nested = nested
        self._inner: dict[CallableInfo, Inputs] = {}
        clauses = [e for c in info.decl.clauses_of("requires") for e in c.exprs]
        self.hints = _hints([*clauses, *(e for c in info.decl.clauses_of("ensures") for e in c.exprs), *constants_of])
        self.parameters = list(self._order(clauses))

    def _order(self, clauses: list[ast.Expr]) -> Iterator[_Parameter]:
        """Collections and objects first: the numbers that go with them are then bounded by their sizes."""
        formula: ast.Expr = TRUE
        for clause in clauses:
            formula = ast.Binary("&&", formula, clause)
        params = self.info.decl.params
        deriver = Deriver(formula, True, self.code.scope, tuple(p.name for p in params))
        plain = ("int", "nat", "char", "bool", "real")
        ranked = sorted(range(len(params)), key=lambda k: (_is(params[k], plain), k))
        for k in ranked:
            domain = deriver.domain(params[k].name)
            deriver.known.add(params[k].name)
            yield _Parameter(self.code.params[k], params[k], domain)

    def draw(
        self, heap: Heap | None = None, this: Value = None, given: Mapping[str, Value] | None = None
    ) -> Frame | None:
        """A frame with parameters (and receiver), or None when the draw does not satisfy `requires`. Raises
        `Unsupported` when a value cannot be made or `requires` not be evaluated. given: values in that heap of some
        parameters, by name."""
        m = self.m
        heap = Heap() if heap is None else heap
        draws = Arbitrary(m, heap, self._knobs())
        if self.nested < _NESTED:
            draws.construct = lambda cls: self._constructed(cls, heap)
        frame = Frame(m, {}, this, heap, None, {})
        if this is None and not self.info.is_static:
            if not isinstance(self.info.owner, ClassInfo):
                frame.this = self._other_receiver(draws)
            elif self.info.decl.kind == "constructor":
                frame.this = new_object(self.info.owner, ast.Type(self.info.owner.name), frame)
            else:
                frame.this = draws.instance(self.info.owner, (), draws.knobs.depth)
        for parameter in self.parameters:
            name = parameter.formal.name
            known = given is not None and name in given
            frame.vars[parameter.key] = given[name] if known and given else self._parameter(parameter, draws, frame)
        for clause, test in zip(self.code.clauses, self.code.requires, strict=True):
            m.tick()
            try:
                if test(frame) is not True:
                    return None
            except Fault as fault:
                if clause is None:
                    raise fault.elsewhere() from None
                raise Senseless(clause, frame, fault) from None
        return frame

    def _other_receiver(self, draws: Arbitrary) -> Value:
        owner = self.info.owner
        if owner is None:
            raise Unsupported("no receiver")
        return draws.value(ast.Type(owner.name), owner.module)

    def _knobs(self) -> Knobs:
        rng, hints = self.m.rng, self.hints
        pools: list[tuple[int, ...]] = [
            SMALL_INTS,
            SMALL_INTS,
            (0, 1),
            (1, 2, 3, 4),
            SMALL_INTS[:4],
            LARGER_INTS,
            hints.ints or SMALL_INTS,
            hints.between or SMALL_INTS,
        ]
        sizes = (0, 1, 2, 3, 3, 4, 5, *hints.sizes)
        size = rng.choice(sizes) if rng.random() < 0.6 else None
        chars = rng.choice(("ab01 AzZ", "abc", "01", "0123456789", "aAbB", hints.chars or "ab"))
        return Knobs(ints=rng.choice(pools), chars=chars, size=size, sizes=sizes, shape=rng.choice(_SHAPES))

    def _parameter(self, parameter: _Parameter, draws: Arbitrary, frame: Frame) -> Value:
        rng = self.m.rng
        formal = parameter.formal
        known = None
        if parameter.domain.low or parameter.domain.high or parameter.domain.elements:
            known = parameter.domain.run(frame)
        if known is not None and rng.random() < 0.9:
            if known.elements:
                return rng.choice(known.elements)
            near = rng.choice((0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, *LARGER_INTS))
            if type(known.low) is int and type(known.high) is int and known.low <= known.high:
                width = known.high - known.low
                return known.low + near if rng.random() < 0.6 and near <= width else known.high - min(near, width)
            if type(known.low) is int and known.high is None:
                return known.low + near
            if type(known.high) is int and known.low is None and not _is(formal, ("nat",)):
                return known.high - near
            if type(known.low) is str and type(known.high) is str and known.low <= known.high:
                return chr(rng.randint(ord(known.low), ord(known.high)))
        return draws.value(formal.type, self.info.module)

    def _constructed(self, cls: ClassInfo, heap: Heap) -> Object | None:
        """An object as the program makes it: by a constructor (or `Init`), then a few of its methods. None to set the
        fields freely instead."""
        m = self.m
        if m.rng.random() < 0.25:
            return None
        members = [
            i for i in cls.members.values() if not isinstance(i, FieldInfo) and isinstance(i.decl.body, ast.Block)
        ]
        makers = [i for i in members if i.decl.kind == "constructor"]
        makers = makers or [i for i in members if i.decl.kind == "method" and i.decl.name.lower().startswith("init")]
        if not makers:
            return None
        m.muted += 1
        try:
            made = new_object(cls, ast.Type(cls.name), Frame(m, {}, None, heap, None, {}))
            if not self._invoke(m.rng.choice(makers), made, heap):
                return None
            movers = [i for i in members if i.decl.kind == "method" and i not in makers and not i.is_static]
            for _ in range(m.rng.choice((0, 0, 1, 2, 3)) if movers else 0):
                self._invoke(m.rng.choice(movers), made, heap)
            return made
        except OutOfFuel:
            raise
        except Failure:
            return None
        finally:
            m.muted -= 1

    def _invoke(self, info: CallableInfo, made: Object, heap: Heap) -> bool:
        inputs = self._inner.get(info)
        if inputs is None:
            inputs = self._inner[info] = Inputs(self.m, info, nested=self.nested + 1)
        for _ in range(_NESTED_ATTEMPTS):
            frame = inputs.draw(heap, made)
            if frame is not None:
                call_method(info, made, tuple(frame.vars[key] for key in inputs.code.params), frame)
                return True
        return False


def _is(formal: ast.Formal, names: tuple[str, ...]) -> bool:
    return formal.type is not None and formal.type.name in names


def _hints(clauses: list[ast.Node]) -> _Hints:
    literals = list(_literals(clauses))
    ints = {v for v in literals if type(v) is int and abs(v) <= 1 << 20}
    texts = "".join(v for v in literals if isinstance(v, str))
    near = sorted({v + d for v in ints for d in (-1, 0, 1)} | {0, 1, 2})
    sizes = sorted({v + d for v in ints for d in (0, 1) if 5 < v <= _MAX_SIZE})
    low, high = min(ints, default=0), max(ints, default=0)
    between = tuple(range(low, high + 1)) if 0 < high - low <= _CLOSE else ()
    return _Hints(tuple(near) if ints else (), between, tuple(sizes), "".join(sorted(set(texts))))


def _literals(node: Any) -> Iterator[int | str]:
    for item in subtrees(node):
        if isinstance(item, ast.Literal) and item.kind in ("int", "char", "string") and item.value is not None:
            yield item.value
