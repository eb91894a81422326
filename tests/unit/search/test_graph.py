"""The AND/OR graph: least fixpoints, what is needed, and what it all costs."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_fakes import goal, least_fixpoint, step

from search.graph import ProofGraph
from search.nodes import GoalStatus

Steps = Mapping[str, Mapping[str, Sequence[str]]]


@st.composite
def and_or_graphs(draw: st.DrawFn, most: int = 200) -> dict[str, dict[str, list[str]]]:
    """Random AND/OR graphs with cycles, self-loops and shared lemmas; about as many solvable goals as not."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    count = draw(st.integers(1, most))
    names = [f"g{i}" for i in range(count)]
    closing = draw(st.sampled_from([0.05, 0.2, 0.4]))
    return {
        name: {
            f"s{j}": [] if rng.random() < closing else rng.choices(names, k=rng.randint(1, 3))
            for j in range(rng.randint(0, 3))
        }
        for name in names
    }


def build(steps: Steps, roots: Sequence[str], order: Sequence[tuple[str, str]] | None = None) -> ProofGraph:
    graph = ProofGraph()
    for key in roots:
        graph.add_root(goal(key))
    waiting = list(order if order is not None else ((g, s) for g in steps for s in steps[g]))
    while waiting:
        later = []
        for name, key in waiting:
            if name in graph.digraph:
                graph.add_step(name, step(key), [goal(k) for k in steps[name][key]])
            else:
                later.append((name, key))
        if len(later) == len(waiting):
            break
        waiting = later
    return graph


def needed_by_sweep(graph: ProofGraph) -> set[str]:
    """From its definition: open roots, and open subgoals of usable steps of needed goals."""
    found: set[str] = set()
    queue = [key for key in graph.roots if graph.goal(key).status is GoalStatus.OPEN]
    while queue:
        key = queue.pop()
        if key not in found:
            found.add(key)
            for node in graph.steps_of(key):
                if node.usable:
                    queue += [g.key for g in node.subgoals if graph.goal(g.key).status is GoalStatus.OPEN]
    return found


def check_invariants(graph: ProofGraph) -> None:
    nodes = {node.key: node for node in graph.goals()}
    assert {key for key, node in nodes.items() if node.needed} == needed_by_sweep(graph)
    assert graph.needed_count == sum(node.needed for node in nodes.values())
    assert graph.goal_count == len(nodes)
    assert graph.solved_count == sum(node.status is GoalStatus.SOLVED for node in nodes.values())
    for node in nodes.values():
        own = graph.steps_of(node.key)
        assert node.live == sum(s.usable for s in own)
        assert node.set_aside == sum(s.set_aside for s in own)
        if node.status is GoalStatus.SOLVED:
            assert node.solved_by is not None and node.solved_at is not None
            for subgoal in graph.step(node.solved_by).subgoals:
                before = nodes[subgoal.key].solved_at
                assert before is not None and before < node.solved_at
    for step_node in graph.steps():
        unsolved = {g.key for g in step_node.subgoals if nodes[g.key].status is not GoalStatus.SOLVED}
        assert step_node.pending == len(unsolved)
        assert step_node.dead == any(nodes[g.key].status.hopeless for g in step_node.subgoals)


@settings(max_examples=40, deadline=None)
@given(and_or_graphs(), st.randoms(use_true_random=False))
def test_solved_is_the_least_fixpoint_whatever_the_order(steps: Steps, rng: random.Random) -> None:
    order = [(g, s) for g in steps for s in steps[g]]
    rng.shuffle(order)
    graph = build(steps, list(steps), order)
    assert {n.key for n in graph.goals() if n.status is GoalStatus.SOLVED} == least_fixpoint(steps)
    check_invariants(graph)


@settings(max_examples=40, deadline=None)
@given(and_or_graphs(most=40), st.randoms(use_true_random=False))
def test_invariants_hold_after_every_kind_of_change(steps: Steps, rng: random.Random) -> None:
    """Needed goals, counters and records stay what their definitions say, whatever happens."""
    graph = ProofGraph()
    names = list(steps)
    for key in rng.sample(names, min(3, len(names))):
        graph.add_root(goal(key))
    for _ in range(60):
        known = [node.key for node in graph.goals()]
        key = rng.choice(known)
        match rng.random():
            case x if x < 0.7 and steps[key]:
                name = rng.choice(list(steps[key]))
                graph.add_step(key, step(name), [goal(k) for k in steps[key][name]])
            case x if x < 0.76:
                graph.refute(key, "witness")
            case x if x < 0.9:
                graph.finish(key)
            case x if x < 0.97:
                ids = [s.id for s in graph.steps()]
                graph.set_aside(rng.sample(ids, min(2, len(ids))))
            case _:
                graph.add_root(goal(rng.choice(names)))
        check_invariants(graph)
    solved = [key for key in graph.roots if graph.goal(key).status is GoalStatus.SOLVED]
    assert set(solved) <= graph.solution(solved).keys()


