"""Goals and steps of Dafny files: what is left to prove, and where a step's text comes to stand in the file.

A step never replaces text: it *inserts* proof text at offsets of its goal's base text, and adds helper declarations.
The only replacement there is turns a taken fact `assume P;` into `assert P by { ... }`, when that fact is being proved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from dafny_env.library import Library
from dafny_env.syntax.ast import Span

NOWHERE = Span(0, 0)
HELPERS = -1
"""The index that stands for a step's helpers, where insertions are counted."""


class GoalKind(StrEnum):
    """What kind of thing is left to prove."""

    DECLARATION = "declaration"
    LEMMA = "lemma"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Insertion:
    """Proof text to put at a character offset of the goal's base text. Insertions at one offset keep their order."""

    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Hole:
    """Where a step left a subgoal: in `insertion` (an index), or in the helpers (insertion -1), at `span` of that
    text."""

    insertion: int
    span: Span


@dataclass(frozen=True, slots=True)
class DafnyGoal:
    """A goal of a Dafny file.

    base: the file text that the step's offsets refer to (everything else taken as it stands). declaration: the Dafny
    name that the verifier is asked about. site: the declaration's span in base, or the `assume` statement's for a fact,
    the lemma's for a lemma. hole: where the parent step left it; None for roots. fact: text of P, for a fact. origin:
    the frozen text with the helpers that are visible here and nothing else, on which new lemmas are proved; empty where
    that is `base`. forbidden: lemmas that wait for this goal, or depend on one that does: using them would be proving
    in a circle. library: what the file includes; the same for all goals of a file, and covered by their keys.
    """

    kind: GoalKind
    declaration: str
    base: str
    site: Span
    hole: Hole | None = None
    fact: str = ""
    origin: str = ""
    forbidden: frozenset[str] = frozenset()
    library: Library = field(default_factory=Library, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DafnyStep:
    """What a policy proposes for a goal.

    insertions: for a declaration goal anywhere that proof text may stand inside it; for a lemma goal the body with its
    braces, all at the end of the lemma; for a fact the text inside `by { }`, offsets ignored.
    helpers: new ghost declarations, put in front of the declaration, in its scope. thorough: ask the verifier for every
    failing obligation rather than the first few (Houdini rounds). solver_seconds: bound per procedure.
    """

    insertions: tuple[Insertion, ...] = ()
    helpers: str = ""
    thorough: bool = False
    solver_seconds: int = 10


class Change(NamedTuple):
    """One place where a candidate differs from its base: `replaced` of the base, `put` in the candidate."""

    replaced: Span
    put: Span


@dataclass(frozen=True, slots=True)
class Candidate:
    """A step applied: the file text, and where its parts lie in it. ranges[k] is insertion k's range, helper_range the
    helpers'; changes holds all that differs from the base, in order."""

    text: str
    ranges: tuple[Span, ...]
    helper_range: Span
    changes: tuple[Change, ...] = ()

    def insertion_at(self, offset: int) -> int | None:
        """The index of the insertion that covers an offset of the candidate text, if any."""
        return next((k for k, (start, end) in enumerate(self.ranges) if start <= offset < end), None)

    def base_offset(self, offset: int) -> int | None:
        """The offset in the base text of a candidate's offset; None inside insertions and helpers. What stands for a
        replaced statement is told as that statement's start."""
        if self.insertion_at(offset) is not None:
            return None
        moved = 0
        for replaced, put in self.changes:
            if offset < put.start:
                break
            if offset < put.end:
                return replaced.start if replaced.end > replaced.start else None
            moved = put.end - replaced.end
        return offset - moved

    def hole_at(self, span: Span) -> Hole | None:
        """The hole for something at a span of the candidate text; None where it is not inside one part of the step."""
        for k, (start, end) in ((HELPERS, self.helper_range), *enumerate(self.ranges)):
            if start <= span.start and span.end <= end and end > start:
                return Hole(k, Span(span.start - start, span.end - start))
        return None


def proved_fact(fact: str, proof: str) -> tuple[str, int]:
    """The statement that replaces `assume P;`, and where the proof text starts in it (0 with an empty proof)."""
    if not proof.strip():
        return f"assert {fact};", 0
    head = f"assert {fact} by {{ "
    last_line = proof.rpartition("\n")[2]
    tail = "\n}" if "//" in last_line else " }"  # a comment may not swallow the brace
    return f"{head}{proof}{tail}", len(head)


def helper_text(helpers: str) -> str:
    """Helper declarations as they are put in front of a declaration."""
    return helpers.rstrip() + "\n\n" if helpers.strip() else ""


def apply(goal: DafnyGoal, step: DafnyStep, helper_offset: int) -> Candidate:
    """The candidate text of a step. `helper_offset` is where helpers go in the base (the start of the declaration).

    Raises ValueError for an insertion outside of the base text.
    """
    base = goal.base
    edits: list[tuple[Span, str, int]] = []  # what is replaced, by what, index (`HELPERS`, or the first insertion's)
    if helpers := helper_text(step.helpers):
        edits.append((Span(helper_offset, helper_offset), helpers, HELPERS))
    inner = 0
    if goal.kind is GoalKind.FACT:
        text, inner = proved_fact(goal.fact, "".join(i.text for i in step.insertions))
        edits.append((goal.site, text, 0))
    else:
        if any(not 0 <= i.offset <= len(base) for i in step.insertions):
            raise ValueError("an insertion lies outside of the text")
        edits.extend((Span(i.offset, i.offset), i.text, k) for k, i in enumerate(step.insertions))
    edits.sort(key=lambda e: e[0].start)
    pieces: list[str] = []
    changes: list[Change] = []
    ranges = [NOWHERE] * len(step.insertions)
    helper_range = NOWHERE
    length = done = 0
    for replaced, text, index in edits:
        pieces += (base[done : replaced.start], text)
        length += replaced.start - done
        put = Span(length, length + len(text))
        length, done = put.end, replaced.end
        changes.append(Change(replaced, put))
        if index == HELPERS:
            helper_range = put
        elif goal.kind is GoalKind.FACT:
            ranges = _inside_fact(step, put.start + inner, empty=not inner)
        else:
            ranges[index] = put
    pieces.append(base[done:])
    return Candidate("".join(pieces), tuple(ranges), helper_range, tuple(changes))


def _inside_fact(step: DafnyStep, at: int, *, empty: bool) -> list[Span]:
    """The ranges of a fact's insertions, which follow each other inside `by { }`."""
    ranges = []
    for insertion in step.insertions:
        end = at if empty else at + len(insertion.text)
        ranges.append(Span(at, end))
        at = end
    return ranges
