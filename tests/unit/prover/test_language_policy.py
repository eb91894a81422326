"""The policy that asks a language model: what it asks, what it makes of answers, what it says when there are none."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind, Insertion
from dafny_env.syntax.ast import Span
from prover.policy.language.formats import AnyStep, Ask, Counts, NotShown, Purpose, Shown
from prover.policy.language.policy import LanguagePolicy, Sampling, Trouble, as_step
from prover.running import Countdown
from prover.sampling.port import Answer, Finish, Prompt, Sample, SampleRequest, Samples, SamplingFailed
from prover.sampling.rationing import RationedSampler, Rations
from search.budget import Budget
from search.engine import Search
from search.ports import Accepted, Goal, PolicyContext, Rejected, Rung, Spent, Step, Tested, Verdict
from search.result import SearchResult, Stop

GOAL = Goal("g", "g", payload=DafnyGoal(GoalKind.DECLARATION, "M", "method M() { }", Span(0, 14)))


@dataclass
class Scripted:
    """A model that gives the same texts to every request, as many as were asked for, with their log-probabilities."""

    texts: Sequence[tuple[str, float]] = (("a", -1.0),)
    failure: SamplingFailed | None = None
    asked: list[SampleRequest] = field(default_factory=list)
    name: str = "hf:scripted"
    window: int | None = 100

    def count(self, prompt: Prompt) -> int:
        return len(prompt.raw or "")

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        self.asked += requests
        if self.failure is not None:
            return [self.failure] * len(requests)
        return [
            Samples(tuple(Sample(t, 5, Finish.STOP, logprob) for t, logprob in self.texts[: r.n]), 7) for r in requests
        ]

    async def close(self) -> None:
        pass


@dataclass
class Plain:
    """A format in which an answer's words are insertions at the start; `-` is nothing to read."""

    name: str = "plain"
    able: frozenset[Purpose] = frozenset([Purpose.CLOSE, Purpose.DECOMPOSE, Purpose.REPAIR])
    asks: list[Ask] = field(default_factory=list)
    refuses: str = ""

    def purposes(self, language: str) -> frozenset[Purpose]:
        return self.able

    def show(self, ask: Ask, count: Counts) -> Shown | NotShown:
        self.asks.append(ask)
        return NotShown(self.refuses) if self.refuses else Shown(Prompt(raw=f"{ask.purpose}?"), ("END",))

    def read(self, ask: Ask, text: str, *, cut_off: bool) -> Sequence[AnyStep]:
        return [DafnyStep((Insertion(0, word),)) for word in text.split() if word != "-"]

    def answer(self, ask: Ask, step: AnyStep) -> str | None:
        return None


NO = Rejected("no")


def propose(policy: LanguagePolicy, context: PolicyContext, verdict: Verdict = NO) -> list[str | int]:
    """What a policy proposes when everything gets the same verdict: texts of steps, and tokens."""

    async def run() -> list[str | int]:
        found: list[str | int] = []
        proposals = policy.propose(GOAL, context)
        reply: Verdict | None = None
        while True:
            try:
                item = await proposals.asend(reply)
            except StopAsyncIteration:
                return found
            found.append(item.tokens if isinstance(item, Spent) else item.text)
            reply = None if isinstance(item, Spent) else verdict

    return asyncio.run(run())


def test_answers_are_proposed_likeliest_first_each_step_once() -> None:
    sampler = Scripted([("b", -20.0), ("a c", -1.0), ("-", 0.0), ("b", -9.0)])
    policy = LanguagePolicy(sampler, Plain(), "dafny", sampling=Sampling(greedy=False))
    assert propose(policy, PolicyContext(width=4)) == ["a", "c", "b", 20]


def test_nothing_more_is_proposed_once_the_goal_is_closed() -> None:
    policy = LanguagePolicy(Scripted([("a b", 0.0)]), Plain(), "dafny")
    assert propose(policy, PolicyContext(width=1), Accepted()) == ["a", 5]


def test_tokens_are_told_behind_their_answers_and_owed_where_nobody_listened_to_the_end() -> None:
    async def run() -> None:
        policy = LanguagePolicy(Scripted([("a b", 0.0)]), Plain(), "dafny")
        left = policy.propose(GOAL, PolicyContext(width=1))
        assert isinstance(await left.asend(None), Step)
        other = policy.propose(GOAL, PolicyContext(width=1))
        assert isinstance(await other.asend(None), Step)
        await left.aclose()
        await other.asend(NO)
        assert await other.asend(NO) == Spent(5 + 5), "what was dropped is told with the next"
        late = policy.propose(GOAL, PolicyContext(width=1))
        await late.asend(None)
        await late.aclose()
        assert (policy.owed(), policy.owed()) == (5, 0)

    asyncio.run(run())


