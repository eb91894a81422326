"""CLEVER's own rule of success for correctness, as `clever_bench.task` has it.

An answer's implementation, helper lemmas and proof of `correctness` are put among the sections of the task, and
`lake lean` reads the file in the package's Lake project (Lean and Mathlib 4.24.0). It succeeds where the exit status is
0 and no message says of the file that a `declaration uses 'sorry'`. Nothing else is looked at: no word is banned,
axioms and `native_decide` pass, and so does `set_option warn.sorry false` with a `sorry`. Tests are in the file, as
`#test` commands of Mathlib's; one that fails is an error. What stands outside of all sections is lost.

The time is the caller's; here it is that of the package's own example, 30 seconds, Mathlib's loading included. Answers
here are whole files: texts outside of the places to be written are not the answer's (upstream takes sections and would
take changed ones too)."""

from __future__ import annotations

from dataclasses import dataclass

from lean_project.gate.slots import read_slots
from prover.benchmarks.benchmark import Pin, Refused
from prover.benchmarks.clever_format import rendered
from prover.benchmarks.task import BenchmarkTask
from prover.results import Objection


@dataclass(frozen=True, slots=True)
class CleverRule:
    """The rule; see this module."""

    @property
    def pin(self) -> Pin:
        """The package's `lean-toolchain` and lakefile."""
        return Pin("Lean", "4.24", "Mathlib v4.24.0")

    @property
    def seconds(self) -> float:
        """Of the package's example."""
        return 30.0

    @property
    def sorry_fails(self) -> bool:
        """A `sorry` that Lean warns of is no success, although the exit status is 0."""
        return True

    def spliced(self, task: BenchmarkTask, candidate: str) -> str | Refused:
        """The file that the harness makes of an answer. Refused where the answer's texts cannot be told apart."""
        text = candidate.replace("\r\n", "\n")
        found = _of_slots(task, text) if task.mode == "codeproof" else _of_frozen(task, text)
        return found if isinstance(found, Refused) else rendered(task.segments, found)


def _of_slots(task: BenchmarkTask, text: str) -> dict[str, str] | Refused:
    slotted = read_slots(text)
    if isinstance(slotted, str):
        return _refused("regions-changed", f"the tags of the slots must stay as they are: {slotted}")
    wanted = [s.name for s in task.segments if s.editable]
    if [s.kind for s in slotted.slots] != wanted:
        return _refused("regions-changed", f"there must be the slots {', '.join(wanted)}, once and in this order")
    return {slot.kind: text[slot.start : slot.end] for slot in slotted.slots}


def _of_frozen(task: BenchmarkTask, text: str) -> dict[str, str] | Refused:
    """What stands before the theorem and behind its statement, which are found by their text."""
    lemma = next(k for k, s in enumerate(task.segments) if s.name == "lemma")
    before = "".join(s.text for s in task.segments[:lemma]).strip()
    statement = task.segments[lemma + 1].text.strip()
    if not text.lstrip().startswith(before):
        return _refused("frozen-changed", "the specification and the implementation must stay as they are")
    rest = text.lstrip()[len(before) :]
    lemmas, found, proof = rest.partition(statement)
    if not found:
        return _refused("frozen-changed", "the theorem `correctness` must stay as it is, with a proof that begins `by`")
    return {"lemma": lemmas, "proof": proof}


def _refused(rule: str, message: str) -> Refused:
    return Refused((Objection(rule, message),))
