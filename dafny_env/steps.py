"""Goals and steps of Dafny files: what is left to prove, where proof text may be put, and how steps compose into one file.

A step never replaces text: it *inserts* proof text at offsets of its goal's base text, and adds helper declarations. The only
replacement there is turns a taken fact `assume P;` into `assert P by { ... }`, when that fact has been proved. So a solved
tree renders into one file by recursion on inserted texts alone (`render`), and no offset is ever recomputed.
"""

from __future__ import annotations

from collections.abc import Callable as Fn
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dafny_env.syntax.ast import Span


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
    """Where a step left a subgoal: in `insertion` (an index), or in the helpers (insertion -1), at `span` of that text."""

    insertion: int
    span: Span


@dataclass(frozen=True, slots=True)
class DafnyGoal:
    """A goal of a Dafny file.

    base: the file text that the step's offsets refer to (everything else taken as it stands). declaration: the Dafny name
    that the verifier is asked about. site: the declaration's span in base, or the `assume` statement's for a fact, the
    lemma's for a lemma. hole: where the parent step left it; None for roots. fact: text of P, for a fact.
    """

    kind: GoalKind
    declaration: str
    base: str
    site: Span
    hole: Hole | None = None
    fact: str = ""


@dataclass(frozen=True, slots=True)
class DafnyStep:
    """What a policy proposes for a goal.

    insertions: for a declaration goal anywhere that proof text may stand inside it; for a lemma goal the body with its
    braces, all at the end of the lemma; for a fact the text inside `by { }`, offsets ignored.
    helpers: new ghost declarations, put in front of the declaration, in its scope. thorough: ask the verifier for every
    failing obligation rather than the first few (Houdini rounds).
    """

    insertions: tuple[Insertion, ...] = ()
    helpers: str = ""
    thorough: bool = False
    solver_seconds: int = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A step applied: the file text, and where its parts lie in it. ranges[k] is insertion k's range, helper_range the
    helpers'."""

    text: str
    ranges: tuple[Span, ...]
    helper_range: Span

    def insertion_at(self, offset: int) -> int | None:
        """The index of the insertion that covers an offset of the candidate text, if any."""
        return next((k for k, (start, end) in enumerate(self.ranges) if start <= offset < end), None)


FACT_PREFIX = "assert "


def _proved_fact(fact: str, proof: str) -> tuple[str, int]:
    """The statement that replaces `assume P;`, and where the proof text starts in it (0 with an empty proof)."""
    if not proof.strip():
        return f"{FACT_PREFIX}{fact};", 0
    head = f"{FACT_PREFIX}{fact} by {{ "
    return f"{head}{proof} }}", len(head)


def apply(goal: DafnyGoal, step: DafnyStep, helper_offset: int) -> Candidate:
    """The candidate text of a step. `helper_offset` is where helpers go in the base (the start of the declaration)."""
    edits: list[tuple[int, int, str, int, int]] = []  # offset, end, text, index (-1 helpers), inner offset
    if step.helpers:
        edits.append((helper_offset, helper_offset, step.helpers.rstrip() + "\n\n", -1, 0))
    if goal.kind is GoalKind.FACT:
        proof = "".join(i.text for i in step.insertions)
        text, inner = _proved_fact(goal.fact, proof)
        edits.append((goal.site.start, goal.site.end, text, 0, inner))
    else:
        edits.extend((i.offset, i.offset, i.text, k, 0) for k, i in enumerate(step.insertions))
    edits.sort(key=lambda e: e[0])
    pieces: list[str] = []
    ranges: dict[int, Span] = {}
    length = done = 0
    for start, end, text, index, inner in edits:
        pieces.append(goal.base[done:start])
        length += start - done
        if goal.kind is GoalKind.FACT and index == 0:
            at = length + inner
            for k, insertion in enumerate(step.insertions):
                ranges[k] = Span(at, at + len(insertion.text) if inner else at)
                at += len(insertion.text)
        else:
            ranges[index] = Span(length + inner, length + len(text))
        pieces.append(text)
        length += len(text)
        done = end
    pieces.append(goal.base[done:])
    return Candidate(
        "".join(pieces),
        tuple(ranges.get(k, Span(0, 0)) for k in range(len(step.insertions))),
        ranges.get(-1, Span(0, 0)),
    )


@dataclass(frozen=True, slots=True)
class Rendered:
    """A step with all of its subgoals' proofs put in: insertions relative to the goal's base, and all helper text."""

    insertions: tuple[Insertion, ...]
    helpers: str


Solved = Fn[[DafnyGoal], tuple[DafnyStep, Sequence[DafnyGoal]]]
"""Looks up the recorded solving step of a goal and the goals that it left open."""


def render(goal: DafnyGoal, solved: Solved) -> Rendered:
    """Put the proofs of all subgoals into a goal's recorded step, recursively.

    Terminates because the search records only steps whose subgoals were solved strictly earlier.
    """
    step, subgoals = solved(goal)
    texts = [i.text for i in step.insertions]
    helpers = step.helpers
    extra: list[str] = []
    located = [(s.hole, s) for s in subgoals if s.hole is not None]
    for hole, sub in sorted(located, key=lambda pair: pair[0].span, reverse=True):
        inner = render(sub, solved)
        extra.append(inner.helpers)
        body = "".join(i.text for i in inner.insertions)
        text = helpers if hole.insertion < 0 else texts[hole.insertion]
        if sub.kind is GoalKind.FACT:
            filled = text[: hole.span.start] + _proved_fact(sub.fact, body)[0] + text[hole.span.end :]
        else:
            filled = text[: hole.span.end] + body + text[hole.span.end :]
        if hole.insertion < 0:
            helpers = filled
        else:
            texts[hole.insertion] = filled
    insertions = tuple(Insertion(i.offset, t) for i, t in zip(step.insertions, texts, strict=True))
    all_helpers = "\n\n".join(t.strip("\n") for t in (*reversed(extra), helpers) if t.strip())
    return Rendered(insertions, all_helpers)


def assemble(pristine: str, roots: Sequence[tuple[DafnyGoal, Rendered, int]]) -> str:
    """One file with every root goal's rendered step in it. The int of each root is where its helpers go in `pristine`."""
    edits: list[tuple[int, int, str]] = []
    for goal, rendered, helper_offset in roots:
        if rendered.helpers:
            edits.append((helper_offset, helper_offset, rendered.helpers.rstrip() + "\n\n"))
        if goal.kind is GoalKind.FACT:
            body = "".join(i.text for i in rendered.insertions)
            edits.append((goal.site.start, goal.site.end, _proved_fact(goal.fact, body)[0]))
        else:
            edits.extend((i.offset, i.offset, i.text) for i in rendered.insertions)
    pieces: list[str] = []
    done = 0
    for start, end, text in sorted(edits, key=lambda e: e[0]):
        pieces += [pristine[done:start], text]
        done = end
    pieces.append(pristine[done:])
    return "".join(pieces)
