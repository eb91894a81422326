"""The verifiers of this machine as official rules use them: called as a harness calls them, and judged as it judges
what they print. `dafny_env` and `lean_project` are stricter, and our gate believes only them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dafny_env.driver.called import CALLED_FILE, call_dafny
from dafny_env.driver.discovery import Installation
from dafny_env.driver.parse_output import parse_transcript
from lean_project.driver.types import LeanResult
from lean_project.driver.types import Outcome as LeanOutcome
from lean_project.toolchain import Kind, LeanInstallation
from prover.benchmarks.benchmark import CallsDafny, DafnyCall, OfficialRule, Printed
from prover.benchmarks.official import OfficialVerdict, OfficialVerifier, rule_of
from prover.benchmarks.task import BenchmarkTask
from prover.inputs import SourceFile
from prover.lean_toolchain import lean_toolchain
from prover.pools import Pools
from prover.settings import Settings
from prover.toolchain import NoVerifier, toolchain
from sandbox.limits import Completed, Ended

BUNDLED = "Lean on the bundled core"
"""The name of a tool that no benchmark pins."""
VERIFY = DafnyCall(("verify", "--allow-warnings"), ("/compile:0",), lambda printed: printed.status == 0)
"""How a rule that says nothing of it has Dafny called."""


class CallsIt(Protocol):
    """What is needed of `dafny_env.driver.called.call_dafny`."""

    async def __call__(
        self, installation: Installation, arguments: tuple[str, ...], source: str, *, seconds: float
    ) -> Completed:
        """One run on a text."""
        ...


class ColdLean(Protocol):
    """What is needed of `lean_project.driver.command.CommandVerifier`."""

    installation: LeanInstallation

    async def check(self, text: str, *, seconds: float) -> LeanResult:
        """Check a text in a fresh process."""
        ...


@dataclass(frozen=True, slots=True)
class OfficialDafny:
    """Dafny as a harness calls it, whose own reading of the output is the verdict. run: how it is run."""

    installation: Installation
    call: DafnyCall = VERIFY
    run: CallsIt = call_dafny

    @property
    def tool(self) -> str:
        """Dafny."""
        return "Dafny"

    @property
    def version(self) -> str:
        """As it prints itself."""
        return self.installation.info.version

    async def check(self, text: str, seconds: float) -> OfficialVerdict:
        """The harness bounds the whole run alone. What ends by a limit of ours, or is killed, is no verdict."""
        arguments = self.call.old if self.installation.info.major == 2 else self.call.arguments
        done = await self.run(self.installation, arguments, text, seconds=seconds)
        if done.ended is Ended.TIMEOUT:
            return _too_slow(seconds)
        if done.ended is not Ended.EXITED or done.returncode is None or _killed(done.returncode):
            ended = done.ended if done.ended is not Ended.EXITED else f"exit status {done.returncode}"
            return OfficialVerdict(None, reason=f"Dafny gave no verdict ({ended}).")
        if self.call.accepts(Printed(done.returncode, done.stdout)):
            return OfficialVerdict(True)
        return OfficialVerdict(False, reason=f"Dafny does not verify it: {_complaint(done)}.")


@dataclass(frozen=True, slots=True)
class OfficialLean:
    """`lean FILE`: exit status 0, so that `sorry` alone is no error, nor is what keeps Lean from reading on: `#exit`,
    or a text that ends the process while it is elaborated."""

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
            case LeanOutcome.UNKNOWN if result.status == 0:
                return OfficialVerdict(True, sorry=bool(result.sorries))
            case LeanOutcome.TIMEOUT:
                return _too_slow(seconds)
            case LeanOutcome.ERRORS:
                return OfficialVerdict(False, reason=f"Lean does not accept it: {first}.")
            case LeanOutcome.MISSING_IMPORT:
                return OfficialVerdict(None, reason=f"an import is missing here: {first}.")
        return OfficialVerdict(None, reason=f"Lean gave no verdict ({result.outcome}).")


@asynccontextmanager
async def official_verifier(
    task: BenchmarkTask, settings: Settings, pools: Pools | None = None, rule: OfficialRule | None = None
) -> AsyncIterator[OfficialVerifier | NoVerifier]:
    """The verifier of this machine for a task, closed at the end, or what is missing. pools: where it is borrowed from
    instead. rule: tells how Dafny is called."""
    if task.language == "lean":
        path = Path(task.path) if task.path else None
        async with lean_toolchain(SourceFile(path, task.source, "", "lean"), settings, pools) as lean:
            yield lean if isinstance(lean, NoVerifier) else OfficialLean(lean.cold)
        return
    own = rule_of(rule, task) if rule is not None else None
    call = own.call if isinstance(own, CallsDafny) else VERIFY
    async with toolchain(settings, pools) as tools:
        yield tools if isinstance(tools, NoVerifier) else OfficialDafny(tools.installation, call)


def _too_slow(seconds: float) -> OfficialVerdict:
    return OfficialVerdict(False, reason=f"It is not verified within the official {seconds:g} s.", timed_out=True)


def _killed(status: int) -> bool:
    """Whether a signal ended a process, or what its shell makes of one."""
    return status < 0 or status > 128


def _complaint(done: Completed) -> str:
    """What Dafny found wrong, for people."""
    transcript = parse_transcript(done.stdout + done.stderr, {CALLED_FILE})
    errors = [one.message for one in transcript.diagnostics if one.severity == "error"]
    if errors:
        return errors[0]
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return lines[-1][:300].rstrip(".") if lines else f"it prints nothing (exit status {done.returncode})"
