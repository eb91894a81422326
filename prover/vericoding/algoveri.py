"""AlgoVeri's tasks: `algoveri_data/<task>/` with a specification and the problem in words for each language.

Upstream: haoyuzhao123/algoveri f08d468, Apache-2.0. Known traps are told as defects of the tasks; none is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prover.languages import Language
from prover.vericoding.marked import read_task
from prover.vericoding.task import VericodingTask

_FILES: dict[Language, str] = {"dafny": "dafny_spec.dfy", "lean": "lean_spec.lean"}
_WORDS: dict[Language, tuple[str, ...]] = {
    "dafny": ("dafny_nl.txt",),
    "lean": ("lean_nl.txt", "lean_spec.txt"),  # kruskal has the second name for it
}
_DEFECTS: dict[tuple[str, Language], str] = {
    ("trie_search", "lean"): "the specification cannot be elaborated",
    ("sieve_method", "dafny"): "the stub of the code takes `false` for granted: it is replaced as a whole",
}


@dataclass(frozen=True, slots=True)
class NotLoaded:
    """A task's folder that cannot be used, and why."""

    id: str
    language: Language
    reason: str


def load(data: Path, language: Language) -> Iterator[VericodingTask | NotLoaded]:
    """All tasks in one language, by name. data: the folder that holds the tasks' folders, or one above it."""
    folder = data / "algoveri_data" if (data / "algoveri_data").is_dir() else data
    for task in sorted(p for p in folder.iterdir() if p.is_dir()):
        yield load_task(task, language)


def load_task(folder: Path, language: Language) -> VericodingTask | NotLoaded:
    """One task in one language; the text byte for byte as upstream has it."""
    name = folder.name
    try:
        text = (folder / _FILES[language]).read_bytes().decode("utf-8")
        words = next((folder / w for w in _WORDS[language] if (folder / w).is_file()), None)
        informal = words.read_bytes().decode("utf-8") if words is not None else ""
    except (OSError, UnicodeDecodeError) as error:
        return NotLoaded(name, language, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    task = read_task(text, language, name, informal=informal, defects=tuple(_defects(name, language, text)))
    return task if isinstance(task, VericodingTask) else NotLoaded(name, language, task)


def _defects(name: str, language: Language, text: str) -> Iterator[str]:
    known = _DEFECTS.get((name, language))
    if known is not None:
        yield known
    if language == "lean":
        if "@start precond" not in text:
            yield "the precondition is not marked"
        if re.search(r"decreasing_by\s+(?:all_goals\s+)?sorry", text):
            yield "termination of a definition of the specification is not proved"
