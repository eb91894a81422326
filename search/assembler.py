"""All parts of a proof as one: the check at the end, and what is tried where it has no verdict."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from search.budget import Ledger
from search.ports import Accepted, Assignment, Clock, Environment, Unknown, Verdict
from search.recorder import Recorder

T = TypeVar("T")
Solution = Mapping[str, Assignment]
Simplify = Callable[[Solution, float, float], Awaitable[tuple[Solution, int]]]
"""Makes a solution smaller: given it, the checks and the seconds that it may take (`inf` without a bound); gives back
what it came to, and the checks it took."""


class Assembler:
    """Checks solutions of all roots. late: takes the cancelled tasks that somebody has to wait for.

    accepted: the solution that was accepted, once one was. unassembled: the last one without a verdict.
    """

    def __init__(
        self,
        environment: Environment,
        ledger: Ledger,
        recorder: Recorder,
        clock: Clock,
        *,
        simplify: Simplify | None,
        late: Callable[[asyncio.Task[Any]], None],
    ) -> None:
        self.accepted: Solution | None = None
        self.unassembled: Solution = {}
        self._environment = environment
        self._ledger = ledger
        self._recorder = recorder
        self._clock = clock
        self._simplify = simplify
        self._late = late
        self._undecided: set[frozenset[tuple[str, str]]] = set()

    async def ask(self, solution: Solution) -> Verdict | None:
        """The verdict on all parts together; where there is none, on a smaller solution. Accepted leaves nothing open.
        None when the budget does not allow it, or did not last."""
        self.unassembled = solution
        verdict = await self._check(solution)
        if isinstance(verdict, Unknown) and (smaller := await self._smaller(solution)) is not None:
            verdict, solution = await self._check(smaller), smaller
        if isinstance(verdict, Accepted) and not verdict.subgoals:
            self.accepted, self.unassembled = solution, {}
        elif verdict is not None and not isinstance(verdict, Unknown):
            self.unassembled = {}
        return verdict

    def may_ask_again(self, solution: Solution) -> bool:
        """Whether a solution without a verdict may be asked about once more (overload passes)."""
        known = _steps(solution) in self._undecided
        self._undecided.add(_steps(solution))
        return not known

    async def _smaller(self, solution: Solution) -> Solution | None:
        ledger = self._ledger
        if self._simplify is None or _steps(solution) in self._undecided or ledger.spent is not None:
            return None
        allowed = math.inf if ledger.budget.checks is None else float(ledger.budget.checks - ledger.checks)
        try:
            found = await self.within_budget(self._simplify(solution, allowed, ledger.remaining_seconds))
        except Exception as error:  # as in `_check`
            self._recorder.environment_failed(None, f"{type(error).__name__}: {error}")
            return None
        if found is None:
            return None
        smaller, checks = found
        ledger.checks += checks
        return smaller if smaller != solution else None

    async def _check(self, solution: Solution) -> Verdict | None:
        if not self._ledger.reserve():
            return None
        started = self._clock.now()
        verdict: Verdict | None
        try:
            remaining = self._ledger.remaining_seconds
            verdict = await self.within_budget(self._environment.assemble(solution, seconds=remaining))
        except Exception as error:  # an environment's mistake must not end the search
            verdict = Unknown(f"{type(error).__name__}: {error}")
            self._recorder.environment_failed(None, verdict.reason)
        if verdict is not None:
            self._recorder.assembled(solution, verdict, self._clock.now() - started)
        return verdict

    async def within_budget(self, work: Awaitable[T]) -> T | None:
        """Await the environment, but no longer than the budget lasts: then None, and the work is cancelled."""
        task = asyncio.ensure_future(work)
        remaining = self._ledger.remaining_seconds
        try:
            await asyncio.wait([task], timeout=None if remaining == math.inf else remaining)
        finally:
            if not task.done():
                task.cancel()
                self._late(task)
        return task.result() if task.done() else None


def _steps(solution: Solution) -> frozenset[tuple[str, str]]:
    return frozenset((key, assignment.step.key) for key, assignment in solution.items())
