"""The search over a theorem of a repository that LeanDojo has traced (`lean_project.leandojo`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from lean_project.leandojo import DojoEnvironment, DojoUnavailable, TracedTheorem
from prover.policy.lean.policy import LeanPolicy
from prover.running import Countdown
from search.budget import Budget
from search.engine import Search
from search.ports import Policy


@dataclass(frozen=True, slots=True)
class TracedResult:
    """What a search over a traced theorem came to. tactics: in their order, for the caller to put into the file; empty
    where none were found. LeanDojo accepted them one after the other in a fresh process. That is no proof: the gate has
    not seen the file (`prover check`, in its Lake project, is what shows it). reason: one sentence. checks: tactics
    tried. seconds: wall clock."""

    tactics: tuple[str, ...]
    reason: str
    checks: int = 0
    seconds: float = 0.0


async def search_traced(
    repository: str,
    commit: str,
    file: Path | str,
    full_name: str,
    *,
    policy: Policy | None = None,
    seconds: float = 60.0,
    checks: int | None = None,
    seed: int = 0,
    tactic_seconds: int = 30,
    prefix: str = "",
) -> TracedResult:
    """Search for tactics that close a theorem of a traced repository, one tactic at a time.

    repository: URL or local path of a git repository; file: inside it. policy: by default the symbolic one. prefix:
    what stands in front of the theorem, if the policy is to see the declarations there. tactic_seconds: wall clock of
    one tactic. Never raises for what LeanDojo does; where it is not installed or cannot open the theorem, the reason
    says so. Cancelling ends LeanDojo's processes.
    """
    countdown = Countdown(seconds)
    theorem = TracedTheorem(repository, commit, Path(file), full_name)
    environment = DojoEnvironment(theorem, tactic_seconds=tactic_seconds, prefix=prefix)
    try:
        try:
            await environment.roots()
        except DojoUnavailable as problem:
            return TracedResult((), str(problem), 0, countdown.spent)
        search = Search(
            environment,
            policy or LeanPolicy(),
            budget=Budget(seconds=countdown.left, checks=checks),
            clock=countdown,
            seed=seed,
            concurrency=1,  # LeanDojo runs one tactic at a time
        )
        found = await search.run()
        tactics = await environment.tactics(found.solution) if found.assembled else ()
        return TracedResult(tactics, f"{found.reason}.", found.checks, countdown.spent)
    finally:
        await environment.close()


def run_traced(
    repository: str, commit: str, file: Path | str, full_name: str, *, seconds: float = 60.0
) -> TracedResult:
    """`search_traced` where no event loop is running (RuntimeError where one is)."""
    return asyncio.run(search_traced(repository, commit, file, full_name, seconds=seconds))
