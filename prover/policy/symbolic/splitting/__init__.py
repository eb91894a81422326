"""Intermediate facts at program points: taken for granted now (`assume`), and left to be proved as subgoals."""

from __future__ import annotations

from collections.abc import Generator

from dafny_env.steps import GoalKind
from dafny_env.syntax import ast
from prover.policy.symbolic.method import views_of
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.splitting.carried import carried
from prover.policy.symbolic.splitting.facts import as_lemmas
from prover.policy.symbolic.splitting.inductive import inductive
from prover.policy.symbolic.splitting.shown import shown
from search.ports import PolicyContext, Step, Verdict


def splits(setting: Setting, context: PolicyContext) -> Generator[Step, Verdict, object]:
    """Facts and cases that a goal is split into, most promising first."""
    located = setting.located
    if located is None:
        return None
    if setting.goal.kind is GoalKind.FACT:
        yield from as_lemmas(setting, located, context)
    elif setting.goal.kind is GoalKind.LEMMA or _empty(located.decl):
        yield from inductive(setting, context)
    return None


def mended(setting: Setting, context: PolicyContext) -> Generator[Step, Verdict, object]:
    """What was rejected, with the obligations that failed taken for granted as facts."""
    located = setting.located
    if located is None or setting.goal.kind is GoalKind.FACT:
        return None
    if views_of(setting, located):
        yield from carried(setting, located, context)
    elif setting.goal.kind is GoalKind.DECLARATION and not _empty(located.decl):
        yield from shown(setting, located, context)
    return None


def _empty(decl: ast.Callable) -> bool:
    """Whether there is nothing in a lemma yet: then what is left to show is what it says."""
    return decl.is_lemma and isinstance(decl.body, ast.Block) and not decl.body.body
