"""Decompositions of Lean goals and rewards of proposed texts, with the real Lean."""

from __future__ import annotations

import pytest
from lean_installation import lean_installation
from prover_command import Prover

import prover as api
from prover.bundled import datasets_folder
from prover.rewarding import RewardError
from search.score import score_sizes

pytestmark = pytest.mark.integration
STARTER = datasets_folder() / "starter" / "lean"
BACKWARDS = (STARTER / "backwards_twice" / "task.lean").read_text(encoding="utf-8")
STATEMENT = "theorem backwards_twice (xs : List Nat) : backwards (backwards xs) = xs := by\n"
LEMMA = "theorem l (xs ys : List Nat) : backwards (xs ++ ys) = {} := by\n  sorry\n\n"
PROOF = "  induction xs with\n  | nil => rfl\n  | cons x xs ih => rw [backwards, l, ih]; rfl\n"
GOOD = LEMMA.format("backwards ys ++ backwards xs") + STATEMENT + PROOF
FALSE = LEMMA.format("backwards xs ++ backwards ys") + STATEMENT + "  sorry\n"


def test_decompositions_are_ranked_by_the_score(prover: Prover) -> None:
    file = prover.folder / "task.lean"
    file.write_text(BACKWARDS, encoding="utf-8")
    done = prover.run("decompose", file, "--json", "--checks", "60")
    assert (done.code, done.json["status"], done.json["language"]) == (0, "found", "lean")
    (goal,) = done.json["goals"]
    assert (goal["name"], goal["line"], goal["d"] > 0) == ("backwards_twice", 6, True)
    assert goal["status"] == "decomposed"
    scores = [d["S"] for d in goal["decompositions"]]
    assert scores == sorted(scores, reverse=True)
    for found in goal["decompositions"]:
        sizes = [lemma["d"] for lemma in found["lemmas"]]
        assert found["S"] == pytest.approx(score_sizes(goal["d"], sizes, v=found["v"] == 1).value)
        assert found["v"] == (0 if any(lemma["refuted"] for lemma in found["lemmas"]) else 1)


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [
        ("theorem t (n : Nat) : n * n = n := by\n  sorry\n", 4, "refuted"),
        ("theorem t : 1 + 1 = 2 := by\n  sorry\n", 0, "found"),
        ("theorem t : 1 + 1 = 2 := by\n  rfl\n", 0, "found"),
        ("import Mathlib\ntheorem t : True := sorry\n", 3, "unsupported"),
        ("-- nothing\ntheorem\n", 3, "unsupported"),
    ],
)
def test_goals_that_need_no_decomposition(text: str, code: int, status: str, prover: Prover) -> None:
    if lean_installation().core is None:
        pytest.skip("these are about the bundled core")
    file = prover.folder / "task.lean"
    file.write_text(text, encoding="utf-8")
    done = prover.run("decompose", file, "--json", "--checks", "40")
    assert (done.code, done.json["status"]) == (code, status)


def test_rewards_of_texts_for_a_lean_goal() -> None:
    lean_installation()
    found = api.reward(
        BACKWARDS, "backwards_twice", [GOOD, FALSE, "rfl", "native_decide", STATEMENT.replace("xs = xs", "xs = []")]
    )
    good, false, wrong, banned, changed = found
    assert (good.verdict, good.v, len(good.d_subgoals)) == ("accepted", True, 1)
    assert good.d_goal is not None
    assert good.value == pytest.approx(score_sizes(good.d_goal, good.d_subgoals, v=True).value)
    assert (false.verdict, false.value, false.v) == ("refuted-lemma", 0.0, False)
    assert false.refuted is not None
    assert "xs = [" in false.refuted.witness
    assert (wrong.verdict, wrong.value) == ("rejected", 0.0)
    assert banned.verdict == "rejected"
    assert (changed.verdict, changed.value) == ("invalid", 0.0)


def test_sources_without_rewards_are_told() -> None:
    lean_installation()
    for source, goal, words in (
        (BACKWARDS, "nobody", "it has: backwards, backwards_twice"),
        ("theorem t : True := by\n  trivial\n", "t", "nothing is open"),
        ("what is this?", "t", "neither clearly"),
    ):
        with pytest.raises(RewardError, match=words):
            api.reward(source, goal, ["rfl"])
