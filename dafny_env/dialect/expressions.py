"""Expressions and simple statements that 2.3 writes differently or lacks."""

from __future__ import annotations

import re

from dafny_env.dialect.binding import Site
from dafny_env.dialect.context import Context
from dafny_env.dialect.helpers import Helper, want
from dafny_env.syntax import ast as A
from dafny_env.syntax.tokens import decode, encode


def rewrite_seq(context: Context, node: A.SeqComp, site: Site) -> None:
    """`seq(n, i => e)` becomes a call of a helper function, declared once per module and proved like any other."""
    function = node.function
    reads = isinstance(function, A.Lambda) and any(c.kind == "reads" for c in function.clauses)
    name = want(context, Helper.SEQ_READS if reads else Helper.SEQ, site)
    context.edits.replace(A.Span(node.span.start, node.span.start + len("seq")), name)
    if isinstance(function, A.Lambda) and len(function.params) == 1 and function.params[0].type is None:
        # The index is a natural number to 4.x; 2.3 would infer an integer.
        param = function.params[0]
        bare = param.span.start == function.span.start
        if bare:
            context.edits.opening(param.span, "(")
        context.edits.closing(param.span, ": nat)" if bare else ": nat")


def rewrite_domains(context: Context, node: A.Quantifier | A.SetComp | A.MapComp | A.ForallStmt) -> None:
    """`x <- S` becomes `x | x in (S)`; variables with ranges of their own become nested quantifiers where they can."""
    if all(v.domain is None and v.range is None for v in node.vars):
        return None
    edits = context.edits
    if any(v.attributes for v in node.vars) or (isinstance(node, A.Quantifier) and node.attributes):
        return context.refuse(node, "attributes beside `x <- S`")
    *firsts, last = node.vars
    for index, variable in enumerate(firsts):
        if variable.domain is None and variable.range is None:
            continue
        comma = context.last_before(",", node.vars[index + 1].span.start, variable.span.start)
        if not isinstance(node, A.Quantifier) or comma is None:
            return context.refuse(node, "several variables with `x <- S` in one comprehension")
        _domain(context, variable, variable.range, comma.start)
        edits.replace(comma, f" :: {node.kind}")
    end = context.enclosed(node.range, last.span.end).end if node.range is not None else last.span.end
    return _domain(context, last, node.range, end)


def _domain(context: Context, variable: A.BoundVar, range_: A.Expr | None, end: int) -> None:
    """The domain and range (which ends at `end`) of one variable."""
    if variable.domain is None:
        return None
    arrow = context.first(("<-",), variable.span.start, variable.domain.span.start)
    if arrow is None:
        return context.refuse(variable, "bound variables of this form")
    domain = context.enclosed(variable.domain, arrow.end)
    context.edits.replace(arrow, f"| {variable.name} in (")
    context.edits.closing(A.Span(variable.span.start, domain.end), ")")
    if range_ is not None:
        bar = context.last_before("|", range_.span.start, domain.end)
        if bar is None:
            return context.refuse(variable, "bound variables of this form")
        context.edits.replace(bar, "&& (")
        context.edits.closing(A.Span(variable.span.start, end), ")")
    return None


def rewrite_reveal(context: Context, node: A.Reveal) -> None:
    """`reveal f` of a function needs parentheses; labels have none."""
    if node.hide or any(isinstance(e, A.Star) for e in node.exprs):
        return context.refuse(node, "hide statements and `reveal *`")
    for expr in node.exprs:
        name = expr.id if isinstance(expr, A.Name) else expr.name if isinstance(expr, A.Member) else ""
        if any(c.is_function for c in context.callables.get(name, ())):
            context.edits.closing(expr.span, "()")
    return None


def rewrite_expect(context: Context, node: A.Expect) -> None:
    """`expect P, message` becomes `assert P`, which asks for more: 4.x takes P for granted behind it."""
    context.edits.replace(A.Span(node.span.start, node.span.start + len("expect")), "assert")
    if node.message is not None:
        comma = context.last_before(",", node.message.span.start, node.expr.span.end)
        if comma is not None:
            context.edits.delete(A.Span(comma.start, context.enclosed(node.message, comma.end).end))


_LONG_ESCAPE = re.compile(r"\\U\{")


