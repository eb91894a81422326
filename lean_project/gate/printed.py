"""What Lean prints of two modules whose files we cannot read: statements and definitions, with everything explicit, and
the axioms that they rest on.

The commands that print stand in a module of ours that imports what is printed. None of the candidate's text is in it,
and the words that could change what is printed from afar (`macro`, `notation`, `initialize`, attributes but a few) may
not be added to a file at all: that is seen in the texts, before. What differs here may still mean the same, so it is
unknown, not wrong. The kernel has not been asked again by all this: only together with a replay does it count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lean_project.gate.text import Reading
from lean_project.olean.closure import STANDARD_AXIOMS
from lean_project.syntax.commands import Command
from lean_project.syntax.tokens import Kind, simple_name, tokenize

MOST_NAMES = 2000
_STATED = frozenset(["theorem", "lemma"])
_DEFINED = frozenset(["def", "abbrev", "instance", "opaque", "axiom"])
_TYPES = frozenset(["structure", "class", "inductive"])
_SILENT = frozenset(
    """import namespace section end open variable universe set_option include omit mutual doc notation infix infixl
    infixr prefix postfix #check #print""".split()  # noqa: SIM905
)
_ATTRIBUTES = frozenset(["simp", "grind", "inline", "reducible", "irreducible", "semireducible", "ext", "specialize"])
_PLAIN = re.compile(r"[^\W\d][\w'!?]*")
_PROOF = re.compile(r"_?proof_\d+")
_AXIOMS = re.compile(r"['`«](?P<name>.+?)['`»] (?:depends on axioms: \[(?P<axioms>[^\]]*)\]|does not depend on any)")
_LEVELS = re.compile(r"\.\{[^}]*\}")
_HEADER = """set_option pp.all true
set_option pp.deepTerms true
set_option pp.maxSteps 100000000
set_option format.width 1000000
"""
_DOTTED = re.compile(r"[^\s(){}\[\]⟨⟩,@]+\.[^\s(){}\[\]⟨⟩,@]*")
"""Whatever may be a name of several parts, in strings too."""
_ELIDED = ("⋯", "✝", "_private")


@dataclass(frozen=True, slots=True)
class Asked:
    """The names to print, each with its command; and the text that prints them of a module."""

    commands: tuple[tuple[str, str], ...]

    def text(self, module: str) -> str:
        """A text that imports a module and prints; each command is a line of its own."""
        return f"import {module}\n{_HEADER}" + "".join(f"{command} {name}\n" for command, name in self.commands)

    def answers(self, notes: Sequence[tuple[str, int]]) -> dict[tuple[str, str], str] | None:
        """What was printed for each; None where an answer is missing or cut short."""
        first = _HEADER.count("\n") + 2
        said: dict[int, str] = {}
        for message, line in notes:
            said[line] = said.get(line, "") + message
        found = {asked: said.get(first + nth, "") for nth, asked in enumerate(self.commands)}
        return found if all(found.values()) else None


def objection_to_printing(original: Reading) -> str:
    """Why what a text declares cannot be asked for by name, completely; empty where it can."""
    for command in original.commands:
        if command.keyword == "example":  # judged under a name, in another text
            continue
        if command.keyword not in _STATED | _DEFINED | _TYPES | _SILENT:
            return f"`{command.keyword}`"
        if not command.declares:
            continue
        if not command.full_name or _written(command.full_name) is None:
            return f"`{command.keyword}` without a plain name"
        if odd := [m for m in command.modifiers if m not in ("protected", "noncomputable", "public")]:
            return f"`{odd[0]}`"
        words = [t.text for t in tokenize(command.attributes) if t.kind is Kind.WORD]
        if odd := [w for w in words if w not in _ATTRIBUTES]:
            return f"the attribute `{odd[0]}`"
    derived = next((t.text for t in original.tokens if t.text == "deriving"), "")
    return f"`{derived}`" if derived else ""


def statements(original: Reading) -> Asked:
    """The statements of theorems, and everything about definitions and types."""
    return Asked(tuple(line for c in _declared(original) for line in _commands(c)))


