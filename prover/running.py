"""What runs over either language have in common: the countdown, the journal, and what to make of a search's result."""

from __future__ import annotations

import time
from collections.abc import Mapping

from prover.results import GateVerdict, ProveRequest
from search.journal import Event
from search.ports import Assignment
from search.result import SearchResult

CONFIRM_SHARE, CONFIRM_LEAST, CONFIRM_MOST = 0.15, 10.0, 20.0
"""Share of the seconds kept back for pruning and the gate, and its bounds in seconds."""


class Countdown:
    """Wall-clock seconds left of a budget."""

    def __init__(self, seconds: float) -> None:
        self._started = time.monotonic()
        self._seconds = seconds

    def now(self) -> float:
        """Monotonic seconds (the search's clock)."""
        return time.monotonic()

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return max(self._seconds - self.spent, 0.0)

    def for_search(self, request: ProveRequest) -> float:
        """What of the seconds left the search may take: the rest is kept back for confirming."""
        reserve = min(max(request.seconds * CONFIRM_SHARE, CONFIRM_LEAST / 2), CONFIRM_MOST)
        return max(self.left - reserve, self.left / 2)


class RunJournal:
    """Passes the search's events on to the request's journal."""

    def __init__(self, request: ProveRequest) -> None:
        self._sink = request.journal

    def record(self, event: Event) -> None:
        """Record one event."""
        if self._sink is not None:
            self._sink.append(event.as_dict())


def complete(found: SearchResult) -> Mapping[str, Assignment]:
    """A solution of all goals: one that was accepted as a whole, or else one on which the verifier gave no verdict
    (with less in it, and more time, it may); empty where there is none."""
    return found.solution if found.assembled else found.unassembled


def gate_reason(verdict: GateVerdict) -> str:
    """Why the gate does not accept a file, in one sentence."""
    if verdict.reason:
        return verdict.reason
    texts = [f"line {o.line}: {o.message}" if o.line else o.message for o in verdict.objections[:3]]
    return "the gate does not accept the file: " + "; ".join(texts)
