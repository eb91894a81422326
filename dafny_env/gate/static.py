"""All that can be said of a candidate without running a verifier: comparison, cheats, and what the original brings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from dafny_env.gate.cheats import Finding, find_cheats
from dafny_env.gate.compare import Reference
from dafny_env.gate.objections import Objection, objection_at
from dafny_env.gate.surroundings import Surroundings
from dafny_env.syntax import ast
from dafny_env.syntax.source import LineMap


@dataclass(frozen=True, slots=True)
class StaticVerdict:
    """objections: why the candidate is rejected. baseline: what the original's frozen text takes for granted, for
    people. open: declarations of the original that are still to be proved but are outside of the target."""

    objections: tuple[Objection, ...] = ()
    baseline: tuple[str, ...] = ()
    open: frozenset[str] = frozenset()


def judge_text(
    original: ast.Program | None, candidate: ast.Program, surroundings: Surroundings, target: str | None = None
) -> StaticVerdict:
    """Judge a candidate's text. Without an original it is its own specification, and every cheat counts against it.
    `target`: the qualified name of the one declaration to be proved; what others leave open is baseline then."""
    lines = LineMap(candidate.text)
    baseline = [
        told_baseline(finding, LineMap(f.program.text).position(finding.offset).line, f.shown)
        for f in surroundings.files
        for finding in find_cheats(f.program)
    ]
    if original is None:
        # What it includes is its own as well.
        objections = [
            Objection(
                finding.rule,
                f"{told_baseline(finding, LineMap(f.program.text).position(finding.offset).line, f.shown)}",
            )
            for f in surroundings.files
            for finding in find_cheats(f.program)
        ]
        objections.extend(
            Objection("unreadable", f"{f.shown}: this could not be read: {p.message}")
            for f in surroundings.files
            for p in f.program.problems
        )
        objections.extend(_objection(lines, finding) for finding in find_cheats(candidate))
        objections.extend(
            objection_at(lines, p.span.start, "unreadable", f"this could not be read: {p.message}")
            for p in candidate.problems
        )
        return StaticVerdict(tuple(objections))
    compared = Reference(original, surroundings.programs).compare(candidate)
    objections = list(compared.objections)
    baseline.extend(compared.notes)
    open_: set[str] = set()
    before = LineMap(original.text)
    frozen = Counter((f.rule, f.owner, f.text) for f in find_cheats(original))
    places = {(f.rule, f.owner, f.text): before.position(f.offset).line for f in find_cheats(original)}
    for finding in find_cheats(candidate):
        key = (finding.rule, finding.owner, finding.text)
        elsewhere = target is not None and finding.owner != target
        if frozen[key] > 0 and (not finding.goal or elsewhere):
            frozen[key] -= 1
            baseline.append(told_baseline(finding, places[key], ""))
            if finding.goal:
                open_.add(finding.owner)
            continue
        if finding.goal and frozen[key] > 0:
            frozen[key] -= 1
            message = f"left unproved: {finding.message}"
            objections.append(_objection(lines, Finding(finding.rule, message, finding.offset, finding.owner, "")))
            continue
        objections.append(_objection(lines, finding))
    return StaticVerdict(without_doubles(objections), tuple(baseline), frozenset(open_))


def _objection(lines: LineMap, finding: Finding) -> Objection:
    return objection_at(lines, finding.offset, finding.rule, finding.message)


def told_baseline(finding: Finding, line: int, file: str) -> str:
    """What is taken for granted, for people. file: an included one; empty for the file itself."""
    where = f"{file}, line {line}" if file else f"line {line}"
    shown = finding.text if len(finding.text) <= 80 else finding.text[:77] + "..."
    return f"{finding.rule} in {finding.owner or 'the file'} ({where}): {shown}"


def without_doubles(objections: list[Objection]) -> tuple[Objection, ...]:
    """One objection per rule and place; the first message wins."""
    kept: dict[tuple[str, int | None, int | None], Objection] = {}
    for objection in objections:
        kept.setdefault((objection.rule, objection.line, objection.column), objection)
    return tuple(sorted(kept.values(), key=lambda o: (o.line or 0, o.column or 0)))
