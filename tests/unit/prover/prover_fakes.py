"""A fake engine for the command line, and what its tests share."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from prover.commands.app import app
from prover.commands.support import Services
from prover.decompositions import DecomposeRequest, DecomposeResult, DecomposeStatus
from prover.events import AttemptStarted, BestSoFar, GoalsChanged, Note, Observer, Phase, PhaseStarted, UsageChanged
from prover.inputs import SourceFile
from prover.pools import Pools
from prover.results import GateVerdict, GoalReport, GoalStatus, ProveRequest, ProveResult, Status
from prover.settings import Settings

SOURCE = "method Double(n: nat) returns (d: nat)\n  ensures d == 2 * n\n{\n  d := n + n;\n}\n"
PROVED = SOURCE.replace("  d := n + n;\n", "  d := n + n;\n  assert d == 2 * n;\n")
GOAL = GoalReport("Double", 1, GoalStatus.OPEN, ("a postcondition might not hold",))

proved = ProveResult(
    Status.PROVED,
    text=PROVED,
    goals=(replace(GOAL, status=GoalStatus.PROVED, diagnostics=()),),
    seconds=1.25,
    checks=7,
    verifier="Dafny 2.3.0.10506 (z3 4.8.5)",
)
unknown = ProveResult(
    Status.UNKNOWN, partial=SOURCE, goals=(GOAL,), checks=3, reason="The budget of 60 s was spent.", verifier="Dafny"
)


@dataclass
class FakeEngine:
    """Answers with what it was given, after reporting some progress; an exception is raised instead."""

    answer: ProveResult | BaseException = field(default_factory=lambda: proved)
    verdict: GateVerdict | BaseException = field(default_factory=lambda: GateVerdict("accepted", "Dafny 2.3"))
    plans: DecomposeResult | BaseException = field(default_factory=lambda: DecomposeResult(DecomposeStatus.FOUND))
    during: Callable[[ProveRequest, Observer], Awaitable[None]] | None = None
    meanwhile: Callable[[], Awaitable[None]] | None = None
    requests: list[ProveRequest] = field(default_factory=list)
    judged: list[tuple[SourceFile | None, SourceFile, float]] = field(default_factory=list)
    decomposed: list[DecomposeRequest] = field(default_factory=list)

    async def prove(self, request: ProveRequest, observer: Observer) -> ProveResult:
        self.requests.append(request)
        observer.notify(PhaseStarted(Phase.SEARCHING, "Dafny 2.3"))
        observer.notify(GoalsChanged(0, 1))
        observer.notify(AttemptStarted("Double", "houdini", "invariant 0 <= i\ninvariant i <= n"))
        observer.notify(UsageChanged(2))
        observer.notify(Note("a note"))
        observer.notify(BestSoFar(SOURCE, ("Double (line 1): best so far",)))
        if request.journal:
            request.journal.append({"event": "attempt", "goal": "Double"})
        if self.during:
            await self.during(request, observer)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    async def judge(
        self,
        original: SourceFile | None,
        candidate: SourceFile,
        *,
        settings: Settings,
        seconds: float,
        pools: Pools | None = None,
    ) -> GateVerdict:
        self.judged.append((original, candidate, seconds))
        await asyncio.sleep(0)
        if isinstance(self.verdict, BaseException):
            raise self.verdict
        return self.verdict

    async def decompose(self, request: DecomposeRequest, observer: Observer) -> DecomposeResult:
        self.decomposed.append(request)
        observer.notify(PhaseStarted(Phase.SEARCHING))
        if self.meanwhile:
            await self.meanwhile()
        if isinstance(self.plans, BaseException):
            raise self.plans
        return self.plans


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> dict[str, Any]:
        """The object on stdout; fails unless stdout is exactly one line of JSON."""
        assert self.stdout.count("\n") == 1 and self.stdout.endswith("\n"), self.stdout
        value = json.loads(self.stdout)
        assert isinstance(value, dict)
        return value


@dataclass
class Terminal:
    """A working directory with an environment of its own, in which commands are run against a fake engine."""

    folder: Path
    engine: FakeEngine = field(default_factory=FakeEngine)
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environment.setdefault("HOME", str(self.folder))

    def write(self, name: str, content: str | bytes = SOURCE) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self, *arguments: object, stdin: bytes = b"") -> Ran:
        services = Services(
            engine=self.engine,
            environment=self.environment,
            cwd=lambda: self.folder,
            stdin=lambda: io.BytesIO(stdin),
            clock=lambda: 0.0,
            moment=lambda: datetime(2026, 1, 2, 3, 4, 5),
        )
        words: Sequence[str] = [str(argument) for argument in arguments]
        result = CliRunner().invoke(app, words, obj=services)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)
