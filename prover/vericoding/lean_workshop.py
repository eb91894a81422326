"""Implementations under Lean: what each is worth, the proof search on one, and the gate's word on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lean_project.driver.factory import Toolchain as LeanToolchain
from lean_project.driver.types import Outcome as LeanOutcome
from lean_project.environment import Opened
from lean_project.gate.slots import granted, judge_slots, read_slots
from lean_project.gate.text import judge_text, read
from prover import events, gate
from prover.inputs import SourceFile
from prover.lean_opening import LeanFile, NotOpened, lean_file, missing_import, not_opened
from prover.lean_session import CHECK_SECONDS, REFUTE_SHARE, LeanRun
from prover.lean_toolchain import LeanCompiler
from prover.prompts.annotate import Remark
from prover.results import GateVerdict, ProveRequest, ProveResult
from prover.running import CONFIRM_LEAST, Countdown
from prover.vericoding.gathering import gathered
from prover.vericoding.task import VericodingTask, regions_of
from prover.vericoding.workshop import Look, source_of
from search.ports import Assignment


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
        problem = not_opened(Opened(result, ()), self._tools)
        return None if problem is None else ProveResult(problem.status, reason=problem.reason)

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
        file = self._file(text)
        if isinstance(file, NotOpened):
            return Look("broken", 1, reason=file.reason)
        opened = await file.environment.open(seconds=seconds)
        result = opened.result
        if result.outcome is LeanOutcome.MISSING_IMPORT:
            told = missing_import(result.errors[0].message) if result.errors else "an import is missing"
            return Look("unsupported", reason=told)
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
        file = self._file(text)
        if isinstance(file, NotOpened):
            return ProveResult(file.status, reason=file.reason)
        own = replace(request, source=source_of(self._request.source, text))
        run = _LeanImplementation(own, observer, self._tools, Countdown(request.seconds), file, self._request.source)
        return await run.prove()

    def _file(self, text: str) -> LeanFile | NotOpened:
        slotted = read_slots(self._task.text)
        given_up = frozenset[str]() if isinstance(slotted, str) else granted(slotted)
        return lean_file(
            text, None, self._tools, check_seconds=CHECK_SECONDS, refute_share=REFUTE_SHARE, granted=given_up
        )


class _LeanImplementation(LeanRun):
    """As `_DafnyImplementation`."""

    def __init__(
        self,
        request: ProveRequest,
        observer: events.Observer,
        tools: LeanToolchain,
        countdown: Countdown,
        file: LeanFile,
        task: SourceFile,
    ) -> None:
        super().__init__(request, observer, tools, countdown, file)
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
        if not own or own[0].kind not in ("proof", "lemma", "proof_aux"):
            return None
        guilty.add(own[0].name)
    kept = {r.name: text[r.start : r.end] for r in regions if r.name not in guilty and r.kind != "proof"}
    return task.rendered(kept)
