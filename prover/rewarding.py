"""The decomposition score as a reward for training: the number that the search ranks by, for proposed texts.

`prover.reward(source, goal, texts)` is the synchronous form; inside an event loop, await `prover.rewards`. A reward is
the score S of Goedel-Code-Prover (`search.score`) of what the real verifier accepts, with the goals and the tests of
lemmas that the search itself uses.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from dafny_env.driver.factory import Toolchain
from dafny_env.driver.types import Outcome
from dafny_env.environment import DafnyEnvironment
from dafny_env.goals import UNFINISHED
from dafny_env.proposal import ProposalProblem, read_proposal
from dafny_env.steps import GoalKind
from lean_project.driver.factory import Toolchain as LeanToolchain
from prover.languages import Language, language_of
from prover.policy.symbolic.houdini import make_step
from prover.results import Status
from prover.reward_values import Batch, Bounds, Reward, RewardError, undecided
from prover.scoring import REFUTE_SECONDS
from prover.settings import Settings
from prover.toolchain import NoVerifier, first_error, in_dialect, toolchain, workers_of
from search.ports import Goal, Step
from search.score import soft_maximum

__all__ = ["Reward", "RewardError", "reward", "rewards"]

CHECK_SECONDS = 30.0


def reward(
    source: str,
    goal: str,
    proposals: Sequence[str],
    *,
    T: float = 5.0,
    settings: Settings | None = None,
    seconds: float = CHECK_SECONDS,
    refute_seconds: float = REFUTE_SECONDS,
    folder: Path | None = None,
    language: Language | None = None,
) -> tuple[Reward, ...]:
    """`rewards` where no event loop is running (RuntimeError where one is)."""
    return asyncio.run(
        rewards(
            source,
            goal,
            proposals,
            T=T,
            settings=settings,
            seconds=seconds,
            refute_seconds=refute_seconds,
            folder=folder,
            language=language,
        )
    )


async def rewards(
    source: str,
    goal: str,
    proposals: Sequence[str],
    *,
    T: float = 5.0,
    settings: Settings | None = None,
    seconds: float = CHECK_SECONDS,
    refute_seconds: float = REFUTE_SECONDS,
    folder: Path | None = None,
    language: Language | None = None,
    tools: Toolchain | LeanToolchain | None = None,
) -> tuple[Reward, ...]:
    """The rewards of texts proposed for one goal of a Dafny or Lean source, in the order of the texts.

    goal: a declaration's name, as in the target `file.dfy:Name`, or the name of a goal as `prove` prints it
    (`Name: fact`). proposals: what `dafny_env.proposal` or `lean_project.proposal` reads. T: the temperature of the
    score. settings: where the
    tools are and how many verifiers run at a time; by default these of the machine. seconds, refute_seconds: wall clock
    of each check, and of each lemma's test. folder: where relative `include`s are looked up, and the Lake project that
    a Lean source belongs to. language: of the source; by default its text tells. tools: verifiers that are open
    already, and stay open; by default they are opened for this call and closed at its end.

    Other open declarations are taken as stated. Raises RewardError for a source or goal that has no rewards; ValueError
    for a T that is not positive and finite. Cancelling ends all child processes.
    """
    if isinstance(proposals, str):
        raise TypeError("proposals is a sequence of texts, not one text")
    soft_maximum((), T=T)
    chosen = settings or Settings()
    spoken = language or language_of(source)
    if spoken is None:
        raise RewardError("the source is neither clearly Dafny nor clearly Lean: say which with `language`")
    if spoken == "lean":
        from prover.lean_rewarding import lean_rewards  # Dafny alone needs nothing of Lean, and the other way round

        given = None if isinstance(tools, Toolchain) else tools
        return await lean_rewards(
            source, goal, proposals, Bounds(T, seconds, refute_seconds, workers_of(chosen)), chosen, folder, given
        )
    if isinstance(tools, LeanToolchain):
        raise RewardError("the source is Dafny, and the verifiers given are Lean's")
    async with _opened(chosen, tools) as opened:
        verifiers = await in_dialect(source, folder, opened, seconds=seconds)
        if isinstance(verifiers, NoVerifier):
            if verifiers.status is Status.UNKNOWN:
                return undecided(proposals, verifiers.reason)
            raise RewardError(verifiers.reason)
        declaration = goal.partition(":")[0].strip()
        environment = DafnyEnvironment(
            source, verifiers.working, folder=folder, target=declaration, check_seconds=seconds
        )
        found = await _goal(environment, goal, seconds)
        if isinstance(found, str):
            return undecided(proposals, found)
        batch = Batch(environment, found, _read_dafny, Bounds(T, seconds, refute_seconds, workers_of(chosen)))
        return await batch.judge(proposals)


@asynccontextmanager
async def _opened(settings: Settings, tools: Toolchain | None) -> AsyncIterator[Toolchain]:
    if tools is not None:
        yield tools
        return
    async with toolchain(settings) as opened:
        if isinstance(opened, NoVerifier):
            raise RewardError(opened.reason)
        yield opened


async def _goal(environment: DafnyEnvironment, name: str, seconds: float) -> Goal | str:
    """The goal of a name, or why the verifier does not tell."""
    if not environment.knows_target:
        raise RewardError(f"no declaration {name} in the source; it has: {', '.join(sorted(environment.index))}")
    opened = await environment.open(seconds=seconds)
    outcome = opened.result.outcome
    if outcome in (Outcome.PARSE_ERROR, Outcome.RESOLVE_ERROR):
        raise RewardError(first_error(opened.result))
    # d of a declaration counts what fails in it: a look that was cut short would give another number.
    said = opened.result.failed or opened.result.timed_out or opened.result.errors
    counted = any(root.payload.kind is GoalKind.DECLARATION for root in opened.roots)
    if outcome in UNFINISHED and not said and (counted or not opened.roots):
        return f"the verifier gave no verdict on the source as it is ({outcome})"
    roots = [r for r in opened.roots if ":" not in name or r.name == name]
    if not roots:
        raise RewardError(f"nothing is open at {name}: it verifies as it is")
    if len(roots) > 1:
        raise RewardError(f"{name} has several goals; name one of them: {' | '.join(r.name for r in roots)}")
    return roots[0]


def _read_dafny(payload: Any, text: str) -> Step | str:
    read = read_proposal(payload, text)
    if isinstance(read, ProposalProblem):
        return f"line {read.line}: {read.reason}" if read.line is not None else read.reason
    return make_step(read, "proposal")
