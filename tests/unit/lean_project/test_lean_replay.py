"""Finding and running what takes modules through the kernel again, with programs that only claim to."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from lean_project.replay import Replayer, find_replayer, replay
from lean_project.toolchain import Kind, LeanInstallation
from sandbox.limits import Limits
from sandbox.missing import Missing


def script(file: Path, body: str = "exit 0") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def stock(folder: Path, project: Path | None = None) -> LeanInstallation:
    lean = script(folder / "bin" / "lean")
    return LeanInstallation((str(lean),), "4.30.0", Kind.LAKE if project else Kind.STOCK, project=project)


def bundled() -> LeanInstallation:
    return LeanInstallation(("python3", "launcher.py"), "4.35.0", Kind.BUNDLED, {"LEAN_PATH": "/core"})


def program(found: Replayer | Missing) -> Path:
    assert isinstance(found, Replayer), str(found)
    return found.program


def test_the_one_that_was_chosen_comes_first(tmp_path: Path) -> None:
    beside = script(tmp_path / "bin" / "leanchecker")
    assert program(find_replayer(stock(tmp_path), {"PATH": ""})) == beside
    mine = script(tmp_path / "mine")
    assert program(find_replayer(stock(tmp_path), {"PROVER_LEANCHECKER": str(mine)})) == mine
    assert program(find_replayer(bundled(), {"PROVER_LEANCHECKER": str(mine)})) == mine


def test_one_that_was_chosen_and_is_not_there_is_not_replaced(tmp_path: Path) -> None:
    script(tmp_path / "bin" / "leanchecker")
    found = find_replayer(stock(tmp_path), {"PROVER_LEANCHECKER": str(tmp_path / "no")})
    assert isinstance(found, Missing) and "no" in found.what


@pytest.mark.parametrize(
    "place", [".lake/packages/lean4checker/.lake/build/bin/lean4checker", ".lake/build/bin/lean4checker"]
)
def test_the_one_that_the_lake_project_has_built(tmp_path: Path, place: str) -> None:
    built = script(tmp_path / "project" / place)
    on_path = script(tmp_path / "path" / "lean4checker")
    env = {"PATH": str(on_path.parent)}
    assert program(find_replayer(stock(tmp_path, tmp_path / "project"), env)) == built
    assert program(find_replayer(stock(tmp_path), env)) == on_path


def test_the_bundled_lean_has_none(tmp_path: Path) -> None:
    script(tmp_path / "leanchecker")
    found = find_replayer(bundled(), {"PATH": str(tmp_path)})
    assert isinstance(found, Missing) and "leanchecker" in found.how_to_get


def test_it_is_given_the_module_and_where_modules_are(tmp_path: Path) -> None:
    told = tmp_path / "told"
    checker = script(tmp_path / "bin" / "leanchecker", f'echo "$@ $LEAN_PATH $LEAN_SYSROOT" > {told}')
    installation = stock(tmp_path)
    logged = Limits(writable=(tmp_path,))
    done = asyncio.run(
        replay(Replayer(checker, installation), "M", [tmp_path / "a", tmp_path / "b"], seconds=30, limits=logged)
    )
    assert done.status == "ok"
    inherited = filter(None, [os.environ.get("LEAN_PATH")])
    path = ":".join([f"{tmp_path}/a", f"{tmp_path}/b", *inherited])
    assert told.read_text() == f"M {path} {tmp_path}\n"


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ("exit 0", "ok", ""),
        ("echo 'found a problem in M' >&2; exit 1", "rejected", "found a problem in M"),
        ("exit 2", "rejected", "exit status 2"),
        ("echo 'Stack overflow' >&2; exit 134", "unknown", "Stack overflow"),
        (f"kill -{int(signal.SIGSEGV)} $$", "unknown", "exit status -11"),
        ("exec sleep 60", "unknown", "timeout"),
    ],
)
def test_how_it_ends(tmp_path: Path, body: str, status: str, words: str) -> None:
    checker = script(tmp_path / "leanchecker", body)
    seconds = 0.5 if "sleep" in body else 30.0
    done = asyncio.run(replay(Replayer(checker, bundled()), "M", seconds=seconds))
    assert done.status == status, done
    assert words in done.told


def test_a_file_that_cannot_be_run_is_unknown(tmp_path: Path) -> None:
    done = asyncio.run(replay(Replayer(tmp_path / "none", bundled()), "M", seconds=5))
    assert done.status == "unknown"
