"""Whose request is next: fair between tasks by what they use, and within a task by how prompts begin. Pure.

Fair as in start-time fair queueing (Goyal, Vin and Cheng 1996): the task with the least virtual use is next, requests
that run count with what they may come to, and a task that was away does not claim what it did not ask for meanwhile.
Within a task the prompt that shares most with its last one is next (BatchLLM, arXiv 2412.03594: a prefix is reused
only while a back end still holds it), but nothing is passed over more than `PATIENCE` times."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from prover.sampling.beginnings import common_prefix

LOOKED_AT = 64
PATIENCE = 8

K = TypeVar("K", bound=Hashable)


@dataclass
class _Entry(Generic[K]):
    key: K
    text: str
    size: int
    promise: int
    passed: int = 0


@dataclass
class _Lane(Generic[K]):
    """One task. use: virtual tokens, those that its running requests may come to included."""

    use: float = 0.0
    running: int = 0
    last: str = ""
    entries: list[_Entry[K]] = field(default_factory=list)

    @property
    def idle(self) -> bool:
        return not self.entries and not self.running


class FairQueue(Generic[K]):
    """Waiting requests by key. size: samples, what `room` counts in. promise: tokens they may come to."""

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane[K]] = {}
        self._where: dict[K, str] = {}
        # Virtual time: the use at which the latest request was started.
        self._now = 0.0

    def __len__(self) -> int:
        return len(self._where)

    def put(self, key: K, task: str, text: str, size: int, promise: int) -> None:
        """Let a request wait. A task that was idle starts where the others are."""
        lane = self._lanes.setdefault(task, _Lane())
        if all(other.idle for other in self._lanes.values()):
            self._now = max(other.use for other in self._lanes.values())
        if lane.idle:
            lane.use = max(lane.use, self._now)
        lane.entries.append(_Entry(key, text, size, promise))
        self._where[key] = task

    def remove(self, key: K) -> bool:
        """Forget a request; whether it waited."""
        task = self._where.pop(key, None)
        if task is None:
            return False
        lane = self._lanes[task]
        lane.entries = [entry for entry in lane.entries if entry.key != key]
        return True

    def waiting(self, task: str) -> list[K]:
        """A task's requests, oldest first."""
        return [entry.key for entry in self._lanes[task].entries] if task in self._lanes else []

    def forget(self, task: str) -> None:
        """A task is over: keep nothing of it, if nothing of it waits or runs."""
        lane = self._lanes.get(task)
        if lane is not None and lane.idle:
            del self._lanes[task]

    def all_waiting(self) -> list[K]:
        """Everybody's requests."""
        return list(self._where)

    def take(self, room: int, alone: bool) -> list[K]:
        """The requests that run next, those that begin alike next to one another. room: samples that fit; alone:
        nothing runs, so one request is taken even if it is larger."""
        taken: list[_Entry[K]] = []
        while True:
            lanes = [lane for lane in self._lanes.values() if lane.entries]
            if not lanes:
                break
            lane = min(lanes, key=lambda lane: lane.use)
            entry = self._choose(lane)
            if entry.size > room and not (alone and not taken):
                # Smaller ones of others must not overtake it for ever: wait until it fits.
                break
            self._start(lane, entry)
            taken.append(entry)
            room -= entry.size
        return [entry.key for entry in sorted(taken, key=lambda entry: entry.text)]

    def ended(self, task: str, promise: int, used: int) -> None:
        """A request that ran is over: what it used takes the place of what it promised."""
        lane = self._lanes[task]
        lane.running -= 1
        lane.use += used - promise

    @staticmethod
    def _choose(lane: _Lane[K]) -> _Entry[K]:
        oldest = lane.entries[0]
        if oldest.passed >= PATIENCE or not lane.last:
            return oldest
        return max(lane.entries[:LOOKED_AT], key=lambda entry: common_prefix(entry.text, lane.last))

    def _start(self, lane: _Lane[K], entry: _Entry[K]) -> None:
        for other in lane.entries:
            if other is entry:
                break
            other.passed += 1
        lane.entries.remove(entry)
        del self._where[entry.key]
        lane.running += 1
        self._now = max(self._now, lane.use)
        lane.use += entry.promise
        lane.last = entry.text
