"""The command `eval`: what is refused before anything runs, what a run leaves, and its exit codes."""

from __future__ import annotations

import dataclasses
import errno
import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from run_scenes import PROVED, ToyEngine
from typer.testing import CliRunner

from prover.benchmarks.fetching import MARKER
from prover.commands.app import app
from prover.commands.support import ExitCode, Services
from prover.evaluation.store import Store, take_up
from prover.results import ProveResult, Status


@dataclass
class Terminal:
    """A working directory with three tasks in it, and an engine that proves everything."""

    folder: Path
    engine: ToyEngine = field(default_factory=ToyEngine)
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *words: object) -> tuple[int, str, str]:
        services = Services(
            engine=self.engine,
            environment={"HOME": str(self.folder), **self.environment},
            cwd=lambda: self.folder,
            clock=lambda: 0.0,
            moment=lambda: datetime(2026, 1, 2, 3, 4, 5),
        )
        result = CliRunner().invoke(app, ["eval", *map(str, words)], obj=services)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout, result.stderr

    def json(self, *words: object) -> tuple[int, dict[str, Any]]:
        code, stdout, _ = self.run(*words, "--json")
        assert stdout.count("\n") == 1
        return code, json.loads(stdout)

    @property
    def tasks(self) -> Path:
        return self.folder / "tasks"

    @property
    def at(self) -> Path:
        return self.folder / "run"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    made = Terminal(tmp_path)
    made.tasks.mkdir()
    for name in ("one", "two", "three"):
        (made.tasks / f"{name}.dfy").write_text(f"lemma {name}()\n  ensures true\n")
    return made


def rows(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "results.jsonl").read_text().splitlines()]


def test_a_folder_of_tasks(terminal: Terminal) -> None:
    code, said = terminal.json(terminal.tasks, "--run", terminal.at, "--attempts", 2, "--seed", 5)
    assert code == ExitCode.DONE
    assert (said["schema_version"], said["benchmark"], said["finished"], said["tasks"]) == (1, "folder", True, 3)
    assert said["counts"]["proved"] == 3
    assert sorted((row["id"], row["attempt"], row["seed"]) for row in rows(terminal.at)) == [
        (f"{name}.dfy", attempt, 4 + attempt) for name in ("one", "three", "two") for attempt in (1, 2)
    ]
    header = json.loads((terminal.at / "run.json").read_text())
    assert header["state"] == "finished"
    assert header["settings"]["seed"] == 5
    assert header["attempts"] == 2
    assert header["verifiers"] == [PROVED.verifier]
    assert len(header["sources_sha256"]) == len(header["tasks_sha256"]) == 64
    assert (terminal.at / "proofs" / "one.dfy.proved.dfy").read_text() == PROVED.text


def test_the_run_folder_by_default(terminal: Terminal) -> None:
    assert terminal.run("folder", "--data", terminal.tasks)[0] == ExitCode.DONE
    assert [p.name for p in (terminal.folder / ".prover" / "runs").iterdir()] == ["20260102-030405-folder"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nonsense"], "there is no such benchmark"),
        (["verinaa"], "did you mean verina?"),
        (["verina"], "prover data fetch verina"),
        (["folder"], "--data"),
        (["starter", "--only", "dafny/array-mix"], "did you mean dafny/array-max"),
        (["starter", "--only", "x*"], "no task has this id"),
        (["starter", "--limit", "0"], "--limit 0"),
        (["starter", "--attempts", "0"], "--attempts 0"),
        (["starter", "--workers", "0"], "--workers 0"),
        (["starter", "--language", "coq"], "--language coq"),
        (["starter", "--mode", "both"], "--mode both"),
        (["starter", "--seconds", "-1"], "--seconds"),
        (["starter", "--strategy", "luck"], "luck"),
        (["starter", "--policy", "luck"], "luck"),
        ([], "name a benchmark"),
        (["--resume"], "--run DIR"),
        (["starter", "--retry-errors"], "--resume"),
        (["--resume", "--retry-errors"], "--run DIR"),
        (["--resume", "--run", "nowhere"], "no such folder"),
    ],
)
def test_bad_words_are_told_with_the_next_step(terminal: Terminal, words: list[str], told: str) -> None:
    code, stdout, stderr = terminal.run(*words)
    assert (code, stdout) == (ExitCode.INVALID, "")
    assert told in stderr
    assert not (terminal.folder / ".prover").exists()
    code, said = terminal.json(*words)
    assert code == ExitCode.INVALID
    assert told in said["reason"]


