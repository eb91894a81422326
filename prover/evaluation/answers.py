"""Answers that somebody else made, to be judged like our own: read from a folder of files or from JSON lines.

A folder has a file for each answer: `ID.dfy` or `ID.lean` (or the task's name in a run folder, `SLUG.dfy`), further
attempts `ID.2.dfy`, `ID.3.dfy`...; these are taken as they are. Files `.txt` and `.md` are what a model said. JSON
lines are objects with `id` and either `text` (a whole file) or `completion` (what a model said), and maybe `attempt`
(from 1; else lines of a task are numbered in their order).

Of what a model said the code is taken: what it writes into the task's editable places, else its last whole block. An
answer from which no code can be read is still an answer: it is judged as it stands, and fails. A benchmark's own rule
judges what its harness would take of the same words, where that has a way of its own. A run's `proofs` are
what we took, so judging those again is not the same there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from prover.answers.blocks import find_blocks
from prover.answers.regions import Range, Regions, apply
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.evaluation.jobs import Job
from prover.evaluation.records import EvaluationProblem, slug

_AS_IT_IS = (".dfy", ".lean")
_SAID = (".txt", ".md")
_NUMBERED = re.compile(r"(?P<name>.+)\.(?P<number>[1-9][0-9]{0,5})")
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Answers:
    """texts: whole files, by task and attempt (from 1). said: of those that were read from what a model said, that.
    problems: what was left out, each in a sentence. missing: tasks without an answer."""

    texts: Mapping[tuple[str, int], str]
    said: Mapping[tuple[str, int], str]
    problems: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Given:
    """An answer as it was found. id: as written. where: for messages. said: by a model, so to be read. attempt: None
    for the next."""

    id: str
    attempt: int | None
    text: str
    said: bool
    where: str


@dataclass(frozen=True, slots=True)
class _Bad:
    """What is no answer."""

    reason: str


def answered(
    path: Path, tasks: Sequence[BenchmarkTask | NotLoaded], tell: Callable[[str], None] = lambda text: None
) -> tuple[Job, ...] | EvaluationProblem:
    """The attempts that judge answers: first all first ones, in the order of the tasks. A problem where a line or file
    cannot be read, or two are the same attempt: then it is not clear what is to be judged. tell: hears of answers that
    are left out, and of tasks without one."""
    read = read_answers(path, tasks)
    if isinstance(read, EvaluationProblem):
        return read
    for problem in read.problems:
        tell(f"--answers {path}: {problem}.")
    if read.missing:
        tell(f"--answers {path}: no answer to {_named(dict.fromkeys(read.missing))}, which counts as not solved.")
    posed = {task.id: task for task in tasks if isinstance(task, BenchmarkTask)}
    places = {name: place for place, name in enumerate(posed)}
    keys = sorted(read.texts, key=lambda key: (key[1], places[key[0]]))
    return tuple(Job(posed[key[0]], key[1], read.texts[key], read.said.get(key)) for key in keys)


def read_answers(path: Path, tasks: Sequence[BenchmarkTask | NotLoaded]) -> Answers | EvaluationProblem:
    """All answers to the tasks. Never raises for what is in the files."""
    known = {task.id: task for task in tasks}
    names = {**{slug(name): name for name in known}, **{name: name for name in known}}
    try:
        found = list(_folder(path, names) if path.is_dir() else _lines(path))
    except OSError as error:
        return EvaluationProblem(f"--answers {path}: cannot be read: {error.strerror or error}.")
    if bad := [one.reason for one in found if isinstance(one, _Bad)]:
        rest = f" ({len(bad) - 1} more like it)" if len(bad) > 1 else ""
        return EvaluationProblem(f"--answers {path}: {bad[0]}{rest}.")
    texts: dict[tuple[str, int], str] = {}
    said: dict[tuple[str, int], str] = {}
    unknown: dict[str, None] = {}
    unposed: dict[str, None] = {}
    last: dict[str, int] = {}
    for one in (one for one in found if isinstance(one, _Given)):
        name = names.get(one.id)
        task = known.get(name) if name is not None else None
        if task is None:
            unknown[one.id] = None
        elif isinstance(task, NotLoaded):
            unposed[task.id] = None
        else:
            number = last.get(task.id, 0) + 1 if one.attempt is None else one.attempt
            if (task.id, number) in texts:
                return EvaluationProblem(f"--answers {path}: {one.where}: a second attempt {number} at {task.id}.")
            last[task.id] = max(number, last.get(task.id, 0))
            texts[task.id, number] = code_of(task, one.text) if one.said else one.text
            if one.said:
                said[task.id, number] = one.text
    if not texts:
        example = next((task.id for task in tasks if isinstance(task, BenchmarkTask)), "")
        such = f" is for one of the tasks; they are called like {example}" if found else " is there"
        return EvaluationProblem(f"--answers {path}: no answer{such}.")
    problems = [f"{_named(unknown)}: no such task was chosen"] if unknown else []
    problems += [f"{_named(unposed)}: cannot be posed here, so answers to it are not judged"] if unposed else []
    have = {name for name, _ in texts}
    missing = tuple(t.id for t in tasks if isinstance(t, BenchmarkTask) and t.id not in have)
    return Answers(texts, said, tuple(problems), missing)


def code_of(task: BenchmarkTask, said: str) -> str:
    """The whole file that a model's answer amounts to; the answer itself where no code is in it."""
    if any(segment.editable for segment in task.segments):
        made = apply(_regions(task), said)
        if isinstance(made, str):
            return made
    blocks = find_blocks(said).blocks
    return blocks[0].text if blocks else said


