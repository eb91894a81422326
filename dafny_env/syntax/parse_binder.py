"""Reading operands that reach as far as they can: quantifiers, comprehensions, lambdas, let, if, match, proofs."""

from __future__ import annotations

from typing import Literal

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_expr import ExprParser


class BinderParser(ExprParser):
    """Reads what binds variables or has an expression at its end. No suffix may follow."""

    def proof_statement(self) -> A.Stmt:
        """A statement that may stand before an expression (`assert P;`)."""
        raise NotImplementedError

    def forall_rest(
        self,
        start: int,
        vars_: tuple[A.BoundVar, ...],
        range_: A.Expr | None,
    ) -> A.Stmt:
        """What follows the variables of a forall statement."""
        raise NotImplementedError

    def frame(self) -> A.Expr:
        """An element of a frame: `*`, an expression, `` e`f `` or `` `f ``."""
        start = self.pos
        if self.accept("*"):
            return A.Star(span=self.span(start))
        subject = None if self.at("`") else self.expr(lemma_calls=False, lambdas=False)
        if not self.accept("`"):
            assert subject is not None
            return subject
        return A.FrameField(subject, self.label(), span=self.span(start))

    def _lambda(self) -> A.Expr:
        start = self.pos
        params: tuple[A.BoundVar, ...] = ()
        if self.accept("("):
            if not self.at(")"):
                params = self.bound_variables()
            self.expect(")")
        else:
            name = self.name()
            params = (A.BoundVar(name, span=self.span(start)),)
        clauses: list[A.Clause] = []
        while self.at("requires", "reads"):
            begin = self.pos
            self.pos += 1
            if self.words[begin] == "requires":
                condition = self.expr(lemma_calls=False, lambdas=False)
                clauses.append(A.Clause("requires", (condition,), span=self.span(begin)))
            else:
                frames = [self.frame()]
                while self.accept(","):
                    frames.append(self.frame())
                clauses.append(A.Clause("reads", tuple(frames), span=self.span(begin)))
        self.expect("=>")
        return A.Lambda(params, tuple(clauses), self.same(), span=self.span(start))

    def _quantifier(self) -> A.Expr:
        start = self.pos
        kind: Literal["forall", "exists"] = "forall" if self.at("forall") else "exists"
        self.pos += 1
        vars_, range_ = self.domain()
        if kind == "forall" and self.at("ensures", "{"):
            statement = self.forall_rest(start, vars_, range_)
            return A.StmtExpr(statement, self.same(), span=self.span(start))
        self.expect("::")
        last = vars_[-1]
        attributes = last.attributes
        if attributes:
            vars_ = (*vars_[:-1], A.BoundVar(last.name, last.type, last.domain, (), last.range, span=last.span))
            span = A.Span(last.span.start, self._end_without(last))
            vars_ = (*vars_[:-1], A.BoundVar(last.name, last.type, last.domain, (), last.range, span=span))
        return A.Quantifier(kind, vars_, range_, self.same(), attributes, span=self.span(start))

    @staticmethod
    def _end_without(bound: A.BoundVar) -> int:
        """Where a bound variable ends when its attributes are given to the quantifier."""
        if bound.domain is not None:
            return bound.domain.span.end
        if bound.type is not None:
            return bound.type.span.end
        return bound.span.start + len(bound.name)

    def _set_comprehension(self) -> A.Expr:
        start = self.pos
        infinite = self.at("iset")
        self.pos += 1
        vars_, range_ = self.domain()
        term = self.same() if self.accept("::") else None
        return A.SetComp(vars_, range_, term, infinite, span=self.span(start))

    def _map_comprehension(self) -> A.Expr:
        start = self.pos
        infinite = self.at("imap")
        self.pos += 1
        vars_, range_ = self.domain()
        self.expect("::")
        value = self.same()
        key = None
        if self.accept(":="):
            key, value = value, self.same()
        return A.MapComp(vars_, range_, key, value, infinite, span=self.span(start))

    def _if(self) -> A.Expr:
        """A long `else if` chain costs no recursion."""
        chain: list[tuple[int, tuple[A.BoundVar, ...], A.Expr, A.Expr]] = []
        while self.at("if"):
            start = self.pos
            self.pos += 1
            binder = self.binding()
            cond = self.full()
            self.expect("then")
            then = self.full()
            self.expect("else")
            chain.append((start, binder, cond, then))
        found = self.same()
        for start, binder, cond, then in reversed(chain):
            found = A.IfExpr(cond, then, found, binder, span=self.span(start))
        self.longest = max(self.longest, len(chain))
        return found

    def binding(self) -> tuple[A.BoundVar, ...]:
        """`x: T, y :|` of a binding guard, taken whole, or nothing at all."""
        if not (self.is_name() and self.ahead() in (":|", ":", ",")):
            return ()
        found = self.bound_variables()
        attributes = self.attributes()
        if attributes:
            last = found[-1]
            span = A.Span(last.span.start, attributes[-1].span.end)
            found = (*found[:-1], A.BoundVar(last.name, last.type, attributes=attributes, span=span))
        self.expect(":|")
        return found

    def _let(self) -> A.Expr:
        start = self.pos
        ghost = self.accept("ghost")
        patterns: list[A.Pattern] = []
        attributes: tuple[A.Attribute, ...] = ()
        if self.accept("var"):
            attributes = self.attributes()
            patterns.append(self.pattern())
            while self.accept(","):
                patterns.append(self.pattern())
            attributes += self.attributes()
        such_that, failing = self.at(":|"), self.at(":-")
        if not (self.accept(":|") or self.accept(":-")):
            self.expect(":=")
        values = [self.expr(lemma_calls=False, lambdas=True)]
        while not such_that and self.accept(","):
            values.append(self.expr(lemma_calls=False, lambdas=True))
        self.expect(";")
        body = self.same()
        return A.Let(tuple(patterns), tuple(values), body, such_that, ghost, failing, attributes, span=self.span(start))

    def _match(self) -> A.Expr:
        start = self.pos
        self.expect("match")
        attributes = list(self.attributes())
        subject = self.expr(lemma_calls=False, lambdas=True)
        braces = self.at("{") and self.words[self.pos + 1] in ("case", "}")
        if braces:
            self.pos += 1
        cases: list[tuple[A.Pattern, A.Expr]] = []
        while self.accept("case"):
            attributes.extend(self.attributes())
            pattern = self.pattern()
            self.expect("=>")
            cases.append((pattern, self.full() if braces else self.same()))
            if braces and self.at(";") and self.words[self.pos + 1] in ("case", "}"):
                self.pos += 1
        if braces:
            self.expect("}")
        return A.MatchExpr(subject, tuple(cases), tuple(attributes), span=self.span(start))

    def _proof(self) -> A.Expr:
        start = self.pos
        statement = self.proof_statement()
        return A.StmtExpr(statement, self.same(), span=self.span(start))
