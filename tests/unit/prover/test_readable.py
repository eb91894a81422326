"""Names of lemmas in a finished proof."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from prover.readable import readable

ORIGINAL = "method FastPower(x: int)\n{\n  fastPower_fact3();\n  KeptFact1234();\n}\nlemma KeptFact1234()\n"
FOUND = """\
method FastPower(x: int)
{
  FastPowerFact6763(x, 1);  // FastPowerFact6763' is another
  fastPower_fact3();
  KeptFact1234();
}
lemma KeptFact1234()
lemma FastPowerFact6763(x: int, h: nat) { FastPowerFact72080(x); }
lemma {:induction h} FastPowerFact72080(x: int) { }
lemma OtherFact7208(x: int) { }
"""


def test_lemmas_are_named_for_what_they_serve_and_numbered_where_that_is_taken() -> None:
    assert readable(ORIGINAL, FOUND) == (
        FOUND.replace("FastPowerFact6763(", "fastPower_fact(")
        .replace("FastPowerFact72080", "fastPower_fact2")
        .replace("OtherFact7208", "other_fact")
    )


def test_numbers_that_are_taken_are_left_out() -> None:
    text = ORIGINAL + "".join(f"lemma FastPowerFact{k}()\n" for k in (5001, 5002, 5003))
    assert re.findall(r"lemma (fast\w+)", readable(ORIGINAL, text)) == [
        "fastPower_fact",
        "fastPower_fact2",
        "fastPower_fact4",
    ]


@given(
    st.lists(
        st.sampled_from(["F", "f", "F_fact", "Fact"]).flatmap(
            lambda b: st.sampled_from([f"{b}Fact1234", f"{b}Fact5678", b])
        ),
        max_size=8,
    )
)
def test_different_names_stay_different(words: list[str]) -> None:
    text = "\n".join(f"lemma {word}()" for word in words)
    renamed = readable("", text).split("\n")
    pairs = set(zip(text.split("\n"), renamed, strict=True))
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
    assert readable(text, text) == text
