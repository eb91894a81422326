"""What a journal keeps of Lean goals and steps reads back as the same goals and steps."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from lean_project.driver.types import Hypothesis
from lean_project.records import LeanRecords, read_goal, read_step
from lean_project.steps import LeanGoal, LeanStep
from search.ports import Goal, Step

WORDS = st.text(max_size=8)
HYPOTHESES = st.builds(Hypothesis, st.lists(WORDS, min_size=1, max_size=3).map(tuple), WORDS, st.none() | WORDS)
GOALS = st.builds(
    LeanGoal,
    text=st.text(),
    start=st.integers(0, 99),
    unit=st.integers(0, 99),
    declaration=WORDS,
    hypotheses=st.lists(HYPOTHESES, max_size=3).map(tuple),
    target=WORDS,
    case=st.none() | WORDS,
)


@given(GOALS)
def test_goals_read_back(goal: LeanGoal) -> None:
    kept = LeanRecords().goal(Goal("k", "n", payload=goal))
    fields, texts = json.loads(json.dumps([kept.fields, kept.texts]))
    assert read_goal(fields, texts) == goal


@given(st.builds(LeanStep, st.text(), st.text()))
def test_steps_read_back(step: LeanStep) -> None:
    kept = LeanRecords().step(Step("k", "t", payload=step))
    assert read_step(json.loads(json.dumps(kept.fields))) == step
