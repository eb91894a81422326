"""Reading types, attributes, bound variables and patterns."""

from __future__ import annotations

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_base import Cursor

BUILT_IN_TYPES = frozenset(
    [
        "bool",
        "char",
        "imap",
        "int",
        "iset",
        "map",
        "multiset",
        "nat",
        "object",
        "ORDINAL",
        "real",
        "seq",
        "set",
        "string",
    ]
)
_SCALARS = frozenset(["bool", "char", "int", "nat", "object", "ORDINAL", "real", "string"])
_OPERAND_STARTS = frozenset(
    """[ | - ! !! this true false null old fresh allocated unchanged if match forall exists set iset map imap multiset
    seq var ghost assert assume calc reveal""".split()  # noqa: SIM905
)
"""Words that can start the right-hand side of a comparison, but for `(` and `{`, read as a call and a body."""
_INSIDE_TYPE_ARGUMENTS = frozenset([",", ".", "<", ">", "(", ")", "->", "-->", "~>"])
_LOOKAHEAD = 200


class TypeParser(Cursor):
    """Reads what expressions, statements and declarations have in common."""

    def type(self, *, in_expression: bool = False) -> A.Type:
        """A type; in an expression `<` opens type arguments only if what follows says so."""
        start = self.pos
        self.descend()
        if self.at("(") and self._arrow_behind(self.closing[self.pos]):
            arguments = self._parenthesised()
        else:
            arguments = (self._simple_type(in_expression),)
            if not self.at("->", "-->", "~>"):
                self.nesting -= 1
                return arguments[0]
        arrow = self.words[self.pos]
        self.pos += 1
        result = self.type(in_expression=in_expression)
        self.nesting -= 1
        return A.Type(arrow, (*arguments, result), span=self.span(start))

    def _arrow_behind(self, close: int) -> bool:
        return close >= 0 and self.words[close + 1] in ("->", "-->", "~>")

    def _parenthesised(self) -> tuple[A.Type, ...]:
        self.expect("(")
        items: list[A.Type] = []
        while not self.at(")"):
            self.accept("ghost")
            items.append(self.type())
            if not self.accept(","):
                break
        self.expect(")")
        return tuple(items)

    def _simple_type(self, in_expression: bool) -> A.Type:
        start = self.pos
        if self.at("("):
            items = self._parenthesised()
            return items[0] if len(items) == 1 else A.Type("(,)", items, span=self.span(start))
        if self.words[self.pos] in BUILT_IN_TYPES:
            name = self.words[self.pos]
            self.pos += 1
        else:
            name = self.dotted()
        found = A.Type(name, self._type_arguments(in_expression), span=self.span(start))
        while self.at(".") and self.is_name(self.pos + 1) and found.args:
            self.pos += 1
            name = self.dotted()
            found = A.Type(name, self._type_arguments(in_expression), found, span=self.span(start))
        return found

    def _type_arguments(self, in_expression: bool) -> tuple[A.Type, ...]:
        if not self.at("<") or (in_expression and not self.instantiates()):
            return ()
        return self.type_arguments()

    def type_arguments(self) -> tuple[A.Type, ...]:
        """`<T, U>`."""
        self.expect("<")
        items = [self.type()]
        while self.accept(","):
            items.append(self.type())
        self.expect(">")
        return tuple(items)

    def instantiates(self) -> bool:
        """Whether the `<` ahead opens type arguments rather than a comparison: a list of types, then `>`, then a token
        that cannot start the right-hand side of a comparison (or `(`, read as a call, as Dafny does)."""
        depth = 0
        words, kinds = self.words, self.kinds
        surely = False
        for index in range(self.pos, min(self.pos + _LOOKAHEAD, len(words))):
            word = words[index]
            if word == "<":
                depth += 1
            elif word == ">":
                depth -= 1
                if depth == 0:
                    return words[index - 1] != "<" and (surely or not self._starts_operand(index + 1))
            elif word in _SCALARS:
                surely = True
            elif word not in _INSIDE_TYPE_ARGUMENTS and kinds[index] != "ident" and word not in BUILT_IN_TYPES:
                return False
        return False

    def _starts_operand(self, index: int) -> bool:
        if self.words[index] == "|":
            return self.bars
        if self.words[index] == "is":
            return False
        return self.kinds[index] not in ("keyword", "op", "eof") or self.words[index] in _OPERAND_STARTS

    # -------------------------------------------------------------------------------------------------- attributes

    def attributes(self) -> tuple[A.Attribute, ...]:
        """`{:a} {:b x, y}`, possibly none."""
        if not self.at("{:"):
            return ()
        found: list[A.Attribute] = []
        while self.at("{:"):
            start = self.pos
            self.pos += 1
            name = self.label()
            while self.at(".") and self.kinds[self.pos + 1] in ("ident", "keyword"):  # `{:a-b}` has the argument `-b`
                self.pos += 2
                name += self.words[self.pos - 2] + self.words[self.pos - 1]
            args: list[A.Expr] = []
            while not self.at("}"):
                args.append(self.full())
                if not self.accept(","):
                    break
            self.expect("}")
            found.append(A.Attribute(name, tuple(args), span=self.span(start)))
        return tuple(found)

    def at_attributes(self) -> tuple[A.Attribute, ...]:
        """4.x's `@A @B(x)` before a declaration or statement, possibly none."""
        found: list[A.Attribute] = []
        while self.at("@"):
            start = self.pos
            self.pos += 1
            name = self.dotted()
            args: list[A.Expr] = []
            if self.accept("("):
                while not self.at(")"):
                    if self.is_name() and self.ahead() == ":=":
                        self.pos += 2
                    args.append(self.full())
                    if not self.accept(","):
                        break
                self.expect(")")
            found.append(A.Attribute(name, tuple(args), at=True, span=self.span(start)))
        return tuple(found)

    # ----------------------------------------------------------------------------------------------------- binders

    def bound_variable(self) -> A.BoundVar:
        """`x` or `x: T`."""
        start = self.pos
        name = self.name()
        type_ = self.type() if self.accept(":") else None
        return A.BoundVar(name, type_, span=self.span(start))

    def bound_variables(self) -> tuple[A.BoundVar, ...]:
        """`x: T, y`, at least one."""
        found = [self.bound_variable()]
        while self.accept(","):
            found.append(self.bound_variable())
        return tuple(found)

    def domain(self) -> tuple[tuple[A.BoundVar, ...], A.Expr | None]:
        """The variables of a quantifier, comprehension or forall statement, and the range behind the last one."""
        found: list[A.BoundVar] = []
        while True:
            start = self.pos
            name = self.name()
            type_ = self.type() if self.accept(":") else None
            source = self.expr(lemma_calls=False, lambdas=True, bars=False) if self.accept("<-") else None
            attributes = self.attributes()
            end = self.pos
            bound = A.BoundVar(name, type_, source, attributes, span=self.span(start))
            range_ = self.expr(lemma_calls=True, lambdas=True, bars=self.bars) if self.accept("|") else None
            if range_ is not None and self.at("{:"):  # 2.3 reads attributes here too
                more = self.attributes()
                bound = A.BoundVar(name, type_, source, attributes + more, span=bound.span)
            another = self.at(",") and self.is_name(self.pos + 1)
            if another and range_ is not None and not self._declares_variable(self.pos + 2):
                another = False
            if not another:
                return (*found, bound), range_
            self.pos += 1
            if range_ is not None:
                bound = A.BoundVar(
                    name, type_, source, attributes, range_, span=A.Span(self.starts[start], range_.span.end)
                )
            assert self.pos > end
            found.append(bound)

    def _declares_variable(self, index: int) -> bool:
        """Behind a range, `, y` starts another variable only if it is seen to be one; `f(set x | P, y)` has none."""
        return self.words[index] in (":", "<-", "|", "::", "{:")

    # ---------------------------------------------------------------------------------------------------- patterns

    def pattern(self) -> A.Pattern:
        """A pattern, alternatives `p | q` included."""
        start = self.pos
        self.descend()
        first = self._one_pattern()
        if self.at("|"):
            found = [first]
            while self.accept("|"):
                found.append(self._one_pattern())
            first = A.Pattern("|", tuple(found), span=self.span(start))
        self.nesting -= 1
        return first

    def _one_pattern(self) -> A.Pattern:
        start = self.pos
        if self.at("("):
            items = self._pattern_arguments()
            return A.Pattern("(,)", items, span=self.span(start))
        if self.kinds[self.pos] != "ident":
            literal = self.pattern_literal()
            return A.Pattern("", literal=literal, span=self.span(start))
        name = self.dotted()
        args = self._pattern_arguments() if self.at("(") else None
        type_ = self.type() if self.accept(":") else None
        return A.Pattern(name, args, type=type_, span=self.span(start))

    def _pattern_arguments(self) -> tuple[A.Pattern, ...]:
        self.expect("(")
        items: list[A.Pattern] = []
        while not self.at(")"):
            self.accept("ghost")
            items.append(self.pattern())
            if not self.accept(","):
                break
        self.expect(")")
        return tuple(items)

    def pattern_literal(self) -> A.Expr:
        """A literal in a pattern, possibly negative."""
        raise NotImplementedError
