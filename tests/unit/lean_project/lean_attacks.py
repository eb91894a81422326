"""Candidates that try to have something false accepted, and honest ones; shared by the tests of the texts and those
with the real Lean."""

from __future__ import annotations

from dataclasses import dataclass

ORIGINAL = """namespace Shop

/-- The sum of all prices. -/
def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

def cheap (n : Nat) : Prop := n ≤ 3

theorem total_nil : total [] = 0 := by
  sorry

theorem wrong (n : Nat) : n + 1 = n := by
  sorry

end Shop
"""

TRUE_ONLY = ORIGINAL.replace("theorem wrong (n : Nat) : n + 1 = n", "theorem right (n : Nat) : n + 1 = Nat.succ n")


@dataclass(frozen=True)
class Attack:
    """name: what it tries. candidate: against `ORIGINAL`. rules: one of them is what the texts alone must say; empty
    where only Lean, or what it stores, can tell."""

    name: str
    candidate: str
    rules: tuple[str, ...] = ()
    original: str = ORIGINAL


def filled(*proofs: str, original: str = ORIGINAL) -> str:
    """The original with its `sorry`s replaced in order."""
    pieces = original.split("sorry")
    assert len(proofs) == len(pieces) - 1
    return "".join(a + b for a, b in zip(pieces, [*proofs, ""], strict=True))


def lemma(text: str, proof: str = "exact h n", before: str = "theorem wrong", original: str = ORIGINAL) -> str:
    """The original with a piece of text before a declaration, and proofs."""
    return filled("rfl", proof, original=original).replace(before, f"{text}\n\n{before}", 1)


def proof(text: str) -> str:
    """The original with a proof of what is false."""
    return filled("rfl", text)


