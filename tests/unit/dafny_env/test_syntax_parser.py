"""What the parser makes of programs: precedence, places, and what it does with text it cannot read."""

import sys
from types import FrameType

import pytest

from dafny_env.syntax import ast as A
from dafny_env.syntax.parser import parse, parse_expression
from dafny_env.syntax.printer import show
from dafny_env.syntax.walk import walk


def expression(text: str) -> A.Expr:
    found = parse_expression(text)
    assert isinstance(found, A.Expr), found
    return found


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("a ==> b ==> c", "a ==> (b ==> c)"),
        ("a <== b <== c", "(a <== b) <== c"),
        ("a <==> b ==> c", "a <==> (b ==> c)"),
        ("a && b ==> c || d", "(a && b) ==> (c || d)"),
        ("&& a && b", "a && b"),
        ("a == b && c", "(a == b) && c"),
        ("a + b * c & d", "a + (b * (c & d))"),
        ("a - b - c", "(a - b) - c"),
        ("a << 1 + 2", "a << (1 + 2)"),
        ("-a.b as int", "(-(a.b)) as int"),
        ("!a == b", "(!a) == b"),
        ("forall x :: a ==> b", "forall x :: (a ==> b)"),
        ("a && forall x :: b || c", "a && (forall x :: (b || c))"),
        ("if a then b else c + d", "if a then b else (c + d)"),
        ("x => y => x + y", "x => (y => (x + y))"),
        ("var x := 1; x + y", "var x := 1; (x + y)"),
        ("a in s + t", "a in (s + t)"),
        ("x<-3", "x < (-3)"),
    ],
)
def test_precedence(text: str, grouped: str) -> None:
    assert expression(text) == expression(grouped)


@pytest.mark.parametrize(
    "text", ["a && b || c", "a ==> b <== c", "a b", "", "(", "f(x", "x.", "if a then b", "1 +", "{:a}"]
)
def test_what_is_no_expression_is_a_problem(text: str) -> None:
    assert isinstance(parse_expression(text), A.SyntaxProblem)


def test_a_chain_has_its_operators_in_order() -> None:
    found = expression("0 <= i < j == k")
    assert isinstance(found, A.Chain)
    assert found.ops == ("<=", "<", "==")


def test_angle_brackets_are_type_arguments_only_where_dafny_reads_them_so() -> None:
    assert isinstance(expression("f<int>(x)"), A.Call)
    assert expression("a < b && c > d") == expression("(a < b) && (c > d)")
    call = expression("f(a < b, c > (d))")
    assert isinstance(call, A.Call)
    assert len(call.args) == 1


def test_a_minus_begins_an_argument_of_an_attribute() -> None:
    """As in Dafny 2.3, where `{:axiom-x}` is an axiom."""
    (lemma,) = parse("lemma {:axiom-x} {:fuel -null, 2} L()").decls
    assert isinstance(lemma, A.Callable)
    assert [(a.name, *map(show, a.args)) for a in lemma.attributes] == [("axiom", "-x"), ("fuel", "-null", "2")]


def test_bars_inside_a_cardinality_end_it() -> None:
    assert expression("|a| + |b|") == A.Binary("+", A.Cardinality(A.Name("a")), A.Cardinality(A.Name("b")))


def test_a_method_knows_its_places() -> None:
    text = "ghost method {:a} Foo<T>(x: int)\n  returns (y: int)\n  requires x > 0; ensures y > x\n{ y := x + 1; }"
    program = parse(text)
    (method,) = program.decls
    assert isinstance(method, A.Callable)
    assert text[slice(*method.span)] == text
    assert text[slice(*method.name_span)] == "Foo"
    assert text[: method.header_end].endswith("returns (y: int)")
    assert method.body_span is not None
    assert text[slice(*method.body_span)] == "{ y := x + 1; }"
    assert [text[slice(*c.span)] for c in method.clauses] == ["requires x > 0;", "ensures y > x"]
    assert (method.kind, method.modifiers) == ("method", ("ghost",))


def test_an_anonymous_constructor_has_an_empty_name_behind_its_keyword() -> None:
    (cls,) = parse("class C { constructor (x: int) { } }").decls
    assert isinstance(cls, A.ClassLike)
    (constructor,) = cls.members
    assert isinstance(constructor, A.Callable)
    assert constructor.name == ""
    assert constructor.name_span == A.Span(21, 21)


@pytest.mark.parametrize(
    ("header", "kind", "modifiers"),
    [
        ("function method", "function method", ()),
        ("static ghost predicate", "predicate", ("static", "ghost")),
        ("twostate lemma", "twostate lemma", ()),
        ("greatest predicate", "greatest predicate", ()),
        ("inductive lemma", "inductive lemma", ()),
        ("copredicate", "copredicate", ()),
        ("opaque function", "function", ("opaque",)),
    ],
)
def test_kinds_of_callables(header: str, kind: str, modifiers: tuple[str, ...]) -> None:
    (found,) = parse(f"{header} F(x: int)").decls
    assert isinstance(found, A.Callable)
    assert (found.kind, found.modifiers) == (kind, modifiers)


