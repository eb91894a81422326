"""The syntax tree of Dafny programs, 2.3 and 4.x alike.

One tree serves the gate (which compares token ranges), the dialect rewriter, the goal finder, the interpreter and the
symbolic policy. Every node carries a `span`: half-open character offsets into the source it was parsed from, so text
can be cut out and edited without a pretty printer. Nodes built by a program rather than a parser carry `NOWHERE`.

Not guaranteed: names are not resolved and types are not inferred here; the tree says what was written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as Lit
from typing import NamedTuple


class Span(NamedTuple):
    """Half-open range of character offsets into the source text."""

    start: int
    end: int


NOWHERE = Span(-1, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything with a place in the source. Spans do not take part in equality: equal trees mean equal text up to
    layout."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)


# ---------------------------------------------------------------------------------------------------------------- types


@dataclass(frozen=True, slots=True)
class Type(Node):
    """A type as written. `name` is `int`, `seq`, `array`, `M.List`, `->`/`-->`/`~>` (arguments then result in `args`),
    or `(,)` for tuples. `array2` and friends are plain names. `qualifier` is set only for members of a type that has
    arguments of its own: `C<int>.D` is `D` qualified by `C<int>`."""

    name: str
    args: tuple[Type, ...] = ()
    qualifier: Type | None = None


# ---------------------------------------------------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Expr(Node):
    """Base class of expressions."""


@dataclass(frozen=True, slots=True)
class Attribute(Node):
    """`{:name args}` (or 4.x `@Name(args)`, with `at` set)."""

    name: str
    args: tuple[Expr, ...] = ()
    at: bool = False


@dataclass(frozen=True, slots=True)
class Literal(Expr):
    """A literal. `value` is an int (also for hexadecimal), a `fractions.Fraction` for reals is not used: reals keep
    their text. For `char` and `string` it is the decoded text; for `null` None."""

    kind: Lit["int", "real", "bool", "char", "string", "null"]
    value: int | bool | str | None


@dataclass(frozen=True, slots=True)
class Name(Expr):
    """An identifier in expression position, type arguments (rare) in `type_args`."""

    id: str
    type_args: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class This(Expr):
    """`this`."""


@dataclass(frozen=True, slots=True)
class Star(Expr):
    """`*`, as a guard, in `decreases *` or `reads *`."""


@dataclass(frozen=True, slots=True)
class Unary(Expr):
    """`!e` or `-e`."""

    op: Lit["!", "-"]
    operand: Expr


@dataclass(frozen=True, slots=True)
class Cardinality(Expr):
    """`|e|`."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary(Expr):
    """`left op right`. Operators: `<==> ==> <== && || == != < <= > >= in !in !! + - * / % | & ^ << >>`."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class PrefixEqual(Expr):
    """`left ==#[limit] right` or `!=#[limit]`: equality of codatatype values up to a depth."""

    op: Lit["==", "!="]
    left: Expr
    right: Expr
    limit: Expr


@dataclass(frozen=True, slots=True)
class Chain(Expr):
    """A chained comparison `a <= b < c`: `operands` has one more element than `ops`; two operators at least."""

    ops: tuple[str, ...]
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class IfExpr(Expr):
    """`if c then a else b`; `if x :| P then ...` keeps its binder in `binder` and P in `cond`."""

    cond: Expr
    then: Expr
    orelse: Expr
    binder: tuple[BoundVar, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundVar(Node):
    """A bound variable or parameter of a binder. `domain` is 4.x's `x <- S`; `range` is 4.x's range of one variable
    that others follow (`x | P, y | Q`): the range behind the last variable belongs to the binder."""

    name: str
    type: Type | None = None
    domain: Expr | None = None
    attributes: tuple[Attribute, ...] = ()
    range: Expr | None = None


@dataclass(frozen=True, slots=True)
class Quantifier(Expr):
    """`forall`/`exists` vars `|` range `::` body."""

    kind: Lit["forall", "exists"]
    vars: tuple[BoundVar, ...]
    range: Expr | None
    body: Expr
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class SetComp(Expr):
    """`set x | range :: term` (or `iset`). `term` is None when left out (the variable itself)."""

    vars: tuple[BoundVar, ...]
    range: Expr | None
    term: Expr | None
    infinite: bool = False


@dataclass(frozen=True, slots=True)
class MapComp(Expr):
    """`map x | range :: value` or `map x | range :: key := value` (or `imap`)."""

    vars: tuple[BoundVar, ...]
    range: Expr | None
    key: Expr | None
    value: Expr
    infinite: bool = False


@dataclass(frozen=True, slots=True)
class Lambda(Expr):
    """`(x, y) requires P reads R => body`; `clauses` holds its requires and reads."""

    params: tuple[BoundVar, ...]
    clauses: tuple[Clause, ...]
    body: Expr


@dataclass(frozen=True, slots=True)
class Let(Expr):
    """`var pats := values; body`, `var x :| P; body` (`such_that`, P the only value), `ghost var ...`, `var x :- e;
    body` (`failing`; without patterns it is `:- e; body`)."""

    patterns: tuple[Pattern, ...]
    values: tuple[Expr, ...]
    body: Expr
    such_that: bool = False
    ghost: bool = False
    failing: bool = False
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class SeqDisplay(Expr):
    """`[a, b, c]`."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class SetDisplay(Expr):
    """`{a, b}`, `iset{a, b}`, `multiset{a, b}`."""

    kind: Lit["set", "iset", "multiset"]
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class MapDisplay(Expr):
    """`map[k := v, ...]` or `imap[...]`."""

    items: tuple[tuple[Expr, Expr], ...]
    infinite: bool = False


