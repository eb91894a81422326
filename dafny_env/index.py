"""Dafny names of a program's declarations, as the verifier's trace spells them, and what depends on what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk


@dataclass(frozen=True, slots=True)
class Located:
    """A declaration with its qualified name (`Foo`, `C.Foo`, `M.C.Foo`) and its scope (`""`, `C`, `M.C`)."""

    name: str
    scope: str
    decl: ast.Callable
    owner: ast.Decl | None = None


def callables(program: ast.Program) -> dict[str, Located]:
    """All methods, lemmas, functions, iterators and constructors (`C._ctor` where unnamed) by qualified name; of equal
    names the first wins."""
    found: dict[str, Located] = {}
    for located in _members("", program.decls, None):
        found.setdefault(located.name, located)
    return found


def _members(scope: str, decls: tuple[ast.Decl, ...], owner: ast.Decl | None) -> Iterator[Located]:
    prefix = f"{scope}." if scope else ""
    for decl in decls:
        if isinstance(decl, ast.Callable):
            yield Located(prefix + (decl.name or "_ctor"), scope, decl, owner)
        elif isinstance(decl, ast.Module | ast.ClassLike | ast.Datatype | ast.TypeDecl):
            yield from _members(prefix + decl.name, decl.members, decl)


def mentioned(node: ast.Node) -> frozenset[str]:
    """Simple names that occur in a tree: identifiers, members and types, and `new C` where one is made by its unnamed
    constructor. An over-approximation of what it depends on."""
    names: set[str] = set()
    for inner in walk(node):
        if isinstance(inner, ast.Name):
            names.add(inner.id)
        elif isinstance(inner, ast.Member):
            names.add(inner.name)
        elif isinstance(inner, ast.Type):
            names.update(inner.name.split("."))
        elif isinstance(inner, ast.Rhs) and inner.new_type is not None and inner.new_call is not None:
            names.add(f"new {inner.new_type.name.rpartition('.')[2]}")
    return frozenset(names)


class Dependencies:
    """What depends on what in one program, transitively.

    Over-approximates: names are matched by their last component, whatever the scope. What mentions a type or a constant
    depends on what its definition mentions.
    """

    def __init__(self, program: ast.Program) -> None:
        self._index = callables(program)
        self._named: dict[str, list[str]] = {}
        """Keys of `_uses` by simple name."""
        self._uses: dict[str, frozenset[str]] = {}
        """Simple names mentioned, by qualified name of a callable, or by `type NAME`."""
        for name, located in self._index.items():
            self._enter(name, name.rpartition(".")[2], mentioned(located.decl))
        for decl in walk(program):
            if isinstance(decl, ast.TypeDecl | ast.Datatype):
                self._enter(f"type {decl.name}", decl.name, _of_type(decl))
            elif isinstance(decl, ast.ClassLike):
                self._enter(f"new {decl.name}", f"new {decl.name}", frozenset({"_ctor"}))
            elif isinstance(decl, ast.Field) and decl.value is not None:
                self._enter(f"const {decl.name}", decl.name, mentioned(decl.value))

    def _enter(self, key: str, simple: str, uses: frozenset[str]) -> None:
        self._uses[key] = self._uses.get(key, frozenset()) | uses
        self._named.setdefault(simple, []).append(key)

    def of(self, name: str) -> frozenset[str]:
        """Qualified names of all callables that `name` depends on, itself left out."""
        return frozenset(self._reach(name) & self._index.keys()) - {name}

    def on(self, name: str) -> frozenset[str]:
        """Qualified names of all callables that depend on `name`, itself left out."""
        return frozenset(other for other in self._index if other != name and name in self._reach(other))

    def _reach(self, name: str) -> set[str]:
        seen: set[str] = set()
        todo = [name]
        while todo:
            for simple in self._uses.get(todo.pop(), ()):
                for key in self._named.get(simple, ()):
                    if key not in seen:
                        seen.add(key)
                        todo.append(key)
        return seen


def _of_type(decl: ast.TypeDecl | ast.Datatype) -> frozenset[str]:
    """What a type means to those who mention it, apart from members that they would have to name."""
    if isinstance(decl, ast.Datatype):
        parts: tuple[ast.Node | None, ...] = decl.constructors
    else:
        parts = (decl.base, decl.constraint, decl.witness)
    return frozenset().union(*(mentioned(part) for part in parts if part is not None))


def dependencies(program: ast.Program, name: str) -> frozenset[str]:
    """Qualified names of all declarations that `name` depends on, transitively, itself left out (`Dependencies`)."""
    return Dependencies(program).of(name)
