"""Builds the core library, once: `python -m lean_project.core.build [DEST]`.

The result is a folder of compiled modules for LEAN_PATH. Its default place carries a hash of everything that it is made
from, so an old one is never taken for the present one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from lean_project import launcher
from lean_project.core.compiling import CoreError, Diagnostic, compile_module, in_order, modules_in
from lean_project.core.generate import UNEXPANDERS_MODULE, module_file
from sandbox.limits import Limits
from sandbox.process import run

_SOURCES = Path(__file__).with_name("src")
_ABSENT = ("Unknown constant", "Unknown identifier", "unknown constant", "unknown identifier")


def key() -> str:
    """A hash of the sources, of the modules that generate the rest, and of the library's version, in 16 hex digits.

    Raises `CoreError` where the library is not installed.
    """
    version = launcher.library_version()
    if version is None or launcher.shared_library() is None:
        raise CoreError(launcher.MISSING)
    parts = {str(file.relative_to(_SOURCES)): file.read_bytes() for file in sorted(_SOURCES.rglob("*.lean"))}
    parts |= {file.name: file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py"))}
    return key_of(version, parts)


def key_of(version: str, parts: dict[str, bytes]) -> str:
    """The hash of a version and of named contents; their order does not matter, where one ends and another begins
    does."""
    total = hashlib.sha256(version.encode())
    for name, content in sorted(parts.items()):
        total.update(hashlib.sha256(name.encode()).digest())
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()[:16]


def default_location() -> Path:
    """Where the core for the present sources and library belongs: in the virtual environment, or in the user's cache
    folder where that cannot be written. It need not be there yet. Raises as `key`."""
    name = f"lean-core-{key()}"
    home = Path(sys.prefix) / "share" / "lemmatree"
    if (home / name).is_dir() or _writable(home):
        return home / name
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "lemmatree" / name


def _writable(folder: Path) -> bool:
    while not folder.exists():
        folder = folder.parent
    return os.access(folder, os.W_OK)


def build(destination: Path | None = None) -> Path:
    """Compile the core into `destination` (`default_location()` if None) unless it is there, and return the folder.

    All or nothing: it is made beside its place and renamed, so builds at the same time do no harm. Takes some ten
    seconds. Raises `CoreError` with Lean's errors, and `OSError` where the folder cannot be written.
    """
    place = default_location() if destination is None else destination.absolute()
    if (place / "Init.olean").is_file():
        return place
    if launcher.shared_library() is None:
        raise CoreError(launcher.MISSING)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{place.name}-") as folder:
        sources, compiled = Path(folder, "src"), Path(folder, "compiled")
        shutil.copytree(_SOURCES, sources)
        _generate(sources)
        compiled.mkdir()
        for module in in_order(modules_in(sources)):
            _compile(module, sources, compiled)
        _put(compiled, place)
    return place


def _generate(sources: Path) -> None:
    command = [sys.executable, "-m", "lean_project.core.generate", str(sources)]
    # The project may be used from a checkout that is not installed.
    search = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", ""))))
    done = run(command, limits=Limits(seconds=300.0, nice=0), env={**os.environ, "PYTHONPATH": search})
    if done.returncode != 0:
        raise CoreError(f"the native grammar could not be read: {done}")


def _compile(module: str, sources: Path, compiled: Path) -> None:
    errors = compile_module(module, sources, compiled)
    if errors and module == UNEXPANDERS_MODULE and all(error.text.startswith(_ABSENT) for error in errors):
        # The library prints applications of constants that this core does not have: those rules are left out.
        _without_lines(sources / module_file(module), {error.line for error in errors})
        errors = compile_module(module, sources, compiled)
    if errors:
        raise CoreError(_told(errors))


def _without_lines(file: Path, lines: set[int]) -> None:
    kept = [
        text for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(True), 1) if number not in lines
    ]
    file.write_text("".join(kept), encoding="utf-8")


def _told(errors: list[Diagnostic], most: int = 20) -> str:
    more = [f"... and {len(errors) - most} more"] if len(errors) > most else []
    return "\n".join([*map(str, errors[:most]), *more])


def _put(compiled: Path, place: Path) -> None:
    try:
        compiled.rename(place)
    except OSError:
        # Another build was faster, or an empty folder is in the way.
        if not (place / "Init.olean").is_file():
            shutil.copytree(compiled, place, dirs_exist_ok=True)


def main() -> int:
    """The command: builds, says where and how long it took; 1 on an error, 3 where the library is missing."""
    began = time.monotonic()
    try:
        place = build(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    except CoreError as error:
        print(error, file=sys.stderr)
        return launcher.EXIT_MISSING if str(error) == launcher.MISSING else 1
    size = sum(file.stat().st_size for file in place.rglob("*.olean"))
    print(f"{place}: {size / 1e6:.1f} MB, {time.monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