_INSERTED: list[tuple[str, str, str]] = [
    ("axiom", "axiom h (n : Nat) : n + 1 = n", "axiom"),
    ("axiom with attributes", "@[simp] private axiom h (n : Nat) : n + 1 = n", "axiom"),
    ("opaque", "opaque h (n : Nat) : n + 1 = n", "opaque"),
    ("instance", "instance (priority := 3000) : Add Nat := ⟨fun a _ => a⟩", "instance"),
    ("scoped instance", "scoped instance : Add Nat := ⟨fun a _ => a⟩", "instance"),
    ("local instance", "local instance : Add Nat := ⟨fun a _ => a⟩", "instance"),
    ("instance by attribute command", "attribute [instance] wrongAdd", "attribute"),
    ("instance by attribute", "@[instance] def wrongAdd : Add Nat := ⟨fun a _ => a⟩", "instance"),
    ("default instance", "@[default_instance] def wrongAdd : Add Nat := ⟨fun a _ => a⟩", "instance"),
    ("simp set changed", "attribute [-simp] Nat.add_zero", "attribute"),
    ("local attribute", "attribute [local simp] Nat.add_comm", "attribute"),
    ("coercion", "@[coe] def toProp (n : Nat) : Prop := True", "attribute-not-allowed"),
    ("coercion instance", "instance : Coe Nat Prop := ⟨fun _ => True⟩", "instance"),
    ("reducible", "@[reducible] def h := 1", "attribute-not-allowed"),
    ("macro", 'macro "n" : term => `(0)', "macro"),
    ("macro rules", "macro_rules | `($a = $b) => `(True)", "macro"),
    ("local macro", 'local macro "wrong" : tactic => `(tactic| trivial)', "macro"),
    ("syntax", 'syntax "magic" : tactic', "syntax"),
    ("syntax category", "declare_syntax_cat magic", "syntax"),
    ("notation", 'notation:50 a " = " b => True', "notation"),
    ("local notation", 'local notation "Nat" => Unit', "notation"),
    ("infix", 'infixl:65 " + " => fun a b => a', "notation"),
    ("prefix", 'prefix:max "cheap" => id', "notation"),
    ("unification hint", "unif_hint (n : Nat) where ⊢ n + 1 =?= n", "notation"),
    ("elaborator", 'elab "magic" : tactic => pure ()', "elab"),
    ("elaborator rules", "elab_rules : tactic | `(tactic| rfl) => pure ()", "elab"),
    ("command run", "run_cmd IO.println 1", "run"),
    ("meta program run", "run_meta pure ()", "run"),
    ("initialize", "initialize IO.println 1", "initialize"),
    ("builtin initialize", "builtin_initialize pure ()", "initialize"),
    ("simproc", "simproc wrongProc (_ + _) := fun _ => pure .continue", "simproc"),
    ("compiler simplification", "@[csimp] theorem h : @total = @total := rfl", "csimp"),
    ("compiler simplification beside simp", "@[simp, csimp] theorem h : @total = @total := rfl", "csimp"),
    ("implementation replaced", "@[implemented_by total] def h : List Nat → Nat := fun _ => 0", "implemented-by"),
    ("external code", '@[extern "x"] def h : Nat := 0', "extern"),
    ("exported name", "@[export x] def h : Nat := 0", "open"),
    ("init attribute", "@[init] def h : Nat := 0", "initialize"),
    ("unsafe definition", "unsafe def h (n : Nat) : n + 1 = n := h n", "unsafe"),
    ("partial definition", "partial def h (n : Nat) : n + 1 = n := h n", "partial"),
    ("option that skips the kernel", "set_option debug.skipKernelTC true", "set-option"),
    ("option that hides sorry", "set_option warn.sorry false", "set-option"),
    ("option for implicit arguments", "set_option autoImplicit true", "set-option"),
    (
        "option in front of a lemma",
        "set_option debug.skipKernelTC true in\ntheorem h : 2 + 2 = 5 := by decide +kernel",
        "set-option",
    ),
    ("open", "open Classical", "open"),
    ("open in front of a lemma", "open Nat in\ntheorem h : True := trivial", "open"),
    ("export", "export Nat (add)", "open"),
    ("alias", "alias cheap' := cheap", "open"),
    ("another namespace", "end Shop\nnamespace Other", "namespace"),
    ("section with a variable", "section\nvariable (h : ∀ n : Nat, n + 1 = n)\ninclude h", "namespace"),
    ("variable", "variable (h : ∀ n : Nat, n + 1 = n)", "variable"),
    ("variable shadows", "variable {Nat : Type} [Add Nat]", "variable"),
    ("include", "include h", "variable"),
    ("universe", "universe u", "variable"),
    (
        "mutual",
        "mutual\ntheorem h (n : Nat) : n + 1 = n := h2 n\ntheorem h2 (n : Nat) : n + 1 = n := h n\nend",
        "namespace",
    ),
    ("import", "import Lean", "import"),
    ("structure", "structure Box where\n  a : Nat\n  deriving Repr", "declaration"),
    ("class", "class Box (α : Type) where\n  a : α", "declaration"),
    ("inductive", "inductive Box | a", "declaration"),
    ("deriving", "deriving instance Inhabited for Unit", "deriving"),
    ("deriving on a definition", "def Box := Nat\n  deriving Add", "deriving"),
    ("example", "example : True := trivial", "declaration"),
    ("command that prints", "#print axioms wrong", "hash-command"),
    ("command that evaluates", "#eval 1", "hash-command"),
    ("no compilation", "suppress_compilation", "scope"),
    ("public", "public theorem h : True := trivial", "scope"),
    ("sorry in a lemma", "theorem h (n : Nat) : n + 1 = n := sorry", "sorry"),
    ("sorry in a definition", "def h (n : Nat) : Fin n := sorry", "sorry"),
    ("a definition taken for the original's", "def cheap (n : Nat) : Prop := True", "name-not-fresh"),
    ("a definition taken for a type", "def Nat := Unit", "name-not-fresh"),
    ("a theorem taken for another", "theorem Other.total : True := trivial", "name-not-fresh"),
    ("the theorem itself, elsewhere", "theorem List.wrong (n : Nat) : n = n := rfl", "name-not-fresh"),
    ("a name in the root", "theorem _root_.h : True := trivial", "name-root"),
    ("the same name twice", "theorem h1 : True := trivial\ntheorem h1 : True := trivial", "name-not-fresh"),
    ("a keyword as a name", "def «theorem» := 1", "odd-name"),
    ("look-alike", "def tоtal' := 1", "odd-character"),
    ("meta code", "def h : Lean.Elab.Tactic.TacticM Unit := pure ()", "meta"),
    ("instance hidden in a doc comment", "/-- -- -/ instance : Add Nat := ⟨fun a _ => a⟩\n-/", "odd-comment"),
    ("nested comment", "/- /- -/ axiom h : False -/", "odd-comment"),
    ("lemma without a name", "theorem : True := trivial", "name-missing"),
]

