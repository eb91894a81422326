"""The texts alone: whether the candidate is the original with proofs and lemmas in permitted places, and whether what
is new says anything that it must not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lean_project.gate.align import Alignment, align, closes, gaps, holes, partner
from lean_project.gate.banned import banned
from lean_project.gate.results import Objection
from lean_project.syntax.commands import Command, commands_of
from lean_project.syntax.source import LineMap
from lean_project.syntax.tokens import Kind, Token, code, simple_name, tokenize

ADDED = frozenset(["theorem", "lemma", "def", "abbrev"])
"""What may be declared beside the original's own declarations."""

MAX_CHARACTERS = 2_000_000
"""By how much a candidate may be longer than its original."""

_TOLD = frozenset(
    """set-option unsafe partial implemented-by extern csimp native-decide bv-decide lc-proof run elab
    initialize simproc meta""".split()  # noqa: SIM905
)
"""Rules whose breach in the original is told with every verdict."""

_RUNS_CODE = frozenset(["#eval", "#eval!"])

_OWN_COMMANDS = "it may run code while Lean reads the file, or hide what Lean says: take it out"

_ADDED_MODIFIERS = frozenset(["private", "protected", "noncomputable", "nonrec"])


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its tokens (without comments) and commands."""

    text: str
    all_tokens: tuple[Token, ...]
    tokens: tuple[Token, ...]
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class TextVerdict:
    """objections: none where the candidate is the original with more in permitted places. filled: full names of the
    original's declarations with something new in them (`example` for those). left: those with a `sorry` left,
    each with its line in the candidate. added: full names of new declarations."""

    objections: tuple[Objection, ...]
    filled: frozenset[str] = frozenset()
    left: tuple[tuple[str, str, int], ...] = ()
    added: frozenset[str] = frozenset()


def read(text: str) -> Reading:
    """A text's tokens and commands."""
    tokens = tokenize(text)
    return Reading(text, tuple(tokens), tuple(code(tokens)), commands_of(text, tokens))


def judge_text(original: Reading, candidate: Reading) -> TextVerdict:
    """What the texts say against a candidate."""
    lines = LineMap(candidate.text)
    if len(candidate.text) > MAX_CHARACTERS + len(original.text):
        return TextVerdict((Objection("too-long", "the candidate is too long to be looked at"),))
    odd = tuple(_odd_comments(original, candidate, lines))
    if odd:
        return TextVerdict(odd)
    known = frozenset(t.text for t in original.tokens)
    forbidden = {id(token) for token, _ in banned(candidate.tokens, known)}
    begins = _begins(candidate)
    found = align(
        candidate.tokens,
        original.tokens,
        holes(original.tokens, original.commands),
        gaps(original.tokens, original.commands),
        frozenset(k for k, t in enumerate(candidate.tokens) if id(t) in forbidden),
        begins,
    )
    if found.pieces is None:
        return TextVerdict((_mismatch(original, candidate, found, lines),))
    objections: list[Objection] = []
    added: set[str] = set()
    for piece in found.pieces:
        tokens = candidate.tokens[piece.start : piece.end]
        for token, ban in banned(tokens, known):
            line, column = lines.position(token.start)
            objections.append(Objection(ban.rule, f"`{_short(token)}` may not be added: {ban.message}", line, column))
        inside = [c for c in candidate.commands if tokens[0].start <= c.keyword_at < tokens[-1].end]
        if piece.hole is not None:
            starts = [candidate.tokens[k] for k in range(piece.start, piece.end) if k in begins]
            objections += (_command_in_proof(token, inside, lines) for token in starts)
            objections += _unbalanced(tokens, lines)
        else:
            objections += _lemmas(inside, tokens, original, lines)
            added |= {c.full_name for c in inside if c.declares}
    objections += _clashes(candidate, added, lines)
    return TextVerdict(tuple(dict.fromkeys(objections)), *_state(original, candidate, found, lines), frozenset(added))


