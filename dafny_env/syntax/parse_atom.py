"""Reading operands: literals, names, displays, comprehensions, quantifiers, let, match, lambdas, proof statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_expr import ExprParser
from dafny_env.syntax.tokens import decode

_LONGEST_NUMBER = 4000  # digits; Python refuses to convert numbers a little longer than this


class AtomParser(ExprParser):
    """Reads the operands of expressions."""

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

    def atom(self) -> tuple[A.Expr, bool]:
        """An operand, and whether no suffix may follow."""
        start = self.pos
        kind, word = self.kinds[start], self.words[start]
        if kind == "ident":
            if self.lambdas and self.words[start + 1] in ("=>", "reads", "requires"):
                return self._lambda(), True
            self.pos += 1
            type_args = self.type_arguments() if self.words[self.pos] == "<" and self.instantiates() else ()
            return A.Name(word, type_args, span=self.span(start)), False
        if kind in ("int", "real", "char", "string"):
            return self._literal(), False
        if word == "(":
            close = self.closing[start]
            if self.lambdas and close >= 0 and self.words[close + 1] in ("=>", "reads", "requires"):
                return self._lambda(), True
            return self._parentheses(), False
        closed = _CLOSED.get(word)
        if closed is not None:
            return closed(self), False
        if word in ("map", "imap") and self.words[start + 1] == "[":
            return self._map_display(), False
        if word == "iset" and self.words[start + 1] == "{":
            return self._set_display(), False
        endless = _ENDLESS.get(word)
        if endless is not None:
            return endless(self), True
        if word == "ghost" and self.words[start + 1] == "var":
            return self._let(), True
        raise self.unreadable("an expression expected")

    # ---------------------------------------------------------------------------------------------------- literals

    def _literal(self) -> A.Expr:
        start = self.pos
        kind, word = self.kinds[start], self.words[start]
        self.pos += 1
        span = self.span(start)
        if kind == "int":
            if len(word) > _LONGEST_NUMBER:
                self.pos = start
                raise self.unreadable("a number too long to read")
            return A.Literal("int", int(word.replace("_", ""), 16 if word.startswith("0x") else 10), span=span)
        if kind == "real":
            return A.Literal("real", word, span=span)
        return A.Literal("char" if kind == "char" else "string", decode(word), span=span)

    def _constant(self) -> A.Expr:
        start = self.pos
        word = self.words[start]
        self.pos += 1
        if word == "null":
            return A.Literal("null", None, span=self.span(start))
        return A.Literal("bool", word == "true", span=self.span(start))

    def pattern_literal(self) -> A.Expr:
        """A literal in a pattern, possibly negative."""
        start = self.pos
        if self.accept("-"):
            return A.Unary("-", self.pattern_literal(), span=self.span(start))
        if self.kinds[start] in ("int", "real", "char", "string"):
            return self._literal()
        if self.at("true", "false", "null"):
            return self._constant()
        raise self.unreadable("a pattern expected")

    def _this(self) -> A.Expr:
        self.expect("this")
        return A.This(span=self.span(self.pos - 1))

    # ---------------------------------------------------------------------------------------- brackets and displays

    def _parentheses(self) -> A.Expr:
        start = self.pos
        self.expect("(")
        items: list[A.Expr] = []
        while not self.at(")"):
            if self.at("ghost") and self.ahead() != "var":  # a ghost component of a tuple
                self.pos += 1
            items.append(self.full())
            if not self.accept(","):
                break
        else:
            if len(items) == 1:
                raise self.unreadable("an expression expected")
        if len(items) == 1 and self.at(";") and self.words[self.pos + 1] == ")":
            self.pos += 1
        self.expect(")")
        return items[0] if len(items) == 1 else A.Tuple(tuple(items), span=self.span(start))

    def _list(self, close: str) -> tuple[A.Expr, ...]:
        items: list[A.Expr] = []
        while not self.at(close):
            items.append(self.full())
            if not self.accept(","):
                break
        self.expect(close)
        return tuple(items)

    def _cardinality(self) -> A.Expr:
        start = self.pos
        self.expect("|")
        operand = self.expr(lemma_calls=True, lambdas=True, bars=False)
        self.expect("|")
        return A.Cardinality(operand, span=self.span(start))

    def _seq_display(self) -> A.Expr:
        start = self.pos
        self.expect("[")
        return A.SeqDisplay(self._list("]"), span=self.span(start))

    def _set_display(self) -> A.Expr:
        start = self.pos
        kind: Literal["set", "iset"] = "iset" if self.accept("iset") else "set"
        self.expect("{")
        return A.SetDisplay(kind, self._list("}"), span=self.span(start))

    def _multiset(self) -> A.Expr:
        start = self.pos
        self.expect("multiset")
        if self.accept("{"):
            return A.SetDisplay("multiset", self._list("}"), span=self.span(start))
        self.expect("(")
        operand = self.full()
        self.expect(")")
        return A.MultisetOf(operand, span=self.span(start))

    def _map_display(self) -> A.Expr:
        start = self.pos
        infinite = self.at("imap")
        self.pos += 1
        self.expect("[")
        items: list[tuple[A.Expr, A.Expr]] = []
        while not self.at("]"):
            key = self.full()
            self.expect(":=")
            items.append((key, self.full()))
            if not self.accept(","):
                break
        self.expect("]")
        return A.MapDisplay(tuple(items), infinite, span=self.span(start))

    def _seq_comprehension(self) -> A.Expr:
        start = self.pos
        self.expect("seq")
        type_args = self.type_arguments() if self.at("<") else ()
        self.expect("(")
        length = self.full()
        self.expect(",")
        function = self.full()
        self.expect(")")
        return A.SeqComp(length, function, type_args, span=self.span(start))

    def _old(self) -> A.Expr:
        start = self.pos
        self.expect("old")
        label = self.label() if self.accept("@") else None
        self.expect("(")
        operand = self.full()
        self.expect(")")
        return A.Old(operand, label, span=self.span(start))

    def _heap_predicate(self) -> A.Expr:
        start = self.pos
        word = self.words[start]
        self.pos += 1
        label = self.label() if self.accept("@") else None
        self.expect("(")
        args: list[A.Expr] = []
        while not self.at(")"):
            args.append(self.frame() if word == "unchanged" else self.full())
            if not self.accept(","):
                break
        self.expect(")")
        kind: Literal["fresh", "allocated", "unchanged"]
        kind = "fresh" if word == "fresh" else "allocated" if word == "allocated" else "unchanged"
        return A.HeapPredicate(kind, tuple(args), label, span=self.span(start))

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

    # ------------------------------------------------------------------------------- what reaches as far as it can

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


_CLOSED: dict[str, Callable[[AtomParser], A.Expr]] = {
    "this": AtomParser._this,
    "true": AtomParser._constant,
    "false": AtomParser._constant,
    "null": AtomParser._constant,
    "|": AtomParser._cardinality,
    "[": AtomParser._seq_display,
    "{": AtomParser._set_display,
    "multiset": AtomParser._multiset,
    "seq": AtomParser._seq_comprehension,
    "old": AtomParser._old,
    "fresh": AtomParser._heap_predicate,
    "allocated": AtomParser._heap_predicate,
    "unchanged": AtomParser._heap_predicate,
}
_ENDLESS: dict[str, Callable[[AtomParser], A.Expr]] = {
    "if": AtomParser._if,
    "forall": AtomParser._quantifier,
    "exists": AtomParser._quantifier,
    "set": AtomParser._set_comprehension,
    "iset": AtomParser._set_comprehension,
    "map": AtomParser._map_comprehension,
    "imap": AtomParser._map_comprehension,
    "var": AtomParser._let,
    ":-": AtomParser._let,
    "match": AtomParser._match,
    "assert": AtomParser._proof,
    "assume": AtomParser._proof,
    "calc": AtomParser._proof,
    "reveal": AtomParser._proof,
}
