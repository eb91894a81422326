"""What stands in the boxes of the SVG: class, lines, and the whole story for the tooltip."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from prover.console import one_line
from prover.show import words
from prover.show.fold import Box, Kind, once
from prover.show.tree import SearchTree, Status

GOAL_COLUMNS, STEP_COLUMNS = 48, 38
"""Characters of a line in the boxes of the even levels (goals) and of the odd ones (steps)."""
STATUS_CLASSES = {status: status.value.replace(" ", "-") for status in Status}
_STEP_CLASSES = {"lost": "step lost", "set aside": "step aside"}
_MOST_LINES, _MOST_STEP_LINES, _MOST_FOLD_LINES, _MOST_STANDING = 10, 6, 4, 2
"""Lines of statements and texts on the proof (elsewhere one), of a fold, and of what is said of a status."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a box, and what stands at its right end. style: a class of the style sheet."""

    text: str
    style: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A box. columns: characters that it has room for. shows: the key of the goal that stands here in full; links: of
    one that stands elsewhere."""

    style: str
    lines: tuple[Line, ...]
    columns: int
    title: str
    shows: str = ""
    links: str = ""


def card(box: Box, tree: SearchTree) -> Card:
    """The card of a box."""
    columns = STEP_COLUMNS if box.level % 2 else GOAL_COLUMNS
    title = words.details(box, tree)
    match box.kind:
        case Kind.GOAL:
            style = _joined("goal", STATUS_CLASSES[box.goal.status], win=box.winning)
            return Card(style, _goal_lines(box, columns), columns, title, shows=box.goal.key)
        case Kind.STEP:
            state = words.step_state(box.step, box.goal)
            style = _joined(_STEP_CLASSES.get(state, "step"), win=box.winning)
            return Card(style, _step_lines(box, tree, columns), columns, title)
        case Kind.REFERENCE:
            text = f"{words.REFERENCE} {words.GLYPHS[box.goal.status]} {one_line(box.goal.name)}"
            line = Line(words.shorten(text, columns - 12), right="elsewhere" if box.drawn else "not drawn")
            style = _joined("reference", STATUS_CLASSES[box.goal.status])
            return Card(style, (line,), columns, title, links=box.goal.key if box.drawn else "")
        case Kind.CHECK if box.check is not None:
            glyph = words.CHECK_GLYPHS.get(box.check.verdict, "?")
            lines = [f"{glyph} {words.kind_words(box.check)} {box.check.verdict}"]
            lines += [once(box.check.summary)] if box.check.summary else []
            return Card("check", tuple(Line(words.shorten(line, columns)) for line in lines), columns, title)
        case _:
            return Card("fold", _fold_lines(box, columns), columns, title)


def _joined(*styles: str, win: bool = False) -> str:
    return " ".join([*styles, "win"] if win else styles)


def _goal_lines(box: Box, columns: int) -> tuple[Line, ...]:
    goal = box.goal
    figures = words.figures(goal)
    name = words.shorten(f"{words.GLYPHS[goal.status]} {one_line(goal.name)}", max(columns - len(figures) - 1, 16))
    lines = [Line(name, "head", right=figures if len(name) + len(figures) < columns else "")]
    standing = words.standing(goal)
    if standing != goal.status:
        lines += [Line(text, "status") for text in _wrapped(standing, columns, _MOST_STANDING)]
    if box.winning or goal.root:
        return (*lines, *(Line(text) for text in words.lines_of(goal.text, columns, _MOST_LINES)))
    statement = words.statement(goal, columns)
    return (*lines, Line(statement)) if statement else tuple(lines)


def _step_lines(box: Box, tree: SearchTree, columns: int) -> tuple[Line, ...]:
    step, score = box.step, words.score_words(box.step)
    glyph = words.STEP_GLYPHS[words.step_state(step, box.goal)]
    head = words.shorten(f"{glyph} {words.kind_words(step.check)}", columns - len(score) - 1)
    lines = [Line(head, "head", right=score)]
    lines += [Line(text, "small") for text in _wrapped(words.step_words(step, box.goal, tree.goals), columns, 2)]
    if box.winning:
        lines += [Line(text) for text in words.lines_of(step.check.text, columns, _MOST_STEP_LINES)]
    return tuple(lines)


def _fold_lines(box: Box, columns: int) -> tuple[Line, ...]:
    if box.fold is None:
        return ()
    message = words.fold_message(box.fold)
    said = "; ".join(words.fold_words(box.fold)) + (f": {message}" if message else "")
    return tuple(Line(text) for text in _wrapped(f"{words.FOLDED} {said}", columns, _MOST_FOLD_LINES))


def _wrapped(text: str, columns: int, most: int) -> list[str]:
    return textwrap.wrap(one_line(text), columns, max_lines=most, placeholder=" …")
