"""A run folder: whatever happens to the process that writes it, attempts that have ended are there, once."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from run_scenes import again, line, made, proof, refused, task, tasks

from prover.benchmarks.task import NotLoaded, Segment
from prover.evaluation.jobs import Ended, Job
from prover.evaluation.records import attempt_folder, read_evaluation, slug
from prover.evaluation.store import Store, create, take_up
from prover.jsonlines import JsonLines


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    lost = NotLoaded("toys", "toy/x", "lean", "invalid", "is not UTF-8 text", ("odd",))
    store = made(tmp_path / "run", [*tasks(2), lost])
    store.end(Job(task(0), 1), proof(Job(task(0), 1)))
    store.close()
    found = read_evaluation(tmp_path / "run")
    assert not hasattr(found, "reason")
    assert [record.task for record in found.tasks] == [task(0), task(1), lost]
    (attempt,) = found.tasks[0].attempts
    assert attempt.output is not None
    assert (tmp_path / "run" / attempt.output).read_text() == f"{task(0).source}{{ }}\n"
    assert found.tasks[1].attempts == ()


def test_a_folder_that_holds_a_run_is_not_begun_again(tmp_path: Path) -> None:
    made(tmp_path, tasks(1)).close()
    assert "--resume" in refused(create(tmp_path, {}, tasks(1)))


def test_a_second_process_is_kept_out_until_the_first_has_gone(tmp_path: Path) -> None:
    store = made(tmp_path, tasks(1))
    assert f"process {os.getpid()}" in refused(take_up(tmp_path))
    assert "another process" in refused(create(tmp_path, {}, tasks(1)))
    store.close()
    again(tmp_path).close()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    """Also where it has left children behind: they do not hold its lock."""
    code = (
        "import os, signal, subprocess, sys\n"
        "from pathlib import Path\n"
        "from prover.evaluation.store import create\n"
        f"store = create(Path({str(tmp_path / 'run')!r}), {{}}, ())\n"
        "child = subprocess.Popen(['sleep', '60'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(child.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    try:
        again(tmp_path / "run").close()
    finally:
        os.kill(int(ended.stdout), 9)


def test_what_was_broken_off_is_begun_anew_with_what_it_had_been_told(tmp_path: Path) -> None:
    store = made(tmp_path, tasks(1))
    job = Job(task(0), 1)
    folder = store.begin(job)
    (folder / "journal.jsonl").write_text("half")
    (folder / "checks.log").write_text("answers")
    (folder / "samples.jsonl").write_text('{"key": 1}\n')
    store.close()
    store = again(tmp_path)
    assert store.done == {}
    assert sorted(p.name for p in store.begin(job).iterdir()) == ["checks.log", "samples.earlier.jsonl"]
    (folder / "samples.jsonl").write_text('{"key": 2}\n{"ke')  # killed once more, in the middle of a line
    store.begin(job)
    (folder / "samples.jsonl").write_text('{"key": 3}\n')
    store.begin(job)
    kept = [row for row in (folder / "samples.earlier.jsonl").read_text().split("\n") if row]
    assert kept == ['{"key": 1}', '{"key": 2}', '{"ke', '{"key": 3}']


def test_what_only_a_broken_off_attempt_needs_goes_when_its_line_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = made(tmp_path, tasks(1))
    folder = store.begin(job := Job(task(0), 1))
    for name in ("checks.log", "samples.earlier.jsonl"):
        (folder / name).write_text("told before")

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(JsonLines, "sync", full)
        with pytest.raises(OSError, match="No space"):
            store.end(job, proof(job))
    assert len(list(folder.iterdir())) == 2
    store.end(job, proof(job))
    assert list(folder.iterdir()) == []


def test_what_is_told_twice_is_kept_once(tmp_path: Path) -> None:
    """An attempt that goes on is told the same as before, and records it again."""
    store = made(tmp_path, tasks(1))
    folder = store.begin(job := Job(task(0), 1))
    for _ in range(3):
        (folder / "samples.jsonl").write_text('{"key": 1}\n{"key": 2}\n{"key": 2}\n')
        store.begin(job)
    assert (folder / "samples.earlier.jsonl").read_text() == '{"key": 1}\n{"key": 2}\n{"key": 2}\n'


def test_a_folder_of_somebody_elses_stays_as_it_is(tmp_path: Path) -> None:
    assert "holds no run" in refused(take_up(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("header", [None, "", "[]", "{"])
def test_a_run_without_its_description_is_no_dead_end(tmp_path: Path, header: str | None) -> None:
    store = made(tmp_path, tasks(1))
    store.end(Job(task(0), 1), proof(Job(task(0), 1)))
    store.close()
    (tmp_path / "run.json").unlink()
    if header is not None:
        (tmp_path / "run.json").write_text(header)
    assert "give a new folder without --resume" in refused(take_up(tmp_path))


def test_a_file_system_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    assert "cannot be locked: No locks available" in refused(create(tmp_path, {}, tasks(1)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ended=st.integers(1, 4), cut=st.integers(0, 400))
def test_a_torn_last_line_costs_that_attempt_alone(
    tmp_path_factory: pytest.TempPathFactory, ended: int, cut: int
) -> None:
    run = tmp_path_factory.mktemp("run")
    store = made(run, tasks(5))
    for number in range(ended):
        store.end(Job(task(number), 1), proof(Job(task(number), 1)))
    store.close()
    data = (run / "results.jsonl").read_bytes()
    last = data[:-1].rfind(b"\n") + 1
    kept = max(last, len(data) - cut)
    (run / "results.jsonl").write_bytes(data[:kept])
    store = again(run)
    whole = ended if kept >= len(data) - 1 else ended - 1  # without its line end the object is whole all the same
    assert sorted(store.done) == [(task(number).id, 1) for number in range(whole)]
    for number in range(whole, 5):
        store.end(Job(task(number), 1), proof(Job(task(number), 1)))
    store.close()
    found = read_evaluation(run)
    assert not hasattr(found, "reason")
    assert [len(record.attempts) for record in found.tasks] == [1] * 5


def test_an_attempt_ends_once(tmp_path: Path) -> None:
    store = made(tmp_path, tasks(1))
    job = Job(task(0), 1)
    store.end(job, proof(job))
    with pytest.raises(ValueError, match="has ended before"):
        store.end(job, proof(job))


def test_an_error_of_ours_keeps_its_trace(tmp_path: Path) -> None:
    store = made(tmp_path, tasks(1))
    job = Job(task(0), 2)
    store.end(job, Ended(line(job, "error"), trace="Traceback: \udc80"))
    assert "Traceback" in (attempt_folder(tmp_path, "toy/0", 2) / "error.txt").read_text()


@pytest.mark.parametrize("content", ["", "[]", '{"settings": 1}', "\0"])
def test_a_folder_without_a_run_is_not_resumed(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    assert "run" in refused(take_up(tmp_path))


def test_making_a_run_that_was_broken_off_is_done_again(tmp_path: Path) -> None:
    (tmp_path / "tasks.jsonl").write_text('{"kind": "ta')
    made(tmp_path, tasks(3)).close()
    assert len(json.loads((tmp_path / "run.json").read_text())) > 3
    assert len(again(tmp_path).tasks) == 3


@given(st.lists(st.text(min_size=1), unique=True, min_size=2, max_size=6))
def test_names_of_files_are_as_different_as_ids(ids: list[str]) -> None:
    names = [slug(id_) for id_ in ids]
    assert len(set(names)) == len(ids)
    assert all("/" not in name and name not in ("", ".", "..") and len(name) <= 100 for name in names)


def test_segments_are_the_text() -> None:
    with pytest.raises(ValueError, match="segments"):
        type(task(0))("toys", "a", "dafny", "proof", "text", (Segment("tex"),))


def test_a_store_says_who_holds_it(tmp_path: Path) -> None:
    store = made(tmp_path, tasks(1))
    assert isinstance(store, Store)
    assert str(os.getpid()) in (tmp_path / "lock").read_text()
