"""Reading specification clauses: requires, ensures, invariant, decreases, reads, modifies."""

from __future__ import annotations

from typing import Literal

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_atom import AtomParser
from dafny_env.syntax.parse_base import Unreadable

ClauseKind = Literal["requires", "ensures", "invariant", "decreases", "reads", "modifies"]
CLAUSES: dict[str, ClauseKind] = {
    "requires": "requires",
    "ensures": "ensures",
    "invariant": "invariant",
    "decreases": "decreases",
    "reads": "reads",
    "modifies": "modifies",
}
DECLARATION_WORDS = frozenset(
    """abstract class codatatype colemma constructor copredicate datatype export function import include inductive
    iterator lemma method module newtype predicate static trait twostate type""".split()  # noqa: SIM905
)
"""Words that start a declaration and nothing else (contextual ones left out)."""


class SpecParser(AtomParser):
    """Reads clauses. One that cannot be read becomes an UnknownExpr, and the declaration around it is kept."""

    def clauses(self, *, loop: bool = False) -> tuple[A.Clause, ...]:
        """All clauses ahead, with the semicolons that old programs put behind them."""
        found: list[A.Clause] = []
        while self._clause_ahead():
            found.append(self._clause(loop))
        return tuple(found)

    def _clause_ahead(self) -> bool:
        word = self.words[self.pos]
        if word in CLAUSES:
            return True
        return word in ("free", "yield") and self.words[self.pos + 1] in ("requires", "ensures", "invariant")

    def _clause(self, loop: bool) -> A.Clause:
        start = self.pos
        free = self.accept("free")
        yields = self.accept("yield")
        kind = CLAUSES[self.words[self.pos]]
        self.pos += 1
        attributes: tuple[A.Attribute, ...] = ()
        label = None
        mark = self.mark()
        content = self.pos
        try:
            attributes = self.attributes()
            label = self.clause_label()
            exprs = self._clause_expressions(kind, loop)
            self._check_end()
        except Unreadable as problem:
            self.restore(mark)
            self._skip_clause(content)
            self.problem(problem.message, start)
            # Nothing at all behind the keyword: the next token may lie outside of the clause.
            end = self.ends[content - 1]
            span = self.span(content) if self.pos > content else A.Span(end, end)
            exprs = (A.UnknownExpr(self.source[slice(*span)], span=span),)
            attributes, label = (), None
        self.accept(";")
        return A.Clause(kind, exprs, free, yields, label, attributes, span=self.span(start))

    def clause_label(self) -> str | None:
        """`L:` in front of a condition."""
        if self.kinds[self.pos] in ("ident", "int") and self.ahead() == ":":
            self.pos += 2
            return self.words[self.pos - 2]
        return None

    def _clause_expressions(self, kind: ClauseKind, loop: bool) -> tuple[A.Expr, ...]:
        if kind in ("requires", "ensures", "invariant"):
            return (self.expr(lemma_calls=False, lambdas=loop),)
        found = [self._element(kind, loop)]
        while self.accept(","):
            found.append(self._element(kind, loop))
        return tuple(found)

    def _element(self, kind: ClauseKind, loop: bool) -> A.Expr:
        if kind != "decreases":
            return self.frame()
        start = self.pos
        if self.accept("*"):
            return A.Star(span=self.span(start))
        return self.expr(lemma_calls=False, lambdas=loop)

    def _check_end(self) -> None:
        """A clause ends where something else can start: give up on what was read only in part."""
        word = self.words[self.pos]
        if word in ("{", "}", ";", "", "@", "case", "by", "...", "=>") or self._clause_ahead():
            return
        if self.kinds[self.pos] in ("ident", "keyword"):
            return
        raise self.unreadable("the end of the clause expected")

    def _skip_clause(self, content: int) -> None:
        self.pos = content
        while not self.at("{", "}", ";", "case", "") and not self._clause_ahead():
            if self.words[self.pos] in DECLARATION_WORDS:
                break
            self.skip()
