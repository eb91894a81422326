"""Steps with lemmas of their own: what is conjectured, in which company it is tried, and when to stop."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from dafny_env.steps import GoalKind
from prover.policy.symbolic.conjecture import lemma_goals, method_goals
from prover.policy.symbolic.conjecture.choose import conjectures
from prover.policy.symbolic.conjecture.lab import Lab
from prover.policy.symbolic.conjecture.method_goals import SoFar, mentioned_in
from prover.policy.symbolic.conjecture.recursion import recursive_functions
from prover.policy.symbolic.conjecture.relevance import ROUNDS, Relevance, hypotheses, relevant
from prover.policy.symbolic.conjecture.use import Named, Strategy, helped, lent, proposed
from prover.policy.symbolic.conjecture.wanted import places
from prover.policy.symbolic.setting import Setting
from search.ports import PolicyContext, Step, Verdict

POOL = 40
"""Conjectures among which those that a goal may need are chosen."""
NEAR, FIRST, BATCH = 2, 3, 5
"""The worst rank at first, and lemmas that are lent at once, at first and later."""
DEEPEST = 3
"""Below so many steps from a root no lemma gets lemmas of its own."""


def stated(setting: Setting, context: PolicyContext) -> Generator[Step, Verdict, object]:
    """Steps that use lemmas of their own, most promising first."""
    located = setting.located
    if located is None or located.decl.is_function or context.depth >= DEEPEST:
        return None
    lost = {text.partition(":")[0].rpartition(".")[2] for text in context.lost_lemmas}
    known = SoFar()
    functions = recursive_functions(setting)
    if not _by_lines(setting):
        known = method_goals.known_so_far(setting, context, functions)
        spoken = mentioned_in(known.combined)
        functions = [replace(f, distance=0) if f.name in spoken else f for f in functions]
    where = places(setting, method_goals.invariants_of(known, located.decl, functions), functions)
    pool = [n for n in islice(conjectures(setting, functions, where, Lab(setting)), POOL) if n.name not in lost]
    ranked = relevant(pool, where, setting.table)
    accepted = 0
    own: Sequence[str] = ()
    if _by_lines(setting) and setting.located is not None and located.decl.is_lemma:
        own = hypotheses(located.decl, setting.table)
    tried: list[frozenset[str]] = []
    for batch in (*([()] if own or known.combined else []), *_batches(ranked, one_first=_by_lines(setting))):
        names = frozenset(r.lemma.name for r in batch)
        if any(names <= others for others in tried if names):
            continue
        tried.append(names)
        used = yield from _with(setting, known, batch, own)
        accepted += used is not None
        if accepted >= context.width:
            break
    return None


def _batches(ranked: Sequence[Relevance], *, one_first: bool) -> Iterator[Sequence[Relevance]]:
    """Those whose terms the goal speaks of, a few; then all that may have to do with it; then the others. one_first:
    the best one is tried alone before."""
    near = [r for r in ranked if r.round == 0 and r.rank <= NEAR]
    close = [r for r in ranked if r.round < ROUNDS]
    rest = [r for r in ranked if r not in close]
    if one_first and ranked and ranked[0].calls:
        yield ranked[:1]
    yield from ([r for r in near if r.rank <= 0][:FIRST],) if near and near[0].rank <= 0 else ()
    yield from (near[k : k + FIRST] for k in range(0, len(near), FIRST))
    yield from (close[k : k + BATCH] for k in range(0, len(close), BATCH))
    yield from (rest[k : k + BATCH] for k in range(0, len(rest), BATCH))


def _with(
    setting: Setting, known: SoFar, lemmas: Sequence[Relevance], own: Sequence[str]
) -> Generator[Step, Verdict, Sequence[Named] | None]:
    """Try a goal with lemmas lent to it, and propose what succeeds; the lemmas that it needs then. own: calls of itself
    that its proof may need."""
    while True:
        named = [r.lemma for r in lemmas]
        ended = yield from helped(setting, _strategy(lent(setting, named), known, lemmas, own), named)
        if not ended.malformed:
            if ended.round is not None and ended.round.closed:
                return (yield from proposed(setting, ended.round, named, "lemmas"))
            return None
        lemmas = [r for r in lemmas if r.lemma.name not in ended.malformed]
        if not lemmas:
            return None


def _by_lines(setting: Setting) -> bool:
    return setting.goal.kind is not GoalKind.DECLARATION or (
        setting.located is not None and setting.located.decl.is_lemma
    )


def _strategy(setting: Setting, known: SoFar, lemmas: Sequence[Relevance], own: Sequence[str]) -> Strategy:
    if _by_lines(setting):
        return lemma_goals.prove_with(setting, lemmas, own)
    return method_goals.prove_with(setting, lemmas, known)
