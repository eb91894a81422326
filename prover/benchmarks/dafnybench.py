"""DafnyBench (sun-wendy/DafnyBench): Dafny programs whose hints were taken out, to be put back.

The data is `test.json`, a list of `{test_ID, test_file, ground_truth, hints_removed}`, or the two folders of files
`ground_truth/X.dfy` and `hints_removed/X_no_hints.dfy`, whose ids are in `metadata/hints_removed_metadata.csv`."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from prover.benchmarks.benchmark import Benchmark, Choice, DataProblem, OfficialRule, Upstream
from prover.benchmarks.dafnybench_rule import LITERALS, DafnyBenchRule, clashes
from prover.benchmarks.posed import Known, posed, read_file, source_of
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.inputs import MAX_BYTES, Problem

UPSTREAM = Upstream(
    "https://github.com/sun-wendy/DafnyBench", "0cd28fe", "Apache-2.0", ("DafnyBench", "LICENSE"), tasks=782
)
MAX_FILE = 256_000_000
"""Bytes of `test.json`, at most; the published one has about 3 million."""
_FILES = ("test.json", "DafnyBench/test.json", "DafnyBench/dataset/test.json", "dataset/test.json")
_FOLDERS = ("", "DafnyBench/dataset", "dataset")
_ENDING = "_no_hints"


class DafnyBench:
    """All its tasks are proof tasks in Dafny."""

    @property
    def name(self) -> str:
        """As `prover eval` has it."""
        return "dafnybench"

    @property
    def upstream(self) -> Upstream | None:
        """The repository."""
        return UPSTREAM

    @property
    def official(self) -> OfficialRule | None:
        """Its rule."""
        return DafnyBenchRule()

    def load(self, data: Path | None, choice: Choice) -> list[BenchmarkTask | NotLoaded] | DataProblem:
        """The tasks in the file's order (of folders: by id). data: the file, its folder, or a clone."""
        if data is None:
            return DataProblem(
                "DafnyBench's data is not here: get it with `prover data fetch dafnybench`, "
                "or name a clone of its repository with --data."
            )
        if choice.language == "lean" or choice.mode not in (None, "proof"):
            return DataProblem("DafnyBench has proof tasks in Dafny only; leave out --language and --mode.")
        try:
            found = _find(data)
        except OSError as error:
            return DataProblem(f"{error.filename or data}: cannot be read: {error.strerror or error}.")
        if isinstance(found, DataProblem):
            return found
        return _unique(found) or DataProblem(f"{data}: holds no task.")


def _find(data: Path) -> Iterable[BenchmarkTask | NotLoaded] | DataProblem:
    if data.is_file():
        return _of_json(data)
    if file := next((data / name for name in _FILES if (data / name).is_file()), None):
        return _of_json(file)
    for name in _FOLDERS:
        if (data / name / "hints_removed").is_dir():
            return list(_of_folders(data / name))
    if not data.exists():
        return DataProblem(f"{data}: no such folder; get the data with `prover data fetch dafnybench`.")
    return DataProblem(f"{data}: has neither test.json nor hints_removed/; name DafnyBench's folder with --data.")


def _of_json(path: Path) -> list[BenchmarkTask | NotLoaded] | DataProblem:
    if path.stat().st_size > MAX_FILE:
        return DataProblem(f"{path}: is larger than {MAX_FILE:,} bytes; this is not DafnyBench's test.json.")
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        return DataProblem(f"{path}: is no JSON ({error}); fetch it again.")
    if not isinstance(records, list):
        return DataProblem(f"{path}: is no list of tasks; name DafnyBench's test.json.")
    return [_of_record(record, number) for number, record in enumerate(records, 1)]


