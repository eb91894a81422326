"""A model of transformers, asked through the port: a tiny one with random weights, on the CPU in float32."""

# Nothing of these is imported before torch is known to be there.
# ruff: noqa: E402

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

import tiny_model
from sampling_scenes import ask, got, opened, refused, run, texts

from prover.sampling.hf import loading
from prover.sampling.hf import sampler as hf_sampler
from prover.sampling.hf.loading import load_hf, sampler_of
from prover.sampling.port import Answer, Finish, Message, Prompt, Sampler, SampleRequest
from sandbox.missing import Missing

TOKENIZER = tiny_model.tokenizer()
MODEL = tiny_model.llama()


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def answers(
    requests: Sequence[SampleRequest], model: Any = MODEL, tokenizer: Any = TOKENIZER, **given: Any
) -> list[Answer]:
    """Of one sampler, asked for everything at once."""

    async def main() -> list[Answer]:
        sampler = opened(sampler_of("hf:tiny", model, tokenizer, **given))
        try:
            return list(await sampler.sample(requests))
        finally:
            await sampler.close()

    return run(main())


def ids_of(text: str, finish: Finish) -> list[int]:
    return [*TOKENIZER(text)["input_ids"], *([0] if finish is Finish.STOP else [])]


MIXED = [
    ask(
        "hello" * (i + 1),
        n=3,
        max_tokens=10 + 7 * i,
        seed=i,
        temperature=(0.0, 0.8, 1.0)[i % 3],
        top_p=(1.0, 0.9)[i % 2],
    )
    for i in range(7)
]


def test_log_probability_is_that_of_the_whole_text_at_temperature_1() -> None:
    for request, answer in zip(MIXED, answers(MIXED), strict=True):
        prompt = TOKENIZER(request.prompt.raw)["input_ids"]
        for sample in got(answer).samples:
            ids = ids_of(sample.text, sample.finish)
            assert sample.tokens == len(ids)
            assert sample.logprob == pytest.approx(tiny_model.logprob(MODEL, prompt, ids), abs=1e-4)


def test_a_sample_depends_on_its_request_and_on_nothing_beside_it() -> None:
    together = answers(MIXED)
    for request, answer in zip(MIXED, together, strict=True):
        (alone,) = answers([request])
        assert texts(alone) == texts(answer)
    assert [texts(a) for a in answers(MIXED, max_rows=2)] == [texts(a) for a in together]
    assert [texts(a) for a in answers(MIXED, max_columns=100)] == [texts(a) for a in together]


def test_other_seeds_give_other_samples_and_so_do_the_samples_of_one_request() -> None:
    first, second = answers([ask(n=4, max_tokens=20, seed=1), ask(n=4, max_tokens=20, seed=2)])
    assert len({*texts(first), *texts(second)}) == 8


def test_any_sample_can_be_had_again_by_its_seed() -> None:
    (answer,) = answers([ask(n=5, max_tokens=20, seed=3)])
    third = got(answer).samples[3]
    assert answers([ask(n=1, max_tokens=20, seed=third.seed)]) != [answer]
    assert texts(answers([ask(n=1, max_tokens=20, seed=third.seed)])[0]) == [third.text]


def test_temperature_0_is_what_transformers_generates_greedily() -> None:
    (answer,) = answers([ask("lemma", max_tokens=30, temperature=0.0)])
    prompt = torch.tensor([TOKENIZER("lemma")["input_ids"]])
    expected = MODEL.generate(
        prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=30, do_sample=False, pad_token_id=0
    )
    assert texts(answer) == [TOKENIZER.decode(expected[0, prompt.shape[1] :], skip_special_tokens=True)]


@pytest.mark.parametrize(("temperature", "top_p"), [(1.0, 1.0), (0.5, 1.0), (1.0, 0.5)])
def test_tokens_come_as_often_as_their_probability_says(temperature: float, top_p: float) -> None:
    n = 4000
    (answer,) = answers([ask("goal", n=n, max_tokens=1, temperature=temperature, top_p=top_p)], max_rows=n)
    with torch.inference_mode():
        logits = MODEL(torch.tensor([TOKENIZER("goal")["input_ids"]])).logits[0, -1]
    mass = torch.softmax(logits / temperature, dim=-1)
    order = mass.argsort(descending=True)
    kept = order[: int((mass[order].cumsum(0) < top_p).sum()) + 1] if top_p < 1 else order
    expected = torch.zeros_like(mass).index_copy(0, kept, mass[kept] / mass[kept].sum())
    counts = torch.zeros_like(mass)
    for sample in got(answer).samples:
        counts[ids_of(sample.text, sample.finish)[0]] += 1
    assert counts[expected == 0].sum() == 0
    likely = expected > 0.01
    deviation = (expected * (1 - expected) / n).sqrt()
    assert bool(((counts / n - expected).abs()[likely] < 4.5 * deviation[likely]).all())


