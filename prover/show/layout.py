"""Where the boxes of a tree go: a tidy drawing from left to right, in time linear in their number.

After E. M. Reingold and J. S. Tilford, "Tidier Drawings of Trees" (IEEE Transactions on Software Engineering, 1981):
subtrees are laid out on their own and pushed together until their contours touch; the contours of two are merged at
the cost of the shallower one. Two things differ: boxes have heights of their own, and a parent stands level with its
first child rather than in the middle of its children, so that reading begins at the top left, and the first child of
every box, where the proof is, makes one straight line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Contour:
    """The upper and the lower edge of a subtree at each level, the deepest level first; `shift` is to be added."""

    tops: list[float] = field(default_factory=list)
    bottoms: list[float] = field(default_factory=list)
    shift: float = 0.0


def tidy(parents: Sequence[int | None], heights: Sequence[float], *, gap: float) -> list[float]:
    """The top of every box. parents: of each, its parent's place in the sequence (before its own), None for roots;
    children stand in order from top to bottom. gap: at least so much is between two boxes of a level. No two overlap,
    given columns wide enough for their boxes."""
    children: list[list[int]] = [[] for _ in parents]
    roots: list[int] = []
    for place, parent in enumerate(parents):
        (roots if parent is None else children[parent]).append(place)
    offsets = [0.0] * len(parents)
    contours: dict[int, _Contour] = {}
    for place in reversed(range(len(parents))):
        contour = _stack(children[place], contours, offsets, gap)
        contour.tops.append(-contour.shift)
        contour.bottoms.append(heights[place] - contour.shift)
        contours[place] = contour
    _stack(roots, contours, offsets, gap)
    tops = offsets
    for place, parent in enumerate(parents):
        if parent is not None:
            tops[place] += tops[parent]
    return tops


def _stack(places: Sequence[int], contours: dict[int, _Contour], offsets: list[float], gap: float) -> _Contour:
    """Put subtrees below each other, as high as they can go; their offsets from the first one's top, and the contour
    of all of them together."""
    if not places:
        return _Contour()
    merged = contours.pop(places[0])
    for place in places[1:]:
        other = contours.pop(place)
        shared = min(len(merged.tops), len(other.tops))
        down = max(
            merged.bottoms[-level] + merged.shift + gap - other.tops[-level] - other.shift
            for level in range(1, shared + 1)
        )
        offsets[place] = down
        other.shift += down
        if len(other.tops) > len(merged.tops):
            for level in range(1, shared + 1):
                other.tops[-level] = merged.tops[-level] + merged.shift - other.shift
            merged = other
        else:
            for level in range(1, shared + 1):
                merged.bottoms[-level] = other.bottoms[-level] + other.shift - merged.shift
    return merged
