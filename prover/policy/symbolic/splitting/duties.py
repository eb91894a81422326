"""What is left to show, and where: obligations that failed, told of the values at a place where proof text can stand.

A fact about the end of a loop's body is told of the values at its start (weakest preconditions), where what is known of
these values is still true; only there can a lemma be called with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dafny_env.driver.types import Rule
from dafny_env.environment import StepDiagnostic
from dafny_env.scope import TypeTable, Variable
from dafny_env.syntax import ast
from dafny_env.syntax.walk import conjuncts, free_names, substitute, walk
from prover.policy.symbolic.points import before_statement, body_end, statements
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.splitting.knowledge import NONE, Chosen, Point, point_at
from prover.policy.symbolic.splitting.paths import Stretch, stretches
from prover.policy.symbolic.splitting.ranges import grown
from prover.policy.symbolic.splitting.rewriting import normal
from prover.policy.symbolic.view import View


@dataclass(frozen=True)
class Duty:
    """`formula` is left to show at a place, for all values of `variables` that satisfy `range`, under `conditions`; at
    `end`, behind the code between, it reads `stated`.

    point: what is known at the place.
    """

    point: Point
    conditions: tuple[ast.Expr, ...]
    formula: ast.Expr
    end: int
    stated: ast.Expr
    variables: tuple[Variable, ...] = ()
    range: tuple[ast.Expr, ...] = ()

    @property
    def known(self) -> tuple[ast.Expr, ...]:
        """All that is known under the conditions."""
        return (*self.point.known, *self.conditions, *self.range)

    @property
    def scope(self) -> tuple[Variable, ...]:
        """Everything that the formula may speak of."""
        return (*self.point.variables, *self.variables)

    @property
    def whole(self) -> ast.Expr:
        """The formula with its variables bound."""
        if not self.variables:
            return self.formula
        bound = tuple(ast.BoundVar(v.name, v.type) for v in self.variables)
        body = self.formula
        for part in reversed(self.range):
            body = ast.Binary("==>", part, body)
        return ast.Quantifier("forall", bound, None, body)


def kept_by_body(setting: Setting, view: View, invariant: ast.Expr, chosen: Chosen) -> list[Duty]:
    """That a loop's body keeps an invariant: a duty for each way through it."""
    node = view.loop.node
    if isinstance(node, ast.Alternatives) or node.body is None:
        return []
    body = node.body
    stated = invariant
    if isinstance(node, ast.For) and not node.down:
        stated = substitute(invariant, {node.var.name: ast.Binary("+", ast.Name(node.var.name), ast.Literal("int", 1))})
    end = body.body[-1].span.end if body.body else body.span.start + 1
    reached = _stretches(view.decl, body.body, body.span.start + 1, setting.table)
    return list(_told(view.decl, reached, stated, end, setting.table, chosen))


def on_entry(setting: Setting, view: View, invariant: ast.Expr, chosen: Chosen) -> list[Duty]:
    """That an invariant holds where its loop is reached."""
    node = view.loop.node
    if not isinstance(view.decl.body, ast.Block):
        return []
    stated = invariant
    if isinstance(node, ast.For):
        stated = substitute(invariant, {node.var.name: node.low})
    body, start = _up_to(view.decl.body, node)
    end = node.span.start
    reached = _stretches(view.decl, body[:-1], start, setting.table)
    return list(_told(view.decl, reached, stated, end, setting.table, chosen))


def at_ends(
    decl: ast.Callable, ensured: ast.Expr, at: int | None, table: TypeTable, chosen: Chosen = NONE
) -> list[Duty]:
    """A postcondition at the end of the body, or at the return statement that covers an offset."""
    if not isinstance(decl.body, ast.Block):
        return []
    body, start, end = decl.body.body, decl.body.span.start + 1, body_end(decl)
    leaving = [s for s in statements(decl.body) if isinstance(s, ast.Return)]
    found = next((s for s in leaving if at is not None and s.span.start <= at < s.span.end), None)
    if found is not None:
        body, start = _up_to(decl.body, found)
        end = found.span.start
    if end is None:
        return []
    return list(_told(decl, _stretches(decl, body, start, table), ensured, end, table, chosen))


def _up_to(block: ast.Block, last: ast.Stmt) -> tuple[tuple[ast.Stmt, ...], int]:
    """The statements of a list up to one of them, and where the list starts."""
    for node in walk(block):
        lists: list[tuple[tuple[ast.Stmt, ...], int]] = []
        match node:
            case ast.Block(body=body):
                lists = [(body, node.span.start + 1)]
            case ast.MatchStmt(cases=cases) | ast.Alternatives(cases=cases):
                lists = [(stmts, stmts[0].span.start) for _, stmts in cases if stmts]
        for body, start in lists:
            k = next((k for k, s in enumerate(body) if s is last), None)
            if k is not None:
                return body[: k + 1], start
    return (last,), last.span.start


def _stretches(decl: ast.Callable, body: Sequence[ast.Stmt], start: int, table: TypeTable) -> list[Stretch]:
    end = body[-1].span.end if body else start
    arrays = frozenset(n for n, t in point_at(decl, end, table).scope().items() if t is not None and t.name == "array")
    return stretches(body, start, table, arrays, [r.name for r in decl.returns])


def _told(
    decl: ast.Callable, reached: Sequence[Stretch], stated: ast.Expr, end: int, table: TypeTable, chosen: Chosen
) -> Iterator[Duty]:
    for one in reached:
        point = point_at(decl, one.start, table, chosen)
        arrays = frozenset(n for n, t in point.scope().items() if t is not None and t.name == "array")
        for path in one.paths:
            told = path.told(stated, arrays)
            for part in conjuncts(told) if told is not None else ():
                formula = grown(part, point.known)
                if formula not in point.known and not _plain(normal([formula], point.known)[0]):
                    yield opened(Duty(point, path.conditions, formula, end, stated))


