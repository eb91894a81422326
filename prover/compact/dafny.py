"""Dafny goals and steps in the compact format, with symbols for names (`naming`).

Prompt: `dafny` and the kind of goal, the declarations that the goal's own mentions (nearest first), the declaration
with marks `<0>`, `<1>`... where proof text may stand, `=>`. Answer: marks, each with the words that belong there; `<+>`
in front of new declarations. A place is a gap between two tokens, so blanks and comments make no difference."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dafny_env.index import callables, mentioned
from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind, Insertion
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.tokens import tokenize
from dafny_env.syntax.walk import walk
from prover.compact.marks import ARROW, HELPERS, MARK, MOST_CONTEXT
from prover.compact.naming import Naming, naming
from prover.compact.words import lines, words


@dataclass(frozen=True, slots=True)
class Marked:
    """A goal as it is shown. gaps: for each mark the number of tokens of the base text in front of it. ends: where each
    token of the base ends."""

    goal: DafnyGoal
    prompt: str
    naming: Naming
    gaps: tuple[int, ...]
    ends: tuple[int, ...]


def marked(goal: DafnyGoal, rng: random.Random | None = None) -> Marked | None:
    """The goal in the compact format; None where its declaration is not found. rng: numbers the names by chance."""
    program = parse(goal.base)
    found = callables(program).get(goal.declaration)
    if found is None:
        return None
    tokens = tokenize(goal.base)
    starts, ends = [t.start for t in tokens], [t.end for t in tokens]
    offsets = sorted(set(_places(goal, found.decl)))
    gaps = tuple(dict.fromkeys(bisect_right(ends, offset) for offset in offsets))
    first, last = bisect_right(ends, found.decl.span.start), bisect_right(ends, found.decl.span.end)
    shown: list[str] = []
    for k in range(first, last + 1):
        if k in gaps:
            shown.append(f"<{gaps.index(k)}>")
        if k < last:
            shown.append(tokens[k].text)
    assert starts[first] >= found.decl.span.start
    all_words = [*_context(program, found.decl), *shown]
    names = naming(all_words, rng)
    head = ["dafny", goal.kind.value, *names.said(all_words), ARROW]
    return Marked(goal, " ".join(head), names, gaps, tuple(ends))


def answer(shown: Marked, step: DafnyStep) -> str | None:
    """A step in the compact format; None where it puts text where no mark is."""
    parts: list[str] = [HELPERS, *words(step.helpers)] if step.helpers.strip() else []
    by_gap: dict[int, list[str]] = {}
    for insertion in sorted(step.insertions, key=lambda i: i.offset):
        gap = shown.gaps[0] if shown.goal.kind is GoalKind.FACT else bisect_right(shown.ends, insertion.offset)
        if gap not in shown.gaps:
            return None
        by_gap.setdefault(gap, []).extend(words(insertion.text))
    for gap, put in sorted(by_gap.items()):
        parts += [f"<{shown.gaps.index(gap)}>", *put]
    return " ".join(shown.naming.said(parts)) or "<0>"


def read(shown: Marked, text: str) -> DafnyStep | None:
    """The step that an answer means; None where it is none: whether it is permitted is the environment's to say."""
    meant = shown.naming.meant(text.split())
    pieces = MARK.split(" ".join(meant or ()))
    if pieces[0].strip() or len(pieces) < 3:
        return None
    helpers: list[str] = []
    put: list[Insertion] = []
    seen: set[str] = set()
    for mark, content in zip(pieces[1::2], pieces[2::2], strict=True):
        if mark in seen or (mark != "+" and int(mark) >= len(shown.gaps)):
            return None
        seen.add(mark)
        made = lines(content.split())
        if mark == "+":
            helpers += made
        elif made:
            put.append(_insertion(shown, shown.gaps[int(mark)], made))
    put.sort(key=lambda i: i.offset)
    return DafnyStep(tuple(put), "\n\n".join(helpers))


def _insertion(shown: Marked, gap: int, made: Sequence[str]) -> Insertion:
    """Lines of their own at a gap, indented as what stands around."""
    text, goal = shown.goal.base, shown.goal
    if goal.kind is GoalKind.FACT:
        return Insertion(0, " ".join(made))
    at = shown.ends[gap - 1] if gap else 0
    rest = text[at:]
    before = text[text.rfind("\n", 0, at) + 1 : at]
    indent = before[: len(before) - len(before.lstrip())]
    follows = rest.lstrip()[:1]
    if goal.kind is GoalKind.LEMMA:
        return Insertion(at, "".join(f"\n{indent}{line}" for line in made))
    deeper = made[0].split(" ", 1)[0] in ("invariant", "decreases") or text[at - 1 : at] == "{"
    inner = indent + "  " * deeper
    put = "".join(f"\n{inner}{line}" for line in made)
    same_line = rest.split("\n", 1)[0].strip()
    blanks = len(rest) - len(rest.lstrip(" "))
    return Insertion(at, put + (f"\n{indent[blanks:]}" if same_line and follows else ""))


def _places(goal: DafnyGoal, decl: ast.Callable) -> Iterator[int]:
    """Offsets where proof text may stand."""
    if goal.kind is GoalKind.FACT:
        yield goal.site.start
        return
    if decl.body is None:
        yield decl.span.end
        return
    yield decl.body_span.start if decl.body_span is not None else decl.body.span.start
    if not isinstance(decl.body, ast.Block):
        return
    for node in walk(decl.body):
        if isinstance(node, ast.While | ast.For) and node.body is not None:
            yield node.body.span.start
        if isinstance(node, ast.Block):
            yield from (s.span.start for s in node.body)
            yield node.span.end - 1
        if isinstance(node, ast.MatchStmt | ast.Alternatives):
            for _, statements in node.cases:
                yield from (s.span.start for s in statements)


def _context(program: ast.Program, decl: ast.Callable) -> list[str]:
    """The declarations that one mentions, and those that these mention, as far as there is room."""
    named: dict[str, ast.Decl] = {}
    for other in program.decls:
        if name := getattr(other, "name", ""):
            named.setdefault(name, other)
        for constructor in getattr(other, "constructors", ()):
            named.setdefault(constructor.name, other)
    chosen: list[str] = []
    seen: list[ast.Decl] = [decl]
    todo = [decl]
    room = MOST_CONTEXT
    while todo:
        uses = sorted(n for n in mentioned(todo.pop(0)) if n in named)
        for name in uses:
            other = named[name]
            if any(other is s for s in seen):
                continue
            seen.append(other)
            found = words(program.text[slice(*other.span)])
            if len(found) > room:
                continue
            room -= len(found)
            chosen = [*found, *chosen]
            if isinstance(other, ast.Callable):
                todo.append(other)
    functions = frozenset(s.name for s in seen if isinstance(s, ast.Callable)) - {decl.name}
    for other in program.decls:
        # What is known of these functions: lemmas without their proofs.
        if not isinstance(other, ast.Callable) or not other.is_lemma or any(other is s for s in seen):
            continue
        end = other.body_span.start if other.body_span is not None else other.span.end
        found = words(program.text[other.span.start : end])
        if len(found) <= room and functions & mentioned(other):
            room -= len(found)
            chosen += found
    return chosen
