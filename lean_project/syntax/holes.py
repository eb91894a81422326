"""Every `sorry` of a file, with what one needs to know to put something in its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lean_project.syntax.commands import Command, commands_of
from lean_project.syntax.source import LineMap
from lean_project.syntax.tokens import Kind, Token, code, tokenize

_TERM_FOLLOWS = frozenset(
    [
        ":=",
        ",",
        "(",
        "[",
        "⟨",
        "from",
        "exact",
        "refine",
        "apply",
        "rw",
        "show",
        "$",
        "<|",
        "|>",
        "▸",
        "then",
        "else",
        "return",
        "fun",
        "λ",
        "Or.inl",
        "Or.inr",
        "do",
        "←",
        "->",
        "→",
        "refine'",
        "apply_fun",
        "using",
        "=",
        "+",
        "-",
        "*",
        "∧",
        "∨",
        "↔",
        "¬",
    ]
)
_TACTIC_FOLLOWS = frozenset(["by", ";", "·", "<;>", ".", "|", "all_goals", "any_goals", "try", "repeat", "with"])
_OPENING = frozenset(["(", "[", "{", "⟨", "@[", "$("])
_CLOSING = frozenset([")", "]", "}", "⟩"])


@dataclass(frozen=True, slots=True)
class Hole:
    """A `sorry` (or `admit`). line from 1, column from 0. position: what Lean expects there. indentation: the column of
    its line's first token. starts_line: whether it is that token. declaration: the one around it, if any."""

    start: int
    end: int
    line: int
    column: int
    position: Literal["term", "tactic"]
    indentation: int
    starts_line: bool
    declaration: Command | None


@lru_cache(maxsize=64)
def sorries(text: str) -> tuple[Hole, ...]:
    """All of them, in order; those in comments and strings are none."""
    tokens = tokenize(text)
    words = code(tokens)
    places = [k for k, t in enumerate(words) if t.kind is Kind.WORD and t.text in ("sorry", "admit")]
    if not places:
        return ()
    lines = LineMap(text)
    every = commands_of(text, tokens)
    starts = [c.start for c in every]
    columns = [lines.position(t.start) for t in words]
    found: list[Hole] = []
    for k in places:
        token = words[k]
        nth = bisect_right(starts, token.start) - 1
        command = every[nth] if nth >= 0 and every[nth].declares else None
        line, column = columns[k]
        first = k
        while first > 0 and columns[first - 1].line == line:
            first -= 1
        begin = command.start if command else 0
        position: Literal["term", "tactic"] = "tactic" if _is_tactic(words, columns, k, begin) else "term"
        found.append(Hole(token.start, token.end, line, column, position, columns[first].column, first == k, command))
    return tuple(found)


def _is_tactic(words: Sequence[Token], columns: Sequence[tuple[int, int]], k: int, begin: int) -> bool:
    if words[k].text == "admit":
        return True
    before = words[k - 1].text if k else ""
    if before in _TACTIC_FOLLOWS and before != "with":
        return _in_tactics(words, columns, k, begin)
    if before == "=>":
        return _in_tactics(words, columns, k, begin) and not _is_function(words, k - 1)
    if before in _TERM_FOLLOWS:
        return before == "(" and _in_tactics(words, columns, k, begin) and words[k - 2].text in _TACTIC_FOLLOWS
    first_on_line = k == 0 or columns[k - 1][0] != columns[k][0]
    return (first_on_line or before in ("{", "then", "else")) and _in_tactics(words, columns, k, begin)


def _in_tactics(words: Sequence[Token], columns: Sequence[tuple[int, int]], k: int, begin: int) -> bool:
    """Whether a `by` before index k is still open there: nothing since has closed its bracket or stood left of its
    block."""
    depth, leftmost = 0, columns[k][1] if k and columns[k - 1][0] != columns[k][0] else 1 << 30
    for j in range(k - 1, -1, -1):
        token = words[j]
        if token.start < begin:
            return False
        if token.text in _CLOSING:
            depth += 1
        elif token.text in _OPENING:
            depth = max(depth - 1, 0)
        elif token.text == "by" and depth == 0 and (j + 1 == k or columns[j + 1][1] <= leftmost):
            return True  # else that block has ended, and one around it may be open
        if depth == 0 and (j == 0 or columns[j - 1][0] != columns[j][0]):
            leftmost = min(leftmost, columns[j][1])
    return False


def _is_function(words: Sequence[Token], arrow: int) -> bool:
    """Whether a `=>` belongs to a `fun`: one stands before it in its line, without another arrow between."""
    for j in range(arrow - 1, max(arrow - 60, -1), -1):
        if words[j].text in ("fun", "λ"):
            return True
        if words[j].text in ("=>", "|", "case", "next", "by"):
            return False
    return False
