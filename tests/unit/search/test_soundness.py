"""The rules of "What keeps the graph sound" that concern the search: each test fails when its rule is taken away."""

from __future__ import annotations

import pytest
from search_fakes import Endless, Listed, Steps, Stubborn, World, goal, search, step

from search.budget import Budget
from search.graph import ProofGraph
from search.nodes import GoalStatus
from search.ports import Goal, Refuted, Rejected, Unknown
from search.result import Stop


def test_equal_keys_are_one_node_and_a_lemma_is_proved_once() -> None:
    world = World(["a", "b"], {"a": {"s": ["lemma"]}, "b": {"s": ["lemma"]}, "lemma": {"proof": []}})
    played = search(world)
    assert played.result.stop is Stop.ASSEMBLED
    assert world.checks.count(("lemma", "proof")) == 1
    assert played.search.graph.goal_count == 3


def test_a_proof_reused_elsewhere_is_checked_again_in_its_new_place() -> None:
    """By the assembly, which gets every recorded step, and without which nothing is assembled."""
    world = World(["a", "b"], {"a": {"s": ["lemma"]}, "b": {"s": ["lemma"]}, "lemma": {"proof": []}})
    world.assembly = [Rejected("does not fit b")]
    played = search(world)
    assert world.assemblies[0] == {"lemma": "proof", "a": "s", "b": "s"}
    assert not played.result.assembled


def test_nothing_proves_itself_in_a_circle() -> None:
    world = World(["a", "self"], {"a": {"s": ["b"]}, "b": {"s": ["a"]}, "self": {"s": ["self"]}})
    played = search(world)
    assert set(played.result.statuses.values()) == {GoalStatus.OPEN}
    assert played.result.stop is Stop.NO_IDEAS
    assert not world.assemblies


def test_a_solved_goal_keeps_its_first_solving_step_so_that_a_later_circle_does_not_count() -> None:
    """b is proved through a; later a step proves a through b: the records must not become circular."""
    graph = ProofGraph()
    graph.add_root(goal("b"))
    graph.add_step("b", step("through a"), [goal("a")])
    graph.add_step("a", step("direct"), [])
    graph.add_step("a", step("through b"), [goal("b")])
    solution = graph.solution()
    assert solution["a"].step.key == "direct"
    assert list(solution) == ["a", "b"]


def test_without_its_direct_proof_a_circle_is_open_again() -> None:
    """Working out what is solved without a step starts from nothing: solved goals must not keep each other alive."""
    graph = ProofGraph()
    graph.add_root(goal("b"))
    graph.add_step("b", step("through a"), [goal("a")])
    graph.add_step("a", step("through b"), [goal("b")])
    graph.add_step("a", step("direct"), [])
    assert graph.goal("b").status is GoalStatus.SOLVED
    graph.set_aside([("a", "direct")])
    assert graph.goal("a").status is graph.goal("b").status is GoalStatus.OPEN


def test_mutual_induction_is_one_step() -> None:
    world = World(["a"], {"a": {"with b": ["b"], "both together": []}, "b": {"with a": ["a"]}})
    assert search(world).result.solution["a"].step.key == "both together"


def with_metavariables(key: str, *names: str) -> Goal:
    return goal(key, metavariables=frozenset(names))


def test_steps_whose_open_goals_share_metavariables_are_rejected() -> None:
    steps: Steps = {"r": {"shared": ["x", "y"], "apart": ["x", "z"]}, "x": {"s": []}, "y": {"s": []}, "z": {"s": []}}
    goals = {k: with_metavariables(k, *names) for k, names in {"x": ("?m",), "y": ("?m", "?n"), "z": ("?n",)}.items()}
    world = World(["r"], steps, goals=goals)
    policy = Listed(world)
    played = search(world, policy, concurrency=1)
    assert played.result.solution["r"].step.key == "apart"
    told = {key: verdict for where, key, verdict in policy.told if where == "r"}
    assert isinstance(told["shared"], Rejected) and "?m" in told["shared"].summary
    assert "y" not in played.search.graph.digraph


def test_the_graph_itself_refuses_shared_metavariables() -> None:
    graph = ProofGraph()
    graph.add_root(goal("r"))
    with pytest.raises(ValueError, match=r"\?m"):
        graph.add_step("r", step("s"), [with_metavariables("x", "?m"), with_metavariables("y", "?m")])
    assert "x" not in graph.digraph


