from __future__ import annotations

import asyncio
import os
import threading
from functools import partial
from operator import is_

import pytest
from sandbox_helpers import children_of, eventually, running

from sandbox.limits import Limits
from sandbox.pool import WorkerPool
from sandbox.session import Session


class FakeWorker:
    def __init__(self) -> None:
        self.alive = False
        self.memory = 0
        self.killed = threading.Event()

    def start(self) -> None:
        self.alive = True

    def kill(self) -> None:
        self.alive = False
        self.killed.set()

    def memory_bytes(self) -> int:
        return self.memory

    def block(self) -> None:
        assert self.killed.wait(60)


class Factory:
    def __init__(self) -> None:
        self.made: list[FakeWorker] = []

    def __call__(self) -> FakeWorker:
        self.made.append(FakeWorker())
        return self.made[-1]


def test_no_more_than_its_size_at_once_and_in_order_of_arrival() -> None:
    factory = Factory()
    order: list[int] = []
    held = 0
    most = 0

    async def use(pool: WorkerPool[FakeWorker], number: int) -> None:
        nonlocal held, most
        async with pool.worker() as lease:
            assert lease.worker.alive
            order.append(number)
            held += 1
            most = max(most, held)
            await asyncio.sleep(0)
            held -= 1

    async def scenario() -> None:
        async with WorkerPool(factory, 2) as pool:
            await asyncio.gather(*(use(pool, number) for number in range(20)))

    asyncio.run(scenario())
    assert most <= 2
    assert sorted(order) == list(range(20))
    # The first two start their workers in threads, and which is up first is anybody's guess.
    assert [number for number in order if number >= 2] == list(range(2, 20))
    assert len(factory.made) <= 2
    assert all(worker.killed.is_set() for worker in factory.made)


def test_the_worker_wanted_most_else_the_one_used_last() -> None:
    factory = Factory()

    async def scenario() -> None:
        async with WorkerPool(factory, 3) as pool:
            async with pool.worker(), pool.worker(), pool.worker():
                pass  # given back in the order 2, 1, 0
            for number in (1, 2, 0, 1):
                wanted = factory.made[number]
                async with pool.worker(partial(is_, wanted)) as lease:
                    assert lease.worker is wanted
            async with pool.worker() as lease:
                assert lease.worker is factory.made[1]
            async with pool.worker(lambda _: 7.0) as lease:
                assert lease.worker is factory.made[1]
            factory.made[1].alive = False
            async with pool.worker(lambda worker: worker is factory.made[1]) as lease:
                assert lease.worker is factory.made[0]

    asyncio.run(scenario())
    assert len(factory.made) == 3


def test_a_worker_is_recycled_after_its_uses() -> None:
    factory = Factory()

    async def scenario() -> None:
        async with WorkerPool(factory, 1, recycle_after=3) as pool:
            for _ in range(7):
                async with pool.worker():
                    pass

    asyncio.run(scenario())
    assert len(factory.made) == 3


def test_a_worker_that_grew_is_recycled() -> None:
    factory = Factory()

    async def scenario() -> None:
        async with WorkerPool(factory, 1, max_memory_bytes=100) as pool:
            async with pool.worker() as lease:
                lease.worker.memory = 100
            async with pool.worker() as lease:
                lease.worker.memory = 101
            async with pool.worker():
                pass

    asyncio.run(scenario())
    assert len(factory.made) == 2


def test_a_dead_worker_is_replaced() -> None:
    factory = Factory()

    async def scenario() -> None:
        async with WorkerPool(factory, 1) as pool:
            async with pool.worker() as lease:
                lease.worker.alive = False
            async with pool.worker() as lease:
                assert lease.worker.alive
            factory.made[-1].alive = False  # while nobody holds it
            async with pool.worker() as lease:
                assert lease.worker.alive

    asyncio.run(scenario())
    assert len(factory.made) == 3


