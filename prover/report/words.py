"""How classes and numbers are called on the page, and text made fit for it: harmless, and of bounded size."""

from __future__ import annotations

from dataclasses import dataclass

from prover.console import duration, noun, plain
from prover.evaluation.outcomes import TaskClass

GLYPHS = {
    TaskClass.PROVED: "✓",
    TaskClass.REFUTED: "✗",
    TaskClass.UNKNOWN: "○",
    TaskClass.INVALID: "⊘",
    TaskClass.UNSUPPORTED: "–",
    TaskClass.ERROR: "!",
    TaskClass.NOT_RUN: "·",
}
"""A class is told by sign and word, never by colour alone."""
MEANINGS = {
    TaskClass.PROVED: "a whole proof that the project's own gate accepted in a fresh verifier",
    TaskClass.REFUTED: "a confirmed counterexample: as posed, the task is false",
    TaskClass.UNKNOWN: "neither, within the budget",
    TaskClass.INVALID: "the task itself does not compile, or its data is damaged",
    TaskClass.UNSUPPORTED: "needs a verifier, a library or a syntax that was not there",
    TaskClass.ERROR: "an error of ours, or a model or verifier that never answered",
    TaskClass.NOT_RUN: "no attempt has ended",
}
_MOST_LINE = 600
"""Characters of one line of code or output."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A text within its bounds. left_out: characters that are not shown."""

    text: str
    left_out: int = 0

    @property
    def note(self) -> str:
        """What is to be said of it; empty when it is whole."""
        return f"{self.left_out:,} characters more are not shown" if self.left_out else ""


def harmless(text: str) -> str:
    """The text with line ends `\\n` and nothing that is invisible or turns the direction of writing. Fast for text
    that is so already."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").replace("\xa0", " ").split("\n")
    return "\n".join(line if line.isprintable() else plain(line) for line in lines)


def bounded(text: str, most: int) -> Cut:
    """The beginning of a text, at most `most` characters of it, made harmless; of its very long lines the beginning."""
    lines = harmless(text[: max(most, 0)]).split("\n")
    kept = [line if len(line) <= _MOST_LINE else line[:_MOST_LINE] + " …" for line in lines]
    beyond = sum(max(len(line) - _MOST_LINE, 0) for line in lines)
    return Cut("\n".join(kept), max(len(text) - max(most, 0), 0) + beyond)


def one_line(text: str, most: int) -> str:
    """The text on one line of at most so many characters."""
    line = " ".join(harmless(text[: 4 * most]).split())
    return line if len(line) <= most and len(text) <= 4 * most else line[: most - 1].rstrip() + "…"


def count(number: int, word: str) -> str:
    """`1 task`, `1,204 tasks`."""
    return f"{number:,} {noun(number, word)}"


def percent(value: float) -> str:
    """`72.1 %` of a share between 0 and 1."""
    return f"{100 * value:.1f} %"


def signed(value: float) -> str:
    """`+4.5`, `−16.7`, `0.0`."""
    return "0.0" if round(value, 1) == 0 else f"{value:+.1f}".replace("-", "−")


def seconds(value: float) -> str:
    """`0.4 s`, `3 min 05 s`."""
    return duration(value)


def usd(value: float | None) -> str:
    """`$0.012`; `not known`."""
    if value is None:
        return "not known"
    return "$0" if value == 0 else f"${value:.3f}" if value < 1 else f"${value:,.2f}"