def test_assembly_is_a_check_like_any_other() -> None:
    world = World(["r"], {"r": {"s": []}})
    played = search(world, budget=Budget(checks=1))
    assert (played.result.stop, played.result.assembled, world.assemblies) == (Stop.CHECKS, False, [])
    assert played.result.unassembled.keys() == {"r"}, "what was found is handed back all the same"
    world = World(["r"], {"r": {"s": []}})
    played = search(world, budget=Budget(checks=2))
    assert (played.result.stop, played.result.assembled, played.result.checks) == (Stop.ASSEMBLED, True, 2)
    (event,) = [e for e in played.journal if e["event"] == "assembly_checked"]
    assert event["number"] == 2


@pytest.mark.parametrize("blames", [True, False])
def test_parts_that_fail_together_are_a_recorded_conflict_and_the_search_goes_on(blames: bool) -> None:
    steps: Steps = {"a": {"s": [], "t": []}, "b": {"s": [], "t": []}}
    world = World(["a", "b"], steps, conflicts=[frozenset({("a", "s"), ("b", "s")})], blames=blames)
    played = search(world)
    assert played.result.assembled
    assert world.assemblies[0] == {"a": "s", "b": "s"}
    assert {"s", "t"} == set(world.assemblies[1].values())
    (conflict,) = [e for e in played.journal if e["event"] == "conflict"]
    assert set(conflict["combination"]) == {"a: s", "b: s"}


def test_a_rejected_combination_is_never_assembled_again_and_no_other_is_lost() -> None:
    """What is set aside first has no alternative: the choice of what to do without is revised."""
    steps: Steps = {"a": {"s": []}, "b": {"s": [], "t": []}}
    world = World(["a", "b"], steps, conflicts=[frozenset({("a", "s"), ("b", "s")})])
    played = search(world)
    assert played.result.assembled
    assert world.assemblies == [{"a": "s", "b": "s"}, {"a": "s", "b": "t"}]
    assert any(e["event"] == "conflict_revised" for e in played.journal)

    names = ["s", "t", "u"]
    steps = {key: {name: [] for name in names} for key in "abc"}
    pairs = [(x, y) for x in "abc" for y in "abc" if x < y]
    clashes = [frozenset({(x, n), (y, n)}) for x, y in pairs for n in names]
    world = World(["a", "b", "c"], steps, conflicts=clashes)
    assert search(world).result.assembled, "three goals whose steps must all differ"
    seen = [frozenset(chosen.items()) for chosen in world.assemblies]
    assert len(seen) == len(set(seen))


def test_a_policy_is_not_told_that_a_step_in_conflict_is_a_success() -> None:
    world = World(["a"], {"a": {"s": [], "t": []}}, conflicts=[frozenset({("a", "s")})])
    policy = Listed(world)
    played = search(world, policy, concurrency=1)
    assert played.result.assembled
    told = [verdict for _, key, verdict in policy.told if key == "s"]
    assert isinstance(told[-1], Rejected)
    assert any(s.key == "s" for s, _ in policy.contexts[-1][1].rejected)


def test_a_goal_with_a_step_in_conflict_is_not_exhausted() -> None:
    world = World(["a"], {"a": {"s": []}}, conflicts=[frozenset({("a", "s")})])
    played = search(world)
    assert played.result.statuses == {"a": GoalStatus.OPEN}
    assert played.result.stop is Stop.NO_IDEAS


def test_an_assembly_without_a_verdict_is_no_conflict_but_asked_twice() -> None:
    world = World(["a"], {"a": {"s": []}}, assembly=[Unknown("timeout")])
    assert search(world).result.assembled
    world = World(["a"], {"a": {"s": []}}, assembly=[Unknown("timeout"), Unknown("timeout")])
    played = search(world)
    assert not played.result.assembled
    assert played.result.unassembled["a"].step.key == "s"


def test_timeouts_prune_nothing() -> None:
    """A goal with an undecided check is never exhausted, nor is anything above it."""
    decided = World(["r"], {"r": {"s": ["x"]}, "x": {"t": Rejected()}})
    assert search(decided).result.statuses["r"] is GoalStatus.EXHAUSTED
    undecided = World(["r"], {"r": {"s": ["x"]}, "x": {"t": Unknown("timeout"), "u": Rejected()}})
    played = search(undecided)
    assert played.result.statuses["r"] is GoalStatus.OPEN
    assert played.search.graph.goal("x").status is GoalStatus.OPEN


