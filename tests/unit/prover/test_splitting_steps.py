"""The steps that are proposed: what they insert, and which lemmas they state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from policy_scenes import Played, Scene, error, play, rejected, scene
from splitting_scenes import CHAINS, POWER, TOTAL

from dafny_env.driver.types import Rule
from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind
from dafny_env.syntax.ast import Span
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.splitting import mended, splits, witnessed
from search.ports import Accepted, PolicyContext, Rung, Step, Unknown, Verdict

REPAIR, DECOMPOSE = PolicyContext(rung=Rung.REPAIR), PolicyContext(rung=Rung.DECOMPOSE)


def helpers(step: Step) -> str:
    payload: DafnyStep = step.payload
    return payload.helpers


def inserted(step: Step) -> str:
    payload: DafnyStep = step.payload
    return "".join(i.text for i in payload.insertions)


def failing_post(one: Scene, clause: str) -> Verdict:
    """That a postcondition does not hold at the end."""
    at = one.text.index(clause)
    return rejected(replace(error(Rule.POSTCONDITION, base=one.decl.span.end - 1), related=((None, at + 1),)))


def mend(one: Scene, judge: Callable[[Step], Verdict], context: PolicyContext = REPAIR) -> Played:
    return play(mended(Setting(one.goal, 0), context), judge, most=60)


def until_lemmas(verdict: Callable[[Step], Verdict]) -> Callable[[Step], Verdict]:
    """Accepts steps with lemmas of their own, and says otherwise what is given."""
    return lambda step: Accepted() if "lemma" in helpers(step) else verdict(step)


# ----------------------------------------------------------------------------------------------------------- methods


def not_kept(one: Scene, invariant: str) -> Callable[[Step], Verdict]:
    def judge(step: Step) -> Verdict:
        payload: DafnyStep = step.payload
        k = next((k for k, i in enumerate(payload.insertions) if invariant in i.text), None)
        return failing_post(one, "ensures") if k is None else rejected(error(Rule.INVARIANT_MAINTAINED, insertion=k))

    return judge


@cache
def mended_power() -> Played:
    """Everything is rejected, since one invariant is not seen to be kept."""
    one = scene(POWER)
    return mend(one, not_kept(one, "p * Power(x, k) == Power(base, e)"))


def test_an_invariant_that_is_not_seen_to_be_kept_gets_a_lemma_for_each_way_through_the_body() -> None:
    step = next(s for s in mended_power().steps if helpers(s))
    assert "invariant p * Power(x, k) == Power(base, e)" in inserted(step)
    assert "ensures Power(x * x, h) * x == Power(x, 2 * h + 1)" in helpers(step)
    assert "ensures Power(x * x, h) == Power(x, 2 * h)" in helpers(step)
    assert "if k % 2 == 1 {" in inserted(step) and "(x, k / 2);" in inserted(step)
    assert "assume" not in inserted(step)


def test_when_no_lemma_does_it_facts_are_taken_for_granted_where_they_are_needed() -> None:
    facts = [s for s in mended_power().steps if "assume" in inserted(s)]
    assert "assume k % 2 == 1 ==> p * x * Power(x * x, k / 2) == Power(base, e);" in inserted(facts[0])
    assert "k := k / 2;\n    assume" not in inserted(facts[0])
    assert "assume p * Power(x, k) == Power(base, e);" in inserted(facts[-1])


def test_lemmas_that_were_lost_are_not_proposed_again() -> None:
    one = scene(POWER)
    first = next(s for s in mended_power().steps if helpers(s))
    names = [line.split("(")[0].removeprefix("lemma ") for line in helpers(first).splitlines() if "lemma" in line]
    lost = replace(REPAIR, lost_lemmas=tuple(f"{name}: refuted" for name in names), visits=1)
    again = mend(one, not_kept(one, "p * Power(x, k) == Power(base, e)"), lost).steps
    assert names and any(helpers(s) for s in again)
    assert all(name not in helpers(s) for s in again for name in names)


def test_a_postcondition_gets_a_lemma_about_what_is_known_of_the_calls() -> None:
    one = scene(TOTAL, "Range")
    played = mend(one, until_lemmas(lambda _: failing_post(one, "ensures t ==")))
    step = played.steps[-1]
    assert "ensures Total(a0 + a00) - Total(a0) == Total(a00)" in helpers(step)
    assert "assert a[..hi] == a[..lo] + a[lo..hi];" in inserted(step)


def test_what_verifies_as_it_is_gets_no_lemmas() -> None:
    assert not any(helpers(s) for s in mend(scene(TOTAL, "Range"), lambda _: Accepted()).steps)


def test_a_verifier_without_a_verdict_brings_the_strategy_to_its_end() -> None:
    mend(scene(TOTAL, "Range"), lambda _: Unknown("timeout"))


# ------------------------------------------------------------------------------------------------------------ lemmas


def fails_in(marker: str) -> Callable[[Step], Verdict]:
    """That the assertion at the end of the case with a marker fails."""

    def judge(step: Step) -> Verdict:
        payload: DafnyStep = step.payload
        texts = [i.text for i in payload.insertions]
        case = next(k for k, t in enumerate(texts) if marker in t)
        k = next((k for k, t in enumerate(texts) if k > case and t.strip().startswith("assert ")), None)
        return rejected(error(Rule.ASSERTION, insertion=k))

    return judge


def split(one: Scene, judge: Callable[[Step], Verdict]) -> Played:
    return play(splits(Setting(one.goal, 0), DECOMPOSE), judge, most=60)


def test_what_an_induction_step_leaves_becomes_a_lemma() -> None:
    played = split(scene(CHAINS), until_lemmas(fails_in("case Link")))
    step = played.steps[-1]
    assert "ensures Reversed(Join(t, Link(first, End))) == Link(first, Reversed(t))" in helpers(step)
    assert "ReversedTwice(rest);" in inserted(step)


def test_hypotheses_follow_accumulators() -> None:
    text = (
        CHAINS.replace("lemma ReversedTwice(a: Chain)\n  ensures Reversed(Reversed(a)) == a\n", "")
        + """
