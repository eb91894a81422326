"""A fact at a program point made into a lemma: proved on its own, by induction if need be, and called there with the
current values."""

from __future__ import annotations

from collections.abc import Generator

from dafny_env.index import Located
from dafny_env.steps import DafnyStep, Insertion
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse_expression
from dafny_env.syntax.walk import conjuncts
from prover.policy.symbolic.houdini import make_step
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.splitting.duties import Duty, opened
from prover.policy.symbolic.splitting.knowledge import point_at
from prover.policy.symbolic.splitting.plans import Part, by_lemma, claims_for
from prover.policy.symbolic.splitting.trials import Trials
from search.ports import Accepted, PolicyContext, Step, Verdict


def as_lemmas(setting: Setting, located: Located, context: PolicyContext) -> Generator[Step, Verdict, object]:
    """Steps that prove a fact by lemmas, one for each of its conjuncts, the widest first."""
    fact = parse_expression(setting.goal.fact)
    if not isinstance(fact, ast.Expr):
        return None
    place = setting.goal.site.start
    point = point_at(located.decl, place, setting.table)
    lost = frozenset(entry.partition(":")[0] for entry in context.lost_lemmas)
    trials = Trials(setting)
    duties = [opened(Duty(point, (), part, place, part)) for part in conjuncts(fact)]
    claims = [claims_for(d, trials, setting) for d in duties]
    if not all(claims):
        return None
    accepted = 0
    for rank in range(max(map(len, claims))):
        parts = [by_lemma(setting, d, c[min(rank, len(c) - 1)]) for d, c in zip(duties, claims, strict=True)]
        if any(lost & set(p.names) for p in parts):
            continue
        verdict = yield _step(parts)
        accepted += isinstance(verdict, Accepted)
        if accepted > context.visits:
            break
    return None


def _step(parts: list[Part]) -> Step:
    lines = [item.text for part in parts for item in part.items]
    text = "\n" + "".join(f"    {line}\n" for line in lines)
    helpers = "\n\n".join(dict.fromkeys(p.helpers for p in parts if p.helpers))
    payload = DafnyStep((Insertion(0, text),), helpers, thorough=True, solver_seconds=6)
    return make_step(payload, "decomposition")
