"""A lexer for Lean 4. It never raises: what it cannot read becomes a token of kind `BAD` or one that is not closed.

Lean's tokens grow with every notation that a file declares. Symbols are therefore split finely: what matters is that
comments, strings, characters and identifiers begin and end where Lean sees them (`Lean/Parser/Basic.lean`)."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a token is. WORD: an identifier or keyword, with its dots. COMMAND: a word after `#`. DOC: `/-- -/` and
    `/-! -/`. BAD: a character that Lean has no use for outside strings and comments."""

    WORD = "word"
    SYMBOL = "symbol"
    COMMAND = "command"
    STRING = "string"
    CHAR = "char"
    NUMBER = "number"
    COMMENT = "comment"
    DOC = "doc"
    BAD = "bad"


class Token(NamedTuple):
    """A token of the text from `start` up to `end`. closed: False where a comment, string or guillemet runs to the end
    of the file instead of its own."""

    kind: Kind
    text: str
    start: int
    end: int
    closed: bool = True


# Greek without λ, Π and Σ, which are syntax; Coptic, polytonic Greek, letter-like symbols, script and Fraktur.
_LETTER = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0100-\u017f"
    "\u0391-\u039f\u03a1\u03a2\u03a4-\u03a9\u03b1-\u03ba\u03bc-\u03c9\u03ca-\u03fb"
    "\u1f00-\u1ffe\u2100-\u214f\U0001d49c-\U0001d59f"
)
_SUBSCRIPT = "\u2080-\u2089\u2090-\u209c\u1d62-\u1d6a\u2c7c"
_PART = rf"(?:[{_LETTER}][{_LETTER}0-9'!?{_SUBSCRIPT}]*|«[^»\n]{{0,300}}»)"
_WORD = re.compile(rf"{_PART}(?:\.{_PART})*")
_COMMAND = re.compile(rf"#[{_LETTER}][{_LETTER}0-9'!?]*")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_CHAR = re.compile(r"'(?:\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^\n])|[^\\'])'")
_RAW = re.compile(r'r(#*)"')
_STRING_PART = re.compile(r'[^"\\]+|\\.', re.DOTALL)
_INTERPOLATED_PART = re.compile(r'[^"\\{]+|\\.', re.DOTALL)
_BLANK = re.compile(r"[ \t\r\n]*")
_COMMENT_MARK = re.compile(r"/-|-/")
_SYMBOL = re.compile(
    r":=|=>|<\|>|<;>|\|>\.|<\||\|>|\$>|<\$>|<\*>|\.\.\.|\.\.|::|\+\+|&&|\|\||<-|->|>=|<=|!=|==|>>=|>>|<<|@\[|\$\(|⟨|⟩|\S"
)
_INTERPOLATES = frozenset(["s!", "m!", "f!"])
# Not to be seen, or easily taken for other letters (Cyrillic, fullwidth...), and none of Lean's.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff"
    "\u0180-\u02af\u0400-\u058f\u05d0-\u06ff\u13a0-\u13ff\uff00-\uffef]"
)


def tokenize(text: str) -> list[Token]:
    """All tokens with comments, in order; whitespace is between them."""
    return _Lexer(text).run()


def code(tokens: list[Token]) -> list[Token]:
    """The tokens without comments and documentation."""
    return [t for t in tokens if t.kind is not Kind.COMMENT and t.kind is not Kind.DOC]


def simple_name(word: str) -> tuple[str, ...]:
    """The components of an identifier, without guillemets."""
    return tuple(part[1:-1] if part.startswith("«") else part for part in re.findall(r"«[^»\n]*»|[^.«»]+", word))


