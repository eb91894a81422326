"""What comes behind a statement: the statements up to the end of the loop or method around it."""

from __future__ import annotations

from collections.abc import Sequence

from dafny_env.scope import Loop
from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk


def following(decl: ast.Callable, loop: Loop) -> list[tuple[ast.Stmt, ...]]:
    """The lists of statements that are executed behind a loop, one after another, up to the end of the body of the loop
    around it, or of the declaration's."""
    outer = loop.enclosing[-1] if loop.enclosing else None
    found: list[tuple[ast.Stmt, ...]] = []
    inside: ast.Node = loop.node
    for body in reversed(list(_around(decl, loop.node, outer))):
        k = next((k for k, s in enumerate(body) if s is inside or _covers(s, inside)), None)
        if k is not None:
            found.append(tuple(body[k + 1 :]))
    return [f for f in found if f]


def _covers(stmt: ast.Node, node: ast.Node) -> bool:
    return stmt.span.start <= node.span.start and node.span.end <= stmt.span.end


def _around(decl: ast.Callable, node: ast.Node, outer: ast.Stmt | None) -> list[Sequence[ast.Stmt]]:
    """The lists of statements around a node, from the outermost, inside the loop around it."""
    found: list[Sequence[ast.Stmt]] = []
    for inner in walk(outer if outer is not None else decl):
        lists: list[Sequence[ast.Stmt]] = []
        match inner:
            case ast.Block(body=block):
                lists.append(block)
            case ast.MatchStmt(cases=cases):
                lists += [stmts for _, stmts in cases]
            case ast.Alternatives(cases=cases):
                lists += [stmts for _, stmts in cases]
        found += [b for b in lists if b and b[0].span.start <= node.span.start and node.span.end <= b[-1].span.end]
    return found
