"""Which insertions turn a declaration into another text of it: the gate's alignment, read backwards.

Speaks of one declaration at a time. What the text takes for granted (`assume`) is aligned as if it were proved, and
comes back as it was written; whether a step may take it for granted is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dafny_env.gate.align import Pieces, align, pairs
from dafny_env.gate.compare import reasons
from dafny_env.gate.flat import Flat, flatten
from dafny_env.gate.insertable import Insertable
from dafny_env.gate.names import collect_names, frozen_names
from dafny_env.gate.pieces import find_pieces
from dafny_env.index import callables
from dafny_env.permitted import taken_facts
from dafny_env.steps import Insertion
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import Edit, LineMap, apply_edits
from dafny_env.syntax.walk import walk


@dataclass(frozen=True, slots=True)
class Differs:
    """Why no insertions do it. offset: in the proposed text of the declaration. rule: as the gate's."""

    rule: str
    message: str
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Frozen:
    """A file with a declaration in it. included: the programs whose lemmas and functions may be used as well."""

    program: ast.Program
    name: str
    included: tuple[ast.Program, ...] = ()


def inserted(
    frozen: Frozen, proposed: str, helpers: ast.Program, *, at_end: bool = False
) -> tuple[Insertion, ...] | Differs:
    """The insertions, at offsets of the frozen file's text, that make its declaration the proposed one, each on lines
    of its own where the file has such lines. helpers: new declarations, which may be used. at_end: all of them behind
    the declaration as it is (a lemma that gets a body). Where both have a statement `assert P`, and only the proposed
    one has a proof (`by`) or takes it for granted (`assume P`), a second statement is put in front of it.
    """
    found = callables(frozen.program).get(frozen.name)
    if found is None:
        return Differs("no-declaration", f"the file does not declare `{frozen.name}`")
    text = frozen.program.text
    start, end = found.decl.span
    alone = parse(text[start:end])
    # Refinement puts texts of several declarations together, and odd texts may be read otherwise on their own.
    whole = "..." in text or bool(alone.problems) or alone.decls != (found.decl,)
    if whole:
        alone, moved, skipped = frozen.program, 0, start
        written = text[:start] + proposed + text[end:]
    else:
        moved, skipped = start, 0
        written = proposed
    facts = _facts(parse(written), frozen.name if whole else None)
    turned = parse(apply_edits(written, (Edit(at, at + len("assume"), "assert") for at in facts)))
    around = (*frozen.included, frozen.program)
    names = collect_names(turned, frozen_names(alone, around), (*around, helpers))
    flat, base = flatten(turned), flatten(alone)
    pieces = find_pieces(flat, Insertable(names))
    matched = pairs(flat.items, base.items, pieces)
    reader = _Reader(written, flat, base, frozenset(facts), end - moved if at_end else None)
    read = reader.insertions(matched) if matched is not None else _why(flat, base, pieces)
    if isinstance(read, Differs):
        return Differs(read.rule, read.message, max(read.offset - skipped, 0))
    return tuple(Insertion(i.offset + moved, i.text) for i in read)


def _facts(program: ast.Program, name: str | None) -> list[int]:
    """Where the statements of a declaration start that take facts for granted; without a name, of the only one."""
    index = callables(program)
    found = index.get(name) if name is not None else next(iter(index.values()), None)
    return [] if found is None else [f.span.start for f in taken_facts(found.decl)]


def _why(flat: Flat, base: Flat, pieces: Pieces) -> Differs:
    found = align(flat.items, base.items, pieces)
    lines = LineMap(flat.program.text)
    first = reasons(flat, base, pieces, lines, found.matched or found.exhausted)[0]
    offset = lines.offset(first.line, first.column or 0) if first.line is not None else 0
    return Differs(first.rule, first.message, offset)


class _Reader:
    """Turns matched positions into insertions. written: the proposed text as it is; flat: of the same text with facts
    asserted, which has the same offsets. end: where everything goes, None for where it stands."""

    def __init__(self, written: str, flat: Flat, base: Flat, facts: frozenset[int], end: int | None) -> None:
        self.original = base.program.text
        self.written = written
        self.flat = flat
        self.base = base
        self.facts = facts
        self.end = end

    def insertions(self, matched: Sequence[tuple[int, int]]) -> tuple[Insertion, ...] | Differs:
        found: list[Insertion] = []
        before = (-1, -1)
        base_of = dict(matched)
        for i, j in (*matched, (len(self.flat.items), len(self.base.items))):
            if j - before[1] > 1:
                again = self._proved_again(before[0] + 1, base_of)
                if isinstance(again, Differs):
                    return again
                found.append(again)
            elif i - before[0] > 1:
                found += [self._put(*segment, j) for segment in self._segments(before[0] + 1, i)]
            if i < len(self.flat.items) and self.flat.places[i] in self.facts and self._is_assert(i, j):
                statement = self._statement(self.flat.places[i])
                if statement is not None:
                    found.append(self._put(*statement.span, j))
            before = (i, j)
        return tuple(sorted(found, key=lambda insertion: insertion.offset))

    def _is_assert(self, i: int, j: int) -> bool:
        return self.flat.items[i] == "assert" == self.base.items[j]

    def _segments(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The statements, clauses and other pieces of a range of items, as ranges of the text."""
        depth = 0
        start: int | None = None
        end = 0
        for k in range(first, last):
            item, place = self.flat.items[k], self.flat.places[k]
            if item.startswith("\0"):
                depth += 1 if item[1] == "<" else -1
                if depth == 0 and start is not None:
                    yield start, end
                    start = None
                continue
            start, end = place if start is None else start, place + len(item)
        if start is not None:
            yield start, end

    def _put(self, start: int, end: int, j: int) -> Insertion:
        """A range of the proposed text in front of an item of the original."""
        text = self.written[start:end]
        line = self.written.rfind("\n", 0, start) + 1
        lead = self.written[line:start]
        indent = lead[: len(lead) - len(lead.lstrip())]
        if self.end is not None:
            return Insertion(self.end, f" {text}" if lead.strip() else f"\n{lead}{text}")
        at = next(
            (self.base.places[k] for k in range(j, len(self.base.items)) if not self.base.items[k].startswith("\0")),
            len(self.original),
        )
        own = self.original.rfind("\n", 0, at) + 1
        if at < len(self.original) and not self.original[own:at].strip():
            return Insertion(own, f"{indent}{text}\n")
        gap = "" if self.original[at - 1 : at].isspace() else " "
        return Insertion(at, f"{gap}{text} " if at < len(self.original) else f"{gap}{text}")

    # -------------------------------------------------------------------------------- statements that are there already

    def _proved_again(self, first: int, base_of: dict[int, int]) -> Insertion | Differs:
        """The assertion whose proof starts at an item, where the original has one without a proof."""
        place = self.flat.places[first]
        for node in walk(self.flat.program):
            if isinstance(node, ast.Assert) and node.by is not None and node.span.start < place <= node.by.span.start:
                keyword = self.flat.first_token(node)
                if keyword is not None and keyword in base_of:
                    return self._put(*node.span, base_of[keyword])
        message = "a proof (`by`) was added to a call of the original: put an `assert ... by` in front of it"
        return Differs("proof-changed", message, place)

    def _statement(self, start: int) -> ast.Assert | None:
        nodes = (n for n in walk(self.flat.program) if isinstance(n, ast.Assert))
        return next((n for n in nodes if n.span.start == start), None)
