"""The frontier of a best-first search: a priority queue in which giving up is a low priority and never a removal."""

from __future__ import annotations

import heapq
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Frontier(Generic[T]):
    """A queue of distinct items by cost, the smallest first; equal costs leave in the order they came.

    Removal and change of cost are lazy (the heap keeps stale entries until they surface or outnumber the others): all
    operations are O(log n) amortised.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, T]] = []
        self._current: dict[T, int] = {}
        self._tickets = 0

    def __len__(self) -> int:
        return len(self._current)

    def __contains__(self, item: T) -> bool:
        return item in self._current

    def push(self, item: T, cost: float) -> None:
        """Add an item, or give it a new cost (and a place behind those of equal cost)."""
        self._tickets += 1
        self._current[item] = self._tickets
        heapq.heappush(self._heap, (cost, self._tickets, item))
        if len(self._heap) > 2 * len(self._current) + 64:
            self._heap = [entry for entry in self._heap if self._current.get(entry[2]) == entry[1]]
            heapq.heapify(self._heap)

    def discard(self, item: T) -> None:
        """Take an item out, if it is there."""
        self._current.pop(item, None)

    def pop(self) -> T | None:
        """Take out the item of least cost; None when there is none."""
        while self._heap:
            _, ticket, item = heapq.heappop(self._heap)
            if self._current.get(item) == ticket:
                del self._current[item]
                return item
        return None
