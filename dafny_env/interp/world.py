"""Scopes of names, and the compiler's entry point `compile_expr`, which turns an expression into a Python closure.

Every bound variable gets a key of its own in the frame's dict, so inner binders never disturb outer ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from dafny_env.interp.machine import Code, Frame
from dafny_env.interp.outcome import Fault, Unsupported
from dafny_env.interp.symbols import ModuleInfo, Owner, Symbols
from dafny_env.interp.values import Value
from dafny_env.syntax import ast


class World:
    """A program, and those it includes, with what has been compiled of them. `cache` is shared by the modules of the
    compiler, keyed by them."""

    def __init__(self, program: ast.Program, included: Sequence[ast.Program] = ()) -> None:
        self.program = program
        self.symbols = Symbols(program, included)
        self.cache: dict[Any, Any] = {}
        self._keys = 0

    def key(self, name: str) -> str:
        """A key for one more variable of this name."""
        self._keys += 1
        return f"{name}#{self._keys}"


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What names mean at a place: locals to keys, their declared types, the enclosing type and module. `results` are
    the keys that `return` assigns."""

    world: World
    module: ModuleInfo
    owner: Owner | None
    names: dict[str, str]
    types: dict[str, ast.Type | None]
    results: tuple[str, ...] = ()

    def bind(self, variables: Iterable[tuple[str, ast.Type | None]]) -> Scope:
        """A scope with further variables, each with a fresh key."""
        names = dict(self.names)
        types = dict(self.types)
        for name, type_ in variables:
            key = self.world.key(name)
            names[name] = key
            types[key] = type_
        return replace(self, names=names, types=types)


_E = TypeVar("_E", bound=ast.Expr)
_HANDLERS: dict[type[ast.Expr], Callable[[Any, Scope], Code]] = {}


def compiles(kind: type[_E]) -> Callable[[Callable[[_E, Scope], Code]], Callable[[_E, Scope], Code]]:
    """Register the compiler of one class of expressions."""

    def register(handler: Callable[[_E, Scope], Code]) -> Callable[[_E, Scope], Code]:
        _HANDLERS[kind] = handler
        return handler

    return register


def compile_expr(expr: ast.Expr, scope: Scope) -> Code:
    """Compile an expression. Never fails: what is not supported raises when it is evaluated."""
    handler = _HANDLERS.get(type(expr))
    if handler is None:
        return fails(f"expression {type(expr).__name__}")
    return handler(expr, scope)


def fails(reason: str) -> Code:
    """Code that is `Unsupported`."""

    def run(_: Frame) -> Value:
        raise Unsupported(reason)

    return run


Run = Callable[[Frame], object]
"""A compiled statement: None when it ends normally, or a signal (see `control`)."""

_S = TypeVar("_S", bound=ast.Stmt)
_STATEMENTS: dict[type[ast.Stmt], Callable[[Any, Scope], tuple[Run, Scope]]] = {}


def executes(
    kind: type[_S],
) -> Callable[[Callable[[_S, Scope], tuple[Run, Scope]]], Callable[[_S, Scope], tuple[Run, Scope]]]:
    """Register the compiler of one class of statements. It also returns the scope of what follows in the block."""

    def register(handler: Callable[[_S, Scope], tuple[Run, Scope]]) -> Callable[[_S, Scope], tuple[Run, Scope]]:
        _STATEMENTS[kind] = handler
        return handler

    return register


def compile_stmt(statement: ast.Stmt, scope: Scope) -> tuple[Run, Scope]:
    """Compile a statement. Never fails: what is not supported raises when it is executed."""
    handler = _STATEMENTS.get(type(statement))
    if handler is None:
        return fails(f"statement {type(statement).__name__}"), scope
    return handler(statement, scope)


def compile_block(statements: tuple[ast.Stmt, ...], scope: Scope) -> Run:
    """Compile a sequence of statements with a scope of its own."""
    runs: list[tuple[int, Run]] = []
    for statement in statements:
        run, scope = compile_stmt(statement, scope)
        runs.append((statement.span.start, run))

    def block(fr: Frame) -> object:
        offset = -1
        try:
            for offset, run in runs:  # noqa: B007 - it is used where a run fails
                fr.m.tick()
                signal = run(fr)
                if signal is not None:
                    return signal
        except Fault as fault:
            if fault.offset is None:
                fault.offset = offset
            raise
        return None

    return block
