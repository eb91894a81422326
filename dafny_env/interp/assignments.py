"""Declarations and assignments: right-hand sides first, then the targets, all in parallel."""

from __future__ import annotations

from itertools import zip_longest

from dafny_env.interp.arbitrary import unspecified
from dafny_env.interp.binders import such_that
from dafny_env.interp.functions import arrange
from dafny_env.interp.machine import Frame
from dafny_env.interp.names import resolve
from dafny_env.interp.outcome import Fault, Stuck, Unsupported
from dafny_env.interp.patterns import compile_pattern, variables
from dafny_env.interp.sides import compile_call, compile_sides, compile_target
from dafny_env.interp.symbols import CallableInfo
from dafny_env.interp.values import Poison, Value
from dafny_env.interp.world import Run, Scope, compile_expr, executes, fails
from dafny_env.syntax import ast


@executes(ast.VarDecl)
def _declare(s: ast.VarDecl, sc: Scope) -> tuple[Run, Scope]:
    if s.failing:
        return fails("`:-`"), sc.bind((v.name, v.type) for v in s.names)
    if s.pattern is not None:
        return _declare_pattern(s, s.pattern, sc)
    inner = sc.bind((v.name, v.type or inferred(r)) for v, r in zip_longest(s.names, s.rhs[: len(s.names)]))
    keys = [inner.names[v.name] for v in s.names]
    if s.such_that is not None:
        return _choose(s.names, s.such_that, inner, assumed=s.assumed), inner
    if not s.rhs:

        def leave_open(fr: Frame) -> None:
            for key, variable in zip(keys, s.names, strict=True):
                fr.vars[key] = unspecified(variable.type, sc.module, fr.m, fr.heap)

        return leave_open, inner
    sides = compile_sides(s.rhs, sc, [v.type for v in s.names])

    def declare(fr: Frame) -> None:
        fr.vars.update(zip(keys, sides(fr), strict=True))

    return declare, inner


def inferred(rhs: ast.Rhs | None) -> ast.Type | None:
    """The type of a right-hand side where a glance tells it: what `x := *` later draws from."""
    e = None if rhs is None else rhs.expr
    if isinstance(e, ast.Literal) and e.kind in ("int", "bool", "char", "string", "real"):
        return ast.Type(e.kind)
    if isinstance(e, ast.Cardinality) or (isinstance(e, ast.Member) and e.name == "Length"):
        return ast.Type("int")
    return None


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


def _choose(bound: tuple[ast.BoundVar, ...], condition: ast.Expr, inner: Scope, *, assumed: bool) -> Run:
    find = such_that(bound, condition, inner)
    keys = [inner.names[v.name] for v in bound]

    def run(fr: Frame) -> None:
        try:
            found = find(fr)
        except Unsupported as failure:
            fr.vars.update((key, Poison(failure.reason)) for key in keys)
            return
        if not found:
            raise Stuck("assume is false") if assumed else Fault("no witness")

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
    return _choose(tuple(bound), condition, sc, assumed=s.assumed)


def _call_statement(s: ast.Assign, sc: Scope) -> Run:
    if len(s.rhs) != 1 or not isinstance(s.rhs[0].expr, ast.Call):
        return fails("statement")
    call = s.rhs[0].expr
    found = resolve(call.function, sc)
    if isinstance(found, CallableInfo) and found.decl.is_lemma:
        return _lemma(found, call, sc)
    side = compile_call(call, sc)
    if side is None:
        return fails("call statement")
    if isinstance(call.function, ast.Member) and found is None:
        name = call.function.name
        infos = [i for i in sc.world.symbols.callables if i.decl.name == name]
        if infos and all(i.decl.is_lemma for i in infos):
            return _lemma(None, call, sc)
    chosen = side

    def run(fr: Frame) -> None:
        chosen(fr)

    return run


def _lemma(info: CallableInfo | None, call: ast.Call, sc: Scope) -> Run:
    """A call of a lemma computes nothing: only a watch looks at it."""
    codes = [compile_expr(a, sc) for a in call.args]

    def args(fr: Frame) -> tuple[Value, ...]:
        values = [code(fr) for code in codes]
        return tuple(values) if info is None else arrange(info.decl.params, values, call.names)

    def run(fr: Frame) -> None:
        watch = fr.m.watch
        if watch is not None:
            watch.lemma(info, None if info is None or info.is_static else fr.this, args, fr)

    return run
