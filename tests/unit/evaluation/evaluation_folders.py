"""Run folders of evaluations that were never run: every class of task, hostile texts, and as many tasks as wanted."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.evaluation.records import HEADER, RESULTS, TASKS, attempt_folder, proof_name, task_line
from prover.results import AttemptJson, GoalJson, GoalStatus, ObjectionJson

SOURCE = "function Sum(xs: seq<int>): int\n\nlemma Total(xs: seq<int>)\n  ensures Sum(xs) == Sum(xs[..])\n{\n}\n"
PROOF = SOURCE.replace("{\n}\n", "{\n  assert xs == xs[..];\n}\n")
SETTINGS = {"policy": "symbolic", "strategy": "best-first", "seconds": 60.0, "checks": None, "tokens": None, "seed": 0}
DAFNY = "Dafny 2.3.0.10506 (z3 4.8.5)"


def a_task(name: str, **more: Any) -> BenchmarkTask:
    return replace(BenchmarkTask("dafnybench", name, "dafny", "proof", SOURCE, licence="Apache-2.0"), **more)


def an_attempt(task: BenchmarkTask, status: str, number: int = 1, **more: Any) -> AttemptJson:
    judged = status in ("proved", "unknown")
    told: dict[str, Any] = {
        "strict": status == "proved" if judged else None,
        "official_reason": "the pinned verifier is Dafny 4.11" if judged else "",
        "seconds": 2.5,
        "checks": 12,
        "verifier": DAFNY,
        "goals": [
            GoalJson(name="Total", line=3, status=GoalStatus.OPEN, diagnostics=["a postcondition might not hold"])
        ],
    }
    return AttemptJson.model_validate(
        {"benchmark": task.benchmark, "id": task.id, "language": task.language, "attempt": number, "status": status}
        | told
        | more
    )


@dataclass
class Folder:
    """An evaluation to write down. proofs: texts of output files, by task and attempt."""

    tasks: list[BenchmarkTask | NotLoaded] = field(default_factory=list)
    attempts: list[AttemptJson] = field(default_factory=list)
    proofs: dict[tuple[str, int], str] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)

    def add(self, task: BenchmarkTask | NotLoaded, *statuses: str, proof: str | None = None, **more: Any) -> None:
        """A task with attempts that ended so."""
        self.tasks.append(task)
        for number, status in enumerate(statuses, 1):
            assert isinstance(task, BenchmarkTask)
            kind = "proved" if status == "proved" else "partial"
            text = proof if proof is not None else PROOF if status == "proved" else None
            name = proof_name(task, number, kind) if text is not None else None
            where = {"output": name} if kind == "proved" else {"partial": name}
            self.attempts.append(an_attempt(task, status, number, **where | more))
            if text is not None:
                self.proofs[task.id, number] = text

    def write(self, path: Path, journal: Sequence[dict[str, Any]] = ()) -> Path:
        """The folder. journal: of every attempt."""
        (path / "proofs").mkdir(parents=True)
        header: dict[str, Any] = {
            "schema_version": 1,
            "started": "2026-11-28T15:00:00+00:00",
            "version": "0.1.0",
            "python": "3.11.7",
            "platform": "Linux",
            "cores": 2,
            "command": "eval",
            "benchmark": self.tasks[0].benchmark if self.tasks else "dafnybench",
            "upstream": {"url": "github.com/sun-wendy/DafnyBench", "commit": "0cd28fe", "licence": "Apache-2.0"},
            "attempts": max((a.attempt for a in self.attempts), default=1),
            "settings": SETTINGS,
            "official": {"pin": "Dafny 4.11", "seconds": 15.0},
            "state": "finished",
        }
        (path / HEADER).write_text(json.dumps(header | self.header), encoding="utf-8")
        (path / TASKS).write_bytes("".join(map(task_line, self.tasks)).encode("utf-8", "backslashreplace"))
        lines = "".join(json.dumps(attempt.model_dump(mode="json")) + "\n" for attempt in self.attempts)
        (path / RESULTS).write_text(lines, encoding="utf-8")
        for attempt in self.attempts:
            if name := attempt.output or attempt.partial:
                text = self.proofs[attempt.id, attempt.attempt]
                (path / name).write_bytes(text.encode("utf-8", "backslashreplace"))
            if journal:
                folder = attempt_folder(path, attempt.id, attempt.attempt)
                folder.mkdir(parents=True)
                (folder / "journal.jsonl").write_text("".join(json.dumps(one) + "\n" for one in journal))
        return path


def every_class() -> Folder:
    """One task of each class, or several: proved 3 (one untouched), refuted 1, unknown 2, invalid 1, unsupported 2,
    error 1."""
    made = Folder()
    made.add(a_task("sum_total", groups=("easy",), informal="Add them up."), "proved")
    made.add(a_task("kept", groups=("easy",)), "proved", proof=SOURCE, untouched=True)
    made.add(a_task("loop_bound", groups=("hard",), baseline=("axiom Trusted",)), "proved", official=True, subgoals=2)
    false = GoalJson(name="Total", line=3, status=GoalStatus.REFUTED, diagnostics=[], witness="xs = [1]")
    made.add(a_task("false_one", groups=("hard",), defects=("its postcondition is false",)), "refuted", goals=[false])
    made.add(
        a_task("open_one", groups=("hard",)), "unknown", reason="the budget of seconds is spent; still open: Total."
    )
    cheat = ObjectionJson(rule="assume", message="`assume false` is not allowed", line=4, column=2)
    made.add(a_task("cheat", groups=("hard",)), "unknown", proof=PROOF, official=True, strict=False, objections=[cheat])
    made.add(a_task("broken"), "invalid", reason="line 3: ';' expected")
    made.add(a_task("newer"), "unsupported", reason="needs Dafny 4 syntax: `opaque`")
    made.add(NotLoaded("dafnybench", "mathlib", "lean", "unsupported", "Mathlib is not there"))
    made.add(a_task("crash"), "error", reason="An error of ours: KeyError: 'x'")
    return made


def many(number: int, seed: int = 0, *, solved: float = 0.6) -> Folder:
    """As many tasks as wanted, of about the length of real ones."""
    rng, made = random.Random(seed), Folder()
    luck = random.Random(solved)
    for place in range(number):
        body = "".join(f"  var x{line} := {line} + {rng.randint(0, 99)};\n" for line in range(rng.randint(10, 120)))
        source = SOURCE + f"method M{place}()\n{{\n{body}}}\n"
        task = a_task(f"program_{place:03}_tmp_tmp{rng.randint(0, 10**6)}", source=source)
        status = (
            "proved"
            if luck.random() < solved
            else luck.choice(["unknown", "unknown", "unknown", "refuted", "unsupported"])
        )
        proof = (
            source.replace("  var x5", "  assert 1 + 1 == 2;\n  var x5") if status in ("proved", "unknown") else None
        )
        cost = {"seconds": round(luck.lognormvariate(0.5, 1.4), 3), "checks": luck.randint(1, 400)}
        made.add(task, status, proof=proof, reason="" if status == "proved" else "still open: Total.", **cost)
    return made
