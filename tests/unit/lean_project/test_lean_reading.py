"""What is read of statements and of files: sizes of statements, declarations and their parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_project.complexity import explicit_size
from lean_project.outline import outline

FILE = """inductive Tree (α : Type) where
  | leaf : Tree α
  | node (left : Tree α) (value : α) (right : Tree α)

structure Pair where
  one : Nat
  two : List Nat

def size : Tree Nat → Nat
  | .leaf => 0
  | .node l _ r => size l + size r + 1

def twice (n : Nat) : Nat := n + n

theorem size_leaf (t : Tree Nat) {n : Nat} (h : size t = n) : n = size t := by
  sorry
"""


@pytest.mark.parametrize(
    ("statement", "size"),
    [
        ("@Eq.{1} Nat (double n) (@HAdd.hAdd.{0, 0, 0} Nat Nat Nat (@instHAdd.{0} Nat instAddNat) n n)", 3),
        ("@Eq.{1} Nat n n", 1),
        ("And (@LE.le.{0} Nat instLENat a b) (Not p)", 3),
        ("∀ (xs : List.{0} Nat), @Eq.{1} (List.{0} Nat) (f xs) xs", 3),
        ("(n : Nat) → @Eq.{1} Nat n (@OfNat.ofNat.{0} Nat 0 (instOfNatNat 0))", 2),
        ("p → q → p", 2),
        ("@Exists.{1} Nat fun (m : Nat) => @LT.lt.{0} Nat instLTNat n m", 2),
        ("False", 1),
        ("", 1),
    ],
)
def test_operators_are_counted_and_types_instances_variables_are_not(statement: str, size: int) -> None:
    assert explicit_size(statement) == size


@given(st.text(alphabet="@().{}, →∀funEqNat:=>123⟨⟩ \n", max_size=80))
def test_whatever_is_printed_has_a_size(statement: str) -> None:
    assert explicit_size(statement) >= 1


def test_an_outline_tells_types_functions_and_lemmas() -> None:
    found = outline(FILE)
    tree, pair = found.inductives
    assert [(c.name, [a.type for a in c.args]) for c in tree.constructors] == [
        ("leaf", []),
        ("node", ["Tree α", "α", "Tree α"]),
    ]
    assert [(a.name, a.type) for a in pair.constructors[0].args] == [("one", "Nat"), ("two", "List Nat")]
    size, twice = found.functions
    assert size.recursive and size.arrows == ("Tree Nat", "Nat")
    assert not twice.recursive and twice.result == "Nat"
    (lemma,) = found.lemmas
    assert [(b.name, b.explicit) for b in lemma.binders] == [("t", True), ("n", False), ("h", True)]
    assert lemma.result == "n = size t"


@given(st.integers(0, len(FILE)), st.integers(0, len(FILE)))
def test_a_file_cut_anywhere_has_an_outline(start: int, end: int) -> None:
    outline(FILE[start:end])
