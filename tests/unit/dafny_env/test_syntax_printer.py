"""Printed expressions read back as they were, with few parentheses."""

import pytest
from hypothesis import given, settings
from syntax_strategies import EXPRESSIONS, TYPES

from dafny_env.syntax import ast as A
from dafny_env.syntax.parser import parse, parse_expression
from dafny_env.syntax.printer import show
from dafny_env.syntax.walk import walk


@settings(max_examples=400, deadline=None)
@given(EXPRESSIONS)
def test_a_printed_expression_reads_back_as_it_was(expr: A.Expr) -> None:
    text = show(expr)
    assert parse_expression(text) == expr, text


@settings(max_examples=100, deadline=None)
@given(TYPES)
def test_a_printed_type_reads_back_as_it_was(type_: A.Type) -> None:
    (field,) = parse(f"const c: {show(type_)} := 3").decls
    assert isinstance(field, A.Field)
    assert field.type == type_


@pytest.mark.parametrize(
    "text",
    [
        "a ==> b ==> c",
        "(a ==> b) ==> c",
        "a && b && c",
        "a && (b && c)",
        "(a && b) || c",
        "a - (b - c)",
        "a - b - c",
        "(a + b) * c",
        "a * b + c",
        "-(a + b).f",
        "(-a).f",
        "!(a == b)",
        "(forall x :: P(x)) && b",
        "b && forall x: int {:trigger f(x)} | 0 <= x < n :: P(x) && Q(x)",
        "|s| - | |t| - 1|",
        "(set x | x in s)",
        "f(x => x + 1, (set x | P(x)), forall y :: Q(y))",
        "if a then b else c + d",
        "(if a then b else c) + d",
        "s[1..|s| - 1][i := 2][3]",
        "match x { case Nil => 0 case Cons(h, t) => 1 + f(t) }",
        "var x := 1; x + 2",
        "(a | b) & c",
        "f(a, (b > (c ==> d)))",
        "old(a[i]) as real <= 1.5",
        "(a as seq<int>) !! b",  # as Dafny 2.3 wants it
        "(a as seq<T>) == b as seq<T>",
        "|a as seq<T>|",
        "x requires (set y | y) => x",
    ],
)
def test_parentheses_only_where_needed(text: str) -> None:
    expr = parse_expression(text)
    assert isinstance(expr, A.Expr)
    printed = show(expr)
    assert printed == (text if not text.startswith("(set") else text[1:-1])


def test_clauses_and_statements_are_printed_on_one_line() -> None:
    text = """method M(x: int)
  requires A: x > 0
  ensures forall y | y in s :: y <
     x
  modifies a, b`f
{ while x < y
    invariant {:a} 0 <= x { x := x + 1; } }"""
    program = parse(text)
    (method,) = program.decls
    assert isinstance(method, A.Callable)
    assert [show(c) for c in method.clauses] == [
        "requires A: x > 0",
        "ensures forall y | y in s :: y < x",
        "modifies a, b`f",
    ]
    (loop,) = (n for n in walk(program) if isinstance(n, A.While))
    assert show(loop) == "while x < y invariant {:a} 0 <= x { x := x + 1; }"
