"""Looking for a counterexample to a goal: a few batches of small values, each one check, within a time of its own."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from functools import lru_cache

from lean_project.complexity import EXPLICIT
from lean_project.driver.types import NOT_A_VERDICT, GoalReader, Outcome, Place
from lean_project.outline import Outline, outline
from lean_project.refute.attempt import Values, attempt
from lean_project.refute.statement import Statement, statement_of
from lean_project.refute.values import by_rank, small
from lean_project.steps import LeanGoal
from lean_project.syntax.holes import sorries
from lean_project.syntax.source import LineMap
from search.ports import Goal, Refuted, Tested

BATCHES = (6, 14)
"""Choices of values in each check: a few, then more."""
SECONDS = 2.0
"""Wall clock of looking at one goal."""
CREDIT = 12.0
"""Choices that a search has before it has made any checks."""
_MOST_FUNCTIONS = 12
_OPEN_TERM = re.compile(r"\?(?!u\.)[A-Za-z_]|⋯")
"""An unsolved metavariable of a term, which could still be chosen, or what Lean does not print."""

_outline = lru_cache(maxsize=16)(outline)


class Refuter:
    """Looks for counterexamples with one verifier. share: the choices of values that may be tried for each of the
    search's own checks, root goals aside, so that looking takes no more than its part of a search; None for no bound.
    """

    def __init__(self, verifier: GoalReader, share: float | None = None) -> None:
        self._verifier = verifier
        self._share = share
        self._left = CREDIT

    def checked(self) -> None:
        """The search has made a check of its own."""
        self._left += self._share or 0.0

    async def refute(self, goal: Goal, *, seconds: float, root: bool) -> Tested:
        """Look for values for which a goal is false, its hypotheses being part of its statement. Cancelling ends the
        check."""
        until = time.monotonic() + min(seconds, SECONDS)
        payload: LeanGoal = goal.payload
        if goal.metavariables:
            return Tested()
        declared = _outline(payload.text)
        statement = statement_of(payload, declared)
        if statement is None:
            return Tested()
        choices = by_rank([a.values for a in statement.data])
        # `fail`: after the last alternative's own failure, told and recovered from, Lean would go on.
        tactics = f"first | {' | '.join([*_deciding(statement, declared), 'fail'])}"
        checks = 0
        for size in BATCHES:
            batch, choices = choices[:size], choices[size:]
            left = until - time.monotonic()
            tried = attempt(payload, statement, batch, tactics)
            if tried is None or left <= 0 or not (root or self._granted(len(batch))):
                break
            result = await self._verifier.check(tried.text, seconds=left)
            checks += 1
            if result.outcome in NOT_A_VERDICT:
                break
            if result.outcome is Outcome.OK:
                values = tried.found(result.diagnostics)
                if values is not None and await _closed(self._verifier, payload):
                    return Tested(Refuted(_witness(statement, values)), checks)
                break
        return Tested(checks=checks)

    def _granted(self, choices: int) -> bool:
        if self._share is None:
            return True
        if self._left < choices:
            return False
        self._left -= choices
        return True


async def _closed(verifier: GoalReader, goal: LeanGoal) -> bool:
    """Whether nothing in the goal, as Lean sees it, is still to be chosen."""
    text = goal.text[: goal.unit] + EXPLICIT + goal.text[goal.unit :]
    hole = next((h for h in sorries(text) if h.start == goal.start + len(EXPLICIT)), None)
    if hole is None:
        return False
    read = await verifier.goals(text, [Place(*LineMap(text).position(hole.start))], seconds=SECONDS)
    if read.outcome is not Outcome.OK or not read.places:
        return False
    place = read.places[0]
    found = place.term if hole.position == "term" and place.term is not None else next(iter(place.goals), None)
    return found is not None and not _OPEN_TERM.search(found.text or found.target)


def _deciding(statement: Statement, declared: Outline) -> Sequence[str]:
    """The tactics of the data file for the functions that a statement speaks of, and those that these are written
    with."""
    found: dict[str, None] = {}
    waiting = sorted(statement.words)
    while waiting and len(found) < _MOST_FUNCTIONS:
        parts = set(waiting.pop().split("."))
        for function in declared.functions:
            if function.name not in found and function.name.rpartition(".")[2] in parts:
                found[function.name] = None
                waiting += sorted(function.words)
    predicates = any(i.proposition and i.name.rpartition(".")[2] in statement.words for i in declared.inductives)
    known = small()
    return [t.format(defs=", ".join(found)) for t in (*known.deciding, *(known.predicates if predicates else ()))]


def _witness(statement: Statement, values: Values) -> str:
    """`n = 2, xs = [0]`."""
    told = [f"{a.name or 'an argument'} = {v}" for a, v in zip(statement.data, values, strict=True)]
    return ", ".join(told) or "false as it stands"