def rewrite_literal(context: Context, node: A.Literal) -> None:
    """`\\U{...}` in characters and strings; 2.3 has characters of 16 bits."""
    source = context.text[node.span.start : node.span.end]
    if node.kind not in ("char", "string") or source.startswith("@") or not _LONG_ESCAPE.search(source):
        return None
    value = decode(source)
    if any(ord(c) > 0xFFFF for c in value):
        return context.refuse(node, "characters beyond 16 bits")
    return context.edits.replace(node.span, encode(value, source[0]))


def rewrite_named_arguments(context: Context, node: A.Call) -> None:
    """`C(x := 1, y := 2)`: names in the order of the parameters are left out; another order is refused."""
    function = node.function
    name = function.id if isinstance(function, A.Name) else function.name if isinstance(function, A.Member) else ""
    known: list[tuple[A.Formal, ...]] = [c.params for c in context.constructors.get(name, ())]
    known += [c.params for c in context.callables.get(name, ())]
    if len(known) != 1 or len(known[0]) != len(node.args):
        return context.refuse(node, "named arguments")
    if any(given not in (None, formal.name) for given, formal in zip(node.names, known[0], strict=True)):
        return context.refuse(node, "named arguments in another order")
    behind = function.span.end
    for given, argument in zip(node.names, node.args, strict=True):
        start = context.first((given,), behind, argument.span.start) if given is not None else None
        becomes = context.first((":=",), start.end, argument.span.start) if start is not None else None
        if start is not None and becomes is not None:
            context.edits.delete(A.Span(start.start, becomes.end))
        behind = argument.span.end
    return None


def rewrite_map_arithmetic(context: Context, node: A.Binary, type_: A.Type | None, site: Site) -> None:
    """`m + n` and `m - s` become calls of helper functions where `type_`, that of the whole, says they are maps."""
    if node.op not in ("+", "-") or type_ is None or type_.name != "map":
        return None
    sign = context.last_before(node.op, node.right.span.start, node.left.span.end)
    if sign is None:
        return context.refuse(node, "arithmetic on maps")
    name = want(context, Helper.MAP_PLUS if node.op == "+" else Helper.MAP_MINUS, site)
    context.edits.opening(node.span, f"{name}(", sign.start)
    context.edits.replace(sign, ",")
    return context.edits.closing(node.span, ")", sign.start)


def rewrite_conversion(context: Context, node: A.Convert, operand: A.Type | None, site: Site) -> None:
    """`c as int` and `n as char` become calls of helper functions: 4.x has other characters than 2.3 (3.x has not)."""
    if not context.plain_is_compiled:
        return None
    to_char = node.type.name == "char"
    if not to_char:
        literal = isinstance(node.operand, A.Literal) and node.operand.kind in ("char", "int", "real")
        known = operand is not None and operand.name != "char"
        if literal or known or not context.has_characters:
            return None
        if operand is None or node.type.name not in ("int", "nat"):
            return context.refuse(node, "conversions that may be of characters")
    word = context.last_before("as", node.type.span.start, node.operand.span.end)
    if word is None:
        return context.refuse(node, "conversions of this form")
    name = want(context, Helper.INT_TO_CHAR if to_char else Helper.CHAR_TO_INT, site)
    context.edits.opening(node.span, f"{name}(", word.start)
    return context.edits.replace(A.Span(word.start, node.span.end), ")")


def refuse_char_arithmetic(context: Context, node: A.Binary, left: A.Type | None, right: A.Type | None) -> None:
    """`c + d` of characters must be one of 4.x's."""
    sides = ((node.left, left), (node.right, right))
    if context.plain_is_compiled and any(
        (type_ is not None and type_.name == "char") or (isinstance(side, A.Literal) and side.kind == "char")
        for side, type_ in sides
    ):
        context.refuse(node, "arithmetic on characters")


def refuse_lacking(context: Context, node: A.Node) -> None:
    """Note constructs without a counterpart in 2.3."""
    match node:
        case A.Convert(kind="is"):
            context.refuse(node, "type tests with `is`")
        case A.Let(failing=True) | A.VarDecl(failing=True) | A.Assign(failing=True):
            context.refuse(node, "assignments with `:-`")
        case A.VarDecl(by=A.Block()) | A.Assign(by=A.Block()):
            context.refuse(node, "calls proved with `by`")
        case A.Labelled(label="opaque", clauses=clauses) if clauses:
            context.refuse(node, "opaque blocks")
        case A.Decorated():
            context.refuse(node, "attributes written with @")
