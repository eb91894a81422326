"""What the symbolic policy says at each rung of a goal's ladder."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from policy_scenes import SUM, error, play, rejected, scene

from dafny_env.driver.types import Rule
from prover.policy.symbolic import select
from prover.policy.symbolic.policy import PROBES, SymbolicPolicy, choose
from prover.policy.symbolic.setting import Setting
from search.ports import PolicyContext, Rung, Step, Verdict

LEMMA = """\
function Count(n: nat): nat { if n == 0 then 0 else 1 + Count(n - 1) }

lemma CountIs(n: nat)
  ensures Count(n) == n
"""


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "EFFORT", 200)


def asked(text: str, rung: Rung, *, whole: bool = False, most: int = 12) -> list[Step]:
    setting = Setting(scene(text).goal, 0, 4000)
    strategy = choose(setting, PolicyContext(rung=rung, whole=whole))
    failing = rejected(error(Rule.POSTCONDITION, base=setting.goal.site.start))
    return play(first_of(strategy, most), lambda step: failing).steps


def first_of(strategy: Generator[Step, Verdict, object], most: int) -> Generator[Step, Verdict, None]:
    """The first few steps of a strategy."""
    try:
        step = next(strategy)
        for _ in range(most - 1):
            step = strategy.send((yield step))
        yield step
    except StopIteration:
        return


def test_it_has_something_to_say_at_every_rung() -> None:
    assert tuple(SymbolicPolicy.rungs) == tuple(Rung)


def test_probes_are_the_first_few_steps_that_close_a_lemma_and_so_cost_nothing_later() -> None:
    probes = [step.key for step in asked(LEMMA, Rung.PROBE)]
    assert 0 < len(probes) <= PROBES
    assert [step.key for step in asked(LEMMA, Rung.CLOSE)][: len(probes)] == probes


def test_a_method_is_not_probed() -> None:
    assert asked(SUM, Rung.PROBE) == []


@pytest.mark.parametrize("rung", [Rung.DECOMPOSE, Rung.REPAIR])
def test_nothing_that_leaves_goals_open_is_proposed_where_only_whole_proofs_count(rung: Rung) -> None:
    assert asked(SUM, rung, whole=True) == []


def test_the_last_rung_starts_with_what_closes_a_goal() -> None:
    closing = {step.kind for step in asked(SUM, Rung.CLOSE, most=3)}
    assert {step.kind for step in asked(SUM, Rung.WIDEN, whole=True, most=3)} == closing
