"""The texts that official rules hand to a verifier, with the real ones: what is put together anew still is the program.

The verifiers here need not be the pinned ones, so nothing is said of official verdicts."""

import asyncio
import re
from pathlib import Path

import pytest
from lean_installation import lean_installation

from lean_project.driver.command import CommandVerifier
from prover.benchmarks.benchmark import Choice, DataProblem
from prover.benchmarks.dafnybench_rule import CALL
from prover.benchmarks.official import OfficialVerdict
from prover.benchmarks.official_verifiers import OfficialDafny
from prover.benchmarks.registry import benchmark
from prover.benchmarks.task import BenchmarkTask
from prover.settings import Settings
from prover.toolchain import NoVerifier, toolchain

pytestmark = pytest.mark.integration
PROMPT = "method Double(n: int) returns (r: int)\n  ensures r == 2 * n\n{\n  r := n + n;\n}\n"
PROBLEM = """-- start_def problem_spec
def problem_spec
(impl: Nat → Nat)
(n: Nat) :=
∃ result, impl n = result ∧ result = n + n
-- end_def problem_spec
--start_def implementation_signature
def implementation (n: Nat) : Nat :=
--end_def implementation_signature
-- start_def implementation
n + n
-- end_def implementation
-- start_def correctness_definition
theorem correctness
(n: Nat)
: problem_spec implementation n :=
-- end_def correctness_definition
-- start_def correctness_proof
by
unfold problem_spec
exact ⟨n + n, rfl, rfl⟩
-- end_def correctness_proof
"""


def dafny_says(text: str) -> OfficialVerdict:
    """The word of the Dafny of this machine on what DafnyBench's harness makes of an unchanged prompt."""
    task = BenchmarkTask("dafnybench", "000", "dafny", "proof", text)
    official = benchmark("dafnybench").official
    spliced = official.spliced(task, text) if official else None
    assert isinstance(spliced, str)

    async def asked() -> OfficialVerdict:
        async with toolchain(Settings()) as tools:
            if isinstance(tools, NoVerifier):
                pytest.skip("there is no Dafny here")
            return await OfficialDafny(tools.installation, CALL).check(spliced, 300.0)

    return asyncio.run(asked())


def test_the_function_that_dafnybench_appends_is_read_and_clashes_with_another_one() -> None:
    assert dafny_says(PROMPT).passed is True
    inside = "class C { function abs(x: int): int { x } }\n" + PROMPT
    assert dafny_says(inside).passed is True
    clash = dafny_says("function abs(x: int): int { x }\n" + PROMPT)
    assert clash.passed is False and "Duplicate" in clash.reason


@pytest.mark.parametrize("mode", ["proof", "codeproof"])
def test_what_clever_makes_of_sections_is_lean(mode: str, tmp_path: Path) -> None:
    (tmp_path / "problem_0.lean").write_text(PROBLEM, encoding="utf-8")
    bench = benchmark("clever")
    loaded = bench.load(tmp_path, Choice(mode="proof" if mode == "proof" else "codeproof"))
    assert not isinstance(loaded, DataProblem) and bench.official is not None
    (task,) = loaded
    assert isinstance(task, BenchmarkTask) and task.reference is not None
    verifier = CommandVerifier(lean_installation())

    def sorries(text: object) -> int:
        assert isinstance(text, str)
        # The package's project, with Mathlib in it, is not here; the problem needs nothing of it.
        result = asyncio.run(verifier.check(re.sub(r"^import .*", "", text), seconds=300.0))
        assert result.accepted, result.output
        return len(result.sorries)

    assert sorries(task.source) == sorries(bench.official.spliced(task, task.source)) == (1 if mode == "proof" else 2)
    assert sorries(task.reference) == sorries(bench.official.spliced(task, task.reference)) == 0
