"""Houdini: insert all candidates at once, drop what the verifier rejects, repeat until nothing more is dropped.

Flanagan and Leino, "Houdini, an annotation assistant for ESC/Java" (FME 2001). Candidates are invariants, assertions
and calls alike: any insertion that stands on lines of its own. Every round is one check; a timeout prunes nothing by
itself, the batch is made cheaper instead; only the last, clean round is a step.
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


def build(goal: DafnyGoal, items: Sequence[Item], kind: str, *, thorough: bool, solver_seconds: int = 5) -> Step:
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


def houdini(goal: DafnyGoal, items: Sequence[Item], kind: str, *, rounds: int = 14, solver_seconds: int = 5) -> Probe:
    """Prune a batch of items to the largest set that holds together, by the verifier's own errors.

    Yields one step per round and is sent its verdict. Returns when the goal is closed, nothing more is pruned, or
    `rounds` are used up.
    """
    alive = sorted(items, key=lambda i: (i.offset, i.order))
    timeouts = 0
    for _ in range(rounds):
        verdict = yield build(goal, alive, kind, thorough=True, solver_seconds=solver_seconds)
        match verdict:
            case Accepted():
                return Round(tuple(alive), True)
            case Refuted():
                return Round(tuple(alive), False)
            case Rejected(diagnostics=found) | Unknown(diagnostics=found):
                diagnostics: tuple[StepDiagnostic, ...] = found
        blamed = {d.insertion for d in diagnostics if d.diagnostic.rule not in (*SETTLED, Rule.POSTCONDITION)}
        bad = {k for k in blamed if k is not None and k < len(alive) and not alive[k].fixed}
        timed_out = isinstance(verdict, Unknown) or any(d.diagnostic.rule in SETTLED for d in diagnostics)
        if bad:
            alive = [item for k, item in enumerate(alive) if k not in bad]
            continue
        if timed_out:
            timeouts += 1
            cheaper = _cheaper(alive)
            if timeouts > 3 or len(cheaper) == len(alive):
                return Round(tuple(alive), False, diagnostics, timed_out=True)
            alive = cheaper
            continue
        unresolved = any(d.diagnostic.rule in (Rule.PARSE, Rule.RESOLVE) for d in diagnostics)
        return Round(tuple(alive), False, diagnostics, refused=unresolved)
    return Round(tuple(alive), False, (), timed_out=True)


def _cheaper(items: Sequence[Item]) -> list[Item]:
    """The items without the costlier half of those that are not plain arithmetic."""
    heavy = sorted((k for k, i in enumerate(items) if not i.fixed and i.cost > 1), key=lambda k: (items[k].cost, k))
    dropped = set(heavy[len(heavy) // 2 :])
    return [item for k, item in enumerate(items) if k not in dropped]
