"""The engine against a world whose best answer is known, in virtual time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_fakes import (
    Endless,
    Fake,
    Listed,
    LoopClock,
    Stubborn,
    VirtualLoop,
    World,
    goal,
    least_fixpoint,
    play,
    search,
    step,
)
from test_graph import Steps, and_or_graphs

from search.budget import Budget
from search.engine import Search
from search.journal import MemoryJournal
from search.nodes import GoalStatus
from search.ports import Accepted, Goal, PolicyContext, Proposals, Rejected, Rung, Spent, Step, Unknown, Verdict
from search.result import Progress, Stop

MANY = {f"g{i}": Stubborn() for i in range(4)}


def random_seconds(seed: int) -> Callable[[str, str], float]:
    """Check times that depend on nothing but the step and a seed."""
    return lambda where, name: random.Random(f"{seed} {where} {name}").choice([0.0, 0.1, 1.0, 7.0])


# What is found


@settings(max_examples=8, deadline=None)
@given(and_or_graphs(), st.integers(0, 100), st.sampled_from([1, 2, 5]), st.booleans())
def test_with_enough_budget_it_solves_exactly_the_least_fixpoint(
    steps: Steps, seed: int, concurrency: int, ordered: bool
) -> None:
    world = World(list(steps), steps, seconds=random_seconds(seed))
    played = search(world, concurrency=concurrency, ordered=ordered)
    solved = {key for key, status in played.result.statuses.items() if status is GoalStatus.SOLVED}
    assert solved == least_fixpoint(steps)
    assert played.result.assembled == (solved == set(steps))
    assert played.result.checks == len(world.checks) + len(world.assemblies), "only checks that started are counted"
    assert world.most_running <= concurrency
    assert world.running == 0


@settings(max_examples=8, deadline=None)
@given(and_or_graphs(), st.integers(0, 100), st.booleans())
def test_the_same_holds_for_roots_alone_whatever_is_dropped_on_the_way(steps: Steps, seed: int, ordered: bool) -> None:
    roots = list(steps)[:3]
    world = World(roots, steps, seconds=random_seconds(seed))
    played = search(world, ordered=ordered, turn=1)
    provable = least_fixpoint(steps)
    for key, status in played.result.statuses.items():
        assert (status is GoalStatus.SOLVED) == (key in provable)
    assert set(played.result.solution) <= provable
    checked = [(e["goal"], e["step"]) for e in played.journal if e["event"] == "candidate_checked"]
    assert len(checked) == len(set(checked)), "no step is checked twice at one goal, unless it was cancelled"


def test_the_result_tells_what_it_cost() -> None:
    world = World(["r"], {"r": {"no": Rejected(), "split": ["x"]}, "x": {"close": []}})
    result = search(world, concurrency=1).result
    assert (result.checks, result.seconds, result.tokens, result.stop) == (4, 4.0, 0, Stop.ASSEMBLED)
    assert [g.name for g in result.roots] == ["goal r"]


def test_a_root_that_cannot_be_solved_does_not_stop_the_others() -> None:
    world = World(["a", "b"], {"a": {"no": Rejected("no")}, "b": {"s": []}})
    result = search(world).result
    assert result.statuses == {"a": GoalStatus.EXHAUSTED, "b": GoalStatus.SOLVED}
    assert result.solution.keys() == {"b"}
    assert not result.assembled


def test_the_best_partial_is_the_candidate_with_the_fewest_open_obligations() -> None:
    world = World(
        ["a", "b", "c"],
        {
            "a": {"5": Rejected("", (), 5), "2": Rejected("", (), 2), "4": Rejected("", (), 4), "none": Rejected()},
            "b": {"3": Rejected("", (), 3), "split": ["x", "y", "z"]},
            "c": {},
            **{key: {"s": Unknown()} for key in "xyz"},
        },
    )
    partial = search(world).result.best_partial
    assert {key: (best.step.key, best.open_obligations) for key, best in partial.items()} == {
        "a": ("2", 2),
        "b": ("split", 3),
    }


def test_a_task_without_goals_is_assembled_as_it_is() -> None:
    assert search(World([], {})).result.assembled
    refused = search(World([], {}, assembly=[Rejected("broken")])).result
    assert (refused.stop, refused.assembled) == (Stop.NO_IDEAS, False)


def test_the_environments_normal_form_is_what_is_recorded() -> None:
    world = World(["r"], {"r": {"long": Accepted((), step=Step("short", "pruned"))}})
    assert search(world).result.solution["r"].step.text == "pruned"


# Reproducibility


@settings(max_examples=10, deadline=None)
@given(and_or_graphs(most=40), st.integers(1, 60), st.sampled_from([1, 2, 3]))
def test_same_seed_and_check_budget_same_run_however_long_checks_take(
    steps: Steps, checks: int, concurrency: int
) -> None:
    runs = [
        search(
            World(list(steps)[:2], steps, seconds=random_seconds(seed)),
            budget=Budget(checks=checks),
            concurrency=concurrency,
        )
        for seed in (1, 2)
    ]
    assert runs[0].journal == runs[1].journal
    assert runs[0].result.checks == runs[1].result.checks


def test_the_seed_reaches_the_policy_and_nothing_else_changes_it() -> None:
    def seeds(seed: int) -> list[int]:
        policy = Listed(world := World(["r"], {"r": {"s": Rejected()}}))
        search(world, policy, seed=seed)
        return [context.seed for _, context in policy.contexts]

    assert seeds(1) == seeds(1)
    assert len({*seeds(1), *seeds(2)}) == len(seeds(1)) + len(seeds(2)), "each run of each proposer has its own"


# Budgets


@pytest.mark.parametrize("concurrency", [1, 3])
def test_a_check_budget_is_kept_to_the_check(concurrency: int) -> None:
    world = World(list(MANY), MANY)
    played = search(world, Endless(), budget=Budget(checks=17), concurrency=concurrency)
    assert (played.result.stop, played.result.checks, len(world.checks)) == (Stop.CHECKS, 17, 17)
    assert played.journal[-2] == {"event": "budget_spent", "resource": "checks"}


@pytest.mark.parametrize("concurrency", [1, 3])
@pytest.mark.parametrize("ordered", [False, True])
def test_no_check_starts_after_the_time_is_spent_and_those_in_flight_end(concurrency: int, ordered: bool) -> None:
    world = World(list(MANY), MANY, seconds=lambda where, name: 7.0)
    policy = Endless()
    played = search(world, policy, budget=Budget(seconds=30), concurrency=concurrency, ordered=ordered)
    assert played.result.stop is Stop.SECONDS
    assert max(world.started) < 30
    assert world.running == 0
    assert played.end == pytest.approx(30)
    assert policy.closed > 0


def test_a_check_that_ignores_cancellation_is_waited_for_two_seconds_at_most() -> None:
    class Deaf(Fake):
        async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
            while True:
                try:
                    await asyncio.sleep(100)
                    return Rejected()
                except asyncio.CancelledError:
                    if asyncio.get_running_loop().time() > 20:
                        raise

    async def main() -> float:
        made = Search(Deaf(World(["r"], {})), Endless(), budget=Budget(seconds=10), clock=LoopClock())
        await made.run()
        return asyncio.get_running_loop().time()

    assert play(main) <= 12.0


def test_seconds_given_to_a_check_are_what_the_budget_has_left() -> None:
    given_seconds = []

    class Noting(Fake):
        async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
            given_seconds.append(seconds)
            await asyncio.sleep(4)
            return Rejected()

    async def main() -> None:
        environment = Noting(World(["r"], {}))
        await Search(environment, Endless(), budget=Budget(seconds=10), clock=LoopClock(), concurrency=1).run()

    play(main)
    assert given_seconds == [10.0, 6.0, 2.0]


def test_tokens_are_charged_and_no_check_starts_after_they_are_spent() -> None:
    world = World(list(MANY), MANY)
    played = search(world, Endless(tokens=10), budget=Budget(tokens=45), concurrency=1)
    assert (played.result.stop, played.result.tokens, len(world.checks)) == (Stop.TOKENS, 50, 4)


def test_what_a_policy_tells_only_at_the_end_is_counted() -> None:
    class Late(Endless):
        def owed(self) -> int:
            return 7

    played = search(World(list(MANY), MANY), Late(tokens=10), budget=Budget(tokens=45), concurrency=1)
    assert played.result.tokens == 57
    assert played.journal[-1]["tokens"] == 57


def test_spent_tokens_stop_the_checks_in_flight_too() -> None:
    world = World(
        ["a", "b"], {"a": Stubborn(), "b": {"slow": []}}, seconds=lambda where, _: 1.0 if where == "a" else 1e6
    )

    class Both(Endless):
        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            if goal.key == "b":
                yield step("slow")
            for number in range(100):
                yield Spent(10)
                yield step(f"{number}")

    played = search(world, Both(), budget=Budget(tokens=15), ordered=True)
    assert (played.result.stop, played.end) == (Stop.TOKENS, 1.0)
    played = search(world, Both(), budget=Budget(tokens=45), ordered=False)
    assert (played.result.stop, played.end) == (Stop.TOKENS, 4.0)
    assert world.running == 0


def test_a_cancelled_check_keeps_its_place_until_it_has_ended() -> None:
    """Cancelling takes a while: no more checks than `concurrency` run meanwhile."""

    class Reluctant(Fake):
        running = most = 0

        async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
            self.running += 1
            self.most = max(self.most, self.running)
            try:
                return await super().check(goal, step, seconds=seconds)
            except asyncio.CancelledError:
                await asyncio.sleep(0.5)
                raise
            finally:
                self.running -= 1

    async def main() -> None:
        options: dict[str, Sequence[str] | Verdict] = {"split": ["x"], "1": Rejected(), "2": Rejected(), "close": []}
        steps: dict[str, dict[str, Sequence[str] | Verdict]] = {
            "r": options,
            "x": {"slow": []},
            "s": {f"{n}": Rejected() for n in range(9)},
        }
        steps["t"] = steps["s"]
        world = World(["r", "s", "t"], steps, seconds=lambda where, _: 1e6 if where == "x" else 1.0)
        environment = Reluctant(world)
        made = Search(environment, Listed(world), budget=Budget(), clock=LoopClock(), concurrency=2, turn=1)
        await made.run()
        assert ("x", "slow") in world.checks
        assert environment.most == 2

    play(main)


def test_slow_roots_and_slow_policies_end_with_the_budget_too() -> None:
    class Asleep(Fake):
        async def roots(self) -> list[Goal]:
            await asyncio.sleep(10_000)
            return []

    class Thinking(Endless):
        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            await asyncio.sleep(10_000)
            yield step("late")

    async def main() -> tuple[Stop, Stop, float]:
        budget, world = Budget(seconds=5), World(["r"], {"r": {}})
        first = await Search(Asleep(world), Endless(), budget=budget, clock=LoopClock()).run()
        second = await Search(Fake(world), Thinking(), budget=budget, clock=LoopClock()).run()
        return first.stop, second.stop, asyncio.get_running_loop().time()

    assert play(main) == (Stop.SECONDS, Stop.SECONDS, 10.0)


def test_no_check_starts_when_the_policy_thought_for_too_long() -> None:
    class Slow:
        name = "slow"
        rungs = (Rung.CLOSE,)

        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, VirtualLoop)
            loop.moment += 100
            yield step("late")

    world = World(["r"], {"r": {"late": []}})
    played = search(world, Slow(), budget=Budget(seconds=30))
    assert (played.result.stop, world.checks) == (Stop.SECONDS, [])


def test_cancelling_the_run_keeps_what_was_found() -> None:
    world = World(
        ["a", "b"], {"a": {"s": []}, "b": {"slow": []}}, seconds=lambda where, _: 1.0 if where == "a" else 1e6
    )

    async def main() -> None:
        journal = MemoryJournal()
        made = Search(Fake(world), Listed(world), budget=Budget(), clock=LoopClock(), journal=journal)
        task = asyncio.ensure_future(made.run())
        await asyncio.sleep(50)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        result = made.result()
        assert (result.stop, set(result.solution), world.running) == (Stop.INTERRUPTED, {"a"}, 0)
        assert journal.events[-1].kind == "run_ended"

    play(main)


# Proposers


def test_each_verdict_is_sent_back() -> None:
    world = World(["r"], {"r": {"no": Rejected("because"), "unclear": Unknown("timeout"), "split": ["x"]}, "x": {}})
    policy = Listed(world)
    search(world, policy, concurrency=1)
    assert policy.told[:3] == [
        ("r", "no", Rejected("because")),
        ("r", "unclear", Unknown("timeout")),
        ("r", "split", Accepted((goal("x"),))),
    ]


def test_rounds_of_a_houdini_are_checks_of_their_own() -> None:
    class Houdini:
        name = "houdini"
        rungs = (Rung.CLOSE,)

        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            facts = ["a", "b", "c"]
            while True:
                verdict = yield Step("+".join(facts), "", "houdini")
                if not isinstance(verdict, Rejected):
                    return
                facts.remove(verdict.summary)

    world = World(["r"], {"r": {"a+b+c": Rejected("b"), "a+c": Rejected("a"), "c": []}})
    played = search(world, Houdini())
    assert played.result.assembled
    checked = [e for e in played.journal if e["event"] == "candidate_checked"]
    assert [(e["number"], e["round"], e["step"], e["verdict"]) for e in checked] == [
        (1, 1, "a+b+c", "rejected"),
        (2, 2, "a+c", "rejected"),
        (3, 3, "c", "accepted"),
    ]


def test_an_equal_step_gets_its_old_verdict_for_free() -> None:
    class Repeating:
        name = "repeating"
        rungs = (Rung.CLOSE,)
        told: tuple[Verdict | None, ...] = ()

        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            first = yield step("s")
            second = yield step("s")
            self.told = (first, second)

    world, policy = World(["r"], {"r": {"s": Rejected("no")}}), Repeating()
    played = search(world, policy)
    assert policy.told == (Rejected("no"), Rejected("no"))
    assert (world.checks, played.result.checks) == ([("r", "s")], 1)


def test_several_policies_work_on_one_goal_at_once_and_share_equal_ideas() -> None:
    world = World(["r"], {"r": {"no": Rejected(), "yes": []}})
    played = search(world, [Listed(world, "one"), Listed(world, "two")], ordered=True)
    assert played.result.assembled
    assert sorted(world.checks) == [("r", "no"), ("r", "yes")]
    world = World(["r"], {"r": Stubborn()})
    search(world, [Endless("one"), Endless("two")], budget=Budget(checks=10), concurrency=2)
    assert world.checks[0] == ("r", "r 0/1")


def test_an_endless_proposer_does_not_starve_the_others() -> None:
    world = World(list(MANY), MANY)
    search(world, Endless(), budget=Budget(checks=80), concurrency=1)
    assert {key: sum(k == key for k, _ in world.checks) for key in MANY} == dict.fromkeys(MANY, 20)


def test_subgoals_of_an_endlessly_split_goal_do_not_starve_it_either() -> None:
    class Splitting:
        name = "splitting"
        rungs = (Rung.CLOSE,)

        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            for number in range(10**6):
                yield step(f"{number}")

    class Splits(dict[str, list[str]]):
        def __init__(self, key: str) -> None:
            self.key = key

        def __missing__(self, name: str) -> list[str]:
            return [f"{self.key}.{name}"]

    class All(dict[str, Splits]):
        def __missing__(self, key: str) -> Splits:
            return Splits(key)

    world = World(["r"], All())
    search(world, Splitting(), budget=Budget(checks=800))
    assert sum(key == "r" for key, _ in world.checks) >= 8
    assert max(key.count(".") for key, _ in world.checks) > 2


def test_a_proposer_that_raises_is_noted_and_closed_and_the_goal_is_not_exhausted() -> None:
    class Broken:
        name = "broken"
        rungs = (Rung.CLOSE,)

        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            yield step("s")
            raise RuntimeError("a bug")

    world = World(["a", "b"], {"a": {"s": Rejected()}, "b": {"s": []}})
    played = search(world, Broken())
    assert played.result.statuses == {"a": GoalStatus.OPEN, "b": GoalStatus.SOLVED}
    assert "RuntimeError: a bug" in {e["error"] for e in played.journal if e["event"] == "proposer_finished"}


def test_a_policy_that_yields_nonsense_or_repeats_itself_for_ever_ends() -> None:
    class Nonsense:
        name = "nonsense"
        rungs = (Rung.CLOSE,)

        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            yield "text"  # type: ignore[misc]

    class Parrot:
        name = "parrot"
        rungs = (Rung.CLOSE,)

        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            while True:
                yield step("s")

    class Idler:
        name = "idler"
        rungs = (Rung.CLOSE,)

        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            while True:
                yield Spent(0)

    for policy in (Nonsense(), Parrot(), Idler()):
        played = search(World(["r"], {"r": {"s": Rejected()}}), policy)
        assert played.result.stop is Stop.NO_IDEAS
        assert played.result.statuses["r"] is GoalStatus.OPEN


def test_a_policy_that_swallows_its_cancellation_gets_no_check_for_it() -> None:
    class Swallowing:
        name = "swallowing"
        rungs = (Rung.CLOSE,)

        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            try:
                await asyncio.sleep(1e6)
            except asyncio.CancelledError:
                yield step("unwanted")

    world = World(["r", "s"], {"r": {"close": []}, "s": {"close": []}}, seconds=lambda where, name: 5.0)
    played = search(world, [Listed(world), Swallowing()], concurrency=4)
    assert played.result.assembled
    assert {name for _, name in world.checks} == {"close"}
    assert played.end <= 12.0


def test_an_environment_that_raises_has_given_no_verdict() -> None:
    class Broken(Fake):
        async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
            raise OSError("no verifier")

    async def main() -> None:
        world, journal = World(["r"], {"r": {"s": []}}), MemoryJournal()
        made = Search(Broken(world), Listed(world), budget=Budget(), clock=LoopClock(), journal=journal)
        result = await made.run()
        assert result.statuses["r"] is GoalStatus.OPEN
        assert "environment_failed" in [e.kind for e in journal.events]

    play(main)


def test_what_a_policy_is_told_about_its_place() -> None:
    world = World(["r"], {"r": {"no": Rejected("why"), "split": ["x"]}, "x": {"s": Rejected()}})
    policy = Listed(world)
    search(world, policy, concurrency=1)
    first, second = [context for key, context in policy.contexts if key == "r"][:2]
    assert (first.depth, first.visits, first.rejected) == (0, 0, ())
    assert (second.visits, second.rejected) == (1, ((step("no"), Rejected("why")),))
    assert next(context.depth for key, context in policy.contexts if key == "x") == 1


def test_progress_is_reported_while_checks_run_and_after() -> None:
    seen: list[Progress] = []
    world = World(["r"], {"r": {"split": ["x"]}, "x": {"close": []}})
    search(world, on_progress=seen.append)
    assert seen[0].trying == (("goal r", "step"),)
    assert (seen[-1].roots_solved, seen[-1].roots, seen[-1].goals_solved, seen[-1].goals_open) == (1, 1, 2, 0)


def test_a_search_runs_once() -> None:
    async def main() -> None:
        made = Search(Fake(World([], {})), Endless(), budget=Budget(), clock=LoopClock())
        assert made.result().stop is Stop.RUNNING
        await made.run()
        with pytest.raises(RuntimeError):
            await made.run()

    play(main)


# Policies that wait


class _Waits(Listed):
    """Thinks for ten seconds before each candidate."""

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        for key in self.world.steps.get(goal.key, {}):
            await asyncio.sleep(10.0)
            yield step(key)


@pytest.mark.parametrize("waiting, seconds", [(0, 44.0), (3, 14.0)])
def test_while_policies_wait_for_a_model_others_may_ask_it_too_and_checks_stay_bounded(
    waiting: int, seconds: float
) -> None:
    roots = ["a", "b", "c", "d"]
    world = World(roots, {key: {"s": []} for key in roots})
    played = search(world, _Waits(world), concurrency=1, waiting=waiting)
    assert played.result.assembled and world.most_running == 1
    assert played.result.seconds == seconds + 1.0, "the assembly's second"
