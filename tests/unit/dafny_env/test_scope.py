"""Loops with what is in scope at them, what they change, and types as far as a text tells them."""

import pytest

from dafny_env.index import callables
from dafny_env.scope import Loop, TypeTable, assigned_in, loops
from dafny_env.syntax import ast
from dafny_env.syntax.ast import Type
from dafny_env.syntax.parser import parse, parse_expression
from dafny_env.syntax.print_type import show_type

PREAMBLE = """\
type Key = k: nat | k > 0
type Row = seq<Key>
datatype Tree<T> = Leaf | Node(left: Tree<T>, value: T, right: Tree<T>)
datatype Pair = Pair(first: int, second: bool)
class Box { var content: seq<int>; const size: int := 3; ghost var seen: set<int>; }
predicate Ok(x: int) { true }
function Sum(s: seq<int>): nat { 0 }
function Rows(): seq<Row> { [] }
lemma Fact(x: int) { }
method Two() returns (a: bool, b: Row)
"""


def loops_in(
    body: str, header: str = "method M(n: nat, a: array<int>, b: Box, t: Tree<int>) returns (r: Key)"
) -> list[Loop]:
    text = f"{PREAMBLE}{header}\n{{\n{body}\n}}\n"
    program = parse(text)
    assert not program.problems, program.problems
    decl = callables(program)["M"].decl
    return list(loops(text, decl, TypeTable(program)))


def scope_of(loop: Loop) -> dict[str, str]:
    return {v.name: show_type(v.type) if v.type else "?" for v in loop.variables}


BASIC = {"n": "nat", "a": "array<int>", "b": "Box", "t": "Tree<int>", "r": "nat"}
LOOP = "while i < n { i := i + 1; }"


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "{{ {} }}",
        "if n > 3 {{ {} }}",
        "if n > 3 {{ }} else if n > 2 {{ }} else {{ {} }}",
        "if {{ case n > 3 => {} case true => }}",
        "match t {{ case Leaf => {} case Node(x, y, z) => }}",
        "match t case Leaf => case Node(x, y, z) => {}",
        "label here: {}",
        "label here: {{ {} }}",
        "forall k | 0 <= k < 3 {{ {} }}",
        "calc {{ n; {{ {} }} n; }}",
        "assert n >= 0 by {{ {} }}",
        "modify b {{ {} }}",
    ],
)
def test_loops_are_found_wherever_statements_stand(around: str) -> None:
    (loop,) = loops_in("  var i := 0;\n  " + around.format(LOOP))
    assert scope_of(loop).items() >= {**BASIC, "i": "int"}.items()
    assert loop.enclosing == () and loop.assigned == {"i"}


@pytest.mark.parametrize(
    ("around", "variables"),
    [
        ("match t case Leaf => case Node(l, x, s) => {}", {"l": "Tree<int>", "x": "int", "s": "Tree<int>"}),
        ("match t case Leaf => case Node(_, x, Node(y, z, _)) => {}", {"x": "int", "y": "Tree<int>", "z": "int"}),
        ("if k: nat :| k < n {{ {} }}", {"k": "nat"}),
        ("if {{ case k: nat :| k < n => {} }}", {"k": "nat"}),
        ("forall k: Key | k < 3 {{ {} }}", {"k": "nat"}),
        ("var x: Key := 3; {}", {"x": "nat"}),
        ("var x, y := 1, true; {}", {"x": "int", "y": "bool"}),
        ("var x, y := Two(); {}", {"x": "bool", "y": "seq<Key>"}),
        ("var x := new int[3]; {}", {"x": "array<int>"}),
        ("var x := new int[3, 4]; {}", {"x": "array2<int>"}),
        ("var x := new Box; {}", {"x": "Box"}),
        ("var (x, y) := (1, true); {}", {"x": "int", "y": "bool"}),
        ("var Pair(x, y) := Pair(1, true); {}", {"x": "int", "y": "bool"}),
        ("var x :| x > n; {}", {"x": "?"}),
        ("ghost var x := a[..]; {}", {"x": "seq<int>"}),
    ],
)
def test_what_is_declared_around_a_loop_is_in_scope(around: str, variables: dict[str, str]) -> None:
    (loop,) = loops_in(around.format("while n > 3 { }"))
    assert scope_of(loop) == {**BASIC, **variables}


def test_what_is_declared_behind_a_loop_or_in_another_branch_is_not_in_scope() -> None:
    loop, _ = loops_in("if n > 3 { var x := 1; } else { while n > 3 { var z := 1; } }\nvar y := 2; while y > 3 { }")
    assert scope_of(loop) == BASIC


def test_an_inner_declaration_hides_an_outer_one() -> None:
    (loop,) = loops_in("var x := 1; { var x := true; while x { } }")
    assert scope_of(loop)["x"] == "bool"


def test_nested_loops_know_those_around_them_in_source_order() -> None:
    outer, alternatives, inner, behind = loops_in(
        "var i := 0; while i < n { while { case i > 3 => while i > 4 { i := 3; } } }\nwhile i > 9 { }"
    )
    assert [len(x.enclosing) for x in (outer, alternatives, inner, behind)] == [0, 1, 2, 0]
    assert inner.enclosing == (outer.node, alternatives.node)
    assert outer.assigned == {"i"}


def test_for_loops_have_their_counter_in_scope() -> None:
    (loop,) = loops_in("for k: nat := 0 to n { r := k; }")
    assert scope_of(loop) == {**BASIC, "k": "nat"}
    assert loop.assigned == {"k", "r"}
    (loop,) = loops_in("for k := n downto 0 { }")
    assert scope_of(loop)["k"] == "int"


