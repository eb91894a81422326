"""Discovery with programs that only claim to be Lean."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lean_project.bundled import BundledLean
from lean_project.toolchain import Kind, LeanInstallation, discover, project_root, worker_script
from sandbox.missing import Missing

HELP = "Miscellaneous\\n  -h, --help   display\\n      --json   report\\n  -o, --o=oname  create\\n  -D name=value  set"


def script(file: Path, body: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def lean(file: Path, version: str = "4.18.0", prefix: Path | None = None) -> Path:
    """Something that answers the questions of discovery as a Lean would."""
    return script(
        file,
        "case $1 in\n"
        f"--version) echo 'Lean (version {version}, x86_64-unknown-linux-gnu, commit abc, Release)';;\n"
        f"--help) printf '{HELP}\\n';;\n"
        f"--print-prefix) {'exit 1' if prefix is None else f'echo {prefix}'};;\n"
        "esac",
    )


def lake(file: Path) -> Path:
    return script(file, 'shift; LEAN_PATH="$PWD/.lake/lib" LAKE_HOME=/lake exec "$@"')


def no_lean() -> Missing:
    return Missing("Lean 4", "get it")


def found(result: LeanInstallation | Missing) -> LeanInstallation:
    assert isinstance(result, LeanInstallation), str(result)
    return result


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bin"


def env(path: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.pathsep.join([str(path), "/usr/bin", "/bin"]), **more}


def test_lean_on_the_path(path: Path) -> None:
    installation = found(discover(env=env(lean(path / "lean").parent), bundled=no_lean))
    assert (installation.kind, installation.version) == (Kind.STOCK, "4.18.0")
    assert installation.argv == (str(path / "lean"),)
    assert {"--json", "--help"} <= installation.flags
    assert installation.warnings == () and installation.core is None and installation.project is None
    assert "LEAN_WORKER_PATH" not in installation.env


def test_the_program_behind_the_shim_of_elan(path: Path, tmp_path: Path) -> None:
    real = lean(tmp_path / "toolchain" / "bin" / "lean", "4.20.1")
    lean(path / "lean", "4.20.1", prefix=tmp_path / "toolchain")
    assert found(discover(env=env(path), bundled=no_lean)).argv == (str(real),)


def test_prover_lean_comes_first(path: Path, tmp_path: Path) -> None:
    lean(path / "lean", "4.20.0")
    chosen = lean(tmp_path / "mine" / "lean", "4.21.0-rc2")
    installation = found(discover(env=env(path, PROVER_LEAN=str(chosen)), bundled=no_lean))
    assert installation.version == "4.21.0-rc2" and installation.argv == (str(chosen),)


@pytest.mark.parametrize("body", ["exit 1", "echo hello", "echo 'Lean (version 3.51.1, commit x, Release)'"])
def test_a_prover_lean_that_does_not_run_is_not_replaced(path: Path, tmp_path: Path, body: str) -> None:
    lean(path / "lean")
    chosen = script(tmp_path / "mine" / "lean", body)
    missing = discover(env=env(path, PROVER_LEAN=str(chosen)), bundled=no_lean)
    assert isinstance(missing, Missing) and str(chosen) in missing.what
    gone = discover(env=env(path, PROVER_LEAN=str(tmp_path / "no")), bundled=no_lean)
    assert isinstance(gone, Missing)


def test_an_old_one_is_told(path: Path) -> None:
    lean(path / "lean", "4.9.0")
    assert "older" in found(discover(env=env(path), bundled=no_lean)).warnings[0]


def test_inside_a_lake_project(path: Path, tmp_path: Path) -> None:
    lean(path / "lean")
    lake(path / "lake")
    root = tmp_path / "project"
    file = root / "Deep" / "A.lean"
    file.parent.mkdir(parents=True)
    (root / "lakefile.toml").touch()
    assert project_root(file) == root
    installation = found(discover(file, env=env(path), bundled=no_lean))
    assert (installation.kind, installation.project) == (Kind.LAKE, root)
    assert installation.env == {"LEAN_PATH": f"{root}/.lake/lib", "LAKE_HOME": "/lake"}
    assert installation.environment()["LEAN_PATH"] == f"{root}/.lake/lib"


def test_a_lake_project_that_does_not_open(path: Path, tmp_path: Path) -> None:
    lean(path / "lean")
    (tmp_path / "lakefile.lean").touch()
    missing = discover(tmp_path / "A.lean", env=env(path), bundled=no_lean)
    assert isinstance(missing, Missing) and "lake" in missing.what
    script(path / "lake", "echo 'error: no such dependency' >&2; exit 1")
    missing = discover(tmp_path / "A.lean", env=env(path), bundled=no_lean)
    assert isinstance(missing, Missing) and "no such dependency" in missing.what


def test_the_bundled_one(path: Path, tmp_path: Path) -> None:
    launcher = tmp_path / "launcher.py"
    launcher.write_text(
        "import sys\nprint('Lean (version 4.35.0, x, commit y, Release)' if '--version' in sys.argv else '--json')\n",
        encoding="utf-8",
    )
    parts = BundledLean(launcher, tmp_path / "core")
    installation = found(discover(env=env(path), bundled=lambda: parts))
    assert (installation.kind, installation.core) == (Kind.BUNDLED, tmp_path / "core")
    assert installation.env["LEAN_PATH"] == str(tmp_path / "core")
    assert os.access(installation.env["LEAN_WORKER_PATH"], os.X_OK)
    assert "not of stock Lean" in installation.warnings[-1]

    script(path / "lean", "echo 'error: no default toolchain configured' >&2; exit 1")
    instead = found(discover(env=env(path), bundled=lambda: parts))
    assert instead.kind is Kind.BUNDLED and "no default toolchain" in instead.warnings[0]


def test_nothing_at_all(path: Path) -> None:
    assert discover(env=env(path), bundled=no_lean) == no_lean()


def test_the_worker_script_passes_its_arguments_on(tmp_path: Path) -> None:
    from subprocess import run

    echo = tmp_path / "e c'ho.py"
    echo.write_text("import sys\nprint(sys.argv[1:])\n", encoding="utf-8")
    command = worker_script((sys.executable, str(echo)))
    done = run([command, "--worker", "a b"], capture_output=True, text=True, check=True)
    assert done.stdout == "['--worker', 'a b']\n"
