"""Pieces of Lean as models write them: tidied, told from prose, moved to the left margin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lean_project.syntax.source import Edit, LineMap, apply_edits
from lean_project.syntax.tokens import Kind, Token, simple_name, tokenize
from prover.answers import brackets
from prover.answers.first_words import first_words

_CLOSES = {")": "(", "]": "[", "}": "{", "⟩": "⟨", "⦄": "⦃"}
_OPENS = {"(": "(", "[": "[", "{": "{", "⟨": "⟨", "⦃": "⦃", "@[": "[", "$(": "("}
_FIRST_WORD = re.compile(r"[A-Za-z_]+\b")
_PROSE = re.compile(
    r"[.!?]$|[a-z], [a-z]+ [a-z]+ [a-z]+|^(?:by|show|use|let|have|case|first|set|next|left|right) the\b"
)


def tidied(code: str) -> str:
    """The code without comments, documentation and tabs, on as many lines as before; what stands behind a comment that
    began a line keeps its column."""
    if "\t" in code:
        code = "\n".join(_untabbed(line) for line in code.split("\n"))
    kept: list[str] = []
    at = 0
    for token in tokenize(code):
        if token.kind in (Kind.COMMENT, Kind.DOC):
            kept += (code[at : token.start], re.sub(r"[^\n]", " ", token.text))
            at = token.end
    kept.append(code[at:])
    return "\n".join(line.rstrip() for line in "".join(kept).split("\n"))


def _untabbed(line: str) -> str:
    bare = line.lstrip(" \t")
    return line[: len(line) - len(bare)].expandtabs(2) + bare


def unmatched(code: str) -> str | None:
    """The brackets that have no partner, in order; None where a string or comment is not closed."""
    tokens = tokenize(code)
    if not all(token.closed for token in tokens):
        return None
    return brackets.unmatched((t.text for t in tokens if t.kind is Kind.SYMBOL), _OPENS, _CLOSES)


def balanced(code: str) -> bool:
    """Whether every bracket, string and comment is closed."""
    return unmatched(code) == ""


def from_prose(text: str) -> str:
    """The code of an answer without fences: from the first line that looks like some; empty where none does."""
    return brackets.from_first(text, _looks_like_code)


def _looks_like_code(line: str) -> bool:
    first = _FIRST_WORD.match(line)
    if first is None:
        return line.startswith(("·", "⟨", ":= by", "@[", "<;>"))
    return first[0] in first_words("lean") and _PROSE.search(line) is None


def at_margin(text: str, start: int, end: int) -> str:
    """A range of a text as lines of their own, its first token at column 0. Lines that stand left of that token are
    moved as one to the margin."""
    piece = text[start:end]
    bare = piece.lstrip("\n ")
    if not bare.strip():
        return ""
    first = start + len(piece) - len(bare)
    column = LineMap(text[:first]).position(first).column
    head, *rest = bare.rstrip().split("\n")
    filled = [line for line in rest if line.strip()]
    column = min([column, *(len(line) - len(line.lstrip(" ")) for line in filled)])
    return "\n".join([head.rstrip(), *(line[column:].rstrip() for line in rest)])


def parts(tokens: Sequence[Token]) -> frozenset[str]:
    """The components of all names among tokens."""
    return frozenset(part for t in tokens if t.kind is Kind.WORD for part in simple_name(t.text))


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with names changed wherever a word is one of them, or begins with one."""
    if not names:
        return text
    edits: list[Edit] = []
    for token in tokenize(text):
        if token.kind is not Kind.WORD:
            continue
        for old, new in names.items():
            if token.text == old or token.text.startswith(f"{old}."):
                edits.append(Edit(token.start, token.start + len(old), new))
                break
    return apply_edits(text, edits)
