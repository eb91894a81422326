"""What the strategies ask, tell, count and work on first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search_fakes import Endless, Listed, Steps, Stubborn, World, goal, search, step

from search.budget import Budget
from search.effort import Effort
from search.graph import ProofGraph
from search.nodes import GoalStatus
from search.outlook import standing
from search.ports import (
    Assignment,
    Goal,
    PolicyContext,
    Proposals,
    Refuted,
    Rejected,
    Rung,
    Tested,
    Unconfirmed,
    Unknown,
    Verdict,
)
from search.priority import Cost, Standing, best_first, by_level, uniform
from search.result import Stop
from search.score import Score, score_sizes
from search.strategy import BEAM, BEST_FIRST, NO_REPLAN, REPAIR, SAMPLE, STRATEGIES, UNIFORM, Strategy


@dataclass
class Ladder:
    """A policy that proposes, at each rung, the steps a world lists there (`rung:name`), until one closes the goal."""

    world: World
    name: str = "ladder"
    rungs: Sequence[Rung] = tuple(Rung)
    contexts: list[tuple[str, PolicyContext]] = field(default_factory=list)

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        self.contexts.append((goal.key, context))
        for key in list(self.world.steps.get(goal.key, {})):
            if key.startswith(f"{context.rung.name.lower()}:"):
                yield step(key)


scores = st.builds(score_sizes, st.integers(1, 60), st.lists(st.integers(1, 60), max_size=4))
standings = st.builds(
    Standing,
    depth=st.integers(0, 9),
    path=st.lists(scores, max_size=4).map(tuple),
    ranks=st.lists(st.integers(0, 5), max_size=4).map(tuple),
    siblings=st.integers(0, 9),
    rung=st.sampled_from(Rung),
    visits=st.integers(0, 50),
    failed=st.integers(0, 99),
    lost=st.integers(0, 9),
)


# ------------------------------------------------------------------------------------------------------------ priority


@given(standings, st.sampled_from([best_first, uniform, by_level]))
def test_costs_are_finite_and_grow_without_bound_with_visits(standing: Standing, cost: Cost) -> None:
    later = [cost(replace(standing, visits=v)) for v in (0, 10, 100, 1000, 10_000)]
    assert all(map(math.isfinite, later))
    assert later == sorted(later) and later[-1] - later[0] > 1000


@given(standings, st.sampled_from([best_first, uniform]))
def test_what_is_deeper_or_failed_more_or_lost_more_comes_later(standing: Standing, cost: Cost) -> None:
    for name in ("depth", "failed", "lost", "siblings"):
        assert cost(replace(standing, **{name: getattr(standing, name) + 1})) > cost(standing)


@given(standings, scores, scores)
def test_best_first_prefers_the_better_score_and_uniform_does_not_look(standing: Standing, a: Score, b: Score) -> None:
    low, high = sorted((a, b))
    worse, better = (replace(standing, path=(*standing.path, s)) for s in (low, high))
    assert best_first(better) <= best_first(worse)
    assert uniform(better) == uniform(worse)


def test_scores_clipped_to_zero_are_told_apart_and_false_comes_last() -> None:
    hard, harder = score_sizes(2, [5]), score_sizes(2, [50])
    assert hard.value == harder.value == 0.0
    costs = [best_first(Standing(path=(s,))) for s in (Score(1.0, 1.0), hard, harder, Score(0.0, -math.inf))]
    assert costs == sorted(costs) and len(set(costs)) == 4


def test_the_ladder_goes_up_from_cheap_probes_to_wider_sampling() -> None:
    costs = [best_first(Standing(rung=rung)) for rung in Rung]
    assert costs == sorted(costs) and len(set(costs)) == len(Rung)


# ------------------------------------------------------------------------------------------------------------- asking


def test_each_rung_has_a_proposer_of_its_own_and_is_asked_in_order() -> None:
    world = World(
        ["r"], {"r": {"probe:a": Rejected(), "close:b": Rejected(), "decompose:c": Rejected(), "widen:d": []}}
    )
    policy = Ladder(world)
    assert search(world, policy, concurrency=1).result.assembled
    assert [key for _, key in world.checks] == ["probe:a", "close:b", "decompose:c", "widen:d"]
    first = {context.rung: context for _, context in reversed(policy.contexts)}
    assert [len(first[rung].rejected) for rung in (Rung.PROBE, Rung.CLOSE, Rung.DECOMPOSE)] == [0, 1, 2]


@pytest.mark.parametrize(("budget", "most"), [(Budget(seconds=400.0), 5), (Budget(checks=400), 12)])
def test_where_time_counts_a_slow_rung_makes_way_sooner(budget: Budget, most: int) -> None:
    """A run that is to be reproducible must not look at the clock."""
    steps: dict[str, Sequence[str] | Verdict] = {f"close:{k}": Rejected() for k in range(40)}
    steps["decompose:x"] = []
    world = World(["r"], {"r": steps}, seconds=lambda goal, step: 20.0 if step.startswith("close") else 1.0)
    assert search(world, Ladder(world), budget=budget, concurrency=1).result.assembled
    assert len(world.checks) - 1 <= most


def test_width_doubles_from_run_to_run() -> None:
    @dataclass
    class Widening(Ladder):
        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            self.contexts.append((goal.key, context))
            for k in range(context.width):
                yield step(f"{goal.key} {k}")

    world = World(["r"], {"r": Stubborn()})
    policy = Widening(world, rungs=(Rung.CLOSE,))
    search(world, policy, budget=Budget(checks=40))
    assert [context.width for _, context in policy.contexts][:4] == [4, 8, 16, 32]


def test_the_better_of_two_decompositions_is_worked_on_first() -> None:
    goals = {"hard": goal("hard", complexity=30), "easy": goal("easy", complexity=2)}
    world = World(
        ["r"], {"r": {"bad": ["hard"], "good": ["easy"]}, "hard": Stubborn(), "easy": Stubborn()}, goals=goals
    )
    policy = Mixed(world)
    search(world, policy, budget=Budget(checks=60), concurrency=1)
    worked = Counter(key for key, _ in world.checks)
    assert worked["easy"] > worked["hard"] > 0
    even = World(world.roots, world.steps, goals=goals)
    search(even, Mixed(even), budget=Budget(checks=60), concurrency=1, strategy=UNIFORM)
    assert abs(Counter(k for k, _ in even.checks)["easy"] - Counter(k for k, _ in even.checks)["hard"]) <= 4


@dataclass
class Mixed(Listed):
    """Lists the root's steps, and fails endlessly at everything else."""

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        listed = goal.key in self.world.roots
        proposals = super().propose(goal, context) if listed else Endless().propose(goal, context)
        verdict: Verdict | None = None
        while True:
            try:
                item = await proposals.asend(verdict)
            except StopAsyncIteration:
                return
            verdict = yield item


