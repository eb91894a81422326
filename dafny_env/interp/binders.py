"""Compilers of quantifiers, comprehensions, let and lambda."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dafny_env.interp.domains import NOTHING, Deriver, Domain, Range, both, conjuncts, mentions
from dafny_env.interp.machine import Code, Frame
from dafny_env.interp.outcome import Failure, OutOfFuel, Stuck, Unsupported
from dafny_env.interp.patterns import compile_pattern, variables
from dafny_env.interp.typing_of import Unfolded, constraints_on, tested, unfold
from dafny_env.interp.values import Closure, Data, Map, Value
from dafny_env.interp.world import Scope, compile_expr, compiles, fails
from dafny_env.syntax import ast

_WINDOW = 12


@dataclass(frozen=True, slots=True)
class _Level:
    """One variable of a walk: where it is stored, its domain, its type's constraints, and guards decided by now."""

    name: str
    key: str
    domain: Domain
    constraints: list[Code]
    guards: list[Code]
    is_int: bool


class Walk:
    """Enumerates the points at which a formula may have the wanted value."""

    def __init__(self, bound: tuple[ast.BoundVar, ...], formula: ast.Expr, wanted: bool, scope: Scope) -> None:
        """`scope` has the variables bound already."""
        names = tuple(v.name for v in bound)
        deriver = Deriver(formula, wanted, scope, names)
        guards = list(_guards(formula, wanted))
        self.levels: list[_Level] = []
        rest = list(bound)
        while rest:
            domains = [both([deriver.domain(v.name), _typed(v, scope)]) for v in rest]
            chosen = max(range(len(rest)), key=lambda k: (domains[k].finite, domains[k].low + domains[k].high, -k))
            variable = rest.pop(chosen)
            deriver.known.add(variable.name)
            decided = [
                compile_expr(g, scope)
                for g in guards
                if rest and variable.name in (used := mentions(g)) and not used & {v.name for v in rest}
            ]
            unfolded = None if variable.type is None else unfold(variable.type, scope.module, scope.world)
            key = scope.names[variable.name]
            self.levels.append(
                _Level(
                    variable.name,
                    key,
                    domains[chosen],
                    constraints_on(variable.type, key, scope),
                    decided,
                    unfolded is not None and unfolded.kind == "int",
                )
            )

    def find(self, fr: Frame, test: Callable[[Frame], bool], *, partial: bool = True) -> bool:
        """Whether `test` holds somewhere, leaving the variables there. Raises `Unsupported` when it was found nowhere but not
        every point could be looked at; without `partial`, as soon as that is known."""
        missed: list[str] = []
        if self._level(fr, 0, test, missed, partial):
            return True
        if missed:
            raise Unsupported(missed[0])
        return False

    def _level(self, fr: Frame, depth: int, test: Callable[[Frame], bool], missed: list[str], partial: bool) -> bool:
        if depth == len(self.levels):
            try:
                return test(fr)
            except Unsupported as failure:
                if not partial:
                    raise
                missed.append(failure.reason)
                return False
        level = self.levels[depth]
        known = level.domain.run(fr)
        if not known.finite:
            reason = f"unbounded {level.name}"
            if not partial:
                raise Unsupported(reason)
            missed.append(reason)
            known = _sample(known, level)
        m, variables_, key = fr.m, fr.vars, level.key
        for value in known.values():
            m.tick()
            variables_[key] = value
            if level.constraints and not tested(fr, level.constraints):
                continue
            if level.guards and _refuted(fr, level.guards):
                continue
            if self._level(fr, depth + 1, test, missed, partial):
                return True
        return False


def _refuted(fr: Frame, guards: list[Code]) -> bool:
    """Whether a guard is false here; one that cannot be evaluated decides nothing."""
    for guard in guards:
        try:
            if guard(fr) is False:
                return True
        except OutOfFuel:
            raise
        except Failure:
            continue
    return False


def _sample(known: Range, level: _Level) -> Range:
    """Some values of an unbounded integer variable, in which a witness decides."""
    low, high = known.low, known.high
    if type(low) is int:
        return Range(low, low + _WINDOW)
    if type(high) is int:
        return Range(high - _WINDOW if level.is_int else max(0, high - _WINDOW), high)
    if level.is_int:
        return Range(-3, _WINDOW - 4)
    return Range(elements=[])


def _guards(formula: ast.Expr, wanted: bool) -> list[ast.Expr]:
    """Formulas all of which are true wherever `formula` has the wanted value."""
    if wanted:
        return list(conjuncts(formula))
    found: list[ast.Expr] = []
    while isinstance(formula, ast.Binary) and formula.op == "==>":
        found.extend(conjuncts(formula.left))
        formula = formula.right
    return found


def _typed(variable: ast.BoundVar, scope: Scope) -> Domain:
    """What the type says of a variable's values."""
    if variable.type is None:
        return NOTHING
    unfolded = unfold(variable.type, scope.module, scope.world)
    parts = [_of_kind(unfolded)]
    for info in unfolded.constraints:
        if info.decl.constraint is not None and info.decl.var is not None:
            names = {info.decl.var: scope.names[variable.name]}
            inner = Scope(scope.world, info.module, None, names, {})
            parts.append(Deriver(info.decl.constraint, True, inner, (info.decl.var,)).domain(info.decl.var))
    return both(parts)


def _of_kind(unfolded: Unfolded) -> Domain:
    if unfolded.nonnegative:
        return Domain(True, False, False, lambda fr: Range(low=0))
    values: list[Value] | None = None
    if unfolded.kind == "bool":
        values = [False, True]
    elif unfolded.datatype is not None and not any(c.ctor.fields for c in unfolded.datatype.ctors.values()):
        values = [Data(c.ctor) for c in unfolded.datatype.ctors.values()]
    if values is None:
        return NOTHING
    listed = values
    return Domain(False, False, True, lambda fr: Range(elements=listed))


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
    """Code that looks for the first witness and leaves it in the variables; False when there is none. Values are tried in
    the order of `sort_key`, so equal problems have equal answers."""
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
                raise Stuck("no witness")
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
            return body(enter(caller, args))

        def requires(caller: Frame, args: tuple[Value, ...]) -> bool:
            return tested(enter(caller, args), guards)

        return Closure(call, requires, "lambda")

    return run