def own_cheats(original: Reading) -> tuple[str, ...]:
    """What the original itself says that a candidate may not add, where it bears on what a proof is worth: trust in
    what is not the kernel, and code that runs while Lean reads the file."""
    lines, told = LineMap(original.text), list[str]()
    for token, ban in banned(original.tokens, ()):
        rule = "run" if token.text in _RUNS_CODE else ban.rule
        if rule in _TOLD:
            told.append(f"{rule}: `{_short(token)}` in line {lines.position(token.start).line}")
    return tuple(told)


def judge_own_text(candidate: Reading) -> tuple[Objection, ...]:
    """What is said against a text that is its own specification: it may declare what it likes, but prove nothing by
    trust, and run nothing while it is read."""
    lines = LineMap(candidate.text)
    return tuple(
        Objection(
            ban.rule,
            f"`{_short(token)}`: {_OWN_COMMANDS if ban.rule == 'hash-command' else ban.message}",
            *lines.position(token.start),
        )
        for token, ban in banned(candidate.tokens, frozenset(t.text for t in candidate.tokens))
        if ban.rule in _TOLD | {"sorry", "axiom", "unterminated", "hash-command", "meta"}
    )


def turns_kernel_off(original: Reading) -> bool:
    """Whether the original sets one of the options that keep the kernel from looking."""
    words = [t.text for t in original.tokens]
    return any(a == "set_option" and simple_name(b)[:1] == ("debug",) for a, b in pairwise(words))


_HIDES = frozenset(["#guard_msgs", "#check_failure", "#guard_msgs_in"])


def not_stored(original: Reading) -> str:
    """What of a text hides errors from us: compiled modules say nothing of that. Empty where there is none."""
    hidden = next((t.text for t in original.tokens if t.text in _HIDES), "")
    return f"`{hidden}` hides errors, so nothing is known of what stands behind it." if hidden else ""


def _begins(reading: Reading) -> frozenset[int]:
    """Indices of the tokens that begin commands."""
    starts = sorted(c.start for c in reading.commands)
    found, nth = set[int](), 0
    for k, token in enumerate(reading.tokens):
        if nth < len(starts) and token.start >= starts[nth]:
            found.add(k)
            while nth < len(starts) and token.start >= starts[nth]:
                nth += 1
    return frozenset(found)


def _odd_comments(original: Reading, candidate: Reading, lines: LineMap) -> Iterator[Objection]:
    """Comments that are new and hard to tell from code: where they end must be beyond doubt."""
    mine = Counter(t.text for t in original.all_tokens if t.kind in (Kind.COMMENT, Kind.DOC))
    for token in candidate.all_tokens:
        if token.kind not in (Kind.COMMENT, Kind.DOC):
            continue
        if mine[token.text] > 0:
            mine[token.text] -= 1
            continue
        if candidate.text[max(token.start - 1, 0)] not in " \t\r\n([{⟨," and token.start > 0:
            message = "a comment right behind a symbol: leave a blank before it"
            yield Objection("odd-comment", message, *lines.position(token.start))
        if token.text.startswith("--"):
            continue
        body = token.text[3:-2]
        if not token.closed:
            yield Objection("unterminated", "a comment without an end", *lines.position(token.start))
        elif "--" in body or "/-" in body or "-/" in body or body.startswith("/"):
            yield Objection("odd-comment", "a comment with marks of comments in it", *lines.position(token.start))


def _mismatch(original: Reading, candidate: Reading, found: Alignment, lines: LineMap) -> Objection:
    there = candidate.tokens[found.candidate] if found.candidate < len(candidate.tokens) else None
    line, column = lines.position(there.start if there else len(candidate.text))
    if found.original >= len(original.tokens):
        return Objection("text-changed", "there is more in the file than the original has", line, column)
    expected = _short(original.tokens[found.original])
    got = f"`{_short(there)}`" if there else "the end"
    message = f"the original goes on with `{expected}` here, not with {got}: only `sorry` may be replaced"
    if there is not None and not there.closed:
        return Objection("unterminated", message, line, column)
    return Objection("text-changed", message, line, column)