def test_a_run_goes_on_as_it_was_begun(terminal: Terminal) -> None:
    terminal.engine.answer = OSError(errno.ENOSPC, "No space left on device", "journal.jsonl")
    code, _, stderr = terminal.run(terminal.tasks, "--run", terminal.at, "--checks", 3)
    assert (code, f"--run {terminal.at} --resume" in stderr) == (ExitCode.INVALID, True)
    terminal.engine.answer = PROVED
    assert terminal.run("--run", terminal.at, "--resume")[0] == ExitCode.DONE
    assert len(rows(terminal.at)) == 3
    assert all(request.checks == 3 for request in terminal.engine.requests)


def test_other_options_do_not_go_on_with_a_run(terminal: Terminal) -> None:
    terminal.run(terminal.tasks, "--run", terminal.at, "--seed", 1)
    code, _, stderr = terminal.run("--run", terminal.at, "--resume", "--seed", 2)
    assert (code, "--seed 2: the run was begun with 1" in stderr) == (ExitCode.INVALID, True)
    assert terminal.run("--run", terminal.at, "--resume", "--seed", 1, "--workers", 3)[0] == ExitCode.DONE


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--only", "two.dfy"], "--only two.dfy: the run was begun with one.dfy two.dfy"),
        (["--limit", "1"], "--limit 1: the run was begun without it"),
        (["--mode", "codeproof"], "--mode codeproof"),
        (["--language", "lean"], "--language lean"),
        (["--data", "elsewhere"], "--data"),
        (["--answers", "elsewhere"], "--answers"),
        (["--attempts", "2"], "--attempts 2: the run was begun with 1"),
        (["starter"], "starter: the run was begun with folder"),
        (["elsewhere"], "--data"),
        (["--workers", "-3"], "--workers -3"),
    ],
)
def test_what_a_resumed_run_cannot_have_is_told_and_not_ignored(
    terminal: Terminal, words: list[str], told: str
) -> None:
    terminal.run(terminal.tasks, "--run", terminal.at, "--only", "one.dfy,two.dfy")
    code, said = terminal.json("--run", terminal.at, "--resume", *words)
    assert (code, told in said["reason"], said["finished"]) == (ExitCode.INVALID, True, False), said["reason"]
    assert terminal.run("--run", terminal.at, "--resume")[0] == ExitCode.DONE, "and the run can still go on"


def test_the_same_command_goes_on_with_its_run(terminal: Terminal) -> None:
    words = (terminal.tasks, "--only", "one.dfy,two.dfy", "--mode", "proof", "--run", terminal.at)
    assert terminal.run(*words)[0] == terminal.run(*words, "--resume")[0] == ExitCode.DONE
    assert len(rows(terminal.at)) == 2


def test_another_server_may_go_on_with_a_run(terminal: Terminal) -> None:
    terminal.engine.answer = OSError(errno.ENOSPC, "No space left on device", "journal.jsonl")
    terminal.run(terminal.tasks, "--run", terminal.at, "--base-url", "http://one/v1")
    terminal.engine.answer = PROVED
    terminal.run("--run", terminal.at, "--resume", "--base-url", "http://two/v1")
    assert {request.settings.base_url for request in terminal.engine.requests[-3:]} == {"http://two/v1"}
    header = json.loads((terminal.at / "run.json").read_text())
    assert (header["settings"]["base_url"], header["also_base_url"]) == ("http://one/v1", ["http://two/v1"])


def test_the_command_that_goes_on_asks_the_server_that_was_asked_last(terminal: Terminal) -> None:
    terminal.engine.answer = ValueError("odd")
    again = f"prover eval --run {terminal.at} --resume --retry-errors"
    assert terminal.run(terminal.tasks, "--run", terminal.at, "--base-url", "http://one/v1")[2].endswith(f"{again}\n")
    told = terminal.run("--run", terminal.at, "--resume", "--retry-errors", "--base-url", "http://two/v1")[2]
    assert told.endswith(f"{again} --base-url http://two/v1\n")


def test_a_run_goes_on_with_the_verifiers_that_are_set_now(terminal: Terminal) -> None:
    """The one that it was begun with may be the reason why it stopped."""
    terminal.environment["PROVER_DAFNY"] = "/broken/dafny"
    terminal.engine.answer = ValueError("odd")
    terminal.run(terminal.tasks, "--run", terminal.at)
    terminal.environment["PROVER_DAFNY"] = "/mended/dafny"
    terminal.engine.answer = PROVED
    assert terminal.run("--run", terminal.at, "--resume", "--retry-errors")[0] == ExitCode.DONE
    assert {request.settings.dafny for request in terminal.engine.requests[-3:]} == {Path("/mended/dafny")}
    header = json.loads((terminal.at / "run.json").read_text())
    assert (header["settings"]["dafny"], header["also_dafny"]) == ("/broken/dafny", ["/mended/dafny"])
    del terminal.environment["PROVER_DAFNY"]
    terminal.engine.answer = ValueError("odd")
    terminal.run("--run", terminal.at, "--resume")
    assert json.loads((terminal.at / "run.json").read_text())["also_dafny"] == ["/mended/dafny"], "nothing was set"


