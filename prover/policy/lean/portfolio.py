"""The tactics that may close a goal: read from `tactics.toml`, filled in for a goal."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from lean_project.driver.types import LeanVerifier, Outcome

_FILE = Path(__file__).with_name("tactics.toml")
_PLACEHOLDERS = ("defs", "recs", "def", "lemmas", "hyp")


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Lines of tactics in their order. shaped: those for targets with one of some signs. needs: by the tactic, a text
    that shows whether it is there."""

    probe: tuple[str, ...]
    close: tuple[str, ...]
    shaped: tuple[tuple[frozenset[str], tuple[str, ...]], ...]
    needs: Mapping[str, str]

    def without(self, missing: Set[str]) -> Portfolio:
        """The lines that can work where some tactics are missing."""

        def kept(lines: Sequence[str]) -> tuple[str, ...]:
            return tuple(x for x in lines if not any(_speaks_of(x, m) for m in missing))

        shaped = tuple((signs, kept(lines)) for signs, lines in self.shaped)
        return Portfolio(kept(self.probe), kept(self.close), shaped, self.needs)

    def closing(self, words: Collection[str]) -> Iterator[str]:
        """What may close a goal whose target has these words and signs, the most fitting first."""
        for signs, lines in self.shaped:
            if not signs.isdisjoint(words):
                yield from lines
        yield from self.close


@cache
def portfolio() -> Portfolio:
    """What `tactics.toml` says. Raises for a damaged file."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    shaped = tuple((frozenset(s["signs"]), tuple(s["tactics"])) for s in data["shaped"])
    return Portfolio(tuple(data["probe"]), tuple(data["close"]), shaped, data["probes"])


async def missing_tactics(verifier: LeanVerifier, header: str = "", *, seconds: float = 20.0) -> frozenset[str]:
    """The tactics of the portfolio that do not work here, behind the imports of a file. seconds: for each."""
    missing = set()
    for name, text in portfolio().needs.items():
        result = await verifier.check(f"{header}\n{text}\n", seconds=seconds)
        if result.outcome is not Outcome.OK:
            missing.add(name)
    return frozenset(missing)


def filled(lines: Iterable[str], fillings: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Every line with every filling of its placeholders."""
    seen: set[str] = set()
    for line in lines:
        names = [p for p in _PLACEHOLDERS if "{" + p + "}" in line]
        for values in product(*(fillings.get(n, ()) for n in names)):
            text = line
            for name, value in zip(names, values, strict=True):
                text = text.replace("{" + name + "}", value)
            if text not in seen:
                seen.add(text)
                yield text


def _speaks_of(line: str, tactic: str) -> bool:
    words = line.replace("(", " ").replace(")", " ").replace("<;>", " ").split()
    return tactic in words
