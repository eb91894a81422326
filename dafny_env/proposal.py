"""What a model writes for a goal, read as a step.

A proposed text is the goal's declaration again with proof text inserted, among any number of new ghost declarations
(helpers: lemmas without bodies are stated, to be proved later), or the whole file with these changes; for a fact, the
content of `by { }` or the whole `assert P by { }`. It may stand in a fenced block of Markdown, the last one that
declares what the goal is about. `{:axiom}` on what is taken for granted is left out: here that says nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dafny_env.index import callables
from dafny_env.inserted import Differs, Frozen, inserted
from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind, Insertion
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse, parse_expression
from dafny_env.syntax.source import Edit, LineMap, apply_edits
from dafny_env.syntax.walk import walk

MOST_CHARACTERS = 200_000
"""Longer texts are not read."""

_FENCE = re.compile(
    r"^[ \t]*```[ \t]*(\w*)[^\n]*\n(.*?)(?=^[ \t]*```|\Z)(?:^[ \t]*```[^\n]*)?", re.MULTILINE | re.DOTALL
)
_BLANKED = re.compile(r"\b(assume|lemma) {2,}")
_CONTAINERS = (ast.Module, ast.ClassLike, ast.Datatype, ast.TypeDecl)


@dataclass(frozen=True, slots=True)
class ProposalProblem:
    """Why a text is no proposal for a goal. line: from 1 in the text as it was given; None where it is about the whole.
    rule: a stable identifier, the gate's where it has one."""

    reason: str
    line: int | None = None
    rule: str = "unreadable"


@dataclass(frozen=True, slots=True)
class _Code:
    """A part of a text that is Dafny: how many lines there are before it."""

    text: str
    lines_before: int = 0

    def problem(self, rule: str, reason: str, offset: int | None = None) -> ProposalProblem:
        line = None if offset is None else LineMap(self.text).position(offset).line + self.lines_before
        return ProposalProblem(reason, line, rule)


@dataclass(frozen=True, slots=True)
class _Found:
    """A declaration of a text with the qualified name of what it stands in."""

    scope: str
    decl: ast.Decl

    @property
    def name(self) -> str:
        simple = getattr(self.decl, "name", "") or ("_ctor" if isinstance(self.decl, ast.Callable) else "")
        return f"{self.scope}.{simple}" if self.scope else simple


def read_proposal(goal: DafnyGoal, text: str, *, solver_seconds: int = 10) -> DafnyStep | ProposalProblem:
    """The step that a text proposes for a goal, or why it proposes none. Never raises for what the text says.

    Whether the step is permitted and what it is worth is the environment's to say. solver_seconds: as in `DafnyStep`.
    """
    if len(text) > MOST_CHARACTERS:
        return ProposalProblem(f"longer than {MOST_CHARACTERS:,} characters", None, "too-long")
    read = _read(_Reader(goal, solver_seconds), _codes(text))
    if isinstance(read, ProposalProblem) or "axiom" not in text:
        return read
    insertions = tuple(replace(i, text=_BLANKED.sub(r"\1 ", i.text)) for i in read.insertions)
    return replace(read, insertions=insertions, helpers=_BLANKED.sub(r"\1 ", read.helpers))


def _read(reader: _Reader, codes: Sequence[_Code]) -> DafnyStep | ProposalProblem:
    if reader.goal.kind is GoalKind.FACT:
        return reader.fact(codes[-1])
    problems: list[ProposalProblem] = []
    for code in reversed(codes):
        read = reader.declaration(code)
        if not isinstance(read, ProposalProblem) or read.rule != "missing":
            return read
        problems.append(read)
    return problems[0]


def _codes(text: str) -> list[_Code]:
    """The blocks of code of a text; all of it where there are none."""
    blocks = list(_FENCE.finditer(text))
    tagged = [b for b in blocks if b[1].lower() in ("dafny", "dfy")]
    lines = LineMap(text)
    found = [_Code(b[2], lines.position(b.start(2)).line - 1) for b in tagged or blocks]
    return found or [_Code(text)]


