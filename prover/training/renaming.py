"""The same example under other names: proofs do not depend on what things are called, and a model should not either.

For the compact format, where every name is a word. What is renamed was declared by the file: names of the language
and its library stay. A renamed example is as true as the original, but nobody has verified it again; it is marked."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

from dafny_env.syntax.tokens import KEYWORDS

_NAME = re.compile(r"[A-Za-z_?][A-Za-z0-9_?']*\Z")
_KEPT = KEYWORDS | {
    # Dafny's own members and types
    *("array", "array2", "array3", "Length", "Length0", "Length1", "Keys", "Values", "Items", "IsLimit", "Floor"),
    # heads of prompts
    *("dafny", "declaration", "lemma", "fact"),
}
_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"


def renamed(prompt: str, completion: str, rng: random.Random) -> tuple[str, str]:
    """A Dafny example in the compact format with other names, the same in the prompt and its completion; each name
    keeps the case of its first letter and roughly its length."""
    words = {w.rstrip("'") for w in prompt.split() if _NAME.match(w)} - _KEPT
    taken = set(_KEPT)
    mapping: dict[str, str] = {}
    for word in sorted(words):
        mapping[word] = _fresh(word, taken, rng)
        taken.add(mapping[word])
    return _replaced(prompt.split(" "), mapping), _replaced(completion.split(" "), mapping)


def _replaced(words: Iterable[str], mapping: dict[str, str]) -> str:
    def replace(word: str) -> str:
        stem = word.rstrip("'")  # fresh names made from old ones: `s'`
        return mapping[stem] + word[len(stem) :] if stem in mapping else word

    return " ".join(map(replace, words))


def _fresh(word: str, taken: set[str], rng: random.Random) -> str:
    while True:
        if len(word) <= 2:
            made = rng.choice(_CONSONANTS + _VOWELS) + rng.choice(("", "", "", "0", "1", "s"))
        else:
            syllables = rng.randint(1, max(2, min(len(word) // 2, 4)))
            made = "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(syllables))
            made += rng.choice(("", "", rng.choice("nrst")))
        made = made.capitalize() if word[0].isupper() else made
        if made not in taken:
            return made
