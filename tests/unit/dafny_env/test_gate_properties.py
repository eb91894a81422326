"""Insertions at random are accepted, and changes of the original's own tokens never are."""

import random
from pathlib import Path

import pytest
from gate_base import BASE
from hypothesis import given, settings
from hypothesis import strategies as st

from dafny_env.gate import compare
from dafny_env.gate.align import Piece, Pieces, align
from dafny_env.gate.objections import Refusal
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import insert
from dafny_env.syntax.tokens import tokenize
from dafny_env.syntax.walk import walk

STARTER = Path(__file__).parents[3] / "datasets" / "starter" / "dafny"
TASKS = sorted(p.parent.name for p in STARTER.glob("*/task.dfy"))
SOURCES = [BASE, *((STARTER / name / "task.dfy").read_text() for name in TASKS)]

STATEMENTS = [
    "assert true;",
    "assert 1 < 2 by { assert 2 < 3; }",
    "ghost var unused1 := 3;",
    "calc { 1; == { assert true; } 1; }",
    "forall unused2: int ensures unused2 == unused2 { }",
    "if 1 < 2 { assert true; } else { ghost var unused3 := 4; unused3 := 5; }",
    "{ assert true; }",
    "label unused4: assert true;",
]
CLAUSES = ["invariant true", "invariant 0 <= 1;", "decreases 1, 2"]
MEMBERS = ["lemma Unused5() { }", "function Unused6(n: int): int { n }", "predicate Unused7() { true }"]


def places(program: ast.Program) -> list[tuple[int, list[str]]]:
    """Offsets where something may be inserted, with what."""
    found: list[tuple[int, list[str]]] = []
    for node in walk(program):
        if isinstance(node, ast.Block):
            found.extend((s.span.start, STATEMENTS) for s in node.body)
            found.append((node.span.end - 1, STATEMENTS))
        elif isinstance(node, ast.While):
            found.append((node.header_end, CLAUSES))
        elif isinstance(node, ast.Callable):
            found.append((node.span.start, MEMBERS))
    return found


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SOURCES), st.data())
def test_insertions_at_random_places_are_accepted(source: str, data: st.DataObject) -> None:
    possible = places(parse(source))
    chosen = data.draw(st.lists(st.sampled_from(possible), min_size=1, max_size=6))
    pieces = [(offset, f" {data.draw(st.sampled_from(texts))}\n") for offset, texts in chosen]
    candidate = insert(source, pieces)
    assert compare(source, candidate) == (), candidate


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(SOURCES), st.randoms(use_true_random=False))
def test_a_token_taken_away_or_changed_is_noticed(source: str, random_: random.Random) -> None:
    token = random_.choice(tokenize(source))
    new = random_.choice(["", "0", "true", "zz", ";", "(", "}", "+"])
    candidate = source[: token.start] + f" {new} " + source[token.end :]
    if [t.text for t in tokenize(candidate)] == [t.text for t in tokenize(source)] or token.text == "assume":
        return
    assert compare(source, candidate)


@pytest.mark.parametrize("name", TASKS)
def test_reference_solutions_of_the_starter_tasks_are_accepted(name: str) -> None:
    folder = STARTER / name
    included = [parse(p.read_text()) for p in folder.glob("*.dfy") if p.stem not in ("task", "solution")]
    assert compare((folder / "task.dfy").read_text(), (folder / "solution.dfy").read_text(), included) == ()


@given(
    st.lists(st.sampled_from("ab"), max_size=12),
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4), st.booleans()), max_size=6),
    st.lists(st.sampled_from("ab"), max_size=12),
)
def test_alignment_agrees_with_trying_every_choice(
    candidate: list[str], ranges: list[tuple[int, int, bool]], original: list[str]
) -> None:
    by_start: dict[int, list[Piece]] = {}
    for start, size, allowed in ranges:
        if start + size <= len(candidate):
            by_start.setdefault(start, []).append(Piece(start + size, None, None if allowed else Refusal("no", "")))

    def every(i: int) -> set[str]:
        if i == len(candidate):
            return {""}
        found = {candidate[i] + rest for rest in every(i + 1)}
        for piece in by_start.get(i, ()):
            if piece.refusal is None:
                found |= every(piece.end)
        return found

    assert align(candidate, original, Pieces(by_start, set())).matched == ("".join(original) in every(0))
