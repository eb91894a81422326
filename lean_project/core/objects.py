"""Reading values of Lean in this process's memory: names, and which parser a descriptor describes.

The layout is that of `lean.h`: a header of 8 bytes with the number of fields in byte 6 and the constructor's index
(or, from 245 on, the kind of object) in byte 7, then 8 bytes for each field; odd words are small numbers, not
pointers. Addresses are looked up among the mapped ranges first, as not every exported object holds a Lean value.
"""

from __future__ import annotations

import bisect
import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_STRING = 249
_HEADER = 8
Name = tuple[str | int, ...]


class Malformed(ValueError):
    """The words at this address are not the value that was looked for."""


class ParserKind(StrEnum):
    """What a declaration that describes a parser is, told by the constructor of its value."""

    NODE = "node"
    TRAILING = "trailing"
    ABBREVIATION = "abbreviation"
    """A part of other parsers (`nodeWithAntiquot`, what `syntax x := ...` declares): it belongs to no category."""


# Constructors of Lean.ParserDescr: index -> what it is, its number of fields, the field that holds the syntax kind.
_DESCRIPTORS = {3: (ParserKind.NODE, 3, 0), 4: (ParserKind.TRAILING, 4, 0), 9: (ParserKind.ABBREVIATION, 3, 1)}


@dataclass(frozen=True, slots=True)
class Memory:
    """The readable ranges of this process when it was made: first addresses, and one past the last, both sorted."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def now(cls) -> Memory:
        """What is mapped at this moment (Linux)."""
        spans = []
        for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
            span, flags = line.split(maxsplit=2)[:2]
            if "r" in flags:
                first, last = span.split("-")
                spans.append((int(first, 16), int(last, 16)))
        spans.sort()
        return cls(tuple(first for first, _ in spans), tuple(last for _, last in spans))

    def bytes_at(self, address: int, count: int) -> bytes:
        """`count` bytes from `address` on. Raises `Malformed` where they are not mapped."""
        index = bisect.bisect_right(self.starts, address) - 1
        if index < 0 or address + count > self.ends[index]:
            raise Malformed(hex(address))
        return ctypes.string_at(address, count)

    def word(self, address: int) -> int:
        """The 8 bytes at `address` as a number."""
        return int.from_bytes(self.bytes_at(address, 8), "little")

    def header(self, address: int) -> tuple[int, int]:
        """Number of fields, and constructor or kind, of the object at `address`."""
        if address & 7 or not address:
            raise Malformed(hex(address))
        header = self.bytes_at(address, _HEADER)
        return header[6], header[7]

    def field(self, address: int, index: int) -> int:
        """A field of the object at `address`: a pointer, or an odd word."""
        return self.word(address + _HEADER + 8 * index)

    def string(self, address: int) -> str:
        """The string at `address`: its size in bytes with the final zero, capacity, length in characters, bytes."""
        if self.header(address)[1] != _STRING:
            raise Malformed("not a string")
        return self.bytes_at(address + 32, self.word(address + 8) - 1).decode("utf-8")

    def name(self, word: int) -> Name:
        """The components of a `Lean.Name`."""
        if word & 1:
            return ()
        tag = self.header(word)[1]
        last = self.field(word, 1)
        if tag == 1:
            return (*self.name(self.field(word, 0)), self.string(last))
        if tag == 2 and last & 1:
            return (*self.name(self.field(word, 0)), last >> 1)
        raise Malformed("not a name")

    def parser(self, address: int) -> tuple[ParserKind, Name] | None:
        """What the descriptor at `address` is and the syntax kind that it produces; None for all other objects."""
        try:
            fields, tag = self.header(address)
            found = _DESCRIPTORS.get(tag)
            if found is None or fields != found[1]:
                return None
            kind = self.field(address, found[2])
            return (found[0], self.name(kind)) if not kind & 1 else None
        except (Malformed, UnicodeDecodeError, RecursionError):
            return None


def word_reader(library: ctypes.CDLL) -> Callable[[str], int]:
    """A function that reads the word stored in an exported variable."""
    return lambda symbol: int(ctypes.c_uint64.in_dll(library, symbol).value)
