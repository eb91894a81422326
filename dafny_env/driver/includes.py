"""`include` directives: finding them, their transitive closure, and making them absolute."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

# Comments, strings and characters are skipped whole, so that an `include` inside one is none. Block comments nest.
_TOKEN = re.compile(
    r"//[^\n]*|/\*|@\"(?:[^\"]|\"\")*\"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\[^\n]{1,8}?)'|[A-Za-z_][\w'?]*|\s+|.",
    re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Include:
    """One directive: the path as written, and the half-open character range of its string literal, quotes
    included."""

    path: str
    start: int
    end: int


def find_includes(source: str) -> tuple[Include, ...]:
    """The include directives of a source text, in order. Never raises."""
    found: list[Include] = []
    position, after_keyword = 0, False
    while position < len(source):
        match = _TOKEN.match(source, position)
        assert match is not None  # the last alternative matches any character
        token = match.group()
        position = match.end()
        if token == "/*":
            position = _end_of_comment(source, position)
        elif token.isspace() or token.startswith("//"):
            pass
        elif after_keyword and token.endswith('"') and len(token) > 1:
            written = token[2:-1].replace('""', '"') if token.startswith("@") else token[1:-1]
            found.append(Include(written, match.start(), match.end()))
            after_keyword = False
        else:
            after_keyword = token == "include"
    return tuple(found)


def _end_of_comment(source: str, position: int) -> int:
    depth = 1
    for edge in _COMMENT_EDGE.finditer(source, position):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(source)


def absolute_includes(source: str, folder: Path) -> str:
    """The same text with relative include paths made absolute under `folder`. Lines stay as they are; only columns
    behind an include on its own line change."""
    for include in reversed(find_includes(source)):
        if not include.path.startswith("/"):
            target = str(folder.absolute() / include.path).replace('"', '""')
            source = f'{source[: include.start]}@"{target}"{source[include.end :]}'
    return source


def identity(path: Path) -> str:
    """What all ways of writing one file's path have in common: files include each other by `..`, too."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return str(path.absolute())


def included_files(source: str, folder: Path | None) -> dict[Path, str | None]:
    """Every file reached by `include`, transitively, with the SHA-256 of its bytes (None where it can't be read).
    Without a folder relative includes are reached from nowhere and left out."""
    reached: dict[Path, str | None] = {}
    seen: set[str] = set()
    waiting: list[tuple[str, Path | None]] = [(source, folder)]
    while waiting:
        text, base = waiting.pop()
        for include in find_includes(text):
            if not include.path.startswith("/") and base is None:
                continue
            path = Path(include.path) if base is None else base.absolute() / include.path
            if (same := identity(path)) in seen:
                continue
            seen.add(same)
            try:
                content = path.read_bytes()
            except (OSError, ValueError):
                reached[path] = None
                continue
            reached[path] = hashlib.sha256(content).hexdigest()
            waiting.append((content.decode("utf-8", "replace"), path.parent))
    return reached
