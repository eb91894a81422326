"""An evaluation's run folder while it is written: made or taken up again, locked, and never left in a state from which
it cannot go on.

An attempt counts when its line in `results.jsonl` is whole; the line is written last, after the attempt's files, and
brought to the disk at once. An attempt without a line was never made: it is made again from its beginning, but for what
its own cache tells it. So a kill at any moment loses no attempt that had ended, and repeats none.

An attempt that ended in an error is made again only if that is asked for (`take_up(..., retry_errors=True)`): in a
folder of its own, and with another line behind the first. Until that line is whole, the error stays what it ended with.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import socket
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.contract import SCHEMA_VERSION
from prover.evaluation.bench import LEFT_BEHIND
from prover.evaluation.jobs import Ended, Job
from prover.evaluation.records import (
    ERROR,
    HEADER,
    RESULTS,
    TASKS,
    EvaluationProblem,
    attempt_folder,
    proof_name,
    read_attempts,
    read_tasks,
    task_line,
)
from prover.jsonlines import JsonLines
from prover.output_files import write_atomically
from prover.policy.opening import EARLIER
from prover.results import AttemptJson
from prover.run_folder import versions

LOCK, SAMPLES = "lock", "samples.jsonl"


class Store:
    """An open run folder. Made by `create` or `take_up`; close it at the end, which gives its lock back.

    header: what `run.json` says. tasks: in order. done: the attempts that have ended, by task and number, with
    their statuses (no more: there may be very many). retrying: those that are to be made again, with how often they
    ended in an error.
    """

    def __init__(
        self,
        path: Path,
        lock: int,
        header: Mapping[str, object],
        tasks: Sequence[BenchmarkTask | NotLoaded],
        done: Mapping[tuple[str, int], str],
        retrying: Mapping[tuple[str, int], int] | None = None,
    ) -> None:
        self.path = path
        self.header: dict[str, object] = dict(header)
        self.tasks = tuple(tasks)
        self.done = dict(done)
        self.retrying = dict(retrying or {})
        self._lock = lock
        self._results = JsonLines(path / RESULTS)
        self._journal = JsonLines(path / "journal.jsonl")

    def describe(self, facts: Mapping[str, object]) -> None:
        """Add facts to `run.json`, which is replaced as a whole. Raises OSError."""
        self.header.update(facts)
        write_atomically(self.path / HEADER, json.dumps(self.header, indent=2, default=str) + "\n")

    def goes_on(self, also: Mapping[str, object]) -> None:
        """Attempts are going to be made: what the run has come to is no longer its end. also: what they are made with
        and others were not. Raises OSError."""
        self.describe({**also, "state": "running"})

    def note(self, event: str, **facts: object) -> None:
        """A line of the journal. Raises OSError."""
        self._journal.append({"event": event, "time": _now(), **facts})

    def begin(self, job: Job) -> Path:
        """An attempt begins: its folder, empty but for what an earlier one that was broken off had been told. Raises
        OSError."""
        again = {"retried": self.retrying[job.key]} if job.key in self.retrying else {}
        self.note("attempt_began", id=job.task.id, attempt=job.attempt, **again)
        folder = self._folder(job)
        if folder.is_dir():
            if (samples := folder / SAMPLES).is_file():
                _keep(samples, folder / EARLIER)
            for file in folder.iterdir():
                if file.name not in LEFT_BEHIND:
                    shutil.rmtree(file) if file.is_dir() else file.unlink()
        else:
            folder.mkdir(parents=True)
        return folder

    def end(self, job: Job, ended: Ended) -> AttemptJson:
        """An attempt has ended: its files, then its line. Raises OSError, and then the attempt has not ended. Raises
        ValueError for an attempt that has a line already."""
        if job.key in self.done:
            raise ValueError(f"attempt {job.attempt} at {job.task.id} has ended before")
        line = ended.line.model_copy(update={"retried": self.retrying.get(job.key, 0)})
        if ended.text is not None and ended.kind is not None:
            name = proof_name(job.task, job.attempt, ended.kind)
            write_atomically(self.path / name, ended.text)
            line = line.model_copy(update={"output" if ended.kind == "proved" else "partial": name})
        if ended.trace:
            folder = self._folder(job)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "error.txt").write_text(ended.trace, encoding="utf-8", errors="backslashreplace")
        self._tell_verifier(line.verifier)
        self._results.append_line(line.to_line())
        self._results.sync()
        self.done[job.key] = line.status
        for name in LEFT_BEHIND:  # not before the line is on the disk: until then the attempt may be made again
            with contextlib.suppress(OSError):
                (self._folder(job) / name).unlink()
        self.note("attempt_ended", id=job.task.id, attempt=job.attempt, status=line.status)
        return line

    def _folder(self, job: Job) -> Path:
        return attempt_folder(self.path, job.task.id, job.attempt, self.retrying.get(job.key, 0))

    def _tell_verifier(self, verifier: str) -> None:
        known = self.header.get("verifiers")
        before = known if isinstance(known, list) else []
        if verifier and verifier not in before:
            self.describe({"verifiers": [*before, verifier]})

    def close(self) -> None:
        """Bring everything to the disk, and let others in. May be called twice."""
        with contextlib.suppress(OSError):
            self._results.close()
        with contextlib.suppress(OSError):
            self._journal.close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def create(
    path: Path, header: Mapping[str, object], tasks: Sequence[BenchmarkTask | NotLoaded]
) -> Store | EvaluationProblem:
    """A new run folder. Refuses one that holds a run; one in which making it was broken off is made again. Raises
    OSError for a full disk."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        return EvaluationProblem(f"--run {path}: is not a folder.")
    except OSError as error:
        return EvaluationProblem(f"--run {path}: cannot be made: {error.strerror or error}.")
    locked = _locked(path)
    if isinstance(locked, EvaluationProblem):
        return locked
    try:
        if (path / HEADER).exists() or (path / RESULTS).exists():
            os.close(locked)
            return EvaluationProblem(
                f"--run {path}: this folder already holds a run; go on with it by --resume, or give a new one."
            )
        (path / "proofs").mkdir(exist_ok=True)
        (path / "attempts").mkdir(exist_ok=True)
        write_atomically(path / TASKS, "".join(map(task_line, tasks)))
        store = Store(path, locked, {"schema_version": SCHEMA_VERSION, "started": _now(), **versions()}, tasks, {})
        store.describe({**header, "state": "running"})  # last: a folder with it is whole
        store.note("run_began", pid=os.getpid(), host=socket.gethostname())
    except BaseException:
        with contextlib.suppress(OSError):
            os.close(locked)
        raise
    return store


