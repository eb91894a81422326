"""Many at work together, or one alone: never both, and nobody waits for ever."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.evaluation.quiet import Quiet


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 3)), max_size=12))
def test_whoever_is_alone_has_nobody_beside_it_and_all_come_to_an_end(
    wishes: list[tuple[bool, int, int]],
) -> None:
    """Of each: whether it wants to be alone, and for how many steps it waits before and works."""
    at_work: list[bool] = []

    async def working(quiet: Quiet, alone: bool, before: int, steps: int) -> None:
        for _ in range(before):
            await asyncio.sleep(0)
        async with quiet.alone() if alone else quiet.together():
            at_work.append(alone)
            for _ in range(steps + 1):
                assert at_work == [True] or not any(at_work)
                await asyncio.sleep(0)
            at_work.remove(alone)

    async def everyone() -> None:
        quiet = Quiet()
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            for wish in wishes:
                group.create_task(working(quiet, *wish))

    asyncio.run(everyone())
    assert at_work == []


def test_nobody_begins_while_one_waits_to_be_alone() -> None:
    async def order() -> list[str]:
        quiet, told, go = Quiet(), list[str](), asyncio.Event()

        async def first() -> None:
            async with quiet.together():
                await go.wait()
                told.append("first")

        async def alone() -> None:
            async with quiet.alone():
                told.append("alone")

        async def late() -> None:
            async with quiet.together():
                told.append("late")

        async with asyncio.TaskGroup() as group:
            for one in (first, alone, late):
                group.create_task(one())
                await asyncio.sleep(0)
            go.set()
        return told

    assert asyncio.run(order()) == ["first", "alone", "late"]


@pytest.mark.parametrize("who", ["together", "alone"])
def test_one_that_is_cancelled_while_it_waits_or_works_keeps_nobody_waiting(who: str) -> None:
    async def scene() -> bool:
        quiet = Quiet()
        entered = asyncio.Event()

        async def stays() -> None:
            async with quiet.together() if who == "together" else quiet.alone():
                entered.set()
                await asyncio.Event().wait()

        working = asyncio.create_task(stays())
        await entered.wait()
        waiting = asyncio.create_task(stays() if who == "alone" else _alone(quiet))
        await asyncio.sleep(0)
        for task in (waiting, working):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(60), quiet.alone():
            pass
        async with asyncio.timeout(60), quiet.together():
            return True

    assert asyncio.run(scene())


async def _alone(quiet: Quiet) -> None:
    async with quiet.alone():
        raise AssertionError("somebody is at work")
