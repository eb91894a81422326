"""Whose contracts may be relied on without looking: what the verifier has seen to hold, down to the ground."""

from __future__ import annotations

from dafny_env.driver.types import CheckResult
from dafny_env.gate.verified import trace_names
from dafny_env.goals import broken_declarations
from dafny_env.index import Dependencies, Located, callables
from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk

_DECLARED_TRUE = ("axiom", "verify", "extern", "imported", "ignore")


def trusted(program: ast.Program, result: CheckResult) -> dict[str, ast.Callable]:
    """The declarations of a program that a check of it has seen verified, none of which depends on one that it has not
    (or on what is only claimed), by qualified name."""
    index = callables(program)
    printed = trace_names(program)
    broken = broken_declarations(program, index, result)
    seen = set(result.verified)
    open_ = {name for name, located in index.items() if name in broken or _claims(located)}
    open_ |= {
        name
        for name, located in index.items()
        if not {name, printed[name]} & seen and (located.decl.clauses_of("ensures") or located.decl.is_lemma)
    }
    depends = Dependencies(program)
    return {
        name: located.decl
        for name, located in index.items()
        if name not in open_ and {name, printed[name]} & seen and not depends.of(name) & open_
    }


def _claims(located: Located) -> bool:
    """Whether something about the declaration is said and not shown."""
    decl = located.decl
    if any(a.name.lower() in _DECLARED_TRUE for a in decl.attributes):
        return True
    if decl.body is None:
        return bool(decl.clauses_of("ensures")) or not decl.is_function
    if any(c.free for c in decl.clauses):
        return True
    return any(isinstance(n, ast.Assume) or getattr(n, "assumed", False) for n in walk(decl.body))
