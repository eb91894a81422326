"""The files that an original includes: frozen with it, read once, hashed, and looked through for cheats."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from dafny_env.driver.includes import identity
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.tokens import decode
from dafny_env.syntax.walk import walk

MAX_FILES = 200
MAX_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Included:
    """One included file as it was read. shown: its path as seen from the original's folder, for people."""

    path: Path
    shown: str
    sha256: str
    program: ast.Program = field(repr=False)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All files reached by `include`. missing: those that could not be read, as written, with the reason."""

    files: tuple[Included, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def programs(self) -> tuple[ast.Program, ...]:
        """The parsed files."""
        return tuple(f.program for f in self.files)

    def unchanged(self) -> bool:
        """Whether every file on disk is still what was read."""
        return all(_digest(f.path) == f.sha256 for f in self.files)


def read_surroundings(program: ast.Program, folder: Path | None) -> Surroundings:
    """Read everything that a program includes, transitively. Without a folder only absolute paths are found."""
    files: dict[str, Included] = {}
    missing: dict[str, None] = {}
    waiting = [(program, folder)]
    while waiting:
        current, base = waiting.pop()
        for written in included_paths(current):
            if "\\" in written:
                missing[f"{written}: write the path without `\\`"] = None
                continue
            if base is None and not written.startswith("/"):
                missing[f"{written}: the file has no folder to look it up in"] = None
                continue
            path = Path(written) if base is None else base / written
            key = identity(path)
            if key in files:
                continue
            read = _read(path, written, folder)
            if isinstance(read, str):
                missing[f"{written}: {read}"] = None
            elif len(files) >= MAX_FILES:
                return Surroundings(tuple(files.values()), (f"more than {MAX_FILES} included files",))
            else:
                files[key] = read
                waiting.append((read.program, path.parent))
    return Surroundings(tuple(files.values()), tuple(missing))


def included_paths(program: ast.Program) -> tuple[str, ...]:
    """The paths of a program's own include directives, as written."""
    return tuple(
        # Versions differ in whether they read escapes: what has one keeps it, and is refused.
        decode(literal) if literal.startswith("@") else literal[1:-1]
        for d in walk(program)
        if isinstance(d, ast.Import) and d.kind == "include" and '"' in d.text
        for literal in [d.text[d.text.index('"') - ('@"' in d.text) :]]
    )


def _read(path: Path, written: str, folder: Path | None) -> Included | str:
    try:
        if path.stat().st_size > MAX_BYTES:
            return f"larger than {MAX_BYTES:,} bytes"
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or str(error)
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        return "not UTF-8 text"
    shown = str(path.relative_to(folder)) if folder is not None and path.is_relative_to(folder) else written
    return Included(path, shown, hashlib.sha256(data).hexdigest(), parse(text))


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
