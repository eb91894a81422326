"""`prover prove` and `prover check` as users run them, with the real Dafny 2.3."""

import signal
from dataclasses import replace
from pathlib import Path

import pytest
from prover_command import PATIENCE, STARTER, Prover, ended_after, is_inserted_into
from warm import Warm, source_of

from prover.results import CheckJson, ProveJson, Status

pytestmark = pytest.mark.integration

CLOSED = "lemma Closed(n: nat)\n  ensures 2 * Sum(n) == n * (n + 1)\n"
SMALL = f"function Sum(n: nat): nat {{ if n == 0 then 0 else n + Sum(n - 1) }}\n\n{CLOSED}"
PROVED = SMALL + "{\n}\n"
TWO = f"{SMALL}\nlemma False(n: nat)\n  ensures Sum(n) > n\n"
HARD = STARTER / "permuted_totals" / "task.dfy"
"""A task on which the search goes on for long enough to be stopped."""


def write(prover: Prover, text: str, name: str = "input.dfy") -> Path:
    file = prover.folder / name
    file.write_text(text)
    return file


def copy(prover: Prover, task: str) -> Path:
    folder = STARTER / task
    for file in folder.glob("*.dfy"):
        if file.name not in ("task.dfy", "solution.dfy"):
            write(prover, file.read_text(), file.name)
    return write(prover, (folder / "task.dfy").read_text())


def accepts(prover: Prover, proof: Path, original: Path) -> bool:
    return prover.run("check", proof, "--against", original).code == 0


def test_a_proof_is_found_written_beside_the_input_and_accepted_by_a_fresh_verifier(prover: Prover) -> None:
    file = copy(prover, "odd_numbers_sum")
    original = file.read_text()
    ran = prover.run("prove", file, "--json")
    assert ran.code == 0, ran.err
    said = ProveJson.model_validate(ran.json)
    assert next(iter(ran.json)) == "schema_version"
    assert (said.status, said.untouched, said.translated) == ("proved", False, False)
    assert [(g.name, g.status) for g in said.goals] == [("OddSumIsSquare", "proved"), ("OddSumGrows", "proved")]
    assert said.output == str(prover.folder / "input.proved.dfy") and said.partial is None
    assert said.checks > 0 and said.seconds > 0 and "Dafny 2.3" in said.verifier and said.reason == ""
    assert file.read_text() == original
    proof = Path(said.output)
    assert is_inserted_into(original, proof.read_text())
    assert accepts(prover, proof, file)
    run = Path(said.run or "")
    assert (run / "run.json").is_file() and (run / "results.jsonl").read_text().count("\n") == 1


def test_out_names_the_proof_and_nothing_is_written_beside_the_input(prover: Prover) -> None:
    file = write(prover, SMALL)
    out = prover.folder / "proofs" / "mine.dfy"
    out.parent.mkdir()
    assert prover.run("prove", file, "--out", out).code == 0
    assert is_inserted_into(SMALL, out.read_text())
    assert sorted(f.name for f in prover.folder.glob("*.dfy")) == ["input.dfy"]


def test_a_filter_reads_standard_input_and_writes_the_proof_to_standard_output(prover: Prover) -> None:
    ran = prover.run("prove", "-", "--out", "-", stdin=SMALL)
    assert ran.code == 0, ran.err
    assert ran.out != SMALL and is_inserted_into(SMALL, ran.out)
    assert accepts(prover, write(prover, ran.out, "from_stdout.dfy"), write(prover, SMALL))


def test_with_a_target_the_other_declarations_stay_as_they_are_and_are_named_as_taken_on_trust(prover: Prover) -> None:
    file = write(prover, TWO)
    ran = prover.run("prove", f"{file}:Closed", "--json")
    assert (ran.code, ran.json["target"], ran.json["status"]) == (0, "Closed", "proved"), ran.err
    assert [g["name"] for g in ran.json["goals"]] == ["Closed"]
    assert any("False" in trusted for trusted in ran.json["baseline"])
    proof = Path(ran.json["output"]).read_text()
    assert is_inserted_into(TWO, proof) and proof.endswith("\nlemma False(n: nat)\n  ensures Sum(n) > n\n")


def test_a_target_that_depends_on_an_open_declaration_is_unknown_before_any_search(warm: Warm) -> None:
    text = f"{TWO}{{\n}}\n\nlemma Uses(n: nat)\n  ensures Sum(n) >= n\n{{\n  False(n); Closed(n);\n}}\n"
    result = warm.prove(replace(source_of(text), target="Uses"))
    assert (result.status, result.checks, result.text) == (Status.UNKNOWN, 1, None)
    assert result.reason == "`Uses` depends on `Closed` and `False`, which are not proved themselves."


def test_a_target_that_is_not_there_is_bad_input(prover: Prover) -> None:
    ran = prover.run("prove", f"{write(prover, SMALL)}:Cosed", "--json")
    assert (ran.code, ran.json["status"]) == (2, "invalid") and "Closed" in ran.json["reason"]


def test_a_budget_of_checks_is_kept_and_what_remains_is_labelled_unproved(prover: Prover) -> None:
    ran = prover.run("prove", copy(prover, "array-max"), "--checks", "2", "--json")
    assert (ran.code, ran.json["status"], ran.json["output"]) == (1, "unknown", None), ran.err
    assert ran.json["checks"] <= 2 and "checks" in ran.json["reason"]
    assert [(g["name"], g["status"]) for g in ran.json["goals"]] == [("MaxOf", "open")]
    partial = Path(ran.json["partial"])
    assert partial.name == "input.partial.dfy" and partial.read_text().startswith("// UNPROVED")
    run = Path(ran.json["run"])
    assert (run / "journal.jsonl").stat().st_size > 0
    assert '"unknown"' in (run / "results.jsonl").read_text()


