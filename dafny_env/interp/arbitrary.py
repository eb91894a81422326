"""Arbitrary small values of a type: inputs, and what Dafny leaves unspecified (`*`, fresh arrays, unassigned
locals)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction

from dafny_env.interp.functions import constant
from dafny_env.interp.machine import Frame, Heap, Machine
from dafny_env.interp.outcome import Failure, OutOfFuel, Unsupported
from dafny_env.interp.symbols import ClassInfo, CtorInfo, DatatypeInfo, FieldInfo, ModuleInfo
from dafny_env.interp.typing_of import Unfolded, constraints_on, parameters_of, substitute, tested, unfold
from dafny_env.interp.values import Array, Closure, Data, Map, Multiset, Object, Poison, Value, make_tuple, sort_key
from dafny_env.interp.world import Scope
from dafny_env.syntax import ast

_SUBSET_ATTEMPTS = 40
SMALL_INTS = (0, 1, 2, 3, -1, 4, 5, -2, 6, 7)


@dataclass(slots=True)
class Knobs:
    """How values are drawn. `size` None draws each length anew; `shape` orders the elements of sequences and arrays."""

    ints: tuple[int, ...] = SMALL_INTS
    chars: str = "ab01 AzZ"
    size: int | None = None
    sizes: tuple[int, ...] = (0, 1, 2, 3, 3, 4, 5)
    shape: str = "any"
    depth: int = 3
    arrays: list[tuple[Array, tuple[ast.Type, ...]]] = field(default_factory=list)
    """Arrays made so far with their element types, to alias now and then."""


class Arbitrary:
    """Draws values with the machine's random source, allocating in a heap."""

    def __init__(self, m: Machine, heap: Heap, knobs: Knobs) -> None:
        self.m = m
        self.heap = heap
        self.knobs = knobs
        self.rng = m.rng
        self.construct: Callable[[ClassInfo], Object | None] | None = None

    def value(self, type_: ast.Type | None, module: ModuleInfo, depth: int | None = None) -> Value:
        """A value of the type, or `Unsupported`."""
        if type_ is None:
            raise Unsupported("value of an unknown type")
        self.m.tick()
        world = self.m.world
        depth = self.knobs.depth if depth is None else depth
        unfolded = unfold(type_, module, world)
        if not unfolded.constraints:
            return self._base(unfolded, depth)
        key = world.key("x")
        tests = constraints_on(type_, key, Scope(world, module, None, {}, {}))
        for _ in range(_SUBSET_ATTEMPTS):
            self.m.tick()
            value = self._base(unfolded, depth)
            if tested(Frame(self.m, {key: value}, None, self.heap, None, {}), tests):
                return value
        for info in reversed(unfolded.constraints):
            if info.decl.witness is not None:
                witness = constant(
                    FieldInfo(ast.Field("const", "witness", None, info.decl.witness), info.module, None),
                    None,
                    self._frame(),
                )
                if tested(Frame(self.m, {key: witness}, None, self.heap, None, {}), tests):
                    return witness
        raise Unsupported(f"no value of {type_.name} found")

    def _frame(self) -> Frame:
        return Frame(self.m, {}, None, self.heap, None, {})

    def _base(self, unfolded: Unfolded, depth: int) -> Value:
        module = unfolded.module
        kind = unfolded.kind
        if module is None:
            raise Unsupported("type without a module")
        if kind in ("int", "parameter"):
            drawn = self.rng.choice(self.knobs.ints)
            return abs(drawn) if unfolded.nonnegative else drawn
        if kind == "bool":
            return self.rng.random() < 0.5
        if kind == "char":
            return self.rng.choice(self.knobs.chars)
        if kind == "real":
            return Fraction(self.rng.choice(self.knobs.ints), self.rng.choice((1, 1, 2)))
        if kind == "tuple":
            return make_tuple(self.value(arg, module, depth) for arg in unfolded.args)
        if kind == "datatype" and unfolded.datatype is not None:
            return self._data(unfolded.datatype, unfolded.args, module, depth)
        if kind == "array":
            return self._array(unfolded, module, depth)
        if kind == "class" and unfolded.cls is not None:
            if unfolded.nullable and (depth <= 1 or self.rng.random() < 0.3):
                return None
            return self.instance(unfolded.cls, unfolded.args, depth - 1)
        if kind == "function":
            return self._function(unfolded.args, module)
        return self._collection(unfolded, module, depth)

    def _collection(self, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Value:
        if not unfolded.args:
            raise Unsupported(f"value of {unfolded.kind}")
        items = self.elements(unfolded.args[0], module, self.length(), depth - 1)
        if unfolded.kind == "seq":
            return tuple(items)
        if unfolded.kind in ("set", "iset"):
            return frozenset(items)
        if unfolded.kind == "multiset":
            return Multiset.of(items)
        if unfolded.kind in ("map", "imap") and len(unfolded.args) == 2:
            return Map({key: self.value(unfolded.args[1], module, depth - 1) for key in items})
        raise Unsupported(f"value of {unfolded.kind}")

    def length(self) -> int:
        """A length for a sequence or an array dimension."""
        return self.knobs.size if self.knobs.size is not None else self.rng.choice(self.knobs.sizes)

    def elements(self, type_: ast.Type, module: ModuleInfo, count: int, depth: int) -> list[Value]:
        """Elements in the shape that the knobs ask for."""
        if depth < 0:
            count = min(count, 1)
        if depth < self.knobs.depth - 1:
            count = min(count, 3) if self.knobs.size is None else count
        try:
            items = [self.value(type_, module, depth) for _ in range(count)]
        except Unsupported:
            if depth > 0:
                raise
            items = []  # elements too deep to make
        shape = self.knobs.shape
        if shape == "constant":
            return items[:1] * len(items)
        with suppress(Unsupported):  # values without an order stay as they are
            if shape in ("sorted", "reversed"):
                items.sort(key=sort_key, reverse=shape == "reversed")
            elif shape == "increasing":
                items = sorted(dict.fromkeys(items), key=sort_key)
            elif shape == "distinct":
                items = list(dict.fromkeys(items))
        return items

    def _array(self, unfolded: Unfolded, module: ModuleInfo, depth: int) -> Value:
        if not unfolded.args:
            raise Unsupported("array without an element type")
        alike = [a for a, t in self.knobs.arrays if t == unfolded.args and len(a.dims) == unfolded.rank]
        if alike and self.rng.random() < 0.1:
            return self.rng.choice(alike)
        if unfolded.rank == 1:
            contents = tuple(self.elements(unfolded.args[0], module, self.length(), depth - 1))
            dims: tuple[int, ...] = (len(contents),)
        else:
            dims = tuple(min(self.length(), 3) for _ in range(unfolded.rank))
            total = 1
            for length in dims:
                total *= length
            contents = tuple(self.value(unfolded.args[0], module, depth - 1) for _ in range(total))
        array = self.m.new_array(self.heap, dims, contents)
        self.knobs.arrays.append((array, unfolded.args))
        return array

    def _data(self, info: DatatypeInfo, args: tuple[ast.Type, ...], module: ModuleInfo, depth: int) -> Data:
        self.m.tick()
        mapping = parameters_of(info.decl.type_params, args)
        options = list(info.ctors.values())
        if depth <= 0 or self.rng.random() < 0.25:
            flat = [c for c in options if not c.ctor.fields] if depth <= 0 else []
            flat = flat or [c for c in options if not _recursive(c, info)]
            if not flat and depth < -3:
                raise Unsupported(f"value of {info.name} too deep")
            options = flat or options
        chosen = self.rng.choice(options)
        # types of a generic argument are named where the value is wanted, those of the fields where the datatype is
        fields = []
        for formal in chosen.decl.params:
            if formal.type is None:
                raise Unsupported("constructor field without type")
            where = module if formal.type.name in mapping else info.module
            fields.append(self.value(substitute(formal.type, mapping), where, depth - 1))
        return Data(chosen.ctor, tuple(fields))

    def instance(self, cls: ClassInfo, args: tuple[ast.Type, ...], depth: int) -> Object:
        """An object with arbitrary fields (its invariant, if any, is the caller's to test)."""
        if depth < 0:
            raise Unsupported(f"object of {cls.name} too deep")
        if cls.decl.kind == "trait":
            classes = self.m.world.symbols.implementations(cls)
            if not classes:
                raise Unsupported(f"object of trait {cls.name}")
            cls = self.rng.choice(classes)
        if self.construct is not None and not args:
            constructed = self.construct(cls)
            if constructed is not None:
                return constructed
        mapping = parameters_of(cls.decl.type_params, args)
        made = self.m.new_object(self.heap, cls, {})
        fields: dict[str, Value] = {}
        for info in self.m.world.symbols.fields(cls):
            decl = info.decl
            if (decl.kind == "const" and decl.value is not None) or decl.type is None:
                continue
            fields[decl.name] = self.value(substitute(decl.type, mapping), info.module, depth)
        self.heap.put(made, fields, self.m)
        return made

    def _function(self, types: tuple[ast.Type, ...], module: ModuleInfo) -> Closure:
        """A total function, the same value for the same arguments. Dafny's functions may be any, so these are fair."""
        result = types[-1]
        arity = len(types) - 1
        salt = self.rng.randrange(1 << 30)
        table: dict[tuple[Value, ...], Value] = {}
        shapes: dict[str, list[tuple[str, Callable[[tuple[Value, ...]], Value]]]] = {
            "int": [("x => x", lambda a: a[0]), ("x => x + 1", lambda a: a[0] + 1), ("x => 2 * x", lambda a: 2 * a[0])],
            "bool": [("x => x > 0", lambda a: a[0] > 0), ("x => x % 2 == 0", lambda a: a[0] % 2 == 0)],
        }
        kind = unfold(result, module, self.m.world)
        sample = unfold(types[0], module, self.m.world) if arity else kind
        plain = arity == 1 and sample.kind in ("int", "parameter") and not kind.constraints and not kind.nonnegative
        if plain and (kind.kind in shapes or kind.kind == "parameter") and self.rng.random() < 0.6:
            name, body = self.rng.choice(shapes.get(kind.kind, shapes["int"][:1]))
            return Closure(lambda fr, args: body(args), lambda fr, args: True, name)

        def call(fr: Frame, args: tuple[Value, ...]) -> Value:
            if len(args) != arity:
                raise Unsupported("number of arguments")
            if args not in table:
                draws = Arbitrary(fr.m, Heap(), Knobs(ints=self.knobs.ints, depth=1))
                draws.rng = type(self.rng)(f"{salt} {[sort_key(a) for a in args]!r}")
                table[args] = draws.value(result, module)
            return table[args]

        return Closure(call, lambda fr, args: True, f"function#{salt}", table)


def _recursive(constructor: CtorInfo, info: DatatypeInfo) -> bool:
    """Whether a field's type mentions the datatype itself (by name, at any depth)."""

    def inside(type_: ast.Type) -> bool:
        return type_.name.split(".")[-1] == info.name or any(inside(a) for a in type_.args)

    return any(p.type is not None and inside(p.type) for p in constructor.decl.params)


def unspecified(type_: ast.Type | None, module: ModuleInfo, m: Machine, heap: Heap) -> Value:
    """A value for what the program leaves open: arbitrary where the type is simple, null, or `Poison`."""
    if type_ is None:
        return Poison("not assigned")
    try:
        unfolded = unfold(type_, module, m.world)
        if unfolded.kind in ("array", "class", "function") and not unfolded.nullable:
            return Poison("not assigned")
        if unfolded.nullable:
            return None
        return Arbitrary(m, heap, Knobs(depth=1)).value(type_, module)
    except OutOfFuel:
        raise
    except Failure as failure:
        return Poison(failure.reason)
