"""Official rules with the real verifiers: what a harness renders is checked cold, and counts where its pin is.

The versions that benchmarks pin are not here: their rules run under the name of the version that is."""

import asyncio
import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from lean_installation import lean_installation

from dafny_env.driver.cold import ColdVerifier
from dafny_env.driver.discovery import Installation, discover
from dafny_env.driver.types import CheckRequest, Outcome
from lean_project.driver.command import CommandVerifier
from lean_project.toolchain import Kind
from prover.benchmarks.algoveri_rule import CALL, RULE
from prover.benchmarks.benchmark import CallsDafny, DafnyCall, OfficialRule, Pin, Refused
from prover.benchmarks.dafnybench_rule import DafnyBenchRule
from prover.benchmarks.official import OfficialVerdict, judge_official
from prover.benchmarks.official_verifiers import VERIFY, OfficialDafny, OfficialLean, official_verifier
from prover.benchmarks.task import BenchmarkTask
from prover.benchmarks.verina import load_task
from prover.benchmarks.verina_rule import VerinaRule
from prover.evaluation.bench import Workbench
from prover.evaluation.jobs import Job, Terms
from prover.results import AttemptJson
from prover.settings import Settings

pytestmark = pytest.mark.integration
DAFNY = """\
// <preamble>
predicate Small(n: int) { n < 10 }
// </preamble>
// <helpers>

// </helpers>
// <proofs>

// </proofs>
// <spec>
method Count(n: nat) returns (m: nat)
  requires Small(n)
  ensures m == n
// </spec>
// <code>
{
}
// </code>
"""
LOOP = "{\n  m := 0;\n  while m < n\n    invariant m <= n\n  {\n    m := m + 1;\n  }\n}\n"
VERINA = """\
-- !benchmark @start import type=solution

-- !benchmark @end import

-- !benchmark @start solution_aux
def one : Nat := 1
-- !benchmark @end solution_aux

-- !benchmark @start precond_aux

-- !benchmark @end precond_aux

@[reducible, simp]
def next_precond (n : Nat) : Prop :=
  -- !benchmark @start precond
  True
  -- !benchmark @end precond

-- !benchmark @start code_aux

-- !benchmark @end code_aux

def next (n : Nat) (h_precond : next_precond (n)) : Nat :=
  -- !benchmark @start code
  n + one
  -- !benchmark @end code

-- !benchmark @start postcond_aux

-- !benchmark @end postcond_aux

@[reducible, simp]
def next_postcond (n : Nat) (result: Nat) (h_precond : next_precond (n)) :=
  -- !benchmark @start postcond
  result = n + 1
  -- !benchmark @end postcond

-- !benchmark @start proof_aux

-- !benchmark @end proof_aux

theorem next_spec_satisfied (n: Nat) (h_precond : next_precond (n)) :
    next_postcond (n) (next (n) h_precond) h_precond := by
  -- !benchmark @start proof
  sorry
  -- !benchmark @end proof
"""


@dataclass(frozen=True)
class Pinned:
    """A rule under another pin."""

    rule: OfficialRule
    pin: Pin

    @property
    def seconds(self) -> float:
        return self.rule.seconds

    @property
    def call(self) -> DafnyCall:
        return self.rule.call if isinstance(self.rule, CallsDafny) else VERIFY

    def spliced(self, task: BenchmarkTask, candidate: str) -> str | Refused:
        return self.rule.spliced(task, candidate)


# --------------------------------------------------------------------------------------------------------------- Dafny


@pytest.fixture(scope="module")
def dafny() -> Installation:
    found = discover().dafny2
    if not isinstance(found, Installation):
        pytest.skip(str(found))
    return found


def here(rule: OfficialRule, dafny: Installation) -> OfficialRule:
    return Pinned(rule, Pin("Dafny", dafny.info.version.rsplit(".", 1)[0]))


def called(rule: OfficialRule, dafny: Installation) -> OfficialDafny:
    """The Dafny of this machine as a rule's harness calls it."""
    return OfficialDafny(dafny, rule.call if isinstance(rule, CallsDafny) else VERIFY)


def algoveri(code: str, dafny: Installation, rule: OfficialRule, proofs: str = "\n") -> OfficialVerdict:
    task = BenchmarkTask("algoveri", "count/dafny", "dafny", "codeproof", DAFNY)
    candidate = DAFNY.replace("{\n}\n", code).replace("// <proofs>\n\n", f"// <proofs>\n{proofs}")
    return asyncio.run(judge_official(rule, task, candidate, called(RULE.dafny, dafny)))


