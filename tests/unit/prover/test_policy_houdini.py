"""Pruning a batch to the largest set that holds together, with a verifier played by a function."""

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_scenes import MAX, SUM, Judge, Played, error, lines, play, rejected, scene

from dafny_env.attribution import StepDiagnostic
from dafny_env.driver.types import Rule
from dafny_env.gate.compare import compare
from dafny_env.steps import DafnyGoal, DafnyStep, apply
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.walk import walk
from prover.policy.symbolic.houdini import PATIENT, QUICK, RELIEFS, Item, build, houdini, make_step
from search.ports import Accepted, Refuted, Step, Unknown, Verdict

SCENE = scene(MAX)
GOAL, HEADER = SCENE.goal, SCENE.view().loop.last
CANDIDATE_ERRORS = (
    Rule.INVARIANT_ENTRY,
    Rule.INVARIANT_MAINTAINED,
    Rule.INDEX,
    Rule.RESOLVE,
    Rule.PARSE,
    Rule.ASSERTION,
)


def items(*texts: str, cost: int = 1, fixed: bool = False) -> list[Item]:
    return [Item(HEADER, text, k, cost, fixed) for k, text in enumerate(texts)]


def texts(found: tuple[Item, ...]) -> set[str]:
    return {item.text for item in found}


# ------------------------------------------------------------------------------------------------------------ pruning

needs = st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 11), max_size=3), max_size=10)


def greatest(needs: Mapping[int, set[int]]) -> set[int]:
    """The largest set of facts each of which follows from others of the set; what is not a key (10, 11) is false."""
    alive = set(needs)
    while fallen := {k for k in alive if not needs[k] <= alive}:
        alive -= fallen
    return alive


