"""Where in a declaration proof text may stand, as lines for Houdini."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk
from prover.policy.symbolic.hints import indent_at
from prover.policy.symbolic.houdini import Item


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a body; depth in indentation steps."""

    text: str
    depth: int = 0
    fixed: bool = False
    cost: int = 2


def body_start(decl: ast.Callable) -> int | None:
    """Behind the opening brace of the body."""
    return decl.body.span.start + 1 if isinstance(decl.body, ast.Block) else None


def body_end(decl: ast.Callable) -> int | None:
    """Behind the last statement of the body."""
    if not isinstance(decl.body, ast.Block):
        return None
    last = decl.body.body[-1] if decl.body.body else None
    if isinstance(last, ast.Return):
        return None
    return last.span.end if last else decl.body.span.start + 1


def block_starts(decl: ast.Callable) -> list[int]:
    """Behind the opening brace of every block inside the body: branches, cases, `forall` and calc hints."""
    if not isinstance(decl.body, ast.Block):
        return []
    found = [n.span.start + 1 for n in walk(decl.body) if isinstance(n, ast.Block) and n is not decl.body]
    for node in walk(decl.body):
        if isinstance(node, ast.MatchStmt):
            found += [stmts[0].span.start for _, stmts in node.cases if stmts]
    return sorted(found)


def returns(decl: ast.Callable) -> list[int]:
    """In front of every return statement of the body."""
    if not isinstance(decl.body, ast.Block):
        return []
    return [n.span.start for n in walk(decl.body) if isinstance(n, ast.Return)]


def before_statement(decl: ast.Callable, offset: int) -> int | None:
    """In front of the innermost statement of a block that covers an offset."""
    best: ast.Stmt | None = None
    if not isinstance(decl.body, ast.Block):
        return None
    for stmt in statements(decl.body):
        inside = stmt.span.start <= offset < stmt.span.end
        if inside and (best is None or stmt.span.end - stmt.span.start <= best.span.end - best.span.start):
            best = stmt
    return best.span.start if best else None


def statements(block: ast.Node) -> Iterator[ast.Stmt]:
    """The statements that stand in a list of statements, where another may stand before them."""
    for node in walk(block):
        lists: list[tuple[ast.Stmt, ...]] = []
        match node:
            case ast.Block(body=body):
                lists.append(body)
            case ast.MatchStmt(cases=cases) | ast.Alternatives(cases=cases):
                lists += [stmts for _, stmts in cases]
        for body in lists:
            yield from body


def placed(text: str, offset: int, lines: Iterable[Line], *, first: int = 0, indent: str | None = None) -> list[Item]:
    """Lines as items at one offset, in order; indented as the line there is, unless told otherwise."""
    if indent is None:
        indent = indent_at(text, offset)
    if text[offset - 1 : offset] == "{":
        indent += "  "
    return [
        Item(offset, line.text, first + k, line.cost, line.fixed, indent + "  " * line.depth)
        for k, line in enumerate(lines)
    ]
