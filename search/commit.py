"""What results mean: verdicts enter the graph; what it then calls for is opened, what it no longer needs is dropped."""

from __future__ import annotations

import asyncio

from search.agenda import Agenda, ProposerId
from search.budget import Ledger
from search.conflicts import Conflict, Conflicts
from search.effort import Checked, in_conflict
from search.graph import ProofGraph
from search.nodes import Changes, GoalStatus, StepId
from search.pipeline import Pipeline
from search.ports import Accepted, Refuted, Step, Unknown, Verdict
from search.proposer import Finished, Halted, Proposer
from search.recorder import Recorder

Outcome = Checked | Finished | Halted
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
    ) -> None:
        self._graph = graph
        self._agenda = agenda
        self._pipeline = pipeline
        self._ledger = ledger
        self._recorder = recorder

    def commit(self, name: ProposerId, job: asyncio.Task[Outcome]) -> None:
        """Let a finished job's result count. Raises only what the job raised: a mistake of ours."""
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
            if self._agenda.finished(proposer):
                self.absorb(self._graph.finish(proposer.goal.key))

    def absorb(self, changes: Changes, by: StepId | None = None) -> None:
        """Report what changed (because of the step `by`), drop work that is useless now, take up what is called for."""
        self._recorder.changed(changes, by)
        for key in changes.unwanted:
            self.abandon(key)
        for key, subgoal in changes.lost:
            if key in self._agenda.efforts:
                self._agenda.efforts[key].lost.append(self._why_lost(subgoal))
                self._agenda.ask_again(key)
        for key in changes.wanted:
            self._agenda.open(key)

    def abandon(self, key: str, *, record: bool = True) -> None:
        """Cancel and close all work on a goal."""
        jobs = {}
        effort = self._agenda.efforts.get(key)
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
        self.absorb(self._graph.set_aside(conflicts.set_aside()))
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
            self._agenda.served(proposer, checked=fresh)

    def _apply(self, proposer: Proposer, checked: Checked, verdict: Verdict) -> None:
        """What a new verdict means for the graph."""
        key, changes, step_id = proposer.goal.key, Changes(), None
        if isinstance(verdict, Accepted):
            step = verdict.step or checked.step
            step_id = (key, step.key)
            changes = self._graph.add_step(key, step, verdict.subgoals)
        elif isinstance(verdict, Refuted):
            changes = self._graph.refute(key, verdict.witness)
        elif isinstance(verdict, Unknown):
            self._graph.mark_undecided(key)
        if checked.error is not None:
            self._recorder.environment_failed(key, checked.error)
        self._recorder.checked(proposer, checked, verdict, step_id)
        self.absorb(changes, step_id)

    def _known_verdict(self, key: str, step: Step) -> Verdict:
        """The verdict of a step checked before; one that a conflict keeps out is not presented as a success."""
        verdict = self._agenda.efforts[key].verdicts[step.key]
        if isinstance(verdict, Accepted) and self._graph.step((key, (verdict.step or step).key)).set_aside:
            return in_conflict()
        return verdict

    def _why_lost(self, subgoal: str) -> str:
        node = self._graph.goal(subgoal)
        refuted = node.status is GoalStatus.REFUTED
        return f"{node.goal.name}: " + (f"refuted: {node.witness}" if refuted else "no way to prove it was found")
