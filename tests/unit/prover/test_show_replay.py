"""From journals to trees: what a search knew at its end is what its journal tells."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_fakes import World, goal
from show_worlds import Run, played, random_world, runs

from prover.show.reading import RunRecord, ShowProblem, read_run
from prover.show.replay import grow
from prover.show.tree import SearchTree, Status
from search.budget import Budget
from search.nodes import GoalStatus
from search.ports import Accepted, Refuted, Rejected, Step, Tested, Unconfirmed, Unknown
from search.strategy import BEAM, Strategy

EQUAL = {
    GoalStatus.SOLVED: {Status.PROVED},
    GoalStatus.OPEN: {Status.OPEN, Status.GIVEN_UP},
    GoalStatus.REFUTED: {Status.REFUTED},
    GoalStatus.EXHAUSTED: {Status.DEAD},
}


def tree_of(run: Run) -> SearchTree:
    return grow(run.record().events)


@settings(max_examples=30, deadline=None)
@given(runs())
def test_statuses_and_steps_are_those_of_the_searchs_own_graph(run: Run) -> None:
    tree = tree_of(run)
    nodes = {node.key: node for node in run.graph.goals()}
    assert list(tree.goals) == list(nodes)
    assert list(tree.roots) == run.graph.roots
    for key, view in tree.goals.items():
        node = nodes[key]
        assert view.status in EQUAL[node.status]
        assert (view.needed, view.witness, view.d) == (node.needed, node.witness, node.goal.complexity)
        steps = run.graph.steps_of(key)
        assert [s.set_aside for s in view.steps] == [s.set_aside for s in steps]
        assert [bool(s.lost_to) for s in view.steps] == [s.dead for s in steps]
        assert [s.solves for s in view.steps] == [s.id == node.solved_by for s in steps]
        assert [s.score for s in view.steps] == [s.score.value for s in steps]
        assert [list(s.subgoals) for s in view.steps] == [list(dict.fromkeys(g.key for g in s.subgoals)) for s in steps]
    assert {key for key, view in tree.goals.items() if view.on_proof} == set(run.graph.solution())
    assert (tree.stop, tree.assembled) == (run.result.stop, run.result.assembled)


@settings(max_examples=20, deadline=None)
@given(runs(most=30))
def test_every_check_is_counted_at_its_goal(run: Run) -> None:
    tree = tree_of(run)
    checks = [line for line in run.lines if line["event"] == "candidate_checked"]
    verdicts = sum((view.verdicts for view in tree.goals.values()), start=Counter[str]())
    assert verdicts == Counter(line["verdict"] for line in checks)
    tests = [line for line in run.lines if line["event"] == "goal_tested"]
    assert sum(view.tests for view in tree.goals.values()) == sum(line["checks"] for line in tests)
    spent = sum(line["seconds"] for line in checks + tests)
    assert sum(view.seconds for view in tree.goals.values()) == pytest.approx(spent)
    assert sum(view.checks for view in tree.goals.values()) + len(tree.assemblies) <= tree.checks


@settings(max_examples=30, deadline=None)
@given(runs(most=20), st.data())
def test_a_journal_cut_off_anywhere_is_shown_as_far_as_it_goes(run: Run, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as place:
        journal = run.write(Path(place)) / "journal.jsonl"
        whole = journal.read_bytes()
        cut = data.draw(st.integers(0, len(whole)))
        journal.write_bytes(whole[:cut])
        record = read_run(Path(place))
        if isinstance(record, ShowProblem):
            assert cut <= len(whole.split(b"\n")[0])
            return
        tree = grow(record.events)
        lines = whole[:cut].count(b"\n")
        assert len(record.events) in (lines, lines + 1)  # a whole last line may lack its end
        assert record.torn == (len(record.events) == lines and not whole[:cut].endswith(b"\n"))
        assert tree.ended == (len(record.events) == len(run.lines))


def test_of_a_line_lost_in_the_middle_the_rest_is_shown(tmp_path: Path) -> None:
    journal = played(random_world(3, 20)).write(tmp_path) / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    for number in range(0, len(lines), 4):
        for rubbish in (b"{half\n", b'{"event": "candidate_checked"}\n', b"[]\n"):
            journal.write_bytes(b"".join([*lines[:number], rubbish, *lines[number + 1 :]]))
            record = read_run(tmp_path)
            assert isinstance(record, RunRecord)
            assert record.unreadable == 1
            assert not record.torn
            grow(record.events)


def test_events_unknown_to_this_version_are_passed_over_and_new_fields_too(tmp_path: Path) -> None:
    run = played(random_world(5, 20))
    before = tree_of(run)
    lines = [line | {"mood": "sunny"} for line in run.lines]
    strange = {"event": "moon_rose", "at": 1.0}
    run.lines = [line for pair in ((strange, line) for line in lines) for line in pair]
    record = run.record(tmp_path)
    assert record.unreadable == 0
    assert grow(record.events) == before


def test_journals_from_before_rungs_and_unclipped_scores_load(tmp_path: Path) -> None:
    run = played(World(["r"], {"r": {"s": ["a"]}, "a": {"t": []}}))
    run.lines = [{k: v for k, v in line.items() if k not in ("rung", "unclipped")} for line in run.lines]
    record = run.record(tmp_path)
    assert record.unreadable == 0
    root = grow(record.events).goals["r"]
    assert root.status is Status.PROVED
    assert [(step.score, step.unclipped, step.check.rung) for step in root.steps] == [(0.0, None, "")]


def test_what_speaks_against_a_goal_is_kept_apart_from_what_refutes_it() -> None:
    world = World(
        ["r"],
        {
            "r": {"s": ["a"], "t": ["b"], "u": ["c"]},
            "a": {"try": Rejected("no")},
            "b": {},
            "c": {"run": Refuted("n = 3")},
        },
        tested={"a": Tested(Unconfirmed("n = 1"), checks=2), "b": Tested(Refuted("n = 2"), checks=1)},
    )
    goals = tree_of(played(world)).goals
    assert (goals["a"].unconfirmed, goals["a"].witness, goals["a"].tests) == (("n = 1",), "", 2)
    assert (goals["b"].status, goals["b"].witness) == (Status.REFUTED, "n = 2")
    assert (goals["c"].status, goals["c"].witness) == (Status.REFUTED, "n = 3")
    assert [step.lost_to for step in goals["r"].steps] == [("a",), ("b",), ("c",)]
    assert goals["r"].status is Status.DEAD


def test_a_goal_given_up_says_why() -> None:
    world = World(["r"], {"r": {"s": ["a"]}, "a": {"try": Unknown("timed out")}})
    lemma = tree_of(played(world)).goals["a"]
    assert (lemma.status, lemma.why) == (Status.GIVEN_UP, "not proved in 1 checks, out of ideas")


def test_conflicts_tell_what_was_set_aside_and_what_became_of_it() -> None:
    world = World(
        ["r"],
        {"r": {"s": ["a"], "t": ["b"]}, "a": {"u": []}, "b": {"v": []}},
        conflicts=[frozenset({("r", "s"), ("a", "u")})],
    )
    run = played(world, concurrency=1)
    tree = tree_of(run)
    assert any(line["event"] == "conflict" for line in run.lines)
    assert [a.verdict for a in tree.assemblies][-1] == "accepted"
    aside = [step for view in tree.goals.values() for step in view.steps if step.set_aside]
    assert [step.conflict for step in aside] == ["do not fit"]


def test_what_a_beam_puts_away_is_set_aside_without_a_conflict() -> None:
    steps: dict[str, Any] = {"r": {f"s{i}": [f"g{i}"] for i in range(4)}} | {f"g{i}": {} for i in range(4)}
    goals = {f"g{i}": goal(f"g{i}", complexity=2 * i + 1) for i in range(4)} | {"r": goal("r", complexity=9)}
    narrow = Strategy("narrow", BEAM.cost, beam=2)
    tree = tree_of(played(World(["r"], steps, goals=goals), strategy=narrow))
    assert [(step.set_aside, step.conflict) for step in tree.goals["r"].steps] == [
        (False, ""),
        (False, ""),
        (True, ""),
        (True, ""),
    ]


def test_the_normal_form_of_a_step_is_what_is_shown_and_its_repetition_is_a_check() -> None:
    short = Accepted((), step=Step("short", "pruned", "induction"))
    two = Accepted((goal("a"),), step=Step("split", "split here", "split"))
    world = World(["r"], {"r": {"long": two, "longer": two}, "a": {"x": short}})
    tree = tree_of(played(world, budget=Budget(checks=20), concurrency=1))
    root, lemma = tree.goals["r"], tree.goals["a"]
    assert [step.check.text for step in root.steps + lemma.steps] == ["split here", "pruned"]
    assert (root.verdicts["accepted"], root.checks) == (len(root.steps) + len(root.others), root.checks)
    assert root.status is lemma.status is Status.PROVED


def test_of_several_searches_in_one_journal_the_last_is_shown() -> None:
    first, second = played(World(["r"], {"r": {"s": []}})), played(World(["r"], {"r": {"s": Rejected("no")}}))
    first.lines += second.lines
    tree = tree_of(first)
    assert (tree.searches, tree.goals["r"].status) == (2, Status.DEAD)


def test_what_was_accepted_on_trial_only_is_no_step() -> None:
    run = played(World(["r"], {"r": {"s": ["a"]}, "a": {"t": []}}))
    (asked,) = [line for line in run.lines if line["event"] == "candidate_checked" and line["goal"] == "r"]
    place = run.lines.index(asked)
    run.lines.insert(place, asked | {"step": "s?", "subgoals": ["b", "c"], "score": None, "unclipped": None})
    tree = tree_of(run)
    assert list(tree.goals) == ["r", "a"]
    assert len(tree.goals["r"].steps) == 1
    assert [check.verdict for check in tree.goals["r"].others] == ["accepted"]


def test_what_broke_down_is_told_at_its_goal() -> None:
    run = played(World(["r"], {"r": {"s": Rejected()}}))
    run.lines[-1:-1] = [{"event": "environment_failed", "at": 1.0, "goal": "r", "error": "KeyError: 'x'"}]
    assert tree_of(run).goals["r"].errors == ("KeyError: 'x'",)
