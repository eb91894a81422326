"""The invariants that are tried first at the loops of a method: those that are enough, and plain bounds beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dafny_env.syntax import ast
from prover.policy.symbolic.choosing.enough import Enough, Fact, enough, fact
from prover.policy.symbolic.choosing.relations import relations
from prover.policy.symbolic.generalise import in_turn
from prover.policy.symbolic.houdini import Item
from prover.policy.symbolic.select import select
from prover.policy.symbolic.sieve import Sieve
from prover.policy.symbolic.view import Idea, Oracle, View

POOL = 160
"""Candidate invariants of one loop."""
LOOKS = 2
"""How often further ideas are looked at when what there is is not enough."""
SUPPORTS, OTHERS = 6, 14
"""Plain bounds that stand beside the chosen invariants, and other facts tried with them when they are not enough; all
are dropped when they fail."""

Choices = dict[int, "Choice"]
"""By the offsets of the loops."""


@dataclass(frozen=True)
class Choice:
    """The invariants of one loop: chosen ones, plain ones beside them, and what else was seen to hold."""

    view: View
    facts: tuple[Fact, ...]
    supports: tuple[Fact, ...] = ()
    others: tuple[Fact, ...] = ()

    def items(self, *, more: bool = False) -> list[Item]:
        """Clauses for the loop: the chosen ones fixed, or with `more` all of them, to be pruned."""
        indent = self.view.loop.indent + "  "
        ordered = [*((f, False) for f in self.supports), *((f, not more) for f in self.facts)]
        ordered += [(f, False) for f in self.others] if more else []
        return [
            Item(self.view.loop.last, f"invariant {f.idea.text}", k, f.idea.cost, fixed=fixed, indent=indent)
            for k, (f, fixed) in enumerate(ordered)
        ]


def choices(views: Sequence[View], sieve: Sieve, ideas: Callable[[View, Oracle], Iterable[Idea]]) -> Choices:
    """A choice for each loop, outer ones first: what is chosen there is what inner ones must carry. Empty where nothing
    was seen, or nothing is needed."""
    found: Choices = {}
    for view in sorted(views, key=lambda v: (len(v.loop.enclosing), v.loop.offset)):
        outer = view.loop.enclosing[-1].span.start if view.loop.enclosing else None
        around = [f.expr for f in found[outer].facts] if outer in found else []
        found[view.loop.offset] = _choice(view, sieve, ideas, around)
    return found if any(c.facts for c in found.values()) else {}


def _choice(
    view: View, sieve: Sieve, ideas: Callable[[View, Oracle], Iterable[Idea]], around: Sequence[ast.Expr]
) -> Choice:
    pool: list[Fact] = []
    found = Enough((), 0)
    for _ in range(LOOKS):
        told = in_turn(iter(ideas(view, sieve.oracle)), relations(view, sieve.oracle))
        selected = select(view, sieve, told, limit=POOL)
        if len(selected) <= len(pool):
            break
        pool = [fact(view, i, e) for i in selected if (e := sieve.expr(i.text)) is not None]
        found = enough(view, sieve.oracle.states(view.loop.offset), pool, around)
        if not found.uncovered:
            break  # else what is missing may be among the ideas that there was no effort left for
    facts = found.facts
    plain = [f for f in pool if f.idea.cost == 1 and f.idea.family in ("bound", "guard", "start")]
    supports = tuple(f for f in plain if f not in facts)[:SUPPORTS]
    others = [f for f in pool if f not in facts and f not in supports]
    others.sort(key=lambda f: (f.weight, len(f.idea.text)))
    return Choice(view, facts, supports, tuple(others[:OTHERS]))
