"""What others take from an evaluation: solved files, diffs, one table of everything, and bundles for Comparator.

An export is planned as a whole (`planned`) before a file of it is written (`written`), so that nothing is overwritten
by half.
"""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from prover.benchmarks.task import BenchmarkTask
from prover.evaluation.comparator import NotBundled, bundle, how_to_run
from prover.evaluation.outcomes import TaskClass, class_of
from prover.evaluation.records import Evaluation, TaskRecord, slug
from prover.output_files import write_atomically
from prover.results import AttemptJson, ObjectionJson

DATASET = "dataset.jsonl"


class What(StrEnum):
    """What can be exported: `solved/` (proved files), `diffs/` (against the tasks), `dataset.jsonl` (every attempt),
    `comparator/` (a Lake project for each proved Lean task)."""

    SOLVED = "solved"
    DIFFS = "diffs"
    JSONL = "jsonl"
    COMPARATOR = "comparator"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to be written. name: relative to the output folder, with `/`."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of a task is not exported, and why."""

    id: str
    what: What
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """An export that is still to be written. proved: tasks with a proved file."""

    files: tuple[ExportFile, ...]
    left_out: tuple[LeftOut, ...]
    proved: int


@dataclass(frozen=True, slots=True)
class ExportProblem:
    """Why nothing (or, where the disk failed, not everything) was written, with the next step."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Proved:
    """A task with its first proof."""

    task: BenchmarkTask
    attempt: AttemptJson
    text: str
    name: str


def planned(evaluation: Evaluation, what: Iterable[What]) -> Plan:
    """The files of an export, in a fixed order. Reads proved files; one that is not there is left out and told."""
    wanted = frozenset(what)
    proved, missing = _proved_files(evaluation)
    files: list[ExportFile] = []
    left_out = [LeftOut(name, kind, why) for kind in What if kind in wanted for name, why in missing]
    for one in proved:
        if What.SOLVED in wanted:
            files.append(ExportFile(f"solved/{one.name}", one.text))
        if What.DIFFS in wanted:
            if difference := unified_diff(one.task.source, one.text, one.name):
                files.append(ExportFile(f"diffs/{slug(one.task.id)}.diff", difference))
            else:
                left_out.append(LeftOut(one.task.id, What.DIFFS, "it verified as it was"))
    if What.JSONL in wanted:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows(evaluation))
        files.append(ExportFile(DATASET, "".join(lines)))
    if What.COMPARATOR in wanted:
        bundled = list(_bundles(proved, left_out))
        files += [*bundled, *([ExportFile("comparator/README.md", how_to_run())] if bundled else [])]
    return Plan(tuple(files), tuple(left_out), len(proved))


def written(plan: Plan, out: Path, *, force: bool = False) -> ExportProblem | None:
    """Write an export, each file at once or not at all. force: files that are there already are replaced (others in
    the folder stay). None: all is written."""
    try:
        if out.exists() and not out.is_dir():
            return ExportProblem(f"--out {out}: is no folder; give another one.")
        there = [file.name for file in plan.files if (out / file.name).exists()]
        if there and not force:
            told = f"{there[0]} and {len(there) - 1} more are" if len(there) > 1 else f"{there[0]} is"
            return ExportProblem(f"--out {out}: {told} there already; give --force or another folder.")
        for file in plan.files:
            path = out / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, file.text)
    except OSError as error:
        what = error.filename or out
        return ExportProblem(
            f"--out {out}: {what} cannot be written: {error.strerror or error}; the export is not whole."
        )
    return None


def rows(evaluation: Evaluation) -> Iterator[dict[str, object]]:
    """One object for each attempt, and one (`attempt` null) for each task without: flat, with the same fields in the
    same order and of the same types, so that readers of tables (Hugging Face `datasets` among them) take them. proof:
    the proved file, empty where there is none."""
    for record in evaluation.tasks:
        for attempt in record.attempts or (None,):
            yield _row(evaluation, record, attempt)


def unified_diff(original: str, changed: str, name: str) -> str:
    """A diff that `patch -p1` applies to the file `name`; empty for equal texts. Only `\\n` ends a line, as for
    `patch`; what stands before it (a carriage return) belongs to the line."""
    # A name with white space ends at a tab.
    shown = f"{name}\t" if any(c.isspace() for c in name) else name
    lines = difflib.unified_diff(_lines(original), _lines(changed), f"a/{shown}", f"b/{shown}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def file_names(tasks: Sequence[BenchmarkTask]) -> dict[str, str]:
    """A file name for each task, by id: its own where no two are the same, else in a folder named for the task (as the
    files of Verina are, all called alike). Letters' case does not tell them apart, for there are disks on which it
    does not."""
    own = {task.id: _file_name(task) for task in tasks}
    alike = Counter(file.casefold() for file in own.values())
    if max(alike.values(), default=0) <= 1:
        return own
    return {name: f"{slug(name)}/{file}" for name, file in own.items()}


def _file_name(task: BenchmarkTask) -> str:
    """The name of its file on disk, else one made of its id; without what a diff could not name."""
    name = PurePath(task.path).name if task.path else ""
    if name in ("", ".", ".."):
        return f"{slug(task.id)}{task.suffix}"
    return "".join(c if c.isprintable() and c not in '"\\' else "_" for c in name)


def _proved_files(evaluation: Evaluation) -> tuple[list[_Proved], list[tuple[str, str]]]:
    """The first proof of each task, and of which tasks the file cannot be had."""
    names = file_names([record.task for record in evaluation.tasks if isinstance(record.task, BenchmarkTask)])
    found: list[_Proved] = []
    missing: list[tuple[str, str]] = []
    for record in evaluation.tasks:
        attempt = next((a for a in record.attempts if a.status == TaskClass.PROVED.value), None)
        if attempt is None or not isinstance(record.task, BenchmarkTask):
            continue
        text = _proof(evaluation, attempt)
        if text is None:
            missing.append((record.id, f"its proved file {attempt.output or ''} is not in the run folder"))
        else:
            found.append(_Proved(record.task, attempt, text, names[record.id]))
    return found, missing


def _proof(evaluation: Evaluation, attempt: AttemptJson) -> str | None:
    """The proved file of an attempt. A run folder from elsewhere must not make us read what is not in it."""
    if not attempt.output:
        return None
    path = evaluation.path / attempt.output
    try:
        if not path.resolve().is_relative_to(evaluation.path.resolve()):
            return None
        return path.read_bytes().decode("utf-8", "replace")
    except (OSError, ValueError):
        return None


def _bundles(proved: Sequence[_Proved], left_out: list[LeftOut]) -> Iterator[ExportFile]:
    for one in proved:
        if one.task.language != "lean":
            continue
        made = bundle(one.task, one.attempt, one.text)
        if isinstance(made, NotBundled):
            left_out.append(LeftOut(one.task.id, What.COMPARATOR, made.reason))
            continue
        for name, text in made.items():
            yield ExportFile(f"comparator/{slug(one.task.id)}/{name}", text)


def _lines(text: str) -> list[str]:
    """The lines with their ends; not `splitlines`, which knows other ends than `patch` does."""
    pieces = text.split("\n")
    return [f"{piece}\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def _row(evaluation: Evaluation, record: TaskRecord, attempt: AttemptJson | None) -> dict[str, object]:
    task = record.task
    posed = task if isinstance(task, BenchmarkTask) else None
    proved = attempt is not None and attempt.status == TaskClass.PROVED.value
    return {
        "benchmark": evaluation.benchmark,
        "id": task.id,
        "language": task.language,
        "mode": posed.mode if posed else "",
        "groups": list(task.groups),
        "statement": posed.statement if posed else "",
        "informal": posed.informal if posed else "",
        "source": posed.source if posed else "",
        "licence": posed.licence if posed else "",
        "upstream_commit": posed.commit if posed else "",
        "attempt": attempt.attempt if attempt else None,
        "seed": attempt.seed if attempt else None,
        "status": attempt.status if attempt else class_of(record).value,
        "proof": (_proof(evaluation, attempt) or "") if attempt and proved else "",
        "untouched": attempt.untouched if attempt else False,
        "official": attempt.official if attempt else None,
        "official_reason": attempt.official_reason if attempt else "",
        "official_timed_out": attempt.official_timed_out if attempt else False,
        "strict": attempt.strict if attempt else None,
        "objections": [_told(objection) for objection in attempt.objections] if attempt else [],
        "verifier": attempt.verifier if attempt else "",
        "axioms": list(attempt.axioms) if attempt else [],
        "baseline": list(attempt.baseline) if attempt else [],
        "seconds": attempt.seconds if attempt else 0.0,
        "checks": attempt.checks if attempt else 0,
        "tokens": attempt.tokens if attempt else 0,
        "cost_usd": attempt.cost_usd if attempt else None,
        "reason": attempt.reason if attempt else "" if posed else getattr(task, "reason", ""),
    }


def _told(objection: ObjectionJson) -> str:
    line = f" (line {objection.line})" if objection.line is not None else ""
    return f"{objection.rule}: {objection.message}{line}"
