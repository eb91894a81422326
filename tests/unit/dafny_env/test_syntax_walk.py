"""Walks, substitution and measures of trees."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syntax_strategies import EXPRESSIONS, LEAVES, NAMES, OPERATORS, TYPES

from dafny_env.syntax import ast as A
from dafny_env.syntax.parser import parse, parse_expression
from dafny_env.syntax.printer import show
from dafny_env.syntax.walk import (
    children,
    complexity,
    conjuncts,
    free_names,
    fresh_name,
    height,
    substitute,
    transform,
    walk,
)


def expression(text: str) -> A.Expr:
    found = parse_expression(text)
    assert isinstance(found, A.Expr), found
    return found


def test_children_come_in_the_order_of_the_source() -> None:
    quantifier = expression("forall x {:trigger f(x)} | P(x) :: Q(x)")
    assert [type(c).__name__ for c in children(quantifier)] == ["BoundVar", "Attribute", "Call", "Call"]


def test_a_walk_sees_parents_first_and_nested_tuples_too() -> None:
    program = parse("method M() { match x { case A => y := 1; case B => if c { z := 2; } } }")
    assert [s.targets[0] for s in walk(program) if isinstance(s, A.Assign)] == [A.Name("y"), A.Name("z")]


def test_height_counts_the_nodes_on_the_longest_way_down() -> None:
    assert height(expression("a")) == 1
    assert height(expression("a + b * c")) == 3


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x + f(y).z", "f x y"),
        ("forall x | x < n :: P(x, m)", "P m n"),
        ("forall x <- s, y | x < y :: b", "b s"),
        ("set x | x in s", "s"),
        ("map k | k in s :: k := f(k)", "f s"),
        ("(x, y) => x + z", "z"),
        ("var x := x; x + y", "x y"),
        ("var x :| x > y; x", "y"),
        ("match x { case Cons(h, t) => h + u case Nil => Nil }", "Nil u x"),
        ("if x :| x > 0 then x else y", "y"),
        ("assert P(x); y", "P x y"),
        ("forall x ensures P(x) { var z := x; L(z, w); } b", "L P b w"),
        ("old(a.Length) as T", "a"),
    ],
)
def test_free_names(text: str, names: str) -> None:
    assert free_names(expression(text)) == frozenset(names.split())


@pytest.mark.parametrize(
    ("text", "values", "result"),
    [
        ("x + y", {"x": "y", "y": "x"}, "y + x"),
        ("x * 2", {"x": "a + b"}, "(a + b) * 2"),
        ("x.x + f(x)", {"x": "y"}, "y.x + f(y)"),
        ("forall x :: x > y", {"x": "a", "y": "b"}, "forall x :: x > b"),
        ("forall i :: i < n", {"n": "i"}, "forall i0 :: i0 < i"),
        ("forall i | i in s :: i < n", {"n": "i + 1", "s": "t"}, "forall i0 | i0 in t :: i0 < i + 1"),
        ("var i := i; i + n", {"n": "i"}, "var i0 := i; i0 + i"),
        ("i => i + n", {"n": "i"}, "i0 => i0 + i"),
        (
            "match n { case Cons(h, t) => h + m case Nil => m }",
            {"m": "t"},
            "match n { case Cons(h, t0) => h + t case Nil => t }",
        ),
        ("match n { case Nil => m }", {"m": "Nil"}, "match n { case Nil => Nil }"),
        ("assert n > 0; n", {"n": "m"}, "assert m > 0; m"),
    ],
)
def test_substitution_is_simultaneous_and_captures_nothing(text: str, values: dict[str, str], result: str) -> None:
    new = substitute(expression(text), {name: expression(value) for name, value in values.items()})
    assert show(new) == result


def test_substitution_shares_what_it_leaves_alone() -> None:
    whole = expression("f(a) + g(x)")
    assert isinstance(whole, A.Binary)
    new = substitute(whole, {"x": A.Name("y")})
    assert isinstance(new, A.Binary)
    assert new.left is whole.left
    assert new.span == A.NOWHERE
    assert substitute(whole, {"q": A.Name("y")}) is whole


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS)
def test_substitution_replaces_exactly_the_free_occurrences(expr: A.Expr) -> None:
    before = free_names(expr)
    after = free_names(substitute(expr, {"a": expression("b + q")}))
    assert after == (before - {"a"} | {"b", "q"} if "a" in before else before)


@settings(max_examples=50, deadline=None)
@given(EXPRESSIONS)
def test_transforming_with_nothing_to_change_returns_the_same_object(expr: A.Expr) -> None:
    assert transform(expr, lambda node: node) is expr


def test_transform_works_from_the_leaves_up() -> None:
    def fold(node: A.Node) -> A.Node:
        if isinstance(node, A.Binary) and isinstance(node.left, A.Literal) and isinstance(node.right, A.Literal):
            assert isinstance(node.left.value, int)
            assert isinstance(node.right.value, int)
            return A.Literal("int", node.left.value + node.right.value)
        return node

    assert show(transform(expression("f(1 + 2 + 3, x + 4)"), fold)) == "f(6, x + 4)"


def test_fresh_names() -> None:
    assert fresh_name("x", ["y"]) == "x"
    assert fresh_name("x", ["x", "x0"]) == "x1"


def test_conjuncts() -> None:
    assert [show(c) for c in conjuncts(expression("a && (b && c) && (d ==> e && f)"))] == [
        "a",
        "b",
        "c",
        "d ==> e && f",
    ]


@pytest.mark.parametrize(
    ("text", "operators"),
    [
        ("x", 0), ("x + 1", 1), ("0 <= i < n", 2), ("forall x: set<int> :: f(x) == -x", 4), ("|s[i..]|", 2),
        ("this.x", 0), ("this.x + x", 1), ("o.x", 1), ("f(x)", 1), ("o.f(x)", 1), ("this.f(x)", 1), ("o.p.f(x, y)", 2),
        ("f<int>(x) as nat", 2), ("forall x {:trigger f(x), g(x)} :: f(x)", 2),
        ("match t { case Cons(h, Nil) => h + 1 case Nil => 0 }", 2), ("s[i := v][0]", 2), ("{a, b} + {1}", 3),
        ("(((x)))", 0), ("if b then x else y", 1), ("x == y == z", 2), ("old(x)", 1),
    ],
)  # fmt: skip
def test_complexity_counts_operator_occurrences(text: str, operators: int) -> None:
    assert complexity(expression(text)) == operators


COUNTED = st.recursive(
    LEAVES.map(lambda leaf: (leaf, 0)),
    lambda inner: st.one_of(
        st.builds(lambda op, a, b: (A.Binary(op, a[0], b[0]), a[1] + b[1] + 1), OPERATORS, inner, inner),
        st.builds(lambda a: (A.Unary("!", a[0]), a[1] + 1), inner),
        st.builds(lambda a: (A.Cardinality(a[0]), a[1] + 1), inner),
        st.builds(lambda f, a, b: (A.Call(A.Name(f), (a[0], b[0])), a[1] + b[1] + 1), NAMES, inner, inner),
        st.builds(
            lambda o, f, a: (A.Call(A.Member(o[0], f), (a[0],)), o[1] + a[1] + 1),
            inner.filter(lambda o: o[0] != A.This()),
            NAMES,
            inner,
        ),
        st.builds(
            lambda n, t, r, b: (A.Quantifier("forall", (A.BoundVar(n, t),), r[0], b[0]), r[1] + b[1] + 1),
            NAMES,
            TYPES,
            inner,
            inner,
        ),
        st.builds(lambda c, a, b: (A.IfExpr(c[0], a[0], b[0]), c[1] + a[1] + b[1] + 1), inner, inner, inner),
        st.builds(lambda a, t: (A.Convert("as", a[0], t), a[1] + 1), inner, TYPES),
        st.builds(lambda a, i: (A.Index(a[0], (i[0],)), a[1] + i[1] + 1), inner, inner),
    ),
    max_leaves=12,
)
"""Expressions with the operators that were put into them."""


@settings(max_examples=150, deadline=None)
@given(COUNTED)
def test_complexity_is_the_operators_that_went_in_as_a_tree_and_as_text(counted: tuple[A.Expr, int]) -> None:
    expr, operators = counted
    assert complexity(expr) == operators
    assert complexity(expression(show(expr))) == operators


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS)
def test_neither_names_nor_literals_nor_types_change_the_complexity(expr: A.Expr) -> None:
    def other(node: A.Node) -> A.Node:
        match node:
            case A.Name(id=name):
                return A.Name(f"{name}_longer", (A.Type("real"),))
            case A.Literal(kind="int"):
                return A.Literal("int", 10**9)
            case A.BoundVar():
                return replace(node, type=A.Type("map", (A.Type("int"), A.Type("int"))))
            case A.Convert():
                return replace(node, type=A.Type("T"))
        return node

    assert complexity(transform(expr, other)) == complexity(expr)


@settings(max_examples=100, deadline=None)
@given(EXPRESSIONS, EXPRESSIONS)
def test_the_complexity_of_a_whole_is_that_of_its_parts_and_one(left: A.Expr, right: A.Expr) -> None:
    assert complexity(A.Binary("+", left, right)) == complexity(left) + complexity(right) + 1
