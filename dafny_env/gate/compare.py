"""Whether a candidate equals the original but for permitted insertions. Static: no verifier runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dafny_env.gate.align import Pieces, align, align_backwards, explain
from dafny_env.gate.broken import broken_pieces
from dafny_env.gate.flat import Flat, flatten
from dafny_env.gate.insertable import UNREADABLE, Insertable
from dafny_env.gate.lexical import directives, look_alikes
from dafny_env.gate.names import collect_names, frozen_names
from dafny_env.gate.objections import Objection, objection_at
from dafny_env.gate.pieces import find_pieces
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import LineMap
from dafny_env.syntax.walk import walk

MAX_OBJECTIONS = 20
BROKEN = "the original does not parse; compared token by token"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of comparing. notes: what the reader of a verdict should know about how it was done."""

    objections: tuple[Objection, ...] = ()
    notes: tuple[str, ...] = ()


def compare(
    original: ast.Program | str, candidate: ast.Program | str, included: Sequence[ast.Program] = ()
) -> tuple[Objection, ...]:
    """Why the candidate is more than the original with proofs inserted; empty when it is not. `included`: the parsed
    files that the original includes, whose lemmas and functions may be called. Never raises for what the texts say."""
    return Reference(original, included).compare(candidate).objections


class Reference:
    """An original made ready for many comparisons."""

    def __init__(self, original: ast.Program | str, included: Sequence[ast.Program] = ()) -> None:
        self.program = parse(original) if isinstance(original, str) else original
        self.included = tuple(included)
        self._flat = flatten(self.program)
        self._names = frozen_names(self.program, self.included)

    def compare(self, candidate: ast.Program | str) -> Comparison:
        """Why the candidate is more than the original with proofs inserted."""
        program = parse(candidate) if isinstance(candidate, str) else candidate
        lines = LineMap(program.text)
        objections = lexical_objections(self.program.text, program.text, lines)
        insertable = Insertable(collect_names(program, self._names, self.included))
        flat, frozen = flatten(program), self._flat
        pieces = find_pieces(flat, insertable)
        found = align(flat.items, frozen.items, pieces)
        if found.matched:
            return Comparison(objections)
        if is_broken(self.program) and not is_broken(program):
            return self._token_by_token(program, insertable, lines, objections)
        return Comparison((*objections, *reasons(flat, frozen, pieces, lines, found.exhausted)))

    def _token_by_token(
        self, program: ast.Program, insertable: Insertable, lines: LineMap, objections: tuple[Objection, ...]
    ) -> Comparison:
        flat, frozen = flatten(program, structure=False), flatten(self.program, structure=False)
        pieces = broken_pieces(flat, find_pieces(flat, insertable))
        found = align(flat.items, frozen.items, pieces)
        if not found.matched:
            objections = (*objections, *reasons(flat, frozen, pieces, lines, found.exhausted))
        return Comparison(objections, (BROKEN,))


def is_broken(program: ast.Program) -> bool:
    """Whether a text could not be read in full."""
    return bool(program.problems)


def lexical_objections(original: str, candidate: str, lines: LineMap) -> tuple[Objection, ...]:
    """What a text has that is no comment though it looks like one, or is no ASCII though it looks like that."""
    found: list[Objection] = []
    for offset, _ in directives(candidate):  # also the original's: white space may be moved in and out of their reach
        message = "Dafny 2.3 reads lines that start with `#` itself: remove the line"
        found.append(objection_at(lines, offset, "preprocessor", message))
    for offset, character in look_alikes(candidate, original):
        message = f"the character U+{ord(character):04X} may be read as something else: write plain ASCII"
        found.append(objection_at(lines, offset, "odd-character", message))
    return tuple(found[:MAX_OBJECTIONS])


# ------------------------------------------------------------------------------------------------------------ reasons


def reasons(flat: Flat, frozen: Flat, pieces: Pieces, lines: LineMap, exhausted: bool) -> tuple[Objection, ...]:
    """What to say about texts that do not agree."""
    if exhausted:
        message = "too many equal statements to tell which are inserted: insert fewer"
        return (Objection("too-ambiguous", message),)
    refused = explain(flat.items, frozen.items, pieces)
    if refused:
        told = [
            objection_at(lines, _place(flat, start), piece.refusal.rule, piece.refusal.message)
            for start, piece in refused[:MAX_OBJECTIONS]
            if piece.refusal is not None
        ]
        return tuple(dict.fromkeys(told))
    return (_change(flat, frozen, pieces, lines),)


def _change(flat: Flat, frozen: Flat, pieces: Pieces, lines: LineMap) -> Objection:
    """The first place where the texts part, as far as that can be told."""
    ahead, back = align(flat.items, frozen.items, pieces), align_backwards(flat.items, frozen.items, pieces)
    missing = _words(frozen, ahead.original, max(back.original, ahead.original + 1))
    instead = _words(flat, ahead.candidate, back.candidate)
    where = _place(flat, ahead.candidate)
    rule, what = _kind(frozen, ahead.original)
    if missing and not instead:
        return objection_at(lines, where, "deleted", f"`{missing}` of the original is missing in {what}: put it back")
    shown = f"`{instead or _words(flat, ahead.candidate, ahead.candidate + 6)}` stands for `{missing}`"
    return objection_at(lines, where, rule, f"{what} differs from the original ({shown}): restore it")


def _words(flat: Flat, start: int, end: int) -> str:
    """The first few tokens of an item range."""
    words = [w for w in flat.items[start:end] if not w.startswith("\0")]
    return " ".join(words[:8]) + (" ..." if len(words) > 8 else "")


def _place(flat: Flat, index: int) -> int:
    return flat.places[index] if index < len(flat.places) else len(flat.program.text)


def _kind(frozen: Flat, index: int) -> tuple[str, str]:
    """The rule broken by a change at an item of the original, and what it is a change of."""
    owner: ast.Decl | None = None
    innermost: ast.Node | None = None
    for node in walk(frozen.program):
        found = frozen.range_of(node)
        if found is None or not found[0] <= index < found[1]:
            continue
        if isinstance(node, ast.Decl):
            owner, innermost = node, node
        elif isinstance(node, ast.Stmt | ast.Clause):
            innermost = node
    name = getattr(owner, "name", "") or "the file"
    if isinstance(innermost, ast.Clause) and innermost.kind not in ("invariant", "decreases"):
        return "spec-changed", f"the `{innermost.kind}` of `{name}`"
    if isinstance(innermost, ast.Clause | ast.Assert | ast.Calc):
        return "proof-changed", f"a proof of the original in `{name}`"
    if isinstance(innermost, ast.Stmt):
        lemma = isinstance(owner, ast.Callable) and owner.is_lemma
        return ("proof-changed", f"the proof of `{name}`") if lemma else ("code-changed", f"the code of `{name}`")
    if isinstance(innermost, UNREADABLE):
        return "code-changed", "a part that could not be read"
    return "spec-changed", f"the declaration of `{name}`"
