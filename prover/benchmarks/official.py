"""The dynamic part of official rules, the same for all benchmarks: one run of the pinned verifier on the spliced text.

Another verifier than the pinned one gives no official verdict, whatever it says: the benchmark's figures are about its
own. Lean on the bundled core is never the pinned one."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dafny_env.driver.types import CheckRequest, DafnyVerifier, Outcome
from lean_project.driver.types import LeanResult
from lean_project.driver.types import Outcome as LeanOutcome
from lean_project.toolchain import Kind, LeanInstallation
from prover.benchmarks.benchmark import OfficialRule, Pin, Refused, SorryFails
from prover.benchmarks.task import BenchmarkTask
from prover.inputs import SourceFile
from prover.languages import Language
from prover.lean_toolchain import lean_toolchain
from prover.pools import Pools
from prover.results import Objection
from prover.settings import Settings
from prover.toolchain import NoVerifier, first_error, toolchain

BUNDLED = "Lean on the bundled core"
"""The name of a tool that no benchmark pins."""


@dataclass(frozen=True, slots=True)
class OfficialVerdict:
    """Whether an attempt counts as solved by its benchmark's own rule. passed: None where that cannot be said here.
    objections: why the harness refuses it before any verifier runs. reason: one sentence where it is not True.
    sorry: Lean warned that something is left unproved."""

    passed: bool | None
    objections: tuple[Objection, ...] = ()
    reason: str = ""
    sorry: bool = False


class OfficialVerifier(Protocol):
    """A verifier as official rules use it: a fresh process for each text."""

    @property
    def tool(self) -> str:
        """As pins call it (`Dafny`, `Lean`)."""
        ...

    @property
    def version(self) -> str:
        """As it prints itself (`4.11.0`)."""
        ...

    async def check(self, text: str, seconds: float) -> OfficialVerdict:
        """Whether it accepts a text within wall-clock `seconds`. Never raises for what the text or the verifier
        does."""
        ...


class ColdLean(Protocol):
    """What is needed of `lean_project.driver.command.CommandVerifier`."""

    installation: LeanInstallation

    async def check(self, text: str, *, seconds: float) -> LeanResult:
        """Check a text in a fresh process."""
        ...


@dataclass(frozen=True, slots=True)
class OfficialDafny:
    """`dafny verify`, warnings allowed: no errors. verifier: one that keeps nothing between checks and translates
    nothing. folder: where includes are."""

    verifier: DafnyVerifier
    folder: Path | None = None

    @property
    def tool(self) -> str:
        """Dafny."""
        return "Dafny"

    @property
    def version(self) -> str:
        """As it prints itself."""
        return self.verifier.info.version

    async def check(self, text: str, seconds: float) -> OfficialVerdict:
        """The harness bounds the whole run alone; no procedure has a bound of its own."""
        request = CheckRequest(text, self.folder, seconds=seconds, solver_seconds=max(1, math.ceil(seconds)))
        result = await self.verifier.check(request)
        match result.outcome:
            case Outcome.VERIFIED:
                return OfficialVerdict(True)
            case Outcome.TIMEOUT:
                return _too_slow(seconds)
            case Outcome.FAILED:
                told = result.errors[0].message if result.errors else "a proof is missing"
                return OfficialVerdict(False, reason=f"Dafny does not verify it: {told}.")
            case Outcome.PARSE_ERROR | Outcome.RESOLVE_ERROR:
                return OfficialVerdict(False, reason=f"Dafny does not read it: {first_error(result)}")
        return OfficialVerdict(None, reason=f"Dafny gave no verdict ({result.outcome}).")


@dataclass(frozen=True, slots=True)
class OfficialLean:
    """`lean FILE`: exit status 0, so that `sorry` alone is no error."""

    verifier: ColdLean

    @property
    def tool(self) -> str:
        """Lean, or what no benchmark pins."""
        return BUNDLED if self.verifier.installation.kind is Kind.BUNDLED else "Lean"

    @property
    def version(self) -> str:
        """As it prints itself."""
        return self.verifier.installation.version

    async def check(self, text: str, seconds: float) -> OfficialVerdict:
        """A missing import is no verdict: the pin has more than what is installed."""
        result = await self.verifier.check(text, seconds=seconds)
        first = result.errors[0].message.split("\n", 1)[0] if result.errors else str(result.outcome)
        match result.outcome:
            case LeanOutcome.OK:
                return OfficialVerdict(True, sorry=bool(result.sorries))
            case LeanOutcome.TIMEOUT:
                return _too_slow(seconds)
            case LeanOutcome.ERRORS:
                return OfficialVerdict(False, reason=f"Lean does not accept it: {first}.")
            case LeanOutcome.MISSING_IMPORT:
                return OfficialVerdict(None, reason=f"an import is missing here: {first}.")
        return OfficialVerdict(None, reason=f"Lean gave no verdict ({result.outcome}).")


@dataclass(frozen=True, slots=True)
class ByLanguage:
    """The rules of a benchmark with tasks in both languages, as one: each task is judged by its language's."""

    dafny: OfficialRule
    lean: OfficialRule

    def of(self, language: Language) -> OfficialRule:
        """The rule of a language."""
        return self.dafny if language == "dafny" else self.lean

    @property
    def pin(self) -> Pin:
        """Both, in words: no verifier is this one."""
        return Pin(f"{self.dafny.pin} or {self.lean.pin.tool}", self.lean.pin.version, self.lean.pin.extra)

    @property
    def seconds(self) -> float:
        """The longer of them."""
        return max(self.dafny.seconds, self.lean.seconds)

    def spliced(self, task: BenchmarkTask, candidate: str) -> str | Refused:
        """By the rule of the task's language."""
        return self.of(task.language).spliced(task, candidate)


