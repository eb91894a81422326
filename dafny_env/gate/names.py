"""Names: which are taken, and what the callable ones are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dafny_env.syntax import ast
from dafny_env.syntax.tokens import tokenize


@dataclass(frozen=True, slots=True)
class Names:
    """lemmas, methods, functions: simple names of the candidate's and the included files' declarations (constructors of
    datatypes are functions here; everything callable that is neither lemma nor function is a method). taken: every word
    of the original and of the included files. declared: what the original declares."""

    lemmas: frozenset[str]
    methods: frozenset[str]
    functions: frozenset[str]
    taken: frozenset[str]
    declared: frozenset[str]

    def is_lemma(self, name: str) -> bool:
        """Whether the name can only be a lemma's."""
        return name in self.lemmas and name not in self.methods

    def is_function(self, name: str) -> bool:
        """Whether the name can only be a function's or datatype constructor's."""
        return name in self.functions and name not in self.methods and name not in self.lemmas

    def is_fresh(self, name: str) -> bool:
        """Whether the name occurs nowhere in the original or its included files."""
        return name not in self.taken and not name.startswith("_")


def collect_names(candidate: ast.Program, original: ast.Program, included: Sequence[ast.Program] = ()) -> Names:
    """The names of a candidate that is to be compared with an original."""
    lemmas: set[str] = set()
    methods = {"MoveNext"}
    functions: set[str] = set()
    for program in (candidate, *included):
        for decl in declarations(program.decls):
            if isinstance(decl, ast.Callable):
                kind = functions if decl.is_function else lemmas if decl.is_lemma else methods
                kind.add(decl.name or "_ctor")
            elif isinstance(decl, ast.Datatype):
                functions.update(c.name for c in decl.constructors)
    taken = {t.text for p in (original, *included) for t in tokenize(p.text) if t.kind in ("ident", "keyword", "int")}
    declared = {name for decl in declarations(original.decls) if (name := getattr(decl, "name", ""))}
    return Names(frozenset(lemmas), frozenset(methods), frozenset(functions), frozenset(taken), frozenset(declared))


def declarations(decls: Sequence[ast.Decl]) -> Iterator[ast.Decl]:
    """All declarations, members included."""
    stack = list(reversed(decls))
    while stack:
        decl = stack.pop()
        yield decl
        stack.extend(reversed(getattr(decl, "members", ())))


def callee(expr: ast.Expr | None) -> str | None:
    """The last part of the name that a call calls; None for anything else."""
    if not isinstance(expr, ast.Call):
        return None
    function = expr.function
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Member):
        return function.name
    return ""
