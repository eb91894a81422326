"""Implementations under the real verifiers: what each is worth, the proof search on one, and the gate's word on it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from dafny_env.driver.factory import Toolchain as DafnyToolchain
from dafny_env.driver.types import Outcome
from dafny_env.gate.implementing import judge_regions
from dafny_env.gate.regions import Marked, read_regions
from dafny_env.gate.surroundings import read_surroundings
from dafny_env.syntax.parser import parse
from lean_project.driver.factory import Toolchain as LeanToolchain
from lean_project.driver.types import Outcome as LeanOutcome
from lean_project.environment import Opened
from lean_project.gate.slots import granted, judge_slots, read_slots
from lean_project.gate.text import judge_text, read
from prover import events, gate
from prover.inputs import SourceFile
from prover.lean_session import LeanRun
from prover.lean_toolchain import LeanCompiler, lean_toolchain
from prover.prompts.annotate import Remark
from prover.results import GateVerdict, ProveRequest, ProveResult, Status
from prover.running import CONFIRM_LEAST, Countdown
from prover.session import DafnyRun
from prover.toolchain import NoVerifier, Verifiers, in_dialect, toolchain
from prover.vericoding.gathering import gathered
from prover.vericoding.task import VericodingTask, regions_of
from search.ports import Assignment, Goal

State = Literal["verified", "open", "broken", "cheat", "unknown", "unsupported"]
LEFT_OPEN = frozenset(["assume", "bodyless-lemma"])
"""What an implementation may leave to the search, though no finished file may: the gate's rules."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a verifier makes of an implementation. state: `open` is a program whose proof is missing, `broken` one that
    does not resolve, `cheat` one that the gate would refuse for its text alone. failing: obligations that fail, as far
    as they are told. remarks: messages in their places. reason: one sentence where it is neither verified nor open.
    left: what is still to be proved. text: what is to be proved instead, where failing proofs were taken
    out."""

    state: State
    failing: int = 0
    remarks: tuple[Remark, ...] = ()
    reason: str = ""
    left: tuple[str, ...] = ()
    text: str | None = None


class Workshop(Protocol):
    """One language's verifiers, open for one task."""

    @property
    def info(self) -> str:
        """Name and version of the verifier."""
        ...

    async def refusal(self, seconds: float) -> ProveResult | None:
        """Why the task itself cannot be worked on here; None where it can."""
        ...

    async def look(self, text: str, seconds: float) -> Look:
        """Check an implementation once. Never raises for what it says."""
        ...

    async def prove(self, text: str, request: ProveRequest, observer: events.Observer) -> ProveResult:
        """Search for the proofs that an implementation lacks, within the request's budget; the gate compares what is
        found with the task."""
        ...


@asynccontextmanager
async def open_workshop(task: VericodingTask, request: ProveRequest) -> AsyncIterator[Workshop | NoVerifier]:
    """The verifiers for a task, closed at the end, or why there are none."""
    if task.language == "lean":
        async with lean_toolchain(request.source, request.settings) as lean:
            yield lean if isinstance(lean, NoVerifier) else LeanWorkshop(task, request, lean)
        return
    async with toolchain(request.settings) as tools:
        yield tools if isinstance(tools, NoVerifier) else DafnyWorkshop(task, request, tools)


def source_of(task: SourceFile, text: str) -> SourceFile:
    """An implementation as a file to be proved, in the task's place."""
    data = text.encode("utf-8", "surrogatepass")
    return replace(task, text=text, sha256=hashlib.sha256(data).hexdigest(), bom=False)


# --------------------------------------------------------------------------------------------------------------- Dafny


