"""Names: which are taken, and what the callable ones are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dafny_env.syntax import ast
from dafny_env.syntax.tokens import tokenize
from dafny_env.syntax.walk import walk


@dataclass(frozen=True, slots=True)
class Names:
    """lemmas, methods, functions: simple names of the candidate's and the included files' declarations (constructors of
    datatypes are functions here; everything callable that is neither lemma nor function is a method). taken: every word
    of the original and of the included files. declared: what the original declares. labels: its labels.
    refined: names of callables whose text is also taken from elsewhere, by `...`."""

    lemmas: frozenset[str]
    methods: frozenset[str]
    functions: frozenset[str]
    taken: frozenset[str]
    declared: frozenset[str]
    labels: frozenset[str]
    refined: frozenset[str]

    def is_lemma(self, name: str) -> bool:
        """Whether the name can only be a lemma's."""
        return name in self.lemmas and name not in self.methods

    def is_function(self, name: str) -> bool:
        """Whether the name can only be a function's or datatype constructor's."""
        return name in self.functions and name not in self.methods and name not in self.lemmas

    def is_fresh(self, name: str) -> bool:
        """Whether the name occurs nowhere in the original or its included files."""
        return name not in self.taken and not name.startswith("_")


_BEFORE_LABEL = frozenset(["label", "assert", "assume", "requires", "ensures", "invariant", "}"])


@dataclass(frozen=True, slots=True)
class Frozen:
    """What the original and its included files say about names."""

    taken: frozenset[str]
    declared: frozenset[str]
    labels: frozenset[str]


def frozen_names(original: ast.Program, included: Sequence[ast.Program] = ()) -> Frozen:
    """The names that an original occupies."""
    taken: set[str] = set()
    labels: set[str] = set()
    for program in (original, *included):
        tokens = tokenize(program.text)
        taken.update(t.text for t in tokens if t.kind in ("ident", "keyword"))
        if "autocontracts" in taken:
            taken.update(("Valid", "Repr"))  # its classes get specifications by them
        labels.update(
            name.text
            for before, name, behind in zip(tokens, tokens[1:], tokens[2:], strict=False)
            if behind.text == ":" and before.text in _BEFORE_LABEL
        )
    declared = {name for decl in declarations(original.decls) if (name := getattr(decl, "name", ""))}
    return Frozen(frozenset(taken), frozenset(declared), frozenset(labels))


def collect_names(candidate: ast.Program, frozen: Frozen, included: Sequence[ast.Program] = ()) -> Names:
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
    return Names(
        frozenset(lemmas),
        frozenset(methods),
        frozenset(functions),
        frozen.taken,
        frozen.declared,
        frozen.labels,
        _refined(candidate) if "..." in candidate.text else frozenset(),
    )


def _refined(program: ast.Program) -> frozenset[str]:
    """Callables with skeleton statements. Those of the same name may be what the skeletons stand for: `if ...` means
    the first `if` of the other text, so nothing may be put in front of that."""
    return frozenset(
        decl.name
        for decl in declarations(program.decls)
        if isinstance(decl, ast.Callable)
        and (decl.refining or any(isinstance(n, ast.UnknownStmt) and "..." in n.text for n in walk(decl)))
    )


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
