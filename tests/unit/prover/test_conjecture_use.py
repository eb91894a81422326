"""Steps with lemmas of their own: tried, made smaller, proposed; what is lost or makes no sense is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conjecture_scenes import LISTS, SUM, setting
from policy_scenes import Played, play, scene

from dafny_env.driver.types import Diagnostic, Place, Rule
from dafny_env.environment import StepDiagnostic
from dafny_env.index import callables
from dafny_env.steps import DafnyStep
from dafny_env.syntax.parser import parse
from prover.policy.symbolic.conjecture.combined import combined
from prover.policy.symbolic.conjecture.method_goals import so_far
from prover.policy.symbolic.conjecture.recursion import recursive_functions
from prover.policy.symbolic.conjecture.stating import stated
from prover.policy.symbolic.houdini import Item, build
from search.ports import Accepted, Goal, PolicyContext, Rejected, Rung, Step, Verdict

REVERSED = LISTS + "lemma Goal(xs: List)\n  ensures RevOnto(xs, Nil) == Rev(xs)\n{\n}\n"
CONTEXT = PolicyContext(rung=Rung.DECOMPOSE, width=1)
TOTAL = f"""{SUM}
method Total(a: array<int>) returns (r: int)
  ensures r == Sum(a[..])
{{
  r := 0;
  var i := 0;
  while i < a.Length
  {{
    r := r + a[i];
    i := i + 1;
  }}
}}
"""


def helpers(step: Step) -> dict[str, str]:
    """The lemmas of a step by name, each as its text."""
    payload: DafnyStep = step.payload
    program = parse(payload.helpers)
    return {n: program.text[f.decl.span.start : f.decl.span.end] for n, f in callables(program).items()}


def accepted(step: Step) -> Accepted:
    return Accepted(tuple(Goal(name, name) for name in helpers(step)))


def proposals(text: str, needed: Sequence[str], context: PolicyContext = CONTEXT) -> Played:
    """What is proposed where the verifier accepts a step if and only if it states these equations."""

    def judge(step: Step) -> Verdict:
        stated_ones = " ".join(" ".join(t.split()) for t in helpers(step).values())
        return accepted(step) if all(n in stated_ones for n in needed) else Rejected("no")

    return play(stated(setting(text), context), judge)


# -------------------------------------------------------------------------------------------------------------- lemmas


def test_what_was_accepted_with_many_lemmas_is_proposed_with_those_that_are_needed() -> None:
    played = proposals(REVERSED, ["RevOnto(a, b) == Append(Rev(a), b)"])
    *trials, final = played.steps
    assert all(step.trial for step in trials) and not final.trial
    assert list(helpers(final)) == ["RevOntoAccumulates"]


def test_every_lemma_that_a_step_states_is_called_in_it() -> None:
    played = play(
        stated(setting(REVERSED), CONTEXT), lambda step: accepted(step) if len(helpers(step)) > 1 else Rejected("no")
    )
    final = played.steps[-1]
    assert not final.trial
    body = "".join(i.text for i in final.payload.insertions)
    assert len(helpers(final)) == 2
    assert all(f"{name}(" in body for name in helpers(final))


def test_nothing_is_proposed_where_no_lemma_helps() -> None:
    played = proposals(REVERSED, ["no such lemma"])
    assert played.steps and all(step.trial for step in played.steps)


def test_lost_lemmas_are_not_stated_again() -> None:
    lost = replace(CONTEXT, lost_lemmas=("RevOntoAccumulates: refuted: a == Nil",))
    played = proposals(REVERSED, ["RevOnto(a, b) == Append(Rev(a), b)"], lost)
    assert played.steps and not any("RevOntoAccumulates" in helpers(step) for step in played.steps)


def test_lemmas_that_make_no_sense_to_the_verifier_are_left_out() -> None:
    def judge(step: Step) -> Verdict:
        payload: DafnyStep = step.payload
        at = payload.helpers.find("RevOntoAccumulates")
        if at >= 0:
            start = scene(REVERSED).decl.span.start
            error = Diagnostic("error", Rule.RESOLVE, "unresolved", Place(1, 0))
            return Rejected("unresolved", (StepDiagnostic(error, None, start + at, None),))
        return Rejected("no")

    steps = play(stated(setting(REVERSED), CONTEXT), judge).steps
    with_it = [k for k, step in enumerate(steps) if "RevOntoAccumulates" in helpers(step)]
    without = [k for k, step in enumerate(steps) if step.payload.helpers and k not in with_it]
    assert with_it and without


def test_far_from_the_root_nothing_is_stated() -> None:
    assert not proposals(REVERSED, [], replace(CONTEXT, depth=9)).steps


def test_lemmas_of_a_lemma_do_not_use_what_waits_for_it() -> None:
    there = setting(REVERSED)
    there.goal = replace(there.goal, forbidden=frozenset({"RevOntoAccumulates"}))
    steps = play(stated(there, CONTEXT), lambda step: Rejected("no")).steps
    assert steps and not any("RevOntoAccumulates" in step.text for step in steps)


def test_equal_goals_get_equal_steps() -> None:
    first, second = (proposals(REVERSED, ["no such lemma"]).steps for _ in range(2))
    assert [s.key for s in first] == [s.key for s in second]


# ------------------------------------------------------------------------------------------------------------- methods


def test_the_law_is_called_in_the_loop_with_the_invariant_that_it_makes_provable() -> None:
    final = proposals(TOTAL, ["Sum(s + [x]) == x + Sum(s)"]).steps[-1]
    lines = [i.text.strip() for i in final.payload.insertions]
    assert "invariant r == Sum(a[..i])" in lines
    assert any("SumSnoc(a[..i], a[i]);" in line for line in lines)
    assert list(helpers(final)) == ["SumSnoc"]


def test_what_came_nearest_before_is_where_it_starts() -> None:
    there = scene(TOTAL)
    loop = there.view().loop.last
    few = build(
        there.goal,
        [Item(loop, "invariant i >= 0", 0), Item(loop, "decreases a.Length - i", 1)],
        "houdini",
        thorough=True,
    )
    more = build(
        there.goal, [Item(loop, "invariant i >= 0", 0), Item(loop, "invariant r >= 0", 1)], "houdini", thorough=True
    )
    context = replace(CONTEXT, rejected=((more, Rejected("no", (), 3)), (few, Rejected("no", (), 1))))
    known = so_far(context)
    assert [i.text for i in known.best] == ["invariant i >= 0", "decreases a.Length - i"]
    assert [i.text for i in known.invariants] == ["invariant i >= 0", "invariant r >= 0"]


def test_what_is_done_and_what_is_left_are_put_together() -> None:
    text = f"""{LISTS}
method Turn(xs: List) returns (back: List)
  ensures back == Rev(xs)
{{
  back := Nil;
  var ahead := xs;
  while ahead != Nil
  {{
    back := Cons(ahead.head, back);
    ahead := ahead.tail;
  }}
}}
"""
    there = scene(text)
    functions = recursive_functions(setting(text))
    found = list(combined(there.view(), there.observed(), functions))
    assert found[0] in ("RevOnto(ahead, back) == Rev(xs)", "Append(Rev(ahead), back) == Rev(xs)")
