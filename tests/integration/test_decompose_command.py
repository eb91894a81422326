"""`prover decompose` and `prover.reward` with the real Dafny 2.3."""

import signal
from pathlib import Path

import pytest
from prover_command import PATIENCE, STARTER, Prover, ended_after

from prover import reward
from prover.decompositions import DecomposeJson
from search.score import score_sizes

pytestmark = pytest.mark.integration

SUM = "function Sum(n: nat): nat { if n == 0 then 0 else n + Sum(n - 1) }\n"
CLOSED = "lemma Closed(n: nat)\n  ensures 2 * Sum(n) == n * (n + 1)\n"


def write(prover: Prover, text: str) -> Path:
    file = prover.folder / "input.dfy"
    file.write_text(text)
    return file


def test_goals_that_close_are_told_so_and_nothing_is_left_running(prover: Prover) -> None:
    ran = prover.run("decompose", write(prover, f"{SUM}\n{CLOSED}"), "--json")
    assert ran.code == 0, ran.err
    said = DecomposeJson.model_validate(ran.json)
    assert next(iter(ran.json)) == "schema_version"
    assert [(g.name, g.line, g.d, g.status) for g in said.goals] == [("Closed", 3, 5, "closed")]
    (best,) = said.goals[0].decompositions
    assert (best.S, best.r, best.v, best.lemmas) == (1.0, 1.0, 1, [])
    assert "Dafny 2.3" in said.verifier
    assert prover.left_over() == []


def test_a_budget_of_checks_may_be_too_small_to_find_anything(prover: Prover) -> None:
    file = write(prover, (STARTER / "permuted_totals" / "task.dfy").read_text())
    ran = prover.run("decompose", file, "--json", "--checks", "1")
    assert (ran.code, ran.json["status"], ran.json["reason"]) == (1, "nothing", "the budget was spent"), ran.err


def test_bad_input_and_files_that_verify(prover: Prover) -> None:
    assert prover.run("decompose", write(prover, "method M( {"), "--json").json["status"] == "invalid"
    ran = prover.run("decompose", write(prover, SUM), "--json")
    assert (ran.code, ran.json["untouched"]) == (0, True)


def test_interrupted_it_says_what_there_is_and_leaves_nothing_running(prover: Prover) -> None:
    file = write(prover, (STARTER / "permuted_totals" / "task.dfy").read_text())
    with ended_after(prover.start("decompose", file, "--json")) as process:
        prover.wait_for_verifier(process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert DecomposeJson.model_validate_json(out).language == "dafny"
    assert prover.left_over() == []


def test_rewards_are_what_the_verifier_says_of_each_text() -> None:
    helper = "lemma Small(n: nat)\n  ensures Sum(n) >= 0\n"
    texts = [
        f"{CLOSED}{{ }}",
        f"The lemma is enough:\n```dafny\n{helper}{CLOSED}{{ Small(n); }}\n```",
        f"{CLOSED}{{ assert n < 0; }}",
        f"{CLOSED}{{ assume n < n; }}",
        CLOSED.replace("n + 1", "n + 2") + "{ }",
        "It is obvious.",
    ]
    closed, split, wrong, false, changed, nothing = reward(f"{SUM}{CLOSED}", "Closed", texts, seconds=PATIENCE)
    assert (closed.value, closed.verdict) == (1.0, "accepted")
    assert (split.value, split.d_subgoals) == (score_sizes(5, [2]).value, (2,))
    assert (wrong.value, wrong.verdict) == (0.0, "rejected")
    assert (false.value, false.verdict) == (0.0, "refuted-lemma")
    assert (changed.value, changed.verdict) == (nothing.value, nothing.verdict) == (0.0, "invalid")


def test_a_reference_solution_is_worth_one_for_each_of_its_goals() -> None:
    folder = STARTER / "odd_numbers_sum"
    task, solution = ((folder / name).read_text() for name in ("task.dfy", "solution.dfy"))
    for goal in ("OddSumIsSquare", "OddSumGrows"):
        (found,) = reward(task, goal, [solution], seconds=PATIENCE)
        assert found.value == 1.0, found
