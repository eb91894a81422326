"""The gate with the real Dafny 2.3, in fresh processes."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from dafny_env.driver.cold import ColdVerifier
from dafny_env.driver.factory import Toolchain, open_verifiers
from dafny_env.driver.types import CheckRequest, Outcome
from prover.gate import judge
from prover.inputs import SourceFile
from prover.results import GateVerdict

pytestmark = pytest.mark.integration
STARTER = Path(__file__).parents[2] / "datasets" / "starter" / "dafny"


@pytest.fixture(scope="module")
def cold() -> ColdVerifier:
    async def find() -> Toolchain:
        found = open_verifiers(prefer=2)
        assert isinstance(found, Toolchain), found
        return found

    verifier = asyncio.run(find()).cold
    assert isinstance(verifier, ColdVerifier)
    return verifier


def read(path: Path) -> SourceFile:
    data = path.read_bytes()
    return SourceFile(path, data.decode(), hashlib.sha256(data).hexdigest())


def verdict(cold: ColdVerifier, original: SourceFile | None, candidate: str, target: str | None = None) -> GateVerdict:
    return asyncio.run(judge(original, candidate, verifier=cold, target=target, seconds=400))


@pytest.mark.parametrize("name", ["array-max", "dot-product-lib", "kept_concat"])
def test_a_reference_solution_is_accepted(cold: ColdVerifier, name: str) -> None:
    found = verdict(cold, read(STARTER / name / "task.dfy"), (STARTER / name / "solution.dfy").read_text())
    assert (found.verdict, found.objections, found.reason) == ("accepted", (), "")


def test_a_task_without_its_proof_is_rejected(cold: ColdVerifier) -> None:
    task = read(STARTER / "array-max" / "task.dfy")
    found = verdict(cold, task, task.text)
    assert found.verdict == "rejected"
    assert {o.rule for o in found.objections} == {"not-verified"}


def test_with_a_target_the_rest_may_stay_open(cold: ColdVerifier, tmp_path: Path) -> None:
    file = tmp_path / "two.dfy"
    file.write_text(
        "lemma Open(n: nat) ensures n * n >= n\nmethod Wrong() ensures false { }\nlemma Goal() ensures 1 < 2 { }\n"
    )
    found = verdict(cold, read(file), file.read_text(), target="Goal")
    assert found.verdict == "accepted"
    assert [b.split(" ")[0] for b in found.baseline] == ["bodyless-lemma", "not"]


HIDING = {
    "preprocessor": "method M(x: int) returns (y: int)\n/*\n#if X\n*/\n  ensures y == x\n/*\n#endif\n*/\n{ y := 7; }\n",
    "line directive": "method M(x: int) returns (y: int)\n/*\n#line 1 x */ ensures y == x\n/* */\n*/\n{ y := 7; }\n",
    "attribute with spaces": "lemma { :verify false } M(x: int)\n  ensures x > 3\n{ }\n",
}


@pytest.mark.parametrize("text", HIDING.values(), ids=HIDING.keys())
def test_what_dafny_alone_accepts_the_gate_rejects(cold: ColdVerifier, text: str) -> None:
    alone = asyncio.run(cold.check(CheckRequest(text, seconds=200)))
    assert alone.outcome is Outcome.VERIFIED
    assert verdict(cold, None, text).verdict == "rejected"


STEERED = {
    "a literal becomes a bit vector": (
        "method M() returns (b: bool)\n  ensures b\n{\n  var x := 0;\n  x := x - 1;\n  b := x > 0;\n}\n",
        ("  x := x - 1;", "  assert x == (0 as bv8);\n  x := x - 1;"),
    ),
    "a set loses its negative numbers": (
        "method M(s: set<int>) returns (r: bool)\n  requires s == {-1, 2}\n  ensures !r\n"
        "{\n  var t := set x | x in s;\n  r := -1 in t;\n}\n",
        ("  r := -1", "  ghost var g: set<nat> := t;\n  r := -1"),
    ),
    "a definition quantifies over less": (
        "predicate P(n: nat) { true }\npredicate Q() { exists x :: (x + 1 == 0) }\nlemma L() ensures !Q() { }\n",
        ("(x + 1", "(assert P(x); x + 1"),
    ),
}


@pytest.mark.parametrize("kind", STEERED)
def test_what_changes_inferred_types_is_rejected_although_it_verifies(cold: ColdVerifier, kind: str) -> None:
    text, (old, new) = STEERED[kind]
    candidate = text.replace(old, new)
    assert asyncio.run(cold.check(CheckRequest(candidate, seconds=60))).outcome is Outcome.VERIFIED
    original = SourceFile(None, text, hashlib.sha256(text.encode()).hexdigest())
    found = verdict(cold, original, candidate)
    assert (found.verdict, [o.rule for o in found.objections]) == ("rejected", ["type-changed"])


def test_a_chosen_value_may_be_talked_about(cold: ColdVerifier) -> None:
    text = (
        "method Copy(s: set<int>) returns (t: set<int>)\n  ensures t == s\n{\n  t := {};\n  var w := s;\n"
        "  while w != {}\n  {\n    var x :| x in w;\n    w := w - {x};\n    t := t + {x};\n  }\n}\n"
    )
    candidate = text.replace("{}\n  {\n", "{}\n    invariant t + w == s\n    decreases w\n  {\n")
    candidate = candidate.replace(
        "    w := w - {x};", "    ghost var v := w;\n    assert x in v && x in s;\n    w := w - {x};"
    )
    original = SourceFile(None, text, hashlib.sha256(text.encode()).hexdigest())
    found = verdict(cold, original, candidate)
    assert (found.verdict, found.objections, found.reason) == ("accepted", (), "")
