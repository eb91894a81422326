"""Which steps may be asked about at all: those that only insert proof text where it belongs.

The gate's comparison, made for each candidate before the verifier is asked. What a step takes for granted (facts,
lemmas without bodies) is read as proved here: it becomes subgoals. Only the declaration at hand and the helpers are
looked at, the rest is the base's own text; and single lines once found permitted are not looked at again (Houdini asks
for subsets of what it asked for before).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from dafny_env.gate import Reference, find_cheats
from dafny_env.gate.names import declarations
from dafny_env.index import Located, callables
from dafny_env.steps import Candidate, DafnyGoal, DafnyStep, GoalKind, apply, helper_text
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Span
from dafny_env.syntax.parser import parse, parse_expression
from dafny_env.syntax.source import Edit, LineMap, apply_edits
from dafny_env.syntax.tokens import tokenize
from dafny_env.syntax.walk import children, walk

BASES_KEPT = 16
_BEYOND_COMPARISON = re.compile(r"\b(?:free|extern|requires|expect|include|import)\b|decreases\s*\*|\{\s+:|@")
"""Words without which nothing inserted can be a cheat that the comparison lets through."""
_PLAIN = (ast.Clause, ast.Assert, ast.Assign, ast.Reveal)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a step may not be asked about. offset: in the candidate text, None where there is none."""

    rule: str
    message: str
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A step that is no permitted edit. candidate: None when it cannot even be applied."""

    complaints: tuple[Complaint, ...]
    candidate: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A fact that a step takes for granted: the statement, and the name of the declaration it stands in."""

    statement: ast.Assume
    declaration: str


@dataclass(frozen=True, slots=True)
class Examined:
    """A permitted step. Spans of nodes are those of `text`, which starts at `start` of the candidate text.

    target: the goal's declaration as it is in the candidate; helpers: the new declarations, qualified by their scope.
    """

    candidate: Candidate
    target: Located
    helpers: tuple[Located, ...] = ()
    facts: tuple[Taken, ...] = ()
    start: int = 0

    @property
    def open_lemmas(self) -> tuple[Located, ...]:
        """The helpers that are stated and not proved."""
        return tuple(h for h in self.helpers if h.decl.is_lemma and h.decl.body is None)

    def in_candidate(self, span: Span) -> Span:
        """A node's span in the candidate text."""
        return Span(span.start + self.start, span.end + self.start)


@dataclass(frozen=True, slots=True)
class Base:
    """A declaration in a base text, analysed once for all steps there.

    text: what is compared, from offset `start` of the base: the declaration, or the whole base where what surrounds it
    matters to how it is read. plain: single lines (offset and text) known to be permitted wherever they were.
    """

    program: ast.Program
    located: Located
    start: int
    text: str
    reference: Reference
    cheats: Counter[tuple[str, str, str]]
    plain: set[tuple[int, str]] = field(default_factory=set, compare=False)


class Rules:
    """Examines the steps of one file. included: the parsed files that it includes."""

    def __init__(self, included: Sequence[ast.Program] = ()) -> None:
        self._included = tuple(included)
        self._prepare = lru_cache(maxsize=BASES_KEPT)(self._analyse)
        self._parse = lru_cache(maxsize=BASES_KEPT)(parse)

    def base(self, goal: DafnyGoal) -> Base | None:
        """The goal's base, analysed; None when it does not declare what the goal is about."""
        return self._prepare(goal.base, goal.declaration)

    def program(self, text: str) -> ast.Program:
        """The tree of a base text."""
        return self._parse(text)

    def part(self, goal: DafnyGoal, candidate: Candidate) -> tuple[ast.Program, int]:
        """The tree of the part of a candidate that may differ from its base, and where that part starts."""
        base = self.base(goal)
        if base is None:
            return self._parse(candidate.text), 0
        end = len(candidate.text) - (len(goal.base) - base.start - len(base.text))
        return self._parse(candidate.text[base.start : end]), base.start

    def _analyse(self, text: str, name: str) -> Base | None:
        program = self._parse(text)
        found = callables(program).get(name)
        if found is None:
            return None
        start, end = found.decl.span
        alone = parse(text[start:end])
        # Refinement puts texts of several declarations together, and odd texts may be read otherwise on their own.
        if "..." in text or alone.problems or alone.decls != (found.decl,):
            start, alone = 0, program
        reference = Reference(alone, (*self._included, program) if alone is not program else self._included)
        return Base(program, found, start, alone.text, reference, _cheats(alone))

    # ---------------------------------------------------------------------------------------------------- one step

    def examine(self, goal: DafnyGoal, step: DafnyStep) -> Examined | Refused:
        """Whether the verifier may be asked about a step. Never raises, whatever the step's texts say."""
        base = self.base(goal)
        if base is None:
            return Refused((Complaint("no-declaration", f"the base text does not declare {goal.declaration}"),))
        misplaced = _misplaced(goal, step, base)
        if misplaced is not None:
            return Refused((misplaced,))
        candidate = apply(goal, step, base.located.decl.span.start)
        if _known(goal, step, base, candidate):
            return Examined(candidate, base.located)
        program, _ = self.part(goal, candidate)
        examined = _read(goal, base, candidate, program)
        if isinstance(examined, Complaint):
            return Refused((examined,), candidate)
        complaints = _compared(base, step, examined, program)
        if complaints:
            return Refused(complaints, candidate)
        if goal.kind is GoalKind.DECLARATION and not examined.helpers and not examined.facts:
            base.plain.update(_plain(step, examined))
        return examined


