"""Planning as users see it, with the real Dafny 2.3: a lemma that the file does not have, the tree it stands in, and
specifications that are false."""

import json
from pathlib import Path

import pytest
from prover_command import STARTER, Prover

from prover.results import ProveJson

pytestmark = pytest.mark.integration

FALSE = STARTER.parents[1] / "false" / "dafny"


def write(prover: Prover, source: Path) -> Path:
    file = prover.folder / "input.dfy"
    file.write_text(source.read_text())
    return file


def test_a_lemma_that_is_not_in_the_file_is_stated_proved_and_shown(prover: Prover) -> None:
    file = write(prover, STARTER / "couple-trains" / "task.dfy")
    run = prover.folder / "run"
    said = ProveJson.model_validate(prover.run("prove", file, "--json", "--run", run).json)
    assert said.status == "proved" and said.subgoals > 0
    proof = Path(said.output or "")
    assert proof.read_text().count("lemma ") > file.read_text().count("lemma ")
    assert prover.run("check", proof, "--against", file).code == 0
    shown = prover.run("show", run)
    assert shown.code == 0 and "lemma " in shown.out and "solved it" in shown.out
    drawn = prover.run("show", run, "--svg", "-")
    assert drawn.out.lstrip().startswith("<") and "</svg>" in drawn.out


def test_without_subgoals_that_lemma_is_out_of_reach(prover: Prover) -> None:
    file = write(prover, STARTER / "couple-trains" / "task.dfy")
    ran = prover.run("prove", f"{file}:Shunt", "--json", "--strategy", "sample", "--checks", "12")
    assert (ran.code, ran.json["status"], ran.json["strategy"]) == (1, "unknown", "sample")


@pytest.mark.parametrize(
    ("task", "told"), [("max-from-zero", "returns m = 0"), ("fibonacci-below-square", "for n = ")], ids=str
)
def test_a_false_specification_is_refuted_by_values_that_show_it(prover: Prover, task: str, told: str) -> None:
    ran = prover.run("prove", write(prover, FALSE / task / "task.dfy"), "--json")
    said = ProveJson.model_validate(ran.json)
    assert (ran.code, said.status) == (4, "refuted"), said
    (goal,) = [g for g in said.goals if g.status == "refuted"]
    assert told in goal.witness and goal.witness in said.reason
    journal = (Path(said.run or "") / "journal.jsonl").read_text().splitlines()
    assert any(e["event"] == "goal_refuted" and told in e["witness"] for e in map(json.loads, journal))
