from __future__ import annotations

import json

from search_fakes import Steps, World, search

from search import journal as log
from search.ports import Goal, Kept, Refuted, Rejected, Step


def test_a_run_is_told_from_its_start_to_its_end() -> None:
    steps: Steps = {
        "r": {"no": Rejected("why", (), 2), "split": ["f"], "good": ["x"]},
        "x": {"s": []},
        "f": {"l": Refuted("0")},
    }
    world = World(["r"], steps)
    journal = search(world, concurrency=1, seed=5).journal
    assert journal[0]["event"] == "run_started" and journal[0]["seed"] == 5
    assert journal[-1]["event"] == "run_ended" and journal[-1]["stop"] == "assembled"
    told = [(e["event"], e.get("goal")) for e in journal]
    assert told.index(("candidate_checked", "r")) > told.index(("goal_added", "r"))
    assert ("goal_refuted", "f") in told
    assert told.index(("goal_solved", "x")) < told.index(("goal_solved", "r"))
    (added,) = [e for e in journal if e["event"] == "goal_added" and e["goal"] == "x"]
    assert (added["parent"], added["parent_step"], added["depth"]) == ("r", "good", 1)
    checked = [e for e in journal if e["event"] == "candidate_checked"]
    assert [e["number"] for e in checked] == list(range(1, len(checked) + 1))
    assert (checked[0]["summary"], checked[0]["open_obligations"], checked[0]["text"]) == ("why", 2, "text of no")
    split = next(e for e in checked if e["step"] == "split")
    assert split["subgoals"] == ["f"] and 0 <= split["score"] < 1


def test_events_are_json_with_their_kind_and_time_first() -> None:
    heard: list[str] = []
    journal = log.MemoryJournal(lambda event: heard.append(json.dumps(event)))
    journal.record(log.AssemblyChecked(at=1.5, number=3, goals=("a",), verdict="accepted", summary="", seconds=0.5))
    assert heard == [
        '{"event": "assembly_checked", "at": 1.5, "number": 3, "goals": ["a"], "verdict": "accepted", '
        '"summary": "", "seconds": 0.5}'
    ]


def test_kinds_are_distinct_and_times_can_be_left_out() -> None:
    classes = {event.__name__: event.kind for event in log.Event.__subclasses__()}
    assert len(set(classes.values())) == len(classes) == 18
    ended = log.GoalExhausted(at=3.0, goal="g")
    assert log.without_times(ended) == {"event": "goal_exhausted", "goal": "g"}


class _Told:
    """Says of a goal its text, of a step its kind."""

    def goal(self, goal: Goal) -> Kept:
        return Kept({"n": goal.name}, {"base": "the file", "own": goal.text})

    def step(self, step: Step) -> Kept:
        return Kept({"of": step.kind})


def test_what_goals_and_steps_are_made_of_is_told_and_each_long_text_once() -> None:
    world = World(["r"], {"r": {"split": ["f"]}, "f": {"good": []}})
    journal = search(world, records=_Told()).journal
    kept = {e["id"]: e["text"] for e in journal if e["event"] == "text_kept"}
    assert sorted(kept.values()) == ["prove f", "prove r", "the file"]
    added = [e for e in journal if e["event"] == "goal_added"]
    assert [{name: kept[key] for name, key in e["texts"].items()} for e in added] == [
        {"base": "the file", "own": "prove r"},
        {"base": "the file", "own": "prove f"},
    ]
    assert [e["record"] for e in journal if e["event"] == "candidate_checked"] == [{"of": "step"}, {"of": "step"}]