def test_one_check_only_looks_at_the_file(warm: Warm) -> None:
    result = warm.prove(source_of(SMALL), checks=1)
    assert (result.status, result.checks, result.text) == (Status.UNKNOWN, 1, None)
    assert result.partial == SMALL


def test_a_file_that_verifies_as_it_is_comes_back_untouched(prover: Prover) -> None:
    ran = prover.run("prove", write(prover, PROVED), "--json")
    assert (ran.code, ran.json["status"], ran.json["untouched"]) == (0, "proved", True), ran.err
    assert Path(ran.json["output"]).read_text() == PROVED


def test_a_file_for_dafny_4_comes_back_in_dafny_4_with_insertions_only(prover: Prover) -> None:
    file = write(prover, (STARTER / "triangle_for_loop" / "task.dfy").read_text())
    ran = prover.run("prove", f"{file}:StackCans", "--json")
    assert (ran.code, ran.json["status"], ran.json["translated"]) == (0, "proved", True), ran.err
    proof = Path(ran.json["output"]).read_text()
    assert is_inserted_into(file.read_text(), proof)
    assert "for i := 0 to rows" in proof and "while" not in proof


def test_includes_are_looked_up_beside_the_input(prover: Prover, warm: Warm) -> None:
    write(prover, "function Sum(n: nat): nat { if n == 0 then 0 else n + Sum(n - 1) }\n", "library.dfy")
    file = write(prover, f'include "library.dfy"\n\n{CLOSED}')
    result = warm.prove(source_of(file.read_text(), path=file))
    assert result.status == Status.PROVED and result.text is not None
    assert accepts(prover, write(prover, result.text, "input.proved.dfy"), file)


def test_the_proof_speaks_of_functions_that_included_files_include_also_in_translation(
    prover: Prover, warm: Warm
) -> None:
    (prover.folder / "sub").mkdir()
    write(prover, "function Step(n: nat): nat { 2 * n + 1 }\n", "sub/step.dfy")
    total = "function Sum(n: nat): nat { if n == 0 then 0 else Sum(n - 1) + Step(n) }\n"
    write(prover, f'include "step.dfy"\n{total}', "sub/sum.dfy")
    head = 'include "sub/sum.dfy"\n\nmethod Total(n: nat) returns (r: nat)\n  ensures r == Sum(n)\n'
    file = write(prover, f"{head}{{\n  r := 0;\n  for i := n downto 0\n  {{\n    r := r + 2 * i + 3;\n  }}\n}}\n")
    original = source_of(file.read_text(), path=file)
    result = warm.prove(original)
    assert (result.status, result.translated, [g.name for g in result.goals]) == (Status.PROVED, True, ["Total"])
    assert result.text is not None and "invariant r + Sum(i) == Sum(n)" in result.text
    assert warm.judge(original, source_of(result.text, path=file)).verdict == "accepted"


def test_check_accepts_an_honest_proof_and_says_so_in_json(prover: Prover) -> None:
    original, proof = write(prover, SMALL), write(prover, PROVED, "proof.dfy")
    ran = prover.run("check", proof, "--against", original, "--json")
    said = CheckJson.model_validate(ran.json)
    assert (ran.code, said.verdict, said.objections) == (0, "accepted", []), ran.err


@pytest.mark.parametrize(
    ("cheat", "rule", "line"),
    [
        (SMALL + "{\n  assume false;\n}\n", "assume", 6),
        (PROVED.replace("2 * Sum(n)", "0 * Sum(n) + n * n + n"), None, None),
    ],
)
def test_check_rejects_a_cheat_with_rule_and_place(
    prover: Prover, cheat: str, rule: str | None, line: int | None
) -> None:
    original, proof = write(prover, SMALL), write(prover, cheat, "proof.dfy")
    ran = prover.run("check", proof, "--against", original, "--json")
    said = CheckJson.model_validate(ran.json)
    assert (ran.code, said.verdict) == (1, "rejected"), ran.err
    assert said.objections
    assert rule is None or (rule, line) in [(o.rule, o.line) for o in said.objections]


def test_ctrl_c_keeps_the_best_unfinished_file(prover: Prover) -> None:
    file = write(prover, HARD.read_text() + "\n" + SMALL.replace("Sum", "Numbers"))
    with ended_after(prover.start("prove", file, "--json")) as process:
        assert process.stdin and process.stderr
        process.stdin.close()
        process.stdin = None
        seen = ""
        while "searching" not in seen:
            seen += (line := process.stderr.readline())
            assert line, f"it ended before the search: {seen}"
        prover.wait_for_verifier(process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    said = ProveJson.model_validate_json(out)
    assert (process.returncode, said.status) == (130, "unknown"), err
    assert said.partial and Path(said.partial).read_text().startswith("// UNPROVED")
    assert "nterrupted" in said.reason
    assert said.goals and all(goal.line > 0 and goal.status in ("open", "proved") for goal in said.goals)
    assert any(goal.status == "open" for goal in said.goals)
    assert file.read_text().startswith(HARD.read_text())


def test_when_the_command_is_killed_no_verifier_stays_behind(prover: Prover) -> None:
    with ended_after(prover.start("prove", write(prover, HARD.read_text()))) as process:
        prover.wait_for_verifier(process)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert prover.left_over() == []
