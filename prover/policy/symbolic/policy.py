"""The symbolic policy: which families of candidates are tried for which goal, and in which order.

Needs no model. Each strategy is a generator that yields steps and is sent their verdicts, so that strategies compose
with `yield from`; `propose` turns one into the coroutine that the search asks for, and runs its computing off the event
loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from dafny_env.interp.trace import EFFORT
from dafny_env.steps import GoalKind
from prover.policy.symbolic.conjecture.stating import stated
from prover.policy.symbolic.lemma import prove_fact, prove_function, prove_lemma
from prover.policy.symbolic.method import prove_method
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.splitting import mended, splits, witnessed
from search.ports import Goal, PolicyContext, Proposals, Rung, Step, Verdict

Strategy = Generator[Step, Verdict, object]


PROBES, WIDER = 3, 4
"""Steps that are probes, and how many times as many alternatives there are at the last rung."""


class SymbolicPolicy:
    """Implements `search.ports.Policy` for Dafny goals.

    trace_effort: how many steps the program is run on small inputs before the verifier is asked (per goal).
    """

    name = "symbolic"
    rungs = tuple(Rung)

    def __init__(self, *, trace_effort: int = EFFORT) -> None:
        self._trace_effort = trace_effort

    async def propose(self, goal: Goal, context: PolicyContext) -> Proposals:
        """Yield candidates for a goal until out of ideas."""
        setting = await asyncio.to_thread(Setting, goal.payload, context.seed, self._trace_effort)
        strategy = choose(setting, context)
        verdict: Verdict | None = None
        try:
            while True:
                step = await asyncio.to_thread(_advance, strategy, verdict)
                if step is None:
                    return
                verdict = yield step
        finally:
            with suppress(ValueError):  # it is computing still: then nobody will ask it again
                strategy.close()


def _advance(strategy: Strategy, verdict: Verdict | None) -> Step | None:
    """The next step of a strategy; None at its end (StopIteration may not cross a future)."""
    try:
        return next(strategy) if verdict is None else strategy.send(verdict)
    except StopIteration:
        return None


def choose(setting: Setting, context: PolicyContext) -> Strategy:
    """The strategy for a goal's kind and declaration, at a rung of the ladder."""
    match context.rung:
        case Rung.DECOMPOSE | Rung.REPAIR if context.whole:
            return nothing()
        # What fails in a method tells which lemma it needs; conjectures are for what that does not tell.
        case Rung.DECOMPOSE if closing(setting) is prove_method:
            return mended(setting, context)
        case Rung.REPAIR if closing(setting) is prove_method:
            return decompositions(setting, context)
        case Rung.DECOMPOSE:
            return decompositions(setting, context)
        case Rung.REPAIR:
            return mended(setting, context)
        case Rung.PROBE:
            return probes(setting)
        case Rung.WIDEN:
            return wider(setting, context)
    return closing(setting)(setting)


def probes(setting: Setting) -> Strategy:
    """The first few steps of what closes a goal; none at methods with loops, where looking costs more than they do.
    Asked to close the goal later, the same steps cost nothing."""
    strategy = closing(setting)(setting)
    verdict: Verdict | None = None
    for _ in range(0 if closing(setting) is prove_method else PROBES):
        step = _advance(strategy, verdict)
        if step is None:
            break
        verdict = yield step
    strategy.close()
    return None


def wider(setting: Setting, context: PolicyContext) -> Strategy:
    """Everything once more, from other observations and with more alternatives."""
    yield from closing(setting)(setting)
    if not context.whole:
        yield from decompositions(setting, replace(context, width=WIDER * context.width, visits=context.visits + 1))
    return None


def nothing() -> Strategy:
    """No steps."""
    yield from ()
    return None


def closing(setting: Setting) -> Callable[[Any], Strategy]:
    """The strategy that leaves nothing open."""
    located = setting.located
    if setting.goal.kind is GoalKind.FACT:
        return prove_fact
    if setting.goal.kind is GoalKind.LEMMA or (located is not None and located.decl.is_lemma):
        return prove_lemma_or_witness
    if located is not None and located.decl.is_function:
        return prove_function
    return prove_method


def prove_lemma_or_witness(setting: Setting) -> Strategy:
    """Where a lemma says that something exists, a witness first: without one solvers search to the end of their
    time."""
    closed = yield from witnessed(setting)
    return closed if closed is not None else (yield from prove_lemma(setting))


def decompositions(setting: Setting, context: PolicyContext) -> Strategy:
    """Steps that leave subgoals: lemmas that the file does not state, then facts at program points."""
    yield from stated(setting, context)
    yield from splits(setting, context)
    return None