# ------------------------------------------------------------------------------------------------------------ comparing


@pytest.mark.parametrize("strategy", [SAMPLE, REPAIR], ids=lambda s: s.name)
def test_sample_and_repair_count_only_whole_proofs(strategy: Strategy) -> None:
    world = World(["r"], {"r": {"close:split": ["x"], "close:no": Rejected("why")}, "x": {"close:x": []}})
    policy = Ladder(world)
    played = search(world, policy, strategy=strategy, concurrency=1)
    assert played.result.stop is Stop.NO_IDEAS
    assert {key for key, _ in world.checks} == {"r"}
    assert played.result.statuses["r"] is GoalStatus.OPEN, "the strategy and not the verifier turned it down"
    assert all(context.whole for _, context in policy.contexts)
    told = {"sample": {0}, "repair": {0, 1}}[strategy.name]
    assert {len(context.rejected) for _, context in policy.contexts} == told


def test_repair_is_told_the_last_candidate_only() -> None:
    world = World(["r"], {"r": {"close:a": Rejected("1"), "close:b": Rejected("2"), "repair:c": Rejected("3")}})
    policy = Ladder(world)
    search(world, policy, strategy=REPAIR, concurrency=1)
    repairing = [c.rejected for _, c in policy.contexts if c.rung is Rung.REPAIR]
    assert [s.key for s, _ in repairing[0]] == ["close:b"]
    assert Rung.DECOMPOSE not in {c.rung for _, c in policy.contexts}


