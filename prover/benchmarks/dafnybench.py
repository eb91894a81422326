"""DafnyBench (sun-wendy/DafnyBench): Dafny programs whose hints were taken out, to be put back.

The data is `test.json`, a list of `{test_ID, test_file, ground_truth, hints_removed}`, or the two folders of files
`ground_truth/X.dfy` and `hints_removed/X_no_hints.dfy`, whose ids are in `metadata/hints_removed_metadata.csv`. Where
that table is, it also tells which prompts verified upstream as they are: a group of their own. Another one are prompts
that have what the harness bans, so that upstream no answer to them passes: figures can be given without them."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from prover.benchmarks.benchmark import Benchmark, Choice, Counting, DataProblem, Described, Upstream
from prover.benchmarks.dafnybench_rule import LITERALS, DafnyBenchRule, clashes
from prover.benchmarks.posed import Known, posed, read_file
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.inputs import MAX_BYTES, Problem, source_of

UPSTREAM = Upstream(
    "https://github.com/sun-wendy/DafnyBench", "0cd28fe", "Apache-2.0", ("DafnyBench", "LICENSE"), tasks=782
)
COUNTING = Counting(782, ("proof",), "all 782 programs, also those that verify with no hint put back")
MAX_FILE = 256_000_000
"""Bytes of `test.json`, at most; the published one has about 3 million."""
_FILES = ("test.json", "DafnyBench/test.json", "DafnyBench/dataset/test.json", "dataset/test.json")
_FOLDERS = ("", "DafnyBench/dataset", "dataset")
_ENDING = "_no_hints"
_TABLE = Path("metadata") / "hints_removed_metadata.csv"
UNTOUCHED, REFUSED = "verified untouched upstream", "refused upstream whatever is put in"


class DafnyBench(Described):
    """All its tasks are proof tasks in Dafny."""

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
    untouched = {row.id for row in _table(path.parent / _TABLE).values() if row.untouched}
    return [_of_record(record, number, untouched) for number, record in enumerate(records, 1)]


def _of_record(record: Any, number: int, untouched: Collection[str]) -> BenchmarkTask | NotLoaded:
    fields = record if isinstance(record, dict) else {}
    id_, file, truth, prompt = (fields.get(k) for k in ("test_ID", "test_file", "ground_truth", "hints_removed"))
    if isinstance(id_, int) and not isinstance(id_, bool):
        id_ = f"{id_:03d}"
    if not isinstance(id_, str) or not id_.strip() or not id_.isprintable():
        return _not(f"record {number}", f"record {number} has no test_ID")
    if not isinstance(prompt, str):
        return _not(id_, f"record {number} has no text hints_removed")
    return _task(id_, prompt, truth if isinstance(truth, str) else None, _groups(str(file or ""), id_ in untouched))


def _of_folders(root: Path) -> Iterator[BenchmarkTask | NotLoaded]:
    table = _table(root.parent / _TABLE)
    files = {p.stem.removesuffix(_ENDING): p for p in (root / "hints_removed").glob("*.dfy")}
    for name, path in sorted(files.items(), key=lambda f: (table.get(f[0], _Row(f[0])).id, f[0])):
        row = table.get(name, _Row(name))
        source = read_file(path)
        if isinstance(source, Problem):
            yield _not(row.id, source.reason)
            continue
        truth = root / "ground_truth" / f"{name}.dfy"
        read = read_file(truth) if truth.is_file() else None
        reference = None if read is None or isinstance(read, Problem) else read.text
        yield _task(row.id, source.text, reference, _groups(name, row.untouched))


class _Row(NamedTuple):
    id: str
    untouched: bool = False


def _table(path: Path) -> dict[str, _Row]:
    """What upstream's table says, by the names of the programs; empty where it is not there or not readable."""
    if not path.is_file():
        return {}
    made: dict[str, _Row] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                id_, name = row.get("test_ID"), row.get("test_file")
                if id_ and name:
                    untouched = row.get("verifies_without_hints") == "True"
                    made[name.removesuffix(".dfy").removesuffix(_ENDING)] = _Row(id_, untouched)
    except (ValueError, csv.Error):
        return {}
    return made


def _task(id_: str, prompt: str, truth: str | None, groups: tuple[str, ...]) -> BenchmarkTask | NotLoaded:
    problem = _objection(prompt)
    if problem:
        return _not(id_, problem)
    if any(literal in prompt for literal in LITERALS):
        groups = (*groups, REFUSED)
    known = Known(
        toolchain=str(DafnyBenchRule().pin),
        defects=tuple(_defects(prompt)),
        reference=truth,
        licence=UPSTREAM.licence,
        commit=UPSTREAM.commit,
        groups=groups,
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


def _groups(file: str, untouched: bool) -> tuple[str, ...]:
    """Where the program was collected (two collections, and files of public repositories), and whether its prompt
    verified upstream."""
    clover, mbpp = file.startswith("Clover_"), file.startswith("dafny-synthesis_")
    collected = "Clover" if clover else "MBPP-DFY" if mbpp else "repositories"
    return (collected, UNTOUCHED) if untouched else (collected,)


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


BENCHMARK: Benchmark = DafnyBench("dafnybench", UPSTREAM, DafnyBenchRule(), COUNTING)