def _regions(task: BenchmarkTask) -> Regions:
    places, at = [], 0
    for segment in task.segments:
        if segment.editable:
            places.append(Range(at, at + len(segment.text)))
        at += len(segment.text)
    return Regions(task.source, tuple(places), task.language)


def _folder(path: Path, names: Mapping[str, str]) -> Iterator[_Given | _Bad]:
    """The answers of a folder, by name. Ids may have slashes: then files are in folders of it."""
    for file in sorted(p for p in path.rglob("*") if p.suffix in (*_AS_IT_IS, *_SAID) and p.is_file()):
        where = file.relative_to(path)
        name, number = _split(where.with_suffix("").as_posix(), where.as_posix(), names)
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            yield _Bad(f"{where}: is no UTF-8")
            continue
        yield _Given(name, number, text, file.suffix in _SAID, str(where))


def _split(stem: str, full: str, names: Mapping[str, str]) -> tuple[str, int]:
    """Id and attempt of a file: an id may itself have the file's extension, or end in a number."""
    for name in (full, stem):
        if name in names:
            return name, 1
    for kind in ("", ".proved", ".partial", ".answer"):  # as a run folder calls them
        bare = stem.removesuffix(kind)
        numbered = _NUMBERED.fullmatch(bare)
        if bare in names:
            return bare, 1
        if numbered and numbered["name"] in names:
            return numbered["name"], int(numbered["number"])
    return stem, 1


def _lines(path: Path) -> Iterator[_Given | _Bad]:
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if line.strip():
            yield _line(line, f"line {number}")


def _line(line: bytes, where: str) -> _Given | _Bad:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return _Bad(f"{where}: is no JSON object")
    if not isinstance(record, dict):
        return _Bad(f"{where}: is no JSON object")
    name, attempt = record.get("id"), record.get("attempt")
    given = [key for key in ("text", "completion") if record.get(key) is not None]
    if not isinstance(name, str) or len(given) != 1 or not isinstance(record[given[0]], str):
        return _Bad(f"{where}: wants `id` and either `text` or `completion`, as strings")
    if attempt is not None and (isinstance(attempt, bool) or not isinstance(attempt, int) or attempt < 1):
        return _Bad(f"{where}: `attempt` must be a whole number from 1")
    return _Given(name, attempt, record[given[0]], given[0] == "completion", where)


def _named(names: Mapping[str, None]) -> str:
    shown = list(names)[:_MOST_NAMED]
    return ", ".join(shown) + (f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")
