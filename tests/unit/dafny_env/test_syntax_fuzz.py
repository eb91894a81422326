"""Whatever the text, the parser ends without an exception and its tree is in order."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syntax_checks import SAMPLES, assert_in_order

from dafny_env.syntax import ast as A
from dafny_env.syntax.parser import parse, parse_expression
from dafny_env.syntax.walk import walk

BRACKETS = ["{", "}", "(", ")", "[", "]", "<", ">", "...", '"', "/*"]
WORDS = st.sampled_from([*sorted(set(re.findall(r"\w+|[^\w\s]+", "\n".join(SAMPLES)))), *BRACKETS])
UNKNOWN = A.UnknownDecl | A.UnknownStmt | A.UnknownExpr


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_programs(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SAMPLES))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 30)))
        text = text[:start] + data.draw(st.just("") | WORDS) + text[end:]
    check(text)


@pytest.mark.parametrize("text", SAMPLES, ids=["methods", "types"])
def test_programs_cut_short_anywhere(text: str) -> None:
    for end in range(len(text) + 1):
        check(text[:end])


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_words_in_any_order(text: str) -> None:
    check(text)
    check("method M() { " + text + " }")
    parse_expression(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_characters(text: str) -> None:
    check(text)
    parse_expression(text)


def check(text: str) -> None:
    program = parse(text)
    assert_in_order(program)
    unknown = [n for n in walk(program) if isinstance(n, UNKNOWN)]
    assert bool(program.problems) or not unknown
    for node in unknown:
        assert text[slice(*node.span)] == node.text
    for problem in program.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