def _command_in_proof(token: Token, inside: Sequence[Command], lines: LineMap) -> Objection:
    place = lines.position(token.start)
    if any(c.start <= token.start < c.end for c in inside):
        message = f"a proof ends before `{_short(token)}`; lemmas stand before the declaration"
        return Objection("command-in-proof", message, *place)
    return Objection("text-changed", f"`{_short(token)}` is added to what the original declares", *place)


def _unbalanced(tokens: Sequence[Token], lines: LineMap) -> Iterator[Objection]:
    """Brackets that would be the partners of frozen ones."""
    open_: list[Token] = []
    for token in tokens:
        if partner(token):
            open_.append(token)
        elif closes(token) and (not open_ or partner(open_.pop()) != token.text):
            yield Objection("unbalanced", f"`{token.text}` closes nothing", *lines.position(token.start))
            return
    for token in open_:
        yield Objection("unbalanced", f"`{token.text}` is not closed", *lines.position(token.start))


def _lemmas(
    inside: Sequence[Command], tokens: Sequence[Token], original: Reading, lines: LineMap
) -> Iterator[Objection]:
    used = {part for t in original.tokens if t.kind is Kind.WORD for part in simple_name(t.text)}
    if inside and inside[0].start > tokens[0].start:
        yield Objection("text-changed", "text that belongs to no declaration", *lines.position(tokens[0].start))
    for nth, command in enumerate(inside):
        place = lines.position(command.keyword_at)
        if command.keyword == "set_option" and nth + 1 < len(inside):
            last = [t.text for t in tokens if t.start < command.end][-1]
            if last == "in":  # for the lemma behind it; which options, is looked at word by word
                continue
        if command.keyword not in ADDED:
            yield Objection("declaration", f"`{command.keyword}` may not be added, only lemmas", *place)
            continue
        for modifier in command.modifiers:
            if modifier not in _ADDED_MODIFIERS:
                yield Objection("modifier", f"`{modifier}` may not be added", *place)
        parts = simple_name(command.name)
        if not parts:
            yield Objection("name-missing", "a lemma without a name", *place)
        elif parts[0] == "_root_":
            yield Objection("name-root", "a lemma is named within its namespace", *place)
        elif parts[-1] in used:
            message = (
                f"`{command.name}` could be taken for what the original means by `{parts[-1]}`: choose a fresh name"
            )
            yield Objection("name-not-fresh", message, *place)


def _clashes(candidate: Reading, added: set[str], lines: LineMap) -> Iterator[Objection]:
    names = Counter(c.full_name for c in candidate.commands if c.full_name)
    for command in candidate.commands:
        if command.full_name in added and names[command.full_name] > 1:
            place = lines.position(command.keyword_at)
            yield Objection("name-not-fresh", f"`{command.full_name}` is declared twice", *place)


def _state(
    original: Reading, candidate: Reading, found: Alignment, lines: LineMap
) -> tuple[frozenset[str], tuple[tuple[str, str, int], ...]]:
    """Which declarations have something new in them, and which have a `sorry` left."""
    filled, left = set[str](), []
    for hole in sorted(holes(original.tokens, original.commands)):
        start = original.tokens[hole].start
        owner = next((c for c in original.commands if c.start <= start < c.end), None)
        keyword, name = (owner.keyword, owner.full_name) if owner else ("", "")
        if found.kept[hole] < 0:
            filled.add(keyword if keyword == "example" else name)
        else:
            left.append((keyword, name, lines.position(candidate.tokens[found.kept[hole]].start).line))
    return frozenset(filled), tuple(left)


def _short(token: Token) -> str:
    text = token.text.split("\n")[0]
    text = text if len(text) <= 40 else text[:37] + "..."
    return text if token.kind is not Kind.BAD else f"U+{ord(token.text[0]):04X}"
