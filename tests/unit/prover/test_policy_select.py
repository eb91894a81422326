"""Which candidates are worth the verifier's time, by what was observed."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from policy_scenes import MAX, Numbers, expression, scene, texts

from prover.policy.symbolic import select as module
from prover.policy.symbolic.observe import Nothing
from prover.policy.symbolic.select import bounds_of, canonical, select, strongest
from prover.policy.symbolic.sieve import Sieve
from prover.policy.symbolic.view import Idea, Oracle, View

COUNT = """\
method Count(n: nat, m: nat) returns (r: nat)
{
  var i := 0;
  r := 0;
  while i < n
  {
    i := i + 1;
    r := r + 2;
  }
}
"""
VIEW = scene(COUNT).view()
STATES = [{"n": n, "m": m, "i": i, "r": 2 * i} for n in range(4) for m in (0, 7) for i in range(n + 1)]


@pytest.fixture(scope="module")
def maximum() -> tuple[View, Oracle]:
    there = scene(MAX)
    return there.view(), there.observed()


def ideas(*facts: str, family: str = "bound", cost: int = 1) -> list[Idea]:
    return [Idea(fact, family, cost) for fact in facts]


def chosen(found: Sequence[Idea], states: Sequence[Mapping[str, int]] = STATES, limit: int = 50) -> list[str]:
    return texts(select(VIEW, Sieve(Numbers(states)), found, limit=limit))


def test_what_a_state_falsifies_is_dropped() -> None:
    assert chosen(ideas("r == 2 * i", "i <= n", "i < n", "r <= n", "m <= i")) == ["r == 2 * i", "i <= n"]


def test_what_cannot_be_evaluated_anywhere_is_dropped() -> None:
    assert chosen(ideas("f(i) == r", "0 <= i", "nobody <= i")) == ["0 <= i"]


def test_what_is_undefined_in_a_state_is_dropped(maximum: tuple[View, Oracle]) -> None:
    view, oracle = maximum
    found = select(view, Sieve(oracle), ideas("a[i] >= m || a[i] < m", "a[i - 1] <= m"), limit=10)
    assert texts(found) == ["a[i - 1] <= m"]  # `a[i]` has no value once the loop is done


def test_what_the_loop_cannot_change_is_dropped() -> None:
    assert chosen(ideas("n <= n + m", "0 <= n", "0 <= i")) == ["0 <= i"]


def test_what_says_nothing_is_dropped() -> None:
    assert chosen(ideas("i == i", "r <= r", "no expression (", "")) == []


def test_a_range_that_is_always_empty_is_dropped(maximum: tuple[View, Oracle]) -> None:
    view, oracle = maximum
    empty = "forall k :: i <= k < i ==> a[k] == 77"
    full = "forall k :: 0 <= k < i ==> a[k] <= m"
    assert texts(select(view, Sieve(oracle), ideas(empty, full, cost=3), limit=10)) == [full]


def test_a_fact_about_functions_that_holds_anywhere_is_dropped() -> None:
    text = "function G(a: nat, b: nat): nat { if b == 0 then a else G(b, a % b) }\n" + COUNT.replace("r + 2", "r + 1")
    there = scene(text)
    view, oracle = there.view(), there.observed()
    told = ideas("i == G(i, i)", "i == G(i, 0)", "G(i, r) == i", family="function", cost=2)
    assert texts(select(view, Sieve(oracle), told, limit=10)) == ["G(i, r) == i"]


def test_a_condition_that_is_never_true_makes_a_fact_empty(maximum: tuple[View, Oracle]) -> None:
    view, oracle = maximum
    told = ideas("i == 77 ==> m == 5", "i > 1 ==> i <= a.Length")
    assert texts(select(view, Sieve(oracle), told, limit=10)) == ["i > 1 ==> i <= a.Length"]


def test_what_held_before_is_offered_again() -> None:
    sieve = Sieve(Numbers(STATES))
    select(VIEW, sieve, ideas("r == 2 * i"), limit=10)
    assert texts(select(VIEW, sieve, ideas("0 <= i"), limit=10)) == ["r == 2 * i", "0 <= i"]


def test_cheap_facts_come_first_and_the_order_is_kept_among_equals() -> None:
    found = [
        Idea("r == i + i", "function", 3),
        Idea("0 <= r", "bound", 1),
        Idea("r == 2 * i", "equality", 2),
        Idea("i <= r", "bound", 1),
        Idea("2 * i == r", "equality", 2),
    ]
    assert chosen(found) == ["0 <= r", "i <= r", "r == 2 * i", "2 * i == r", "r == i + i"]


def test_no_more_than_the_limit_the_cheapest_first() -> None:
    found = [Idea(f"r == {k} + 2 * i - {k}", "function", 1 + k % 3) for k in range(12)]
    kept = select(VIEW, Sieve(Numbers(STATES)), found, limit=5)
    assert len(kept) == 5 and [i.cost for i in kept] == sorted(i.cost for i in kept)


def test_what_the_verifier_has_pruned_is_left_out_and_no_longer_hides_weaker_facts() -> None:
    found = ideas("0 <= i", "-1 <= i")
    sieve = Sieve(Numbers(STATES))
    assert texts(select(VIEW, sieve, found, limit=9)) == ["0 <= i"]
    assert texts(select(VIEW, sieve, found, limit=9, without=frozenset({"0 <= i"}))) == ["-1 <= i"]


def test_without_observations_only_plain_families_and_half_as_many() -> None:
    found = [*ideas("i <= n", "r <= n", "0 <= n"), *ideas("r == 2 * i", family="equality")]
    assert texts(select(VIEW, Sieve(Nothing()), found, limit=50)) == ["i <= n", "r <= n"]
    assert len(select(VIEW, Sieve(Nothing()), ideas(*(f"i <= {k}" for k in range(50))), limit=10)) == 5


def test_an_idea_is_evaluated_once_over_all_stages() -> None:
    asked: list[str] = []

    class Watched(Numbers):
        def holds(self, expr: object, state: object) -> bool | None:
            asked.append("x")
            return True

    sieve = Sieve(Watched(STATES))
    select(VIEW, sieve, ideas("i * i >= 0"), limit=9)
    before = len(asked)
    select(VIEW, sieve, ideas("i * i >= 0"), limit=9)
    assert len(asked) == before > 0


def test_an_endless_supply_of_ideas_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless() -> Iterator[Idea]:
        k = 0
        while True:
            k += 1
            yield Idea(f"r == 2 * i + {k}", "bound")

    monkeypatch.setattr(module, "EFFORT", 500)
    assert select(VIEW, Sieve(Numbers(STATES)), endless(), limit=9) == []


# ----------------------------------------------------------------------------------------------------- the strongest


def left(*facts: str, cost: int = 1) -> list[str]:
    return texts(strongest(ideas(*facts, cost=cost), Sieve(Numbers(STATES)), STATES[:8]))


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        (["i <= n", "i <= n + 1"], ["i <= n"]),
        (["i < n", "i <= n"], ["i < n"]),
        (["0 <= i", "-1 <= i", "1 <= i"], ["1 <= i"]),
        (["i <= n", "n >= i"], ["i <= n"]),
        (["0 <= i <= n", "0 <= i"], ["0 <= i <= n"]),
        (["0 <= i", "i <= n"], ["0 <= i", "i <= n"]),
        (["r == 2 * i", "r <= 2 * i"], ["r == 2 * i"]),
        (["r == 2 * i", "r >= 2 * i - 1"], ["r == 2 * i"]),
        (["i - 1 < n", "i <= n"], ["i - 1 < n"]),
    ],
)
def test_of_two_bounds_on_the_same_terms_the_tighter_is_kept(facts: list[str], kept: list[str]) -> None:
    assert left(*facts) == kept


def test_a_wider_range_makes_a_narrower_one_superfluous(maximum: tuple[View, Oracle]) -> None:
    view, oracle = maximum
    wide = "forall k :: 0 <= k < i ==> a[k] <= m"
    narrow = "forall k :: 1 <= k < i ==> a[k] <= m"
    other = "forall k :: 0 <= k < i ==> a[k] <= m + 1"
    states = oracle.states(view.loop.offset)
    for facts in ([wide, narrow, other], [narrow, wide, other]):
        assert set(texts(strongest(ideas(*facts, cost=3), Sieve(oracle), states[:8]))) == {wide, other}


def test_names_of_bound_variables_make_no_difference(maximum: tuple[View, Oracle]) -> None:
    view, oracle = maximum
    one, two = "forall k :: 0 <= k < i ==> a[k] <= m", "forall j :: 0 <= j < i ==> a[j] <= m"
    states = oracle.states(view.loop.offset)
    assert texts(strongest(ideas(one, two, cost=3), Sieve(oracle), states[:8])) == [one]


def test_a_stronger_comparison_makes_a_weaker_one_superfluous() -> None:
    head = "forall k :: 0 <= k < i ==> a[k]"
    assert left(f"{head} < m", f"{head} <= m", cost=3) == [f"{head} < m"]
    assert left(f"{head} == m", f"{head} <= m", f"{head} >= m", cost=3) == [f"{head} == m"]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("i <= n", [({("i",): 1, ("n",): -1}, 0)]),
        ("i < n", [({("i",): 1, ("n",): -1}, 1)]),
        ("n > i + 2", [({("i",): 1, ("n",): -1}, 3)]),
        ("0 <= i < n", [({("i",): -1}, 0), ({("i",): 1, ("n",): -1}, 1)]),
        ("i == n", [({("i",): 1, ("n",): -1}, 0), ({("i",): -1, ("n",): 1}, 0)]),
        ("i != n", []),
        ("i / 2 <= n", []),
        ("p(i)", []),
    ],
)
def test_what_a_comparison_says_as_a_bound(text: str, facts: list[tuple[dict[tuple[str, ...], int], int]]) -> None:
    assert [(dict(terms), c) for terms, c in bounds_of(expression(text))] == facts


def test_the_conclusion_is_the_key_of_a_quantified_implication() -> None:
    one = canonical(expression("forall x :: 0 <= x < i ==> a[x] <= m"))
    two = canonical(expression("forall y :: p(y) ==> a[y] <= m"))
    assert one is not None and two is not None and one[0] == two[0]
    assert canonical(expression("exists x :: a[x] == m")) is None
    assert canonical(expression("forall x | 0 <= x < i :: a[x] == m")) is None
