"""Candidates that speak of what a file includes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from policy_scenes import STARTER, Scene, error, lines, play, rejected, scene

from dafny_env.driver.types import Rule
from dafny_env.library import Library
from dafny_env.steps import DafnyGoal
from dafny_env.syntax.parser import parse
from prover.policy.symbolic import select
from prover.policy.symbolic.policy import choose
from prover.policy.symbolic.setting import Setting
from search.ports import PolicyContext

TASK = STARTER / "dot-product-lib"
LIB = (TASK / "lib.dfy").read_text()


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first ideas are enough here."""
    monkeypatch.setattr(select, "EFFORT", 8000)


def with_library(there: Scene, *texts: str) -> DafnyGoal:
    return replace(there.goal, library=Library(tuple(map(parse, texts))))


def proposed(goal: DafnyGoal) -> set[str]:
    """All lines that are proposed while only the postcondition fails."""
    setting = Setting(goal, 0)
    steps = play(choose(setting, PolicyContext()), lambda step: rejected(error(Rule.POSTCONDITION, base=0))).steps
    return {line for step in steps for line in lines(step)}


def test_included_functions_are_observed_and_included_lemmas_called() -> None:
    found = proposed(with_library(scene((TASK / "task.dfy").read_text()), LIB))
    assert "invariant d == Dot(x[..i], y[..i])" in found
    assert any(line.startswith("DotExtend(") for line in found)


def test_a_fact_that_the_included_function_refutes_is_not_proposed() -> None:
    text = (TASK / "task.dfy").read_text().replace("d + x[i]", "d + 1 + x[i]")
    assert "invariant d == Dot(x[..i], y[..i])" not in proposed(with_library(scene(text), LIB))


def test_included_functions_are_unfolded_in_lemmas() -> None:
    lib = (
        "function Up(n: nat): nat { if n == 0 then 0 else Up(n - 1) + 1 } lemma UpIsAll(m: nat) ensures Up(m) == m { }"
    )
    found = proposed(with_library(scene("lemma L(n: nat)\n  ensures Up(n) + 1 == Up(n + 1)\n"), lib))
    assert {"UpIsAll(n);", "UpIsAll(n + 1);"} <= found
