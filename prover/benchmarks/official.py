"""The dynamic part of official rules, the same for all benchmarks: what the pinned verifier says of the spliced text.

Another verifier than the pinned one gives no official verdict, whatever it says: the benchmark's figures are about its
own. Lean on the bundled core is never the pinned one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from prover.benchmarks.benchmark import CompilesFirst, OfficialRule, Pin, Refused, SorryFails
from prover.benchmarks.task import BenchmarkTask
from prover.languages import Language
from prover.results import Objection
from prover.toolchain import NoVerifier


@dataclass(frozen=True, slots=True)
class OfficialVerdict:
    """Whether an attempt counts as solved by its benchmark's own rule. passed: None where that cannot be said here.
    objections: why the harness refuses it before any verifier runs. reason: one sentence where it is not True.
    sorry: Lean warned that something is left unproved. timed_out: the harness's time limit is why: on a busy machine
    that says nothing."""

    passed: bool | None
    objections: tuple[Objection, ...] = ()
    reason: str = ""
    sorry: bool = False
    timed_out: bool = False


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


def rule_of(rule: OfficialRule, task: BenchmarkTask) -> OfficialRule:
    """The rule that a task is judged by."""
    return rule.of(task.language) if isinstance(rule, ByLanguage) else rule


async def judge_official(
    rule: OfficialRule, task: BenchmarkTask, candidate: str, verifier: OfficialVerifier | NoVerifier
) -> OfficialVerdict:
    """The official verdict on a candidate, a whole file.

    What the harness refuses is refused whatever is installed. Else the pinned verifier decides within the rule's
    seconds; with another one, or none, `passed` is None and the reason names both. Never raises for what the candidate
    is.
    """
    rule = rule_of(rule, task)
    spliced = rule.spliced(task, candidate)
    if isinstance(spliced, Refused):
        first = spliced.objections[0].message if spliced.objections else "the harness refuses it"
        return OfficialVerdict(False, spliced.objections, f"The official harness refuses it: {first}.")
    pinned = _pinned(rule.pin, verifier)
    if isinstance(pinned, OfficialVerdict):
        return pinned
    before = rule.compiled_first(task, candidate) if isinstance(rule, CompilesFirst) else None
    if before is not None and not (verdict := await pinned.check(before, rule.seconds)).passed:
        return verdict
    verdict = await pinned.check(spliced, rule.seconds)
    if verdict.passed and verdict.sorry and isinstance(rule, SorryFails) and rule.sorry_fails:
        return OfficialVerdict(False, reason="Lean warns of a `sorry`, which the official harness does not accept.")
    return verdict


def unfinished(rule: OfficialRule, task: BenchmarkTask, verifier: OfficialVerifier | NoVerifier) -> OfficialVerdict:
    """The official verdict where there is no candidate: no, but only where the pinned verifier would have been asked
    (another one may be why there is none)."""
    pinned = _pinned(rule_of(rule, task).pin, verifier)
    if isinstance(pinned, OfficialVerdict):
        return pinned
    return OfficialVerdict(False, reason="There is no finished file.")


def _pinned(pin: Pin, verifier: OfficialVerifier | NoVerifier) -> OfficialVerifier | OfficialVerdict:
    """The verifier where it is the one of the pin, else that there is no verdict."""
    if isinstance(verifier, NoVerifier):
        here = "none is installed"
    elif is_pinned(pin, verifier):
        return verifier
    else:
        here = f"installed is {verifier.tool} {verifier.version}"
    return OfficialVerdict(None, reason=f"The official verdict needs {pin}; {here}.")


def is_pinned(pin: Pin, verifier: OfficialVerifier) -> bool:
    """Whether a verifier is the one of a pin: the same tool, and a version that begins with the pin's parts (`4.11` is
    4.11.0, and neither 4.1 nor 4.110)."""
    if verifier.tool != pin.tool:
        return False
    rest = verifier.version.removeprefix(pin.version)
    return rest != verifier.version and not rest[:1].isalnum()
