"""The search tree as one self-contained SVG file."""

from __future__ import annotations

import textwrap
from importlib import resources
from itertools import count
from xml.etree import ElementTree as ET

from prover.console import plain
from prover.show import words
from prover.show.cards import GOAL_COLUMNS, STATUS_CLASSES, STEP_COLUMNS, Card, card
from prover.show.fold import draw
from prover.show.layout import tidy
from prover.show.reading import RunRecord
from prover.show.tree import SearchTree, Status

_CHARACTER, _SMALL = 6.65, 6.05
"""The width of a character of the fonts of 11 and 10 pixels that the style sheet names."""
_PAD, _LINE, _GAP_X, _GAP_Y, _MARGIN = 7.0, 15.0, 34.0, 9.0, 20.0
_ANCHOR = _PAD + _LINE / 2
"""How far below its top the edges of a box begin and end: at the middle of its first line."""
_HEADER_COLUMNS, _LEGEND_ROOM = 120, 92.0


def svg_tree(record: RunRecord, tree: SearchTree, *, everything: bool = False) -> str:
    """The drawing, as large as its boxes need; viewers scale it. Nothing is loaded from elsewhere."""
    boxes = draw(tree, everything=everything)
    cards = [card(box, tree) for box in boxes]
    page = _Page(words.headline(record))
    page.header(words.header_lines(record, tree))
    tops = tidy([box.parent for box in boxes], [_height(one) for one in cards], gap=_GAP_Y)
    corners = [(_left(box.level), page.bottom + _LINE + top) for box, top in zip(boxes, tops, strict=True)]
    # The proof's edges come last: where edges share a way, theirs lie on top.
    for place in sorted(range(len(boxes)), key=lambda place: boxes[place].winning):
        above = boxes[place].parent
        if above is not None:
            page.edge(corners[above], _width(cards[above].columns), corners[place], boxes[place].winning)
    for one, (left, top) in zip(cards, corners, strict=True):
        page.card(one, left, top)
    return page.text()


def _height(one: Card) -> float:
    return 2 * _PAD + _LINE * len(one.lines)


def _width(columns: int) -> float:
    return 2 * _PAD + columns * _CHARACTER


def _left(level: int) -> float:
    """Where a level's column begins."""
    goal, step = (_width(columns) + _GAP_X for columns in (GOAL_COLUMNS, STEP_COLUMNS))
    return _MARGIN + level // 2 * (goal + step) + level % 2 * goal


class _Page:
    """The drawing in the making. bottom: how far down it goes."""

    def __init__(self, title: str) -> None:
        self.bottom = _MARGIN
        self._right = 0.0
        self._names: dict[str, str] = {}
        self._numbers = count(1)
        # Indentation counts: `white-space` alone is not known to all viewers.
        kept = {"xml:space": "preserve", "role": "img"}
        self._svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **kept})
        ET.SubElement(self._svg, "title").text = plain(title)
        ET.SubElement(self._svg, "style").text = resources.files("prover.show").joinpath("tree.css").read_text("utf-8")
        self._paper = ET.SubElement(self._svg, "rect", {"class": "paper", "width": "100%", "height": "100%"})
        self._title = title

    def header(self, lines: list[str]) -> None:
        """Title, figures and the legend."""
        self.bottom += _LINE
        self._write(self._svg, _MARGIN, self.bottom, words.shorten(self._title, _HEADER_COLUMNS), "headline")
        for line in (part for said in lines for part in textwrap.wrap(said, _HEADER_COLUMNS)):
            self.bottom += _LINE
            self._write(self._svg, _MARGIN, self.bottom + 4, line)
        self.bottom += _LINE
        legend, left = ET.SubElement(self._svg, "g", {"class": "legend"}), _MARGIN
        for style, text in [
            *((f"box {STATUS_CLASSES[status]}", f"{words.GLYPHS[status]} {status}") for status in Status),
            ("box step", "▷ step"),
            ("box step win", "▶ solved it"),
            ("box fold", "… summed up"),
            ("box reference", f"{words.REFERENCE} elsewhere"),
        ]:
            group = ET.SubElement(legend, "g", {"class": style})
            self._rectangle(group, left, self.bottom, _LEGEND_ROOM, _LINE + 6)
            self._write(group, left + _PAD, self.bottom + _LINE - 1, text)
            left += _LEGEND_ROOM + 8
        text = "left to right: goal, steps, what they leave open; the thick line is the proof; point at a box for more"
        self._write(legend, left + 8, self.bottom + _LINE - 1, text, "small")
        self.bottom += 2 * _LINE
        self._right = max(self._right, left + 8 + len(text) * _SMALL)

    def edge(self, above: tuple[float, float], width: float, below: tuple[float, float], winning: bool) -> None:
        """From the right side of a box (its corner and width) to the left side of another."""
        start, middle = above[0] + width, above[0] + width + _GAP_X / 2
        path = f"M{_n(start)} {_n(above[1] + _ANCHOR)}H{_n(middle)}V{_n(below[1] + _ANCHOR)}H{_n(below[0])}"
        ET.SubElement(self._svg, "path", {"class": "edge win" if winning else "edge", "d": path})

    def card(self, one: Card, left: float, top: float) -> None:
        """A box at its place, with its tooltip; one that refers to another is a link to it."""
        parent = self._svg
        if one.links:
            parent = ET.SubElement(parent, "a", {"href": f"#{self._name(one.links)}"})
        group = ET.SubElement(parent, "g", {"class": f"box {one.style}"})
        if one.shows:
            group.set("id", self._name(one.shows))
        ET.SubElement(group, "title").text = plain(one.title)
        width, height = _width(one.columns), _height(one)
        self._rectangle(group, left, top, width, height)
        for number, line in enumerate(one.lines):
            base = top + _PAD + _LINE * number + _LINE - 4
            self._write(group, left + _PAD, base, line.text, line.style)
            if line.right:
                self._write(group, left + width - _PAD, base, line.right, "small", anchor="end")
        self._right, self.bottom = max(self._right, left + width), max(self.bottom, top + height)

    def text(self) -> str:
        """The finished file."""
        width, height = _n(self._right + _MARGIN), _n(self.bottom + _MARGIN)
        for name, value in {"viewBox": f"0 0 {width} {height}", "width": width, "height": height}.items():
            self._svg.set(name, value)
        return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(self._svg, encoding="unicode") + "\n"

    def _name(self, key: str) -> str:
        if key not in self._names:
            self._names[key] = f"goal-{next(self._numbers)}"
        return self._names[key]

    @staticmethod
    def _rectangle(group: ET.Element, left: float, top: float, width: float, height: float) -> None:
        numbers = {"x": left, "y": top, "width": width, "height": height}
        ET.SubElement(group, "rect", {name: _n(value) for name, value in numbers.items()})

    @staticmethod
    def _write(parent: ET.Element, left: float, base: float, text: str, style: str = "", anchor: str = "") -> None:
        element = ET.SubElement(parent, "text", {"x": _n(left), "y": _n(base)})
        if style:
            element.set("class", style)
        if anchor:
            element.set("text-anchor", anchor)
        element.text = plain(text)


def _n(value: float) -> str:
    """A number of pixels, short."""
    return f"{value:.1f}".removesuffix(".0")
