"""Whether what the verifier said covers everything that a candidate declares."""

from __future__ import annotations

from collections.abc import Iterable

from dafny_env.index import Located, callables
from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk


def trace_names(program: ast.Program) -> dict[str, str]:
    """The name that a verifier's trace prints for each declaration, by qualified name: of nested modules it shows only
    the last."""
    found: dict[str, str] = {}
    for name, located in callables(program).items():
        parts = name.split(".")
        keep = 3 if isinstance(located.owner, ast.ClassLike | ast.Datatype | ast.TypeDecl) else 2
        found[name] = ".".join(parts[-keep:])
    return found


def unseen(program: ast.Program, verified: Iterable[str]) -> tuple[str, ...]:
    """The qualified names of declarations that no verified name stands for."""
    seen = set(verified)
    return tuple(name for name, printed in trace_names(program).items() if name not in seen and printed not in seen)


def unverified_on_purpose(original: ast.Program, candidate: ast.Program) -> frozenset[str]:
    """Qualified names of declarations that the original itself marks `{:verify false}`, and that the candidate has as
    they are: the original's baseline says so, and nobody can ask more of a candidate. Marks on what is around a
    declaration are not meant."""
    before = callables(original)
    return frozenset(
        name
        for name, located in callables(candidate).items()
        if name in before and before[name].decl == located.decl and any(map(_is_verify_false, located.decl.attributes))
    )


def _is_verify_false(attribute: ast.Attribute) -> bool:
    return attribute.name == "verify" and attribute.args == (ast.Literal("bool", False),)


def has_something_to_prove(located: Located) -> bool:
    """Whether a declaration without any trace is suspicious, judged by its text: it has a body of statements, and a
    postcondition or an assertion."""
    decl = located.decl
    if not isinstance(decl.body, ast.Block):
        return False
    return bool(decl.clauses_of("ensures")) or any(isinstance(n, ast.Assert | ast.Clause) for n in walk(decl.body))


def resolve_target(program: ast.Program, target: str) -> str | None:
    """The qualified name of a target given by qualified or simple name; None when there is none, or more than one."""
    index = callables(program)
    if target in index:
        return target
    named = [name for name in index if name.rpartition(".")[2] == target]
    return named[0] if len(named) == 1 else None