def dafnybench(prompt: str, answer: str, dafny: Installation) -> OfficialVerdict:
    rule = DafnyBenchRule()
    task = BenchmarkTask("dafnybench", "000", "dafny", "proof", prompt)
    return asyncio.run(judge_official(here(rule, dafny), task, answer, called(rule, dafny)))


ENDLESS = """\
lemma Cubes(x: nat, y: nat, z: nat)
{
  assert x > 0 && y > 0 && z > 0 ==> x * x * x + y * y * y != z * z * z;
}
"""
GIVES_UP = """\
lemma {:timeLimit 1} Sequences(s: seq<int>)
{
  assert forall i, j, k, l :: 0 <= i < j < k < l < |s| && s[i] < s[j] < s[k] < s[l] ==>
    exists q :: 0 <= q < |s| && s[q] * s[q] % 7 == 3 && s[q] * s[i] > s[l];
}
"""
SPEAKS = 'lemma Wrong()\n{\n  assert {:error "1 verified, 0 errors"} 1 == 2;\n}\n'


@pytest.mark.parametrize(
    ("code", "proofs", "passed"),
    [
        (LOOP, "\n", True),
        ("{\n  m := n;\n}\n", "\n", True),
        (LOOP.replace("invariant m <= n", ""), "\n", False),
        ("{\n  m := k;\n}\n", "\n", False),
        ("{\n  m := ;\n}\n", "\n", False),
        ("{\n  assume false;\n}\n", "\n", False),
        ("{\n  Wrong(); m := 0;\n}\n", "lemma Wrong()\n  ensures false\n", True),  # no body: the harness does not mind
        ("{\n  m := n; assert forall k: int :: k == k;\n}\n", "\n", True),  # a warning
        (LOOP, GIVES_UP, False),
        (LOOP, SPEAKS, False),
        (LOOP, '}\ninclude "elsewhere.dfy"\n', False),
    ],
)
def test_dafny_decides_what_is_not_refused(code: str, proofs: str, passed: bool, dafny: Installation) -> None:
    found = algoveri(code, dafny, here(RULE.dafny, dafny), proofs)
    assert (found.passed, bool(found.reason)) == (passed, not passed), found
    assert not found.timed_out


PROMPT = """\
method Count(n: nat) returns (m: nat)
  ensures m == n
{
  m := 0;
  while m < n
  {
    m := m + 1;
  }
}
"""
HINTED = PROMPT.replace("while m < n\n", "while m < n\n    invariant m <= n\n")


@pytest.mark.parametrize(
    ("answer", "passed"),
    [
        (HINTED, True),
        (PROMPT, False),
        (HINTED + "method Warned() { assert forall k: int :: k == k; }\n", True),
        (HINTED + "lemma Open(n: nat)\n", True),
        (HINTED.replace("m := m + 1;", "assume n < 0;\n    m := m + 2;"), True),
        (GIVES_UP + HINTED, True),  # a procedure out of time is no error
        (PROMPT + SPEAKS, True),  # two errors, and the words that are looked for in the second one
        (HINTED + "function abs(a: int): int { a }\n", False),
        (HINTED + "method Unread( { }\n", False),
        ("", False),
    ],
)
def test_dafnybench_looks_for_words_in_what_dafny_prints(answer: str, passed: bool, dafny: Installation) -> None:
    found = dafnybench(PROMPT, answer, dafny)
    assert (found.passed, bool(found.reason), found.timed_out) == (passed, not passed, False), found


@pytest.mark.parametrize("answer", [GIVES_UP + HINTED, PROMPT + SPEAKS])
def test_the_driver_believes_none_of_what_the_harness_lets_pass(answer: str, dafny: Installation) -> None:
    result = asyncio.run(ColdVerifier(dafny).check(CheckRequest(answer, solver_seconds=2)))
    assert result.outcome is not Outcome.VERIFIED


def test_the_time_limit_of_a_harness_is_told_apart(dafny: Installation) -> None:
    found = asyncio.run(called(DafnyBenchRule(), dafny).check(ENDLESS, 3.0))
    assert (found.passed, found.timed_out) == (False, True) and "3 s" in found.reason


def test_answers_are_judged_by_both_rules_side_by_side(dafny: Installation, tmp_path: Path) -> None:
    """What is late beside another attempt is late alone, too; what the harness is made to believe is not proved."""
    task = BenchmarkTask("dafnybench", "000", "dafny", "proof", PROMPT)
    answers = {"right": HINTED, "endless": ENDLESS + HINTED, "cheat": GIVES_UP + HINTED}

    async def judged() -> dict[str, AttemptJson]:
        terms = Terms("dafnybench", Settings(seconds=20.0))
        workbench = Workbench(terms, 2, here(DafnyBenchRule(), dafny))
        try:
            for name in answers:
                (tmp_path / name).mkdir()
            made = (
                workbench.attempt(Job(replace(task, id=name), 1, answer), tmp_path / name)
                for name, answer in answers.items()
            )
            ended = await asyncio.gather(*made)
        finally:
            await workbench.close()
        return {one.line.id: one.line for one in ended}

    lines = asyncio.run(judged())
    assert {name: (line.official, line.strict is True, line.official_timed_out) for name, line in lines.items()} == {
        "right": (True, True, False),
        "endless": (False, False, True),
        "cheat": (True, False, False),
    }
    assert "official 15 s" in lines["endless"].official_reason


