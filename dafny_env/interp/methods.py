"""Methods: compiled once, entered with a checked precondition, run in the caller's heap."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dafny_env.interp.arbitrary import unspecified
from dafny_env.interp.functions import arrange, unmet
from dafny_env.interp.machine import MAX_DEPTH, Code, Frame
from dafny_env.interp.outcome import Fault, OutOfFuel, Unsupported
from dafny_env.interp.symbols import CallableInfo, ClassInfo
from dafny_env.interp.typing_of import constraints_on
from dafny_env.interp.values import Object, Poison, Value
from dafny_env.interp.world import Run, Scope, World, compile_block, compile_expr
from dafny_env.syntax import ast


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """A compiled method, lemma or constructor. `scope` names its parameters and results; `clauses`: what `requires`
    test, None for what is not written; `ensures` are codes with places (`free` ones left out)."""

    info: CallableInfo
    scope: Scope
    params: tuple[str, ...]
    results: tuple[tuple[str, ast.Type | None], ...]
    requires: tuple[Code, ...]
    clauses: tuple[ast.Expr | None, ...]
    ensures: tuple[tuple[ast.Expr, Code], ...]
    body: Run | None


def method(info: CallableInfo, world: World) -> Method:
    """The compiled method of an entry."""
    found = world.cache.get(info)
    if isinstance(found, Method):
        return found
    decl = info.decl
    base = Scope(world, info.module, info.owner, {}, {})
    before = base.bind((p.name, p.type) for p in decl.params)
    after = before.bind((r.name, r.type) for r in decl.returns)
    after = replace(after, results=tuple(after.names[r.name] for r in decl.returns))
    params = tuple(before.names[p.name] for p in decl.params)
    requires = _implicit(info, before)
    requires += [c for p, key in zip(decl.params, params, strict=True) for c in constraints_on(p.type, key, before)]
    written = [e for c in decl.clauses_of("requires") for e in c.exprs]
    clauses = (*(None for _ in requires), *written)
    requires += [compile_expr(e, before) for e in written]
    body = compile_block(decl.body.body, after) if isinstance(decl.body, ast.Block) else None
    made = Method(
        info,
        after,
        params,
        tuple((after.names[r.name], r.type) for r in decl.returns),
        tuple(requires),
        clauses,
        tuple((e, compile_expr(e, after)) for c in decl.clauses_of("ensures") if not c.free for e in c.exprs),
        body,
    )
    world.cache[info] = made
    return made


def _implicit(info: CallableInfo, scope: Scope) -> list[Code]:
    """The `requires Valid()` that `{:autocontracts}` adds to the methods of a class."""
    owner = info.owner
    if not isinstance(owner, ClassInfo) or info.is_static or info.decl.kind == "constructor":
        return []
    if "Valid" not in owner.members or all(a.name != "autocontracts" for a in owner.decl.attributes):
        return []
    return [compile_expr(ast.Call(ast.Name("Valid"), ()), scope)]


def enter_method(code: Method, this: Value, args: tuple[Value, ...], caller: Frame) -> Frame:
    """The frame of a call, results unspecified, `old` being the heap now."""
    if len(args) != len(code.params) or any(type(a) is object for a in args):
        raise Unsupported("number of arguments")
    m, heap = caller.m, caller.heap
    inner = Frame(m, dict(zip(code.params, args, strict=True)), this, heap, heap.snapshot(), {})
    for key, type_ in code.results:
        inner.vars[key] = unspecified(type_, code.info.module, m, heap)
    return inner


def call_method(info: CallableInfo, this: Value, args: tuple[Value, ...], fr: Frame) -> list[Value]:
    """Run a method and return its results, possibly poisoned ones. `Fault` when its precondition is false; where that
    cannot be told, the run goes on, but nothing is recorded inside; nor is it in an included file, whose offsets say
    nothing here."""
    m = fr.m
    code = method(info, m.world)
    body = code.body
    if body is None:
        raise Unsupported(f"{info.decl.name} has no body")
    if info.decl.kind == "iterator":
        raise Unsupported("iterator")
    m.tick()
    if m.depth >= MAX_DEPTH:
        raise OutOfFuel("recursion too deep")
    inner = enter_method(code, this, args, fr)
    if m.watch is not None:
        m.watch.entering(info, inner)
    muted = not require(code, inner) or info.included
    m.depth += 1
    m.muted += muted
    try:
        body(inner)
    except Fault as fault:
        raise fault.elsewhere() from None
    m.muted -= muted
    if m.watch is not None:
        m.watch.returned(code, inner)
    m.depth -= 1
    return [inner.vars[key] for key, _ in code.results]


def require(code: Method, inner: Frame) -> bool:
    """`Fault` when the precondition is false in the callee's frame. False where that cannot be told."""
    known = True
    for position, test in enumerate(code.requires):
        try:
            if test(inner) is True:
                continue
        except Unsupported:
            known = False
            continue
        except Fault as fault:  # the precondition itself makes no sense
            raise fault.elsewhere() from None
        raise unmet(code.info.decl.name, code.clauses[position])
    return known


def new_object(cls: ClassInfo, type_: ast.Type, fr: Frame) -> Object:
    """Allocate an object with unspecified fields."""
    m = fr.m
    if cls.decl.kind == "trait":
        raise Unsupported("new of a trait")
    fields: dict[str, Value] = {}
    parameters = {p.name for p in cls.decl.type_params}
    for info in m.world.symbols.fields(cls):
        decl = info.decl
        if decl.kind == "const" and decl.value is not None:
            continue
        generic = decl.type is not None and decl.type.name in parameters
        fields[decl.name] = (
            Poison("not assigned") if generic and type_.args else unspecified(decl.type, info.module, m, fr.heap)
        )
    return m.new_object(fr.heap, cls, fields)


def construct(
    cls: ClassInfo, name: str, args: list[Value], names: tuple[str | None, ...], made: Object, fr: Frame
) -> None:
    """Run a constructor on a fresh object."""
    info = fr.m.world.symbols.member(cls, name)
    if not isinstance(info, CallableInfo):
        raise Unsupported(f"constructor {name or cls.name}")
    call_method(info, made, arrange(info.decl.params, args, names), fr)
