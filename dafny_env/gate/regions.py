"""Regions that may be written, as comments mark them: `// <helpers>`, `// <proofs>` and `// <code>`, each closed by
`// </...>` on a line of its own (AlgoVeri's form). All else is frozen.

`helpers` holds declarations that the program needs (functions, methods, datatypes, lemmas), `proofs` lemmas and ghost
functions, `code` the body of the declaration whose head stands in front of it, with its braces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from dafny_env.syntax.tokens import tokenize

Kind = Literal["helpers", "proofs", "code"]
_TAG = re.compile(r"^[ \t]*//[ \t]*<(/?)(preamble|helpers|proofs|spec|code)>[ \t]*\r?$", re.MULTILINE)
_KINDS: dict[str, Kind] = {"helpers": "helpers", "proofs": "proofs", "code": "code"}


@dataclass(frozen=True, slots=True)
class Region:
    """One place that may be written: half-open range of character offsets between the lines of its tags."""

    kind: Kind
    start: int
    end: int

    def holds(self, start: int, end: int) -> bool:
        """Whether a range lies inside."""
        return self.start <= start and end <= self.end

    def meets(self, start: int, end: int) -> bool:
        """Whether a range has something in common with it; an empty region is met by what lies around it."""
        return (start < self.end and self.start < end) or (self.start == self.end and start < self.start < end)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its regions, in order. tags: all tags of the text, those around frozen text too."""

    text: str
    regions: tuple[Region, ...]
    tags: tuple[str, ...]

    @property
    def frozen(self) -> tuple[str, ...]:
        """The texts before, between and behind the regions: one more than these."""
        edges = [0, *(edge for r in self.regions for edge in (r.start, r.end)), len(self.text)]
        return tuple(self.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))

    @property
    def skeleton(self) -> str:
        """The frozen text alone, a program with empty bodies."""
        pieces = [self.frozen[0]]
        for region, frozen in zip(self.regions, self.frozen[1:], strict=True):
            pieces += ("{ }\n" if region.kind == "code" else "\n", frozen)
        return "".join(pieces)


def read_regions(text: str) -> Marked | str:
    """The regions of a text, or why it has none that can be relied on, in one sentence."""
    regions: list[Region] = []
    tags: list[str] = []
    opened: tuple[str, int] | None = None
    for tag in _TAG.finditer(text):
        closing, name = tag.groups()
        tags.append(f"{closing}{name}")
        if closing:
            if opened is None or opened[0] != name:
                return f"`// </{name}>` closes nothing"
            if name in _KINDS:
                regions.append(Region(_KINDS[name], opened[1], tag.start()))
            opened = None
        elif opened is not None:
            return f"`// <{name}>` stands inside of `// <{opened[0]}>`"
        else:
            opened = (name, min(tag.end() + 1, len(text)))
    if opened is not None:
        return f"`// <{opened[0]}>` is not closed"
    if not regions:
        return "no region is marked"
    marked = Marked(text, tuple(regions), tuple(tags))
    pieces = [*marked.frozen, *(text[r.start : r.end] for r in regions)]
    order = [
        p for pair in zip(pieces[: len(regions) + 1], [*pieces[len(regions) + 1 :], ""], strict=True) for p in pair
    ]
    if words(text) != [w for piece in order for w in words(piece)]:
        return "a tag stands within a comment or a string that begins in front of it"
    return marked


def words(text: str) -> list[str]:
    """The tokens of a text."""
    return [t.text for t in tokenize(text)]


def is_stub(text: str) -> bool:
    """Whether the text of a code region says nothing yet: an empty body, or one that takes `false` for granted."""
    found = words(text)
    if found[:1] == ["{"] and found[-1:] == ["}"]:
        found = found[1:-1]
    rest = " ".join(found)
    return rest in ("", "assume false ;", "assume {: axiom } false ;", "assume { : axiom } false ;")
