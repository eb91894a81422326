"""Reading methods, lemmas, functions, predicates, constructors and iterators."""

from __future__ import annotations

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_base import Unreadable
from dafny_env.syntax.parse_control import ControlParser

_FIRST = frozenset(["twostate", "inductive", "least", "greatest"])
_KINDS = frozenset(
    ["method", "lemma", "function", "predicate", "constructor", "iterator", "copredicate", "colemma", "comethod"]
)
MODIFIERS = frozenset(
    ["abstract", "ghost", "static", "protected", "extern", "opaque", "replaceable", "opened", "private", "public"]
)
_FORMAL_MODIFIERS = frozenset(["ghost", "new", "nameonly", "older"])


class CallableParser(ControlParser):
    """Reads callables, with their parameters and bodies."""

    def callable_ahead(self) -> bool:
        """Whether the keyword of a callable is ahead, modifiers already taken."""
        word = self.words[self.pos]
        return word in _KINDS or (word in _FIRST and self.ahead() in ("lemma", "predicate", "function"))

    def callable_kind(self) -> str:
        """The keyword phrase: `lemma`, `function method`, `twostate predicate`."""
        words = [self.words[self.pos]]
        self.pos += 1
        if words[0] in _FIRST:
            words.append(self.words[self.pos])
            self.pos += 1
        if words[-1] in ("function", "predicate") and self.accept("method"):
            words.append("method")
        return " ".join(words)

    def callable(self, start: int, modifiers: tuple[str, ...], before: tuple[A.Attribute, ...]) -> A.Callable:
        """A callable from its keyword on; `start` is the token of its first modifier or attribute."""
        kind = self.callable_kind()
        attributes = before + self.attributes()
        name_span = A.Span(self.ends[self.pos - 1], self.ends[self.pos - 1])
        name = ""
        if kind != "constructor" or self.is_name():
            # Names of one number are labels elsewhere, but Dafny allows them for members.
            name_span = A.Span(self.starts[self.pos], self.ends[self.pos])
            name = self.label() if self.kinds[self.pos] == "int" else self.name()
        type_params = self.type_parameters()
        order = None
        if self.accept("["):
            order = self.type()
            self.expect("]")
        refining = self.accept("...")
        params = self.formals() if self.at("(") else ()
        is_function = "function" in kind or "predicate" in kind
        returns: tuple[A.Formal, ...] = ()
        result, result_name = None, None
        if is_function and self.accept(":"):
            if self.at("(") and self.is_name(self.pos + 1) and self.ahead(2) == ":":
                self.pos += 1
                result_name = self.name()
                self.expect(":")
                result = self.type()
                self.expect(")")
            else:
                result = self.type()
        elif not is_function and self.at("returns", "yields"):
            self.pos += 1
            returns = self.formals()
        header_end = self.ends[self.pos - 1]
        self.accept(";")  # old programs
        clauses = self.clauses()
        body: A.Block | A.Expr | None = None
        body_span = None
        by_method = None
        if self.at("{"):
            opened = self.pos
            if is_function:
                body = self._function_body()
                body_span = self.span(opened)
                if self.at("by") and self.ahead() == "method":
                    self.pos += 2
                    by_method = self.block()
            else:
                body = self.block()
                body_span = self.span(opened)
        self.accept(";")
        return A.Callable(
            kind,
            name,
            params,
            returns,
            result,
            result_name,
            clauses,
            body,
            body_span,
            by_method,
            type_params,
            modifiers,
            attributes,
            name_span,
            header_end,
            order,
            refining,
            span=self.span(start),
        )

    def _function_body(self) -> A.Expr:
        """`{ e }`. A body that cannot be read is kept whole, up to its brace."""
        opened, mark = self.pos, self.mark()
        known = len(self.problems)
        self.expect("{")
        try:
            body = self.full()
            self.accept(";")
            self.expect("}")
            return body
        except Unreadable as problem:
            close = self.closing[opened]
            if close < 0:
                raise
            del self.problems[known:]
            self.restore(mark)
            self.pos = close
            self.problem(problem.message, opened + 1)
            body = A.UnknownExpr(self.raw(opened + 1), span=self.span(opened + 1))
            self.expect("}")
            return body

    def formals(self) -> tuple[A.Formal, ...]:
        """`(x: T, ghost y: T := d)`; in datatype constructors a name may be missing."""
        self.expect("(")
        found: list[A.Formal] = []
        while not self.at(")"):
            found.append(self._formal())
            if not self.accept(","):
                break
        self.expect(")")
        return tuple(found)

    def _formal(self) -> A.Formal:
        start = self.pos
        attributes = self.attributes()
        modifiers: list[str] = []
        while self.words[self.pos] in _FORMAL_MODIFIERS and self.ahead() not in (":", ",", ")", ".", "<"):
            modifiers.append(self.words[self.pos])
            self.pos += 1
        name = ""
        if self.kinds[self.pos] in ("ident", "int") and self.ahead() == ":":
            name = self.label()
            self.expect(":")
        type_ = self.type()
        default = self.full() if self.accept(":=") else None
        ghost = "ghost" in modifiers
        rest = tuple(m for m in modifiers if m != "ghost")
        return A.Formal(name, type_, ghost, default, rest, attributes, span=self.span(start))

    def type_parameters(self) -> tuple[A.TypeParam, ...]:
        """`<+T(==), U>`, possibly none."""
        if not self.accept("<"):
            return ()
        found: list[A.TypeParam] = []
        while True:
            start = self.pos
            while self.at("+", "-", "*", "!", "="):
                self.pos += 1
            name = self.name()
            if self.at("("):
                self.characteristics()
            while self.accept("extends"):
                self.type()
            found.append(A.TypeParam(name, self.raw(start), span=self.span(start)))
            if not self.accept(","):
                break
        self.expect(">")
        return tuple(found)

    def characteristics(self) -> str:
        """`(==, 0, !new)`, as text."""
        start = self.pos
        self.expect("(")
        while not self.at(")"):
            if not (self.at("==", "!", "new", ",") or self.kinds[self.pos] == "int"):
                raise self.unreadable("a type characteristic expected")
            self.pos += 1
        self.expect(")")
        return self.raw(start)
