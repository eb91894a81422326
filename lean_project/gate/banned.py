"""What proof text must not say, by tokens: everything that declares without proof, changes what later text means, runs
code while Lean elaborates, or keeps the kernel from looking."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from lean_project.syntax.tokens import Kind, Token, simple_name


class Ban(NamedTuple):
    """Why a token may not be inserted. The message says what to do instead."""

    rule: str
    message: str


def _rules(rule: str, message: str, words: str) -> dict[str, Ban]:
    return {word: Ban(rule, message) for word in words.split()}


_LATER = "it changes what text after it means"
_RUNS = "it runs code while Lean reads the file"

_WORDS: dict[str, Ban] = {
    **_rules("sorry", "it leaves something unproved", "sorry admit stop"),
    **_rules("axiom", "state a lemma and prove it", "axiom"),
    **_rules("opaque", "declare a `def`", "opaque"),
    **_rules("instance", f"{_LATER}: use `haveI` inside the proof", "instance default_instance"),
    **_rules("attribute", _LATER, "attribute"),
    **_rules("macro", _LATER, "macro macro_rules"),
    **_rules("syntax", _LATER, "syntax declare_syntax_cat binder_predicate"),
    **_rules("notation", _LATER, "notation infix infixl infixr prefix postfix notation3 unif_hint"),
    **_rules("elab", _RUNS, "elab elab_rules by_elab term_elab declare_config_elab"),
    **_rules("run", _RUNS, "run_cmd run_tac run_elab run_meta eval% include_str"),
    **_rules("initialize", _RUNS, "initialize builtin_initialize"),
    **_rules("simproc", _RUNS, "simproc dsimproc simproc_decl dsimproc_decl builtin_simproc register_simp_attr"),
    **_rules(
        "simproc", _RUNS, "builtin_dsimproc builtin_simproc_decl builtin_dsimproc_decl cbv_simproc cbv_simproc_decl"
    ),
    **_rules(
        "simproc", _RUNS, "builtin_cbv_simproc builtin_cbv_simproc_decl grind_propagator builtin_grind_propagator"
    ),
    **_rules("unsafe", "it is outside of what the kernel checks", "unsafe"),
    **_rules("partial", "it is outside of what the kernel checks", "partial"),
    **_rules("implemented-by", "it replaces code by other code", "implemented_by"),
    **_rules("extern", "it replaces code by other code", "extern"),
    **_rules("csimp", "it replaces code by other code", "csimp"),
    **_rules("native-decide", "it trusts the compiler: use `decide`", "native_decide native"),
    **_rules("bv-decide", "it trusts the compiler", "bv_decide bv_decide? bv_check"),
    **_rules("open", f"{_LATER}: write names in full", "open export alias"),
    **_rules("namespace", _LATER, "namespace section end mutual"),
    **_rules("variable", _LATER, "variable universe include omit"),
    **_rules("import", "only the original's imports are there", "import prelude module"),
    **_rules("declaration", "only `theorem`, `lemma`, `def` and `abbrev` may be added", "structure class inductive"),
    **_rules(
        "declaration", "only `theorem`, `lemma`, `def` and `abbrev` may be added", "example irreducible_def coinductive"
    ),
    **_rules("deriving", "it declares instances", "deriving"),
    **_rules("scope", _LATER, "local scoped public meta suppress_compilation"),
    **_rules("documentation", "say it in a comment", "add_decl_doc library_note recommended_spelling"),
    **_rules(
        "command",
        "only lemmas and definitions may be added",
        """init_quot gen_injective_theorems% register_option register_builtin_option register_parser_alias
        register_label_attr register_error_explanation declare_simp_like_tactic declare_command_config_elab
        declare_aesop_rule_sets add_aesop_rules erase_aesop_rules initialize_simps_projections compile_inductive
        compile_def mk_iff_of_inductive_prop proof_wanted recall assert_not_exists assert_not_imported
        insert_to_additive_translation with_weak_namespace set_premise_selector delab_rule app_unexpander
        register_tactic_tag register_try?_tactic tactic_extension declare_command_config_elab_legacy
        show_panel_widgets deprecated_module whatsnew grind_pattern norm_cast_add_elim""",
    ),
}

_CONSTANTS: dict[str, Ban] = {
    **_rules("sorry", "it leaves something unproved", "sorryAx synthSorry mkSorry"),
    **_rules("lc-proof", "it is a false axiom of the compiler", "lcProof lcUnreachable lcAny lcErased"),
    **_rules("native-decide", "it trusts the compiler", "ofReduceBool ofReduceNat reduceBool reduceNat trustCompiler"),
    **_rules(
        "unsafe", "it is outside of what the kernel checks", "unsafeCast unsafeIO unsafeEIO unsafeBaseIO ptrAddrUnsafe"
    ),
}

BANNED: Mapping[str, Ban] = {**_WORDS, **_CONSTANTS}
"""All words that are banned as they stand; attributes, options and odd tokens are looked at besides."""

_META = Ban("meta", "proofs have no use for Lean's own code")
_META_ROOTS = frozenset(["Lean", "IO", "Elab", "Meta", "MetaM", "TacticM", "CommandElabM"])

_OPTIONS = frozenset(
    """maxHeartbeats maxRecDepth synthInstance.maxHeartbeats synthInstance.maxSize exponentiation.threshold""".split()  # noqa: SIM905
)
_OPTION_FAMILIES = ("linter.", "pp.")

_BEFORE_STRINGS = frozenset(["(", "[", "{", "⟨", ","])

_ATTRIBUTES = frozenset(["simp", "grind"])
_ATTRIBUTE_RULES = {
    "implemented_by": "implemented-by",
    "extern": "extern",
    "export": "extern",
    "csimp": "csimp",
    "instance": "instance",
    "default_instance": "instance",
    "init": "initialize",
    "builtin_init": "initialize",
    "macro": "macro",
    "simproc": "simproc",
    "reducible": "attribute-not-allowed",
}


def banned(tokens: Sequence[Token], known: Collection[str]) -> Iterator[tuple[Token, Ban]]:
    """Everything in a piece of inserted text that must not be there. known: words of the original, which are odd by its
    author's choice."""
    for k, token in enumerate(tokens):
        ban = _ban(tokens, k, known)
        if ban is not None:
            yield token, ban


