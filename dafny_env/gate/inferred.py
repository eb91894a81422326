"""Types that Dafny infers, and that an insertion may change without touching a letter of the original.

In `var x := 0; x := x - 1; b := x > 0;` an inserted `assert x == (0 as bv8);` makes `x` a bit vector, and `b` true.
In `var s := set k | k in t;` an inserted `ghost var n: set<nat> := s;` leaves the negative numbers out of `s`. So what
is not written down must be inferred alike in both files. It is read from the verifier's own print of each after type
checking, in which every variable has its type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dafny_env.gate.align import pairs
from dafny_env.gate.flat import flatten
from dafny_env.gate.insertable import Insertable
from dafny_env.gate.names import callee, collect_names, declarations, frozen_names
from dafny_env.gate.pieces import find_pieces
from dafny_env.index import callables
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import Edit, apply_edits
from dafny_env.syntax.tokens import tokenize
from dafny_env.syntax.walk import walk

_BINDERS = (ast.Quantifier, ast.SetComp, ast.MapComp, ast.Lambda, ast.BindingGuard, ast.ForallStmt)
_NUMBERED = re.compile(r"(?<=[A-Za-z0-9_?'])#\d+")
"""What the verifier puts behind names of its own, such as `_t#0`."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A variable of the original that has another type in the candidate. declaration: where it stands."""

    name: str
    declaration: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Variable:
    """A variable that is bound in a callable, with its type as tokens, None where it is not written. given: it gets its
    values from expressions alone, and they are what they are, whatever subset type it has."""

    name: str
    declaration: str
    start: int
    type: ast.Type | None
    given: bool


def leaves_types_open(original: ast.Program, candidate: ast.Program, included: Sequence[ast.Program] = ()) -> bool:
    """Whether code or definitions of the original to which the candidate adds something have variables whose type is
    not written down and matters: those of quantifiers and comprehensions, chosen and arbitrary ones, and all where
    there are bit vectors and the like."""
    kinds = any(_is_other_number(t.text) for p in (candidate, *included) for t in tokenize(p.text))
    generic = _generic((candidate, *included))
    after = callables(candidate)
    for name, located in callables(original).items():
        decl = located.decl
        if decl.is_lemma or name not in after or after[name].decl == decl:
            continue
        bodies = (b for b in (decl.body, decl.by_method) if b is not None)
        if any(v.type is None and (kinds or not v.given) for body in bodies for v in _variables(body, name, generic)):
            return True
    return False


def changed_types(original: str, candidate: str) -> tuple[Changed, ...] | None:
    """The variables of the original's code and definitions that have another type in the candidate, by the verifier's
    prints of both; None where the prints cannot be compared."""
    before, after = _untyped(original), _untyped(candidate)
    if before is None or after is None:
        return None
    frozen, flat = flatten(before.program), flatten(after.program)
    names = collect_names(after.program, frozen_names(before.program))
    found = pairs(flat.items, frozen.items, find_pieces(flat, Insertable(names), printed=True))
    if found is None:
        return None
    places = {frozen.places[j]: flat.places[i] for i, j in found if not frozen.items[j].startswith("\0")}
    changed: list[Changed] = []
    for place, (variable, type_) in before.variables.items():
        _, other = after.variables.get(places.get(place, -1), (variable, None))
        if other is None:
            return None
        same = before.plain(type_) == after.plain(other) if variable.given else type_ == other
        if not same:
            changed.append(Changed(variable.name, variable.declaration, "".join(type_), "".join(other)))
    return tuple(changed)


# ------------------------------------------------------------------------------------------------------------ variables


