"""`prover report --json`: the figures of the page for scripts, each run in the words of `prover eval --json`."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

import pytest
from evaluation_folders import DAFNY, SETTINGS, Folder, a_task, every_class, many
from prover_fakes import Terminal

from prover.benchmarks.task import BenchmarkTask
from prover.evaluation.comparison import compare
from prover.evaluation.eval_json import evaluation_json
from prover.evaluation.figures import figures_of
from prover.evaluation.records import Evaluation, read_evaluation


def evaluation(path: Path) -> Evaluation:
    read = read_evaluation(path)
    assert isinstance(read, Evaluation)
    return read


def test_each_run_in_the_words_of_eval(terminal: Terminal) -> None:
    run = every_class().write(terminal.folder / "every")
    ran = terminal.run("report", run, "--json")
    said = ran.json
    assert (ran.code, said["output"], said["comparisons"], said["reason"]) == (0, str(run / "report.html"), [], "")
    assert said["runs"] == [evaluation_json(figures_of(evaluation(run))).model_dump(mode="json")]
    assert ran.stderr == f"prover: Written to: {run / 'report.html'}\n"
    assert "<html" in (run / "report.html").read_text(encoding="utf-8")
    (all_, *_) = said["runs"][0]["rates"]
    assert (all_["solved"], all_["n"]) == (3, 10)
    assert 0 < all_["low"] < 0.3 < all_["high"] < 1


def test_later_runs_are_compared_with_the_first(terminal: Terminal) -> None:
    shares = {"a": 0.4, "b": 0.7, "c": 0.4}
    runs = [many(60, seed=1, solved=share).write(terminal.folder / name) for name, share in shares.items()]
    said = terminal.run("report", *runs, "--json", "--out", terminal.folder / "page.html").json
    assert [one["run"] for one in said["runs"]] == [str(run) for run in runs]
    assert [(c["first"], c["second"]) for c in said["comparisons"]] == [(str(runs[0]), str(run)) for run in runs[1:]]
    told, pair = said["comparisons"][0], compare(evaluation(runs[0]), evaluation(runs[1]))
    assert (told["n"], told["p_value"], told["difference"]) == (pair.n, pair.p_value, pair.difference)
    assert (told["low"], told["high"]) == (pair.interval.low, pair.interval.high)
    assert (tuple(told["won"]), tuple(told["lost"])) == (pair.won, pair.lost)
    assert pair.won and pair.lost and pair.rates is not None
    assert (told["first_solved"] / pair.n, told["second_solved"] / pair.n) == pytest.approx(pair.rates)
    assert len(told["won"]) + len(told["lost"]) + len(told["both"]) + len(told["neither"]) == told["n"]
    assert {left["id"] for left in told["left_out"]} == {left.id for left in pair.left_out}
    assert all(left["reason"] for left in told["left_out"])
    same = said["comparisons"][1]
    assert (same["won"], same["lost"], same["p_value"], same["fair"]) == ([], [], 1.0, True)


def test_what_the_runs_had_differently_is_told(terminal: Terminal) -> None:
    first, second = many(6), many(6)
    second.header = {"settings": {**SETTINGS, "seconds": 10.0, "checks": 40}, "cores": 64, "verifiers": ["Dafny 4.11"]}
    first.header = {"verifiers": [DAFNY], "answers": None}
    runs = [one.write(terminal.folder / name) for one, name in ((first, "a"), (second, "b"))]
    (told,) = terminal.run("report", *runs, "--json").json["comparisons"]
    assert [(one["name"], one["first"], one["second"]) for one in told["differing"]] == [
        ("seconds", "60", "10"),
        ("checks", "none", "40"),
        ("verifier", DAFNY, "Dafny 4.11"),
        ("cores", "2", "64"),
    ]
    assert "The runs differ in seconds (60, here 10), checks (none, here 40)" in (runs[0] / "report.html").read_text()


def differing(terminal: Terminal, one: dict[str, object], two: dict[str, object]) -> list[tuple[str, str, str]]:
    first, second = many(6), many(6)
    first.header, second.header = one, two
    folder = Path(mkdtemp(dir=terminal.folder))
    runs = [made.write(folder / name) for made, name in ((first, "a"), (second, "b"))]
    (told,) = terminal.run("report", *runs, "--json").json["comparisons"]
    return [(each["name"], each["first"], each["second"]) for each in told["differing"]]


def test_verifiers_that_answered_in_another_order_are_the_same(terminal: Terminal) -> None:
    assert differing(terminal, {"verifiers": [DAFNY, "Lean"]}, {"verifiers": ["Lean", DAFNY]}) == []
    assert differing(terminal, {"verifiers": [DAFNY]}, {"verifiers": ["Lean", DAFNY]}) == [
        ("verifier", DAFNY, f"{DAFNY}; Lean")
    ]


def test_a_run_that_went_on_with_another_version_of_the_program_differs_from_one_that_did_not(
    terminal: Terminal,
) -> None:
    old, new = "a" * 64, "b" * 64
    went_on: dict[str, object] = {"sources_sha256": old, "also_sources_sha256": [new]}
    assert differing(terminal, went_on, {"sources_sha256": old}) == [
        ("program's digest", "a" * 12 + "; " + "b" * 12, "a" * 12)
    ]


def test_other_answers_in_the_same_file_are_others(terminal: Terminal) -> None:
    one: dict[str, object] = {"answers": "/answers", "answers_sha256": "a" * 64}
    assert differing(terminal, one, {**one, "answers_sha256": "b" * 64}) == [("answers' digest", "a" * 12, "b" * 12)]
    assert differing(terminal, one, {"answers": None, "answers_sha256": None}) == [("answers", "/answers", "none")]


def test_people_are_told_the_comparison_too(terminal: Terminal) -> None:
    second = many(20, solved=0.7)
    second.header = {"settings": {**SETTINGS, "checks": 40}}
    runs = [many(20, solved=0.4).write(terminal.folder / "a"), second.write(terminal.folder / "b")]
    pair = compare(*map(evaluation, runs))
    written, told = terminal.run("report", *runs).stdout.splitlines()
    assert written == f"Written to: {runs[0] / 'report.html'}"
    assert told == (
        f"b against a: won {len(pair.won)}, lost {len(pair.lost)} of {pair.n} (p = {pair.p_value:.2g}); "
        "they differ in checks"
    )


def test_runs_with_nothing_in_common_say_so_without_an_error(terminal: Terminal) -> None:
    runs = []
    for name in ("one", "two"):
        made = Folder()
        made.add(a_task(name), "proved")
        runs.append(made.write(terminal.folder / name))
    (told,) = terminal.run("report", *runs, "--json").json["comparisons"]
    assert (told["n"], told["difference"], told["p_value"]) == (0, None, 1.0)
    assert [left["reason"] for left in told["left_out"]] == ["only the first has it", "only the second has it"]


def test_runs_of_different_benchmarks_are_not_compared(terminal: Terminal) -> None:
    other = Folder()
    other.add(BenchmarkTask("verina", "x", "dafny", "proof", "lemma L()\n"), "proved")
    runs = [every_class().write(terminal.folder / "a"), other.write(terminal.folder / "b")]
    said = terminal.run("report", *runs, "--json").json
    assert [one["benchmark"] for one in said["runs"]] == ["dafnybench", "verina"]
    assert said["comparisons"] == []


def test_a_page_that_cannot_be_written_is_told(terminal: Terminal) -> None:
    run = every_class().write(terminal.folder / "every")
    (terminal.folder / "mine.txt").write_text("mine")
    ran = terminal.run("report", run, "--json", "--out", terminal.folder / "mine.txt")
    assert (ran.code, ran.json["output"], ran.json["runs"]) == (2, None, [])
    assert "is no HTML page" in ran.json["reason"]
