"""Scales of a drawing: round steps, and places of values between its edges."""

from __future__ import annotations

import math
from dataclasses import dataclass

_ROUND = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Axis:
    """From values to places. low, high: values at its ends; log: their logarithms are spaced evenly. start, end: their
    places. ticks: values that are written at it."""

    low: float
    high: float
    log: bool
    start: float
    end: float
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Where a value is; what lies outside is at the nearer end."""
        kept = min(max(value, self.low), self.high)
        if self.log:
            share = math.log(kept / self.low) / math.log(self.high / self.low)
        else:
            share = (kept - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def count_axis(most: float, start: float, end: float) -> Axis:
    """From 0 to at least `most` (and 1), in about five whole steps."""
    step = max(_round_up(max(most, 1) / 5), 1)
    top = math.ceil(max(most, 1) / step) * step
    return Axis(0, top, False, start, end, tuple(step * number for number in range(round(top / step) + 1)))


def budget_axis(least: float, most: float, start: float, end: float) -> Axis:
    """Logarithmic, from below the smallest value to `most`."""
    most = max(most, 1e-3)
    low = min(10.0 ** math.floor(math.log10(max(min(least, most), most * 1e-4))), most / 10)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(most))
    decades = most / low
    steps = (1,) if decades > 3000 else (1, 3) if decades > 150 else _ROUND
    ticks = [step * 10.0**power for power in range(first, last + 1) for step in steps]
    return Axis(low, most, True, start, end, tuple(tick for tick in ticks if low * 0.999 <= tick <= most * 1.001))


def number(value: float) -> str:
    """Of a tick: `0.1`, `30`, `2k`."""
    if value >= 10_000 and not value % 1000:
        return f"{value / 1000:,.0f}k"
    return f"{value:,.10g}"


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50..."""
    power = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return next(step * power for step in (*_ROUND, 10) if step * power >= value * 0.999999)