class DafnyWorkshop:
    """Implements `Workshop` with Dafny."""

    def __init__(self, task: VericodingTask, request: ProveRequest, tools: DafnyToolchain) -> None:
        self._task = task
        self._request = request
        self._tools = tools
        self.info = str(tools.working.info)
        marked = read_regions(task.text)
        assert isinstance(marked, Marked)  # it is a task
        self._marked = marked
        self._surroundings = read_surroundings(parse(marked.skeleton), request.source.folder)

    async def refusal(self, seconds: float) -> ProveResult | None:
        """Whether the stub resolves."""
        found = await in_dialect(self._task.text, self._request.source.folder, self._tools, seconds=seconds)
        return ProveResult(found.status, reason=found.reason) if isinstance(found, NoVerifier) else None

    async def look(self, text: str, seconds: float) -> Look:
        """Its text, then whether it resolves, then what of it verifies."""
        objections = judge_regions(self._marked, text, self._surroundings).objections
        cheats = [o for o in objections if o.rule not in LEFT_OPEN]
        if cheats:
            remarks = tuple(Remark(o.line, o.message, o.column) for o in cheats if o.line)
            named = next((o for o in cheats if o.rule != "attribute-not-allowed"), cheats[0])  # the others say more
            return Look("cheat", len(cheats), remarks, f"{named.rule}: {named.message}")
        run = await self._opened(text, self._request, events.Silent(), seconds)
        if isinstance(run, Look):
            return run
        opened = await run.environment.open(seconds=seconds)
        result = opened.result
        errors = [d for d in result.errors if d.place.file is None]
        remarks = tuple(Remark(d.place.line, d.message, d.place.column) for d in errors)
        if result.outcome in (Outcome.PARSE_ERROR, Outcome.RESOLVE_ERROR):
            return Look("broken", len(errors), remarks, errors[0].message if errors else "it does not resolve")
        if opened.roots:
            return Look("open", max(len(errors), len(opened.roots)), remarks, "", tuple(g.name for g in opened.roots))
        if result.outcome is Outcome.VERIFIED:
            return Look("verified")
        return Look("unknown", reason=f"the verifier gave no verdict ({result.outcome})")

    async def prove(self, text: str, request: ProveRequest, observer: events.Observer) -> ProveResult:
        """An ordinary search on the file with the implementation."""
        run = await self._opened(text, request, observer, request.seconds)
        if isinstance(run, Look):
            return ProveResult(Status.UNKNOWN, reason=run.reason)
        return await run.prove()

    async def _opened(
        self, text: str, request: ProveRequest, observer: events.Observer, seconds: float
    ) -> _DafnyImplementation | Look:
        """A run on an implementation, in the dialect that it is written in, which may be another one than its task's
        stub seemed to be."""
        source = source_of(self._request.source, text)
        verifiers = await in_dialect(text, source.folder, self._tools, seconds=seconds)
        if not isinstance(verifiers, NoVerifier):
            own = replace(request, source=source)
            return _DafnyImplementation(own, observer, verifiers, Countdown(request.seconds), self._request.source)
        if verifiers.status is Status.INVALID:
            errors = verifiers.result.errors if verifiers.result is not None else ()
            remarks = (Remark(d.place.line, d.message, d.place.column) for d in errors if d.place.file is None)
            return Look("broken", len(errors), tuple(remarks), verifiers.reason)
        state: State = "unsupported" if verifiers.status is Status.UNSUPPORTED else "unknown"
        return Look(state, reason=verifiers.reason)


class _DafnyImplementation(DafnyRun):
    """A search on a file with an implementation, judged against the task."""

    def __init__(
        self,
        request: ProveRequest,
        observer: events.Observer,
        verifiers: Verifiers,
        countdown: Countdown,
        task: SourceFile,
    ) -> None:
        super().__init__(request, observer, verifiers, countdown)
        self._task = task

    def rendered(self, solution: Mapping[str, Assignment], roots: Sequence[Goal]) -> str:
        """The file with a solution in it, all of it in regions."""
        return gathered(super().rendered(solution, roots), self.source.text, "dafny")

    async def judge(self, text: str) -> GateVerdict:
        """The gate's word against the task, with a fresh process."""
        self.phase(events.Phase.CONFIRMING)
        return await gate.judge(
            self._task,
            text,
            verifier=self.verifiers.cold,
            seconds=max(self.countdown.left, CONFIRM_LEAST),
            translated=self.translated,
            implement=True,
        )


# ---------------------------------------------------------------------------------------------------------------- Lean


