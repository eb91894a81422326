"""Calling functions: compiled once, checked for preconditions, remembered per heap."""

from __future__ import annotations

from dataclasses import dataclass

from dafny_env.interp.machine import MAX_DEPTH, Code, Frame, Heap, known
from dafny_env.interp.outcome import Fault, OutOfFuel, Unsupported
from dafny_env.interp.symbols import CallableInfo, ClassInfo, FieldInfo
from dafny_env.interp.typing_of import constraints_on, tested
from dafny_env.interp.values import Closure, Value
from dafny_env.interp.world import Scope, World, compile_expr, fails
from dafny_env.syntax import ast

_MISSING = object()


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A compiled function. `keys` of its parameters, named by `scope`; `clauses`: what the `guards` test, None for
    types; `reads`: whether its value may depend on the heap."""

    info: CallableInfo
    scope: Scope
    keys: tuple[str, ...]
    defaults: tuple[Code | None, ...]
    guards: tuple[Code, ...]
    clauses: tuple[ast.Expr | None, ...]
    body: Code
    reads: bool


def function(info: CallableInfo, world: World) -> Function:
    """The compiled function of an entry. Recursion is tied through the cache at call time."""
    found = world.cache.get(info)
    if isinstance(found, Function):
        return found
    decl = info.decl
    scope = Scope(world, info.module, info.owner, {}, {})
    defaults: list[Code | None] = []
    for formal in decl.params:
        defaults.append(None if formal.default is None else compile_expr(formal.default, scope))
        scope = scope.bind([(formal.name, formal.type)])
    keys = tuple(scope.names[p.name] for p in decl.params)
    guards: list[Code] = []
    for formal, key in zip(decl.params, keys, strict=True):
        guards.extend(constraints_on(formal.type, key, scope))
    written = [e for c in decl.clauses_of("requires") for e in c.exprs]
    clauses = (*(None for _ in guards), *written)
    guards.extend(compile_expr(e, scope) for e in written)
    if decl.kind.startswith("twostate"):
        body = fails("twostate function")
    elif isinstance(decl.body, ast.Expr):
        body = compile_expr(decl.body, scope)
    else:
        body = fails(f"function {decl.name} has no body")
    # `{:autocontracts}` gives the functions of a class a `reads` that is not written
    reads = bool(decl.clauses_of("reads")) or (isinstance(info.owner, ClassInfo) and not info.is_static)
    made = Function(info, scope, keys, tuple(defaults), tuple(guards), clauses, body, reads)
    world.cache[info] = made
    return made


def call_function(info: CallableInfo, this: Value, args: tuple[Value, ...], fr: Frame) -> Value:
    """The function's value in the frame's heap. `Fault` when its precondition is false."""
    m = fr.m
    code = function(info, m.world)
    key = memo_key(code, this, args, fr)
    hit = m.memo.get(key, _MISSING)
    if hit is not _MISSING:
        return hit
    m.tick()
    inner = enter(code, this, args, fr)
    watch = m.watch
    if watch is not None:
        watch.entering(info, inner)
        if not code.reads:  # what it does read all the same is not what the verifier takes it to depend on
            inner.heap = Heap()
    require(code, inner)
    if m.depth >= MAX_DEPTH:
        raise OutOfFuel("recursion too deep")
    m.depth += 1
    try:
        value = code.body(inner)
        m.memo[key] = value
        if watch is not None:
            watch.valued(code, inner, value)
    except Fault as fault:
        raise fault.elsewhere() from None
    finally:
        m.depth -= 1
    return value


def require(code: Function, inner: Frame) -> None:
    """`Fault` when the precondition is false in the callee's frame."""
    for position, guard in enumerate(code.guards):
        try:
            if guard(inner) is True:
                continue
        except Fault as fault:  # the precondition itself makes no sense
            raise fault.elsewhere() from None
        raise unmet(code.info.decl.name, code.clauses[position])


def unmet(name: str, clause: ast.Expr | None) -> Fault:
    """The fault of a call whose precondition is false; clause: None where it is an argument's type."""
    return Fault(f"precondition of {name}" if clause is not None else f"argument of {name} outside of its type", clause)


def memo_key(code: Function, this: Value, args: tuple[Value, ...], fr: Frame) -> object:
    """What a function's value is remembered under."""
    return (code.info, this, args, fr.heap.version if code.reads else None)


def enter(code: Function, this: Value, args: tuple[Value, ...], fr: Frame) -> Frame:
    """The callee's frame, missing arguments taken from the defaults."""
    inner = Frame(fr.m, {}, this, fr.heap, fr.old, fr.labels)
    if len(args) > len(code.keys):
        raise Unsupported("number of arguments")
    for position, key in enumerate(code.keys):
        if position < len(args) and args[position] is not _MISSING:
            inner.vars[key] = args[position]
            continue
        default = code.defaults[position]
        if default is None:
            raise Unsupported("missing argument")
        inner.vars[key] = default(inner)
    return inner


def arrange(formals: tuple[ast.Formal, ...], args: list[Value], names: tuple[str | None, ...]) -> tuple[Value, ...]:
    """Arguments in the order of the formals; those left to defaults are filled by `enter`."""
    if not any(names):
        return tuple(args)
    placed: list[Value] = [_MISSING] * len(formals)
    order = {formal.name: k for k, formal in enumerate(formals)}
    for k, (value, name) in enumerate(zip(args, names, strict=True)):
        position = k if name is None else order.get(name, -1)
        if not 0 <= position < len(placed):
            raise Unsupported(f"argument {name}")
        placed[position] = value
    return tuple(placed)


def as_closure(info: CallableInfo, this: Value) -> Closure:
    """A function used as a value."""

    def requires(fr: Frame, args: tuple[Value, ...]) -> bool:
        code = function(info, fr.m.world)
        inner = enter(code, this, args, fr)
        return tested(inner, list(code.guards))

    return Closure(lambda fr, args: call_function(info, this, args, fr), requires, info.decl.name)


def constant(info: FieldInfo, this: Value, fr: Frame) -> Value:
    """The value of a constant with a definition, or of a field in the heap."""
    decl = info.decl
    if decl.kind == "const" and decl.value is not None:
        key = (info, this)
        hit = fr.m.memo.get(key, _MISSING)
        if hit is not _MISSING:
            return hit
        code = fr.m.world.cache.get(info)
        if code is None:
            scope = Scope(fr.m.world, info.module, info.owner, {}, {})
            code = fr.m.world.cache[info] = compile_expr(decl.value, scope)
        fr.m.tick()
        if fr.m.depth >= MAX_DEPTH:
            raise OutOfFuel("recursion too deep")
        fr.m.depth += 1
        try:
            value = code(Frame(fr.m, {}, this, fr.heap, fr.old, fr.labels))
        except Fault as fault:
            raise fault.elsewhere() from None
        finally:
            fr.m.depth -= 1
        fr.m.memo[key] = value
        return value
    if info.is_static:
        raise Unsupported(f"constant {decl.name} without a value")
    fields = fr.heap.get(this)
    if not isinstance(fields, dict) or decl.name not in fields:
        raise Unsupported(f"field {decl.name}")
    return known(fields[decl.name])
