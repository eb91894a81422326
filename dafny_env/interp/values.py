"""Dafny values as immutable, hashable Python values.

| Dafny | Python |
|---|---|
| int, nat, newtypes over them | `int` |
| real | `Fraction` |
| bool | `bool` |
| char | `str` of length 1 |
| seq, string | `tuple` |
| set, finite iset | `frozenset` |
| multiset, map, finite imap | `Multiset`, `Map` |
| datatype values and tuples | `Data` |
| references | `Array`, `Object` (identity; contents live in a `Heap`), null is `None` |
| functions | `Closure` |

Dafny's typing keeps `True` and `1` from ever meeting in one collection, so Python's equality is Dafny's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from dafny_env.interp.outcome import OutOfFuel, Unsupported

Value = Any
"""Any of the Python values of the table above."""

MAX_DATA_DEPTH = 400


class Ctor:
    """A constructor of a datatype; `datatype` is the symbol table's entry (None for tuples), compared by identity.
    `siblings` are the names of all its constructors, `nullary` of those without fields."""

    __slots__ = ("datatype", "fields", "name", "nullary", "siblings")

    def __init__(
        self,
        name: str,
        fields: tuple[str, ...],
        datatype: Any,
        siblings: frozenset[str] = frozenset(),
        nullary: frozenset[str] = frozenset(),
    ) -> None:
        self.name = name
        self.fields = fields
        self.datatype = datatype
        self.siblings = siblings
        self.nullary = nullary


@cache
def tuple_ctor(arity: int) -> Ctor:
    """The constructor of tuples with `arity` components, whose fields are `0`, `1`..."""
    return Ctor("(,)", tuple(str(k) for k in range(arity)), None)


class Data:
    """A datatype value or tuple. Its depth is bounded (`OutOfFuel` beyond): comparing never exhausts the stack."""

    __slots__ = ("_depth", "_hash", "args", "ctor")

    def __init__(self, ctor: Ctor, args: tuple[Value, ...] = ()) -> None:
        self.ctor = ctor
        self.args = args
        self._hash = hash((ctor.name, args))
        self._depth: int
        depth = 0
        for arg in args:
            if type(arg) is Data and arg._depth > depth:
                depth = arg._depth
        if depth >= MAX_DATA_DEPTH:
            raise OutOfFuel("datatype value too deep")
        self._depth = depth + 1

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) is not Data:
            return False
        return self._hash == other._hash and self.ctor is other.ctor and self.args == other.args

    def __repr__(self) -> str:
        return render(self)


def make_tuple(items: Iterable[Value]) -> Data:
    """A Dafny tuple."""
    args = tuple(items)
    return Data(tuple_ctor(len(args)), args)


class Map:
    """A finite map."""

    __slots__ = ("_hash", "items")

    def __init__(self, items: Mapping[Value, Value]) -> None:
        self.items = dict(items)
        self._hash: int | None = None

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.items.items()))
        return self._hash

    def __eq__(self, other: object) -> bool:
        return type(other) is Map and self.items == other.items

    def __repr__(self) -> str:
        return render(self)


class Multiset:
    """A multiset; `counts` holds positive multiplicities only."""

    __slots__ = ("_hash", "counts")

    def __init__(self, counts: Mapping[Value, int]) -> None:
        self.counts = {value: count for value, count in counts.items() if count > 0}
        self._hash: int | None = None

    @staticmethod
    def of(items: Iterable[Value]) -> Multiset:
        """The multiset of the items."""
        counts: dict[Value, int] = {}
        for item in items:
            counts[item] = counts.get(item, 0) + 1
        return Multiset(counts)

    def elements(self) -> Iterator[Value]:
        """Every element as often as it occurs."""
        for value, count in self.counts.items():
            for _ in range(count):
                yield value

    def __len__(self) -> int:
        return sum(self.counts.values())

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.counts.items()))
        return self._hash

    def __eq__(self, other: object) -> bool:
        return type(other) is Multiset and self.counts == other.counts

    def __repr__(self) -> str:
        return render(self)


class Array:
    """A reference to an array; `dims` its lengths. Contents are a flat tuple in the heap, row-major."""

    __slots__ = ("dims", "serial")

    def __init__(self, dims: tuple[int, ...], serial: int) -> None:
        self.dims = dims
        self.serial = serial

    def __repr__(self) -> str:
        return render(self)


class Object:
    """A reference to an object; `cls` is the symbol table's class. Fields are a dict in the heap."""

    __slots__ = ("cls", "serial")

    def __init__(self, cls: Any, serial: int) -> None:
        self.cls = cls
        self.serial = serial

    def __repr__(self) -> str:
        return render(self)


