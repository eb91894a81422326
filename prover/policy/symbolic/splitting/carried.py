"""Loops whose invariants need a lemma: few invariants that are enough on small values, and for those that the verifier
cannot see to be kept a lemma, or a fact taken for granted."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from dafny_env.driver.types import Rule
from dafny_env.index import Located
from dafny_env.steps import DafnyStep
from prover.policy.symbolic import method
from prover.policy.symbolic.choosing.choice import Choices, choices
from prover.policy.symbolic.houdini import SETTLED, Item, Round, houdini
from prover.policy.symbolic.observe import observe
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.sieve import Sieve
from prover.policy.symbolic.splitting.attempts import Told, attempts
from prover.policy.symbolic.splitting.duties import Duty, failed, kept_by_body, on_entry
from prover.policy.symbolic.splitting.plans import claims_for
from prover.policy.symbolic.splitting.trials import Trials
from search.ports import PolicyContext, Step, Verdict

Strategy = Generator[Step, Verdict, object]


def carried(setting: Setting, located: Located, context: PolicyContext) -> Strategy:
    """The loops of a method with invariants that are enough, closed as they are, or with lemmas for those that are not
    seen to be kept."""
    views = method.views_of(setting, located)
    oracle = observe(setting.program, located, setting.goal.library.programs, seed=0, effort=setting.trace_effort)
    sieve = Sieve(oracle)
    chosen = choices(views, sieve, method.more_ideas)
    if not chosen:
        return None
    measures = _measures(context)
    trials = Trials(setting)
    told: list[Told] = []
    for more in (False, True):
        items = [i for c in chosen.values() for i in c.items(more=more)]
        reached: Round = yield from houdini(setting.goal, [*items, *measures], "enough")
        reached = yield from method.terminated(setting, located, views, oracle, reached)
        if reached.closed or reached.refused:
            return None
        duties = list(_duties(setting, located, chosen, reached))
        told.append(Told(reached.items, tuple(duties), tuple(claims_for(d, trials, setting) for d in duties)))
        if all(told[-1].claims):
            break  # what is left to show is true on its own: no further invariant is missing
    for left in reversed(told):
        yield from attempts(setting, context, left)
    return None


def _measures(context: PolicyContext) -> list[Item]:
    """The measures of the best rejected step, which stood on lines of their own."""
    best: list[Item] = []
    least: int | None = None
    for step, verdict in context.rejected:
        count = getattr(verdict, "open_obligations", None)
        if count is None or not isinstance(step.payload, DafnyStep) or (least is not None and count >= least):
            continue
        least = count
        found = [i for i in step.payload.insertions if i.text.strip().startswith("decreases ")]
        best = [Item(i.offset, i.text.strip(), 9000, fixed=True, indent="    ") for i in found]
    return best


def _duties(setting: Setting, located: Located, chosen: Choices, reached: Round) -> Iterator[Duty]:
    """What the verifier did not see: invariants that it does not find kept, and what it says of the base text."""
    facts = {
        (c.view.loop.last, f"invariant {f.idea.text}"): (c.view, f)
        for c in chosen.values()
        for f in (*c.facts, *c.supports, *c.others)
    }
    standing = [facts[i.offset, i.text] for i in reached.items if (i.offset, i.text) in facts]
    stated = {o: [f.expr for v, f in standing if v is c.view] for o, c in chosen.items()}
    wanted = dict.fromkeys(
        (facts[i.offset, i.text], entry) for i, entry in _blamed(reached) if (i.offset, i.text) in facts
    )
    gone = [((c.view, f), False) for c in chosen.values() for f in c.facts if (c.view, f) not in standing]
    for (view, left), entry in dict.fromkeys((*wanted, *gone)):
        told = on_entry if entry else kept_by_body
        yield from told(setting, view, left.expr, stated)
    yield from failed(setting, located.decl, reached.open, stated)


def _blamed(reached: Round) -> Iterator[tuple[Item, bool]]:
    """The items that diagnostics are about, and whether that is on entry; all costly ones where the solver ran out of
    time before it said so."""
    blamed = [(d.insertion, d.diagnostic.rule) for d in reached.open if d.diagnostic.rule is not Rule.POSTCONDITION]
    known = [(reached.items[k], rule) for k, rule in blamed if k is not None and k < len(reached.items)]
    if not known and (reached.timed_out or any(d.diagnostic.rule in SETTLED for d in reached.open)):
        known = [(i, Rule.TIMEOUT) for i in reached.items if i.cost > 1]
    return ((item, rule is Rule.INVARIANT_ENTRY) for item, rule in known)
