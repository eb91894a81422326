"""What may be inserted: for a construct of the candidate, why it may not be left out, or None.

`Place` says where it stands. In compiled CODE only ghost text without effect on anything of the original may be left
out; a PROOF (the block of `assert ... by`, a calc hint, the body of a proving `forall`) is ghost by itself; in the body
of a LEMMA everything is proof."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from enum import Enum

from dafny_env.gate.attributes import may_be_inserted
from dafny_env.gate.names import Names, callee
from dafny_env.gate.objections import Refusal
from dafny_env.syntax import ast
from dafny_env.syntax.walk import walk

Place = Enum("Place", ["CODE", "PROOF", "LEMMA"])
Place.__doc__ = "Where a statement stands."

UNREADABLE = (ast.UnknownExpr, ast.UnknownStmt, ast.UnknownDecl)
_GHOST_KINDS = frozenset(
    """lemma function predicate twostate-lemma twostate-function twostate-predicate inductive-predicate inductive-lemma
    copredicate colemma least-predicate least-lemma greatest-predicate greatest-lemma""".split()  # noqa: SIM905
)
_STATEMENT_NAMES: dict[type[ast.Stmt], str] = {
    ast.Return: "a return",
    ast.Jump: "a jump",
    ast.Print: "a print statement",
    ast.Modify: "a modify statement",
    ast.Expect: "an expect statement",
    ast.NewDivider: "`new;`",
    ast.Decorated: "a statement with attributes",
}


class Insertable:
    """Judges constructs of one candidate. Of the callable looked at, `locals` are the variables declared in it, and
    `skeleton` says whether it refines or is refined by another one (`...`): such texts are put together by rules of
    their own, and nothing may be inserted."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.locals: frozenset[str] = frozenset()
        self.skeleton = False
        self._bad: list[tuple[int, Refusal]] = []

    # -------------------------------------------------------------------------------------------------- statements

    def enter(self, decl: ast.Callable) -> None:
        """Look at the inside of a callable from now on, once for all of its parts."""
        local: set[str] = set()
        self.skeleton = decl.name in self.names.refined
        self._bad = []
        for node in walk(decl):
            if isinstance(node, ast.VarDecl):
                local.update(v.name for v in bound_by(node))
            refusal = _anywhere(node)
            if refusal:
                self._bad.append((node.span.start, refusal))
        self.locals = frozenset(local)

    def statements(self, stmts: Iterable[ast.Stmt], place: Place) -> Refusal | None:
        """Why one of the statements may not be inserted."""
        return next((r for s in stmts if (r := self.statement(s, place))), None)

    def statement(self, stmt: ast.Stmt, place: Place) -> Refusal | None:
        """Why the whole statement may not be inserted there."""
        return self._shape(stmt, place) or self._inside(stmt)

    def _inside(self, node: ast.Node) -> Refusal | None:
        """Why something inside may not be inserted wherever it stands."""
        k = bisect_left(self._bad, node.span.start, key=lambda bad: bad[0])
        return self._bad[k][1] if k < len(self._bad) and self._bad[k][0] < node.span.end else None

    def _shape(self, stmt: ast.Stmt, place: Place) -> Refusal | None:
        if isinstance(stmt, ast.Assert):
            return self._label(stmt.label) or (self._shape(stmt.by, _inner(place)) if stmt.by else None)
        if isinstance(stmt, ast.Block):
            return self._all(stmt.body, place)
        if isinstance(stmt, ast.Calc):
            return self._all((s for hint in stmt.hints for s in hint), _inner(place))
        if isinstance(stmt, ast.Reveal):
            return self._reveal(stmt)
        if isinstance(stmt, ast.VarDecl):
            return self._var(stmt, place)
        if isinstance(stmt, ast.Assign):
            return self._assign(stmt, place)
        if isinstance(stmt, ast.If):
            return self._shape(stmt.then, place) or (self._shape(stmt.orelse, place) if stmt.orelse else None)
        if isinstance(stmt, ast.MatchStmt):
            return self._all((s for _, body in stmt.cases for s in body), place)
        if isinstance(stmt, ast.Labelled):
            return self._label(stmt.label) or self._shape(stmt.statement, place)
        if isinstance(stmt, ast.ForallStmt):
            if stmt.body is None:
                return Refusal("bodyless-forall", "a forall statement without a body proves nothing: give it a body")
            return self._shape(stmt.body, _inner(place))
        if isinstance(stmt, ast.While | ast.For | ast.Alternatives):
            return self._loop(stmt, place)
        return self._other(stmt, place)

    def _all(self, stmts: Iterable[ast.Stmt], place: Place) -> Refusal | None:
        return next((r for s in stmts if (r := self._shape(s, place))), None)

    def _reveal(self, stmt: ast.Reveal) -> Refusal | None:
        """`reveal f();` calls whatever is called `reveal_f`."""
        for node in walk(stmt):
            name = node.id if isinstance(node, ast.Name) else node.name if isinstance(node, ast.Member) else ""
            if f"reveal_{name}" in self.names.methods:
                return Refusal("method-call", f"this calls the method `reveal_{name}`: only lemmas may be called")
        return None

    def _loop(self, stmt: ast.While | ast.For | ast.Alternatives, place: Place) -> Refusal | None:
        if isinstance(stmt, ast.Alternatives):
            inner = self._all((s for _, body in stmt.cases for s in body), place)
            is_loop = stmt.loop
        else:
            is_loop = True
            if stmt.body is None:
                return Refusal("bodyless-loop", "a loop without a body is taken for granted: give it a body")
            inner = self._shape(stmt.body, place)
        if is_loop and place is not Place.LEMMA:
            return Refusal("code-changed", "a loop was inserted outside of a lemma: move it into a lemma and call that")
        return inner

    def _var(self, stmt: ast.VarDecl, place: Place) -> Refusal | None:
        if stmt.assumed:
            return Refusal("assume-such-that", "`:| assume` takes a fact for granted: prove that such a value exists")
        if stmt.failing:
            return Refusal("code-changed", "`:-` may leave the method: use `:=`")
        if place is Place.LEMMA:
            return None
        if place is Place.CODE and not stmt.ghost:
            return Refusal("code-changed", "a compiled variable was inserted: declare it `ghost var`")
        for variable in bound_by(stmt):
            if not self.names.is_fresh(variable.name):
                return _taken(variable.name)
        return self._values(stmt.rhs, stmt.by)

    def _assign(self, stmt: ast.Assign, place: Place) -> Refusal | None:
        if stmt.assumed or stmt.keyword == "assume":
            return Refusal("assume-such-that", "`:| assume` takes a fact for granted: prove that such a value exists")
        if stmt.failing:
            return Refusal("code-changed", "`:-` may leave the method: use `:=`")
        if not stmt.targets:
            return self._call(stmt, place)
        if place is Place.LEMMA:
            return None
        for target in stmt.targets:
            ours = isinstance(target, ast.Name) and self.names.is_fresh(target.id) and target.id in self.locals
            if not ours:
                message = "an assignment to something of the original: only new ghost variables may change"
                return Refusal("assigns-original", message)
        return self._values(stmt.rhs, stmt.by)

    def _call(self, stmt: ast.Assign, place: Place) -> Refusal | None:
        name = callee(stmt.rhs[0].expr) if len(stmt.rhs) == 1 else None
        if name is None or not self.names.is_lemma(name):
            shown = f"`{name}`" if name else "something"
            return Refusal("method-call", f"a call of {shown}, which is no lemma here: only lemmas may be called")
        return self._shape(stmt.by, _inner(place)) if stmt.by else None

    def _values(self, values: Iterable[ast.Rhs], by: ast.Block | None) -> Refusal | None:
        for value in values:
            if value.expr is None or value.new_type is not None or value.dims:
                return Refusal("code-changed", "`new` was inserted: ghost text may not allocate")
            name = callee(value.expr)
            if name is not None and not (self.names.is_lemma(name) or self.names.is_function(name)):
                return Refusal(
                    "method-call",
                    f"a call of `{name or 'something'}`, which is no lemma, function or constructor of this file",
                )
        return self._shape(by, Place.PROOF) if by else None

    def _other(self, stmt: ast.Stmt, place: Place) -> Refusal | None:
        if isinstance(stmt, ast.Assume):
            return Refusal("assume", "`assume` takes a fact for granted: prove it, with `assert`")
        if place is Place.LEMMA and isinstance(stmt, ast.Return | ast.Jump):
            return None
        if isinstance(stmt, ast.UnknownStmt):
            return Refusal("unreadable", "this text could not be read as a statement")
        what = _STATEMENT_NAMES.get(type(stmt), "a statement")
        return Refusal("code-changed", f"{what} was inserted: only proof text may be")

    def _label(self, label: str | None) -> Refusal | None:
        return self.label(label) if label is not None else None

    def label(self, label: str) -> Refusal | None:
        """Why a label may not be inserted. The original may use a name that only a lost hint declares."""
        if label in self.names.labels:
            return Refusal("name-not-fresh", f"the label `{label}` is one of the original: choose another")
        return None

    # ------------------------------------------------------------------------------------------ clauses, declarations

    def clause(self, clause: ast.Clause, *, loop: bool) -> Refusal | None:
        """Why a clause may not be inserted."""
        if clause.free:
            return Refusal("free-clause", f"`free {clause.kind}` is taken for granted: drop `free`")
        if clause.kind == "decreases":
            if any(isinstance(e, ast.Star) for e in clause.exprs):
                return Refusal("decreases-star", "`decreases *` gives up termination: give a measure")
        elif clause.kind != "invariant" or not loop:
            return Refusal("spec-changed", f"`{clause.kind}` was inserted: specifications must stay as they are")
        return self._label(clause.label) or self._inside(clause)

    def declaration(self, decl: ast.Decl) -> Refusal | None:
        """Why a whole declaration may not be inserted."""
        if isinstance(decl, ast.Import):
            if decl.kind == "include":
                return Refusal("include-added", "an include was inserted: put the text into this file")
            return Refusal("import-added", f"`{decl.kind}` was inserted: use qualified names of what is there already")
        if isinstance(decl, ast.UnknownDecl):
            return Refusal("unreadable", "this text could not be read as a declaration")
        if not isinstance(decl, ast.Callable) or decl.kind.replace(" ", "-") not in _GHOST_KINDS:
            what = getattr(decl, "kind", type(decl).__name__.lower())
            return Refusal("declaration-not-allowed", f"a new {what}: only lemmas and ghost functions may be declared")
        if decl.by_method is not None or decl.refining or not set(decl.modifiers) <= {"ghost", "static", "opaque"}:
            message = f"`{decl.name}`: only plain lemmas and ghost functions may be declared"
            return Refusal("declaration-not-allowed", message)
        if decl.body is None:
            kind = "lemma" if decl.is_lemma else "function"
            return Refusal(f"bodyless-{kind}", f"`{decl.name}` has no body: what it says is taken for granted")
        if not self.names.is_fresh(decl.name):
            if decl.name in self.names.declared:
                return Refusal("redefinition", f"`{decl.name}` is declared already: choose a new name")
            return _taken(decl.name)
        for clause in decl.clauses:
            if clause.free or any(isinstance(e, ast.Star) for e in clause.exprs if clause.kind == "decreases"):
                return self.clause(clause, loop=False)
        self.enter(decl)
        inside = self._shape(decl.body, Place.LEMMA) if isinstance(decl.body, ast.Block) else None
        return inside or self._inside(decl)


