"""What an answer writes into the open places of a text whose rest is frozen."""

from __future__ import annotations

import pytest
from answer_scenes import dafny_words, lean_words
from hypothesis import given, settings
from hypothesis import strategies as st

from prover.answers.reading import NotAnEdit
from prover.answers.regions import Range, Regions, apply

MARKS = [(f"// <{name}>", f"// </{name}>") for name in ("helpers", "proofs", "code")]
TASK = """\
// <preamble>
predicate ordered(a: seq<int>) { forall i :: 0 < i < |a| ==> a[i - 1] <= a[i] }
// </preamble>

// <helpers>

// </helpers>

// <proofs>

// </proofs>

// <spec>
method Sort(a: seq<int>) returns (b: seq<int>)
  ensures ordered(b)
  ensures multiset(b) == multiset(a)
// </spec>
// <code>
{
    // Implement it.
}
// </code>
"""
REGIONS = Regions.between(TASK, MARKS, "dafny")
LEMMA = "lemma Trivial() ensures true { }\n"
BODY = "{\n  b := a;\n  Trivial();\n}\n"
SPEC = TASK[TASK.index("method") : TASK.index("// </spec>")]


def fenced(text: str, tag: str = "dafny") -> str:
    return f"Like this:\n```{tag}\n{text}\n```\n"


def done(answer: str, regions: Regions = REGIONS) -> str:
    made = apply(regions, answer)
    assert isinstance(made, str), made
    return made


def test_the_places_between_marks() -> None:
    assert len(REGIONS.editable) == 3
    assert TASK[slice(*REGIONS.editable[2])] == "{\n    // Implement it.\n}\n"
    assert REGIONS.filled([TASK[slice(*place)] for place in REGIONS.editable]) == TASK
    assert Regions.between("none", MARKS, "dafny").editable == ()


@pytest.mark.parametrize("ranges", [(Range(2, 1),), (Range(0, 3), Range(2, 4)), (Range(0, 99),)])
def test_places_must_be_in_order_and_apart(ranges: tuple[Range, ...]) -> None:
    with pytest.raises(ValueError, match="editable"):
        Regions("abcdef", ranges, "lean")


@pytest.mark.parametrize(
    "answer",
    [
        fenced(TASK.replace("\n// </helpers>", f"{LEMMA}// </helpers>").replace("    // Implement it.", BODY[2:-3])),
        fenced(f"{TASK[: TASK.index('// <helpers>')]}{LEMMA}{SPEC}{BODY}"),
        fenced(f"{LEMMA}{SPEC}{BODY}"),
        fenced(f"{TASK[TASK.index('predicate') : TASK.index('// </pre')]}{LEMMA}{SPEC}{BODY}"),
        f"<think>{fenced(BODY)}</think>{fenced(LEMMA + SPEC + BODY)}",
        f"It sorts:\n{LEMMA}{SPEC}{BODY}",
        f"```dafny\n{LEMMA}{SPEC}{BODY}",
    ],
)
def test_what_is_written_goes_to_its_place(answer: str) -> None:
    text = done(answer)
    assert dafny_words(text) == dafny_words(TASK[: TASK.index("// <spec>")] + LEMMA + SPEC + BODY)
    for part in REGIONS.frozen:
        assert part in text


def test_a_body_alone() -> None:
    assert done(fenced(BODY)) == TASK.replace("{\n    // Implement it.\n}\n", BODY)


def test_changes_of_the_file() -> None:
    change = "<<<<<<< SEARCH\n    // Implement it.\n=======\n    b := a;\n>>>>>>> REPLACE\n"
    assert done(change) == TASK.replace("// Implement it.", "b := a;")


def test_a_place_that_ends_a_class_goes_on_ending_it() -> None:
    text = TASK.replace("method Sort", "class C {\nmethod Sort").replace("it.\n}\n", "it.\n}\n}\n")
    regions = Regions.between(text, MARKS, "dafny")
    assert done(fenced(BODY), regions).count("}\n}") == 1
    found = apply(regions, fenced(text.replace("it.\n}\n}\n", "it.\n}\n")))
    assert isinstance(found, NotAnEdit) and found.rule == "unbalanced"


@pytest.mark.parametrize(
    "answer",
    [
        fenced(f"{LEMMA}{SPEC.replace('ordered(b)', 'true')}{BODY}"),
        fenced(TASK.replace("<= a[i]", "!= a[i] + 1").replace("    // Implement it.", "b := a;")),
        fenced(f"{LEMMA}ghost {SPEC}{BODY}"),
        fenced(f"{LEMMA}{SPEC}  requires false\n{BODY}"),
        fenced(f"{LEMMA}module M {{ {SPEC}{BODY} }}"),
        fenced(f"{LEMMA}/* {SPEC}{BODY}"),
        fenced(f"{SPEC}{BODY[:-2]}"),
        f"```dafny\n{SPEC}{BODY[:-3]}",
        fenced("method Other() { }"),
        fenced("x" * 100_001),
        "I do not know.",
        "",
    ],
)
def test_what_does_not_leave_the_frozen_text_as_it_is_is_no_edit(answer: str) -> None:
    found = apply(REGIONS, answer)
    assert isinstance(found, NotAnEdit) and found.reason


LEAN_MARKS = [(f"-- @start {name}", f"-- @end {name}") for name in ("aux", "code", "proof")]
LEAN = """\
-- @start aux
-- @end aux
def twice (n : Nat) : Nat :=
  -- @start code
  sorry
  -- @end code

theorem twice_even (n : Nat) : twice n % 2 = 0 := by
  -- @start proof
  sorry
  -- @end proof
"""


def test_lean_whole_or_from_a_frozen_part_on() -> None:
    regions = Regions.between(LEAN, LEAN_MARKS, "lean")
    text = LEAN.replace("aux\n-- @end", "aux\ndef one := 1\n-- @end").replace("sorry", "n + n", 1)
    text = text.replace("sorry", "unfold twice\n  omega")
    assert lean_words(done(fenced(text, "lean"), regions)) == lean_words(text)
    one = Regions(text, (Range(text.index("  n + n"), text.index("  -- @end code")),), "lean")
    assert lean_words(done(fenced(text.replace("n + n", "2 * n"), "lean"), one)) == lean_words(
        text.replace("n + n", "2 * n")
    )
    assert isinstance(apply(regions, fenced(text.replace("% 2", "% 1"), "lean")), NotAnEdit)


def test_lean_the_only_hole() -> None:
    regions = Regions.between(LEAN, LEAN_MARKS[2:], "lean")
    assert "omega\n" in done(fenced("unfold twice\nomega", "lean"), regions)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_the_answer_the_frozen_text_is_still_there(data: st.DataObject) -> None:
    answer = data.draw(st.sampled_from([fenced(f"{LEMMA}{SPEC}{BODY}"), fenced(TASK), BODY, "```dafny\n{"]))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(answer)))
        new = data.draw(
            st.sampled_from(["}", "{", "/*", '"', "ghost ", "```", "method Sort", "\n", ";"]) | st.text(max_size=3)
        )
        answer = answer[:at] + new + answer[min(len(answer), at + data.draw(st.integers(0, 9))) :]
    made = apply(REGIONS, answer)
    if isinstance(made, NotAnEdit):
        return
    at = 0
    for part in REGIONS.frozen:
        at = made.index(part, at) + len(part)
