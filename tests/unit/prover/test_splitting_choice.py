"""Which invariants are enough, and relations that are read off observed states."""

from __future__ import annotations

from policy_scenes import SUM, Scene, scene
from splitting_scenes import CHAINS, POWER

from prover.policy.symbolic.choosing.choice import choices
from prover.policy.symbolic.choosing.relations import relations
from prover.policy.symbolic.method import more_ideas
from prover.policy.symbolic.sieve import Sieve

SQUARE = """\
method Root(n: nat) returns (root: nat)
  ensures root * root <= n < (root + 1) * (root + 1)
{
  root := 0;
  var odd := 1;
  var square := 1;
  while square <= n
  {
    root := root + 1;
    odd := odd + 2;
    square := square + odd;
  }
}
"""
WAY_BACK = (
    CHAINS
    + """
method WayBack(p: Chain) returns (back: Chain)
  ensures back == Reversed(p)
{
  back := End;
  var ahead := p;
  while ahead != End
  {
    back := Link(ahead.first, back);
    ahead := ahead.rest;
  }
}
"""
)


def chosen(one: Scene) -> list[list[str]]:
    """The facts chosen at each loop."""
    found = choices(one.views, Sieve(one.observed()), more_ideas)
    return [[f.idea.text for f in c.facts] for _, c in sorted(found.items())]


def test_what_carries_the_contract_is_enough() -> None:
    assert chosen(scene(POWER)) == [["p * Power(x, k) == Power(base, e)"]]


def test_what_the_chosen_need_themselves_is_chosen_too() -> None:
    (facts,) = chosen(scene(SQUARE))
    assert "odd == 1 + 2 * root" in facts
    assert any("square" in f for f in facts)
    assert len(facts) <= 4


def test_a_loop_that_no_contract_follows_needs_nothing() -> None:
    one = scene("method M(n: nat) { var i := 0; while i < n { i := i + 1; } }")
    assert chosen(one) == []


def test_nested_loops_carry_what_is_chosen_around_them() -> None:
    text = """\
function Square(n: nat): nat { n * n }
method M(n: nat) returns (r: nat)
  ensures r == Square(n)
{
  r := 0;
  var i := 0;
  while i < n
  {
    var j := 0;
    while j < n
    {
      r := r + 1;
      j := j + 1;
    }
    i := i + 1;
  }
}
"""
    outer, inner = chosen(scene(text))
    assert any("r" in f and "i" in f for f in outer)
    assert any("r" in f and "j" in f for f in inner)


def test_a_function_s_value_is_related_to_the_variables() -> None:
    text = SUM.replace("r := 0;", "r := start;").replace("(a: array<int>)", "(a: array<int>, start: int)")
    one = scene(text)
    assert "start + Sum(a[..i]) == r" in [i.text for i in relations(one.view(), one.observed())]


def test_terms_that_keep_their_value_are_found_by_their_values() -> None:
    one = scene(WAY_BACK)
    assert "Join(Reversed(ahead), back) == Reversed(p)" in [i.text for i in relations(one.view(), one.observed())]


def test_laws_that_hold_of_anything_say_nothing_of_the_loop() -> None:
    one = scene(WAY_BACK)
    found = [i.text for i in relations(one.view(), one.observed())]
    assert "back == Join(back, End)" not in found
    assert "back == Reversed(Reversed(back))" not in found
