"""How Lean names its compiled declarations: `Lean.Parser.Tactic.simp` is the symbol `l_Lean_Parser_Tactic_simp`.

Letters and digits stay, `_` is doubled, and other characters are `_xHH`, `_uHHHH` or `_UHHHHHHHH` (Lean's
NameMangling).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ESCAPE = re.compile(r"_x([0-9a-f]{2})|_u([0-9a-f]{4})|_U([0-9a-f]{8})|(__)")


def mangle_component(text: str) -> str:
    """One component of a name as it stands in a symbol."""
    return "".join(map(_mangle_character, text))


def _mangle_character(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    if character == "_":
        return "__"
    code = ord(character)
    return f"_x{code:02x}" if code < 0x100 else f"_u{code:04x}" if code < 0x10000 else f"_U{code:08x}"


def mangle(components: Iterable[str | int]) -> str:
    """The symbol of a declaration's name, given by its components."""
    return "l" + "".join(f"_{part}_" if isinstance(part, int) else f"_{mangle_component(part)}" for part in components)


def demangle_component(text: str) -> str | None:
    """The component that `text` stands for, None if it holds an underscore that belongs to no escape."""
    if "_" in _ESCAPE.sub("", text):
        return None
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    code = escape.group(1) or escape.group(2) or escape.group(3)
    return chr(int(code, 16)) if code else "_"