_PROOFS: list[tuple[str, str, str]] = [
    ("sorry in a term", "exact (sorry : n + 1 = n)", "sorry"),
    ("admit", "admit", "sorry"),
    ("stop", "stop", "sorry"),
    ("sorryAx", "exact sorryAx _ false", "sorry"),
    ("sorryAx in guillemets", "exact «sorryAx» _ false", "sorry"),
    ("sorryAx from the root", "exact _root_.sorryAx _ false", "sorry"),
    ("lcProof", "exact lcProof", "lc-proof"),
    ("native_decide", "native_decide", "native-decide"),
    ("decide with native", "decide +native", "native-decide"),
    ("decide configured", "decide (config := { native := true })", "native-decide"),
    ("ofReduceBool", "exact Lean.ofReduceBool _ _ rfl", "native-decide"),
    ("bv_decide", "bv_decide", "bv-decide"),
    ("option in a proof", "set_option debug.skipKernelTC true in decide +kernel", "set-option"),
    ("open in a proof", "open Classical in simp", "open"),
    ("run_tac", "run_tac pure ()", "run"),
    ("by_elab", "exact by_elab pure default", "elab"),
    ("file read", 'exact include_str "x"', "run"),
    ("unsafe term", "exact unsafe wrong n", "unsafe"),
    ("unsafeCast", "exact unsafeCast trivial", "unsafe"),
    ("decreasing_by sorry", "exact wrong n\ntermination_by n\ndecreasing_by sorry", "sorry"),
    ("comment to the end", "/- ", "unterminated"),
    ("documentation to the end", "/-- ", "unterminated"),
    ("string to the end", 'exact "', "unterminated"),
    ("raw string to the end", 'exact r#"', "unterminated"),
    ("the rest commented out", "trivial /- -- -/ /-", "unterminated"),
    ("code in a string", 's!"{run}"', "interpolation"),
    ("quotes that could be read otherwise", "exact f ' \"'\" x", "odd-string"),
    ("a quote as a character", "exact f '\"'", "odd-string"),
    ("a string behind a symbol", 'exact x ="a"', "odd-string"),
    ("a comment behind a symbol", "exact x |-- h", "odd-comment"),
    ("brackets of frozen text", "exact f) (g", "unbalanced"),
    ("a bracket left open", "exact (f", "unbalanced"),
    ("an option for a later declaration", "rfl\nset_option maxRecDepth 9 in", "declaration"),
    ("a modifier for a later declaration", "rfl\n  set_option maxRecDepth 9 in private", "text-changed"),
    ("invisible character", "rfl\u200b", "odd-character"),
    ("direction override", "rfl \u202e", "odd-character"),
    ("no-break space", "exact\u00a0rfl", "odd-character"),
    ("an instance behind the proof", "rfl\ninstance : Add Nat := ⟨fun a _ => a⟩", "instance"),
    ("the namespace ended in a proof", "rfl\nend Shop\nnamespace Shop", "namespace"),
    ("local notation in a proof", 'rfl\nlocal notation "x" => y', "notation"),
    ("meta code in a proof", "exact Lean.Meta.mkSorry", "sorry"),
    ("attribute in a proof", "attribute [simp] Nat.add_comm in simp", "attribute"),
]

