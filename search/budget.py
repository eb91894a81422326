"""What a search may spend, and the ledger of what it has spent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from search.ports import Clock


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds on one search: wall-clock seconds, checks by the verifier, tokens sampled. None: no bound."""

    seconds: float | None = None
    checks: int | None = None
    tokens: int | None = None

    def __post_init__(self) -> None:
        for name in ("seconds", "checks", "tokens"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise ValueError(f"a budget of {value} {name} makes no sense")


class Resource(StrEnum):
    """What a budget bounds."""

    SECONDS = "seconds"
    CHECKS = "checks"
    TOKENS = "tokens"


class Ledger:
    """Counts what is spent against a budget, from the moment it is made.

    A check is reserved *before* it starts, so that however many run at once, none starts after a budget is spent.
    """

    def __init__(self, budget: Budget, clock: Clock) -> None:
        self.budget = budget
        self.checks = 0
        """Checks reserved and not given back."""
        self.tokens = 0
        self._clock = clock
        self._started = clock.now()

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the start."""
        return self._clock.now() - self._started

    @property
    def remaining_seconds(self) -> float:
        """Never negative; `inf` without a bound."""
        return math.inf if self.budget.seconds is None else max(self.budget.seconds - self.seconds, 0.0)

    @property
    def halted(self) -> Resource | None:
        """The budget that stops everything at once, checks in flight included: seconds or tokens, once spent."""
        if self.remaining_seconds <= 0.0:
            return Resource.SECONDS
        if self.budget.tokens is not None and self.tokens >= self.budget.tokens:
            return Resource.TOKENS
        return None

    @property
    def spent(self) -> Resource | None:
        """The budget that forbids to start another check, if one does."""
        if self.budget.checks is not None and self.checks >= self.budget.checks:
            return self.halted or Resource.CHECKS
        return self.halted

    def reserve(self) -> bool:
        """Take one check out of the budget; False (and nothing taken) when any budget is spent."""
        if self.spent is not None:
            return False
        self.checks += 1
        return True

    def give_back(self) -> None:
        """Return a reserved check that was not needed (never one that may have started)."""
        if self.checks <= 0:
            raise ValueError("no check is reserved")
        self.checks -= 1

    def settle(self, checks: int) -> None:
        """Instead of one reserved check, count as many as there were (the bound may be overrun by what one test
        takes)."""
        if checks < 0:
            raise ValueError(f"cannot have made {checks} checks")
        self.give_back()
        self.checks += checks

    def charge(self, tokens: int) -> None:
        """Count tokens sampled: they were spent already, so the bound may be overrun."""
        if tokens < 0:
            raise ValueError(f"cannot spend {tokens} tokens")
        self.tokens += tokens