def opened(duty: Duty) -> Duty:
    """A duty about all values of something, as one about any value; an implication's condition becomes known."""
    formula, known, variables = duty.formula, list(duty.range), list(duty.variables)
    taken = {*duty.point.scope(), *(v.name for v in variables)}
    while True:
        match formula:
            case ast.Quantifier(kind="forall", vars=vars_, range=range_, body=body) if not taken & {
                v.name for v in vars_
            }:
                variables += [Variable(v.name, v.type or ast.Type("int"), "local") for v in vars_]
                known += conjuncts(range_) if range_ is not None else ()
                formula = body
            case ast.Binary(op="==>", left=left, right=right):
                known += conjuncts(left)
                formula = right
            case ast.Tuple(items=(inner,)):
                formula = inner
            case _:
                break
    if not variables:
        return replace(duty, formula=formula, conditions=(*duty.conditions, *known))
    return replace(duty, formula=formula, variables=tuple(variables), range=tuple(known))


def _plain(expr: ast.Expr) -> bool:
    """Whether the solver can be trusted with a formula: linear comparisons, without functions and sequences."""
    return (
        isinstance(expr, ast.Binary)
        and expr.op in ("<", "<=", ">", ">=", "!=", "==")
        and not any(
            isinstance(
                n, ast.Call | ast.Slice | ast.Index | ast.Quantifier | ast.MultisetOf | ast.SetComp | ast.SetDisplay
            )
            or (isinstance(n, ast.Binary) and n.op in ("*", "/", "%", "in", "!in", "!!") and not _constant(n))
            for n in walk(expr)
        )
    )


def _constants(expr: ast.Expr) -> bool:
    """Whether a formula is about numbers alone."""
    return not any(isinstance(n, ast.Name | ast.Call | ast.This) for n in walk(expr))


def _constant(node: ast.Binary) -> bool:
    return isinstance(node.left, ast.Literal) or isinstance(node.right, ast.Literal)


# -------------------------------------------------------------------------------------------------------- what failed


def failed(setting: Setting, decl: ast.Callable, found: Sequence[StepDiagnostic], chosen: Chosen = NONE) -> list[Duty]:
    """What diagnostics in the base text ask for: postconditions, assertions, preconditions of calls, indices."""
    duties: dict[tuple[int, ast.Expr, tuple[ast.Expr, ...]], Duty] = {}
    for diagnostic in found:
        for duty in _of(setting, decl, diagnostic, chosen):
            duties.setdefault((duty.point.offset, duty.formula, duty.conditions), duty)
    return list(duties.values())


def _of(setting: Setting, decl: ast.Callable, found: StepDiagnostic, chosen: Chosen) -> Iterator[Duty]:
    at, rule = found.base_offset, found.diagnostic.rule
    if rule is Rule.POSTCONDITION:
        told = [o for _, o in found.related if o is not None]
        for clause in decl.clauses_of("ensures"):
            for expr in clause.exprs:
                if not told or any(clause.span.start <= o < clause.span.end for o in told):
                    yield from at_ends(decl, expr, at, setting.table, chosen)
        return
    if at is None or not isinstance(decl.body, ast.Block):
        return
    place = before_statement(decl, at)
    if place is None:
        return
    point = point_at(decl, place, setting.table, chosen)
    if rule is Rule.ASSERTION:
        exprs = [n.expr for n in walk(decl.body) if isinstance(n, ast.Assert) and n.span.start <= at < n.span.end][-1:]
    elif rule is Rule.PRECONDITION:
        exprs = list(_required(setting, decl.body, found, at))
    elif rule is Rule.INDEX:
        exprs = list(_inside(decl.body, at, setting.table, point))
    else:
        return
    visible = {*point.scope(), *setting.table.callables, *setting.table.fields}
    for expr in exprs:
        for part in conjuncts(expr):
            if not _constants(part) and free_names(part) <= visible:
                yield opened(Duty(point, (), part, place, part))


def _required(setting: Setting, body: ast.Block, found: StepDiagnostic, at: int) -> Iterator[ast.Expr]:
    """The precondition that fails at a call, with the call's arguments."""
    calls = [n for n in walk(body) if isinstance(n, ast.Call) and n.span.start <= at < n.span.end]
    told = [o for _, o in found.related if o is not None]
    for call in reversed(calls):
        name = call.function.id if isinstance(call.function, ast.Name) else getattr(call.function, "name", "")
        callee = setting.table.callables.get(name)
        if callee is None or len(callee.params) != len(call.args):
            continue
        values = {p.name: a for p, a in zip(callee.params, call.args, strict=True)}
        for clause in callee.clauses_of("requires"):
            if not told or any(clause.span.start <= o < clause.span.end for o in told):
                yield from (substitute(e, values) for e in clause.exprs)
        return


def _inside(body: ast.Block, at: int, table: TypeTable, point: Point) -> Iterator[ast.Expr]:
    """That the index that covers an offset lies within its sequence."""
    nodes = [n for n in walk(body) if isinstance(n, ast.Index) and n.span.start <= at < n.span.end]
    if nodes and len(nodes[-1].indices) == 1:
        whole, index = nodes[-1].object, nodes[-1].indices[0]
        type_ = table.of(whole, point.scope())
        if type_ is not None and type_.name in ("seq", "string", "array"):
            length = ast.Member(whole, "Length") if type_.name == "array" else ast.Cardinality(whole)
            yield ast.Binary("<=", ast.Literal("int", 0), index)
            yield ast.Binary("<", index, length)