def _cheats(program: ast.Program) -> Counter[tuple[str, str, str]]:
    return Counter((f.rule, f.owner, f.text) for f in find_cheats(program))


# ----------------------------------------------------------------------------------------------- before it is applied


def _misplaced(goal: DafnyGoal, step: DafnyStep, base: Base) -> Complaint | None:
    """Why the insertions do not stand where they may, or name what they may not."""
    if goal.kind is not GoalKind.FACT:
        start, end = base.located.decl.span
        if goal.kind is GoalKind.LEMMA and goal.hole is not None:
            start = end = goal.site.end
        for insertion in step.insertions:
            if not start <= insertion.offset <= end:
                message = "an insertion stands outside of the declaration that the goal is about"
                return Complaint("misplaced", message)
    for text in (step.helpers, *(i.text for i in step.insertions)) if goal.forbidden else ():
        for token in tokenize(text):
            if token.text in goal.forbidden:
                message = f"`{token.text}` itself waits for this goal: using it would be proving in a circle"
                return Complaint("circular", message)
    return None


# --------------------------------------------------------------------------------------------------------- known lines


def _known(goal: DafnyGoal, step: DafnyStep, base: Base, candidate: Candidate) -> bool:
    """Whether the step consists of single lines that were all permitted before, none of them run into another."""
    if goal.kind is not GoalKind.DECLARATION or helper_text(step.helpers):
        return False
    if not all((i.offset, i.text.strip()) in base.plain for i in step.insertions):
        return False
    text = candidate.text
    for start, end in candidate.ranges:
        inner = text[start:end]
        first, last = start + len(inner) - len(inner.lstrip()), end - (len(inner) - len(inner.rstrip()))
        before, behind = text[first - 1 : first], text[last : last + 1]
        if not (before.isspace() or before in "{;}") or not (behind.isspace() or behind in "{;}"):
            return False
    return True


def _plain(step: DafnyStep, examined: Examined) -> Iterator[tuple[int, str]]:
    """The insertions that are one clause or statement each, by themselves, and declare nothing."""
    shift = examined.start
    whole = {(n.span.start + shift, n.span.end + shift): n for n in walk(examined.target.decl) if isinstance(n, _PLAIN)}
    for insertion, (start, _) in zip(step.insertions, examined.candidate.ranges, strict=True):
        text = insertion.text.strip()
        first = start + len(insertion.text) - len(insertion.text.lstrip())
        node = whole.get((first, first + len(text)))
        if node is None or "//" in text or "/*" in text or getattr(node, "label", None) is not None:
            continue
        if isinstance(node, ast.Assign) and (node.targets or node.by is not None):
            continue
        if isinstance(node, ast.Assert) and node.by is not None:
            continue
        yield insertion.offset, text


# ------------------------------------------------------------------------------------------------------ how it is read


