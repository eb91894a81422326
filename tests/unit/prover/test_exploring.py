"""The decompositions of one goal: what is asked of a policy, what is made of the verdicts, and what it may cost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from prover.decompositions import GoalPlans, PlanStatus
from prover.exploring import WIDTH, Allowance, Expenses, Explorer
from prover.scoring import Scorer
from search import ports
from search.ports import (
    Accepted,
    Assignment,
    Goal,
    PolicyContext,
    Proposals,
    Refuted,
    Rejected,
    Rung,
    Spent,
    Step,
    Unconfirmed,
    Unknown,
    Verdict,
)
from search.score import score_sizes

GOAL = Goal("goal", "Goal", "the goal", complexity=20)


def lemma(name: str, size: int, *, false: bool = False) -> Goal:
    return Goal(name, name, f"lemma {name}", complexity=size, trivially_false=false)


def step(name: str) -> Step:
    return Step(name, f"text of {name}", "idea")


EASY, HARD = lemma("easy", 4), lemma("hard", 15)
VERDICTS: dict[str, Verdict] = {
    "good": Accepted((EASY,)),
    "two": Accepted((EASY, HARD)),
    "again": Accepted((EASY,)),
    "cheat": Accepted((lemma("false", 1, false=True),)),
    "closing": Accepted(),
    "bad": Rejected("a postcondition might not hold"),
    "worse": Rejected("assertion violation\nat line 3"),
    "slow": Unknown("timeout after 20 s"),
    "impossible": Refuted("x = 3"),
}


@dataclass
class Clock:
    """Stands still, until a check takes its second."""

    time: float = 0.0

    def now(self) -> float:
        return self.time


@dataclass
class Told:
    """An environment that says what it was told. tests: what looking for a counterexample finds, by goal."""

    clock: Clock = field(default_factory=Clock)
    tests: Mapping[str, ports.Tested] = field(default_factory=dict)
    checked: list[str] = field(default_factory=list)
    tested: list[str] = field(default_factory=list)

    async def roots(self) -> Sequence[Goal]:
        return (GOAL,)

    async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
        assert goal == GOAL and seconds > 0
        self.checked.append(step.key)
        self.clock.time += 1.0
        await asyncio.sleep(0)
        return VERDICTS.get(step.key, Rejected("no such idea"))

    async def refute(self, goal: Goal, *, seconds: float) -> ports.Tested:
        assert seconds > 0
        self.tested.append(goal.key)
        return self.tests.get(goal.key, ports.Tested())

    async def assemble(self, solution: Mapping[str, Assignment], *, seconds: float) -> Verdict:
        raise AssertionError("decomposing assembles nothing")


@dataclass
class Script:
    """A policy that proposes fixed steps at each rung, and remembers what it was asked and answered."""

    by_rung: Mapping[Rung, Sequence[str]]
    contexts: list[PolicyContext] = field(default_factory=list)
    answers: list[Verdict | None] = field(default_factory=list)
    more: Callable[[PolicyContext], Sequence[str]] = lambda context: ()
    name: str = "script"
    closed: int = 0

    @property
    def rungs(self) -> Sequence[Rung]:
        return tuple(self.by_rung)

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        self.contexts.append(context)
        try:
            for key in (*self.by_rung[context.rung], *self.more(context)):
                if key == "raise":
                    raise ZeroDivisionError("boom")
                self.answers.append((yield Spent(7) if key == "spend" else step(key)))
        finally:
            self.closed += 1


def explored(
    policy: Script,
    environment: Told | None = None,
    *,
    seconds: float = 1e6,
    checks: int | None = None,
    tokens: int | None = None,
    spent: Expenses | None = None,
) -> GoalPlans:
    told = environment or Told()
    spent = spent or Expenses()
    explorer = Explorer(told, [policy], GOAL, Scorer(told), spent, seed=1)
    asyncio.run(explorer.explore(Allowance(told.clock, seconds, spent, checks, tokens)))
    assert policy.closed == len(policy.contexts)
    return explorer.plans(7)


def decomposing(*keys: str) -> Script:
    return Script({Rung.DECOMPOSE: keys})


# -------------------------------------------------------------------------------------------------------------- ranking


def test_accepted_steps_are_ranked_by_their_score_the_best_first() -> None:
    plans = explored(decomposing("two", "cheat", "bad", "good"))
    assert (plans.name, plans.line, plans.text, plans.d) == ("Goal", 7, "the goal", 20)
    assert plans.status is PlanStatus.DECOMPOSED
    assert [d.text for d in plans.decompositions] == ["text of good", "text of two", "text of cheat"]
    best = plans.decompositions[0]
    assert best.score == score_sizes(20, [4]) and best.r == best.score.value and best.verdict == "accepted"
    assert [(x.name, x.statement, x.d) for x in best.lemmas] == [("easy", "lemma easy", 4)]
    assert plans.decompositions[2].score.value == 0.0


def test_the_same_lemmas_are_one_decomposition() -> None:
    assert [d.text for d in explored(decomposing("good", "again")).decompositions] == ["text of good"]


def test_a_lemma_that_is_false_costs_its_decomposition_the_score() -> None:
    told = Told(tests={"easy": ports.Tested(Refuted("n = 0"), 2), "hard": ports.Tested(Unconfirmed("n = 1"))})
    spent = Expenses()
    plans = explored(decomposing("good", "two"), told, spent=spent)
    assert plans.status is PlanStatus.OPEN
    first = next(d for d in plans.decompositions if d.text == "text of two")
    assert (first.v, first.score.value, first.verdict) == (False, 0.0, "refuted-lemma")
    assert first.r == score_sizes(20, [4, 15]).value
    assert [(x.refuted, x.witness) for x in first.lemmas] == [(True, "n = 0"), (False, "n = 1")]
    assert told.tested == ["goal", "easy", "hard"]  # each once
    assert spent.checks == 2 + 2


def test_rejected_ones_are_counted_with_the_most_frequent_reasons() -> None:
    plans = explored(decomposing("bad", "worse", "x", "y", "slow"))
    assert plans.status is PlanStatus.OPEN and not plans.decompositions
    assert (plans.rejected.count, plans.rejected.undecided) == (4, 1)
    assert plans.rejected.reasons[0] == ("no such idea", 2)
    assert ("assertion violation at line 3", 1) in plans.rejected.reasons
    assert ("no verdict: timeout", 1) in plans.rejected.reasons


# -------------------------------------------------------------------------------------------------------- what is asked


def test_closing_comes_first_and_what_it_leaves_failing_is_handed_on() -> None:
    policy = Script({Rung.CLOSE: ["bad", "slow"], Rung.DECOMPOSE: ["good"], Rung.REPAIR: ["worse"]})
    plans = explored(policy)
    assert [c.rung for c in policy.contexts[:3]] == [Rung.CLOSE, Rung.DECOMPOSE, Rung.REPAIR]
    assert [s.key for s, _ in policy.contexts[1].rejected] == ["bad", "slow"]
    assert [v for _, v in policy.contexts[1].rejected] == [VERDICTS["bad"], VERDICTS["slow"]]
    assert plans.rejected.count == 1  # attempts to close it are no decompositions


def test_a_goal_that_closes_is_told_so_and_not_decomposed() -> None:
    policy = Script({Rung.CLOSE: ["bad", "closing", "worse"], Rung.DECOMPOSE: ["good"]})
    told = Told()
    plans = explored(policy, told)
    assert plans.status is PlanStatus.CLOSED
    (only,) = plans.decompositions
    assert (only.score.value, only.r, only.lemmas, only.text) == (1.0, 1.0, (), "text of closing")
    assert told.checked == ["bad", "closing"]


def test_only_the_rungs_that_a_policy_has_are_asked_for() -> None:
    policy = decomposing("good")
    explored(policy)
    assert {c.rung for c in policy.contexts} == {Rung.DECOMPOSE}


def test_it_is_asked_again_and_wider_until_nothing_is_new() -> None:
    policy = Script({Rung.DECOMPOSE: ["bad"]}, more=lambda context: ["good"][: context.visits])
    told = Told()
    explored(policy, told)
    assert [(c.visits, c.width) for c in policy.contexts] == [(0, WIDTH), (1, 2 * WIDTH), (2, 3 * WIDTH)]
    assert told.checked == ["bad", "good"]
    assert policy.answers[1] == VERDICTS["bad"]  # what is known is answered for nothing
    assert len({c.seed for c in policy.contexts}) == 3


def test_lost_lemmas_are_told_the_next_time() -> None:
    policy = decomposing("good")
    explored(policy, Told(tests={"easy": ports.Tested(Refuted("n = 0"))}))
    assert list(policy.contexts[1].lost_lemmas) == ["easy: n = 0"]


def test_tokens_are_counted() -> None:
    spent = Expenses()
    explored(decomposing("spend", "good", "spend"), spent=spent)
    assert (spent.tokens, spent.checks) == (28, 1)  # it is asked twice


def test_so_are_those_that_a_policy_had_not_told_when_it_was_closed() -> None:
    class Late(Script):
        def owed(self) -> int:
            return 3

    spent = Expenses()
    explored(Late({Rung.CLOSE: ["closing", "bad"]}), spent=spent)
    assert spent.tokens == 3


def test_a_budget_of_tokens_ends_it() -> None:
    told = Told()
    explored(decomposing("bad", "spend", "good"), told, tokens=7)
    assert told.checked == ["bad"]


def test_closing_takes_its_share_of_the_tokens() -> None:
    policy = Script({Rung.CLOSE: ["spend", "bad"], Rung.DECOMPOSE: ["good"]})
    told = Told()
    explored(policy, told, tokens=15)
    assert told.checked == ["good"]


@pytest.mark.parametrize("rung", [Rung.CLOSE, Rung.DECOMPOSE])
def test_a_goal_that_is_false_ends_it(rung: Rung) -> None:
    plans = explored(Script({Rung.CLOSE: [], Rung.DECOMPOSE: [], rung: ["impossible", "good"]}))
    assert (plans.status, plans.witness) == (PlanStatus.REFUTED, "x = 3")


def test_so_does_a_counterexample_before_anything_is_asked() -> None:
    policy = decomposing("good")
    plans = explored(policy, Told(tests={"goal": ports.Tested(Refuted("x = 1"))}))
    assert (plans.status, plans.witness) == (PlanStatus.REFUTED, "x = 1")
    assert not policy.contexts


def test_a_policy_s_mistake_keeps_what_was_found() -> None:
    told = Told()
    policy = decomposing("good", "raise")
    explorer = Explorer(told, [policy], GOAL, Scorer(told), Expenses())
    asyncio.run(explorer.explore(Allowance(told.clock, 60.0, explorer.spent, None)))
    assert explorer.mistake == "ZeroDivisionError: boom"
    assert explorer.plans(1).status is PlanStatus.DECOMPOSED


# -------------------------------------------------------------------------------------------------------------- budgets


@pytest.mark.parametrize("checks", [0, 1, 2, 3, 5])
def test_no_more_checks_than_allowed_and_most_of_them_for_decompositions(checks: int) -> None:
    told = Told()
    many = [f"{n}" for n in range(20)]
    explored(Script({Rung.CLOSE: many, Rung.DECOMPOSE: [f"d{n}" for n in range(20)]}), told, checks=checks)
    assert len(told.checked) == checks
    assert sum(key.startswith("d") for key in told.checked) >= checks // 2


def test_no_more_seconds_than_allowed() -> None:
    told = Told()
    explored(Script({Rung.CLOSE: list("abcdefgh"), Rung.DECOMPOSE: [*"ijklmnopqrstuvwxyz"]}), told, seconds=10.0)
    assert "".join(told.checked) == "abcd" + "ijklmn"


def test_a_policy_that_thinks_for_too_long_is_stopped() -> None:
    class Slow(Script):
        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            self.contexts.append(context)
            try:
                yield step("good")
                await asyncio.Event().wait()
            finally:
                self.closed += 1

    told = Told()
    told.clock.time = 0.0
    plans = explored(Slow({Rung.DECOMPOSE: []}), told, seconds=1.01)
    assert plans.status is PlanStatus.DECOMPOSED


@dataclass
class Broken(Script):
    """Answers being broken off with an error of its own, as generators that run in threads do."""

    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        self.contexts.append(context)
        try:
            yield step("good")
            self.waiting.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ValueError("generator already executing") from None
        finally:
            self.closed += 1


def test_being_stopped_in_the_middle_is_no_mistake_of_a_policy() -> None:
    told = Told()
    explorer = Explorer(told, [Broken({Rung.DECOMPOSE: []})], GOAL, Scorer(told), Expenses())
    asyncio.run(explorer.explore(Allowance(told.clock, 1.01, explorer.spent, None)))
    assert explorer.mistake == "" and explorer.plans(1).status is PlanStatus.DECOMPOSED


def test_a_cancellation_is_not_lost_in_a_policy_s_answer_to_it() -> None:
    told, policy = Told(), Broken({Rung.DECOMPOSE: []})
    explorer = Explorer(told, [policy], GOAL, Scorer(told), Expenses())

    async def main() -> None:
        task = asyncio.create_task(explorer.explore(Allowance(told.clock, 60.0, explorer.spent, None)))
        await policy.waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_a_policy_that_repeats_itself_for_ever_is_left() -> None:
    class Parrot(Script):
        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            self.contexts.append(context)
            try:
                while True:
                    yield step("bad")
            finally:
                self.closed += 1

    told = Told()
    explored(Parrot({Rung.DECOMPOSE: []}), told)
    assert told.checked == ["bad"]


def test_what_was_found_before_a_cancellation_is_kept() -> None:
    class Stuck(Told):
        async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
            if step.key == "stuck":
                task = asyncio.current_task()
                assert task is not None
                task.cancel()
            return await super().check(goal, step, seconds=seconds)

    told = Stuck()
    explorer = Explorer(told, [decomposing("good", "stuck")], GOAL, Scorer(told), Expenses())
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(explorer.explore(Allowance(told.clock, 60.0, explorer.spent, None)))
    assert explorer.plans(1).status is PlanStatus.DECOMPOSED
