"""The score as a training reward, with a verifier that says what the test tells it to."""

from __future__ import annotations

import asyncio
import math
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

import prover
from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Place, Rule, VerifierInfo
from dafny_env.environment import DafnyEnvironment
from dafny_env.index import callables
from dafny_env.syntax.parser import parse
from prover import rewarding
from prover.results import Status
from prover.rewarding import Reward, RewardError, reward, rewards
from prover.settings import Settings
from prover.toolchain import NoVerifier
from search import ports
from search.ports import Goal, Refuted, Unconfirmed
from search.score import score_sizes

SUM = "function Sum(n: nat): nat { if n == 0 then 0 else n + Sum(n - 1) }\n"
GOAL = "lemma Closed(n: nat)\n  ensures 2 * Sum(n) == n * (n + 1)\n"
FILE = f"{SUM}\n{GOAL}"
STEP = "lemma Step(n: nat)\n  ensures Sum(n + 1) == Sum(n) + n + 1\n"
SMALL = "lemma Small(n: nat)\n  ensures Sum(n) >= n\n"
CLOSED = GOAL + "{\n}\n"
USES = SMALL + GOAL + "{\n  Small(n);\n}\n"


@dataclass
class Judge:
    """Fails what holds the word `wrong`, runs out of time on `slow`, dies of `crash`; the rest verifies."""

    requests: list[CheckRequest] = field(default_factory=list)
    running: int = 0
    most: int = 0
    first: CheckResult | None = None
    second: asyncio.Event = field(default_factory=asyncio.Event)
    info: VerifierInfo = field(default_factory=lambda: VerifierInfo("4.11.0", 4, "z3 4.12.1", ("dafny",)))

    async def check(self, request: CheckRequest) -> CheckResult:
        self.requests.append(request)
        self.running += 1
        self.most = max(self.most, self.running)
        if len(self.requests) == 2:
            self.second.set()
        for _ in range(3):
            await asyncio.sleep(0)
        self.running -= 1
        if self.first is not None and len(self.requests) == 1:
            return self.first
        source = request.source
        if "crash" in source:
            return CheckResult(Outcome.CRASHED)
        if "slow" in source:
            return CheckResult(Outcome.TIMEOUT)
        names = tuple(callables(parse(source))) if request.declarations is None else request.declarations
        if "wrong" in source:
            error = Diagnostic("error", Rule.POSTCONDITION, "a postcondition might not hold", Place(1, 0))
            return CheckResult(Outcome.FAILED, (error,), failed=names)
        return CheckResult(Outcome.VERIFIED, verified=names)

    async def close(self) -> None:
        pass


@dataclass
class Tools:
    working: Judge = field(default_factory=Judge)
    dialect: int = 4
    opened: int = 0
    closed: int = 0

    @property
    def cold(self) -> Judge:
        return self.working


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tools]:
    made = Tools()

    @asynccontextmanager
    async def toolchain(settings: Settings) -> AsyncIterator[Tools]:
        made.opened += 1
        try:
            yield made
        finally:
            made.closed += 1

    monkeypatch.setattr(rewarding, "toolchain", toolchain)
    yield made
    assert made.opened == made.closed <= 1


Tester = Callable[[Goal], ports.Tested]


def lemma_tests(monkeypatch: pytest.MonkeyPatch, answer: Tester) -> list[Goal]:
    """Lemmas are tested by `answer`; the goals that were."""
    tested: list[Goal] = []

    async def refute(self: DafnyEnvironment, goal: Goal, *, seconds: float) -> ports.Tested:
        tested.append(goal)
        return answer(goal)

    monkeypatch.setattr(DafnyEnvironment, "refute", refute)
    return tested


def of(*texts: str, source: str = FILE, goal: str = "Closed", T: float = 5.0) -> tuple[Reward, ...]:
    return reward(source, goal, texts, T=T, settings=Settings(workers=2))


# ------------------------------------------------------------------------------------------------------------- verdicts


def test_a_closed_goal_is_worth_one(tools: Tools) -> None:
    assert of(CLOSED) == (Reward(1.0, 1.0, True, 5),)


def test_a_decomposition_is_worth_what_the_search_would_rank_it_by(tools: Tools) -> None:
    (found,) = of(USES)
    score = score_sizes(5, [2])
    assert found == Reward(score.value, score.unclipped, True, 5, (2,))
    assert 0.0 < score.value < 1.0


