"""From what the installed library holds to the Lean declarations that bind to it.

Lean compiles `syntax`, `macro_rules` and unexpanders to exported symbols. A declaration of the same name that is
`extern` makes the front end call the compiled one, so grammar and macros are Lean's own. The library holds no
attributes, so which category a parser belongs to is told by Lean's naming of parsers (`category`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lean_project.core.mangling import demangle_component, mangle, mangle_component
from lean_project.core.objects import ParserKind

# Namespaces whose grammar needs definitions that this core lacks, or that serve Lean's own sources only.
_LEFT_OUT = (
    *("_private", "Std", "Rat", "BitVec", "Vector", "DerivingHelpers"),
    *("Lean.Compiler", "Lean.Doc", "Lean.Grind", "Lean.Json", "Lean.Linter", "Lean.Meta", "Lean.Option", "Lean.Order"),
    *("Lean.PostprocessTraces", "Lean.PrettyPrinter", "Lean.Server", "Lean.Widget"),
    *("Lean.Elab.Command", "Lean.Elab.ConfigEval", "Lean.Elab.Term"),
    *("Lean.Parser.Sym", "Lean.Parser.Tactic.Grind", "String.Internal", "String.Legacy"),
)
# Below those, what is wanted after all: ranges `[a:b]`.
_KEPT = ("Std.Legacy.Range",)
# The proof mode of Std.Do and what declares new tactics: parsers that are not usable without the library behind them.
# `<=` and `>=` are also spellings of the parsers of `≤` and `≥`; with both, every use of them would be ambiguous.
_LEFT_OUT_PARSER = re.compile(r"(mintro|mrefine|mrevert|vcgen)|declareSimpLikeTactic|term_<=_|term_>=_")
# Namespaces whose notations are scoped: they hold where the namespace is open.
_SCOPED = ("Bool", "Int", "List")

CATEGORIES = (
    *("rcasesPat", "rintroPat", "mcasesPat", "mintroPat", "mrefinePat", "mrevertPat", "binderPred", "conv", "rawStx"),
    *("grind", "grind_filter", "grind_mod", "vcgenDischarge"),
    *("sym_dsimp_field", "sym_dsimproc", "sym_simp_field", "sym_simproc"),
)
"""Categories that parsers of the library belong to and that the front end does not have from the start."""

_CATEGORY_OF_NAMESPACE = {
    "Lean.Attr": "attr",
    "Lean.Elab.Tactic.Ext": "tactic",
    "Lean.Parser.Attr": "attr",
    "Lean.Parser.Command": "command",
    "Lean.Parser.Syntax": "stx",
    "Lean.Parser.Tactic": "tactic",
    "Lean.Parser.Tactic.Conv": "conv",
    "Lean.Parser.Tactic.rcasesPat": "rcasesPat",
    "Lean.Parser.Tactic.rintroPat": "rintroPat",
}
# Lean names an unnamed parser after its category and tokens: `term_+_`, `tacticNext_=>_`.
_CATEGORY_PREFIXES = (
    *("tactic", "term", "command", "prec", "prio", "stx", "conv", "doElem", "mcasesPat", "binderPred"),
)
# Named parsers outside these namespaces, and those that differ from the rest of theirs.
_CATEGORY_OF_NAME = {
    "Lean.Parser.Tactic.convApply": "conv",
    **dict.fromkeys(("Lean.Parser.Syntax.addPrec", "Lean.Parser.Syntax.subPrec"), "prec"),
    **dict.fromkeys(("Lean.Parser.Syntax.addPrio", "Lean.Parser.Syntax.subPrio"), "prio"),
    "Lean.Parser.Syntax.exact?": "term",
    **dict.fromkeys(("Lean.cdot", "Lean.calcTactic", "Lean.solveTactic"), "tactic"),
    **dict.fromkeys(("Lean.calc", "Lean.byElab", "Lean.includeStr", "Lean.modCast", "Lean.withAnnotateTerm"), "term"),
    **dict.fromkeys(("Lean.runElab", "Lean.runMeta", "Lean.runCmd", "Lean.reduceCmd", "Lean.guardMsgsCmd"), "command"),
    **dict.fromkeys(("Lean.guardPanicCmd", "Lean.testExternCmd", "Lean.infoTreesCmd"), "command"),
    **dict.fromkeys(("Lean.deprecated", "Lean.deprecated_arg", "Lean.univ_out_params"), "attr"),
    **dict.fromkeys(("boolIfThenElse", "coeFunNotation", "coeNotation", "coeSortNotation", "rawNatLit"), "term"),
}

# A compiled `macro_rules` or unexpander: namespaces, `_aux_MODULE___macroRules_KIND_N` as one component.
_RULE = re.compile(r"l_(?P<space>.*?)_?(?P<last>__aux__.*______(?P<sort>macroRules|unexpand)__(?P<of>.*?)__\d+)")
# Parts that the compiler splits off, and specialisations.
_DERIVED = re.compile("___lam_|__closed|___redArg|___boxed|_spec__|___private|_elam|_lambda")


@dataclass(frozen=True, slots=True)
class Parser:
    """A parser that the library holds: the components of its name, and what its descriptor is."""

    name: tuple[str, ...]
    kind: ParserKind


# Unexpanders that Lean's sources name by hand; the symbol does not tell which constant they print.
_NAMED_UNEXPANDERS = {
    "unexpandArrayEmpty": "Array.empty",
    "unexpandEqNDRec": "Eq.ndrec",
    "unexpandEqRec": "Eq.rec",
    "unexpandExists": "Exists",
    "unexpandGetElem": "GetElem.getElem",
    "unexpandGetElem!": "GetElem?.getElem!",
    "unexpandGetElem?": "GetElem?.getElem?",
    "unexpandIte": "ite",
    "unexpandListCons": "List.cons",
    "unexpandListNil": "List.nil",
    "unexpandListToArray": "List.toArray",
    "unexpandPSigma": "PSigma",
    "unexpandProdMk": "Prod.mk",
    "unexpandSigma": "Sigma",
    "unexpandSubtype": "Subtype",
    "unexpandUnit": "Unit.unit",
}


@dataclass(frozen=True, slots=True)
class Unexpander:
    """A compiled rule that prints applications of `constant`, and the Lean declaration that binds to it."""

    constant: str
    declaration: str


def quoted(components: Sequence[str]) -> str:
    """A name in Lean's syntax; every component is quoted, as any may be a keyword."""
    return ".".join(f"«{part}»" for part in components)


