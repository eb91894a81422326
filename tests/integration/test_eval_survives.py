"""Runs of the real command over real verifiers: killed, interrupted, started twice, out of room, and resumed."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 240.0
"""Seconds after which something that must happen has not."""
MARK = "LEMMATREE_TEST_RUN"

TASKS = {
    "sum.dfy": ("proved", "lemma Sum(x: int)\n  ensures x + 1 == 1 + x\n"),
    "loop.dfy": (
        "proved",
        "method Count(n: nat) returns (i: nat)\n  ensures i == n\n{\n  i := 0;\n  while i < n\n  { i := i + 1; }\n}\n",
    ),
    "fine.dfy": ("proved", "lemma Fine()\n  ensures 1 == 1\n{\n}\n"),
    "broken.dfy": ("invalid", "lemma Broken(\n"),
    "false.dfy": ("refuted", "lemma False(f: int -> int)\n  requires f(0) >= 0\n  ensures f(0) > 0\n"),
    "and.lean": ("proved", "theorem t (p q : Prop) (h : p) (g : q) : p ∧ q := by\n  sorry\n"),
    "open.lean": ("unknown", "theorem n (p q : Prop) (h : p) : q := by\n  sorry\n"),
}


@dataclass
class Bench:
    """A folder of tasks and a run over it. All processes of its runs carry a mark in their environment."""

    folder: Path
    mark: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def run(self) -> Path:
        return self.folder / "run"

    def start(self, *words: str) -> subprocess.Popen[str]:
        begin = [str(self.folder / "tasks"), "--checks", "5", "--seconds", "120", "--workers", "2"]
        chosen = ["--resume"] if (self.run / "run.json").exists() else begin
        return subprocess.Popen(
            [sys.executable, "-m", "prover", "eval", *chosen, "--run", str(self.run), *words],
            env={**os.environ, "PYTHONPATH": str(ROOT), MARK: self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, *words: str) -> tuple[int, str, str]:
        with self.start(*words) as process:
            stdout, stderr = process.communicate(timeout=PATIENCE)
            return process.returncode, stdout, stderr

    def rows(self) -> list[dict[str, Any]]:
        file = self.run / "results.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines() if line] if file.is_file() else []

    def count(self, event: str) -> int:
        file = self.run / "journal.jsonl"
        return file.read_text().count(f'"{event}"') if file.is_file() else 0

    def processes(self) -> list[int]:
        wanted = f"{MARK}={self.mark}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
        return found


def until(happened: Callable[[], bool], process: subprocess.Popen[str] | None = None) -> None:
    """Wait for something; a process that ends without it is a failure."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        if process is not None and process.poll() is not None:
            assert happened(), process.communicate()
        time.sleep(0.02)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    (tmp_path / "tasks").mkdir()
    for name, (_, text) in TASKS.items():
        (tmp_path / "tasks" / name).write_text(text, encoding="utf-8")
    made = Bench(tmp_path)
    yield made
    for pid in made.processes():
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def assert_complete(bench: Bench) -> None:
    rows = bench.rows()
    assert Counter(row["id"] for row in rows) == Counter(list(TASKS))
    assert {row["id"]: row["status"] for row in rows} == {name: status for name, (status, _) in TASKS.items()}
    assert json.loads((bench.run / "run.json").read_text())["state"] == "finished"


