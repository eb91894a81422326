"""Reading expressions: operators with Dafny's precedence, and what may follow an operand."""

from __future__ import annotations

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_type import TypeParser

IFF, IMPLIES, LOGICAL, RELATIONAL, SHIFT, SUM, PRODUCT, BITWISE, CONVERSION = range(9)
"""Levels of binding strength, weakest first. Unary operators and suffixes bind stronger than all of them."""

LEVELS = {
    "<==>": IFF,
    **dict.fromkeys(["==>", "<=="], IMPLIES),
    **dict.fromkeys(["&&", "||"], LOGICAL),
    **dict.fromkeys(["==", "!=", "<", "<=", ">", ">=", "in", "!in", "!!"], RELATIONAL),
    **dict.fromkeys(["<<", ">>"], SHIFT),
    **dict.fromkeys(["+", "-"], SUM),
    **dict.fromkeys(["*", "/", "%"], PRODUCT),
    **dict.fromkeys(["&", "|", "^"], BITWISE),
    **dict.fromkeys(["as", "is"], CONVERSION),
}
"""The level of each binary operator."""


class ExprParser(TypeParser):
    """Reads operators and suffixes; the operands come from `atom`."""

    def atom(self) -> tuple[A.Expr, bool]:
        """An operand, and whether it reaches as far as it can (a quantifier, say), so that no suffix may follow."""
        raise NotImplementedError

    def expr(self, *, lemma_calls: bool, lambdas: bool, bars: bool = True) -> A.Expr:
        """An expression under the given permissions."""
        saved = self.lemma_calls, self.lambdas, self.bars
        self.lemma_calls, self.lambdas, self.bars = lemma_calls, lambdas, bars
        found = self.same()
        self.lemma_calls, self.lambdas, self.bars = saved
        return found

    def same(self) -> A.Expr:
        """An expression under the permissions of the one around it, `L(x); e` included."""
        start = self.pos
        self.descend()
        found = self.binary(IFF)
        if self.lemma_calls and self.words[self.pos] == ";" and isinstance(found, A.Call):
            call = A.Rhs(found, span=self.span(start))
            self.pos += 1
            if self.at("}", ")", ""):  # an old-style closing semicolon
                self.pos -= 1
            else:
                statement = A.Assign((), (call,), span=self.span(start))
                found = A.StmtExpr(statement, self.same(), span=self.span(start))
        self.nesting -= 1
        return found

    # --------------------------------------------------------------------------------------------------- operators

    def _level(self) -> int:
        """The level of the operator ahead, -1 for none. Two adjacent `>` are a shift."""
        word = self.words[self.pos]
        level = LEVELS.get(word, -1)
        if word == ">" and self.words[self.pos + 1] == ">" and self.starts[self.pos + 1] == self.ends[self.pos]:
            return SHIFT
        if word == "|" and not self.bars:
            return -1
        if word == "<-":  # `a <-b`, which 4.x reads as one token: never a domain behind an operand
            return RELATIONAL
        return level

    def _operator(self) -> str:
        """Take the operator ahead."""
        word = self.words[self.pos]
        if word == "<-":
            self.words[self.pos] = "-"
            self.starts[self.pos] += 1
            return "<"
        self.pos += 1
        if word == ">" and self.words[self.pos] == ">" and self.starts[self.pos] == self.ends[self.pos - 1]:
            self.pos += 1
            return ">>"
        return word

    def binary(self, weakest: int) -> A.Expr:
        """Operands joined by operators of at least the given level."""
        start = self.pos
        logical = ""
        if self.words[start] in ("&&", "||") and weakest <= LOGICAL:
            logical = self.words[start]
            self.pos += 1
            start = self.pos
            found = self.binary(RELATIONAL)
        else:
            found = self.unary()
        joined = 0
        while (level := self._level()) >= weakest:
            joined += 1
            if level == RELATIONAL:
                found = self._comparison(found, start)
            elif level == IMPLIES:
                found = self._implication(found, start)
            elif level == CONVERSION:
                kind = self._operator()
                found = A.Convert(
                    "as" if kind == "as" else "is", found, self.type(in_expression=True), span=self.span(start)
                )
            else:
                word = self.words[self.pos]
                if level == LOGICAL and logical not in ("", word):
                    raise self.unreadable("`&&` and `||` mixed without parentheses")
                logical = word if level == LOGICAL else ""
                operator = self._operator()
                right = self.binary(level + 1)
                found = A.Binary(operator, found, right, span=self.span(start))
        if joined > self.longest:
            self.longest = joined
        return found

    def _comparison(self, first: A.Expr, start: int) -> A.Expr:
        """`first == b`, or a chain."""
        operators: list[str] = []
        operands = [first]
        while self._level() == RELATIONAL:
            if self.words[self.pos + 1] == "#" and self.at("==", "!="):
                return self._prefix_equality(self._chained(operators, operands, start), start)
            operators.append(self._operator())
            operands.append(self.binary(SHIFT))
        return self._chained(operators, operands, start)

    def _chained(self, operators: list[str], operands: list[A.Expr], start: int) -> A.Expr:
        if not operators:
            return operands[0]
        if len(operators) == 1:
            return A.Binary(operators[0], operands[0], operands[1], span=self.span(start))
        return A.Chain(tuple(operators), tuple(operands), span=self.span(start))

    def _prefix_equality(self, left: A.Expr, start: int) -> A.Expr:
        operator = self._operator()
        self.expect("#")
        self.expect("[")
        limit = self.full()
        self.expect("]")
        right = self.binary(SHIFT)
        return A.PrefixEqual("==" if operator == "==" else "!=", left, right, limit, span=self.span(start))

    def _implication(self, first: A.Expr, start: int) -> A.Expr:
        """`a ==> b ==> c`, to the right, or `a <== b <== c`, to the left."""
        word = self.words[self.pos]
        operands = [(first, start)]
        while self.at("==>", "<=="):
            if not self.at(word):
                raise self.unreadable("`==>` and `<==` mixed without parentheses")
            self.pos += 1
            begin = self.pos
            operands.append((self.binary(LOGICAL), begin))
            if word == "<==":
                left, right = operands
                operands = [(A.Binary(word, left[0], right[0], span=self.span(start)), start)]
        found = operands[-1][0]
        for operand, begin in reversed(operands[:-1]):
            found = A.Binary(word, operand, found, span=self.span(begin))
        self.longest = max(self.longest, len(operands))
        return found

    def unary(self) -> A.Expr:
        """`!e`, `-e`, or an operand with its suffixes."""
        if self.words[self.pos] not in ("!", "-", "!!"):
            return self.primary()
        operators: list[tuple[str, int]] = []
        while (word := self.words[self.pos]) in ("!", "-", "!!"):
            offset = self.starts[self.pos]
            operators.extend([("!", offset), ("!", offset + 1)] if word == "!!" else [(word, offset)])
            self.pos += 1
        found = self.primary()
        end = self.ends[self.pos - 1]
        for word, offset in reversed(operators):
            found = A.Unary("!" if word == "!" else "-", found, span=A.Span(offset, end))
        self.longest = max(self.longest, len(operators))
        return found

    # ---------------------------------------------------------------------------------------------------- suffixes

    def primary(self) -> A.Expr:
        """An operand with its suffixes."""
        start = self.pos
        found, endless = self.atom()
        if endless:
            return found
        count = 0
        while True:
            word = self.words[self.pos]
            if word == ".":
                found = self._member(found, start)
            elif word == "(":
                args, names = self.arguments()
                found = A.Call(found, args, names, span=self.span(start))
            elif word == "[":
                found = self._bracketed(found, start)
            elif word == "@" and self._calls_at_label():
                self.pos += 1
                label = self.label()
                args, names = self.arguments()
                found = A.Call(found, args, names, label, span=self.span(start))
            else:
                break
            count += 1
        if count > self.longest:
            self.longest = count
        return found

    def _calls_at_label(self) -> bool:
        return (
            self.starts[self.pos] == self.ends[self.pos - 1]
            and self.kinds[self.pos + 1] in ("ident", "int")
            and self.ahead(2) == "("
        )

    def _member(self, found: A.Expr, start: int) -> A.Expr:
        self.pos += 1
        if self.at("("):
            return self._datatype_update(found, start)
        if self.kinds[self.pos] == "real" and self.words[self.pos].replace(".", "").isdigit():  # `t.0.1`
            first, second = self.words[self.pos].split(".")
            middle = self.starts[self.pos] + len(first)
            self.pos += 1
            inner = A.Member(found, first, span=A.Span(self.starts[start], middle))
            return A.Member(inner, second, span=self.span(start))
        name = self.label()
        type_args = self.type_arguments() if self.at("<") and self.instantiates() else ()
        return A.Member(found, name, type_args, span=self.span(start))

    def _datatype_update(self, found: A.Expr, start: int) -> A.Expr:
        self.expect("(")
        updates: list[tuple[str, A.Expr]] = []
        while True:
            name = self.label()
            self.expect(":=")
            updates.append((name, self.full()))
            if not self.accept(","):
                break
        self.expect(")")
        return A.DatatypeUpdate(found, tuple(updates), span=self.span(start))

    def arguments(self) -> tuple[tuple[A.Expr, ...], tuple[str | None, ...]]:
        """`(a, name := b)`: the arguments and their names, () when none has one."""
        self.expect("(")
        args: list[A.Expr] = []
        names: list[str | None] = []
        while not self.at(")"):
            named = self.kinds[self.pos] in ("ident", "int") and self.words[self.pos + 1] == ":="
            names.append(self.label() if named else None)
            if named:
                self.expect(":=")
            args.append(self.full())
            if not self.accept(","):
                break
        self.expect(")")
        return tuple(args), tuple(names) if any(names) else ()

    def _bracketed(self, found: A.Expr, start: int) -> A.Expr:
        """What `[` opens behind an operand: an index, a slice, an update or a cut into pieces."""
        self.expect("[")
        if self.accept(".."):
            high = None if self.at("]") else self.full()
            self.expect("]")
            return A.Slice(found, None, high, span=self.span(start))
        first = self.full()
        if self.accept(".."):
            high = None if self.at("]") else self.full()
            self.expect("]")
            return A.Slice(found, first, high, span=self.span(start))
        if self.at(":="):
            return self._updated(found, first, start)
        items = [first]
        separator = ":" if self.at(":") else ","
        rest = False
        while self.accept(separator):
            if separator == ":" and self.at("]"):
                rest = True
                break
            items.append(self.full())
        self.expect("]")
        if separator == ":":
            return A.Segments(found, tuple(items), rest, span=self.span(start))
        return A.Index(found, tuple(items), span=self.span(start))

    def _updated(self, found: A.Expr, first: A.Expr, start: int) -> A.Expr:
        self.expect(":=")
        updates = [(first, self.full())]
        while self.accept(","):
            key = self.full()
            self.expect(":=")
            updates.append((key, self.full()))
        self.expect("]")
        return A.Update(found, tuple(updates), span=self.span(start))
