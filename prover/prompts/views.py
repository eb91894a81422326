"""Views of goals: which of a file's declarations the goal names, and what was said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from dafny_env.attribution import StepDiagnostic as DafnyStepDiagnostic
from dafny_env.driver.types import Diagnostic as DafnyDiagnostic
from dafny_env.index import Located, callables, mentioned
from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind
from dafny_env.steps import apply as apply_dafny
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from lean_project.environment import StepDiagnostic as LeanStepDiagnostic
from lean_project.steps import LeanGoal, LeanStep, place, unit_of
from lean_project.syntax.commands import Command, commands_of
from lean_project.syntax.holes import sorries
from lean_project.syntax.tokens import Kind, Token, code, simple_name, tokenize
from prover.prompts.annotate import Remark, annotate
from prover.prompts.view import Attempt, Piece, PromptView

# -------------------------------------------------------------------------------------------------------------- Dafny

_CONTAINERS = (ast.Module, ast.ClassLike, ast.Datatype, ast.TypeDecl)


def dafny_view(
    goal: DafnyGoal,
    *,
    failing: Iterable[DafnyDiagnostic] = (),
    attempts: Sequence[Attempt] = (),
    lemmas: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> PromptView:
    """The view of a goal. failing: what the verifier says of its base text as it stands.

    Raises KeyError where the base does not declare what the goal is about.
    """
    program = parse(goal.base)
    located = callables(program)[goal.declaration]
    start, end = located.decl.span
    statement = goal.base[start:end]
    before, after = _dafny_pieces(goal.base, program.decls, located)
    line = goal.base.count("\n", 0, start)
    remarks = [
        Remark(d.place.line - line, d.message, d.place.column)
        for d in failing
        if d.place.file is None and 1 <= d.place.line - line <= statement.count("\n") + 1
    ]
    fact = goal.kind is GoalKind.FACT
    ensures = (goal.base[slice(*e.span)] for c in located.decl.clauses_of("ensures") for e in c.exprs)
    target = goal.fact if fact else " && ".join(ensures)
    requires = (goal.base[slice(*e.span)] for c in located.decl.clauses_of("requires") for e in c.exprs)
    state = f"assert {goal.fact};" if fact else annotate(statement, remarks, "dafny") if remarks else ""
    return PromptView(
        "dafny",
        goal.declaration,
        statement,
        before,
        after,
        goal.site.end - start if fact else None,
        state,
        target,
        tuple(requires),
        tuple(lemmas),
        tuple(attempts),
        tuple(notes),
    )


def dafny_attempt(
    goal: DafnyGoal, step: DafnyStep, diagnostics: Iterable[object] = (), summary: str = ""
) -> Attempt | None:
    """A rejected step as prompts show it: its helpers and the declaration with it. diagnostics: of the verdict, those
    of other kinds than the environment's are left out. None for a step that cannot be applied."""
    located = callables(parse(goal.base)).get(goal.declaration)
    if located is None:
        return None
    start, end = located.decl.span
    try:
        candidate = apply_dafny(goal, step, start)
    except ValueError:
        return None
    tail = len(goal.base) - end
    text = candidate.text[start : len(candidate.text) - tail]
    line = candidate.text.count("\n", 0, start)
    places = [d.diagnostic for d in diagnostics if isinstance(d, DafnyStepDiagnostic)]
    remarks = [Remark(d.place.line - line, d.message, d.place.column) for d in places if d.place.file is None]
    return Attempt(annotate(text, remarks, "dafny"), "" if remarks else summary)


def _dafny_pieces(text: str, decls: Sequence[ast.Decl], own: Located) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    named = mentioned(own.decl)
    pieces: list[Piece] = []
    middle = at = 0
    for decl in _flat(decls, own.decl):
        start, end = decl.span
        if start < at:
            continue
        if decl is own.decl:
            pieces.append(Piece(text[at:start]))
            middle, at = len(pieces), end
            continue
        gap = text[at:start]
        if gap.strip() and not gap.strip().startswith(("//", "/*")):
            pieces.append(Piece(gap))
            gap = ""
        names = _declares(decl)
        name = "" if isinstance(decl, ast.Import) else getattr(decl, "name", "") or "?"
        pieces.append(Piece(gap + text[start:end], name, bool(names & named)))
        at = end
    pieces.append(Piece(text[at:]))
    return _told(pieces[:middle], towards_end=True), _told(pieces[middle:], towards_end=False)


def _flat(decls: Sequence[ast.Decl], own: ast.Decl) -> Iterator[ast.Decl]:
    """The declarations of a file; of those around the goal's, their members."""
    for decl in decls:
        inside = decl.span.start <= own.span.start and own.span.end <= decl.span.end
        if decl is not own and inside and isinstance(decl, _CONTAINERS):
            yield from _flat(decl.members, own)
        else:
            yield decl


