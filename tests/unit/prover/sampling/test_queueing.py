"""Whose request is next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from prover.sampling.queueing import PATIENCE, FairQueue

TASKS = ("a", "b", "c")
COSTS = st.lists(st.integers(1, 50), min_size=40, max_size=40)


@given(st.fixed_dictionaries(dict.fromkeys(TASKS, COSTS)), st.data())
def test_tasks_that_always_want_more_get_equal_shares(costs: dict[str, list[int]], data: st.DataObject) -> None:
    queue: FairQueue[tuple[str, int]] = FairQueue()
    promise = 50
    for task in TASKS:
        for i in range(40):
            queue.put((task, i), task, f"{task}{i}", 1, promise)
    used = dict.fromkeys(TASKS, 0)
    running: list[tuple[str, int]] = []
    while all(queue.waiting(task) for task in TASKS):
        room = data.draw(st.integers(1, 4))
        running += queue.take(room, alone=not running)
        while running:
            task, i = running.pop(0)
            used[task] += costs[task][i]
            queue.ended(task, promise, costs[task][i])
        # Apart by what one batch may come to, however uneven the requests are.
        assert max(used.values()) - min(used.values()) <= 4 * promise


def test_who_comes_late_does_not_take_everything() -> None:
    queue: FairQueue[str] = FairQueue()
    for i in range(20):
        queue.put(f"old{i}", "old", "", 1, 10)
    for _ in range(10):
        queue.take(1, alone=True)
        queue.ended("old", 10, 10)
    for i in range(10):
        queue.put(f"new{i}", "new", "", 1, 10)
    order = []
    for _ in range(10):
        (key,) = queue.take(1, alone=True)
        order.append(key[:3])
        queue.ended(key[:3], 10, 10)
    assert order.count("new") in (5, 6)


def test_prompts_that_begin_alike_run_next_to_one_another() -> None:
    queue: FairQueue[str] = FairQueue()
    for text in ("B1", "A1", "B2", "A2", "A3"):
        queue.put(text, "t", text * 5, 1, 1)
    assert queue.take(5, alone=True) == ["A1", "A2", "A3", "B1", "B2"]
    for text in ("B1", "A1", "B2", "A2"):
        queue.put(text, "t", text, 1, 1)
    taken = [queue.take(1, alone=False)[0] for _ in range(4)]
    assert [key[0] for key in taken] in (["A", "A", "B", "B"], ["B", "B", "A", "A"])


def test_nothing_is_passed_over_for_ever() -> None:
    queue: FairQueue[int] = FairQueue()
    queue.put(0, "t", "same", 1, 1)
    queue.take(1, alone=True)
    queue.put(1, "t", "other", 1, 1)
    taken = []
    for i in range(2, 40):
        queue.put(i, "t", "same", 1, 1)
        taken += queue.take(1, alone=False)
    assert taken.index(1) == PATIENCE


def test_what_does_not_fit_waits_and_is_not_overtaken() -> None:
    queue: FairQueue[str] = FairQueue()
    queue.put("big", "a", "", 8, 8)
    queue.put("small", "b", "", 1, 100)
    assert queue.take(4, alone=False) == []
    assert queue.take(9, alone=False) == ["big", "small"]


def test_a_request_larger_than_everything_runs_alone() -> None:
    queue: FairQueue[str] = FairQueue()
    queue.put("big", "a", "", 80, 80)
    assert queue.take(4, alone=True) == ["big"]


@given(
    st.lists(st.tuples(st.sampled_from(TASKS), st.text("ab", max_size=3), st.integers(1, 3)), max_size=30), st.data()
)
def test_every_request_is_taken_once_unless_it_was_removed(
    asked: list[tuple[str, str, int]], data: st.DataObject
) -> None:
    queue: FairQueue[int] = FairQueue()
    for i, (task, text, size) in enumerate(asked):
        queue.put(i, task, text, size, size)
    removed = data.draw(st.sets(st.integers(0, max(len(asked) - 1, 0)))) if asked else set()
    assert all(queue.remove(i) for i in removed)
    assert not any(queue.remove(i) for i in removed)
    taken: list[int] = []
    while len(queue):
        taken += queue.take(3, alone=True)
    assert sorted(taken) == sorted(set(range(len(asked))) - removed)