def _variables(root: ast.Node, declaration: str, generic: frozenset[str]) -> Iterator[_Variable]:
    """The variables bound in a tree."""
    arbitrary = {
        target.id
        for node in walk(root)
        if isinstance(node, ast.Assign) and not (node.such_that is None and _have_values(node.rhs, generic))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node, type_, given in _bound(root, generic):
        fixed = given and node.name not in arbitrary
        yield _Variable(node.name, declaration, node.span.start, type_, fixed)


def _bound(
    root: ast.Node, generic: frozenset[str]
) -> Iterator[tuple[ast.BoundVar | ast.Pattern, ast.Type | None, bool]]:
    for node in walk(root):
        if isinstance(node, ast.VarDecl):
            given = node.such_that is None and bool(node.rhs) and _have_values(node.rhs, generic)
            yield from ((v, v.type, given) for v in node.names)
            if node.pattern is not None:
                yield from ((p, p.type, given) for p in _leaves(node.pattern))
        elif isinstance(node, ast.Let):
            given = not node.such_that and all(_is_determined(v, generic) for v in node.values)
            yield from ((p, p.type, given) for pattern in node.patterns for p in _leaves(pattern))
        elif isinstance(node, _BINDERS):
            bound = node.params if isinstance(node, ast.Lambda) else node.vars
            yield from ((v, v.type, False) for v in bound)
        elif isinstance(node, ast.If | ast.IfExpr):
            yield from ((v, v.type, False) for v in node.binder)
        elif isinstance(node, ast.For):
            yield node.var, node.var.type, True
        elif isinstance(node, ast.MatchExpr | ast.MatchStmt):
            yield from ((p, p.type, True) for pattern, _ in node.cases for p in _leaves(pattern))


def _have_values(values: Sequence[ast.Rhs], generic: frozenset[str]) -> bool:
    return all(v.expr is None or _is_determined(v.expr, generic) for v in values)


def _is_determined(value: ast.Expr, generic: frozenset[str]) -> bool:
    """Whether a value does not depend on which type is inferred: not `*`, nor the result of something generic."""
    return not any(isinstance(n, ast.Star) or callee_of(n) in generic for n in walk(value))


def callee_of(node: ast.Node) -> str | None:
    """The name that a call calls."""
    return callee(node) if isinstance(node, ast.Call) else None


def _leaves(pattern: ast.Pattern) -> Iterator[ast.Pattern]:
    if pattern.args is not None:
        for arg in pattern.args:
            yield from _leaves(arg)
    elif pattern.literal is None:
        yield pattern


def _generic(programs: Sequence[ast.Program]) -> frozenset[str]:
    return frozenset(
        decl.name
        for program in programs
        for decl in declarations(program.decls)
        if isinstance(decl, ast.Callable) and decl.type_params
    )


def _is_other_number(word: str) -> bool:
    return word in ("newtype", "ORDINAL") or (word.startswith("bv") and word[2:].isdigit())


# --------------------------------------------------------------------------------------------------------------- prints


@dataclass(frozen=True, slots=True)
class _Untyped:
    """A printed program with the types of its variables taken out, and what the print adds: measures and triggers.
    variables: those of code and definitions, with the tokens of their types, by the offset of their names. subsets:
    what the subset types without parameters are subsets of."""

    program: ast.Program
    variables: dict[int, tuple[_Variable, tuple[str, ...]]]
    subsets: dict[str, tuple[str, ...]]

    def plain(self, type_: tuple[str, ...]) -> tuple[str, ...]:
        """A type without the constraints of its subset types, non-null ones included."""
        return tuple(plain for word in type_ for plain in self.subsets.get(word, (word.rstrip("?") or word,)))


def _untyped(printed: str) -> _Untyped | None:
    text = _NUMBERED.sub("", printed)
    program = parse(text)
    if program.problems or not program.decls:
        return None
    generic = _generic((program,))
    edits: list[Edit] = []
    variables: list[tuple[_Variable, tuple[str, ...]]] = []
    for decl in declarations(program.decls):
        if not isinstance(decl, ast.Callable):
            continue
        for variable in _variables(decl, decl.name, generic):
            if variable.type is not None:
                edits.append(Edit(variable.start + len(variable.name), variable.type.span.end, ""))
            if not decl.is_lemma:
                variables.append((variable, _words(text, variable.type)))
    for node in walk(program):
        if isinstance(node, ast.Attribute) or (isinstance(node, ast.Clause) and node.kind == "decreases"):
            edits.append(Edit(*node.span, ""))
    kept = _outermost(edits)
    subsets: dict[str, tuple[str, ...]] = {"nat": ("int",)}
    for decl in declarations(program.decls):
        if isinstance(decl, ast.TypeDecl) and decl.kind == "type" and not decl.type_params and decl.base is not None:
            subsets[decl.name] = tuple(p for word in _words(text, decl.base) for p in subsets.get(word, (word,)))
    by_place = {_moved(variable.start, kept): (variable, type_) for variable, type_ in variables}
    return _Untyped(parse(apply_edits(text, kept)), by_place, subsets)


def _words(text: str, type_: ast.Type | None) -> tuple[str, ...]:
    return tuple(t.text for t in tokenize(text[slice(*type_.span)])) if type_ is not None else ()


def _outermost(edits: list[Edit]) -> list[Edit]:
    """The edits that lie in no other one."""
    kept: list[Edit] = []
    for edit in sorted(set(edits), key=lambda e: (e.start, -e.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def _moved(offset: int, edits: list[Edit]) -> int:
    return offset - sum(e.end - e.start for e in edits if e.end <= offset)