@pytest.mark.parametrize(
    ("body", "assigned", "writes"),
    [
        ("r := 3;", {"r"}, set()),
        ("a[0] := 3;", set(), {"a"}),
        ("b.content := [];", set(), {"b"}),
        ("b.content, r := [], 2;", {"r"}, {"b"}),
        ("content := [];", {"content"}, set()),
        ("this.content := [];", {"content"}, {"this"}),
        ("b.inner.content := [];", set(), {"?"}),
        ("forall k | 0 <= k < 3 { a[k] := 0; }", set(), {"a"}),
        ("r := Sum([1]);", {"r"}, set()),
        ("Fact(3);", set(), set()),
        ("var p := Pair(1, true);", {"p"}, set()),
        ("var p, q := Two();", {"p", "q"}, {"*"}),
        ("Unknown();", set(), {"*"}),
        ("modify b;", set(), {"*"}),
        ("var (p, q) := (1, 2);", {"p", "q"}, set()),
    ],
)
def test_what_a_loop_changes(body: str, assigned: set[str], writes: set[str]) -> None:
    (loop,) = loops_in(f"while n > 3 {{ {body} }}")
    assert (set(loop.assigned), set(loop.writes)) == (assigned, writes)


def test_without_a_table_every_call_may_write() -> None:
    program = parse("method M() { r := Sum(1); }")
    assigned, writes = assigned_in(program)
    assert assigned == {"r"} and writes == {"*"}


def test_clauses_go_behind_the_guard_or_behind_those_that_there_are() -> None:
    head = "method M() {\n    while true\n      invariant 1 < 2\n      decreases 3\n"
    text = head + "    { }\n  while {\n  case true => }\n}\n"
    program = parse(text)
    first, second = loops(text, callables(program)["M"].decl, TypeTable(program))
    assert text[: first.first].endswith("while true") and text[: first.last].endswith("decreases 3")
    assert (first.indent, first.offset) == ("    ", text.index("while true"))
    assert second.first == second.last and text[: second.first].endswith("  while")


def test_functions_and_lemmas_without_bodies_have_no_loops() -> None:
    for text in ("function M(): int { 1 }", "lemma M()", "method M() { }"):
        program = parse(text)
        assert loops(text, callables(program)["M"].decl, TypeTable(program)) == ()


SCOPE: dict[str, Type | None] = {
    "i": Type("int"),
    "x": Type("real"),
    "s": Type("seq", (Type("Key"),)),
    "rows": Type("Row"),
    "m": Type("map", (Type("int"), Type("bool"))),
    "ms": Type("multiset", (Type("int"),)),
    "a": Type("array", (Type("char"),)),
    "a2": Type("array2", (Type("char"),)),
    "text": Type("string"),
    "b": Type("Box"),
    "p": Type("(,)", (Type("int"), Type("bool"))),
    "u": None,
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("3", "int"), ("1.5", "real"), ("true", "bool"), ("'c'", "char"), ('"text"', "seq<char>"),
        ("-i", "int"), ("!u", "bool"), ("i + u", "int"), ("u + i", "int"), ("i / 2 * x", "int"), ("i < u", "bool"),
        ("0 <= i < 3", "bool"), ("forall k :: k > 3", "bool"), ("|s|", "int"), ("old(s)", "seq<Key>"),
        ("if u then u else i", "int"), ("assert i > 3; i", "int"), ("i as real", "real"), ("i as Key", "nat"),
        ("(i, true)", "(int, bool)"), ("p.1", "bool"), ("p.2", None),
        ("a.Length", "int"), ("a2.Length1", "int"), ("x.Floor", "int"), ("u.Cons?", "bool"),
        ("m.Keys", "set<int>"), ("m.Values", "set<bool>"), ("b.content", "seq<int>"), ("b.size", "int"),
        ("Ok(3)", "bool"), ("Sum(s)", "nat"), ("Rows()", "seq<Row>"), ("Rows()[0]", "seq<Key>"),
        ("Pair(1, true)", "Pair"),
        ("Leaf", "Tree"), ("Nope(3)", None), ("u", None), ("fresh(b)", "bool"),
        ("s[0]", "nat"), ("rows[i]", "nat"), ("m[3]", "bool"), ("ms[3]", "int"), ("a[0]", "char"), ("text[0]", "char"),
        ("s[1..]", "seq<Key>"), ("a[..]", "seq<char>"), ("text[1..]", "string"), ("s[0 := 3]", "seq<Key>"),
        ("[i]", "seq<int>"), ("[]", "seq"), ("{i}", "set<int>"), ("multiset{i}", "multiset<int>"),
        ("multiset(s)", "multiset<Key>"), ("map[1 := true]", "map<int, bool>"), ("map[]", "map"),
        ("set k: Key | k < 3", "set<nat>"), ("set k: int | k < 3 :: k > 1", "set<bool>"), ("map k | k < 3 :: 2", "map"),
    ],
)  # fmt: skip
def test_types_of_expressions(expression: str, expected: str | None) -> None:
    expr = parse_expression(expression)
    assert isinstance(expr, ast.Expr), expr
    found = TypeTable(parse(PREAMBLE)).of(expr, SCOPE)
    assert (show_type(found) if found is not None else None) == expected


def test_circular_synonyms_do_not_hang() -> None:
    table = TypeTable(parse("type A = B\ntype B = A\n"))
    assert table.resolve(Type("A")) is not None
    assert table.resolve(None) is None
