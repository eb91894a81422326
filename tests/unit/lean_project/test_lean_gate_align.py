"""Which part of a candidate is taken for which proof."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_project.gate.align import align, gaps, holes
from lean_project.gate.text import judge_text, read

BRACKETS = [("(", ")"), ("⟨", "⟩"), ("[", "]"), ("#[", "]")]


def pieces(original: str, candidate: str) -> list[str] | None:
    """The text that stands for each `sorry`, in order."""
    before, after = read(original), read(candidate)
    begins = frozenset(k for k, t in enumerate(after.tokens) if any(c.start == t.start for c in after.commands))
    found = align(
        after.tokens,
        before.tokens,
        holes(before.tokens, before.commands),
        gaps(before.tokens, before.commands),
        frozenset(),
        begins,
    )
    if found.pieces is None:
        return None
    return [" ".join(t.text for t in after.tokens[p.start : p.end]) for p in found.pieces]


@pytest.mark.parametrize(
    ("original", "filled"),
    [
        ("And.intro sorry sorry", ["(by exact a)", "(by exact b)"]),
        ("⟨sorry, sorry⟩", ["(by exact a)", "(by exact ⟨b, c⟩)"]),
        ("f (sorry) (sorry)", ["by exact a", "by exact (b)"]),
        ("f sorry sorry sorry", ["(g (a))", "[b, c]", "(by rfl)"]),
    ],
)
def test_holes_beside_each_other_are_filled_one_by_one(original: str, filled: list[str]) -> None:
    declared = f"theorem t : p := {original}\n"
    candidate = declared
    for proof in filled:
        candidate = candidate.replace("sorry", proof, 1)
    assert pieces(declared, candidate) == [" ".join(t.text for t in read(p).tokens) for p in filled]
    assert judge_text(read(declared), read(candidate)).objections == ()


@pytest.mark.parametrize("fill", [("(a", "b)"), ("a)", "(b"), ("(a", "b]"), ("(a", "b"), ("a", "b)")])
def test_brackets_across_frozen_text_are_told(fill: tuple[str, str]) -> None:
    original = "theorem t : p := f sorry + sorry\n"
    candidate = original.replace("sorry", fill[0], 1).replace("sorry", fill[1], 1)
    assert {o.rule for o in judge_text(read(original), read(candidate)).objections} == {"unbalanced"}


words = st.sampled_from(["a", "b", "f", "h.left", "x", "by", "rfl", "exact", ",", "+", ";"])


@st.composite
def balanced(draw: st.DrawFn, depth: int = 3) -> list[str]:
    """Tokens with their brackets closed."""
    parts: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        if depth > 0 and draw(st.booleans()):
            open_, close = draw(st.sampled_from(BRACKETS))
            parts += [open_, *draw(balanced(depth - 1)), close]
        else:
            parts.append(draw(words))
    return parts


@st.composite
def with_holes(draw: st.DrawFn) -> list[str]:
    """Balanced tokens, some of them holes."""
    parts = draw(balanced())
    return [
        "sorry" if w not in "()[]⟨⟩#[" and draw(st.integers(0, 2)) == 0 else w for w in [*parts, *draw(balanced())]
    ] + ["sorry"]


@given(with_holes(), st.data())
def test_balanced_proofs_are_always_understood_as_such(original: list[str], data: st.DataObject) -> None:
    filled = [data.draw(balanced()) if word == "sorry" else [word] for word in original]
    before = f"theorem t : p := {' '.join(original)}\n"
    after = f"theorem t : p := {' '.join(' '.join(part) for part in filled)}\n"
    assert judge_text(read(before), read(after)).objections == ()
    found = pieces(before, after)
    assert found is not None
    for piece in found:
        assert _depth(piece.split()) == (0, 0)


@given(with_holes(), st.data())
def test_a_bracket_too_many_is_never_accepted(original: list[str], data: st.DataObject) -> None:
    filled = [data.draw(balanced()) if word == "sorry" else [word] for word in original]
    extra = data.draw(st.sampled_from(["(", ")", "⟩", "["]))
    last = filled[-1]
    last.insert(data.draw(st.integers(0, len(last))), extra)
    before = f"theorem t : p := {' '.join(original)}\n"
    after = f"theorem t : p := {' '.join(' '.join(part) for part in filled)}\n"
    assert {o.rule for o in judge_text(read(before), read(after)).objections} & {"unbalanced", "text-changed"}


def _depth(tokens: list[str]) -> tuple[int, int]:
    """How deep it ends, and the least depth on the way."""
    depth = least = 0
    for token in tokens:
        depth += token[-1] in "([⟨"
        depth -= token in ")]⟩"
        least = min(least, depth)
    return depth, least