@dataclass(frozen=True, slots=True)
class SeqComp(Expr):
    """`seq(n, f)` (with element type in `type_args` when given)."""

    length: Expr
    function: Expr
    type_args: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class MultisetOf(Expr):
    """`multiset(e)` of a set or sequence."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Old(Expr):
    """`old(e)` or `old@L(e)`."""

    operand: Expr
    label: str | None = None


@dataclass(frozen=True, slots=True)
class HeapPredicate(Expr):
    """`fresh(e)`, `allocated(e)`, `unchanged(e, ...)`."""

    kind: Lit["fresh", "allocated", "unchanged"]
    args: tuple[Expr, ...]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Member(Expr):
    """`e.name` (also `e.0` of tuples, `e.Cons?`)."""

    object: Expr
    name: str
    type_args: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """`f(args)`; a datatype constructor with arguments is a Call too. `names` holds 4.x argument names, None each where
    positional; it is empty when all are positional. `label` is that of a two-state call `f@L(x)`."""

    function: Expr
    args: tuple[Expr, ...]
    names: tuple[str | None, ...] = ()
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Index(Expr):
    """`a[i]`, `m[k]`, `a[i, j]` of matrices."""

    object: Expr
    indices: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Slice(Expr):
    """`s[lo..hi]`, either bound possibly missing; `a[..]` of arrays."""

    object: Expr
    low: Expr | None
    high: Expr | None


@dataclass(frozen=True, slots=True)
class Segments(Expr):
    """`s[a : b : c]`: the sequence cut into pieces of the given lengths. `rest` marks a closing colon, as in
    `s[a : b :]`."""

    object: Expr
    lengths: tuple[Expr, ...]
    rest: bool = False


@dataclass(frozen=True, slots=True)
class FrameField(Expr):
    """`` o`f `` in reads, modifies, modify and unchanged; without an object `` `f ``."""

    object: Expr | None
    field: str


@dataclass(frozen=True, slots=True)
class BindingGuard(Expr):
    """`x: T :| P` as the guard of an alternative (`case x :| P => ...`)."""

    vars: tuple[BoundVar, ...]
    cond: Expr


@dataclass(frozen=True, slots=True)
class Update(Expr):
    """`s[i := v, ...]` of sequences, maps and multisets."""

    object: Expr
    updates: tuple[tuple[Expr, Expr], ...]


@dataclass(frozen=True, slots=True)
class DatatypeUpdate(Expr):
    """`d.(field := value, ...)`."""

    object: Expr
    updates: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class MatchExpr(Expr):
    """`match e { case p => e ... }` with or without braces. `attributes` are those of the match and of its cases."""

    subject: Expr
    cases: tuple[tuple[Pattern, Expr], ...]
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Tuple(Expr):
    """`(a, b)` or `()`."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Convert(Expr):
    """`e as T` or `e is T` (4.x)."""

    kind: Lit["as", "is"]
    operand: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class StmtExpr(Expr):
    """A proof statement before an expression: `assert P; e`, `L(x); e`, `calc {...} e`, `reveal f(); e`."""

    statement: Stmt
    body: Expr


@dataclass(frozen=True, slots=True)
class UnknownExpr(Expr):
    """Balanced text the parser could not read as an expression; kept whole so that one odd construct does not lose a
    file."""

    text: str


