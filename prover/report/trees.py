"""The search tree of an attempt, as `prover show` tells it, in styled pieces of text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.segment import Segment

from prover.report.words import bounded
from prover.results import AttemptJson
from prover.show.reading import JOURNAL, Facts, ShowProblem, read_run
from prover.show.replay import grow
from prover.show.text import text_tree

_WIDTH = 108
_STYLES = {"green": "t-good", "cyan": "t-text", "red": "t-bad", "yellow": "t-open", "magenta": "t-open"}


@dataclass(frozen=True, slots=True)
class TreePiece:
    """Text of one style. style: classes of the page's style sheet, or empty."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """A drawn tree, or why there is none. note: what is to be said of it."""

    pieces: tuple[TreePiece, ...] = ()
    note: str = ""


def journal_size(folder: Path) -> int:
    """Bytes of an attempt's journal; 0 where there is none."""
    try:
        return (folder / JOURNAL).stat().st_size
    except (OSError, ValueError):
        return 0


def draw_tree(folder: Path, attempt: AttemptJson, policy: str, strategy: str, most: int) -> Tree:
    """The tree of an attempt's folder, at most `most` characters of it. Never raises for what is there."""
    record = read_run(folder)
    if isinstance(record, ShowProblem):
        return Tree(note="Nothing was searched, or its journal is gone.")
    facts = Facts(
        file=attempt.id,
        strategy=strategy,
        policy=policy,
        seed=attempt.seed,
        status=attempt.status,
        reason=attempt.reason,
        checks=attempt.checks,
        seconds=attempt.seconds,
    )
    shown = replace(record, task=attempt.id, facts=facts)
    page = text_tree(shown, grow(record.events), width=_WIDTH)
    paper = Console(file=io.StringIO(), width=10_000, color_system=None)
    pieces, left_out = [], 0
    for piece in _styled(page.render(paper)):
        cut = bounded(piece.text, most)
        most -= len(cut.text)
        left_out += cut.left_out
        if cut.text:
            pieces.append(TreePiece(cut.text, piece.style))
    return Tree(tuple(pieces), f"{left_out:,} characters more: prover show {folder}" if left_out else "")


def _styled(segments: Iterator[Segment] | object) -> Iterator[TreePiece]:
    """Neighbours of one style together."""
    assert isinstance(segments, Iterator)
    for style, group in groupby(segments, key=_style):
        yield TreePiece("".join(segment.text for segment in group), style)


def _style(segment: Segment) -> str:
    style = segment.style
    if style is None:
        return ""
    classes = [_STYLES.get(style.color.name, "")] if style.color else []
    classes += [name for name, wanted in (("t-head", style.bold), ("t-dim", style.dim)) if wanted]
    return " ".join(filter(None, classes))
