"""What a prompt may show of a goal, whatever its language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from prover.answers.blocks import THIS_ONE

Language = Literal["lean", "dafny"]
COMMENT = {"lean": "--", "dafny": "//"}


class Purpose(StrEnum):
    """What a model is asked for: a template's name."""

    DECOMPOSE = "decompose"
    CLOSE = "close"
    REPAIR = "repair"
    REFUTE = "refute"
    IMPLEMENT = "implement"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the file. name: of the declaration that it is; empty for what is never left out. needed: the goal
    names it. distance: declarations between it and the goal's."""

    text: str
    name: str = ""
    needed: bool = False
    distance: int = 0

    @property
    def droppable(self) -> bool:
        """Whether a prompt may leave it out."""
        return bool(self.name) and not self.needed


@dataclass(frozen=True, slots=True)
class Attempt:
    """A rejected step: the text as the verifier saw it, its messages as comments in their places (`annotate`). summary:
    what it said as a whole."""

    text: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class PromptView:
    """A goal as prompts show it.

    name: of the declaration it is in. statement: the text of that declaration; before, after: the rest of the file, in
    order. hole: offset in the statement behind the place that the goal is about, where several could be meant. target,
    hypotheses: as the verifier prints them (of Dafny: the fact to be shown, or what a lemma ensures). state: all of it
    as one text. lemmas: statements that are not in the file and may be used. attempts: the oldest first. notes: other
    things worth knowing, a line each. informal: the problem in words, where a benchmark gives them.
    """

    language: Language
    name: str
    statement: str
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
    hole: int | None = None
    state: str = ""
    target: str = ""
    hypotheses: tuple[str, ...] = ()
    lemmas: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    notes: tuple[str, ...] = ()
    informal: str = ""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All of the file but the goal's declaration."""
        return self.before + self.after

    @property
    def shown(self) -> str:
        """The statement, the place that the goal is about marked."""
        if self.hole is None:
            return self.statement
        mark = f" /- {THIS_ONE} -/" if self.language == "lean" else f" /* {THIS_ONE} */"
        return self.statement[: self.hole] + mark + self.statement[self.hole :]

    def file(self, left_out: Collection[Piece] = ()) -> str:
        """The file, without some of its pieces: a comment says how many."""
        before, after = self._joined(self.before, left_out), self._joined(self.after, left_out)
        return (before + self.shown + after).strip("\n")

    def nearby(self) -> str:
        """What the goal names directly, and its own declaration."""
        texts = [p.text.strip("\n") for p in self.pieces if p.needed]
        return "\n\n".join([*texts, self.shown.strip("\n")])

    def _joined(self, pieces: tuple[Piece, ...], left_out: Collection[Piece]) -> str:
        texts: list[str] = []
        count = 0
        for piece in (*pieces, None):
            if piece is not None and piece.droppable and piece in left_out:
                count += 1
                continue
            if count:
                some = "1 declaration" if count == 1 else f"{count} declarations"
                lead = "" if not texts or texts[-1].endswith("\n") else "\n"
                tail = "" if piece is not None and piece.text.startswith("\n") else "\n"
                texts.append(f"{lead}\n{COMMENT[self.language]} ... {some} left out{tail}")
                count = 0
            if piece is not None:
                texts.append(piece.text)
        if texts and pieces is self.before and not texts[-1].endswith((" ", "\n")):
            texts.append("\n")
        return "".join(texts)
