"""Steps for what is left to show: lemmas of their own first, the widest first, then facts where they are needed."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from dafny_env.environment import StepDiagnostic
from dafny_env.syntax import ast
from dafny_env.syntax.walk import conjuncts
from prover.policy.symbolic.houdini import Item
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.splitting.claims import Claim, merge
from prover.policy.symbolic.splitting.duties import Duty
from prover.policy.symbolic.splitting.plans import (
    Part,
    by_fact,
    by_fact_at_end,
    by_lemma,
    items_of,
    step_of,
)
from search.ports import Accepted, PolicyContext, Rejected, Step, Verdict

MAX_DUTIES = 8
Strategy = Generator[Step, Verdict, object]


@dataclass(frozen=True)
class Told:
    """What is left to show on top of some items, with claims that would do it (per duty, the widest first)."""

    items: tuple[Item, ...]
    duties: tuple[Duty, ...]
    claims: tuple[Sequence[Claim], ...]


def attempts(setting: Setting, context: PolicyContext, told: Told) -> Strategy:
    """Steps that do all of the duties: by lemmas from the widest claims on, then by facts."""
    if not told.duties or len(told.duties) > MAX_DUTIES:
        return None
    lost = frozenset(entry.partition(":")[0] for entry in context.lost_lemmas)
    accepted = 0
    for parts in _plans(setting, told.duties, told.claims, lost):
        verdict = yield from attempt(setting, told.items, parts)
        accepted += isinstance(verdict, Accepted)
        if accepted > context.visits:
            break
    return accepted


def _plans(
    setting: Setting, duties: Sequence[Duty], claims: Sequence[Sequence[Claim]], lost: frozenset[str]
) -> Generator[list[Part], None, None]:
    for rank in range(max(map(len, claims), default=0)):
        parts: list[Part] = []
        for duty, found in zip(duties, claims, strict=True):
            usable = [p for c in found if not lost & set((p := by_lemma(setting, duty, c)).names)]
            parts.append(usable[min(rank, len(usable) - 1)] if usable else by_fact(setting, duty))
        if not any(_promised(setting, d) for d, found in zip(duties, claims, strict=True) if not found):
            yield parts
        if rank == 0 and (together := _together(setting, duties, claims, lost)) is not None:
            yield together
    if not any(_promised(setting, d) for d in duties):
        yield [by_fact(setting, d) for d in duties]
    if not any(_promised(setting, replace(d, formula=d.stated)) for d in duties):
        yield [by_fact_at_end(setting, d) for d in duties]


def _promised(setting: Setting, duty: Duty) -> bool:
    """Whether a fact would only say what the contract promises."""
    located = setting.located
    ensured = [e for c in located.decl.clauses_of("ensures") for e in c.exprs] if located is not None else []
    return duty.whole in {p for e in ensured for p in (e, *conjuncts(e))}


def _together(
    setting: Setting, duties: Sequence[Duty], claims: Sequence[Sequence[Claim]], lost: frozenset[str]
) -> list[Part] | None:
    """One lemma for what is left on several ways from one place: on its own, one way may need the other in its
    induction. None where there are no such ways."""
    widest = [found[0] if found else None for found in claims]
    groups: dict[tuple[int, ast.Expr], list[int]] = {}
    for k, (duty, claim) in enumerate(zip(duties, widest, strict=True)):
        if claim is not None and not claim.idle and duty.conditions and not duty.variables:
            groups.setdefault((duty.point.offset, duty.stated), []).append(k)
    merged: dict[int, Part] = {}
    for ways in groups.values():
        both = merge([c for k in ways if (c := widest[k]) is not None])
        if len(ways) > 1 and both is not None:
            part = by_lemma(setting, replace(duties[ways[0]], conditions=()), both)
            merged |= {k: part if k == ways[0] else Part() for k in ways}
    if not merged or any(lost & set(p.names) for p in merged.values()):
        return None
    rest = [
        by_lemma(setting, d, c) if c is not None else by_fact(setting, d) for d, c in zip(duties, widest, strict=True)
    ]
    return [merged.get(k, part) for k, part in enumerate(rest)]


def attempt(
    setting: Setting, items: Sequence[Item], parts: Sequence[Part], kind: str = "decomposition"
) -> Generator[Step, Verdict, Verdict]:
    """One step, and once more without the hints that fail, where some do."""
    step = step_of(setting, items, parts, kind)
    verdict = yield step
    if isinstance(verdict, Rejected):
        order = items_of(step, items, parts)
        bad = _failing_hints(verdict.diagnostics, order)
        if bad:
            kept = [Part(tuple(i for i in p.items if i not in bad), p.helpers, p.names) for p in parts]
            verdict = yield step_of(setting, items, kept, kind)
    return verdict


def _failing_hints(found: Sequence[StepDiagnostic], order: Sequence[Item]) -> list[Item]:
    at = {d.insertion for d in found if d.insertion is not None}
    return [order[k] for k in at if k < len(order) and not order[k].fixed and "assert " in order[k].text]
