"""The commands of a file, as far as tokens tell: where each begins and ends, what it declares, in which namespace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lean_project.syntax.source import LineMap
from lean_project.syntax.tokens import Kind, Token, code, simple_name, tokenize

DECLARES = frozenset(
    """theorem lemma def abbrev example instance structure class inductive axiom opaque""".split()  # noqa: SIM905
)
"""Keywords of commands that declare a constant (an `example` has no name, an `instance` may have none)."""

MODIFIERS = frozenset(
    """private protected public noncomputable unsafe partial nonrec local scoped meta""".split()  # noqa: SIM905
)

# Reserved wherever they stand, so they begin a command there.
_ANYWHERE = DECLARES - {"lemma"} | frozenset(
    [
        "namespace",
        "section",
        "end",
        "variable",
        "universe",
        "mutual",
        "axiom",
        "attribute",
        "macro",
        "macro_rules",
        "syntax",
        "notation",
        "infix",
        "infixl",
        "infixr",
        "prefix",
        "postfix",
        "elab",
        "elab_rules",
        "initialize",
        "builtin_initialize",
        "export",
        "import",
        "deriving",
        "run_cmd",
        "run_elab",
        "run_meta",
        "declare_syntax_cat",
    ]
)
# Words of terms or tactics elsewhere, or of libraries.
_AT_LINE_START = frozenset(
    [
        "lemma",
        "open",
        "set_option",
        "include",
        "omit",
        "irreducible_def",
        "alias",
        "add_decl_doc",
        "unif_hint",
        "suppress_compilation",
        "assert_not_exists",
        "register_simp_attr",
        "simproc",
        "dsimproc",
        "library_note",
    ]
)
_OPENING = frozenset(["(", "[", "{", "⟨", "@[", "$(", "#[", "⦃", "⟦", "‖"])
_CLOSING = frozenset([")", "]", "}", "⟩", "⦄", "⟧"])
_BINDS = frozenset(["let", "have", "letI", "haveI", "let_fun", "let_delayed"])


@dataclass(frozen=True, slots=True)
class Command:
    """One command. start: of its documentation, attributes and modifiers; end: of its last token. keyword_at: offset of
    the keyword. name: as written, empty for none. full_name: with the namespaces around it (`_root_.` taken off).
    name_at: offset of the name, -1 for none. value_at: offset of the `:=`, `where` or `|` behind the signature, -1 for
    none. namespaces: those that are open, outermost first."""

    keyword: str
    start: int
    end: int
    keyword_at: int
    modifiers: tuple[str, ...] = ()
    attributes: str = ""
    name: str = ""
    full_name: str = ""
    name_at: int = -1
    value_at: int = -1
    namespaces: tuple[str, ...] = ()

    @property
    def declares(self) -> bool:
        """Whether it declares something."""
        return self.keyword in DECLARES


@lru_cache(maxsize=64)
def commands(text: str) -> tuple[Command, ...]:
    """All commands in order. What stands before the first one (nothing in a sound file) belongs to none."""
    return commands_of(text, tokenize(text))


def declarations(text: str) -> tuple[Command, ...]:
    """The commands that declare something."""
    return tuple(c for c in commands(text) if c.declares)


def resolved(target: str, among: Sequence[Command]) -> str | None:
    """The full name that a target means: itself, or the only declared one that ends in it; None where there is none."""
    names = {c.full_name for c in among if c.full_name and c.declares}
    if target in names:
        return target
    found = [n for n in names if n.endswith(f".{target}")]
    return found[0] if len(found) == 1 else None


def imports(text: str) -> tuple[str, ...]:
    """The modules that the file's header imports, in order."""
    words = code(tokenize(text))
    found: list[str] = []
    k = 0
    while k < len(words) and words[k].text in ("module", "prelude", "import", "public", "meta", "all"):
        if words[k].text == "import" and k + 1 < len(words):
            k += 1 + (words[k + 1].text == "all")
            if k < len(words):
                found.append(words[k].text)
        k += 1
    return tuple(found)


def commands_of(text: str, tokens: Sequence[Token]) -> tuple[Command, ...]:
    """`commands` of a text whose tokens (with comments) are known."""
    tokens = [t for t in tokens if t.kind is not Kind.COMMENT]
    starts = list(_starts(tokens, LineMap(text)))
    found: list[Command] = []
    scopes: list[tuple[str, str]] = []  # keyword and name of each open namespace, section and mutual block
    for nth, (first, keyword_at) in enumerate(starts):
        last = starts[nth + 1][0] if nth + 1 < len(starts) else len(tokens)
        command = _command(tokens[first:last], keyword_at - first, scopes)
        found.append(command)
        _nest(command, scopes)
    return tuple(found)


