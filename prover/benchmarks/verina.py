"""Verina (sunblaze-ucb/verina): 189 Lean functions with specifications; to be written are the proof (mode `proof`), the
code (`code`) or both (`codeproof`).

Each task is a folder with `task.lean`, `task.json` (the signature), `description.txt` and `test.json`. A file that has
its proof loses it, and the file with it is the reference."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lean_project.gate.slots import AUXILIARY, Slotted, read_slots
from lean_project.syntax.commands import commands
from lean_project.syntax.tokens import code, tokenize
from prover.benchmarks.benchmark import Benchmark, Choice, Counting, DataProblem, Described, Upstream
from prover.benchmarks.posed import Known, posed, read_file, segments_of
from prover.benchmarks.task import MODES, BenchmarkTask, Mode, NotLoaded, Test
from prover.benchmarks.verina_form import Sections, Signature, read_sections, read_signature
from prover.benchmarks.verina_rule import PIN, WRITTEN, VerinaRule
from prover.inputs import Problem, source_of
from prover.vericoding.task import VericodingTask, regions_of

UPSTREAM = Upstream(
    "https://github.com/sunblaze-ucb/verina", "d12090a", "Apache-2.0", ("datasets/verina", "LICENSE"), tasks=189
)
FEW_SHOT = frozenset(["verina_basic_15", "verina_basic_44"])
"""The examples in upstream's prompts, which its runs leave out."""
COUNTING = Counting(
    187, MODES, "187 tasks, without the two whose solutions stand in its prompts as examples", left_out=("few-shot",)
)
_FOLDERS = ("", "datasets/verina", "verina", "verina/datasets/verina")
_NAME = re.compile(r"verina_(basic|advanced)_(\d+)")
_END_OF_CODE = re.compile(r"^[ \t]*-- !benchmark @end code[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


class Verina(Described):
    """All its tasks are in Lean. The usual mode is `proof`."""

    def load(self, data: Path | None, choice: Choice) -> list[BenchmarkTask | NotLoaded] | DataProblem:
        """The basic tasks, then the advanced ones, by number. data: the folder that holds the tasks' folders, or a
        clone."""
        if data is None:
            return DataProblem(
                "Verina's data is not here: get it with `prover data fetch verina`, "
                "or name a clone of its repository with --data."
            )
        if choice.language == "dafny":
            return DataProblem("Verina's tasks are in Lean; leave out --language.")
        try:
            folders = next((found for name in _FOLDERS if (found := _tasks(data / name))), [])
        except OSError as error:
            return DataProblem(f"{error.filename or data}: cannot be read: {error.strerror or error}.")
        if not folders:
            return DataProblem(f"{data}: holds no folder with task.lean; name Verina's folder with --data.")
        return [load_task(folder, choice.mode or "proof") for folder in folders]


def _tasks(folder: Path) -> list[Path]:
    found = [p for p in folder.iterdir() if (p / "task.lean").is_file()] if folder.is_dir() else []
    return sorted(found, key=_order)


def _order(folder: Path) -> tuple[int, int, str]:
    name = _NAME.fullmatch(folder.name)
    return (2, 0, folder.name) if name is None else (name[1] != "basic", int(name[2]), folder.name)


def load_task(folder: Path, mode: Mode) -> BenchmarkTask | NotLoaded:
    """One task. The text is upstream's but for what is to be written."""
    name = _NAME.fullmatch(folder.name)
    groups = tuple([name[1]] if name else []) + (("few-shot",) if folder.name in FEW_SHOT else ())

    def invalid(reason: str) -> NotLoaded:
        return NotLoaded("verina", folder.name, "lean", "invalid", reason, groups)

    file = read_file(folder / "task.lean")
    if isinstance(file, Problem):
        return invalid(file.reason)
    sections, signature, slotted = read_sections(file.text), read_signature(file.text), read_slots(file.text)
    if isinstance(sections, str) or isinstance(signature, str) or isinstance(slotted, str):
        told = next(t for t in (sections, signature, slotted) if isinstance(t, str))
        return invalid(f"task.lean is no task: {told}")
    if not {"code", "proof"} <= {s.kind for s in slotted.slots}:
        return invalid("task.lean is no task: it has no sections for code and proof")
    try:
        facts, tests = _json(folder / "task.json"), _json(folder / "test.json") if mode != "proof" else []
    except (OSError, ValueError, RecursionError) as error:
        return invalid(f"its JSON cannot be read: {getattr(error, 'strerror', None) or error}")
    if not _is_signature(facts, signature):
        return invalid("task.json has another signature than task.lean")
    try:
        guards = tuple(Test(guard(signature, test)) for test in tests)
    except (TypeError, KeyError, AttributeError) as error:
        return invalid(f"test.json has a test that is none of the function ({type(error).__name__}: {error})")
    solved = sections["proof"].strip() != "sorry" and "sorry" not in sections["proof"] + sections["proof_aux"]
    given = _stripped(slotted, mode)
    known = Known(
        informal=_words(folder),
        statement=f"{signature.name}_spec_satisfied" if mode != "code" else signature.name,
        toolchain=str(PIN),
        defects=tuple(_defects(mode, file.text, sections)),
        reference=_until_code(file.text) if mode == "code" else file.text if solved else None,
        licence=UPSTREAM.licence,
        commit=UPSTREAM.commit,
        groups=groups,
    )
    task = posed("verina", folder.name, source_of(given, "lean", folder / "task.lean"), known)
    regions = regions_of(given, "lean")
    assert not isinstance(regions, str)  # the slots of the file are its
    written = tuple(r for r in regions if r.kind in WRITTEN[mode])
    return replace(
        task,
        mode=mode,
        segments=segments_of(VericodingTask(task.id, "lean", given, written)),
        baseline=tuple(f"axiom {c.full_name}" for c in commands(given) if c.keyword == "axiom"),
        tests=guards,
    )


def guard(signature: Signature, test: Any) -> str:
    """A test as an expression that must be true, as upstream's evaluator writes it: values of JSON stand as Python
    prints them, those of `String` and `Char` in quotes and otherwise as they are. Raises TypeError, KeyError or
    AttributeError for what is no test."""
    given = [_value(type_, test["input"][name]) for name, type_ in signature.parameters]
    arguments = "".join(f" ({value})" for value in given)
    return f"{signature.name}{arguments} (by sorry) == ({_value(signature.result, test['expected'])})"


def _value(type_: str, value: Any) -> str:
    quotes = {"String": '"', "Char": "'"}.get(type_, "")
    return f"{quotes}{str(value).lower() if type_ == 'Bool' else value}{quotes}"


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _is_signature(facts: Any, signature: Signature) -> bool:
    try:
        told = facts["signature"]
        parameters = tuple((p["param_name"], p["param_type"]) for p in told["parameters"])
        return (told["name"], parameters, told["return_type"]) == (
            signature.name,
            signature.parameters,
            signature.result,
        )
    except (TypeError, KeyError, AttributeError):
        return False


def _words(folder: Path) -> str:
    try:
        return (folder / "description.txt").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _stripped(slotted: Slotted, mode: Mode) -> str:
    """The file without what is to be written; byte for byte what it was where nothing is there."""
    pieces = [slotted.frozen[0]]
    for slot, frozen in zip(slotted.slots, slotted.frozen[1:], strict=True):
        text = slotted.text[slot.start : slot.end]
        if slot.kind in WRITTEN[mode]:
            empty = "\n" if slot.kind in AUXILIARY else "  sorry\n"
            text = text if text.split() == empty.split() else empty
        pieces += (text, frozen)
    whole = "".join(pieces)
    return _until_code(whole) if mode == "code" else whole


def _until_code(text: str) -> str:
    """The part of a file that upstream's evaluator looks at for code: no specification of the result, no theorem."""
    end = _END_OF_CODE.search(text)
    return text[: end.end()] if end else text


def _defects(mode: Mode, text: str, sections: Sections) -> Iterator[str]:
    """Where the code is to be written, the specification may not need what went with the reference's code."""
    if "h_precond" not in text:
        yield "the file leaves out the precondition, which upstream's evaluator puts in"
    if mode != "codeproof":
        return
    helpers = {c.full_name for c in commands(sections["code_aux"]) if c.full_name}
    frozen = ("precond_aux", "precond", "postcond_aux", "postcond")
    used = sorted(helpers & set(_words_of(sections[name] for name in frozen)))
    if used:
        yield f"the specification uses what belongs to the reference's code: {', '.join(used)}"


def _words_of(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (token.text for token in code(tokenize(text)))


BENCHMARK: Benchmark = Verina("verina", UPSTREAM, VerinaRule(), COUNTING)
