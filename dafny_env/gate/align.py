"""Whether one sequence becomes another when some of its permitted pieces are left out: dynamic programming over the
positions that can be reached, near-linear where pieces rarely resemble what follows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from dafny_env.gate.objections import Refusal

MAX_WORK = 1_000_000
"""Pairs of positions looked at before giving up: text made to be ambiguous is not worth more."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the candidate that may be left out: items up to `end` (exclusive). replaces: the one item of the
    original it stands for, None for nothing. refusal: why it may not be left out; such pieces only explain."""

    end: int
    replaces: str | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Pieces:
    """by_start: the pieces at each index of the candidate. turned: indices of `assert` keywords that may stand for an
    `assume` of the original."""

    by_start: Mapping[int, Sequence[Piece]]
    turned: AbstractSet[int]


@dataclass(frozen=True, slots=True)
class Alignment:
    """How far it went. matched: the sequences agree. candidate, original: the furthest positions understood.
    exhausted: given up because of the sheer number of possibilities."""

    matched: bool
    candidate: int = 0
    original: int = 0
    exhausted: bool = False


def align(candidate: Sequence[str], original: Sequence[str], pieces: Pieces) -> Alignment:
    """Whether leaving out pieces (those without refusal) turns the candidate into the original."""
    end, length = len(candidate), len(original)
    reached: list[set[int] | None] = [None] * (end + 1)
    reached[0] = {0}
    furthest = (0, 0)
    work = 0
    by_start, turned = pieces.by_start, pieces.turned
    for i in range(end):
        here = reached[i]
        if not here:
            continue
        reached[i] = None
        work += len(here)
        if work > MAX_WORK:
            return Alignment(False, furthest[1], furthest[0], exhausted=True)
        best = max(here)
        if best >= furthest[0]:
            furthest = (best, i)
        item = candidate[i]
        taken = "assume" if i in turned else item
        ahead = {j + 1 for j in here if j < length and (original[j] == item or original[j] == taken)}
        if ahead:
            there = reached[i + 1]
            reached[i + 1] = ahead if there is None else there | ahead
        for piece in by_start.get(i, ()):
            if piece.refusal is not None:
                continue
            over = here if piece.replaces is None else _stand_for(here, original, piece.replaces)
            if over:
                there = reached[piece.end]
                reached[piece.end] = set(over) if there is None else there | over
    last = reached[end] or set()
    if last and max(last) >= furthest[0]:
        furthest = (max(last), end)
    return Alignment(length in last, furthest[1], furthest[0])


def _stand_for(here: AbstractSet[int], original: Sequence[str], item: str) -> set[int]:
    return {j + 1 for j in here if j < len(original) and original[j] == item}


@dataclass(slots=True)
class _Way:
    """The cheapest way to a pair of positions."""

    cost: int
    before: tuple[int, int] | None
    piece: Piece | None = None


def pairs(candidate: Sequence[str], original: Sequence[str], pieces: Pieces) -> list[tuple[int, int]] | None:
    """Positions of the candidate with those of the original that they stand for, where leaving out pieces (those
    without refusal) turns one into the other; None where that is not so."""
    kept = {s: [p for p in options if p.refusal is None] for s, options in pieces.by_start.items()}
    ways = _ways(candidate, original, Pieces(kept, pieces.turned))
    if ways is None or len(original) not in ways[len(candidate)]:
        return None
    found: list[tuple[int, int]] = []
    at: tuple[int, int] | None = (len(candidate), len(original))
    while at is not None:
        way = ways[at[0]][at[1]]
        if way.piece is None and way.before is not None:
            found.append(way.before)
        at = way.before
    return found[::-1]


def explain(candidate: Sequence[str], original: Sequence[str], pieces: Pieces) -> list[tuple[int, Piece]] | None:
    """The fewest refused pieces (with where they start) that would have to be left out as well for the sequences to
    agree; None when even that does not help."""
    ways = _ways(candidate, original, pieces)
    if ways is None or len(original) not in ways[len(candidate)]:
        return None
    at: tuple[int, int] | None = (len(candidate), len(original))
    used: list[tuple[int, Piece]] = []
    while at is not None:
        way = ways[at[0]][at[1]]
        if way.piece is not None and way.piece.refusal is not None and way.before is not None:
            used.append((way.before[0], way.piece))
        at = way.before
    return used[::-1]


def _ways(candidate: Sequence[str], original: Sequence[str], pieces: Pieces) -> list[dict[int, _Way]] | None:
    """The cheapest way to each pair of positions; None when there are too many."""
    end, length = len(candidate), len(original)
    ways: list[dict[int, _Way]] = [{} for _ in range(end + 1)]
    ways[0][0] = _Way(0, None)
    work = 0
    for i in range(end):
        item = candidate[i]
        taken = "assume" if i in pieces.turned else item
        options = pieces.by_start.get(i, ())
        work += len(ways[i]) * (1 + len(options))
        if work > MAX_WORK // 2:
            return None
        for j, way in ways[i].items():
            if j < length and (original[j] == item or original[j] == taken):
                _offer(ways[i + 1], j + 1, way.cost, (i, j), None)
            for piece in options:
                cost = way.cost + (piece.refusal is not None)
                if piece.replaces is None:
                    _offer(ways[piece.end], j, cost, (i, j), piece)
                elif j < length and original[j] == piece.replaces:
                    _offer(ways[piece.end], j + 1, cost, (i, j), piece)
    return ways


def _offer(there: dict[int, _Way], j: int, cost: int, before: tuple[int, int], piece: Piece | None) -> None:
    known = there.get(j)
    if known is None or cost < known.cost:
        there[j] = _Way(cost, before, piece)


def align_backwards(candidate: Sequence[str], original: Sequence[str], pieces: Pieces) -> Alignment:
    """`align` from the ends: how far the tails agree, as positions from the start."""
    size = len(candidate)
    mirrored: dict[int, list[Piece]] = {}
    for start, options in pieces.by_start.items():
        for piece in options:
            mirrored.setdefault(size - piece.end, []).append(Piece(size - start, piece.replaces, piece.refusal))
    turned = {size - 1 - k for k in pieces.turned}
    found = align(candidate[::-1], original[::-1], Pieces(mirrored, turned))
    return Alignment(found.matched, size - found.candidate, len(original) - found.original, found.exhausted)
