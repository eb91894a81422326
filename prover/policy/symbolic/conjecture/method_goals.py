"""Lent lemmas in a method: taught at the start of its body, together with the invariants that they make provable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dafny_env.steps import DafnyStep
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse_expression
from dafny_env.syntax.walk import walk
from prover.policy.symbolic import hints
from prover.policy.symbolic.conjecture.combined import combined
from prover.policy.symbolic.conjecture.recursion import recursive_functions
from prover.policy.symbolic.conjecture.relevance import Relevance
from prover.policy.symbolic.conjecture.terms import Fn
from prover.policy.symbolic.conjecture.use import Strategy
from prover.policy.symbolic.houdini import Item, Round, houdini
from prover.policy.symbolic.method import richer, terminated, views_of
from prover.policy.symbolic.observe import Nothing, observe
from prover.policy.symbolic.points import body_start, placed
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.sieve import Sieve
from prover.policy.symbolic.universal import taught
from prover.policy.symbolic.view import View
from search.ports import PolicyContext, Rejected

MAX_SPOKEN = 8
"""Candidate invariants that say what lemmas may be about, at one loop."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """What was tried at a goal before: the clauses of the candidate that came nearest, and all invariants; and those
    that nobody has tried (`combined`)."""

    best: tuple[Item, ...] = ()
    invariants: tuple[Item, ...] = ()
    combined: tuple[Item, ...] = ()


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


def known_so_far(setting: Setting, context: PolicyContext, functions: Sequence[Fn]) -> SoFar:
    """The same, with what puts together what the loops have done and have left; and with all that holds in observed
    states where nothing was tried yet."""
    known = so_far(context)
    located = setting.located
    views = views_of(setting, located) if located is not None else []
    if located is None or not views:
        return known
    included = setting.goal.library.programs
    oracle = observe(setting.program, located, included, seed=setting.seed, effort=setting.trace_effort)
    items = [*known.invariants]
    if not items:
        sieve = Sieve(oracle)
        items = [i for view in views for i in richer(view, sieve)]
    texts = {(i.offset, i.text) for i in items}
    new: list[Item] = []
    for view in views:
        indent = view.loop.indent + "  "
        found = (f"invariant {text}" for text in combined(view, oracle, functions))
        made = (Item(view.loop.last, t, 500 + k, 2, indent=indent) for k, t in enumerate(found))
        new += [i for i in made if (i.offset, i.text) not in texts]
    return SoFar(known.best, tuple(items), tuple(new))


def invariants_of(known: SoFar, decl: ast.Callable, functions: Sequence[Fn]) -> dict[int, list[ast.Expr]]:
    """The candidates by the places of their loops' clauses, a few of them: those that speak of the functions as the
    specification does come first."""
    asked = [n for c in decl.clauses for e in c.exprs for n in walk(e) if isinstance(n, ast.Call)]

    def likeness(expr: ast.Expr) -> int:
        calls = [n for n in walk(expr) if isinstance(n, ast.Call)]
        pairs = ((_arguments(c, functions), _arguments(a, functions)) for c in calls for a in asked)
        return max((sum(x == y for x, y in zip(c, a, strict=True)) for c, a in pairs if c[:1] == a[:1]), default=0)

    found: dict[int, list[ast.Expr]] = {}
    for item in (*known.combined, *known.invariants):
        expr = parse_expression(item.text.removeprefix("invariant "))
        if isinstance(expr, ast.Expr):
            found.setdefault(item.offset, []).append(expr)
    return {offset: sorted(exprs, key=likeness, reverse=True)[:MAX_SPOKEN] for offset, exprs in found.items()}


def _arguments(call: ast.Call, functions: Sequence[Fn]) -> tuple[ast.Expr | str, ...]:
    """A function's name and its arguments; those that are bounds of stretches are left out."""
    for function in functions:
        args = function.arguments(call)
        if args is not None:
            return (function.name, *(_whole(a) for a in args))
    return ()


