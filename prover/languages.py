"""Which language a text without a file name is written in, told by what only one of the two has."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["dafny", "lean"]
LANGUAGES: tuple[Language, ...] = ("dafny", "lean")

_QUIET = re.compile(r"/\*.*?\*/|/-.*?-/|//[^\n]*|--[^\n]*|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)
"""Comments of both languages, and strings: nothing in them tells."""
_LEAN = re.compile(
    r"""
    ^\s*(?:@\[[^\]\n]*\]\s*)?(?:(?:private|protected|noncomputable|partial|unsafe)\s+)*
        (?:theorem|def|abbrev|example|inductive|structure|instance|namespace|variable|universe)\b
    | ^import\s+(?:Mathlib|Std|Lean|Init|Batteries|Aesop)\b
    | ^\#(?:eval|check|print|reduce)\b
    | ^set_option\s
    | :=\s*(?:by|sorry)\b
    | \bsorry\b
    """,
    re.MULTILINE | re.VERBOSE,
)
_DAFNY = re.compile(
    r"""
    ^\s*(?:(?:ghost|static|opaque|abstract|twostate|least|greatest)\s+)*
        (?:method|function|predicate|datatype|codatatype|newtype|trait|module|iterator|constructor)\b
        (?:\s*\{:[^}]*\})*\s+[\w'?]+\s*(?:<[^>\n]*>)?\s*(?:\(|=|\{|\s+extends\b)
    | ^\s*include\s
    | ^\s*(?:requires|ensures|decreases|modifies|reads|invariant)\b
    | \b(?:assert|assume|var|return)\b[^\n]*;
    """,
    re.MULTILINE | re.VERBOSE,
)


_LEMMA = re.compile(r"^\s*(?:(?:ghost|twostate|least|greatest)\s+)*lemma\b", re.MULTILINE)
"""Both languages have it: Dafny's, where nothing else speaks for Lean."""


def language_of(text: str) -> Language | None:
    """The language; None where nothing tells it, or where something speaks for each. Never raises."""
    bare = _QUIET.sub(" ", text)
    lean, dafny = (signs.search(bare) is not None for signs in (_LEAN, _DAFNY))
    if lean == dafny:
        return "dafny" if not lean and _LEMMA.search(bare) else None
    return "lean" if lean else "dafny"
