"""Goals from the text in which Lean prints them: a case name, the hypotheses, a turnstile and the target."""

from __future__ import annotations

import re

from lean_project.driver.types import Goal, Hypothesis

_TURNSTILE = "⊢ "
_CONVERSION = "| "
"""What stands in the turnstile's place inside `conv`."""
_HYPOTHESIS = re.compile(r"((?:(?:«[^»]*»|[^\s:«»])+)(?:\s+(?:«[^»]*»|[^\s:«»])+)*)\s+:(?!=)(?:\s+|$)")
_NAME = re.compile(r"(?:«[^»]*»|[^\s«»])+")


def parse_goal(text: str) -> Goal:
    """One goal. What is no hypothesis in form is left out; everything is in `Goal.text`.

    A line that begins without white space begins something new, a line with some goes on with what is above it.
    """
    case = None
    hypotheses: list[Hypothesis] = []
    target: list[str] = []
    for entry in _entries(text):
        if target:
            target.append(entry)
        elif entry.startswith("case ") and not hypotheses:
            case = entry.removeprefix("case ").strip()
        elif entry.startswith((_TURNSTILE, _CONVERSION)):
            target.append(entry[2:])
        elif (hypothesis := _hypothesis(entry)) is not None:
            hypotheses.append(hypothesis)
    return Goal(tuple(hypotheses), "\n".join(target), case, text)


def _entries(text: str) -> list[str]:
    entries: list[str] = []
    for line in text.split("\n"):
        if line[:1].isspace() and entries:
            entries[-1] += "\n" + line
        elif line.strip():
            entries.append(line)
    return entries


def _hypothesis(entry: str) -> Hypothesis | None:
    head = _HYPOTHESIS.match(entry)
    if head is None:
        return None
    kind, value = _split_value(entry[head.end() :])
    return Hypothesis(tuple(_NAME.findall(head[1])), kind.strip(), value)


def _split_value(text: str) -> tuple[str, str | None]:
    """Type and value of `Nat := 5`: at the first ` :=` outside brackets (a type may hold `let x := ...` within)."""
    depth = 0
    for at, letter in enumerate(text):
        if letter in "([{⟨":
            depth += 1
        elif letter in ")]}⟩":
            depth -= 1
        elif letter == ":" and depth == 0 and text.startswith(":=", at) and not _binds(text[:at]):
            return text[:at], text[at + 2 :].strip()
    return text, None


def _binds(before: str) -> bool:
    """Whether a `:=` after this belongs to a `let` or `have` inside the type."""
    return re.search(r"(?:^|\s)(?:let|have|let_fun)\s[^;\n]*$", before) is not None
