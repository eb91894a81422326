"""A vericoding task: a specification that stays, and regions in which code, helpers and proofs are to be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dafny_env.gate import regions as dafny_regions
from lean_project.gate import slots as lean_slots
from prover.answers.regions import Range, Regions
from prover.languages import Language


@dataclass(frozen=True, slots=True)
class NamedRegion:
    """A place that may be written. name: unique in its task, the kind, and a number from 2 on where there are several
    of it. kind: as the tags say (`helpers`, `proofs`, `code`; Lean: `auxcode`, `code`, `lemma`, `proof`, or `code_aux`
    and `proof_aux`)."""

    name: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class VericodingTask:
    """A file whose marked regions are to be written.

    text: the file, its regions empty or with stubs. informal: the problem in words; empty where nobody gave them.
    imports: modules that Lean's text imports. baseline: what the frozen text takes for granted, for people. defects:
    known ones of the task, each in a few words.
    """

    id: str
    language: Language
    text: str
    regions: tuple[NamedRegion, ...]
    informal: str = field(default="", repr=False)
    imports: tuple[str, ...] = ()
    baseline: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()

    @property
    def editable(self) -> Regions:
        """The regions as answers are read into them."""
        return Regions(self.text, tuple(Range(r.start, r.end) for r in self.regions), self.language)

    @property
    def frozen(self) -> tuple[str, ...]:
        """The texts before, between and behind the regions."""
        return self.editable.frozen

    @property
    def stubs(self) -> tuple[NamedRegion, ...]:
        """The code regions in which nothing is implemented yet."""
        return tuple(r for r in self.regions if r.kind == "code" and self._is_stub(self.text[r.start : r.end]))

    def rendered(self, fillings: Mapping[str, str]) -> str:
        """The file with texts in some of its regions, by name; the others stay as they are. Raises KeyError for the
        name of none."""
        unknown = fillings.keys() - {r.name for r in self.regions}
        if unknown:
            raise KeyError(f"no region {min(unknown)}")
        return self.editable.filled([fillings.get(r.name, self.text[r.start : r.end]) for r in self.regions])

    def is_implemented(self, text: str) -> bool:
        """Whether every code region of a text of this task says something."""
        found = regions_of(text, self.language)
        if isinstance(found, str):
            return False
        return not any(r.kind == "code" and self._is_stub(text[r.start : r.end]) for r in found)

    def _is_stub(self, text: str) -> bool:
        return dafny_regions.is_stub(text) if self.language == "dafny" else lean_slots.is_stub(text)


def regions_of(text: str, language: Language) -> tuple[NamedRegion, ...] | str:
    """The regions that a text marks, or why there are none, in one sentence."""
    found: Sequence[dafny_regions.Region | lean_slots.Slot]
    if language == "dafny":
        marked = dafny_regions.read_regions(text)
        if isinstance(marked, str):
            return marked
        found = marked.regions
    else:
        slotted = lean_slots.read_slots(text)
        if isinstance(slotted, str):
            return slotted
        found = slotted.slots
    counts: dict[str, int] = {}
    named: list[NamedRegion] = []
    for region in found:
        counts[region.kind] = counts.get(region.kind, 0) + 1
        nth = counts[region.kind]
        name = region.kind if nth == 1 else f"{region.kind}{nth}"
        named.append(NamedRegion(name, region.kind, region.start, region.end))
    return tuple(named)
