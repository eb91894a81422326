"""The parts of the decode loop by themselves: slots, noise, and texts of tokens smaller than a character."""

# Nothing of these is imported before torch is known to be there.
# ruff: noqa: E402

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from prover.sampling.hf.choosing import Draws, gumbel, key_of
from prover.sampling.hf.slots import Prefix, Slots
from prover.sampling.hf.texts import Texts
from prover.sampling.port import Finish, Prompt


def prefix(tokens: list[float]) -> Prefix:
    """One layer, one head of width 1, whose keys are the tokens themselves, and values their negatives."""
    keys = torch.tensor(tokens).reshape(1, 1, -1, 1)
    return ((keys, -keys),)


ACTS = st.one_of(
    st.tuples(st.just("join"), st.integers(1, 40), st.integers(1, 3)),
    st.tuples(st.just("leave"), st.sets(st.integers(0, 9), max_size=4), st.just(0)),
    st.tuples(st.just("step"), st.integers(1, 150), st.just(0)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTS, max_size=12))
def test_attention_sees_the_tokens_of_each_row_and_nothing_else(acts: list[tuple[str, Any, int]]) -> None:
    slots, rows, fresh = Slots(), list[list[float]](), iter(range(1, 10**6))
    for act, what, copies in acts:
        if act == "join":
            tokens = [float(next(fresh)) for _ in range(what)]
            slots.join(prefix(tokens), copies)
            rows += [list(tokens) for _ in range(copies)]
        elif act == "leave":
            gone = [i for i in what if i < len(rows)]
            rows = [rows[old] for old in slots.leave(gone)] if rows else rows
        elif rows:
            for _ in range(what):
                slots.ready()
                new = [float(next(fresh)) for _ in rows]
                mask = slots.mask("cpu")
                written = torch.tensor(new).reshape(-1, 1, 1, 1)
                assert slots.cache.get_mask_sizes(1, 0) == (max(map(len, rows)) + 1, 0)
                keys, values = slots.cache.update(written, -written, 0)
                slots.advanced()
                rows = [[*row, token] for row, token in zip(rows, new, strict=True)]
                seen = keys[:, 0, :, 0]
                assert torch.equal(values[:, 0, :, 0], -seen)
                for i, row in enumerate(rows):
                    visible = seen[i] if mask is None else seen[i][mask[i].bool()]
                    assert visible.tolist() == row
        assert slots.lengths == [len(row) for row in rows]


def test_noise_belongs_to_a_sample_a_place_and_a_token() -> None:
    keys, positions = torch.tensor([key_of(1), key_of(2), key_of(1)]), torch.tensor([5, 5, 6])
    tokens = torch.arange(50).expand(3, 50)
    noise = gumbel(keys, positions, tokens)
    assert len(noise.flatten().unique()) == 150
    assert torch.equal(gumbel(keys[:1], positions[:1], tokens[:1, 30:40]), noise[:1, 30:40])


def test_noise_is_gumbels() -> None:
    rows = torch.arange(200)
    noise = gumbel(rows * 7919, rows, torch.arange(500).expand(200, 500)).flatten()
    # Mean and standard deviation of the distribution; a hundred thousand draws.
    assert float(noise.mean()) == pytest.approx(0.5772, abs=0.02)
    assert float(noise.std()) == pytest.approx(1.2825, abs=0.02)


def test_more_tokens_than_are_looked_at_first_may_be_needed() -> None:
    flat = torch.zeros(1, 5000)
    everything = Draws([1], [1.0], [0.999], "cpu")
    drawn = {int(everything.choose(flat, torch.tensor([i]))[0]) for i in range(300)}
    assert len(drawn) > 250
    assert max(drawn) > 2000


BYTES = sorted(pre_tokenizers.ByteLevel.alphabet())


def byte_texts() -> Texts:
    core = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(BYTES)}, merges=[]))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    core.decoder = decoders.ByteLevel()
    return Texts(transformers.PreTrainedTokenizerFast(tokenizer_object=core))


@settings(max_examples=100, deadline=None)
@given(st.text("ab→∀ \n", max_size=30), st.text("ab→∀\n", min_size=1, max_size=3))
def test_a_stop_is_seen_at_the_token_that_completes_it(text: str, stop: str) -> None:
    texts = byte_texts()
    ids = texts.encode(Prompt(raw=text)) if text else []
    seen = [end for end in range(1, len(ids) + 1) if texts.stops_in(ids[:end], (stop,))]
    place = text.find(stop)
    if place < 0:
        assert seen == []
        return
    first = seen[0]
    assert first == len((text[:place] + stop).encode())
    assert texts.ended([], ids[:first], (stop,), Finish.LENGTH) == (text[:place], Finish.STOP)


def test_half_a_character_at_the_end_is_no_trouble() -> None:
    texts = byte_texts()
    ids = texts.encode(Prompt(raw="a→"))
    assert texts.ended(ids, ids[:2], ("→",), Finish.LENGTH)[1] is Finish.LENGTH
