"""Compilers of names, `this`, member selections and calls: what is known statically is resolved once."""

from __future__ import annotations

from fractions import Fraction

from dafny_env.interp.functions import arrange, as_closure, call_function, constant
from dafny_env.interp.isolation import subtrees
from dafny_env.interp.machine import Code, Frame, known
from dafny_env.interp.outcome import Fault, Stuck, Unsupported
from dafny_env.interp.symbols import (
    CallableInfo,
    ClassInfo,
    CtorInfo,
    DatatypeInfo,
    FieldInfo,
    ModuleInfo,
    Resolved,
    TypeInfo,
)
from dafny_env.interp.values import Array, Closure, Data, Map, Object, Value, make_tuple
from dafny_env.interp.world import Scope, compile_expr, compiles, fails
from dafny_env.syntax import ast


def resolve(e: ast.Expr, sc: Scope) -> Resolved | None:
    """What an expression names statically; None for locals and values. Members of the enclosing type are found here
    too, and need `this` unless static."""
    if isinstance(e, ast.Name):
        if e.id in sc.names or is_destructor(e.id, sc):
            return None
        if sc.owner is not None:
            member = sc.world.symbols.member(sc.owner, e.id)
            if member is not None:
                return member
        return sc.world.symbols.lookup(e.id, sc.module)
    if isinstance(e, ast.Member):
        where = resolve(e.object, sc)
        if isinstance(where, ModuleInfo | ClassInfo | DatatypeInfo | TypeInfo | CtorInfo):
            return sc.world.symbols.inside(where, e.name)
    return None


def is_destructor(name: str, sc: Scope) -> bool:
    """Whether a name inside a datatype's member is a field or discriminator of `this`."""
    if not isinstance(sc.owner, DatatypeInfo) or name in sc.owner.members:
        return False
    return (
        name.rstrip("?") in sc.owner.ctors
        if name.endswith("?")
        else any(name in info.ctor.fields for info in sc.owner.ctors.values())
    )


@compiles(ast.Name)
def _name(e: ast.Name, sc: Scope) -> Code:
    key = sc.names.get(e.id)
    if key is None and is_destructor(e.id, sc):
        return lambda fr: select(fr.this, e.id, fr)
    if key is None:
        return _static(resolve(e, sc), e.id, implicit=True)
    local = key

    def run(fr: Frame) -> Value:
        try:
            return known(fr.vars[local])
        except KeyError:
            raise Unsupported(f"{e.id} has no value") from None

    return run


def _static(found: Resolved | None, name: str, *, implicit: bool) -> Code:
    if isinstance(found, CtorInfo):
        ctor = found.ctor
        if ctor.fields:
            return lambda fr: Closure(lambda _, args: _construct(found, args), lambda _, args: True, ctor.name)
        value = Data(ctor)
        return lambda fr: value
    if isinstance(found, FieldInfo):
        field = found
        if not field.is_static and not implicit:
            return fails(f"{name} needs an object")
        return lambda fr: constant(field, fr.this, fr)
    if isinstance(found, CallableInfo) and found.decl.is_function:
        function = found
        return lambda fr: as_closure(function, None if function.is_static else fr.this)
    return fails(f"name {name}")


def _construct(info: CtorInfo, args: tuple[Value, ...]) -> Data:
    if len(args) != len(info.ctor.fields):
        raise Unsupported("number of constructor arguments")
    return Data(info.ctor, args)


@compiles(ast.This)
def _this(_: ast.This, __: Scope) -> Code:
    def run(fr: Frame) -> Value:
        if fr.this is None:
            raise Unsupported("this")
        return fr.this

    return run


@compiles(ast.Member)
def _member(e: ast.Member, sc: Scope) -> Code:
    found = resolve(e, sc)
    if found is not None:
        return _static(found, e.name, implicit=False)
    subject = compile_expr(e.object, sc)
    name = e.name
    return lambda fr: select(subject(fr), name, fr)


def owner_of(value: Value) -> ClassInfo | DatatypeInfo | None:
    """The type whose members a value has."""
    if type(value) is Object:
        return value.cls  # type: ignore[no-any-return]
    if type(value) is Data:
        return value.ctor.datatype  # type: ignore[no-any-return]
    return None


def select(value: Value, name: str, fr: Frame) -> Value:
    """`value.name` for values of any kind."""
    if value is None:
        raise Fault("null dereference")
    if type(value) is Data:
        found = _data_field(value, name)
        if found is not None:
            return found[0]
    owner = owner_of(value)
    if owner is not None:
        member = fr.m.world.symbols.member(owner, name)
        if isinstance(member, FieldInfo):
            return constant(member, value, fr)
        if isinstance(member, CallableInfo) and member.decl.is_function:
            return as_closure(member, value)
        raise Unsupported(f"member {name}")
    return _builtin_member(value, name)


def _data_field(value: Data, name: str) -> tuple[Value] | None:
    ctor = value.ctor
    if name in ctor.fields:
        return (value.args[ctor.fields.index(name)],)
    if name.endswith("?") and name[:-1] in ctor.siblings:
        return (ctor.name == name[:-1],)
    if ctor.datatype is not None and any(name in other.ctor.fields for other in ctor.datatype.ctors.values()):
        raise Fault(f"destructor {name} of {ctor.name}")
    return None


