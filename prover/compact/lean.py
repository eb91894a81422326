"""Lean goals and steps in the compact format.

Prompt: `lean`, what the file declares and the goal's own words speak of (values of definitions, statements of lemmas),
the hypotheses and the target as Lean prints them, `=>`. Answer: the lines of the step's body, each behind a mark that
tells its indentation (`<0>`, `<1>`... steps of two blanks); `<+>` in front of the lines of lemmas that are stated
before the declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lean_project.steps import LeanGoal, LeanStep
from lean_project.syntax.commands import Command, declarations
from lean_project.syntax.tokens import Kind, code, tokenize
from prover.compact.marks import ARROW, HELPERS, MARK, MOST_CONTEXT

_OPENING, _CLOSING = re.compile(r"([\[(⟨])"), re.compile(r"([\])⟩,])")
_TO_OPENING, _TO_CLOSING = re.compile(r"([\[(⟨]) "), re.compile(r" ([\])⟩,])")


def prompt(goal: LeanGoal) -> str:
    """The goal in few words."""
    state: list[str] = []
    for hypothesis in goal.hypotheses:
        state += [*hypothesis.names, ":", *words(hypothesis.type), "|"]
    return " ".join(["lean", *_context(goal), "|", *state, "⊢", *words(goal.target), ARROW])


def answer(step: LeanStep) -> str:
    """A step in few words."""
    helpers = [HELPERS, *_marked(step.helpers)] if step.helpers.strip() else []
    return " ".join([*helpers, *([HELPERS] if helpers else []), *_marked(step.body)])


def read(text: str) -> LeanStep | None:
    """The step that an answer means; None where it is none."""
    pieces = MARK.split(text)
    if pieces[0].strip() or len(pieces) < 3:
        return None
    parts: list[list[str]] = [[]]
    for mark, content in zip(pieces[1::2], pieces[2::2], strict=True):
        if mark == "+":
            if content.strip() or len(parts) == 3:
                return None
            parts.append([])
        elif content.strip():
            parts[-1].append(
                "  " * int(mark) + _TO_CLOSING.sub(r"\1", _TO_OPENING.sub(r"\1", " ".join(content.split())))
            )
    if parts[0] and len(parts) > 1:
        return None
    body = "\n".join(parts[-1])
    return LeanStep(body, "\n".join(parts[1]) if len(parts) == 3 else "") if body else None


def words(text: str) -> list[str]:
    """The tokens of a text, comments left out."""
    return [t.text for t in code(tokenize(text)) if t.kind is not Kind.BAD]


def _marked(text: str) -> Iterator[str]:
    """Lines, each behind the mark of its indentation. Blanks are put only where Lean does not mind: inside brackets."""
    for line in text.split("\n"):
        if line.strip():
            spread = _CLOSING.sub(r" \1", _OPENING.sub(r"\1 ", line))
            yield f"<{(len(line) - len(line.lstrip())) // 2}> {' '.join(spread.split())}"


def _context(goal: LeanGoal) -> list[str]:
    """What the goal speaks of, and what that speaks of, as far as there is room; nearest last."""
    named = {c.full_name: c for c in declarations(goal.prefix) if c.full_name}
    short = {name.rpartition(".")[2]: name for name in named}
    asked = [w for h in goal.hypotheses for w in words(h.type)] + words(goal.target)
    room, chosen, seen = MOST_CONTEXT, list[str](), set[str]()
    todo = [asked]
    while todo:
        for word in dict.fromkeys(todo.pop(0)):
            name = word if word in named else short.get(word.rpartition(".")[2], "")
            if not name or name in seen:
                continue
            seen.add(name)
            found = words(_text(goal.prefix, named[name]))
            if len(found) <= room:
                room -= len(found)
                chosen = [*found, *chosen]
                todo.append(found)
    for name, command in named.items():
        if command.keyword in ("theorem", "lemma") and name not in seen:
            found = words(_text(goal.prefix, command))
            if len(found) <= room and seen & {short.get(w.rpartition(".")[2], "") for w in found}:
                room -= len(found)
                chosen += found
    return chosen


def _text(text: str, command: Command) -> str:
    """A declaration; of a lemma its statement."""
    proof = command.keyword in ("theorem", "lemma") and command.value_at > command.start
    return text[command.start : command.value_at if proof else command.end]
