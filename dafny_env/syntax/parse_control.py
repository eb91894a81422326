"""Reading statements with bodies: if, loops, match, forall, calc, labels, modify."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_stmt import StmtParser

CALC_OPERATORS = frozenset(["==", "!=", "<", "<=", ">", ">=", "<==>", "==>", "<=="])


class ControlParser(StmtParser):
    """Reads the statements that contain others."""

    def control_statement(self) -> A.Stmt | None:
        """A statement with a body, or None when something else is ahead."""
        word = self.words[self.pos]
        reader = _CONTROL.get(word)
        if reader is None or self.kinds[self.pos] not in ("keyword", "op", "ident"):
            return None
        if word == "for" and not (self.is_name(self.pos + 1) and self.ahead(2) in (":", ":=")):
            return None
        if word == "opaque" and self.ahead() not in ("{", "ensures", "modifies"):
            return None
        return reader(self)

    def proof_statement(self) -> A.Stmt:
        """A statement that may stand before an expression."""
        return self.statement()

    # ---------------------------------------------------------------------------------------------------- branching

    def _if_statement(self) -> A.Stmt:
        """An if with its else branches; a long `else if` chain costs no recursion."""
        chain: list[tuple[int, tuple[A.Attribute, ...], tuple[A.BoundVar, ...], A.Expr, A.Block]] = []
        last: A.Stmt | None = None
        while True:
            start = self.pos
            self.expect("if")
            attributes = self.attributes()
            if self.at("case") or (self.at("{") and self.ahead() in ("case", "}")):
                braces = self.at("{")
                cases, more = self._alternatives()
                last = A.Alternatives(cases, False, (), braces, attributes + more, span=self.span(start))
                break
            binder = self.binding()
            guard = self._guard()
            chain.append((start, attributes, binder, guard, self.block()))
            if not self.accept("else"):
                break
            if not self.at("if"):
                last = self.block()
                break
        for start, attributes, binder, guard, then in reversed(chain):
            last = A.If(guard, then, last, binder, attributes, span=self.span(start))
        assert last is not None
        self.longest = max(self.longest, len(chain))
        return last

    def _guard(self) -> A.Expr:
        start = self.pos
        if self.at("("):
            if self.ahead() == "*" and self.ahead(2) == ")":
                self.pos += 3
                return A.Star(span=A.Span(self.starts[start + 1], self.ends[start + 1]))
        elif self.accept("*"):
            return A.Star(span=self.span(start))
        return self.expr(lemma_calls=False, lambdas=True)

    def _alternatives(self) -> tuple[tuple[tuple[A.Expr, tuple[A.Stmt, ...]], ...], tuple[A.Attribute, ...]]:
        """`{ case g => ... }`, or the cases without braces, and the attributes of the cases."""
        attributes: tuple[A.Attribute, ...] = ()
        braces = self.accept("{")
        found: list[tuple[A.Expr, tuple[A.Stmt, ...]]] = []
        while self.accept("case"):
            attributes += self.attributes()
            begin = self.pos
            vars_ = self.binding()
            guard = self.expr(lemma_calls=False, lambdas=False)
            if vars_:
                guard = A.BindingGuard(vars_, guard, span=self.span(begin))
            self.expect("=>")
            found.append((guard, self.statements(case=True)))
        if braces:
            self.expect("}")
        return tuple(found), attributes

    def _match_statement(self) -> A.Stmt:
        start = self.pos
        self.expect("match")
        attributes = list(self.attributes())
        subject = self.expr(lemma_calls=False, lambdas=True)
        braces = self.at("{") and self.ahead() in ("case", "}", "{:")
        if braces:
            self.pos += 1
        cases: list[tuple[A.Pattern, tuple[A.Stmt, ...]]] = []
        while self.accept("case"):
            attributes.extend(self.attributes())
            pattern = self.pattern()
            self.expect("=>")
            cases.append((pattern, self.statements(case=True)))
        if braces:
            self.expect("}")
        return A.MatchStmt(subject, tuple(cases), tuple(attributes), span=self.span(start))

    # -------------------------------------------------------------------------------------------------------- loops

    def _while(self) -> A.Stmt:
        start = self.pos
        self.expect("while")
        attributes = self.attributes()
        header_end = self.ends[self.pos - 1]
        if self._clause_ahead() or self.at("case") or (self.at("{") and self.ahead() in ("case", "}")):
            clauses = self.clauses(loop=True)
            braces = self.at("{")
            cases, more = self._alternatives()
            return A.Alternatives(cases, True, clauses, braces, attributes + more, span=self.span(start))
        guard = self._guard()
        header_end = self.ends[self.pos - 1]
        clauses = self.clauses(loop=True)
        body = self._loop_body()
        return A.While(guard, clauses, body, header_end, None, attributes, span=self.span(start))

    def _loop_body(self) -> A.Block | None:
        if self.at("{"):
            return self.block()
        self.accept(";")
        return None

    def _for(self) -> A.Stmt:
        start = self.pos
        self.expect("for")
        attributes = self.attributes()
        var = self.bound_variable()
        self.expect(":=")
        low = self.expr(lemma_calls=False, lambdas=True)
        down = self.accept("downto")
        if not down:
            self.expect("to")
        high = None if self.accept("*") else self.expr(lemma_calls=False, lambdas=True)
        header_end = self.ends[self.pos - 1]
        clauses = self.clauses(loop=True)
        body = self._loop_body()
        return A.For(var, low, high, down, clauses, body, header_end, None, attributes, span=self.span(start))

    def _forall(self) -> A.Stmt:
        start = self.pos
        self.expect("forall")
        attributes = self.attributes()
        vars_: tuple[A.BoundVar, ...] = ()
        range_ = None
        if self.at("(") and self.closing[self.pos] >= 0:
            self.pos += 1
            if not self.at(")"):
                vars_, range_ = self.domain()
            self.expect(")")
        elif self.is_name():
            vars_, range_ = self.domain()
        return self.forall_rest(start, vars_, range_, attributes)

    def forall_rest(
        self,
        start: int,
        vars_: tuple[A.BoundVar, ...],
        range_: A.Expr | None,
        attributes: tuple[A.Attribute, ...] = (),
    ) -> A.Stmt:
        """What follows the variables of a forall statement."""
        clauses = self.clauses(loop=True)
        body = None
        if self.at("{"):
            body = self.block()
        else:
            self.accept(";")
        return A.ForallStmt(vars_, range_, clauses, body, attributes, span=self.span(start))

    # --------------------------------------------------------------------------------------------------------- calc

    def _calc(self) -> A.Stmt:
        start = self.pos
        self.expect("calc")
        attributes = self.attributes()
        common = self._calc_operator()
        attributes += self.attributes()
        self.expect("{")
        lines: list[A.Expr] = []
        operators: list[str | None] = []
        hints: list[tuple[A.Stmt, ...]] = []
        while not self.at("}"):
            lines.append(self.expr(lemma_calls=False, lambdas=True))
            if not self.accept(";"):
                hints.append(())
                break
            operators.append(self._calc_operator())
            hints.append(self._hints())
        self.expect("}")
        operators = operators[: max(len(lines) - 1, 0)]
        self.accept(";")
        return A.Calc(common, tuple(lines), tuple(operators), tuple(hints), attributes, span=self.span(start))

    def _calc_operator(self) -> str | None:
        start = self.pos
        if self.words[start] not in CALC_OPERATORS:
            return None
        self.pos += 1
        if self.accept("#"):
            self.expect("[")
            self.full()
            self.expect("]")
            return self.raw(start)
        return self.words[start]

    def _hints(self) -> tuple[A.Stmt, ...]:
        found: list[A.Stmt] = []
        while True:
            if self.at("{"):
                found.append(self.block())
            elif self.at("calc"):
                found.append(self.statement())
            else:
                return tuple(found)

    # ------------------------------------------------------------------------------------------------------- others

    def _labelled(self) -> A.Stmt:
        start = self.pos
        self.expect("label")
        label = self.label()
        self.expect(":")
        if self.at("}", ""):
            return A.Labelled(label, A.Block((), span=self.span(self.pos)), span=self.span(start))
        statement = self.statement()
        if isinstance(statement, A.While | A.For):
            statement = replace(statement, label=label)
        return A.Labelled(label, statement, span=self.span(start))

    def skeleton(self) -> A.Stmt:
        """A skeleton statement of a refining module."""
        start = self.pos
        keyword = ""
        if not self.at("..."):
            if not self.at("assert", "assume", "expect", "if", "while", "modify"):
                raise self.unreadable("a statement expected")
            keyword = self.words[start]
            self.pos += 1
        self.expect("...")
        clauses = self.clauses(loop=True) if keyword == "while" else ()
        blocks: list[A.Stmt] = []
        if keyword in ("if", "while", "modify") and self.at("{"):
            blocks.append(self.block())
            if keyword == "if" and self.accept("else"):
                blocks.append(self._if_statement() if self.at("if") else self.block())
        elif keyword == "while" and self.accept("..."):
            self.accept(";")
        else:
            self.expect(";")
        return A.Skeleton(keyword, clauses, tuple(blocks), span=self.span(start))

    def _opaque(self) -> A.Stmt:
        start = self.pos
        self.expect("opaque")
        clauses = self.clauses(loop=True)
        return A.Labelled("opaque", self.block(), clauses, span=self.span(start))

    def _modify(self) -> A.Stmt:
        start = self.pos
        self.expect("modify")
        attributes = self.attributes()
        frames = [self.frame()]
        while self.accept(","):
            frames.append(self.frame())
        body = None
        if self.at("{"):
            body = self.block()
        else:
            self.expect(";")
        return A.Modify(tuple(frames), body, attributes, span=self.span(start))


_CONTROL: dict[str, Callable[[ControlParser], A.Stmt]] = {
    "{": ControlParser.block,
    "if": ControlParser._if_statement,
    "match": ControlParser._match_statement,
    "while": ControlParser._while,
    "for": ControlParser._for,
    "forall": ControlParser._forall,
    "calc": ControlParser._calc,
    "label": ControlParser._labelled,
    "opaque": ControlParser._opaque,
    "modify": ControlParser._modify,
}
