"""Offsets against lines and columns, and edits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafny_env.syntax.ast import Span
from dafny_env.syntax.source import Edit, LineMap, apply_edits, insert

TEXTS = st.text(alphabet="ab\n\r", max_size=30)


def test_lines_count_from_one_and_columns_from_zero() -> None:
    lines = LineMap("ab\nc\r\nd")
    assert [lines.position(o) for o in range(8)] == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2), (3, 0), (3, 1)]
    assert lines.lines == 3
    assert lines.line_span(2) == Span(3, 6)


def test_places_outside_the_text_move_to_the_nearest_place() -> None:
    lines = LineMap("ab\nc")
    assert lines.position(-5) == (1, 0)
    assert lines.position(99) == (2, 1)
    assert lines.offset(0, 3) == 0
    assert lines.offset(9) == 4
    assert lines.offset(1, 99) == 2


def test_columns_in_bytes_are_converted() -> None:
    lines = LineMap("a\n/* éé∀ */ x")
    assert [lines.offset_of_bytes(2, column) for column in (0, 3, 5, 7, 10, 14, 99)] == [2, 5, 6, 7, 8, 12, 13]
    assert LineMap("ab").offset_of_bytes(1, 1) == 1


@given(TEXTS)
def test_offset_and_position_are_inverse(text: str) -> None:
    lines = LineMap(text)
    for offset in range(len(text) + 1):
        position = lines.position(offset)
        if text[offset - 1 : offset + 1] != "\r\n":
            assert lines.offset(*position) == offset


@given(TEXTS)
def test_line_spans_tile_the_text(text: str) -> None:
    lines = LineMap(text)
    spans = [lines.line_span(n) for n in range(1, lines.lines + 1)]
    assert "".join(text[s.start : s.end] for s in spans) == text


def test_insertions_at_one_place_keep_their_order_and_come_before_a_replacement() -> None:
    assert insert("abc", [(1, "x"), (0, "y"), (1, "z"), (3, "w")]) == "yaxzbcw"
    assert apply_edits("abc", [Edit(1, 2, "B"), Edit(1, 1, "+")]) == "a+Bc"


@pytest.mark.parametrize(
    "edits", [[Edit(0, 2, ""), Edit(1, 3, "")], [Edit(2, 1, "")], [Edit(0, 9, "")], [Edit(-1, 0, "")]]
)
def test_overlapping_or_outside_edits_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="edit"):
        apply_edits("abc", edits)