def test_a_solution_lists_every_goal_after_its_subgoals() -> None:
    graph = build({"r": {"s": ["a", "b"]}, "a": {"s": ["b"]}, "b": {"s": []}}, ["r"])
    solution = graph.solution()
    assert list(solution) == ["b", "a", "r"]
    assert [g.key for g in solution["r"].subgoals] == ["a", "b"]
    with pytest.raises(ValueError):
        build({"r": {"s": ["a"]}}, ["r"]).solution(["r"])


def test_it_is_a_networkx_graph_from_goals_to_steps_to_subgoals() -> None:
    graph = build({"r": {"s": ["a", "a", "b"]}}, ["r"])
    assert isinstance(graph.digraph, nx.DiGraph)
    assert set(graph.digraph.edges) == {("r", ("r", "s")), (("r", "s"), "a"), (("r", "s"), "b")}


def test_changes_name_what_happened() -> None:
    graph = ProofGraph()
    assert graph.add_root(goal("r")).wanted == ("r",)
    split = graph.add_step("r", step("split"), [goal("a"), goal("b")])
    assert (split.added, split.wanted) == (("a", "b"), ("a", "b"))
    assert graph.add_step("a", step("close"), []).unwanted == ("a",)
    refuted = graph.refute("b", "x = 3")
    assert (refuted.refuted, refuted.lost, refuted.unwanted) == (("b",), (("r", "b"),), ("b",))
    again = graph.add_step("r", step("again"), [goal("a")])
    assert (again.solved, again.unwanted) == (("r",), ("r",))


def test_equal_steps_are_one() -> None:
    graph = build({"r": {"s": ["a"]}}, ["r"])
    graph.add_step("r", step("s"), [goal("other")])
    assert "other" not in graph.digraph
    assert graph.goal("r").live == 1


def test_a_goal_dropped_is_taken_up_again_when_another_step_leads_there() -> None:
    graph = build({"r": {"s": ["a", "f"]}}, ["r"])
    graph.refute("f", "")
    assert not graph.goal("a").needed
    assert graph.add_step("r", step("t"), [goal("a")]).wanted == ("a",)


# Cost: operations are counted, never timed.


def operations_per_node(graph: ProofGraph) -> float:
    return graph.operations / len(graph.digraph)


SIZE = 50_000
"""Goals; with as many steps, a graph of 100,000 nodes."""
SMALLER = SIZE // 10


def test_a_long_chain_costs_linear_time_to_build_and_to_solve() -> None:
    graph = ProofGraph()
    graph.add_root(goal("0"))
    for i in range(SIZE - 1):
        graph.add_step(str(i), step("s"), [goal(str(i + 1))])
    graph.add_step(str(SIZE - 1), step("close"), [])
    assert graph.goal("0").status is GoalStatus.SOLVED
    assert len(graph.digraph) == 2 * SIZE
    assert operations_per_node(graph) < 10


def test_a_lemma_with_very_many_parents_costs_linear_time() -> None:
    """The parents are closed one by one, in the order in which they support the lemma; then the lemma is refuted."""
    count = SMALLER
    graph = ProofGraph()
    for i in range(count):
        graph.add_root(goal(str(i)))
        graph.add_step(str(i), step("s"), [goal("lemma")])
    graph.add_step("lemma", step("s"), [goal("deeper")])
    for i in range(count - 1):
        graph.add_step(str(i), step("close"), [])
        assert graph.goal("lemma").needed
    graph.refute("lemma", "")
    assert not graph.goal("deeper").needed
    assert operations_per_node(graph) < 10


def test_losing_support_above_a_large_shared_part_does_not_walk_through_it() -> None:
    """A lemma with a large proof below has many parents, which go one after another."""
    graph = ProofGraph()
    graph.add_root(goal("r"))
    parents = 500
    for i in range(parents):
        graph.add_step("r", step(f"s{i}"), [goal("lemma"), goal(f"p{i}")])
    graph.add_step("lemma", step("s"), [goal("0")])
    for i in range(SMALLER):
        graph.add_step(str(i), step("s"), [goal(str(i + 1))])
    for i in range(parents):
        assert graph.goal(str(SMALLER)).needed
        graph.refute(f"p{i}", "")
    assert not graph.goal(str(SMALLER)).needed
    assert operations_per_node(graph) < 10


def test_exhaustion_and_refutation_cost_linear_time_in_a_wide_tree() -> None:
    graph = ProofGraph()
    graph.add_root(goal("0"))
    for i in range(SMALLER // 2):
        graph.add_step(str(i), step("s"), [goal(str(2 * i + 1)), goal(str(2 * i + 2))])
    for i in reversed(range(SMALLER)):
        graph.finish(str(i))
    assert graph.goal("0").status is GoalStatus.EXHAUSTED
    assert operations_per_node(graph) < 10