@given(needs, st.integers(0, 1000), st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_survives_is_the_greatest_fixpoint(needs: dict[int, set[int]], seed: int, closes: bool) -> None:
    rng = random.Random(seed)

    def judge(step: Step) -> Verdict:
        there = [int(text) for text in lines(step)]
        wrong = [k for k, fact in enumerate(there) if not needs[fact] <= set(there)]
        if wrong:  # the verifier need not tell of all of them at once
            told = rng.sample(wrong, rng.randint(1, len(wrong)))
            return rejected(*(error(rng.choice(CANDIDATE_ERRORS), insertion=k) for k in told))
        return Accepted() if closes else rejected(error(Rule.POSTCONDITION, base=3))

    played = play(houdini(GOAL, items(*map(str, needs)), "houdini", rounds=len(needs) + 1), judge)
    assert texts(played.round.items) == {str(k) for k in greatest(needs)}
    assert played.round.closed is closes
    assert not played.round.timed_out and not played.round.refused


def test_what_nobody_blames_is_kept_and_what_still_fails_is_told() -> None:
    open_ = error(Rule.POSTCONDITION, base=7)
    played = play(houdini(GOAL, items("a", "b"), "houdini"), lambda step: rejected(open_))
    assert len(played.steps) == 1
    assert played.round.items == tuple(items("a", "b"))
    assert (played.round.closed, played.round.open) == (False, (open_,))


@pytest.mark.parametrize("rule", CANDIDATE_ERRORS)
def test_fixed_items_are_never_pruned(rule: Rule) -> None:
    batch = [*items("{", "}", fixed=True), Item(HEADER, "call", 5)]
    played = play(
        houdini(GOAL, batch, "h"), lambda s: rejected(*(error(rule, insertion=k) for k in range(len(lines(s)))))
    )
    assert texts(played.round.items) == {"{", "}"}
    assert not played.round.closed


def test_a_postcondition_that_fails_inside_an_item_does_not_blame_it() -> None:
    played = play(houdini(GOAL, items("a", "b"), "h"), lambda s: rejected(error(Rule.POSTCONDITION, insertion=1)))
    assert texts(played.round.items) == {"a", "b"}


def test_blame_outside_of_the_batch_is_ignored() -> None:
    played = play(houdini(GOAL, items("a"), "h"), lambda s: rejected(error(Rule.ASSERTION, insertion=40)))
    assert texts(played.round.items) == {"a"}


def test_a_file_that_does_not_resolve_for_other_reasons_is_refused() -> None:
    played = play(houdini(GOAL, items("a"), "h"), lambda s: rejected(error(Rule.RESOLVE, base=2)))
    assert played.round.refused and texts(played.round.items) == {"a"}


def test_a_refuted_goal_ends_it() -> None:
    played = play(houdini(GOAL, items("a"), "h"), lambda s: Refuted("n = 3"))
    assert len(played.steps) == 1 and not played.round.closed


def test_rounds_are_bounded_and_running_out_of_them_is_no_verdict() -> None:
    batch = items(*map(str, range(50)))
    played = play(houdini(GOAL, batch, "h", rounds=5), lambda s: rejected(error(Rule.INDEX, insertion=0)))
    assert len(played.steps) == 5
    assert len(played.round.items) == 45 and played.round.timed_out and not played.round.closed


# ----------------------------------------------------------------------------------------------------------- timeouts


def answered(batch: list[Item], *verdicts: Verdict) -> Played:
    """A run in which the verifier says these things in turn, and accepts in the end."""
    answers = iter(verdicts)
    return play(houdini(GOAL, batch, "h"), lambda s: next(answers, Accepted()))


def seconds(played: Played) -> list[int]:
    return [step.payload.solver_seconds for step in played.steps]


def test_a_check_that_takes_too_long_makes_the_batch_cheaper() -> None:
    batch = [Item(HEADER, f"cost {c} {k}", k, c) for c in (1, 2, 3, 4) for k in range(4)]
    played = answered(batch, Unknown("timeout"))
    kept = played.round.items
    assert len(played.steps) == 2 and played.round.closed
    assert [i for i in kept if i.cost == 1] == [i for i in batch if i.cost == 1]
    dropped = set(batch) - set(kept)
    assert len(dropped) == 6
    assert min(i.cost for i in dropped) >= max(i.cost for i in kept)


@pytest.mark.parametrize("told", [error(Rule.TIMEOUT), error(Rule.RESOURCE, insertion=0), error(Rule.TIMEOUT, base=3)])
def test_a_solver_that_runs_out_of_time_elsewhere_gets_more_of_it(told: StepDiagnostic) -> None:
    batch = items("a", "b", cost=3)
    played = answered(batch, rejected(told))
    assert played.round.closed and played.round.items == tuple(batch)
    assert seconds(played) == [QUICK, PATIENT]


def test_an_item_that_takes_too_long_is_set_aside_and_is_not_missed_when_the_goal_closes_without_it() -> None:
    played = answered(items("a", "slow", "b"), rejected(error(Rule.TIMEOUT, insertion=1)))
    assert played.round.closed and texts(played.round.items) == {"a", "b"}


def test_what_was_set_aside_comes_back_once_with_more_time() -> None:
    slow = error(Rule.TIMEOUT, insertion=1)
    played = answered(items("a", "slow", "b"), rejected(slow), rejected(error(Rule.POSTCONDITION, base=3)))
    assert played.round.closed and texts(played.round.items) == {"a", "slow", "b"}
    assert [set(lines(s)) for s in played.steps] == [{"a", "slow", "b"}, {"a", "b"}, {"a", "slow", "b"}]
    assert seconds(played) == [QUICK, QUICK, PATIENT]

    open_ = rejected(error(Rule.POSTCONDITION, base=3))
    again = answered(items("a", "slow", "b"), rejected(slow), open_, rejected(slow), open_)
    assert len(again.steps) == 4 and not again.round.closed and texts(again.round.items) == {"a", "b"}


def test_of_many_items_that_take_too_long_one_after_another_more_and_more_are_set_aside() -> None:
    batch = items(*"abcdefgh", cost=2)

    def judge(step: Step) -> Verdict:
        return rejected(error(Rule.TIMEOUT, insertion=len(lines(step)) - 1)) if len(lines(step)) > 1 else Accepted()

    played = play(houdini(GOAL, batch, "h"), judge)
    assert played.round.closed
    assert [len(lines(s)) for s in played.steps] == [8, 7, 5, 1]


def test_an_error_told_along_with_a_timeout_still_counts() -> None:
    answers = iter([Unknown("timeout", (error(Rule.INVARIANT_ENTRY, insertion=1),))])
    played = play(houdini(GOAL, items("a", "b", "c", cost=3), "h"), lambda s: next(answers, Accepted()))
    assert texts(played.round.items) == {"a", "c"}


def test_plain_arithmetic_is_not_given_up_for_time() -> None:
    played = play(houdini(GOAL, items("a", "b"), "h"), lambda s: Unknown("timeout"))
    assert len(played.steps) == 1
    assert played.round.timed_out and texts(played.round.items) == {"a", "b"}


def test_what_fell_in_company_comes_back_once_without_it() -> None:
    batch = [*items("a"), *(Item(HEADER, text, k, cost=2) for k, text in enumerate(("crowd", "lost"), 1))]

    def judge(step: Step) -> Verdict:
        there = lines(step)
        if "crowd" in there:
            return rejected(*(error(Rule.INVARIANT_MAINTAINED, insertion=there.index(t)) for t in there if t != "a"))
        return Accepted() if "lost" in there else rejected(error(Rule.POSTCONDITION, base=3))

    entry = play(
        houdini(GOAL, batch, "h"), lambda s: rejected(*(error(Rule.INVARIANT_ENTRY, insertion=k) for k in (1, 2)))
    )
    assert len(entry.steps) == 2, "what does not even hold on entry is not doubted"
    played = play(houdini(GOAL, [i for i in batch if i.text != "crowd"] + [replace(batch[1], cost=1)], "h"), judge)
    assert played.round.closed and texts(played.round.items) == {"a", "lost"}


def test_it_gives_up_after_a_few_timeouts() -> None:
    played = play(houdini(GOAL, items(*map(str, range(64)), cost=3), "h"), lambda s: Unknown("timeout"))
    assert played.round.timed_out and len(played.steps) == RELIEFS + 1


def test_fixed_items_outlive_timeouts() -> None:
    batch = [*items("{", "}", cost=9, fixed=True), *items("a", "b", cost=2)]
    played = play(houdini(GOAL, batch, "h"), lambda s: Unknown("timeout"))
    assert {"{", "}"} <= texts(played.round.items)


# -------------------------------------------------------------------------------------------------------------- steps


def candidate(goal: DafnyGoal, step: Step) -> str:
    return apply(goal, step.payload, goal.site.start).text


BRACES = ("{0}\n  {{", "{0} {{", "{0} // until the end\n  {{", "{0}\n    decreases a.Length - i\n  {{")


@pytest.mark.parametrize("header", BRACES)
def test_every_item_stands_on_a_line_of_its_own_in_a_file_of_the_same_structure(header: str) -> None:
    text = MAX.replace("while i < a.Length\n  {", header.format("while i < a.Length"))
    there = scene(text)
    loop = there.view().loop
    facts = ["invariant 1 <= i", "invariant i <= a.Length", "invariant forall k :: 0 <= k < i ==> a[k] <= m"]
    assert isinstance(loop.node, ast.While) and loop.node.body
    start = loop.node.body.span.start + 1
    batch = [Item(loop.last, fact, k, indent="    ") for k, fact in enumerate(facts)]
    batch += [Item(start, f"assert {k} < i;", k, indent="    ") for k in range(2)]
    result = candidate(there.goal, build(there.goal, batch, "h", thorough=True))
    assert compare(text, result) == ()
    stripped = [line.strip() for line in result.splitlines()]
    for item in batch:
        assert stripped.count(item.text) == 1
    (node,) = (n for n in walk(parse(result)) if isinstance(n, ast.While))
    told = [result[c.span.start : c.span.end] for c in node.clauses]
    assert told == [*(text[c.span.start : c.span.end] for c in loop.node.clauses), *facts]
    assert isinstance(node.body, ast.Block) and len(node.body.body) == 4


def test_items_of_one_offset_stand_in_their_order_whatever_the_order_of_the_batch() -> None:
    batch = [Item(HEADER, f"invariant {k} <= i", k) for k in range(6)]
    shuffled = random.Random(1).sample(batch, 6)
    assert build(GOAL, shuffled, "h", thorough=True) == build(GOAL, batch, "h", thorough=True)
    assert lines(build(GOAL, shuffled, "h", thorough=True)) == [i.text for i in batch]


def test_equal_steps_have_equal_keys_and_different_ones_do_not() -> None:
    one, two = items("invariant 0 <= i"), items("invariant 1 <= i")
    keys = {
        build(GOAL, one, "h", thorough=True).key,
        build(GOAL, two, "h", thorough=True).key,
        build(GOAL, [*one, *two], "h", thorough=True).key,
        build(GOAL, one, "h", thorough=False).key,
        build(GOAL, one, "h", thorough=True, solver_seconds=9).key,
        build(GOAL, [Item(HEADER - 1, "invariant 0 <= i")], "h", thorough=True).key,
        make_step(DafnyStep(helpers="lemma L() { }"), "h").key,
    }
    assert len(keys) == 7
    assert build(GOAL, one, "h", thorough=True).key == build(GOAL, list(one), "other word", thorough=True).key


def test_the_text_of_a_step_is_what_it_inserts() -> None:
    step = build(GOAL, items("invariant 0 <= i", "invariant i <= a.Length"), "h", thorough=True)
    assert step.text.split("\n") == ["invariant 0 <= i", "invariant i <= a.Length"]


def test_rounds_ask_for_every_failing_obligation() -> None:
    always: Judge = lambda step: Accepted()  # noqa: E731
    assert all(step.payload.thorough for step in play(houdini(scene(SUM).goal, [], "h"), always).steps)
