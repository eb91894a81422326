"""Which ideas are worth the verifier's time: those that hold in every observed state, and hold of something."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse_expression
from dafny_env.syntax.walk import free_names
from prover.policy.symbolic.relations import sample
from prover.policy.symbolic.view import Idea, Oracle, View

BLIND_FAMILIES = ("guard", "start", "bound", "postcondition", "frame", "function", "copy")
STATES = 40
SECONDS = 4.0
"""Wall clock for one loop and stage: ideas come in order of promise, and the rest is left out."""


class Sieve:
    """Remembers what was observed of each idea, so that later stages do not evaluate it again."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.known: dict[tuple[int, str], bool] = {}


def select(view: View, sieve: Sieve, ideas: Iterable[Idea], *, limit: int) -> list[Idea]:
    """The ideas to try at a loop, cheapest first, at most `limit`.

    With observed states: an idea false in one of them is dropped, also one that cannot be evaluated anywhere or only ever
    holds of an empty range. Without: plain families only, and fewer of them.
    """
    oracle = sieve.oracle
    states = sample(oracle.states(view.loop.offset), STATES)
    until = time.monotonic() + SECONDS
    states = states[::3] + states[1::3] + states[2::3]  # far-apart states first: most ideas fall at once
    kept: dict[str, Idea] = {}
    for idea in ideas:
        if time.monotonic() > until:
            break
        key = (view.loop.offset, idea.text)
        if idea.text in kept or sieve.known.get(key) is False:
            continue
        if states and sieve.known.get(key):
            kept[idea.text] = idea
            continue
        expr = parse_expression(idea.text)
        if not isinstance(expr, ast.Expr):
            continue
        if not states:
            if idea.family in BLIND_FAMILIES and _about_the_loop(view, expr):
                kept[idea.text] = idea
        else:
            sieve.known[key] = _about_the_loop(view, expr) and _observed(expr, states, oracle)
            if sieve.known[key]:
                kept[idea.text] = idea
    chosen = sorted(kept.values(), key=lambda i: i.cost)
    if not states:
        limit = limit // 2
    return chosen[:limit]


def _about_the_loop(view: View, expr: ast.Expr) -> bool:
    """Whether the loop can change the fact; what it cannot change the verifier knows already."""
    return any(view.moves(n) for n in free_names(expr)) or bool(view.loop.writes)


def _observed(expr: ast.Expr, states: Sequence[Any], oracle: Oracle) -> bool:
    known = 0
    for state in states:
        truth = oracle.holds(expr, state)
        if truth is False:
            return False
        known += truth is True
    if known < min(3, len(states)):
        return False
    range_ = _range_of(expr)
    if range_ is None:
        return True
    return any(oracle.holds(range_, state) for state in states)


def _range_of(expr: ast.Expr) -> ast.Expr | None:
    """For `forall x :: A ==> B`, the formula that says that A holds of something."""
    match expr:
        case ast.Quantifier(kind="forall", vars=vars_, range=None, body=ast.Binary(op="==>", left=left)):
            return ast.Quantifier("exists", vars_, None, left)
        case ast.Quantifier(kind="forall", vars=vars_, range=ast.Expr() as left):
            return ast.Quantifier("exists", vars_, None, left)
    return None