_CHANGED: list[tuple[str, str, str]] = [
    ("a weaker statement", filled("rfl", "rfl").replace("n + 1 = n ", "n + 1 = n + 1 "), "text-changed"),
    (
        "a hypothesis more",
        filled("rfl", "exact h").replace("(n : Nat) : n + 1", "(n : Nat) (h : n + 1 = n) : n + 1"),
        "text-changed",
    ),
    ("a definition changed", filled("rfl", "rfl").replace("x + total xs", "total xs"), "text-changed"),
    (
        "a definition left out",
        filled("rfl", "rfl").replace("def cheap (n : Nat) : Prop := n ≤ 3\n", ""),
        "text-changed",
    ),
    ("the theorem left out", ORIGINAL[: ORIGINAL.index("theorem wrong")] + "end Shop\n", "text-changed"),
    ("the end left out", filled("rfl", "rfl").replace("end Shop", ""), "text-changed"),
    ("another order", "theorem x : True := trivial\n" + ORIGINAL.replace("namespace Shop", "", 1), "text-changed"),
    ("theorem turned into a definition", filled("rfl", "rfl").replace("theorem wrong", "def wrong"), "text-changed"),
    ("private", filled("rfl", "rfl").replace("theorem wrong", "private theorem wrong"), "text-changed"),
    ("attribute on a theorem", filled("rfl", "rfl").replace("theorem wrong", "@[simp] theorem wrong"), "text-changed"),
    (
        "a Greek look-alike",
        filled("rfl", "rfl").replace("(n : Nat) : n + 1 = n ", "(n : Νat) : n + 1 = n "),
        "text-changed",
    ),
    ("an invisible character", filled("rfl", "rfl").replace("wrong (n", "wrong\u200b (n"), "text-changed"),
    ("theorem in a comment", filled("rfl", "rfl").replace("theorem wrong", "/- theorem wrong") + "-/", "text-changed"),
    ("text behind the end", filled("rfl", "rfl") + "\naxiom a : False\n", "text-changed"),
    ("the empty file", "", "text-changed"),
    ("by left out", ORIGINAL.replace("by\n  sorry", "rfl"), "text-changed"),
]

TEXT_ATTACKS: tuple[Attack, ...] = (
    *(Attack(name, lemma(text), (rule,)) for name, text, rule in _INSERTED),
    *(Attack(name, proof(text), (rule,)) for name, text, rule in _PROOFS),
    *(Attack(name, candidate, (rule,)) for name, candidate, rule in _CHANGED),
)

HONEST: tuple[Attack, ...] = (
    Attack("two proofs", filled("rfl", "rfl", original=TRUE_ONLY), original=TRUE_ONLY),
    Attack(
        "several lines",
        filled("rfl", "cases n with\n  | zero => rfl\n  | succ m => rfl", original=TRUE_ONLY),
        original=TRUE_ONLY,
    ),
    Attack(
        "a lemma",
        lemma(
            "/-- About. -/\ntheorem total_cons (x : Nat) (xs : List Nat) : total (x :: xs) = x + total xs := by\n  rfl",
            "rfl",
            "theorem right",
            TRUE_ONLY,
        ),
        original=TRUE_ONLY,
    ),
    Attack(
        "a private lemma for simp, and a definition",
        lemma(
            "def double (n : Nat) : Nat := n + n\n"
            "@[simp] private theorem double_def (n : Nat) : double n = n + n := rfl",
            "rfl",
            "theorem right",
            TRUE_ONLY,
        ),
        original=TRUE_ONLY,
    ),
    Attack(
        "a lemma before a definition",
        lemma("theorem early (n : Nat) : n = n := rfl", "rfl", "def cheap", TRUE_ONLY),
        original=TRUE_ONLY,
    ),
    Attack(
        "a lemma by the same patterns as a definition's",
        lemma(
            "def size : List Nat → Nat\n  | [] => 0\n  | x :: xs => 1 + size xs",
            "rfl",
            "/-- The sum",
            TRUE_ONLY,
        ),
        original=TRUE_ONLY,
    ),
    Attack(
        "other comments and blanks",
        filled("-- easy\n  rfl", "rfl -- so is this", original=TRUE_ONLY),
        original=TRUE_ONLY,
    ),
    Attack(
        "an option for a lemma",
        lemma("set_option maxRecDepth 1000 in\ntheorem extra : True := trivial", "rfl", "theorem right", TRUE_ONLY),
        original=TRUE_ONLY,
    ),
    Attack(
        "local facts",
        filled("rfl", "have h : n + 1 = Nat.succ n := rfl\n  exact h", original=TRUE_ONLY),
        original=TRUE_ONLY,
    ),
    Attack(
        "an option that limits",
        filled("rfl", "set_option maxRecDepth 1000 in rfl", original=TRUE_ONLY),
        original=TRUE_ONLY,
    ),
)


@dataclass(frozen=True)
class Deceit:
    """A candidate that Lean itself accepts, with something false in it. rule: what is said of its compiled module."""

    name: str
    original: str
    candidate: str
    rule: str


