"""Lent lemmas in the proof of a lemma, or of a fact: called where their terms match, or taught as they are."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from dafny_env.steps import GoalKind
from prover.policy.symbolic.conjecture.relevance import Relevance
from prover.policy.symbolic.conjecture.use import Strategy
from prover.policy.symbolic.houdini import Round, houdini
from prover.policy.symbolic.induction import hypotheses
from prover.policy.symbolic.lemma import MAX_LINES, with_body
from prover.policy.symbolic.lemma_hints import identities_of
from prover.policy.symbolic.points import Line, placed
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.universal import taught
from search.ports import Step, Verdict


def prove_with(setting: Setting, lemmas: Sequence[Relevance], own: Sequence[str]) -> Strategy:
    """A lemma's body with the lent lemmas, which `setting` has already. own: calls of the lemma itself."""
    assert setting.located is not None
    decl, table = setting.located.decl, setting.table
    natural = hypotheses(decl, table, functional=True)
    inductive = hypotheses(decl, table)
    lessons = taught(decl, table)
    called = [Line(c.text) for lemma in lemmas for c in lemma.calls]
    calls = [*(Line(text) for text in own), *called]
    identities = identities_of(decl, table)
    last: Round | None = None
    batches = [calls] if own else []
    batches += [[*called, *natural], [*calls, *identities, *inductive]] if called else []
    if len(lemmas) > 1 or (lemmas and not calls):
        batches.append([*lessons, *natural])
    for number, lines in enumerate(batches):
        if lines in batches[:number]:
            continue
        if setting.goal.kind is GoalKind.FACT:
            last = yield from _at_fact(setting, lines)
        else:
            last = yield from with_body(setting, decl, lines, kind="lemmas", hasty=True)
        if last.closed:
            return last
    return last


def _at_fact(setting: Setting, lines: list[Line]) -> Generator[Step, Verdict, Round]:
    items = placed(setting.goal.base, setting.goal.site.start, lines[:MAX_LINES])
    return (yield from houdini(setting.goal, items, "lemmas", hasty=True))