class LeanWorkshop:
    """Implements `Workshop` with Lean."""

    def __init__(self, task: VericodingTask, request: ProveRequest, tools: LeanToolchain) -> None:
        self._task = task
        self._request = request
        self._tools = tools
        self.info = str(tools.installation)

    async def refusal(self, seconds: float) -> ProveResult | None:
        """Whether the stub elaborates."""
        result = await self._tools.working.check(self._task.text, seconds=seconds)
        if result.outcome is LeanOutcome.OK:
            return None
        return self._run(self._task.text, self._request, events.Silent()).not_opened(Opened(result, ()))

    async def look(self, text: str, seconds: float) -> Look:
        """Its text, then whether it elaborates, then what of it is left open. A proof that fails is taken out, and
        left to the search."""
        look = await self._look(text, seconds)
        without = _without_proofs(self._task, text, look.remarks) if look.state == "broken" else None
        if without is None:
            return look
        again = await self._look(without, seconds)
        return replace(again, text=without, remarks=look.remarks) if again.state == "open" else look

    async def _look(self, text: str, seconds: float) -> Look:
        cheats = _lean_objections(self._task.text, text)
        if cheats:
            return Look("cheat", len(cheats), cheats, cheats[0].message)
        opened = await self._run(text, self._request, events.Silent()).environment.open(seconds=seconds)
        result = opened.result
        if result.outcome is LeanOutcome.MISSING_IMPORT:
            return Look("unsupported", reason=result.errors[0].message if result.errors else "an import is missing")
        if result.outcome is LeanOutcome.ERRORS:
            remarks = tuple(Remark(d.place.line, d.message, d.place.column) for d in result.errors)
            first = remarks[0].message.split("\n", 1)[0] if remarks else "Lean does not accept it"
            return Look("broken", len(remarks), remarks, first)
        if result.outcome is not LeanOutcome.OK or opened.reason:
            return Look("unknown", reason=opened.reason or f"Lean gave no verdict ({result.outcome})")
        if opened.data:
            lines = ", ".join(map(str, opened.data))
            return Look("broken", len(opened.data), reason=f"data is left open (line {lines})")
        if opened.roots:
            return Look("open", len(opened.roots), left=tuple(g.name for g in opened.roots))
        return Look("verified")

    async def prove(self, text: str, request: ProveRequest, observer: events.Observer) -> ProveResult:
        """An ordinary search on the file with the implementation."""
        return await self._run(text, request, observer).prove()

    def _run(self, text: str, request: ProveRequest, observer: events.Observer) -> _LeanImplementation:
        own = replace(request, source=source_of(self._request.source, text))
        return _LeanImplementation(own, observer, self._tools, Countdown(request.seconds), self._request.source)


class _LeanImplementation(LeanRun):
    """As `_DafnyImplementation`."""

    def __init__(
        self,
        request: ProveRequest,
        observer: events.Observer,
        tools: LeanToolchain,
        countdown: Countdown,
        task: SourceFile,
    ) -> None:
        slotted = read_slots(task.text)
        super().__init__(request, observer, tools, countdown, () if isinstance(slotted, str) else granted(slotted))
        self._task = task

    def rendered(self, solution: Mapping[str, Assignment]) -> str:
        """The file with a solution in it, all of it in slots."""
        return gathered(super().rendered(solution), self.source.text, "lean")

    async def judge(self, text: str) -> GateVerdict:
        """The gate's word against the task, with fresh processes."""
        self.phase(events.Phase.CONFIRMING)
        seconds = max(self.countdown.left, CONFIRM_LEAST)
        compiler = LeanCompiler(self.tools.cold, seconds)
        return await gate.judge(self._task, text, verifier=compiler, seconds=seconds, implement=True)


def _lean_objections(task: str, text: str) -> tuple[Remark, ...]:
    """What the gate would say of the texts alone, apart from proofs that are left open."""
    slotted = read_slots(task)
    if isinstance(slotted, str):
        return (Remark(1, slotted),)
    misplaced = judge_slots(slotted, text)
    told = misplaced or judge_text(read(task), read(text)).objections
    return tuple(Remark(o.line or 1, f"{o.rule}: {o.message}", o.column) for o in told if o.rule != "sorry")


def _without_proofs(task: VericodingTask, text: str, remarks: Sequence[Remark]) -> str | None:
    """An implementation with its proofs, and lemmas that fail, as the task has them; None where something else fails or
    the task has no proofs of its own."""
    regions = regions_of(text, "lean")
    if isinstance(regions, str) or not remarks:
        return None
    guilty: set[str] = set()
    for remark in remarks:
        own = [r for r in regions if text.count("\n", 0, r.start) < remark.line <= text.count("\n", 0, r.end)]
        if not own or own[0].kind not in ("proof", "lemma"):
            return None
        guilty.add(own[0].name)
    kept = {r.name: text[r.start : r.end] for r in regions if r.name not in guilty and r.kind != "proof"}
    return task.rendered(kept)
