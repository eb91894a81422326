"""Leaves out of a found solution what it does not need, root by root."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dafny_env.environment import DafnyEnvironment
from prover.minimise import minimise
from prover.policy.symbolic.houdini import make_step
from search.ports import Assignment, Goal

CHECKS = 40
"""What pruning one goal may take."""


async def prune(
    environment: DafnyEnvironment,
    roots: Sequence[Goal],
    solution: Mapping[str, Assignment],
    checks: float,
    seconds: float,
    *,
    plain: bool,
) -> tuple[dict[str, Assignment], int]:
    """The solution of the roots with less in it, and the checks spent.

    A root that was decomposed is pruned with its subgoals' proofs put in, as one step; its lemmas stay. checks,
    seconds: what may be spent (`inf` for no bound). plain: as in `minimise`.
    """
    pruned: dict[str, Assignment] = {}
    until = time.monotonic() + seconds
    spent = 0
    for root in roots:
        assignment = solution.get(root.key)
        if assignment is None:
            continue
        if assignment.subgoals:
            whole = make_step(environment.whole(solution, root), assignment.step.kind)
            assignment = replace(assignment, step=whole, subgoals=())
        if assignment.step.payload.insertions:
            step, used = await minimise(
                environment,
                assignment.goal,
                assignment.step,
                make_step,
                checks=int(min(CHECKS, checks - spent)),
                remaining=lambda: until - time.monotonic(),
                plain=plain,
            )
            spent += used
            assignment = replace(assignment, step=step)
        pruned[root.key] = assignment
    return pruned, spent
