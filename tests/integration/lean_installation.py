"""Which Lean the integration tests drive."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path

import pytest

from lean_project.bundled import BundledLean, bundled_lean
from lean_project.missing import Missing
from lean_project.toolchain import LeanInstallation, discover

PROTOTYPE = "LEMMATREE_LEAN_PROTOTYPE"
"""Environment variable: a folder with `build.sh OUT` and `lean_launcher.py`, used while the package has no core."""


def lean_installation(folder: Path) -> LeanInstallation:
    """The Lean of this machine, with the bundled core compiled into `folder` where it is the prototype. Skips the
    tests where there is no Lean at all."""
    found = discover(bundled=bundled_lean if _has_core() else lambda: _prototype(folder))
    if isinstance(found, Missing):
        pytest.skip(str(found))
    return found


def _has_core() -> bool:
    # The real place: once lean_project/core is there, the prototype is not looked at any more.
    return importlib.util.find_spec("lean_project.core") is not None


def _prototype(folder: Path) -> BundledLean | Missing:
    given = os.environ.get(PROTOTYPE)
    if not given:
        return Missing("Lean 4", f"set {PROTOTYPE} or install Lean")
    core = folder / "core"
    subprocess.run(["sh", str(Path(given) / "build.sh"), str(core)], check=True, timeout=600)
    return BundledLean(Path(given) / "lean_launcher.py", core)