def test_text_ends_before_the_first_stop_sequence_even_across_tokens() -> None:
    (free,) = answers([ask("goal", max_tokens=60, seed=5)])
    whole = texts(free)[0]
    stop = whole[20:24]
    (answer,) = answers([ask("goal", max_tokens=60, seed=5, stop=("\x00never", stop))])
    (sample,) = got(answer).samples
    assert sample.text == whole[: whole.index(stop)]
    assert sample.finish is Finish.STOP
    assert sample.tokens == whole.index(stop) + len(stop)


def test_the_end_of_the_models_window_ends_a_sample() -> None:
    prompt = "x" * (tiny_model.WINDOW - 3)
    (answer,) = answers([ask(prompt, n=2, max_tokens=50, seed=1)])
    for sample in got(answer).samples:
        assert sample.tokens <= 3
        assert sample.finish is (Finish.LENGTH if sample.tokens == 3 else Finish.STOP)


def test_a_prompt_as_long_as_the_window_is_a_final_failure_with_the_numbers() -> None:
    long, short = answers([ask("x" * tiny_model.WINDOW), ask("x", max_tokens=1)])
    failure = refused(long)
    assert failure.final
    assert "512 tokens" in failure.reason and "window is 512" in failure.reason
    assert got(short)


def test_what_prompts_have_in_common_is_computed_once() -> None:
    same = "import Mathlib; " * 4
    first, second = answers([ask(same + "a", max_tokens=2), ask(same + "b", max_tokens=2)])
    assert got(first).prompt_tokens == got(second).prompt_tokens == len(same) + 1
    assert (got(first).cached_tokens, got(second).cached_tokens) == (0, len(same))


def test_a_chat_is_rendered_by_the_models_template_or_plainly() -> None:
    chat = Prompt(messages=(Message("system", "Prove."), Message("user", "P"), Message("assistant", "by ")))
    asked = Prompt(messages=chat.messages[:2])
    templated = opened(sampler_of("hf:tiny", MODEL, tiny_model.tokenizer(chat=True)))
    plain = opened(sampler_of("hf:tiny", MODEL, TOKENIZER))
    assert templated.count(asked) == len("[system]Prove.\n[user]P\n[assistant]")
    assert templated.count(chat) == len("[system]Prove.\n[user]P\n[assistant]by ")
    assert plain.count(asked) == len("Prove.\n\nUser:\nP\n\nAssistant:\n")
    assert plain.count(chat) == len("Prove.\n\nUser:\nP\n\nAssistant:\nby ")


def test_a_template_that_knows_no_system_turn_gets_it_with_the_users() -> None:
    tokenizer = tiny_model.tokenizer()
    refusal = "{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
    tokenizer.chat_template = "{% for m in messages %}" + refusal + "{{ m.content }}{% endfor %}"
    sampler = opened(sampler_of("hf:tiny", MODEL, tokenizer))
    assert sampler.count(Prompt(messages=(Message("system", "A"), Message("user", "B")))) == len("A\n\nB")
    broken = Prompt(messages=(Message("user", "A"), Message("system", "B")))
    failure = refused(answers([SampleRequest(broken)], tokenizer=tokenizer)[0])
    assert failure.final and "no system" in failure.reason


class Failing:
    """A model that runs out of memory above some batch size, or breaks at one step."""

    def __init__(self, most: int = 10**9, breaks_at: int = -1) -> None:
        self.most = most
        self.breaks_at = breaks_at
        self.steps = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(MODEL, name)

    def __call__(self, **given: Any) -> Any:
        self.steps += 1
        if self.steps == self.breaks_at:
            raise ValueError("broken weights")
        if given["input_ids"].shape[0] > self.most:
            raise torch.OutOfMemoryError("of 80 GB")
        return MODEL(**given)


def test_out_of_memory_makes_the_batch_smaller_and_loses_nothing() -> None:
    assert [texts(a) for a in answers(MIXED, model=Failing(most=4))] == [texts(a) for a in answers(MIXED)]


def test_out_of_memory_with_one_sample_is_a_failure() -> None:
    failure = refused(answers([ask(max_tokens=5)], model=Failing(most=0))[0])
    assert "Out of memory" in failure.reason


@pytest.mark.parametrize("step", [1, 3])
def test_a_model_that_breaks_fails_what_runs_and_goes_on(step: int) -> None:
    async def main() -> None:
        sampler = opened(sampler_of("hf:tiny", Failing(breaks_at=step), TOKENIZER))
        (broken,) = await sampler.sample([ask(max_tokens=9, temperature=0.0)])
        assert "ValueError: broken weights" in refused(broken).reason
        (fine,) = await sampler.sample([ask(max_tokens=9, temperature=0.0)])
        assert got(fine)
        await sampler.close()

    run(main())


def test_a_cancelled_request_leaves_and_the_others_go_on() -> None:
    async def main() -> None:
        sampler = opened(sampler_of("hf:tiny", tiny_model.llama(window=1 << 20), TOKENIZER, max_rows=8))
        endless = asyncio.create_task(_sample(sampler, ask("never", n=6, max_tokens=1 << 19, seed=1)))
        (first,) = await sampler.sample([ask("now", n=2, max_tokens=10, seed=2)])
        endless.cancel()
        with pytest.raises(asyncio.CancelledError):
            await endless
        # Eight rows: fits only once the six are gone.
        (second,) = await sampler.sample([ask("now", n=8, max_tokens=10, seed=2)])
        assert texts(second)[:2] == texts(first)
        await sampler.close()

    run(main())


