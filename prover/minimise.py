"""Prunes a found step to what is needed: insertions are left out as long as the verifier still accepts the step.

Delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input") with a bound on checks and time;
the result is an accepted step too, not necessarily the smallest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dafny_env.steps import DafnyStep, Insertion
from search.ports import Accepted, Environment, Goal, Step

MakeStep = Callable[[DafnyStep, str], Step]
BRACKETS = {"{": 1, "}": -1}


async def minimise(
    environment: Environment,
    goal: Goal,
    step: Step,
    make: MakeStep,
    *,
    checks: int,
    remaining: Callable[[], float],
) -> tuple[Step, int]:
    """The step with fewer insertions, and the number of checks spent.

    checks: how many checks may be spent; remaining: seconds left, asked before each check. The step given back was accepted
    by the environment, in the form in which it is given back.
    """
    best: DafnyStep = replace(step.payload, thorough=False)
    spent = 0
    plain = make(best, step.kind)
    size = len(best.insertions)
    chunk = max(size // 2, 1)
    accepted = step
    while chunk >= 1 and spent < checks and size:
        start = 0
        shrunk = False
        while start < len(best.insertions) and spent < checks and remaining() > 0:
            kept = best.insertions[:start] + best.insertions[start + chunk :]
            dropped = best.insertions[start : start + chunk]
            if not balanced(dropped):
                start += chunk
                continue
            trial = make(replace(best, insertions=kept), step.kind)
            verdict = await environment.check(goal, trial, seconds=max(remaining(), 0.1))
            spent += 1
            if isinstance(verdict, Accepted) and not verdict.subgoals:
                best, accepted, shrunk = trial.payload, trial, True
            else:
                start += chunk
        if remaining() <= 0:
            break
        if chunk == 1 and not shrunk:
            break
        chunk = max(chunk // 2, 1) if chunk > 1 or not shrunk else 1
        if chunk == 1 and len(best.insertions) == 0:
            break
    del plain
    return accepted, spent


def balanced(dropped: tuple[Insertion, ...]) -> bool:
    """Whether leaving these insertions out keeps the braces of the rest in balance."""
    depth = 0
    for insertion in dropped:
        for character in insertion.text:
            depth += BRACKETS.get(character, 0)
            if depth < 0:
                return False
    return depth == 0