def test_another_version_of_the_program_may_go_on_and_is_told(terminal: Terminal) -> None:
    terminal.run(terminal.tasks, "--run", terminal.at)
    header = json.loads((terminal.at / "run.json").read_text())
    (terminal.at / "run.json").write_text(json.dumps({**header, "sources_sha256": "0" * 64}))
    code, _, stderr = terminal.run("--run", terminal.at, "--resume")
    assert (code, "the program has been changed" in stderr) == (ExitCode.DONE, False), "but not made any attempt"
    assert "also_sources_sha256" not in json.loads((terminal.at / "run.json").read_text())
    lines = (terminal.at / "results.jsonl").read_text().splitlines(keepends=True)
    (terminal.at / "results.jsonl").write_text("".join(lines[:-1]))
    code, _, stderr = terminal.run("--run", terminal.at, "--resume")
    assert (code, "the program has been changed" in stderr) == (ExitCode.DONE, True)
    assert "the program has been changed" not in terminal.run("--run", terminal.at, "--resume")[2], "once is enough"
    after = json.loads((terminal.at / "run.json").read_text())
    assert (after["sources_sha256"], after["also_sources_sha256"]) == ("0" * 64, [header["sources_sha256"]])
    CliRunner().invoke(app, ["report", str(terminal.at)])
    assert "another version of the program" in (terminal.at / "report.html").read_text()


def test_answers_that_were_changed_do_not_go_on_with_a_run(terminal: Terminal) -> None:
    answers = terminal.folder / "answers.jsonl"
    answers.write_text('{"id": "one.dfy", "text": "lemma one() { }"}\n')
    assert terminal.run(terminal.tasks, "--run", terminal.at, "--answers", answers)[0] == ExitCode.DONE
    assert terminal.run("--run", terminal.at, "--resume", "--answers", answers)[0] == ExitCode.DONE
    answers.write_text('{"id": "one.dfy", "text": "lemma one() { assume false; }"}\n')
    code, _, stderr = terminal.run("--run", terminal.at, "--resume")
    assert (code, "are others than when the run began" in stderr) == (ExitCode.INVALID, True)


def test_a_model_that_was_changed_does_not_go_on_with_a_run(terminal: Terminal) -> None:
    record = terminal.folder / "samples.jsonl"
    answer = {"samples": [], "prompt_tokens": 1, "cached_tokens": 0, "cost_usd": None}
    record.write_text(json.dumps({"key": "k", "request": {}, "answer": answer}) + "\n")
    terminal.run(terminal.tasks, "--run", terminal.at, "--policy", f"replay:{record}")
    record.write_text(record.read_text() * 2)
    code, _, stderr = terminal.run("--run", terminal.at, "--resume")
    assert (code, "another than when the run began" in stderr) == (ExitCode.INVALID, True)


@pytest.mark.parametrize("lost", ["last line", "half a line", "a letter"])
def test_a_run_that_has_lost_tasks_has_no_figures(terminal: Terminal, lost: str) -> None:
    """Each rate would be of too few."""
    terminal.run(terminal.tasks, "--run", terminal.at)
    tasks = terminal.at / "tasks.jsonl"
    whole = tasks.read_text()
    damaged = {"last line": whole[: whole[:-1].rfind("\n") + 1], "half a line": whole[:-40]}
    tasks.write_text(damaged.get(lost, whole.replace("two", "tow")))
    code, said = terminal.json("--run", terminal.at, "--resume")
    assert (code, "tasks.jsonl: is not what the run began with" in said["reason"]) == (ExitCode.INVALID, True)
    for command in (["report"], ["export", "--out", str(terminal.folder / "out")]):
        result = CliRunner().invoke(app, [*command, str(terminal.at)])
        assert (result.exit_code, "is not what the run began with" in result.stderr) == (ExitCode.INVALID, True)


