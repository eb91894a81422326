"""What was observed of each idea, and what it has cost to look: shared by the stages of one goal."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse_expression
from prover.policy.symbolic.view import Idea, Oracle, printed

STATES, SMALL = 120, 40
"""States on which ideas are tested, and how many of them are the smallest."""
STEPS_PER_EVALUATION = 8
NEW_IDEA, NEW_QUANTIFIER = 8, 30
"""What parsing and compiling a formula costs, in evaluations."""


class Sieve:
    """Remembers what was observed of each idea, so that later stages do not evaluate it again."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.parsed: dict[str, ast.Expr | None] = {}
        self.found: dict[int, dict[str, Idea]] = {}
        """What has held so far, by loop and text."""
        self.dropped: set[tuple[int, str]] = set()
        """What has not: loops and texts."""
        self._inhabited: dict[tuple[int, str], bool] = {}
        self._states: dict[int, list[Any]] = {}
        self._exchanged: dict[tuple[object, ...], list[Any]] = {}
        self._counted = 0

    def states(self, loop: int) -> list[Any]:
        """The states that ideas at a loop are tested on: the smallest, which are corner cases, and some at random."""
        if loop not in self._states:
            states = self.oracle.states(loop)
            small = sorted(range(len(states)), key=lambda k: self.oracle.size(states[k]))[:SMALL]
            rest = sorted(set(range(len(states))) - set(small))
            order = random.Random(len(states))
            order.shuffle(rest)  # far-apart states first: most ideas fall at once
            chosen = small + rest[: STATES - len(small)]
            order.shuffle(chosen)
            self._states[loop] = [states[k] for k in chosen]
        return self._states[loop]

    @property
    def spent(self) -> int:
        """Effort so far, in plain evaluations."""
        return self._counted + self.oracle.spent // STEPS_PER_EVALUATION

    def count(self, effort: int) -> None:
        """Add to the effort."""
        self._counted += effort

    def holds(self, expr: ast.Expr, state: Any) -> bool | None:
        """Ask the oracle, and count it."""
        self._counted += 1
        return self.oracle.holds(expr, state)

    def inhabited(self, condition: ast.Expr, states: Sequence[Any], least: int) -> bool:
        """Whether a condition is true in so many of the states (a list of `states`); found out once, since many ideas
        are about one range."""
        key = (id(states), printed(condition))
        if key not in self._inhabited:
            found = 0
            for state in states:
                found += self.holds(condition, state) is True
                if found >= least:
                    break
            self._inhabited[key] = found >= least
        return self._inhabited[key]

    def value(self, expr: ast.Expr, state: Any) -> Any:
        """The same for a value."""
        self._counted += 1
        return self.oracle.value(expr, state)

    def exchanged(self, loop: int, names: list[str]) -> list[Any]:
        """Some states with the variables' values exchanged."""
        key = (loop, *names)
        if key not in self._exchanged:
            self._exchanged[key] = self.oracle.exchanged(loop, names, STATES)
        return self._exchanged[key]

    def expr(self, text: str) -> ast.Expr | None:
        """The formula of an idea, parsed once (the oracle compiles by identity)."""
        if text not in self.parsed:
            self.count(NEW_QUANTIFIER if "::" in text else NEW_IDEA)
            expr = parse_expression(text)
            self.parsed[text] = expr if isinstance(expr, ast.Expr) else None
        return self.parsed[text]
