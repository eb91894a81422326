"""A source text as a benchmark's task: what every loader tells of it, from the text alone."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dafny_env.gate.cheats import find_cheats
from dafny_env.syntax.parser import parse
from lean_project.gate.banned import banned
from lean_project.syntax.commands import imports
from lean_project.syntax.tokens import code, tokenize
from prover.benchmarks.benchmark import Choice, DataProblem
from prover.benchmarks.task import BenchmarkTask, NotLoaded, Segment
from prover.inputs import MAX_BYTES, Problem, SourceFile, read_source
from prover.languages import Language
from prover.vericoding.marked import open_task
from prover.vericoding.task import VericodingTask

_TRUSTED = frozenset(["axiom", "unsafe", "partial", "implemented-by", "extern", "native-decide", "csimp"])
"""What of Lean's text goes into a baseline. A `sorry` is a goal."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a benchmark knows of a task beside its text. See `BenchmarkTask`."""

    informal: str = ""
    statement: str = ""
    toolchain: str = ""
    defects: tuple[str, ...] = ()
    reference: str | None = None
    licence: str = ""
    commit: str = ""
    groups: tuple[str, ...] = ()
    own_goals: bool = True
    """`assume`s of the text are goals, as they are for `prover prove`; else they are baseline."""


_NOTHING_KNOWN = Known()


def read_file(path: Path, *, max_bytes: int = MAX_BYTES) -> SourceFile | Problem:
    """A file as `prover prove` would read it. Never raises for what is there."""
    return read_source(str(path), io.BytesIO(), max_bytes=max_bytes)


def posed(benchmark: str, id_: str, source: SourceFile, known: Known = _NOTHING_KNOWN) -> BenchmarkTask:
    """The task of a file or text. One whose marked regions for code are still empty has code and proof to be written
    (mode `codeproof`), as `prover prove` takes it; all others are proof tasks."""
    marked = open_task(source)
    language = source.language
    return BenchmarkTask(
        benchmark=benchmark,
        id=id_,
        language=language,
        mode="proof" if marked is None else "codeproof",
        source=source.text,
        segments=() if marked is None else segments_of(marked),
        informal=known.informal or (marked.informal if marked else ""),
        statement=known.statement,
        imports=imports(source.text) if language == "lean" else (),
        toolchain=known.toolchain,
        baseline=marked.baseline if marked else baseline_of(source.text, language, own_goals=known.own_goals),
        defects=known.defects,
        reference=known.reference,
        licence=known.licence,
        commit=known.commit,
        path=str(source.path) if source.path else None,
        groups=known.groups,
    )


def segments_of(task: VericodingTask) -> tuple[Segment, ...]:
    """The pieces of a task with marked regions."""
    made: list[Segment] = []
    for k, frozen in enumerate(task.frozen):
        if frozen:
            made.append(Segment(frozen))
        if k < len(task.regions):
            region = task.regions[k]
            made.append(Segment(task.text[region.start : region.end], True, region.name))
    return tuple(made)


def baseline_of(text: str, language: Language, *, own_goals: bool = True) -> tuple[str, ...]:
    """What a text takes on trust, in words. own_goals: Dafny's `assume`s and lemmas without bodies are to be proved,
    and are not told."""
    return tuple(_of_dafny(text, own_goals) if language == "dafny" else _of_lean(text))


def _of_dafny(text: str, own_goals: bool) -> Iterator[str]:
    for finding in find_cheats(parse(text)):
        if not (own_goals and finding.goal):
            yield f"{finding.rule} in {finding.owner or 'the file'}: {finding.text}"


def _of_lean(text: str) -> Iterator[str]:
    for token, ban in banned(code(tokenize(text)), ()):
        if ban.rule in _TRUSTED:
            yield f"{ban.rule}: `{token.text}`"


def chosen(found: Sequence[BenchmarkTask | NotLoaded], choice: Choice) -> list[BenchmarkTask | NotLoaded] | DataProblem:
    """Those of a language and mode; what was not loaded stays in whatever the mode. A problem where none is left."""
    left = [
        t
        for t in found
        if choice.language in (None, t.language) and (isinstance(t, NotLoaded) or choice.mode in (None, t.mode))
    ]
    if left:
        return left
    wanted = " and ".join(f"--{k} {v}" for k, v in (("language", choice.language), ("mode", choice.mode)) if v)
    return DataProblem(f"There are {len(found)} tasks, but none with {wanted or 'anything in it'}; choose others.")