def _ban(tokens: Sequence[Token], k: int, known: Collection[str]) -> Ban | None:
    token = tokens[k]
    if not token.closed:
        return Ban("unterminated", "it swallows the text behind it")
    if token.kind is Kind.BAD:
        return Ban("odd-character", "it is not visible, or not part of Lean's language")
    if token.kind is Kind.COMMAND:
        return Ban("hash-command", "commands that only tell something have no place in a proof")
    if token.kind is Kind.STRING and ("{" in token.text or token.text.startswith("}")):
        return Ban("interpolation", "strings with braces may hold code")
    if _may_be_misread(tokens, k):
        return Ban("odd-string", "where it begins or ends could be read otherwise: leave a blank before it")
    if token.text == "@[":
        return _attributes(tokens, k)
    if token.kind is Kind.WORD:
        return _word(tokens, k, known)
    return None


def _may_be_misread(tokens: Sequence[Token], k: int) -> bool:
    """Whether a notation could make another token of it: quotes next to other symbols, or in characters."""
    token = tokens[k]
    if token.kind is Kind.SYMBOL:
        return token.text == "'"
    if token.kind not in (Kind.STRING, Kind.CHAR):
        return False
    touches = k > 0 and tokens[k - 1].end == token.start and tokens[k - 1].text not in _BEFORE_STRINGS
    return touches or (token.kind is Kind.CHAR and any(c in token.text for c in '"\n'))


def _word(tokens: Sequence[Token], k: int, known: Collection[str]) -> Ban | None:
    word = tokens[k].text
    if word == "set_option":
        name = tokens[k + 1].text if k + 1 < len(tokens) else ""
        allowed = name in _OPTIONS or name.startswith(_OPTION_FAMILIES)
        return None if allowed else Ban("set-option", f"the option `{name}` may not be set")
    after = tokens[k + 1] if k + 1 < len(tokens) else None
    joined = after is not None and after.text == "%" and after.start == tokens[k].end  # may be one token of Lean's
    ban = _WORDS.get(word) or (_WORDS.get(word + "%") if joined else None)
    if ban is not None:
        return ban
    parts = simple_name(word)
    ban = next((_CONSTANTS[p] for p in parts if p in _CONSTANTS), None)
    if ban is None and (parts[0] in _META_ROOTS or parts[:2] == ("_root_", "Lean")) and len(parts) > 1:
        ban = _META
    if ban is None and "«" in word and word not in known:
        ban = Ban("odd-name", "use a name without guillemets")
    return ban


def _attributes(tokens: Sequence[Token], k: int) -> Ban | None:
    """The attributes of `@[...]`: those allowed are for proofs alone."""
    entry: list[Token] = []
    for token in tokens[k + 1 : k + 100]:
        if token.text not in (",", "]"):
            entry.append(token)
            continue
        words = [t.text for t in entry if t.kind is Kind.WORD and t.text != "local"]
        plain = all(t.kind in (Kind.WORD, Kind.SYMBOL) for t in entry) and not any(t.text == "(" for t in entry)
        if len(words) != 1 or words[0] not in _ATTRIBUTES or not plain:
            name = words[0] if words else ""
            rule = _ATTRIBUTE_RULES.get(name, "attribute-not-allowed")
            return Ban(rule, f"the attribute `{name}` may not be added")
        if token.text == "]":
            return None
        entry = []
    return Ban("attribute-not-allowed", "attributes without an end")