def _whole(expr: ast.Expr) -> ast.Expr:
    return expr.object if isinstance(expr, ast.Slice) else expr


def prove_with(setting: Setting, lemmas: Sequence[Relevance], known: SoFar) -> Strategy:
    """A method's body with the lent lemmas, which `setting` has already: called where they are needed, then taught."""
    located = setting.located
    assert located is not None
    views = views_of(setting, located)
    start = body_start(located.decl)
    if start is None:
        return None
    functions = {n.id for r in lemmas for n in walk(r.lemma.conjecture.ensures) if isinstance(n, ast.Name)}
    functions &= setting.table.functions.keys()
    relevant = [i for i in known.invariants if _speaks(i, functions) and not _plain(i, setting)]
    light = [i for i in known.best if i.fixed or _is_light(i)]
    few, all_ = (
        list({(i.offset, i.text): i for i in (*kept, *known.combined, *relevant)}.values())
        for kept in (light, known.best)
    )
    calls = [
        Item(c.place.offset, c.text, k, 2, indent=c.place.indent)
        for k, c in enumerate(c for r in lemmas for c in r.calls)
        if c.place.offset is not None
    ]
    ends = [item for view in views for item in _behind(view)]
    lessons = placed(setting.goal.base, start, taught(located.decl, setting.table))
    grown = [item for view in views for item in _around(view)]
    last: Round | None = None
    quick = [*calls, *ends] if calls or not lemmas else []
    batches = [(few, quick), (all_, quick), (all_, [*lessons, *grown, *ends])]
    for clauses, items in batches if len(few) < len(all_) else batches[1:]:
        if not items and lemmas:
            continue
        last = yield from houdini(setting.goal, [*clauses, *items], "lemmas", hasty=True)
        if not last.closed and views:
            last = yield from terminated(setting, located, views, Nothing(), last)
        if last.closed:
            return last
    return last


def mentioned_in(items: Sequence[Item]) -> frozenset[str]:
    """The names that some clauses speak of."""
    exprs = (parse_expression(i.text.removeprefix("invariant ")) for i in items)
    return frozenset(n.id for e in exprs for n in walk(e) if isinstance(n, ast.Name))


def _speaks(item: Item, functions: set[str]) -> bool:
    expr = parse_expression(item.text.removeprefix("invariant "))
    return isinstance(expr, ast.Expr) and any(isinstance(n, ast.Name) and n.id in functions for n in walk(expr))


def _is_light(item: Item) -> bool:
    """Whether a clause is about numbers and lengths alone."""
    expr = parse_expression(item.text.removeprefix("invariant "))
    heavy = ast.Quantifier | ast.MultisetOf | ast.Old | ast.Slice | ast.Call | ast.SetComp
    return isinstance(expr, ast.Expr) and not any(isinstance(n, heavy) for n in walk(expr))


def _plain(item: Item, setting: Setting) -> bool:
    """Whether a clause speaks of a function at a constant, which is hardly ever what is needed."""
    expr = parse_expression(item.text.removeprefix("invariant "))
    functions = recursive_functions(setting)
    return isinstance(expr, ast.Expr) and any(
        f.tells_at_once(n, setting.table) for n in walk(expr) if isinstance(n, ast.Call) for f in functions
    )


def _around(view: View) -> list[Item]:
    """How prefixes and suffixes grow in a loop's body."""
    node = view.loop.node
    if isinstance(node, ast.Alternatives) or node.body is None:
        return []
    start = node.body.span.start + 1
    inner = view.loop.indent + "    "
    return [Item(start, f"assert {text};", 1000 + k, 3, indent=inner) for k, text in enumerate(hints.growth(view))]


def _behind(view: View) -> list[Item]:
    """That the whole of a sequence is a prefix and a suffix of it, behind a loop."""
    end, indent = view.loop.node.span.end, view.loop.indent
    return [Item(end, f"assert {text};", 1000 + k, 3, indent=indent) for k, text in enumerate(hints.whole(view))]
