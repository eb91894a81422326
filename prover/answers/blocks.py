"""The blocks of code in a model's text, whatever language they are in: reasoning taken off, fences of Markdown found,
what is cut off told.

Several blocks are alternatives. The last complete one comes first, because models correct themselves as they go; the
other complete ones follow in their order, and one that is not closed comes last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

THIS_ONE = "this one"
"""What prompts write in a comment behind the place that a goal is about; it is no part of the file."""

MOST_CHARACTERS = 200_000
"""What an answer has beyond that, its reasoning not counted, is not read."""

_CLOSES_THOUGHT = re.compile(r"</(?:think|thinking|thought|reasoning)>|\[/THINK\]|◁/think▷")
_OPENS_THOUGHT = re.compile(r"<(?:think|thinking|thought|reasoning)>|\[THINK\]|◁think▷")
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)[^<]{0,100}<\|message\|>")
_SPECIAL = re.compile(
    r"<[|｜](?:start|end|return|message|channel|call|im_start|im_end|eot_id|end_of_text|endoftext"
    r"|begin▁of▁sentence|end▁of▁sentence|Assistant|User)[|｜]>|</s>"
)
_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})[ \t]*([^\r\n]*)")
_LANGUAGES = frozenset(["lean", "lean4", "dafny", "dfy", "diff", "patch", "text", "tactics"])
_WRAPPERS = frozenset(["markdown", "md"])
_MARKED = re.compile(rf"[ \t]*(?:/-|/\*) {THIS_ONE} (?:-/|\*/)")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of code. tag: the language as written, in lower case. closed: its fence ends. fenced: it had one; an
    answer without any is one block as a whole."""

    text: str
    tag: str = ""
    closed: bool = True
    fenced: bool = True


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of an answer, the best guess first. in_order: as they stand in the text. truncated: the answer breaks
    off, in its reasoning or in a block."""

    blocks: tuple[Block, ...] = ()
    in_order: tuple[Block, ...] = ()
    truncated: bool = False


def find_blocks(answer: str, *, cut: bool = False) -> Blocks:
    """The blocks of an answer. cut: the model was stopped at its limit (as an answer of more than `MOST_CHARACTERS`
    is)."""
    text, in_thought = without_reasoning(answer)
    if len(text) > MOST_CHARACTERS:
        text, cut = text[:MOST_CHARACTERS], True
    text = _MARKED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    found = list(_fenced(text))
    if not found and text.strip():
        found = [Block(text, closed=not cut, fenced=False)]
    complete = [b for b in found if b.closed]
    open_ = [b for b in found if not b.closed]
    return Blocks((*complete[-1:], *complete[:-1], *open_), tuple(found), cut or in_thought or bool(open_))


def without_reasoning(answer: str) -> tuple[str, bool]:
    """An answer without what the model thought aloud, and whether it breaks off in that."""
    final = None
    last = ""
    for channel in _CHANNEL.finditer(answer):
        last = channel[1]
        if last == "final":
            final = channel.end()
    if last:
        if final is None:
            return "", True
        answer = answer[final:]
    closings = list(_CLOSES_THOUGHT.finditer(answer))
    if closings:  # what opens it may be part of the prompt
        answer = answer[closings[-1].end() :]
    opening = _OPENS_THOUGHT.search(answer)
    if opening is not None:
        return _SPECIAL.sub("", answer[: opening.start()]), True
    return _SPECIAL.sub("", answer), False


def _fenced(text: str) -> Iterator[Block]:
    lines: list[str] = []
    fence, indent, tag = "", "", ""
    for line in text.split("\n"):
        mark = _FENCE.fullmatch(line)
        if not fence:
            if mark is not None and "`" not in mark[3]:
                indent, fence, tag = mark[1], mark[2], _tag(mark[3])
            continue
        same = mark is not None and mark[2][0] == fence[0] and len(mark[2]) >= len(fence)
        if mark is not None and same and not mark[3].strip():
            yield from _unwrapped(Block("\n".join(lines), tag))
            lines, fence = [], ""
        elif mark is not None and same and _tag(mark[3]) in _LANGUAGES and tag not in _WRAPPERS:
            yield Block("\n".join(lines), tag)  # the closing fence was forgotten
            lines, indent, fence, tag = [], mark[1], mark[2], _tag(mark[3])
        else:
            lines.append(line.removeprefix(indent))
    if fence and any(line.strip() for line in lines):
        yield from (replace(b, closed=False) for b in _unwrapped(Block("\n".join(lines), tag)))


def _unwrapped(block: Block) -> Iterator[Block]:
    """A block, or those in it where it is Markdown itself."""
    inner = list(_fenced(block.text)) if block.tag in _WRAPPERS else []
    if inner:
        yield from inner
    elif block.text.strip():
        yield block


def _tag(info: str) -> str:
    words = info.strip().strip("{}.").split()
    return words[0].lower() if words else ""
