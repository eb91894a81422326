"""One service before a model: fair, bounded, accountable, and nothing is lost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling_scenes import FakeSampler, answer_to, ask, got, refused, run, settled, texts

from prover.sampling.charges import TaskLimit, Usage
from prover.sampling.port import Answer, SampleRequest, Samples, SamplingFailed
from prover.sampling.service import SamplingService


def start(service: SamplingService, *requests: SampleRequest) -> list[asyncio.Task[Answer]]:
    async def one(request: SampleRequest) -> Answer:
        (answer,) = await service.sample([request])
        return answer

    return [asyncio.get_running_loop().create_task(one(request)) for request in requests]


def test_it_is_the_model_to_who_asks() -> None:
    async def main() -> None:
        model = FakeSampler(at_once=True)
        service = SamplingService(model)
        assert (service.name, service.window, service.count(ask("four").prompt)) == ("fake:model", 4096, 4)
        requests = [ask(f"p{i}", n=2, seed=i) for i in range(5)]
        assert list(await service.sample(requests)) == [answer_to(r) for r in requests]

    run(main())


def test_the_model_never_has_more_than_the_batch_holds() -> None:
    async def main() -> None:
        model = FakeSampler()
        service = SamplingService(model, running=8)
        asked = start(service, *(ask(f"p{i}", n=3) for i in range(6)))
        await settled()
        assert len(model.running) == 2
        model.finish()
        await settled()
        assert len(model.running) == 2
        while model.running:
            model.finish()
            await settled()
        assert all(got(task.result()) for task in asked)

    run(main())


def test_requests_that_begin_alike_reach_the_model_together() -> None:
    async def main() -> None:
        model = FakeSampler(at_once=True)
        await SamplingService(model).sample([ask(text) for text in ("b1", "a1", "b2", "a2")])
        assert [r.prompt.raw for r in model.asked] == ["a1", "a2", "b1", "b2"]

    run(main())


def test_every_task_is_charged_for_what_it_used() -> None:
    clock = [0.0]

    async def main() -> None:
        model = FakeSampler(answer=lambda r: answer_to(r, tokens=10, cost=0.25))
        service = SamplingService(model, clock=lambda: clock[0])
        asked = start(service, ask("abc", n=2, task="t"), ask("de", task="u"))
        await settled()
        clock[0] = 3.0
        model.finish()
        model.finish()
        await asyncio.gather(*asked)
        assert service.usage("t") == Usage(20, 3, 3.0, 0.25, 1)
        assert service.usage("u") == Usage(10, 2, 3.0, 0.25, 1)
        assert service.usage("nobody") == Usage()
        assert service.total == Usage(30, 5, 6.0, 0.5, 2)

    run(main())


@pytest.mark.parametrize("limit", [TaskLimit(tokens=25), TaskLimit(cost_usd=0.6)])
def test_a_task_stops_within_one_batch_of_its_budget(limit: TaskLimit) -> None:
    async def main() -> None:
        model = FakeSampler(answer=lambda r: answer_to(r, tokens=10, cost=0.25))
        service = SamplingService(model, running=2, limit=limit)
        service.limit("rich", TaskLimit())
        asked = start(service, *(ask(f"p{i}", task="t") for i in range(10)))
        await settled()
        while model.running:
            model.finish()
            await settled()
        ended = [task.result() for task in asked]
        assert sum(isinstance(a, Samples) for a in ended) == 4
        failure = next(a for a in ended if isinstance(a, SamplingFailed))
        assert failure.final and "spent" in failure.reason
        assert len(model.asked) == 4
        rich = start(service, ask("q", task="rich"))
        await settled()
        model.finish()
        assert got(await rich[0])

    run(main())


def test_equal_requests_with_equal_seeds_are_computed_once() -> None:
    async def main() -> None:
        model = FakeSampler(answer=lambda r: answer_to(r, tokens=5))
        service = SamplingService(model)
        asked = start(service, ask(seed=1, task="t"), ask(seed=1, task="u"), ask(seed=2, task="t"))
        await settled()
        assert [r.seed for r in model.asked] == [1, 2]
        late = start(service, ask(seed=1, task="u"))
        await settled()
        model.finish(0)
        model.finish(1)
        answers = await asyncio.gather(*asked, *late)
        assert texts(answers[0]) == texts(answers[1]) == texts(answers[3]) != texts(answers[2])
        assert (service.usage("t").tokens, service.usage("u")) == (10, Usage(requests=2))
        again = start(service, ask(seed=1, task="u"))
        await settled()
        assert len(model.asked) == 3
        model.finish()
        await asyncio.gather(*again)

    run(main())


def test_one_who_leaves_does_not_end_what_another_waits_for() -> None:
    async def main() -> None:
        model = FakeSampler(answer=lambda r: answer_to(r, tokens=5))
        service = SamplingService(model)
        first, second = start(service, ask(task="t"), ask(task="u"))
        await settled()
        first.cancel()
        await settled()
        assert model.cancelled == []
        model.finish()
        assert got(await second)
        assert (service.usage("t").tokens, service.usage("u").tokens) == (0, 5)

    run(main())


def test_a_cancelled_request_ends_its_sampling_or_leaves_the_queue() -> None:
    async def main() -> None:
        model = FakeSampler()
        service = SamplingService(model, running=1)
        running, waiting, last = start(service, ask("a"), ask("b"), ask("c"))
        await settled()
        waiting.cancel()
        await settled()
        running.cancel()
        await settled()
        assert [r.prompt.raw for r in model.cancelled] == ["a"]
        assert [r.prompt.raw for r in model.asked] == ["a", "c"]
        model.finish()
        assert got(await last)

    run(main())


def test_a_task_with_too_much_waiting_waits_at_the_door_and_others_do_not() -> None:
    async def main() -> None:
        model = FakeSampler()
        service = SamplingService(model, running=1, waiting=2)
        flood = start(service, *(ask(f"f{i}", task="flood") for i in range(8)))
        await settled()
        assert len(service._queue) == 2
        other = start(service, ask("other", task="other", max_tokens=1))
        await settled()
        model.finish()
        await settled()
        assert model.asked[-1].task == "other"
        flood[-1].cancel()
        flood[2].cancel()
        while not all(task.done() for task in (*flood, *other)):
            await settled()
            if model.running:
                model.finish()
        assert sum(task.cancelled() for task in flood) == 2

    run(main())


def test_closing_ends_everything() -> None:
    async def main() -> None:
        model = FakeSampler()
        service = SamplingService(model, running=2, waiting=1)
        asked = start(service, *(ask(f"p{i}") for i in range(6)))
        await settled()
        await service.close()
        await settled()
        assert all(refused(task.result()).final for task in asked)
        assert len(model.cancelled) == 2 and model.closed
        (late,) = await service.sample([ask("late")])
        assert refused(late).final

    run(main())


def test_a_model_that_breaks_its_promise_hangs_nobody() -> None:
    def broken(request: SampleRequest) -> Answer:
        raise ValueError("no such thing")

    async def main() -> None:
        service = SamplingService(FakeSampler(at_once=True, answer=broken))
        (answer,) = await service.sample([ask()])
        assert "no such thing" in refused(answer).reason

    run(main())


ACTS = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from("tuv"), st.integers(1, 4), st.integers(0, 3)),
    st.tuples(st.just("cancel"), st.integers(0, 30), st.just(0), st.just(0)),
    st.tuples(st.just("finish"), st.integers(0, 30), st.just(0), st.just(0)),
    st.tuples(st.just("limit"), st.sampled_from("tuv"), st.integers(0, 60), st.just(0)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ACTS, max_size=40), st.integers(1, 6), st.integers(1, 3))
def test_whatever_happens_everyone_is_answered_and_the_books_are_right(
    acts: list[tuple[str, Any, int, int]], room: int, door: int
) -> None:
    async def main() -> None:
        model = FakeSampler(answer=lambda r: answer_to(r, tokens=3))
        service = SamplingService(model, running=room, waiting=door)
        asked: list[asyncio.Task[Answer]] = []
        spent = 0
        for act, what, amount, seed in acts:
            if act == "ask":
                asked += start(service, ask("p", n=amount, seed=seed, task=what))
            elif act == "cancel" and asked:
                asked[what % len(asked)].cancel()
            elif act == "finish" and model.running:
                number = sorted(model.running)[what % len(model.running)]
                spent += 3 * model.running[number][0].n
                model.finish(number)
            elif act == "limit":
                service.limit(what, TaskLimit(tokens=amount))
            await settled()
            sizes = [request.n for request, _ in model.running.values()]
            assert sum(sizes) <= room or len(sizes) == 1
        while model.running:
            number = min(model.running)
            spent += 3 * model.running[number][0].n
            model.finish(number)
            await settled()
        assert all(task.done() for task in asked)
        assert service.total.tokens == spent
        assert len(service._queue) == 0 and not service._works and service._busy == 0
        assert all(d._value == door for d in service._doors.values())

    run(main())