def _builtin_member(value: Value, name: str) -> Value:
    if type(value) is Array:
        if name == "Length" and len(value.dims) == 1:
            return value.dims[0]
        if name.startswith("Length") and name[6:].isdigit() and int(name[6:]) < len(value.dims) > 1:
            return value.dims[int(name[6:])]
    elif type(value) is Map:
        if name == "Keys":
            return frozenset(value.items)
        if name == "Values":
            return frozenset(value.items.values())
        if name == "Items":
            return frozenset(make_tuple(pair) for pair in value.items.items())
    elif type(value) is Fraction and name == "Floor":
        return value.__floor__()
    elif type(value) is Closure and name == "requires":
        closure = value
        return Closure(lambda fr, args: closure.requires(fr, args), lambda fr, args: True)
    raise Unsupported(f"member {name} of {type(value).__name__}")


def guessed_type(name: str, formula: ast.Expr, sc: Scope) -> ast.Type | None:
    """The type of an unannotated bound variable, where it is an argument of a function or constructor that is not
    generic. None where that does not tell, or the name is bound again inside."""
    found: ast.Type | None = None
    for node in subtrees(formula):
        if isinstance(node, ast.BoundVar | ast.Pattern) and node.name == name:
            return None
        if found is None and isinstance(node, ast.Call) and any(a == ast.Name(name) for a in node.args):
            found = _argument_type(name, node, resolve(node.function, sc))
    return found


def _argument_type(name: str, call: ast.Call, callee: Resolved | None) -> ast.Type | None:
    if any(call.names):
        return None
    if isinstance(callee, CallableInfo):
        formals, generic = callee.decl.params, callee.decl.type_params
        if isinstance(callee.owner, ClassInfo | DatatypeInfo):
            generic += callee.owner.decl.type_params
    elif isinstance(callee, CtorInfo):
        formals, generic = callee.decl.params, callee.datatype.decl.type_params
    else:
        return None
    for argument, formal in zip(call.args, formals, strict=False):
        if argument == ast.Name(name):
            return None if generic else formal.type
    return None


@compiles(ast.Call)
def _call(e: ast.Call, sc: Scope) -> Code:
    codes = [compile_expr(a, sc) for a in e.args]
    names = e.names
    found = resolve(e.function, sc)
    if isinstance(found, CtorInfo):
        ctor = found
        if not any(names):
            return lambda fr: _construct(ctor, tuple([c(fr) for c in codes]))
        return _call_named_ctor(ctor, codes, names)
    if isinstance(found, CallableInfo):
        return _call_static(found, codes, names, isinstance(e.function, ast.Name))
    if found is None and isinstance(e.function, ast.Member):
        return _call_member(e.function, codes, names, sc)
    callee = compile_expr(e.function, sc)

    def run(fr: Frame) -> Value:
        return apply(callee(fr), tuple([c(fr) for c in codes]), fr)

    return run


def apply(callee: Value, args: tuple[Value, ...], fr: Frame) -> Value:
    """Apply a function value."""
    if type(callee) is not Closure:
        raise Unsupported("call of such a value")
    if not callee.requires(fr, args):
        raise Stuck("precondition of a function value")
    return callee.call(fr, args)


def _call_named_ctor(info: CtorInfo, codes: list[Code], names: tuple[str | None, ...]) -> Code:
    def run(fr: Frame) -> Value:
        args = arrange(info.decl.params, [c(fr) for c in codes], names)
        if len(args) != len(info.ctor.fields) or any(type(a) is object for a in args):
            raise Unsupported("default constructor arguments")
        return Data(info.ctor, args)

    return run


def _call_static(info: CallableInfo, codes: list[Code], names: tuple[str | None, ...], implicit: bool) -> Code:
    if not info.decl.is_function:
        return fails(f"method {info.decl.name} in an expression")
    if not info.is_static and not implicit:
        return fails(f"{info.decl.name} needs an object")
    formals = info.decl.params
    if info.is_static:
        if not any(names):
            return lambda fr: call_function(info, None, tuple([c(fr) for c in codes]), fr)
        return lambda fr: call_function(info, None, arrange(formals, [c(fr) for c in codes], names), fr)

    def run(fr: Frame) -> Value:
        target = dispatch(info, fr.this, fr)
        return call_function(target, fr.this, arrange(formals, [c(fr) for c in codes], names), fr)

    return run


def dispatch(info: CallableInfo, this: Value, fr: Frame) -> CallableInfo:
    """The override of a trait's member for this receiver."""
    if this is None:
        raise Unsupported("this")
    if type(this) is Object and this.cls is not info.owner:
        member = fr.m.world.symbols.member(this.cls, info.decl.name)
        if isinstance(member, CallableInfo):
            return member
    return info


def _call_member(e: ast.Member, codes: list[Code], names: tuple[str | None, ...], sc: Scope) -> Code:
    subject = compile_expr(e.object, sc)
    name = e.name

    def run(fr: Frame) -> Value:
        value = subject(fr)
        if value is None:
            raise Fault("null dereference")
        owner = owner_of(value)
        member = None if owner is None else fr.m.world.symbols.member(owner, name)
        if isinstance(member, CallableInfo):
            if not member.decl.is_function:
                raise Unsupported(f"method {name} in an expression")
            args = arrange(member.decl.params, [c(fr) for c in codes], names)
            return call_function(member, None if member.is_static else value, args, fr)
        return apply(select(value, name, fr), tuple([c(fr) for c in codes]), fr)

    return run
