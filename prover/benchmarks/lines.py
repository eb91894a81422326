"""Tasks from a JSONL file: one object a line, with `id`, `source` and `language`, and perhaps `informal`, `statement`,
`groups` and `reference`. Other fields are not looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from prover.benchmarks.benchmark import DataProblem
from prover.benchmarks.posed import Known, posed
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.inputs import MAX_BYTES, source_of
from prover.languages import Language, language_of

MAX_LINE = 4 * MAX_BYTES
"""Bytes of a line, at most: a source with its reference and texts."""


class _Line(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    id: str = Field(min_length=1, max_length=1000)
    source: str
    language: Language | None = None
    informal: str = ""
    statement: str = ""
    groups: list[str] = Field(default_factory=list)
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class _Bad:
    """A line that gives no task. id: empty where it has none that can be read."""

    number: int
    reason: str
    id: str = ""
    language: Language = "dafny"


def read_lines(path: Path, benchmark: str) -> list[BenchmarkTask | NotLoaded] | DataProblem:
    """The tasks of a file, in its order. A line that gives none becomes a `NotLoaded` that names it; of lines with the
    same id the first one counts. Ids are unique in what is returned. Blank lines are passed over."""
    try:
        with path.open("rb") as file:
            read = list(_lines(file))
    except OSError as error:
        return DataProblem(f"{path}: cannot be read: {error.strerror or error}.")
    first: dict[str, int] = {}
    for number, line in read:
        if isinstance(line, _Line):
            first.setdefault(line.id, number)
    taken = set(first)
    made: list[BenchmarkTask | NotLoaded] = []
    for number, line in read:
        if isinstance(line, _Line) and first[line.id] == number:
            made.append(_task(line, benchmark))
            continue
        if isinstance(line, _Line):
            reason = f"the id {json.dumps(line.id)} is that of line {first[line.id]} too; give each task its own"
            line = _Bad(number, reason, line.id, line.language or "dafny")
        id_ = line.id or f"line {number}"
        while id_ in taken:
            id_ += f" (line {number})"
        taken.add(id_)
        told = f"{path.name}, line {number}: {line.reason}."
        made.append(NotLoaded(benchmark, id_, line.language, "invalid", told))
    if not made:
        return DataProblem(f'{path}: holds no task; write one JSON object a line, {{"id": ..., "source": ...}}.')
    return made


def _lines(file: BinaryIO) -> Iterator[tuple[int, _Line | _Bad]]:
    number = 0
    while raw := file.readline(MAX_LINE + 1):
        number += 1
        if len(raw) > MAX_LINE:
            while raw and not raw.endswith(b"\n"):
                raw = file.readline(MAX_LINE)
            yield number, _Bad(number, f"is longer than {MAX_LINE:,} bytes")
        elif text := raw.removeprefix(b"\xef\xbb\xbf" if number == 1 else b"").strip():
            yield number, _line(number, text)


def _line(number: int, raw: bytes) -> _Line | _Bad:
    try:
        record = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return _Bad(number, "is not UTF-8 text")
    except (ValueError, RecursionError) as error:
        return _Bad(number, f"is no JSON ({error})")
    if not isinstance(record, dict):
        return _Bad(number, "is no JSON object")
    id_, language = record.get("id"), record.get("language")
    named = id_ if isinstance(id_, str) and _is_clean(id_) else ""
    known: Language = "lean" if language == "lean" else "dafny"
    try:
        line = _Line.model_validate(record)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"]))
        return _Bad(number, f"the field {where}: {first['msg'][:1].lower()}{first['msg'][1:]}", named, known)
    objection = _objection(line)
    if objection:
        return _Bad(number, objection, named, known)
    if line.language is None:
        told = language_of(line.source)
        if told is None:
            return _Bad(number, 'is neither clearly Dafny nor clearly Lean; say "language": "dafny" or "lean"', named)
        line = line.model_copy(update={"language": told})
    return line


def _objection(line: _Line) -> str:
    """Why the texts of a line cannot be used; empty where they can."""
    texts = [line.id, line.source, line.informal, line.statement, line.reference or "", *line.groups]
    try:
        size = [len(text.encode("utf-8")) for text in texts][1]
    except UnicodeEncodeError:
        return "has half of a surrogate pair, which is no text"
    if not _is_clean(line.id):
        return "the field id: must be visible, and on one line"
    if size > MAX_BYTES:
        return f"the field source: is longer than {MAX_BYTES:,} bytes"
    if "\0" in line.source:
        return "the field source: has a zero byte, which is no source text"
    return "" if line.source.strip() else "the field source: is empty; there is nothing to prove"


def _is_clean(id_: str) -> bool:
    return 0 < len(id_) <= 1000 and bool(id_.strip()) and id_.isprintable()


def _task(line: _Line, benchmark: str) -> BenchmarkTask:
    known = Known(informal=line.informal, statement=line.statement, reference=line.reference, groups=tuple(line.groups))
    return posed(benchmark, line.id, source_of(line.source, line.language or "dafny"), known)