def test_the_first_run_asks_for_the_likeliest_answer_and_some_others_later_ones_are_warmer() -> None:
    sampler = Scripted()
    policy = LanguagePolicy(sampler, Plain(), "dafny", sampling=Sampling(temperature=0.5, warmer=0.25, hottest=0.9))
    propose(policy, PolicyContext(width=4, seed=1000))
    propose(policy, PolicyContext(width=8, visits=1, seed=2000))
    propose(policy, PolicyContext(width=99, visits=5, seed=3000))
    assert [(r.n, r.temperature) for r in sampler.asked] == [(1, 0.0), (3, 0.5), (8, 0.75), (32, 0.9)]
    assert len({r.seed for r in sampler.asked}) == 4
    assert all(r.stop == ("END",) for r in sampler.asked)


def test_at_temperature_0_one_answer_is_all_answers() -> None:
    sampler = Scripted()
    policy = LanguagePolicy(sampler, Plain(), "dafny", sampling=Sampling(temperature=0.0, warmer=0.25, tries=1))
    propose(policy, PolicyContext(width=8))
    propose(policy, PolicyContext(width=8, visits=1))
    assert [(r.n, r.temperature) for r in sampler.asked] == [(1, 0.0), (8, 0.25)]


def test_where_nothing_new_is_said_it_is_asked_again_warmer() -> None:
    tried = [(as_step(DafnyStep((Insertion(0, "a"),)), "close"), Rejected("a"))]
    sampler = Scripted([("a", 0.0)])
    policy = LanguagePolicy(sampler, Plain(), "dafny", sampling=Sampling(temperature=0.5, hottest=0.7, tries=3))
    assert propose(policy, PolicyContext(width=2, visits=1, seed=9, rejected=tried)) == [10 // 2, 5, 5]
    assert [r.temperature for r in sampler.asked] == pytest.approx([0.6, 0.7, 0.7])
    assert len({r.seed for r in sampler.asked}) == 3


def test_the_same_context_asks_the_same() -> None:
    first, second = Scripted(), Scripted()
    for sampler in (first, second):
        propose(LanguagePolicy(sampler, Plain(), "dafny", task="t"), PolicyContext(seed=11))
    assert first.asked == second.asked and first.asked[0].task == "t"


def test_repair_shows_what_came_closest_and_goes_on_from_what_that_came_to() -> None:
    format_ = Plain()
    policy = LanguagePolicy(Scripted([("new", 0.0)]), format_, "dafny", sampling=Sampling(rounds=2))
    tried = [
        (as_step(DafnyStep((Insertion(0, t),)), "close"), Rejected(t, (), left)) for t, left in (("x", 3), ("y", 1))
    ]
    propose(policy, PolicyContext(rung=Rung.REPAIR, rejected=tried, lost_lemmas=("L: false",)))
    shown = [
        [step.insertions[0].text for step, _ in ask.attempts if isinstance(step, DafnyStep)] for ask in format_.asks
    ]
    assert shown == [["x", "y"], ["x", "y", "new"]]
    assert format_.asks[0].notes == ("L: false",)


def test_nothing_to_repair_nothing_asked() -> None:
    sampler = Scripted()
    assert propose(LanguagePolicy(sampler, Plain(), "dafny"), PolicyContext(rung=Rung.REPAIR)) == []
    assert propose(LanguagePolicy(sampler, Plain(), "dafny"), PolicyContext(rung=Rung.DECOMPOSE, whole=True)) == []
    assert sampler.asked == []


def test_a_format_is_asked_only_for_what_it_can() -> None:
    assert LanguagePolicy(Scripted(), Plain(able=frozenset([Purpose.CLOSE])), "lean").rungs == (Rung.CLOSE, Rung.WIDEN)


def test_trouble_is_told_once_and_counted() -> None:
    heard: list[str] = []
    policy = LanguagePolicy(Scripted(failure=SamplingFailed("the server is down")), Plain(), "dafny")
    policy.trouble.on_first = heard.append
    for visits in range(3):
        assert propose(policy, PolicyContext(visits=visits + 1)) == [0]
    assert heard == ["the server is down"] and policy.trouble.reasons == {"the server is down": 3}


def test_a_budget_that_is_spent_is_no_trouble_with_the_model() -> None:
    policy = LanguagePolicy(Scripted(failure=SamplingFailed("no more", True, spent=True)), Plain(), "dafny")
    assert propose(policy, PolicyContext()) == [0]
    assert policy.trouble.reasons == {} and policy.trouble.asked == 0


def test_answers_are_counted_with_those_that_could_be_read() -> None:
    sampler = Scripted([("a", 0.0), ("-", 0.0), ("b c", 0.0)])
    policy = LanguagePolicy(sampler, Plain(), "dafny", sampling=Sampling(greedy=False))
    propose(policy, PolicyContext(width=3))
    assert (policy.trouble.samples, policy.trouble.read) == (3, 2)


def test_a_goal_that_does_not_fit_is_trouble_too() -> None:
    policy = LanguagePolicy(sampler := Scripted(), Plain(refuses="too long"), "dafny")
    assert propose(policy, PolicyContext()) == [0]
    assert policy.trouble.reasons == {"too long": 1} and sampler.asked == []


def test_the_prompt_leaves_room_for_the_answer() -> None:
    format_ = Plain()
    propose(LanguagePolicy(Scripted(), format_, "dafny", sampling=Sampling(answer_tokens=30)), PolicyContext())
    assert [ask.room for ask in format_.asks] == [70]


def test_steps_of_a_search_have_the_kind_of_what_was_asked() -> None:
    step = as_step(DafnyStep((Insertion(0, "assert x;"),)), "close")
    assert isinstance(step, Step) and (step.kind, step.text) == ("close", "assert x;")


def test_an_answer_takes_no_more_than_half_of_a_small_window() -> None:
    model, plain = Scripted(window=100), Plain()
    propose(LanguagePolicy(model, plain, "dafny"), PolicyContext(rung=Rung.CLOSE, width=2))
    assert {request.max_tokens for request in model.asked} == {50}
    assert {ask.room for ask in plain.asks} == {50}


def test_a_model_that_never_answers_is_told_from_one_that_cannot_and_from_one_that_is_slow() -> None:
    def after(failure: SamplingFailed | None, away: str = "") -> str:
        policy = LanguagePolicy(Scripted(failure=failure), Plain(), "dafny", trouble=Trouble(away=lambda: away))
        propose(policy, PolicyContext())
        return policy.trouble.unanswered

    assert after(SamplingFailed("it crashed")) == "it crashed"
    assert after(SamplingFailed("the prompt is too long", final=True)) == ""
    assert after(SamplingFailed("the key is refused", final=True), away="the server refuses the key") != ""
    assert after(None, away="it was away once") == "", "it has answered"
    slow = Trouble(asked=1)
    assert (slow.unanswered, Trouble(asked=1, away=lambda: "nobody is there").unanswered) == ("", "nobody is there")
    assert Trouble(away=lambda: "nobody is there").unanswered == "", "it was not asked"


class Strict:
    """An environment with one goal, in which nothing is ever right. checked: what was tried, by its text."""

    def __init__(self) -> None:
        self.checked: list[str] = []

    async def roots(self) -> Sequence[Goal]:
        return [GOAL]

    async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
        self.checked.append(step.text)
        return NO

    async def refute(self, goal: Goal, *, seconds: float) -> Tested:
        return Tested()

    async def assemble(self, solution: object, *, seconds: float) -> Verdict:
        return NO


class Inventive(Scripted):
    """A model that says something new every time, in five tokens, however many it may use."""

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        self.asked += requests
        return [
            Samples(tuple(Sample(f"w{r.seed}x{i}", min(5, r.max_tokens), Finish.STOP, -1.0) for i in range(r.n)), 7)
            for r in requests
        ]


@pytest.mark.parametrize("answers", [1, 3, 20])
def test_a_search_checks_all_answers_that_its_tokens_allow_and_asks_for_no_more(answers: int) -> None:
    budget, environment = 5 * answers, Strict()

    async def run() -> SearchResult:
        sampler = RationedSampler(Inventive(), Rations(budget))
        policy = LanguagePolicy(sampler, Plain(), "dafny", sampling=Sampling(answer_tokens=5))
        clock = Countdown(1e6)
        return await Search(environment, policy, budget=Budget(tokens=budget), clock=clock, waiting=6).run()

    found = asyncio.run(run())
    assert (found.tokens, found.stop) == (budget, Stop.TOKENS)
    assert len(environment.checked) == answers
