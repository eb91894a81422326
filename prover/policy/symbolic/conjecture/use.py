"""Steps that take conjectured lemmas for granted: tried with many, proposed with those that are needed.

The lemmas stand in front of the declaration without bodies, and are taught or called where the file's own would be. All
of it is tried first (`Step.trial`); what is accepted is proposed again with as few lemmas as will do, since each is a
goal of its own then.
"""

from __future__ import annotations

import copy
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from dafny_env.environment import StepDiagnostic
from dafny_env.steps import DafnyStep
from dafny_env.syntax import ast
from dafny_env.syntax.tokens import tokenize
from prover.policy.symbolic.conjecture.statement import Conjecture
from prover.policy.symbolic.houdini import PATIENT, QUICK, Item, Round, build, make_step
from prover.policy.symbolic.setting import Setting
from search.ports import Accepted, Rejected, Step, Verdict

Strategy = Generator[Step, Verdict, Round | None]
PRUNINGS, FEW = 12, 6
"""Checks for finding out which lemmas are needed, and how many of them are left out one by one."""


@dataclass(frozen=True, slots=True)
class Named:
    """A conjecture under the name that it has at one goal."""

    name: str
    conjecture: Conjecture


@dataclass(frozen=True, slots=True)
class Ended:
    """How a strategy ended that was lent lemmas. malformed: lemmas that do not even make sense to the verifier."""

    round: Round | None = None
    malformed: frozenset[str] = frozenset()


def lent(setting: Setting, lemmas: Sequence[Named]) -> Setting:
    """The setting as if the file had the lemmas."""
    new = copy.copy(setting)
    new.table = copy.copy(setting.table)
    decls = {n.name: n.conjecture.declaration(n.name) for n in lemmas}
    new.table.callables = {**decls, **setting.table.callables}
    return new


def helper_texts(setting: Setting, lemmas: Sequence[Named]) -> str:
    """The lemmas as a step's helpers."""
    static = setting.located is not None and isinstance(setting.located.owner, ast.ClassLike | ast.Datatype)
    return "\n\n".join(n.conjecture.text(n.name, static=static) for n in lemmas)


def helped(setting: Setting, strategy: Strategy, lemmas: Sequence[Named]) -> Generator[Step, Verdict, Ended]:
    """A strategy's steps as trials with the lemmas as helpers, until it ends or one of them makes no sense."""
    helpers = helper_texts(setting, lemmas)
    verdict: Verdict | None = None
    while True:
        try:
            step = next(strategy) if verdict is None else strategy.send(verdict)
        except StopIteration as ended:
            return Ended(ended.value)
        verdict = yield with_helpers(step, helpers)
        if isinstance(verdict, Rejected) and (bad := _malformed(setting, lemmas, verdict)):
            strategy.close()
            return Ended(malformed=bad)


def with_helpers(step: Step, helpers: str) -> Step:
    """The step as a trial that has helpers besides."""
    payload: DafnyStep = replace(step.payload, helpers=helpers)
    made = make_step(payload, step.kind)
    return replace(made, key=f"{made.key}?", trial=True)


def _malformed(setting: Setting, lemmas: Sequence[Named], verdict: Rejected) -> frozenset[str]:
    """The lemmas that errors lie in: they speak of what has no value, or are not well typed."""
    start = setting.located.decl.span.start if setting.located is not None else setting.goal.site.start
    places: list[tuple[str, int, int]] = []
    for lemma in lemmas:
        end = start + len(helper_texts(setting, [lemma]))
        places.append((lemma.name, start, end))
        start = end + len("\n\n")
    found: set[str] = set()
    for told in verdict.diagnostics:
        if isinstance(told, StepDiagnostic) and told.diagnostic.place.file is None:
            found.update(name for name, first, end in places if told.insertion is None and first <= told.offset < end)
    return frozenset(found)


def proposed(
    setting: Setting, reached: Round, lemmas: Sequence[Named], kind: str
) -> Generator[Step, Verdict, Sequence[Named] | None]:
    """What was accepted, with the lemmas that it needs and no others; these are given back (None where the final step
    was not accepted after all). lemmas: the best ones first."""
    used = _mentioned(reached.items, {n.name for n in lemmas})
    kept = [n for n in lemmas if n.name in used]
    items = list(reached.items)
    # One by one where they are few: what is left are then those that were guessed first.
    waiting = [[n] for n in reversed(kept)]
    if len(waiting) > FEW:
        waiting = _halves([n for (n,) in waiting])
    for _ in range(PRUNINGS):
        if not waiting or len(kept) < 2:
            break
        group = waiting.pop(0)
        fewer = [n for n in kept if n not in group]
        without = [i for i in items if not _mentioned([i], {n.name for n in group})]
        verdict = yield with_helpers(_built(setting, without, kind), helper_texts(setting, fewer))
        if isinstance(verdict, Accepted):
            kept, items = fewer, without
        elif len(group) > 1:
            waiting = [*_halves(group), *waiting]
    helpers = helper_texts(setting, kept)
    for solver_seconds in (QUICK, PATIENT):
        step = _built(setting, items, kind, solver_seconds)
        verdict = yield make_step(replace(step.payload, helpers=helpers), kind)
        if isinstance(verdict, Accepted):
            return kept
    return None


def _halves(lemmas: Sequence[Named]) -> list[list[Named]]:
    middle = (len(lemmas) + 1) // 2
    return [list(half) for half in (lemmas[:middle], lemmas[middle:]) if half]


def _built(setting: Setting, items: Sequence[Item], kind: str, solver_seconds: int = QUICK) -> Step:
    return build(setting.goal, items, kind, thorough=True, solver_seconds=solver_seconds)


def _mentioned(items: Sequence[Item], names: set[str]) -> set[str]:
    return {t.text for i in items for t in tokenize(i.text) if t.text in names}
