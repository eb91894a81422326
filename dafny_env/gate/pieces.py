"""Finds the pieces of a candidate that may be left out, and those that may not but help to say what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from dafny_env.gate.align import Piece, Pieces
from dafny_env.gate.flat import Flat
from dafny_env.gate.insertable import Insertable, Place
from dafny_env.gate.objections import Refusal
from dafny_env.syntax import ast
from dafny_env.syntax.walk import children, walk

_BEFORE_PREFIX = frozenset(["{", "(", "then", "else", "=>", ";"])
"""Tokens behind which Dafny reads a whole expression, so that `assert P; e` can only mean `assert P; (e)`."""


def find_pieces(flat: Flat, insertable: Insertable, *, printed: bool = False) -> Pieces:
    """All pieces of a candidate. printed: the verifier printed it, with no more parentheses than it needs."""
    finder = _Finder(flat, insertable, printed)
    finder.declarations(flat.program.decls)
    return Pieces(finder.by_start, finder.turned)


class _Finder:
    """Walks the candidate. Nesting is bounded by the parser, so recursion is safe."""

    def __init__(self, flat: Flat, insertable: Insertable, printed: bool) -> None:
        self.flat = flat
        self.insertable = insertable
        self.printed = printed
        self.by_start: dict[int, list[Piece]] = defaultdict(list)
        self.turned: set[int] = set()

    # ------------------------------------------------------------------------------------------------ declarations

    def declarations(self, decls: Sequence[ast.Decl]) -> None:
        for decl in decls:
            self._piece(decl, self.insertable.declaration(decl))
            if isinstance(decl, ast.Callable):
                self._callable(decl)
            else:
                self._attributes(decl)
                self.declarations(getattr(decl, "members", ()))

    def _callable(self, decl: ast.Callable) -> None:
        self.insertable.enter(decl)
        self._attributes(decl)
        for clause in decl.clauses:
            self._piece(clause, self.insertable.clause(clause, loop=False))
        if decl.body is None or self.insertable.skeleton:
            return
        if isinstance(decl.body, ast.Block):
            place = Place.LEMMA if decl.is_lemma else Place.CODE
            refusal = None if decl.is_lemma else _definition(decl)
            self._piece(decl.body, refusal or self.insertable.statement(decl.body, place))
            self._block(decl.body, place)
        else:
            self._braced(decl.body, _definition(decl))
            self._expression(decl.body, definition=True)
        if decl.by_method is not None:
            self._block(decl.by_method, Place.CODE)

    def _attributes(self, decl: ast.Decl) -> None:
        for attribute in getattr(decl, "attributes", ()):
            message = f"the attribute `{attribute.name}` was added to `{getattr(decl, 'name', '')}`: leave it as it is"
            self._piece(attribute, Refusal("attribute-added", message))

    # -------------------------------------------------------------------------------------------------- statements

    def _block(self, block: ast.Block, place: Place) -> None:
        self._statements(block.body, place)

    def _statements(self, stmts: Sequence[ast.Stmt], place: Place) -> None:
        for stmt in stmts:
            self._piece(stmt, self.insertable.statement(stmt, place))
            self._inside(stmt, place)

    def _inside(self, stmt: ast.Stmt, place: Place) -> None:
        proof = Place.LEMMA if place is Place.LEMMA else Place.PROOF
        if isinstance(stmt, ast.Block):
            self._block(stmt, place)
        elif isinstance(stmt, ast.Assert):
            self._assertion(stmt, proof)
        elif isinstance(stmt, ast.If):
            self._block(stmt.then, place)
            if stmt.orelse is not None:
                self._else(stmt.orelse, place)
        elif isinstance(stmt, ast.While | ast.For):
            self._loop_clauses(stmt.clauses, body=stmt.body is not None)
            if stmt.body is not None:
                self._block(stmt.body, place)
        elif isinstance(stmt, ast.Alternatives):
            self._loop_clauses(stmt.clauses, body=True)
            for _, body in stmt.cases:
                self._statements(body, place)
        elif isinstance(stmt, ast.MatchStmt):
            for _, body in stmt.cases:
                self._statements(body, place)
        elif isinstance(stmt, ast.Calc):
            for hint in stmt.hints:
                self._statements(hint, proof)
        elif isinstance(stmt, ast.ForallStmt):
            for clause in stmt.clauses:
                self._piece(clause, self.insertable.clause(clause, loop=False))
            if stmt.body is not None:
                # An aggregate assignment is compiled; a proof may be added to either kind in the same way.
                self._block(stmt.body, place)
        elif isinstance(stmt, ast.Labelled):
            self._label(stmt)
            self._inside(stmt.statement, place)
        elif isinstance(stmt, ast.Decorated):
            self._inside(stmt.statement, place)
        elif isinstance(stmt, ast.Modify) and stmt.body is not None:
            self._block(stmt.body, place)
        elif isinstance(stmt, ast.Assign | ast.VarDecl) and stmt.by is not None:
            self._by(stmt.by, proof)
        for child in children(stmt):
            if isinstance(child, ast.Expr | ast.Rhs):
                self._expression(child, definition=False)

    def _loop_clauses(self, clauses: Sequence[ast.Clause], *, body: bool) -> None:
        message = "what a loop without a body keeps is taken for granted: leave its invariants as they are"
        granted = None if body else Refusal("bodyless-loop", message)
        for clause in clauses:
            refusal = self.insertable.clause(clause, loop=True)
            self._piece(clause, refusal or (granted if clause.kind == "invariant" else None))

    def _assertion(self, stmt: ast.Assert, proof: Place) -> None:
        keyword = self.flat.first_token(stmt)
        if keyword is not None:
            self.turned.add(keyword)
        if stmt.by is not None:
            self._by(stmt.by, proof)

    def _by(self, block: ast.Block, proof: Place) -> None:
        """`by { ... }` may stand for the semicolon that ends a statement."""
        found = self.flat.range_of(block)
        if found is not None:
            refusal = self.insertable.statement(block, proof)
            self.by_start[found[0] - 1].append(Piece(found[1], ";", refusal))
        self._block(block, proof)

    def _else(self, orelse: ast.Stmt, place: Place) -> None:
        found = self.flat.range_of(orelse)
        if found is not None:
            self.by_start[found[0] - 1].append(Piece(found[1], None, self.insertable.statement(orelse, place)))
        self._inside(orelse, place)

    def _label(self, stmt: ast.Labelled) -> None:
        whole, inner = self.flat.range_of(stmt), self.flat.range_of(stmt.statement)
        if whole is None or inner is None or stmt.label == "opaque":
            return
        self.by_start[whole[0]].append(Piece(inner[0], None, self.insertable.label(stmt.label)))

    # ------------------------------------------------------------------------------------------------- expressions

    def _expression(self, root: ast.Node, *, definition: bool) -> None:
        """Proof statements in front of expressions, inside the body of a function."""
        for node in walk(root):
            if not isinstance(node, ast.StmtExpr):
                continue
            statement = node.statement
            if isinstance(statement, ast.Assert):
                keyword = self.flat.first_token(statement)
                if keyword is not None:
                    self.turned.add(keyword)
            refusal = self.insertable.statement(statement, Place.PROOF)
            found = self.flat.range_of(statement)
            if found is None:
                continue
            before = self._token_before(found[0])
            if not definition:
                message = "a proof inside an expression of a statement: put it in front of the statement"
                refusal = refusal or Refusal("code-changed", message)
            elif before not in _BEFORE_PREFIX and not self.printed:
                message = f"a proof behind `{before}` changes how the rest is read: put it in front of the branch"
                refusal = refusal or Refusal("spec-changed", message)
            self._piece(statement, refusal)
            self._inside(statement, Place.PROOF)

    def _token_before(self, index: int) -> str:
        items = self.flat.items
        while index > 0 and items[index - 1].startswith("\0"):
            index -= 1
        return items[index - 1] if index else ""

    # ------------------------------------------------------------------------------------------------------ pieces

    def _piece(self, node: ast.Node, refusal: Refusal | None) -> None:
        found = self.flat.range_of(node)
        if found is not None:
            self.by_start[found[0]].append(Piece(found[1], None, refusal))

    def _braced(self, body: ast.Expr, refusal: Refusal) -> None:
        """The body of a function, with its braces (which belong to the declaration)."""
        found = self.flat.range_of(body)
        if found is not None:
            start, end = found
            while start > 0 and self.flat.items[start] != "{":
                start -= 1
            while end < len(self.flat.items) and self.flat.items[end] != "}":
                end += 1
            self.by_start[start].append(Piece(min(end + 1, len(self.flat.items)), None, refusal))


def _definition(decl: ast.Callable) -> Refusal:
    return Refusal("definition-added", f"`{decl.name}` has no body in the original: leave it without one")
