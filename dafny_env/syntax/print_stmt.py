"""Text of statements, each on one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dafny_env.syntax import ast as A
from dafny_env.syntax.print_type import show_pattern, show_type
from dafny_env.syntax.printer import attributes, domain, items, show, show_clause


def show_statement(stmt: A.Stmt) -> str:
    """One line of Dafny for a statement, closing semicolon or brace included."""
    return _PRINTERS[type(stmt)](stmt)


def _body(statements: Iterable[A.Stmt]) -> str:
    return "".join(f" {show_statement(s)}" for s in statements)


def _block(s: A.Block) -> str:
    return f"{{{_body(s.body)} }}"


def _clauses(clauses: Iterable[A.Clause]) -> str:
    return "".join(f" {show_clause(c)}" for c in clauses)


def _rhs(rhs: A.Rhs) -> str:
    if rhs.expr is not None:
        return show(rhs.expr) + attributes(rhs.attributes)
    text = "new"
    if rhs.new_type is not None:
        text += " " + show_type(rhs.new_type)
    if rhs.new_call is not None:
        text += f"({items(rhs.new_call)})"
    elif rhs.dims or rhs.init is not None:
        text += f"[{items(rhs.dims)}]"
        if isinstance(rhs.init, A.SeqDisplay):
            text += " " + show(rhs.init)
        elif rhs.init is not None:
            text += f"({show(rhs.init)})"
    return text + attributes(rhs.attributes)


def _assigned(s: A.VarDecl | A.Assign) -> str:
    """Operator, right-hand side and end of a variable declaration or assignment."""
    end = f" by {_block(s.by)}" if s.by is not None else ";"
    if s.such_that is not None:
        assumed = f"assume{attributes(s.attributes if isinstance(s, A.Assign) else ())} " * s.assumed
        return f" :| {assumed}{show(s.such_that)}{end}"
    if not s.rhs:
        return end
    keyword = f"{s.keyword} " if s.keyword else ""
    return f" {':-' if s.failing else ':='} {keyword}{', '.join(_rhs(r) for r in s.rhs)}{end}"


def _var(s: A.VarDecl) -> str:
    names = show_pattern(s.pattern) if s.pattern is not None else ", ".join(show(v) for v in s.names)
    return f"{'ghost ' * s.ghost}var{attributes(s.attributes)} {names}{_assigned(s)}"


def _assign(s: A.Assign) -> str:
    if not s.targets and not s.failing:
        end = f" by {_block(s.by)}" if s.by is not None else ";"
        return ", ".join(_rhs(r) for r in s.rhs) + end
    return (items(s.targets) + _assigned(s)).lstrip()


def _if(s: A.If) -> str:
    binder = ", ".join(show(v) for v in s.binder) + " :| " if s.binder else ""
    orelse = f" else {show_statement(s.orelse)}" if s.orelse is not None else ""
    return f"if{attributes(s.attributes)} {binder}{show(s.guard)} {_block(s.then)}{orelse}"


def _alternatives(s: A.Alternatives) -> str:
    cases = "".join(f" case {show(g)} =>{_body(body)}" for g, body in s.cases)
    head = ("while" if s.loop else "if") + attributes(s.attributes) + _clauses(s.clauses)
    return f"{head} {{{cases} }}" if s.braces else head + cases


def _while(s: A.While) -> str:
    body = f" {_block(s.body)}" if s.body is not None else ";"
    return f"while{attributes(s.attributes)} {show(s.guard)}{_clauses(s.clauses)}{body}"


def _for(s: A.For) -> str:
    body = f" {_block(s.body)}" if s.body is not None else ";"
    high = show(s.high) if s.high is not None else "*"
    bounds = f"{show(s.low)} {'downto' if s.down else 'to'} {high}"
    return f"for{attributes(s.attributes)} {show(s.var)} := {bounds}{_clauses(s.clauses)}{body}"


def _forall(s: A.ForallStmt) -> str:
    body = f" {_block(s.body)}" if s.body is not None else ";"
    return f"forall{attributes(s.attributes)} {domain(s.vars, (), s.range) or '()'}{_clauses(s.clauses)}{body}"


def _label(label: str | None) -> str:
    return f"{label}: " if label else ""


def _assert(s: A.Assert) -> str:
    by = f" by {_block(s.by)}" if s.by is not None else ";"
    return f"assert{attributes(s.attributes)} {_label(s.label)}{show(s.expr)}{by}"


def _assume(s: A.Assume) -> str:
    return f"assume{attributes(s.attributes)} {_label(s.label)}{show(s.expr)};"


def _expect(s: A.Expect) -> str:
    message = f", {show(s.message)}" if s.message is not None else ""
    return f"expect{attributes(s.attributes)} {show(s.expr)}{message};"


def _calc(s: A.Calc) -> str:
    lines = ""
    for index, line in enumerate(s.lines):
        op = s.ops[index] if index < len(s.ops) else None
        text = show(line)
        if text.startswith(("{", "calc")):  # which would be a hint
            text = f"({text})"
        lines += f" {text};" + (f" {op}" if op else "") + _body(s.hints[index])
    return f"calc{attributes(s.attributes)} {f'{s.op} ' if s.op else ''}{{{lines} }}"


def _match(s: A.MatchStmt) -> str:
    cases = "".join(f" case {show_pattern(p)} =>{_body(body)}" for p, body in s.cases)
    return f"match{attributes(s.attributes)} {show(s.subject)} {{{cases} }}"


def _return(s: A.Return) -> str:
    values = " " + ", ".join(_rhs(r) for r in s.rhs) if s.rhs else ""
    return f"{'yield' if s.is_yield else 'return'}{values};"


def _jump(s: A.Jump) -> str:
    words = ["break"] * (s.count - (s.kind == "continue")) + ["continue"] * (s.kind == "continue")
    return " ".join([*words, *([s.label] if s.label else [])]) + ";"


def _modify(s: A.Modify) -> str:
    body = f" {_block(s.body)}" if s.body is not None else ";"
    return f"modify{attributes(s.attributes)} {', '.join(show(f) for f in s.frames)}{body}"


def _labelled(s: A.Labelled) -> str:
    if s.label == "opaque" and isinstance(s.statement, A.Block):
        return f"opaque{_clauses(s.clauses)} {show_statement(s.statement)}"
    return f"label {s.label}: {show_statement(s.statement)}"


def _skeleton(s: A.Skeleton) -> str:
    head = f"{s.keyword} ...".lstrip() + _clauses(s.clauses)
    return f"{head} {' else '.join(show_statement(b) for b in s.blocks)}" if s.blocks else head + ";"


_PRINTERS: dict[type, Callable[[Any], str]] = {
    A.Block: _block,
    A.VarDecl: _var,
    A.Assign: _assign,
    A.If: _if,
    A.Alternatives: _alternatives,
    A.While: _while,
    A.For: _for,
    A.ForallStmt: _forall,
    A.Assert: _assert,
    A.Assume: _assume,
    A.Expect: _expect,
    A.Calc: _calc,
    A.MatchStmt: _match,
    A.Return: _return,
    A.Jump: _jump,
    A.Print: lambda s: f"print {items(s.args)};",
    A.Reveal: lambda s: f"{'hide' if s.hide else 'reveal'} {items(s.exprs)};",
    A.Modify: _modify,
    A.Labelled: _labelled,
    A.NewDivider: lambda s: "new;",
    A.Skeleton: _skeleton,
    A.Decorated: lambda s: f"{attributes(s.attributes).strip()} {show_statement(s.statement)}",
    A.UnknownStmt: lambda s: s.text,
}
