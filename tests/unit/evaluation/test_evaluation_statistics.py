"""The mathematics of an evaluation, against brute force and published values."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prover.evaluation.statistics import (
    Interval,
    Pairs,
    Step,
    Try,
    bootstrap_mean,
    curve,
    mean_pass_at_k,
    median,
    paired_difference,
    pass_at_k,
    sign_test,
    solved_at,
    wilson,
)

small = st.integers(0, 30)


@st.composite
def trials(draw: st.DrawFn, most: int = 9) -> tuple[int, int, int]:
    n = draw(st.integers(1, most))
    return n, draw(st.integers(0, n)), draw(st.integers(1, n))


# ------------------------------------------------------------------------------------------------------------- pass@k


@given(trials())
def test_pass_at_k_is_the_share_of_all_choices_of_k_attempts_with_a_success(case: tuple[int, int, int]) -> None:
    n, correct, k = case
    chosen = list(itertools.combinations([i < correct for i in range(n)], k))
    assert math.isclose(pass_at_k(n, correct, k), sum(map(any, chosen)) / len(chosen), abs_tol=1e-12)


@given(st.integers(1, 2000), st.data())
def test_pass_at_k_is_exact_where_factorials_are_huge(n: int, data: st.DataObject) -> None:
    correct = data.draw(st.integers(0, n))
    k = data.draw(st.integers(1, n))
    exact = 1 - Fraction(math.comb(n - correct, k), math.comb(n, k))
    assert math.isclose(pass_at_k(n, correct, k), exact, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize(("n", "correct", "k"), [(3, 4, 1), (3, -1, 1), (3, 1, 4), (3, 1, 0), (0, 0, 1)])
def test_pass_at_k_is_undefined_without_k_attempts(n: int, correct: int, k: int) -> None:
    with pytest.raises(ValueError, match="pass@"):
        pass_at_k(n, correct, k)


def test_pass_at_1_of_one_attempt_each_is_the_rate_with_wilsons_interval() -> None:
    estimate = mean_pass_at_k([(1, 1)] * 6 + [(1, 0)] * 4, 1)
    assert estimate is not None
    assert (estimate.value, estimate.n, estimate.interval) == (0.6, 10, wilson(6, 10))


def test_tasks_with_fewer_attempts_than_k_are_left_out_and_n_tells() -> None:
    estimate = mean_pass_at_k([(4, 1), (4, 0), (1, 1)], 2)
    assert estimate is not None
    assert (estimate.value, estimate.n) == (0.25, 2)
    assert mean_pass_at_k([(1, 1)], 2) is None


# -------------------------------------------------------------------------------------------------------------- rates


def test_wilson_gives_the_published_values() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
    for successes, n, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)]:
        interval = wilson(successes, n)
        assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@given(st.integers(1, 400), st.data())
def test_wilsons_ends_are_where_the_score_test_just_rejects(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    interval = wilson(successes, n)
    assert 0 <= interval.low <= successes / n <= interval.high <= 1
    for end in {interval.low, interval.high} - {0.0, 1.0}:
        assert math.isclose(abs(successes / n - end) / math.sqrt(end * (1 - end) / n), 1.959964, rel_tol=1e-4)


def test_nothing_tried_tells_nothing() -> None:
    assert wilson(0, 0) == Interval(0.0, 1.0)
    with pytest.raises(ValueError, match="3 successes of 2"):
        wilson(3, 2)


@settings(max_examples=15)
@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=40))
def test_the_bootstrap_holds_the_mean_and_is_the_same_each_time(values: list[float]) -> None:
    interval = bootstrap_mean(values)
    mean = math.fsum(values) / len(values)
    assert -1e-12 <= interval.low <= mean + 1e-12
    assert mean - 1e-12 <= interval.high <= 1 + 1e-12
    assert interval == bootstrap_mean(values)


def test_the_bootstrap_is_near_the_normal_interval_for_many_tasks() -> None:
    rng = random.Random(1)
    values = [rng.random() for _ in range(400)]
    mean = math.fsum(values) / 400
    half = 1.96 * math.sqrt(math.fsum((v - mean) ** 2 for v in values) / 399 / 400)
    interval = bootstrap_mean(values)
    assert math.isclose(interval.low, mean - half, abs_tol=0.004)
    assert math.isclose(interval.high, mean + half, abs_tol=0.004)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_tasks_that_are_all_alike_do_not_make_a_rate_certain(value: float) -> None:
    assert bootstrap_mean([value] * 12) == wilson(round(12 * value), 12)
    differences = bootstrap_mean([0.0] * 12, least=-1.0)
    assert differences.low < 0 < differences.high


# -------------------------------------------------------------------------------------------------------------- pairs


@given(small, small)
def test_the_sign_test_sums_what_is_at_least_as_uneven(first: int, second: int) -> None:
    n = first + second
    uneven = [i for i in range(n + 1) if abs(2 * i - n) >= abs(first - second)]
    assert math.isclose(sign_test(first, second), sum(math.comb(n, i) for i in uneven) / 2**n)
    assert sign_test(first, second) == sign_test(second, first)


def test_the_sign_test_of_many_tasks_does_not_overflow() -> None:
    assert 0 <= sign_test(3000, 10) < 1e-300
    assert sign_test(0, 0) == 1.0


@given(small, small, small, small)
def test_the_paired_interval_holds_the_difference_and_turns_with_it(a: int, b: int, c: int, d: int) -> None:
    interval, turned = paired_difference(Pairs(a, b, c, d)), paired_difference(Pairs(a, c, b, d))
    assert math.isclose(interval.low, -turned.high, abs_tol=1e-12)
    if n := a + b + c + d:
        assert interval.low - 1e-12 <= (b - c) / n <= interval.high + 1e-12
        assert -1 <= interval.low <= interval.high <= 1


def test_the_paired_interval_covers_as_often_as_it_says() -> None:
    """Tables drawn with a known difference: method 10 covers at least about 95% of them."""
    rng = random.Random(3)
    hits = 0
    for _ in range(1500):
        drawn = rng.choices(range(4), weights=[0.4, 0.2, 0.1, 0.3], k=60)
        interval = paired_difference(Pairs(*(drawn.count(i) for i in range(4))))
        hits += interval.low <= 0.1 <= interval.high
    assert 0.93 <= hits / 1500 <= 0.985


# ------------------------------------------------------------------------------------------------------------- curves


def test_a_curve_of_single_attempts_counts_tasks() -> None:
    tasks = [[Try(True, 2.0)], [Try(True, 5.0)], [Try(False, 1.0)], [Try(True, 2.0)]]
    assert curve(tasks) == (Step(2.0, 2.0), Step(5.0, 3.0))


tries = st.builds(Try, st.booleans(), st.integers(0, 12).map(float))


@given(st.lists(st.lists(tries, max_size=4), max_size=8), st.integers(0, 13))
def test_a_curve_is_what_one_attempt_is_expected_to_solve(tasks: list[list[Try]], budget: int) -> None:
    expected = sum(sum(t.solved and t.cost <= budget for t in task) / len(task) for task in tasks if task)
    steps = curve(tasks)
    assert math.isclose(solved_at(steps, budget), expected, abs_tol=1e-9)
    assert all(one.budget < two.budget and one.solved < two.solved for one, two in itertools.pairwise(steps))


def test_the_median_of_nothing_is_none() -> None:
    assert median([]) is None
    assert median([3, 1]) == 2.0
