"""Values of which only a part is known, and making whole ones of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from dafny_env.interp.arbitrary import Arbitrary
from dafny_env.interp.machine import Frame
from dafny_env.interp.outcome import Unsupported
from dafny_env.interp.symbols import ClassInfo, DatatypeInfo, ModuleInfo
from dafny_env.interp.typing_of import Unfolded, constraints_on, parameters_of, substitute, tested, unfold
from dafny_env.interp.values import Data, Map, Multiset, Value, make_tuple
from dafny_env.interp.world import Scope
from dafny_env.syntax import ast

MAX_LENGTH = 300
"""Collections are never made longer than this."""
_SLACK = (0, 1, 2, 4)
_PYTHON = {"int": int, "bool": bool, "char": str, "real": Fraction, "parameter": int}


@dataclass(frozen=True, slots=True)
class Partial:
    """What is known of a value; all empty where that is nothing.

    value: a number, bool or character. null: it is. identity: equal ones are one reference. length, items: of a
    sequence or array. members: of a set or multiset (by their number), the keys of a map with their values. ctor, args:
    of a datatype value or tuple. fields: of an object.
    """

    value: Value = None
    null: bool = False
    identity: str = ""
    length: int | None = None
    items: Mapping[int, Partial] = field(default_factory=dict)
    members: tuple[tuple[Partial, int], ...] = ()
    pairs: tuple[tuple[Partial, Partial], ...] = ()
    ctor: str = ""
    args: tuple[Partial, ...] = ()
    fields: Mapping[str, Partial] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing is known."""
        return self == Partial(identity=self.identity)

    @property
    def whole(self) -> bool:
        """Whether nothing is left open. Of what a model says of sets and maps one cannot tell."""
        if self.value is not None or self.null:
            return True
        if self.length is not None:
            return len(self.items) == self.length and all(item.whole for item in self.items.values())
        return bool(self.ctor) and all(arg.whole for arg in self.args)


NOTHING = Partial()


class Completing:
    """Makes values of partial ones in a heap, drawing what is not known. cut: make collections hardly longer than
    what is known of them asks for."""

    def __init__(self, draws: Arbitrary, *, cut: bool) -> None:
        self._draws = draws
        self._cut = cut
        self._made: dict[str, Value] = {}

    def value(self, partial: Partial, type_: ast.Type | None, module: ModuleInfo, depth: int = 6) -> Value:
        """A value of the type. Raises `Unsupported` where none can be made."""
        self._draws.m.tick()
        if type_ is None or depth < 0:
            raise Unsupported("value of an unknown type")
        if partial.empty and partial.identity not in self._made:
            return self._draws.value(type_, module, min(depth, 2))
        world = self._draws.m.world
        unfolded = unfold(type_, module, world)
        made = self._base(partial, unfolded, depth)
        if unfolded.constraints or unfolded.nonnegative:
            key = world.key("x")
            tests = constraints_on(type_, key, Scope(world, module, None, {}, {}))
            if not tested(Frame(self._draws.m, {key: made}, None, self._draws.heap, None, {}), tests):
                raise Unsupported("the model's value is not in its type")
        return made

    def _base(self, partial: Partial, unfolded: Unfolded, depth: int) -> Value:
        kind, module = unfolded.kind, unfolded.module
        if module is None:
            raise Unsupported("type without a module")
        if partial.null and unfolded.nullable:
            return None
        if kind in ("int", "bool", "char", "real", "parameter"):
            if type(partial.value) is not _PYTHON[kind]:
                raise Unsupported("value of another type")
            return partial.value
        if kind in ("seq", "set", "multiset", "map", "array") and not unfolded.args:
            raise Unsupported(f"{kind} of unknown elements")
        if kind == "seq":
            return tuple(self._items(partial, unfolded.args[0], module, depth))
        if kind == "set":
            return frozenset(self.value(m, unfolded.args[0], module, depth - 1) for m, _ in partial.members)
        if kind == "multiset":
            counted = {self.value(m, unfolded.args[0], module, depth - 1): n for m, n in partial.members}
            return Multiset({value: min(count, MAX_LENGTH) for value, count in counted.items()})
        if kind == "map":
            key, value = unfolded.args
            pairs = [(self.value(k, key, module, depth - 1), v) for k, v in partial.pairs]
            return Map({k: self.value(v, value, module, depth - 1) for k, v in pairs})
        if kind == "tuple":
            args = partial.args or (NOTHING,) * len(unfolded.args)
            return make_tuple([self.value(a, t, module, depth - 1) for a, t in zip(args, unfolded.args, strict=True)])
        if kind == "datatype" and unfolded.datatype is not None:
            return self._data(partial, unfolded.datatype, unfolded.args, module, depth)
        if kind in ("array", "class"):
            return self._reference(partial, unfolded, module, depth)
        raise Unsupported(f"value of {kind}")

    def _items(self, partial: Partial, type_: ast.Type, module: ModuleInfo, depth: int) -> list[Value]:
        known = max(partial.items, default=-1) + 1
        length = known + self._draws.rng.choice(_SLACK)
        if partial.length is not None:
            length = min(length, partial.length) if self._cut else partial.length
        if length > MAX_LENGTH:
            raise Unsupported("too long")
        return [self.value(partial.items.get(k, NOTHING), type_, module, depth - 1) for k in range(length)]

    def _data(
        self, partial: Partial, info: DatatypeInfo, args: tuple[ast.Type, ...], module: ModuleInfo, depth: int
    ) -> Data:
        chosen = info.ctors.get(partial.ctor)
        if chosen is None:
            raise Unsupported("constructor not known")
        mapping = parameters_of(info.decl.type_params, args)
        fields = []
        for k, formal in enumerate(chosen.decl.params):
            if formal.type is None:
                raise Unsupported("constructor field without type")
            part = partial.args[k] if k < len(partial.args) else NOTHING
            where = module if formal.type.name in mapping else info.module
            fields.append(self.value(part, substitute(formal.type, mapping), where, depth - 1))
        return Data(chosen.ctor, tuple(fields))

    def _reference(self, partial: Partial, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Value:
        if partial.identity and partial.identity in self._made:
            return self._made[partial.identity]
        m, heap = self._draws.m, self._draws.heap
        if unfolded.kind == "array":
            if unfolded.rank != 1 or not unfolded.args:
                raise Unsupported("matrix of a model")
            items = tuple(self._items(partial, unfolded.args[0], module, depth))
            made: Value = m.new_array(heap, (len(items),), items)
        else:
            assert unfolded.cls is not None
            made = self._object(partial, unfolded.cls, unfolded.args, depth)
        if partial.identity:
            self._made[partial.identity] = made
        return made

    def _object(self, partial: Partial, cls: ClassInfo, args: tuple[ast.Type, ...], depth: int) -> Value:
        if cls.decl.kind == "trait":
            raise Unsupported("object of a trait")
        m, heap = self._draws.m, self._draws.heap
        mapping = parameters_of(cls.decl.type_params, args)
        made = m.new_object(heap, cls, {})
        if partial.identity:
            self._made[partial.identity] = made
        fields: dict[str, Value] = {}
        for info in m.world.symbols.fields(cls):
            decl = info.decl
            if (decl.kind == "const" and decl.value is not None) or decl.type is None:
                continue
            part = partial.fields.get(decl.name, NOTHING)
            fields[decl.name] = self.value(part, substitute(decl.type, mapping), info.module, depth - 1)
        heap.put(made, fields, m)
        return made
