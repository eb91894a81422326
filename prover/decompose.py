"""`prover decompose`: one Dafny file from reading to the ranked decompositions of each of its root goals.

What it does alike for a Lean file is in `DecomposeRun`; the rest of that in `prover.lean_decompose`.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from dafny_env.driver.types import Outcome
from dafny_env.environment import DafnyEnvironment
from dafny_env.syntax.source import LineMap
from prover import events
from prover.decompositions import DecomposeRequest, DecomposeResult, DecomposeStatus, GoalPlans, PlanStatus
from prover.exploring import Allowance, Expenses, Explorer
from prover.policy.opening import open_policies
from prover.policy.symbolic.policy import SymbolicPolicy
from prover.policy_choice import ChoiceProblem, check_policy
from prover.results import Status
from prover.running import Countdown
from prover.scoring import Scorer
from prover.session import CHECK_SECONDS
from prover.toolchain import NoVerifier, Verifiers, first_error, in_dialect, toolchain
from search.ports import Environment, Goal, Policy, Step


async def decompose(
    request: DecomposeRequest, observer: events.Observer, policy: Policy | None = None
) -> DecomposeResult:
    """The ranked decompositions of each root goal of a Dafny file, by a policy (by default those of the request).

    Never raises for what the file, the policy or the verifier does. Cancellation ends all child processes, and the
    result has what was found until then.
    """
    return await _Run(request, observer, policy).finished()


class DecomposeRun(ABC):
    """One call of `decompose`, for either language. policy: None for those that the request names."""

    def __init__(self, request: DecomposeRequest, observer: events.Observer, policy: Policy | None = None) -> None:
        self.policy = policy
        self.request = request
        self.observer = observer
        self.countdown = Countdown(request.seconds)
        self.spent = Expenses(allowed=request.checks, allowed_tokens=request.tokens)
        self.verifier = ""
        self.translated = False
        self.roots: list[tuple[Goal, int]] = []
        self.plans: list[tuple[Goal, int, Explorer]] = []

    @abstractmethod
    async def whole(self) -> DecomposeResult:
        """Open the verifier and the file, and explore its goals."""

    async def finished(self) -> DecomposeResult:
        """The result; of a run that is cancelled, with what there is by then."""
        try:
            result = await self.whole()
        except asyncio.CancelledError:
            result = replace(self.result("Interrupted."), interrupted=True)
        return replace(result, seconds=self.countdown.spent, verifier=self.verifier)

    async def explore(
        self,
        environment: Environment,
        roots: Sequence[Goal],
        symbolic: Callable[[], Awaitable[Policy]],
        line_of: Callable[[Goal], int],
    ) -> DecomposeResult:
        """Ask the policies about each root goal, with equal shares of what is left. symbolic: makes the language's
        symbolic policy. line_of: a goal's line."""
        self.roots = [(root, line_of(root)) for root in roots]
        if self.policy is not None:
            return await self._explore(environment, [self.policy])
        parts = check_policy(self.request.policy)
        if isinstance(parts, ChoiceProblem):
            return without(NoVerifier(Status(parts.status), parts.reason))
        began = self.countdown.spent
        async with open_policies(
            parts,
            self.request.source.language,
            self.request.settings,
            symbolic,
            task=self.request.source.name,
            tokens=self.request.tokens,
            note=lambda text: self.observer.notify(events.Note(text)),
        ) as policies:
            if isinstance(policies, NoVerifier):
                return without(policies)
            if policies.trouble:
                self.countdown.forgive(self.countdown.spent - began)
            result = await self._explore(environment, policies.policies)
            return replace(result, reason="; ".join(filter(None, (result.reason, policies.complaint))))

    async def _explore(self, environment: Environment, policies: Sequence[Policy]) -> DecomposeResult:
        self.observer.notify(events.PhaseStarted(events.Phase.SEARCHING))
        scorer = Scorer(environment)
        for root, line in self.roots:
            explorer = Explorer(environment, policies, root, scorer, self.spent, self.request.seed, self._tried)
            self.plans.append((root, line, explorer))
        for k, (_, _, explorer) in enumerate(self.plans):
            left = len(self.plans) - k
            checks, tokens = (None if n is None else -(-n // left) for n in (self.spent.left, self.spent.tokens_left))
            await explorer.explore(Allowance(self.countdown, self.countdown.left / left, self.spent, checks, tokens))
            if explorer.mistake:
                self.observer.notify(events.Note(f"the policy failed at {explorer.goal.name}: {explorer.mistake}"))
        spent = self.countdown.left <= 0 or self.spent.gone
        return self.result("the budget was spent" if spent else "the policy has no more ideas")

    def _tried(self, goal: Goal, step: Step) -> None:
        self.observer.notify(events.AttemptStarted(goal.name, step.kind, step.text))
        self.observer.notify(events.UsageChanged(self.spent.checks, self.spent.tokens))

    def result(self, reason: str) -> DecomposeResult:
        """What is known by now. reason: why there is no more."""
        goals = tuple(explorer.plans(line) for _, line, explorer in self.plans)
        if not self.plans:  # the models are still being opened
            goals = tuple(GoalPlans(root.name, line, root.text, root.complexity) for root, line in self.roots)
        statuses = {goal.status for goal in goals}
        status = DecomposeStatus.NOTHING
        if PlanStatus.REFUTED in statuses:
            status = DecomposeStatus.REFUTED
        elif statuses & {PlanStatus.CLOSED, PlanStatus.DECOMPOSED}:
            status = DecomposeStatus.FOUND
        mistakes = [explorer.mistake for _, _, explorer in self.plans if explorer.mistake]
        if status is DecomposeStatus.FOUND:
            reason = ""
        elif status is DecomposeStatus.REFUTED:
            reason = "; ".join(goal.witness for goal in goals if goal.witness)
        elif mistakes:
            reason = f"the policy failed: {mistakes[0]}"
        return DecomposeResult(
            status,
            goals,
            translated=self.translated,
            checks=self.spent.checks,
            tokens=self.spent.tokens,
            reason=reason,
        )


class _Run(DecomposeRun):
    """One call of `decompose` for a Dafny file."""

    async def whole(self) -> DecomposeResult:
        source = self.request.source
        async with toolchain(self.request.settings) as tools:
            if isinstance(tools, NoVerifier):
                return without(tools)
            for warning in tools.warnings:
                self.observer.notify(events.Note(warning))
            self.verifier = str(tools.working.info)
            self.observer.notify(events.PhaseStarted(events.Phase.CHECKING, self.verifier))
            verifiers = await in_dialect(source.text, source.folder, tools, seconds=max(self.countdown.left, 0.5))
            if isinstance(verifiers, NoVerifier):
                return without(verifiers)
            self.translated = verifiers.translated
            return await self._with(verifiers)

    async def _with(self, verifiers: Verifiers) -> DecomposeResult:
        source = self.request.source
        environment = DafnyEnvironment(
            source.text,
            verifiers.working,
            folder=source.folder,
            target=source.target,
            check_seconds=CHECK_SECONDS,
        )
        if not environment.knows_target:
            names = ", ".join(sorted(environment.index)[:12]) or "none"
            reason = f"no declaration {source.target} in the file; it has: {names}."
            return DecomposeResult(DecomposeStatus.INVALID, reason=reason)
        opened = await environment.open(seconds=max(self.countdown.left, 0.5))
        self.spent.checks += 1
        if opened.result.outcome in (Outcome.PARSE_ERROR, Outcome.RESOLVE_ERROR):
            return DecomposeResult(DecomposeStatus.INVALID, reason=first_error(opened.result))
        if not opened.roots:
            if opened.result.outcome is Outcome.VERIFIED or source.target is not None:
                return replace(self.result(""), status=DecomposeStatus.FOUND, untouched=True)
            told = f"the verifier gave no verdict on the file as it is ({opened.result.outcome})"
            return self.result(f"{told}; give it more --seconds.")
        lines = LineMap(environment.text)
        return await self.explore(
            environment, opened.roots, _symbolic, lambda root: lines.position(root.payload.site.start).line
        )


def without(missing: NoVerifier) -> DecomposeResult:
    """The result where a verifier is missing, or the file is nothing for it."""
    status = {Status.INVALID: DecomposeStatus.INVALID, Status.UNSUPPORTED: DecomposeStatus.UNSUPPORTED}
    return DecomposeResult(status.get(missing.status, DecomposeStatus.NOTHING), reason=missing.reason)


async def _symbolic() -> Policy:
    return SymbolicPolicy()