def category(name: Sequence[str]) -> str | None:
    """The category of the parser `name`, None where the naming does not tell."""
    space, last = ".".join(name[:-1]), name[-1]
    full = f"{space}.{last}" if space else last
    if full in _CATEGORY_OF_NAME:
        return _CATEGORY_OF_NAME[full]
    if space in ("Lean.Parser.Tactic.Conv", "Lean.Parser.Tactic.rcasesPat", "Lean.Parser.Tactic.rintroPat"):
        return _CATEGORY_OF_NAMESPACE[space]
    for prefix in _CATEGORY_PREFIXES:
        if last.startswith(prefix) and not last[len(prefix) : len(prefix) + 1].islower():
            return prefix
    return _CATEGORY_OF_NAMESPACE.get(space)


def _left_out(name: Sequence[str]) -> bool:
    space = ".".join(name[:-1])
    left_out = any(space == out or space.startswith(out + ".") for out in _LEFT_OUT) and space not in _KEPT
    return left_out or (_LEFT_OUT_PARSER.match(name[-1]) is not None)


def bound(parsers: Iterable[Parser]) -> Iterator[tuple[Parser, str | None]]:
    """The parsers that the core declares, each with its category (None for abbreviations)."""
    for parser in parsers:
        if _left_out(parser.name):
            continue
        if parser.kind is ParserKind.ABBREVIATION:
            yield parser, None
        elif (found := category(parser.name)) is not None:
            yield parser, found


def parser_declaration(parser: Parser, its_category: str | None) -> str:
    """The Lean declaration that binds to a parser. Its value is never used: the front end finds the compiled one."""
    scoped = parser.name[0] in _SCOPED and its_category == "term"
    attribute = f"{'scoped ' if scoped else ''}{its_category}_parser, " if its_category else ""
    sort = "TrailingParserDescr" if parser.kind is ParserKind.TRAILING else "ParserDescr"
    name = quoted(parser.name)
    declaration = f'@[{attribute}extern "x"] def _root_.{name} : Lean.{sort} := Lean.ParserDescr.const .anonymous'
    return f"namespace {parser.name[0]}\n{declaration}\nend {parser.name[0]}" if scoped else declaration


def _rule(symbol: str) -> tuple[str, str, str] | None:
    """For the symbol of a macro or an unexpander: which of the two, what it is for (mangled), its own name to
    declare."""
    if _DERIVED.search(symbol) or not (match := _RULE.fullmatch(symbol)):
        return None
    space = match["space"].split("_") if match["space"] else []
    last = demangle_component(match["last"])
    if last is None or not all(space):
        return None
    return match["sort"], match["of"], quoted([*space, last])


def macro_declarations(functions: Iterable[str], parsers: Iterable[Parser]) -> Iterator[str]:
    """The Lean declarations that bind to the compiled macros of `parsers`, in the order of `functions`.

    An unscoped macro of a parser with a scoped notation does no harm: it is looked up by the parser's kind.
    """
    kinds = {"__".join(map(mangle_component, parser.name)): parser.name for parser in parsers}
    for symbol in functions:
        found = _rule(symbol)
        if found is not None and found[0] == "macroRules" and (kind := kinds.get(found[1])) is not None:
            yield (
                f'@[macro {quoted(kind)}, extern "x"] def _root_.{found[2]} : Lean.Macro := '
                "fun s _ t => Lean.MRes.mk s t"
            )


def unexpanders(functions: Sequence[str]) -> Iterator[Unexpander]:
    """The compiled unexpanders, in the order of `functions`, but for those of namespaces that are left out.

    Those that Lean's sources name by hand come last, as in Lean: the last is tried first.
    """
    for symbol in functions:
        found = _rule(symbol)
        if found is None or found[0] != "unexpand":
            continue
        # Between components stands `_`, and in a symbol's last component that is doubled, like an underscore of its
        # own: names with underscores are therefore not recognised, and no constant of the core that is printed has one.
        components = (demangle_component(found[1]) or "").replace("_", ".").split(".")
        if all(components) and not _left_out(components):
            yield Unexpander(".".join(components), _unexpander(components, found[2]))
    present = set(functions)
    for name, constant in _NAMED_UNEXPANDERS.items():
        if mangle((name,)) in present:
            yield Unexpander(constant, _unexpander(constant.split("."), quoted([name])))


def _unexpander(constant: Sequence[str], name: str) -> str:
    attribute = f'@[app_unexpander {quoted(constant)}, extern "x"]'
    return f"{attribute} def _root_.{name} : Lean.PrettyPrinter.Unexpander := fun s _ t => Lean.MRes.mk s t"
