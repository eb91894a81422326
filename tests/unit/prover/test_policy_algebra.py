"""Polynomials that terms stand for, and the relations read off columns of numbers."""

from fractions import Fraction
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_scenes import Numbers, evaluate, expression, scene, texts

from dafny_env.syntax import ast
from dafny_env.syntax.walk import free_names, walk
from prover.policy.symbolic.algebra import expand, expansions, written
from prover.policy.symbolic.columns import sample
from prover.policy.symbolic.polynomials import COEFFICIENT_BOUND, null_space, polynomials

NAMES = ("x", "y", "z")

terms = st.recursive(
    st.integers(0, 9).map(lambda n: ast.Literal("int", n)) | st.sampled_from(NAMES).map(ast.Name),
    lambda inner: (
        st.tuples(st.sampled_from("+-*"), inner, inner).map(lambda t: ast.Binary(*t))
        | inner.map(lambda e: ast.Unary("-", e))
    ),
    max_leaves=6,
)
values = st.fixed_dictionaries({name: st.integers(-20, 20) for name in NAMES})


@given(terms, values)
@settings(max_examples=60, deadline=None)
def test_a_term_and_its_polynomial_have_the_same_value_everywhere(term: ast.Expr, state: dict[str, int]) -> None:
    polynomial = expand(term)
    assert polynomial is not None
    assert sum(c * prod(state[a] for a in monomial) for monomial, c in polynomial.items()) == evaluate(term, state)


@given(terms, values)
@settings(max_examples=40, deadline=None)
def test_a_polynomial_as_text_means_what_it_did(term: ast.Expr, state: dict[str, int]) -> None:
    polynomial = expand(term)
    if polynomial:
        assert evaluate(expression(written(polynomial)), state) == evaluate(term, state)


@given(terms, values)
@settings(max_examples=40, deadline=None)
def test_every_expansion_is_a_true_equation(term: ast.Expr, state: dict[str, int]) -> None:
    for text in expansions(term):
        assert evaluate(expression(text), state) is True


def test_terms_are_equal_exactly_when_their_polynomials_are() -> None:
    assert expand(expression("(n + 1) * (n - 1)")) == expand(expression("n * n - 1"))
    assert expand(expression("a * b")) == expand(expression("b * a"))
    assert expand(expression("n + n - 2 * n")) == {}


def test_calls_elements_and_lengths_are_atoms() -> None:
    assert expand(expression("2 * f(n - 1) + a[i] * |s|")) == {("f(n - 1)",): 2, ("a[i]", "|s|"): 1}


@pytest.mark.parametrize("text", ["x / 2", "if x > 0 then x else 0", "s[1..]", "true", "x % 3 + 1"])
def test_what_is_no_polynomial_has_none(text: str) -> None:
    assert expand(expression(text)) is None


def test_products_are_multiplied_out_highest_degree_first() -> None:
    (text,) = expansions(expression("r == (n - 1) * (n - 2)"))
    assert text == "(n - 1) * (n - 2) == n * n - 3 * n + 2"


def test_growth_of_polynomials_is_bounded() -> None:
    deep = " * ".join(f"(a{k} + b{k})" for k in range(20))
    assert expand(expression(deep)) is None


# -------------------------------------------------------------------------------------------------- null space

matrices = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(-4, 4).map(Fraction), min_size=width, max_size=width), min_size=1, max_size=6
    )
)


def rank(rows: list[list[Fraction]]) -> int:
    """By elimination from below, independently of the code under test."""
    rows, found = [row[:] for row in rows], 0
    while rows and rows[0]:
        head = next((row for row in rows if row[-1]), None)
        if head is not None:
            found += 1
            rows.remove(head)
            rows = [[x - y * row[-1] / head[-1] for x, y in zip(row, head, strict=True)] for row in rows]
        rows = [row[:-1] for row in rows]
    return found


@given(matrices)
@settings(max_examples=60, deadline=None)
def test_the_null_space_is_all_that_is_orthogonal_to_the_rows(rows: list[list[Fraction]]) -> None:
    width = len(rows[0])
    basis = null_space([row[:] for row in rows], width)
    for vector in basis:
        assert all(sum(x * y for x, y in zip(row, vector, strict=True)) == 0 for row in rows)
    assert len(basis) == width - rank(rows)
    assert rank(basis) == len(basis) if basis else True


# --------------------------------------------------------------------------------------------------- relations

COUNTERS = """\
method Counters(n: nat) returns (r: nat)
{
  var i, s := 0, 0;
  r := 0;
  while i < n
  {
    i := i + 1;
    s := s + i;
    r := r + 2;
  }
}
"""


def counted(length: int, n: int) -> list[dict[str, int]]:
    return [{"n": n, "i": i, "s": i * (i + 1) // 2, "r": 2 * i} for i in range(length)]


def difference(text: str) -> dict[tuple[str, ...], int]:
    """What an equation says to be zero; empty for what is none."""
    match expression(text):
        case ast.Binary(op="==", left=left, right=right):
            return expand(ast.Binary("-", left, right)) or {}
    return {}


def test_linear_and_quadratic_relations_are_found_in_observed_states() -> None:
    states = [state for n in range(3, 12) for state in counted(n + 1, n)]
    found = texts(polynomials(scene(COUNTERS).view(), Numbers(states)))
    assert any(difference(text) in ({("i",): 2, ("r",): -1}, {("i",): -2, ("r",): 1}) for text in found)
    for text in found:
        if "%" not in text:
            assert all(evaluate(expression(text), state) is True for state in states), text
    assert any(("i", "i") in difference(text) and ("s",) in difference(text) for text in found)
    assert "r % 2 == 0" in found


def test_no_relation_is_read_off_too_few_states() -> None:
    assert texts(polynomials(scene(COUNTERS).view(), Numbers(counted(3, 9)))) == []
    # As many columns as rows: always a null space, never a reason to believe in it.
    few = texts(polynomials(scene(COUNTERS).view(), Numbers(counted(5, 9))))
    assert not any("==" in t and "%" not in t for t in few)


def test_relations_speak_of_something_that_moves_and_have_small_coefficients() -> None:
    states = [{"n": n, "i": i, "s": 1000 * i + n, "r": 2 * i} for n in range(4) for i in range(n + 2)]
    for text in texts(polynomials(scene(COUNTERS).view(), Numbers(states))):
        expr = expression(text)
        assert free_names(expr) & {"i", "s", "r"}
        numbers = [n.value for n in walk(expr) if isinstance(n, ast.Literal)]
        assert all(isinstance(n, int) and n <= COEFFICIENT_BOUND for n in numbers)


@given(st.lists(st.integers(), max_size=200), st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_a_sample_is_in_order_and_of_the_size_asked_for(states: list[int], count: int) -> None:
    indexed = list(enumerate(states))
    found = sample(indexed, count)
    assert len(found) == min(count, len(states))
    assert found == sorted(found) and set(found) <= set(indexed)
