"""Lines stay, places lead back, and text put in changes nothing else: over the project's own tasks."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafny_env.dialect.edits import Conflict, Edits
from dafny_env.dialect.rewrite import Translation, to_v2
from dafny_env.syntax import ast as A
from dafny_env.syntax.ast import Span
from dafny_env.syntax.parser import parse
from dafny_env.syntax.walk import walk

TASKS = Path(__file__).parents[3] / "datasets" / "starter" / "dafny"
FILES = tuple(sorted(TASKS.glob("*/solution.dfy")))
MODERN = tuple(f for f in FILES if "dafny4" in (f.parent / "task.toml").read_text())


@cache
def translated(text: str, compiled: bool = True) -> Translation:
    found = to_v2(text, plain_is_compiled=compiled)
    assert isinstance(found, Translation), found
    return found


# --------------------------------------------------------------------------------------------------------------- edits


def test_inner_constructs_close_first_and_outer_ones_open_first() -> None:
    edits = Edits("ab")
    edits.opening(Span(0, 2), "(")
    edits.opening(Span(0, 1), "[")
    edits.closing(Span(0, 2), ")")
    edits.closing(Span(1, 2), "]")
    assert edits.apply().text == "([ab])"


def test_what_is_taken_out_leaves_its_line_ends() -> None:
    edits = Edits("a /* b\nc */ d\n")
    edits.delete(Span(2, 11))
    assert edits.apply().text == "a \n d\n"


def test_overlapping_edits_are_a_defect() -> None:
    edits = Edits("abc")
    edits.replace(Span(0, 2), "x")
    edits.replace(Span(1, 3), "y")
    with pytest.raises(Conflict):
        edits.apply()


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.text("xy\n", max_size=3)), max_size=4))
def test_every_copied_character_leads_back_to_itself(wanted: list[tuple[int, int, str]]) -> None:
    edits, done = Edits("abcdefghijkl"), 0
    for start, length, text in sorted(wanted):
        if start >= done:
            edits.replace(Span(start, start + length), text)
            done = start + length + 1
    edited = edits.apply()
    for offset, character in enumerate(edited.text):
        if character in "abcdefghijkl":
            assert edited.original[edited.origin(offset)] == character


def test_inserted_text_leads_to_its_anchor() -> None:
    edits = Edits("abc\ndef")
    edits.closing(Span(4, 7), " + more", anchor=1)
    edited = edits.apply()
    assert edited.position(2, 5) == (1, 1)
    assert edited.inserted(2, 5) and not edited.inserted(2, 2)


# --------------------------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.parent.name)
def test_lines_stay(file: Path) -> None:
    text = file.read_text()
    found = translated(text)
    old, new = text.split("\n"), found.text.split("\n")
    assert len(new) == len(old)
    for number, (before, after) in enumerate(zip(old, new, strict=True), 1):
        if before == after:
            assert all(found.origin(number, column) == (number, column) for column in range(len(before)))


@pytest.mark.parametrize("file", [f for f in FILES if f not in MODERN], ids=lambda f: f.parent.name)
def test_files_for_2_3_stay_as_they_are(file: Path) -> None:
    assert translated(file.read_text(), False).text == file.read_text()


@pytest.mark.parametrize("file", MODERN, ids=lambda f: f.parent.name)
def test_translations_stay_as_they_are(file: Path) -> None:
    once = translated(file.read_text()).text
    assert translated(once, False).text == once


def points(text: str) -> list[int]:
    """Offsets in front of statements and behind loops' invariants."""
    found = []
    for node in walk(parse(text)):
        if isinstance(node, A.Block):
            found += [statement.span.start for statement in node.body]
    return found


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_text_put_in_leaves_the_rest_alone(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(MODERN)).read_text()
    at = data.draw(st.sampled_from(points(text)))
    proof = data.draw(st.sampled_from(["assert 1 == 1;", "assert true by { L(); }", "L(x, 1);"])) + " /*here*/ "
    changed = translated(text[:at] + proof + text[at:]).text
    assert changed.count(proof) == 1
    assert changed.replace(proof, "") == translated(text).text
