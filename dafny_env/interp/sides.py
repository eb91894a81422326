"""Targets and right-hand sides of assignments."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from dafny_env.interp.arbitrary import Arbitrary, Knobs, unspecified
from dafny_env.interp.functions import arrange
from dafny_env.interp.machine import Frame
from dafny_env.interp.methods import call_method, construct, new_object
from dafny_env.interp.names import dispatch, owner_of, resolve
from dafny_env.interp.operators import MAX_SIZE
from dafny_env.interp.outcome import Fault, OutOfFuel, Stuck, Unsupported
from dafny_env.interp.selections import offset
from dafny_env.interp.symbols import CallableInfo, ClassInfo, FieldInfo
from dafny_env.interp.typing_of import unfold
from dafny_env.interp.values import Array, Object, Poison, Value
from dafny_env.interp.world import Scope, compile_expr, fails
from dafny_env.syntax import ast

Write = Callable[[Value], None]
Target = Callable[[Frame], Write]
"""Evaluates the parts of a target, and gives what writes to it."""

Side = Callable[[Frame], list[Value]]
"""Evaluates a right-hand side; method calls may have several results."""


def compile_target(e: ast.Expr, sc: Scope) -> tuple[Target, ast.Type | None]:
    """Compile a target, with its declared type where that is at hand."""
    if isinstance(e, ast.Name) and e.id in sc.names:
        key = sc.names[e.id]

        def local(fr: Frame) -> Write:
            def write(value: Value) -> None:
                fr.vars[key] = value

            return write

        return local, sc.types.get(key)
    if isinstance(e, ast.Name):
        found = resolve(e, sc)
        if isinstance(found, FieldInfo) and not found.is_static:
            return lambda fr: _field_writer(fr.this, e.id, fr), found.decl.type
    if isinstance(e, ast.Member):
        subject = compile_expr(e.object, sc)
        name = e.name
        return lambda fr: _field_writer(subject(fr), name, fr), None
    if isinstance(e, ast.Index):
        return _element_target(e, sc), None
    return fails("assignment target"), None


def _field_writer(this: Value, name: str, fr: Frame) -> Write:
    if this is None:
        raise Fault("null dereference")
    if type(this) is not Object:
        raise Unsupported("field of such a value")

    def write(value: Value) -> None:
        fields = dict(fr.heap.get(this))
        if name not in fields:
            raise Unsupported(f"field {name}")
        fields[name] = value
        fr.heap.put(this, fields, fr.m)

    return write


def _element_target(e: ast.Index, sc: Scope) -> Target:
    subject = compile_expr(e.object, sc)
    indices = [compile_expr(i, sc) for i in e.indices]

    def target(fr: Frame) -> Write:
        array = subject(fr)
        if array is None:
            raise Fault("null dereference")
        if type(array) is not Array:
            raise Unsupported("element of such a value")
        at = offset(array, [i(fr) for i in indices])

        def write(value: Value) -> None:
            if value.__class__ is Poison:
                raise Unsupported(value.reason)
            contents = fr.heap.get(array)
            fr.heap.put(array, (*contents[:at], value, *contents[at + 1 :]), fr.m)

        return write

    return target


# ------------------------------------------------------------------------------------------------------- right-hand
# sides


def compile_rhs(rhs: ast.Rhs, sc: Scope, wanted: ast.Type | None = None) -> Side:
    """Compile a right-hand side for a target of the given type (used by `*`)."""
    if rhs.new_type is not None:
        return _new_array(rhs, rhs.new_type, sc) if rhs.dims or rhs.init else _new_object(rhs, rhs.new_type, sc)
    if rhs.expr is None:
        return fails("right-hand side")
    if isinstance(rhs.expr, ast.Star):
        return lambda fr: [unspecified(wanted, sc.module, fr.m, fr.heap)]
    if isinstance(rhs.expr, ast.Call):
        call = compile_call(rhs.expr, sc)
        if call is not None:
            return call
    code = compile_expr(rhs.expr, sc)

    def run(fr: Frame) -> list[Value]:
        try:
            return [code(fr)]
        except Unsupported as failure:  # pure, so it matters only to who reads the target
            return [Poison(failure.reason)]

    return run


def compile_call(e: ast.Call, sc: Scope) -> Side | None:
    """A method call; None where the callee is surely no method."""
    codes = [compile_expr(a, sc) for a in e.args]
    found = resolve(e.function, sc)
    if isinstance(found, CallableInfo):
        if found.decl.is_function:
            return None
        info = found
        if not info.is_static and not isinstance(e.function, ast.Name):
            return fails(f"{info.decl.name} needs an object")

        def static(fr: Frame) -> list[Value]:
            target = info if info.is_static else dispatch(info, fr.this, fr)
            args = arrange(info.decl.params, [c(fr) for c in codes], e.names)
            return call_method(target, None if info.is_static else fr.this, args, fr)

        return static
    if found is not None or not isinstance(e.function, ast.Member):
        return None
    subject, name = compile_expr(e.function.object, sc), e.function.name
    ordinary = compile_expr(e, sc)

    def dynamic(fr: Frame) -> list[Value]:
        value = subject(fr)
        if value is None:
            raise Fault("null dereference")
        owner = owner_of(value)
        member = None if owner is None else fr.m.world.symbols.member(owner, name)
        if isinstance(member, CallableInfo) and not member.decl.is_function:
            args = arrange(member.decl.params, [c(fr) for c in codes], e.names)
            return call_method(member, None if member.is_static else value, args, fr)
        try:
            return [ordinary(fr)]
        except Unsupported as failure:
            return [Poison(failure.reason)]

    return dynamic


def _new_array(rhs: ast.Rhs, type_: ast.Type, sc: Scope) -> Side:
    dims = [compile_expr(d, sc) for d in rhs.dims]
    items = None
    if isinstance(rhs.init, ast.SeqDisplay):
        items = [compile_expr(x, sc) for x in rhs.init.items]
    init = compile_expr(rhs.init, sc) if rhs.init is not None and items is None else None

    def run(fr: Frame) -> list[Value]:
        lengths = tuple(d(fr) for d in dims)
        if any(n < 0 for n in lengths):
            raise Fault("negative array length")
        total = prod(lengths)
        if total > MAX_SIZE:
            raise OutOfFuel("array too large")
        if items is not None:
            contents = tuple(item(fr) for item in items)
            if lengths and (len(lengths) > 1 or lengths[0] != len(contents)):
                raise Stuck("length of the array display")
            lengths = lengths or (len(contents),)
        elif init is not None:
            function = init(fr)
            contents = tuple(function.call(fr, at) for at in _positions(lengths))
        else:
            contents = tuple(_blank(type_, sc, fr) for _ in range(total))
        return [fr.m.new_array(fr.heap, lengths, contents)]

    return run


def _blank(type_: ast.Type, sc: Scope, fr: Frame) -> Value:
    unfolded = unfold(type_, sc.module, fr.m.world)
    if unfolded.nullable:
        return None
    return Arbitrary(fr.m, fr.heap, Knobs(depth=1)).value(type_, sc.module)


def _positions(lengths: tuple[int, ...]) -> list[tuple[int, ...]]:
    positions: list[tuple[int, ...]] = [()]
    for length in lengths:
        positions = [(*p, k) for p in positions for k in range(length)]
    return positions


def _new_object(rhs: ast.Rhs, type_: ast.Type, sc: Scope) -> Side:
    symbols = sc.world.symbols
    args = [compile_expr(a, sc) for a in rhs.new_call or ()]
    cls = symbols.type_named(type_.name, sc.module)
    constructor = ""
    if not isinstance(cls, ClassInfo) and "." in type_.name:
        path, constructor = type_.name.rsplit(".", 1)
        cls = symbols.type_named(path, sc.module)
    if not isinstance(cls, ClassInfo):
        return fails(f"new {type_.name}")
    chosen = cls

    def run(fr: Frame) -> list[Value]:
        made = new_object(chosen, type_, fr)
        if constructor or rhs.new_call is not None:
            construct(chosen, constructor, [a(fr) for a in args], (), made, fr)
        return [made]

    return run


def compile_sides(rhs: tuple[ast.Rhs, ...], sc: Scope, wanted: list[ast.Type | None]) -> Side:
    """All right-hand sides as one list of values, as long as `wanted`."""
    types = wanted if len(rhs) == len(wanted) else [None] * len(rhs)
    sides = [compile_rhs(r, sc, t) for r, t in zip(rhs, types, strict=True)]
    count = len(wanted)

    def run(fr: Frame) -> list[Value]:
        values = [value for side in sides for value in side(fr)]
        if len(values) != count:
            raise Unsupported("unequal sides of an assignment")
        return values

    return run
