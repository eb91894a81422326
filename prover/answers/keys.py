"""What makes two steps the same: their tokens and where these go, not their comments and white space. In Lean lines and
how far each is moved in belong to the meaning, whatever the width of a move."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from dafny_env.steps import DafnyStep
from dafny_env.syntax.tokens import tokenize as dafny_tokens
from lean_project.steps import LeanStep
from lean_project.syntax.source import LineMap
from lean_project.syntax.tokens import code
from lean_project.syntax.tokens import tokenize as lean_tokens

_BULLETS = frozenset(["·", "."])


def canonical_key(step: DafnyStep | LeanStep) -> str:
    """Equal for steps that say the same at the same place."""
    return dafny_key(step) if isinstance(step, DafnyStep) else lean_key(step)


def dafny_key(step: DafnyStep) -> str:
    """`canonical_key` of a step of Dafny."""
    at: dict[int, list[str]] = {}
    for insertion in step.insertions:
        at.setdefault(insertion.offset, []).extend(t.text for t in dafny_tokens(insertion.text))
    parts = [f"{offset}\0{' '.join(words)}" for offset, words in sorted(at.items()) if words]
    return _hashed([" ".join(t.text for t in dafny_tokens(step.helpers)), *parts])


def lean_key(step: LeanStep) -> str:
    """`canonical_key` of a step of Lean."""
    return _hashed([_laid_out(step.helpers), _laid_out(step.body)])


def _laid_out(text: str) -> str:
    """The tokens line by line, each line with the rank of its column. A bullet is a line of its own: what follows it
    sets a column too."""
    lines = LineMap(text)
    found: list[tuple[int, list[str]]] = []
    last, bullet = -1, False
    for token in code(lean_tokens(text)):
        line, column = lines.position(token.start)
        if line != last or bullet:
            found.append((column, []))
        found[-1][1].append(token.text)
        bullet = token.text in _BULLETS and (line != last or bullet)
        last = lines.position(token.end).line
    ranks = {column: rank for rank, column in enumerate(sorted({column for column, _ in found}))}
    return "\n".join(f"{ranks[column]} {' '.join(words)}" for column, words in found)


def _hashed(parts: Iterable[str]) -> str:
    return hashlib.sha256("\1".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
