"""Writes `.olean` files for tests: the objects of `lean.h`, children first."""

from __future__ import annotations

import struct
from collections.abc import Sequence

BASE = 0x3C8B30C0000
_FIRST = 96


class Writer:
    """Objects are added from the inside out; each call returns an address, or an odd number for a small value."""

    def __init__(self, lean: str = "4.35.0", version: int = 2) -> None:
        self._lean, self._version = lean, version
        self._out = bytearray()
        self._names: dict[str, int] = {}

    def small(self, value: int) -> int:
        return value << 1 | 1

    def _add(self, tag: int, other: int, body: bytes, size: int = 0) -> int:
        address = BASE + _FIRST + len(self._out)
        self._out += struct.pack("<iHBB", 0, size, other, tag) + body
        self._out += bytes(-len(self._out) % 8)
        return address

    def made(self, tag: int, *fields: int, data: bytes = b"") -> int:
        body = b"".join(struct.pack("<Q", f) for f in fields) + data
        return self._add(tag, len(fields), body, 8 + len(body) + -len(body) % 8)

    def string(self, text: str) -> int:
        raw = text.encode() + b"\0"
        return self._add(249, 0, struct.pack("<QQQ", len(raw), len(raw), len(text)) + raw)

    def array(self, items: Sequence[int]) -> int:
        return self._add(
            246, 0, struct.pack("<QQ", len(items), len(items)) + b"".join(struct.pack("<Q", i) for i in items)
        )

    def list(self, items: Sequence[int]) -> int:
        at = self.small(0)
        for item in reversed(items):
            at = self.made(1, item, at)
        return at

    def big(self, number: int) -> int:
        limbs = (number.bit_length() + 63) // 64
        at = BASE + _FIRST + len(self._out)
        return self._add(250, 0, struct.pack("<iiQ", limbs, limbs, at + 24) + number.to_bytes(8 * limbs, "little"))

    def name(self, dotted: str) -> int:
        if not dotted:
            return self.small(0)
        if dotted not in self._names:
            parent, _, last = dotted.rpartition(".")
            above = self.name(parent)
            part, tag = (self.small(int(last)), 2) if last.isdigit() else (self.string(last), 1)
            self._names[dotted] = self.made(tag, above, part, data=bytes(8))
        return self._names[dotted]

    # Levels and expressions

    def sort(self, level: int) -> int:
        return self.made(3, level, data=bytes(8))

    def param(self, name: str) -> int:
        return self.made(4, self.name(name), data=bytes(8))

    def bound(self, index: int) -> int:
        return self.made(0, self.small(index), data=bytes(8))

    def const(self, name: str, levels: Sequence[int] = ()) -> int:
        return self.made(4, self.name(name), self.list(levels), data=bytes(8))

    def app(self, function: int, *arguments: int) -> int:
        for argument in arguments:
            function = self.made(5, function, argument, data=bytes(8))
        return function

    def binder(self, tag: int, name: str, type_: int, body: int, info: int = 0) -> int:
        return self.made(tag, self.name(name), type_, body, data=bytes(8) + bytes([info]))

    def pi(self, name: str, type_: int, body: int, info: int = 0) -> int:
        return self.binder(7, name, type_, body, info)

    def lam(self, name: str, type_: int, body: int, info: int = 0) -> int:
        return self.binder(6, name, type_, body, info)

    def lit(self, value: int) -> int:
        number = self.small(value) if value < 1 << 62 else self.big(value)
        return self.made(9, self.made(0, number), data=bytes(8))

    def mdata(self, body: int) -> int:
        return self.made(10, self.small(0), body, data=bytes(8))

    # Constants and the module

    def head(self, name: str, type_: int, parameters: Sequence[str] = ()) -> int:
        return self.made(0, self.name(name), self.list([self.name(p) for p in parameters]), type_)

    def axiom(self, name: str, type_: int, parameters: Sequence[str] = ()) -> int:
        return self.made(0, self.made(0, self.head(name, type_, parameters), data=bytes(1)))

    def definition(self, name: str, type_: int, value: int) -> int:
        inside = self.made(0, self.head(name, type_), value, self.small(1), self.list([self.name(name)]), data=b"\1")
        return self.made(1, inside)

    def theorem(self, name: str, type_: int, value: int) -> int:
        return self.made(2, self.made(0, self.head(name, type_), value, self.list([self.name(name)])))

    def quotient(self, name: str, type_: int, kind: int) -> int:
        return self.made(4, self.made(0, self.head(name, type_), data=bytes([kind])))

    def module(
        self, constants: dict[str, int], imports: Sequence[str] = (), entries: dict[str, int] | None = None
    ) -> bytes:
        """The whole file. entries: for extensions of the environment, how many each has."""
        names = self.array([self.name(n) for n in constants])
        values = self.array(list(constants.values()))
        header = self.array([self.made(0, self.name(i), data=bytes(3)) for i in imports])
        empty = self.array([])
        stored = self.array(
            [self.made(0, self.name(n), self.array([self.small(0)] * k)) for n, k in (entries or {}).items()]
        )
        root = self.made(0, header, names, values, empty, stored, data=bytes(1))
        lean, commit = self._lean.encode(), b"0" * 40
        return struct.pack("<5sBB33s40sQQ", b"olean", self._version, 1, lean, commit, BASE, root) + bytes(self._out)
