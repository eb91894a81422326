"""Evidence in the user's terms: which clause is false, in which line, for which values."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from dafny_env.index import mentioned
from dafny_env.interp.binders import full_range
from dafny_env.interp.machine import Frame
from dafny_env.interp.outcome import Failure
from dafny_env.interp.values import Array, Object
from dafny_env.interp.walk import Walk
from dafny_env.interp.watch import Claim, truth
from dafny_env.interp.world import Scope, compile_expr
from dafny_env.refute.running import Evidence
from dafny_env.refute.showing import renumbered, shown_all, shown_inputs, shown_value
from dafny_env.syntax import ast
from dafny_env.syntax.printer import show
from dafny_env.syntax.source import LineMap

Line = Callable[[int], int | None]
"""The line in the user's file of an offset in the text at hand; None where it has none."""
_FIRST = re.compile(r"(?<=;)|\s*\{|\n")
"""What ends the part of a statement that is shown."""
_MOST = 200
_POINT_STEPS = 5_000


def lines_of(text: str) -> Line:
    """All lines, for the user's file itself."""
    lines = LineMap(text)
    return lambda offset: lines.position(offset).line


def no_lines(offset: int) -> int | None:
    """No line, for what a step has put in."""
    return None


def tell(name: str, evidence: Evidence, text: str, line: Line) -> str:
    """One sentence: what of the declaration `name` of a text is false, and for what."""
    return renumbered(_told(name, evidence, text, line))


def _told(name: str, evidence: Evidence, text: str, line: Line) -> str:
    inputs = shown_inputs(evidence.before, evidence.scope)
    given = f" for {inputs}" if inputs else ""
    if evidence.claim is None:
        return f"{name} fails{_in_line(_offset(evidence), line)}{given}: {_fault(evidence, text)}"
    claim = evidence.claim
    if claim.kind == "result":
        said = f"{name} returns a value outside of its type{given}"
    else:
        words, place = _quoted(claim.expr, text), _in_line(claim.offset, line, brackets=True)
        fact = claim.kind == "assume"
        said = (f"`{words}` in {name} is false" if fact else f"{name} fails `{claim.kind} {words}`") + place + given
    why = _point(claim, evidence.after) if evidence.fault is None else _fault(evidence, text)
    there = "; ".join(filter(None, (_state(evidence), why)))
    return f"{said}: {there}" if there else said


def _in_line(offset: int | None, line: Line, *, brackets: bool = False) -> str:
    number = None if offset is None else line(offset)
    if number is None:
        return ""
    return f" (line {number})" if brackets else f" in line {number}"


def _offset(evidence: Evidence) -> int | None:
    return None if evidence.fault is None else evidence.fault.offset


def _fault(evidence: Evidence, text: str) -> str:
    fault = evidence.fault
    assert fault is not None
    reason = fault.reason
    if fault.clause is not None:
        reason += f" (`requires {show(fault.clause)}`) is false"
    if fault.offset is None:
        return reason
    return f"{reason} at `{_cut(_FIRST.split(text[fault.offset :], maxsplit=1)[0].strip())}`"


def _quoted(expr: ast.Expr, text: str) -> str:
    start, end = expr.span
    return _cut(" ".join(text[start:end].split())) if 0 <= start < end else _cut(show(expr))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}..."


def _state(evidence: Evidence) -> str:
    """What the program made of it: results and what it changed at the end, the variables at stake before."""
    after, claim = evidence.after, evidence.claim
    assert claim is not None
    before = evidence.before
    if evidence.ended:
        parts = []
        if evidence.results:
            results = shown_all(after, evidence.results, this=False)
            one = len(results) == 1 and " " in results[0][0]
            parts.append(f"its value is {results[0][1]}" if one else f"returns {_pairs(results)}")
        names = {name: before.vars.get(key) for name, key in evidence.scope.names.items()} | {"this": before.this}
        changed = [
            (name, shown_value(value, after.heap))
            for name, value in names.items()
            if isinstance(value, Array | Object) and shown_value(value, before.heap) != shown_value(value, after.heap)
        ]
        if changed:
            parts.append(f"then {_pairs(changed)}")
        return ", ".join(parts)
    wanted = mentioned(claim.expr)
    scope = claim.scope
    there = [(n, after.vars[k]) for n, k in scope.names.items() if n in wanted and k in after.vars]
    shown = shown_all(after, there, this=False)
    return f"there {_pairs(shown)}" if shown else ""


def _pairs(shown: list[tuple[str, str]]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in shown)


def _point(claim: Claim, frame: Frame) -> str:
    """The values of quantified variables at which a formula is false, where they can be had."""
    if claim.kind in ("decreases", "result"):
        return ""
    m = frame.m
    m.refuel(_POINT_STEPS)
    found: dict[str, str] = {}
    with suppress(Failure, RecursionError):
        _descend(claim.expr, claim.scope, frame, found)
    return f"false at {_pairs(list(found.items()))}" if found else ""


def _descend(e: ast.Expr, scope: Scope, frame: Frame, found: dict[str, str]) -> None:
    """Follow a false formula to what makes it false."""
    match e:
        case ast.Tuple(items=(item,)):
            _descend(item, scope, frame, found)
        case ast.Binary(op="&&", left=left, right=right):
            is_left = truth(compile_expr(left, scope), frame) is False
            _descend(left if is_left else right, scope, frame, found)
        case ast.Binary(op="==>", right=right):
            _descend(right, scope, frame, found)
        case ast.Quantifier(kind="forall", vars=bound):
            inner = scope.bind((v.name, v.type) for v in bound)
            range_ = full_range(bound, e.range)
            formula = e.body if range_ is None else ast.Binary("==>", range_, e.body)
            code = compile_expr(formula, inner)
            if Walk(bound, formula, False, inner).find(frame, lambda at: code(at) is False):
                found.update((v.name, shown_value(frame.vars[inner.names[v.name]], frame.heap)) for v in bound)
                _descend(e.body, inner, frame, found)
