"""Reading operands: literals, names, parentheses, displays, and the words that say which operand it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_binder import BinderParser
from dafny_env.syntax.tokens import decode

_LONGEST_NUMBER = 4000  # digits; Python refuses to convert numbers a little longer than this


class AtomParser(BinderParser):
    """Reads the operands of expressions."""

    def atom(self) -> tuple[A.Expr, bool]:
        """An operand, and whether no suffix may follow."""
        start = self.pos
        kind, word = self.kinds[start], self.words[start]
        if kind == "ident":
            if self.lambdas and self.words[start + 1] in ("=>", "reads", "requires"):
                return self._lambda(), True
            if word in ("expect", "hide") and self.kinds[start + 1] in ("ident", "int") and not self._operator_ahead():
                return self._proof(), True
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

    def _operator_ahead(self) -> bool:
        """Whether the word behind the next one continues an expression in which the next one is a name."""
        return self.ahead() in ("is", "to", "downto")

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

    def _conversion(self) -> A.Expr:
        """2.x's `int(e)` and `real(e)`: the older forms of `e as int` and `e as real`."""
        start = self.pos
        self.pos += 1
        type_ = A.Type(self.words[start], span=self.span(start))
        self.expect("(")
        operand = self.full()
        self.expect(")")
        return A.Convert("as", operand, type_, span=self.span(start))

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


_CLOSED: dict[str, Callable[[AtomParser], A.Expr]] = {
    "this": AtomParser._this,
    "int": AtomParser._conversion,
    "real": AtomParser._conversion,
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
    "if": BinderParser._if,
    "forall": BinderParser._quantifier,
    "exists": BinderParser._quantifier,
    "set": BinderParser._set_comprehension,
    "iset": BinderParser._set_comprehension,
    "map": BinderParser._map_comprehension,
    "imap": BinderParser._map_comprehension,
    "var": BinderParser._let,
    ":-": BinderParser._let,
    "match": BinderParser._match,
    "assert": BinderParser._proof,
    "assume": BinderParser._proof,
    "calc": BinderParser._proof,
    "reveal": BinderParser._proof,
}
