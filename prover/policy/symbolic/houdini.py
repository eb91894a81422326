"""Houdini: insert all candidates at once, drop what the verifier rejects, repeat until nothing more is dropped.

Flanagan and Leino, "Houdini, an annotation assistant for ESC/Java" (FME 2001). Candidates are invariants, assertions
and calls alike: any insertion that stands on lines of its own. Every round is one check; a timeout prunes nothing for
good, it only sets aside or makes the batch cheaper; only the last, clean round is a step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass

from dafny_env.driver.types import Rule
from dafny_env.environment import StepDiagnostic
from dafny_env.steps import DafnyGoal, DafnyStep, Insertion
from search.ports import Accepted, Refuted, Rejected, Step, Unknown, Verdict

Probe = Generator[Step, Verdict, "Round"]
# A postcondition is reported where its path ends, perhaps inside an item that has done nothing wrong.
SETTLED = (Rule.TIMEOUT, Rule.RESOURCE, Rule.INTERNAL)
QUICK, PATIENT = 2, 6
"""Seconds of the solver per obligation that it gives up on: while pruning, and for what is left."""
DOUBTED = 4
"""How many items that fell in company get another chance."""
RELIEFS = 2
"""How often a batch is made cheaper."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of proof text at an offset of the goal's base text. A fixed item (braces, cases, measures) is never
    pruned.

    order sorts items of one offset; cost is what to give up first when the verifier runs out of time.
    """

    offset: int
    text: str
    order: int = 0
    cost: int = 1
    fixed: bool = False
    indent: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """How a run of Houdini ended: the items that survived, whether the goal is closed, and what still fails."""

    items: tuple[Item, ...]
    closed: bool
    open: tuple[StepDiagnostic, ...] = ()
    timed_out: bool = False
    refused: bool = False
    """The file did not even resolve for a reason outside the items."""


def build(goal: DafnyGoal, items: Sequence[Item], kind: str, *, thorough: bool, solver_seconds: int = PATIENT) -> Step:
    """The step that inserts the items, each on a line of its own."""
    ordered = sorted(items, key=lambda i: (i.offset, i.order))
    insertions = []
    for k, item in enumerate(ordered):
        text = f"\n{item.indent}{item.text}"
        last = k + 1 == len(ordered) or ordered[k + 1].offset != item.offset
        rest = goal.base[item.offset :].split("\n", 1)[0]
        if last and rest.strip():
            text += f"\n{item.indent[:-2]}"
        insertions.append(Insertion(item.offset, text))
    return make_step(DafnyStep(tuple(insertions), thorough=thorough, solver_seconds=solver_seconds), kind)


def make_step(payload: DafnyStep, kind: str) -> Step:
    """A search step from its Dafny payload; equal texts at equal places have equal keys."""
    parts = [f"{i.offset}:{i.text}" for i in payload.insertions]
    parts += [payload.helpers, str(payload.thorough), str(payload.solver_seconds)]
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
    text = "".join(i.text for i in payload.insertions) + ("\n" + payload.helpers if payload.helpers else "")
    return Step(key, text.strip("\n"), kind, payload)


def houdini(goal: DafnyGoal, items: Sequence[Item], kind: str, *, rounds: int = 18, hasty: bool = False) -> Probe:
    """Prune a batch of items to the largest set that holds together, by the verifier's own errors.

    Yields one step per round and is sent its verdict. Rounds are quick; an item on which the solver ran out of time is
    set aside, and comes back, with more time, when the others have settled and the goal is still open. Returns when the
    goal is closed, nothing more is pruned, or `rounds` are used up.
    """
    batch = _Batch(sorted(items, key=lambda i: (i.offset, i.order)), hasty=hasty)
    for _ in range(rounds):
        verdict = yield build(goal, batch.alive, kind, thorough=True, solver_seconds=batch.solver_seconds)
        match verdict:
            case Accepted():
                return Round(tuple(batch.alive), True)
            case Refuted():
                return Round(tuple(batch.alive), False)
            case Rejected(diagnostics=found) | Unknown(diagnostics=found):
                diagnostics: tuple[StepDiagnostic, ...] = found
        timed_out = isinstance(verdict, Unknown) or any(d.diagnostic.rule in SETTLED for d in diagnostics)
        if batch.prune(diagnostics) or (batch.relax(told=bool(diagnostics)) if timed_out else batch.reconsider()):
            continue
        unresolved = any(d.diagnostic.rule in (Rule.PARSE, Rule.RESOLVE) for d in diagnostics)
        refused = unresolved and not timed_out
        return Round(tuple(batch.alive), False, diagnostics, timed_out=timed_out, refused=refused)
    return Round(tuple(batch.alive), False, (), timed_out=True)


class _Batch:
    """The items of one run of Houdini, and how much time the solver gets for them.

    An item that was not seen to be maintained in company that fell with it may have been lost in the crowd: solvers are
    incomplete. A few such items come back once, without the company; what took too much time comes back after that.
    """

    def __init__(self, items: list[Item], *, hasty: bool = False) -> None:
        self.alive = items
        self._hasty = hasty
        self.solver_seconds = QUICK
        self._aside: list[Item] = []
        self._doubted: list[Item] = []
        self._again: set[str] = set()
        """Which of the two have come back already."""
        self._reliefs = 0
        self._slow = 0
        """Rounds in which all that was blamed had taken too much time: every one sets aside twice as much as the last,
        or each of many items would cost a round."""

    def prune(self, diagnostics: Sequence[StepDiagnostic]) -> bool:
        """Drop the items that errors are about, and set aside those that cost too much time; whether there were any."""
        blamed = {d.insertion for d in diagnostics if d.diagnostic.rule not in (*SETTLED, Rule.POSTCONDITION)}
        slow = {d.insertion for d in diagnostics if d.diagnostic.rule is Rule.TIMEOUT} - blamed
        gone = sorted(k for k in blamed | slow if k is not None and k < len(self.alive) and not self.alive[k].fixed)
        if gone and not blamed.intersection(gone):
            gone = sorted({*gone, *self._costliest(2**self._slow - 1, gone)})
            self._slow += 1
        other = {d.insertion for d in diagnostics if d.diagnostic.rule is not Rule.INVARIANT_MAINTAINED}
        if "aside" not in self._again:
            self._aside += [self.alive[k] for k in gone if k not in blamed]
        if "doubted" not in self._again and len(gone) > 1:
            self._doubted += [self.alive[k] for k in gone if k in blamed - other and self.alive[k].cost > 1]
        self.alive = [item for k, item in enumerate(self.alive) if k not in gone]
        return bool(gone)

    def _costliest(self, count: int, gone: Sequence[int]) -> list[int]:
        """The last of the costliest items besides those that go."""
        left = [k for k, item in enumerate(self.alive) if not item.fixed and k not in gone]
        return sorted(left, key=lambda k: (-self.alive[k].cost, -k))[:count]

    def relax(self, *, told: bool) -> bool:
        """After a timeout that no item is blamed for: more time first, where the solver was what stopped (`told`), then
        fewer items. False when neither is left."""
        if self._hasty:
            return False
        if told and self.solver_seconds < PATIENT:
            self.solver_seconds = PATIENT
            return True
        self._reliefs += 1
        cheaper = _cheaper(self.alive)
        if self._reliefs > RELIEFS or len(cheaper) == len(self.alive):
            return False
        self.alive = cheaper
        return True

    def reconsider(self) -> bool:
        """Bring back what was doubted, or else what was set aside, once each; whether there was anything."""
        for name, items in (("doubted", sorted(self._doubted, key=lambda i: i.cost)[:DOUBTED]), ("aside", self._aside)):
            if name not in self._again and items:
                self._again.add(name)
                self._slow = 0
                self.alive = sorted([*self.alive, *items], key=lambda i: (i.offset, i.order))
                self.solver_seconds = PATIENT
                return True
        return False


def _cheaper(items: Sequence[Item]) -> list[Item]:
    """The items without the costlier half of those that are not plain arithmetic."""
    heavy = sorted((k for k, i in enumerate(items) if not i.fixed and i.cost > 1), key=lambda k: (items[k].cost, k))
    dropped = set(heavy[len(heavy) // 2 :])
    return [item for k, item in enumerate(items) if k not in dropped]