def test_a_refuted_lemma_kills_every_step_that_needs_it_and_nothing_else() -> None:
    world = World(
        ["r"],
        {
            "r": {"bad": ["f", "x"], "good": ["x", "y"]},
            "f": {"look": Refuted("n = -1")},
            "x": {"s": []},
            "y": {"s": []},
        },
    )
    played = search(world)
    assert played.result.assembled
    assert played.result.solution["r"].step.key == "good"
    assert played.result.witnesses == {"f": "n = -1"}
    assert played.result.statuses["r"] is GoalStatus.SOLVED


def test_a_refuted_root_ends_the_search_with_the_witness() -> None:
    world = World(["a", "b"], {"a": {"s": Refuted("x = 0")}, "b": Stubborn()})
    played = search(world, Listed(world))
    assert played.result.stop is Stop.REFUTED
    assert played.result.witnesses == {"a": "x = 0"}


def test_only_what_a_verdict_refutes_is_refuted() -> None:
    """All steps of the root need a false lemma: the root is out of ideas, not false."""
    world = World(["r"], {"r": {"s": ["f"]}, "f": {"look": Refuted("0")}})
    assert search(world).result.statuses["r"] is GoalStatus.EXHAUSTED


def test_what_was_accepted_and_refuted_is_not_solved_and_nothing_built_on_it_is() -> None:
    graph = ProofGraph()
    graph.add_root(goal("r"))
    graph.add_step("r", step("s"), [goal("x")])
    graph.add_step("x", step("close"), [])
    assert graph.goal("r").status is GoalStatus.SOLVED
    graph.refute("x", "x = 1")
    assert graph.goal("r").status is GoalStatus.OPEN
    assert graph.goal("x").status is GoalStatus.REFUTED


def test_given_up_is_a_priority_and_not_a_state() -> None:
    """A goal whose policy only ever fails is served again and again, less and less often, and stays open."""
    world = World(["a", "b"], {"a": Stubborn(), "b": Stubborn()})
    played = search(world, Endless(), budget=Budget(checks=101))
    assert set(played.result.statuses.values()) == {GoalStatus.OPEN}
    assert {key for key, _ in world.checks[-8:]} == {"a", "b"}


def test_a_lost_lemma_sends_the_search_back_to_its_parent_with_the_reason() -> None:
    world = World(["r"], {"r": {"s": ["f"]}, "f": {"look": Refuted("n = 7")}})
    policy = Listed(world)
    search(world, policy)
    assert ("goal f: refuted: n = 7",) in [context.lost_lemmas for key, context in policy.contexts if key == "r"]


def test_goals_reachable_only_through_dead_steps_or_solved_parents_are_not_worked_on() -> None:
    steps = {
        "r": {"dead": ["f", "below dead"], "closes": []},
        "other": {"a": ["p"], "z": []},
        "p": {"split": ["below solved", "cycle"]},
        "cycle": {"back": ["below solved", "p"]},
    }
    graph = ProofGraph()
    for root in ("r", "other"):
        graph.add_root(goal(root))
    for key, options in steps.items():
        for name, subgoals in options.items():
            if name not in ("closes", "z"):
                graph.add_step(key, step(name), [goal(k) for k in subgoals])
    assert graph.refute("f", "0").unwanted == ("f", "below dead")
    unwanted = graph.add_step("other", step("z"), []).unwanted
    assert set(unwanted) == {"other", "p", "cycle", "below solved"}, "although p and its cycle lead to one another"


def test_work_on_what_is_needed_no_longer_is_cancelled_and_closed() -> None:
    """x takes for ever; r is closed by another step meanwhile."""
    world = World(
        ["r"],
        {"r": {"split": ["x"], "close": []}, "x": {"slow": []}},
        seconds=lambda where, name: 10_000.0 if where == "x" else 1.0,
    )
    policy = Listed(world)
    played = search(world, policy, ordered=False)
    assert played.result.assembled
    assert played.end < 10
    assert world.running == 0
    assert sorted(policy.closed) == ["r", "x"]
    assert [e["goal"] for e in played.journal if e["event"] == "check_cancelled"] == ["x"]