class _Reader:
    """Reads texts for one goal."""

    def __init__(self, goal: DafnyGoal, solver_seconds: int) -> None:
        self.goal = goal
        self.solver_seconds = solver_seconds
        self.base = parse(goal.base)
        self.included: tuple[ast.Program, ...] = tuple(goal.library.programs)
        located = callables(self.base).get(goal.declaration)
        self.located = located
        self.scope = located.scope if located is not None else ""
        everything = tuple(_everything(self.base.decls))
        self.decls = tuple(found.decl for found in everything)
        self.known = {found.name: found.decl for found in reversed(everything)}
        self.taken = {a for a in walk(located.decl) if isinstance(a, ast.Assume)} if located is not None else set()

    # -------------------------------------------------------------------------------------- declarations and lemmas

    def declaration(self, code: _Code) -> DafnyStep | ProposalProblem:
        """The step of a text that declares what the goal is about."""
        code = self._without_axioms(code)
        program = parse(code.text)
        everything = list(_everything(program.decls))
        found = self._target(code, program, everything)
        if isinstance(found, ProposalProblem):
            return found
        target, around = found
        helpers: list[str] = []
        for other in everything:
            if other is target:
                continue
            said = self._other(code, program, replace(other, scope=_joined(around, other.scope)))
            if isinstance(said, ProposalProblem):
                return said
            if said:
                helpers.append(said)
        text = "\n\n".join(helpers)
        start, end = target.decl.span
        lemma = self.goal.kind is GoalKind.LEMMA
        frozen = Frozen(self.base, self.goal.declaration, self.included)
        read = inserted(frozen, code.text[start:end], parse(text), at_end=lemma)
        if isinstance(read, Differs):
            return _unread(code, program, target.decl) or code.problem(read.rule, read.message, start + read.offset)
        if lemma and isinstance(target.decl, ast.Callable) and target.decl.body is None:
            return code.problem("bodyless-lemma", f"`{self.goal.declaration}` has no body: give it one", start)
        return DafnyStep(read, text, solver_seconds=self.solver_seconds)

    def _target(
        self, code: _Code, program: ast.Program, everything: Sequence[_Found]
    ) -> tuple[_Found, str] | ProposalProblem:
        """The goal's declaration in a text, and the scope in which the text as a whole is meant: a text may leave out
        the modules and classes around."""
        wanted = self.goal.declaration
        ways = [f for f in everything if isinstance(f.decl, ast.Callable) and f".{wanted}".endswith(f".{f.name}")]
        if not ways:
            reason = f"the text does not declare `{wanted}`"
            if program.problems:
                first = program.problems[0]
                return code.problem("missing", f"{reason}: {first.message}", first.span.start)
            return code.problem("missing", reason)
        longest = max(ways, key=lambda f: len(f.name))
        same = [f for f in ways if f.name == longest.name]
        if len(same) > 1:
            return code.problem("redefinition", f"`{wanted}` is declared twice", same[1].decl.span.start)
        return longest, wanted[: len(wanted) - len(longest.name)].rstrip(".")

    def _other(self, code: _Code, program: ast.Program, found: _Found) -> str | ProposalProblem:
        """What another declaration of the text adds to the step's helpers: nothing where the base has it."""
        decl, start = found.decl, found.decl.span.start
        if isinstance(decl, ast.UnknownDecl | ast.Import):
            if decl in self.decls:
                return ""
            if isinstance(decl, ast.Import):
                return code.problem(
                    "import-added", f"`{decl.kind}` was inserted: only ghost declarations may be", start
                )
            return _unread(code, program, decl) or code.problem("unreadable", "this is no declaration", start)
        same = self.known.get(found.name)
        if same is not None:
            return self._known(code, found, same)
        if not isinstance(decl, ast.Callable):
            what = getattr(decl, "kind", type(decl).__name__.lower())
            message = f"a new {what}: only lemmas and ghost functions may be declared"
            return code.problem("declaration-not-allowed", message, start)
        unread = _unread(code, program, decl)
        if unread is not None:
            return unread
        if self.scope != found.scope and not f"{self.scope}.".startswith(f"{found.scope}." if found.scope else ""):
            message = f"`{found.name}` cannot be a helper of `{self.goal.declaration}`: declare it beside that"
            return code.problem("helper", message, start)
        text = code.text[slice(*decl.span)]
        if self._owned() and found.scope != self.scope and "static" not in decl.modifiers:
            return f"static {text}"  # declared outside, it had no `this`
        return text

    def _owned(self) -> bool:
        return self.located is not None and isinstance(self.located.owner, _CONTAINERS[1:])

    def _known(self, code: _Code, found: _Found, same: ast.Decl) -> str | ProposalProblem:
        """A declaration that the base has as well: as it is, or with insertions of its own, which belong to other
        goals."""
        decl, start = found.decl, found.decl.span.start
        if decl == same or (isinstance(decl, _CONTAINERS) and replace(decl, members=()) == _bare(same)):
            return ""
        if isinstance(decl, ast.Callable) and isinstance(same, ast.Callable):
            frozen = Frozen(self.base, found.name, self.included)
            read = inserted(frozen, code.text[slice(*decl.span)], parse(code.text))
            if not isinstance(read, Differs):
                return ""
            return code.problem(read.rule, read.message, start + read.offset)
        return code.problem("spec-changed", f"the declaration of `{found.name}` differs from the original", start)

    # ---------------------------------------------------------------------------------------------------------- facts

    def fact(self, code: _Code) -> DafnyStep | ProposalProblem:
        """The step of a text that proves a fact: helpers, then the statements inside `by { }` or the whole
        assertion."""
        code = self._without_axioms(code, inside=True)
        program = parse(code.text)
        helpers: list[str] = []
        rest = 0
        for decl in program.decls:
            if not isinstance(decl, ast.Callable):
                break
            if (unread := _unread(code, program, decl)) is not None:
                return unread
            helpers.append(code.text[slice(*decl.span)])
            rest = decl.span.end
        opening = "lemma _() {\n"
        statements = parse(f"{opening}{code.text[rest:]}\n}}")
        moved = rest - len(opening)
        if statements.problems:
            first = statements.problems[0]
            return code.problem("unreadable", first.message, max(first.span.start + moved, rest))
        wrapped = statements.decls[0] if len(statements.decls) == 1 else None
        body = wrapped.body if isinstance(wrapped, ast.Callable) else None
        if not isinstance(body, ast.Block) or body.span.end != len(statements.text):
            return code.problem("leaves-its-place", "the proof of a fact must stay inside its `by { }`", rest)
        proof = statements.text[body.span.start + 1 : body.span.end - 1]
        if len(body.body) == 1 and isinstance(only := body.body[0], ast.Assert) and self._is_fact(only):
            proof = statements.text[only.by.span.start + 1 : only.by.span.end - 1] if only.by is not None else ""
        insertions = (Insertion(self.goal.site.start, proof.strip()),) if proof.strip() else ()
        return DafnyStep(insertions, "\n\n".join(helpers), solver_seconds=self.solver_seconds)

    def _is_fact(self, statement: ast.Assert) -> bool:
        return statement.label is None and statement.expr == parse_expression(self.goal.fact)

    # --------------------------------------------------------------------------------------------------------- axioms

    def _without_axioms(self, code: _Code, *, inside: bool = False) -> _Code:
        """The text without the `{:axiom}`s of its new facts and lemmas; as long as before. inside: the text is that of
        statements."""
        if "axiom" not in code.text:
            return code
        opening = "lemma _() {\n" if inside else ""
        edits: list[Edit] = []
        for source, moved in ((code.text, 0), (f"{opening}{code.text}\n}}", -len(opening)))[: 2 if inside else 1]:
            for node in walk(parse(source)):
                if isinstance(node, ast.Assume):
                    new = node not in self.taken
                else:
                    new = isinstance(node, ast.Callable) and node.is_lemma and node.body is None
                    new = new and node not in self.decls
                if new and isinstance(node, ast.Assume | ast.Callable):
                    spans = (a.span for a in node.attributes if a.name == "axiom" and not a.args)
                    edits += [Edit(s + moved, e + moved, " " * (e - s)) for s, e in spans]
        return replace(code, text=apply_edits(code.text, sorted(set(edits))))


def _everything(decls: Sequence[ast.Decl], scope: str = "") -> Iterator[_Found]:
    """All declarations of a text, containers before their members."""
    for decl in decls:
        found = _Found(scope, decl)
        yield found
        if isinstance(decl, _CONTAINERS):
            yield from _everything(decl.members, found.name)


def _bare(decl: ast.Decl) -> ast.Decl:
    return replace(decl, members=()) if isinstance(decl, _CONTAINERS) else decl


def _joined(scope: str, inner: str) -> str:
    return f"{scope}.{inner}" if scope and inner else scope or inner


def _unread(code: _Code, program: ast.Program, decl: ast.Decl) -> ProposalProblem | None:
    """The first place in a declaration that could not be read."""
    start, end = decl.span
    first = next((p for p in program.problems if start <= p.span.start <= end), None)
    return code.problem("unreadable", first.message, first.span.start) if first is not None else None
