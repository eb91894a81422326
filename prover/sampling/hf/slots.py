"""The keys and values of the running batch: one slot a row, all rows ending at the same column.

A row's tokens are right-aligned, so one write a step appends to all rows, and rows of other lengths are padded on the
left, which the attention mask hides. Room is allocated ahead (transformers' `DynamicLayer` copies everything at every
token), columns on the left that no row uses any more are left out of what attention sees, and a row that ends gives
its slot to the last one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from transformers.cache_utils import DynamicCache, DynamicLayer

Tensor = Any
Prefix = tuple[tuple[Tensor, Tensor], ...]
"""Keys and values of one prompt for each layer, each (1, heads, tokens, width)."""

AHEAD = 128
"""Columns allocated beyond what is used."""


class _SlotLayer(DynamicLayer):  # type: ignore[misc]
    """One layer's view of the slots; the shape is the owner's matter."""

    def __init__(self, slots: Slots) -> None:
        super().__init__()
        self.slots = slots
        self.all_keys: Tensor = None
        self.all_values: Tensor = None
        self.is_initialized = True

    def update(self, key_states: Tensor, value_states: Tensor, *_: Any, **__: Any) -> tuple[Tensor, Tensor]:
        """Write one token of every row at the common end; what attention sees, the new token included."""
        rows, start, end = self.slots.rows, self.slots.start, self.slots.end
        self.all_keys[:rows, :, end : end + 1] = key_states
        self.all_values[:rows, :, end : end + 1] = value_states
        return self.all_keys[:rows, :, start : end + 1], self.all_values[:rows, :, start : end + 1]

    def get_seq_length(self, *_: Any) -> int:
        """Columns that attention sees, before the token that is being written."""
        return self.slots.end - self.slots.start

    def get_mask_sizes(self, query: Any, *_: Any) -> tuple[int, int]:
        """Length and offset of what is seen; `query` is a length, or with older transformers the positions."""
        length = query if isinstance(query, int) else int(query.shape[0])
        return self.get_seq_length() + length, 0


class Slots:
    """The batch's cache. rows: in use. Columns [start, end) hold tokens; row i those of its last `lengths[i]`."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.end = 0
        self.cache: Any = DynamicCache()

    @property
    def rows(self) -> int:
        """How many rows run."""
        return len(self.lengths)

    @property
    def start(self) -> int:
        """The first column that any row uses."""
        return self.end - max(self.lengths, default=0)

    def mask(self, device: Any) -> Tensor:
        """1 where a row may look, the token to come included, (rows, columns + 1); None where nothing is hidden."""
        longest = max(self.lengths)
        if min(self.lengths) == longest:
            return None
        lengths = torch.tensor(self.lengths, device=device)
        return (torch.arange(longest + 1, device=device)[None, :] >= (longest - lengths)[:, None]).long()

    def advanced(self) -> None:
        """The model has written one token to every row."""
        self.end += 1
        self.lengths = [n + 1 for n in self.lengths]

    def ready(self) -> None:
        """Make room for the next token."""
        if self.end >= self._columns:
            self._reshape(self._capacity, max(self.lengths))

    def join(self, prefix: Prefix, copies: int) -> None:
        """Add rows at the bottom that begin with this prompt."""
        length = int(prefix[0][0].shape[2])
        if not self.cache.layers:
            self._open(prefix)
        wanted = self.rows + copies
        if wanted > self._capacity or length > self.end:
            room = max(wanted, 2 * self._capacity) if wanted > self._capacity else self._capacity
            self._reshape(room, max(length, max(self.lengths, default=0)))
        here, columns = slice(self.rows, wanted), slice(self.end - length, self.end)
        for layer, (keys, values) in zip(self.cache.layers, prefix, strict=True):
            layer.all_keys[here, :, columns] = keys
            layer.all_values[here, :, columns] = values
        self.lengths += [length] * copies

    def leave(self, gone: Sequence[int]) -> list[int]:
        """Drop rows; the last ones move into their places. The old index of each row that is left, in its new order."""
        order = list(range(self.rows))
        for row in sorted(gone, reverse=True):
            last = order.pop()
            if row < len(order):
                order[row] = last
        moved = [(new, old) for new, old in enumerate(order) if new != old]
        if moved:
            to, of = [new for new, _ in moved], [old for _, old in moved]
            for layer in self.cache.layers:
                layer.all_keys[to] = layer.all_keys[of]
                layer.all_values[to] = layer.all_values[of]
        self.lengths = [self.lengths[old] for old in order]
        return order

    def clear(self) -> None:
        """Drop all rows and their memory."""
        self.lengths, self.end, self.cache = [], 0, DynamicCache()

    @property
    def _capacity(self) -> int:
        return int(self.cache.layers[0].all_keys.shape[0])

    @property
    def _columns(self) -> int:
        return int(self.cache.layers[0].all_keys.shape[2])

    def _open(self, prefix: Prefix) -> None:
        layers = []
        for keys, values in prefix:
            layer = _SlotLayer(self)
            layer.all_keys, layer.all_values = (
                keys.new_zeros(0, *keys.shape[1:]),
                values.new_zeros(0, *values.shape[1:]),
            )
            layers.append(layer)
        self.cache.layers = layers

    def _reshape(self, capacity: int, end: int) -> None:
        """Move everything to the left, or to where the longest prompt needs it, in memory with room ahead."""
        used, rows = max(self.lengths, default=0), self.rows
        old = slice(self.end - used, self.end)
        for layer in self.cache.layers:
            for name in ("all_keys", "all_values"):
                before = getattr(layer, name)
                # Zeros, not whatever was there: a hidden NaN times weight 0 would still be NaN.
                after = before.new_zeros(capacity, before.shape[1], end + AHEAD, before.shape[3])
                after[:rows, :, end - used : end] = before[:rows, :, old]
                setattr(layer, name, after)
        self.end = end
