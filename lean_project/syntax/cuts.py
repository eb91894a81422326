"""Where a file can be cut in two, so that what stands above is imported from a compiled module: the places between
commands at which everything in force that a module does not carry can be said again in a few lines.

A module carries declarations, attributes, notations and macros. It does not carry scopes: open namespaces and sections
with their variables, universes, options and opened names. Those are restated word by word. What is `local` or
`private` cannot be restated: there is no cut while it is in force."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lean_project.syntax.commands import Command, commands_of
from lean_project.syntax.tokens import Kind, Token, code, simple_name, tokenize

_OPENS = frozenset(["namespace", "section"])
_SCOPED = frozenset(["open", "variable", "universe", "set_option", "include", "omit", "suppress_compilation"])
"""Commands whose effect ends with their scope, and that have the same effect when they are said again."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A place between two commands. at: offset of the start of a line. line, declared: how many lines and declarations
    stand above. scope: lines that restate what is in force there, each ended; empty for nothing."""

    at: int
    line: int
    declared: int
    scope: str


@dataclass
class _Scope:
    """One open namespace, section or the file. parts: the names in `end` that close it, [""] without one."""

    parts: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    local: bool = False


def cuts(text: str) -> tuple[Cut, ...]:
    """All such places in order. None in a file of the module system, or in one without Lean's own prelude."""
    tokens = tokenize(text)
    words = code(tokens)
    if words and words[0].text in ("module", "prelude"):
        return ()
    return tuple(_cuts(text, commands_of(text, tokens), words))


def chosen(among: Sequence[Cut], wanted: Iterable[int], spacing: int) -> tuple[Cut, ...]:
    """Those of the places that are worth a module each: the last one in front of each of the offsets `wanted` that has
    at least `spacing` declarations between it and the one chosen before."""
    found: list[Cut] = []
    for offset in sorted(wanted):
        nth = bisect_right(among, offset, key=lambda cut: cut.at)
        if nth and among[nth - 1].declared - (found[-1].declared if found else 0) >= spacing:
            found.append(among[nth - 1])
    return tuple(found)


def _cuts(text: str, every: Sequence[Command], tokens: Sequence[Token]) -> Iterator[Cut]:
    starts = [t.start for t in tokens]
    scopes = [_Scope()]
    declared, mutual, joined = 0, 0, False
    for command in every:
        line_start = text.rfind("\n", 0, command.start) + 1
        alone = not text[line_start : command.start].strip()
        if alone and not mutual and not joined and not any(scope.local for scope in scopes):
            said = "".join(f"{line}\n" for scope in scopes for line in scope.said)
            yield Cut(line_start, text.count("\n", 0, line_start), declared, said)
        inside = tokens[bisect_left(starts, command.start) : bisect_left(starts, command.end)]
        words = {t.text for t in inside if t.kind is Kind.WORD}
        joined = bool(inside) and inside[-1].text == "in"
        declared += command.declares
        if "private" in words:
            return
        if "local" in words:
            scopes[-1].local = True
        mutual += command.keyword == "mutual"
        if command.keyword in _OPENS:
            parts = list(simple_name(command.name)) if command.name else [""]
            scopes.append(_Scope(parts, [text[command.start : command.end]]))
        elif command.keyword == "end":
            if mutual:
                mutual -= 1
            elif not _closed(command, scopes):
                return
        elif command.keyword in _SCOPED and not joined:
            scopes[-1].said.append(text[command.start : command.end])


def _closed(command: Command, scopes: list[_Scope]) -> bool:
    """Take away what an `end` closes; False where that is no whole scope."""
    left = list(simple_name(command.name)) if command.name else [""]
    while left:
        if len(scopes) == 1:
            return False
        parts = scopes[-1].parts
        if left[-len(parts) :] != parts:
            return False
        scopes.pop()
        left = left[: -len(parts)]
    return True
