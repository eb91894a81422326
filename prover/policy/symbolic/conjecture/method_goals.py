"""Lent lemmas in a method: taught at the start of its body, together with the invariants that they make provable."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from dafny_env.index import Located
from dafny_env.steps import DafnyStep
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse_expression
from dafny_env.syntax.walk import walk
from prover.policy.symbolic import hints
from prover.policy.symbolic.conjecture.use import Named, Strategy
from prover.policy.symbolic.houdini import Item, houdini
from prover.policy.symbolic.method import prove_method, terminate, views_of
from prover.policy.symbolic.observe import Nothing
from prover.policy.symbolic.points import body_start, placed
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.universal import taught
from prover.policy.symbolic.view import View
from search.ports import PolicyContext, Rejected


@dataclass(frozen=True, slots=True)
class SoFar:
    """What was tried at a goal before: the clauses of the candidate that came nearest, and all invariants."""

    best: tuple[Item, ...]
    invariants: tuple[Item, ...]


def so_far(context: PolicyContext) -> SoFar:
    """The clauses for loops among what was rejected, as items."""
    best: tuple[Item, ...] = ()
    fewest: int | None = None
    found: dict[tuple[int, str], Item] = {}
    for step, verdict in context.rejected:
        payload = step.payload
        if not isinstance(payload, DafnyStep) or payload.helpers:
            continue
        clauses = tuple(c for k, i in enumerate(payload.insertions) if (c := _clause(i.offset, i.text, k)) is not None)
        for item in clauses:
            if not item.fixed:
                found.setdefault((item.offset, item.text), item)
        left = verdict.open_obligations if isinstance(verdict, Rejected) else None
        if left is not None and clauses and (fewest is None or left <= fewest):
            best, fewest = clauses, left
    return SoFar(best, tuple(found.values()))


def _clause(offset: int, text: str, order: int) -> Item | None:
    line = text.lstrip("\n").rstrip()
    inner = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if inner.startswith("decreases "):
        return Item(offset, inner, 9000, fixed=True, indent=indent)
    if inner.startswith("invariant "):
        return Item(offset, inner, order, 2, indent=indent)
    return None


def prove_with(setting: Setting, lemmas: Sequence[Named], context: PolicyContext) -> Strategy:
    """A method's body with the lent lemmas, which `setting` has already."""
    located = setting.located
    assert located is not None
    views = views_of(setting, located)
    start = body_start(located.decl)
    if start is None:
        return None
    known = so_far(context)
    if not views or not known.invariants:
        return (yield from prove_method(setting))
    lessons = placed(setting.goal.base, start, taught(located.decl, setting.table))
    functions = {n.id for lemma in lemmas for n in walk(lemma.conjecture.ensures) if isinstance(n, ast.Name)}
    functions &= setting.table.functions.keys()
    relevant = [i for i in known.invariants if _speaks(i, functions)]
    clauses = list({(i.offset, i.text): i for i in (*known.best, *relevant)}.values())
    grown = [item for view in views for item in _around(view)]
    last = yield from houdini(setting.goal, [*lessons, *clauses, *grown], "lemmas")
    if not last.closed:
        last = yield from terminate(setting, located, views, Nothing(), last)
    return last


def _speaks(item: Item, functions: set[str]) -> bool:
    expr = parse_expression(item.text.removeprefix("invariant "))
    return isinstance(expr, ast.Expr) and any(isinstance(n, ast.Name) and n.id in functions for n in walk(expr))


def _around(view: View) -> list[Item]:
    """How prefixes and suffixes grow in a loop's body, and that they are everything behind it."""
    node = view.loop.node
    if isinstance(node, ast.Alternatives) or node.body is None:
        return []
    start = node.body.span.start + 1
    inner = view.loop.indent + "    "
    items = [Item(start, f"assert {text};", k, 3, indent=inner) for k, text in enumerate(hints.growth(view))]
    items += [
        Item(node.span.end, f"assert {text};", k, 3, indent=view.loop.indent) for k, text in enumerate(hints.whole(view))
    ]
    return items
