"""Helper lemmas that the file does not state: guessed from its functions and from what fails, tested on small inputs,
taken for granted by a step, and left to be proved as subgoals."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from itertools import islice

from dafny_env.steps import GoalKind
from prover.policy.symbolic.conjecture import lemma_goals, method_goals
from prover.policy.symbolic.conjecture.choose import conjectures
from prover.policy.symbolic.conjecture.lab import Lab
from prover.policy.symbolic.conjecture.use import Named, Strategy, helped, lent, proposed
from prover.policy.symbolic.setting import Setting
from search.ports import PolicyContext, Step, Verdict

BATCH = 6
DEEPEST = 3
"""Below so many steps from a root no lemma gets lemmas of its own."""


def stated(setting: Setting, context: PolicyContext) -> Generator[Step, Verdict, object]:
    """Steps that use lemmas of their own, most promising first."""
    located = setting.located
    if located is None or located.decl.is_function or context.depth >= DEEPEST:
        return None
    lost = {text.partition(":")[0].rpartition(".")[2] for text in context.lost_lemmas}
    pool = (n for n in conjectures(setting, Lab(setting)) if n.name not in lost)
    accepted = 0
    while accepted < context.width and (batch := list(islice(pool, BATCH))):
        used = yield from _with(setting, context, batch)
        accepted += bool(used)
    return None


def _with(setting: Setting, context: PolicyContext, lemmas: Sequence[Named]) -> Generator[Step, Verdict, Sequence[Named]]:
    """Try a goal with lemmas lent to it, and propose what succeeds; the lemmas that it needs."""
    while lemmas:
        able = lent(setting, lemmas)
        ended = yield from helped(setting, _strategy(able, context, lemmas), lemmas)
        if not ended.malformed:
            if ended.round is not None and ended.round.closed:
                return (yield from proposed(setting, ended.round, lemmas, "lemmas"))
            return ()
        lemmas = [n for n in lemmas if n.name not in ended.malformed]
    return ()


def _strategy(setting: Setting, context: PolicyContext, lemmas: Sequence[Named]) -> Strategy:
    assert setting.located is not None
    if setting.goal.kind is not GoalKind.DECLARATION or setting.located.decl.is_lemma:
        return lemma_goals.prove_with(setting, lemmas)
    return method_goals.prove_with(setting, lemmas, context)
