"""Helper lemmas that the file does not state: guessed from its functions and from what fails, tested on small inputs,
taken for granted by a step, and left to be proved as subgoals."""

from __future__ import annotations

from collections.abc import Generator

from prover.policy.symbolic.setting import Setting
from search.ports import PolicyContext, Step, Verdict


def stated(setting: Setting, context: PolicyContext) -> Generator[Step, Verdict, object]:
    """Steps that use lemmas of their own, most promising first."""
    yield from ()
    return None
