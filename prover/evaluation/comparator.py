"""A proved Lean task as a Lake project for Comparator, the judge of Lean's developers, which compiles the task and its
solution apart, compares the statements, audits axioms and replays the solution through the kernel.

The format is that of https://github.com/leanprover/comparator (its README): a JSON file that names the two modules,
the theorems, the definitions that a solution may fill in, and the permitted axioms. Comparator itself needs a stock
Lean with `lake`, landrun and lean4export; it is not run here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from lean_project.olean.closure import STANDARD_AXIOMS
from lean_project.syntax.commands import declarations, imports, resolved
from lean_project.syntax.holes import sorries
from prover.benchmarks.task import BenchmarkTask
from prover.results import AttemptJson

_OF_LEAN = frozenset(["Init", "Std", "Lean", "Lake"])
_WITH_MATHLIB = frozenset(["Mathlib", "Batteries", "Aesop", "Qq", "ProofWidgets", "Plausible", "ImportGraph"])
_THEOREMS = frozenset(["theorem", "lemma"])
_VERSION = re.compile(r"\bLean[^\d\n]{0,12}(\d+\.\d+(?:\.\d+)?(?:-rc\d+)?)")


@dataclass(frozen=True, slots=True)
class NotBundled:
    """Why a proved task cannot be given to Comparator."""

    reason: str


def bundle(task: BenchmarkTask, attempt: AttemptJson, solution: str) -> dict[str, str] | NotBundled:
    """The files of the project, by name: `Challenge.lean` (the task with its `sorry`), `Solution.lean` (the proved
    file), `config.json`, `lakefile.toml`, and `lean-toolchain` where the version of the Lean that accepted the proof is
    known."""
    if attempt.untouched:
        return NotBundled("it verified as it was: there is nothing to compare")
    modules = {*imports(task.source), *imports(solution)}
    roots = {module.split(".")[0] for module in modules}
    if foreign := sorted(roots - _OF_LEAN - _WITH_MATHLIB):
        return NotBundled(f"it imports modules of its own project ({', '.join(foreign)})")
    if sorries(solution):
        return NotBundled("the task's frozen text has a `sorry` itself, which Comparator permits to nobody")
    theorems, definitions = _names(task)
    if not theorems and not definitions:
        return NotBundled("no named declaration of it is left open")
    axioms = sorted(STANDARD_AXIOMS | _own_axioms(task.source))
    config: dict[str, object] = {
        "challenge_module": "Challenge",
        "solution_module": "Solution",
        "theorem_names": theorems,
        **({"definition_names": definitions} if definitions else {}),
        "permitted_axioms": axioms,
        "enable_nanoda": False,
    }
    version = _version(attempt.verifier) or _version(task.toolchain)
    return {
        "Challenge.lean": task.source,
        "Solution.lean": solution,
        "config.json": json.dumps(config, indent=2, ensure_ascii=False) + "\n",
        "lakefile.toml": _lakefile(mathlib=not roots.isdisjoint(_WITH_MATHLIB), version=version),
        **({"lean-toolchain": f"leanprover/lean4:v{version}\n"} if version else {}),
    }


def how_to_run() -> str:
    """What stands beside the projects."""
    return (
        "# Proved Lean tasks for Comparator\n"
        "\n"
        "Each folder is a Lake project: `Challenge.lean` is the task, `Solution.lean` its proof, `config.json` what\n"
        "Comparator (https://github.com/leanprover/comparator) is to compare. In a folder, with Comparator built and\n"
        "`landrun` and `lean4export` on the path:\n"
        "\n"
        "    lake env /path/to/comparator config.json\n"
        "\n"
        "Read Comparator's own notes on sandboxing first: a solution is somebody else's program. Definitions under\n"
        "`definition_names` were written by the solution; Comparator compares their types only, so whether they are\n"
        "what was asked for is told by the theorems, or by reading them.\n"
        "\n"
        "These files were made without running Comparator.\n"
    )


def _names(task: BenchmarkTask) -> tuple[list[str], list[str]]:
    """Full names of the theorems to be proved and of the definitions to be written, in their order."""
    theorems: list[str] = []
    definitions: list[str] = []
    for hole in sorries(task.source):
        if hole.declaration is not None and hole.declaration.full_name:
            kind = theorems if hole.declaration.keyword in _THEOREMS else definitions
            kind.append(hole.declaration.full_name)
    stated = resolved(task.statement, declarations(task.source)) if task.statement else None
    if stated is not None and stated not in definitions:
        theorems.append(stated)
    return list(dict.fromkeys(theorems)), list(dict.fromkeys(definitions))


def _own_axioms(source: str) -> frozenset[str]:
    """The axioms that the task itself declares."""
    return frozenset(c.full_name for c in declarations(source) if c.keyword == "axiom")


def _version(told: str) -> str | None:
    """A Lean version as toolchains are named by (three numbers)."""
    found = _VERSION.search(told)
    if found is None:
        return None
    number, dash, rest = found[1].partition("-")
    return (number if number.count(".") == 2 else f"{number}.0") + dash + rest


def _lakefile(*, mathlib: bool, version: str | None) -> str:
    lines = ['name = "challenge"', 'version = "0.1.0"', 'defaultTargets = ["Challenge"]', ""]
    if mathlib:
        lines += ["[[require]]", 'name = "mathlib"', 'scope = "leanprover-community"']
        lines += [f'rev = "v{version}"', ""] if version else [""]
    for module in ("Challenge", "Solution"):
        lines += ["[[lean_lib]]", f'name = "{module}"', ""]
    return "\n".join(lines)
