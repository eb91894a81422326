"""The parser's hold on the token list: looking, taking, matching brackets, spans, and giving up on a construct."""

from __future__ import annotations

from collections.abc import Iterable

from dafny_env.syntax import ast as A
from dafny_env.syntax.tokens import SYMBOLS, tokenize
from dafny_env.syntax.walk import height

MAX_NESTING = 80
"""Constructs within constructs that the recursive descent follows; each takes up to nine frames of Python's stack."""
MAX_HEIGHT = 200
"""Levels of a tree, long left-associative chains included; a declaration with more is not read, so that recursive
consumers of the tree stay within Python's default recursion limit."""
_LEVELS_PER_CONSTRUCT = 4


class Unreadable(Exception):
    """The construct being parsed cannot be read. Never leaves the parser."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class Cursor:
    """A position in the tokens of one text (comments left out), with the permissions of the current expression.

    `words[i]` is the i-th token's text (Unicode operators in their ASCII form), `kinds[i]` its kind, `starts` and
    `ends` its offsets; one empty token of kind `eof` closes the lists. `closing[i]` is the index of the bracket that
    closes an opening bracket, else -1.
    """

    def __init__(self, text: str) -> None:
        tokens = tokenize(text)
        self.source = text
        self.words = [SYMBOLS.get(t.text, t.text) if t.kind == "op" else t.text for t in tokens]
        self.words.append("")
        self.kinds: list[str] = [t.kind for t in tokens]
        self.kinds.append("eof")
        self.starts = [t.start for t in tokens]
        self.starts.append(len(text))
        self.ends = [t.end for t in tokens]
        self.ends.append(len(text))
        self.closing = _brackets(self.words)
        self.pos = 0
        self.problems: list[A.SyntaxProblem] = []
        self.nesting = 0
        self.deepest = 0
        self.longest = 1
        # What the expression being read may contain at its outermost level: `L(x); e`, lambdas, the bitwise `|`.
        self.lemma_calls = True
        self.lambdas = True
        self.bars = True

    # ------------------------------------------------------------------------------------------------------ tokens

    def at(self, *words: str) -> bool:
        """Whether the next token is one of the words."""
        return self.words[self.pos] in words

    def ahead(self, count: int = 1) -> str:
        """The word `count` tokens behind the next one (empty at the end)."""
        index = self.pos + count
        return self.words[index] if index < len(self.words) else ""

    def accept(self, word: str) -> bool:
        """Take the next token if it is the word."""
        if self.words[self.pos] == word and word:
            self.pos += 1
            return True
        return False

    def expect(self, word: str) -> None:
        """Take the word, or give up."""
        if self.words[self.pos] != word:
            raise self.unreadable(f"`{word}` expected")
        self.pos += 1

    def is_name(self, index: int | None = None) -> bool:
        """Whether a token (the next one) is an identifier."""
        return self.kinds[self.pos if index is None else index] == "ident"

    def name(self) -> str:
        """Take an identifier, or give up."""
        if self.kinds[self.pos] != "ident":
            raise self.unreadable("a name expected")
        self.pos += 1
        return self.words[self.pos - 1]

    def label(self) -> str:
        """Take a label or member name: an identifier, number or keyword."""
        if self.kinds[self.pos] not in ("ident", "int", "keyword"):
            raise self.unreadable("a name expected")
        self.pos += 1
        return self.words[self.pos - 1]

    def dotted(self) -> str:
        """Take a name of one or more parts."""
        parts = [self.name()]
        while self.at(".") and self.kinds[self.pos + 1] in ("ident", "keyword"):
            self.pos += 1
            parts.append(self.label())
        return ".".join(parts)

    def unreadable(self, message: str) -> Unreadable:
        """The exception that gives up at the next token, naming it."""
        found = self.words[self.pos]
        shown = f"`{found[:30]}`" if found else "the end of the file"
        return Unreadable(f"{message}, found {shown}", self.pos)

    # ------------------------------------------------------------------------------------------------------- spans

    def span(self, start: int) -> A.Span:
        """From the token `start` to the last token taken."""
        if self.pos <= start:
            return A.Span(self.starts[start], self.starts[start])
        return A.Span(self.starts[start], self.ends[self.pos - 1])

    def raw(self, start: int) -> str:
        """The source text from the token `start` to the last token taken."""
        begin, end = self.span(start)
        return self.source[begin:end]

    def problem(self, message: str, start: int) -> None:
        """Record that the text from the token `start` to the last token taken was skipped."""
        self.problems.append(A.SyntaxProblem(message, span=self.span(start)))

    # ----------------------------------------------------------------------------------------------------- nesting

    def descend(self) -> None:
        """Enter one more construct, or give up when there are too many around."""
        self.nesting += 1
        if self.nesting > self.deepest:
            self.deepest = self.nesting
        if self.nesting > MAX_NESTING:
            raise Unreadable(f"nested more than {MAX_NESTING} levels deep", self.pos)

    def too_high(self, nodes: Iterable[A.Node]) -> bool:
        """Whether a tree just read has more levels than MAX_HEIGHT. Measured only when what was seen allows for it."""
        if self.deepest * (self.longest + _LEVELS_PER_CONSTRUCT) <= MAX_HEIGHT:
            return False
        return any(height(node) > MAX_HEIGHT for node in nodes)

    def mark(self) -> tuple[int, bool, bool, bool]:
        """What `restore` needs after something was given up."""
        return self.nesting, self.lemma_calls, self.lambdas, self.bars

    def restore(self, mark: tuple[int, bool, bool, bool]) -> None:
        """Go back to the nesting and the permissions of a mark (the position stays)."""
        self.nesting, self.lemma_calls, self.lambdas, self.bars = mark

    def skip(self) -> None:
        """Take one token, or a whole balanced group when it opens one."""
        close = self.closing[self.pos]
        self.pos = close + 1 if close >= 0 else min(self.pos + 1, len(self.words) - 1)

    # -------------------------------------------------------------------------------- supplied by the classes below

    def expr(self, *, lemma_calls: bool, lambdas: bool, bars: bool = True) -> A.Expr:
        """An expression under the given permissions."""
        raise NotImplementedError

    def full(self) -> A.Expr:
        """An expression between delimiters, where everything is permitted."""
        return self.expr(lemma_calls=True, lambdas=True)


def _brackets(words: list[str]) -> list[int]:
    """For each opening bracket the index of the one that closes it; a stray closing bracket closes nothing, and one of
    another kind gives up the brackets opened since its partner."""
    closing = [-1] * len(words)
    stack: list[tuple[str, int]] = []
    waiting = {")": 0, "]": 0, "}": 0}
    partner = {"(": ")", "[": "]", "{": "}", "{:": "}"}
    for index, word in enumerate(words):
        if word in partner:
            stack.append((partner[word], index))
            waiting[partner[word]] += 1
        elif waiting.get(word):
            while True:
                wanted, opened = stack.pop()
                waiting[wanted] -= 1
                if wanted == word:
                    closing[opened] = index
                    break
    return closing
