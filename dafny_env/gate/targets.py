"""One declaration to be proved among others: which of these are open, and whether it depends on one of them.

A proof that rests on what nobody has proved is none. The gate says so of a candidate in the end; asked at the start
about the original, the same rules save the search for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dafny_env.driver.types import CheckRequest, CheckResult, DafnyVerifier, Outcome
from dafny_env.gate.static import judge_text
from dafny_env.gate.surroundings import Surroundings
from dafny_env.gate.verified import trace_names
from dafny_env.index import callables, dependencies
from dafny_env.syntax import ast

SAYS_SOMETHING = (Outcome.VERIFIED, Outcome.FAILED, Outcome.TIMEOUT)
"""Outcomes of a check that tell declarations apart."""
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Told:
    """The qualified names of the declarations that a verifier found failing, and that it ran out of time on."""

    failed: frozenset[str]
    undecided: frozenset[str]


def told_of(program: ast.Program, result: CheckResult) -> Told:
    """What a check of a whole program says of its declarations."""
    by_printed = {printed: name for name, printed in trace_names(program).items()}
    return Told(
        frozenset(by_printed.get(n, n) for n in result.failed),
        frozenset(by_printed.get(n, n) for n in result.timed_out),
    )


def needed_by(program: ast.Program, target: str, unproved: Iterable[str]) -> tuple[str, ...]:
    """Those of the unproved declarations that the target depends on, by name. Insertions never make it fewer. Types and
    constants are among them whatever the target says: a value of an empty type proves everything."""
    others = set(unproved) - {target}
    return tuple(sorted(others & dependencies(program, target) | others - callables(program).keys()))


def depends_on_open(target: str, needed: tuple[str, ...]) -> str:
    """One sentence about a target and the open declarations that it depends on (one at least)."""
    quoted = [f"`{name}`" for name in needed[:_MOST_NAMES]]
    if len(needed) > _MOST_NAMES:
        quoted.append(f"{len(needed) - _MOST_NAMES} more")
    if len(needed) == 1:
        return f"`{target}` depends on {quoted[0]}, which is not proved itself."
    return f"`{target}` depends on {', '.join(quoted[:-1])} and {quoted[-1]}, which are not proved themselves."


async def open_dependencies(
    program: ast.Program,
    target: str,
    first: CheckResult,
    surroundings: Surroundings,
    verifier: DafnyVerifier,
    request: CheckRequest,
) -> tuple[str, ...]:
    """The declarations of an original that the gate will hold against every proof of a target, whatever it inserts.

    first: what a first look at the file said. What failed there is asked again, of the gate's verifier and with the
    gate's `request` on the file: a warm or hurried solver may be wrong. What it ran out of time on, the gate may have
    the time for.
    """
    open_ = judge_text(program, program, surroundings, target).open
    failed = told_of(program, first).failed if first.outcome in SAYS_SOMETHING else frozenset()
    if suspects := needed_by(program, target, failed - open_):
        again = await verifier.check(replace(request, declarations=suspects))
        if again.outcome is Outcome.FAILED:
            open_ |= told_of(program, again).failed
    return needed_by(program, target, open_)
