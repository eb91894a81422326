"""AlgoVeri (haoyuzhao123/algoveri): 77 classical algorithms with a specification, in Dafny and in Lean; code and proof
are to be written.

Each task is a folder with `dafny_spec.dfy` and `lean_spec.lean`, and the problem in words in `dafny_nl.txt`
and `lean_nl.txt`. Known traps are told as defects of the tasks; none is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from lean_project.gate.slots import read_slots
from lean_project.syntax.commands import commands
from prover.benchmarks.algoveri_rule import PINS, RULE
from prover.benchmarks.benchmark import Benchmark, Choice, Counting, DataProblem, Described, Upstream
from prover.benchmarks.posed import Known, chosen, posed, read_file
from prover.benchmarks.task import BenchmarkTask, NotLoaded
from prover.inputs import Problem
from prover.languages import Language

UPSTREAM = Upstream(
    "https://github.com/haoyuzhao123/algoveri", "f08d468", "Apache-2.0", ("algoveri_data", "LICENSE"), tasks=77
)
COUNTING = Counting(
    77,
    ("codeproof",),
    "77 tasks in each language for itself, code and proof to be written; there a language model judges the algorithm "
    "besides, which is not done here",
    by_language=True,
)
LANGUAGES: tuple[Language, ...] = ("dafny", "lean")
_FILES: dict[Language, str] = {"dafny": "dafny_spec.dfy", "lean": "lean_spec.lean"}
_WORDS: dict[Language, tuple[str, ...]] = {
    "dafny": ("dafny_nl.txt",),
    "lean": ("lean_nl.txt", "lean_spec.txt"),  # kruskal has the second name for it
}
_DEFECTS: Mapping[tuple[str, Language], str] = {
    ("trie_search", "lean"): "the specification cannot be elaborated",
    ("polymul_karatsuba", "dafny"): "the specification shifts an integer, which Dafny does not resolve",
    ("sieve_method", "dafny"): "the stub of the code takes `false` for granted: it is replaced as a whole",
}
_METHOD = re.compile(r"^[ \t]*(?:ghost[ \t]+)?(?:method|function|lemma)\b(?:[ \t]*\{:[^}]*\})*[ \t]+([\w?']+)", re.M)


class AlgoVeri(Described):
    """All its tasks have code and proof to be written. The ids are `NAME/dafny` and `NAME/lean`."""

    def load(self, data: Path | None, choice: Choice) -> list[BenchmarkTask | NotLoaded] | DataProblem:
        """The tasks by name, Dafny first. data: the folder that holds the tasks' folders, or a clone."""
        if data is None:
            return DataProblem(
                "AlgoVeri's data is not here: get it with `prover data fetch algoveri`, "
                "or name a clone of its repository with --data."
            )
        if choice.mode not in (None, "codeproof"):
            return DataProblem("AlgoVeri's tasks have code and proof to be written; leave out --mode.")
        folder = data / "algoveri_data" if (data / "algoveri_data").is_dir() else data
        try:
            folders = sorted(p for p in folder.iterdir() if any((p / f).is_file() for f in _FILES.values()))
        except OSError as error:
            return DataProblem(f"{folder}: cannot be read: {error.strerror or error}.")
        if not folders:
            return DataProblem(f"{folder}: holds no folder with {_FILES['dafny']}; name AlgoVeri's folder with --data.")
        return chosen([load_task(task, language) for task in folders for language in LANGUAGES], choice)


def load_task(folder: Path, language: Language) -> BenchmarkTask | NotLoaded:
    """One task in one language; the text byte for byte as upstream has it."""
    id_ = f"{folder.name}/{language}"
    source = read_file(folder / _FILES[language])
    if isinstance(source, Problem):
        return NotLoaded("algoveri", id_, language, "invalid", source.reason)
    known = Known(
        informal=_words(folder, language),
        statement=_statement(source.text, language),
        toolchain=str(PINS[language]),
        defects=tuple(_defects(folder.name, language, source.text)),
        licence=UPSTREAM.licence,
        commit=UPSTREAM.commit,
    )
    task = posed("algoveri", id_, source, known)
    if task.mode != "codeproof":
        return NotLoaded("algoveri", id_, language, "invalid", "no region with code to be written is marked in it")
    if language == "lean":
        task = replace(task, baseline=tuple(_open(source.text)))
    return task


def _words(folder: Path, language: Language) -> str:
    for name in _WORDS[language]:
        try:
            return (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
    return ""


def _statement(text: str, language: Language) -> str:
    """The theorem whose proof, or the method whose body, is to be written."""
    if language == "dafny":
        spec = text.rpartition("// <spec>")[2].partition("// </spec>")[0]
        heads = _METHOD.findall(spec)
        return str(heads[-1]) if heads else ""
    slotted = read_slots(text)
    if isinstance(slotted, str):
        return ""
    places = [s.start for s in slotted.slots if s.kind == "proof"]
    return next((c.full_name for c in commands(text) if any(c.start <= p <= c.end for p in places)), "")


def _open(text: str) -> Iterator[str]:
    """Declarations of the specification that leave something open."""
    slotted = read_slots(text)
    if isinstance(slotted, str):
        return
    edges = [0, *(e for s in slotted.slots for e in (s.start, s.end)), len(text)]
    frozen = list(zip(edges[::2], edges[1::2], strict=True))
    for command in commands(text):
        own = (text[max(a, command.start) : min(b, command.end)] for a, b in frozen)
        if any(re.search(r"\b(?:sorry|admit)\b", piece) for piece in own):
            yield f"sorry in {command.full_name or 'the file'}"
        if command.keyword == "axiom":
            yield f"axiom {command.full_name}"


def _defects(name: str, language: Language, text: str) -> Iterator[str]:
    known = _DEFECTS.get((name, language))
    if known is not None:
        yield known
    if language == "lean":
        if "@start precond" not in text:
            yield "the precondition is not marked"
        if re.search(r"decreasing_by\s+(?:all_goals\s+)?sorry", text):
            yield "termination of a definition of the specification is not proved"


BENCHMARK: Benchmark = AlgoVeri("algoveri", UPSTREAM, RULE, COUNTING)
