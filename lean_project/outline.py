"""What a Lean text declares, as far as its tokens tell: inductive types with their constructors, functions with their
parameters, lemmas with their statements. For proposing steps, never for judging them: what it cannot read it leaves
out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lean_project.syntax.commands import Command, commands_of
from lean_project.syntax.tokens import Kind, Token, code, tokenize

_OPENS, _CLOSES = {"(": ")", "{": "}", "[": "]", "⦃": "⦄", "⟨": "⟩"}, frozenset(")}]⦄⟩")


@dataclass(frozen=True, slots=True)
class Binder:
    """A named argument. type: as written; explicit: in round brackets."""

    name: str
    type: str
    explicit: bool = True


@dataclass(frozen=True, slots=True)
class Constructor:
    """A constructor of an inductive type, with the types of its arguments in order (names made up where there are
    none)."""

    name: str
    args: tuple[Binder, ...]


@dataclass(frozen=True, slots=True)
class Inductive:
    """An inductive type or structure without indices. params: what it depends on. proposition: it is none of data, or
    a family (`Nat → Prop`), whose values are not told apart by their constructors alone."""

    name: str
    constructors: tuple[Constructor, ...]
    structure: bool = False
    params: tuple[Binder, ...] = ()
    proposition: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """A function or lemma: its arguments and result type (a lemma's: its conclusion), all as written. arity: of a
    function, with what its equations take apart (`def f : A → B → C` has two). words: the words of its value."""

    name: str
    keyword: str
    binders: tuple[Binder, ...]
    result: str
    words: frozenset[str]

    @property
    def recursive(self) -> bool:
        """Whether its value speaks of itself."""
        return self.name.rpartition(".")[2] in self.words or self.name in self.words

    @property
    def explicit(self) -> tuple[Binder, ...]:
        """The arguments in round brackets."""
        return tuple(b for b in self.binders if b.explicit)

    @property
    def arrows(self) -> tuple[str, ...]:
        """The types of further arguments that only the result type tells, and the final result, split at the outer
        arrows."""
        return tuple(_split_arrows(self.result))


@dataclass(frozen=True, slots=True)
class Outline:
    """What a text declares, in its order."""

    inductives: tuple[Inductive, ...]
    functions: tuple[Declared, ...]
    lemmas: tuple[Declared, ...]

    def inductive(self, type_: str) -> Inductive | None:
        """The inductive type of that name (with arguments behind it or not)."""
        head = type_.strip().split(" ")[0].split("\n")[0]
        return next((i for i in (*self.inductives, *BUILT_IN) if i.name == head), None)

    def function(self, name: str) -> Declared | None:
        """The function of that name."""
        return next((f for f in self.functions if f.name == name), None)


def _c(name: str, *args: tuple[str, str]) -> Constructor:
    return Constructor(name, tuple(Binder(n, t) for n, t in args))


BUILT_IN = (
    Inductive("Nat", (_c("zero"), _c("succ", ("n", "Nat")))),
    Inductive("List", (_c("nil"), _c("cons", ("x", "α"), ("xs", "List α")))),
    Inductive("Option", (_c("none"), _c("some", ("x", "α")))),
    Inductive("Bool", (_c("false"), _c("true"))),
    Inductive("Prod", (_c("mk", ("a", "α"), ("b", "β")),)),
)
"""Types of Lean's core library that are taken apart like a file's own."""


def outline(text: str) -> Outline:
    """What a text declares. Never raises."""
    tokens = tokenize(text)
    inductives: list[Inductive] = []
    functions: list[Declared] = []
    lemmas: list[Declared] = []
    for command in commands_of(text, tokens):
        inside = [t for t in code(tokens) if command.start <= t.start < command.end]
        if command.keyword == "inductive":
            inductives.append(_inductive(command, inside, text))
        elif command.keyword == "structure":
            inductives.append(_structure(command, inside, text))
        elif command.keyword in ("def", "abbrev"):
            functions.append(_declared(command, inside, text))
        elif command.keyword in ("theorem", "lemma"):
            lemmas.append(_declared(command, inside, text))
    return Outline(tuple(inductives), tuple(functions), tuple(lemmas))


def _declared(command: Command, tokens: Sequence[Token], text: str) -> Declared:
    end = command.value_at if command.value_at >= 0 else command.end
    head = [t for t in tokens if t.start > command.name_at and t.end <= end]
    binders, at = _binders(head, text)
    rest = head[at:]
    result = ""
    if rest and rest[0].text == ":" and len(rest) > 1:
        result = text[rest[1].start : rest[-1].end]
    words = frozenset(t.text for t in tokens if t.start >= end and t.kind is Kind.WORD)
    return Declared(command.full_name or command.name, command.keyword, binders, result, words)


def _binders(tokens: Sequence[Token], text: str) -> tuple[tuple[Binder, ...], int]:
    """The arguments in brackets at the start of a signature, and the index of what follows them."""
    found: list[Binder] = []
    at = 1 if tokens and tokens[0].kind is Kind.WORD and tokens[0].text not in _OPENS else 0
    while at < len(tokens) and tokens[at].text in _OPENS:
        end = closing(tokens, at)
        inside = tokens[at + 1 : end]
        colon = next((k for k, t in enumerate(inside) if t.text == ":"), None)
        if colon is not None and colon + 1 < len(inside):
            type_ = text[inside[colon + 1].start : inside[-1].end]
            explicit = tokens[at].text == "("
            found += [Binder(t.text, type_, explicit) for t in inside[:colon] if t.kind is Kind.WORD or t.text == "_"]
        at = end + 1
    return tuple(found), at


def closing(tokens: Sequence[Token], at: int) -> int:
    """The index of the bracket that closes the one at an index; of the last token where none does."""
    depth = 0
    for k in range(at, len(tokens)):
        depth += (tokens[k].text in _OPENS) - (tokens[k].text in _CLOSES)
        if depth == 0:
            return k
    return len(tokens) - 1


def _split_arrows(type_: str) -> Iterator[str]:
    tokens = code(tokenize(type_))
    depth, start = 0, 0
    for token in tokens:
        depth += (token.text in _OPENS) - (token.text in _CLOSES)
        if depth == 0 and token.text in ("→", "->"):
            yield type_[start : token.start].strip()
            start = token.end
    yield type_[start:].strip()


def _inductive(command: Command, tokens: Sequence[Token], text: str) -> Inductive:
    bars = [k for k, t in enumerate(tokens) if t.text == "|"]
    found: list[Constructor] = []
    for nth, bar in enumerate(bars):
        end = bars[nth + 1] if nth + 1 < len(bars) else len(tokens)
        part = list(tokens[bar + 1 : end])
        if not part or part[0].kind is not Kind.WORD:
            continue
        binders, at = _binders(part, text)
        args = list(binders)
        if at < len(part) and part[at].text == ":" and at + 1 < len(part):
            types = list(_split_arrows(text[part[at + 1].start : part[-1].end]))
            args += [Binder(f"a{k}", t) for k, t in enumerate(types[:-1])]
        found.append(Constructor(part[0].text, tuple(args)))
    params, proposition = _family(command, tokens[: bars[0]] if bars else tokens, text)
    return Inductive(command.full_name or command.name, tuple(found), False, params, proposition)


def _family(command: Command, tokens: Sequence[Token], text: str) -> tuple[tuple[Binder, ...], bool]:
    """The parameters in a header, and whether it says that this is no plain type."""
    head = [t for t in tokens if t.start > command.name_at]
    params, at = _binders(head, text)
    sort = [t.text for t in head[at:]]
    return params, sort[:1] == [":"] and not {"Prop", "→", "->"}.isdisjoint(sort)


def _structure(command: Command, tokens: Sequence[Token], text: str) -> Inductive:
    where = next((k for k, t in enumerate(tokens) if t.text == "where"), None)
    fields: list[Binder] = []
    if where is not None:
        body = tokens[where + 1 :]
        colons = [k for k, t in enumerate(body) if t.text == ":"]
        for nth, colon in enumerate(colons):
            end = colons[nth + 1] - 1 if nth + 1 < len(colons) else len(body)
            if colon > 0 and colon + 1 < end:
                fields.append(Binder(body[colon - 1].text, text[body[colon + 1].start : body[end - 1].end]))
    params, proposition = _family(command, tokens[:where] if where is not None else tokens, text)
    made = (Constructor("mk", tuple(fields)),)
    return Inductive(command.full_name or command.name, made, True, params, proposition)