def take_up(path: Path, *, retry_errors: bool = False) -> Store | EvaluationProblem:
    """A run folder to go on with. retry_errors: also with the attempts that ended in an error, as if they had not been
    made. What its header says of its end stays until attempts are made (`goes_on`): whoever takes it up may yet refuse
    to go on. Raises OSError for a full disk."""
    if not path.is_dir():
        return EvaluationProblem(f"--run {path}: no such folder, so there is no run to resume; leave --resume out.")
    if not any((path / name).exists() for name in (HEADER, RESULTS)):  # somebody else's folder stays as it is
        return EvaluationProblem(f"--run {path}: holds no run that could be resumed; start without --resume.")
    locked = _locked(path)
    if isinstance(locked, EvaluationProblem):
        return locked
    try:
        header = json.loads((path / HEADER).read_bytes())
        if not isinstance(header, dict):
            raise ValueError(f"{HEADER} is no object")
        tasks = read_tasks(path, header)
        attempts, strange = read_attempts(path)
    except (OSError, ValueError) as error:
        os.close(locked)
        told = getattr(error, "strerror", None) or error
        return EvaluationProblem(
            f"--run {path}: the run in it cannot be resumed ({HEADER}: {told}); give a new folder without --resume."
        )
    if isinstance(tasks, EvaluationProblem):
        os.close(locked)
        return tasks
    retrying = {(a.id, a.attempt): a.retried + 1 for a in attempts if retry_errors and a.status == ERROR}
    done = {(a.id, a.attempt): a.status for a in attempts if (a.id, a.attempt) not in retrying}
    store = Store(path, locked, header, tasks, done, retrying)
    try:
        again = {"retrying": len(retrying)} if retry_errors else {}
        store.note(
            "run_resumed", pid=os.getpid(), host=socket.gethostname(), done=len(done), unreadable=strange, **again
        )
    except BaseException:
        store.close()
        raise
    return store


def _keep(samples: Path, earlier: Path) -> None:
    """Put what an attempt recorded to what was recorded before it. It began by being told the same again, so of each
    line there are as many as either has; and doing this twice changes nothing."""
    lines = Counter(samples.read_bytes().splitlines())
    if earlier.is_file():
        lines = Counter(earlier.read_bytes().splitlines()) | lines
    temporary = earlier.with_name(f"{earlier.name}.tmp")
    temporary.write_bytes(b"".join(line + b"\n" for line in lines.elements() if line))
    temporary.replace(earlier)


def _locked(path: Path) -> int | EvaluationProblem:
    """The lock of a folder: held by an open descriptor, so that a process that is killed holds it no more."""
    try:
        descriptor = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        return EvaluationProblem(f"--run {path}: cannot be written: {error.strerror or error}.")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 200, 0).decode("utf-8", "replace").strip()
        os.close(descriptor)
        by = f" ({holder})" if holder else ""
        return EvaluationProblem(
            f"--run {path}: another process is at work in it{by}; wait for it, or give another folder."
        )
    except OSError as error:
        os.close(descriptor)
        return EvaluationProblem(f"--run {path}: cannot be locked: {error.strerror or error}; give another folder.")
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()} since {_now()}\n".encode(), 0)
    return descriptor


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
