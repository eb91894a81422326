"""The small drawings of the summary: a rate with its interval, and all tasks by class. Colours: the style sheet's."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from prover.evaluation.outcomes import TaskClass
from prover.evaluation.statistics import Interval

_WIDTH, _MIDDLE = 200.0, 9.0


def draw_whisker(value: float | None, interval: Interval) -> str:
    """A share between 0 and 1 as a dot on its interval, between 0 and 100 percent. The numbers stand beside it."""
    svg = ET.Element("svg", {"class": "whisker", "viewBox": f"0 0 {_WIDTH:g} 18", "aria-hidden": "true"})
    ET.SubElement(svg, "path", {"class": "scale", "d": f"M5 {_MIDDLE}H195M5 5V13M100 6V12M195 5V13"})
    if value is not None:
        low, high = _at(interval.low), _at(interval.high)
        ET.SubElement(svg, "path", {"class": "span", "d": f"M{low} {_MIDDLE}H{high}M{low} 6V12M{high} 6V12"})
        ET.SubElement(svg, "circle", {"class": "dot", "cx": _at(value), "cy": f"{_MIDDLE}", "r": "3"})
    return ET.tostring(svg, encoding="unicode", short_empty_elements=False)


def draw_bar(counts: Mapping[TaskClass, int]) -> str:
    """All tasks in a row, by class; the table below it says the same in numbers."""
    svg = ET.Element("svg", {"class": "bar", "viewBox": "0 0 1000 16", "preserveAspectRatio": "none"})
    svg.set("aria-hidden", "true")
    total, left = sum(counts.values()), 0.0
    for kind, number in counts.items():
        width = 1000 * number / total if total else 0
        if number:
            style = "none" if kind is TaskClass.NOT_RUN else kind.value
            place = {"x": f"{left:.2f}", "width": f"{max(width - 2, 1):.2f}", "height": "16"}
            box = ET.SubElement(svg, "rect", {"class": style, **place})
            ET.SubElement(box, "title").text = f"{number} {kind.value}"
        left += width
    return ET.tostring(svg, encoding="unicode", short_empty_elements=False)


def _at(share: float) -> str:
    return f"{5 + 190 * share:.1f}"
