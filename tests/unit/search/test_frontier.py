from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.frontier import Frontier


def drain(frontier: Frontier[int]) -> list[int]:
    out = []
    while (item := frontier.pop()) is not None:
        out.append(item)
    return out


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3), st.booleans()), max_size=60))
def test_agrees_with_sorting_by_cost_and_then_by_arrival(operations: list[tuple[int, int, bool]]) -> None:
    frontier: Frontier[int] = Frontier()
    model: dict[int, tuple[int, int]] = {}
    for ticket, (item, cost, keep) in enumerate(operations):
        if keep:
            frontier.push(item, cost)
            model[item] = (cost, ticket)
        else:
            frontier.discard(item)
            model.pop(item, None)
        assert len(frontier) == len(model)
        assert all(item in frontier for item in model)
    assert drain(frontier) == sorted(model, key=model.__getitem__)


def test_equal_costs_leave_in_the_order_they_came() -> None:
    frontier: Frontier[int] = Frontier()
    for item in (3, 1, 2):
        frontier.push(item, 1.0)
    assert drain(frontier) == [3, 1, 2]


def test_a_new_cost_replaces_the_old_one() -> None:
    frontier: Frontier[str] = Frontier()
    frontier.push("a", 1)
    frontier.push("b", 2)
    frontier.push("a", 3)
    assert [frontier.pop(), frontier.pop(), frontier.pop()] == ["b", "a", None]


def test_stale_entries_do_not_pile_up() -> None:
    frontier: Frontier[int] = Frontier()
    for cost in range(10_000):
        frontier.push(cost % 10, cost)
    assert len(frontier._heap) < 200
    assert drain(frontier) == list(range(10))
