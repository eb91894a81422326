"""Lemmas of a finished Dafny proof under names that people would give them.

The search names a lemma by a checksum of what it says, so that the same lemma has the same name wherever and whenever
it is thought of. In the file that comes out it is `fastPower_fact`, numbered where that is taken, in the order of the
file.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z_][\w'?]*")
_MADE = re.compile(r"\blemma\s+(?:\{:[^}]*\}\s*)*((?P<base>[A-Za-z_][\w'?]*?)Fact\d{4,}[\w'?]*)")


def readable(original: str, text: str) -> str:
    """A text with the lemmas that the search has added to `original` renamed; what the original has, it keeps."""
    before = frozenset(_WORD.findall(original))
    taken = set(_WORD.findall(text))
    names: dict[str, str] = {}
    for made in _MADE.finditer(text):
        if made[1] not in before and made[1] not in names:
            base = made["base"]
            name = _fresh(f"{base[:1].lower()}{base[1:]}_fact", taken)
            taken.add(name)
            names[made[1]] = name
    return _WORD.sub(lambda word: names.get(word[0], word[0]), text)


def _fresh(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}{number}", number + 1
    return name
