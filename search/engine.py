"""The search: asyncio, best first, with bounded concurrency, over the AND/OR graph.

One loop: launch the most urgent proposers until `concurrency` jobs are in flight (a job is one step of a proposer's
coroutine and the check of its candidate), wait for a result, commit it. Decisions are made in launches and commits
only, which never wait; so the state is consistent at any moment, cancellation included. Reproducibility: see
`Pipeline`."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence

from search.agenda import Agenda, ProposerId
from search.assembler import Assembler, Simplify
from search.budget import Budget, Ledger, Resource
from search.commit import Committer, Examined, Outcome
from search.conflicts import Conflicts
from search.effort import Checked, Tester
from search.graph import ProofGraph
from search.journal import Journal, MemoryJournal
from search.nodes import GoalStatus
from search.pipeline import Pipeline
from search.ports import (
    Clock,
    Environment,
    Goal,
    Owing,
    Policy,
    Records,
    Rejected,
    Step,
    Tested,
    Unknown,
)
from search.proposer import Finished, Halted, Proposer
from search.recorder import Recorder
from search.result import Progress, SearchResult, Stop
from search.strategy import BEST_FIRST, Strategy

Ending = tuple[Stop, str]


class Search:
    """One search for a proof of all of an environment's roots.

    policy: one, or several, each of which has its own proposers at every goal, one for each rung; they may work at the
    same time. strategy: what is asked, told and worked on first. budget, clock, seed: see there. concurrency: checks in
    flight at most. waiting: jobs beyond these, for policies that wait long for a candidate (a model's sample). ordered:
    results count in the order of launching, which makes a run with a deterministic policy and environment reproducible;
    by default so when the budget bounds checks. turn: checks before a proposer's place is reconsidered. grace: seconds
    to wait at the end for what was cancelled. on_progress: called at every check's start and result. simplify: tried,
    once for each solution, where the verifier gives no verdict on all parts together. records: tells the journal what
    goals and steps are made of."""

    def __init__(
        self,
        environment: Environment,
        policy: Policy | Sequence[Policy],
        *,
        budget: Budget,
        clock: Clock,
        seed: int = 0,
        concurrency: int = 2,
        waiting: int = 0,
        ordered: bool | None = None,
        turn: int = 4,
        grace: float = 2.0,
        strategy: Strategy = BEST_FIRST,
        journal: Journal | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        simplify: Simplify | None = None,
        records: Records | None = None,
    ) -> None:
        if concurrency < 1 or turn < 1 or waiting < 0:
            raise ValueError("concurrency and turn must be at least 1, and waiting not negative")
        self.graph = ProofGraph()
        self._environment = environment
        self._policies = list(policy) if isinstance(policy, Sequence) else [policy]
        self._budget, self._clock, self._seed = budget, clock, seed
        self._concurrency, self._jobs, self._grace = concurrency, concurrency + waiting, grace
        self._ordered = budget.checks is not None if ordered is None else ordered
        self._journal = MemoryJournal() if journal is None else journal
        self._on_progress = on_progress
        self._simplify = simplify
        self._records = records
        self._strategy = strategy
        self._agenda = Agenda(
            self.graph, self._policies, strategy=strategy, turn=turn, seed=seed, timed=not self._ordered
        )
        self._pipeline: Pipeline[ProposerId, Outcome] = Pipeline(ordered=self._ordered)
        self._conflicts = Conflicts()
        self._trying: dict[object, tuple[str, str]] = {}
        self._seconds: float | None = None
        self._ending: Ending = (Stop.RUNNING, "the search has not ended")
        self._start()

    def _start(self) -> None:
        """Time and counts run from here."""
        self._ledger = Ledger(self._budget, self._clock)
        self._recorder = Recorder(self._journal, self._ledger, self.graph, self._records)
        self._committer = Committer(
            self.graph, self._agenda, self._pipeline, self._ledger, self._recorder, strategy=self._strategy
        )
        self._assembler = Assembler(
            self._environment,
            self._ledger,
            self._recorder,
            self._clock,
            simplify=self._simplify,
            late=self._agenda.keep,
        )

    async def run(self) -> SearchResult:
        """Search until all roots are solved and assembled, one is refuted, nothing is left to try, or a budget is
        spent.

        Time runs from here. Returns at most `grace` seconds after a budget is spent. May be cancelled: then `result()`
        tells what was found. Call it once.
        """
        if self._ending[0] is not Stop.RUNNING or self.graph.goal_count:
            raise RuntimeError("a search runs once")
        self._start()
        self._halt: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._slots = asyncio.Semaphore(self._concurrency)
        names = [policy.name for policy in self._policies]
        self._recorder.started(names, seed=self._seed, concurrency=self._concurrency, ordered=self._ordered)
        try:
            self._ending = await self._search()
        except asyncio.CancelledError:
            self._ending = (Stop.INTERRUPTED, "interrupted")
            raise
        except BaseException as error:
            self._ending = (Stop.ERROR, f"{type(error).__name__}: {error}")
            raise
        finally:
            for key in self._agenda.efforts:
                self._committer.abandon(key, record=False)
            await self._agenda.close(self._grace)
            self._ledger.charge(sum(policy.owed() for policy in self._policies if isinstance(policy, Owing)))
            self._seconds = self._ledger.seconds
            self._recorder.ended(*self._ending, assembled=self._assembler.accepted is not None)
        return self.result()

    def result(self) -> SearchResult:
        """What is known now; may be asked at any time."""
        graph, roots = self.graph, [self.graph.goal(key) for key in self.graph.roots]
        partials = {}
        for root in roots:
            effort = self._agenda.efforts.get(root.key)
            if effort is not None and root.status is not GoalStatus.SOLVED:
                partial = effort.best_partial(graph.steps_of(root.key))
                if partial is not None:
                    partials[root.key] = partial
        return SearchResult(
            roots=tuple(root.goal for root in roots),
            statuses={root.key: root.status for root in roots},
            solution=graph.solution() if self._assembler.accepted is None else self._assembler.accepted,
            assembled=self._assembler.accepted is not None,
            stop=self._ending[0],
            reason=self._ending[1],
            checks=self._ledger.checks,
            tokens=self._ledger.tokens,
            seconds=self._ledger.seconds if self._seconds is None else self._seconds,
            best_partial=partials,
            witnesses={node.key: node.witness for node in graph.goals() if node.status is GoalStatus.REFUTED},
            unconfirmed=dict(self._committer.unconfirmed),
            unassembled=self._assembler.unassembled,
        )

    async def _search(self) -> Ending:
        roots = await self._assembler.within_budget(self._environment.roots())
        if roots is None:
            return self._budget_spent()
        for root in roots:
            self._committer.absorb(self.graph.add_root(root))
        while True:
            statuses = [(self.graph.goal(key).status, key) for key in self.graph.roots]
            for status, key in statuses:
                if status is GoalStatus.REFUTED:
                    node = self.graph.goal(key)
                    return Stop.REFUTED, node.witness or f"{node.goal.name} is false"
            if all(status is GoalStatus.SOLVED for status, _ in statuses):
                ending = await self._assemble()
                if ending is not None:
                    return ending
                continue
            self._launch()
            if not len(self._pipeline):
                if self._ledger.spent is not None:
                    return self._budget_spent()
                if self._revise_conflicts():
                    continue
                unsolved = sum(status is not GoalStatus.SOLVED for status, _ in statuses)
                return Stop.NO_IDEAS, f"nothing left to try: {unsolved} of {len(statuses)} goals not solved"
            remaining = self._ledger.remaining_seconds
            done = await self._pipeline.next(halt=self._halt, seconds=None if remaining == math.inf else remaining)
            if done is not None:
                self._committer.commit(*done)
                self._report()
            elif self._ledger.halted is not None:
                return self._budget_spent()

    def _launch(self) -> None:
        while len(self._pipeline) < self._jobs and self._ledger.spent is None:
            proposer = self._agenda.next()
            if proposer is None:
                return
            self._ledger.reserve()
            if isinstance(proposer, Tester):
                self._pipeline.launch(proposer.id, self._test(proposer.goal))
                continue
            proposer.candidate = None
            self._pipeline.launch(proposer.id, self._job(proposer))

    async def _job(self, proposer: Proposer) -> Checked | Finished | Halted:
        """One step of a proposer's coroutine, and the check of the candidate it yields, unless its verdict is known."""
        candidate = await proposer.advance(self._charge)
        if not isinstance(candidate, Step):
            return candidate
        effort = self._agenda.efforts[proposer.goal.key]
        if candidate.key in effort.verdicts:
            return Checked(candidate, effort.verdicts[candidate.key])
        check = effort.checking.get(candidate.key)
        if check is None:
            check = asyncio.get_running_loop().create_task(self._check(proposer.goal, candidate))
            effort.checking[candidate.key] = check
            proposer.candidate = candidate.key
        checked = await asyncio.shield(check)
        return Halted() if checked is None else checked

    async def _test(self, goal: Goal) -> Outcome:
        """Look for a counterexample; `Halted` when the budget was spent before that could start."""
        async with self._slots:
            if self._ledger.halted is not None:
                return Halted()
            started = self._clock.now()
            try:
                tested = await self._environment.refute(goal, seconds=self._ledger.remaining_seconds)
            except Exception as error:  # as in `_check`
                return Examined(Tested(), self._clock.now() - started, f"{type(error).__name__}: {error}")
            return Examined(tested, self._clock.now() - started)

    async def _check(self, goal: Goal, step: Step) -> Checked | None:
        """Ask the environment; None when the budget was spent before the check could start."""
        async with self._slots:
            if self._ledger.halted is not None:
                return None
            started = self._clock.now()
            ticket = object()
            self._trying[ticket] = (goal.name, step.kind)
            self._report()
            try:
                remaining = self._ledger.remaining_seconds
                verdict = await self._environment.check(goal, step, seconds=remaining)
            except Exception as error:  # an environment's mistake must not end the search
                text = f"{type(error).__name__}: {error}"
                return Checked(step, Unknown(text), self._clock.now() - started, text)
            finally:
                del self._trying[ticket]
            return Checked(step, verdict, self._clock.now() - started)

    def _charge(self, tokens: int) -> bool:
        self._ledger.charge(tokens)
        if self._ledger.halted is None:
            return True
        if not self._halt.done():
            self._halt.set_result(None)
        return False

    async def _assemble(self) -> Ending | None:
        """Check all recorded steps together. None: they failed (or gave no verdict), and the search goes on."""
        solution = self.graph.solution()
        verdict = await self._assembler.ask(solution)
        if verdict is None:
            return self._budget_spent()
        if self._assembler.accepted is not None:
            return Stop.ASSEMBLED, "all goals are solved, and the parts are accepted together"
        if isinstance(verdict, Unknown) and self._assembler.may_ask_again(solution):
            return None
        summary = verdict.summary if isinstance(verdict, Rejected) else str(verdict)
        if not solution:
            return Stop.NO_IDEAS, f"nothing is left to prove, but the whole is not accepted: {summary}"
        blamed = verdict.diagnostics if isinstance(verdict, Rejected) else ()
        steps = {key: step for key in solution if (step := self.graph.goal(key).solved_by) is not None}
        conflict = self._conflicts.add(steps, [key for key in blamed if isinstance(key, str)], summary)
        self._recorder.conflict(conflict)
        self._committer.set_aside(self._conflicts, conflict)
        return None

    def _revise_conflicts(self) -> bool:
        """Nothing is left to try: do without another step of an earlier conflict, if there is one."""
        conflict = self._conflicts.revise()
        if conflict is None:
            return False
        self._recorder.revised(conflict)
        self._committer.set_aside(self._conflicts, conflict)
        return True

    def _budget_spent(self) -> Ending:
        resource = self._ledger.spent or Resource.SECONDS
        return Stop(resource.value), f"the budget of {resource.value} is spent"

    def _report(self) -> None:
        if self._on_progress is not None:
            graph = self.graph
            self._on_progress(
                Progress(
                    trying=tuple(self._trying.values()),
                    roots=len(graph.roots),
                    roots_solved=sum(graph.goal(key).status is GoalStatus.SOLVED for key in graph.roots),
                    goals=graph.goal_count,
                    goals_solved=graph.solved_count,
                    goals_open=graph.needed_count,
                    checks=self._ledger.checks,
                    tokens=self._ledger.tokens,
                    seconds=self._ledger.seconds,
                )
            )