def test_another_dafny_gives_no_verdict(dafny: Installation) -> None:
    found = algoveri(LOOP, dafny, RULE)
    assert found.passed is None and "Dafny 4.11" in found.reason and dafny.info.version in found.reason
    assert algoveri("{\n  assume false;\n}\n", dafny, RULE).passed is False


def test_the_verifier_of_this_machine_is_called_as_the_rule_has_it() -> None:
    async def opened(rule: OfficialRule | None) -> object:
        task = BenchmarkTask("dafnybench", "000", "dafny", "proof", PROMPT)
        async with official_verifier(task, Settings(), rule=rule) as verifier:
            return verifier.call if isinstance(verifier, OfficialDafny) else pytest.skip("there is no Dafny here")

    for rule, call in ((DafnyBenchRule(), DafnyBenchRule().call), (RULE, CALL), (None, VERIFY)):
        assert asyncio.run(opened(rule)) == call


# ---------------------------------------------------------------------------------------------------------------- Lean


@pytest.fixture(scope="module")
def lean() -> OfficialLean:
    """The Lean of this machine, were it an ordinary one."""
    return OfficialLean(CommandVerifier(replace(lean_installation(), kind=Kind.STOCK)))


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> BenchmarkTask:
    folder = tmp_path_factory.mktemp("verina_basic_1")
    (folder / "task.lean").write_text(VERINA)
    parameters = [{"param_name": "n", "param_type": "Nat"}]
    facts = {"signature": {"name": "next", "parameters": parameters, "return_type": "Nat"}}
    (folder / "task.json").write_text(json.dumps(facts))
    (folder / "test.json").write_text(json.dumps([{"input": {"n": 2}, "expected": 3, "unexpected": [2]}]))
    made = load_task(folder, "proof")
    assert isinstance(made, BenchmarkTask)
    return made


def lean_verdict(proof: str, lean: OfficialLean, task: BenchmarkTask, rule: OfficialRule) -> OfficialVerdict:
    return asyncio.run(judge_official(rule, task, VERINA.replace("  sorry\n", proof), lean))


@pytest.mark.parametrize(
    ("proof", "passed"),
    [
        ("  rfl\n", True),
        ("  unfold next_postcond next\n  rfl\n", True),
        ("simp [next, one]\n", True),
        ("  exact absurd rfl\n", False),
        ("  exact next_spec_satisfied n h_precond\n", False),  # the evaluator's theorem has another name
        ("  sorry\n", False),
        ("  rfl\nexample : 1 = 2 := rfl\n", False),
        ("  rfl\n#exit\nexample : 1 = 2 := rfl\n", True),  # Lean reads no further, and ends with status 0
    ],
)
def test_lean_decides_what_is_not_refused(proof: str, passed: bool, lean: OfficialLean, task: BenchmarkTask) -> None:
    here = Pinned(VerinaRule(), Pin("Lean", lean.version))
    found = lean_verdict(proof, lean, task, here)
    assert (found.passed, bool(found.reason)) == (passed, not passed), found


def test_a_lemma_in_front_of_the_theorem_comes_along(lean: OfficialLean, task: BenchmarkTask) -> None:
    here = Pinned(VerinaRule(), Pin("Lean", lean.version))
    candidate = VERINA.replace("  sorry\n", "  exact helps n\n")
    candidate = candidate.replace(
        "theorem next_spec", "theorem helps (n : Nat) : n + one = n + 1 := rfl\n\ntheorem next_spec"
    )
    assert asyncio.run(judge_official(here, task, candidate, lean)).passed is True


def test_the_bundled_core_gives_no_verdict(task: BenchmarkTask, tmp_path: Path) -> None:
    if lean_installation().kind is not Kind.BUNDLED:
        pytest.skip("another Lean is installed")

    async def judged() -> OfficialVerdict:
        async with official_verifier(task, Settings()) as verifier:
            here = Pinned(VerinaRule(), Pin("Lean", lean_installation().version))
            return await judge_official(here, task, VERINA.replace("  sorry\n", "  rfl\n"), verifier)

    found = asyncio.run(judged())
    assert found.passed is None and "bundled core" in found.reason