def bound_by(stmt: ast.VarDecl) -> tuple[ast.BoundVar, ...]:
    """The variables of a declaration; those of a pattern are made up from its names."""
    if stmt.pattern is None:
        return stmt.names
    inner = (p for p in walk(stmt.pattern) if isinstance(p, ast.Pattern))
    return tuple(ast.BoundVar(p.name, span=p.span) for p in inner if p.args is None and p.literal is None)


def _inner(place: Place) -> Place:
    return Place.LEMMA if place is Place.LEMMA else Place.PROOF


def _taken(name: str) -> Refusal:
    return Refusal("name-not-fresh", f"`{name}` is a name of the original: choose a name that occurs nowhere in it")


def _anywhere(inner: ast.Node) -> Refusal | None:
    """Why a node is refused wherever it stands inside an insertion."""
    if isinstance(inner, UNREADABLE):
        return Refusal("unreadable", "this text could not be read: write it in plainer Dafny")
    if isinstance(inner, ast.Attribute) and not may_be_inserted(inner.name):
        return Refusal("attribute-not-allowed", f"the attribute `{inner.name}` may not be inserted")
    if isinstance(inner, ast.Assume):
        return Refusal("assume", "`assume` takes a fact for granted: prove it, with `assert`")
    if isinstance(inner, ast.Let) and inner.failing:
        return Refusal("unreadable", "`:-` is not understood in proofs")
    return None