# ------------------------------------------------------------------------------------------------------------- patterns


@dataclass(frozen=True, slots=True)
class Pattern(Node):
    """A pattern of match, let or var. A variable or nullary constructor is `name` without `args` (None, not ()); a
    constructor with arguments has both; a tuple pattern has name `(,)`; a literal pattern has `literal` and an empty
    name; `_` is a name. 4.x's alternatives `p | q` have name `|` and the alternatives in `args`."""

    name: str
    args: tuple[Pattern, ...] | None = None
    literal: Expr | None = None
    type: Type | None = None


# -------------------------------------------------------------------------------------------------------------- clauses


@dataclass(frozen=True, slots=True)
class Clause(Node):
    """A specification clause of a declaration or a loop. `exprs` has one element for requires, ensures and invariant,
    any number for decreases, reads and modifies. `free` marks 2.x's `free ensures`; `yields` marks iterators'
    clauses."""

    kind: Lit["requires", "ensures", "invariant", "decreases", "reads", "modifies"]
    exprs: tuple[Expr, ...]
    free: bool = False
    yields: bool = False
    label: str | None = None
    attributes: tuple[Attribute, ...] = ()


# ----------------------------------------------------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Stmt(Node):
    """Base class of statements. The span includes the closing semicolon or brace."""


@dataclass(frozen=True, slots=True)
class Block(Stmt):
    """`{ ... }`; the span includes the braces."""

    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Rhs(Node):
    """A right-hand side. `expr` for an expression or a method call (a Call), `*` (Star); `new_type` set for
    `new T`, `new T(args)` / `new T.Init(args)` (`new_call`), `new T[dims]` (`dims`, with `init` a function or
    SeqDisplay). `havoc` is `*` with `expr` Star."""

    expr: Expr | None = None
    new_type: Type | None = None
    new_call: tuple[Expr, ...] | None = None
    dims: tuple[Expr, ...] = ()
    init: Expr | None = None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class VarDecl(Stmt):
    """`[ghost] var x: T, y := rhs;`, `var x :| P;` (`such_that` holds P, `assumed` for `:| assume P`),
    `var C(a, b) := e;` (pattern in `pattern`), `var x :- e;` (`failing`; `keyword` is the `assume`, `assert` or
    `expect` of `var x :- expect e;`). `by` is the proof of a call's precondition (4.x)."""

    names: tuple[BoundVar, ...]
    rhs: tuple[Rhs, ...] = ()
    such_that: Expr | None = None
    assumed: bool = False
    ghost: bool = False
    pattern: Pattern | None = None
    failing: bool = False
    attributes: tuple[Attribute, ...] = ()
    by: Block | None = None
    keyword: str | None = None


