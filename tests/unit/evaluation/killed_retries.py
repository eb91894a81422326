"""Tries the errors of a run again, in a process that is killed at its nth moment, for n = 1, 2, ... until one survives;
after each another process, which is not killed, does the rest.

    python killed_retries.py RUN

A moment is before and after any call that changes the disk, in the middle of a line of results, and in an attempt. For
each n, which has a copy of the run, a JSON line: the attempts that the two processes made, and what was proved between
them.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from run_scenes import Ear, ToyExecutor, again

from prover.evaluation import store as storing
from prover.evaluation.jobs import Ended, Job, attempts_of
from prover.evaluation.records import Evaluation, read_evaluation
from prover.evaluation.runner import Run
from prover.jsonlines import JsonLines


class Moments:
    """Counts moments; at the last the process is killed."""

    def __init__(self, last: int) -> None:
        self.left = last

    def passes(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call with a moment before and one after it."""

        def called(*given: Any, **named: Any) -> Any:
            self.passes()
            came = call(*given, **named)
            self.passes()
            return came

        return called


def torn(moments: Moments, file: JsonLines, line: str) -> None:
    """A line that is written in two halves."""
    half = len(line) // 2
    os.write(file._descriptor or file._open(), line[:half].encode())
    moments.passes()
    if file._descriptor is not None:
        os.write(file._descriptor, line[half:].rstrip("\n").encode() + b"\n")


def retry(run: Path, last: int, began: Path) -> None:
    """Try all errors again, but only up to a moment."""
    moments = Moments(last)
    append = JsonLines.append_line

    def in_halves(file: JsonLines, line: str) -> None:
        if file.path.name == "results.jsonl" and file._descriptor is None:
            file._descriptor = file._open()
        if file.path.name == "results.jsonl":
            torn(moments, file, line)
        else:
            append(file, line)

    JsonLines.append_line = moments.around(in_halves)  # type: ignore[method-assign]
    JsonLines.sync = moments.around(JsonLines.sync)  # type: ignore[method-assign]
    Path.mkdir = moments.around(Path.mkdir)  # type: ignore[method-assign]
    Path.unlink = moments.around(Path.unlink)  # type: ignore[method-assign]
    names = vars(storing)
    names["write_atomically"] = moments.around(names["write_atomically"])

    class Mortal(ToyExecutor):
        async def run(self, job: Job, folder: Path) -> Ended:
            with began.open("a") as file:
                file.write(json.dumps(job.key) + "\n")
            (folder / "checks.log").write_text("told")
            moments.passes()
            return await super().run(job, folder)

    store = again(run, retry_errors=True)
    asyncio.run(Run(store, tuple(attempts_of(store.tasks, 1)), Mortal(slots=1), Ear()).go())
    store.close()


def proved(run: Path) -> list[tuple[str, int]]:
    found = read_evaluation(run)
    assert isinstance(found, Evaluation)
    return [(a.id, a.attempt) for record in found.tasks for a in record.attempts if a.status == "proved"]


def process(run: Path, last: int) -> tuple[int, list[tuple[str, int]]]:
    """Try errors again in a process of its own: how it ended, and the attempts that it began to make."""
    began = run.with_name("began.jsonl")
    began.write_text("")
    child = os.fork()
    if child == 0:
        retry(run, last, began)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    return status, [json.loads(row) for row in began.read_text().splitlines()]


def main() -> None:
    run, last, killed = Path(sys.argv[1]), 0, True
    while killed:
        last += 1
        copy = run.with_name(f"{run.name}-{last}")
        shutil.copytree(run, copy)
        status, first = process(copy, last)
        killed = status != 0
        assert not killed or os.WTERMSIG(status) == signal.SIGKILL, status
        between = proved(copy)
        status, second = process(copy, -1)
        assert status == 0
        print(json.dumps({"run": copy.name, "first": first, "between": between, "second": second}))


if __name__ == "__main__":
    main()
