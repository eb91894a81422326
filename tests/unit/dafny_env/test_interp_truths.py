"""Facts that the real verifier proves (tests/integration/test_interp_truths_in_dafny.py) are true for the
interpreter too."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafny_env.interp.trace import Tracer
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse

TRUTHS = parse((Path(__file__).parent / "interp_truths.dfy").read_text())
METHODS = [d for d in TRUTHS.decls if isinstance(d, ast.Callable) and d.kind == "method"]


def asserts(method: ast.Callable) -> list[ast.Assert]:
    assert isinstance(method.body, ast.Block)
    return [s for s in method.body.body if isinstance(s, ast.Assert)]


def test_the_file_is_read_whole() -> None:
    assert TRUTHS.problems == ()
    assert len(METHODS) >= 10


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_every_assertion_is_true(method: ast.Callable) -> None:
    tracer = Tracer(TRUTHS)
    traces = tracer.collect(method, inputs=1, seconds=20)
    assert traces.problem is None
    for statement in asserts(method):
        (state,) = traces.at_assert[statement.span.start]
        text = TRUTHS.text[statement.span.start : statement.span.end]
        assert tracer.evaluate(statement.expr, state) is True, text


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_and_every_negation_false(method: ast.Callable) -> None:
    tracer = Tracer(TRUTHS)
    traces = tracer.collect(method, inputs=1, seconds=20)
    for statement in asserts(method):
        (state,) = traces.at_assert[statement.span.start]
        assert tracer.holds(ast.Unary("!", statement.expr), state) is False