def _read(goal: DafnyGoal, base: Base, candidate: Candidate, program: ast.Program) -> Examined | Complaint:
    """The parts of a candidate, or why its text does not keep to its places."""
    start = base.start
    scope = base.located.scope
    helpers: list[Located] = []
    target: ast.Decl | None = None
    first = candidate.helper_range.end or base.located.decl.span.start
    for decl in declarations(program.decls):
        at = Span(decl.span.start + start, decl.span.end + start)
        if any(s <= at.start < e for s, e in candidate.ranges):
            return Complaint(
                "leaves-its-place", "an insertion declares something: put declarations into helpers", at.start
            )
        if candidate.helper_range.start <= at.start < candidate.helper_range.end:
            if at.end > candidate.helper_range.end or not isinstance(decl, ast.Callable):
                return Complaint("helper", "only whole lemmas and ghost functions may be helpers", at.start)
            helpers.append(Located(f"{scope}.{decl.name}" if scope else decl.name, scope, decl, base.located.owner))
        elif at.start == first:
            target = decl
    if not isinstance(target, ast.Callable):
        return Complaint("leaves-its-place", f"the text does not leave {goal.declaration} as it is", first)
    if goal.kind is GoalKind.LEMMA and target.body is None:
        return Complaint("bodyless-lemma", f"{goal.declaration} still has no body", first)
    if goal.kind is GoalKind.FACT and not _in_by_block(goal, candidate, target, start):
        at_fact = candidate.changes[-1].put.start
        return Complaint("leaves-its-place", "the proof of a fact must stay inside its `by { }`", at_fact)
    located = Located(base.located.name, scope, target, base.located.owner)
    facts = [
        Taken(statement, where.name)
        for where in (*helpers, located)
        for statement in taken_facts(where.decl)
        if candidate.hole_at(Span(statement.span.start + start, statement.span.end + start)) is not None
    ]
    return Examined(candidate, located, tuple(helpers), tuple(facts), start)


def _in_by_block(goal: DafnyGoal, candidate: Candidate, target: ast.Callable, shift: int) -> bool:
    """Whether what replaces a fact is one assertion of it, with the whole proof in its block."""
    put = candidate.changes[-1].put
    wanted = Span(put.start - shift, put.end - shift)
    found = next((n for n in walk(target) if isinstance(n, ast.Assert) and n.span == wanted), None)
    if found is None:
        return False
    by_end = found.by.span.end if found.by is not None else wanted.end
    proof = any(end > start for start, end in candidate.ranges)
    return found.expr == parse_expression(goal.fact) and by_end == wanted.end and (found.by is not None or not proof)


def taken_facts(decl: ast.Callable) -> Iterator[ast.Assume]:
    """The `assume` statements of a body, in source order. Those inside expressions and specifications, and those that
    carry attributes or labels, are not meant: nobody proves them."""
    stack: list[ast.Node] = [decl.body] if isinstance(decl.body, ast.Block) else []
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Assume):
            if not node.attributes and node.label is None:
                yield node
            continue
        stack.extend(c for c in reversed(children(node)) if not isinstance(c, ast.Expr | ast.Clause))


# --------------------------------------------------------------------------------------------------------- comparison


def _compared(base: Base, step: DafnyStep, examined: Examined, program: ast.Program) -> tuple[Complaint, ...]:
    """What the gate would say if all that the step takes for granted were proved."""
    bodies = [lemma.decl.span.end for lemma in examined.open_lemmas]
    closed = program
    if bodies or examined.facts:
        edits = [Edit(end, end, " {}") for end in bodies]
        for fact in examined.facts:
            start = fact.statement.span.start
            edits.append(Edit(start, start + len("assume"), "assert"))
        closed = parse(apply_edits(program.text, edits))
    found: list[Complaint] = []
    for objection in base.reference.compare(closed).objections:
        offset = None
        if objection.line is not None:
            at = LineMap(closed.text).offset(objection.line, objection.column or 0)
            offset = at - sum(min(3, max(0, at - end - 3 * k)) for k, end in enumerate(bodies)) + examined.start
        found.append(Complaint(objection.rule, objection.message, offset))
    inserted = "\n".join((step.helpers, *(i.text for i in step.insertions)))
    if not found and _BEYOND_COMPARISON.search(inserted):
        left = base.cheats.copy()
        for cheat in find_cheats(closed):
            key = (cheat.rule, cheat.owner, cheat.text)
            left[key] -= 1
            if left[key] < 0:
                found.append(Complaint(cheat.rule, cheat.message))
    return tuple(found)
