"""Compiling a folder of Lean modules with the `lean` command, in the order of their imports."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from lean_project import launcher
from sandbox.limits import Ended, Limits
from sandbox.process import run

_IMPORT = re.compile(r"^\s*(?:public\s+)?import\s+(\S+)", re.M)
_LIMITS = Limits(seconds=600.0, nice=0)


class CoreError(RuntimeError):
    """The core library cannot be built; the message says why, with file and line where Lean told them."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error that Lean reported: where (line from 1, column from 0), and what."""

    file: str
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.text}"


def in_order(sources: Mapping[str, str]) -> list[str]:
    """The modules of `sources` (module name -> text), each after those that it imports. Raises `CoreError` on a
    cycle."""
    graph = {
        module: [found for found in _IMPORT.findall(text) if found in sources]
        for module, text in sorted(sources.items())
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise CoreError(f"these modules import each other: {' '.join(error.args[1])}") from None


def modules_in(folder: Path) -> dict[str, str]:
    """The Lean sources below `folder`: module name -> text."""
    return {
        ".".join(file.relative_to(folder).with_suffix("").parts): file.read_text(encoding="utf-8")
        for file in sorted(folder.rglob("*.lean"))
    }


def compile_module(module: str, sources: Path, output: Path) -> list[Diagnostic]:
    """Compile one module of `sources` into `output`, where those that it imports are; the errors, `sorry` among them.

    Raises `CoreError` where Lean did not end by itself, or failed without saying where.
    """
    parts = module.split(".")
    source = sources.joinpath(*parts).with_suffix(".lean")
    target = output.joinpath(*parts).with_suffix(".olean")
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-I", str(Path(launcher.__file__).resolve())]
    done = run(
        [*command, "--json", "-R", str(sources), "-o", str(target), str(source)],
        limits=_LIMITS,
        env={**os.environ, "LEAN_PATH": str(output)},
    )
    errors = list(_errors(done.stdout, str(source.relative_to(sources))))
    if done.ended is not Ended.EXITED or (done.returncode != 0 and not errors):
        raise CoreError(f"{module}: {done}")
    return errors


def _errors(output: str, file: str) -> Iterator[Diagnostic]:
    for line in output.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict) and (message.get("severity") == "error" or message.get("kind") == "hasSorry"):
            yield Diagnostic(file, message["pos"]["line"], message["pos"]["column"], str(message["data"]))