class Closure:
    """A function value. `call(frame, args)` and `requires(frame, args)` evaluate it with the caller's heap. `text` is
    for people; `table`: its values so far, where these are all that is known of it."""

    __slots__ = ("call", "requires", "table", "text")

    def __init__(
        self,
        call: Callable[[Any, tuple[Value, ...]], Value],
        requires: Callable[[Any, tuple[Value, ...]], bool],
        text: str = "function",
        table: Mapping[tuple[Value, ...], Value] | None = None,
    ) -> None:
        self.call = call
        self.requires = requires
        self.text = text
        self.table = table

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        raise Unsupported("equality of functions")

    def __hash__(self) -> int:
        return id(self)


class Poison:
    """Stands in a variable or field whose value is not known; reading it is `Unsupported`."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


def sort_key(value: Value) -> Any:
    """A total order on values of one Dafny type, the same in every process: makes choices reproducible."""
    kind = type(value)
    if kind is int or kind is bool or kind is Fraction:
        return (0, value)
    if kind is str:
        return (1, value)
    if kind is tuple:
        return (2, len(value), [sort_key(v) for v in value])
    if kind is frozenset:
        return (3, len(value), sorted(sort_key(v) for v in value))
    if kind is Data:
        return (4, value.ctor.name, [sort_key(v) for v in value.args])
    if kind is Array or kind is Object:
        return (5, value.serial)
    if kind is Map:
        return (6, len(value.items), sorted((sort_key(k), sort_key(v)) for k, v in value.items.items()))
    if kind is Multiset:
        return (7, len(value), sorted((sort_key(k), c) for k, c in value.counts.items()))
    if value is None:
        return (8,)
    raise Unsupported(f"no order on {kind.__name__}")


def ordered(values: Iterable[Value]) -> list[Value]:
    """The distinct values in the order of `sort_key`."""
    unique = list(dict.fromkeys(values))
    if len(unique) > 1:
        unique.sort(key=sort_key)
    return unique


_ESCAPES = {"'": "\\'", '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return char if 32 <= ord(char) < 127 else f"\\u{ord(char):04x}"


def render(value: Value, heap: Any = None) -> str:
    """The value in Dafny syntax. With a heap, references show their contents (`array[1, 2]`, `C#1{x := 1}`), which is
    for people and not Dafny."""
    kind = type(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    if kind is Fraction:
        return f"{value.numerator}.0" if value.denominator == 1 else f"({value.numerator}.0 / {value.denominator}.0)"
    if kind is str:
        return f"'{_escape(value)}'"
    if kind is tuple:
        if value and all(type(v) is str for v in value):
            return '"' + "".join(_escape(v) for v in value) + '"'
        return "[" + ", ".join(render(v, heap) for v in value) + "]"
    if kind is frozenset:
        return "{" + ", ".join(render(v, heap) for v in ordered(value)) + "}"
    if kind is Multiset:
        items = [v for v in ordered(value.counts) for _ in range(value.counts[v])]
        return "multiset{" + ", ".join(render(v, heap) for v in items) + "}"
    if kind is Map:
        pairs = (f"{render(k, heap)} := {render(value.items[k], heap)}" for k in ordered(value.items))
        return "map[" + ", ".join(pairs) + "]"
    if kind is Data:
        args = ", ".join(render(v, heap) for v in value.args)
        if value.ctor.datatype is None:
            return f"({args})"
        return f"{value.ctor.name}({args})" if value.args else str(value.ctor.name)
    if value is None:
        return "null"
    if kind is Array:
        inside = heap.cells.get(value) if heap is not None else None
        return f"array#{value.serial}" if inside is None else f"array{render(inside, heap)}"
    if kind is Object:
        return _render_object(value, heap)
    return str(value.text) if kind is Closure else "?"


def _render_object(value: Object, heap: Any) -> str:
    name = f"{value.cls.name}#{value.serial}"
    inside = heap.cells.get(value) if heap is not None else None
    if inside is None:
        return name
    fields = ", ".join(f"{k} := {render(v)}" for k, v in inside.items())
    return f"{name}{{{fields}}}"
