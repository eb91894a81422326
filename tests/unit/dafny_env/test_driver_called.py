"""Dafny called with somebody else's arguments: they come first, the text is all there is, and nothing is read."""

import asyncio
import sys
from pathlib import Path

import pytest

from dafny_env.driver.called import CALLED_FILE, call_dafny
from dafny_env.driver.discovery import Installation, Solver
from dafny_env.driver.types import VerifierInfo
from sandbox.limits import Completed, Ended

TELLS = """
import pathlib, sys
file = next(pathlib.Path(a) for a in sys.argv[1:] if a.endswith(".dfy"))
print([pathlib.Path(a).name if a == str(file) else a for a in sys.argv[1:]])
print(sorted(p.name for p in file.parent.iterdir()), file.parent == pathlib.Path.cwd())
print(file.read_text(), file=sys.stderr)
sys.exit(7)
"""


def called(major: int, script: str = TELLS, seconds: float = 60.0) -> Completed:
    command = (sys.executable, "-c", script)
    found = Installation(VerifierInfo("9.9", major, "z3", command), None, Solver(Path("/z3"), "4.8.5"))
    return asyncio.run(call_dafny(found, ("/compile:0", "/other"), "method é() { }", seconds=seconds))


@pytest.mark.parametrize(("major", "solving"), [(2, ["/z3exe:/z3"]), (4, [])])
def test_arguments_stand_in_front_of_a_file_that_is_alone_in_its_folder(major: int, solving: list[str]) -> None:
    done = called(major)
    told, there = done.stdout.splitlines()
    assert told == str(["/compile:0", "/other", CALLED_FILE, *solving])
    assert there == f"{[CALLED_FILE]} True"
    assert done.stderr.strip() == "method é() { }"
    assert (done.ended, done.returncode) == (Ended.EXITED, 7)


def test_the_bound_is_on_the_whole_run() -> None:
    done = called(4, "import time; time.sleep(600)", 0.5)
    assert done.ended is Ended.TIMEOUT