def test_the_temperature_is_the_caller_s(tools: Tools) -> None:
    text = USES.replace("Small(n);", "Small(n); assume n >= 0;")
    (found,) = of(text, T=0.5)
    assert found.value == score_sizes(5, [1, 2], T=0.5).value != score_sizes(5, [1, 2]).value


def test_lemmas_harder_than_the_goal_are_worth_nothing_but_tell_how_far_off_they_are(tools: Tools) -> None:
    (found,) = of(STEP + GOAL + "{ Step(n); }")
    assert (found.value, found.verdict, found.v) == (0.0, "accepted", True)
    assert found.unclipped == score_sizes(5, found.d_subgoals).unclipped < 0.0


def test_what_the_verifier_rejects_is_worth_nothing(tools: Tools) -> None:
    (found,) = of(GOAL + "{ assert n == n; /* wrong */ }")
    assert found == Reward(0.0, -math.inf, False, 5, (), "rejected", "a postcondition might not hold")


def test_so_is_what_is_no_permitted_edit(tools: Tools) -> None:
    (found,) = of("method Extra() { }\n" + CLOSED)
    assert (found.value, found.verdict) == (0.0, "rejected")
    assert len(tools.working.requests) == 1


@pytest.mark.parametrize(
    "text", ["", "I give up.", SMALL, GOAL.replace("n + 1", "n") + "{ }", f"```dafny\n{GOAL}```", GOAL + "{ assert ; }"]
)
def test_what_is_no_proposal_is_invalid_and_worth_nothing(tools: Tools, text: str) -> None:
    (found,) = of(text)
    assert (found.value, found.verdict, found.v) == (0.0, "invalid", False)
    assert found.reason and len(tools.working.requests) == 1


@pytest.mark.parametrize("word", ["slow", "crash"])
def test_what_the_verifier_does_not_decide_has_no_value(tools: Tools, word: str) -> None:
    (found,) = of(GOAL + f"{{ assert n == n; /* {word} */ }}")
    assert (found.value, found.unclipped, found.v, found.verdict) == (None, None, None, "unknown")
    assert found.reason


