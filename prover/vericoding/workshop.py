"""What implementations are worth: the port to a language's verifiers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from prover import events
from prover.inputs import SourceFile
from prover.prompts.annotate import Remark
from prover.results import ProveRequest, ProveResult

State = Literal["verified", "open", "broken", "cheat", "unknown", "unsupported"]


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


def source_of(task: SourceFile, text: str) -> SourceFile:
    """An implementation as a file to be proved, in the task's place."""
    data = text.encode("utf-8", "surrogatepass")
    return replace(task, text=text, sha256=hashlib.sha256(data).hexdigest(), bom=False)