def test_closing_answers_what_runs() -> None:
    async def main() -> None:
        sampler = opened(sampler_of("hf:tiny", tiny_model.llama(window=1 << 20), TOKENIZER))
        endless = asyncio.create_task(_sample(sampler, ask("never", n=6, max_tokens=1 << 19)))
        await sampler.sample([ask("now", max_tokens=2)])
        await sampler.close()
        assert "closed" in refused(await endless).reason
        (late,) = await sampler.sample([ask("late")])
        assert refused(late).final

    run(main())


class Stuck(Failing):
    """A model that is in the middle of a step until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()
        self.may_end = threading.Event()

    def __call__(self, **given: Any) -> Any:
        self.begun.set()
        self.may_end.wait(60)
        return super().__call__(**given)


def test_closing_does_not_wait_for_the_end_of_a_long_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hf_sampler, "LEAVE_SECONDS", 0.05)
    model = Stuck()

    async def main() -> None:
        sampler = opened(sampler_of("hf:tiny", model, TOKENIZER))
        asked = asyncio.create_task(_sample(sampler, ask(max_tokens=9)))
        await asyncio.to_thread(model.begun.wait)
        await sampler.close()
        assert not model.may_end.is_set() and not asked.done()
        model.may_end.set()
        assert "closed" in refused(await asked).reason

    run(main())


async def _sample(sampler: Sampler, request: SampleRequest) -> Answer:
    (answer,) = await sampler.sample([request])
    return answer


SIZES: dict[str, Any] = {
    "vocab_size": len(tiny_model.ALPHABET) + 1,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "initializer_range": 0.2,
    "bos_token_id": None,
    "eos_token_id": 0,
}
FAMILIES = {
    "learned positions": lambda: transformers.GPT2LMHeadModel(transformers.GPT2Config(n_positions=128, **SIZES)),
    "biased attention": lambda: transformers.BloomForCausalLM(transformers.BloomConfig(**SIZES)),
    "a sliding window": lambda: transformers.MistralForCausalLM(
        transformers.MistralConfig(sliding_window=8, intermediate_size=32, num_key_value_heads=2, **SIZES)
    ),
    "layers of two kinds": lambda: transformers.Gemma2ForCausalLM(
        transformers.Gemma2Config(
            sliding_window=8, intermediate_size=32, num_key_value_heads=2, head_dim=8, pad_token_id=None, **SIZES
        )
    ),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_models_of_other_families(family: str) -> None:
    torch.manual_seed(3)
    model = FAMILIES[family]().eval()
    asked = [ask("hello" * (i + 1), n=2, max_tokens=20 + 9 * i, seed=i, temperature=1.0) for i in range(4)]
    for request, answer in zip(asked, answers(asked, model=model), strict=True):
        prompt = TOKENIZER(request.prompt.raw)["input_ids"]
        for sample in got(answer).samples:
            ids = ids_of(sample.text, sample.finish)
            assert len(ids) == sample.tokens
            assert sample.logprob == pytest.approx(tiny_model.logprob(model, prompt, ids), abs=1e-4)


def test_a_model_with_another_kind_of_state_is_refused_with_a_way_out() -> None:
    config = transformers.MambaConfig(vocab_size=len(tiny_model.ALPHABET) + 1, hidden_size=16, num_hidden_layers=1)
    missing = sampler_of("hf:mamba", transformers.MambaForCausalLM(config), TOKENIZER)
    assert isinstance(missing, Missing)
    assert "openai:MODEL" in missing.how_to_get


def test_a_model_is_loaded_from_a_folder(tmp_path: Path) -> None:
    MODEL.save_pretrained(tmp_path)
    TOKENIZER.save_pretrained(tmp_path)

    async def main() -> list[Answer]:
        sampler = opened(load_hf(str(tmp_path), device="cpu", window=100, threads=1))
        assert (sampler.name, sampler.window) == (f"hf:{tmp_path}", 100)
        loaded = await sampler.sample(MIXED[:2])
        await sampler.close()
        return list(loaded)

    assert [texts(a) for a in run(main())] == [texts(a) for a in answers(MIXED[:2])]


def test_a_folder_without_a_model_is_missing(tmp_path: Path) -> None:
    missing = load_hf(str(tmp_path))
    assert isinstance(missing, Missing)
    assert str(tmp_path) in missing.what


@pytest.mark.parametrize("name", ["./nothing", "/nothing/here", "a/b/c"])
def test_what_can_only_be_a_folder_is_not_looked_for_on_the_hub(name: str) -> None:
    missing = load_hf(name)
    assert isinstance(missing, Missing) and missing.what == f"the folder {name}"


def test_without_the_extra_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "find_spec", lambda name: None)
    missing = load_hf("some/model")
    assert isinstance(missing, Missing)
    assert "pip install 'lemmatree[hf]'" in str(missing)