def test_a_beam_keeps_the_few_best_of_a_level_and_works_level_by_level() -> None:
    goals = {f"l{d}": goal(f"l{d}", complexity=d) for d in (1, 2, 3, 30, 31)}
    root = {f"decompose:{d}": [f"l{d}"] for d in (30, 1, 31, 2, 3)}
    world = World(["r"], {"r": root} | {key: Stubborn({f"close:{key}": Rejected()}) for key in goals}, goals=goals)
    search(world, Ladder(world), strategy=Strategy("narrow", by_level, beam=2), budget=Budget(checks=200))
    assert {key for key, _ in world.checks} == {"r", "l1", "l2"}
    assert BEAM.beam is not None


def test_a_beam_of_none_is_refused() -> None:
    with pytest.raises(ValueError):
        Strategy("none", by_level, beam=0)


def test_without_replanning_the_first_plan_is_the_last() -> None:
    steps: Steps = {
        "r": {"decompose:a": ["false"], "decompose:b": ["fine"]},
        "false": {"close:look": Refuted("x = 0")},
        "fine": {"close:fine": []},
    }
    world = World(["r"], steps)
    assert search(world, Ladder(world), concurrency=1, turn=1).result.assembled
    again = World(["r"], steps)
    policy = Ladder(again)
    played = search(again, policy, strategy=NO_REPLAN, concurrency=1, turn=1)
    assert not played.result.assembled
    assert ("r", "decompose:b") not in again.checks
    assert all(not context.lost_lemmas for _, context in policy.contexts)


def test_strategies_are_found_by_name() -> None:
    assert {"best-first", "sample", "repair", "beam"} <= set(STRATEGIES)
    assert all(STRATEGIES[name].name == name for name in STRATEGIES)
    assert STRATEGIES["best-first"] is BEST_FIRST


@given(st.sampled_from(sorted(STRATEGIES)), st.integers(0, 3))
def test_every_strategy_keeps_the_check_budget_and_is_reproducible(name: str, seed: int) -> None:
    steps: Steps = {"r": {"decompose:a": ["x", "y"], "close:b": Rejected()}, "x": {"close:x": []}, "y": Stubborn()}

    def played() -> list[dict[str, Any]]:
        world = World(["r"], steps, seconds=lambda g, s: 1.0 + (len(g + s) * (seed + 3)) % 7)
        return search(world, Ladder(world), budget=Budget(checks=9), seed=seed, strategy=STRATEGIES[name]).journal

    first = played()
    assert first == played()
    assert first[-1]["checks"] <= 9


# ----------------------------------------------------------------------------------------------- refuted, and given up


def test_a_subgoal_is_tested_before_anything_is_tried_at_it() -> None:
    world = World(
        ["r"],
        {"r": {"decompose:a": ["false"], "decompose:b": ["fine"]}, "false": Stubborn(), "fine": {"close:x": []}},
        tested={"false": Tested(Refuted("x = 3"))},
    )
    policy = Ladder(world)
    played = search(world, policy, concurrency=1)
    assert played.result.assembled
    assert "false" not in {key for key, _ in world.checks}
    assert played.result.witnesses == {"false": "x = 3"}
    (event,) = [e for e in played.journal if e["event"] == "goal_tested" and e["goal"] == "false"]
    assert (event["outcome"], event["witness"]) == ("refuted", "x = 3")


def test_a_root_refuted_by_test_ends_the_search_with_its_witness() -> None:
    world = World(["r"], {"r": Stubborn()}, tested={"r": Tested(Refuted("n = 0"), checks=1)})
    played = search(world, Endless(), budget=Budget(checks=50))
    assert played.result.stop is Stop.REFUTED
    assert "n = 0" in played.result.reason
    assert played.result.statuses == {"r": GoalStatus.REFUTED}


def test_what_nobody_confirmed_is_told_and_prunes_nothing() -> None:
    world = World(["r"], {"r": {"close:x": []}}, tested={"r": Tested(Unconfirmed("n = 0"))})
    slow = World(
        world.roots, {"r": {f"close:{k}": Rejected() for k in range(9)} | {"close:x": []}}, tested=world.tested
    )
    played = search(slow, Ladder(slow))
    assert played.result.assembled
    assert played.result.unconfirmed == {"r": "n = 0"}


def test_the_verifiers_part_in_a_test_counts_as_checks() -> None:
    world = World(["r"], {"r": {}}, tested={"r": Tested(None, checks=2)})
    assert search(world).result.checks == 2
    assert search(World(["r"], {"r": {}})).result.checks == 0


