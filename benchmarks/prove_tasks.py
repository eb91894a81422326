"""The tasks of a sweep: DafnyBench with its hints removed, the starter tasks, or any folder of Dafny files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from prover.benchmarks.benchmark import Choice, DataProblem
from prover.benchmarks.registry import benchmark
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.languages import Language


@dataclass(frozen=True, slots=True)
class Task:
    """One file to prove. text: to be written to a file of its own; None: `path` is used where it is. reference: a
    known proof. group: counted apart in the table."""

    id: str
    text: str | None = None
    path: Path | None = None
    reference: str | None = None
    group: str = ""

    @property
    def source(self) -> str:
        """The text to prove."""
        return self.text if self.text is not None else self.file.read_text(encoding="utf-8")

    @property
    def file(self) -> Path:
        """The file of a task that has one."""
        assert self.path is not None
        return self.path

    @property
    def folder(self) -> Path | None:
        """Where its relative includes are."""
        return self.path.resolve().parent if self.path else None


def dafnybench(folder: Path) -> list[Task]:
    return [Task(t.id, text=t.source, reference=t.reference) for t in _loaded("dafnybench", folder, "dafny")]


def starter(language: Language = "dafny") -> list[Task]:
    return [
        Task(t.id.split("/")[1], path=Path(t.path or ""), reference=t.reference, group=(*t.groups, "others")[0])
        for t in _loaded("starter", None, language)
    ]


def folder_of_files(folder: Path) -> list[Task]:
    return [Task(t.id, path=Path(t.path or "")) for t in _loaded("folder", folder, "dafny")]


def _loaded(name: str, data: Path | None, language: Language) -> list[BenchmarkTask]:
    found = benchmark(name).load(data, Choice(language=language))
    if isinstance(found, DataProblem):
        raise SystemExit(found.reason)
    tasks = list(found)
    for task in tasks:
        if isinstance(task, NotLoaded):
            print(f"{task.id}: {task.reason}", file=sys.stderr)
    return [t for t in tasks if isinstance(t, BenchmarkTask)]


def records(file: Path) -> dict[str, dict[str, object]]:
    """The records of a JSONL file by id: the last one counts, a line cut short by a kill does not."""
    found: dict[str, dict[str, object]] = {}
    if file.is_file():
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            found[record["id"]] = record
    return found


def appender(file: Path) -> Callable[[dict[str, object]], None]:
    """Appends records, each written out at once; a half line left by a kill is closed first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_file() and (data := file.read_bytes()) and not data.endswith(b"\n"):
        with file.open("ab") as out:
            out.write(b"\n")

    def append(record: dict[str, object]) -> None:
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(record) + "\n")

    return append


def select(tasks: Iterable[Task], only: list[str] | None, limit: int | None) -> list[Task]:
    chosen = [t for t in tasks if not only or t.id in only]
    if only and (absent := set(only) - {t.id for t in chosen}):
        raise SystemExit(f"no such task: {', '.join(sorted(absent))}")
    return chosen[:limit]
