"""What a reader of Dafny would take for a comment and Dafny does not.

Dafny 2.3 passes files through a preprocessor: lines that start with `#if`, `#elsif`, `#else`, `#endif` leave text out,
and a `#line` in the first column swallows its line, even inside comments. With them a comment can be made to swallow a
specification, so no such line is let through."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

_DIRECTIVE = re.compile(r"(?:^|[\r\n])[^\x21-\x7e\r\n]*(#[^\r\n]*)")
_PUNCTUATION = frozenset("/*\"'\\#{}:;@")


def directives(text: str) -> Iterator[tuple[int, str]]:
    """Lines whose first visible character is `#`: the offset of the `#`, and the line from there."""
    for found in _DIRECTIVE.finditer(text):
        yield found.start(1), found.group(1).rstrip()


def look_alikes(text: str, known: str = "") -> Iterator[tuple[int, str]]:
    """Characters outside ASCII that some encodings turn into ASCII punctuation, and control characters; those that
    `known` has as often are left out."""
    seen = Counter(c for c in known if _is_odd(c))
    for offset, character in enumerate(text):
        if (character > "\x7e" or character < " ") and _is_odd(character):
            if seen[character] > 0:
                seen[character] -= 1
                continue
            yield offset, character


def _is_odd(character: str) -> bool:
    if character < "\x7f":
        return character < " " and character not in "\t\r\n"
    if character in "∗∕⁄﹡＊／′″":
        return True
    if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") and character != "\ufeff":
        return True
    folded = unicodedata.normalize("NFKD", character)
    return folded != character and any(c in _PUNCTUATION for c in folded)
