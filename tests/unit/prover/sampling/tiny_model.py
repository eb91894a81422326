"""A language model with random weights and a tokenizer of single characters: no downloads, and texts that encode back
to the tokens they came from."""

from __future__ import annotations

import string
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

END = "<end>"
ALPHABET = string.ascii_letters + string.digits + string.punctuation + " \n"
WINDOW = 512
CHAT = "{% for m in messages %}[{{ m.role }}]{{ m.content }}\n{% endfor %}"
CHAT += "{% if add_generation_prompt %}[assistant]{% endif %}"


def tokenizer(chat: bool = False) -> Any:
    vocabulary = {END: 0, **{c: i + 1 for i, c in enumerate(ALPHABET)}}
    core = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    core.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    core.decoder = decoders.Fuse()
    made = PreTrainedTokenizerFast(tokenizer_object=core, eos_token=END)
    if chat:
        made.chat_template = CHAT
    return made


def llama(window: int = WINDOW, hidden: int = 64, layers: int = 2, vocabulary: int = len(ALPHABET) + 1) -> Any:
    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=window,
        eos_token_id=0,
        bos_token_id=None,
        pad_token_id=None,
        # Wide enough that what was said before matters to what comes next.
        initializer_range=0.2,
    )
    return LlamaForCausalLM(config).eval()


def logprob(model: Any, prompt: list[int], answer: list[int]) -> float:
    """Teacher-forced: the whole sequence at once, without a cache."""
    with torch.inference_mode():
        logits = model(torch.tensor([prompt + answer])).logits[0].float()
    logprobs = torch.log_softmax(logits, dim=-1)
    return sum(float(logprobs[len(prompt) + i - 1, token]) for i, token in enumerate(answer))
