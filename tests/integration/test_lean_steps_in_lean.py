"""Where a step's text comes to stand, as the real Lean reads it; and where what Lean runs may write."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from lean_installation import lean_installation

from lean_project.driver.command import CommandVerifier
from lean_project.steps import LeanStep, place, unit_of
from lean_project.syntax.holes import sorries
from lean_project.toolchain import LeanInstallation
from sandbox.limits import Limits
from sandbox.process import run, write_confinement_available

pytestmark = pytest.mark.integration

STATEMENT = "theorem t (a b c : Nat) (h : a = b) (k : b = c) : a = c := "
CALCULATIONS = [
    "by\n  calc a = b := {}\n    _ = c := {}\n",
    "\n  calc a = b := {}\n    _ = c := {}\n",
    "\n  calc\n    a = b := {}\n    _ = c := {}\n",
]


@pytest.fixture(scope="module")
def lean() -> LeanInstallation:
    return lean_installation()


@pytest.mark.parametrize("calculation", CALCULATIONS)
@pytest.mark.parametrize(
    ("first", "second", "fact"), [("sorry", "k", "h"), ("by sorry", "k", "h"), ("h", "sorry", "k")]
)
def test_the_steps_of_a_calculation(
    lean: LeanInstallation, calculation: str, first: str, second: str, fact: str
) -> None:
    text = STATEMENT + calculation.format(first, second)
    hole = sorries(text)[0]
    step = LeanStep(f"have it := {fact}\nexact it")
    filled = place(text, hole.start, unit_of(text, hole.start)[0], step).text
    found = asyncio.run(CommandVerifier(lean).check(filled, seconds=120))
    assert found.complete, (filled, found.diagnostics)


def test_lean_writes_where_it_is_told_to_and_nowhere_else(lean: LeanInstallation, tmp_path: Path) -> None:
    if not write_confinement_available():
        pytest.skip("this kernel has no Landlock")
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    file = tmp_path / "T.lean"
    file.write_text("theorem t : True := trivial\n")
    limits = Limits(seconds=120, writable=(inside,))
    for folder, written in ((inside, True), (outside, False)):
        argv = (*lean.argv, "-R", str(tmp_path), "-o", str(folder / "T.olean"), str(file))
        done = run(argv, limits=limits, cwd=inside, env=lean.environment())
        assert (folder / "T.olean").exists() is written, str(done)
        assert (done.returncode == 0) is written


def test_a_program_in_the_place_of_lean_cannot_write_elsewhere(lean: LeanInstallation, tmp_path: Path) -> None:
    """What elaboration runs has the rights of this process: it may write beside its source and its module."""
    if not write_confinement_available():
        pytest.skip("this kernel has no Landlock")
    script = tmp_path / "lean"
    script.write_text(f"#!/bin/sh\necho x > here\necho x > {tmp_path}/there\nls here {tmp_path} >&2\nexit 1\n")
    script.chmod(0o755)
    fake = replace(lean, argv=(str(script),))
    found = asyncio.run(CommandVerifier(fake).check("", seconds=60))
    assert "here" in found.output
    assert not (tmp_path / "there").exists()
