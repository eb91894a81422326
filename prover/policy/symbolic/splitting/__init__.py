"""Intermediate facts at program points: taken for granted now (`assume`), and left to be proved as subgoals."""

from __future__ import annotations

from collections.abc import Generator

from dafny_env.steps import GoalKind
from prover.policy.symbolic.method import views_of
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.splitting.carried import carried
from prover.policy.symbolic.splitting.facts import as_lemmas
from prover.policy.symbolic.splitting.inductive import inductive, is_unproved, witnessed
from prover.policy.symbolic.splitting.shown import shown
from search.ports import PolicyContext, Step, Verdict

__all__ = ["mended", "splits", "witnessed"]


def splits(setting: Setting, context: PolicyContext) -> Generator[Step, Verdict, object]:
    """Facts and cases that a goal is split into, most promising first."""
    located = setting.located
    if located is None:
        return None
    if setting.goal.kind is GoalKind.FACT:
        yield from as_lemmas(setting, located, context)
    elif is_unproved(located.decl):
        yield from inductive(setting, context)
    return None


def mended(setting: Setting, context: PolicyContext) -> Generator[Step, Verdict, object]:
    """What was rejected, with the obligations that failed taken for granted as facts."""
    located = setting.located
    if located is None or setting.goal.kind is GoalKind.FACT:
        return None
    if views_of(setting, located):
        yield from carried(setting, located, context)
    elif setting.goal.kind is GoalKind.DECLARATION and not is_unproved(located.decl):
        yield from shown(setting, located, context)
    return None
