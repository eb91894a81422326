"""Rewards of texts proposed for a goal of a Lean source: see `prover.rewarding`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lean_project.driver.factory import Toolchain
from lean_project.driver.types import NOT_A_VERDICT
from lean_project.environment import LeanEnvironment, Opened
from lean_project.proposal import ProposalProblem, read_proposal
from lean_project.steps import as_step
from prover.inputs import source_of
from prover.lean_opening import NotOpened, lean_file, not_opened, only_data
from prover.lean_toolchain import lean_toolchain
from prover.results import Status
from prover.reward_values import Batch, Bounds, Reward, RewardError, undecided
from prover.settings import Settings
from prover.toolchain import NoVerifier
from search.ports import Goal, Step


async def lean_rewards(
    source: str,
    goal: str,
    proposals: Sequence[str],
    bounds: Bounds,
    settings: Settings,
    folder: Path | None,
    tools: Toolchain | None,
) -> tuple[Reward, ...]:
    """`prover.rewards` for a Lean source. Raises RewardError for a source or goal that has no rewards."""
    async with _opened(source, settings, folder, tools) as lean:
        declaration = goal.partition(":")[0].strip()
        file = lean_file(source, declaration, lean, check_seconds=bounds.seconds)
        if isinstance(file, NotOpened):
            raise RewardError(file.reason)
        environment = file.environment
        opened = await environment.open(seconds=bounds.seconds)
        if problem := not_opened(opened, lean) or only_data(opened):
            if problem.status is Status.UNKNOWN or opened.result.outcome in NOT_A_VERDICT:
                return undecided(proposals, problem.reason)
            raise RewardError(problem.reason)
        return await Batch(environment, _named(environment, opened, goal), _read, bounds).judge(proposals)


@asynccontextmanager
async def _opened(
    source: str, settings: Settings, folder: Path | None, tools: Toolchain | None
) -> AsyncIterator[Toolchain]:
    if tools is not None:
        yield tools
        return
    path = None if folder is None else folder / "Source.lean"  # its folder tells the Lake project; it is not read
    async with lean_toolchain(source_of(source, "lean", path), settings) as opened:
        if isinstance(opened, NoVerifier):
            raise RewardError(opened.reason)
        yield opened


def _named(environment: LeanEnvironment, opened: Opened, name: str) -> Goal:
    roots = [r for r in opened.roots if ":" not in name or r.name == name]
    if not roots:
        raise RewardError(f"nothing is open at {name}")
    if len(roots) > 1:
        told = " | ".join(f"{r.name} (line {environment.line_of(r)})" for r in roots)
        raise RewardError(f"{name} has several goals, and one is wanted: {told}")
    return roots[0]


def _read(payload: Any, text: str) -> Step | str:
    read = read_proposal(payload, text)
    if isinstance(read, ProposalProblem):
        return f"line {read.line}: {read.reason}" if read.line is not None else read.reason
    return as_step(read, "proposal")
