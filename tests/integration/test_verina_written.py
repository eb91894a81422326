"""Verina's tasks whose code is to be written, with the real Lean: recorded answers become files the gate accepts."""

import asyncio
import json
from pathlib import Path

import pytest
from lean_installation import lean_installation
from test_official_rules import VERINA
from vericode_answers import record

from prover.benchmarks.task import BenchmarkTask, Mode
from prover.benchmarks.verina import load_task
from prover.engine import DefaultEngine
from prover.evaluation.bench import file_of
from prover.events import Silent
from prover.results import ProveRequest, ProveResult, Status
from prover.settings import Settings
from prover.vericoding.marked import open_task

pytestmark = pytest.mark.integration


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lean_installation()
    place = tmp_path / "verina_basic_1"
    place.mkdir()
    (place / "task.lean").write_text(VERINA)
    parameters = [{"param_name": "n", "param_type": "Nat"}]
    facts = {"signature": {"name": "next", "parameters": parameters, "return_type": "Nat"}}
    (place / "task.json").write_text(json.dumps(facts))
    (place / "test.json").write_text(json.dumps([{"input": {"n": 2}, "expected": 3, "unexpected": [2]}]))
    (place / "description.txt").write_text("The next number.")
    return place


def posed(folder: Path, mode: Mode) -> BenchmarkTask:
    task = load_task(folder, mode)
    assert isinstance(task, BenchmarkTask), task
    return task


def written(task: BenchmarkTask, folder: Path, *answers: str, symbolic: bool = False) -> ProveResult:
    """What becomes of the answers of a model."""
    source = file_of(task)
    opened = open_task(source)
    assert opened is not None and opened.informal == "The next number."
    file = record(opened, [f"```lean\n{text}\n```" for text in answers], folder / "answers.jsonl")
    policy = f"symbolic+replay:{file}" if symbolic else f"replay:{file}"
    request = ProveRequest(source, Settings(), policy, seconds=120)
    return asyncio.run(DefaultEngine().prove(request, Silent()))


def test_code_and_its_proof(folder: Path) -> None:
    task = posed(folder, "codeproof")
    code = task.source.replace("  sorry\n", "  Nat.succ n\n", 1)
    wrong, cheat = code.replace("succ n", "succ one"), code.replace("  sorry", "  exact lcProof")
    result = written(task, folder, wrong.replace("  sorry", "  rfl"), cheat, code.replace("  sorry", "  rfl"))
    assert (result.status, result.implemented, result.untouched) == (Status.PROVED, True, False), result.reason
    assert result.text == code.replace("  sorry", "  rfl")


def test_the_proof_of_written_code_is_searched_for(folder: Path) -> None:
    task = posed(folder, "codeproof")
    result = written(task, folder, task.source.replace("  sorry\n", "  n + 1\n", 1), symbolic=True)
    assert (result.status, result.implemented) == (Status.PROVED, True), result.reason
    assert result.text is not None and "sorry" not in result.text


def test_the_specification_stays(folder: Path) -> None:
    task = posed(folder, "codeproof")
    eased = task.source.replace("  sorry", "  0", 1).replace("result = n + 1", "True").replace("  sorry", "  trivial")
    result = written(task, folder, eased)
    assert (result.status, result.text) == (Status.UNKNOWN, None)


def test_code_alone_is_accepted_when_nothing_in_it_is_left_open(folder: Path) -> None:
    task = posed(folder, "code")
    result = written(task, folder, task.source, task.source.replace("  sorry", "  n + n"))
    assert (result.status, result.implemented) == (Status.PROVED, True), result.reason  # its tests decide
    assert result.text == task.source.replace("  sorry", "  n + n")
