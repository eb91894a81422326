"""Slots of a Lean task: what stands outside of them stays, declarations stand in slots for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_project.gate.slots import Slotted, granted, is_stub, judge_slots, read_slots
from lean_project.gate.text import judge_text, read

TASK = """\
-- !benchmark @start auxcode
-- !benchmark @end auxcode

def size (n : Nat) : Nat := n + 1

def twice (n : Nat) : Nat :=
  -- !benchmark @start code
  sorry
  -- !benchmark @end code

def twice_post (n r : Nat) : Prop :=
  -- !benchmark @start postcond
  r = n + n
  -- !benchmark @end postcond

-- !benchmark @start lemma
-- !benchmark @end lemma

theorem twice_meets (n : Nat) : twice_post n (twice n) := by
  -- !benchmark @start proof
  sorry
  -- !benchmark @end proof
"""


def slotted(text: str = TASK) -> Slotted:
    found = read_slots(text)
    assert isinstance(found, Slotted), found
    return found


def filled(code: str = "  n + n\n", proof: str = "  rfl\n", lemma: str = "", auxcode: str = "") -> str:
    own = slotted()
    texts = {"code": code, "proof": proof, "lemma": lemma, "auxcode": auxcode}
    pieces = [own.frozen[0]]
    for slot, frozen in zip(own.slots, own.frozen[1:], strict=True):
        pieces += (texts[slot.kind], frozen)
    return "".join(pieces)


def rules(candidate: str) -> list[str]:
    """What the gate says of the texts alone."""
    of_slots = [o.rule for o in judge_slots(slotted(), candidate)]
    return of_slots or [o.rule for o in judge_text(read(TASK), read(candidate)).objections]


HONEST = {
    "code and proof": filled(),
    "a lemma": filled(proof="  exact double n\n", lemma="theorem double (n : Nat) : n + n = n + n := rfl\n"),
    "a helper": filled(code="  plus n n\n", auxcode="def plus (a b : Nat) : Nat := a + b\n"),
    "nothing yet": TASK,
}


@pytest.mark.parametrize("candidate", HONEST.values(), ids=HONEST.keys())
def test_honest_texts_pass(candidate: str) -> None:
    assert rules(candidate) == []


ATTACKS = {
    "axiom": ("axiom", filled(lemma="axiom lied (p : Prop) : p\n")),
    "sorry in a lemma": ("sorry", filled(lemma="theorem lied : 1 = 2 := sorry\n")),
    "native_decide": ("native-decide", filled(proof="  native_decide\n")),
    "implemented_by": ("implemented-by", filled(auxcode="@[implemented_by size] def other (n : Nat) : Nat := n\n")),
    "extern": ("extern", filled(auxcode='@[extern "f"] def other (n : Nat) : Nat := n\n')),
    "unsafe": ("unsafe", filled(auxcode="unsafe def other (n : Nat) : Nat := n\n")),
    "partial": ("partial", filled(auxcode="partial def other (n : Nat) : Nat := other n\n")),
    "macro": ("macro", filled(auxcode="macro_rules | `(twice_post $a $b) => `(True)\n")),
    "notation": ("notation", filled(auxcode='notation "twice_post" => fun _ _ => True\n')),
    "instance": ("instance", filled(auxcode="instance : Add Nat := ⟨fun _ _ => 0⟩\n")),
    "opaque": ("opaque", filled(auxcode="opaque other : Nat\n")),
    "set_option": ("set-option", filled(auxcode="set_option debug.skipKernelTC true\n")),
    "false axiom of the compiler": ("lc-proof", filled(proof="  exact lcProof\n")),
    "definition again": ("name-not-fresh", filled(auxcode="def size (n : Nat) : Nat := n\n")),
    "name in use": ("name-not-fresh", filled(auxcode="def twice_post (n r : Nat) : Prop := True\n")),
    "namespace": ("namespace", filled(auxcode="namespace Other\nend Other\n")),
    "open": ("open", filled(auxcode="open Nat\n")),
    "import": ("import", filled(auxcode="import Other\n")),
    "declaration behind the code": ("declaration-not-allowed", filled(code="  n\n\ntheorem lied : 1 = 1 := rfl\n")),
    "declaration behind the proof": ("declaration-not-allowed", filled(proof="  rfl\n\ndef other : Nat := 1\n")),
    "slot closed inside of a slot": (
        "regions-changed",
        filled(code="  n\n  -- !benchmark @end code\n  -- !benchmark @start code\n"),
    ),
    "frozen text in a comment": ("regions-changed", filled(auxcode="/-\n")),
    "postcondition changed": ("frozen-changed", filled().replace("  r = n + n\n", "  True\n")),
    "statement changed": ("frozen-changed", filled().replace("(twice n) := by", "(n + n) := by")),
    "a lemma outside of the slots": (
        "frozen-changed",
        filled().replace("theorem twice_meets", "theorem other : 1 = 1 := rfl\ntheorem twice_meets"),
    ),
    "text behind the end": ("frozen-changed", filled() + "theorem other : 1 = 1 := rfl\n"),
}


@pytest.mark.parametrize(("rule", "candidate"), ATTACKS.values(), ids=ATTACKS.keys())
def test_attacks_are_named(rule: str, candidate: str) -> None:
    assert rule in rules(candidate), rules(candidate)


def test_stubs() -> None:
    assert is_stub("  -- later\n  sorry\n") and is_stub("\n")
    assert not is_stub("  n + sorry\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def x := 1\n", "no slot"),
        ("-- !benchmark @start code\n", "does not end"),
        ("-- !benchmark @end code\n", "did not begin"),
        ("-- !benchmark @start code\n-- !benchmark @start proof\n-- !benchmark @end proof\n", "inside"),
        ("/-\n-- !benchmark @start code\n-/ x\n-- !benchmark @end code\n", "within a comment"),
    ],
)
def test_what_cannot_be_relied_on_has_no_slots(text: str, why: str) -> None:
    found = read_slots(text)
    assert isinstance(found, str) and why in found


def test_what_frozen_text_leaves_open_is_granted_and_what_slots_leave_open_is_not() -> None:
    known = "theorem known (n : Nat) : size n = n + 1 := sorry\n\n"
    assert granted(slotted()) == frozenset()
    assert granted(slotted(known + TASK)) == {"known"}
    assert granted(slotted(TASK.replace("\n-- !benchmark @start lemma", f"\n{known}-- !benchmark @start lemma"))) == {
        "known"
    }


def test_slots_of_specifications_need_not_be_in_order() -> None:
    doubled = TASK.replace("  -- !benchmark @start postcond\n", "  -- !benchmark @start postcond\n" * 2)
    assert [s.kind for s in slotted(doubled).slots] == ["auxcode", "code", "lemma", "proof"]


@given(st.lists(st.sampled_from(["rfl", "\n", "/-", "-/", '"', "theorem t : False", ":= by", "-- ", "end", "axiom"])))
def test_without_objection_the_frozen_text_is_there(pieces: list[str]) -> None:
    candidate = filled(proof="  " + " ".join(pieces) + "\n")
    if not judge_slots(slotted(), candidate):
        assert slotted(candidate).frozen == slotted().frozen