def told_by(*words: str) -> str:
    """What a command prints that succeeds."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "prover", *words], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_run_that_is_killed_again_and_again_ends_as_if_it_had_not_been(bench: Bench) -> None:
    """Killed before its first attempt, in one, between attempts, and while the last ones are made."""
    for begun in (0, 1, 3, 6):
        with bench.start() as process:
            until(lambda begun=begun: bench.count("attempt_began") >= begun and bench.run.is_dir(), process)  # type: ignore[misc]
            process.kill()
        before = {row["id"] for row in bench.rows()}
        until(lambda: not bench.processes())
    assert bench.finish()[0] == 0
    assert_complete(bench)
    assert before <= {row["id"] for row in bench.rows()}
    assert bench.processes() == []
    assert not [p for p in (bench.run / "attempts").rglob("*") if p.name in ("checks.log", "samples.earlier.jsonl")]
    assert "Proved: loop.dfy" in told_by("show", str(bench.run), "loop.dfy")
    told_by("train", "export", str(bench.run), "--out", str(bench.folder / "pairs.jsonl"))
    assert "invariant" in (bench.folder / "pairs.jsonl").read_text()


def test_a_second_process_stops_and_an_interrupted_one_goes_on(bench: Bench) -> None:
    with bench.start("--json") as process:
        until(lambda: bench.count("attempt_ended") >= 1, process)
        code, _, told = bench.finish()
        assert (code, "another process is at work in it" in told) == (2, True)
        process.send_signal(signal.SIGINT)
        stdout, told = process.communicate(timeout=PATIENCE)
        assert (process.returncode, "Stopping" in told) == (130, True)
    said = json.loads(stdout)
    assert (said["finished"], said["run"], f"--run {bench.run} --resume" in said["reason"]) == (
        False,
        str(bench.run),
        True,
    )
    assert sum(said["counts"].values()) == len(TASKS)
    until(lambda: not bench.processes())
    assert bench.finish()[0] == 0
    assert_complete(bench)


def test_errors_are_tried_again_through_a_kill(bench: Bench) -> None:
    """Three attempts are put on record as errors, as if we had broken them; the process that tries them again is killed
    in the first of them, and another one in the last."""
    assert bench.finish()[0] == 0
    results, wrong = bench.run / "results.jsonl", ("and.lean", "loop.dfy", "sum.dfy")
    failed = [{**row, "status": "error", "output": None} if row["id"] in wrong else row for row in bench.rows()]
    results.write_text("".join(json.dumps(row) + "\n" for row in failed))
    begun = bench.count("attempt_began")
    assert bench.finish()[0] == 5, "not without being asked"
    assert bench.count("attempt_began") == begun
    for ended in (0, 2):
        with bench.start("--retry-errors") as process:
            begun, done = bench.count("attempt_began"), len(failed) + ended
            until(lambda b=begun, d=done: bench.count("attempt_began") > b and len(bench.rows()) >= d, process)  # type: ignore[misc]
            process.kill()
        until(lambda: not bench.processes())
    assert bench.finish("--retry-errors")[0] == 0
    assert bench.rows()[: len(failed)] == failed, "the old lines stay"
    later = bench.rows()[len(failed) :]
    assert sorted((row["id"], row["retried"], row["status"]) for row in later) == [(n, 1, "proved") for n in wrong]
    assert bench.processes() == []
    said = json.loads(bench.finish("--json")[1])
    counts = Counter(status for status, _ in TASKS.values())
    assert {kind: said["counts"][kind] for kind in counts} == counts
    assert (said["counts"]["error"], said["retried"], said["finished"]) == (0, 3, True)
    assert "Proved: loop.dfy" in told_by("show", str(bench.run), "loop.dfy")


class ModelServer(ThreadingHTTPServer):
    """Speaks OpenAI's protocol; knows one proof."""

    daemon_threads = True

    def __init__(self, *, busy: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.busy = busy

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert isinstance(self.server, ModelServer)
        if self.server.busy and asked["max_tokens"] > 1:  # it is there, as the first look at it shows
            self.send_error(503)
            return
        loop = TASKS["loop.dfy"][1].replace("while i < n\n", "while i < n\n    invariant i <= n\n")
        message = {"role": "assistant", "content": f"```dafny\n{loop}```"}
        choices = [{"index": k, "message": message, "finish_reason": "stop"} for k in range(asked.get("n", 1))]
        usage = {"prompt_tokens": 9, "completion_tokens": 9 * len(choices), "total_tokens": 9 + 9 * len(choices)}
        made = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": choices, "usage": usage}
        content = json.dumps(made).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def test_a_model_server_that_is_not_there_ends_a_run_before_it_begins(bench: Bench) -> None:
    with ModelServer() as server:
        nobody = server.url
    code, _, told = bench.finish("--only", "loop.dfy", "--policy", "openai:m", "--base-url", nobody)
    assert (code, nobody in told, told.endswith("--resume\n")) == (3, True, True)
    assert bench.rows() == []


def test_a_model_server_that_was_away_is_asked_when_errors_are_tried_again(bench: Bench) -> None:
    """It answers nobody at first; what needs no model is proved all the same."""
    words = ("--only", "loop.dfy,fine.dfy", "--policy", "openai:m", "--seconds", "30", "--checks", "20")
    with ModelServer(busy=True) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        code, _, told = bench.finish(*words, "--base-url", server.url)
        server.shutdown()
    assert (code, "--resume --retry-errors" in told) == (5, True)
    rows = {row["id"]: row for row in bench.rows()}
    assert {name: row["status"] for name, row in rows.items()} == {"loop.dfy": "error", "fine.dfy": "proved"}
    told = rows["loop.dfy"]["reason"]
    assert ("No answer: the model could not be asked" in told, server.url in told) == (True, True)
    with ModelServer() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        code, stdout, told = bench.finish("--retry-errors", "--base-url", server.url, "--json")
        server.shutdown()
    assert code == 0, told
    said = json.loads(stdout)
    assert (said["counts"]["proved"], said["counts"]["error"], said["retried"]) == (2, 0, 1)
    (last,) = bench.rows()[2:]
    assert (last["id"], last["status"], last["retried"]) == ("loop.dfy", "proved", 1)
    assert last["tokens"] > 0
    assert "invariant i <= n" in (bench.run / last["output"]).read_text()


def test_a_full_disk_stops_a_run_which_goes_on_when_there_is_room(bench: Bench) -> None:
    with bench.start() as process:
        until(lambda: bench.count("attempt_ended") >= 1, process)
        process.kill()
    ended = bench.rows()
    results = bench.run / "results.jsonl"
    kept = results.rename(bench.folder / "kept.jsonl")
    results.symlink_to("/dev/full")
    code, _, told = bench.finish()
    assert (code, "No space left on device" in told, "--resume" in told) == (2, True, True)
    until(lambda: not bench.processes())
    results.unlink()
    kept.rename(results)
    assert bench.finish()[0] == 0
    assert bench.rows()[: len(ended)] == ended
    assert_complete(bench)
