"""Statements of control: blocks, conditionals, loops with their hooks, jumps."""

from __future__ import annotations

from dataclasses import dataclass

from dafny_env.interp import assignments, evaluate, proofs  # noqa: F401 - they complete the compiler
from dafny_env.interp.binders import TRUE, full_range, such_that
from dafny_env.interp.machine import Frame
from dafny_env.interp.outcome import Fault, Stuck, Unsupported
from dafny_env.interp.patterns import Matcher, compile_pattern, inner_scope, variables
from dafny_env.interp.proofs import proof_for_all
from dafny_env.interp.sides import compile_sides, compile_target
from dafny_env.interp.values import Value
from dafny_env.interp.walk import Walk
from dafny_env.interp.watch import LoopClaims
from dafny_env.interp.world import Run, Scope, compile_block, compile_expr, compile_stmt, executes, fails
from dafny_env.syntax import ast


@dataclass(frozen=True, slots=True)
class Signal:
    """Control leaving a statement: `return`, or a jump to a label or out of so many loops."""

    kind: str
    label: str | None = None
    count: int = 1


RETURN = Signal("return")


def _nothing(_: Frame) -> None:
    return None


@executes(ast.Block)
def _block(s: ast.Block, sc: Scope) -> tuple[Run, Scope]:
    return compile_block(s.body, sc), sc


@executes(ast.If)
def _if(s: ast.If, sc: Scope) -> tuple[Run, Scope]:
    orelse: Run = _nothing if s.orelse is None else compile_stmt(s.orelse, sc)[0]
    if s.binder:
        inner = sc.bind((v.name, v.type) for v in s.binder)
        find, then = such_that(s.binder, s.guard, inner), compile_block(s.then.body, inner)
        return (lambda fr: then(fr) if find(fr) else orelse(fr)), sc
    guard, then = compile_guard(s.guard, sc), compile_block(s.then.body, sc)
    return (lambda fr: then(fr) if guard(fr) else orelse(fr)), sc


def compile_guard(guard: ast.Expr, sc: Scope) -> Run:
    """A guard; `*` is drawn."""
    if isinstance(guard, ast.Star):
        return lambda fr: fr.m.rng.random() < 0.5
    return compile_expr(guard, sc)


# -------------------------------------------------------------------------------------------------------------- - loops


def _after_body(signal: object, label: str | None) -> tuple[bool, object]:
    """Whether a loop goes on behind its body, and otherwise the signal it ends with."""
    if not isinstance(signal, Signal):
        return True, None
    if signal.kind == "return":
        return False, signal
    if signal.label is not None:
        if signal.label != label:
            return False, signal
        return (True, None) if signal.kind == "continue" else (False, None)
    if signal.count > 1:
        return False, Signal(signal.kind, None, signal.count - 1)
    return (True, None) if signal.kind == "continue" else (False, None)


def _at_head(offset: int, fr: Frame, sc: Scope, claims: LoopClaims, before: object) -> object:
    m = fr.m
    m.tick()
    if m.on_loop is not None and not m.muted:
        m.on_loop(offset, fr, sc)
    return None if m.watch is None else m.watch.at_head(claims, fr, before)


@executes(ast.While)
def _while(s: ast.While, sc: Scope) -> tuple[Run, Scope]:
    if s.body is None:
        return fails("loop without a body"), sc
    guard, body = compile_guard(s.guard, sc), compile_block(s.body.body, sc)
    offset, label, claims = s.span.start, s.label, LoopClaims(s.clauses, sc)

    def run(fr: Frame) -> object:
        head = None
        while True:
            head = _at_head(offset, fr, sc, claims, head)
            if not guard(fr):
                return None
            goes_on, signal = _after_body(body(fr), label)
            if not goes_on:
                return signal

    return run, sc


@executes(ast.For)
def _for(s: ast.For, sc: Scope) -> tuple[Run, Scope]:
    if s.body is None:
        return fails("loop without a body"), sc
    inner = sc.bind([(s.var.name, s.var.type)])
    key = inner.names[s.var.name]
    low, high = compile_expr(s.low, sc), None if s.high is None else compile_expr(s.high, sc)
    body = compile_block(s.body.body, inner)
    offset, label, claims = s.span.start, s.label, LoopClaims(s.clauses, inner)

    def run(fr: Frame) -> object:
        first = low(fr)
        last: Value = None if high is None else high(fr)
        if last is not None and (first < last if s.down else last < first):
            raise Fault("bounds of a for loop out of order")
        at = first
        while True:
            fr.vars[key] = at
            _at_head(offset, fr, inner, claims, None)
            if at == last:
                return None
            fr.vars[key] = at - 1 if s.down else at
            goes_on, signal = _after_body(body(fr), label)
            if not goes_on:
                return signal
            at += -1 if s.down else 1

    return run, sc