def test_an_exception_of_the_holder_ends_the_worker() -> None:
    factory = Factory()

    async def scenario() -> None:
        async with WorkerPool(factory, 1) as pool:
            with pytest.raises(ValueError):
                async with pool.worker():
                    raise ValueError
            async with pool.worker() as lease:
                assert lease.worker is factory.made[1]

    asyncio.run(scenario())


def test_exceptions_of_a_call_reach_the_holder() -> None:
    def fail() -> None:
        raise ValueError("no")

    async def scenario() -> None:
        async with WorkerPool(Factory(), 1) as pool, pool.worker() as lease:
            with pytest.raises(ValueError):
                await lease.call(fail)

    asyncio.run(scenario())


def test_cancelling_a_holder_kills_the_worker_and_frees_its_place() -> None:
    factory = Factory()

    async def hold(pool: WorkerPool[FakeWorker], begun: asyncio.Event) -> None:
        async with pool.worker() as lease:
            begun.set()
            await lease.call(lease.worker.block)

    async def scenario() -> None:
        async with WorkerPool(factory, 1) as pool:
            begun = asyncio.Event()
            task = asyncio.create_task(hold(pool, begun))
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert factory.made[0].killed.is_set()
            async with pool.worker() as lease:
                assert lease.worker is not factory.made[0]

    asyncio.run(scenario())


def test_cancelling_one_who_waits_loses_no_place() -> None:
    factory = Factory()

    async def use(pool: WorkerPool[FakeWorker]) -> None:
        async with pool.worker():
            pass

    async def scenario() -> None:
        async with WorkerPool(factory, 1) as pool:
            async with pool.worker():
                waiting = [asyncio.create_task(use(pool)) for _ in range(3)]
                await asyncio.sleep(0)
                waiting[1].cancel()
            results = await asyncio.gather(*waiting, return_exceptions=True)
            assert [type(result) for result in results] == [type(None), asyncio.CancelledError, type(None)]
            await use(pool)

    asyncio.run(scenario())
    assert len(factory.made) == 1


def test_closing_ends_workers_in_use_and_refuses_new_holders() -> None:
    factory = Factory()

    async def hold(pool: WorkerPool[FakeWorker], begun: asyncio.Event) -> None:
        async with pool.worker() as lease:
            begun.set()
            await lease.call(lease.worker.block)

    async def scenario() -> None:
        pool = WorkerPool(factory, 2)
        begun = asyncio.Event()
        task = asyncio.create_task(hold(pool, begun))
        await begun.wait()
        await pool.close()
        await task
        await pool.close()
        with pytest.raises(RuntimeError):
            async with pool.worker():
                pass

    asyncio.run(scenario())
    assert all(worker.killed.is_set() for worker in factory.made)


def test_a_pool_needs_a_worker() -> None:
    with pytest.raises(ValueError):
        WorkerPool(Factory(), 0)


def test_with_real_sessions() -> None:
    def session() -> Session:
        return Session(["cat"], limits=Limits())

    async def ask(pool: WorkerPool[Session], number: int) -> str:
        async with pool.worker() as lease:
            return (await lease.call(lease.worker.ask, f"{number}\nEND\n", "END", 60)).text

    async def hang(pool: WorkerPool[Session], holding: asyncio.Future[int | None]) -> None:
        async with pool.worker() as lease:
            holding.set_result(lease.worker.pid)
            await lease.call(lease.worker.ask, "silence\n", "END", 1000)

    async def scenario() -> None:
        async with WorkerPool(session, 2, recycle_after=5) as pool:
            answers = await asyncio.gather(*(ask(pool, number) for number in range(12)))
            assert answers == [f"{number}\n" for number in range(12)]
            holding: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
            task = asyncio.create_task(hang(pool, holding))
            pid = await holding
            assert pid is not None
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not running(pid)
            assert await ask(pool, 1) == "1\n"

    asyncio.run(scenario())
    assert eventually(lambda: not children_of(os.getpid()))
