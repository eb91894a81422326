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
    """All methods, lemmas, functions and constructors by qualified name; of equal names the first wins."""
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
    """Simple names that occur in a tree: identifiers and members. An over-approximation of what it depends on."""
    names: set[str] = set()
    for inner in walk(node):
        if isinstance(inner, ast.Name):
            names.add(inner.id)
        elif isinstance(inner, ast.Member):
            names.add(inner.name)
    return frozenset(names)


def dependencies(program: ast.Program, name: str) -> frozenset[str]:
    """Qualified names of all declarations that `name` depends on, transitively, itself left out.

    Over-approximates: names are matched by their last component, whatever the scope.
    """
    index = callables(program)
    by_simple: dict[str, list[str]] = {}
    for qualified in index:
        by_simple.setdefault(qualified.rpartition(".")[2], []).append(qualified)
    seen: set[str] = set()
    todo = [name]
    while todo:
        current = todo.pop()
        if current not in index:
            continue
        for simple in mentioned(index[current].decl):
            for qualified in by_simple.get(simple, ()):
                if qualified not in seen:
                    seen.add(qualified)
                    todo.append(qualified)
    return frozenset(seen - {name})
