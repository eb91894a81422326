"""Heads of declarations: compiled and ghost functions, extreme predicates, opaque functions, type parameters."""

from __future__ import annotations

from collections.abc import Iterator

from dafny_env.dialect.context import Context
from dafny_env.syntax import ast as A

_EXTREME = {
    "least predicate": ("inductive", "predicate"),
    "least lemma": ("inductive", "lemma"),
    "greatest predicate": ("", "copredicate"),
    "greatest lemma": ("", "colemma"),
}


def scoped(decls: tuple[A.Decl, ...], scope: str = "") -> Iterator[tuple[str, A.Decl]]:
    """Every declaration with the qualified name of what it stands in."""
    for decl in decls:
        yield scope, decl
        if isinstance(decl, A.Module | A.ClassLike | A.Datatype | A.TypeDecl):
            yield from scoped(decl.members, f"{scope}.{decl.name}" if scope else decl.name)


def qualified(scope: str, name: str) -> str:
    """`scope.name`, or the name alone at the top."""
    return f"{scope}.{name}" if scope else name


def rewrite_declarations(context: Context) -> frozenset[str]:
    """Rewrite the head of every declaration. Returns the functions that are compiled for 2.3 by our choice."""
    promoted: set[str] = set()
    for scope, decl in scoped(context.program.decls):
        if any(a.at for a in getattr(decl, "attributes", ())):
            context.refuse(decl, "attributes written with @")
        if isinstance(decl, A.Callable):
            if _callable(context, scope, decl):
                promoted.add(qualified(scope, decl.name))
        elif isinstance(decl, A.Datatype):
            _drop_modifier(context, decl, "ghost")
            _type_params(context, decl, decl.type_params)
            if decl.parents:
                context.refuse(decl, "datatypes that extend traits")
            for member in decl.members:
                if isinstance(member, A.Field):
                    context.refuse(member, "constants inside datatypes")
        elif isinstance(decl, A.ClassLike):
            _class_like(context, decl)
        elif isinstance(decl, A.TypeDecl):
            _type_params(context, decl, decl.type_params)
            if decl.members or decl.parents:
                context.refuse(decl, "types with members")
            if isinstance(decl.witness, A.Star):
                context.refuse(decl, "types with `witness *`")
        elif isinstance(decl, A.Import):
            _import(context, decl)
    return frozenset(promoted)


def _callable(context: Context, scope: str, decl: A.Callable) -> bool:
    """Rewrite a head; whether the function is compiled by our choice."""
    edits = context.edits
    head = context.between(decl.span.start, max(decl.name_span.start, decl.span.start + 1))
    keyword = next((t for t in head if t.text == decl.kind.split()[0]), None)
    promote = False
    if keyword is not None and decl.is_function:
        ghost = "ghost" in decl.modifiers
        if ghost:
            _drop_modifier(context, decl, "ghost")
        promote = (
            context.plain_is_compiled
            and not ghost
            and decl.kind in ("function", "predicate")
            and qualified(scope, decl.name) not in context.demoted
        )
        behind = A.Span(keyword.end, keyword.end)
        if promote:
            edits.opening(behind, " method", keyword.start)
        if "opaque" in decl.modifiers:
            _drop_modifier(context, decl, "opaque")
            edits.opening(behind, " {:opaque}", keyword.start)
    if keyword is not None and decl.kind in _EXTREME:
        first, second = _EXTREME[decl.kind]
        other = next((t for t in head if t.start >= keyword.end), None)
        edits.replace(A.Span(keyword.start, keyword.end), first)
        if other is not None and other.text != second:
            edits.replace(A.Span(other.start, other.end), second)
    if decl.kind == "constructor" and "ghost" in decl.modifiers:
        context.refuse(decl, "ghost constructors")
    if decl.by_method is not None:
        context.refuse(decl, "functions by method")
    if not decl.is_function and decl.kind != "iterator" and not decl.is_lemma and decl.clauses_of("reads"):
        context.refuse(decl.clauses_of("reads")[0], "reads clauses of methods")
    _type_params(context, decl, decl.type_params)
    for formal in (*decl.params, *decl.returns):
        _formal(context, decl, formal)
    return promote


def _formal(context: Context, decl: A.Callable, formal: A.Formal) -> None:
    if formal.default is not None:
        context.refuse(formal, "default values of parameters")
    elif "nameonly" in formal.modifiers:
        context.refuse(formal, "nameonly parameters")
    elif "older" in formal.modifiers:
        context.refuse(formal, "older parameters")
    if formal.ghost and decl.is_function:
        # Only 4.x has ghost parameters of compiled functions. Ghostness decides what is compiled, not what is proved.
        where = context.first(("ghost",), formal.span.start, formal.span.end)
        if where is not None:
            context.edits.delete(where)


def _type_params(context: Context, decl: A.Decl, params: tuple[A.TypeParam, ...]) -> None:
    """`T(00)`, nonempty, becomes `T(0)`: auto-initialised, which asks more of callers."""
    for param in params:
        if "00" in param.text:
            for token in context.between(*param.span):
                if token.text == "00":
                    context.edits.replace(A.Span(token.start, token.end), "0")


def _drop_modifier(context: Context, decl: A.Callable | A.Datatype, word: str) -> None:
    if word in decl.modifiers:
        where = context.first((word,), decl.span.start, decl.span.end)
        if where is not None:
            context.edits.delete(where)


def _class_like(context: Context, decl: A.ClassLike) -> None:
    if decl.kind == "trait" and decl.type_params:
        context.refuse(decl, "traits with type parameters")
    plain = [p for p in decl.parents if p.name != "object"]
    if decl.kind == "trait" and plain:
        context.refuse(decl, "traits that extend traits")
    elif decl.parents and not plain:
        start = context.first(("extends",), decl.span.start, decl.span.end)
        if start is not None:
            context.edits.delete(A.Span(start.start, decl.parents[-1].span.end))


def _import(context: Context, decl: A.Import) -> None:
    """`import A.B` without a name gets the name that 4.x gives it."""
    tokens = context.between(*decl.span)
    if decl.kind != "import" or any(t.text in ("=", "`") for t in tokens):
        return
    path = [t for t in tokens if t.text not in ("import", "opened", ";")]
    if len(path) > 1:
        context.edits.opening(A.Span(path[0].start, decl.span.end), f"{path[-1].text} = ")