def test_a_lemma_that_is_false_costs_everything_and_is_named_with_its_witness(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(goal: Goal) -> ports.Tested:
        return ports.Tested(Refuted("n = 3") if goal.name == "Small" else Unconfirmed("n = 1"))

    lemma_tests(monkeypatch, answer)
    (found,) = of(USES)
    assert (found.value, found.unclipped, found.v, found.verdict) == (0.0, -math.inf, False, "refuted-lemma")
    assert found.refuted is not None and (found.refuted.name, found.refuted.witness) == ("Small", "n = 3")
    assert found.reason == "n = 3"


def test_an_unconfirmed_witness_costs_nothing(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    lemma_tests(monkeypatch, lambda goal: ports.Tested(Unconfirmed("n = 3")))
    (found,) = of(USES)
    assert found.verdict == "accepted" and found.value == score_sizes(5, [2]).value


def test_assuming_false_is_worth_nothing(tools: Tools) -> None:
    found = of(
        GOAL + "{ assume false; }", GOAL + "{ assume n != n; }", "lemma F() ensures 1 == 2\n" + GOAL + "{ F(); }"
    )
    assert [(f.value, f.unclipped, f.verdict) for f in found] == [(0.0, -math.inf, "refuted-lemma")] * 3


def test_taking_the_goal_itself_for_granted_is_worth_nothing(tools: Tools) -> None:
    (found,) = of(GOAL + "{ assume 2 * Sum(n) == n * (n + 1); }")
    assert (found.value, found.d_subgoals) == (0.0, (5,))


# ---------------------------------------------------------------------------------------------------------------- batch


def test_rewards_come_in_the_order_of_the_texts(tools: Tools) -> None:
    found = of(CLOSED, "?", USES, GOAL + "{ /* slow */ }", CLOSED)
    assert [f.verdict for f in found] == ["accepted", "invalid", "accepted", "unknown", "accepted"]
    assert [f.value for f in found] == [1.0, 0.0, score_sizes(5, [2]).value, None, 1.0]


def test_a_batch_has_one_set_of_verifiers_and_no_more_checks_at_once_than_these(tools: Tools) -> None:
    of(*(GOAL + f"{{ assert n == n + {k} - {k}; }}" for k in range(9)))
    assert tools.opened == 1
    assert tools.working.most == 2


def test_equal_texts_and_equal_lemmas_are_judged_once(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    tested = lemma_tests(monkeypatch, lambda goal: ports.Tested())
    of(USES, USES, USES.replace("Small(n);", "Small(n); Small(0);"))
    assert len(tools.working.requests) == 3  # the file as it is, and two texts
    assert len(tested) == 1


def test_verifiers_that_are_open_already_stay_open() -> None:
    made = Tools()
    found = asyncio.run(rewards(FILE, "Closed", [CLOSED], tools=made))  # type: ignore[arg-type]
    assert found[0].value == 1.0 and (made.opened, made.closed) == (0, 0)


def test_being_cancelled_closes_the_verifiers(tools: Tools) -> None:
    async def main() -> None:
        task = asyncio.create_task(rewards(FILE, "Closed", [USES] * 3))
        await tools.working.second.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert tools.closed == 1


# --------------------------------------------------------------------------------------------------- sources and goals

METHOD = "method M(x: int) returns (y: int)\n  ensures y > x\n{\n  y := x;\n  /* wrong */\n}\n"


def test_the_size_of_a_method_counts_what_fails_in_it(tools: Tools) -> None:
    errors = tuple(
        Diagnostic("error", rule, "no", Place(4, 2), declaration="M")
        for rule in (Rule.POSTCONDITION, Rule.ASSERTION, Rule.INDEX)
    )
    tools.working.first = CheckResult(Outcome.FAILED, errors, failed=("M",))
    (found,) = of(METHOD, source=METHOD, goal="M")
    assert found.d_goal == 1 + 2


@pytest.mark.parametrize(
    ("source", "goal", "said"),
    [
        (FILE, "Closd", "it has: Closed, Sum"),
        (CLOSED + SUM, "Closed", "verifies as it is"),
        (FILE, "Sum", "verifies as it is"),
    ],
)
def test_a_goal_that_is_none_is_an_error_of_the_caller(tools: Tools, source: str, goal: str, said: str) -> None:
    with pytest.raises(RewardError, match=said):
        of(CLOSED, source=source, goal=goal)


def test_a_source_that_does_not_resolve_is_an_error_too(tools: Tools) -> None:
    wrong = Diagnostic("error", Rule.RESOLVE, "what is `foo`", Place(3, 1))
    tools.working.first = CheckResult(Outcome.RESOLVE_ERROR, (wrong,))
    with pytest.raises(RewardError, match="line 3"):
        of(CLOSED)


def test_a_source_that_the_verifier_does_not_decide_gives_no_values(tools: Tools) -> None:
    tools.working.first = CheckResult(Outcome.CRASHED)
    assert [r.verdict for r in of(METHOD, METHOD, source=METHOD, goal="M")] == ["unknown"] * 2


def test_facts_are_named_as_goals_are(tools: Tools) -> None:
    source = f"{SUM}method M(n: nat) {{\n  assume Sum(n) >= 0;\n  assume Sum(n) >= n;\n}}\n"
    with pytest.raises(RewardError, match=r"M: Sum\(n\) >= 0 \| M: Sum\(n\) >= n"):
        of("", source=source, goal="M")


def test_one_of_several_facts(tools: Tools) -> None:
    source = f"{SUM}method M(n: nat) {{\n  assume Sum(n) >= 0;\n  assume Sum(n) >= n;\n}}\n"
    (found,) = of("assert n >= 0;", source=source, goal="M: Sum(n) >= n")
    assert found == Reward(1.0, 1.0, True, 2)


def test_without_a_verifier_there_are_no_rewards(monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def nothing(settings: Settings) -> AsyncIterator[NoVerifier]:
        yield NoVerifier(Status.UNSUPPORTED, "Dafny: install it")

    monkeypatch.setattr(rewarding, "toolchain", nothing)
    with pytest.raises(RewardError, match="install it"):
        of(CLOSED)


def test_arguments_that_are_mistakes() -> None:
    with pytest.raises(ValueError, match="temperature"):
        of(CLOSED, T=0.0)
    with pytest.raises(TypeError, match="one text"):
        reward(FILE, "Closed", CLOSED)


def test_the_function_is_there_under_the_package_and_costs_nothing_before_it_is_used() -> None:
    assert prover.reward is reward and prover.rewards is rewards
    with pytest.raises(AttributeError):
        prover.nothing  # noqa: B018
    code = "import sys, prover; sys.exit('prover.rewarding' in sys.modules or 'dafny_env' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