def test_data_of_unknown_origin_is_not_called_upstreams(terminal: Terminal) -> None:
    """The commit in the description is the pin; whether the folder holds it is seen by the mark of `data fetch`."""
    data = terminal.folder / "data"
    data.mkdir()
    record = {"test_ID": "001", "test_file": "a.dfy", "ground_truth": "", "hints_removed": "lemma a() { }\n"}
    (data / "test.json").write_text(json.dumps([record]))

    def checked(run: str) -> object:
        assert terminal.run("dafnybench", "--data", data, "--run", terminal.folder / run)[0] == ExitCode.DONE
        return json.loads((terminal.folder / run / "run.json").read_text())["upstream"]["checked"]

    assert checked("a") is False
    report = terminal.folder / "page.html"
    CliRunner().invoke(app, ["report", str(terminal.folder / "a"), "--out", str(report)])
    assert "was not checked against it" in report.read_text()
    (data / MARKER).write_text(json.dumps({"commit": "0cd28fe" + "0" * 33}))
    assert checked("b") is True


def test_two_runs_do_not_share_a_folder(terminal: Terminal) -> None:
    terminal.run(terminal.tasks, "--run", terminal.at)
    assert terminal.run(terminal.tasks, "--run", terminal.at)[0] == ExitCode.INVALID
    held = take_up(terminal.at)
    assert isinstance(held, Store)
    code, _, stderr = terminal.run("--run", terminal.at, "--resume")
    assert (code, "another process" in stderr) == (ExitCode.INVALID, True)
    held.close()


def test_every_attempt_that_failed_by_our_fault_shows(terminal: Terminal) -> None:
    terminal.engine.answer = ValueError("odd")
    code, said = terminal.json(terminal.tasks, "--run", terminal.at)
    assert (code, said["counts"]["error"]) == (ExitCode.INTERNAL, 3)


def test_errors_are_tried_again_where_that_is_asked_for(terminal: Terminal) -> None:
    terminal.engine.answer = ValueError("odd")
    again = f"prover eval --run {terminal.at} --resume --retry-errors"
    code, _, stderr = terminal.run(terminal.tasks, "--run", terminal.at)
    assert (code, "3 attempts ended in an error" in stderr, again in stderr) == (ExitCode.INTERNAL, True, True)
    terminal.engine.answer = PROVED
    assert terminal.run("--run", terminal.at, "--resume")[0] == ExitCode.INTERNAL, "not without being asked"
    code, said = terminal.json("--run", terminal.at, "--resume", "--retry-errors")
    assert (code, said["counts"]["error"], said["counts"]["proved"]) == (ExitCode.DONE, 0, 3)
    assert (said["retried"], said["totals"]["attempts"], len(rows(terminal.at))) == (3, 3, 6)
    assert "Tried again after an error: 3 attempts" in terminal.run("--run", terminal.at, "--resume")[1]
    CliRunner().invoke(app, ["report", str(terminal.at)])
    assert "Tried again after an error, and counted" in (terminal.at / "report.html").read_text()


def test_where_no_attempt_is_an_error_that_is_said(terminal: Terminal) -> None:
    terminal.run(terminal.tasks, "--run", terminal.at)
    code, _, stderr = terminal.run("--run", terminal.at, "--resume", "--retry-errors")
    assert (code, "No attempts ended in an error." in stderr) == (ExitCode.DONE, True)


def test_looking_again_at_a_run_that_is_done_changes_nothing_in_it(terminal: Terminal) -> None:
    terminal.run(terminal.tasks, "--run", terminal.at)
    header = json.loads((terminal.at / "run.json").read_text())
    (terminal.at / "run.json").write_text(json.dumps({**header, "ended": "2026-01-02T03:04:05+00:00"}))
    assert terminal.run("--run", terminal.at, "--resume")[0] == ExitCode.DONE
    after = json.loads((terminal.at / "run.json").read_text())
    assert (after["state"], after["ended"]) == ("finished", "2026-01-02T03:04:05+00:00")


def test_the_command_that_goes_on_can_be_pasted(terminal: Terminal) -> None:
    terminal.engine.answer = OSError(errno.ENOSPC, "No space left on device", "journal.jsonl")
    code, _, stderr = terminal.run(terminal.tasks, "--run", terminal.folder / "my run")
    assert (code, f"prover eval --run '{terminal.folder}/my run' --resume" in stderr) == (ExitCode.INVALID, True)


def test_a_run_that_stops_while_errors_are_tried_again_says_how_to_go_on(terminal: Terminal) -> None:
    terminal.engine.answer = ValueError("odd")
    terminal.run(terminal.tasks, "--run", terminal.at)
    terminal.engine.answer = OSError(errno.ENOSPC, "No space left on device", "journal.jsonl")
    code, said = terminal.json("--run", terminal.at, "--resume", "--retry-errors")
    assert (code, "--resume --retry-errors" in said["reason"]) == (ExitCode.INVALID, True)


