"""Commands, declarations, holes, positions and edits."""

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_project.gate.text import judge_text, read
from lean_project.syntax.commands import commands, declarations, imports
from lean_project.syntax.holes import sorries
from lean_project.syntax.source import LineMap, indented
from lean_project.syntax.tokens import Kind, tokenize

TEXT = """import Std.Data.HashMap
import Mathlib

/-- About. -/
@[simp, reducible]
private noncomputable def Foo.f (x : Nat := 3) (h : let y := x; y = x) : Nat := x

namespace A.B
section
theorem t (n : Nat) : n = n := by
  cases n with
  | zero => sorry
  | succ n =>
    have h : n = n := sorry
    exact h
end
lemma u : True
  | _ => trivial
end B
example : True := by sorry
theorem _root_.v : True := trivial
end A
instance : Inhabited Nat where
  default := 0
structure P where
  a : Nat
  deriving Repr
open Nat in
theorem w : True := by
  first | sorry
  · sorry
axiom ax : 1 = 1
"""


def test_imports() -> None:
    assert imports(TEXT) == ("Std.Data.HashMap", "Mathlib")
    assert imports("module\npublic import A\nimport all B.C\ndef import_ := 1") == ("A", "B.C")


def test_names_with_their_namespaces() -> None:
    found = {d.full_name: d.keyword for d in declarations(TEXT)}
    assert found == {
        "Foo.f": "def",
        "A.B.t": "theorem",
        "A.B.u": "lemma",
        "": "instance",
        "v": "theorem",
        "P": "structure",
        "w": "theorem",
        "ax": "axiom",
    }


def test_modifiers_and_values() -> None:
    f = declarations(TEXT)[0]
    assert f.modifiers == ("private", "noncomputable")
    assert f.attributes == "@[ simp , reducible ]"
    assert TEXT[f.value_at :].startswith(":= x\n")
    assert TEXT[f.start :].startswith("/-- About")
    assert [TEXT[d.value_at :][:2] for d in declarations(TEXT) if d.value_at >= 0] == [
        ":=",
        ":=",
        "| ",
        ":=",
        ":=",
        "wh",
        "wh",
        ":=",
    ]


def test_commands_cover_everything_behind_the_header() -> None:
    found = commands(TEXT)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert found[-1].end == len(TEXT.rstrip())


def test_holes() -> None:
    found = sorries(TEXT)
    assert [(h.position, h.declaration.name if h.declaration else None) for h in found] == [
        ("tactic", "t"),
        ("term", "t"),
        ("tactic", ""),
        ("tactic", "w"),
        ("tactic", "w"),
    ]
    assert [TEXT[h.start : h.end] for h in found] == ["sorry"] * 5
    assert (found[0].line, found[0].column, found[0].indentation, found[0].starts_line) == (12, 12, 2, False)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("theorem t : P := sorry", "term"),
        ("theorem t : P := by sorry", "tactic"),
        ("theorem t : P := by\n  -- why\n  sorry", "tactic"),
        ("theorem t : P := by\n  exact sorry", "term"),
        ("theorem t : P := by\n  refine ⟨sorry, sorry⟩", "term"),
        ("theorem t : P := by\n  intro x; sorry", "tactic"),
        ("theorem t : P := fun x => sorry", "term"),
        ("theorem t : P := by\n  exact fun x => sorry", "term"),
        ("theorem t : P := by\n  constructor <;> sorry", "tactic"),
        ("theorem t : P := by\n  have h : Q := by\n    sorry\n  exact h", "tactic"),
        ("theorem t : P :=\n  have h : Q := by simp\n  sorry", "term"),
        ("def f : Nat → Nat\n  | 0 => 1\n  | _ => sorry", "term"),
    ],
)
def test_term_or_tactic(text: str, position: str) -> None:
    assert {h.position for h in sorries(text)} == {position}


def test_a_sorry_in_a_comment_or_string_is_none() -> None:
    assert sorries('-- sorry\n/- sorry -/\n/-- sorry -/ def s := "sorry" ++ «sorry» ++ x.sorry') == ()


def test_positions() -> None:
    text = "a𝔸b\ncd"
    lines = LineMap(text)
    assert lines.position(3) == (2, 0) or lines.position(3) == (1, 3)
    assert lines.offset(2, 99) == len(text)


@given(st.text(alphabet="ab\n𝔸é"))
def test_positions_round(text: str) -> None:
    lines = LineMap(text)
    for offset in range(len(text) + 1):
        assert lines.offset(*lines.position(offset)) == offset


def test_all_lines_but_the_first_are_moved_right() -> None:
    assert indented("a\nb\n\nc", 2) == "a\n  b\n\n  c"


@given(st.lists(st.sampled_from([*TEXT.split(), "\n", "\n  ", "@[", "]", "end", "/-", "-/", '"']), max_size=60))
def test_nothing_raises(parts: list[str]) -> None:
    text = " ".join(parts)
    commands(text)
    sorries(text)
    imports(text)


def _tasks() -> list[Path]:
    root = Path(os.environ.get("LEMMATREE_BENCH") or Path(__file__).parents[3] / ".." / "shared" / "bench")
    return sorted((root / "verina").glob("datasets/verina/*/task.lean"))


def test_reference_proofs_of_the_benchmark_pass_the_gates_look_at_the_texts() -> None:
    tasks = [p for p in _tasks() if not sorries(p.read_text(encoding="utf-8"))]
    if not tasks:
        pytest.skip("the benchmark is not there")
    for path in tasks:
        candidate = path.read_text(encoding="utf-8")
        theorem = next(d for d in declarations(candidate) if d.full_name.endswith("_spec_satisfied"))
        start = candidate.index("by", theorem.value_at)
        lemmas = candidate.index("-- !benchmark @start proof_aux"), candidate.index("-- !benchmark @end proof_aux")
        original = candidate[: lemmas[0]] + candidate[lemmas[1] : start] + "by\n  sorry\n" + candidate[theorem.end :]
        assert judge_text(read(original), read(candidate)).objections == (), path


def test_benchmark_files_are_understood() -> None:
    tasks = _tasks()
    if not tasks:
        pytest.skip("the benchmark is not there")
    for path in tasks:
        text = path.read_text(encoding="utf-8")
        assert all(t.closed and t.kind is not Kind.BAD for t in tokenize(text)), path
        assert all(d.value_at >= 0 or d.keyword == "axiom" for d in declarations(text)), path
        assert all(h.position == "tactic" and h.declaration for h in sorries(text)), path
        assert any(d.full_name.endswith("_spec_satisfied") for d in declarations(text)), path
