"""Prompts that fit: what a model's window has no room for is left out in a fixed order, and said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from prover.prompts.templates import fill, template_of
from prover.prompts.view import COMMENT, Attempt, Piece, PromptView, Purpose
from prover.sampling.port import Prompt


@dataclass(frozen=True, slots=True)
class Built:
    """A prompt, its tokens as the model counts them, what was left out of it (in the order of leaving out), what ends
    the answer, and whether the answer is code without fences."""

    prompt: Prompt
    tokens: int
    dropped: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    raw: bool = False


@dataclass(frozen=True, slots=True)
class TooLong:
    """Not even the goal fits: what the shortest prompt takes, and what there is, in tokens."""

    needed: int
    room: int

    @property
    def reason(self) -> str:
        """In one sentence."""
        return f"the shortest prompt takes {self.needed} tokens and the model's window leaves {max(self.room, 0)}"


@dataclass(frozen=True, slots=True)
class NoTemplate:
    """The family has nothing for this purpose."""

    family: str
    purpose: Purpose

    @property
    def reason(self) -> str:
        """In one sentence."""
        return f"models of the family {self.family} are not asked to {self.purpose}"


def build(
    purpose: Purpose,
    view: PromptView,
    family: str,
    count: Callable[[Prompt], int],
    window: int | None,
    max_tokens: int,
) -> Built | TooLong | NoTemplate:
    """The prompt for a goal. count: tokens of a prompt (`Sampler.count`). window: of prompt and answer together, None
    for no bound; max_tokens: kept free for the answer.

    Left out, as far as needed: failed attempts, the oldest first; then declarations that the goal does not name, the
    farthest from it first. Raises KeyError for an unknown family.
    """
    found = template_of(family, view.language, purpose)
    if found is None:
        return NoTemplate(family, purpose)
    template, owner = found
    order: list[Attempt | Piece] = [*view.attempts, *_by_distance(view.pieces)]

    def built(left_out: int) -> Built:
        dropped = order[:left_out]
        prompt = fill(template, _values(view, dropped))
        return Built(prompt, count(prompt), tuple(map(_told, dropped)), owner.stop, owner.raw)

    whole = built(0)
    if window is None or whole.tokens + max_tokens <= window:
        return whole
    room = window - max_tokens
    best = built(len(order))
    if best.tokens > room:
        return TooLong(best.tokens, room)
    fits, over = len(order), 0  # the fewest left out: leaving out more never takes more room, but for a line or two
    while fits - over > 1:
        middle = (fits + over) // 2
        tried = built(middle)
        if tried.tokens <= room:
            fits, best = middle, tried
        else:
            over = middle
    return best


def _by_distance(pieces: Sequence[Piece]) -> list[Piece]:
    return sorted((p for p in pieces if p.droppable), key=lambda p: -p.distance)


def _values(view: PromptView, dropped: Sequence[Attempt | Piece]) -> dict[str, object]:
    pieces = frozenset(d for d in dropped if isinstance(d, Piece))
    attempts = view.attempts[sum(isinstance(d, Attempt) for d in dropped) :]
    return {
        "view": view,
        "language": view.language,
        "comment": COMMENT[view.language],
        "file": view.file(pieces),
        "nearby": view.nearby(),
        "attempts": attempts,
        "lean": view.language == "lean",
    }


def _told(dropped: Attempt | Piece) -> str:
    return f"declaration {dropped.name}" if isinstance(dropped, Piece) else f"attempt: {_line(dropped)}"


def _line(attempt: Attempt) -> str:
    text = (attempt.summary or attempt.text).strip().split("\n")[0]
    return text if len(text) <= 80 else text[:77] + "..."