def test_the_header_of_a_loop_ends_behind_its_guard() -> None:
    text = "method M() { while (i < n) // here\n invariant i <= n { } for j := 0 to n invariant j == j { } }"
    loops = [n for n in walk(parse(text)) if isinstance(n, A.While | A.For)]
    assert [text[n.span.start : n.header_end] for n in loops] == ["while (i < n)", "for j := 0 to n"]


def test_a_bodyless_loop_is_told_from_an_empty_one() -> None:
    loops = [n for n in walk(parse("method M() { while a invariant b while c { } }")) if isinstance(n, A.While)]
    assert [n.body is None for n in loops] == [True, False]


def test_an_assumed_assignment_is_marked() -> None:
    text = "method M() { x :| assume P(x); var y :| assume {:axiom} y > 0; z :- assume F(); w :| Q(w); }"
    statements = [n for n in walk(parse(text)) if isinstance(n, A.Assign | A.VarDecl)]
    assert [s.assumed for s in statements] == [True, True, True, False]


def test_a_calc_keeps_operators_and_hints_beside_its_lines() -> None:
    text = "lemma L() { calc <= { a; { M(); } b; == c; { } { } d; } }"
    (calc,) = (n for n in walk(parse(text)) if isinstance(n, A.Calc))
    assert calc.op == "<="
    assert [show(e) for e in calc.lines] == ["a", "b", "c", "d"]
    assert calc.ops == (None, "==", None)
    assert [len(h) for h in calc.hints] == [1, 0, 2, 0]


def test_cases_without_braces_belong_to_the_innermost_match() -> None:
    (outer,) = (expression(t) for t in ["match x case A => match y case B => 1 case C => 2"])
    assert isinstance(outer, A.MatchExpr)
    assert len(outer.cases) == 1


# ------------------------------------------------------------------------------------------------------- bad text


def test_an_unreadable_statement_loses_only_itself() -> None:
    program = parse("method M() { x := 1; y := := 2; if a { z ++; } w := 3; } method N() { }")
    texts = [n.text for n in walk(program) if isinstance(n, A.UnknownStmt)]
    assert texts == ["y := := 2;", "z ++;"]
    assert len(program.problems) == 2
    assert [d.name for d in program.decls if isinstance(d, A.Callable)] == ["M", "N"]


def test_an_unreadable_clause_loses_only_itself() -> None:
    program = parse("method M(x: int)\n  requires x >\n  ensures x + ;\n{ }\nfunction F(): int { 1 + }\nlemma L() { }")
    assert [type(d).__name__ for d in program.decls] == ["Callable"] * 3
    assert [n.text for n in walk(program) if isinstance(n, A.UnknownExpr)] == ["x >", "x +", "1 +"]
    assert len(program.problems) == 3


def test_an_unreadable_declaration_loses_only_itself() -> None:
    program = parse("method M( { }\nlemma L() ensures true { }\ndatatype D = | |\nclass C { junk junk method N() { } }")
    assert [n.name for n in walk(program) if isinstance(n, A.Callable)] == ["L", "N"]
    assert len(program.problems) == 3


def test_text_that_is_no_token_is_always_a_problem() -> None:
    assert parse("method M() { } $").problems
    assert parse('method M() { } "').problems
    assert parse("method M() { } /* ").problems


@pytest.mark.parametrize("text", ["", "  \n", "// only a comment"])
def test_an_empty_file_is_an_empty_program(text: str) -> None:
    assert parse(text) == A.Program(text, ())


N = 3000


@pytest.mark.parametrize(
    "text",
    [
        "function F(): int { " + "(" * N + "1" + ")" * N + " }",
        "function F(): int { " + "(" * N,
        "function F(): int { 1" + " + 1" * N + " }",
        "function F(): int { a" + ".f" * N + " }",
        "function F(): bool { " + "!" * N + "x }",
        "function F(): bool { a" + " ==> a" * N + " }",
        "function F(): int { " + "if a then b else " * N + "1 }",
        "function F(): int { " + "L(); " * N + "1 }",
        "method M() " + "{" * N,
        "method M() " + "{" * N + "}" * N,
        "method M() { if a { }" + " else if a { }" * N + " }",
        "method M(x: " + "seq<" * N + "int" + ">" * N + ")",
        "module M { " * N,
        "const x: " + "A -> " * N + "B",
        "function F(): int { match x case " + "A(" * N,
    ],
)
def test_deep_nesting_is_a_problem_and_no_exception(text: str) -> None:
    program = parse(text)
    assert program.problems
    list(walk(program))
    hash(program.decls)


def test_deep_nesting_inside_a_deep_caller_is_a_problem_and_no_exception() -> None:
    def call(depth: int) -> A.Program:
        return (
            call(depth - 1)
            if depth
            else parse("method N() { } function F(): int { " + "1 + (" * 70 + "1" + ")" * 70 + " }")
        )

    room = sys.getrecursionlimit() - len_of_stack() - 150
    program = call(room)
    assert isinstance(program.decls[0], A.Callable)
    assert program.problems


def len_of_stack() -> int:
    frame: FrameType | None = sys._getframe()
    count = 0
    while frame is not None:
        count += 1
        frame = frame.f_back
    return count
