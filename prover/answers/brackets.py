"""Brackets and first lines of code, whichever its language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping


def unmatched(symbols: Iterable[str], opens: Mapping[str, str], closes: Mapping[str, str]) -> str:
    """The brackets among symbols that have no partner, in order. opens: to the bracket that each stands for; closes: to
    the opening bracket that each closes."""
    left: list[str] = []
    for symbol in symbols:
        if symbol in opens:
            left.append(opens[symbol])
        elif symbol in closes:
            if left and left[-1] == closes[symbol]:
                left.pop()
            else:
                left.append(symbol)
    return "".join(left)


def from_first(text: str, looks_like_code: Callable[[str], bool]) -> str:
    """A text from its first line that looks like code (it is shown without blanks around it); empty where none does."""
    lines = text.split("\n")
    for nth, line in enumerate(lines):
        if looks_like_code(line.strip()):
            return "\n".join(lines[nth:])
    return ""
