"""The search's own time per expansion: what one candidate costs when checking it costs nothing.

A fake environment accepts every step at once; each goal splits into two (one of them shared with others now and then)
until the tree has the wanted number of goals, then everything closes from the leaves up.

    python benchmarks/search_expansion.py [GOALS ...]
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from search.budget import Budget
from search.engine import Search
from search.ports import Accepted, Assignment, Goal, PolicyContext, Proposals, Rung, Step, Tested, Verdict


class Clock:
    """Real time."""

    def now(self) -> float:
        """Monotonic."""
        return time.monotonic()


class Tree:
    """Goals 1..size; goal i splits into 2i and 2i+1, every tenth also into a lemma that all of its kind share."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.checks = 0

    def goal(self, number: int) -> Goal:
        """Number 1 is the root, negative ones are shared lemmas."""
        return Goal(str(number), f"goal {number}", complexity=max(2, self.size // max(number, 1)))

    async def roots(self) -> Sequence[Goal]:
        """The one root."""
        return [self.goal(1)]

    async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
        """Accepts everything at once."""
        self.checks += 1
        number = int(goal.key)
        subgoals = [self.goal(n) for n in (2 * number, 2 * number + 1) if 0 < n <= self.size]
        if subgoals and number % 10 == 0:
            subgoals.append(self.goal(-(number % 7) - 1))
        return Accepted(tuple(subgoals))

    async def refute(self, goal: Goal, *, seconds: float) -> Tested:
        """Finds nothing."""
        return Tested()

    async def assemble(self, solution: Mapping[str, Assignment], *, seconds: float) -> Verdict:
        """Accepts everything at once."""
        return Accepted()


class Once:
    """One step per goal."""

    name = "once"
    rungs = (Rung.CLOSE,)

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        """Split, as the environment sees fit."""
        yield Step("split", "")


class Silent:
    """Keeps nothing: the journal belongs to whoever reads it."""

    def record(self, event: object) -> None:
        """Forget it."""


def measure(size: int) -> None:
    tree = Tree(size)
    search = Search(tree, Once(), budget=Budget(), clock=Clock(), concurrency=2, journal=Silent())
    gc.collect()
    started = time.process_time()
    result = asyncio.run(search.run())
    seconds = time.process_time() - started
    nodes = len(search.graph.digraph)
    assert result.assembled and tree.checks + 1 == result.checks
    operations = search.graph.operations / nodes
    print(
        f"{nodes:>8} nodes  {tree.checks:>8} checks  {seconds:8.2f} s CPU  "
        f"{1e6 * seconds / tree.checks:8.1f} us per check  {operations:5.2f} edge visits per node"
    )


def main() -> None:
    for size in [int(word) for word in sys.argv[1:]] or [500, 5_000, 50_000]:
        measure(size)


if __name__ == "__main__":
    main()
