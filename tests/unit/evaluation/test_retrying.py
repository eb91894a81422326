"""`--retry-errors`: attempts that we broke are made again, nothing else is, and no kill at any moment changes that."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from run_scenes import Ear, ToyExecutor, again, line, made, proof, task, tasks

from prover.evaluation.figures import figures_of
from prover.evaluation.jobs import Ended, Job, attempts_of
from prover.evaluation.outcomes import TaskClass
from prover.evaluation.records import Evaluation, attempt_folder, read_evaluation
from prover.evaluation.runner import Run
from prover.jsonlines import read_json_lines
from prover.results import AttemptJson
from prover.show.reading import RunRecord, read_run

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def error(job: Job) -> Ended:
    return Ended(line(job, "error", reason="An error of ours: it broke"), trace="Traceback of the first time")


def broken(run: Path, number: int, attempts: int = 1, *wrong: tuple[int, int]) -> None:
    """A run that has ended; the attempts named (task and number) ended in an error, the others proved their task."""
    store = made(run, tasks(number))
    for job in attempts_of(store.tasks, attempts):
        folder = store.begin(job)
        (folder / "journal.jsonl").write_text('{"event": "of the first time"}\n')
        missed = (int(job.task.id.removeprefix("toy/")), job.attempt) in wrong
        store.end(job, error(job) if missed else proof(job))
    store.close()


def retried(run: Path, executor: ToyExecutor, attempts: int = 1) -> Ear:
    """The run gone on with, its errors tried again."""
    store, ear = again(run, retry_errors=True), Ear()
    asyncio.run(Run(store, tuple(attempts_of(store.tasks, attempts)), executor, ear).go())
    store.close()
    return ear


def read(run: Path) -> Evaluation:
    found = read_evaluation(run)
    assert isinstance(found, Evaluation)
    return found


def ended(run: Path) -> dict[tuple[str, int], tuple[str, int]]:
    """Status and number of retries of each attempt that counts."""
    return {(a.id, a.attempt): (a.status, a.retried) for record in read(run).tasks for a in record.attempts}


def lines(run: Path) -> list[AttemptJson]:
    """All that are whole."""
    return [AttemptJson.model_validate(record) for record in read_json_lines(run / "results.jsonl")]


def test_errors_are_tried_again_and_nothing_else_is(tmp_path: Path) -> None:
    broken(tmp_path, 3, 2, (0, 1), (2, 2))
    executor = ToyExecutor()
    ear = retried(tmp_path, executor, 2)
    assert sorted(executor.ran) == sorted(ear.began_) == [("toy/0", 1), ("toy/2", 2)]
    assert ended(tmp_path) == {
        **{(f"toy/{number}", attempt): ("proved", 0) for number in range(3) for attempt in (1, 2)},
        ("toy/0", 1): ("proved", 1),
        ("toy/2", 2): ("proved", 1),
    }
    figures = figures_of(read(tmp_path))
    assert (figures.all.solved, figures.all.n, figures.totals.attempts, figures.retried) == (3, 3, 6, 2)


def test_without_being_asked_errors_stay(tmp_path: Path) -> None:
    broken(tmp_path, 2, 1, (1, 1))
    store, executor = again(tmp_path), ToyExecutor()
    asyncio.run(Run(store, tuple(attempts_of(store.tasks, 1)), executor, Ear()).go())
    assert executor.ran == []
    assert figures_of(read(tmp_path)).counts[TaskClass.ERROR] == 1


def test_the_record_of_the_first_time_stays(tmp_path: Path) -> None:
    broken(tmp_path, 2, 1, (0, 1))
    before = (tmp_path / "results.jsonl").read_bytes()
    first = attempt_folder(tmp_path, "toy/0", 1)
    kept = {file.name: file.read_bytes() for file in first.iterdir()}
    assert set(kept) == {"journal.jsonl", "error.txt"}
    retried(tmp_path, ToyExecutor())
    assert (tmp_path / "results.jsonl").read_bytes().startswith(before)
    assert {file.name: file.read_bytes() for file in first.iterdir()} == kept
    second = attempt_folder(tmp_path, "toy/0", 1, 1)
    assert second.parent == first.parent and second != first
    assert (second / "journal.jsonl").read_text() == "{}\n"
    journal = [json.loads(row) for row in (tmp_path / "journal.jsonl").read_text().splitlines()]
    assert [row.get("retrying") for row in journal if row["event"] == "run_resumed"] == [1]
    began = [row.get("retried") for row in journal if row["event"] == "attempt_began" and row["id"] == "toy/0"]
    assert began == [None, 1]


def test_what_fails_again_can_be_tried_once_more(tmp_path: Path) -> None:
    broken(tmp_path, 1, 1, (0, 1))
    retried(tmp_path, ToyExecutor(error))
    assert ended(tmp_path) == {("toy/0", 1): ("error", 1)}
    retried(tmp_path, ToyExecutor())
    assert ended(tmp_path) == {("toy/0", 1): ("proved", 2)}
    assert [(one.status, one.retried) for one in lines(tmp_path)] == [("error", 0), ("error", 1), ("proved", 2)]
    names = sorted(folder.name for folder in attempt_folder(tmp_path, "toy/0", 1).parent.iterdir())
    assert names == ["1", "1.retry-1", "1.retry-2"]
    executor = ToyExecutor()
    retried(tmp_path, executor)
    assert executor.ran == [], "it is no error any more"


def test_a_first_attempt_that_is_no_error_any_more_may_make_others_needless(tmp_path: Path) -> None:
    """Its outcome decides once more whether the task is attempted again."""
    store = made(tmp_path, tasks(2))
    for number in range(2):
        store.begin(job := Job(task(number), 1))
        store.end(job, error(job))
    store.close()
    executor = ToyExecutor(lambda job: Ended(line(job, "invalid")) if job.task.id == "toy/0" else proof(job))
    retried(tmp_path, executor, 3)
    assert sorted(executor.ran) == [("toy/0", 1), *[("toy/1", attempt) for attempt in (1, 2, 3)]]


def test_what_was_broken_off_while_it_was_tried_again_goes_on_with_what_it_had_been_told(tmp_path: Path) -> None:
    broken(tmp_path, 1, 1, (0, 1))
    store = again(tmp_path, retry_errors=True)
    folder = store.begin(job := Job(task(0), 1))
    (folder / "checks.log").write_text("answers")
    store.close()
    assert ended(tmp_path) == {("toy/0", 1): ("error", 0)}, "until the other line is there"
    store = again(tmp_path)
    assert store.done == {("toy/0", 1): "error"}
    store.close()
    store = again(tmp_path, retry_errors=True)
    assert store.begin(job) == folder
    assert (folder / "checks.log").read_text() == "answers"
    store.end(job, proof(job))
    assert list(folder.iterdir()) == []
    assert ended(tmp_path) == {("toy/0", 1): ("proved", 1)}


def test_the_tree_that_is_shown_is_that_of_the_last_time(tmp_path: Path) -> None:
    broken(tmp_path, 1, 1, (0, 1))

    class Telling(ToyExecutor):
        async def run(self, job: Job, folder: Path) -> Ended:
            (folder / "journal.jsonl").write_text('{"event": "of the second time"}\n{"event": "again"}\n')
            return proof(job)

    retried(tmp_path, Telling())
    record = read_run(tmp_path, "toy/0")
    assert isinstance(record, RunRecord)
    assert record.facts.status == "proved"
    assert read(tmp_path).attempt_folder(lines(tmp_path)[-1]).name == "1.retry-1"


@settings(max_examples=100, deadline=None)
@given(statuses=st.lists(st.sampled_from(["error", "proved", "unknown"]), min_size=1, max_size=6))
def test_the_line_that_counts_is_the_first_that_is_no_error_else_the_last(
    tmp_path_factory: pytest.TempPathFactory, statuses: list[str]
) -> None:
    run = tmp_path_factory.mktemp("run")
    made(run, tasks(1)).close()
    job = Job(task(0), 1)
    rows = [line(job, status, checks=number) for number, status in enumerate(statuses)]
    (run / "results.jsonl").write_text("".join(row.to_line() for row in rows))
    (attempt,) = read(run).tasks[0].attempts
    expected = next((row for row in rows if row.status != "error"), rows[-1])
    assert attempt == expected


def test_a_kill_at_any_moment_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    """Killed before or after anything that changes the disk, in the middle of a line, in an attempt."""
    wrong = [(0, 1), (1, 1), (3, 1)]
    broken(tmp_path / "run", 4, 1, *wrong)
    ran = subprocess.run(
        [sys.executable, str(HERE / "killed_retries.py"), str(tmp_path / "run")],
        env={"PYTHONPATH": f"{ROOT}:{HERE}", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    kills = [json.loads(row) for row in ran.stdout.splitlines()]
    assert len(kills) > 40, "there are that many moments"
    assert {len(kill["between"]) for kill in kills} == {1, 2, 3, 4}
    assert any(kill["first"] for kill in kills if len(kill["between"]) == 1), "killed in an attempt, too"
    for kill in kills:
        run = tmp_path / kill["run"]
        assert ended(run) == {(f"toy/{n}", 1): ("proved", int((n, 1) in wrong)) for n in range(4)}
        rows = [(one.id, one.status, one.retried) for one in lines(run)]
        assert sorted(rows) == sorted(
            [("toy/2", "proved", 0), *[(f"toy/{n}", *told) for n, _ in wrong for told in (("error", 0), ("proved", 1))]]
        )
        again_ = {tuple(key) for key in kill["second"]}
        assert not again_ & {tuple(key) for key in kill["between"]}, "what had ended is not made again"
        assert len(kill["first"]) + len(kill["second"]) <= len(wrong) + 1, "and only what was broken off is begun twice"
        for number, _ in wrong:
            first = attempt_folder(run, f"toy/{number}", 1)
            assert (first / "error.txt").read_text() == "Traceback of the first time"
