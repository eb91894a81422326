"""How much of a run is still to come: attempts that will be made, and how long they will take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from prover.evaluation.jobs import Job

ONCE = frozenset(["unsupported", "invalid"])
"""Outcomes that another attempt cannot change: such a task is not attempted again."""


def needless(job: Job, done: Mapping[tuple[str, int], str]) -> bool:
    """Whether the first attempt at a task has shown that no other can do better. done: statuses by task and number."""
    return job.attempt > 1 and done.get((job.task.id, 1)) in ONCE


class Outlook:
    """What is left of a run. jobs: all its attempts; done: those that had ended before, with their statuses.

    left: attempts that are still to be made, as far as that is known: where the first attempt at a task shows that no
    other is of use, these are left no more. It never rises.
    """

    def __init__(self, jobs: Iterable[Job], done: Mapping[tuple[str, int], str]) -> None:
        self._later: Counter[str] = Counter()
        self._firsts: set[str] = set()
        for job in jobs:
            if job.key in done or needless(job, done):
                continue
            if job.attempt == 1:
                self._firsts.add(job.task.id)
            else:
                self._later[job.task.id] += 1
        self.left = len(self._firsts) + self._later.total()
        self._begun = sum(count for name, count in self._later.items() if name not in self._firsts)
        seen = [status for (_, attempt), status in done.items() if attempt == 1]
        self._seen, self._hopeless = len(seen), sum(status in ONCE for status in seen)

    @property
    def certain(self) -> bool:
        """Whether `left` is what will be made, and no bound on it from above."""
        return not any(self._later[name] for name in self._firsts)

    def ended(self, job: Job, status: str) -> None:
        """An attempt has ended."""
        name = job.task.id
        self.left -= 1
        if job.attempt > 1:
            self._later[name] -= 1
            self._begun -= name not in self._firsts
            return
        self._firsts.discard(name)
        self._seen += 1
        if status in ONCE:
            self._hopeless += 1
            self.left -= self._later.pop(name, 0)
        else:
            self._begun += self._later[name]

    def seconds(self, ended: Collection[str], seconds: float) -> float | None:
        """Wall clock until the rest is done, when the last attempts ended with these statuses and took `seconds`
        together; None while nothing tells. Tasks that are not begun are taken to turn out as those seen: their share
        that cannot be tried takes no time, and is tried once."""
        tried = sum(status not in ONCE for status in ended)
        if not ended or seconds <= 0:
            return None
        if not tried:  # nothing but tasks that cannot be tried: no other measure
            return self.left * seconds / len(ended)
        hope = 1.0 - self._hopeless / self._seen if self._seen else 1.0
        return (self._begun + hope * (self.left - self._begun)) * seconds / tried
