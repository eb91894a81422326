"""The lexer: what a token is, and that any text has tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafny_env.syntax.tokens import decode, encode, tokenize


def kinds(text: str) -> list[tuple[str, str]]:
    return [(t.kind, t.text) for t in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a<==>b==>c<==d", "a <==> b ==> c <== d"),
        ("x:=1;y:|z;w:-f", "x := 1 ; y :| z ; w :- f"),
        ("s[1..2]", "s [ 1 .. 2 ]"),
        ("a!in b", "a !in b"),
        ("!index", "! index"),
        ("a!!b", "a !! b"),
        ("A->B-->C~>D", "A -> B --> C ~> D"),
        ("{:trigger f}", "{: trigger f }"),
        ("seq<seq<int>>", "seq < seq < int > >"),
        ("x::y...z", "x :: y ... z"),
        ("a==#[k]b", "a == # [ k ] b"),
        ("x' 'y", "x' 'y"),
        ("x?'_0 _ ?a", "x?'_0 _ ?a"),
        ("t.0.1", "t . 0.1"),
        ("x ≤ y", "x ≤ y"),
    ],
)
def test_splits_as_dafny_does(text: str, words: str) -> None:
    assert [t.text for t in tokenize(text)] == words.split()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("while", "keyword"),
        ("least", "ident"),
        ("array2", "ident"),
        ("object?", "ident"),
        ("1_000", "int"),
        ("0xFF_a0", "int"),
        ("1_0.50", "real"),
        ("1.5e-3", "real"),
        ("'a'", "char"),
        ("'\"'", "char"),
        ("'\\n'", "char"),
        ("'\\U{1F600}'", "char"),
        ("'é'", "char"),
        ('"a\\"b"', "string"),
        ('@"a\\""b\n"', "string"),
        ("$", "error"),
        ('"open', "error"),
        ("/* open /* */", "error"),
        ("é", "error"),
    ],
)
def test_one_token_of_each_kind(text: str, kind: str) -> None:
    assert kinds(text) == [(kind, text)]


def test_comments_nest_and_are_left_out_unless_asked_for() -> None:
    text = "a /* b /* \u2200 */ c */ d // e\nf"
    assert [t.text for t in tokenize(text)] == ["a", "d", "f"]
    assert [t.text for t in tokenize(text, comments=True) if t.kind == "comment"] == ["/* b /* ∀ */ c */", "// e"]


def test_a_quote_inside_a_comment_and_a_comment_inside_a_string_are_text() -> None:
    assert [t.text for t in tokenize('// "\n"/*" x')] == ['"/*"', "x"]


def test_a_byte_order_mark_is_no_token() -> None:
    assert kinds("\ufeffa") == [("ident", "a")]


@given(st.text(alphabet=st.sampled_from("aZ_?'0_.x\"\\@/*\n\r\t :=|!in<>#{}()∀é\u2028\ufeff$~&-"), max_size=60))
def test_tokens_tile_any_text_but_for_white_space(text: str) -> None:
    position = 0
    for token in tokenize(text, comments=True):
        assert text[position : token.start].strip(" \t\r\n\f\v") in ("", "\ufeff")
        assert text[token.start : token.end] == token.text != ""
        position = token.end
    assert text[position:].strip(" \t\r\n\f\v") in ("", "\ufeff")


@given(st.text(max_size=20))
def test_encoding_a_string_is_undone_by_decoding(value: str) -> None:
    literal = encode(value, '"')
    assert kinds(literal) == [("string", literal)]
    assert decode(literal) == value


@given(st.characters())
def test_encoding_a_character_is_undone_by_decoding(value: str) -> None:
    literal = encode(value, "'")
    assert kinds(literal) == [("char", literal)]
    assert decode(literal) == value
