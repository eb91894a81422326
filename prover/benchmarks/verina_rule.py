"""Verina's own rule of success, as its evaluator has it.

Of an answer only what was asked for counts: proof and `proof_aux`, code and `code_aux`, imports. The rest is rendered
from the task (`verina_form.py`). `sorry`, `admit` and `axiom` may not stand in proof or `proof_aux`, not even in a
comment or a name; nothing else is looked at, axioms neither. The file must then compile within 120 seconds.

Code alone (mode `code`) counts when it compiles as it stands, and then, with as much time again, all tests of the task
are true of it, as `#guard` has it, below `import Plausible` and `import Mathlib`. So code that needs Mathlib has to
import it although the tests do.

A task's `solution_aux` is rendered once. Until April 2026 the evaluator rendered it twice where only a proof was to be
written (its issue 23), so that no proof could pass of the tasks whose `solution_aux` declares something: figures from
before then may be too low.

What a search has put in front of the theorem counts as written in `proof_aux`: that is where an answer would have it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from prover.benchmarks.benchmark import Pin, Refused
from prover.benchmarks.task import BenchmarkTask
from prover.benchmarks.verina_form import merged, read_sections, read_signature, rendered
from prover.results import Objection
from prover.vericoding.gathering import gathered

PIN = Pin("Lean", "4.18", "Mathlib")
BANNED = ("sorry", "admit", "axiom")
WRITTEN = {
    "proof": ("proof_aux", "proof"),
    "code": ("code_aux", "code"),
    "codeproof": ("code_aux", "code", "proof_aux", "proof"),
}
"""The sections that are to be written, by mode."""
_TEST_IMPORTS = "-- tests\nimport Plausible\nimport Mathlib\n\n"


@dataclass(frozen=True, slots=True)
class VerinaRule:
    """The rule; see this module."""

    @property
    def pin(self) -> Pin:
        """The version of its Lake project."""
        return PIN

    @property
    def seconds(self) -> float:
        """As the evaluator gives it."""
        return 120.0

    def spliced(self, task: BenchmarkTask, candidate: str) -> str | Refused:
        """The file that the evaluator renders."""
        own, signature = read_sections(task.source), read_signature(task.source)
        if isinstance(own, str) or isinstance(signature, str):
            return _refused("not-a-task", f"the task cannot be read: {own if isinstance(own, str) else signature}")
        given = read_sections(gathered(candidate, task.source, "lean"))
        if isinstance(given, str):
            return _refused("regions-changed", f"the marks of the sections must stay as they are: {given}")
        written = WRITTEN[task.mode]
        banned = [
            Objection("banned", f"`{word}` may not stand in the section {name}, not even in a name or a comment")
            for name in written
            if name.startswith("proof")
            for word in BANNED
            if word in given[name]
        ]
        if banned:
            return Refused(tuple(banned))
        sections = replace(own, texts={**own.texts, **{name: given[name] for name in written}})
        imports = merged(own.imports.get("solution", ""), given.imports.get("solution", ""))
        proof = task.mode != "code"
        text = "".join(rendered(signature, sections, proof=proof, solution_imports=imports))
        return text if proof else f"{_TEST_IMPORTS}{text}{_tests(task)}"

    def compiled_first(self, task: BenchmarkTask, candidate: str) -> str | None:
        """Of code alone: the file without tests and without what they import."""
        spliced = self.spliced(task, candidate) if task.mode == "code" else None
        return spliced.removeprefix(_TEST_IMPORTS).removesuffix(_tests(task)) if isinstance(spliced, str) else None


def _tests(task: BenchmarkTask) -> str:
    return "".join(f"\n#guard {test.expression}\n" for test in task.tests)


def _refused(rule: str, message: str) -> Refused:
    return Refused((Objection(rule, message),))
