"""The decomposition score: the paper's formula, safe for any sizes, with the guards of the design."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.ports import Goal
from search.score import Score, decomposition_score, score_sizes, soft_maximum

sizes = st.lists(st.integers(1, 10**6), min_size=1, max_size=8)
any_size = st.one_of(st.integers(-5, 50), st.integers(-(10**400), 10**400))
temperatures = st.floats(1e-6, 1e6)
any_temperature = st.floats(min_value=0.0, exclude_min=True, allow_infinity=False)


def test_the_formula_on_a_worked_example() -> None:
    # d(G) = 20, lemmas of 6 and 4: 1 - 5 * log(e^1.2 + e^0.8) / 20
    expected = 1 - 5 * math.log(math.exp(1.2) + math.exp(0.8)) / 20
    assert score_sizes(20, [6, 4]).value == pytest.approx(expected)


def test_the_temperature_is_five_by_default_and_named() -> None:
    assert score_sizes(20, [6, 4]) == score_sizes(20, [6, 4], T=5.0)
    assert score_sizes(20, [6, 4], T=1.0).value > score_sizes(20, [6, 4]).value
    for bad in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(ValueError):
            soft_maximum([1.0], T=bad)


@given(any_size, st.lists(any_size, max_size=6), st.booleans(), any_temperature)
def test_always_a_number_between_zero_and_one(goal: int, subgoals: list[int], v: bool, T: float) -> None:
    score = score_sizes(goal, subgoals, v=v, T=T)
    assert 0.0 <= score.value <= 1.0
    assert not math.isnan(score.unclipped)


@given(any_size, st.lists(any_size, max_size=6), any_temperature)
def test_one_only_without_subgoals(goal: int, subgoals: list[int], T: float) -> None:
    assert (score_sizes(goal, subgoals, T=T).value == 1.0) == (not subgoals)


@given(any_size, st.lists(any_size, min_size=1, max_size=6), any_temperature)
def test_what_is_justified_ranks_above_what_is_not_at_any_size_and_temperature(
    goal: int, subgoals: list[int], T: float
) -> None:
    assert score_sizes(goal, subgoals, T=T) > score_sizes(goal, subgoals, v=False, T=T)


def test_thousands_of_lemmas_are_no_trouble() -> None:
    score = score_sizes(10**9, [3] * 100_000)
    assert score.value == pytest.approx(1 - (3 + 5 * math.log(100_000)) / 10**9)


@given(st.integers(1, 10**6), sizes)
def test_unjustified_or_refuted_is_zero_and_ranks_last(goal: int, subgoals: list[int]) -> None:
    lost = score_sizes(goal, subgoals, v=False)
    assert lost.value == 0.0
    assert lost < score_sizes(goal, subgoals)
    statement = Goal("g", "g", complexity=goal)
    lemmas = [Goal(str(i), "", complexity=d) for i, d in enumerate(subgoals)]
    assert decomposition_score(statement, lemmas, justified=False) == lost
    assert decomposition_score(statement, lemmas, refuted=True) == lost
    assert decomposition_score(statement, lemmas) == score_sizes(goal, subgoals)


@given(st.integers(1, 10**6), sizes, st.data(), temperatures)
def test_more_or_harder_lemmas_never_raise_it(goal: int, subgoals: list[int], data: st.DataObject, T: float) -> None:
    score = score_sizes(goal, subgoals, T=T)
    more = [*subgoals, data.draw(st.integers(1, 10**6))]
    assert score_sizes(goal, more, T=T) <= score
    which = data.draw(st.integers(0, len(subgoals) - 1))
    harder = list(subgoals)
    harder[which] += data.draw(st.integers(1, 10**6))
    assert score_sizes(goal, harder, T=T) <= score


@given(st.integers(1, 10**6), sizes, st.randoms(), temperatures)
def test_the_order_of_lemmas_does_not_matter_to_the_last_bit(
    goal: int, subgoals: list[int], rng: random.Random, T: float
) -> None:
    shuffled = list(subgoals)
    rng.shuffle(shuffled)
    assert score_sizes(goal, shuffled, T=T) == score_sizes(goal, subgoals, T=T)


@given(st.integers(1, 10**6), sizes, sizes, temperatures)
def test_assuming_false_never_ranks_above_an_honest_split(
    goal: int, honest: list[int], alongside: list[int], T: float
) -> None:
    statement = Goal("g", "g", complexity=goal)
    false = Goal("f", "f", complexity=1, trivially_false=True)
    cheat = decomposition_score(statement, [false, *(Goal(str(d), "", complexity=d) for d in alongside)], T=T)
    split = decomposition_score(statement, [Goal(str(i), "", complexity=d) for i, d in enumerate(honest)], T=T)
    assert cheat.value == 0.0
    assert cheat < split


@given(any_size, any_size, st.lists(any_size, max_size=4), any_temperature)
def test_a_lemma_that_is_false_scores_nothing_however_small_it_is(
    goal: int, size: int, others: list[int], T: float
) -> None:
    statement = Goal("g", "g", complexity=goal)
    false = Goal("f", "f", complexity=size, trivially_false=True)
    score = decomposition_score(statement, [false, *(Goal(str(d), "", complexity=d) for d in others)], T=T)
    assert score == Score(0.0, -math.inf)


def test_stating_the_goal_again_scores_nothing() -> None:
    goal = Goal("g", "g", complexity=12)
    assert decomposition_score(goal, [Goal("h", "h", complexity=12)]).value == 0.0
    assert decomposition_score(goal, [Goal("h", "h", complexity=11)]).value > 0.0


def test_many_small_lemmas_are_not_free() -> None:
    goal = Goal("g", "g", complexity=20)
    few, many = ([Goal(str(i), "", complexity=1) for i in range(n)] for n in (2, 40))
    assert 0.0 < decomposition_score(goal, many).value < decomposition_score(goal, few).value < 1.0


def test_ties_at_zero_are_broken_before_clipping() -> None:
    near, far = score_sizes(10, [11]), score_sizes(10, [90])
    assert near.value == far.value == 0.0
    assert near > far


@given(sizes, temperatures)
def test_the_soft_maximum_is_at_least_the_maximum(sizes: list[int], T: float) -> None:
    assert max(sizes) <= soft_maximum([float(d) for d in sizes], T=T)


def test_sizes_below_one_count_as_one() -> None:
    assert score_sizes(0, [0]) == score_sizes(1, [1])
    assert score_sizes(10, [-3]) == score_sizes(10, [1]) < Score(1.0, 1.0)
