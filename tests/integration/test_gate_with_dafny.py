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
