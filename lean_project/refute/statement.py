"""A goal with its hypotheses reverted, as the arguments that its statement takes: data, instances and premises."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lean_project.outline import Outline, closing
from lean_project.refute.types import Type, read_type
from lean_project.refute.values import values_of
from lean_project.steps import LeanGoal
from lean_project.syntax.tokens import Token, code, tokenize

_OPENS = frozenset("([{⦃⟨")
_CLOSES = frozenset(")]}⦄⟩")
_BINDS_ON = frozenset(["∀", "∃", "fun", "λ", "let", "have", "if", "match", "∃!", "Σ", "Π"])
"""What reaches to the end of a statement."""
_UNBOUNDED = re.compile(r"[∀∃]")
_BOUNDED = re.compile(r"∀ \(?(\w+)(?: : [^)]*\))?,? (?:\1 )?[∈<≤]")


class Kind(StrEnum):
    """What is to be given for an argument: a value, an instance, or a proof."""

    DATA = "data"
    INSTANCE = "instance"
    PREMISE = "premise"


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of the statement. name: for people. values: terms to try, where it is data."""

    name: str
    kind: Kind
    values: tuple[str, ...] = ()
    function: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """`∀ arguments, conclusion`. revert: the names of the hypotheses, after the unnamed ones have been named."""

    arguments: tuple[Argument, ...]
    revert: tuple[str, ...]
    unnamed: tuple[str, ...]
    words: frozenset[str]

    @property
    def data(self) -> tuple[Argument, ...]:
        """The arguments that values are chosen for."""
        return tuple(a for a in self.arguments if a.kind is Kind.DATA)


def statement_of(goal: LeanGoal, declared: Outline) -> Statement | None:
    """The statement of a goal; None where no value can be given for an argument, or where a premise speaks of all
    values there are, which nothing decides."""
    if any(h.value is not None for h in goal.hypotheses):
        return None
    unnamed: list[str] = []
    revert: list[str] = []
    wanted: list[tuple[str, str]] = []
    for hypothesis in goal.hypotheses:
        for name in hypothesis.names:
            wanted.append((name, hypothesis.type))
            if name.endswith("✝") or "✝" in name:
                unnamed.append(f"lemmatree_{len(unnamed)}")
                revert.append(unnamed[-1])
            else:
                revert.append(name)
    inside, conclusion = split_statement(goal.target)
    arguments = list(_arguments([*wanted, *inside], declared))
    functions = any(a.function for a in arguments)
    for argument, (_, type_) in zip(arguments, [*wanted, *inside], strict=True):
        if argument.kind is Kind.PREMISE and not functions and _unbounded(type_):
            return None
    words = frozenset(t.text for _, type_ in (*wanted, *inside, ("", conclusion)) for t in code(tokenize(type_)))
    return Statement(tuple(arguments), tuple(revert), tuple(unnamed), words)


def _arguments(wanted: Sequence[tuple[str, str]], declared: Outline) -> Iterator[Argument]:
    types: dict[str, Type] = {}
    for name, written in wanted:
        shown = name.split("✝")[0]
        type_ = read_type(written)
        values = () if type_ is None else values_of(type_.with_names(types), declared)
        if written.strip() == "Type" and values:
            types[name] = Type(values[0])
            values = values[:1]
        if shown.startswith("inst") and "✝" in name:
            yield Argument(shown, Kind.INSTANCE)
        elif values:
            yield Argument(shown, Kind.DATA, values, type_ is not None and type_.head == "→")
        else:
            yield Argument(shown, Kind.PREMISE)


def _unbounded(premise: str) -> bool:
    one_line = " ".join(premise.split())
    return len(_UNBOUNDED.findall(one_line)) > len(_BOUNDED.findall(one_line))


def split_statement(target: str) -> tuple[list[tuple[str, str]], str]:
    """The arguments that a printed statement begins with (names and types; premises have no name), and the rest."""
    found: list[tuple[str, str]] = []
    rest = target.strip()
    while True:
        tokens = code(tokenize(rest))
        if tokens and tokens[0].text == "∀":
            comma = _first(tokens, (",",), 1)
            if comma is None:
                return found, rest
            binders = list(_binders(tokens[1:comma], rest))
            if not binders:
                return found, rest
            found += binders
            rest = rest[tokens[comma].end :].strip()
            continue
        arrow = _arrow(tokens)
        if arrow is None:
            return found, rest
        found.append(("", rest[: tokens[arrow].start].strip()))
        rest = rest[tokens[arrow].end :].strip()


def _binders(tokens: Sequence[Token], text: str) -> Iterator[tuple[str, str]]:
    """`(a b : T) {c : U} [inst : V]`; nothing for other forms."""
    at = 0
    while at < len(tokens):
        if tokens[at].text not in _OPENS:
            return
        end = closing(tokens, at)
        inside = tokens[at + 1 : end]
        colon = _first(inside, (":",), 0)
        instance = tokens[at].text == "["
        names = [t.text for t in inside[:colon]] if colon is not None else []
        first = 0 if colon is None else colon + 1
        if first >= len(inside):
            return
        type_ = text[inside[first].start : inside[-1].end]
        if instance:
            yield "inst✝", type_
        for name in [] if instance else names:
            yield name, type_
        at = end + 1


def _first(tokens: Sequence[Token], signs: Sequence[str], start: int) -> int | None:
    depth = 0
    for k in range(start, len(tokens)):
        depth += (tokens[k].text in _OPENS) - (tokens[k].text in _CLOSES)
        if depth == 0 and tokens[k].text in signs:
            return k
    return None


def _arrow(tokens: Sequence[Token]) -> int | None:
    """The first outer `→`, unless an `↔`, which binds less, takes it for one of its sides."""
    found: int | None = None
    depth = 0
    for k, token in enumerate(tokens):
        depth += (token.text in _OPENS) - (token.text in _CLOSES)
        if depth:
            continue
        if token.text in _BINDS_ON:
            break
        if token.text == "↔":
            return None
        if token.text == "→" and found is None:
            found = k
    return found
