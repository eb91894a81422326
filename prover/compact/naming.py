"""Names as numbered symbols: a proof does not depend on what things are called, and a small model need not spell.

What the file declares becomes `F0`, `F1`... where it begins with a capital letter and `v0`, `v1`... where it does not;
names that only the answer has become `N0`... and `n0`..., and get names that the file does not use when it is read."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dafny_env.syntax.tokens import KEYWORDS

KEPT = KEYWORDS | {
    *("array", "array2", "array3", "Length", "Length0", "Length1", "Keys", "Values", "Items", "IsLimit", "Floor"),
    "_",
}
"""Words of the language and its library."""
_NAME = re.compile(r"[A-Za-z_?][A-Za-z0-9_?']*\Z")
_SYMBOL = re.compile(r"([FvNn])(\d+)\Z")
_FRESH = ("k", "j", "i", "m", "x", "y", "z", "w")


def is_name(word: str) -> bool:
    """Whether a word names something that the file declares."""
    return _NAME.match(word) is not None and word not in KEPT


@dataclass(frozen=True, slots=True)
class Naming:
    """Which symbol stands for which name."""

    symbols: dict[str, str]

    def said(self, found: Iterable[str]) -> list[str]:
        """Words with symbols for names; a discriminator `C?` is two words."""
        new = dict(self.symbols)
        counts = {"N": 0, "n": 0}
        made: list[str] = []
        for word in found:
            if not is_name(word):
                made.append(word)
                continue
            stem = word[:-1] if word.endswith("?") and word[:-1] in new else word
            if stem not in new:
                kind = "N" if stem[0].isupper() else "n"
                new[stem] = f"{kind}{counts[kind]}"
                counts[kind] += 1
            made += [new[stem], "?"] if stem != word else [new[stem]]
        return made

    def meant(self, found: Sequence[str]) -> list[str] | None:
        """Words with names for symbols, new ones for those that are new; None where a symbol stands for nothing."""
        names = {symbol: name for name, symbol in self.symbols.items()}
        taken = set(self.symbols)
        made: list[str] = []
        for word in found:
            symbol = _SYMBOL.match(word)
            if word == "?" and made and is_name(made[-1]):
                made[-1] += "?"
                continue
            if symbol is None:
                if is_name(word):
                    return None
                made.append(word)
                continue
            if word not in names:
                if symbol[1] in "Fv":
                    return None
                names[word] = _fresh(symbol[1], taken)
                taken.add(names[word])
            made.append(names[word])
        return made


def naming(found: Iterable[str], rng: random.Random | None = None) -> Naming:
    """Symbols for the names among words, numbered as they come, or by chance."""
    names: dict[str, list[str]] = {"F": [], "v": []}
    for word in found:
        if is_name(word):
            stem = word[:-1] if word.endswith("?") else word
            group = names["F" if stem[:1].isupper() else "v"]
            if stem not in group:
                group.append(stem)
    symbols: dict[str, str] = {}
    for kind, group in names.items():
        numbers = range(len(group)) if rng is None else rng.sample(range(len(group)), len(group))
        symbols |= {name: f"{kind}{number}" for name, number in zip(group, numbers, strict=True)}
    return Naming(symbols)


def _fresh(kind: str, taken: set[str]) -> str:
    number = 1
    while True:
        for stem in ("Fact",) if kind == "N" else _FRESH:
            name = stem if number == 1 and kind == "n" else f"{stem}{number}"
            if name not in taken:
                return name
        number += 1
