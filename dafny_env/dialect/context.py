"""What the rewriting rules share: the tree, its tokens, tables of its names, the edits so far and what was refused."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from dafny_env.dialect.edits import Edits
from dafny_env.syntax import ast as A
from dafny_env.syntax.source import LineMap
from dafny_env.syntax.tokens import Token, tokenize
from dafny_env.syntax.walk import walk


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Why a file cannot be put into Dafny 2.3: one sentence, the line (from 1) and the construct's short name."""

    reason: str
    line: int
    construct: str


@dataclass(frozen=True, slots=True)
class Lifted:
    """A member of a datatype that becomes a declaration beside it. `scope` is the module's path, `""` for none."""

    scope: str
    owner: A.Datatype
    member: A.Callable
    new_name: str

    @property
    def static(self) -> bool:
        """Whether it has no receiver."""
        return "static" in self.member.modifiers


class Context:
    """One rewriting. `demoted` are qualified names of functions that stay ghost; `plain_is_compiled` tells 4.x, where
    `function` is compiled, from 3.x, where `function method` is."""

    def __init__(self, text: str, program: A.Program, demoted: frozenset[str], plain_is_compiled: bool) -> None:
        self.text = text
        self.program = program
        self.demoted = demoted
        self.tokens = tokenize(text)
        self._starts = [t.start for t in self.tokens]
        self.words = frozenset(t.text for t in self.tokens if t.kind == "ident")
        self.plain_is_compiled = plain_is_compiled
        self.has_characters = any(t.text in ("char", "string") or t.kind in ("char", "string") for t in self.tokens)
        self.edits = Edits(text)
        self.refused: list[tuple[int, str]] = []
        self.includes = any(isinstance(d, A.Import) and d.kind == "include" for d in program.decls)
        self.constructors = _constructors(program)
        self.constants = frozenset(n.name for n in walk(program) if isinstance(n, A.Field) and n.kind == "const")
        self.owners = _owners(program)
        self.callables: dict[str, list[A.Callable]] = {}
        for node in walk(program):
            if isinstance(node, A.Callable):
                self.callables.setdefault(node.name, []).append(node)
        self.outer_names = _outer_names(program)
        """Names of modules, classes and imports: what may stand before a dot without being a value of a datatype."""
        self.lifted: dict[str, list[Lifted]] = {}
        self.helpers: dict[tuple[int, str], str] = {}
        """Helper declarations wanted, by the offset where they go and their name."""

    # ----------------------------------------------------------------------------------------------------------- tokens

    def between(self, start: int, end: int) -> list[Token]:
        """The tokens that start in a range of offsets, comments left out."""
        return self.tokens[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def first(self, texts: Iterable[str], start: int, end: int) -> A.Span | None:
        """Where the first token of one of these texts is in a range."""
        wanted = frozenset(texts)
        return next((A.Span(t.start, t.end) for t in self.between(start, end) if t.text in wanted), None)

    def last_before(self, text: str, end: int, start: int = 0) -> A.Span | None:
        """Where the last token of this text is in a range."""
        found = [t for t in self.between(start, end) if t.text == text]
        return A.Span(found[-1].start, found[-1].end) if found else None

    def enclosed(self, node: A.Node, behind: int) -> A.Span:
        """A node's span with the parentheses around it that open at or behind an offset."""
        start, end = node.span
        opened = [t for t in self.between(behind, start) if t.text == "("]
        closers = self.between(end, len(self.text))[: len(opened)]
        for opener, closer in zip(reversed(opened), closers, strict=False):
            if closer.text != ")":
                break
            start, end = opener.start, closer.end
        return A.Span(start, end)

    def one_line(self, node: A.Node) -> str:
        """A node as written, its comments left out and its lines joined."""
        return " ".join(t.text for t in self.between(*node.span))

    def fresh(self, name: str) -> str:
        """The name, with primes behind it until nothing in the text is called so."""
        while name in self.words:
            name += "'"
        return name

    def is_constructor(self, pattern: A.Pattern) -> bool:
        """Whether a pattern without arguments names a constructor: one of this file, a qualified name, or (where files
        are included) a capitalised one."""
        name = pattern.name
        return name in self.constructors or "." in name or (self.includes and name[:1].isupper())

    # ---------------------------------------------------------------------------------------------------------- refusal

    def refuse(self, node: A.Node, construct: str) -> None:
        """Note a construct (a plural noun) that Dafny 2.3 lacks and that is not rewritten."""
        self.refused.append((node.span.start, construct))

    def refusal(self) -> Unsupported | None:
        """The first refused construct of the text."""
        if not self.refused:
            return None
        offset, construct = min(self.refused)
        line = LineMap(self.text).position(offset).line
        return Unsupported(f"{construct} at line {line}: Dafny 2.3 lacks them", line, construct)


def _constructors(program: A.Program) -> dict[str, list[A.Constructor]]:
    found: dict[str, list[A.Constructor]] = {}
    for node in walk(program):
        if isinstance(node, A.Datatype):
            for constructor in node.constructors:
                found.setdefault(constructor.name, []).append(constructor)
    return found


def _owners(program: A.Program) -> dict[str, frozenset[str]]:
    """The datatypes that have a constructor of a name."""
    found: dict[str, frozenset[str]] = {}
    for node in walk(program):
        if isinstance(node, A.Datatype):
            for constructor in node.constructors:
                found[constructor.name] = found.get(constructor.name, frozenset()) | {node.name}
    return found


def _outer_names(program: A.Program) -> frozenset[str]:
    found: set[str] = set()
    for node in walk(program):
        if isinstance(node, A.Module | A.ClassLike | A.TypeDecl):
            found.add(node.name)
        elif isinstance(node, A.Import):
            found.update(t.text for t in tokenize(node.text) if t.kind == "ident")
    return frozenset(found)
