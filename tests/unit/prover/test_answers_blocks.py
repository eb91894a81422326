"""Blocks of code in a model's text, and changes told as search and replace or as a diff."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.answers.blocks import Block, find_blocks, without_reasoning
from prover.answers.patches import is_patch, patched, read_patches
from prover.answers.reading import NotAnEdit


def texts(answer: str, *, cut: bool = False) -> list[str]:
    return [b.text for b in find_blocks(answer, cut=cut).blocks]


@pytest.mark.parametrize("fence", ["```", "````", "~~~", "~~~~~"])
@pytest.mark.parametrize("tag", ["", "lean", "lean4", " Dafny", "lean4 title=x", "{.lean}"])
def test_a_fenced_block_among_prose(fence: str, tag: str) -> None:
    assert texts(f"Here it is:\n\n{fence}{tag}\na\n  b\n{fence}\nDone.") == ["a\n  b"]


def test_the_tag_is_told_in_lower_case() -> None:
    assert find_blocks("```Lean4\nx\n```").blocks == (Block("x", "lean4"),)


def test_the_last_complete_block_comes_first_and_the_others_keep_their_order() -> None:
    answer = "".join(f"```\n{name}\n```\n" for name in "abc")
    assert texts(answer) == ["c", "a", "b"]
    assert [b.text for b in find_blocks(answer).in_order] == ["a", "b", "c"]


def test_a_block_that_breaks_off_comes_last() -> None:
    found = find_blocks("```\na\n```\n```lean\nb", cut=True)
    assert [(b.text, b.closed) for b in found.blocks] == [("a", True), ("b", False)]
    assert found.truncated


def test_a_closing_fence_may_be_longer_but_not_another_one() -> None:
    assert texts("```\na\n~~~\nb\n`````\n") == ["a\n~~~\nb"]


def test_a_new_opening_fence_ends_a_block_whose_own_was_forgotten() -> None:
    assert texts("```lean\na\n```lean\nb\n```\n") == ["b", "a"]


def test_blocks_in_a_block_of_markdown() -> None:
    assert texts("````markdown\nSo:\n```lean\na\n```\n````") == ["a"]


def test_the_indentation_of_a_fence_in_a_list_is_taken_off() -> None:
    assert texts("1. this\n   ```lean\n   a\n     b\n   ```\n") == ["a\n  b"]


def test_without_a_fence_all_of_it_is_one_block() -> None:
    assert find_blocks("intro h\nexact h").blocks == (Block("intro h\nexact h", fenced=False),)
    assert find_blocks("  \n").blocks == ()


@pytest.mark.parametrize(
    "answer",
    [
        "<think>first ```lean\nno\n``` or</think>\nyes",
        "first ```lean\nno\n``` or</think>yes",
        "<think>a</think>b<think>c</think>yes",
        "<thinking>a</thinking>\nyes",
        "[THINK]a[/THINK]yes",
        "<|channel|>analysis<|message|>no<|end|><|start|>assistant<|channel|>final<|message|>yes<|return|>",
        "yes<|im_end|>",
        "yes<｜end▁of▁sentence｜>",
    ],
)
def test_what_was_thought_aloud_is_no_answer(answer: str) -> None:
    assert without_reasoning(answer)[0].strip() == "yes"
    assert texts(answer)[0].strip() == "yes"


@pytest.mark.parametrize("answer", ["<think>and so\n```lean\nx\n```", "<|channel|>analysis<|message|>hm\n```\nx\n```"])
def test_an_answer_that_breaks_off_in_its_reasoning_has_no_blocks(answer: str) -> None:
    found = find_blocks(answer)
    assert found.blocks == () and found.truncated


def test_the_mark_of_the_goal_is_no_part_of_the_code() -> None:
    assert texts("```\nsorry /- this one -/\nassume P; /* this one */\n```") == ["sorry\nassume P;"]


@given(st.text(st.sampled_from("`~ab\n <>|/think")))
def test_any_text_has_blocks(answer: str) -> None:
    found = find_blocks(answer)
    assert sorted(b.text for b in found.blocks) == sorted(b.text for b in found.in_order)


# ------------------------------------------------------------------------------------------------------------- changes

FILE = "one\n  two\n  three\nfour\nthree\n"


def change(search: str, put: str) -> str:
    return f"<<<<<<< SEARCH\n{search}\n=======\n{put}\n>>>>>>> REPLACE\n"


def made(text: str, tag: str = "") -> str:
    assert is_patch(text, tag)
    patches = read_patches(text)
    assert not isinstance(patches, NotAnEdit), patches
    result = patched(FILE, patches)
    assert not isinstance(result, NotAnEdit), result
    return result


def why(text: str, tag: str = "") -> NotAnEdit:
    patches = read_patches(text)
    found = patches if isinstance(patches, NotAnEdit) else patched(FILE, patches)
    assert isinstance(found, NotAnEdit)
    return found


def test_search_and_replace() -> None:
    assert made(change("  two", "  two\n  more")) == FILE.replace("two", "two\n  more")
    assert made(change("one", "1") + "then\n" + change("four", "4")) == "1\n  two\n  three\n4\nthree\n"


def test_white_space_around_lines_may_differ_and_what_is_put_is_moved_along() -> None:
    assert made(change("two\n three", "two\n  deep\nthree")) == FILE.replace("two\n", "two\n    deep\n")


def test_a_line_that_stands_twice_needs_more_around_it() -> None:
    assert "2 times" in why(change("three", "3")).reason
    assert made(change("four\nthree", "four\n3")) == "one\n  two\n  three\nfour\n3\n"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (change("nowhere", "x"), "patch"),
        (change("", "x"), "patch"),
        ("<<<<<<< SEARCH\none\n=======\n1\n", "cut-off"),
        ("<<<<<<< SEARCH\n" + change("one", "1"), "patch"),
        ("@@ -1 +1 @@\n+new\n", "patch"),
        (change("one", "one") * 65, "too-long"),
    ],
)
def test_why_changes_cannot_be_made(text: str, rule: str) -> None:
    assert why(text).rule == rule


def test_a_unified_diff_whatever_its_line_numbers() -> None:
    diff = "--- a/x\n+++ b/x\n@@ -90,2 +90,3 @@\n one\n-  two\n+  2\n+  2.5\n   three\n@@ -99 +99 @@\n-four\n+4\n"
    assert made(diff, "diff") == "one\n  2\n  2.5\n  three\n4\nthree\n"


def test_a_comment_of_lean_is_no_header_of_a_diff() -> None:
    patches = read_patches("@@ @@\n--- gone\n+kept\n")
    assert not isinstance(patches, NotAnEdit) and patches[0].search == ("-- gone",)


@given(st.text(st.sampled_from("<=>-+@ SEARCHREPLACE\nab")))
def test_any_text_is_read_as_changes_or_refused(text: str) -> None:
    patches = read_patches(text)
    if not isinstance(patches, NotAnEdit):
        patched(FILE, patches)
