"""The candidates in an answer, in either language: each alternative block by itself, with the lemmas that it uses from
other blocks; all changes of the file together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from prover.answers.blocks import Block, Blocks, find_blocks
from prover.answers.patches import is_patch, patched, read_patches
from prover.answers.reading import MOST_CANDIDATES, NotAnEdit, too_much


class Dialect(Protocol):
    """What must be known of a language, and of the goal, to tell candidates from what is none."""

    def from_prose(self, text: str) -> str:
        """The code of an answer without fences, empty where there is none."""
        ...

    def balanced(self, code: str) -> bool:
        """Whether every bracket, string and comment is closed."""
        ...

    def only_helpers(self, code: str) -> bool:
        """Whether it consists of lemmas and functions alone, none of them the goal's declaration."""
        ...

    def declared(self, code: str) -> AbstractSet[str]:
        """The names it declares."""
        ...

    def used(self, code: str) -> AbstractSet[str]:
        """The names it speaks of."""
        ...

    def joined(self, code: str, helpers: str) -> str:
        """The code with helpers."""
        ...


def blocks_of(answer: str, *, cut: bool, raw: bool) -> Blocks:
    """The blocks of an answer; all of it is one where it is raw."""
    if not raw:
        return find_blocks(answer, cut=cut)
    only = (Block(answer.replace("\r\n", "\n").replace("\r", "\n"), closed=not cut),)
    return Blocks(only, only, cut)


def candidates(base: str, found: Blocks, dialect: Dialect, refused: list[NotAnEdit]) -> Iterator[str]:
    """The pieces of code to be read as steps, the best guess first. base: the text that changes are of. What can be
    none is added to `refused` instead."""
    if any(is_patch(b.text, b.tag) for b in found.in_order):
        text = _changed(base, found.in_order)
        if isinstance(text, NotAnEdit):
            refused.append(text)
        else:
            yield text
    plain = [b for b in found.blocks if not is_patch(b.text, b.tag)]
    over, plain = plain[MOST_CANDIDATES:], plain[:MOST_CANDIDATES]
    refused += [why for b in plain if (why := too_much(b.text)) is not None]
    plain = [b for b in plain if too_much(b.text) is None]
    helpers = [b.text for b in plain if b.fenced and dialect.only_helpers(b.text)] if len(plain) > 1 else []
    for block in plain:
        code = block.text if block.fenced else dialect.from_prose(block.text)
        if not code.strip():
            refused.append(NotAnEdit("there is no code in the answer", "missing"))
        elif not block.closed and not dialect.balanced(code):
            refused.append(NotAnEdit("the code is cut off", "cut-off"))
        elif block.text not in helpers or len(plain) == len(helpers):
            yield _with_helpers(code, [h for h in helpers if h != block.text], dialect)
    if over:
        refused.append(NotAnEdit(f"more than {MOST_CANDIDATES} pieces of code", "too-long"))


def _changed(base: str, blocks: Sequence[Block]) -> str | NotAnEdit:
    """The text with the changes of all blocks made."""
    text = base
    for block in blocks:
        if not is_patch(block.text, block.tag):
            continue
        patches = too_much(block.text) or read_patches(block.text)
        made = patches if isinstance(patches, NotAnEdit) else patched(text, patches)
        if isinstance(made, NotAnEdit):
            return made
        text = made
    return text


def _with_helpers(code: str, pieces: Sequence[str], dialect: Dialect) -> str:
    """The code with those other pieces whose lemmas it uses, and what these use in turn."""
    left = [(piece, dialect.declared(piece)) for piece in pieces]
    own = dialect.declared(code) if left else frozenset[str]()
    left = [(piece, names) for piece, names in left if not names & own]
    used = set(dialect.used(code)) if left else set()
    while found := [(piece, names) for piece, names in left if names & used]:
        left = [entry for entry in left if entry not in found]
        for piece, _ in found:
            code = dialect.joined(code, piece)
            used |= dialect.used(piece)
    return code
