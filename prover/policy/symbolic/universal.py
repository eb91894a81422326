"""Lemmas as facts about everything: `forall x' | P(x') { L(x'); }` teaches the solver what a lemma says.

The solver then instantiates the lemma itself, by the terms it meets (e-matching), where a call would have to name them.
The price is that it may do so without end: whoever proposes these lines keeps an eye on timeouts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product

from dafny_env.scope import INTEGERS, TypeTable, formals
from dafny_env.syntax import ast
from dafny_env.syntax.print_type import show_type
from dafny_env.syntax.walk import fresh_name, substitute, walk
from prover.policy.symbolic.points import Line
from prover.policy.symbolic.view import printed

PLAIN = INTEGERS | {"bool", "real", "char", "string"}
COLLECTIONS = frozenset({"seq", "set", "multiset", "map", "(,)", "->", "-->"})
MAX_PARAMETERS, MAX_READINGS = 5, 2
"""Parameters of a lemma, and choices of types for the type parameters of one."""


def universal_calls(decl: ast.Callable, table: TypeTable) -> list[str]:
    """The file's other lemmas as statements for the body of a declaration; those about the heap are left out."""
    found: dict[str, None] = {}
    taken = frozenset(v.name for v in formals(decl)) | frozenset(table.callables)
    for lemma in table.callables.values():
        if not lemma.is_lemma or lemma.name == decl.name or "twostate" in lemma.kind or lemma.returns:
            continue
        if not 0 < len(lemma.params) <= MAX_PARAMETERS:
            continue
        for types in islice(_readings(lemma, decl, table), MAX_READINGS):
            found[_statement(lemma, types, taken)] = None
    return list(found)


def taught(decl: ast.Callable, table: TypeTable) -> list[Line]:
    """The same as lines, the first to be given up when time is short."""
    return [Line(text, cost=4) for text in universal_calls(decl, table)]


def _statement(lemma: ast.Callable, types: list[ast.Type], taken: frozenset[str]) -> str:
    names = {p.name: fresh_name(f"{p.name}'", taken) for p in lemma.params}
    values: dict[str, ast.Expr] = {old: ast.Name(new) for old, new in names.items()}
    bound = ", ".join(f"{names[p.name]}: {show_type(t)}" for p, t in zip(lemma.params, types, strict=True))
    requires = [f"({printed(substitute(e, values))})" for c in lemma.clauses_of("requires") for e in c.exprs]
    condition = f" | {' && '.join(requires)}" if requires else ""
    return f"forall {bound}{condition} {{ {lemma.name}({', '.join(names.values())}); }}"


def _readings(lemma: ast.Callable, decl: ast.Callable, table: TypeTable) -> Iterator[list[ast.Type]]:
    """The types of a lemma's parameters, with concrete types of the declaration for its type parameters."""
    generic = [p.name for p in lemma.type_params]
    own = {p.name for p in decl.type_params}
    concrete = _concrete(decl, own)
    choices = [[ast.Type(name)] if name in own else concrete for name in generic]
    for chosen in product(*choices):
        values = dict(zip(generic, chosen, strict=True))
        types = [_instance(p.type, values) for p in lemma.params if p.type is not None]
        if len(types) == len(lemma.params) and all(_is_value(t, own, table) for t in types):
            yield types


def _concrete(decl: ast.Callable, own: set[str]) -> list[ast.Type]:
    """Types without parts that a declaration speaks of, integers last."""
    found = {n.name: n for n in walk(decl) if isinstance(n, ast.Type) and not n.args}
    named = [t for name, t in found.items() if name in PLAIN or name in own]
    return [*named, *([] if "int" in found else [ast.Type("int")])]


def _instance(type_: ast.Type, values: Mapping[str, ast.Type]) -> ast.Type:
    if not type_.args:
        return values.get(type_.name, type_)
    return ast.Type(type_.name, tuple(_instance(a, values) for a in type_.args), type_.qualifier)


def _is_value(type_: ast.Type, own: set[str], table: TypeTable) -> bool:
    """Whether a type has nothing to do with the heap."""
    resolved = table.resolve(type_) or type_
    collection = resolved.name in COLLECTIONS and bool(resolved.args)  # Dafny does not infer them here
    known = collection or resolved.name in PLAIN | own or resolved.name in table.datatypes
    return known and all(_is_value(a, own, table) for a in resolved.args)
