"""Loops whose invariants need a lemma: few invariants that are enough on small values, and for those that the verifier
cannot see to be kept a lemma, or a fact taken for granted."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from dafny_env.driver.types import Rule
from dafny_env.index import Located
from dafny_env.steps import DafnyStep
from dafny_env.syntax import ast
from prover.policy.symbolic import method
from prover.policy.symbolic.houdini import SETTLED, Item, Round, houdini
from prover.policy.symbolic.observe import observe
from prover.policy.symbolic.select import select
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.sieve import Sieve
from prover.policy.symbolic.splitting.attempts import Told, attempts
from prover.policy.symbolic.splitting.duties import Duty, failed, kept_by_body
from prover.policy.symbolic.splitting.enough import Enough, Fact, enough, fact
from prover.policy.symbolic.splitting.plans import claims_for
from prover.policy.symbolic.splitting.trials import Trials
from prover.policy.symbolic.view import View
from search.ports import PolicyContext, Step, Verdict

POOL = 160
"""Candidate invariants of one loop."""
SUPPORTS, OTHERS = 6, 14
"""Plain bounds that stand beside the chosen invariants, and other facts tried with them when they are not enough; all
are dropped when they fail."""
Strategy = Generator[Step, Verdict, object]


@dataclass(frozen=True)
class _Choice:
    """The invariants of one loop: chosen ones, plain ones beside them, and what else was seen to hold."""

    view: View
    facts: tuple[Fact, ...]
    supports: tuple[Fact, ...]
    others: tuple[Fact, ...] = ()

    def items(self, *, all_: bool = False) -> list[Item]:
        """Clauses for the loop, the chosen ones fixed."""
        indent = self.view.loop.indent + "  "
        ordered = [*((f, False) for f in self.supports), *((f, not all_) for f in self.facts)]
        ordered += [(f, False) for f in self.others] if all_ else []
        return [
            Item(self.view.loop.last, f"invariant {f.idea.text}", k, f.idea.cost, fixed=fixed, indent=indent)
            for k, (f, fixed) in enumerate(ordered)
        ]


def carried(setting: Setting, located: Located, context: PolicyContext) -> Strategy:
    """The loops of a method with invariants that are enough, closed as they are, or with lemmas for those that are not
    seen to be kept."""
    views = method.views_of(setting, located)
    oracle = observe(setting.program, located, setting.goal.library.programs, seed=0, effort=setting.trace_effort)
    sieve = Sieve(oracle)
    choices: dict[int, _Choice] = {}
    for view in sorted(views, key=lambda v: (len(v.loop.enclosing), v.loop.offset)):
        outer = view.loop.enclosing[-1].span.start if view.loop.enclosing else None
        around = [f.expr for f in choices[outer].facts] if outer in choices else []
        choices[view.loop.offset] = _chosen(view, sieve, around)
    if not any(c.facts for c in choices.values()):
        return None
    measures = _measures(context)
    trials = Trials(setting)
    told: list[Told] = []
    for all_ in (False, True):
        items = [i for c in choices.values() for i in c.items(all_=all_)]
        reached: Round = yield from houdini(setting.goal, [*items, *measures], "enough")
        reached = yield from method._terminate(setting, located, views, oracle, reached)
        if reached.closed or reached.refused:
            return None
        duties = list(_duties(setting, located, choices, reached))
        told.append(Told(reached.items, tuple(duties), tuple(claims_for(d, trials, setting) for d in duties)))
        if all(told[-1].claims):
            break  # what is left to show is true on its own: no further invariant is missing
    for left in reversed(told):
        yield from attempts(setting, context, left)
    return None


def _chosen(view: View, sieve: Sieve, around: Sequence[ast.Expr]) -> _Choice:
    ideas = select(view, sieve, method._more_ideas(view, sieve.oracle), limit=POOL)
    pool = [fact(view, i, e) for i in ideas if (e := sieve.expr(i.text)) is not None]
    states = sieve.oracle.states(view.loop.offset)
    found: Enough = enough(view, states, pool, around, seed=0)
    plain = [f for f in pool if f.idea.cost == 1 and f.idea.family in ("bound", "guard", "start")]
    supports = tuple(f for f in plain if f not in found.facts)[:SUPPORTS]
    others = [f for f in pool if f not in found.facts and f not in supports]
    others.sort(key=lambda f: (f.weight, len(f.idea.text)))
    return _Choice(view, found.facts, supports, tuple(others[:OTHERS]))


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


def _duties(setting: Setting, located: Located, choices: dict[int, _Choice], reached: Round) -> Iterator[Duty]:
    """What the verifier did not see: invariants that it does not find kept, and what it says of the base text."""
    facts = {
        (c.view.loop.last, f"invariant {f.idea.text}"): (c.view, f)
        for c in choices.values()
        for f in (*c.facts, *c.supports, *c.others)
    }
    standing = [facts[i.offset, i.text] for i in reached.items if (i.offset, i.text) in facts]
    chosen = {o: [f.expr for v, f in standing if v is c.view] for o, c in choices.items()}
    wanted = [facts[i.offset, i.text] for i in _blamed(reached) if (i.offset, i.text) in facts]
    gone = [(c.view, f) for c in choices.values() for f in c.facts if (c.view, f) not in standing]
    for view, left in dict.fromkeys((*wanted, *gone)):
        yield from kept_by_body(setting, view, left.expr, chosen)
    yield from failed(setting, located.decl, reached.open, chosen)


def _blamed(reached: Round) -> Iterator[Item]:
    """The items that diagnostics are about; all costly ones where the solver ran out of time before it said so."""
    found = [
        d.insertion for d in reached.open if d.insertion is not None and d.diagnostic.rule is not Rule.POSTCONDITION
    ]
    known = [reached.items[k] for k in found if k < len(reached.items)]
    if not known and (reached.timed_out or any(d.diagnostic.rule in SETTLED for d in reached.open)):
        known = [i for i in reached.items if i.cost > 1]
    return iter(known)
