"""The whole policy on real programs, with a verifier that blames whatever it likes: it never raises, it ends, and it
proposes nothing that the gate would not let through."""

from __future__ import annotations

import asyncio
import json
import os
import random
from pathlib import Path

import pytest
from policy_scenes import STARTER, Judge, Scene, error, play, rejected, scene, scenes

from dafny_env.driver.types import Rule
from dafny_env.gate.compare import Reference
from dafny_env.steps import DafnyGoal, GoalKind, apply
from dafny_env.syntax.ast import Program, Span
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import Edit, apply_edits
from dafny_env.syntax.tokens import tokenize
from prover.policy.symbolic import select
from prover.policy.symbolic.choosing import enough
from prover.policy.symbolic.policy import SymbolicPolicy, choose
from prover.policy.symbolic.setting import Setting
from search.ports import Accepted, Goal, PolicyContext, Step, Unknown, Verdict

ROOT = Path(__file__).resolve().parents[3]
BENCH = Path(os.environ.get("LEMMATREE_BENCH", ROOT.parent / "shared" / "bench")) / "dafnybench_dev" / "test.json"
MOST_STEPS = 250
"""Far above what a strategy needs when nothing ever works."""
RULES = (
    Rule.ASSERTION,
    Rule.DECREASES,
    Rule.INDEX,
    Rule.INVARIANT_ENTRY,
    Rule.INVARIANT_MAINTAINED,
    Rule.POSTCONDITION,
    Rule.RESOLVE,
    Rule.TIMEOUT,
)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried here does not depend on which candidates are tried."""
    monkeypatch.setattr(select, "EFFORT", 200)
    monkeypatch.setattr(enough, "LIMIT", 20_000)


def fickle(goal: DafnyGoal, seed: str) -> Judge:
    """Rejects for reasons of its own, anywhere in the declaration and in any insertion, or does not know."""
    rng = random.Random(seed)
    places = [t.start for t in tokenize(goal.base) if goal.site.start <= t.start < goal.site.end]

    def judge(step: Step) -> Verdict:
        count = len(step.payload.insertions)
        found = []
        for _ in range(rng.randint(0, 4)):
            rule = rng.choice(RULES)
            inside = count > 0 and rng.random() < 0.6
            found.append(
                error(rule, insertion=rng.randrange(count)) if inside else error(rule, base=rng.choice(places))
            )
        return Unknown("timeout", tuple(found)) if rng.random() < 0.15 else rejected(*found)

    return judge


def tried(goal: DafnyGoal, judge: Judge) -> list[Step]:
    setting = Setting(goal, 0, 4000)
    return play(choose(setting, PolicyContext()), judge, most=MOST_STEPS).steps


def objections(reference: Reference, there: Scene, step: Step) -> list[str]:
    text = apply(there.goal, step.payload, there.decl.span.start).text
    return [f"{o.rule}: {o.message}" for o in reference.compare(text).objections]


@pytest.mark.parametrize("task", sorted(f.parent.name for f in STARTER.glob("*/task.dfy")))
def test_whatever_the_verifier_says_only_permitted_insertions_are_tried(task: str) -> None:
    text = (STARTER / task / "task.dfy").read_text()
    reference = Reference(parse(text))
    rng = random.Random(task)
    for there in scenes(text):
        steps = tried(there.goal, fickle(there.goal, there.located.name))
        with_text = [s for s in steps if s.payload.insertions]
        for step in rng.sample(with_text, min(2, len(with_text))):
            assert objections(reference, there, step) == [], step.text
            assert "assume" not in step.text and "{:" not in step.text


def benchmark() -> dict[str, Program]:
    if not BENCH.is_file():
        return {}
    found = {t["test_ID"]: parse(t["hints_removed"]) for t in json.loads(BENCH.read_text())[::12]}
    return {name: program for name, program in found.items() if not program.problems}


@pytest.mark.skipif(not BENCH.is_file(), reason="the benchmark's files are not here")
def test_nor_on_programs_that_others_wrote() -> None:
    for name, program in benchmark().items():
        for there in scenes(program.text)[:6]:
            tried(there.goal, fickle(there.goal, name))


@pytest.mark.parametrize("text", ["", "method", "lemma L(", "method M() {", "\0", "lemma {:axiom} L()", "ſ method 𝕏()"])
def test_a_goal_that_is_nowhere_in_its_text_has_no_steps(text: str) -> None:
    for kind in GoalKind:
        goal = DafnyGoal(kind, "Nowhere", text, Span(0, len(text)), fact="true")
        assert len(tried(goal, lambda step: rejected())) <= 1


def test_a_verifier_that_never_knows_is_asked_a_few_times_only() -> None:
    for there in scenes((STARTER / "bubble-sort-early-exit" / "task.dfy").read_text()):
        assert len(tried(there.goal, lambda step: Unknown("overload"))) <= 60


# -------------------------------------------------------------------------------------------------------- strategies


def test_an_open_lemma_is_tried_with_an_empty_body_first() -> None:
    steps = tried(scene("lemma L(n: nat)\n  ensures n * n >= n\n").goal, lambda step: rejected())
    assert steps[0].text.split() == ["{", "}"]
    assert "L(n - 1);" in steps[1].text


def test_an_open_lemma_gets_its_measure_in_front_of_its_body() -> None:
    text = "lemma L(m: nat, n: nat)\n  ensures m * n >= 0\n"
    there, reference = scene(text), Reference(parse(text))
    measured = [
        step for step in tried(there.goal, lambda step: rejected(error(Rule.DECREASES))) if step.kind == "decreases"
    ]
    assert measured
    assert objections(reference, there, measured[0]) == []


def test_a_function_gets_measures_and_nothing_else() -> None:
    there = scene("function U(i: int, n: int): int\n{\n  if i >= n then 0 else 1 + U(i + 1, n)\n}\n")
    steps = tried(there.goal, lambda step: rejected(error(Rule.DECREASES)))
    assert steps[0].text.strip() == "decreases n - i"
    assert all(step.text.strip().startswith("decreases ") for step in steps)


def test_a_fact_is_proved_inside_its_own_braces() -> None:
    text = "lemma L(s: seq<int>)\n{\n  assume |s + []| == |s|;\n}\n"
    start, end = text.index("assume"), text.index(";") + 1
    goal = DafnyGoal(GoalKind.FACT, "L", text, Span(start, end), fact="|s + []| == |s|")
    steps = tried(goal, lambda step: rejected())
    assert steps[0].payload.insertions == ()
    candidates = [apply(goal, step.payload, 0).text for step in steps]
    assert candidates[0] == text.replace("assume", "assert")
    assert all(c.startswith(text[:start]) and c.endswith(text[end:]) for c in candidates)
    assert len(candidates) > 1 and "assert |s + []| == |s| by {" in candidates[1]


def test_the_policy_is_a_coroutine_that_is_sent_its_verdicts() -> None:
    text = "lemma L(n: nat)\n  ensures n * n >= n\n"
    there = scene(text)

    async def main() -> list[Step]:
        proposals = SymbolicPolicy(trace_effort=4000).propose(Goal("k", "L", payload=there.goal), PolicyContext())
        first = await proposals.asend(None)
        second = await proposals.asend(rejected())
        assert isinstance(first, Step) and isinstance(second, Step)
        with pytest.raises(StopAsyncIteration):
            await proposals.asend(Accepted())
        return [first, second]

    first, second = asyncio.run(main())
    assert first.key != second.key


def test_closing_the_policy_in_the_middle_is_harmless() -> None:
    there = scene("lemma L(n: nat)\n  ensures n * n >= n\n")

    async def main() -> None:
        proposals = SymbolicPolicy(trace_effort=4000).propose(Goal("k", "L", payload=there.goal), PolicyContext())
        await proposals.asend(None)
        await proposals.aclose()

    asyncio.run(main())


def test_equal_seeds_propose_equal_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "EFFORT", 3000)
    text = (STARTER / "triangular-number" / "task.dfy").read_text()
    there = scenes(text)[-1]

    def keys() -> list[str]:
        setting = Setting(there.goal, 3)
        return [s.key for s in play(choose(setting, PolicyContext()), fickle(there.goal, "same")).steps]

    assert keys() == keys()


def test_a_base_text_is_all_that_offsets_refer_to() -> None:
    there = scene((STARTER / "fill-range" / "task.dfy").read_text())
    for step in tried(there.goal, fickle(there.goal, "x")):
        edits = [Edit(i.offset, i.offset, i.text) for i in step.payload.insertions]
        assert apply_edits(there.text, edits) == apply(there.goal, step.payload, 0).text
