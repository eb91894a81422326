"""Changes of a text told as search and replace, or as a unified diff, and the text with them made.

```
<<<<<<< SEARCH
  while i < n
=======
  while i < n
    invariant i <= n
>>>>>>> REPLACE
```

What is searched for must stand in the text exactly once: as it is written, or else line by line with other white space
around the lines. Line numbers of diffs are not looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prover.answers.reading import NotAnEdit

_SEARCH = re.compile(r"<{5,9} ?SEARCH\b.*", re.IGNORECASE)
_MIDDLE = re.compile(r"={5,9}\s*")
_REPLACE = re.compile(r">{5,9} ?REPLACE\b.*", re.IGNORECASE)
_HUNK = re.compile(r"@@.*")
MOST_PATCHES = 64


@dataclass(frozen=True, slots=True)
class Patch:
    """Lines to be found and what stands for them."""

    search: tuple[str, ...]
    replace: tuple[str, ...]


def is_patch(text: str, tag: str = "") -> bool:
    """Whether a piece of text is meant as changes."""
    lines = text.split("\n")
    if any(_SEARCH.fullmatch(line.strip()) for line in lines):
        return True
    diff = tag in ("diff", "patch") or any(line.startswith("@@ ") for line in lines)
    return diff and any(line.startswith(("+", "-")) for line in lines)


def read_patches(text: str) -> tuple[Patch, ...] | NotAnEdit:
    """The changes that a piece of text tells, in order."""
    lines = text.split("\n")
    marked = any(_SEARCH.fullmatch(line.strip()) for line in lines)
    found = _marked(lines) if marked else _hunks(lines)
    if isinstance(found, NotAnEdit):
        return found
    if len(found) > MOST_PATCHES:
        return NotAnEdit(f"more than {MOST_PATCHES} changes", "too-long")
    return found


def _marked(lines: Sequence[str]) -> tuple[Patch, ...] | NotAnEdit:
    found: list[Patch] = []
    search: list[str] | None = None
    put: list[str] | None = None
    for nth, line in enumerate(lines, 1):
        if _SEARCH.fullmatch(line.strip()):
            if search is not None:
                return NotAnEdit("a SEARCH in a SEARCH: end the first with REPLACE", "patch", nth)
            search, put = [], None
        elif search is not None and put is None and _MIDDLE.fullmatch(line):
            put = []
        elif search is not None and put is not None and _REPLACE.fullmatch(line.strip()):
            found.append(Patch(tuple(search), tuple(put)))
            search = put = None
        elif put is not None:
            put.append(line)
        elif search is not None:
            search.append(line)
    if search is not None:
        return NotAnEdit("a SEARCH without its REPLACE: the answer is cut off", "cut-off")
    return tuple(found)


def _hunks(lines: Sequence[str]) -> tuple[Patch, ...] | NotAnEdit:
    found: list[Patch] = []
    for hunk in _split(lines):
        while hunk and not hunk[0].strip():
            hunk = hunk[1:]
        while hunk and not hunk[-1].strip():
            hunk = hunk[:-1]
        if not any(line.startswith(("+", "-")) for line in hunk):
            continue
        if all(line.startswith("+") for line in hunk):
            return NotAnEdit("a change that does not say where: put a line of the file before it", "patch")
        found.append(
            Patch(
                tuple(line[1:] for line in hunk if not line.startswith("+")),
                tuple(line[1:] for line in hunk if not line.startswith("-")),
            )
        )
    return tuple(found)


def _split(lines: Sequence[str]) -> Iterator[list[str]]:
    hunk: list[str] = []
    skip = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if skip:
            skip = False
        elif line.startswith("--- ") and following.startswith("+++ "):  # a comment of Lean looks like the first alone
            skip = True
        elif _HUNK.fullmatch(line):
            yield hunk
            hunk = []
        elif not line.startswith(("diff ", "index ", "\\ No newline")):
            hunk.append(line)
    yield hunk


def patched(text: str, patches: Sequence[Patch]) -> str | NotAnEdit:
    """The text with the changes made, one after another."""
    for patch in patches:
        made = _made(text, patch)
        if isinstance(made, NotAnEdit):
            return made
        text = made
    return text


def _made(text: str, patch: Patch) -> str | NotAnEdit:
    search, put = "\n".join(patch.search), "\n".join(patch.replace)
    if not search.strip():
        return NotAnEdit("an empty SEARCH says nothing of where: copy a line of the file", "patch")
    exact = text.count(search)
    if exact == 1:
        at = text.index(search)
        return text[:at] + put + text[at + len(search) :]
    lines = text.split("\n")
    wanted = [line.strip() for line in patch.search]
    while wanted and not wanted[0]:
        wanted = wanted[1:]
    while wanted and not wanted[-1]:
        wanted = wanted[:-1]
    stripped = [line.strip() for line in lines]
    places = [k for k, line in enumerate(stripped) if line == wanted[0] and stripped[k : k + len(wanted)] == wanted]
    if len(places) != 1:
        shown = wanted[0] if len(wanted[0]) <= 60 else wanted[0][:57] + "..."
        times = max(exact, len(places))
        why = f"stands in the file {times} times: copy more lines" if times else "does not stand in the file"
        return NotAnEdit(f"what is searched for (`{shown}`) {why}", "patch")
    at = places[0]
    first = next(line for line in patch.search if line.strip())
    shift = _indentation(lines[at]) - _indentation(first)
    return "\n".join([*lines[:at], *(_moved(line, shift) for line in patch.replace), *lines[at + len(wanted) :]])


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _moved(line: str, shift: int) -> str:
    if shift >= 0 or not line.strip():
        return " " * shift + line if line.strip() else line
    return line[min(-shift, _indentation(line)) :]
