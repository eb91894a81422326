"""A language model that really proves: trained from nothing on what the symbolic policy proved, it is sampled, and the
real Dafny accepts what it says. Nothing is mocked; a small model on a CPU takes a minute or two to train."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from prover_command import STARTER, Prover

pytest.importorskip("trl", reason="training needs the extra lemmatree[train]")

TAUGHT = (
    "climbing_ladder",
    "clone-array",
    "digit-sum",
    "divide-by-subtraction",
    "fib-loop",
    "gcd-by-remainder",
    "odd_numbers_sum",
    "triangular-number",
)
"""Tasks that the symbolic policy proves in a few seconds, most by one or two invariants."""
EPOCHS = "30"
VARIANTS = Path(__file__).parent / "model"
"""The same in kind as some of the tasks, with other names, constants, and orders of statements and parameters."""
ASKED = ("base_seven", "copied_array", "division", "even_numbers_sum", "rising", "shifted_fibonacci")
ENOUGH_TAUGHT, ENOUGH_VARIANTS = 5, 3
BOUNDS = ("--checks", "60", "--answer-tokens", "160", "--seconds", "60")


@pytest.fixture(scope="module")
def prover(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prover]:
    made = Prover(tmp_path_factory.mktemp("model"))
    yield made
    assert made.left_over() == []


@pytest.fixture(scope="module")
def model(prover: Prover) -> Path:
    """The folder of a model trained on pairs that were exported from symbolic runs."""
    (prover.folder / "taught").mkdir()
    for task in TAUGHT:
        shutil.copy(STARTER / task / "task.dfy", prover.folder / "taught" / f"{task}.dfy")
    ran = prover.run("eval", "taught", "--run", "runs", "--seconds", "120", "--json")
    assert ran.json["counts"]["proved"] == len(TAUGHT), ran.err
    exported = prover.run(
        *("train", "export", "runs", "--out", "pairs.jsonl", "--family", "compact", "--renamed", "6"),
        *("--outcome", "confirmed", "--json"),
    )
    assert exported.json["tasks"] == len(TAUGHT), exported.err
    trained = prover.run(
        *("train", "sft", "pairs.jsonl", "--model", "scratch:tiny", "--out", "model"),
        *("--epochs", EPOCHS, "--batch", "8", "--json"),
    )
    assert trained.code == 0, trained.err
    return prover.folder / "model"


def test_it_proves_what_it_was_taught_and_variants_of_it(prover: Prover, model: Path) -> None:
    """Most of the former and several of the latter, by text that it sampled itself."""
    asked = prover.folder / "asked"
    asked.mkdir()
    for task in TAUGHT:
        shutil.copy(prover.folder / "taught" / f"{task}.dfy", asked / f"taught-{task}.dfy")
    for name in ASKED:
        shutil.copy(VARIANTS / f"{name}.dfy", asked / f"variant-{name}.dfy")
    ran = prover.run("eval", asked, "--policy", f"hf:{model}", "--run", "own", *BOUNDS, "--workers", "2", "--json")
    assert ran.code == 0, ran.err
    run = prover.folder / "own"
    lines = map(json.loads, (run / "results.jsonl").read_text().splitlines())
    proved = {line["id"]: line for line in lines if line["status"] == "proved"}
    variants = sorted(name for name in proved if name.startswith("variant-"))
    assert len(proved) - len(variants) >= ENOUGH_TAUGHT and len(variants) >= ENOUGH_VARIANTS, (sorted(proved), ran.err)
    for name, line in proved.items():
        assert line["tokens"] > 0
        by = Counter(s["policy"] for s in steps_of(run / "attempts" / name / "1") if s["event"] == "candidate_checked")
        assert set(by) == {f"hf:{model}"}, "nobody else proposed anything"
    first = variants[0]
    checked = prover.run("check", run / proved[first]["output"], "--against", asked / first, "--json")
    assert checked.json["verdict"] == "accepted"
    shown = {
        json.loads(line)["request"]["prompt"]["raw"]
        for name in variants
        for line in (run / "attempts" / name / "1" / "samples.jsonl").read_text().splitlines()
        if "request" in line
    }
    prompts = {json.loads(line)["prompt"] for line in (prover.folder / "pairs.jsonl").read_text().splitlines()}
    assert not shown & prompts, "no variant is shown as a task that it was trained on"


def steps_of(run: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (run / "journal.jsonl").read_text().splitlines()]


def journal(run: Path) -> list[dict[str, object]]:
    """What a run did, without times (`max_seconds` is what opening the file left of them)."""
    lines = (run / "journal.jsonl").read_text().splitlines()
    return [{k: v for k, v in json.loads(line).items() if k not in ("at", "seconds", "max_seconds")} for line in lines]


def test_a_recorded_run_replays_to_the_same_tree_without_the_model(prover: Prover, model: Path) -> None:
    folder = prover.folder / "again"
    folder.mkdir()
    (folder / "prover.toml").write_text('cache = "answers.db"\ncache_timeouts = true\n', encoding="utf-8")
    shutil.copy(VARIANTS / "pell.dfy", folder)
    here = Prover(folder, prover.mark)
    bounds = ("--checks", "12", "--seed", "5", "--answer-tokens", "160", "--json")
    first = here.run("prove", "pell.dfy", "--policy", f"hf:{model}", "--run", "first", *bounds)
    again = here.run("prove", "pell.dfy", "--policy", "replay:first/samples.jsonl", "--run", "second", *bounds)
    assert first.json["status"] == again.json["status"] and first.json["tokens"] == again.json["tokens"] > 0
    assert journal(folder / "first") == journal(folder / "second")
    assert any(event["event"] == "candidate_checked" for event in journal(folder / "second"))
