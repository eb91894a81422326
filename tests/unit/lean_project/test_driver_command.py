"""What a run of the command line is taken for, and how it is asked."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from lean_project.driver.command import CommandVerifier, judge
from lean_project.driver.types import LeanResult, Outcome, Place, Rule
from lean_project.toolchain import Kind, LeanInstallation
from sandbox.limits import Completed, Ended, Limits


def message(severity: str, data: str, line: int = 1) -> str:
    return json.dumps({"severity": severity, "data": data, "pos": {"line": line, "column": 0}}) + "\n"


def judged(stdout: str, returncode: int = 0, ended: Ended = Ended.EXITED, *, written: bool = True) -> LeanResult:
    done = Completed(("lean",), 1, ended, returncode, stdout, "", 1.0)
    return judge(done, written=written, json_lines=True, file_name="X.lean")


def test_accepted_only_when_everything_agrees() -> None:
    assert judged("").complete
    assert judged(message("warning", "declaration uses 'sorry'")).accepted
    assert not judged(message("warning", "declaration uses 'sorry'")).complete
    assert judged("", written=False).outcome is Outcome.UNKNOWN
    assert judged("", 1).outcome is Outcome.UNKNOWN
    assert judged(message("error", "x"), 0).outcome is Outcome.ERRORS
    assert judged(message("error", "x"), 1, written=False).outcome is Outcome.ERRORS
    assert judged(message("warning", "using 'exit' to interrupt Lean")).outcome is Outcome.UNKNOWN
    assert judged(message("error", "unknown module prefix 'A'"), 1).outcome is Outcome.MISSING_IMPORT


@pytest.mark.parametrize("returncode", [-11, -9, 134, 139, 3])
def test_crashes(returncode: int) -> None:
    assert judged(message("error", "x"), returncode).outcome is Outcome.CRASHED


@pytest.mark.parametrize(
    ("ended", "outcome"),
    [
        (Ended.TIMEOUT, Outcome.TIMEOUT),
        (Ended.MEMORY, Outcome.MEMORY),
        (Ended.OUTPUT, Outcome.CRASHED),
        (Ended.NOT_STARTED, Outcome.CRASHED),
        (Ended.CANCELLED, Outcome.UNKNOWN),
    ],
)
def test_limits(ended: Ended, outcome: Outcome) -> None:
    assert judged("", 0, ended).outcome is outcome


def test_the_exit_status_is_told_of_a_process_that_ended_by_itself() -> None:
    assert [judged("", status, written=False).status for status in (0, 1, 134)] == [0, 1, 134]
    assert judged("", 0, Ended.TIMEOUT).status is None


def test_messages_are_in_the_order_of_the_text_and_other_lines_are_passed_over() -> None:
    result = judged("{not json\n" + message("error", "b", 7) + "hello\n" + message("error", "a", 3), 1)
    assert [d.place for d in result.diagnostics] == [Place(7 - 4, 0), Place(7, 0)]
    assert "hello" in result.output


def fake(tmp_path: Path, body: str, *flags: str) -> LeanInstallation:
    program = tmp_path / "lean"
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)
    return LeanInstallation((str(program),), "4.0.0", Kind.STOCK, flags=frozenset(flags))


def test_how_it_is_asked(tmp_path: Path) -> None:
    log = tmp_path / "log"
    lean = fake(tmp_path, f'echo "$LEAN_PATH" "$@" >{log}; while [ "$1" != -o ]; do shift; done; : >"$2"', "--json")
    verifier = CommandVerifier(lean, heartbeats=400, limits=Limits(writable=(tmp_path,)))
    compiled = asyncio.run(verifier.compile("x", "A.B", tmp_path / "out" / "B.olean", [tmp_path], seconds=60))
    assert compiled.olean == tmp_path / "out" / "B.olean" and compiled.result.complete
    said = log.read_text().split()
    assert said[0].split(":")[0] == str(tmp_path)
    assert said[1:3] == ["--json", "-DmaxHeartbeats=400"]
    assert said[-1].endswith("/source/A/B.lean")


def test_a_version_without_json(tmp_path: Path) -> None:
    body = "for file; do :; done; echo \"$file:2:4: error: unknown identifier 'a'\"; exit 1"
    result = asyncio.run(CommandVerifier(fake(tmp_path, body)).check("x", seconds=60))
    assert result.outcome is Outcome.ERRORS
    assert [(d.rule, d.place) for d in result.errors] == [(Rule.UNKNOWN_NAME, Place(2, 4))]


def test_a_module_name_is_no_path(tmp_path: Path) -> None:
    for name in ("", "../x", "a/b", "A..B", "-o"):
        with pytest.raises(ValueError, match="module name"):
            asyncio.run(CommandVerifier(fake(tmp_path, "")).compile("", name, tmp_path / "x", seconds=1))
