"""Dafny text as words with single blanks between them, and back to text as people write it."""

from __future__ import annotations

from collections.abc import Sequence

from dafny_env.syntax.tokens import tokenize

_TIGHT_BEFORE = frozenset([",", ";", ")", "]", ".", ":", "..", "`"])
_TIGHT_AFTER = frozenset(["(", "[", ".", "..", "!", "@", "`"])
_BREAK_BEFORE = frozenset(["invariant", "decreases", "modifies", "requires", "ensures", "reads"])
_GENERIC = frozenset(["seq", "set", "iset", "map", "imap", "multiset", "array"])
_OPENING, _CLOSING = "([{", ")]}"


def words(text: str) -> list[str]:
    """The tokens of a text, comments left out."""
    return [token.text for token in tokenize(text)]


def lines(found: Sequence[str]) -> list[str]:
    """Text for words: a line for each clause or statement at the outside, blanks where people put them."""
    made: list[list[str]] = [[]]
    depth = 0
    for k, word in enumerate(found):
        if depth == 0 and word in _BREAK_BEFORE and made[-1]:
            made.append([])
        made[-1].append(word)
        depth += (word in _OPENING) - (word in _CLOSING)
        after = found[k + 1] if k + 1 < len(found) else ""
        if depth == 0 and (word == ";" or (word == "}" and after not in ("else", ";", ")", "]", ",", "&&", "||"))):
            made.append([])
    return [_line(line) for line in made if line]


def _line(found: Sequence[str]) -> str:
    """The words as people write them, or with single blanks where that would read as other words."""
    text = _tight(found)
    return text if words(text) == list(found) else " ".join(found)


def _tight(found: Sequence[str]) -> str:
    text = ""
    bars = angles = 0
    for k, word in enumerate(found):
        before = found[k - 1] if k else ""
        tight = not text or word in _TIGHT_BEFORE or before in _TIGHT_AFTER
        if word in ("(", "[") and (before[-1:].isalnum() or before[-1:] in "_?')]"):
            tight = True
        if word == "|":
            # Bars of a cardinality come in pairs, the first behind an operator.
            opening = bars % 2 == 0
            bars += 1
            tight = tight or not opening
        elif before == "|" and bars % 2 == 1:
            tight = True
        if word == "<" and before in _GENERIC:
            angles += 1
            tight = True
        elif angles and before == "<":
            tight = True
        elif angles and word == ">":
            angles -= 1
            tight = True
        if word in ("::", ":=", "..."):
            tight = False
        text += word if tight else f" {word}"
    return text
