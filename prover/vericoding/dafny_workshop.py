"""Implementations under Dafny: what each is worth, the proof search on one, and the gate's word on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dafny_env.driver.factory import Toolchain as DafnyToolchain
from dafny_env.driver.types import Outcome
from dafny_env.gate.implementing import judge_regions
from dafny_env.gate.regions import Marked, read_regions
from dafny_env.gate.surroundings import read_surroundings
from dafny_env.syntax.parser import parse
from prover import events, gate
from prover.inputs import SourceFile
from prover.prompts.annotate import Remark
from prover.results import GateVerdict, ProveRequest, ProveResult, Status
from prover.running import CONFIRM_LEAST, Countdown
from prover.session import DafnyRun
from prover.toolchain import NoVerifier, Verifiers, in_dialect
from prover.vericoding.gathering import gathered
from prover.vericoding.task import VericodingTask
from prover.vericoding.workshop import Look, State, source_of
from search.ports import Assignment, Goal

LEFT_OPEN = frozenset(["assume", "bodyless-lemma"])
"""What an implementation may leave to the search, though no finished file may: the gate's rules."""


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
