"""A small model from scratch: a tokenizer made from the pairs, and an untrained Llama. For trying the whole chain on a
CPU in minutes, and for tests; not for results."""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MARKS = (*(f"<{k}>" for k in range(64)), "<+>")
_WORD_END = "</w>"


@dataclass(frozen=True, slots=True)
class Size:
    """The shape of an untrained model. vocabulary: tokens at most. window: positions."""

    vocabulary: int = 1024
    width: int = 192
    layers: int = 4
    heads: int = 6
    window: int = 1024


SIZES = {"tiny": Size(), "small": Size(vocabulary=4096, width=384, layers=8, heads=6, window=2048)}


def make_tokenizer(texts: Iterable[str], size: Size) -> Any:
    """A tokenizer of words: byte pairs inside words, so that a name it never saw is spelt in pieces that can be copied.
    Blanks are not kept, only that they are there: for formats of words with single blanks."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix=_WORD_END))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    made.decoder = decoders.BPEDecoder(suffix=_WORD_END)
    trainer = trainers.BpeTrainer(
        vocab_size=size.vocabulary,
        special_tokens=["<pad>", "<eos>", "<unk>"],
        end_of_word_suffix=_WORD_END,
        initial_alphabet=list(string.printable.strip()),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<pad>",
        eos_token="<eos>",
        unk_token="<unk>",
        padding_side="left",
        clean_up_tokenization_spaces=False,
        model_max_length=size.window,
    )
    wrapped.add_tokens([AddedToken(mark, special=False) for mark in MARKS])
    return wrapped


def make_model(tokenizer: Any, size: Size, *, seed: int) -> Any:
    """An untrained Llama for the tokenizer."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=size.width,
            intermediate_size=3 * size.width,
            num_hidden_layers=size.layers,
            num_attention_heads=size.heads,
            max_position_embeddings=size.window,
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
