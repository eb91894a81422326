"""What an accepted decomposition is worth: its lemmas tested, and the score of search, training and `prover decompose`
alike."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from search.ports import Environment, Goal, Refuted, Tested
from search.score import Score, decomposition_score

REFUTE_SECONDS = 5.0
"""Wall clock of looking for a counterexample to one lemma."""


@dataclass(frozen=True, slots=True)
class Lemma:
    """A subgoal of a decomposition. d: operator occurrences. refuted: it is false, and `witness` says for what; a
    witness of what is not refuted is one that nobody could confirm."""

    name: str
    statement: str
    d: int
    refuted: bool = False
    witness: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """A decomposition that the verifier accepts. score: S and its value before clipping; r: what S would be if no lemma
    were refuted. checks: how often the verifier was asked about the lemmas, here and now."""

    score: Score
    r: float
    lemmas: tuple[Lemma, ...] = ()
    checks: int = 0

    @property
    def refuted(self) -> Lemma | None:
        """The first lemma that is known to be false."""
        return next((lemma for lemma in self.lemmas if lemma.refuted), None)


class Scorer:
    """Scores accepted decompositions in one environment. Equal lemmas are tested once. T: the temperature of the soft
    maximum. seconds: bound on each test."""

    def __init__(self, environment: Environment, *, T: float = 5.0, seconds: float = REFUTE_SECONDS) -> None:
        self._environment = environment
        self._T = T
        self._seconds = seconds
        self._tests: dict[str, asyncio.Task[Tested]] = {}

    async def score(self, goal: Goal, subgoals: Sequence[Goal], *, seconds: float | None = None) -> Scored:
        """The score of a step that is justified and leaves the subgoals. seconds: what is left for each test, if that
        is less."""
        bound = self._seconds if seconds is None else min(self._seconds, seconds)
        fresh = {s.key for s in subgoals} - self._tests.keys()
        tested = await asyncio.gather(*(self._test(subgoal, bound) for subgoal in subgoals))
        lemmas = tuple(_lemma(s, t) for s, t in zip(subgoals, tested, strict=True))
        told = {s.key: t.checks for s, t in zip(subgoals, tested, strict=True) if s.key in fresh}
        refuted = any(lemma.refuted for lemma in lemmas)
        whole = decomposition_score(goal, subgoals, refuted=refuted, T=self._T)
        r = decomposition_score(goal, subgoals, T=self._T).value
        return Scored(whole, r, lemmas, sum(told.values()))

    async def _test(self, subgoal: Goal, seconds: float) -> Tested:
        """Several may wait for one test: who scores at the same time is cancelled at the same time."""
        task = self._tests.get(subgoal.key)
        if task is None or task.cancelled():
            work = self._environment.refute(subgoal, seconds=seconds)
            task = self._tests[subgoal.key] = asyncio.ensure_future(work)
        return await task


def _lemma(subgoal: Goal, tested: Tested) -> Lemma:
    found = tested.found
    statement = subgoal.text or subgoal.name
    refuted = isinstance(found, Refuted)
    return Lemma(subgoal.name, statement, subgoal.complexity, refuted, found.witness if found is not None else "")
