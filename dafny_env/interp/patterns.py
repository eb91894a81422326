"""Patterns of match, let and var."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dafny_env.interp.functions import constant
from dafny_env.interp.machine import Code, Frame
from dafny_env.interp.outcome import Stuck, Unsupported
from dafny_env.interp.symbols import FieldInfo
from dafny_env.interp.values import Data, Value
from dafny_env.interp.world import Scope, compile_expr, compiles
from dafny_env.syntax import ast

Matcher = Callable[[Frame, Value], bool]
"""Binds the pattern's variables in the frame when the value matches."""


def variables(pattern: ast.Pattern) -> Iterator[tuple[str, ast.Type | None]]:
    """The names that a pattern may bind."""
    if pattern.literal is not None:
        return
    if pattern.args is None:
        if pattern.name != "_" and "." not in pattern.name:
            yield pattern.name, pattern.type
        return
    for arg in pattern.args:
        yield from variables(arg)


def compile_pattern(pattern: ast.Pattern, scope: Scope, *, irrefutable: bool = False) -> Matcher:
    """Compile a pattern whose variables are bound in `scope`. In an irrefutable one a bare name is always a
    variable."""
    if pattern.literal is not None:
        literal = compile_expr(pattern.literal, scope)
        return lambda fr, value: bool(literal(fr) == value)
    if pattern.args is None:
        return _bare(pattern, scope, irrefutable)
    if pattern.name == "|":
        options = [compile_pattern(arg, scope) for arg in pattern.args]

        def any_of(fr: Frame, value: Value) -> bool:
            return any(option(fr, value) for option in options)

        return any_of
    name = pattern.name.split(".")[-1]
    parts = [compile_pattern(arg, scope, irrefutable=irrefutable) for arg in pattern.args]
    if name == "(,)" and len(parts) == 1:
        return parts[0]

    def run(fr: Frame, value: Value) -> bool:
        if type(value) is not Data:
            raise Unsupported("pattern on such a value")
        if value.ctor.name != name:
            return False
        if len(value.args) != len(parts):
            raise Unsupported("pattern arity")
        for part, arg in zip(parts, value.args, strict=True):  # noqa: SIM110 - a generator would use the C stack
            if not part(fr, arg):
                return False
        return True

    return run


def _bare(pattern: ast.Pattern, scope: Scope, irrefutable: bool) -> Matcher:
    if pattern.name == "_":
        return lambda fr, value: True
    name = pattern.name.split(".")[-1]
    key = scope.names.get(pattern.name)
    if not irrefutable:
        found = scope.world.symbols.lookup(name, scope.module)
        if isinstance(found, FieldInfo):
            field = found
            return lambda fr, value: bool(constant(field, None, fr) == value)

    def run(fr: Frame, value: Value) -> bool:
        if not irrefutable and type(value) is Data and name in value.ctor.nullary:
            return value.ctor.name == name
        if key is None:
            raise Unsupported(f"pattern {pattern.name}")
        fr.vars[key] = value
        return True

    return run


@compiles(ast.MatchExpr)
def _match(e: ast.MatchExpr, sc: Scope) -> Code:
    subject = compile_expr(e.subject, sc)
    cases: list[tuple[Matcher, Code]] = []
    for pattern, body in e.cases:
        inner = sc.bind(variables(pattern))
        cases.append((compile_pattern(pattern, inner), compile_expr(body, inner_scope(pattern, sc, inner))))

    def run(fr: Frame) -> Value:
        value = subject(fr)
        for matches, body in cases:
            if matches(fr, value):
                return body(fr)
        raise Stuck("no case matches")

    return run


def inner_scope(pattern: ast.Pattern, outer: Scope, inner: Scope) -> Scope:
    """The scope of a case's body. A bare constructor name binds nothing, so it keeps its meaning there."""
    symbols = outer.world.symbols
    hidden = [
        name
        for name, _ in variables(pattern)
        if name not in outer.names and any(name in module.ctors for module in symbols.modules)
    ]
    if not hidden:
        return inner
    names = {name: key for name, key in inner.names.items() if name not in hidden or not _is_ctor(name, outer)}
    return Scope(inner.world, inner.module, inner.owner, names, inner.types)


def _is_ctor(name: str, scope: Scope) -> bool:
    return any(not info.ctor.fields for module in scope.world.symbols.modules for info in module.ctors.get(name, ()))