class _Lexer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[Token] = []
        # Interpolations that are open: how deep in braces each one is. A stack, since strings nest in them.
        self._braces: list[int] = []

    def run(self) -> list[Token]:
        at, size = 0, len(self._text)
        while at < size:
            if self._text[at] in " \t\r\n":
                at += 1
                continue
            token = self._token(at)
            self._tokens.append(token)
            at = token.end
        return self._tokens

    def _token(self, at: int) -> Token:
        text = self._text
        here = text[at]
        if text.startswith("--", at):
            end = text.find("\n", at)
            return self._make(Kind.COMMENT, at, len(text) if end < 0 else end)
        if text.startswith("/-", at):
            return self._block_comment(at)
        if here == '"':
            last = self._tokens[-1] if self._tokens else None
            return self._string(at, at + 1, last is not None and last.text in _INTERPOLATES)
        if text.startswith("''", at):  # never a character, as `'` and one behind it would be
            return self._make(Kind.SYMBOL, at, at + 2)
        if here == "'" and (match := _CHAR.match(text, at)):
            return self._make(Kind.CHAR, at, match.end())
        if here in "0123456789":
            return self._match(Kind.NUMBER, _NUMBER, at)
        if here == "r" and (match := _RAW.match(text, at)):
            end = text.find('"' + match[1], match.end())
            return self._make(Kind.STRING, at, len(text) if end < 0 else end + 1 + len(match[1]), end >= 0)
        if match := _WORD.match(text, at):
            return self._make(Kind.WORD, at, match.end())
        if here == "«":  # the line ends before it does
            return self._make(Kind.BAD, at, at + 1, False)
        if match := _COMMAND.match(text, at):
            return self._make(Kind.COMMAND, at, match.end())
        if _INVISIBLE.match(here):
            return self._make(Kind.BAD, at, at + 1)
        return self._symbol(at)

    def _symbol(self, at: int) -> Token:
        here = self._text[at]
        if self._braces and here in "{}":
            self._braces[-1] += 1 if here == "{" else -1
            if self._braces[-1] == 0:  # back in the string
                self._braces.pop()
                return self._string(at, at + 1, True)
            return self._make(Kind.SYMBOL, at, at + 1)
        return self._match(Kind.SYMBOL, _SYMBOL, at)

    def _block_comment(self, at: int) -> Token:
        text = self._text
        kind = Kind.DOC if text[at + 2 : at + 3] in ("-", "!") else Kind.COMMENT
        # `/--` and `/-!` are tokens, behind which Lean skips comments as behind every other: in `/-- -- -/` the end is
        # part of a comment in the comment.
        depth, i = 1, _BLANK.match(text, at + 3).end() if kind is Kind.DOC else at + 2  # type: ignore[union-attr]
        while kind is Kind.DOC and text.startswith(("--", "/-"), i) and text[i : i + 3] not in ("/--", "/-!"):
            i = self._token(i).end
            i = _BLANK.match(text, i).end()  # type: ignore[union-attr]
        while match := _COMMENT_MARK.search(text, i):
            depth += 1 if match[0] == "/-" else -1
            i = match.end()
            if depth == 0:
                return self._make(kind, at, i)
        return self._make(kind, at, len(text), False)

    def _string(self, start: int, at: int, interpolated: bool) -> Token:
        """A string, or the part of one up to an interpolation, or from the end of one."""
        text, size = self._text, len(self._text)
        part = _INTERPOLATED_PART if interpolated else _STRING_PART
        while match := part.match(text, at):
            at = match.end()
        if at < size and text[at] == "{":
            self._braces.append(1)
            return self._make(Kind.STRING, start, at + 1)
        return self._make(Kind.STRING, start, min(at + 1, size), at < size and text[at] == '"')

    def _match(self, kind: Kind, pattern: re.Pattern[str], at: int) -> Token:
        match = pattern.match(self._text, at)
        return self._make(kind, at, match.end()) if match else self._make(Kind.BAD, at, at + 1)

    def _make(self, kind: Kind, start: int, end: int, closed: bool = True) -> Token:
        return Token(kind, self._text[start:end], start, end, closed)
