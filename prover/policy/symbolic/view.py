"""What the candidates at one loop may speak of: terms by type, what moves and what stays, and where they are
observed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeVar

from dafny_env.scope import INTEGERS, Loop, TypeTable, Variable, assigned_in
from dafny_env.syntax import ast
from dafny_env.syntax import walk as syntax
from dafny_env.syntax.ast import Type
from dafny_env.syntax.printer import show
from dafny_env.syntax.walk import free_names, walk

N = TypeVar("N", bound=ast.Node)


@dataclass(frozen=True, slots=True)
class Idea:
    """A candidate fact. cost orders what the verifier is asked first: 1 arithmetic, 2 functions, 3 quantifiers and
    sequences, 4 long shots. family is a word for people."""

    text: str
    family: str
    cost: int = 1


class Oracle(Protocol):
    """Answers from runs of the program on small inputs. No state seen at a loop means that nothing is known there."""

    @property
    def spent(self) -> int:
        """Steps that the answers have taken so far: a measure of effort that no clock is needed for."""
        ...

    def states(self, loop: int) -> list[Any]:
        """The states seen at a loop's head, in order, runs one after another."""
        ...

    def size(self, state: Any) -> int:
        """How large the values of a state are: the smallest are the corner cases."""
        ...

    def runs(self, loop: int) -> list[list[Any]]:
        """The same, one list per entry of the loop."""
        ...

    def exchanged(self, loop: int, names: Sequence[str], count: int) -> list[Any]:
        """The first so many states with each of the variables taking its value from another one: no run need ever get
        there."""
        ...

    def holds(self, expr: ast.Expr, state: Any) -> bool | None:
        """Whether a formula is true in a state; None where it cannot be told."""
        ...

    def value(self, expr: ast.Expr, state: Any) -> Any:
        """A term's value in a state; None where it cannot be told."""
        ...


@dataclass(frozen=True)
class View:
    """One loop of a declaration, with everything that its candidates are made from."""

    text: str
    decl: ast.Callable
    loop: Loop
    table: TypeTable
    fields: tuple[Variable, ...] = ()

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Variables in scope, fields of the enclosing class last."""
        return self.loop.variables + self.fields

    def moves(self, name: str) -> bool:
        """Whether the loop, or one around it, assigns the variable."""
        return name in self._moving

    @cached_property
    def _moving(self) -> frozenset[str]:
        names = set(self.loop.assigned)
        for outer in self.loop.enclosing:
            names |= assigned_in(outer)[0]
        return frozenset(names)

    @cached_property
    def unset(self) -> frozenset[str]:
        """Results that nothing has been assigned to yet: their values say nothing."""
        results = {v.name for v in self.variables if v.role == "result"}
        for node in walk(self.decl):
            if isinstance(node, ast.Assign) and node.span.start < self.loop.node.span.end:
                results -= {t.id for t in node.targets if isinstance(t, ast.Name)}
        return frozenset(results)

    def type_of(self, variable: Variable) -> Type | None:
        """The variable's type, synonyms followed."""
        return self.table.resolve(variable.type)

    def is_integer(self, expr: ast.Expr) -> bool:
        """Whether a term is an integer, as far as its text tells."""
        type_ = self.table.of(expr, {v.name: v.type for v in self.variables})
        return type_ is not None and type_.name in INTEGERS

    def of_type(self, *names: str) -> list[str]:
        """Names of the variables whose type has one of the names."""
        found = []
        for variable in self.variables:
            type_ = self.type_of(variable)
            if type_ is not None and type_.name in names:
                found.append(variable.name)
        return found

    def integers(self) -> list[str]:
        """Integer variables, those that the loop moves first."""
        names = self.of_type(*INTEGERS)
        return [n for n in names if self.moves(n)] + [n for n in names if not self.moves(n)]

    def moving_integers(self) -> list[str]:
        """Integer variables that this loop or one around it assigns."""
        return [n for n in self.integers() if self.moves(n)]

    def sequences(self) -> list[tuple[str, Type | None, bool]]:
        """(name, element type, is an array) of sequences and one-dimensional arrays, strings included."""
        found: list[tuple[str, Type | None, bool]] = []
        for variable in self.variables:
            type_ = self.type_of(variable)
            if type_ is None:
                continue
            if type_.name in ("seq", "array", "array?"):
                found.append((variable.name, type_.args[0] if type_.args else None, type_.name != "seq"))
            elif type_.name == "string":
                found.append((variable.name, Type("char"), False))
        return found

    def lengths(self) -> list[str]:
        """Length terms of everything in scope that has one."""
        found = [f"{name}.Length" if array else f"|{name}|" for name, _, array in self.sequences()]
        for name in self.of_type("array2"):
            found += [f"{name}.Length0", f"{name}.Length1"]
        return found + [f"|{name}|" for name in self.of_type("set", "map", "multiset")]

    def length(self, name: str, array: bool) -> str:
        """The length term of one sequence or array."""
        return f"{name}.Length" if array else f"|{name}|"

    def taken(self) -> frozenset[str]:
        """Names that a bound variable must not have here."""
        return frozenset(v.name for v in self.variables) | frozenset(self.table.callables)


