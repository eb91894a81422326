"""Vericoding tasks from files: any file whose regions are marked by comments is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dafny_env.gate.cheats import find_cheats
from dafny_env.gate.regions import Marked, read_regions
from dafny_env.syntax.parser import parse
from lean_project.gate.banned import banned
from lean_project.gate.slots import read_slots
from lean_project.syntax.commands import imports
from lean_project.syntax.tokens import code, tokenize
from prover.inputs import SourceFile
from prover.languages import Language
from prover.vericoding.task import VericodingTask, regions_of

_TOLD = frozenset(["sorry", "axiom", "unsafe", "partial", "implemented-by", "extern", "native-decide", "csimp"])

MOST_WORDS = 20_000
"""Characters that are read of a problem in words."""


def read_task(
    text: str, language: Language, id_: str, *, informal: str = "", defects: tuple[str, ...] = ()
) -> VericodingTask | str:
    """The task that a text is, or why it is none, in one sentence."""
    regions = regions_of(text, language)
    if isinstance(regions, str):
        return regions
    if not any(r.kind == "code" for r in regions):
        return "no region for code is marked"
    baseline = _dafny_baseline(text) if language == "dafny" else _lean_baseline(text)
    modules = tuple(imports(text)) if language == "lean" else ()
    return VericodingTask(id_, language, text, regions, informal, modules, tuple(baseline), defects)


def open_task(source: SourceFile) -> VericodingTask | None:
    """The task that a file of a user's is, where its code is still to be written; None for all other files. A target
    asks for one declaration's proof, and is no such task. The problem in words is taken from `X_nl.txt` beside
    `X_spec.dfy` (or `.lean`), or from `description.txt` beside `task.lean`, as benchmarks have it."""
    if source.target is not None or not ("<code>" in source.text or "!benchmark" in source.text):
        return None
    task = read_task(source.text, source.language, source.name, informal=_words_beside(source))
    return task if isinstance(task, VericodingTask) and task.stubs else None


def _words_beside(source: SourceFile) -> str:
    for beside in _beside(source.path):
        try:
            if not beside.is_file():  # opening a pipe would wait
                continue
            with beside.open(encoding="utf-8") as file:
                return file.read(MOST_WORDS)
        except (OSError, ValueError):
            continue
    return ""


def _beside(path: Path | None) -> tuple[Path, ...]:
    """Where the problem in words may stand."""
    if path is None:
        return ()
    if path.stem == "task":
        return (path.with_name("description.txt"),)
    if not path.stem.endswith("_spec"):
        return ()
    return (path.with_name(f"{path.stem.removesuffix('_spec')}_nl.txt"), path.with_suffix(".txt"))


def _dafny_baseline(text: str) -> Iterator[str]:
    marked = read_regions(text)
    assert isinstance(marked, Marked)  # its regions were read just now
    for finding in find_cheats(parse(marked.skeleton)):
        yield f"{finding.rule} in {finding.owner or 'the file'}: {finding.text}"


def _lean_baseline(text: str) -> Iterator[str]:
    slotted = read_slots(text)
    assert not isinstance(slotted, str)
    for frozen in slotted.frozen:
        for token, ban in banned(code(tokenize(frozen)), ()):
            if ban.rule in _TOLD:
                yield f"{ban.rule}: `{token.text}`"
