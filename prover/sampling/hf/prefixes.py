"""Running prompts: each once, and what a prompt has in common with recent ones not again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers.cache_utils import DynamicCache

from prover.sampling.beginnings import common_prefix
from prover.sampling.hf.slots import Prefix, Tensor

CHUNK = 2048
"""Tokens of a prompt run at once: bounds the memory of attention over a long one."""


@dataclass(frozen=True)
class Prefilled:
    """A prompt that was run. logits: (1, vocabulary) after its last token. cached: tokens that were not run again."""

    prefix: Prefix
    logits: Tensor
    cached: int


class Prefixes:
    """Runs prompts through a model, and keeps the newest, `kept` tokens of them in all, for prompts that begin alike
    (static text first, then the file, then the goal: see `prover.sampling.service`, which puts such prompts next to
    one another)."""

    def __init__(self, model: Any, forward: frozenset[str], kept: int) -> None:
        self._model = model
        self._forward = forward
        self._cache_name = cache_name(forward)
        self._kept = kept
        self._recent: OrderedDict[tuple[int, ...], Prefix] = OrderedDict()

    def run(self, ids: Sequence[int]) -> Prefilled:
        """The prompt's keys and values, and what follows it; call with gradients off."""
        known = tuple(ids)
        near, common = self._nearest(known)
        # The last token is always run: its logits are what is asked for.
        common = min(common, len(known) - 1)
        cache = DynamicCache()
        if near is not None and common:
            for number, (keys, values) in enumerate(near):
                cache.update(keys[:, :, :common], values[:, :, :common], number)
        logits = None
        for begin in range(common, len(known), CHUNK):
            logits = self._step(known, begin, min(begin + CHUNK, len(known)), cache)
        prefix = tuple((layer.keys, layer.values) for layer in cache.layers)
        self._keep(known, prefix)
        return Prefilled(prefix, logits, common)

    def clear(self) -> None:
        """Forget all prompts, to free memory."""
        self._recent.clear()

    def _step(self, ids: tuple[int, ...], begin: int, end: int, cache: Any) -> Tensor:
        device = self._model.device
        given: dict[str, Any] = {
            "input_ids": torch.tensor([ids[begin:end]], device=device),
            "attention_mask": torch.ones(1, end, dtype=torch.long, device=device),
            self._cache_name: cache,
            "use_cache": True,
        }
        if "position_ids" in self._forward:
            given["position_ids"] = torch.arange(begin, end, device=device)[None]
        if "logits_to_keep" in self._forward:
            given["logits_to_keep"] = 1
        return self._model(**given).logits[:, -1]

    def _nearest(self, ids: tuple[int, ...]) -> tuple[Prefix | None, int]:
        best: tuple[Prefix | None, int] = (None, 0)
        for known, prefix in self._recent.items():
            common = common_prefix(known, ids)
            if common > best[1]:
                best = (prefix, common)
        return best

    def _keep(self, ids: tuple[int, ...], prefix: Prefix) -> None:
        self._recent[ids] = prefix
        self._recent.move_to_end(ids)
        while len(self._recent) > 1 and sum(map(len, self._recent)) > self._kept:
            self._recent.popitem(last=False)
        if sum(map(len, self._recent)) > self._kept:
            self._recent.clear()


def cache_name(forward: frozenset[str]) -> str:
    """What a model's `forward` calls its cache: transformers is renaming it."""
    return "cache" if "cache" in forward else "past_key_values"
