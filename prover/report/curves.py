"""Solved tasks against the budget, drawn as SVG inside the page: its style sheet gives the colours, light or dark."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from prover.report.axes import Axis, budget_axis, count_axis, number
from prover.report.words import one_line

_WIDTH, _HEIGHT = 480.0, 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 18.0, 16.0, 46.0
SERIES = 6
"""Lines that have a colour, a dash and a mark of their own; further ones begin again."""
_MARKS = (
    "M-4 0A4 4 0 1 0 4 0A4 4 0 1 0 -4 0Z",
    "M-4 -4H4V4H-4Z",
    "M0 -5L5 4H-5Z",
    "M0 -5L5 0L0 5L-5 0Z",
    "M-5 -4H5L0 5Z",
    "M-1.5 -5H1.5V-1.5H5V1.5H1.5V5H-1.5V1.5H-5V-1.5H-1.5Z",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A run's line. points: budget, and tasks solved within it, both going up. end: the budget that the run had (None:
    it had none, or it is not known)."""

    name: str
    points: tuple[tuple[float, float], ...]
    end: float | None = None

    @property
    def solved(self) -> float:
        """With the whole budget."""
        return self.points[-1][1] if self.points else 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """unit: of the budget (`seconds`). percent: of all tasks instead of their number."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    percent: bool = False


def draw_curves(drawing: Drawing, name: str) -> str:
    """The SVG element. name: of the page's element, for what refers to it. A line without points lies at 0, as far as
    its budget goes."""
    budgets = [budget for line in drawing.lines for budget, _ in line.points if budget > 0]
    ends = [line.end for line in drawing.lines if line.end]
    most = max([*budgets, *ends], default=1.0)
    across = budget_axis(min(budgets, default=most / 10), most, _LEFT, _WIDTH - _RIGHT)
    top = 100.0 if drawing.percent else max((line.solved for line in drawing.lines), default=0)
    up = count_axis(top, _HEIGHT - _BOTTOM, _TOP)
    svg = ET.Element("svg", {"class": "curve", "viewBox": f"0 0 {_WIDTH:g} {_HEIGHT:g}", "role": "img"})
    svg.set("aria-labelledby", f"{name}-title")
    ET.SubElement(svg, "title", {"id": f"{name}-title"}).text = _described(drawing)
    _axes(svg, drawing, across, up)
    for place, line in reversed(list(enumerate(drawing.lines))):
        _line(svg, line, place, across, up)
    return ET.tostring(svg, encoding="unicode", short_empty_elements=False)


def draw_key(place: int) -> str:
    """The sign of a line, for the legend."""
    svg = ET.Element("svg", {"class": "key", "viewBox": "0 0 30 12", "aria-hidden": "true"})
    ET.SubElement(svg, "path", {"class": f"line s{place % SERIES + 1}", "d": "M1 6H29"})
    mark = {"class": f"mark s{place % SERIES + 1}", "d": _MARKS[place % SERIES], "transform": "translate(15 6)"}
    ET.SubElement(svg, "path", mark)
    return ET.tostring(svg, encoding="unicode", short_empty_elements=False)


def _described(drawing: Drawing) -> str:
    unit = " per cent" if drawing.percent else ""
    told = "; ".join(f"{one_line(line.name, 60)}: {line.solved:.10g}{unit} in the end" for line in drawing.lines)
    return f"{drawing.title}. {told}"


def _axes(svg: ET.Element, drawing: Drawing, across: Axis, up: Axis) -> None:
    grid = ET.SubElement(svg, "g", {"class": "grid"})
    text = ET.SubElement(svg, "g", {"class": "ticks"})
    for tick in up.ticks:
        y = up.place(tick)
        ET.SubElement(grid, "path", {"d": f"M{_n(across.start)} {_n(y)}H{_n(across.end)}"})
        _write(text, across.start - 7, y + 4, number(tick), "end")
    for tick in across.ticks:
        x = across.place(tick)
        ET.SubElement(grid, "path", {"d": f"M{_n(x)} {_n(up.start)}V{_n(up.start + 5)}"})
        _write(text, x, up.start + 19, number(tick), "middle")
    ET.SubElement(svg, "path", {"class": "axis", "d": f"M{_n(across.start)} {_n(up.start)}H{_n(across.end)}"})
    _write(text, (across.start + across.end) / 2, _HEIGHT - 8, f"{drawing.unit} (logarithmic)", "middle")


def _line(svg: ET.Element, line: Line, place: int, across: Axis, up: Axis) -> None:
    if not line.points and line.end is None:
        return
    style = f"s{place % SERIES + 1}"
    path = f"M{_n(across.start)} {_n(up.place(0))}"
    for budget, solved in line.points:
        path += f"H{_n(across.place(budget))}V{_n(up.place(solved))}"
    last = max(
        across.place(budget) for budget in (line.end, *(budget for budget, _ in line.points)) if budget is not None
    )
    group = ET.SubElement(svg, "g")
    ET.SubElement(group, "title").text = one_line(line.name, 120)
    ET.SubElement(group, "path", {"class": f"line {style}", "d": f"{path}H{_n(last)}"})
    at = f"translate({_n(last)} {_n(up.place(line.solved))})"
    ET.SubElement(group, "path", {"class": f"mark {style}", "d": _MARKS[place % SERIES], "transform": at})


def _write(parent: ET.Element, x: float, y: float, text: str, anchor: str) -> None:
    ET.SubElement(parent, "text", {"x": _n(x), "y": _n(y), "text-anchor": anchor}).text = text


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
