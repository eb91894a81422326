"""What the texts alone say against a candidate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lean_attacks import HONEST, ORIGINAL, TEXT_ATTACKS, TRUE_ONLY, Attack, filled, lemma

from lean_project.gate.banned import BANNED
from lean_project.gate.text import judge_own_text, judge_text, own_cheats, read


@pytest.mark.parametrize("attack", TEXT_ATTACKS, ids=lambda a: a.name)
def test_attacks_are_rejected_by_name(attack: Attack) -> None:
    found = judge_text(read(attack.original), read(attack.candidate)).objections
    assert {o.rule for o in found} & set(attack.rules), found
    assert all(o.line is not None and o.column is not None for o in found)


@pytest.mark.parametrize("honest", HONEST, ids=lambda a: a.name)
def test_honest_candidates_pass(honest: Attack) -> None:
    assert judge_text(read(honest.original), read(honest.candidate)).objections == ()


def test_no_banned_word_passes_anywhere_in_a_proof() -> None:
    for word, ban in BANNED.items():
        for text in (f"exact {word}", f"first | {word} x | rfl", f"rfl\n{word}", f"(skip; {word})", f"exact {word}%2"):
            found = judge_text(read(ORIGINAL), read(filled("rfl", text))).objections
            assert ban.rule in {o.rule for o in found}, text


def test_a_banned_word_is_no_part_of_a_name() -> None:
    found = judge_text(read(TRUE_ONLY), read(filled("rfl", "exact h.stop x.axiom_1 sorry_free", original=TRUE_ONLY)))
    assert found.objections == ()


def test_the_original_itself_passes_with_everything_left() -> None:
    found = judge_text(read(ORIGINAL), read(ORIGINAL))
    assert found.objections == ()
    assert [(k, n) for k, n, _ in found.left] == [("theorem", "Shop.total_nil"), ("theorem", "Shop.wrong")]
    assert found.filled == frozenset()


def test_what_was_filled_and_added() -> None:
    found = judge_text(
        read(TRUE_ONLY), read(lemma("theorem extra : True := trivial", "rfl", "theorem right", TRUE_ONLY))
    )
    assert found.filled == {"Shop.total_nil", "Shop.right"}
    assert found.added == {"Shop.extra"}
    assert found.left == ()


def test_an_objection_says_where() -> None:
    (found,) = judge_text(read(ORIGINAL), read(filled("rfl", "exact\n    lcProof"))).objections
    assert (found.rule, found.line, found.column) == ("lc-proof", 15, 4)


def test_lemmas_do_not_stand_behind_in() -> None:
    original = "open Nat in\ntheorem t : True := sorry\n"
    candidate = "open Nat in\ntheorem h : True := trivial\ntheorem t : True := trivial\n"
    assert judge_text(read(original), read(candidate)).objections


def test_lemmas_do_not_stand_in_a_mutual_block() -> None:
    original = "mutual\ntheorem t : True := sorry\ntheorem u : True := sorry\nend\n"
    candidate = "mutual\ntheorem t : True := trivial\ntheorem h : True := trivial\ntheorem u : True := trivial\nend\n"
    assert judge_text(read(original), read(candidate)).objections


def test_what_the_original_says_itself_is_not_held_against_a_candidate() -> None:
    original = 'axiom a : 1 = 1\nlocal notation "x" => 1\ninstance : Inhabited Nat := ⟨1⟩\n#check a\n' + TRUE_ONLY
    assert judge_text(read(original), read(filled("rfl", "rfl", original=original))).objections == ()


@given(st.lists(st.sampled_from([*ORIGINAL.split(), "\n", "/-", "-/", '"', "«", "@[", "]", "axiom h : False\n"])))
def test_nothing_raises(parts: list[str]) -> None:
    judge_text(read(ORIGINAL), read(" ".join(parts)))
    judge_text(read(" ".join(parts)), read(ORIGINAL))


@given(st.text(), st.integers(0, len(ORIGINAL)))
def test_text_put_anywhere_is_no_change_only_in_comments_proofs_and_lemmas(text: str, at: int) -> None:
    candidate = ORIGINAL[:at] + text + ORIGINAL[at:]
    found = judge_text(read(ORIGINAL), read(candidate))
    if not found.objections and not found.filled and not found.added:
        assert [t.text for t in read(candidate).tokens] == [t.text for t in read(ORIGINAL).tokens]


def test_what_the_original_runs_is_told_with_its_line() -> None:
    original = read('#eval 1\nelab "e" : tactic => pure ()\n#check Nat\ntheorem t : True := by\n  sorry\n')
    assert own_cheats(original) == ("run: `#eval` in line 1", "elab: `elab` in line 2")


def test_commands_of_a_file_of_its_own_are_named() -> None:
    (found,) = judge_own_text(read("theorem t : True := trivial\n#eval 1\n"))
    assert (found.rule, found.line, "`#eval`" in found.message, "take it out" in found.message) == (
        "hash-command",
        2,
        True,
        True,
    )