def test_whoever_wants_all_tasks_supported_says_so(terminal: Terminal) -> None:
    terminal.engine.answer = ProveResult(Status.UNSUPPORTED, reason="No Mathlib.")
    assert terminal.run(terminal.tasks, "--run", terminal.at)[0] == ExitCode.DONE
    assert terminal.run(terminal.tasks, "--run", terminal.folder / "b", "--require-supported")[0] == 3


def test_what_cannot_be_read_is_counted(terminal: Terminal) -> None:
    (terminal.tasks / "bad.dfy").write_bytes(b"\xff\xfe")
    code, said = terminal.json(terminal.tasks, "--run", terminal.at)
    assert code == ExitCode.DONE
    assert (said["counts"]["invalid"], said["counts"]["proved"], said["tasks"]) == (1, 3, 4)


def test_answers_are_judged(terminal: Terminal) -> None:
    answers = terminal.folder / "answers"
    answers.mkdir()
    (answers / "one.dfy.dfy").write_text("lemma one() { }")
    code, said = terminal.json(terminal.tasks, "--run", terminal.at, "--answers", answers)
    assert code == ExitCode.DONE
    assert (said["counts"]["proved"], said["counts"]["not run"]) == (1, 2)
    assert terminal.engine.requests == []
    (row,) = rows(terminal.at)
    assert row["output"] is not None
    # Whether tasks verify as they are, nobody has looked.
    assert [rate["label"] for rate in said["rates"]] == ["all", "supported"]


def test_a_missing_model_ends_the_run_before_it_begins_and_it_can_go_on_when_the_model_is_there(
    terminal: Terminal,
) -> None:
    record = terminal.folder / "samples.jsonl"
    code, said = terminal.json(terminal.tasks, "--run", terminal.at, "--policy", f"replay:{record}")
    assert (code, str(record) in said["reason"]) == (ExitCode.UNSUPPORTED, True)
    assert said["reason"].endswith(f". Then go on with: prover eval --run {terminal.at} --resume")
    assert not (terminal.at / "results.jsonl").exists()
    answer = {"samples": [], "prompt_tokens": 1, "cached_tokens": 0, "cost_usd": None}
    record.write_text(json.dumps({"key": "k", "request": {}, "answer": answer}) + "\n")
    assert terminal.run("--run", terminal.at, "--resume")[0] == ExitCode.DONE
    record.unlink()
    code, said = terminal.json("--run", terminal.at, "--resume", "--retry-errors")
    assert (code, said["finished"]) == (ExitCode.DONE, True), "where nothing is to be made no model is needed"


@pytest.mark.parametrize("words", [["--seed", "9"], ["--retry-errors"]])
def test_a_run_that_has_ended_is_not_undone_by_going_on_in_vain(terminal: Terminal, words: list[str]) -> None:
    """With other options, or without its model: rates would be of the tasks that ran, no longer of all."""
    record = terminal.folder / "samples.jsonl"
    answer = {"samples": [], "prompt_tokens": 1, "cached_tokens": 0, "cost_usd": None}
    record.write_text(json.dumps({"key": "k", "request": {}, "answer": answer}) + "\n")
    terminal.engine.answer = ValueError("odd")
    terminal.run(terminal.tasks, "--run", terminal.at, "--policy", f"replay:{record}")
    before = (terminal.at / "run.json").read_text()
    record.unlink()
    assert terminal.run("--run", terminal.at, "--resume", *words)[0] in (ExitCode.INVALID, ExitCode.UNSUPPORTED)
    assert (terminal.at / "run.json").read_text() == before
    assert json.loads(before)["state"] == "finished"


def test_a_task_that_verified_as_it_was_has_no_tree_and_says_why(terminal: Terminal) -> None:
    terminal.engine.answer = dataclasses.replace(PROVED, untouched=True)
    terminal.run(terminal.tasks, "--run", terminal.at)
    told = CliRunner().invoke(app, ["show", str(terminal.at), "one.dfy"]).stderr
    assert "nothing was searched in attempt 1 at one.dfy (proved). It verified as it was." in told


def test_an_answer_that_was_judged_has_no_tree_and_says_why(terminal: Terminal) -> None:
    answers = terminal.folder / "answers.jsonl"
    answers.write_text('{"id": "one.dfy", "text": "lemma one() { }"}\n')
    terminal.run(terminal.tasks, "--run", terminal.at, "--answers", answers)
    told = CliRunner().invoke(app, ["show", str(terminal.at), "one.dfy"]).stderr
    assert told.endswith("nothing was searched in attempt 1 at one.dfy (proved). It is an answer that was judged.\n")
