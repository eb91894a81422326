"""The mathematics of an evaluation: rates and differences with intervals, pass@k, paired tests, curves. Pure.

Intervals are two-sided and at 95% unless told otherwise. What is random has a fixed seed: the same results give the
same figures.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

CONFIDENCE = 0.95
_RESAMPLES = 4000
_SEED = 0


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over n tasks, each in [0, 1]."""

    value: float
    interval: Interval
    n: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two ways tried on the same tasks: how many both solve, only the first, only the second, and neither."""

    both: int
    first: int
    second: int
    neither: int

    @property
    def n(self) -> int:
        """All tasks."""
        return self.both + self.first + self.second + self.neither


@dataclass(frozen=True, slots=True)
class Step:
    """A point of a step curve: from this budget on, so many tasks are solved (expected, so no whole number)."""

    budget: float
    solved: float


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt as a curve sees it: whether it solved its task, and what it took (seconds, or checks)."""

    solved: bool
    cost: float


# --------------------------------------------------------------------------------------------------------------- rates


def wilson(successes: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """The score interval of a binomial rate (Wilson, JASA 22, 1927; without continuity correction). All of [0, 1] for
    n = 0. Raises ValueError for counts that are none."""
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n}")
    if n == 0:
        return Interval(0.0, 1.0)
    return _score(successes / n, n, confidence)


def pass_at_k(n: int, correct: int, k: int) -> float:
    """The unbiased estimate of the chance that at least one of k attempts succeeds, from n >= k attempts of which
    `correct` did: 1 - C(n - c, k) / C(n, k), as the product of Chen et al., "Evaluating Large Language Models Trained
    on Code" (2021), figure 3. Raises ValueError where it is not defined."""
    if not (0 <= correct <= n and 1 <= k <= n):
        raise ValueError(f"pass@{k} of {correct} among {n}")
    if n - correct < k:
        return 1.0
    return 1.0 - math.prod(1.0 - k / i for i in range(n - correct + 1, n + 1))


def mean_pass_at_k(counts: Sequence[tuple[int, int]], k: int, confidence: float = CONFIDENCE) -> Estimate | None:
    """pass@k over tasks, each with its attempts and those of them that succeeded. Tasks with fewer than k attempts are
    left out (n tells how many stayed); None where none stay.

    The interval is about tasks like these: Wilson's where each has one attempt, else the bootstrap over tasks.
    """
    kept = [(n, correct) for n, correct in counts if n >= k]
    if not kept:
        return None
    if k == 1 and all(n == 1 for n, _ in kept):
        solved = sum(correct for _, correct in kept)
        return Estimate(solved / len(kept), wilson(solved, len(kept), confidence), len(kept))
    values = [pass_at_k(n, correct, k) for n, correct in kept]
    return Estimate(math.fsum(values) / len(values), bootstrap_mean(values, confidence), len(values))


def bootstrap_mean(values: Sequence[float], confidence: float = CONFIDENCE, *, least: float = 0.0) -> Interval:
    """The interval of a mean of values in [least, 1] by the bias-corrected and accelerated bootstrap (BCa: Efron,
    JASA 82, 1987); the acceleration is the jackknife's, which has a closed form for a mean.

    Where all values are alike the bootstrap would say that nothing is uncertain; then it is Wilson's interval with
    each value as one trial, which is never too narrow: no variable in [0, 1] varies more than a coin. Raises
    ValueError without values.
    """
    n = len(values)
    if n == 0:
        raise ValueError("the mean of nothing")
    mean = math.fsum(values) / n
    deviations = [value - mean for value in values]
    squares = math.fsum(d * d for d in deviations)
    if max(values) == min(values) or squares == 0.0:
        width = 1.0 - least
        flat = _score(min(max((mean - least) / width, 0.0), 1.0), n, confidence)
        return Interval(least + width * flat.low, least + width * flat.high)
    rng = random.Random(_SEED)
    means = sorted(math.fsum(rng.choices(values, k=n)) / n for _ in range(_RESAMPLES))
    # Half of the ties count as below: means of few values tie often.
    below = sum(m < mean for m in means) + sum(m == mean for m in means) / 2
    share = min(max(below / _RESAMPLES, 0.5 / _RESAMPLES), 1 - 0.5 / _RESAMPLES)
    normal = statistics.NormalDist()
    bias = normal.inv_cdf(share)
    acceleration = math.fsum(d**3 for d in deviations) / (6.0 * squares**1.5)

    def bound(tail: float) -> float:
        shifted = bias + normal.inv_cdf(tail)
        scale = 1.0 - acceleration * shifted
        level = normal.cdf(bias + shifted / scale) if scale > 0 else float(shifted > 0)
        return means[min(max(math.floor(level * _RESAMPLES), 0), _RESAMPLES - 1)]

    tail = (1.0 - confidence) / 2
    return Interval(min(bound(tail), mean), max(bound(1.0 - tail), mean))