def _of_record(record: Any, number: int) -> BenchmarkTask | NotLoaded:
    fields = record if isinstance(record, dict) else {}
    id_, file, truth, prompt = (fields.get(k) for k in ("test_ID", "test_file", "ground_truth", "hints_removed"))
    if isinstance(id_, int) and not isinstance(id_, bool):
        id_ = f"{id_:03d}"
    if not isinstance(id_, str) or not id_.strip() or not id_.isprintable():
        return _not(f"record {number}", f"record {number} has no test_ID")
    if not isinstance(prompt, str):
        return _not(id_, f"record {number} has no text hints_removed")
    return _task(id_, prompt, truth if isinstance(truth, str) else None, str(file or ""))


def _of_folders(root: Path) -> Iterator[BenchmarkTask | NotLoaded]:
    ids = _ids(root)
    files = {p.stem.removesuffix(_ENDING): p for p in (root / "hints_removed").glob("*.dfy")}
    for name, path in sorted(files.items(), key=lambda f: (ids.get(f[0], f[0]), f[0])):
        id_ = ids.get(name, name)
        source = read_file(path)
        if isinstance(source, Problem):
            yield _not(id_, source.reason)
            continue
        truth = root / "ground_truth" / f"{name}.dfy"
        read = read_file(truth) if truth.is_file() else None
        yield _task(id_, source.text, None if read is None or isinstance(read, Problem) else read.text, f"{name}.dfy")


def _ids(root: Path) -> dict[str, str]:
    """Ids by name; the names stand for themselves where there is no table of them."""
    table = root.parent / "metadata" / "hints_removed_metadata.csv"
    if not table.is_file():
        return {}
    try:
        with table.open(encoding="utf-8", newline="") as file:
            rows = [(row.get("test_ID"), row.get("test_file")) for row in csv.DictReader(file)]
    except (ValueError, csv.Error):
        return {}
    return {name.removesuffix(".dfy").removesuffix(_ENDING): id_ for id_, name in rows if id_ and name}


def _task(id_: str, prompt: str, truth: str | None, file: str) -> BenchmarkTask | NotLoaded:
    problem = _objection(prompt)
    if problem:
        return _not(id_, problem)
    known = Known(
        toolchain=str(DafnyBenchRule().pin),
        defects=tuple(_defects(prompt)),
        reference=truth,
        licence=UPSTREAM.licence,
        commit=UPSTREAM.commit,
        groups=_groups(file),
        own_goals=False,
    )
    return posed("dafnybench", id_, source_of(prompt, "dafny"), known)


def _objection(prompt: str) -> str:
    try:
        size = len(prompt.encode("utf-8"))
    except UnicodeEncodeError:
        return "its text has half of a surrogate pair"
    if size > MAX_BYTES:
        return f"its text is longer than {MAX_BYTES:,} bytes"
    if "\0" in prompt:
        return "its text has a zero byte"
    return "" if prompt.strip() else "its text is empty"


def _defects(prompt: str) -> Iterator[str]:
    for literal in LITERALS:
        if literal in prompt:
            yield f"the prompt has `{literal}` itself: upstream's harness refuses every answer, ours new ones"
    if clashes(prompt):
        yield "the prompt declares `abs`, and the harness appends one: upstream's file has two"


def _groups(file: str) -> tuple[str, ...]:
    """Where the program was collected: two collections, and files of public repositories."""
    if file.startswith("Clover_"):
        return ("Clover",)
    return ("MBPP-DFY",) if re.match(r"dafny-synthesis_", file) else ("repositories",)


def _unique(found: Iterable[BenchmarkTask | NotLoaded]) -> list[BenchmarkTask | NotLoaded]:
    made: dict[str, BenchmarkTask | NotLoaded] = {}
    for number, task in enumerate(found, 1):
        if task.id in made:
            again = f"{task.id} (record {number})"
            made[again] = _not(again, f"record {number} has the test_ID {task.id} of another one")
        else:
            made[task.id] = task
    return list(made.values())


def _not(id_: str, reason: str) -> NotLoaded:
    return NotLoaded("dafnybench", id_, "dafny", "invalid", f"{reason}.")


BENCHMARK: Benchmark = DafnyBench()
