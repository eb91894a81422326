"""A second opinion from Lean itself: a module that imports the candidate's and states the original's theorems again.

The statements are printed from the original's compiled module with everything explicit, so that no notation, instance
or coercion of the candidate has a say in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lean_project.olean.module import Module
from lean_project.olean.terms import Terms, simple_parts

MAX_CHARACTERS = 20_000
"""Of one statement: shared terms may be huge once they are written out."""

_PLAIN = re.compile(r"[^\W\d][\w'!?]*")


class _TooLarge(Exception):
    """A statement that is not worth printing, or cannot be."""


def restatement(original: Module, names: Iterable[str], module: str) -> tuple[str, tuple[str, ...]]:
    """A text that imports `module` and proves each statement by what has its name there; with the names of those that
    could be printed."""
    done: list[str] = []
    lines = [f"import {module}", "set_option autoImplicit false"]
    for name in names:
        try:
            lines.append(_theorem(original, name, len(done)))
        except _TooLarge:
            continue
        done.append(name)
    return "\n".join(lines) + "\n", tuple(done)


def _theorem(original: Module, name: str, number: int) -> str:
    constant = original.constant(name)
    parameters = [_written(p) for p in constant.parameters]
    universes = f".{{{', '.join(parameters)}}}" if parameters else ""
    statement = "".join(_Printer(original.terms).show(constant.type))
    return f"theorem lemmatree_restated_{number}{universes} : {statement} := @{_written(name)}{universes}"


def _written(name: str) -> str:
    """A name as one can write it."""
    parts = []
    for raw, part in zip(_raw(name), simple_parts(name), strict=True):
        if raw.isdigit() or not part or "»" in part or "\n" in part or part.startswith(("_private", "_@", "_hyg")):
            raise _TooLarge
        parts.append(part if _PLAIN.fullmatch(part) else f"«{part}»")
    if not parts:
        raise _TooLarge
    return ".".join(parts)


def _raw(name: str) -> list[str]:
    """The components with their guillemets."""
    return re.findall(r"«(?:[^»]|»»)*»|[^.«]+", name)


class _Printer:
    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._size = 0

    def show(self, term: int) -> Iterator[str]:
        """Pieces of the printed term. Iterative: terms may be deep."""
        todo: list[str | tuple[int, int]] = [(term, 0)]
        while todo:
            item = todo.pop()
            if isinstance(item, str):
                self._size += len(item)
                if self._size > MAX_CHARACTERS:
                    raise _TooLarge
                yield item
                continue
            todo.extend(reversed(self._pieces(*item)))

    def _pieces(self, term: int, depth: int) -> list[str | tuple[int, int]]:
        terms = self._terms
        kind, *rest = terms.nodes[term]
        numbers = [r if isinstance(r, int) else -1 for r in rest]
        if kind == "bvar":
            if numbers[0] >= depth:
                raise _TooLarge
            return [f"lt_x{depth - 1 - numbers[0]}"]
        if kind == "sort":
            return [f"Sort {self._level(numbers[0])}"] if not terms.is_zero(numbers[0]) else ["Prop"]
        if kind == "const":
            levels = [self._level(int(str(n))) for n in terms.nodes[numbers[1]][1:]]
            return [f"@{_written(str(rest[0]))}" + (f".{{{', '.join(levels)}}}" if levels else "")]
        if kind == "app":
            # Flat: brackets around a part of it would end what `@` says about implicit arguments.
            head, arguments = terms.spine(term)
            pieces: list[str | tuple[int, int]] = ["(", (head, depth)]
            for argument in arguments:
                pieces += [" ", *self._argument(argument, depth)]
            return [*pieces, ")"]
        if kind in ("lam", "pi"):
            start, arrow = ("(fun (", ") => ") if kind == "lam" else ("((", ") → ")
            name = f"lt_x{depth}"
            return [start, name, " : ", (numbers[0], depth), arrow, (numbers[1], depth + 1), ")"]
        if kind == "let":
            type_, value, body = (numbers[0], depth), (numbers[1], depth), (numbers[2], depth + 1)
            return [f"(let lt_x{depth} : ", type_, " := ", value, "; ", body, ")"]
        if kind == "nat" and numbers[0].bit_length() < 4 * MAX_CHARACTERS // 10:
            return [f"(nat_lit {rest[0]})"]
        raise _TooLarge  # strings and projections

    def _argument(self, term: int, depth: int) -> list[str | tuple[int, int]]:
        """Atoms made of several words need brackets."""
        if self._terms.nodes[term][0] == "sort":
            return ["(", (term, depth), ")"]
        return [(term, depth)]

    def _level(self, level: int) -> str:
        kind, *rest = self._terms.nodes[level]
        self._size += 8
        if self._size > MAX_CHARACTERS:
            raise _TooLarge
        if kind == "zero":
            return "0"
        if kind == "param":
            return _written(str(rest[0]))
        below = [int(str(r)) for r in rest]
        if kind == "succ":
            count = 1
            while self._terms.nodes[below[0]][0] == "succ":
                below = [int(str(self._terms.nodes[below[0]][1]))]
                count += 1
            if self._terms.nodes[below[0]][0] == "zero":
                return str(count)
            return f"({self._level(below[0])}+{count})"
        return f"({kind} {self._level(below[0])} {self._level(below[1])})"
