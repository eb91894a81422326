"""Text from trees: expressions, types, patterns and clauses, with no more parentheses than reading back needs.

`parse_expression(show(e)) == e` for every tree that the parser can make of an expression (statements inside included).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dafny_env.syntax import ast as A
from dafny_env.syntax.parse_expr import BITWISE, CONVERSION, IFF, IMPLIES, LEVELS, LOGICAL, RELATIONAL, SHIFT
from dafny_env.syntax.print_type import show_literal, show_pattern, show_type

UNARY, PRIMARY = CONVERSION + 1, CONVERSION + 2


def show(node: A.Expr | A.Type | A.Clause | A.Pattern | A.BoundVar | A.Attribute | A.Stmt) -> str:
    """One line of Dafny for a node."""
    if isinstance(node, A.Expr):
        return _show(node, IFF, True)
    if isinstance(node, A.Type):
        return show_type(node)
    if isinstance(node, A.Clause):
        return show_clause(node)
    if isinstance(node, A.Pattern):
        return show_pattern(node)
    if isinstance(node, A.BoundVar):
        return _bound(node)
    if isinstance(node, A.Attribute):
        return _attribute(node)
    from dafny_env.syntax.print_stmt import show_statement  # the two print each other's parts

    return show_statement(node)


# --------------------------------------------------------------------------------------------- clauses and binders


def show_clause(clause: A.Clause, closed: bool = True) -> str:
    """A specification clause, without a semicolon. closed: nothing follows that its expressions would take in."""
    words = [*["free"] * clause.free, *["yield"] * clause.yields, clause.kind]
    words += [_attribute(a) for a in clause.attributes]
    words += [f"{clause.label}:"] if clause.label else []
    return " ".join([*words, ", ".join(_without_lambda(e, closed) for e in clause.exprs)])


def _without_lambda(expr: A.Expr, closed: bool = True) -> str:
    """An expression where a lambda may not stand open, as in clauses."""
    text = _show(expr, IFF, closed)
    wrapped = isinstance(expr, _ENDLESS) and not closed
    return f"({text})" if not wrapped and _exposes(expr, lambda e: isinstance(e, A.Lambda)) else text


def _attribute(attribute: A.Attribute) -> str:
    args = items(attribute.args)
    if attribute.at:
        return f"@{attribute.name}({args})" if args else f"@{attribute.name}"
    return f"{{:{attribute.name} {args}}}" if args else f"{{:{attribute.name}}}"


def attributes(found: Iterable[A.Attribute]) -> str:
    """Attributes, each with a space in front."""
    return "".join(" " + _attribute(a) for a in found)


def _bound(bound: A.BoundVar) -> str:
    text = bound.name
    if bound.type is not None:
        text += f": {show_type(bound.type)}"
    if bound.domain is not None:
        text += f" <- {_barless(bound.domain)}"
    text += attributes(bound.attributes)
    return text if bound.range is None else f"{text} | {_show(bound.range, IFF, False)}"


def domain(vars_: Iterable[A.BoundVar], found: Iterable[A.Attribute], range_: A.Expr | None) -> str:
    """The variables of a binder with its attributes and range."""
    text = ", ".join(_bound(v) for v in vars_) + attributes(found)
    return text if range_ is None else f"{text} | {_show(range_, IFF, False)}"


def items(exprs: Iterable[A.Expr]) -> str:
    """Expressions in a list between delimiters."""
    return ", ".join(_item(e) for e in exprs)


def _item(expr: A.Expr) -> str:
    text = _show(expr, IFF, True)
    absorbs_comma = _exposes(expr, lambda e: isinstance(e, A.SetComp) and e.term is None)
    # In `f(a < b, c > (d))` Dafny takes `a<b, c>` for an instantiation.
    return f"({text})" if absorbs_comma or " > (" in text or " > {" in text else text


# ---------------------------------------------------------------------------------------------------------- expressions

_ENDLESS = (A.IfExpr, A.Quantifier, A.SetComp, A.MapComp, A.Lambda, A.Let, A.MatchExpr, A.StmtExpr)


def _show(expr: A.Expr, level: int, closed: bool) -> str:
    """The text of an expression where operators weaker than `level` need parentheses; `closed` says that nothing
    follows which an expression reaching as far as it can would take in."""
    own, text = _PRINTERS[type(expr)](expr, closed)
    # Behind a type that ends in `>`, few tokens keep Dafny from reading comparisons instead.
    endless = isinstance(expr, _ENDLESS) or (isinstance(expr, A.Convert) and text.endswith(">"))
    if own < level or (not closed and endless) or _is_lemma_call(expr):
        # Printed once more, since inside parentheses everything is closed.
        return f"({text if closed else _PRINTERS[type(expr)](expr, True)[1]})"
    return text


def _is_lemma_call(expr: A.Expr) -> bool:
    return isinstance(expr, A.StmtExpr) and isinstance(expr.statement, A.Assign)


def _exposes(expr: A.Expr, wanted: Callable[[A.Expr], bool]) -> bool:
    """Whether a part that no brackets enclose satisfies the predicate."""
    stack = [expr]
    while stack:
        top = stack.pop()
        if wanted(top):
            return True
        if isinstance(top, A.Binary | A.PrefixEqual):
            stack += (top.left, top.right)
        elif isinstance(top, A.Chain):
            stack += top.operands
        elif isinstance(top, A.Unary | A.Convert):
            stack.append(top.operand)
        elif isinstance(top, A.IfExpr):
            stack.append(top.orelse)
        elif isinstance(top, A.Quantifier | A.Lambda | A.Let | A.StmtExpr):
            stack.append(top.body)
        elif isinstance(top, A.MapComp):
            stack.append(top.value)
        elif isinstance(top, A.SetComp):
            stack += [e for e in (top.range, top.term) if e is not None]
    return False


def _barless(expr: A.Expr) -> str:
    """An expression where a `|` would end it."""
    text = _show(expr, IFF, True)
    exposed = _exposes(expr, lambda e: isinstance(e, _ENDLESS) or (isinstance(e, A.Binary) and e.op == "|"))
    return f"({text})" if exposed else text


def _binary(e: A.Binary, closed: bool) -> tuple[int, str]:
    level = LEVELS[e.op]
    left, right = level, level + 1
    if level == RELATIONAL:
        left = SHIFT
    elif level in (LOGICAL, BITWISE):
        left = level if isinstance(e.left, A.Binary) and e.left.op == e.op else level + 1
    elif level == IMPLIES and e.op == "==>":
        left, right = LOGICAL, IMPLIES if not (isinstance(e.right, A.Binary) and e.right.op == "<==") else LOGICAL
    elif level == IMPLIES:
        left, right = IMPLIES if not (isinstance(e.left, A.Binary) and e.left.op == "==>") else LOGICAL, LOGICAL
    return level, f"{_show(e.left, left, False)} {e.op} {_show(e.right, right, closed)}"


def _chain(e: A.Chain, closed: bool) -> tuple[int, str]:
    parts = [_show(e.operands[0], SHIFT, False)]
    last = len(e.ops) - 1
    for index, (op, operand) in enumerate(zip(e.ops, e.operands[1:], strict=True)):
        parts += (op, _show(operand, SHIFT, closed and index == last))
    return RELATIONAL, " ".join(parts)


def _prefix_equal(e: A.PrefixEqual, closed: bool) -> tuple[int, str]:
    left, right = _show(e.left, SHIFT, False), _show(e.right, SHIFT, closed)
    return RELATIONAL, f"{left} {e.op}#[{show(e.limit)}] {right}"


def _unary(e: A.Unary, closed: bool) -> tuple[int, str]:
    operand = _show(e.operand, UNARY, closed)
    # Dafny reads `!!` as one token.
    return UNARY, f"{e.op}({operand})" if e.op == "!" and operand.startswith("!") else e.op + operand


def _literal(e: A.Literal, closed: bool) -> tuple[int, str]:
    text = show_literal(e)
    return (UNARY if text.startswith("-") else PRIMARY), text


def _name(e: A.Name, closed: bool) -> tuple[int, str]:
    if e.type_args:  # what follows the `>` decides how it is read
        return PRIMARY, f"({_instantiated(e)})"
    return PRIMARY, e.id


def _instantiated(e: A.Name | A.Member) -> str:
    name = e.id if isinstance(e, A.Name) else f"{_object(e.object)}.{e.name}"
    args = ", ".join(show_type(t) for t in e.type_args)
    return f"{name}<{args}>" if args else name


def _object(e: A.Expr) -> str:
    """What stands before a suffix."""
    if isinstance(e, A.Name | A.Member):
        return _instantiated(e)
    text = _show(e, PRIMARY, False)
    return f"({text})" if isinstance(e, A.Literal) and e.kind in ("int", "real") else text


def _member(e: A.Member, closed: bool) -> tuple[int, str]:
    return PRIMARY, f"({_instantiated(e)})" if e.type_args else _instantiated(e)


def _call(e: A.Call, closed: bool) -> tuple[int, str]:
    label = f"@{e.label}" if e.label else ""
    if not e.names:
        return PRIMARY, f"{_object(e.function)}{label}({items(e.args)})"
    args = ", ".join(f"{n} := {_item(a)}" if n else _item(a) for n, a in zip(e.names, e.args, strict=True))
    return PRIMARY, f"{_object(e.function)}{label}({args})"


def _bracket(prefix: str, inside: str) -> tuple[int, str]:
    return PRIMARY, f"{prefix}[{inside}]"


def _slice(e: A.Slice, closed: bool) -> tuple[int, str]:
    low = "" if e.low is None else _show(e.low, IFF, False)
    high = "" if e.high is None else _show(e.high, IFF, True)
    return _bracket(_object(e.object), f"{low}..{high}")


def _segments(e: A.Segments, closed: bool) -> tuple[int, str]:
    inside = " : ".join(_show(x, IFF, False) for x in e.lengths)
    if e.rest or len(e.lengths) == 1:
        inside += " :"
    return _bracket(_object(e.object), inside)


def _updates(pairs: Iterable[tuple[A.Expr, A.Expr]]) -> str:
    return ", ".join(f"{_show(k, IFF, False)} := {_item(v)}" for k, v in pairs)


def _datatype_update(e: A.DatatypeUpdate, closed: bool) -> tuple[int, str]:
    pairs = ", ".join(f"{name} := {_item(value)}" for name, value in e.updates)
    return PRIMARY, f"{_object(e.object)}.({pairs})"


def _cardinality(e: A.Cardinality, closed: bool) -> tuple[int, str]:
    text = _barless(e.operand)
    before, after = " " * text.startswith("|"), " " * text.endswith("|")
    return PRIMARY, f"|{before}{text}{after}|"


def _set_display(e: A.SetDisplay, closed: bool) -> tuple[int, str]:
    text = items(e.items)
    space = " " * text.startswith(":")
    return PRIMARY, f"{'' if e.kind == 'set' else e.kind}{{{space}{text}}}"


def _convert(e: A.Convert, closed: bool) -> tuple[int, str]:
    return CONVERSION, f"{_show(e.operand, CONVERSION, False)} {e.kind} {show_type(e.type)}"


def _if(e: A.IfExpr, closed: bool) -> tuple[int, str]:
    binder = ", ".join(_bound(v) for v in e.binder) + " :| " if e.binder else ""
    return PRIMARY, f"if {binder}{show(e.cond)} then {show(e.then)} else {_show(e.orelse, IFF, closed)}"


def _quantifier(e: A.Quantifier, closed: bool) -> tuple[int, str]:
    return PRIMARY, f"{e.kind} {domain(e.vars, e.attributes, e.range)} :: {_show(e.body, IFF, closed)}"


def _set_comp(e: A.SetComp, closed: bool) -> tuple[int, str]:
    text = f"{'i' * e.infinite}set {domain(e.vars, (), e.range)}"
    return PRIMARY, text if e.term is None else f"{text} :: {_show(e.term, IFF, closed)}"


def _map_comp(e: A.MapComp, closed: bool) -> tuple[int, str]:
    key = f"{_show(e.key, IFF, False)} := " if e.key is not None else ""
    text = f"{'i' * e.infinite}map {domain(e.vars, (), e.range)}"
    return PRIMARY, f"{text} :: {key}{_show(e.value, IFF, closed)}"


def _lambda(e: A.Lambda, closed: bool) -> tuple[int, str]:
    params = ", ".join(_bound(v) for v in e.params)
    if len(e.params) != 1 or e.params[0].type is not None:
        params = f"({params})"
    clauses = "".join(f" {show_clause(c, False)}" for c in e.clauses)
    return PRIMARY, f"{params}{clauses} => {_show(e.body, IFF, closed)}"


def _let(e: A.Let, closed: bool) -> tuple[int, str]:
    operator = ":|" if e.such_that else ":-" if e.failing else ":="
    head = "ghost " * e.ghost
    if e.patterns:
        head += "var" + attributes(e.attributes) + " " + ", ".join(show_pattern(p) for p in e.patterns) + " "
    return PRIMARY, f"{head}{operator} {items(e.values)}; {_show(e.body, IFF, closed)}"


def _match(e: A.MatchExpr, closed: bool) -> tuple[int, str]:
    cases = "".join(f" case {show_pattern(p)} => {show(body)}" for p, body in e.cases)
    return PRIMARY, f"match{attributes(e.attributes)} {show(e.subject)} {{{cases} }}"


def _stmt_expr(e: A.StmtExpr, closed: bool) -> tuple[int, str]:
    return PRIMARY, f"{show(e.statement)} {_show(e.body, IFF, closed)}"


def _heap_predicate(e: A.HeapPredicate, closed: bool) -> tuple[int, str]:
    label = f"@{e.label}" if e.label else ""
    args = items(e.args) if e.kind != "unchanged" else ", ".join(_without_lambda(a) for a in e.args)
    return PRIMARY, f"{e.kind}{label}({args})"


def _seq_comp(e: A.SeqComp, closed: bool) -> tuple[int, str]:
    types = f"<{', '.join(show_type(t) for t in e.type_args)}>" if e.type_args else ""
    return PRIMARY, f"seq{types}({items((e.length, e.function))})"


def _binding_guard(e: A.BindingGuard, closed: bool) -> tuple[int, str]:
    return IFF, f"{', '.join(_bound(v) for v in e.vars)} :| {_without_lambda(e.cond)}"


def _frame_field(e: A.FrameField, closed: bool) -> tuple[int, str]:
    return PRIMARY, f"{_object(e.object) if e.object is not None else ''}`{e.field}"


_PRINTERS: dict[type, Callable[[Any, bool], tuple[int, str]]] = {
    A.Binary: _binary,
    A.Chain: _chain,
    A.PrefixEqual: _prefix_equal,
    A.Unary: _unary,
    A.Literal: _literal,
    A.Name: _name,
    A.Member: _member,
    A.Call: _call,
    A.Slice: _slice,
    A.Segments: _segments,
    A.DatatypeUpdate: _datatype_update,
    A.Cardinality: _cardinality,
    A.SetDisplay: _set_display,
    A.Convert: _convert,
    A.IfExpr: _if,
    A.Quantifier: _quantifier,
    A.SetComp: _set_comp,
    A.MapComp: _map_comp,
    A.Lambda: _lambda,
    A.Let: _let,
    A.MatchExpr: _match,
    A.StmtExpr: _stmt_expr,
    A.HeapPredicate: _heap_predicate,
    A.SeqComp: _seq_comp,
    A.BindingGuard: _binding_guard,
    A.FrameField: _frame_field,
    A.This: lambda e, closed: (PRIMARY, "this"),
    A.Star: lambda e, closed: (PRIMARY, "*"),
    A.UnknownExpr: lambda e, closed: (IFF, e.text),
    A.Index: lambda e, closed: _bracket(_object(e.object), items(e.indices)),
    A.Update: lambda e, closed: _bracket(_object(e.object), _updates(e.updates)),
    A.SeqDisplay: lambda e, closed: _bracket("", items(e.items)),
    A.MapDisplay: lambda e, closed: _bracket("imap" if e.infinite else "map", _updates(e.items)),
    A.Tuple: lambda e, closed: (PRIMARY, f"({items(e.items)})"),
    A.MultisetOf: lambda e, closed: (PRIMARY, f"multiset({show(e.operand)})"),
    A.Old: lambda e, closed: (PRIMARY, f"old{f'@{e.label}' if e.label else ''}({show(e.operand)})"),
}
