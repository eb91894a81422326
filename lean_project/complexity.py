"""How large a Lean statement is: operator occurrences in its fully explicit form.

The d of the decomposition score (`search.score`): occurrences of operators (constants that take part as functions,
relations, connectives, quantifiers, constructors) in the syntax tree, without variables, numerals, type annotations
and instances. Read from what Lean prints under `set_option pp.all true`, where every argument is there and no notation
is; which arguments are types is told by their head's name, since types begin with capitals by Lean's convention and
propositions stand elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lean_project.syntax.tokens import Kind, Token, code, simple_name, tokenize

EXPLICIT = "set_option pp.all true\n"
"""The command behind which goals are printed in explicit form."""
_OPENS, _CLOSES = frozenset("([{⟨⦃"), frozenset(")]}⟩⦄")
_CONNECTIVES = frozenset(["And", "Or", "Iff", "Not", "Exists"])
_RELATIONS = frozenset(["Eq", "HEq", "Ne"])
_NUMERALS = frozenset(["OfNat.ofNat"])
_INSTANCE = re.compile(r"inst[A-Z_]|inst$|instDecidable|decidable|decEq", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Node:
    """A term: a head (a name, `fun`, `∀`, `→`, or a literal), and its arguments or body."""

    head: str
    args: tuple[_Node, ...] = ()


def explicit_size(statement: str) -> int:
    """d of a statement in explicit form, at least 1. What cannot be read counts by its names. Never raises."""
    try:
        return max(1, _count(_Reader(code(tokenize(statement))).term()))
    except (_Unreadable, RecursionError):
        return max(1, sum(1 for t in tokenize(statement) if t.kind is Kind.WORD and t.text.startswith("@")))


class _Unreadable(Exception):
    """Not the form that Lean prints."""


class _Reader:
    """Reads explicit terms: applications, `fun`, `∀`, `(x : T) → e`, `T → e`, `let`, `have`."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def term(self) -> _Node:
        word = self._peek()
        if word in ("fun", "λ", "∀", "∃", "Π"):
            return self._binder(word)
        if word in ("let", "have"):
            return self._let()
        left = self._application()
        if self._peek() == "→":
            self._at += 1
            return _Node("→", (left, self.term()))
        return left

    def _binder(self, word: str) -> _Node:
        self._at += 1
        depth = 0
        while self._at < len(self._tokens):
            text = self._tokens[self._at].text
            self._at += 1
            depth += (text in _OPENS) - (text in _CLOSES)
            if depth == 0 and text in ("=>", ",", "↦"):
                return _Node(word, (self.term(),))
        raise _Unreadable

    def _let(self) -> _Node:
        self._at += 1
        while self._at < len(self._tokens) and self._tokens[self._at].text != ":=":
            self._at += 1
        self._at += 1
        value = self.term()
        if self._peek() == ";":
            self._at += 1
        return _Node("let", (value, self.term()))

    def _application(self) -> _Node:
        parts: list[_Node] = []
        while (part := self._atom()) is not None:
            parts.append(part)
        if not parts:
            raise _Unreadable
        head, *args = parts
        return _Node(head.head, (*head.args, *args)) if args else head

    def _atom(self) -> _Node | None:
        word = self._peek()
        if word in ("fun", "λ", "∀", "let", "have"):
            return self.term()
        if word in ("", ")", "]", "}", "⟩", "⦄", ",", "→", "=>", ":=", ";", ":"):
            return None
        token = self._tokens[self._at]
        self._at += 1
        if word == "@":
            return self._atom()
        if word in _OPENS:
            return self._bracket()
        text = token.text
        if self._peek() == "." and self._text(1) == "{":  # universe levels
            while self._peek() not in ("}", ""):
                self._at += 1
            self._at += 1
        if token.kind in (Kind.NUMBER, Kind.STRING, Kind.CHAR):
            return _Node("#")
        return _Node(text)

    def _bracket(self) -> _Node:
        start = self._at
        inside = self.term()
        if self._peek() == ":":  # `(x : T) → e`, or a term with its type
            depth = 1
            while self._at < len(self._tokens) and depth:
                text = self._tokens[self._at].text
                depth += (text in _OPENS) - (text in _CLOSES)
                self._at += 1
            if self._peek() == "→" and self._at > start:
                self._at += 1
                return _Node("∀", (self.term(),))
            return inside
        self._at += 1
        return inside

    def _peek(self) -> str:
        return self._text(0)

    def _text(self, ahead: int) -> str:
        at = self._at + ahead
        return self._tokens[at].text if at < len(self._tokens) else ""


def _count(node: _Node) -> int:
    """Operators in a proposition or a value."""
    head = node.head
    if head in ("fun", "λ"):
        return _count(node.args[0])
    if head in ("∀", "∃", "Π", "let"):
        return 1 + sum(_count(a) for a in node.args)
    if head == "→":
        return 1 + sum(_count(a) for a in node.args)
    if head in _CONNECTIVES:
        return 1 + sum(_count(a) for a in node.args[1 if head == "Exists" else 0 :])
    if head in _RELATIONS:
        return 1 + sum(_count(a) for a in _values(node.args[1:]))
    if head in _NUMERALS or head == "#":
        return 0
    # A name without a dot and without arguments is a variable, for constants like that are rare and variables are not.
    own = 1 if node.args or "." in head else 0
    return own + sum(_count(a) for a in _values(node.args))


def _values(args: tuple[_Node, ...]) -> Iterator[_Node]:
    """The arguments that are neither types nor instances."""
    for arg in args:
        last = (simple_name(arg.head) or ("",))[-1]
        if _INSTANCE.match(last) or arg.head in ("Type", "Prop", "Sort"):
            continue
        if last[:1].isupper() and arg.head not in _CONNECTIVES | _RELATIONS:
            continue
        yield arg
