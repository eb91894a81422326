"""The ports of the search: what an environment, a policy and a clock must offer, and the values they exchange.

A **goal** is an OR node: one thing left to prove. A **step** is text proposed for one goal; accepted by the
environment it becomes an AND node over the subgoals it leaves open. `payload`s belong to the environment and are
opaque here."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, ClassVar, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing left to prove. Equal keys are one node of the graph.

    key: covers verifier and options, frozen environment, visible helpers, hypotheses and target (the environment's
    duty). name: for people. complexity: operator occurrences of the statement, at least 1, supplied by the
    environment. text: the statement, for people and the journal. metavariables: names shared with sibling goals
    (Lean); a step whose open goals share one is rejected."""

    key: str
    name: str
    text: str = ""
    complexity: int = 1
    trivially_false: bool = False
    metavariables: frozenset[str] = frozenset()
    payload: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """Text proposed for a goal. key: equal keys at one goal are one step, checked once. kind: a word for the journal
    (`houdini`, `induction`, `decomposition`...). trial: asked for its verdict alone; accepted, it enters no plan, and
    what it leaves open is nobody's goal."""

    key: str
    text: str
    kind: str = "step"
    payload: Any = field(default=None, compare=False, repr=False)
    trial: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The verifier accepts the step with its subgoals taken for granted. `step`, where given, is the environment's
    normal form (pruned, renamed...), recorded and assembled instead of the proposed one."""

    subgoals: tuple[Goal, ...] = ()
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The verifier rejects the step; `diagnostics` are the environment's own values, `summary` one line for people.
    `open_obligations` says how far from closed it is (failing obligations), for keeping the best partial result."""

    summary: str = ""
    diagnostics: tuple[Any, ...] = field(default=(), compare=False)
    open_obligations: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Timeout, crash or overload: never a failure of the step and never a success."""

    reason: str = ""
    diagnostics: tuple[Any, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Refuted:
    """The goal itself is false, with a confirmed witness. Only an environment's confirmation makes this value."""

    witness: str


Verdict = Accepted | Rejected | Unknown | Refuted


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Something speaks against the goal (a solver's model), but nobody could confirm it: told, never acted on."""

    witness: str


@dataclass(frozen=True, slots=True)
class Tested:
    """What looking for a counterexample came to. found: None where there is none known, which says nothing. checks: how
    often the verifier was asked for it."""

    __test__: ClassVar[bool] = False  # for pytest, which would take it for a class of tests

    found: Refuted | Unconfirmed | None = None
    checks: int = 0


class Rung(IntEnum):
    """The ladder of a goal: what kind of proposals a policy is asked for, the cheapest first."""

    PROBE = 0
    """Nothing at all, or the line that usually does it."""
    CLOSE = 1
    """Steps that leave nothing open."""
    DECOMPOSE = 2
    """Steps that leave subgoals."""
    REPAIR = 3
    """What was rejected, mended with the verifier's message."""
    WIDEN = 4
    """More of all of it, from a wider space."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a proposal cost besides checks: tokens sampled."""

    tokens: int = 0


@dataclass(frozen=True, slots=True)
class PolicyContext:
    """What a policy may know about the goal's place: its depth in the tree (roots 0), how often it was asked about
    this goal at this rung before, what was rejected (or not decided) so far, which lemmas of earlier steps were lost
    and why (`name: why`), and a seed of its own for randomness (a function of the run's seed, the goal, the policy and
    `visits`). rung: what is asked for. width: how many alternatives are worth proposing in this run; it grows with
    visits. whole: steps that leave goals open do not count."""

    depth: int = 0
    visits: int = 0
    rung: Rung = Rung.CLOSE
    width: int = 4
    whole: bool = False
    rejected: Sequence[tuple[Step, Rejected | Unknown]] = ()
    lost_lemmas: Sequence[str] = ()
    seed: int = 0


Proposals = AsyncGenerator[Step | Spent, Verdict | None]
"""A policy's coroutine for one goal: it yields candidates and is sent each one's verdict (None after `Spent`)."""


class Policy(Protocol):
    """Proposes steps. A proposer is a coroutine: Houdini yields its candidates round by round. Every yield is a check
    that the budget counts and the journal records; a step already checked at this goal gets its old verdict back for
    free. It may be closed at any yield (also in the middle of an `await`). When it returns, it is out of ideas for
    now: it is asked once more, with what was learnt, if it brought anything new or a lemma was lost since; the goal
    is exhausted only when such a repetition brings no new step."""

    @property
    def name(self) -> str:
        """As in `--policy`."""
        ...

    @property
    def rungs(self) -> Sequence[Rung]:
        """What it has something to say at: at each of these rungs it has a proposer of its own for every goal."""
        ...

    def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        """Start proposing for a goal, at the context's rung."""
        ...


@runtime_checkable
class Owing(Protocol):
    """A policy that tells what it has sampled only once that was checked, so that a budget which comes to its end does
    not throw away what it paid for. It must ask for no more than the budget has."""

    def owed(self) -> int:
        """Tokens sampled that no `Spent` has told of; they count as told now. Asked when nobody proposes any more."""
        ...


class Environment(Protocol):
    """Checks steps with a real verifier. Concurrent calls are allowed; cancellation must end child processes at
    once."""

    async def roots(self) -> Sequence[Goal]:
        """The root goals of the task, all of which a proof must close."""
        ...

    async def check(self, goal: Goal, step: Step, *, seconds: float) -> Verdict:
        """Whether the step is justified for the goal, within a wall-clock bound (the rest of the budget; may be
        `inf`)."""
        ...

    async def refute(self, goal: Goal, *, seconds: float) -> Tested:
        """Look for a counterexample, within a wall-clock bound (may be `inf`: then within bounds of its own)."""
        ...

    async def assemble(self, solution: Mapping[str, Assignment], *, seconds: float) -> Verdict:
        """Put the recorded steps of all solved goals together, and check the whole file; Accepted means that it
        verifies as one. `solution` maps goal keys to the step that solved each and its subgoals, closed under
        subgoals from the roots, every goal after its subgoals. Rejected carries the goal keys in conflict (strings,
        the most suspect first) among its `diagnostics` where known."""
        ...


@dataclass(frozen=True, slots=True)
class Assignment:
    """A solved goal with its first solving step; all of the subgoals were solved strictly earlier."""

    goal: Goal
    step: Step
    subgoals: tuple[Goal, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a journal keeps of a payload: JSON values, and long texts, each written once however often it is met."""

    fields: Mapping[str, Any]
    texts: Mapping[str, str] = field(default_factory=dict)


class Records(Protocol):
    """Tells a journal what goals and steps are made of, so that others can read it later (training, for one)."""

    def goal(self, goal: Goal) -> Kept:
        """Of a goal's payload."""
        ...

    def step(self, step: Step) -> Kept:
        """Of a step's payload; only its fields are kept."""
        ...


class Clock(Protocol):
    """Monotonic seconds, running at the rate of the event loop's clock (which the search's timers use)."""

    def now(self) -> float:
        """Seconds since an arbitrary start."""
        ...