def test_a_test_that_fails_says_nothing() -> None:
    world = World(["r"], {"r": {"close:a": Rejected(), "widen:x": []}}, tested=Failing())
    played = search(world, Ladder(world))
    assert played.result.assembled
    assert [e["error"] for e in played.journal if e["event"] == "environment_failed"] == ["OSError: no"]


class Failing(dict[str, Tested]):
    def get(self, key: str, default: Any = None) -> Tested:
        raise OSError("no")


def test_a_subgoal_given_up_sends_the_search_back_to_plan_again_and_stays_open() -> None:
    steps: Steps = {
        "r": {"decompose:a": ["hard"], "decompose:b": ["fine"]},
        "hard": Stubborn(),
        "fine": {"close:x": []},
    }

    @dataclass
    class OneAtATime(Ladder):
        """Plans again only when told that a lemma was lost."""

        async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
            self.contexts.append((goal.key, context))
            if goal.key == "hard":
                for k in range(200):
                    yield step(f"try {k}")
            elif goal.key == "fine":
                yield step("close:x")
            elif context.rung is Rung.DECOMPOSE:
                yield step("decompose:b" if context.lost_lemmas else "decompose:a")

    world = World(["r"], steps)
    policy = OneAtATime(world, rungs=(Rung.CLOSE, Rung.DECOMPOSE))
    played = search(world, policy, budget=Budget(checks=150), concurrency=1)
    assert played.result.assembled
    (given_up,) = [e for e in played.journal if e["event"] == "goal_given_up"]
    assert given_up["goal"] == "hard"
    assert any("goal hard: not proved in" in told for _, c in policy.contexts for told in c.lost_lemmas)
    assert played.search.graph.goal("hard").status is GoalStatus.OPEN


def test_a_lemma_that_two_plans_share_is_proved_once() -> None:
    steps: Steps = {
        "r": {"decompose:a": ["x", "y"], "decompose:b": ["x"]},
        "q": {"decompose:c": ["x"]},
        "x": {"close:x": []},
        "y": Stubborn(),
    }
    world = World(["r", "q"], steps)
    assert search(world, Ladder(world)).result.assembled
    assert world.checks.count(("x", "close:x")) == 1


def test_the_place_of_a_step_counts_usable_better_ones_only() -> None:
    graph = ProofGraph()
    graph.add_root(goal("r", complexity=30))
    graph.add_step("r", step("best"), [goal("f", complexity=1)])
    graph.add_step("r", step("next"), [goal("x", complexity=9)])
    effort = Effort(goal("x"), [Endless()])

    def ranks() -> tuple[int, ...]:
        return standing(graph, {}, effort, effort.proposers[0]).ranks

    assert ranks() == (1,)
    graph.refute("f", "x = 0")
    assert ranks() == (0,)


# ------------------------------------------------------------------------------------------------------------ assembly


def test_a_solution_without_a_verdict_is_made_smaller_before_anything_else_is_tried() -> None:
    asked: list[tuple[float, list[str]]] = []

    async def simplify(
        solution: Mapping[str, Assignment], checks: float, seconds: float
    ) -> tuple[dict[str, Assignment], int]:
        asked.append((checks, list(solution)))
        return {key: replace(a, step=step(f"less of {a.step.key}")) for key, a in solution.items()}, 3

    world = World(["r"], {"r": {"close:x": []}}, assembly=[Unknown("timeout")])
    played = search(world, Ladder(world), budget=Budget(checks=20), simplify=simplify)
    assert played.result.assembled
    assert [a.step.key for a in played.result.solution.values()] == ["less of close:x"]
    assert asked == [(18, ["r"])], "one check at the goal, one together"
    assert played.result.checks == 6


def test_what_cannot_be_made_smaller_is_asked_about_twice_and_kept_as_unassembled() -> None:
    async def simplify(
        solution: Mapping[str, Assignment], checks: float, seconds: float
    ) -> tuple[Mapping[str, Assignment], int]:
        raise OSError("no")

    world = World(["r"], {"r": {"close:x": []}}, assembly=[Unknown("timeout")] * 9)
    played = search(world, Ladder(world), simplify=simplify)
    assert not played.result.assembled
    assert list(played.result.unassembled) == ["r"]
    assert world.assemblies == [{"r": "close:x"}] * 2
