"""`prover prove` as its users and their scripts see it, against a fake engine."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from prover_fakes import GOAL, PROVED, SOURCE, FakeEngine, Terminal, proved, unknown

from prover.events import BestSoFar, Observer, UsageChanged
from prover.results import GoalStatus, ProveRequest, ProveResult, Status

FIELDS = [
    "schema_version", "status", "untouched", "implemented", "translated", "language", "file", "target", "output",
    "partial", "policy", "strategy", "seed", "seconds", "checks", "tokens", "goals", "subgoals", "verifier", "axioms",
    "baseline", "reason", "run",
]  # fmt: skip


def test_a_proof_is_written_beside_the_input_with_exit_code_0(terminal: Terminal) -> None:
    source = terminal.write("double.dfy")
    ran = terminal.run("prove", source)
    assert ran.code == 0
    assert (terminal.folder / "double.proved.dfy").read_text() == PROVED
    assert source.read_text() == SOURCE
    assert "+  assert d == 2 * n;" in ran.stdout
    assert "Confirmed by: Dafny 2.3.0.10506 (z3 4.8.5)" in ran.stdout
    assert "searching: Dafny 2.3" in ran.stderr


def test_json_is_one_object_with_the_fields_of_the_contract_in_order(terminal: Terminal) -> None:
    source = terminal.write("double.dfy")
    ran = terminal.run("prove", source, "--json")
    report = ran.json
    assert list(report) == FIELDS
    assert report["schema_version"] == 1
    assert report["status"] == "proved"
    assert report["output"] == str(terminal.folder / "double.proved.dfy")
    assert report["goals"] == [{"name": "Double", "line": 1, "status": "proved", "diagnostics": [], "witness": ""}]
    assert (report["seconds"], report["checks"], report["reason"]) == (1.25, 7, "")
    assert "Proved" in ran.stderr


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (proved, 0),
        (unknown, 1),
        (ProveResult(Status.INVALID, reason="line 3: a syntax error."), 2),
        (ProveResult(Status.UNSUPPORTED, reason="No Dafny here; apt-get install dafny."), 3),
        (ProveResult(Status.REFUTED, reason="n = 0 is a counterexample."), 4),
        (ZeroDivisionError("boom"), 5),
    ],
)
def test_exit_codes(terminal: Terminal, answer: ProveResult | Exception, code: int) -> None:
    terminal.engine = FakeEngine(answer)
    terminal.write("double.dfy")
    ran = terminal.run("prove", terminal.folder / "double.dfy", "--json")
    assert ran.code == code
    assert ran.json["status"] == (answer.status if isinstance(answer, ProveResult) else "unknown")


def test_what_was_implemented_is_told(terminal: Terminal) -> None:
    terminal.engine = FakeEngine(replace(proved, implemented=True))
    ran = terminal.run("prove", terminal.write("double.dfy"), "--json")
    assert ran.json["implemented"] is True
    assert "Implemented and proved" in ran.stderr


def test_without_a_proof_the_best_file_is_kept_and_says_that_it_is_unproved(terminal: Terminal) -> None:
    terminal.engine = FakeEngine(unknown)
    source = terminal.write("double.dfy")
    ran = terminal.run("prove", source)
    partial = (terminal.folder / "double.partial.dfy").read_text()
    assert partial.startswith("// UNPROVED")
    assert "//   - Double (line 1): a postcondition might not hold" in partial
    assert partial.endswith(SOURCE)
    assert not (terminal.folder / "double.proved.dfy").exists()
    assert "The budget of 60 s was spent." in ran.stdout


def test_an_untouched_file_is_proved_and_still_written(terminal: Terminal) -> None:
    terminal.engine = FakeEngine(ProveResult(Status.PROVED, text=SOURCE, untouched=True))
    ran = terminal.run("prove", terminal.write("double.dfy"))
    assert ran.code == 0
    assert "verified as it was" in ran.stdout
    assert (terminal.folder / "double.proved.dfy").read_text() == SOURCE


def test_the_options_reach_the_engine(terminal: Terminal) -> None:
    terminal.write("double.dfy")
    options = "--seconds 5 --checks 9 --tokens 100 --seed 4 --policy symbolic --strategy best-first"
    terminal.run("prove", f"{terminal.folder}/double.dfy:Double", *options.split())
    request = terminal.engine.requests[0]
    assert (request.seconds, request.checks, request.tokens, request.seed) == (5.0, 9, 100, 4)
    assert request.source.target == "Double"
    assert request.source.text == SOURCE


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--policy", "magic"], 2, "'magic' is not a policy"),
        (["--policy", "hf:"], 2, "'hf:' is not a policy"),
        (["--temperature", "-1"], 2, "--temperature"),
        (["--answer-tokens", "0"], 2, "--answer-tokens"),
        (["--policy", "openai:m", "--family", "nobody"], 2, "--family is 'nobody': there is no such family; choose"),
        (["--policy", "openai:m", "--family", "bfs"], 2, "the family bfs know no Dafny; choose another with --family"),
        (["--policy", "symbolic+hf:org/BFS-Prover"], 2, "--policy hf:org/BFS-Prover: models of the family bfs"),
        (["--strategy", "mcts"], 2, "best-first"),
        (["--seconds", "-1"], 2, "--seconds"),
        (["--seconds", "nan"], 2, "--seconds"),
        (["--checks", "0"], 2, "--checks"),
        (["--seed", "-3"], 2, "--seed"),
    ],
)
def test_options_that_cannot_be_used(terminal: Terminal, options: list[str], code: int, said: str) -> None:
    terminal.write("double.dfy")
    ran = terminal.run("prove", terminal.folder / "double.dfy", "--json", *options)
    assert ran.code == code
    assert ran.json["status"] == {2: "invalid", 3: "unsupported"}[code]
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert not terminal.engine.requests
    assert not (terminal.folder / ".prover").exists()


@pytest.mark.parametrize("words", [["prove"], ["prove", "a.dfy", "--nonsense"], ["fly"], ["prove", "a", "--seed", "x"]])
def test_usage_errors_have_exit_code_2(terminal: Terminal, words: list[str]) -> None:
    ran = terminal.run(*words)
    assert ran.code == 2
    assert not ran.stdout


@pytest.mark.parametrize("words", [["--help"], ["prove", "--help"], ["check", "-h"], ["--version"]])
def test_help_and_version(terminal: Terminal, words: list[str]) -> None:
    ran = terminal.run(*words)
    assert ran.code == 0
    assert "prover" in ran.stdout


def test_standard_input_is_proved_into_the_run_folder(terminal: Terminal) -> None:
    ran = terminal.run("prove", "--json", "--", "-:Double", stdin=SOURCE.encode())
    assert ran.code == 0
    report = ran.json
    assert (report["file"], report["target"]) == ("-", "Double")
    assert Path(report["output"]).read_text() == PROVED
    assert Path(report["output"]).is_relative_to(report["run"])


def test_standard_input_in_lean_has_its_files_in_lean(terminal: Terminal) -> None:
    report = terminal.run("prove", "-", "--language", "lean", "--json", stdin=b"theorem t : True := by\n  sorry\n").json
    assert [path.name for path in (Path(report["run"]) / "proofs").iterdir()] == ["stdin.proved.lean"]


def test_out_dash_puts_the_proof_alone_on_stdout(terminal: Terminal) -> None:
    ran = terminal.run("prove", "-", "--out", "-", stdin=SOURCE.encode())
    assert (ran.code, ran.stdout) == (0, PROVED)
    assert "Proved" in ran.stderr


def test_out_dash_and_json_do_not_go_together(terminal: Terminal) -> None:
    assert terminal.run("prove", "-", "--out", "-", "--json", stdin=SOURCE.encode()).code == 2


def test_the_input_is_never_the_output(terminal: Terminal) -> None:
    source = terminal.write("double.dfy")
    (terminal.folder / "link.dfy").symlink_to(source)
    (terminal.folder / "hard.dfy").hardlink_to(source)
    for name in ("double.dfy", "link.dfy", "hard.dfy"):
        ran = terminal.run("prove", source, "--out", terminal.folder / name)
        assert ran.code == 2
        assert "never overwritten" in ran.stderr
    assert source.read_text() == SOURCE
    assert not terminal.engine.requests


def test_the_run_folder_holds_settings_journal_results_and_proofs(terminal: Terminal) -> None:
    run = terminal.folder / "here" / "run"
    terminal.run("prove", terminal.write("double.dfy"), "--run", run, "--seed", "3")
    header = json.loads((run / "run.json").read_text())
    assert header["settings"]["seed"] == 3
    assert header["origins"]["seed"] == "command line"
    assert header["status"] == "proved"
    assert {"version", "python", "platform", "sha256", "verifier"} <= set(header)
    assert [json.loads(line) for line in (run / "journal.jsonl").read_text().splitlines()] == [
        {"event": "attempt", "goal": "Double"}
    ]
    (attempt,) = [json.loads(line) for line in (run / "results.jsonl").read_text().splitlines()]
    assert (attempt["status"], attempt["attempt"], attempt["benchmark"]) == ("proved", 1, None)
    assert (run / "proofs" / "double.proved.dfy").read_text() == PROVED


def test_a_folder_that_holds_a_run_is_refused(terminal: Terminal) -> None:
    source, run = terminal.write("double.dfy"), terminal.folder / "run"
    assert terminal.run("prove", source, "--run", run).code == 0
    ran = terminal.run("prove", source, "--run", run)
    assert ran.code == 2
    assert "already holds a run" in ran.stderr


def test_default_run_folders_do_not_collide_and_stay_out_of_git(terminal: Terminal) -> None:
    source = terminal.write("double.dfy")
    runs = [terminal.run("prove", source, "--json").json["run"] for _ in range(2)]
    base = terminal.folder / ".prover" / "runs"
    assert runs == [str(base / "20260102-030405-double"), str(base / "20260102-030405-double-2")]
    assert (terminal.folder / ".prover" / ".gitignore").read_text() == "*\n"


def test_ctrl_c_keeps_the_best_file_with_exit_code_130(terminal: Terminal) -> None:
    async def interrupt(request: ProveRequest, observer: Observer) -> None:
        observer.notify(UsageChanged(7, 90))
        observer.notify(BestSoFar(SOURCE, ("best so far",), (replace(GOAL, status=GoalStatus.PROVED), GOAL)))
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(60)

    terminal.engine = FakeEngine(during=interrupt)
    source = terminal.write("double.dfy")
    ran = terminal.run("prove", source, "--json")
    assert ran.code == 130
    assert [(g["name"], g["line"], g["status"]) for g in ran.json["goals"]] == [
        ("Double", 1, "proved"),
        ("Double", 1, "open"),
    ]
    report = ran.json
    assert (report["status"], report["reason"]) == ("unknown", "Interrupted.")
    assert (report["checks"], report["tokens"]) == (7, 90)
    assert "UNPROVED" in Path(report["partial"]).read_text()
    assert "what was found is kept" in ran.stderr


def test_a_proof_completed_while_being_interrupted_counts(terminal: Terminal) -> None:
    async def interrupt(request: ProveRequest, observer: Observer) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return

    terminal.engine = FakeEngine(during=interrupt)
    assert terminal.run("prove", terminal.write("double.dfy")).code == 0


def test_an_error_of_ours_leaves_a_report_and_the_best_file(terminal: Terminal) -> None:
    terminal.engine = FakeEngine(ZeroDivisionError("boom"))
    run = terminal.folder / "run"
    ran = terminal.run("prove", terminal.write("double.dfy"), "--run", run)
    assert ran.code == 5
    assert "ZeroDivisionError: boom" in ran.stderr
    report = Path(ran.stderr.split("A report is in ")[1].split(";")[0])
    assert "Traceback" in report.read_text()
    report.unlink()
    assert (run / "proofs" / "double.partial.dfy").read_text().startswith("// UNPROVED")
    assert json.loads((run / "results.jsonl").read_text())["status"] == "error"


def test_hostile_text_does_not_drive_the_terminal(terminal: Terminal) -> None:
    terminal.engine = FakeEngine(ProveResult(Status.UNKNOWN, reason="\x1b[2J[bold red]gone\x07 \u202e"))
    ran = terminal.run("prove", terminal.write("double.dfy"))
    assert "\x1b" not in ran.stdout + ran.stderr
    assert "[bold red]gone" in ran.stdout


def test_settings_come_from_environment_and_file_too(terminal: Terminal) -> None:
    terminal.write("prover.toml", "seconds = 7\nseed = 1\n")
    terminal.environment["PROVER_SEED"] = "2"
    terminal.run("prove", terminal.write("double.dfy"))
    request = terminal.engine.requests[0]
    assert (request.seconds, request.seed) == (7.0, 2)


def test_an_unknown_setting_is_named_with_its_near_match(terminal: Terminal) -> None:
    terminal.write("prover.toml", "secnds = 7\n")
    ran = terminal.run("prove", terminal.write("double.dfy"))
    assert ran.code == 2
    assert "unknown setting 'secnds'; did you mean 'seconds'?" in ran.stderr
