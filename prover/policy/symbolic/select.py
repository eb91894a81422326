"""Which ideas are worth the verifier's time: those that hold in every observed state, and hold of something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dafny_env.syntax import ast
from dafny_env.syntax.walk import free_names, substitute, walk
from prover.policy.symbolic.algebra import expand
from prover.policy.symbolic.sieve import NEW_QUANTIFIER, Sieve
from prover.policy.symbolic.view import Idea, View, printed

BLIND_FAMILIES = ("guard", "start", "bound", "postcondition", "frame", "function", "copy")
LEAST = 5
"""States in which the range of a quantified fact must not be empty, where there are enough of them."""
IDLE = 12
"""States with exchanged values in which a fact must hold to be thought one that always does."""
PRODUCTS = 12
"""Facts that multiply variables, for one loop."""
COMPARED = 40
"""States on which ranges are compared."""
EFFORT = 60_000
"""Plain evaluations for one loop and stage, about 0.1 ms each: ideas come in order of promise, and the rest is left
out. A count and not a clock, so that equal seeds choose equally on slow machines."""


def select(
    view: View, sieve: Sieve, ideas: Iterable[Idea], *, limit: int, without: frozenset[str] = frozenset()
) -> list[Idea]:
    """The ideas to try at a loop, cheapest first, at most `limit`; `without` those that the verifier has pruned
    already.

    With observed states: an idea false in one of them is dropped, also one that cannot be evaluated anywhere or only
    ever holds of an empty range. Without: plain families only, and fewer of them.
    """
    states = sieve.states(view.loop.offset)
    enough = sieve.spent + EFFORT
    kept = sieve.found.setdefault(view.loop.offset, {}) if states else {}
    for idea in ideas:
        if sieve.spent > enough:
            break
        key = (view.loop.offset, idea.text)
        if idea.text in kept or key in sieve.dropped:
            continue
        expr = sieve.expr(idea.text)
        if expr is None or (isinstance(expr, ast.Binary) and expr.left == expr.right):
            continue
        if not states:
            if idea.family in BLIND_FAMILIES and _about_the_loop(view, expr):
                kept[idea.text] = idea
        elif (
            _about_the_loop(view, expr)
            and _observed(expr, states, sieve)
            and not (idea.cost > 1 and _idle(view, expr, sieve))
        ):
            kept[idea.text] = idea
        else:
            sieve.dropped.add(key)
    chosen = sorted((i for i in kept.values() if i.text not in without), key=lambda i: i.cost)
    if not states:
        return chosen[: limit // 2]
    return _few_products(strongest(chosen, sieve, states[:COMPARED]), sieve)[:limit]


def _few_products(ideas: list[Idea], sieve: Sieve) -> list[Idea]:
    """The ideas with the first few of those made from the specification that multiply variables: each costs the solver
    more than all others. What was read off observed values is told by few formulas as it is."""
    kept: list[Idea] = []
    products = 0
    for idea in ideas:
        expr = sieve.expr(idea.text)
        made = idea.family == "postcondition"
        multiplies = expr is not None and made and any(_is_product(n) for n in walk(expr))
        products += multiplies
        if not multiplies or products <= PRODUCTS:
            kept.append(idea)
    return kept


def strongest(ideas: list[Idea], sieve: Sieve, states: Sequence[Any]) -> list[Idea]:
    """The ideas without those that another one implies in the observed states: one with the same conclusion about a
    wider range, or a stronger comparison of the same terms under the same condition.
    """
    enough = sieve.spent + EFFORT // 2
    wide: dict[str, list[tuple[Idea, ast.Quantifier]]] = {}
    rest: list[Idea] = []
    order = {i.text: k for k, i in enumerate(ideas)}
    for idea in ideas:
        expr = sieve.expr(idea.text)
        shape = canonical(expr) if expr is not None else None
        if shape is None:
            rest.append(idea)
        else:
            wide.setdefault(shape[0], []).append((idea, shape[1]))
    for group in wide.values():
        kept: list[tuple[Idea, ast.Quantifier]] = []
        for idea, expr in group:
            if len(group) <= 24 and sieve.spent < enough:
                if any(_implies(other, expr, sieve, states) for _, other in kept):
                    continue
                kept = [(i, e) for i, e in kept if not _implies(expr, e, sieve, states)]
            kept.append((idea, expr))
        rest += [i for i, _ in kept]
    comparisons = {i.text for i in rest}
    rest = [i for i in rest if i.text.partition(" || ")[0] not in comparisons or " || " not in i.text]
    rest = [i for i in rest if not _stronger_comparison(i.text, comparisons)]
    rest = _tightest(sorted(rest, key=lambda i: order[i.text]), sieve)
    return sorted(rest, key=lambda i: order[i.text])


Bound = tuple[tuple[tuple[str, ...], int], ...]


def _tightest(ideas: list[Idea], sieve: Sieve) -> list[Idea]:
    """The ideas without bounds that a tighter bound on the same terms implies."""
    best: dict[Bound, int] = {}
    known: dict[str, list[tuple[Bound, int]]] = {}
    for idea in ideas:
        expr = sieve.expr(idea.text)
        known[idea.text] = bounds_of(expr) if expr is not None and idea.cost == 1 else []
        for terms, constant in known[idea.text]:
            best[terms] = max(constant, best.get(terms, constant))
    kept: list[Idea] = []
    said: set[tuple[Bound, int]] = set()
    for idea in ideas:
        facts = [f for f in known[idea.text] if best[f[0]] == f[1] and f not in said]
        if facts or not known[idea.text]:
            kept.append(idea)
            said.update(facts)
    return kept


def bounds_of(expr: ast.Expr) -> list[tuple[Bound, int]]:
    """What an integer comparison says, as (terms, c) with terms + c <= 0; larger c says more. Empty for other
    formulas."""
    links: list[tuple[ast.Expr, str, ast.Expr]] = []
    match expr:
        case ast.Binary(op=op, left=left, right=right):
            links = [(left, op, right)]
        case ast.Chain(ops=ops, operands=operands):
            links = list(zip(operands, ops, operands[1:], strict=False))
    found: list[tuple[Bound, int]] = []
    for left, op, right in links:
        sides = {"<=": [(left, right, 0)], "<": [(left, right, 1)], ">=": [(right, left, 0)], ">": [(right, left, 1)]}
        sides["=="] = [(left, right, 0), (right, left, 0)]
        for small, large, strict in sides.get(op, []):
            difference = expand(ast.Binary("-", small, large))
            if difference is None:
                return []
            constant = difference.pop((), 0) + strict
            found.append((tuple(sorted(difference.items())), constant))
    return found


def canonical(expr: ast.Expr) -> tuple[str, ast.Quantifier] | None:
    """A universally quantified implication with its variables renamed by position, and its conclusion as a key."""
    match expr:
        case ast.Quantifier(kind="forall", vars=vars_, range=None, body=ast.Binary(op="==>")):
            names = {v.name: ast.Name(f"v'{k}") for k, v in enumerate(vars_)}
            renamed = substitute(expr.body, names)
            bound = tuple(ast.BoundVar(f"v'{k}", v.type) for k, v in enumerate(vars_))
            assert isinstance(renamed, ast.Binary)
            return printed(renamed.right), ast.Quantifier("forall", bound, None, renamed)
    return None


def _implies(strong: ast.Quantifier, weak: ast.Quantifier, sieve: Sieve, states: Sequence[Any]) -> bool:
    """Whether the range of `weak` lies within that of `strong` in all of the states."""
    assert isinstance(strong.body, ast.Binary) and isinstance(weak.body, ast.Binary)
    sieve.count(NEW_QUANTIFIER)
    inside = ast.Quantifier("forall", weak.vars, None, ast.Binary("==>", weak.body.left, strong.body.left))
    return all(sieve.holds(inside, state) for state in states)


def _stronger_comparison(text: str, others: set[str]) -> bool:
    """Whether the same fact with a stronger comparison is among the others (quantified facts only)."""
    if not text.startswith("forall"):
        return False
    for weak, strong in ((" <= ", " < "), (" >= ", " > "), (" <= ", " == "), (" >= ", " == "), (" != ", " < ")):
        head, found, tail = text.rpartition(weak)
        if found and "==>" in head and f"{head}{strong}{tail}" in others:
            return True
    return False


def _about_the_loop(view: View, expr: ast.Expr) -> bool:
    """Whether the loop can change the fact, what it cannot change the verifier knows already; and whether all that it
    speaks of has a value."""
    if not view.unset.isdisjoint(free_names(expr)):
        return False
    return not view.loop.assigned.isdisjoint(free_names(expr)) or bool(view.loop.writes)


def _idle(view: View, expr: ast.Expr, sieve: Sieve) -> bool:
    """Whether a fact about functions or products of numbers holds as well where the loop never gets, like `x == Gcd(x,
    x)` or `x < (x + 1) * (x + 1)`: it says nothing of the loop, and solvers lose themselves in it."""
    names = [n for n in sorted(free_names(expr)) if view.moves(n)]
    heavy = any(isinstance(n, ast.Call) or _is_product(n) for n in walk(expr))
    if not heavy or not names or not set(names) <= set(view.integers()):
        return False
    known = 0
    for state in sieve.exchanged(view.loop.offset, names):
        truth = sieve.value(expr, state)  # where it is undefined says nothing
        if truth is False:
            return False
        known += truth is True
    return known >= IDLE


def _is_product(node: ast.Node) -> bool:
    """Whether a node multiplies two terms neither of which is a number."""
    match node:
        case ast.Binary(op="*", left=left, right=right):
            return not isinstance(left, ast.Literal) and not isinstance(right, ast.Literal)
    return False


def _observed(expr: ast.Expr, states: Sequence[Any], sieve: Sieve) -> bool:
    range_ = _range_of(expr)
    if range_ is not None and not sieve.inhabited(range_, states, min(LEAST, len(states) // 4)):
        return False
    known = 0
    for state in states:
        truth = sieve.holds(expr, state)
        if truth is False:
            return False
        known += truth is True
    return known >= min(3, len(states))


def _range_of(expr: ast.Expr) -> ast.Expr | None:
    """For `A ==> B` A itself; for `forall x :: A ==> B`, the formula that says that A holds of something."""
    match expr:
        case ast.Binary(op="==>", left=condition, right=right):
            inner = _range_of(right)
            return condition if inner is None else ast.Binary("&&", condition, inner)
        case ast.Quantifier(kind="forall", vars=vars_, range=None, body=ast.Binary(op="==>", left=left)):
            return ast.Quantifier("exists", vars_, None, left)
        case ast.Quantifier(kind="forall", vars=vars_, range=ast.Expr() as left):
            return ast.Quantifier("exists", vars_, None, left)
    return None
