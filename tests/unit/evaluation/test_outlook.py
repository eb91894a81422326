"""How much of a run is left: never less than what will be made, exact as soon as that can be known."""

from __future__ import annotations

import asyncio
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from run_scenes import Ear, ToyExecutor, line, made, task, tasks

from prover.evaluation.jobs import Ended, Job, attempts_of
from prover.evaluation.outlook import Outlook
from prover.evaluation.progress import RunView
from prover.evaluation.runner import Run
from prover.results import AttemptJson

STATUSES = ("proved", "refuted", "unknown", "invalid", "unsupported", "error")
LASTS = st.sampled_from(STATUSES)


@settings(max_examples=60, deadline=None)
@given(firsts=st.lists(LASTS, min_size=1, max_size=6), attempts=st.integers(1, 4), before=st.integers(0, 8))
def test_what_is_left_is_what_will_be_made(
    tmp_path_factory: pytest.TempPathFactory, firsts: list[str], attempts: int, before: int
) -> None:
    """Whatever tasks turn out to be, and wherever the run is taken up: a bound from above that only falls, and once
    every task has been tried, the number of attempts that are made."""
    run = tmp_path_factory.mktemp("run")
    status = {task(number).id: status for number, status in enumerate(firsts)}
    store = made(run, tasks(len(firsts)))
    jobs = tuple(attempts_of(store.tasks, attempts))
    for job in jobs[:before]:
        if not Outlook([job], store.done).left:
            continue
        store.end(job, Ended(line(job, status[job.task.id])))
    outlook = Outlook(jobs, store.done)
    seen: list[tuple[int, bool]] = [(outlook.left, outlook.certain)]

    class Counting(Ear):
        def ended(self, job: Job, line: AttemptJson) -> None:
            super().ended(job, line)
            outlook.ended(job, line.status)
            seen.append((outlook.left, outlook.certain))
            assert (outlook.left, outlook.certain) == (
                Outlook(jobs, store.done).left,
                Outlook(jobs, store.done).certain,
            )

    ear = Counting()
    executor = ToyExecutor(lambda job: Ended(line(job, status[job.task.id])), slots=3)
    asyncio.run(Run(store, jobs, executor, ear).go())
    number = len(ear.ended_)
    assert outlook.left == 0
    for ended, (left, certain) in enumerate(seen):
        assert left >= number - ended
        assert not certain or left == number - ended
    store.close()


def job(number: int, attempt: int = 1) -> Job:
    return Job(task(number), attempt)


def test_tasks_that_cannot_be_tried_do_not_make_the_others_look_quick() -> None:
    """Four tasks, three attempts each; two turned out unsupported at once, one took a minute."""
    outlook = Outlook(attempts_of(tasks(4), 3), {})
    for number, status in ((0, "unsupported"), (1, "unsupported"), (2, "unknown")):
        outlook.ended(job(number), status)
    # Left: two attempts at a task that was tried, and three at the last one, of which a third is to be expected.
    assert outlook.left == 5
    assert outlook.seconds(["unsupported", "unsupported", "unknown"], 60.0) == pytest.approx(60.0 * (2 + 3 / 3))


def test_the_time_left_where_nothing_tells_it() -> None:
    outlook = Outlook(attempts_of(tasks(3), 1), {})
    assert outlook.seconds([], 10.0) is None
    assert outlook.seconds(["proved"], 0.0) is None
    outlook.ended(job(0), "invalid")
    assert outlook.seconds(["invalid"], 2.0) == pytest.approx(4.0), "no other measure than those"


def test_what_was_found_before_counts_for_the_time_left() -> None:
    done = {("toy/0", 1): "unsupported", ("toy/1", 1): "proved"}
    outlook = Outlook(attempts_of(tasks(4), 1), done)
    assert outlook.seconds(["unknown"], 10.0) == pytest.approx(2 * 0.5 * 10.0)


def test_the_total_that_people_see_is_what_will_be_made() -> None:
    paper, clock = io.StringIO(), iter(range(0, 1000, 5))
    outlook = Outlook(attempts_of(tasks(2), 3), {})
    view = RunView(Console(file=paper, width=200), "toys", outlook, {}, lambda: float(next(clock)))
    with view:
        for number, status in ((0, "unsupported"), (1, "unknown")):
            view.began(job(number))
            view.ended(job(number), line(job(number), status))
        for attempt in (2, 3):
            view.began(job(1, attempt))
            view.ended(job(1, attempt), line(job(1, attempt), "unknown"))
    said = paper.getvalue().splitlines()
    assert said[0] == "toys: up to 6 attempts"
    assert [row.split()[0] for row in said[1:]] == ["1/4", "2/4", "3/4", "4/4"]
    assert (view.done, view.total) == (4, 4)


def test_a_long_reason_says_that_there_is_more() -> None:
    paper = io.StringIO()
    outlook = Outlook(attempts_of(tasks(2), 1), {})
    with RunView(Console(file=paper, width=400), "toys", outlook, {}, lambda: 0.0) as view:
        view.ended(job(0), line(job(0), "unknown", reason=f"open: {'x' * 200}"))
        view.ended(job(1), line(job(1), "unknown", reason="short."))
    assert [row[-1] for row in paper.getvalue().splitlines()[1:]] == ["…", "."]


def test_a_run_that_is_done_already_says_so() -> None:
    paper, done = io.StringIO(), {("toy/0", 1): "proved"}
    with RunView(Console(file=paper), "toys", Outlook(attempts_of(tasks(1), 1), done), {"proved": 1}, lambda: 0.0):
        pass
    assert paper.getvalue() == "toys: 1 attempt, all of them done before\n"


def test_the_total_where_nothing_can_be_saved_is_no_bound() -> None:
    paper = io.StringIO()
    done = {("toy/0", 1): "unknown"}
    with RunView(Console(file=paper), "toys", Outlook(attempts_of(tasks(2), 1), done), {"unknown": 1}, lambda: 0.0):
        pass
    assert paper.getvalue() == "toys: 2 attempts, 1 of them done before\n"
