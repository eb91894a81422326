"""Types as written, unfolded to what values they have: builtin kinds, datatypes, classes, and the constraints on the
way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from dafny_env.interp.machine import Code, Frame
from dafny_env.interp.operators import char_of
from dafny_env.interp.outcome import Fault, Unsupported
from dafny_env.interp.symbols import ClassInfo, DatatypeInfo, ModuleInfo, TypeInfo
from dafny_env.interp.values import Value
from dafny_env.interp.world import Scope, World, compile_expr
from dafny_env.syntax import ast

_PLAIN = frozenset(
    {"int", "bool", "char", "real", "seq", "set", "iset", "multiset", "map", "imap", "object", "ORDINAL"}
)
_ARRAY = re.compile(r"array(\d*)(\??)$")
_BITS = re.compile(r"bv\d+$")


@dataclass(frozen=True, slots=True)
class Unfolded:
    """A type without its names. `kind` is a builtin name, `array` (with `rank`), `tuple`, `function`, `datatype`,
    `class`, or `parameter` (type parameters and opaque types, whose values may be any) or `unsupported`. `constraints`
    are the subset types passed on the way, outermost first; `nonnegative` marks nat."""

    kind: str
    args: tuple[ast.Type, ...] = ()
    module: ModuleInfo | None = None
    datatype: DatatypeInfo | None = None
    cls: ClassInfo | None = None
    rank: int = 1
    nullable: bool = False
    nonnegative: bool = False
    constraints: tuple[TypeInfo, ...] = field(default=())


def substitute(type_: ast.Type, mapping: Mapping[str, ast.Type]) -> ast.Type:
    """The type with type parameters replaced."""
    if not mapping:
        return type_
    if type_.name in mapping and not type_.args:
        return mapping[type_.name]
    return ast.Type(type_.name, tuple(substitute(a, mapping) for a in type_.args))


def parameters_of(params: tuple[ast.TypeParam, ...], args: tuple[ast.Type, ...]) -> dict[str, ast.Type]:
    """The substitution of a generic declaration's parameters; parameters without argument stand for int."""
    given = args + (ast.Type("int"),) * (len(params) - len(args))
    return {param.name: arg for param, arg in zip(params, given, strict=False)}


def unfold(type_: ast.Type, module: ModuleInfo, world: World) -> Unfolded:
    """Unfold synonyms and subset types."""
    key = (unfold, type_, module)
    found = world.cache.get(key)
    if found is None:
        found = world.cache[key] = _unfold(type_, module, world)
    return found


def _unfold(type_: ast.Type, module: ModuleInfo, world: World) -> Unfolded:
    constraints: list[TypeInfo] = []
    nonnegative = False
    for _ in range(50):
        name = type_.name
        done: Unfolded | None = None
        if name == "nat":
            nonnegative, name, type_ = True, "int", ast.Type("int")
        if name == "string":
            done = Unfolded("seq", (ast.Type("char"),))
        elif name in _PLAIN:
            done = Unfolded(name, type_.args)
        elif match := _ARRAY.match(name):
            done = Unfolded("array", type_.args, rank=int(match[1] or 1), nullable=bool(match[2]))
        elif name == "(,)":
            done = Unfolded("tuple", type_.args)
        elif name in ("->", "-->", "~>"):
            done = Unfolded("function", type_.args)
        elif _BITS.match(name):
            done = Unfolded("unsupported")
        else:
            info = world.symbols.type_named(name, module)
            if isinstance(info, DatatypeInfo):
                done = Unfolded("datatype", type_.args, datatype=info)
            elif isinstance(info, ClassInfo):
                done = Unfolded("class", type_.args, cls=info, nullable=name.endswith("?"))
            elif info is None or (info.decl.base is None and info.decl.kind == "type"):
                done = Unfolded("parameter")
            elif info.decl.base is None:
                done = Unfolded("unsupported")
            else:
                if info.decl.constraint is not None:
                    constraints.append(info)
                type_ = substitute(info.decl.base, parameters_of(info.decl.type_params, type_.args))
                module = info.module
        if done is not None:
            return Unfolded(
                done.kind,
                done.args,
                module,
                done.datatype,
                done.cls,
                done.rank,
                done.nullable,
                nonnegative,
                tuple(constraints),
            )
    return Unfolded("unsupported")


def constraints_on(type_: ast.Type | None, key: str, scope: Scope) -> list[Code]:
    """Codes that test whether the variable at `key` is in its type (nat, subset types; elements are not tested)."""
    if type_ is None:
        return []
    unfolded = unfold(type_, scope.module, scope.world)
    codes: list[Code] = []
    if unfolded.nonnegative:
        codes.append(lambda fr: not (type(fr.vars[key]) is int and fr.vars[key] < 0))
    for info in reversed(unfolded.constraints):
        if info.decl.constraint is not None:
            names = {} if info.decl.var is None else {info.decl.var: key}
            inner = Scope(scope.world, info.module, None, names, {})
            codes.append(compile_expr(info.decl.constraint, inner))
    return codes


def convert(value: Value, unfolded: Unfolded) -> Value:
    """`value as T` up to T's constraints, which the caller tests."""
    kind = unfolded.kind
    if kind == "int":
        if type(value) is int:
            return value
        if type(value) is str:
            return ord(value)
        if type(value) is Fraction:
            if value.denominator != 1:
                raise Fault("real is not an integer")
            return value.numerator
    elif kind == "real":
        if type(value) is Fraction:
            return value
        if type(value) is int:
            return Fraction(value)
    elif kind == "char":
        if type(value) is str:
            return value
        if type(value) is int:
            return char_of(value)
    elif kind in ("seq", "set", "multiset", "map", "datatype", "class", "array", "bool", "tuple", "parameter"):
        return value
    raise Unsupported(f"conversion of {type(value).__name__} to {kind}")


def tested(fr: Frame, codes: list[Code]) -> bool:
    """Whether all codes are true."""
    try:
        for code in codes:
            if code(fr) is not True:
                return False
    except Fault as fault:
        raise fault.elsewhere() from None
    return True
