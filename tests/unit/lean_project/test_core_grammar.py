"""How the native grammar is read: symbols, names, categories, and the declarations that bind to them."""

from hypothesis import given
from hypothesis import strategies as st

from lean_project.core.grammar import Parser, bound, category, macro_declarations, parser_declaration, unexpanders
from lean_project.core.mangling import demangle_component, mangle, mangle_component
from lean_project.core.objects import ParserKind


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_a_component_survives_mangling(text: str) -> None:
    assert demangle_component(mangle_component(text)) == text


def test_names_are_mangled_as_lean_does() -> None:
    assert mangle(["Lean", "Parser", "Tactic", "simp"]) == "l_Lean_Parser_Tactic_simp"
    assert mangle(["term_+_"]) == "l_term___x2b__"
    assert mangle(["term_≤_"]) == "l_term___u2264__"
    assert mangle(["foo", 3]) == "l_foo_3_"


def test_an_underscore_that_belongs_to_no_escape_is_not_demangled() -> None:
    assert demangle_component("a_b") is None
    assert demangle_component("a__b") == "a_b"


def test_categories_follow_from_how_parsers_are_named() -> None:
    assert category(["term_+_"]) == "term"
    assert category(["tacticDecreasing_tactic"]) == "tactic"
    assert category(["Lean", "Parser", "Tactic", "simp"]) == "tactic"
    assert category(["Lean", "Parser", "Tactic", "Conv", "rewrite"]) == "conv"
    assert category(["Lean", "Parser", "Attr", "simp"]) == "attr"
    assert category(["Lean", "cdot"]) == "tactic"
    assert category(["Somewhere", "unknown"]) is None
    assert category(["termination"]) is None


def test_only_the_usable_grammar_is_declared() -> None:
    node = ParserKind.NODE
    names = [("term_≤_",), ("term_<=_",), ("Lean", "Parser", "Tactic", "Grind", "x"), ("Std", "x"), ("Nowhere", "x")]
    assert [parser.name for parser, _ in bound(Parser(name, node) for name in names)] == [("term_≤_",)]


def test_notations_of_lists_hold_where_their_namespace_is_open() -> None:
    plain = parser_declaration(Parser(("term_+_",), ParserKind.TRAILING), "term")
    assert plain.startswith('@[term_parser, extern "x"] def _root_.«term_+_» : Lean.TrailingParserDescr :=')
    scoped = parser_declaration(Parser(("List", "term_~_"), ParserKind.TRAILING), "term")
    assert scoped.splitlines()[0] == "namespace List"
    assert "scoped term_parser" in scoped


def test_macros_and_unexpanders_are_recognised_by_their_symbols() -> None:
    functions = [
        "l___aux__Init__Notation______macroRules__term___x2b____1",
        "l___aux__Init__Notation______unexpand__HAdd__hAdd__1",
        "l___aux__Init__Notation______unexpand__HAdd__hAdd__1___boxed",
        "l_unexpandIte",
        "l_Lean_Parser_Tactic_simp",
    ]
    (macro,) = macro_declarations(functions, [Parser(("term_+_",), ParserKind.TRAILING)])
    assert macro.startswith("@[macro «term_+_»")
    assert "_root_.«_aux_Init_Notation___macroRules_term_+__1» : Lean.Macro" in macro
    assert [each.constant for each in unexpanders(functions)] == ["HAdd.hAdd", "ite"]
