"""Text of types, patterns and literals."""

from __future__ import annotations

from dafny_env.syntax import ast as A
from dafny_env.syntax.tokens import encode


def show_literal(literal: A.Literal) -> str:
    """A literal."""
    if literal.kind in ("char", "string"):
        return encode(str(literal.value), "'" if literal.kind == "char" else '"')
    if literal.kind == "null":
        return "null"
    if literal.kind == "bool":
        return "true" if literal.value else "false"
    return str(literal.value)


def show_type(type_: A.Type) -> str:
    """A type."""
    if type_.name in ("->", "-->", "~>"):
        *params, result = type_.args
        left = ", ".join(show_type(p) for p in params)
        if len(params) != 1 or params[0].name in ("->", "-->", "~>", "(,)"):
            left = f"({left})"
        return f"{left} {type_.name} {show_type(result)}"
    args = ", ".join(show_type(a) for a in type_.args)
    if type_.name == "(,)":
        return f"({args})"
    name = f"{show_type(type_.qualifier)}.{type_.name}" if type_.qualifier else type_.name
    return f"{name}<{args}>" if args else name


def show_pattern(pattern: A.Pattern) -> str:
    """A pattern."""
    if pattern.literal is not None:
        literal: A.Expr = pattern.literal
        sign = ""
        while isinstance(literal, A.Unary):
            sign += literal.op
            literal = literal.operand
        return sign + (show_literal(literal) if isinstance(literal, A.Literal) else "")
    if pattern.name == "|":
        return " | ".join(show_pattern(p) for p in pattern.args or ())
    args = ", ".join(show_pattern(p) for p in pattern.args or ())
    name = "" if pattern.name == "(,)" else pattern.name
    text = name if pattern.args is None else f"{name}({args})"
    return f"{text}: {show_type(pattern.type)}" if pattern.type else text
