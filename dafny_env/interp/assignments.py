"""Declarations and assignments: right-hand sides first, then the targets, all in parallel."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from dafny_env.interp.arbitrary import Arbitrary, Knobs, unspecified
from dafny_env.interp.binders import such_that
from dafny_env.interp.functions import arrange
from dafny_env.interp.machine import Frame
from dafny_env.interp.methods import call_method, construct, new_object
from dafny_env.interp.names import dispatch, owner_of, resolve
from dafny_env.interp.operators import MAX_SIZE
from dafny_env.interp.outcome import OutOfFuel, Stuck, Unsupported
from dafny_env.interp.patterns import compile_pattern, variables
from dafny_env.interp.selections import offset
from dafny_env.interp.symbols import CallableInfo, ClassInfo, FieldInfo
from dafny_env.interp.typing_of import unfold
from dafny_env.interp.values import Array, Object, Poison, Value
from dafny_env.interp.world import Run, Scope, compile_expr, executes, fails
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
        raise Stuck("null dereference")
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
            raise Stuck("null dereference")
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


# ------------------------------------------------------------------------------------------------------- right-hand sides


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
            raise Stuck("null dereference")
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
            raise Stuck("negative array length")
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


# --------------------------------------------------------------------------------------------------------------- statements


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


@executes(ast.VarDecl)
def _declare(s: ast.VarDecl, sc: Scope) -> tuple[Run, Scope]:
    if s.failing:
        return fails("`:-`"), sc.bind((v.name, v.type) for v in s.names)
    if s.pattern is not None:
        return _declare_pattern(s, s.pattern, sc)
    inner = sc.bind((v.name, v.type) for v in s.names)
    keys = [inner.names[v.name] for v in s.names]
    if s.such_that is not None:
        return _choose(s.names, s.such_that, inner), inner
    if not s.rhs:

        def leave_open(fr: Frame) -> None:
            for key, variable in zip(keys, s.names, strict=True):
                fr.vars[key] = unspecified(variable.type, sc.module, fr.m, fr.heap)

        return leave_open, inner
    sides = compile_sides(s.rhs, sc, [v.type for v in s.names])

    def declare(fr: Frame) -> None:
        fr.vars.update(zip(keys, sides(fr), strict=True))

    return declare, inner


def _declare_pattern(s: ast.VarDecl, pattern: ast.Pattern, sc: Scope) -> tuple[Run, Scope]:
    inner = sc.bind(variables(pattern))
    matches = compile_pattern(pattern, inner, irrefutable=True)
    value = compile_sides(s.rhs, sc, [None])
    keys = [inner.names[name] for name, _ in variables(pattern)]

    def run(fr: Frame) -> None:
        (subject,) = value(fr)
        if subject.__class__ is Poison:
            fr.vars.update((key, subject) for key in keys)
        elif not matches(fr, subject):
            raise Stuck("pattern does not match")

    return run, inner


def _choose(bound: tuple[ast.BoundVar, ...], condition: ast.Expr, inner: Scope) -> Run:
    find = such_that(bound, condition, inner)
    keys = [inner.names[v.name] for v in bound]

    def run(fr: Frame) -> None:
        try:
            found = find(fr)
        except Unsupported as failure:
            fr.vars.update((key, Poison(failure.reason)) for key in keys)
            return
        if not found:
            raise Stuck("no witness")

    return run


@executes(ast.Assign)
def _assign(s: ast.Assign, sc: Scope) -> tuple[Run, Scope]:
    if s.failing:
        return fails("`:-`"), sc
    if s.such_that is not None:
        return _choose_again(s, s.such_that, sc), sc
    if not s.targets:
        return _call_statement(s, sc), sc
    compiled = [compile_target(t, sc) for t in s.targets]
    targets = [t for t, _ in compiled]
    sides = compile_sides(s.rhs, sc, [type_ for _, type_ in compiled])

    def run(fr: Frame) -> None:
        writers = [target(fr) for target in targets]
        for write, value in zip(writers, sides(fr), strict=True):
            write(value)

    return run, sc


def _choose_again(s: ast.Assign, condition: ast.Expr, sc: Scope) -> Run:
    """`x :| P` for locals: the variables are searched under their own keys, so P sees them."""
    bound = []
    for target in s.targets:
        if not isinstance(target, ast.Name) or target.id not in sc.names:
            return fails("`:|` into the heap")
        bound.append(ast.BoundVar(target.id, sc.types.get(sc.names[target.id])))
    return _choose(tuple(bound), condition, sc)


def _call_statement(s: ast.Assign, sc: Scope) -> Run:
    if len(s.rhs) != 1 or not isinstance(s.rhs[0].expr, ast.Call):
        return fails("statement")
    call = s.rhs[0].expr
    found = resolve(call.function, sc)
    if isinstance(found, CallableInfo) and found.decl.is_lemma:
        return lambda fr: None
    side = compile_call(call, sc)
    if side is None:
        return fails("call statement")
    if isinstance(call.function, ast.Member) and found is None:
        name = call.function.name
        infos = [i for i in sc.world.symbols.callables if i.decl.name == name]
        if infos and all(i.decl.is_lemma for i in infos):
            return lambda fr: None
    chosen = side

    def run(fr: Frame) -> None:
        chosen(fr)

    return run