def _declares(decl: ast.Decl) -> set[str]:
    names = {getattr(decl, "name", "")}
    if isinstance(decl, ast.Datatype):
        names.update(c.name for c in decl.constructors)
    if isinstance(decl, _CONTAINERS):
        for member in decl.members:
            names |= _declares(member)
    return names - {""}


def _told(pieces: Sequence[Piece], *, towards_end: bool) -> tuple[Piece, ...]:
    """The pieces with their distances from the goal."""
    count = len(pieces)
    return tuple(replace(p, distance=count - k if towards_end else k + 1) for k, p in enumerate(pieces))


# --------------------------------------------------------------------------------------------------------------- Lean

_DROPPABLE = frozenset(["theorem", "lemma", "def", "abbrev", "inductive", "structure", "class", "example", "opaque"])


def lean_view(
    goal: LeanGoal, *, attempts: Sequence[Attempt] = (), lemmas: Sequence[str] = (), notes: Sequence[str] = ()
) -> PromptView:
    """The view of a goal."""
    end = unit_of(goal.text, goal.start)[1]
    statement = goal.text[goal.unit : end]
    inside = [h for h in sorries(goal.text) if goal.unit <= h.start < end]
    hole = next((h for h in inside if h.start == goal.start), None)
    hypotheses = tuple(
        f"{' '.join(h.names)} : {h.type}" + (f" := {h.value}" if h.value is not None else "") for h in goal.hypotheses
    )
    case = [f"case {goal.case}"] if goal.case else []
    state = "\n".join([*case, *hypotheses, f"⊢ {goal.target}"]) if goal.target else ""
    return PromptView(
        "lean",
        goal.declaration,
        statement,
        _lean_pieces(goal, state),
        (),
        hole.end - goal.unit if hole is not None and len(inside) > 1 else None,
        state,
        goal.target,
        hypotheses,
        tuple(lemmas),
        tuple(attempts),
        tuple(notes),
    )


def lean_attempt(
    goal: LeanGoal, step: LeanStep, diagnostics: Iterable[object] = (), summary: str = ""
) -> Attempt | None:
    """A rejected step as prompts show it, as `dafny_attempt`."""
    try:
        placed = place(goal.text, goal.start, goal.unit, step)
    except ValueError:
        return None
    line = placed.text.count("\n", 0, goal.unit)
    places = [d.diagnostic for d in diagnostics if isinstance(d, LeanStepDiagnostic)]
    remarks = [Remark(d.place.line - line, d.message, d.place.column) for d in places]
    return Attempt(annotate(placed.text[goal.unit :].strip("\n"), remarks, "lean"), "" if remarks else summary)


def _lean_pieces(goal: LeanGoal, state: str) -> tuple[Piece, ...]:
    text = goal.text[: goal.unit]
    tokens = tokenize(goal.text)
    words = code(tokens)
    named = _names([t for t in words if t.start >= goal.unit]) | _names(code(tokenize(state)))
    pieces: list[Piece] = []
    at = 0
    commands = [c for c in commands_of(goal.text, tokens) if c.start < goal.unit]
    for group in _units(text, commands):
        start, end = group[0].start, min(group[-1].end, goal.unit)
        inside = [t for t in words if start <= t.start < end]
        names = {simple_name(c.full_name)[-1] for c in group if c.full_name}
        names |= {b.text for a, b in pairwise(inside) if a.text == "|" and b.kind is Kind.WORD}
        known = bool(names) and all(
            c.keyword in _DROPPABLE | {"mutual", "end"} or _is_for_the_next(text, c) for c in group
        )
        name = next((c.full_name for c in group if c.full_name), "") if known else ""
        pieces.append(Piece(text[at:end], name, bool(names & named)))
        at = end
    pieces.append(Piece(text[at:]))
    return _told(pieces, towards_end=True)


def _names(tokens: Iterable[Token]) -> set[str]:
    return {part for t in tokens if t.kind is Kind.WORD for part in simple_name(t.text)}


def _units(text: str, commands: Sequence[Command]) -> Iterator[list[Command]]:
    """Commands one by one, `mutual` blocks as wholes, `open ... in` with what it is for."""
    group: list[Command] = []
    depth = 0
    for command in commands:
        group.append(command)
        if command.keyword == "mutual" or (depth and command.keyword in ("namespace", "section")):
            depth += 1
        elif depth and command.keyword == "end":
            depth -= 1
        if depth == 0 and not _is_for_the_next(text, command):
            yield group
            group = []
    if group:
        yield group


def _is_for_the_next(text: str, command: Command) -> bool:
    return text[command.start : command.end].split()[-1:] == ["in"]
