"""What a proof search has inserted into frozen text, moved into the regions that are there for it.

The search puts helper lemmas in front of the declaration that uses them, and a measure behind its head. Neither may
stand there in a vericoding task. What cannot be moved stays; the gate looks at the result either way."""

from __future__ import annotations

from collections.abc import Iterator

from dafny_env.gate.names import declarations
from dafny_env.gate.regions import Marked, read_regions
from dafny_env.gate.regions import words as dafny_words
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import Edit, apply_edits
from lean_project.gate.slots import AUXILIARY, read_slots
from lean_project.gate.slots import words as lean_words
from lean_project.syntax.commands import commands
from prover.answers.regions import Range, Regions
from prover.languages import Language
from prover.vericoding.task import regions_of


def gathered(text: str, before: str, language: Language) -> str:
    """A file with what is new in its frozen text moved into regions. before: the file that the search began with; where
    nothing but blanks is left over, its frozen text comes back byte for byte."""
    moved = _dafny(text, before) if language == "dafny" else _lean(text, before)
    own, old = regions_of(moved, language), regions_of(before, language)
    if isinstance(own, str) or isinstance(old, str) or len(own) != len(old):
        return moved
    frozen = Regions(before, tuple(Range(r.start, r.end) for r in old), language)
    words = dafny_words if language == "dafny" else lean_words
    left = Regions(moved, tuple(Range(r.start, r.end) for r in own), language).frozen
    if any(words(a) != words(b) for a, b in zip(frozen.frozen, left, strict=True)):
        return moved
    return frozen.filled([moved[r.start : r.end] for r in own])


def _dafny(text: str, before: str) -> str:
    marked = read_regions(text)
    if isinstance(marked, str):
        return text
    known = {getattr(d, "name", "") for d in declarations(parse(before).decls)}
    edits: list[Edit] = []
    moved: list[str] = []
    program = parse(text)
    for decl in declarations(program.decls):
        new = isinstance(decl, ast.Callable) and decl.name not in known
        if new and not any(r.meets(*decl.span) for r in marked.regions):
            edits.append(Edit(*decl.span, ""))
            moved.append(text[slice(*decl.span)])
    place = next((r for kind in ("proofs", "helpers") for r in marked.regions if r.kind == kind), None)
    if place is None:
        return text
    if moved:
        edits.append(Edit(place.end, place.end, "\n\n".join(moved) + "\n"))
    edits += _measures(program, marked, before)
    return apply_edits(text, edits)


def _measures(program: ast.Program, marked: Marked, before: str) -> Iterator[Edit]:
    """`decreases` clauses behind frozen heads go in front of the body, into the region."""
    had = {
        d.name: len(d.clauses_of("decreases")) for d in declarations(parse(before).decls) if isinstance(d, ast.Callable)
    }
    for region in marked.regions:
        if region.kind != "code":
            continue
        for decl in declarations(program.decls):
            if not isinstance(decl, ast.Callable) or decl.body_span is None or not region.holds(*decl.body_span):
                continue
            clauses = [c for c in decl.clauses_of("decreases") if c.span.end <= region.start]
            if had.get(decl.name, 0) == 0 and clauses:
                for clause in clauses:
                    yield Edit(*clause.span, "")
                told = "".join(f"  {marked.text[slice(*c.span)]}\n" for c in clauses)
                yield Edit(region.start, region.start, told)


def _lean(text: str, before: str) -> str:
    slotted = read_slots(text)
    if isinstance(slotted, str):
        return text
    place = next((s for kind in reversed(AUXILIARY) for s in slotted.slots if s.kind == kind), None)
    if place is None:
        return text
    known = {c.full_name for c in commands(before)}
    edits: list[Edit] = []
    moved: list[str] = []
    for command in commands(text):
        new = command.declares and command.full_name and command.full_name not in known
        if new and not any(s.start <= command.start < s.end for s in slotted.slots):
            edits.append(Edit(command.start, command.end, ""))
            moved.append(text[command.start : command.end].strip("\n"))
    if not moved:
        return text
    return apply_edits(text, [*edits, Edit(place.end, place.end, "\n\n".join(moved) + "\n\n")])