_WRONG = "theorem wrong (n : Nat) : n + 1 = n := by\n  sorry\n"
_SUCC = "namespace Shop\ntheorem wrong (n : Nat) : Nat.succ n = n := by\n  sorry\nend Shop\n"
_HELPER = """def helper (n : Nat) : Nat := n
namespace Shop
def price (n : Nat) : Nat := helper n
theorem wrong (n : Nat) : price n = 0 := by
  sorry
end Shop
"""
_COLOUR = """inductive Colour where
  | red
  | green
theorem wrong (c : Colour) : c = Colour.red := by
  sorry
"""
_OPEN_DATA = """noncomputable def number : Nat := sorry
theorem wrong : number = 3 := by
  sorry
"""
_CODE = "def f (n : Nat) : Nat := n\ndef k (n : Nat) : Nat := n\ntheorem wrong : f 1 = 1 := by\n  sorry\n"
_NEVER = "inductive Never : Type\ntheorem wrong : 1 = 2 := by\n  sorry\n"
_TWO = """theorem first : 1 = 2 := by
  sorry
theorem second : 2 = 1 := by
  sorry
"""


def _before(original: str, text: str, proof: str = "rfl", at: str = "theorem wrong") -> str:
    return original.replace("sorry", proof).replace(at, f"{text}\n{at}", 1)


