"""Types as Lean prints them, read into a head and arguments, as far as small values are known for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lean_project.syntax.tokens import Kind, Token, code, tokenize

_ENDS = frozenset([")", "→", "->", "×"])


@dataclass(frozen=True, slots=True)
class Type:
    """`head args`; functions have the head `→`, pairs `×`."""

    head: str
    args: tuple[Type, ...] = ()

    def __str__(self) -> str:
        if self.head in ("→", "×"):
            left, right = self.args
            nested = left.head == "→" or (self.head == "×" and left.head == "×")
            return f"{f'({left})' if nested else left} {self.head} {right}"
        return " ".join([self.head, *(f"({a})" if a.args else str(a) for a in self.args)])

    def with_names(self, values: Mapping[str, Type]) -> Type:
        """The type with other types for some of its names."""
        if not self.args and self.head in values:
            return values[self.head]
        return Type(self.head, tuple(a.with_names(values) for a in self.args))


def read_type(text: str) -> Type | None:
    """The type; None for what is not made of names, applications, `→` and `×` alone. Never raises."""
    reader = _Reader(code(tokenize(text)))
    try:
        found = reader.function()
    except (_Unreadable, RecursionError):
        return None
    return found if reader.at_end else None


class _Unreadable(Exception):
    """Not a type of this form."""


class _Reader:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at == len(self._tokens)

    def function(self) -> Type:
        left = self._product()
        if self._word in ("→", "->"):
            self._at += 1
            return Type("→", (left, self.function()))
        return left

    def _product(self) -> Type:
        left = self._application()
        if self._word == "×":
            self._at += 1
            return Type("×", (left, self._product()))
        return left

    def _application(self) -> Type:
        parts = [self._atom()]
        while self._word and self._word not in _ENDS:
            parts.append(self._atom())
        head, *args = parts
        if args and head.head in ("→", "×"):
            raise _Unreadable
        return Type(head.head, (*head.args, *args))

    def _atom(self) -> Type:
        if self.at_end:
            raise _Unreadable
        token = self._tokens[self._at]
        self._at += 1
        if token.text == "(":
            inner = self.function()
            if self._word != ")":
                raise _Unreadable
            self._at += 1
            return inner
        if token.kind not in (Kind.WORD, Kind.NUMBER):
            raise _Unreadable
        return Type(token.text)

    @property
    def _word(self) -> str:
        return "" if self.at_end else self._tokens[self._at].text
