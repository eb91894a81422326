"""A compiled module: its imports and constants, as the kernel knows them."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lean_project.olean.region import Content, Malformed, Region, UnknownFormat
from lean_project.olean.terms import Reader, Terms


class Sort(StrEnum):
    """What a constant is, in the order of `Lean.ConstantInfo`."""

    AXIOM = "axiom"
    DEFINITION = "definition"
    THEOREM = "theorem"
    OPAQUE = "opaque"
    QUOTIENT = "quotient"
    INDUCTIVE = "inductive"
    CONSTRUCTOR = "constructor"
    RECURSOR = "recursor"


_SORTS = tuple(Sort)
_WITH_VALUE = (Sort.DEFINITION, Sort.THEOREM, Sort.OPAQUE)


MAX_BYTES = 1 << 30
"""Of the files of one module."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant. type, value: numbers of terms in the store (value None where there is none). safety: `safe`, `unsafe`
    or `partial`. details: everything else that the kernel knows, as plain values and numbers of terms, each named.
    rules: the right sides of a recursor's rules. related: the constants that it comes with (types declared together,
    their constructors)."""

    name: str
    sort: Sort
    parameters: tuple[str, ...]
    type: int
    value: int | None = None
    safety: str = "safe"
    details: tuple[object, ...] = ()
    rules: tuple[int, ...] = ()
    related: tuple[str, ...] = ()


class Module:
    """One module as it was compiled. Constants are read when they are asked for, and then `Malformed` may be raised:
    the functions of this package that others call return `UnknownFormat` instead."""

    def __init__(self, region: Region, terms: Terms) -> None:
        self.region = region
        self.terms = terms
        self.reader = Reader(region, terms)
        root = region.root
        if region.is_value(root) or region.constructor(root) != (0, 5):
            raise Malformed("not the data of a module")
        self.lean = region.headers[0].lean
        self.is_module = region.byte(root, 0) != 0
        self.imports = tuple(self.reader.name(region.field(i, 0)) for i in region.array(region.field(root, 0)))
        names = [self.reader.name(n) for n in region.array(region.field(root, 1))]
        places = region.array(region.field(root, 2))
        if len(names) != len(places) or len(set(names)) != len(names):
            raise Malformed("constants without names, or two of one name")
        self._places = dict(zip(names, places, strict=True))
        self._constants: dict[str, Constant] = {}

    @property
    def names(self) -> Iterable[str]:
        """The names of its constants, in order."""
        return self._places.keys()

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def constant(self, name: str) -> Constant:
        """A constant that it has."""
        known = self._constants.get(name)
        if known is None:
            known = self._constants[name] = self._read(name, self._places[name])
        return known

    def uses(self, name: str) -> tuple[Sort, frozenset[str]]:
        """What a constant that it has is, and which it mentions or comes with; its terms are not stored."""
        region, reader = self.region, self.reader
        place = self._places[name]
        tag, _ = region.constructor(place)
        if tag >= len(_SORTS):
            raise Malformed("a constant of an unknown kind")
        sort, data = _SORTS[tag], region.field(place, 0)
        terms = [region.field(region.field(data, 0), 2)]
        if sort in _WITH_VALUE:
            terms.append(region.field(data, 1))
        found = set[str]()
        if sort is Sort.INDUCTIVE:
            found |= {*reader.names(region.field(data, 3)), *reader.names(region.field(data, 4))}
        elif sort is Sort.CONSTRUCTOR:
            found.add(reader.name(region.field(data, 1)))
        elif sort is Sort.RECURSOR:
            found.update(reader.names(region.field(data, 1)))
            terms += [region.field(cell, 2) for cell in region.list_cells(region.field(data, 6))]
        for term in terms:
            found |= reader.mentions(term)
        return sort, frozenset(found)

    def entries(self) -> Mapping[str, tuple[int, ...]]:
        """The places of what each extension of the environment stored; those that stored nothing are left out."""
        region, found = self.region, {}
        for pair in region.array(region.field(region.root, 4)):
            places = region.array(region.field(pair, 1))
            self.terms.spend(len(places) // 8)
            if places:
                found[self.reader.name(region.field(pair, 0))] = tuple(places)
        return found

    def _read(self, name: str, place: int) -> Constant:
        region, reader = self.region, self.reader
        tag, _ = region.constructor(place)
        if tag >= len(_SORTS):
            raise Malformed("a constant of an unknown kind")
        sort, data = _SORTS[tag], region.field(place, 0)
        head = region.field(data, 0)
        if reader.name(region.field(head, 0)) != name:
            raise Malformed("a constant under another name than its own")
        parameters, type_ = reader.names(region.field(head, 1)), reader.expression(region.field(head, 2))
        value = reader.expression(region.field(data, 1)) if sort in _WITH_VALUE else None
        safety = "safe"
        if sort is Sort.DEFINITION:
            safety = {0: "unsafe", 1: "safe", 2: "partial"}.get(region.byte(data, 0), "unknown")
        elif sort in (Sort.AXIOM, Sort.OPAQUE, Sort.CONSTRUCTOR):
            safety = "unsafe" if region.byte(data, 0) else "safe"
        details, rules, related = self._details(sort, data)
        if sort in (Sort.INDUCTIVE, Sort.RECURSOR):
            safety = "unsafe" if region.byte(data, 1) else "safe"
        return Constant(name, sort, parameters, type_, value, safety, details, rules, related)

    def _details(self, sort: Sort, data: int) -> tuple[tuple[object, ...], tuple[int, ...], tuple[str, ...]]:
        region, reader = self.region, self.reader
        if sort is Sort.QUOTIENT:
            return (region.byte(data, 0),), (), ()
        if sort is Sort.INDUCTIVE:
            counts = [region.natural(region.field(data, k)) for k in (1, 2, 5)]
            together, made = reader.names(region.field(data, 3)), reader.names(region.field(data, 4))
            return (*counts, together, made, region.byte(data, 0), region.byte(data, 2)), (), (*together, *made)
        if sort is Sort.CONSTRUCTOR:
            parent = reader.name(region.field(data, 1))
            counts = [region.natural(region.field(data, k)) for k in (2, 3, 4)]
            return (parent, *counts), (), (parent,)
        if sort is Sort.RECURSOR:
            together = reader.names(region.field(data, 1))
            counts = [region.natural(region.field(data, k)) for k in (2, 3, 4, 5)]
            cells = region.list_cells(region.field(data, 6))
            heads = [(reader.name(region.field(c, 0)), region.natural(region.field(c, 1))) for c in cells]
            rules = tuple(reader.expression(region.field(c, 2)) for c in cells)
            return (together, *counts, *heads, region.byte(data, 0)), rules, (*together, *(n for n, _ in heads))
        return (), (), ()


def read_module(parts: Content | Sequence[Content], terms: Terms) -> Module | UnknownFormat:
    """The module in the content of an `.olean` file, or of its several files in order."""
    try:
        return Module(Region([parts] if isinstance(parts, bytes | mmap.mmap) else parts), terms)
    except Malformed as error:
        return UnknownFormat(str(error))


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def load_module(path: Path, terms: Terms) -> Module | UnknownFormat:
    """The module in an `.olean` file, with the `.olean.server` and `.olean.private` beside it where there are some. The
    files are mapped, not read: nobody may shorten them meanwhile."""
    return _load(path, terms, _mapped)


def load_whole_module(path: Path, terms: Terms) -> Module | UnknownFormat:
    """`load_module`, read into memory: what happens to the files afterwards does not matter."""
    return _load(path, terms, Path.read_bytes)


def _load(path: Path, terms: Terms, read: Callable[[Path], Content]) -> Module | UnknownFormat:
    try:
        files = [path, *(p for s in ("server", "private") if (p := path.with_name(f"{path.name}.{s}")).is_file())]
        if sum(p.stat().st_size for p in files) > MAX_BYTES:
            return UnknownFormat("too large to be looked at")
        found = read_module([read(p) for p in files], terms)
        if isinstance(found, Module) and found.is_module and files[-1].suffix != ".private":
            return UnknownFormat("only what it exports is there, without proofs")
        return found
    except (OSError, ValueError) as error:  # an empty file cannot be mapped
        return UnknownFormat(f"cannot be read: {error}")
