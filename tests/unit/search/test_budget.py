from __future__ import annotations

import math

import pytest

from search.budget import Budget, Ledger, Resource


class Hands:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.moment = 100.0

    def now(self) -> float:
        return self.moment


def test_nothing_is_bounded_by_default() -> None:
    ledger = Ledger(Budget(), Hands())
    ledger.charge(10**9)
    assert all(ledger.reserve() for _ in range(1000))
    assert ledger.remaining_seconds == math.inf
    assert ledger.spent is None


def test_checks_are_reserved_before_they_start() -> None:
    ledger = Ledger(Budget(checks=2), Hands())
    assert [ledger.reserve() for _ in range(3)] == [True, True, False]
    assert ledger.checks == 2
    assert ledger.spent is Resource.CHECKS
    assert ledger.halted is None, "those in flight may end"
    ledger.give_back()
    assert ledger.reserve()


def test_a_budget_of_nothing_allows_nothing() -> None:
    assert not Ledger(Budget(checks=0), Hands()).reserve()
    assert not Ledger(Budget(seconds=0), Hands()).reserve()
    assert not Ledger(Budget(tokens=0), Hands()).reserve()


def test_time_runs_from_the_start_and_never_below_zero() -> None:
    clock = Hands()
    ledger = Ledger(Budget(seconds=10), clock)
    clock.moment += 4
    assert ledger.seconds == 4
    assert ledger.remaining_seconds == 6
    clock.moment += 7
    assert ledger.remaining_seconds == 0
    assert not ledger.reserve()
    assert ledger.halted is ledger.spent is Resource.SECONDS


def test_tokens_are_charged_after_the_fact_and_stop_everything_at_the_bound() -> None:
    ledger = Ledger(Budget(tokens=10), Hands())
    ledger.charge(9)
    assert ledger.halted is None
    ledger.charge(4)
    assert ledger.tokens == 13
    assert ledger.halted is Resource.TOKENS
    assert not ledger.reserve()


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError):
        Budget(checks=-1)
    with pytest.raises(ValueError):
        Budget(seconds=math.nan)
    ledger = Ledger(Budget(), Hands())
    with pytest.raises(ValueError):
        ledger.give_back()
    with pytest.raises(ValueError):
        ledger.charge(-1)
