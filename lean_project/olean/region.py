"""The objects in an `.olean` file: a graph that Lean maps into memory as it is, laid out as in `lean.h` and written by
`compact.cpp` (children before what refers to them).

Nothing in a file is believed: every pointer is looked at, and points backwards, so there are no cycles."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

FORMAT_VERSIONS = frozenset([2])
"""Layouts of the header that are understood."""

_HEADER = struct.Struct("<5sBB33s40sQQ")
_FIRST_OBJECT = 88
_ARRAY, _SCALAR_ARRAY, _STRING, _MPZ = 246, 248, 249, 250
_LARGEST_CONSTRUCTOR = 244
MAX_PARTS = 8

Content = bytes | mmap.mmap
"""A file in memory, or mapped into it."""


@dataclass(frozen=True, slots=True)
class UnknownFormat:
    """A file that cannot be relied on, and why: another layout than those known, truncated, or damaged."""

    reason: str


class Malformed(Exception):
    """Raised while reading; the functions that others call turn it into `UnknownFormat`."""


@dataclass(frozen=True, slots=True)
class Header:
    """version: of the layout. lean: the version of Lean that wrote it. commit: of Lean's source. base: the address that
    the pointers count from. root: the address of the outermost object."""

    version: int
    lean: str
    commit: str
    base: int
    root: int


def read_header(data: Content) -> Header:
    """The header of a file; raises `Malformed` where it is not one of a known layout."""
    if len(data) < _HEADER.size:
        raise Malformed("too short for an .olean file")
    marker, version, _flags, lean, commit, base, root = _HEADER.unpack_from(data)
    if marker != b"olean":
        raise Malformed("not an .olean file")
    if version not in FORMAT_VERSIONS:
        raise Malformed(f"layout {version} of .olean files is not known here")
    if base % 8 or base >= 1 << 62:
        raise Malformed("an impossible base address")
    words = (part.split(b"\0")[0].decode("ascii", "replace") for part in (lean, commit))
    return Header(version, next(words), next(words), base, root)


class _Joined:
    """Files laid end to end, each from a multiple of eight on, without copying them."""

    def __init__(self, parts: Sequence[Content]) -> None:
        self._parts: list[tuple[int, int, Content]] = []
        at = 0
        for part in parts:
            self._parts.append((at, at + len(part), part))
            at += len(part) + -len(part) % 8

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> bytes: ...
    def __getitem__(self, index: int | slice) -> int | bytes:
        at = index.start if isinstance(index, slice) else index
        for start, end, part in self._parts:
            if start <= at < end:
                if isinstance(index, slice):
                    return part[at - start : index.stop - start]
                return part[at - start]
        raise Malformed("an object between two files")


class Region:
    """The objects of a module: of its `.olean` file, and of the `.olean.server` and `.olean.private` beside it, whose
    pointers may go to those before them. An object is named by its place: offset in the parts laid end to end. An odd
    number is a small value instead, kept in its upper bits."""

    def __init__(self, parts: Sequence[Content]) -> None:
        if not 1 <= len(parts) <= MAX_PARTS:
            raise Malformed("no parts, or too many")
        self.headers = [read_header(part) for part in parts]
        if len({(h.version, h.lean, h.commit) for h in self.headers}) > 1:
            raise Malformed("parts written by different versions of Lean")
        self._data: Content | _Joined = parts[0] if len(parts) == 1 else _Joined(parts)
        self._spans: list[tuple[int, int, int]] = []  # first address, address behind the last, what to take off
        at = 0
        for part, header in zip(parts, self.headers, strict=True):
            self._spans.append((header.base + _FIRST_OBJECT, header.base + len(part), header.base - at))
            at += len(part) + -len(part) % 8
        self.size = at - (-len(parts[-1]) % 8)
        self.root = self._place(self.headers[-1].root, self.size)

    def is_value(self, place: int) -> bool:
        """Whether it is a small value, not an object."""
        return place & 1 == 1

    def tag(self, place: int) -> int:
        """What kind of object: a constructor's number, or one of the tags above 244."""
        return self._data[place + 7]

    def constructor(self, place: int) -> tuple[int, int]:
        """The number of a constructor and how many objects it holds."""
        if place & 1:
            raise Malformed("a constructor was expected")
        tag, fields = self._data[place + 7], self._data[place + 6]
        if tag > _LARGEST_CONSTRUCTOR or place + 8 + 8 * fields > self.size:
            raise Malformed("a constructor was expected")
        return tag, fields

    def field(self, place: int, index: int) -> int:
        """An object that a constructor holds."""
        _, fields = self.constructor(place)
        if index >= fields:
            raise Malformed("a constructor with too few fields")
        return self._pointer(place, place + 8 + 8 * index)

    def byte(self, place: int, index: int) -> int:
        """A byte of a constructor's data behind its objects."""
        _, fields = self.constructor(place)
        at = place + 8 + 8 * fields + index
        size = int.from_bytes(self._data[place + 4 : place + 6], "little")
        if at >= min(place + size, self.size):
            raise Malformed("a constructor with too little data")
        return self._data[at]

    def array(self, place: int) -> list[int]:
        """The objects of an array."""
        if self.is_value(place) or self.tag(place) != _ARRAY:
            raise Malformed("an array was expected")
        size = self._word(place + 8)
        if place + 24 + 8 * size > self.size:
            raise Malformed("an array longer than the file")
        return [self._pointer(place, place + 24 + 8 * k) for k in range(size)]

    def list_cells(self, place: int) -> list[int]:
        """The objects of a linked list."""
        found: list[int] = []
        while not self.is_value(place):
            found.append(self.field(place, 0))
            place = self.field(place, 1)
        return found

    def string(self, place: int) -> str:
        """A string."""
        if self.is_value(place) or self.tag(place) != _STRING:
            raise Malformed("a string was expected")
        size = self._word(place + 8)
        if size < 1 or place + 32 + size > self.size:
            raise Malformed("a string longer than the file")
        try:
            return self._data[place + 32 : place + 31 + size].decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("a string that is not UTF-8") from None

    def natural(self, place: int) -> int:
        """A natural number of any size."""
        if self.is_value(place):
            return place >> 1
        if self.tag(place) != _MPZ or place + 24 > self.size:
            raise Malformed("a number was expected")
        size = int.from_bytes(self._data[place + 12 : place + 16], "little", signed=True)
        if size < 0 or place + 24 + 8 * size > self.size:
            raise Malformed("a number longer than the file")
        return int.from_bytes(self._data[place + 24 : place + 24 + 8 * size], "little")

    def _word(self, at: int) -> int:
        if at + 8 > self.size:
            raise Malformed("an object that runs over the end of the file")
        return int.from_bytes(self._data[at : at + 8], "little")

    def _pointer(self, holder: int, at: int) -> int:
        return self._place(self._word(at), holder)

    def _place(self, address: int, below: int) -> int:
        """Where an address lies; it must be below the object that holds it."""
        if address & 1:
            return address
        for first, end, base in self._spans:
            if first <= address < end:
                place = address - base
                if address % 8 or place + 8 > below:
                    break
                return place
        raise Malformed("a pointer that leads nowhere")
