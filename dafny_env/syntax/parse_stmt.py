"""Reading statements that have no clauses or bodies: declarations of variables, assignments, assertions, jumps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_base import Unreadable
from dafny_env.syntax.parse_spec import DECLARATION_WORDS, SpecParser


class StmtParser(SpecParser):
    """Reads lists of statements and simple statements. What cannot be read becomes an UnknownStmt up to where the next
    statement seems to start."""

    def control_statement(self) -> A.Stmt | None:
        """A statement with a body (`if`, `while`...), or None when something else is ahead."""
        raise NotImplementedError

    def skeleton(self) -> A.Stmt:
        """A skeleton statement of a refining module (`...;`, `if ... { }`)."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------- lists of statements

    def block(self) -> A.Block:
        """`{ ... }`."""
        start = self.pos
        self.expect("{")
        body = self.statements()
        self.expect("}")
        return A.Block(body, span=self.span(start))

    def statements(self, *, case: bool = False) -> tuple[A.Stmt, ...]:
        """Statements up to `}` (or `case`, in the cases of a match or an alternative)."""
        found: list[A.Stmt] = []
        while not self.at("}", "") and not (case and self.at("case")):
            start, mark = self.pos, self.mark()
            known = len(self.problems)
            try:
                found.append(self.statement())
            except Unreadable as problem:
                del self.problems[known:]
                self.restore(mark)
                self._skip_statement(start, problem.position)
                self.problem(problem.message, start)
                found.append(A.UnknownStmt(self.raw(start), span=self.span(start)))
                if self.words[self.pos] in DECLARATION_WORDS:
                    break
        return tuple(found)

    def _skip_statement(self, start: int, reached: int) -> None:
        """Take tokens up to a `;` or the end of a block at this level, at least one and as many as were understood."""
        self.pos = reached if self.kinds[reached] == "eof" else start
        while not self.at("}", ""):
            at = self.pos
            word = self.words[at]
            if at > start and word in DECLARATION_WORDS and self.closing[at] < 0:
                return
            self.skip()
            if self.pos <= reached:
                continue
            if word == ";" or (word == "{" and not self.at("else", ";", "by", ")", ",", "invariant", "decreases")):
                return
        if self.pos == start:
            self.skip()

    def statement(self) -> A.Stmt:
        """One statement."""
        start = self.pos
        self.descend()
        found: A.Stmt
        if self.at("@"):
            attributes = self.at_attributes()
            found = A.Decorated(attributes, self.statement(), span=self.span(start))
        elif self.at("...") or self.ahead() == "...":
            found = self.skeleton()
        else:
            simple = _SIMPLE.get(self.words[start])
            if simple is not None and self.kinds[start] == "keyword":
                found = simple(self)
            elif self._is_contextual():
                found = _CONTEXTUAL[self.words[start]](self)
            else:
                found = self.control_statement() or self._update()
        self.nesting -= 1
        return found

    def _is_contextual(self) -> bool:
        """Whether a word that only 4.x reserves is used as a statement."""
        if self.words[self.pos] not in _CONTEXTUAL:
            return False
        return self.ahead() not in (":=", ".", "[", ",", ":|", ":-")

    # ---------------------------------------------------------------------------------- variables and assignments

    def _var(self) -> A.Stmt:
        start = self.pos
        ghost = self.accept("ghost")
        self.expect("var")
        attributes = self.attributes()
        pattern = None
        names: list[A.BoundVar] = []
        if self.at("(") or (self.is_name() and self.ahead() in ("(", ".")):
            pattern = self.pattern()
        else:
            while True:
                begin = self.pos
                own = self.attributes() if names else ()
                name = self.name()
                type_ = self.type() if self.accept(":") else None
                own += self.attributes()
                names.append(A.BoundVar(name, type_, attributes=own, span=self.span(begin)))
                if not self.accept(","):
                    break
        rhs, such_that, assumed, failing, keyword, more = self._right_side()
        by = self._by()
        return A.VarDecl(
            tuple(names),
            rhs,
            such_that,
            assumed,
            ghost,
            pattern,
            failing,
            attributes + more,
            by,
            keyword,
            span=self.span(start),
        )

    def _right_side(
        self,
    ) -> tuple[tuple[A.Rhs, ...], A.Expr | None, bool, bool, str | None, tuple[A.Attribute, ...]]:
        """What follows the variables: right-hand sides, the condition of `:|` and whether it is assumed, whether it is
        `:-`, the keyword behind that, and the attributes in between."""
        if self.accept(":|"):
            assumed = self.accept("assume")
            attributes = self.attributes()
            return (), self.expr(lemma_calls=False, lambdas=True), assumed, False, None, attributes
        if self.accept(":-"):
            keyword = None
            if self.at("assume", "assert", "expect"):
                keyword = self.words[self.pos]
                self.pos += 1
            attributes = self.attributes() if keyword else ()
            return self._rhs_list(), None, keyword == "assume", True, keyword, attributes
        if self.accept(":="):
            return self._rhs_list(), None, False, False, None, ()
        return (), None, False, False, None, self.attributes()

    def _rhs_list(self) -> tuple[A.Rhs, ...]:
        found = [self._rhs()]
        while self.accept(","):
            found.append(self._rhs())
        return tuple(found)

    def _rhs(self) -> A.Rhs:
        start = self.pos
        if self.at("new"):
            return self._new()
        if self.accept("*"):
            star = A.Star(span=self.span(start))
            return A.Rhs(star, attributes=self.attributes(), span=self.span(start))
        value = self.expr(lemma_calls=False, lambdas=True)
        return A.Rhs(value, attributes=self.attributes(), span=self.span(start))

    def _new(self) -> A.Rhs:
        start = self.pos
        self.expect("new")
        type_ = None if self.at("[") else self.type()
        dims: tuple[A.Expr, ...] = ()
        init = None
        call = None
        if self.at("["):
            self.pos += 1
            dims = self._list("]")
            if self.at("("):
                self.pos += 1
                init = self.full()
                self.expect(")")
            elif self.at("["):
                begin = self.pos
                self.pos += 1
                init = A.SeqDisplay(self._list("]"), span=self.span(begin))
        elif self.at("("):
            call, _ = self.arguments()
        attributes = self.attributes()
        return A.Rhs(None, type_, call, dims, init, attributes, span=self.span(start))

    def _update(self) -> A.Stmt:
        """An assignment or a call statement."""
        start = self.pos
        targets: list[A.Expr] = []
        while not self.at(":-"):
            targets.append(self.expr(lemma_calls=False, lambdas=True))
            if not self.accept(","):
                break
        rhs, such_that, assumed, failing, keyword, attributes = self._right_side()
        if not rhs and such_that is None:
            if len(targets) != 1 or not isinstance(targets[0], A.Call):
                raise self.unreadable("an assignment or a call expected")
            rhs = (A.Rhs(targets[0], attributes=attributes, span=self.span(start)),)
            targets, attributes = [], ()
        by = self._by()
        return A.Assign(
            tuple(targets), rhs, such_that, assumed, failing, by, keyword, attributes, span=self.span(start)
        )

    def _by(self) -> A.Block | None:
        """`;`, or the proof of a call's precondition."""
        if self.accept("by"):
            return self.block()
        self.expect(";")
        return None

    # -------------------------------------------------------------------------------------------------- assertions

    def _assert(self) -> A.Stmt:
        start = self.pos
        self.expect("assert")
        attributes = self.attributes()
        label = self.clause_label()
        condition = self.expr(lemma_calls=False, lambdas=True)
        by = None
        if self.accept("by"):
            by = self.block()
        else:
            self.expect(";")
        return A.Assert(condition, by, label, attributes, span=self.span(start))

    def _assume(self) -> A.Stmt:
        start = self.pos
        self.expect("assume")
        attributes = self.attributes()
        label = self.clause_label()
        condition = self.expr(lemma_calls=False, lambdas=True)
        self.expect(";")
        return A.Assume(condition, attributes, label, span=self.span(start))

    def _expect(self) -> A.Stmt:
        start = self.pos
        self.expect("expect")
        attributes = self.attributes()
        condition = self.expr(lemma_calls=False, lambdas=True)
        message = self.expr(lemma_calls=False, lambdas=True) if self.accept(",") else None
        self.expect(";")
        return A.Expect(condition, message, attributes, span=self.span(start))

    def _reveal(self) -> A.Stmt:
        start = self.pos
        hide = self.words[start] == "hide"
        self.pos += 1
        found: list[A.Expr] = []
        while not self.at(";"):
            begin = self.pos
            if self.accept("*"):
                found.append(A.Star(span=self.span(begin)))
            elif self.kinds[begin] == "int":  # a label
                found.append(self._literal())
            else:
                found.append(self.expr(lemma_calls=False, lambdas=False))
            if not self.accept(","):
                break
        self.expect(";")
        return A.Reveal(tuple(found), hide, span=self.span(start))

    # ------------------------------------------------------------------------------------------------------- jumps

    def _return(self) -> A.Stmt:
        start = self.pos
        is_yield = self.words[start] == "yield"
        self.pos += 1
        rhs = () if self.at(";") else self._rhs_list()
        self.expect(";")
        return A.Return(rhs, is_yield, span=self.span(start))

    def _jump(self) -> A.Stmt:
        start = self.pos
        count = 0
        while self.accept("break"):
            count += 1
        kind: Literal["break", "continue"] = "break"
        if self.accept("continue"):
            kind = "continue"
            count += 1
        label = None if self.at(";") else self.label()
        self.expect(";")
        return A.Jump(kind, label, count, span=self.span(start))

    def _print(self) -> A.Stmt:
        start = self.pos
        self.expect("print")
        found = [self.expr(lemma_calls=False, lambdas=True)]
        while self.accept(","):
            found.append(self.expr(lemma_calls=False, lambdas=True))
        self.expect(";")
        return A.Print(tuple(found), span=self.span(start))

    def _new_divider(self) -> A.Stmt:
        start = self.pos
        self.expect("new")
        self.expect(";")
        return A.NewDivider(span=self.span(start))


_SIMPLE: dict[str, Callable[[StmtParser], A.Stmt]] = {
    "var": StmtParser._var,
    "ghost": StmtParser._var,
    "assert": StmtParser._assert,
    "assume": StmtParser._assume,
    "reveal": StmtParser._reveal,
    "return": StmtParser._return,
    "yield": StmtParser._return,
    "break": StmtParser._jump,
    "print": StmtParser._print,
    "new": StmtParser._new_divider,
}
_CONTEXTUAL: dict[str, Callable[[StmtParser], A.Stmt]] = {
    "expect": StmtParser._expect,
    "hide": StmtParser._reveal,
    "continue": StmtParser._jump,
}