async def judge_official(
    rule: OfficialRule, task: BenchmarkTask, candidate: str, verifier: OfficialVerifier | NoVerifier
) -> OfficialVerdict:
    """The official verdict on a candidate, a whole file.

    What the harness refuses is refused whatever is installed. Else the pinned verifier decides within the rule's
    seconds; with another one, or none, `passed` is None and the reason names both. Never raises for what the candidate
    is.
    """
    if isinstance(rule, ByLanguage):
        rule = rule.of(task.language)
    spliced = rule.spliced(task, candidate)
    if isinstance(spliced, Refused):
        first = spliced.objections[0].message if spliced.objections else "the harness refuses it"
        return OfficialVerdict(False, spliced.objections, f"The official harness refuses it: {first}.")
    if isinstance(verifier, NoVerifier) or not is_pinned(rule.pin, verifier):
        return _not_pinned(rule.pin, verifier)
    verdict = await verifier.check(spliced, rule.seconds)
    if verdict.passed and verdict.sorry and isinstance(rule, SorryFails) and rule.sorry_fails:
        return OfficialVerdict(False, reason="Lean warns of a `sorry`, which the official harness does not accept.")
    return verdict


def unfinished(rule: OfficialRule, task: BenchmarkTask, verifier: OfficialVerifier | NoVerifier) -> OfficialVerdict:
    """The official verdict where there is no candidate: no, but only where the pinned verifier would have been asked
    (another one may be why there is none)."""
    if isinstance(rule, ByLanguage):
        rule = rule.of(task.language)
    if isinstance(verifier, NoVerifier) or not is_pinned(rule.pin, verifier):
        return _not_pinned(rule.pin, verifier)
    return OfficialVerdict(False, reason="There is no finished file.")


def _not_pinned(pin: Pin, verifier: OfficialVerifier | NoVerifier) -> OfficialVerdict:
    here = (
        "none is installed" if isinstance(verifier, NoVerifier) else f"installed is {verifier.tool} {verifier.version}"
    )
    return OfficialVerdict(None, reason=f"The official verdict needs {pin}; {here}.")


def is_pinned(pin: Pin, verifier: OfficialVerifier) -> bool:
    """Whether a verifier is the one of a pin: the same tool, and a version that begins with the pin's parts (`4.11` is
    4.11.0, and neither 4.1 nor 4.110)."""
    if verifier.tool != pin.tool:
        return False
    rest = verifier.version.removeprefix(pin.version)
    return rest != verifier.version and not rest[:1].isalnum()


@asynccontextmanager
async def official_verifier(
    task: BenchmarkTask, settings: Settings, pools: Pools | None = None
) -> AsyncIterator[OfficialVerifier | NoVerifier]:
    """The verifier of this machine for a task, closed at the end, or what is missing. pools: where it is borrowed from
    instead."""
    if task.language == "lean":
        path = Path(task.path) if task.path else None
        async with lean_toolchain(SourceFile(path, task.source, "", "lean"), settings, pools) as lean:
            yield lean if isinstance(lean, NoVerifier) else OfficialLean(lean.cold)
        return
    async with toolchain(settings, pools) as tools:
        folder = Path(task.path).parent if task.path else None
        yield tools if isinstance(tools, NoVerifier) else OfficialDafny(tools.cold, folder)


def _too_slow(seconds: float) -> OfficialVerdict:
    return OfficialVerdict(False, reason=f"It is not verified within the official {seconds:g} s.")
