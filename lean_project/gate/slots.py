"""Slots that may be written, as comments mark them: `-- !benchmark @start code` up to `-- !benchmark @end code`
(the form of AlgoVeri and Verina). All else is frozen, the slots of specifications too.

Whether what stands in a slot cheats is told by `judge_candidate` with `implement`; here only that all of it stands in
slots."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lean_project.gate.results import Objection
from lean_project.syntax.commands import commands_of
from lean_project.syntax.source import LineMap
from lean_project.syntax.tokens import code, tokenize

AUXILIARY = ("auxcode", "code_aux", "lemma", "proof_aux")
"""Slots for declarations."""
EDITABLE = frozenset([*AUXILIARY, "code", "proof"])
_TAG = re.compile(r"^[ \t]*--[ \t]*!benchmark[ \t]+@(start|end)[ \t]+(\w+)[^\r\n]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Slot:
    """One place that may be written: half-open range of character offsets between the lines of its tags."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Slotted:
    """A text with its slots, in order. tags: all of the text, those of frozen slots too."""

    text: str
    slots: tuple[Slot, ...]
    tags: tuple[tuple[str, str], ...]

    @property
    def frozen(self) -> tuple[str, ...]:
        """The texts before, between and behind the slots: one more than these."""
        edges = [0, *(edge for s in self.slots for edge in (s.start, s.end)), len(self.text)]
        return tuple(self.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))


def read_slots(text: str) -> Slotted | str:
    """The slots of a text, or why it has none that can be relied on, in one sentence."""
    slots: list[Slot] = []
    tags: list[tuple[str, str]] = []
    opened: tuple[str, int] | None = None
    for tag in _TAG.finditer(text):
        which, name = tag.groups()
        tags.append((which, name))
        if name not in EDITABLE:
            continue  # of frozen ones some texts have too many or too few
        if which == "start":
            if opened is not None:
                return f"the slot {name} begins inside of the slot {opened[0]}"
            opened = (name, min(tag.end() + 1, len(text)))
        else:
            if opened is None or opened[0] != name:
                return f"the slot {name} ends where it did not begin"
            slots.append(Slot(name, opened[1], tag.start()))
            opened = None
    if opened is not None:
        return f"the slot {opened[0]} does not end"
    if not slots:
        return "no slot is marked"
    slotted = Slotted(text, tuple(slots), tuple(tags))
    order = [slotted.frozen[0]]
    for slot, frozen in zip(slots, slotted.frozen[1:], strict=True):
        order += (text[slot.start : slot.end], frozen)
    if words(text) != [w for piece in order for w in words(piece)]:
        return "a tag stands within a comment or a string that begins in front of it"
    return slotted


def words(text: str) -> list[str]:
    """The tokens of a text, without comments."""
    return [t.text for t in code(tokenize(text))]


def is_stub(text: str) -> bool:
    """Whether the text of a code slot says nothing yet."""
    return words(text) in ([], ["sorry"])


def granted(slotted: Slotted) -> frozenset[str]:
    """Full names of declarations whose frozen text leaves proofs open, and that have no slot inside: nobody is asked to
    prove them, and a verdict tells of them."""
    tokens = tokenize(slotted.text)
    open_ = [t.start for t in code(tokens) if t.text in ("sorry", "admit")]
    return frozenset(
        c.full_name
        for c in commands_of(slotted.text, tokens)
        if c.full_name
        and any(c.start <= at < c.end for at in open_)
        and not any(s.start < c.end and c.start < s.end for s in slotted.slots if s.kind not in AUXILIARY)
    )


def judge_slots(original: Slotted, candidate: str) -> tuple[Objection, ...]:
    """Why a candidate is more than the original with its slots filled in."""
    slotted = read_slots(candidate)
    if isinstance(slotted, str):
        return (Objection("regions-changed", f"the tags of the slots must stay as they are: {slotted}"),)
    if slotted.tags != original.tags:
        message = "there are other tags of slots than in the original: write none into a slot"
        return (Objection("regions-changed", message),)
    lines = LineMap(candidate)
    edges = [0, *(s.end for s in slotted.slots)]
    for start, before, after in zip(edges, original.frozen, slotted.frozen, strict=True):
        if words(before) != words(after):
            given = code(tokenize(after))
            wanted = words(before)
            k = next((k for k, (a, b) in enumerate(zip(wanted, given, strict=False)) if a != b.text), None)
            k = min(len(wanted), len(given)) if k is None else k
            at = start + (given[k].start if k < len(given) else len(after))
            expected = " ".join(wanted[k : k + 6]) or "nothing"
            message = f"the text outside of the slots must stay: here the original has `{expected}`"
            return (Objection("frozen-changed", message, *lines.position(at)),)
    return tuple(_misplaced(slotted, lines))


def _misplaced(slotted: Slotted, lines: LineMap) -> list[Objection]:
    """Commands that begin in a slot that is not for them."""
    found = []
    for command in commands_of(slotted.text, tokenize(slotted.text)):
        for slot in slotted.slots:
            if slot.start <= command.keyword_at < slot.end and slot.kind not in AUXILIARY:
                message = f"a declaration stands in the slot {slot.kind}: write it into a slot for declarations"
                found.append(Objection("declaration-not-allowed", message, *lines.position(command.keyword_at)))
    return found