def replace_node(node: N, old: ast.Node, new: ast.Node, *, occurrence: int | None = None) -> N:
    """The tree with a subtree replaced wherever it occurs, or only at one occurrence (from 0, in source order).

    A name is not replaced by a slice of it where only its length or an element is asked for.
    """
    count = 0
    slicing = isinstance(old, ast.Name) and isinstance(new, ast.Slice)

    def visit(value: Any) -> Any:
        nonlocal count
        if isinstance(value, ast.Node):
            if value == old:
                count += 1
                return new if occurrence is None or occurrence == count - 1 else value
            if slicing and _within(value) == old:
                return value
            changes = {}
            for field in dataclasses.fields(value):
                inner = getattr(value, field.name)
                if isinstance(inner, ast.Node | tuple) and field.name != "span":
                    changed = visit(inner)
                    if changed is not inner:
                        changes[field.name] = changed
            return dataclasses.replace(value, **changes) if changes else value
        if isinstance(value, tuple):
            items = tuple(visit(item) for item in value)
            return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
        return value

    result: N = visit(node)
    return result


def _within(node: ast.Node) -> ast.Expr | None:
    """The sequence of which a node asks the length, an element or a part."""
    match node:
        case ast.Cardinality(operand=inner) | ast.Index(object=inner) | ast.Slice(object=inner):
            return inner
    return None


def occurrences(node: ast.Node, target: ast.Node) -> int:
    """How often a subtree occurs."""
    return sum(1 for inner in walk(node) if inner == target)


def rename_bound(expr: ast.Expr, taken: Iterable[str]) -> ast.Expr:
    """The formula with bound variables renamed that hide a name in `taken`: so that terms may be put in without
    capture."""
    hidden = set(taken)
    inside = {n.id if isinstance(n, ast.Name) else n.name for n in walk(expr) if isinstance(n, ast.Name | ast.BoundVar)}
    for node in list(walk(expr)):
        if isinstance(node, ast.Quantifier | ast.SetComp | ast.MapComp):
            for bound in node.vars:
                if bound.name in hidden:
                    fresh = syntax.fresh_name(f"{bound.name}'", hidden | inside)
                    inside.add(fresh)
                    expr = _rename(expr, bound.name, fresh)
    return expr


def _rename(expr: ast.Expr, name: str, fresh: str) -> ast.Expr:
    """Rename a variable inside every binder of it."""

    def visit(value: Any, inside: bool) -> Any:
        if isinstance(value, ast.Node):
            here = inside or (
                isinstance(value, ast.Quantifier | ast.SetComp | ast.MapComp)
                and any(v.name == name for v in value.vars)
            )
            if here and isinstance(value, ast.Name) and value.id == name:
                return dataclasses.replace(value, id=fresh)
            if here and isinstance(value, ast.BoundVar) and value.name == name:
                value = dataclasses.replace(value, name=fresh)
            changes = {}
            for field in dataclasses.fields(value):
                inner = getattr(value, field.name)
                if isinstance(inner, ast.Node | tuple) and field.name != "span":
                    changes[field.name] = visit(inner, here)
            return dataclasses.replace(value, **changes) if changes else value
        if isinstance(value, tuple):
            return tuple(visit(item, inside) for item in value)
        return value

    renamed: ast.Expr = visit(expr, False)
    return renamed


def conjuncts(expr: ast.Expr) -> Iterator[ast.Expr]:
    """The formula's conjuncts, those that an implication concludes each under its condition."""
    for part in syntax.conjuncts(expr):
        match part:
            case ast.Binary(op="==>", left=left, right=right):
                yield from (ast.Binary("==>", left, inner) for inner in conjuncts(right))
            case _:
                yield part


def mentions(expr: ast.Expr, names: Iterable[str]) -> bool:
    """Whether any of the names occurs free."""
    return not free_names(expr).isdisjoint(names)


def printed(expr: ast.Expr) -> str:
    """The formula as text on one line."""
    return " ".join(show(expr).split())


def fresh_names(taken: frozenset[str], *wanted: str) -> list[str]:
    """Names for bound variables that are not taken, numbered where need be."""
    found: list[str] = []
    for name in wanted:
        found.append(syntax.fresh_name(name, taken | set(found)))
    return found
