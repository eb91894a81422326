"""The tasks of a sweep: DafnyBench with its hints removed, the starter tasks, or any folder of Dafny files."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

STARTER = Path(__file__).resolve().parent.parent / "datasets" / "starter" / "dafny"
LEAN = STARTER.with_name("lean")


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
    tasks = json.loads((folder / "test.json").read_text(encoding="utf-8"))
    return [Task(t["test_ID"], text=t["hints_removed"], reference=t["ground_truth"]) for t in tasks]


def starter(folder: Path = STARTER) -> list[Task]:
    tasks = []
    for file in sorted(folder.glob("*/task.*")):
        if file.suffix == ".toml":
            continue
        about = tomllib.loads(file.with_name("task.toml").read_text(encoding="utf-8"))
        group = "decomposition" if "decomposition" in about["tags"] else "hard" if about.get("hard") else "not hard"
        reference = file.with_stem("solution").read_text(encoding="utf-8")
        tasks.append(Task(file.parent.name, path=file, reference=reference, group=group))
    return tasks


def folder_of_files(folder: Path) -> list[Task]:
    made = (".proved.dfy", ".partial.dfy")
    files = [f for f in sorted(folder.rglob("*.dfy")) if not f.name.endswith(made) and ".prover" not in f.parts]
    return [Task(str(f.relative_to(folder).with_suffix("")), path=f) for f in files]


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
