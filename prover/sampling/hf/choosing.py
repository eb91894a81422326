"""The next token of each row: temperature, top-p, and random numbers that belong to a sample, not to a batch.

The noise of a token is a hash of (sample's key, position, token id), so a sample comes out the same whoever is beside
it, on CPU and on CUDA, and nothing is kept between steps. A draw is the argmax of log-probability plus Gumbel noise:
of all ways to draw, the one that rounding disturbs least (only when two sums nearly tie)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import torch

Tensor = Any

KEPT = 1024
"""Tokens looked at first for top-p: nearly always enough, and much cheaper than sorting a vocabulary."""


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


_GAMMA, _MIX1, _MIX2 = (_signed(c) for c in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def key_of(seed: int) -> int:
    """The 64-bit key of a sample's random numbers, as a signed integer."""
    return int.from_bytes(hashlib.blake2b(str(seed).encode(), digest_size=8).digest(), "big", signed=True)


def _mixed(x: Tensor) -> Tensor:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014), on wrapping 64-bit integers."""
    x = x + _GAMMA
    x = (x ^ ((x >> 30) & ((1 << 34) - 1))) * _MIX1
    x = (x ^ ((x >> 27) & ((1 << 37) - 1))) * _MIX2
    return x ^ ((x >> 31) & ((1 << 33) - 1))


def gumbel(keys: Tensor, positions: Tensor, tokens: Tensor) -> Tensor:
    """Standard Gumbel noise, float64. keys, positions: (rows,) int64; tokens: (rows, k) int64; answer: (rows, k)."""
    rows = _mixed(keys ^ _mixed(positions))
    bits = _mixed(rows[:, None] ^ _mixed(tokens)) & ((1 << 53) - 1)
    uniform = (bits.to(torch.float64) + 0.5) * 2.0**-53
    return -torch.log(-torch.log(uniform))


class Draws:
    """How each row of a batch draws its tokens; made anew when rows come or go. keys: of `key_of`."""

    def __init__(self, keys: Sequence[int], temperatures: Sequence[float], top_p: Sequence[float], device: Any) -> None:
        self._all_greedy = all(t <= 0 for t in temperatures)
        self._all_mass = all(p >= 1 for p in top_p)
        self._keys = torch.tensor(keys, dtype=torch.int64, device=device)
        self._greedy = torch.tensor([t <= 0 for t in temperatures], device=device)
        self._divide = torch.tensor([t if t > 0 else 1.0 for t in temperatures], device=device)[:, None]
        # Above 1: no rounding of a sum of probabilities can reach it; above 0: the likeliest is always in.
        self._top_p = torch.tensor([max(p, 1e-9) if p < 1 else 2.0 for p in top_p], device=device)[:, None]

    def choose(self, logits: Tensor, positions: Tensor) -> tuple[Tensor, Tensor]:
        """One token for each row, (rows,) int64, and its log-probability at temperature 1 over the whole vocabulary,
        (rows,) float32. logits: (rows, vocabulary); positions: (rows,) int64, tokens the sample has. Rows of
        temperature 0 take the likeliest token."""
        logits = logits.float()
        logprobs = torch.log_softmax(logits, dim=-1)
        chosen = logits.argmax(dim=-1)
        if not self._all_greedy:
            values, tokens = self._candidates(torch.log_softmax(logits / self._divide, dim=-1))
            drawn = self._drawn(values, values.double() + gumbel(self._keys, positions, tokens))
            chosen = torch.where(self._greedy, chosen, tokens.gather(1, drawn[:, None])[:, 0])
        return chosen, logprobs.gather(1, chosen[:, None])[:, 0]

    def _candidates(self, heated: Tensor) -> tuple[Tensor, Tensor]:
        """Log-probabilities and ids among which every row's top-p mass is: the likeliest, or all tokens."""
        vocabulary = heated.shape[-1]
        if not self._all_mass and vocabulary > KEPT:
            values, tokens = heated.topk(KEPT, dim=-1)
            if not bool((values.exp().sum(dim=-1, keepdim=True) < self._top_p).any()):
                return values, tokens
        return heated, torch.arange(vocabulary, device=heated.device).expand_as(heated)

    def _drawn(self, values: Tensor, noisy: Tensor) -> Tensor:
        """The place of each row's token: the best with noise among the fewest likeliest with top_p of the mass. Nothing
        is sorted: what is drawn from all is nearly always among them, and if not, it and all that is less likely than
        it is left out of the next draw."""
        while True:
            drawn = noisy.argmax(dim=-1, keepdim=True)
            if self._all_mass:
                return drawn[:, 0]
            at = values.gather(1, drawn)
            likelier = torch.where(values > at, values.exp(), 0.0).sum(dim=-1, keepdim=True)
            outside = likelier >= self._top_p
            if not bool(outside.any()):
                return drawn[:, 0]
            noisy = noisy.masked_fill(outside & (values <= at), -torch.inf)
