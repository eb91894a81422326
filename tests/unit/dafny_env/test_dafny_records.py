"""What a journal keeps of Dafny goals and steps reads back as the same goals and steps."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from dafny_env.records import DafnyRecords, read_goal, read_step
from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind, Hole, Insertion
from dafny_env.syntax.ast import Span
from search.ports import Goal, Step

SPANS = st.builds(Span, st.integers(0, 99), st.integers(0, 99))
GOALS = st.builds(
    DafnyGoal,
    kind=st.sampled_from(GoalKind),
    declaration=st.text(),
    base=st.text(),
    site=SPANS,
    hole=st.none() | st.builds(Hole, st.integers(-1, 9), SPANS),
    fact=st.text(),
    origin=st.text(),
    forbidden=st.frozensets(st.text(max_size=5), max_size=3),
)
STEPS = st.builds(
    DafnyStep,
    st.lists(st.builds(Insertion, st.integers(0, 99), st.text()), max_size=3).map(tuple),
    st.text(),
)


@given(GOALS)
def test_goals_read_back(goal: DafnyGoal) -> None:
    kept = DafnyRecords().goal(Goal("k", "n", payload=goal))
    fields, texts = json.loads(json.dumps([kept.fields, kept.texts]))
    assert read_goal(fields, texts) == goal


@given(STEPS)
def test_steps_read_back(step: DafnyStep) -> None:
    kept = DafnyRecords().step(Step("k", "t", payload=step))
    assert read_step(json.loads(json.dumps(kept.fields))) == step
