"""Prunes a found step to what is needed: insertions are left out as long as the verifier still accepts the step.

Divide and conquer, after Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input" (delta
debugging): a run of insertions is left out as a whole if it can be, and otherwise half by half; where the first half
of a needed run could be left out, the second is known to be needed. Brackets that open in one insertion and close in
another stay or go together. The result is an accepted step, not necessarily the smallest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from dafny_env.steps import DafnyStep, Insertion
from dafny_env.syntax.tokens import tokenize
from search.ports import Accepted, Environment, Goal, Step

MakeStep = Callable[[DafnyStep, str], Step]
LIKELY_ENOUGH = 0.3
"""The least chance at which leaving out a run as a whole is tried before its halves."""
_OPEN, _CLOSE = frozenset({"{", "{:", "(", "["}), frozenset({"}", ")", "]"})


async def minimise(
    environment: Environment,
    goal: Goal,
    step: Step,
    make: MakeStep,
    *,
    checks: int,
    remaining: Callable[[], float],
    plain: bool = True,
) -> tuple[Step, int]:
    """The step with fewer insertions, and the number of checks spent.

    checks: how many checks may be spent; remaining: seconds left, asked before each check. plain: check as the gate
    does, and not as the step was checked when it was found (better unless the step as a whole is too much for that).
    The step given back was accepted by the environment without subgoals, in the form in which it is given back; `step`
    itself is taken to have been.
    """
    pruning = _Pruning(environment, goal, step, make, checks, remaining, plain)
    await pruning.reduce(units(step.payload.insertions), known_needed=False)
    return pruning.accepted, pruning.spent


@dataclass(frozen=True, slots=True)
class Unit:
    """Insertions (their indices) that stay or go together, and those inside their brackets that may go alone."""

    members: tuple[int, ...]
    inner: tuple[Unit, ...] = ()

    @property
    def all(self) -> frozenset[int]:
        """The indices of the unit with all inside it."""
        return frozenset(self.members).union(*(u.all for u in self.inner))


def units(insertions: Sequence[Insertion]) -> tuple[Unit, ...]:
    """The insertions as runs with balanced brackets, nested. What never closes stays with all that follows it."""
    done: list[list[Unit]] = [[]]
    frames: list[list[int]] = []
    for index, insertion in enumerate(insertions):
        lowest, change, readable = _depths(insertion.text)
        if not readable:
            return ()  # a comment or string that goes on in another insertion: nothing may go
        if lowest < 0 and len(frames) + lowest < 0:
            return ()
        if lowest == 0 and change == 0:
            done[-1].append(Unit((index,)))
            continue
        closed: list[int] = []
        inner: list[Unit] = []
        for _ in range(-lowest):
            members, units_inside = frames.pop(), done.pop()
            closed, inner = [*members, *closed], [*units_inside, *inner]
        opened = change - lowest
        if opened == 0:
            done[-1].append(Unit((*closed, index), tuple(inner)))
            continue
        for k in range(opened):
            frames.append([*closed, index] if k == 0 else [index])
            done.append(inner if k == 0 else [])
    while frames:
        members, units_inside = frames.pop(), done.pop()
        done[-1].append(Unit(tuple(members), tuple(units_inside)))
    return tuple(done[0])


def _depths(text: str) -> tuple[int, int, bool]:
    """The lowest depth of brackets that a text reaches, that at its end, and whether it can be read on its own."""
    depth = lowest = 0
    tokens = tokenize(text)
    for token in tokens:
        if token.kind == "op":
            depth += (token.text in _OPEN) - (token.text in _CLOSE)
            lowest = min(lowest, depth)
    return lowest, depth, all(t.kind != "error" for t in tokens)


@dataclass(slots=True)
class _Pruning:
    """What has been reached: the last accepted step, the indices left out, and the checks spent."""

    environment: Environment
    goal: Goal
    accepted: Step
    make: MakeStep
    checks: int
    remaining: Callable[[], float]
    plain: bool
    spent: int = 0
    original: DafnyStep = field(init=False)
    gone: frozenset[int] = frozenset()
    needed: int = 0
    dropped: int = 0

    def __post_init__(self) -> None:
        self.original = replace(self.accepted.payload, thorough=False) if self.plain else self.accepted.payload

    @property
    def over(self) -> bool:
        """Whether a bound is reached."""
        return self.spent >= self.checks or self.remaining() <= 0

    async def reduce(self, run: Sequence[Unit], *, known_needed: bool) -> bool:
        """Leave out what can be of a run of units; whether all of it was."""
        if not run or self.over:
            return not run
        tried = known_needed
        if not known_needed and self._worth_trying(len(run)):
            tried = True
            if await self._without(run):
                self.dropped += len(run)
                return True
        if len(run) == 1:
            self.needed += 1
            await self.reduce(run[0].inner, known_needed=False)
            return False
        middle = len(run) // 2
        first = await self.reduce(run[:middle], known_needed=False)
        # Where the run cannot go as a whole, but all of its first half could, something in the second is needed.
        second = await self.reduce(run[middle:], known_needed=first and tried)
        return first and second

    def _worth_trying(self, size: int) -> bool:
        """Whether a run is likely enough to go as a whole, by what share of single units turned out to be needed."""
        share = (self.needed + 0.2) / (self.needed + self.dropped + 2)
        return size == 1 or (1 - share) ** size >= LIKELY_ENOUGH

    async def _without(self, run: Iterable[Unit]) -> bool:
        """Try the step without a run; whether it is accepted (and kept)."""
        gone = self.gone.union(*(u.all for u in run))
        kept = tuple(i for k, i in enumerate(self.original.insertions) if k not in gone)
        trial = self.make(replace(self.original, insertions=kept), self.accepted.kind)
        self.spent += 1
        verdict = await self.environment.check(self.goal, trial, seconds=max(self.remaining(), 0.1))
        if not isinstance(verdict, Accepted) or verdict.subgoals:
            return False
        self.accepted, self.gone = verdict.step or trial, gone
        return True
