"""Pruning found steps: only accepted ones are given back, within bounds, with few checks."""

from __future__ import annotations

import asyncio
import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafny_env.steps import DafnyStep, Insertion
from dafny_env.syntax.parser import parse
from prover.minimise import Unit, minimise, units
from search.ports import Accepted, Goal, Rejected, Step, Unknown, Verdict

GOAL = Goal("goal", "M")


def make(payload: DafnyStep, kind: str) -> Step:
    return Step(repr(payload), "".join(i.text for i in payload.insertions), kind, payload)


@dataclass
class Judge:
    """An environment that accepts what a predicate on the inserted texts accepts."""

    accepts: Callable[[list[str]], bool]
    asked: list[Step] = field(default_factory=list)
    accepted: list[Step] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Accepted)

    async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
        assert seconds > 0
        self.asked.append(step)
        if not self.accepts([i.text for i in step.payload.insertions]):
            return Rejected()
        self.accepted.append(step)
        return self.verdict


def needing(*texts: str) -> Judge:
    return Judge(lambda have: set(texts) <= set(have))


def step_of(*texts: str) -> Step:
    return make(DafnyStep(tuple(Insertion(7, t) for t in texts), "lemma H() { }", thorough=True), "houdini")


def run(judge: Judge, step: Step, checks: int = 1000, seconds: float = 9.0) -> tuple[list[str], int]:
    left = iter([seconds] * 3000) if seconds else iter([])
    found, spent = asyncio.run(
        minimise(judge, GOAL, step, make, checks=checks, remaining=lambda: next(left, 0.0))  # type: ignore[arg-type]
    )
    assert spent == len(judge.asked) <= checks
    assert found is step or found in judge.accepted
    return [i.text for i in found.payload.insertions], spent


LINES = [f"assert {k} < {k + 1};" for k in range(20)]


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(LINES), max_size=8))
def test_what_is_not_needed_goes_and_what_is_needed_stays(needed: set[str]) -> None:
    found, _ = run(needing(*needed), step_of(*LINES))
    assert found == [line for line in LINES if line in needed]


def test_few_checks_are_spent_on_a_typical_step() -> None:
    draw = random.Random(1)
    for needed, most, mean in ((0, 2, 2), (1, 9, 8), (2, 15, 12), (4, 22, 18), (8, 30, 25)):
        spent = [run(needing(*draw.sample(LINES, needed)), step_of(*LINES))[1] for _ in range(100)]
        assert max(spent) <= most
        assert statistics.mean(spent) <= mean


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**20 - 1), st.integers(0, 30))
def test_only_accepted_steps_are_given_back_even_when_more_is_not_better(seed: int, checks: int) -> None:
    # Acceptance at random, as from a solver near its limits.
    judge = Judge(lambda have: random.Random(f"{seed} {have}").random() < 0.4)
    run(judge, step_of(*LINES), checks)


def test_no_check_starts_when_time_is_over_or_none_is_left() -> None:
    assert run(needing(), step_of(*LINES), checks=0) == (LINES, 0)
    assert run(needing(), step_of(*LINES), seconds=0) == (LINES, 0)
    assert run(needing(), step_of()) == ([], 0)


@pytest.mark.parametrize("verdict", [Accepted((Goal("sub", "P"),)), Unknown("timeout"), Rejected()])
def test_a_step_that_leaves_goals_open_or_is_undecided_is_not_taken(verdict: Verdict) -> None:
    judge = Judge(lambda _: True, verdict=verdict)
    found, _ = asyncio.run(minimise(judge, GOAL, step_of("a;", "b;"), make, checks=9, remaining=lambda: 9.0))  # type: ignore[arg-type]
    assert [i.text for i in found.payload.insertions] == ["a;", "b;"]


def test_the_rest_of_the_step_is_kept_and_checked_plainly() -> None:
    judge = needing("a;")
    found, _ = asyncio.run(minimise(judge, GOAL, step_of("a;", "b;"), make, checks=9, remaining=lambda: 9.0))  # type: ignore[arg-type]
    assert (found.kind, found.payload.helpers, found.payload.thorough) == ("houdini", "lemma H() { }", False)


# ------------------------------------------------------------------------------------------------------------ brackets


def u(*members: int, inner: tuple[Unit, ...] = ()) -> Unit:
    return Unit(members, inner)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["a;", "b;"], (u(0), u(1))),
        (["{", "a;", "}"], (u(0, 2, inner=(u(1),)),)),
        (["if x {", "a;", "} else {", "b;", "}", "c;"], (u(0, 2, 4, inner=(u(1), u(3))), u(5))),
        (["f(", "g[", "1", "]", ")"], (u(0, 4, inner=(u(1, 3, inner=(u(2),)),)),)),
        (['print "{";', "// {", "/* { */", "'{'", "assert {:trigger f} x;"], (u(0), u(1), u(2), u(3), u(4))),
        (["{", "a;"], (u(0, inner=(u(1),)),)),
        (["}", "a;"], ()),
        (["/* ", "a;", " */"], ()),
        (["{ {", "a;", "} }", "b;"], (u(0, 2, inner=(u(1),)), u(3))),
    ],
)
def test_insertions_are_grouped_by_their_brackets(texts: list[str], expected: tuple[Unit, ...]) -> None:
    found = units([Insertion(0, t) for t in texts])
    flat = tuple(Unit(tuple(dict.fromkeys(x.members)), x.inner) for x in found)
    assert flat == expected


PIECES = ["a();", "if x {", "} else {", "}", "forall k {", 'var s := "}";', "// }\n", "assert y by {"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12), st.integers(0, 999))
def test_what_is_tried_has_balanced_brackets_if_the_step_had(texts: list[str], seed: int) -> None:
    depth = 0
    for text in texts:
        depth += {"if x {": 1, "}": -1, "forall k {": 1, "assert y by {": 1}.get(text, 0)
        if depth < 0 or (text == "} else {" and depth == 0):
            return
    texts = texts + ["}"] * depth
    judge = Judge(lambda have: random.Random(f"{seed} {have}").random() < 0.5)
    run(judge, step_of(*texts))
    for step in judge.asked:
        inserted = "\n".join(i.text for i in step.payload.insertions)
        opened = inserted.replace('"}"', "").replace("// }", "")
        assert opened.count("{") == opened.count("}"), inserted
        parse(inserted)