function Onto(a: Chain, done: Chain): Chain
{
  match a
  case End => done
  case Link(x, more) => Onto(more, Link(x, done))
}

lemma OntoJoins(a: Chain, done: Chain)
  ensures Onto(a, done) == Join(Reversed(a), done)
"""
    )
    played = split(scene(text), until_lemmas(fails_in("case Link")))
    assert "OntoJoins(rest, Link(first, done));" in inserted(played.steps[0])
    assert "Reversed(" not in helpers(played.steps[-1]) and "Join(Join(" in helpers(played.steps[-1])


def test_an_accumulator_s_start_becomes_a_parameter() -> None:
    text = """\
function Value(d: seq<nat>): nat { if |d| == 0 then 0 else 10 * Value(d[..|d| - 1]) + d[|d| - 1] }
function ReadOn(d: seq<nat>, n: nat): nat { if |d| == 0 then n else ReadOn(d[1..], 10 * n + d[0]) }
lemma Same(d: seq<nat>) ensures ReadOn(d, 0) == Value(d)
"""
    played = split(scene(text), until_lemmas(fails_in("if |d| > 0")))
    assert any("== 10 * ReadOn(d', n) + x" in helpers(s) for s in played.steps) or any(
        "Value([x] + d')" in helpers(s) for s in played.steps
    )


def test_a_lemma_is_never_split_into_itself() -> None:
    text = CHAINS + "\nlemma JoinEnd(a: Chain) ensures Join(a, End) == a\n"
    played = split(scene(text, "JoinEnd"), until_lemmas(fails_in("case Link")))
    assert not any("ensures Join(t, End) == t" in helpers(s) for s in played.steps)


# ------------------------------------------------------------------------------------------------------------- facts


def test_a_fact_becomes_a_lemma_that_is_called_in_its_proof() -> None:
    fact = "p * x * Power(x * x, k / 2) == p * Power(x, k)"
    text = POWER.replace("    if k % 2 == 1 {", f"    assume k % 2 == 1 ==> {fact};\n    if k % 2 == 1 {{")
    start = text.index("assume")
    end = text.index(";", start) + 1
    goal = DafnyGoal(GoalKind.FACT, "FastPower", text, Span(start, end), fact=f"k % 2 == 1 ==> {fact}")
    played = play(splits(Setting(goal, 0), DECOMPOSE), lambda _: Accepted())
    (step,) = played.steps
    assert "ensures Power(x * x, h) * x == Power(x, 2 * h + 1)" in helpers(step)
    assert "if k % 2 == 1 {" in inserted(step)


# ---------------------------------------------------------------------------------------------------------- existence


def test_what_exists_is_named_and_a_witness_said_aloud() -> None:
    text = """\
function Times(k: int, d: int): int { k * d }
lemma AddUp(d: int, a: int, b: int)
  requires exists k :: a == Times(k, d)
  requires exists k :: b == Times(k, d)
  ensures exists k :: a + b == Times(k, d)
"""
    played = play(witnessed(Setting(scene(text).goal, 0)), lambda _: Accepted())
    assert played.round.closed
    (step,) = played.steps
    assert [line.strip() for line in inserted(step).splitlines() if ";" in line] == [
        "var k :| a == Times(k, d);",
        "var k0 :| b == Times(k0, d);",
        "assert a + b == Times(k0 + k, d);",
    ]


def test_no_witness_is_named_that_is_not_one() -> None:
    text = """\
function Times(k: int, d: int): int { k * d }
lemma Odd(a: int) ensures exists k :: 2 * a + 1 == Times(k, 2)
"""
    assert play(witnessed(Setting(scene(text).goal, 0)), lambda _: Accepted()).steps == []


def test_sets_whose_sizes_are_compared_are_told_how_they_go_together() -> None:
    text = """\
lemma Keys(m: map<int, int>, n: map<int, int>, both: map<int, int>)
  requires forall k :: k in both <==> k in m || k in n
  requires forall k :: k in m ==> k !in n
  ensures |both.Keys| == |m.Keys| + |n.Keys|
"""
    (step,) = play(witnessed(Setting(scene(text).goal, 0)), lambda _: Accepted()).steps
    assert "assert both.Keys == m.Keys + n.Keys;" in inserted(step)
