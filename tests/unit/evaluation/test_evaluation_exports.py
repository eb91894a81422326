"""What others take from an evaluation: files that their tools accept."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
from evaluation_scenes import attempt, not_loaded, objection, task
from hypothesis import given, settings
from hypothesis import strategies as st
from prover_fakes import Terminal

from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.evaluation.comparator import NotBundled, bundle
from prover.evaluation.exports import ExportProblem, What, file_names, planned, unified_diff, written
from prover.evaluation.records import Evaluation, read_evaluation, task_line
from prover.results import AttemptJson

LEAN = "axiom given : Nat\n\nnamespace A\n\ntheorem two : 1 + 1 = 2 := by\n  sorry\n\nend A\n"
SOLVED = LEAN.replace("sorry", "rfl")


def write_run(
    folder: Path, *tasks: tuple[BenchmarkTask | NotLoaded, list[tuple[AttemptJson, str | None]]]
) -> Evaluation:
    """A run folder. With each attempt its proved file."""
    (folder / "proofs").mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"benchmark": "made-up", "state": "finished"}))
    (folder / "tasks.jsonl").write_text("".join(task_line(one) for one, _ in tasks))
    lines = []
    for _, attempts in tasks:
        for number, (line, text) in enumerate(attempts, 1):
            output = None
            if text is not None:
                output = f"proofs/{line.id}.{number}.proved"
                (folder / output).write_bytes(text.encode())
            lines.append(line.model_copy(update={"output": output}).to_line())
    (folder / "results.jsonl").write_text("".join(lines))
    found = read_evaluation(folder)
    assert isinstance(found, Evaluation), found
    return found


def scene(folder: Path) -> Evaluation:
    dafny = task("abs", path="/elsewhere/Abs 1.dfy", source="lemma L()\n{\n}\n", licence="MIT")
    lean = task("two", language="lean", source=LEAN, toolchain="Lean 4.24.0")
    same = task("same")
    return write_run(
        folder,
        (
            dafny,
            [
                (attempt("abs", "unknown", objections=[objection("assume", "cheat")]), None),
                (attempt("abs", "proved", 2, seconds=2, cost_usd=0.1), "lemma L()\n{\n  assert true;\n}\n"),
            ],
        ),
        (lean, [(attempt("two", "proved", verifier="Lean 4.35.0", official=True, strict=True), SOLVED)]),
        (same, [(attempt("same", "proved", untouched=True), same.source)]),
        (task("gone"), [(attempt("gone", "proved"), None)]),
        (task("open"), []),
        (not_loaded("bad", "invalid", "no marker"), []),
    )


def texts(evaluation: Evaluation, *what: What) -> dict[str, str]:
    return {file.name: file.text for file in planned(evaluation, what).files}


def test_solved_files_have_the_tasks_own_names(tmp_path: Path) -> None:
    made = texts(scene(tmp_path / "run"), What.SOLVED)
    assert list(made) == ["solved/Abs 1.dfy", "solved/two.lean", "solved/same.dfy"]
    assert made["solved/two.lean"] == SOLVED


def test_files_of_one_name_are_in_folders_of_their_tasks() -> None:
    paths = {"verina_1": "/d/verina_1/task.lean", "verina_2": "/d/verina_2/Task.lean"}
    named = file_names([task(name, path=path, language="lean") for name, path in paths.items()])
    assert named == {"verina_1": "verina_1/task.lean", "verina_2": "verina_2/Task.lean"}


@pytest.mark.parametrize("path", ["..", ".", "/", 'a/"x\n\\.dfy', "\ud800.dfy"])
def test_no_path_of_a_task_leads_out_of_the_folder(path: str) -> None:
    name = file_names([task("t", path=path)])["t"]
    assert "/" not in name
    assert name not in ("", ".", "..")
    assert name.isprintable()


# -------------------------------------------------------------------------------------------------------------- diffs


def patch(folder: Path, diff: str, name: str, text: str) -> str:
    """What `patch -p1` makes of a file."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode())
    (folder / "it.diff").write_bytes(diff.encode())
    ran = subprocess.run(
        ["patch", "-p1", "-i", "it.diff"], cwd=folder, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "fuzz" not in ran.stdout
    return (folder / name).read_bytes().decode()


def test_diffs_apply_to_the_tasks(tmp_path: Path) -> None:
    evaluation = scene(tmp_path / "run")
    plan = planned(evaluation, [What.DIFFS])
    assert [file.name for file in plan.files] == ["diffs/abs.diff", "diffs/two.diff"]
    assert ("same", "it verified as it was") in [(left.id, left.reason) for left in plan.left_out]
    assert "assert true;" in patch(tmp_path / "a", plan.files[0].text, "Abs 1.dfy", "lemma L()\n{\n}\n")
    assert patch(tmp_path / "b", plan.files[1].text, "two.lean", LEAN) == SOLVED


lines_of_files = st.lists(
    st.sampled_from(["a", "b", "--- x", "+++ y", "", "é ⟨⟩", "\ta\r", "\x0c", "a\u2028b", "@@ -1 +1 @@"]), max_size=12
)
endings = st.sampled_from(["", "\n"])


@settings(max_examples=60, deadline=None)
@given(lines_of_files, endings, lines_of_files, endings, st.sampled_from(["x.dfy", "a b/ta sk.lean"]))
def test_any_two_texts_make_a_diff_that_patch_understands(
    before: list[str], end: str, after: list[str], end_after: str, name: str
) -> None:
    original, changed = "\n".join(before) + end, "\n".join(after) + end_after
    diff = unified_diff(original, changed, name)
    assert (diff == "") == (original == changed)
    if diff and changed:  # patch may remove a file that becomes empty
        with tempfile.TemporaryDirectory() as folder:
            assert patch(Path(folder), diff, name, original) == changed


# -------------------------------------------------------------------------------------------------------------- table


def test_the_table_has_every_attempt_and_every_task(tmp_path: Path) -> None:
    made = texts(scene(tmp_path / "run"), What.JSONL)["dataset.jsonl"]
    table: list[dict[str, Any]] = [json.loads(line) for line in made.splitlines()]
    assert [(row["id"], row["attempt"], row["status"]) for row in table] == [
        ("abs", 1, "unknown"),
        ("abs", 2, "proved"),
        ("two", 1, "proved"),
        ("same", 1, "proved"),
        ("gone", 1, "proved"),
        ("open", None, "not run"),
        ("bad", None, "invalid"),
    ]
    assert len({tuple(row) for row in table}) == 1
    assert table[0]["objections"] == ["assume: cheat (line 1)"]
    assert (table[2]["source"], table[2]["proof"], table[2]["strict"]) == (LEAN, SOLVED, True)
    assert (table[4]["proof"], table[6]["reason"], table[0]["licence"]) == ("", "no marker", "MIT")


def test_hugging_face_datasets_load_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    evaluation = scene(tmp_path / "run")
    assert written(planned(evaluation, [What.JSONL]), tmp_path / "out") is None
    loaded = datasets.Dataset.from_json(str(tmp_path / "out/dataset.jsonl"), cache_dir=str(tmp_path / "cache"))
    assert loaded["id"][:3] == ["abs", "abs", "two"]
    assert loaded[2]["proof"] == SOLVED


def test_a_run_folder_does_not_make_us_read_other_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    evaluation = write_run(tmp_path / "run", (task("t"), []))
    line = attempt("t", "proved", output="../secret")
    (tmp_path / "run/results.jsonl").write_text(line.to_line())
    found = read_evaluation(tmp_path / "run")
    assert isinstance(found, Evaluation)
    plan = planned(found, list(What))
    assert "secret" not in "".join(file.text for file in plan.files)
    assert {left.reason for left in plan.left_out} == {"its proved file ../secret is not in the run folder"}
    assert planned(evaluation, [What.SOLVED]).files == ()


# --------------------------------------------------------------------------------------------------------- comparator


def bundled(source: str, solution: str, **fields: Any) -> dict[str, str]:
    made = bundle(task("t", language="lean", source=source, **fields), attempt("t", "proved"), solution)
    assert not isinstance(made, NotBundled), made
    return made


def refused(source: str, solution: str, **fields: Any) -> str:
    made = bundle(task("t", language="lean", source=source), attempt("t", "proved", **fields), solution)
    assert isinstance(made, NotBundled)
    return made.reason


def test_a_proved_lean_task_is_a_project_for_comparator(tmp_path: Path) -> None:
    made = texts(scene(tmp_path / "run"), What.COMPARATOR)
    assert list(made) == [
        *(f"comparator/two/{name}" for name in ("Challenge.lean", "Solution.lean", "config.json")),
        "comparator/two/lakefile.toml",
        "comparator/two/lean-toolchain",
        "comparator/README.md",
    ]
    assert (made["comparator/two/Challenge.lean"], made["comparator/two/Solution.lean"]) == (LEAN, SOLVED)
    assert json.loads(made["comparator/two/config.json"]) == {
        "challenge_module": "Challenge",
        "solution_module": "Solution",
        "theorem_names": ["A.two"],
        "permitted_axioms": ["Classical.choice", "Quot.sound", "given", "propext"],
        "enable_nanoda": False,
    }
    assert made["comparator/two/lean-toolchain"] == "leanprover/lean4:v4.35.0\n"
    assert "mathlib" not in made["comparator/two/lakefile.toml"]
    assert "without running Comparator" in made["comparator/README.md"]


def test_code_that_was_to_be_written_is_a_definition_to_be_filled_in() -> None:
    source = "def f (n : Nat) : Nat := sorry\n\ntheorem f_zero : f 0 = 0 := sorry\n"
    config = json.loads(bundled(source, source.replace("sorry", "n", 1).replace("sorry", "rfl"))["config.json"])
    assert (config["theorem_names"], config["definition_names"]) == (["f_zero"], ["f"])


def test_the_statement_is_named_even_where_its_hole_is_elsewhere() -> None:
    source = "theorem help : True := sorry\ntheorem main : True := help\n"
    solution = source.replace("sorry", "trivial")
    config = json.loads(bundled(source, solution, statement="main")["config.json"])
    assert config["theorem_names"] == ["help", "main"]


def test_mathlib_is_required_at_the_version_of_lean() -> None:
    source = "import Mathlib.Tactic\n\ntheorem t : True := sorry\n"
    made = bundled(source, source.replace("sorry", "trivial"), toolchain="Lean 4.24")
    project = tomllib.loads(made["lakefile.toml"])
    assert project["require"] == [{"name": "mathlib", "scope": "leanprover-community", "rev": "v4.24.0"}]
    assert [library["name"] for library in project["lean_lib"]] == ["Challenge", "Solution"]


def test_what_comparator_could_not_judge_is_left_out_with_its_reason() -> None:
    assert "own project (Mine)" in refused("import Mine.Basic\ntheorem t : True := sorry\n", "")
    assert "`sorry` itself" in refused(LEAN, LEAN)
    assert "no named declaration" in refused("example : True := sorry\n", "example : True := trivial\n")
    assert "as it was" in refused(LEAN, SOLVED, untouched=True)


# ------------------------------------------------------------------------------------------------------- command line


def test_the_command_writes_everything_and_overwrites_nothing_unasked(terminal: Terminal) -> None:
    run, out = terminal.folder / "run", terminal.folder / "out"
    scene(run)
    ran = terminal.run("export", run, "--out", out, "--json")
    told = json.loads(ran.stdout)
    assert (ran.code, told["files"], told["proved"], told["output"]) == (0, 12, 3, str(out))
    assert sum(path.is_file() for path in out.rglob("*")) == 12
    assert {left["id"] for left in told["left_out"]} == {"gone", "same"}
    (out / "solved/two.lean").write_text("mine")
    again = terminal.run("export", run, "--out", out, "--what", "solved,diffs")
    assert (again.code, "are there already; give --force" in again.stderr) == (2, True)
    assert (out / "solved/two.lean").read_text() == "mine"
    nowhere = terminal.run("export", run, "--out", out / "solved/two.lean")
    assert (nowhere.code, "is no folder; give another one" in nowhere.stderr) == (2, True)
    assert terminal.run("export", run, "--out", out, "--what", "solved", "--force").code == 0
    assert (out / "solved/two.lean").read_text() == SOLVED


def test_what_cannot_be_done_is_said_with_exit_code_2(terminal: Terminal) -> None:
    run = terminal.folder / "run"
    scene(run)
    for words, reason in [
        (["export", terminal.folder / "none", "--out", "o"], "no such folder"),
        (["export", run, "--out", "o", "--what", "solved,pdf"], "--what pdf: there are solved, diffs"),
        (["export", run, "--out", run / "run.json"], "is no folder"),
    ]:
        ran = terminal.run(*words, "--json")
        assert ran.code == 2
        assert reason in ran.stderr
        assert reason in json.loads(ran.stdout)["reason"]


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device", str(path))

    plan = planned(scene(tmp_path / "run"), [What.SOLVED])
    monkeypatch.setattr("prover.evaluation.exports.write_atomically", full)
    problem = written(plan, tmp_path / "out")
    assert isinstance(problem, ExportProblem)
    assert "No space left on device" in problem.reason
