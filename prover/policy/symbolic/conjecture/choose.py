"""Which conjectures are worth lending to a goal: those about its functions that testing leaves standing, none twice, none
that the file states, the most promising first."""

from __future__ import annotations

from collections.abc import Iterator

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk
from prover.policy.symbolic.conjecture.lab import Lab
from prover.policy.symbolic.conjecture.laws import laws
from prover.policy.symbolic.conjecture.opening import completed
from prover.policy.symbolic.conjecture.statement import Conjecture, conjecture
from prover.policy.symbolic.conjecture.terms import functions_of
from prover.policy.symbolic.conjecture.use import Named
from prover.policy.symbolic.instantiate import Binding, match
from prover.policy.symbolic.setting import Setting


def conjectures(setting: Setting, lab: Lab) -> Iterator[Named]:
    """Conjectures under fresh names."""
    if setting.located is None:
        return
    functions = functions_of(setting)
    table = setting.table
    words = taken_names(setting)
    known = [c for lemma in table.callables.values() if lemma.is_lemma for c in _said(lemma, table)]
    names = set(words)
    for opening in laws(functions, table):
        if lab.tired:
            return
        for found in completed(opening, functions, lab, table, words):
            if any(says(k, found) for k in known):
                continue
            known.append(found)
            name = _name(found, setting, names)
            names.add(name)
            yield Named(name, found)


def taken_names(setting: Setting) -> frozenset[str]:
    """Every name of the file: variables of lemmas must not hide what their statements speak of."""
    table = setting.table
    found = {*table.callables, *table.constructors, *table.datatypes, *table.synonyms}
    found.update(t.name for node in walk(setting.program) if isinstance(node, ast.Callable) for t in node.type_params)
    return frozenset(found)


def _said(lemma: ast.Callable, table: TypeTable) -> Iterator[Conjecture]:
    """What a lemma of the file says, clause by clause."""
    variables = {p.name: p.type for p in lemma.params if p.type is not None}
    requires = [e for c in lemma.clauses_of("requires") for e in c.exprs]
    for clause in lemma.clauses_of("ensures"):
        for expr in clause.exprs:
            yield conjecture(lemma.name, variables, requires, expr, table)


def says(known: Conjecture, new: Conjecture) -> bool:
    """Whether the one says the other, or a case of it, as far as matching tells."""
    names = {p.name for p in known.params}
    for pattern in (known.ensures, _turned(known.ensures)):
        binding: Binding = {}
        if pattern is not None and match(pattern, new.ensures, names, binding):
            from dafny_env.syntax.walk import substitute

            if all(substitute(e, binding) in new.requires for e in known.requires):
                return True
    return False


def _turned(expr: ast.Expr) -> ast.Expr | None:
    match expr:
        case ast.Binary(op="==" | "<==>" as op, left=left, right=right):
            return ast.Binary(op, right, left)
    return None


def _name(found: Conjecture, setting: Setting, names: set[str]) -> str:
    """A name after the file's habits: `Lemma_Sum_Append` where its lemmas have underscores."""
    from dafny_env.syntax.walk import fresh_name

    own = [c.name for c in setting.table.callables.values() if c.is_lemma]
    base = found.family
    if own and sum("_" in n for n in own) * 2 > len(own):
        base = "".join(f"_{c}" if c.isupper() and k else c for k, c in enumerate(base))
    if own and sum(n.lower().startswith("lemma") for n in own) * 2 > len(own):
        base = f"Lemma{'_' if '_' in own[0] else ''}{base}"
    return fresh_name(base, names)
