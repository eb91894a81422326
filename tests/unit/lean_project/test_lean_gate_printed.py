"""What is asked of Lean where compiled modules cannot be read, and how its answers are read."""

from __future__ import annotations

import pytest

from lean_project.gate.named import after_errors, examples_of, in_words, with_names
from lean_project.gate.printed import (
    Asked,
    auxiliary,
    elided,
    objection_to_printing,
    read_axioms,
    restated,
    statements,
)
from lean_project.gate.results import CompileResult, Judgement, Objection
from lean_project.gate.text import read

TEXT = """namespace A
def f : Nat → Nat
  | 0 => 0
  | n + 1 => n
theorem t (n : Nat) : f n = n := sorry
structure S where
  x : Nat
end A
"""


def test_everything_declared_is_asked_for() -> None:
    assert statements(read(TEXT)).commands == (
        ("#check", "@A.f"),
        ("#print", "A.f"),
        ("#check", "@A.t"),
        ("#check", "@A.S"),
        ("#print", "A.S"),
        ("#check", "@A.S.rec"),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("instance : Inhabited Nat := x\n", "`instance` without a plain name"),
        ("instance i : Inhabited Nat := x\n", ""),
        ("private def f := 1\n", "`private`"),
        ("@[implemented_by g] def f := 1\n", "the attribute `implemented_by`"),
        ("@[simp] theorem f : p := h\n", ""),
        ("macro_rules | `(x) => `(y)\n", "`macro_rules`"),
        ("#eval 1\n", "`#eval`"),
        ("initialize x : Nat ← pure 1\n", "`initialize`"),
        ('elab "e" : tactic => pure ()\n', "`elab`"),
        ('syntax "e" : tactic\n', "`syntax`"),
        ("inductive C where | a deriving Repr\n", "`deriving`"),
        ("attribute [simp] f\n", "`attribute`"),
        ("def «odd name» := 1\n", "`def` without a plain name"),
    ],
)
def test_what_cannot_be_asked_for_by_name_is_told(text: str, told: str) -> None:
    assert objection_to_printing(read(text)) == told


def test_answers_belong_to_their_lines() -> None:
    asked = Asked((("#check", "@a"), ("#print", "b")))
    text = asked.text("M").split("\n")
    lines = {name: 1 + text.index(f"{command} {name}") for command, name in asked.commands}
    assert asked.answers([("A", lines["@a"]), ("B", lines["b"])]) == {("#check", "@a"): "A", ("#print", "b"): "B"}
    assert asked.answers([("A", lines["@a"])]) is None


@pytest.mark.parametrize(
    ("printed", "axioms"),
    [
        ("'A.t' depends on axioms: [Classical.choice.{u}, propext]", {"Classical.choice", "propext"}),
        ("'A.t' depends on axioms: [sorryAx.{u},\n my.ax]", {"sorryAx", "my.ax"}),
        ("'A.t' does not depend on any axioms", set()),
        ("'A.u' does not depend on any axioms", None),
        ("nothing at all", None),
        ("", None),
    ],
)
def test_axioms_are_read(printed: str, axioms: set[str] | None) -> None:
    assert read_axioms(printed, "A.t") == axioms


def test_what_lean_made_for_a_declaration_is_asked_for_too() -> None:
    printed = {
        ("#print", "A.f"): "def A.f : Nat → Nat :=\nfun (n : Nat) => A.f.match_1.{1} n A.f._proof_2 Nat.succ x.1"
    }
    asked = auxiliary(read(TEXT), printed)
    assert asked is not None
    assert asked.commands == (("#check", "@A.f.match_1"), ("#print", "A.f.match_1"), ("#check", "@A.f._proof_2"))
    assert auxiliary(read(TEXT), {("#print", "A.f"): "A.f.«odd.name»"}) is None


def test_what_is_cut_short_is_told() -> None:
    assert elided({("#print", "f"): "fun n => ⋯"}) == "f"
    assert elided({("#print", "f"): "fun n✝ => n✝"}) == "f"
    assert elided({("#print", "f"): "fun n => n"}) == ""


def test_statements_are_written_again_with_their_universes() -> None:
    printed = {("#check", "@A.t"): "@A.t.{u_1} : ∀ (n : Nat),\n  f n"}
    assert restated(read(TEXT), printed, None).commands == (
        ("theorem", "lemmatree_restated_0.{u_1} : ∀ (n : Nat), f n := @A.t.{u_1}"),
    )


EXAMPLES = "example : p := h\nnamespace A\n@[simp] private example (x : q) :\n    q := x\nend A\n"


def test_examples_get_names_and_keep_their_lines() -> None:
    text = read(EXAMPLES)
    first, second = examples_of(text)
    assert (first.lines, second.lines, second.private) == ((1, 1), (3, 4), True)
    assert second.full_name == f"A.{second.name}"
    changed = with_names(text, (first, second))
    assert changed is not None
    assert changed.split("\n")[2] == f"@[simp] private theorem {second.name} (x : q) :"
    assert [c.full_name for c in read(changed).commands if c.declares] == [first.name, second.full_name]
    assert with_names(read(EXAMPLES + "example : r := s\n"), (first, second)) is None


def test_what_lean_takes_for_no_theorem_is_a_definition_then() -> None:
    examples = examples_of(read(EXAMPLES))
    chosen = after_errors(examples, CompileResult("error", (("type of theorem is not a proposition", 4, 0),)))
    assert chosen is not None
    assert [e.word for e in chosen] == ["theorem", "def"]
    assert after_errors(examples, CompileResult("error", (("elsewhere", 2, 0),))) is None
    assert after_errors(chosen, CompileResult("error", (("again", 4, 0),))) is None


def test_people_read_of_examples_not_of_names() -> None:
    first, second = examples_of(read(EXAMPLES))
    said = Judgement("rejected", (Objection("sorry-left", f"`{second.full_name}` is not proved"),))
    (told,) = in_words(said, (first, second)).objections
    assert (told.message, told.line) == ("the `example` in line 3 is not proved", 3)