DECEITS: tuple[Deceit, ...] = (
    *(
        Deceit(name, _WRONG, _before(_WRONG, text), "type-changed")
        for name, text in [
            ("instance", "instance (priority := 3000) : Add Nat := ⟨fun a _ => a⟩"),
            ("local instance", "local instance (priority := 3000) : Add Nat := ⟨fun a _ => a⟩"),
            (
                "scoped instance",
                "namespace X\nscoped instance (priority := 3000) : Add Nat := ⟨fun a _ => a⟩\nend X\nopen X",
            ),
            ("instance by attribute", "@[instance] def wrongAdd : Add Nat := ⟨fun a _ => a⟩"),
            ("instance by command", "def wrongAdd : Add Nat := ⟨fun a _ => a⟩\nattribute [instance] wrongAdd"),
            ("heterogeneous instance", "instance (priority := 3000) : HAdd Nat Nat Nat := ⟨fun a _ => a⟩"),
            ("instance of numerals", "instance (priority := 3000) : OfNat Nat 1 := ⟨0⟩"),
        ]
    ),
    Deceit(
        "variable",
        _WRONG,
        _before(_WRONG, "variable (h : ∀ n : Nat, n + 1 = n)\ninclude h", "exact h n"),
        "type-changed",
    ),
    Deceit(
        "instance by variable",
        _WRONG,
        _before(_WRONG, "variable (h : False) [Add Nat]\ninclude h", "exact h.elim"),
        "type-changed",
    ),
    Deceit(
        "shadowed in the namespace",
        _SUCC,
        _before(_SUCC, "def Nat.succ (n : _root_.Nat) : _root_.Nat := n"),
        "type-changed",
    ),
    Deceit(
        "shadowed in private",
        _SUCC,
        _before(_SUCC, "private def Nat.succ (n : _root_.Nat) : _root_.Nat := n"),
        "type-changed",
    ),
    Deceit(
        "shadowed by an abbreviation",
        _SUCC,
        _before(_SUCC, "abbrev Nat.succ (n : _root_.Nat) : _root_.Nat := n"),
        "type-changed",
    ),
    Deceit(
        "shadowed through open",
        "theorem wrong (n : Nat) : pred n = n := by\n  sorry\n".replace("pred", "Nat.pred"),
        "namespace X\ndef Nat.pred (n : _root_.Nat) : _root_.Nat := n\nend X\nnamespace X\n"
        "theorem _root_.wrong (n : _root_.Nat) : Nat.pred n = n := by\n  rfl\nend X\n",
        "type-changed",
    ),
    Deceit(
        "a definition's helper shadowed",
        _HELPER,
        _before(_HELPER, "def helper (_ : Nat) : Nat := 0", at="def price"),
        "definition-changed",
    ),
    Deceit(
        "a definition changed",
        _HELPER,
        _HELPER.replace(":= n\n", ":= 0\n").replace("sorry", "rfl"),
        "definition-changed",
    ),
    Deceit(
        "a constructor left out",
        _COLOUR,
        _COLOUR.replace("  | green\n", "").replace("sorry", "cases c; rfl"),
        "type-changed",
    ),
    Deceit(
        "an implicit variable bound",
        "theorem wrong (x y : α) : x = y := by\n  sorry\n",
        "def α := Unit\ntheorem wrong (x y : α) : x = y := by\n  exact rfl\n",
        "kind-changed",
    ),
    Deceit(
        "open data chosen",
        _OPEN_DATA,
        _OPEN_DATA.replace("Nat := sorry", "Nat := 3").replace("sorry", "rfl"),
        "definition-changed",
    ),
    Deceit("another statement", _WRONG, "theorem wrong (n : Nat) : n = n := by\n  rfl\n", "type-changed"),
    Deceit(
        "another universe",
        "theorem wrong (α : Type 1) : α = α := by\n  sorry\n",
        "theorem wrong (α : Type) : α = α := by\n  rfl\n",
        "type-changed",
    ),
    Deceit(
        "universes turned round",
        "theorem wrong.{u, v} (α : Sort u) (β : Sort v) : α = α := by\n  sorry\n",
        "theorem wrong.{v, u} (α : Sort u) (β : Sort v) : α = α := by\n  rfl\n",
        "type-changed",
    ),
    Deceit("an axiom instead", _WRONG, "axiom wrong (n : Nat) : n + 1 = n\n", "kind-changed"),
    Deceit(
        "a definition instead", "theorem wrong : True := by\n  sorry\n", "def wrong : True := trivial\n", "kind-changed"
    ),
    Deceit("an axiom beside", _WRONG, _before(_WRONG, "axiom h (n : Nat) : n + 1 = n", "exact h n"), "axiom"),
    Deceit(
        "an axiom changed",
        "axiom ax : 1 = 1\n" + _WRONG,
        "axiom ax : False\n" + _WRONG.replace("sorry", "exact ax.elim"),
        "type-changed",
    ),
    Deceit(
        "an axiom of its own",
        _WRONG,
        _before(_WRONG, "axiom h : False", "exact h.elim"),
        "axiom-used",
    ),
    Deceit("sorryAx", _WRONG, _WRONG.replace("sorry", "exact sorryAx _ false"), "sorry-left"),
    Deceit(
        "sorryAx for data",
        _NEVER,
        _before(_NEVER, "noncomputable def h : Never := sorryAx _ false", "exact Never.rec (fun _ => 1 = 2) h"),
        "sorry-left",
    ),
    Deceit(
        "sorry in a lemma, warning hidden",
        _WRONG,
        _before(_WRONG, "set_option warn.sorry false\ntheorem h : False := sorry", "exact h.elim"),
        "sorry-left",
    ),
    Deceit(
        "one proved by another",
        _TWO,
        _TWO.replace("2 = 1 := by\n  sorry", "2 = 1 := by\n  exact first.symm"),
        "sorry-left",
    ),
    Deceit("theorem left out", _TWO, "theorem second : 2 = 2 := by\n  rfl\n", "declaration-missing"),
    Deceit(
        "theorem in another namespace",
        _WRONG,
        "namespace X\n" + _WRONG.replace("n + 1 = n", "n = n").replace("sorry", "rfl") + "end X\n",
        "declaration-missing",
    ),
    Deceit(
        "a private theorem instead",
        _WRONG,
        "private " + _WRONG.replace("n + 1 = n", "n = n").replace("sorry", "rfl"),
        "declaration-missing",
    ),
    Deceit(
        "another import",
        _TWO,
        "import Init.Range\n" + _TWO.replace("sorry", "exact sorryAx _ false"),
        "imports-changed",
    ),
    *(
        Deceit(f"code replaced by {name}", _CODE, _before(_CODE, text), "code-replaced")
        for name, text in [
            ("implemented_by", "@[implemented_by f] def g (n : Nat) : Nat := n"),
            ("extern", '@[extern "x"] def g (n : Nat) : Nat := n'),
            ("export", "@[export x] def g (n : Nat) : Nat := n"),
            ("csimp", "@[csimp] theorem c : @f = @k := rfl"),
        ]
    ),
)