def _starts(tokens: Sequence[Token], lines: LineMap) -> Iterator[tuple[int, int]]:
    """Index of each command's first token and of its keyword."""
    previous_end, column, keyword, least = 0, 0, -1, 0
    line = -1
    for k, token in enumerate(tokens):
        if token.text == "@[":  # attributes have names like those of commands
            previous_end = max(previous_end, _attribute_end(tokens, k))
        place = lines.position(token.start)
        first_on_line, line = place.line != line, lines.position(token.end - 1).line
        word = token.text
        begins = (
            token.kind is Kind.COMMAND
            or (token.kind is Kind.WORD and word in _ANYWHERE)
            or (first_on_line and place.column <= column and word in _AT_LINE_START)
            or (token.kind is Kind.DOC and word.startswith("/-!"))
        )
        if not begins or k < previous_end:
            continue
        least = max(least, keyword + 1)
        if token.kind is Kind.COMMAND and not first_on_line:
            continue
        if word == "instance" and k and tokens[k - 1].text in ("deriving", "default_instance"):
            continue
        if word == "deriving" and not (k + 1 < len(tokens) and tokens[k + 1].text == "instance"):
            continue  # a clause of the declaration before it
        if word == "class" and k + 1 < len(tokens) and tokens[k + 1].text in ("inductive", "abbrev"):
            previous_end = k + 2
        first = _with_modifiers(tokens, k, least)
        keyword, previous_end = k, max(previous_end, k + 1)
        column = lines.position(tokens[first].start).column
        yield first, k


def _with_modifiers(tokens: Sequence[Token], k: int, least: int) -> int:
    """The index of the first documentation, attribute or modifier that belongs to the keyword at index k."""
    while k > least:
        before = tokens[k - 1]
        if before.text in MODIFIERS or (before.kind is Kind.DOC and before.text.startswith("/--")):
            k -= 1
            continue
        opening = _attribute_start(tokens, k - 1) if before.text == "]" else None
        if opening is None or opening < least:
            return k
        k = opening
    return k


def _attribute_end(tokens: Sequence[Token], opening: int) -> int:
    """The index behind the `]` of an `@[`; 0 where there is none near."""
    depth = 0
    for k in range(opening, min(opening + 200, len(tokens))):
        if tokens[k].text in ("@[", "[", "#["):
            depth += 1
        elif tokens[k].text == "]":
            depth -= 1
            if depth == 0:
                return k + 1
    return 0


def _attribute_start(tokens: Sequence[Token], closing: int) -> int | None:
    depth = 0
    for k in range(closing, max(closing - 200, -1), -1):
        text = tokens[k].text
        if text == "]":
            depth += 1
        elif text in ("[", "@[", "#["):
            depth -= 1
            if depth == 0:
                return k if text == "@[" else None
    return None


def _command(tokens: Sequence[Token], k: int, scopes: Sequence[tuple[str, str]]) -> Command:
    keyword = tokens[k].text if tokens[k].kind is not Kind.DOC else "doc"
    namespaces = tuple(name for word, name in scopes if word == "namespace")
    modifiers = tuple(t.text for t in tokens[:k] if t.text in MODIFIERS)
    attributes = " ".join(t.text for t in tokens[:k] if t.kind is not Kind.DOC and t.text not in MODIFIERS)
    name, name_at = "", -1
    if k + 1 < len(tokens) and tokens[k + 1].kind is Kind.WORD and keyword not in ("example", "variable"):
        name, name_at = tokens[k + 1].text, tokens[k + 1].start
    if keyword == "class" and name in ("inductive", "abbrev"):
        name, name_at = (tokens[k + 2].text, tokens[k + 2].start) if k + 2 < len(tokens) else ("", -1)
    parts = simple_name(name)
    qualified = parts[1:] if parts[:1] == ("_root_",) else (*_flat(namespaces), *parts)
    full = ".".join(qualified) if name and keyword in DECLARES else ""
    value_at = _value(tokens[k + 1 :]) if keyword in DECLARES else -1
    return Command(
        keyword,
        tokens[0].start,
        tokens[-1].end,
        tokens[k].start,
        modifiers,
        attributes,
        name,
        full,
        name_at,
        value_at,
        namespaces,
    )


def _value(tokens: Sequence[Token]) -> int:
    """Where the value begins: the first `:=`, `where` or `|` outside brackets that no `let` or `match` claims."""
    depth = bound = matches = 0
    for token in tokens:
        text = token.text
        if text in _OPENING:
            depth += 1
        elif text in _CLOSING:
            depth -= 1
        elif depth > 0 or token.kind not in (Kind.WORD, Kind.SYMBOL):
            continue
        elif text in _BINDS:
            bound += 1
        elif text == "match":
            matches += 1
        elif text == ":=" and bound:
            bound -= 1
        elif text in (":=", "where") or (text == "|" and not matches):
            return token.start
    return -1


def _nest(command: Command, scopes: list[tuple[str, str]]) -> None:
    if command.keyword in ("namespace", "section", "mutual"):
        scopes.append((command.keyword, command.name))
    elif command.keyword == "end":
        closing = max(len(_flat([command.name])), 1)
        while closing > 0 and scopes:
            word, name = scopes.pop()
            parts = max(len(_flat([name])), 1)
            if parts > closing:  # `end b` in `namespace a.b`
                scopes.append((word, ".".join(_flat([name])[: parts - closing])))
            closing -= parts


def _flat(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(part for name in names for part in simple_name(name))