def _commands(command: Command) -> Iterable[tuple[str, str]]:
    name = _written(command.full_name) or ""
    if command.keyword in _TYPES:
        return (("#check", f"@{name}"), ("#print", name), ("#check", f"@{name}.rec"))
    return (("#check", f"@{name}"),) if command.keyword in _STATED else (("#check", f"@{name}"), ("#print", name))


def axioms_of(original: Reading, target: str | None) -> Asked:
    """The axioms of everything declared that is not one itself, or of the target."""
    names = [c.full_name for c in _declared(original) if c.keyword != "axiom"]
    return Asked(tuple(("#print axioms", _written(n) or "") for n in names if target is None or n == target))


def _declared(original: Reading) -> list[Command]:
    return [c for c in original.commands if c.declares and c.keyword != "example"]


def elided(printed: Mapping[tuple[str, str], str]) -> str:
    """What was printed that does not say everything; empty where there is none."""
    for (_, name), text in printed.items():
        if any(mark in text for mark in _ELIDED):
            return name
    return ""


def auxiliary(original: Reading, printed: Mapping[tuple[str, str], str]) -> Asked | None:
    """The constants mentioned that Lean made for a declaration (`f.match_1`, `f.go`) and that were not printed yet;
    None where one cannot be written down."""
    own = {tuple(simple_name(c.full_name)) for c in _declared(original)}
    known = {name.removeprefix("@") for _, name in printed}
    found: dict[str, None] = {}
    for text in printed.values():
        for word in _DOTTED.findall(text):
            parts = [p for p in word.split(".") if p]
            while parts and parts[-1].isdigit():  # a field by its number
                parts.pop()
            if not any(tuple(parts[:k]) in own for k in range(1, len(parts))):
                continue
            name = _written(".".join(parts))
            if name is None:
                return None
            if name not in known:
                found[name] = None
    lines: list[tuple[str, str]] = []
    for name in found:
        lines.append(("#check", f"@{name}"))
        if not _is_proof(name):
            lines.append(("#print", name))
    return Asked(tuple(lines))


def _is_proof(name: str) -> bool:
    return _PROOF.fullmatch(name.rpartition(".")[2]) is not None


def read_axioms(printed: str, name: str) -> frozenset[str] | None:
    """The axioms in an answer to `#print axioms NAME`; None where it is no such answer."""
    found = _AXIOMS.match(printed)
    if found is None or _LEVELS.sub("", found["name"]) != name:
        return None
    names = (_LEVELS.sub("", n).strip() for n in (found["axioms"] or "").split(","))
    return frozenset(n for n in names if n)


def own_axioms(original: Reading) -> frozenset[str]:
    """The axioms that a text declares."""
    return frozenset(c.full_name for c in original.commands if c.keyword == "axiom")


def allowed_axioms(original: Reading, before: frozenset[str]) -> frozenset[str]:
    """What a proof may rest on. before: what it rests on in the original."""
    return STANDARD_AXIOMS | own_axioms(original) | (before - {"sorryAx"})


def restated(original: Reading, printed: Mapping[tuple[str, str], str], target: str | None) -> Asked:
    """The theorems' statements as printed, each proved by what has its name in the module."""
    lines: list[tuple[str, str]] = []
    for command in _declared(original):
        name = _written(command.full_name) or ""
        statement = printed.get(("#check", f"@{name}"), "")
        head, _, rest = statement.partition(" : ")
        if command.keyword in _STATED and rest and (target is None or command.full_name == target):
            levels = _LEVELS.search(head)
            universes = levels[0] if levels else ""
            claim = f"lemmatree_restated_{len(lines)}{universes} : {' '.join(rest.split())} := @{name}{universes}"
            lines.append(("theorem", claim))
    return Asked(tuple(lines))


def _written(name: str) -> str | None:
    """A full name as one can write it; None for one that is not made of plain words."""
    parts = name.split(".")
    return name if parts and all(_PLAIN.fullmatch(p) for p in parts) else None
