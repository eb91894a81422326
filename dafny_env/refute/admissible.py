"""Which programs are looked at: those whose meaning the interpreter models faithfully."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk

_TYPES = re.compile(r"bv\d+$|ORDINAL$")
_UNREAD = (ast.UnknownDecl, ast.UnknownStmt, ast.UnknownExpr, ast.Skeleton)


def obstacle(programs: Iterable[ast.Program]) -> str | None:
    """What in the programs forbids conclusions from runs; None where nothing does."""
    for program in programs:
        if program.problems:
            return "text that could not be read"
        for node in walk(program):
            found = _obstacle(node)
            if found is not None:
                return found
    return None


def _obstacle(node: ast.Node) -> str | None:
    match node:
        case ast.Type(name=name) if _TYPES.match(name):
            return f"type {name}"
        case ast.Module(refines=refines, abstract=abstract) if refines or abstract:
            return "refinement"
        case ast.Callable(refining=True):
            return "refinement"
        case ast.ClassLike(attributes=attributes) if any(a.name.lower() == "autocontracts" for a in attributes):
            return "autocontracts"
        case _ if isinstance(node, _UNREAD):
            return "text that could not be read"
    return None