@executes(ast.Alternatives)
def _alternatives(s: ast.Alternatives, sc: Scope) -> tuple[Run, Scope]:
    cases: list[tuple[Run, Run]] = []
    for guard, statements in s.cases:
        if isinstance(guard, ast.BindingGuard):
            inner = sc.bind((v.name, v.type) for v in guard.vars)
            cases.append((such_that(guard.vars, guard.cond, inner), compile_block(statements, inner)))
        else:
            cases.append((compile_guard(guard, sc), compile_block(statements, sc)))

    def choose(fr: Frame) -> Run | None:
        enabled = [body for guard, body in cases if guard(fr)]
        return fr.m.rng.choice(enabled) if enabled else None

    def once(fr: Frame) -> object:
        body = choose(fr)
        if body is None:
            raise Stuck("no alternative is enabled")
        return body(fr)

    claims = LoopClaims(s.clauses, sc)

    def loop(fr: Frame) -> object:
        head = None
        while True:
            head = _at_head(s.span.start, fr, sc, claims, head)
            body = choose(fr)
            if body is None:
                return None
            goes_on, signal = _after_body(body(fr), None)
            if not goes_on:
                return signal

    return (loop if s.loop else once), sc


@executes(ast.Labelled)
def _labelled(s: ast.Labelled, sc: Scope) -> tuple[Run, Scope]:
    inner, after = compile_stmt(s.statement, sc)
    label = s.label

    def run(fr: Frame) -> object:
        fr.labels = {**fr.labels, label: fr.heap.snapshot()}
        signal = inner(fr)
        if isinstance(signal, Signal) and signal.kind == "break" and signal.label == label:
            return None
        return signal

    return run, after


@executes(ast.Decorated)
def _decorated(s: ast.Decorated, sc: Scope) -> tuple[Run, Scope]:
    return compile_stmt(s.statement, sc)


@executes(ast.Jump)
def _jump(s: ast.Jump, sc: Scope) -> tuple[Run, Scope]:
    signal = Signal(s.kind, s.label, s.count)
    return (lambda fr: signal), sc


@executes(ast.Return)
def _return(s: ast.Return, sc: Scope) -> tuple[Run, Scope]:
    if s.is_yield:
        return fails("yield"), sc
    if not s.rhs:
        return (lambda fr: RETURN), sc
    keys = sc.results
    sides = compile_sides(s.rhs, sc, [sc.types.get(key) for key in keys])

    def run(fr: Frame) -> Signal:
        fr.vars.update(zip(keys, sides(fr), strict=True))
        return RETURN

    return run, sc


@executes(ast.MatchStmt)
def _match(s: ast.MatchStmt, sc: Scope) -> tuple[Run, Scope]:
    subject = compile_expr(s.subject, sc)
    cases: list[tuple[Matcher, Run]] = []
    for pattern, statements in s.cases:
        inner = sc.bind(variables(pattern))
        cases.append((compile_pattern(pattern, inner), compile_block(statements, inner_scope(pattern, sc, inner))))

    def run(fr: Frame) -> object:
        value = subject(fr)
        for matches, body in cases:
            if matches(fr, value):
                return body(fr)
        raise Stuck("no case matches")

    return run, sc


@executes(ast.ForallStmt)
def _forall(s: ast.ForallStmt, sc: Scope) -> tuple[Run, Scope]:
    statements = s.body.body if s.body is not None else ()
    if any(c.kind == "ensures" for c in s.clauses) or len(statements) != 1:
        return proof_for_all(s, sc), sc
    assignment = statements[0]
    if not isinstance(assignment, ast.Assign) or not assignment.targets:
        return proof_for_all(s, sc), sc
    inner = sc.bind((v.name, v.type) for v in s.vars)
    condition = full_range(s.vars, s.range) or TRUE
    walk, holds = Walk(s.vars, condition, True, inner), compile_expr(condition, inner)
    target, type_ = compile_target(assignment.targets[0], inner)
    side = compile_sides(assignment.rhs, inner, [type_])

    def run(fr: Frame) -> None:
        writes = []

        def collect(at: Frame) -> bool:
            if holds(at):
                writes.append((target(at), side(at)[0]))
            return False

        walk.find(fr, collect, partial=False)
        for write, value in writes:
            write(value)

    return run, sc


# ------------------------------------------------------------------------------------------------------ what is left


for _kind in (ast.Reveal, ast.Print, ast.NewDivider):
    executes(_kind)(lambda _, sc: (_nothing, sc))


@executes(ast.Modify)
def _modify(s: ast.Modify, sc: Scope) -> tuple[Run, Scope]:
    if s.body is None:
        return fails("modify"), sc
    return compile_block(s.body.body, sc), sc


@executes(ast.UnknownStmt)
def _unknown(_: ast.UnknownStmt, sc: Scope) -> tuple[Run, Scope]:
    def run(_: Frame) -> object:
        raise Unsupported("unparsed statement")

    return run, sc
