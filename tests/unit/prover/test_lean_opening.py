"""A Lean file that cannot be worked on: why, and whether that says anything about the task."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lean_project.driver.types import LeanResult, Outcome
from lean_project.environment import Opened
from lean_project.toolchain import Kind, LeanInstallation
from prover import events
from prover.inputs import source_of
from prover.lean_opening import LeanFile
from prover.lean_session import LeanRun
from prover.results import ProveRequest, Status
from prover.running import Countdown
from prover.settings import Settings


@dataclass
class Tools:
    """Of a toolchain what is looked at where the first look at a file comes to nothing."""

    installation: LeanInstallation = field(default_factory=lambda: LeanInstallation(("lean",), "4.18.0", Kind.STOCK))


@dataclass
class Silent:
    """An environment whose Lean says nothing of the file."""

    outcome: Outcome

    async def open(self, *, seconds: float) -> Opened:
        return Opened(LeanResult(self.outcome), ())


@pytest.mark.parametrize("outcome", [Outcome.CRASHED, Outcome.TIMEOUT, Outcome.MEMORY, Outcome.UNKNOWN])
def test_a_lean_that_crashed_has_not_answered_and_one_that_was_too_slow_has(outcome: Outcome) -> None:
    source = source_of("theorem t : True := sorry\n", "lean", Path("t.lean"))
    request = ProveRequest(source, Settings(), seconds=9.0)
    tools: Any = Tools()
    environment: Any = Silent(outcome)
    run = LeanRun(request, events.Silent(), tools, Countdown(9.0), LeanFile(environment, None))
    result = asyncio.run(run.prove())
    assert (result.status, str(outcome) in result.reason) == (Status.UNKNOWN, True)
    assert bool(result.unanswered) == (outcome is Outcome.CRASHED)
