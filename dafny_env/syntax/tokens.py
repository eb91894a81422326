"""The lexer of Dafny, 2.3 and 4.x alike.

`tokenize` reads any text whatsoever: what is no token becomes one of kind `error`, and no exception is raised. Words
that only one of the dialects reserves (`for`, `is`, `least`, `expect`...) are identifiers here; the parser knows their
places."""

from __future__ import annotations

import re
from functools import partial
from typing import Literal, NamedTuple

Kind = Literal["ident", "keyword", "int", "real", "char", "string", "op", "comment", "error"]


class Token(NamedTuple):
    """A token: `text` is exactly the source between the character offsets `start` and `end`.

    kind: `ident`; `keyword` (reserved in both dialects); `int` (also hexadecimal); `real`; `char` and `string` with
    their quotes; `op` for operators and punctuation; `comment`; `error` for anything else, such as an unterminated
    string. `>>` is always two tokens, as in `seq<seq<int>>`; a shift is two adjacent `>`.
    """

    kind: Kind
    text: str
    start: int
    end: int


KEYWORDS = frozenset(
    """abstract allocated as assert assume bool break by calc case char class codatatype const constructor datatype
    decreases else ensures exists export extends false forall fresh function ghost if imap import in include int
    invariant iset iterator label lemma map match method modifies modify module multiset nat new newtype null object
    old ORDINAL predicate print reads real refines requires return returns reveal seq set static string then this trait
    true twostate type unchanged var while witness yield yields""".split()  # noqa: SIM905
)
"""Words reserved in Dafny 2.3 and in 4.x."""

ESCAPE = r"""\\(?:['"\\0nrt]|u[0-9A-Fa-f]{4}|U\{[0-9A-Fa-f_]+\})"""

_TOKEN = re.compile(
    r"""
    [ \t\r\n\f\v]*+(?:
    (?P<word>[A-Za-z_?][A-Za-z0-9_?']*)
  | (?P<comment>//[^\r\n]*)
  | (?P<block>/\*)
  | (?P<real>[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)(?![A-Za-z0-9_?']))
  | (?P<int>0x[0-9A-Fa-f]+(?:_[0-9A-Fa-f]+)*|[0-9]+(?:_[0-9]+)*)
  | (?P<string>@"[^"]*(?:""[^"]*)*"|"(?:[^"\\\r\n]|\\[^\r\n])*")
  | (?P<char>'(?:[^'\\\r\n]|\\(?:['"\\0nrt]|u[0-9A-Fa-f]{4}|U\{[0-9A-Fa-f_]+\}))')
  | (?P<tick>'[A-Za-z0-9_?][A-Za-z0-9_?']*)
  | (?P<op><==>|\.\.\.|==>|<==|-->|!in(?![A-Za-z0-9_?'])
      |:=|:\||:-|::|\.\.|->|~>|<-|=>|==|!=|<=|>=|<<|&&|\|\||!!|\{:
      |[-+*/%<>=!&|^~.,:;()\[\]{}@\#`]
      |[∀∃•⇔⇒⇐∧∨¬≠≤≥→])
  | (?P<unclosed>@?"[^\r\n]*)
  | (?P<error>(?s:.))
  | (?P<end>\Z))
    """,
    re.VERBOSE,
)
_KINDS = {"tick": "ident", "unclosed": "error"}
"""The kind of a token by its group, where they differ."""
_COMMENT_EDGE = re.compile(r"/\*|\*/")

SYMBOLS = {
    "∀": "forall",
    "∃": "exists",
    "•": "::",
    "⇔": "<==>",
    "⇒": "==>",
    "⇐": "<==",
    "∧": "&&",
    "∨": "||",
    "¬": "!",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
    "→": "->",
}
"""The Unicode spellings that 2.3 reads as operators and quantifiers."""


def tokenize(text: str, *, comments: bool = False) -> list[Token]:
    """The tokens of a text in order, without its comments unless asked for. Never raises."""
    found: list[Token] = []
    make = partial(tuple.__new__, Token)  # half the time of the class's own constructor
    position = 1 if text.startswith("\ufeff") else 0
    while True:
        match = _TOKEN.match(text, position)
        assert match is not None  # the last alternatives take any character and the end
        group = match.lastgroup
        assert group is not None
        start, end = match.span(group)
        if group == "word":
            word = match[group]
            found.append(make(("keyword" if word in KEYWORDS else "ident", word, start, end)))
        elif group == "op":
            found.append(make(("op", match[group], start, end)))
        elif group == "end":
            return found
        elif group == "block":
            end, closed = _comment_end(text, end)
            if comments or not closed:
                found.append(make(("comment" if closed else "error", text[start:end], start, end)))
        elif comments or group != "comment":
            found.append(make((_KINDS.get(group, group), match[group], start, end)))
        position = end


def _comment_end(text: str, position: int) -> tuple[int, bool]:
    """Where a block comment opened just before `position` ends; comments nest."""
    depth = 1
    for edge in _COMMENT_EDGE.finditer(text, position):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end(), True
    return len(text), False


_ESCAPED = re.compile(ESCAPE)
_SIMPLE = {"'": "'", '"': '"', "\\": "\\", "0": "\0", "n": "\n", "r": "\r", "t": "\t"}


def decode(literal: str) -> str:
    """The characters that a char or string literal, quotes included, stands for."""
    if literal.startswith("@"):
        return literal[2:-1].replace('""', '"')
    return _ESCAPED.sub(_unescape, literal[1:-1])


def _unescape(found: re.Match[str]) -> str:
    body = found.group()[1:]
    if body[0] in _SIMPLE:
        return _SIMPLE[body[0]]
    code = int(body.strip("uU{}").replace("_", "") or "0", 16)
    return chr(code) if code < 0x110000 else "\ufffd"


def encode(value: str, quote: str) -> str:
    """A literal in quotes (`'` or `"`) for the given characters, readable by both dialects."""
    out = []
    for character in value:
        code = ord(character)
        if character in "\\\0\n\r\t" or character == quote:
            out.append("\\" + {"\0": "0", "\n": "n", "\r": "r", "\t": "t"}.get(character, character))
        elif 0xD800 <= code <= 0xDFFF:  # half a character cannot stand in a file
            out.append(f"\\u{code:04x}")
        else:
            out.append(character)
    return quote + "".join(out) + quote
