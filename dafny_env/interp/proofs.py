"""Proofs that are passed over, for what a watch makes of them; conditions that end a run.

Proof statements (assert, calc, lemma calls, forall proofs) have no effect on a run. A false `assume` or `expect` ends
it: what lies behind it is not reachable."""

from __future__ import annotations

from dafny_env.interp.machine import Code, Frame
from dafny_env.interp.outcome import Stuck
from dafny_env.interp.values import Value
from dafny_env.interp.watch import Claim
from dafny_env.interp.world import Run, Scope, compile_expr, compiles, executes
from dafny_env.syntax import ast


@executes(ast.Assert)
def _assert(s: ast.Assert, sc: Scope) -> tuple[Run, Scope]:
    """Not tested without a watch: states there are recorded, and the recorder's user may test what it likes."""
    offset = s.span.start
    claim = Claim("assert", s.expr, sc, offset, s.by)

    def run(fr: Frame) -> None:
        m = fr.m
        if m.on_assert is not None and not m.muted:
            m.on_assert(offset, fr, sc)
        if m.watch is not None:
            m.watch.claimed(claim, fr)

    return run, sc


@executes(ast.Assume)
def _assume(s: ast.Assume, sc: Scope) -> tuple[Run, Scope]:
    claim = Claim("assume", s.expr, sc, s.span.start)
    condition = _condition(s.expr, "assume", sc)

    def run(fr: Frame) -> None:
        if fr.m.watch is not None:
            fr.m.watch.assumed(claim, fr)
        else:
            condition(fr)

    return run, sc


@executes(ast.Expect)
def _expect(s: ast.Expect, sc: Scope) -> tuple[Run, Scope]:
    return _condition(s.expr, "expect", sc), sc


def _condition(e: ast.Expr, word: str, sc: Scope) -> Run:
    code = compile_expr(e, sc)

    def run(fr: Frame) -> None:
        if code(fr) is not True:
            raise Stuck(f"{word} is false")

    return run


@executes(ast.Calc)
def _calc(s: ast.Calc, sc: Scope) -> tuple[Run, Scope]:
    return _passed_over(s), sc


def _passed_over(s: ast.Stmt) -> Run:
    def run(fr: Frame) -> None:
        if fr.m.watch is not None:
            fr.m.watch.shown(s, fr)

    return run


def proof_for_all(s: ast.ForallStmt, sc: Scope) -> Run:
    """A `forall` statement that only proves something."""
    said = [e for c in s.clauses if c.kind == "ensures" for e in c.exprs]
    if not said:
        return _passed_over(s)
    body = said[0]
    for e in said[1:]:
        body = ast.Binary("&&", body, e)
    whole = ast.Quantifier("forall", s.vars, s.range, body, span=s.span)
    claim = Claim("forall", whole, sc, s.span.start, s.body)

    def run(fr: Frame) -> None:
        if fr.m.watch is not None:
            fr.m.watch.claimed(claim, fr)

    return run


@compiles(ast.StmtExpr)
def _statement_expression(e: ast.StmtExpr, sc: Scope) -> Code:
    body, statement = compile_expr(e.body, sc), e.statement
    claim = None
    if isinstance(statement, ast.Assert):
        claim = Claim("assert", statement.expr, sc, statement.span.start, statement.by)
    elif isinstance(statement, ast.Assume):
        claim = Claim("assume", statement.expr, sc, statement.span.start)

    def run(fr: Frame) -> Value:
        watch = fr.m.watch
        if watch is not None:
            if claim is None:
                watch.shown(statement, fr)
            elif claim.kind == "assume":
                watch.assumed(claim, fr)
            else:
                watch.claimed(claim, fr)
        return body(fr)

    return run
