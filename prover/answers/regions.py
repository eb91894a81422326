"""Texts of which only some places may be written: a program to be implemented under a specification that stays.

Says only that the frozen text is still there and still means what it declared; whether what was written cheats is the
gate's to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.tokens import tokenize as dafny_tokens
from lean_project.syntax.commands import commands_of
from lean_project.syntax.tokens import code as lean_code
from lean_project.syntax.tokens import tokenize as lean_tokens
from prover.answers import dafny_code
from prover.answers import lean_code as lean_pieces
from prover.answers.blocks import find_blocks
from prover.answers.patches import is_patch, patched, read_patches
from prover.answers.reading import NotAnEdit, too_much

Language = Literal["lean", "dafny"]


class Range(NamedTuple):
    """Half-open range of character offsets."""

    start: int
    end: int


class _Word(NamedTuple):
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Regions:
    """A text with places that may be written, in order and apart from each other; all else is frozen.

    Raises ValueError for ranges that are not.
    """

    text: str
    editable: tuple[Range, ...]
    language: Language

    def __post_init__(self) -> None:
        last = 0
        for start, end in self.editable:
            if not last <= start <= end <= len(self.text):
                raise ValueError("editable ranges overlap, are out of order or outside of the text")
            last = end

    @classmethod
    def between(cls, text: str, marks: Sequence[tuple[str, str]], language: Language) -> Regions:
        """The places between pairs of marks, as benchmarks write them in comments (`// <code>`, `// </code>`). A pair
        that the text lacks is no place."""
        found: list[Range] = []
        for opening, closing in marks:
            start = text.find(opening)
            end = text.find(closing, start + len(opening))
            if start >= 0 and end >= 0:
                line = text.find("\n", start + len(opening), end)
                found.append(Range(line + 1 if line >= 0 else start + len(opening), end))
        return cls(text, tuple(sorted(found)), language)

    @property
    def frozen(self) -> tuple[str, ...]:
        """The texts before, between and behind the editable places: one more than these."""
        edges = [0, *(edge for place in self.editable for edge in place), len(self.text)]
        return tuple(self.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))

    def filled(self, texts: Sequence[str]) -> str:
        """The text with others in the editable places."""
        pieces: list[str] = []
        for frozen, text in zip(self.frozen, [*texts, ""], strict=True):
            pieces += (frozen, text)
        return "".join(pieces)


def apply(regions: Regions, answer: str, *, cut: bool = False) -> str | NotAnEdit:
    """The text with what an answer writes into its editable places: the best of its blocks that can be read.

    A block may be the whole text again; the text from some frozen part on (a declaration with helpers in front of it);
    changes of it; or what belongs into the only place that holds a body or a `sorry`. Never raises for what it says.
    """
    found = find_blocks(answer, cut=cut)
    first: NotAnEdit | None = None
    for block in found.blocks:
        read = _read(regions, block.text, block.tag, closed=block.closed, fenced=block.fenced)
        if isinstance(read, str):
            return read
        first = first or read
    return first or NotAnEdit("there is no code in the answer", "missing")


def _read(regions: Regions, text: str, tag: str, *, closed: bool, fenced: bool) -> str | NotAnEdit:
    too_long = too_much(text)
    if too_long is not None:
        return too_long
    pieces = dafny_code if regions.language == "dafny" else lean_pieces
    if is_patch(text, tag):
        patches = read_patches(text)
        made = patches if isinstance(patches, NotAnEdit) else patched(regions.text, patches)
        if isinstance(made, NotAnEdit):
            return made
        text = made
    elif not fenced:
        text = pieces.from_prose(text)
    if not text.strip():
        return NotAnEdit("there is no code in the answer", "missing")
    if not closed and not pieces.balanced(text):
        return NotAnEdit("the code is cut off", "cut-off")
    written = _written(regions, text)
    if written is None:
        return NotAnEdit("the text that must stay is not all there, or was changed: leave it as it is", "text-changed")
    for nth, (place, piece) in enumerate(zip(regions.editable, written, strict=True), 1):
        left = pieces.unmatched(piece)  # what was there may close a class around it
        if left is None or left != pieces.unmatched(regions.text[slice(*place)]):
            return NotAnEdit(f"brackets do not match in what is written into place {nth}", "unbalanced")
    made = regions.filled(written)
    again = _again(regions, written)
    if again:
        return NotAnEdit(f"`{again}` is declared already: leave that as it is", "redefinition")
    changed = _changed(regions, written, made)
    return NotAnEdit(f"`{changed}` would be read otherwise: leave it as it is", "text-changed") if changed else made


# ------------------------------------------------------------------------------------------------ what is written where


def _words(text: str, language: Language) -> list[_Word]:
    if language == "dafny":
        return [_Word(t.text, t.start, t.end) for t in dafny_tokens(text)]
    return [_Word(t.text, t.start, t.end) for t in lean_code(lean_tokens(text))]


def _written(regions: Regions, text: str) -> list[str] | None:
    """What stands in each editable place of a text; None where the text is no other version."""
    given = _words(text, regions.language)
    frozen = [[w.text for w in _words(part, regions.language)] for part in regions.frozen]
    kept = [regions.text[slice(*place)] for place in regions.editable]
    alone = _alone(regions, given, text, kept)
    if alone is not None:
        return alone
    for left_out in range(len(frozen)):
        if left_out and not frozen[left_out - 1]:
            continue
        if left_out:
            text = _without(text, regions.frozen[left_out - 1], regions.language)
            given = _words(text, regions.language)
        expected = [*([] for _ in range(left_out)), *frozen[left_out:]]
        if left_out and not any(expected):
            break
        found = _aligned(given, expected, text)
        if found is not None:
            return [*kept[: max(left_out - 1, 0)], *found[max(left_out - 1, 0) :]]
    return None


def _aligned(given: Sequence[_Word], frozen: Sequence[Sequence[str]], text: str) -> list[str] | None:
    """What stands between frozen words: each part at its first place behind the one before, the last at the end."""
    words = [w.text for w in given]
    if words[: len(frozen[0])] != list(frozen[0]):
        return None
    at = len(frozen[0])
    found: list[tuple[int, int]] = []
    for nth, part in enumerate(frozen[1:], 1):
        last = nth == len(frozen) - 1
        start = len(words) - len(part) if last else _find(words, part, at)
        if start < at or words[start : start + len(part)] != list(part):
            return None
        found.append((at, start))
        at = start + len(part)
    return [_slice(given, text, a, b) for a, b in found]


def _find(words: Sequence[str], part: Sequence[str], at: int) -> int:
    """Where a part stands in words, -1 for nowhere."""
    if not part:
        return at
    for k in range(at, len(words) - len(part) + 1):
        if words[k] == part[0] and words[k : k + len(part)] == part:
            return k
    return -1


def _slice(given: Sequence[_Word], text: str, first: int, last: int) -> str:
    """The lines from one word up to another."""
    if first >= last:
        return "\n"
    start, end = given[first].start, given[last - 1].end
    line = text.rfind("\n", 0, start) + 1
    lead = text[line:start]
    return f"{lead if not lead.strip() else ''}{text[start:end]}\n"


def _alone(regions: Regions, given: Sequence[_Word], text: str, kept: list[str]) -> list[str] | None:
    """A body by itself, for the only place that holds one."""
    opening = "{" if regions.language == "dafny" else "sorry"
    places = []
    for nth, piece in enumerate(kept):
        words = _words(piece, regions.language)
        if words and words[0].text == opening:
            places.append(nth)
    if len(places) != 1 or not given:
        return None
    if regions.language == "dafny" and given[0].text != "{":
        return None
    if regions.language == "lean" and any(c.declares for c in commands_of(text, lean_tokens(text))):
        return None
    nth = places[0]
    piece = kept[nth]
    words = _words(piece, regions.language)
    last = next((k for k in range(len(words)) if not _depth(words[: k + 1])), 0) if opening == "{" else 0
    written = f"{piece[: words[0].start]}{text.strip()}{piece[words[last].end :]}"
    return [*kept[:nth], written, *kept[nth + 1 :]]


def _depth(words: Sequence[_Word]) -> int:
    return sum((w.text in ("{", "{:")) - (w.text == "}") for w in words)


# --------------------------------------------------------------------------------------- whether it still says the same


def _changed(regions: Regions, written: Sequence[str], made: str) -> str:
    """What begins in the frozen text and is no longer what it was; empty where there is nothing."""
    if made == regions.text:
        return ""
    spans = dict(_declared(regions.text, regions.language))
    now = dict(_declared(made, regions.language))
    shift = 0
    at = 0
    for place, piece in zip([*regions.editable, Range(len(regions.text), 0)], [*written, ""], strict=True):
        for offset, said in spans.items():
            if at <= offset < place.start and now.get(offset + shift) != said:
                return said[1] or said[0]
        shift += len(piece) - (place.end - place.start)
        at = place.end
    return ""


class _Known(NamedTuple):
    name: str
    start: int
    end: int
    said: object


def _known(text: str, language: Language) -> Iterator[_Known]:
    """The declarations (of Lean: commands) of a text as wholes."""
    if language == "dafny":
        for decl in parse(text).decls:
            yield _Known(getattr(decl, "name", ""), *decl.span, decl)
        return
    tokens = lean_tokens(text)
    words = lean_code(tokens)
    for command in commands_of(text, tokens):
        said = tuple(w.text for w in words if command.start <= w.start < command.end)
        yield _Known(command.full_name, command.start, command.end, said)


def _without(text: str, part: str, language: Language) -> str:
    """A text without those declarations that a frozen part has as well, word for word."""
    frozen = [known.said for known in _known(part, language)]
    kept, at = [], 0
    for known in _known(text, language):
        if known.said in frozen and known.start >= at:
            kept.append(text[at : known.start])
            at = known.end
    return "".join([*kept, text[at:]])


def _again(regions: Regions, written: Sequence[str]) -> str:
    """The name of something that is written though the frozen text declares it; empty where there is none."""
    frozen = {known.name for part in regions.frozen for known in _known(part, regions.language)} - {""}
    return next((k.name for piece in written for k in _known(piece, regions.language) if k.name in frozen), "")


def _declared(text: str, language: Language) -> Iterator[tuple[int, tuple[str, str, object]]]:
    """Where declarations start, each with its kind, its name and what it says apart from bodies."""
    if language == "lean":
        for command in commands_of(text, lean_tokens(text)):
            around = (command.modifiers, command.attributes, command.namespaces)
            yield command.start, (command.keyword, command.full_name, around)
        return
    stack: list[ast.Decl] = list(parse(text).decls)
    while stack:
        decl = stack.pop()
        members: tuple[ast.Decl, ...] = getattr(decl, "members", ())
        stack.extend(members)
        said: object = decl
        if isinstance(decl, ast.Callable):
            said = replace(decl, body=None, by_method=None)
        elif isinstance(decl, ast.Module | ast.ClassLike | ast.Datatype | ast.TypeDecl):
            said = replace(decl, members=())
        yield decl.span.start, (type(decl).__name__, getattr(decl, "name", ""), said)