@dataclass(frozen=True, slots=True)
class Assign(Stmt):
    """`a, b[i] := rhs, ...;`, `x :| P;`, `x :- e;` and call statements `M(args);` (no `targets`, one rhs). `assumed`,
    `failing`, `keyword` and `by` as in VarDecl."""

    targets: tuple[Expr, ...]
    rhs: tuple[Rhs, ...] = ()
    such_that: Expr | None = None
    assumed: bool = False
    failing: bool = False
    by: Block | None = None
    keyword: str | None = None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class If(Stmt):
    """`if guard { } else ...`; `if x :| P` keeps the binder. `orelse` is a Block or another If. Guard may be Star."""

    guard: Expr
    then: Block
    orelse: Stmt | None = None
    binder: tuple[BoundVar, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternatives(Stmt):
    """`if { case g => ... }` and `while { case g => ... }` (then `loop` is set and clauses may be present)."""

    cases: tuple[tuple[Expr, tuple[Stmt, ...]], ...]
    loop: bool = False
    clauses: tuple[Clause, ...] = ()
    braces: bool = True
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class While(Stmt):
    """`while guard clauses body`. `header_end` is the offset just behind the guard: where the first clause may stand.
    `body` is None for a bodyless loop (a cheat)."""

    guard: Expr
    clauses: tuple[Clause, ...]
    body: Block | None
    header_end: int = field(default=-1, compare=False)
    label: str | None = None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class For(Stmt):
    """4.x `for i: T := lo to hi` / `downto`; `high` None is `*`."""

    var: BoundVar
    low: Expr
    high: Expr | None
    down: bool
    clauses: tuple[Clause, ...]
    body: Block | None
    header_end: int = field(default=-1, compare=False)
    label: str | None = None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class ForallStmt(Stmt):
    """`forall x | range ensures P { }`: a proof when it has ensures or calls lemmas, an aggregate assignment
    otherwise."""

    vars: tuple[BoundVar, ...]
    range: Expr | None
    clauses: tuple[Clause, ...]
    body: Block | None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Assert(Stmt):
    """`assert [L:] P;` or `assert P by { }`."""

    expr: Expr
    by: Block | None = None
    label: str | None = None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Assume(Stmt):
    """`assume [L:] P;` (4.x: `assume {:axiom} P;`)."""

    expr: Expr
    attributes: tuple[Attribute, ...] = ()
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Expect(Stmt):
    """4.x `expect P, message;`."""

    expr: Expr
    message: Expr | None = None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Calc(Stmt):
    """`calc op { line; op hint* line; ... }`. `lines` are the terms; `hints[k]` the blocks behind line k (as many as
    lines); `ops[k]` the operator between line k and k+1 (one less than lines), None where left out; `==#[k]` keeps its
    text. Nested calcs appear as hints."""

    op: str | None
    lines: tuple[Expr, ...]
    ops: tuple[str | None, ...]
    hints: tuple[tuple[Stmt, ...], ...]
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchStmt(Stmt):
    """`match e { case p => stmts ... }`. `attributes` are those of the match and of its cases."""

    subject: Expr
    cases: tuple[tuple[Pattern, tuple[Stmt, ...]], ...]
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Return(Stmt):
    """`return rhs, ...;` (`yield` too)."""

    rhs: tuple[Rhs, ...]
    is_yield: bool = False


@dataclass(frozen=True, slots=True)
class Jump(Stmt):
    """`break L;`, `break break;` (count 2) or 4.x `continue L;`, `break continue;` (count 2)."""

    kind: Lit["break", "continue"]
    label: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Print(Stmt):
    """`print e, ...;`."""

    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Reveal(Stmt):
    """`reveal f(), L;` (4.x also `hide`, and Star for `reveal *`)."""

    exprs: tuple[Expr, ...]
    hide: bool = False


@dataclass(frozen=True, slots=True)
class Modify(Stmt):
    """`modify frame;` with an optional body."""

    frames: tuple[Expr, ...]
    body: Block | None = None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Labelled(Stmt):
    """`label L: stmt` (a loop has the label too). 4.x's `opaque ensures P { }` blocks have label `opaque`, with
    `clauses`."""

    label: str
    statement: Stmt
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class NewDivider(Stmt):
    """`new;` between the two parts of a constructor's body."""


@dataclass(frozen=True, slots=True)
class Skeleton(Stmt):
    """A statement of a refining module that keeps part of what it refines: `...;`, `assert ...;`, `if ... { }`,
    `while ... invariant P { }`, `modify ...;`. `keyword` is empty for `...;` alone; `blocks` are the bodies given."""

    keyword: str
    clauses: tuple[Clause, ...] = ()
    blocks: tuple[Stmt, ...] = ()


@dataclass(frozen=True, slots=True)
class Decorated(Stmt):
    """A statement behind 4.x's `@Attribute`s."""

    attributes: tuple[Attribute, ...]
    statement: Stmt


@dataclass(frozen=True, slots=True)
class UnknownStmt(Stmt):
    """Balanced text the parser could not read as a statement. Treated as compiled code by every user of the tree."""

    text: str


# --------------------------------------------------------------------------------------------------------- declarations


@dataclass(frozen=True, slots=True)
class Formal(Node):
    """A parameter or result. `default` and `nameonly` are 4.x's. Constructor parameters without a name have an empty
    one."""

    name: str
    type: Type | None
    ghost: bool = False
    default: Expr | None = None
    modifiers: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeParam(Node):
    """A type parameter with its variance and characteristics as written: `+T(==,!new)`."""

    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Decl(Node):
    """Base class of declarations. The span starts at the first modifier and ends behind the last brace or semicolon."""


@dataclass(frozen=True, slots=True)
class Callable(Decl):
    """A method, lemma, function, predicate, constructor or iterator.

    `kind` is the keyword phrase without modifiers: `method`, `lemma`, `function`, `function method`, `predicate`,
    `predicate method`, `constructor`, `iterator`, `twostate lemma`, `twostate function`, `twostate predicate`,
    `inductive predicate`, `inductive lemma`, `copredicate`, `colemma`, `least predicate`, `least lemma`,
    `greatest predicate`, `greatest lemma`. `modifiers` are the words before it (`ghost`, `static`, `protected`, ...).
    For functions `result` is the result type (and `result_name` 4.x's named result), and `body` an Expr; for the others
    `returns` lists the results, and `body` a Block; None where there is no body. `name_span` covers the name (absent
    for anonymous constructors: an empty span behind the keyword). `header_end` is the offset behind the last token of
    the signature (parameters, results): where the first clause may stand. `body_span` covers the braces. `by_method`
    is 4.x's. `order` is the `nat` or `ORDINAL` of `least predicate P[nat](x)`; `refining` marks a signature left out
    by `...`."""

    kind: str
    name: str
    params: tuple[Formal, ...]
    returns: tuple[Formal, ...] = ()
    result: Type | None = None
    result_name: str | None = None
    clauses: tuple[Clause, ...] = ()
    body: Block | Expr | None = None
    body_span: Span | None = field(default=None, compare=False)
    by_method: Block | None = None
    type_params: tuple[TypeParam, ...] = ()
    modifiers: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    name_span: Span = field(default=NOWHERE, compare=False)
    header_end: int = field(default=-1, compare=False)
    order: Type | None = None
    refining: bool = False

    @property
    def is_function(self) -> bool:
        """Whether the body is an expression."""
        return "function" in self.kind or "predicate" in self.kind

    @property
    def is_lemma(self) -> bool:
        """Whether it is a lemma of any kind (always ghost, may have its body inserted)."""
        return "lemma" in self.kind

    def clauses_of(self, kind: str) -> tuple[Clause, ...]:
        """The clauses of one kind, in order."""
        return tuple(c for c in self.clauses if c.kind == kind)


@dataclass(frozen=True, slots=True)
class Constructor(Node):
    """A datatype constructor."""

    name: str
    params: tuple[Formal, ...]
    ghost: bool = False
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Datatype(Decl):
    """`datatype`/`codatatype`, with members (4.x)."""

    name: str
    constructors: tuple[Constructor, ...]
    members: tuple[Decl, ...] = ()
    co: bool = False
    type_params: tuple[TypeParam, ...] = ()
    modifiers: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    parents: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassLike(Decl):
    """`class` or `trait`."""

    kind: Lit["class", "trait"]
    name: str
    members: tuple[Decl, ...]
    parents: tuple[Type, ...] = ()
    type_params: tuple[TypeParam, ...] = ()
    modifiers: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Module(Decl):
    """`module M refines N { }`; also `module M` files of 4.x without braces. 4.x's `replaces N` is among the
    modifiers."""

    name: str
    members: tuple[Decl, ...]
    refines: str | None = None
    abstract: bool = False
    attributes: tuple[Attribute, ...] = ()
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeDecl(Decl):
    """`type T`, `type T = U`, `type T = x: U | P witness W`, `newtype ...`. `witness_kind` is `witness`,
    `ghost witness` or None; `witness *` has Star. `characteristics` is the text of `(==, !new)`."""

    kind: Lit["type", "newtype"]
    name: str
    base: Type | None = None
    var: str | None = None
    constraint: Expr | None = None
    witness: Expr | None = None
    members: tuple[Decl, ...] = ()
    type_params: tuple[TypeParam, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    witness_kind: Lit["witness", "ghost witness"] | None = None
    characteristics: str = ""
    modifiers: tuple[str, ...] = ()
    parents: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Field(Decl):
    """`var x: T`, `ghost var`, `const c: T := e` (kind `var` or `const`), one per declared name."""

    kind: Lit["var", "const"]
    name: str
    type: Type | None
    value: Expr | None = None
    modifiers: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Import(Decl):
    """`import`, `export`, `include "file"` (kind `include`, the path in `text`), or `provides`-style lines, kept as
    text."""

    kind: Lit["import", "export", "include"]
    text: str
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownDecl(Decl):
    """Balanced text the parser could not read as a declaration."""

    text: str


@dataclass(frozen=True, slots=True)
class SyntaxProblem(Node):
    """Where the parser had to skip something. The tree is then incomplete: the gate fails closed on it."""

    message: str


@dataclass(frozen=True, slots=True)
class Program(Node):
    """A whole file."""

    text: str = field(compare=False, repr=False)
    decls: tuple[Decl, ...]
    problems: tuple[SyntaxProblem, ...] = ()
