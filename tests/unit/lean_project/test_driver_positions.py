"""Edits and columns: applying an edit the way a server does gives the new text."""

from hypothesis import example, given
from hypothesis import strategies as st

from lean_project.driver.positions import Edit, from_utf16, minimal_edit, normalised, to_utf16

TEXTS = st.text(st.sampled_from("ab\n 𝔸é⊢"), max_size=30)


def utf16_offset(text: str, line: int, units: int) -> int:
    """Where a place of the protocol lies in a text, by the definition."""
    lines = text.split("\n")
    before = sum(len(each) + 1 for each in lines[:line])
    return before + len(lines[line].encode("utf-16-le")[: 2 * units].decode("utf-16-le"))


def applied(text: str, edit: Edit) -> str:
    return text[: utf16_offset(text, *edit.start)] + edit.text + text[utf16_offset(text, *edit.end) :]


@given(TEXTS, TEXTS)
@example("aa", "aaa")
@example("aba", "a")
@example("𝔸", "𝔸𝔸")
@example("", "")
def test_an_edit_gives_the_new_text(old: str, new: str) -> None:
    assert applied(old, minimal_edit(old, new)) == new


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_the_common_parts_are_not_sent(start: str, old: str, new: str, end: str) -> None:
    edit = minimal_edit(start + old + end, start + new + end)
    assert applied(start + old + end, edit) == start + new + end
    assert len(edit.text) <= len(new)
    assert utf16_offset(start + old + end, *edit.start) >= len(start)


@given(TEXTS.filter(lambda text: "\n" not in text), st.integers(0, 40))
def test_columns_there_and_back(line: str, column: int) -> None:
    assert from_utf16(line, to_utf16(line, column)) == min(column, len(line))


def test_inside_a_pair_is_at_its_character() -> None:
    assert from_utf16("a𝔸b", 2) == 1
    assert from_utf16("a𝔸b", 99) == 3


def test_normalised() -> None:
    assert normalised("a\r\nb\rc\n") == "a\nb\rc\n"
    assert normalised("\ud800𝔸") == "?𝔸"
