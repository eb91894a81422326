"""The names that a 64-bit little-endian ELF shared library exports, read from its dynamic symbol table."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_DYNSYM = 11
_OBJECT, _FUNCTION = 1, 2


class NotElf(ValueError):
    """The file is no shared library that this module can read."""


def exported(library: Path) -> tuple[list[str], list[str]]:
    """The names of the data objects and of the functions that `library` defines and exports.

    Raises `NotElf`, or `OSError` where the file cannot be read.
    """
    objects: list[str] = []
    functions: list[str] = []
    with library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:6] != b"\x7fELF\x02\x01":
            raise NotElf(f"{library} is not a 64-bit little-endian ELF file")
        table, strings = _tables(data, library)
        for name, info, _, section, _, _ in _SYMBOL.iter_unpack(table):
            kind = info & 15
            if section and kind in (_OBJECT, _FUNCTION):
                text = strings[name : strings.index(b"\0", name)].decode("utf-8", "replace")
                (objects if kind == _OBJECT else functions).append(text)
    return objects, functions


def _tables(data: mmap.mmap, library: Path) -> tuple[bytes, bytes]:
    """The bytes of the dynamic symbol table, and of the strings that it refers to."""
    (start,) = struct.unpack_from("<Q", data, 0x28)
    _, count = struct.unpack_from("<HH", data, 0x3A)
    sections = [_SECTION.unpack_from(data, start + index * _SECTION.size) for index in range(count)]
    for _, kind, _, _, offset, size, link, _, _, _ in sections:
        if kind == _DYNSYM:
            _, _, _, _, at, length, _, _, _, _ = sections[link]
            return data[offset : offset + size], data[at : at + length]
    raise NotElf(f"{library} has no dynamic symbol table")
