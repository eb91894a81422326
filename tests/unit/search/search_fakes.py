"""A world whose best answer is known: virtual time, scripted environments and policies."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from search.budget import Budget
from search.engine import Search
from search.journal import MemoryJournal, without_times
from search.ports import (
    Accepted,
    Assignment,
    Goal,
    PolicyContext,
    Proposals,
    Rejected,
    Rung,
    Spent,
    Step,
    Tested,
    Verdict,
)
from search.result import SearchResult

T = TypeVar("T")

Steps = Mapping[str, Mapping[str, Sequence[str] | Verdict]]


class _VirtualSelector(selectors.SelectSelector):
    """Instead of waiting, moves its loop's time on."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[Any]:
        events = super().select(0)
        if not events:
            assert timeout is not None, "deadlock: everybody waits for somebody else"
            self.loop.moment += max(timeout, 0.0)
        return events


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in which sleeping takes no time, and time passes only by sleeping."""

    def __init__(self) -> None:
        selector = _VirtualSelector()
        selector.loop = self
        self.moment = 0.0
        super().__init__(selector)

    def time(self) -> float:
        return self.moment


class LoopClock:
    """The running loop's time; 0 outside."""

    def now(self) -> float:
        try:
            return asyncio.get_running_loop().time()
        except RuntimeError:
            return 0.0


def play(main: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine in virtual time."""

    async def body() -> T:
        return await main()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(body())


def goal(key: str, complexity: int = 8, **more: Any) -> Goal:
    return Goal(key, f"goal {key}", text=f"prove {key}", complexity=complexity, **more)


def step(key: str, kind: str = "step") -> Step:
    return Step(key, f"text of {key}", kind)


@dataclass
class World:
    """An AND/OR graph known in advance: `steps[goal][step]` are the subgoals that the step leaves open, or a verdict.

    seconds: how long each check takes (virtual), by (goal, step). conflicts: sets of (goal, step) that fail together.
    """

    roots: Sequence[str]
    steps: Steps
    seconds: Callable[[str, str], float] = lambda goal, step: 1.0
    conflicts: Sequence[frozenset[tuple[str, str]]] = ()
    blames: bool = True
    goals: Mapping[str, Goal] = field(default_factory=dict)
    tested: Mapping[str, Tested] = field(default_factory=dict)
    assembly: list[Verdict] = field(default_factory=list)
    checks: list[tuple[str, str]] = field(default_factory=list)
    started: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    assemblies: list[dict[str, str]] = field(default_factory=list)
    running: int = 0
    most_running: int = 0

    def goal(self, key: str) -> Goal:
        return self.goals.get(key) or goal(key)

    async def roots_(self) -> Sequence[Goal]:
        return [self.goal(key) for key in self.roots]

    async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
        self.checks.append((goal.key, step.key))
        await self._take(self.seconds(goal.key, step.key))
        answer = self.steps[goal.key][step.key]
        return Accepted(tuple(self.goal(key) for key in answer)) if isinstance(answer, Sequence) else answer

    async def assemble(self, solution: Mapping[str, Assignment], *, seconds: float) -> Verdict:
        for assignment in solution.values():
            assert all(subgoal.key in solution for subgoal in assignment.subgoals)
        chosen = {key: assignment.step.key for key, assignment in solution.items()}
        self.assemblies.append(chosen)
        await self._take(self.seconds("", "assembly"))
        if self.assembly:
            return self.assembly.pop(0)
        for conflict in self.conflicts:
            if all(chosen.get(key) == name for key, name in conflict):
                return Rejected("do not fit", tuple(sorted(key for key, _ in conflict)) if self.blames else ())
        return Accepted()

    async def _take(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self.started.append(loop.time())
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await asyncio.sleep(seconds)
        finally:
            self.running -= 1
            self.ended.append(loop.time())


class Fake:
    """A `World` as an `Environment` (whose `roots` is a method)."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def roots(self) -> Sequence[Goal]:
        return await self.world.roots_()

    async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
        return await self.world.check(goal, step, seconds=seconds)

    async def refute(self, goal: Goal, *, seconds: float) -> Tested:
        return self.world.tested.get(goal.key, Tested())

    async def assemble(self, solution: Mapping[str, Assignment], *, seconds: float) -> Verdict:
        return await self.world.assemble(solution, seconds=seconds)


@dataclass
class Listed:
    """A policy that proposes the steps a world lists for the goal, in their order, until one closes it."""

    world: World
    name: str = "listed"
    rungs: Sequence[Rung] = (Rung.CLOSE,)
    told: list[tuple[str, str, Verdict | None]] = field(default_factory=list)
    contexts: list[tuple[str, PolicyContext]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        self.contexts.append((goal.key, context))
        try:
            for key in self.world.steps.get(goal.key, {}):
                verdict = yield step(key)
                self.told.append((goal.key, key, verdict))
        finally:
            self.closed.append(goal.key)


@dataclass
class Endless:
    """A policy that never runs out of (useless) ideas, each worth some tokens."""

    name: str = "endless"
    rungs: Sequence[Rung] = (Rung.CLOSE,)
    tokens: int = 0
    closed: int = 0

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        number = 0
        try:
            while True:
                number += 1
                if self.tokens:
                    yield Spent(self.tokens)
                yield step(f"{goal.key} {context.visits}/{number}")
        finally:
            self.closed += 1


class Stubborn(dict[str, Verdict]):
    """A world's steps for one goal: whatever is proposed is rejected."""

    def __missing__(self, key: str) -> Verdict:
        return Rejected("no", open_obligations=3)


@dataclass
class Played:
    result: SearchResult
    search: Search
    journal: list[dict[str, Any]]
    end: float


def search(world: World, policy: Any = None, budget: Budget | None = None, **options: Any) -> Played:
    """A whole search in virtual time."""
    journal = MemoryJournal()

    async def main() -> Played:
        environment, chosen = Fake(world), policy or Listed(world)
        made = Search(
            environment,
            chosen,
            budget=budget or Budget(),
            clock=LoopClock(),
            journal=journal,
            **options,
        )
        result = await made.run()
        return Played(result, made, [without_times(e) for e in journal.events], asyncio.get_running_loop().time())

    return play(main)


def least_fixpoint(steps: Steps) -> set[str]:
    """What can be proved, by brute force."""
    solved: set[str] = set()
    while True:
        more = {
            key
            for key, options in steps.items()
            if key not in solved
            and any(isinstance(subgoals, Sequence) and set(subgoals) <= solved for subgoals in options.values())
        }
        if not more:
            return solved
        solved |= more
