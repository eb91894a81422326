"""Where a candidate has more than its original: proofs in place of `sorry`, lemmas before declarations. Nothing else
may be different.

Dynamic programming over both sequences of tokens finds the reading with the least that is new, with brackets closed
in each proof and nothing forbidden in it where that is possible."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lean_project.syntax.commands import Command
from lean_project.syntax.tokens import Kind, Token

MAX_WORK = 3_000_000
_FORBIDDEN = 10_000
# States: tokens of the original that are behind us, whether we are in a proof or in lemmas that are new, and in a proof
# how many brackets were open where it began.
_PLAIN, _PROOF, _LEMMAS = 0, 1, 2
_State = tuple[int, int, int]

_PARTNERS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⦃": "⦄", "⟦": "⟧"}
_CLOSING = frozenset(_PARTNERS.values())


@dataclass(frozen=True, slots=True)
class Piece:
    """New tokens of the candidate, from index `start` up to `end`. hole: index in the original of the `sorry` that they
    replace; None for lemmas."""

    start: int
    end: int
    hole: int | None


@dataclass(frozen=True, slots=True)
class Alignment:
    """pieces: what is new, in order; None where the texts do not agree. candidate, original: how far they were
    understood then. kept: for each token of the original, the index of its own in the candidate (-1 where replaced)."""

    pieces: tuple[Piece, ...] | None
    candidate: int = 0
    original: int = 0
    kept: tuple[int, ...] = ()


def holes(tokens: Sequence[Token], commands: Sequence[Command]) -> frozenset[int]:
    """Indices of the tokens that leave something to be proved: in declarations, not in what a macro stands for."""
    places = [(c.start, c.end) for c in commands if c.declares]
    found, nth = set[int](), 0
    for k, token in enumerate(tokens):
        while nth < len(places) and places[nth][1] <= token.start:
            nth += 1
        if token.text in ("sorry", "admit") and nth < len(places) and places[nth][0] <= token.start:
            found.add(k)
    return frozenset(found)


def gaps(tokens: Sequence[Token], commands: Sequence[Command]) -> frozenset[int]:
    """Indices of tokens before which lemmas may stand: where a command begins that no `in` before it and no `mutual`
    around it claims."""
    starts = [t.start for t in tokens]
    found, mutual = set[int](), False
    for command in commands:
        if command.keyword == "mutual":
            mutual = True
        k: int | None = bisect_left(starts, command.start)  # documentation is no token here
        k = k if k is not None and k < len(tokens) and starts[k] < command.end else None
        if k is not None and not mutual and (k == 0 or tokens[k - 1].text != "in"):
            found.add(k)
        if command.keyword == "end":
            mutual = False
        if command.keyword == "import" and k is not None:
            found.discard(k)
    return frozenset(found)


def partner(token: Token) -> str:
    """What closes the bracket that a token opens (`#[`, too); empty where it opens none."""
    return _PARTNERS.get(token.text[-1:], "") if token.kind is Kind.SYMBOL else ""


def closes(token: Token) -> bool:
    """Whether a token is a closing bracket."""
    return token.kind is Kind.SYMBOL and token.text in _CLOSING


def _depths(tokens: Sequence[Token]) -> list[int]:
    """How many more brackets were opened than closed before each token, and behind the last one."""
    depths = [0]
    for token in tokens:
        depths.append(depths[-1] + (1 if partner(token) else -1 if closes(token) else 0))
    return depths


def align(
    candidate: Sequence[Token],
    original: Sequence[Token],
    open_holes: Collection[int],
    open_gaps: Collection[int],
    forbidden: Collection[int],
    begins: Collection[int],
) -> Alignment:
    """How the candidate is the original with more in it. forbidden: indices of the candidate's tokens that should not
    be new; begins: of those that begin a command. Where every reading has a proof with an open bracket, one of those
    is told."""
    depths = _depths(candidate)
    found = _aligned(candidate, original, open_holes, open_gaps, forbidden, begins, depths)
    if found.pieces is not None:
        return found
    level = [0] * len(depths)
    loose = _aligned(candidate, original, open_holes, open_gaps, forbidden, begins, level)
    return loose if loose.pieces is not None else found


def _aligned(
    candidate: Sequence[Token],
    original: Sequence[Token],
    open_holes: Collection[int],
    open_gaps: Collection[int],
    forbidden: Collection[int],
    begins: Collection[int],
    depths: Sequence[int],
) -> Alignment:
    end, length = len(candidate), len(original)
    costs: list[dict[_State, tuple[int, _State | None]]] = [{} for _ in range(end + 1)]
    costs[0][(0, _PLAIN, 0)] = (0, None)
    work, furthest = 0, (0, 0)
    for i in range(end):
        word = candidate[i].text
        price = 1 + (_FORBIDDEN if i in forbidden else 0)
        starts, ends = i in begins, i + 1 in begins or i + 1 == end
        work += len(costs[i])
        if work > MAX_WORK:
            break
        there = costs[i + 1]
        for state, (cost, _) in costs[i].items():
            j, mode, base = state
            if mode == _PLAIN:
                if j >= furthest[0]:
                    furthest = (j, i)
                if j < length and original[j].text == word:
                    _offer(there, (j + 1, _PLAIN, 0), cost, state)
            if mode == _PROOF or (mode == _PLAIN and j in open_holes):
                # A command in a proof is read as such only where there is no other way.
                total = cost + price + (_FORBIDDEN if starts else 0)
                base = base if mode == _PROOF else depths[i]
                if depths[i + 1] >= base:
                    _offer(there, (j, _PROOF, base), total, state)
                if depths[i + 1] == base:
                    _offer(there, (j + 1, _PLAIN, 0), total, state)
            if mode == _LEMMAS or (mode == _PLAIN and j in open_gaps and starts):
                _offer(there, (j, _LEMMAS, 0), cost + price, state)
                if ends:
                    _offer(there, (j, _PLAIN, 0), cost + price, state)
    if (length, _PLAIN, 0) not in costs[end]:
        return Alignment(None, furthest[1], furthest[0])
    return _read(costs, end, length)


def _offer(there: dict[_State, tuple[int, _State | None]], state: _State, cost: int, before: _State) -> None:
    known = there.get(state)
    if known is None or cost < known[0]:
        there[state] = (cost, before)


def _read(costs: Sequence[dict[_State, tuple[int, _State | None]]], end: int, length: int) -> Alignment:
    kept = [-1] * length
    new: list[tuple[int, int | None]] = []  # index in the candidate, the hole it goes to
    state: _State = (length, _PLAIN, 0)
    for i in range(end, 0, -1):
        _, before = costs[i][state]
        if before is None:
            break
        (j, mode, _), (k, previous, _) = state, before
        if mode == _PROOF or (mode == _PLAIN and previous == _PROOF):
            new.append((i - 1, k))
        elif mode == _LEMMAS or previous == _LEMMAS or j == k:
            new.append((i - 1, None))
        elif costs[i][state][0] != costs[i - 1][before][0]:  # a proof of one token
            new.append((i - 1, k))
        else:
            kept[k] = i - 1
        state = before
    pieces: list[Piece] = []
    for at, hole in reversed(new):
        if pieces and pieces[-1].end == at and pieces[-1].hole == hole:
            pieces[-1] = Piece(pieces[-1].start, at + 1, hole)
        else:
            pieces.append(Piece(at, at + 1, hole))
    return Alignment(tuple(pieces), end, length, tuple(kept))
