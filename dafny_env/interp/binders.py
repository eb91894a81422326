"""Compilers of quantifiers, comprehensions, let and lambda."""

from __future__ import annotations

from collections.abc import Callable

from dafny_env.interp.machine import Code, Frame
from dafny_env.interp.outcome import Fault, Stuck, Unsupported
from dafny_env.interp.patterns import compile_pattern, variables
from dafny_env.interp.typing_of import constraints_on, tested
from dafny_env.interp.values import Closure, Map, Value
from dafny_env.interp.walk import Walk
from dafny_env.interp.world import Scope, compile_expr, compiles, fails
from dafny_env.syntax import ast


def full_range(bound: tuple[ast.BoundVar, ...], range_: ast.Expr | None) -> ast.Expr | None:
    """The range of a binder with 4.x's domains (`x <- S`) and ranges of single variables put in front."""
    parts: list[ast.Expr] = []
    for variable in bound:
        if variable.domain is not None:
            parts.append(ast.Binary("in", ast.Name(variable.name), variable.domain))
        if variable.range is not None:
            parts.append(variable.range)
    if range_ is not None:
        parts.append(range_)
    if not parts:
        return None
    whole = parts[0]
    for part in parts[1:]:
        whole = ast.Binary("&&", whole, part)
    return whole


def _bound(e: ast.Quantifier | ast.SetComp | ast.MapComp, sc: Scope) -> Scope:
    return sc.bind((v.name, v.type) for v in e.vars)


TRUE = ast.Literal("bool", True)


@compiles(ast.Quantifier)
def _quantifier(e: ast.Quantifier, sc: Scope) -> Code:
    inner = _bound(e, sc)
    exists = e.kind == "exists"
    formula = e.body
    range_ = full_range(e.vars, e.range)
    if range_ is not None:
        formula = ast.Binary("&&" if exists else "==>", range_, e.body)
    walk = Walk(e.vars, formula, exists, inner)
    code = compile_expr(formula, inner)
    if exists:
        return lambda fr: walk.find(fr, code)

    def falsified(fr: Frame) -> bool:
        return code(fr) is False

    return lambda fr: not walk.find(fr, falsified)


@compiles(ast.SetComp)
def _set_comprehension(e: ast.SetComp, sc: Scope) -> Code:
    inner = _bound(e, sc)
    formula = full_range(e.vars, e.range) or TRUE
    if e.term is None and len(e.vars) != 1:
        return fails("set comprehension without a term")
    walk = Walk(e.vars, formula, True, inner)
    code = compile_expr(formula, inner)
    term = compile_expr(e.term if e.term is not None else ast.Name(e.vars[0].name), inner)

    def run(fr: Frame) -> Value:
        members: list[Value] = []

        def collect(at: Frame) -> bool:
            if code(at):
                members.append(term(at))
            return False

        walk.find(fr, collect, partial=False)
        return frozenset(members)

    return run


@compiles(ast.MapComp)
def _map_comprehension(e: ast.MapComp, sc: Scope) -> Code:
    inner = _bound(e, sc)
    formula = full_range(e.vars, e.range) or TRUE
    if e.key is None and len(e.vars) != 1:
        return fails("map comprehension without a key")
    walk = Walk(e.vars, formula, True, inner)
    code = compile_expr(formula, inner)
    key = compile_expr(e.key if e.key is not None else ast.Name(e.vars[0].name), inner)
    value = compile_expr(e.value, inner)

    def run(fr: Frame) -> Value:
        items: dict[Value, Value] = {}

        def collect(at: Frame) -> bool:
            if code(at):
                k, v = key(at), value(at)
                if k in items and items[k] != v:
                    raise Stuck("map comprehension gives a key two values")
                items[k] = v
            return False

        walk.find(fr, collect, partial=False)
        return Map(items)

    return run


def such_that(bound: tuple[ast.BoundVar, ...], condition: ast.Expr, inner: Scope) -> Callable[[Frame], bool]:
    """Code that looks for the first witness and leaves it in the variables; False when there is none. Values are tried
    in the order of `sort_key`, so equal problems have equal answers."""
    walk = Walk(bound, condition, True, inner)
    code = compile_expr(condition, inner)
    return lambda fr: walk.find(fr, lambda at: code(at) is True)


def if_such_that(e: ast.IfExpr, sc: Scope) -> Code:
    """`if x :| P then a else b`."""
    inner = sc.bind((v.name, v.type) for v in e.binder)
    find = such_that(e.binder, e.cond, inner)
    then, orelse = compile_expr(e.then, inner), compile_expr(e.orelse, sc)
    return lambda fr: then(fr) if find(fr) else orelse(fr)


@compiles(ast.Let)
def _let(e: ast.Let, sc: Scope) -> Code:
    inner = sc.bind(v for p in e.patterns for v in variables(p))
    body = compile_expr(e.body, inner)
    if e.failing:
        return fails("`:-`")
    if e.such_that:
        bound = tuple(ast.BoundVar(p.name, p.type) for p in e.patterns)
        find = such_that(bound, e.values[0], inner)

        def choose(fr: Frame) -> Value:
            if not find(fr):
                raise Fault("no witness")
            return body(fr)

        return choose
    values = [compile_expr(v, sc) for v in e.values]
    patterns = [compile_pattern(p, inner, irrefutable=True) for p in e.patterns]
    if len(values) != len(patterns):
        return fails("let with unequal sides")

    def run(fr: Frame) -> Value:
        for value, matches in zip([v(fr) for v in values], patterns, strict=True):
            if not matches(fr, value):
                raise Stuck("pattern does not match")
        return body(fr)

    return run


@compiles(ast.Lambda)
def _lambda(e: ast.Lambda, sc: Scope) -> Code:
    inner = sc.bind((p.name, p.type) for p in e.params)
    keys = [inner.names[p.name] for p in e.params]
    guards = [c for p, k in zip(e.params, keys, strict=True) for c in constraints_on(p.type, k, inner)]
    guards += [compile_expr(x, inner) for c in e.clauses if c.kind == "requires" for x in c.exprs]
    body = compile_expr(e.body, inner)

    def run(fr: Frame) -> Value:
        captured, this, old, labels = dict(fr.vars), fr.this, fr.old, fr.labels

        def enter(caller: Frame, args: tuple[Value, ...]) -> Frame:
            if len(args) != len(keys):
                raise Unsupported("number of arguments")
            bound = dict(captured)
            bound.update(zip(keys, args, strict=True))
            return Frame(caller.m, bound, this, caller.heap, old, labels)

        def call(caller: Frame, args: tuple[Value, ...]) -> Value:
            caller.m.tick()
            try:
                return body(enter(caller, args))
            except Fault as fault:
                raise fault.elsewhere() from None

        def requires(caller: Frame, args: tuple[Value, ...]) -> bool:
            return tested(enter(caller, args), guards)

        return Closure(call, requires, "lambda")

    return run
