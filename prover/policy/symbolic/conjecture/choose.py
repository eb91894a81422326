"""Which conjectures are worth lending to a goal: those about its functions that testing leaves standing, none twice,
none that the file states, the most promising first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dafny_env.scope import TypeTable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import fresh_name, walk
from prover.policy.symbolic.conjecture.completion import completed
from prover.policy.symbolic.conjecture.facts import facts
from prover.policy.symbolic.conjecture.lab import Lab
from prover.policy.symbolic.conjecture.laws import laws
from prover.policy.symbolic.conjecture.matching import says
from prover.policy.symbolic.conjecture.needs import needs
from prover.policy.symbolic.conjecture.statement import Conjecture, conjecture
from prover.policy.symbolic.conjecture.terms import Fn
from prover.policy.symbolic.conjecture.use import Named
from prover.policy.symbolic.conjecture.wanted import Place
from prover.policy.symbolic.setting import Setting


def conjectures(setting: Setting, functions: Sequence[Fn], places: Sequence[Place], lab: Lab) -> Iterator[Named]:
    """Conjectures about some functions, under fresh names. places: where the goal may need them."""
    table = setting.table
    words = taken_names(setting)
    lemmas = {id(d): d for d in (*walk(setting.program), *table.callables.values()) if isinstance(d, ast.Callable)}
    known = [c for lemma in lemmas.values() if lemma.is_lemma for c in _said(lemma, table)]
    names = set(words)
    for found in _found(functions, places, lab, table, words):
        if any(says(k, found) for k in known):
            continue
        known.append(found)
        name = _name(found, setting)
        if name in setting.goal.forbidden:
            continue  # by its name, what waits for this goal itself
        name = fresh_name(name, names | setting.goal.forbidden)
        names.add(name)
        yield Named(name, found)


def _found(
    functions: Sequence[Fn], places: Sequence[Place], lab: Lab, table: TypeTable, words: frozenset[str]
) -> Iterator[Conjecture]:
    for opening in (*needs(places, functions, table), *laws(functions, table)):
        if lab.tired:
            return
        yield from completed(opening, functions, lab, table, words)
    yield from facts(functions, lab, table, words)


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


def _name(found: Conjecture, setting: Setting) -> str:
    """A name after the file's habits: `Lemma_Sum_Append` where its lemmas have underscores."""
    own = [c.name for c in setting.table.callables.values() if c.is_lemma]
    base = found.family
    if own and sum("_" in n for n in own) * 2 > len(own):
        base = "".join(f"_{c}" if c.isupper() and k else c for k, c in enumerate(base))
    if own and sum(n.lower().startswith("lemma") for n in own) * 2 > len(own):
        base = f"Lemma{'_' if '_' in own[0] else ''}{base}"
    return base
