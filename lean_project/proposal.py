"""What a model writes for a goal, read as a step.

A proposed text is the goal's declaration again with a proof in the place of the `sorry`, behind any number of new
lemmas and definitions (`sorry` in any of it is to be proved later), or the whole file with these changes; or the
tactics alone. It may stand in a fenced block of Markdown, the last one that is Lean.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from lean_project.steps import LeanGoal, LeanStep
from lean_project.syntax.commands import Command, commands
from lean_project.syntax.holes import Hole, sorries
from lean_project.syntax.source import LineMap
from lean_project.syntax.tokens import Token, code, tokenize

MOST_CHARACTERS = 200_000
"""Longer texts are not read."""
_FENCE = re.compile(
    r"^[ \t]*```[ \t]*(\w*)[^\n]*\n(.*?)(?=^[ \t]*```|\Z)(?:^[ \t]*```[^\n]*)?", re.MULTILINE | re.DOTALL
)
_HELPS = frozenset(["theorem", "lemma", "def", "abbrev"])


@dataclass(frozen=True, slots=True)
class ProposalProblem:
    """Why a text is no proposal for a goal. line: from 1 in the text as it was given; None where it is about the
    whole."""

    reason: str
    line: int | None = None


def read_proposal(goal: LeanGoal, text: str) -> LeanStep | ProposalProblem:
    """The step that a text proposes for a goal. Never raises for what the text says."""
    if len(text) > MOST_CHARACTERS:
        return ProposalProblem(f"longer than {MOST_CHARACTERS:,} characters")
    written, above = _unfenced(text)
    if not code(tokenize(written)):
        return ProposalProblem("it is empty")
    declared = [c for c in commands(written) if c.declares]
    if not declared:
        return LeanStep(_body(written, 0, len(written)))
    hole = next((h for h in sorries(goal.text) if h.start == goal.start), None)
    own = hole.declaration if hole is not None else None
    if hole is None or own is None:
        return ProposalProblem("the goal is in no declaration that could be written again")
    again = [c for c in declared if c.keyword == own.keyword and _last(c) == _last(own)]
    if len(again) != 1:
        return ProposalProblem(f"it declares {own.full_name or own.keyword} {len(again)} times; once is wanted")
    body = _filled(goal, hole, own, written, again[0])
    if body is None:
        line = LineMap(written).position(again[0].keyword_at).line + above
        return ProposalProblem(
            "what is given of the declaration is changed, outside of the proof that is missing", line
        )
    helpers = _helpers(goal, written, declared, again[0], above)
    return helpers if isinstance(helpers, ProposalProblem) else LeanStep(body, helpers)


def _unfenced(text: str) -> tuple[str, int]:
    """The Lean of a text, and how many lines stand above it."""
    blocks = [m for m in _FENCE.finditer(text) if m[1].lower() in ("", "lean", "lean4") and m[2].strip()]
    if not blocks:
        return text, 0
    return blocks[-1][2], text.count("\n", 0, blocks[-1].start(2))


def _filled(goal: LeanGoal, hole: Hole, own: Command, written: str, again: Command) -> str | None:
    """What stands in the place of the hole, as tactics; None where the rest is not the same."""
    given = code(tokenize(goal.text))
    before = [t.text for t in given if own.keyword_at <= t.start < hole.start]
    after = [t.text for t in given if hole.end <= t.start < own.end]
    tokens = [t for t in code(tokenize(written)) if again.keyword_at <= t.start < again.end]
    words = [t.text for t in tokens]
    last = len(words) - len(after)
    if words[: len(before)] != before or words[last:] != after or last <= len(before):
        return None
    return _body(written, tokens[len(before)].start, tokens[last - 1].end, term=hole.position == "term")


def _body(text: str, start: int, end: int, *, term: bool = False) -> str:
    """The tactics of a part of a text, the first at column 0; a term is given by `exact`."""
    tokens: Sequence[Token] = [t for t in code(tokenize(text)) if start <= t.start < end]
    by = tokens[0].text == "by" or (tokens[0].text == ":=" and len(tokens) > 1 and tokens[1].text == "by")
    if by:
        tokens = tokens[1 if tokens[0].text == "by" else 2 :]
        if not tokens:
            return "skip"
    column = LineMap(text).position(tokens[0].start).column
    lines = textwrap.dedent(" " * column + text[tokens[0].start : end].rstrip())
    if not term or by:
        return lines
    first, *rest = lines.split("\n")
    return "\n".join([f"exact ({first}", *(f"  {line}" for line in rest)]) + ")"


def _helpers(
    goal: LeanGoal, text: str, declared: Sequence[Command], again: Command, above: int
) -> str | ProposalProblem:
    known = {c.full_name for c in commands(goal.text) if c.full_name}
    found = []
    for command in declared:
        if command is again or command.full_name in known or _last(command) in known:
            continue
        line = LineMap(text).position(command.keyword_at).line + above
        if command.keyword not in _HELPS:
            return ProposalProblem(f"`{command.keyword}` may not be added", line)
        if command.start > again.start:
            return ProposalProblem(f"{command.name} stands behind the goal, which cannot use it", line)
        found.append(textwrap.dedent(text[command.start : command.end].rstrip()))
    return "\n\n".join(found)


def _last(command: Command) -> str:
    return command.name.rpartition(".")[2]
