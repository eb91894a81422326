"""Turns what the engine does into the journal's events."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence

from search import journal as log
from search.budget import Ledger
from search.conflicts import Conflict
from search.effort import Checked
from search.graph import ProofGraph
from search.nodes import Changes, StepId
from search.ports import Accepted, Assignment, Records, Refuted, Rejected, Tested, Verdict
from search.proposer import Proposer
from search.result import Stop


class Recorder:
    """Writes the events of one run, with the seconds since its start."""

    def __init__(self, journal: log.Journal, ledger: Ledger, graph: ProofGraph, records: Records | None = None) -> None:
        self._journal = journal
        self._records = records
        self._kept: set[str] = set()
        self._ledger = ledger
        self._graph = graph
        self._number = 0

    def started(self, policies: Sequence[str], *, seed: int, concurrency: int, ordered: bool) -> None:
        """The run begins."""
        budget = self._ledger.budget
        self._journal.record(
            log.RunStarted(
                at=self._ledger.seconds,
                policies=tuple(policies),
                seed=seed,
                concurrency=concurrency,
                ordered=ordered,
                max_seconds=budget.seconds,
                max_checks=budget.checks,
                max_tokens=budget.tokens,
            )
        )

    def checked(self, proposer: Proposer, checked: Checked, verdict: Verdict, step: StepId | None) -> None:
        """A candidate's verdict counts; `step` is its node in the graph, if it has one."""
        self._number += 1
        score = None if step is None else self._graph.step(step).score
        # The environment's normal form, where it gave one: the other events name it, and it is what is assembled.
        counted = checked.step if step is None else self._graph.step(step).step
        self._journal.record(
            log.CandidateChecked(
                at=self._ledger.seconds,
                number=self._number,
                goal=proposer.goal.key,
                policy=proposer.policy.name,
                rung=proposer.rung.name.lower(),
                round=proposer.rounds,
                step=counted.key,
                step_kind=counted.kind,
                text=counted.text,
                verdict=_word(verdict),
                summary=_summary(verdict),
                subgoals=tuple(g.key for g in verdict.subgoals) if isinstance(verdict, Accepted) else (),
                open_obligations=verdict.open_obligations if isinstance(verdict, Rejected) else None,
                score=None if score is None else score.value,
                unclipped=score.unclipped if score is not None and math.isfinite(score.unclipped) else None,
                seconds=checked.seconds,
                record=None if self._records is None else dict(self._records.step(counted).fields),
            )
        )

    def changed(self, changes: Changes, by: StepId | None) -> None:
        """The graph changed, because of a step where one is given."""
        at = self._ledger.seconds
        for key in changes.added:
            goal = self._graph.goal(key).goal
            depth = 0 if by is None else self._graph.goal(by[0]).depth + 1
            parent, step = (None, None) if by is None else by
            kept = None if self._records is None else self._records.goal(goal)
            self._journal.record(
                log.GoalAdded(
                    at=at,
                    goal=key,
                    name=goal.name,
                    text=goal.text,
                    complexity=goal.complexity,
                    depth=depth,
                    parent=parent,
                    parent_step=step,
                    record=None if kept is None else dict(kept.fields),
                    texts=None if kept is None else {name: self._keep(at, text) for name, text in kept.texts.items()},
                )
            )
        for key in changes.solved:
            node = self._graph.goal(key)
            if node.solved_by is not None and node.solved_at is not None:
                self._journal.record(log.GoalSolved(at=at, goal=key, step=node.solved_by[1], order=node.solved_at))
        for key in changes.refuted:
            self._journal.record(log.GoalRefuted(at=at, goal=key, witness=self._graph.goal(key).witness))
        for key in changes.exhausted:
            self._journal.record(log.GoalExhausted(at=at, goal=key))

    def _keep(self, at: float, text: str) -> str:
        """The id of a long text, which is told the first time."""
        name = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        if name not in self._kept:
            self._kept.add(name)
            self._journal.record(log.TextKept(at=at, id=name, text=text))
        return name

    def tested(self, goal: str, tested: Tested, seconds: float) -> None:
        """A counterexample was looked for."""
        found = tested.found
        outcome = "none" if found is None else type(found).__name__.lower()
        witness = "" if found is None else found.witness
        at = self._ledger.seconds
        self._journal.record(
            log.GoalTested(at=at, goal=goal, outcome=outcome, witness=witness, checks=tested.checks, seconds=seconds)
        )

    def given_up(self, goal: str, why: str) -> None:
        """All proposers of a goal have run out of ideas for now."""
        self._journal.record(log.GoalGivenUp(at=self._ledger.seconds, goal=goal, why=why))

    def cancelled(self, goal: str, policy: str, step: str) -> None:
        """The check of a candidate whose goal is needed no longer was cancelled."""
        self._journal.record(log.CheckCancelled(at=self._ledger.seconds, goal=goal, policy=policy, step=step))

    def finished(self, proposer: Proposer, error: str | None) -> None:
        """A proposer's run ended."""
        self._journal.record(
            log.ProposerFinished(
                at=self._ledger.seconds,
                goal=proposer.goal.key,
                policy=proposer.policy.name,
                rounds=proposer.rounds,
                error=error,
            )
        )

    def environment_failed(self, goal: str | None, error: str) -> None:
        """The environment raised."""
        self._journal.record(log.EnvironmentFailed(at=self._ledger.seconds, goal=goal, error=error))

    def assembled(self, solution: Mapping[str, Assignment], verdict: Verdict, seconds: float) -> None:
        """All parts were checked together."""
        self._number += 1
        self._journal.record(
            log.AssemblyChecked(
                at=self._ledger.seconds,
                number=self._number,
                goals=tuple(solution),
                verdict=_word(verdict),
                summary=_summary(verdict),
                seconds=seconds,
            )
        )

    def conflict(self, conflict: Conflict) -> None:
        """A combination was forbidden."""
        goal, step = conflict.chosen
        combination = tuple(f"{goal}: {step}" for goal, step in conflict.combination)
        self._journal.record(
            log.ConflictRecorded(
                at=self._ledger.seconds, goal=goal, step=step, combination=combination, summary=conflict.summary
            )
        )

    def revised(self, conflict: Conflict) -> None:
        """Another step of a forbidden combination is set aside."""
        goal, step = conflict.chosen
        self._journal.record(log.ConflictRevised(at=self._ledger.seconds, goal=goal, step=step))

    def put_away(self, step: StepId) -> None:
        """A beam has no room for a step."""
        self._journal.record(log.StepPutAway(at=self._ledger.seconds, goal=step[0], step=step[1]))

    def ended(self, stop: Stop, reason: str, *, assembled: bool) -> None:
        """The run is over."""
        ledger = self._ledger
        if stop in (Stop.SECONDS, Stop.CHECKS, Stop.TOKENS):
            self._journal.record(log.BudgetSpent(at=ledger.seconds, resource=stop.value))
        self._journal.record(
            log.RunEnded(
                at=ledger.seconds,
                stop=stop.value,
                reason=reason,
                assembled=assembled,
                checks=ledger.checks,
                tokens=ledger.tokens,
                seconds=ledger.seconds,
            )
        )


def _word(verdict: Verdict) -> str:
    return type(verdict).__name__.lower()


def _summary(verdict: Verdict) -> str:
    if isinstance(verdict, Accepted):
        return ""
    if isinstance(verdict, Refuted):
        return verdict.witness
    return verdict.summary if isinstance(verdict, Rejected) else verdict.reason
