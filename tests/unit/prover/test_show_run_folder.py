"""Which journal of a run folder is shown, and what is said where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from search_fakes import World
from show_worlds import played

from prover.show.reading import RunRecord, ShowProblem, read_run
from prover.show.replay import grow
from search.ports import Rejected

PROVED = World(["r"], {"r": {"s": []}})
FAILED = World(["q"], {"q": {"s": Rejected()}})


def shown(run: Path, task: str | None = None) -> RunRecord:
    record = read_run(run, task)
    assert isinstance(record, RunRecord), record
    return record


def refused(run: Path, task: str | None = None) -> str:
    problem = read_run(run, task)
    assert isinstance(problem, ShowProblem)
    assert "\n" not in problem.reason
    return problem.reason


def roots(record: RunRecord) -> list[str]:
    return list(grow(record.events).roots)


def test_the_run_of_prove_is_its_only_task(tmp_path: Path) -> None:
    played(PROVED).write(tmp_path, task="src/task.dfy", seed=7)
    record = shown(tmp_path)
    assert (record.task, record.facts.status, record.facts.seed) == ("src/task.dfy", "proved", 7)
    assert (record.facts.checks, record.facts.seconds) == (3, 9.5)
    for name in ("src/task.dfy", "task.dfy", "task"):
        assert roots(shown(tmp_path, name)) == ["r"]
    assert refused(tmp_path, "other") == f"{tmp_path}: has no task other; it has: src/task.dfy."


def test_a_target_is_part_of_the_tasks_name(tmp_path: Path) -> None:
    played(PROVED).write(tmp_path)
    (tmp_path / "run.json").write_text(json.dumps({"file": "a.dfy", "target": "Sum"}))
    assert shown(tmp_path).task == "a.dfy:Sum"
    assert shown(tmp_path, "Sum").task == "a.dfy:Sum"


def test_tasks_in_folders_of_their_own(tmp_path: Path) -> None:
    played(PROVED).write(tmp_path / "first")
    assert roots(shown(tmp_path)) == ["r"]  # the only one
    played(FAILED).write(tmp_path / "bench" / "second", task="bench/second")
    assert refused(tmp_path) == f"{tmp_path}: has 2 tasks; name one of them behind the folder: bench/second, first."
    assert roots(shown(tmp_path, "first")) == ["r"]
    record = shown(tmp_path, "bench/second")
    assert (roots(record), record.facts.status) == (["q"], "unknown")
    assert "bench/second, first" in refused(tmp_path, "third")


def test_tasks_that_events_name(tmp_path: Path) -> None:
    first, second = played(PROVED), played(FAILED)
    for task, run in (("a/1", first), ("b/2", second)):
        run.lines = [line | {"task": task} for line in run.lines]
    first.lines = [line for pair in zip(first.lines, second.lines, strict=False) for line in pair]
    first.write(tmp_path, task="a/1")
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write(json.dumps({"id": "b/2", "status": "unknown"}) + "\n")
    assert "name one of them behind the folder: a/1, b/2." in refused(tmp_path)
    for task, root, status in (("a/1", "r", "proved"), ("b/2", "q", "unknown")):
        record = shown(tmp_path, task)
        assert (record.task, roots(record), record.facts.status) == (task, [root], status)


def test_a_task_without_a_result_does_not_get_anothers(tmp_path: Path) -> None:
    run = played(PROVED)
    run.lines = [line | {"task": name} for name in ("a", "b") for line in run.lines]
    run.write(tmp_path, task="a")
    assert shown(tmp_path, "b").facts.status == ""


def test_many_tasks_are_not_all_named(tmp_path: Path) -> None:
    for number in range(30):
        played(PROVED).write(tmp_path / f"t{number:02}")
    assert refused(tmp_path).endswith("t06, t07 and 22 more.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "holds no journal.jsonl; give the run folder that `prover prove` or `prover eval` names"),
        (b"", "is empty: the run ended before its search began. Run it again."),
        (b"\n\n", "is empty"),
        (b"method Main() {}\n", "no line of it is JSON, so it is no journal"),
        (b"\x00\xff\x00" * 9, "no line of it is JSON"),
        (b'{"event": "run_sta', "no line of it is JSON"),
        (b"[" * 100_000, "no line of it is JSON"),
    ],
)
def test_no_journal_to_speak_of(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "journal.jsonl").write_bytes(content)
    assert said in refused(tmp_path)


def test_no_folder(tmp_path: Path) -> None:
    assert refused(tmp_path / "none").startswith(f"{tmp_path / 'none'}: no such folder; give the run folder")
    (tmp_path / "file").write_text("")
    assert "is no folder" in refused(tmp_path / "file")
    assert "is no folder" in refused(Path("/dev/null"))
    for name in ("a\0b", "x" * 5000):
        assert refused(tmp_path / name)
        assert refused(played(PROVED).write(tmp_path), name)


def test_a_run_that_needed_no_search_says_so(tmp_path: Path) -> None:
    played(PROVED).write(tmp_path, status="proved")
    (tmp_path / "journal.jsonl").unlink()
    assert refused(tmp_path) == f"{tmp_path}: nothing was searched in this run (proved), so there is no tree."


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"settings": 3, "file": []}', b"\xff", b'{"settings": {"seed": "x"}}']
)
def test_without_a_usable_run_json_the_tree_is_shown_all_the_same(tmp_path: Path, content: bytes) -> None:
    folder = played(PROVED).write(tmp_path / "run-1")
    (folder / "run.json").write_bytes(content)
    (folder / "results.jsonl").write_bytes(content)
    record = shown(folder)
    assert (record.task, roots(record), record.facts.status) == ("run-1", ["r"], "")


def test_half_characters_do_not_get_through(tmp_path: Path) -> None:
    run = played(PROVED)
    run.lines = [line | {"text": "\ud800x"} if line["event"] == "goal_added" else line for line in run.lines]
    assert grow(run.record(tmp_path).events).goals["r"].text == "?x"
