"""A Lean file at the start of a run: its environment, its policy, and why it cannot be worked on, where it cannot."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from lean_project.driver.factory import Toolchain
from lean_project.driver.types import Outcome, Rule
from lean_project.environment import LeanEnvironment, Opened
from lean_project.gate.permitted import objection_to
from lean_project.syntax.commands import commands, imports, resolved
from lean_project.toolchain import Kind
from prover.policy.lean.policy import LeanPolicy
from prover.policy.lean.portfolio import missing_tactics
from prover.results import Status


@dataclass(frozen=True, slots=True)
class NotOpened:
    """A file that cannot be worked on, and why, in one sentence. unanswered: as in `ProveResult`."""

    status: Status
    reason: str
    unanswered: str = ""


@dataclass(frozen=True, slots=True)
class LeanFile:
    """A file with its environment. target: the full name of the only declaration to prove; None for all."""

    environment: LeanEnvironment
    target: str | None


def lean_file(
    text: str,
    target: str | None,
    tools: Toolchain,
    *,
    check_seconds: float,
    refute_share: float | None = None,
    granted: Collection[str] = (),
) -> LeanFile | NotOpened:
    """The environment of a text. Nothing is elaborated yet. granted: as in `LeanEnvironment`."""
    declared = [c for c in commands(text) if c.declares]
    found = None if target is None else resolved(target, declared)
    if target is not None and found is None:
        told = ", ".join(sorted(c.full_name for c in declared if c.full_name)[:12]) or "none"
        return NotOpened(Status.INVALID, f"no declaration {target} in the file; it has: {told}.")
    if not declared:
        return NotOpened(Status.INVALID, "there is nothing to prove: the file declares nothing.")
    environment = LeanEnvironment(
        text,
        tools.above(),
        version=str(tools.installation),
        target=found,
        check_seconds=check_seconds,
        objection=objection_to,
        granted=granted,
        refute_share=refute_share,
    )
    return LeanFile(environment, found)


def not_opened(opened: Opened, tools: Toolchain) -> NotOpened | None:
    """Why the first look at a file does not allow a second; None where it does."""
    bundled = tools.installation.kind is Kind.BUNDLED
    result = opened.result
    match result.outcome:
        case Outcome.OK:
            return NotOpened(Status.UNKNOWN, f"{opened.reason}; give it more --seconds.") if opened.reason else None
        case Outcome.MISSING_IMPORT:
            told = missing_import(result.errors[0].message) if result.errors else "an import is missing"
            if bundled:
                told += (
                    " (the bundled core has no other modules: install Lean with elan, or run inside the Lake project)"
                )
            return NotOpened(Status.UNSUPPORTED, told)
        case Outcome.ERRORS:
            first = result.errors[0]
            told = f"line {first.place.line}: {first_line(first.message)}"
            if bundled:
                told += " (on the bundled core library; if stock Lean accepts the file, install it with elan)"
            return NotOpened(Status.UNSUPPORTED if bundled else Status.INVALID, told)
    stopped = next((d for d in result.diagnostics if d.rule is Rule.INTERRUPTED), None)
    if stopped is not None:
        told = f"line {stopped.place.line}: `#exit` keeps Lean from what stands behind it: take it out."
        return NotOpened(Status.UNKNOWN, told)
    unanswered = "Lean crashed when it was asked: see `prover doctor`" if result.outcome is Outcome.CRASHED else ""
    return NotOpened(Status.UNKNOWN, f"Lean gave no verdict on the file as it is ({result.outcome}).", unanswered)


def only_data(opened: Opened) -> NotOpened | None:
    """Where nothing but data is missing, which nobody proves; None where a proof is, or nothing."""
    if opened.roots or not opened.data:
        return None
    lines = ", ".join(map(str, opened.data))
    return NotOpened(Status.UNSUPPORTED, f"what is missing is data, not a proof (line {lines}).")


async def lean_policy(text: str, tools: Toolchain, *, seconds: float) -> LeanPolicy:
    """The symbolic policy with the tactics that work behind the imports of a text. seconds: for each look."""
    header = "\n".join(f"import {module}" for module in imports(text))
    return LeanPolicy(await missing_tactics(tools.working, header, seconds=seconds))


def missing_import(message: str) -> str:
    """Lean's complaint about a module that is not there, without the folders in which it was looked for."""
    told = first_line(message)
    named = re.search(r"['`]([\w.]+)['`]", told)
    return f"the import {named[1]} is not installed" if named else told


def first_line(message: str) -> str:
    """The first line of a message of Lean."""
    return message.strip().split("\n", 1)[0]