# --------------------------------------------------------------------------------------------------------------- pairs


def sign_test(first: int, second: int) -> float:
    """The exact two-sided p-value of McNemar's test (the sign test on the tasks that only one of two solves): the
    chance of a split at least as uneven if either way were as likely. McNemar, Psychometrika 12, 1947; exact as in
    Fagerland, Lydersen and Laake, BMC Med. Res. Methodol. 13:91, 2013. 1 where no task tells them apart."""
    if min(first, second) < 0:
        raise ValueError(f"{first} against {second}")
    n = first + second
    tail = sum(math.comb(n, i) for i in range(min(first, second) + 1))
    return min(1.0, float(Fraction(2 * tail, 2**n)))


def paired_difference(pairs: Pairs, confidence: float = CONFIDENCE) -> Interval:
    """The interval of (rate of the first - rate of the second) on the same tasks: Newcombe's method 10, Wilson
    intervals put together with the correlation of the two (Statistics in Medicine 17, 1998, 2635-2650). [-1, 1]
    without tasks."""
    n = pairs.n
    if n == 0:
        return Interval(-1.0, 1.0)
    ones, twos = pairs.both + pairs.first, pairs.both + pairs.second
    p, q = ones / n, twos / n
    own, other = wilson(ones, n, confidence), wilson(twos, n, confidence)
    phi = _correlation(pairs)

    def reach(one: float, two: float) -> float:
        return math.sqrt(max(one * one - 2 * phi * one * two + two * two, 0.0))

    low = p - q - reach(p - own.low, other.high - q)
    high = p - q + reach(own.high - p, q - other.low)
    return Interval(max(low, -1.0), min(high, 1.0))


# -------------------------------------------------------------------------------------------------------------- curves


def curve(tasks: Sequence[Sequence[Try]]) -> tuple[Step, ...]:
    """How many tasks one attempt solves within a budget, for each budget at which that number grows. A task with
    several attempts counts with the share of them that had solved it by then: the expected number for one attempt."""
    gains: dict[float, Fraction] = {}
    for tries in tasks:
        for one in tries:
            if one.solved:
                gains[one.cost] = gains.get(one.cost, Fraction()) + Fraction(1, len(tries))
    steps: list[Step] = []
    total = Fraction()
    for budget in sorted(gains):
        total += gains[budget]
        steps.append(Step(budget, float(total)))
    return tuple(steps)


def solved_at(steps: Sequence[Step], budget: float) -> float:
    """The height of a curve at a budget."""
    return next((step.solved for step in reversed(steps) if step.budget <= budget), 0.0)


def median(values: Sequence[float]) -> float | None:
    """The median; None of nothing."""
    return float(statistics.median(values)) if values else None


def _score(rate: float, n: int, confidence: float) -> Interval:
    z = statistics.NormalDist().inv_cdf(0.5 + confidence / 2)
    centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    # At the ends the formula meets them but for rounding.
    return Interval(0.0 if rate == 0 else max(centre - half, 0.0), 1.0 if rate == 1 else min(centre + half, 1.0))


def _correlation(pairs: Pairs) -> float:
    """Newcombe's phi: of the two-by-two table, with a continuity correction where it is positive; 0 where a margin is
    empty."""
    a, b, c, d = pairs.both, pairs.first, pairs.second, pairs.neither
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if margins == 0:
        return 0.0
    product = float(a * d - b * c)
    if product > 0:
        product = max(product - pairs.n / 2, 0.0)
    return product / math.sqrt(margins)
