"""The search tree as lines of text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.text import Text

from prover.console import one_line
from prover.show import words
from prover.show.fold import Box, Kind, draw, once
from prover.show.reading import RunRecord
from prover.show.tree import SearchTree, Status

_STYLES = {
    Status.PROVED: "green",
    Status.OPEN: "yellow",
    Status.GIVEN_UP: "magenta",
    Status.REFUTED: "red",
    Status.DEAD: "red dim",
}
_MOST_INDENT, _LEAST_LABEL = 75, 32
_MOST_LINES, _MOST_STEP_LINES = 8, 6
"""Of a statement, and of a step's text, on the proof; elsewhere one line."""
_ASCII = str.maketrans("✓○✗†▶▷‖×↗…│├└─", "+oxX>-|x^.||`-")


def text_tree(record: RunRecord, tree: SearchTree, *, width: int, everything: bool = False) -> Text:
    """The whole answer of `prover show`, lines of at most `width` characters where the depth of the tree allows.

    Not drawn by `rich.tree`, whose guides take eight columns for a goal and its step."""
    page = Text()
    page.append(words.headline(record), "bold").append("\n")
    legend = "  ".join(f"{glyph} {status}" for status, glyph in words.GLYPHS.items())
    legend += f"  ▶ the step that solved it  {words.REFERENCE} stands elsewhere"
    for said, style in [*((line, "") for line in words.header_lines(record, tree)), (legend, "dim")]:
        for line in textwrap.wrap(said, width, initial_indent="  ", subsequent_indent="  "):
            page.append(f"{line}\n", style)
    boxes = draw(tree, everything=everything)
    for prefix, below, box in zip(*_guides(boxes), boxes, strict=True):
        if box.parent is None:
            page.append("\n")
        label = _label(box, tree, max(width - len(prefix), _LEAST_LABEL), everything)
        for number, text in enumerate(label):
            page.append(below if number else prefix, "green" if box.winning and not number else "dim")
            page.append_text(text).append("\n")
    return page


def ascii_only(text: str) -> str:
    """The text for terminals that know nothing but ASCII."""
    return text.translate(_ASCII)


def _guides(boxes: Sequence[Box]) -> tuple[list[str], list[str]]:
    """What stands before the first line of every box, and before its further lines."""
    last: dict[int | None, int] = {box.parent: place for place, box in enumerate(boxes)}
    leads: list[str] = []
    firsts: list[str] = []
    further: list[str] = []
    for place, box in enumerate(boxes):
        if box.parent is None:
            first = lead = ""
        else:
            above, closes = leads[box.parent], last[box.parent] == place
            first = above + ("└─" if closes else "├─")
            lead = above + ("  " if closes else "│ ")
        if len(lead) > _MOST_INDENT:
            # Far down, only the nearest guides stand.
            first, lead = "…" + first[-_MOST_INDENT:], "…" + lead[-_MOST_INDENT:].lstrip("…")
        leads.append(lead)
        firsts.append(first)
        further.append(lead + ("│ " if place in last else "  "))
    return firsts, further


def _label(box: Box, tree: SearchTree, width: int, everything: bool) -> list[Text]:
    match box.kind:
        case Kind.GOAL:
            return _goal(box, width)
        case Kind.REFERENCE:
            where = "stands elsewhere" if box.drawn else "stands elsewhere, in what is not shown"
            glyphs = f"{words.REFERENCE} {words.GLYPHS[box.goal.status]} "
            name = f"{one_line(box.goal.name)}  {box.goal.status}, {where}"
            return [Text(words.shorten(glyphs + name, width), _STYLES[box.goal.status])]
        case Kind.STEP:
            return _step(box, tree, width, everything)
        case Kind.CHECK if box.check is not None:
            check = box.check
            head = f"{words.CHECK_GLYPHS.get(check.verdict, '?')} {words.kind_words(check)} {check.verdict}"
            said = f": {once(check.summary)}" if check.summary else ""
            return [Text(words.shorten(head + said, width), "dim")]
        case Kind.FOLD if box.fold is not None:
            message = words.fold_message(box.fold)
            said = "; ".join(words.fold_words(box.fold)) + (f": {message}" if message else "")
            return [Text(words.shorten(f"{words.FOLDED} {said}", width), "dim")]
    return []


def _goal(box: Box, width: int) -> list[Text]:
    goal, style = box.goal, _STYLES[box.goal.status]
    line = Text.assemble((f"{words.GLYPHS[goal.status]} ", style), (one_line(goal.name), "bold"))
    line.append(f"  {words.figures(goal)}", "dim").append(f"  {words.standing(goal)}", style)
    line.truncate(width, overflow="ellipsis")
    texts = [words.statement(goal, width - 2)]
    if box.winning or goal.root:
        texts = words.lines_of(goal.text, width - 2, _MOST_LINES)
    return [line, *(Text(text, "" if box.winning else "dim") for text in texts if text)]


def _step(box: Box, tree: SearchTree, width: int, everything: bool) -> list[Text]:
    step, state = box.step, words.step_state(box.step, box.goal)
    style = "bold green" if box.winning else ""
    line = Text(f"{words.STEP_GLYPHS[state]} {words.kind_words(step.check)}", style)
    score = words.score_words(step)
    line.append(f"  {score}" if score else "").append(f"  {words.step_words(step, box.goal, tree.goals)}", style)
    line.truncate(width, overflow="ellipsis")
    texts = []
    if box.winning:
        texts = words.lines_of(step.check.text, width - 2, _MOST_STEP_LINES)
    elif everything or not step.subgoals:
        texts = [words.shorten(step.check.text, width - 2)]
    return [line, *(Text(text, "cyan" if box.winning else "dim") for text in texts if text)]
