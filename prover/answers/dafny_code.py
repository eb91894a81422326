"""Pieces of Dafny as models write them: tidied, told from prose, their helpers named afresh."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from dafny_env.index import callables
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import Edit, apply_edits
from dafny_env.syntax.tokens import Token, tokenize
from prover.answers import brackets
from prover.answers.first_words import first_words

CLAUSES = frozenset(["invariant", "decreases"])
LOOPS = frozenset(["while", "for"])
_FIRST_WORD = re.compile(r"[A-Za-z]+\b")
_CALL = re.compile(r"[A-Za-z_][\w.?']*\(.*\);")
_OPENS = {"(": "(", "[": "[", "{": "{", "{:": "{"}
_CLOSES = {")": "(", "]": "[", "}": "{"}


def tidied(code: str) -> str:
    """The code without its comments, on as many lines as before."""
    kept: list[str] = []
    at = 0
    for token in tokenize(code, comments=True):
        if token.kind == "comment":
            kept += (code[at : token.start], "\n" * token.text.count("\n") or " ")
            at = token.end
    kept.append(code[at:])
    return "\n".join(line.rstrip() for line in "".join(kept).split("\n"))


def unmatched(code: str) -> str | None:
    """The brackets that have no partner, in order; None where something is open at the end that would swallow what
    follows."""
    tokens = tokenize(code)
    if any(token.kind == "error" for token in tokens):
        return None
    return brackets.unmatched((t.text for t in tokens if t.kind == "op"), _OPENS, _CLOSES)


def balanced(code: str) -> bool:
    """Whether every bracket is closed, and nothing is open at the end."""
    return unmatched(code) == ""


def from_prose(text: str) -> str:
    """The code of an answer without fences: from the first line that looks like some; empty where none does."""
    return brackets.from_first(text, _looks_like_code)


def _looks_like_code(line: str) -> bool:
    first = _FIRST_WORD.match(line)
    if first is None:
        return line.startswith("{")
    if first[0] in first_words("dafny"):
        return len(line.split()) < 8 or line.endswith((";", "{", "}", ")"))
    return _CALL.fullmatch(line) is not None


def words(text: str) -> frozenset[str]:
    """All identifiers of a text."""
    return frozenset(t.text for t in tokenize(text) if t.kind == "ident")


def with_fresh_names(code: str, base: ast.Program, target: str, taken: Collection[str]) -> str:
    """The code with those of its new lemmas and functions renamed whose names mean something else in the base: calls of
    them too. taken: names that are none of the base and not free either."""
    if not code.strip():
        return code
    program = parse(code)
    known = {name.rpartition(".")[2]: located.decl for name, located in reversed(callables(base).items())}
    used = words(base.text)
    clashing = [
        d for d in _new(program, target) if d.name and _clashes(d, known.get(d.name), d.name in used, d.name in taken)
    ]
    if not clashing:
        return code
    avoid = {*used, *taken, *words(code)}
    names: dict[str, str] = {}
    for decl in clashing:
        names[decl.name] = next(n for k in range(1, 1 << 30) if (n := f"{decl.name}_{k}") not in avoid)
        avoid.add(names[decl.name])
    declared = {d.name_span.start for d in clashing}
    tokens = tokenize(code)
    behind: list[Token | None] = [*tokens[1:], None]
    edits: list[Edit] = []
    for nth, (token, after) in enumerate(zip(tokens, behind, strict=True)):
        called = after is not None and after.text == "(" and (nth == 0 or tokens[nth - 1].text != ".")
        if token.text in names and (called or token.start in declared):
            edits.append(Edit(token.start, token.end, names[token.text]))
    return apply_edits(code, edits)


def _new(program: ast.Program, target: str) -> Iterator[ast.Callable]:
    return (d.decl for n, d in callables(program).items() if not f".{target}".endswith(f".{n}"))


def _clashes(decl: ast.Callable, known: ast.Callable | None, used: bool, taken: bool) -> bool:
    if known is None:
        return used or taken
    return decl.is_lemma and known.is_lemma and _stated(decl) != _stated(known)


def _stated(decl: ast.Callable) -> ast.Callable:
    """A lemma without its proof."""
    clauses = tuple(c for c in decl.clauses if c.kind != "decreases")
    return replace(decl, body=None, by_method=None, clauses=clauses, attributes=())
