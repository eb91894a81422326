"""What a file's `include`s bring, as a value: for policies to choose from, and for the interpreter to run.

Nothing in it is a goal or may be edited, and no file is read here: the programs are those that the environment read
and hashed at the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from dafny_env.index import mentioned
from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk

_OPENED = re.compile(r"\s*import\s+opened\s+(?:[\w?']+\s*(?:=|as|:)\s*)?([\w.?']+)")


@dataclass(frozen=True, eq=False)
class Library:
    """The included programs, transitively reached ones among them, in no particular order. Libraries are compared by
    identity: their texts belong to the goals' keys."""

    programs: tuple[ast.Program, ...] = ()

    def offered(self, program: ast.Program) -> tuple[ast.Decl, ...]:
        """The declarations worth choosing candidates from in a file: those that it can name without qualification
        (top-level ones, members of opened modules), and that it mentions, if through others; and lemmas about any of
        these, or about nothing declared."""
        if not self.programs:
            return ()
        opened = {*_opened(walk(program)), *(name for p in self.programs for name in _opened(p.decls))}
        entries = [e for e in self._entries if e.module is None or e.module in opened]
        declared = frozenset().union(*(e.defines for e in entries if not e.is_lemma))
        wanted = set(mentioned(program))
        waiting = [e for e in entries if not e.is_lemma]
        used: set[str] = set()
        while found := [e for e in waiting if not wanted.isdisjoint(e.defines)]:
            waiting = [e for e in waiting if wanted.isdisjoint(e.defines)]
            for entry in found:
                used |= entry.defines
                wanted |= entry.mentions
        return tuple(
            e.decl
            for e in entries
            if not used.isdisjoint(e.defines)
            or (e.is_lemma and (not used.isdisjoint(e.mentions) or declared.isdisjoint(e.mentions)))
        )

    @cached_property
    def _entries(self) -> tuple[_Entry, ...]:
        """Every declaration at a top level or directly in a module, looked through once for all goals."""
        return tuple(entry for program in self.programs for entry in _entries(program.decls, None))


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """A declaration, the last name of the module around it, the names it gives, and those it speaks of (a lemma: in its
    statement)."""

    decl: ast.Decl
    module: str | None
    defines: frozenset[str]
    mentions: frozenset[str]

    @property
    def is_lemma(self) -> bool:
        return isinstance(self.decl, ast.Callable) and self.decl.is_lemma


def _entries(decls: Iterable[ast.Decl], module: str | None) -> Iterator[_Entry]:
    for decl in decls:
        if isinstance(decl, ast.Module):
            yield from _entries(decl.members, decl.name.rpartition(".")[2])
        elif name := getattr(decl, "name", ""):
            names = {name}
            if isinstance(decl, ast.Datatype):
                names.update(c.name for c in decl.constructors)
            speaking: tuple[ast.Node, ...] = (decl,)
            if isinstance(decl, ast.Callable) and decl.is_lemma:
                speaking = (*decl.params, *decl.returns, *decl.clauses)
            yield _Entry(decl, module, frozenset(names), frozenset().union(*map(mentioned, speaking)))


def _opened(nodes: Iterable[ast.Node]) -> Iterator[str]:
    """The last names of the modules that `import opened` brings."""
    for node in nodes:
        if isinstance(node, ast.Import) and (match := _OPENED.match(node.text)):
            yield match.group(1).rpartition(".")[2]
