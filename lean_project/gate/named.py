"""An `example` is not stored in a compiled module. To be judged it gets a name, in texts that only the gate compiles,
both the original's and the candidate's: what the user has stays as it is, and is judged as it is besides."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lean_project.gate.results import CompileResult, Judgement, Objection
from lean_project.gate.text import Reading
from lean_project.syntax.commands import Command
from lean_project.syntax.source import LineMap

_KEYWORD = "example"
_OTHERWISE = frozenset(["definition-changed", "kind-changed", "type-changed", "declaration-missing"])
"""What is said of a definition that has another value, as its example may have."""

Word = Literal["theorem", "def"]


@dataclass(frozen=True, slots=True)
class Example:
    """One `example` of the original. name: the one it gets, in its namespace `full_name`. lines: first and last.
    private: whether it says so. word: what it is declared as instead."""

    name: str
    full_name: str
    lines: tuple[int, int]
    private: bool
    word: Word = "theorem"

    def __str__(self) -> str:
        """For people."""
        return f"the `example` in line {self.lines[0]}"


def examples_of(original: Reading) -> tuple[Example, ...]:
    """The examples of a text, in order, each with a name that no text has."""
    lines, label = LineMap(original.text), secrets.token_hex(8)
    found: list[Example] = []
    for command in _commands(original):
        name = f"lemmatree_example_{label}_of_{len(found)}"
        last = lines.position(max(command.end - 1, command.start)).line
        place = (lines.position(command.keyword_at).line, last)
        full_name = ".".join([*command.namespaces, name])
        found.append(Example(name, full_name, place, "private" in command.modifiers))
    return tuple(found)


def with_names(text: Reading, examples: Sequence[Example]) -> str | None:
    """A text with names for its examples, line by line as it was; None where it has not as many."""
    commands = _commands(text)
    if len(commands) != len(examples):
        return None
    pieces, at = [], 0
    for command, example in zip(commands, examples, strict=True):
        pieces += [text.text[at : command.keyword_at], f"{example.word} {example.name}"]
        at = command.keyword_at + len(_KEYWORD)
    return "".join([*pieces, text.text[at:]])


def _commands(text: Reading) -> tuple[Command, ...]:
    return tuple(c for c in text.commands if c.keyword == _KEYWORD)


def after_errors(examples: Sequence[Example], result: CompileResult) -> tuple[Example, ...] | None:
    """The examples with those as definitions that Lean does not take for theorems (they are data, or use a variable in
    their proof only); None where that does not explain what Lean said."""
    found = list(examples)
    for _, line, _ in result.errors:
        nth = next(
            (k for k, e in enumerate(found) if line is not None and e.lines[0] <= line <= e.lines[1]),
            None,
        )
        if nth is None:
            return None
        found[nth] = replace(found[nth], word="def")
    return tuple(found) if tuple(found) != tuple(examples) else None


def in_words(judgement: Judgement, examples: Sequence[Example]) -> Judgement:
    """A judgement of the named texts, told of the user's. Of a definition nothing is known once its value differs."""
    told = [_told(o, examples) for o in judgement.objections]
    if judgement.verdict == "rejected":
        doubtful = [(e, o.rule in _OTHERWISE) for o, e in told if e is not None and e.word == "def"]
        if doubtful and len(doubtful) == len(told) and all(harmless for _, harmless in doubtful):
            reason = f"{_capital(str(doubtful[0][0]))} is no theorem by itself, so nothing is known of it: name it."
            return replace(judgement, verdict="unknown", objections=(), reason=reason)
    reason = judgement.reason
    for example in reversed(examples):
        reason = _renamed(reason, example)
    return replace(judgement, objections=tuple(o for o, _ in told), reason=reason)


def _told(objection: Objection, examples: Sequence[Example]) -> tuple[Objection, Example | None]:
    about: Example | None = None
    message = objection.message
    for example in reversed(examples):
        if example.name in message:
            about, message = example, _renamed(message, example)
    if about is None:
        return objection, None
    line = objection.line if objection.line is not None else about.lines[0]
    return replace(objection, message=message, line=line, column=None), about


def _renamed(message: str, example: Example) -> str:
    for name in (example.full_name, example.name):
        message = message.replace(f"`{name}`", str(example)).replace(name, "example")
    return message


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
