"""What results mean: verdicts enter the graph; what it then calls for is opened, what it no longer needs is dropped."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from search.agenda import Agenda, ProposerId
from search.beam import Beam
from search.budget import Ledger
from search.conflicts import Conflict, Conflicts
from search.effort import TESTER, Checked, in_conflict
from search.graph import ProofGraph
from search.nodes import Changes, GoalStatus, StepId
from search.pipeline import Pipeline
from search.ports import Accepted, Refuted, Step, Tested, Unknown, Verdict
from search.proposer import Finished, Halted, Proposer
from search.recorder import Recorder
from search.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Examined:
    """What looking for a counterexample came to; `error`: the environment's own, if it raised one."""

    tested: Tested
    seconds: float = 0.0
    error: str | None = None


Outcome = Checked | Examined | Finished | Halted
"""What a job comes to."""


class Committer:
    """Lets results count, one at a time. Nothing here waits, so nothing here can be interrupted halfway."""

    def __init__(
        self,
        graph: ProofGraph,
        agenda: Agenda,
        pipeline: Pipeline[ProposerId, Outcome],
        ledger: Ledger,
        recorder: Recorder,
        *,
        strategy: Strategy,
    ) -> None:
        self._graph = graph
        self._agenda = agenda
        self._pipeline = pipeline
        self._ledger = ledger
        self._recorder = recorder
        self._strategy = strategy
        self._beam = Beam(graph, strategy.beam)
        self._conflicting: frozenset[StepId] = frozenset()
        self.unconfirmed: dict[str, str] = {}
        """What speaks against goals and could not be confirmed, by key."""

    def commit(self, name: ProposerId, job: asyncio.Task[Outcome]) -> None:
        """Let a finished job's result count. Raises only what the job raised: a mistake of ours."""
        if name[1] == TESTER:
            self._commit_test(name[0], job)
            return
        proposer = self._agenda.efforts[name[0]].proposers[name[1]]
        outcome = Finished("cancelled itself") if job.cancelled() else job.result()
        if isinstance(outcome, Checked):
            self._commit_check(proposer, outcome)
            return
        self._ledger.give_back()
        if isinstance(outcome, Finished):
            self._recorder.finished(proposer, outcome.error)
            if outcome.error is not None:
                self._graph.mark_undecided(proposer.goal.key)
            self._agenda.finished(proposer)
            self._finish(proposer.goal.key)

    def _commit_test(self, key: str, job: asyncio.Task[Outcome]) -> None:
        examined = Examined(Tested(), 0.0, "cancelled itself") if job.cancelled() else job.result()
        if not isinstance(examined, Examined):
            self._ledger.give_back()
            return
        self._agenda.efforts[key].tester.done = True
        tested = examined.tested
        self._ledger.settle(tested.checks)
        if examined.error is not None:
            self._recorder.environment_failed(key, examined.error)
        self._recorder.tested(key, tested, examined.seconds)
        if isinstance(tested.found, Refuted):
            self.absorb(self._graph.refute(key, tested.found.witness))
        elif tested.found is not None:
            self.unconfirmed[key] = tested.found.witness
        self._finish(key)

    def _finish(self, key: str) -> None:
        """Conclude what follows if nobody has anything more to say about a goal."""
        if self._agenda.efforts[key].dry:
            self.absorb(self._graph.finish(key))
        self._give_up(key)

    def _give_up(self, key: str) -> None:
        """Tell the goals above, once, that a subgoal is too hard for now."""
        if not self._strategy.replan or (why := self._agenda.too_hard(key)) is None:
            return
        self._recorder.given_up(key, why)
        node = self._graph.goal(key)
        for step_id in node.parents:
            if self._graph.step(step_id).usable and step_id[0] in self._agenda.efforts:
                self._agenda.efforts[step_id[0]].lost.append(f"{node.goal.name}: {why}")
                self._agenda.ask_again(step_id[0])

    def absorb(self, changes: Changes, by: StepId | None = None) -> None:
        """Report what changed (because of the step `by`), drop work that is useless now, take up what is called for."""
        self._recorder.changed(changes, by)
        for key in changes.unwanted:
            self.abandon(key)
        for key, subgoal in changes.lost:
            if key in self._agenda.efforts and self._strategy.replan:
                self._agenda.efforts[key].lost.append(self._why_lost(subgoal))
                self._agenda.ask_again(key)
        for key in changes.wanted:
            self._agenda.open(key)

    def abandon(self, key: str, *, record: bool = True) -> None:
        """Cancel and close all work on a goal."""
        jobs: dict[ProposerId, asyncio.Task[Outcome]] = {}
        effort = self._agenda.efforts.get(key)
        if (test := self._pipeline.cancel((key, TESTER))) is not None:
            jobs[key, TESTER] = test
            self._ledger.give_back()
        for proposer in effort.proposers if effort is not None else ():
            job = self._pipeline.cancel(proposer.id)
            if job is not None:
                jobs[proposer.id] = job
                if proposer.candidate is None:
                    self._ledger.give_back()
                elif record:
                    self._recorder.cancelled(key, proposer.policy.name, proposer.candidate)
        self._agenda.abandon(key, jobs)

    def set_aside(self, conflicts: Conflicts, changed: Conflict) -> None:
        """Do without the steps that the conflicts name, and ask about the goal of the one that changed."""
        self._conflicting = frozenset(conflicts.set_aside())
        self.absorb(self._graph.set_aside(self._conflicting | self._beam.outside))
        self._agenda.ask_again(changed.chosen[0])

    def _commit_check(self, proposer: Proposer, checked: Checked) -> None:
        key = proposer.goal.key
        effort = self._agenda.efforts[key]
        fresh = checked.step.key not in effort.verdicts
        if fresh:
            effort.checking.pop(checked.step.key, None)
            verdict = effort.record(checked.step, checked.verdict)
            proposer.tell(verdict, fresh=True)
            self._apply(proposer, checked, verdict)
        else:
            self._ledger.give_back()
            proposer.tell(self._known_verdict(key, checked.step), fresh=False)
        if self._graph.goal(key).needed:
            promising = fresh and checked.step.trial and isinstance(checked.verdict, Accepted)
            self._agenda.served(proposer, checked=fresh, seconds=checked.seconds, promising=promising)
            self._give_up(key)

    def _apply(self, proposer: Proposer, checked: Checked, verdict: Verdict) -> None:
        """What a new verdict means for the graph."""
        key, changes, step_id, narrowed = proposer.goal.key, Changes(), None, None
        if isinstance(verdict, Accepted) and checked.step.trial and verdict.subgoals:
            pass  # whoever asked knows now, and may propose it, or less of it
        elif isinstance(verdict, Accepted):
            step = verdict.step or checked.step
            step_id = (key, step.key)
            changes = self._graph.add_step(key, step, verdict.subgoals)
            narrowed = self._beam.admit(step_id)
        elif isinstance(verdict, Refuted):
            changes = self._graph.refute(key, verdict.witness)
        elif isinstance(verdict, Unknown) or isinstance(checked.verdict, Accepted):
            self._graph.mark_undecided(key)  # also where the strategy, and not the verifier, turned it down
        if checked.error is not None:
            self._recorder.environment_failed(key, checked.error)
        self._recorder.checked(proposer, checked, verdict, step_id)
        self.absorb(changes, step_id)
        if narrowed is not None:
            self._recorder.put_away(narrowed)
            self.absorb(self._graph.set_aside(self._conflicting | self._beam.outside))

    def _known_verdict(self, key: str, step: Step) -> Verdict:
        """The verdict of a step checked before; one that a conflict keeps out is not presented as a success."""
        verdict = self._agenda.efforts[key].verdicts[step.key]
        if isinstance(verdict, Accepted) and not (step.trial and verdict.subgoals):
            return in_conflict() if self._graph.step((key, (verdict.step or step).key)).set_aside else verdict
        return verdict

    def _why_lost(self, subgoal: str) -> str:
        node = self._graph.goal(subgoal)
        refuted = node.status is GoalStatus.REFUTED
        return f"{node.goal.name}: " + (f"refuted: {node.witness}" if refuted else "no way to prove it was found")
