"""Whether a run survives being killed: 40 small tasks, the process killed at random moments and resumed each time.

    python benchmarks/evaluation_kills.py [--kills 30] [--seed 0] [--longest 6]

Compares the final results with those of a run that nobody disturbed, and looks for processes that a kill left behind:
all of a run's processes carry a mark in their environment."""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from sandbox.scratch import scratch_directory

ROOT = Path(__file__).resolve().parent.parent
MARK = "LEMMATREE_KILLS"
PATIENCE = 20.0
"""Seconds within which what a killed process leaves behind must be gone."""

_DAFNY = {
    "proved": "lemma Sum{0}(x: int)\n  ensures x + {0} == {0} + x\n",
    "loop": "method Count{0}(n: nat) returns (i: nat)\n  ensures i == n\n"
    "{{\n  i := 0;\n  while i < n\n  {{ i := i + 1; }}\n}}\n",
    "unknown": "lemma Never{0}(f: int -> int)\n  requires forall x :: f(x) >= {0}\n  ensures f(0) > {0}\n",
    "invalid": "lemma Broken{0}(\n",
    "untouched": "lemma Fine{0}()\n  ensures {0} == {0}\n{{\n}}\n",
}
_LEAN = {
    "proved": "theorem t{0} (p q : Prop) (h : p) (g : q) : p ∧ q ∧ {0} = {0} := by\n  sorry\n",
    "unknown": "theorem n{0} (p q : Prop) (h : p) : q ∨ {0} = {0} + 1 := by\n  sorry\n",
}


def write_tasks(path: Path, count: int) -> None:
    """Tasks of every kind, as a JSONL file."""
    kinds = [("dafny", name) for name in _DAFNY] + [("lean", name) for name in _LEAN]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            language, kind = kinds[number % len(kinds)]
            text = (_DAFNY if language == "dafny" else _LEAN)[kind].format(number)
            file.write(
                json.dumps({"id": f"{number:02}-{language}-{kind}", "language": language, "source": text}) + "\n"
            )


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "prover", "eval", *words]


def results(run: Path) -> tuple[dict[str, str], list[str]]:
    """The status of each task, and the tasks that have more than one line."""
    rows = [json.loads(line) for line in (run / "results.jsonl").read_text(encoding="utf-8").splitlines() if line]
    counts = Counter(row["id"] for row in rows)
    return {row["id"]: row["status"] for row in rows}, [id_ for id_, count in counts.items() if count > 1]


def marked(mark: str) -> list[int]:
    """The processes that carry a mark."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def gone(mark: str) -> float | None:
    """Seconds until no process carries a mark; None where some do so for ever."""
    began = time.monotonic()
    while marked(mark):
        if time.monotonic() - began > PATIENCE:
            return None
        time.sleep(0.02)
    return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--tasks", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--longest", type=float, default=6.0, help="seconds that a process lives at most")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    env = {**os.environ, "PYTHONPATH": str(ROOT), MARK: secrets.token_hex(8)}
    with scratch_directory("kills") as folder:
        write_tasks(folder / "tasks.jsonl", options.tasks)
        begin = [str(folder / "tasks.jsonl"), "--checks", "6", "--seconds", "120"]
        quiet = subprocess.DEVNULL
        calm_run = command(*begin, "--run", str(folder / "calm"))
        subprocess.run(calm_run, check=True, env=env, stdout=quiet, stderr=quiet)
        calm, _ = results(folder / "calm")
        print(f"undisturbed: {dict(Counter(calm.values()))}", flush=True)

        run, kills, slowest, left = folder / "killed", 0, 0.0, 0
        while True:
            resumed = ["--resume"] if (run / "run.json").exists() else begin
            again = command(*resumed, "--run", str(run))
            process = subprocess.Popen(again, env=env, stdout=quiet, stderr=quiet)
            try:
                process.wait(chance.uniform(0.2, options.longest) if kills < options.kills else None)
                if kills >= options.kills or process.returncode:
                    break
                # It ended by itself: all has been done before the kills were used up.
                break
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
            waited = gone(env[MARK])
            left += waited is None
            slowest = max(slowest, waited or 0.0)
            done = len(results(run)[0]) if (run / "results.jsonl").exists() else 0
            print(f"kill {kills:>2}: {done:>2} attempts had ended", flush=True)
        killed, twice = results(run)
        different = {id_: (calm.get(id_), killed.get(id_)) for id_ in calm if calm.get(id_) != killed.get(id_)}
        print(f"{kills} kills; last exit code {process.returncode}")
        print(f"tasks: {len(killed)} of {len(calm)}; twice: {twice}; other results: {different}")
        print(f"processes left behind: {left}; the slowest was gone after {slowest:.2f} s")
        if different or twice or left or len(killed) != len(calm) or process.returncode:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
