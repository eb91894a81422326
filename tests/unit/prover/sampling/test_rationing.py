"""A budget of sampled tokens is kept to exactly, and tokens are not set aside in vain."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampling_scenes import FakeSampler, answer_to, ask, got, opened, refused, run, settled, texts

from prover.sampling.port import Answer, SampleRequest, SamplingFailed
from prover.sampling.rationing import RationedSampler, Rations, fitting
from prover.sampling.wire import answer_of, answer_record


def start(sampler: RationedSampler, *requests: SampleRequest) -> list[asyncio.Task[Answer]]:
    async def one(request: SampleRequest) -> Answer:
        (answer,) = await sampler.sample([request])
        return answer

    return [asyncio.get_running_loop().create_task(one(request)) for request in requests]


def test_what_fits_is_asked_as_it_is() -> None:
    async def main() -> None:
        model = FakeSampler(at_once=True)
        sampler = RationedSampler(model, Rations(100))
        requests = [ask("a", n=2, max_tokens=20), ask("b", max_tokens=60)]
        assert list(await sampler.sample(requests)) == [answer_to(r) for r in requests]
        assert sampler.name == "fake:model"

    run(main())


def test_what_does_not_fit_has_fewer_samples_then_shorter_ones_then_none() -> None:
    async def main() -> None:
        model = FakeSampler(at_once=True)
        rations = Rations(50)
        sampler = RationedSampler(model, rations)
        for request in (ask("a", n=8, max_tokens=20, seed=5), ask("b", n=8, max_tokens=20)):
            await sampler.sample([request])
        assert [(r.n, r.max_tokens) for r in model.asked] == [(2, 20), (1, 10)]
        assert model.asked[0].seed == 5, "the samples that are left are those that would have been the first"
        assert (rations.used, rations.left) == (50, 0)
        (answer,) = await sampler.sample([ask("c", max_tokens=1)])
        assert refused(answer).spent and refused(answer).final
        assert len(model.asked) == 2

    run(main())


def test_answers_shorter_than_they_may_be_leave_the_rest_to_others() -> None:
    async def main() -> None:
        model = FakeSampler(answer=lambda r: answer_to(r, tokens=5))
        sampler = RationedSampler(model, Rations(100))
        asked = start(sampler, *(ask(f"p{i}", max_tokens=60) for i in range(4)))
        await settled()
        assert len(model.running) == 1, "the second waits for what the first leaves, and is not cut down to 40"
        for _ in range(4):
            model.finish()
            await settled()
        assert all(got(task.result()) for task in asked)
        assert [r.max_tokens for r in model.asked] == [60] * 4

    run(main())


def test_one_who_leaves_gives_back_what_was_set_aside() -> None:
    async def main() -> None:
        model = FakeSampler()
        sampler = RationedSampler(model, Rations(100))
        first, second, third = start(sampler, *(ask(name, max_tokens=80) for name in "abc"))
        await settled()
        second.cancel()
        await settled()
        first.cancel()
        await settled()
        assert [r.prompt.raw for r in model.asked] == ["a", "c"] and model.asked[1].max_tokens == 80
        model.finish()
        assert got(await third)

    run(main())


def test_failures_cost_nothing() -> None:
    async def main() -> None:
        rations = Rations(10)
        sampler = RationedSampler(FakeSampler(at_once=True, answer=lambda r: SamplingFailed("no")), rations)
        await sampler.sample([ask(max_tokens=10)])
        assert rations.left == 10

    run(main())


def test_a_record_is_asked_for_what_it_holds_until_the_tokens_are_spent() -> None:
    async def main() -> None:
        model = FakeSampler(at_once=True, answer=lambda r: answer_to(r, tokens=30))
        sampler = RationedSampler(model, Rations(50), whole=True)
        answers = [(await sampler.sample([ask("x", max_tokens=2048, seed=i)]))[0] for i in range(3)]
        assert [r.max_tokens for r in model.asked] == [2048, 2048]
        assert texts(answers[1]) and refused(answers[2]).spent

    run(main())


def test_that_the_budget_was_spent_is_recorded() -> None:
    spent = Rations(5).spent()
    assert answer_of(answer_record(spent)) == spent
    assert answer_of({"failed": "no", "final": False}) == SamplingFailed("no"), "records of before"


@given(st.integers(1, 40), st.integers(1, 300), st.integers(0, 2000))
def test_a_part_of_a_request_never_needs_more_than_there_is(n: int, max_tokens: int, tokens: int) -> None:
    request = ask(n=n, max_tokens=max_tokens)
    part = fitting(request, tokens)
    if part is None:
        assert tokens == 0
        return
    assert part.n * part.max_tokens <= tokens
    assert part.n <= n and part.max_tokens <= max_tokens
    if n * max_tokens <= tokens:
        assert part == request


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 30), st.integers(1, 30)), max_size=12),
    st.integers(0, 150),
    st.randoms(use_true_random=False),
)
def test_whatever_is_asked_the_budget_is_never_exceeded_and_nobody_waits_for_ever(
    wishes: list[tuple[int, int, int]], tokens: int, random: object
) -> None:
    lengths = {f"p{i}": length for i, (_, _, length) in enumerate(wishes)}

    async def main() -> None:
        model = FakeSampler(answer=lambda r: answer_to(r, tokens=min(lengths[r.prompt.raw or ""], r.max_tokens)))
        rations = Rations(tokens)
        sampler = RationedSampler(model, rations)
        asked = start(sampler, *(ask(f"p{i}", n=n, max_tokens=most) for i, (n, most, _) in enumerate(wishes)))
        await settled()
        while model.running:
            promised = sum(r.n * r.max_tokens for r, _ in model.running.values())
            assert rations.used + promised <= tokens
            model.finish(random.choice(sorted(model.running)))  # type: ignore[attr-defined]
            await settled()
        assert all(task.done() for task in asked)
        assert rations.used <= tokens
        if any(isinstance(task.result(), SamplingFailed) for task in asked):
            assert rations.used == tokens

    run(main())


@pytest.mark.parametrize("budget", [1, 7, 40, 200])
def test_a_real_model_samples_no_more_than_its_budget(budget: int) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    import tiny_model

    from prover.sampling.hf.loading import sampler_of
    from prover.sampling.service import SamplingService

    async def main() -> None:
        made = sampler_of("hf:tiny", tiny_model.llama(), tiny_model.tokenizer(), max_rows=8, threads=1)
        service = SamplingService(opened(made))
        sampler = RationedSampler(service, Rations(budget))
        answers = await sampler.sample([ask(f"goal {i}", n=3, max_tokens=30, seed=i, task="t") for i in range(6)])
        assert service.usage("t").tokens == sum(0 if isinstance(a, SamplingFailed) else a.tokens for a in answers)
        assert service.usage("t").tokens == budget
        await service.close()

    run(main())
