"""The parser on real programs of both dialects."""

import pytest
from syntax_checks import assert_in_order, benchmark_programs

from dafny_env.syntax import ast as A
from dafny_env.syntax.parser import parse, parse_expression
from dafny_env.syntax.printer import show
from dafny_env.syntax.walk import walk

PROGRAMS = benchmark_programs()
NO_WHOLE_EXPRESSION = A.Star | A.FrameField | A.BindingGuard

pytestmark = pytest.mark.skipif(not PROGRAMS, reason="the benchmarks' data is not here")


def test_every_program_is_read_whole_with_its_nodes_in_order() -> None:
    for name, text in PROGRAMS:
        program = parse(text)
        assert program.problems == (), name
        assert not [n for n in walk(program) if isinstance(n, A.UnknownDecl | A.UnknownStmt | A.UnknownExpr)], name
        assert_in_order(program)


def test_every_expression_reads_the_same_cut_out_and_printed() -> None:
    for name, text in PROGRAMS[::4]:  # one in four: the test stays within seconds
        for node in walk(parse(text)):
            if isinstance(node, A.Expr) and not isinstance(node, NO_WHOLE_EXPRESSION):
                assert parse_expression(text[slice(*node.span)]) == node, name
                assert parse_expression(show(node)) == node, name


def test_every_statement_list_reads_the_same_printed() -> None:
    for name, text in PROGRAMS:
        for node in walk(parse(text)):
            if isinstance(node, A.Callable) and isinstance(node.body, A.Block):
                (again,) = parse(f"method M() {show(node.body)}").decls
                assert isinstance(again, A.Callable)
                assert again.body == node.body, name


def test_places_of_declarations() -> None:
    for name, text in PROGRAMS:
        for node in walk(parse(text)):
            if isinstance(node, A.Callable):
                assert text[slice(*node.name_span)] == node.name, name
                assert node.name_span.end <= node.header_end <= node.span.end
                assert all(node.header_end <= c.span.start for c in node.clauses)
                if node.body_span is not None:
                    assert text[node.body_span.start] + text[node.body_span.end - 1] == "{}"
