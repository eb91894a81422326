"""Tokens begin and end where Lean's own do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_project.syntax.tokens import Kind, code, simple_name, tokenize


def words(text: str) -> list[str]:
    return [t.text for t in code(tokenize(text))]


def kinds(text: str) -> list[Kind]:
    return [t.kind for t in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a -- sorry\nb", ["a", "b"]),
        ("a /- x /- y -/ sorry -/ b", ["a", "b"]),
        ("a /-/ sorry -/ b", ["a", "b"]),
        ("/--/ sorry -/ b", ["b"]),
        ("/-- doc -/ b", ["b"]),
        ("/-- doc --/ b", ["b"]),
        ("/-! doc -/ b", ["b"]),
        ("/-- -- -/ sorry -/ still doc\n-/ b", ["b"]),
        ("/-- /- -/ sorry -/ b", ["b"]),
        ('"-- a" b', ['"-- a"', "b"]),
        (r'"\"" b', [r'"\""', "b"]),
        (r'"a\\" b', [r'"a\\"', "b"]),
        ('"a\\\n  b" c', ['"a\\\n  b"', "c"]),
        ('r"\\" b', ['r"\\"', "b"]),
        ('r#"a"b"# c', ['r#"a"b"#', "c"]),
        ("h' x''", ["h'", "x''"]),
        ("f 'a' b", ["f", "'a'", "b"]),
        (r"'\'' b", [r"'\''", "b"]),
        ("'\"' b", ["'\"'", "b"]),
        (r"'\x41' '\u03bb' '\\'", [r"'\x41'", r"'\u03bb'", r"'\\'"]),
        ("f '' s", ["f", "''", "s"]),
        ("f ''\"'\" b", ["f", "''", '"\'"', "b"]),
        ("«a b».c d", ["«a b».c", "d"]),
        ("«sorry» «--» x", ["«sorry»", "«--»", "x"]),
        ("xs.length", ["xs.length"]),
        ("h.1.2", ["h", ".", "1.2"]),
        ("x₁ α β' é", ["x₁", "α", "β'", "é"]),
        ("λx => fun y", ["λ", "x", "=>", "fun", "y"]),
        ("0x1F 0b10 1_000 1.5e-3", ["0x1F", "0b10", "1_000", "1.5e-3"]),
        ("a:=b", ["a", ":=", "b"]),
        ("#eval x", ["#eval", "x"]),
        ("#[1, 2]", ["#", "[", "1", ",", "2", "]"]),
        ("xs[0]! x?", ["xs", "[", "0", "]", "!", "x?"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_interpolation_holds_code() -> None:
    assert words('s!"a {x + 1} b" c') == ['s!"'[:2], '"a {', "x", "+", "1", '} b"', "c"]
    assert words('s!"{f "}"}" c')[-1] == "c"
    assert words('s!"{ {a := 1}.a }" c')[-1] == "c"
    assert words('"{" sorry') == ['"{"', "sorry"]


@pytest.mark.parametrize("text", ["/- a", "/-- a", '"a', 'r#"a"', "/- /- -/", 's!"{a'])
def test_what_does_not_end_says_so(text: str) -> None:
    tokens = tokenize(text)
    assert text.startswith("s!") or not tokens[-1].closed
    assert tokens[-1].end == len(text)


@pytest.mark.parametrize("character", ["\u200b", "\u00a0", "\ufeff", "\u202e", "\u2066", "\x00", "\u3164"])
def test_what_cannot_be_seen_is_bad(character: str) -> None:
    assert Kind.BAD in kinds(f"a {character} b")


def test_names_by_components() -> None:
    assert simple_name("Foo.«a.b».c'") == ("Foo", "a.b", "c'")


@given(st.text(alphabet=st.sampled_from(list("ab.'\"«»/-\\{}#rs! \n:=0x1λ∀₁\u200b()"))))
def test_nothing_raises_and_tokens_tile_the_text(text: str) -> None:
    at = 0
    for token in tokenize(text):
        assert at <= token.start < token.end <= len(text)
        assert not text[at : token.start].strip(" \t\r\n")
        assert text[token.start : token.end] == token.text
        at = token.end
    assert not text[at:].strip(" \t\r\n")
