"""A model's answer to a Lean goal, read as steps."""

from __future__ import annotations

import pytest
from answer_scenes import honest_lean, lean_goal, lean_text, lean_words, one_lean, refusal, starter_lean

from lean_project.steps import LeanGoal, LeanStep
from prover.answers.keys import canonical_key
from prover.answers.lean import read_lean

HEAD = """\
def double (n : Nat) : Nat := n + n

theorem double_zero : double 0 = 0 := rfl

"""
THEOREM = "theorem double_add (a b : Nat) : double (a + b) = double a + double b := by\n"
FILE = f"{HEAD}{THEOREM}  sorry\n"
GOAL = lean_goal(FILE, 0, "a", "b")
BODY = "unfold double\nomega"
PROOF = "  unfold double\n  omega\n"
HELPER = "theorem shuffle (a b : Nat) : a + b + (a + b) = a + a + (b + b) := by\n  omega\n"


def fenced(text: str, tag: str = "lean4") -> str:
    return f"Like this:\n```{tag}\n{text}\n```\nIt checks."


def change(search: str, put: str) -> str:
    return f"<<<<<<< SEARCH\n{search}\n=======\n{put}\n>>>>>>> REPLACE\n"


@pytest.mark.parametrize(
    "answer",
    [
        fenced(HEAD + THEOREM + PROOF),
        fenced(THEOREM + PROOF),
        fenced(THEOREM + PROOF, "lean"),
        fenced(THEOREM.replace("theorem", "lemma") + PROOF, ""),
        f"~~~\n{THEOREM}{PROOF}~~~",
        f"The proof:\n\n{THEOREM}{PROOF}",
        f"```lean\n{THEOREM}{PROOF}",
        f"<think>```lean\n{THEOREM}  simp\n```</think>{fenced(THEOREM + PROOF)}",
        fenced(f"import Mathlib\nimport Aesop\nset_option maxHeartbeats 400000\nopen Nat Real\n\n{THEOREM}{PROOF}"),
        fenced(f"/-- Doubling. -/\n@[simp] {THEOREM}  -- unfold it\n{PROOF}\n#print axioms double_add"),
        fenced(BODY),
        fenced(f"{BODY}\n#print axioms double_add"),
        fenced(PROOF),
        fenced(f"by\n{PROOF}"),
        fenced(f":= by\n{PROOF}"),
        "unfold double\nomega",
        f"Two steps suffice here.\n\n{BODY}",
        fenced("unfold double /- so -/\nomega -- that"),
        change("  sorry", PROOF.rstrip()),
        fenced(change("sorry", "unfold double\n  omega"), ""),
        "```diff\n@@ -5 +5,2 @@\n-  sorry\n+  unfold double\n+  omega\n```",
    ],
)
def test_every_form_of_the_same_proof_is_the_same_step(answer: str) -> None:
    step = one_lean(GOAL, answer)
    assert (step.body, step.helpers) == (BODY, "")
    assert lean_text(GOAL, step) == HEAD + THEOREM + PROOF


@pytest.mark.parametrize("answer", ["omega", " omega\n", "by omega"])
def test_in_completion_formats_all_of_the_answer_is_code(answer: str) -> None:
    assert one_lean(GOAL, answer, raw=True) == LeanStep("omega")


@pytest.mark.parametrize("value", ["fun_of a b", "by exact fun_of a b", "\n  fun_of a b"])
def test_a_term_is_given_by_exact(value: str) -> None:
    for original in (FILE, FILE.replace(":= by\n  sorry", ":= sorry")):
        goal = lean_goal(original)
        assert one_lean(goal, fenced(THEOREM.replace(":= by", f":= {value}"))).body == "exact fun_of a b"


def test_lines_keep_their_places_under_one_another() -> None:
    body = "cases a with\n| zero =>\n  simp\n| succ n =>\n  omega"
    moved = "\n".join(f"    {line}" for line in body.split("\n"))
    assert one_lean(GOAL, fenced(THEOREM + moved)).body == body
    assert one_lean(GOAL, fenced(THEOREM.rstrip() + f" {body}")).body == body
    assert one_lean(GOAL, fenced(moved)).body == body


INNER = """\
theorem both (p q : Prop) (hp : p) (hq : q) : p ∧ q := by
  have first : p := by sorry
  refine ⟨first, ?_⟩
  · sorry
"""


def test_one_of_several_places_and_what_stands_in_the_others_is_theirs() -> None:
    filled = INNER.replace("by sorry", "by\n    assumption").replace("· sorry", "· skip\n    exact hq")
    assert one_lean(lean_goal(INNER, 0), fenced(filled)).body == "assumption"
    assert one_lean(lean_goal(INNER, 1), fenced(filled)).body == "skip\nexact hq"
    half = INNER.replace("· sorry", "· exact hq")
    assert one_lean(lean_goal(INNER, 1), fenced(half)).body == "exact hq"
    assert refusal(read_lean(lean_goal(INNER, 0), fenced(half))).rule == "nothing-new"


def test_a_term_among_others() -> None:
    file = "theorem both (p q : Prop) (hp : p) (hq : q) : p ∧ q := ⟨sorry, hq⟩\n"
    goal = lean_goal(file)
    for given in ("hp", "(by exact hp)", "by exact hp"):
        assert one_lean(goal, fenced(file.replace("sorry", given))).body == "exact hp"


def test_a_mutual_block() -> None:
    file = "mutual\ntheorem a : True := by\n  sorry\ntheorem b : True := by\n  sorry\nend\n"
    assert one_lean(lean_goal(file, 1), fenced(file.replace("sorry", "trivial"))).body == "trivial"


def test_options_and_namespaces_that_are_opened_for_a_tactic_belong_to_it() -> None:
    body = "set_option maxRecDepth 2000 in\nsimp"
    assert one_lean(GOAL, fenced(body)).body == body
    assert refusal(read_lean(GOAL, fenced("open Nat in\nsimp"))).rule == "not-permitted"


def test_an_example_has_no_name() -> None:
    file = "example (n : Nat) : n + 0 = n := by\n  sorry\n"
    goal = lean_goal(file)
    assert one_lean(goal, fenced(file.replace("sorry", "simp"))).body == "simp"
    changed = file.replace("sorry", "simp").replace("(n", "{n", 1).replace(")", "}", 1)
    assert refusal(read_lean(goal, fenced(changed))).rule == "text-changed"


def test_new_lemmas_are_helpers_wherever_they_stand() -> None:
    proof = f"{THEOREM}  exact shuffle a b\n"
    for answer in (
        fenced(f"{HEAD}{HELPER}\n{proof}"),
        fenced(f"{proof}\n{HELPER}"),
        fenced(HELPER) + "and\n" + fenced(proof),
        fenced(f"exact shuffle a b\n\n{HELPER}"),
        fenced(f"{HELPER.replace('theorem', 'lemma')}\n{proof}"),
    ):
        step = one_lean(GOAL, answer)
        assert (step.body, step.helpers) == ("exact shuffle a b", HELPER.rstrip())


def test_what_is_left_open_stays_open() -> None:
    step = one_lean(
        GOAL, fenced(f"{HELPER.replace('omega', 'sorry')}\n{THEOREM}  have h : a = a := by sorry\n  omega\n")
    )
    assert "sorry" in step.helpers and "sorry" in step.body


def test_proofs_of_other_goals_in_the_file_are_theirs() -> None:
    two = FILE.replace(":= rfl", ":= by sorry")
    step = one_lean(lean_goal(two, 1), fenced(HEAD + THEOREM + PROOF))
    assert step == LeanStep(BODY)


def test_a_lemma_whose_name_is_taken_gets_another_one_everywhere() -> None:
    text = HELPER.replace("shuffle", "double_zero") + f"\n{THEOREM}  exact (double_zero a b).trans double_zero.x\n"
    step = one_lean(GOAL, fenced(text))
    assert step.helpers.startswith("theorem double_zero_1 ")
    assert step.body == "exact (double_zero_1 a b).trans double_zero_1.x"
    named = fenced(f"{HELPER}\n{THEOREM}  exact shuffle a b\n")
    assert read_lean(GOAL, named, avoid={"shuffle"}).steps[0].body == "exact shuffle_1 a b"


def test_a_lemma_named_like_a_hypothesis_is_refused() -> None:
    text = f"{HELPER.replace('shuffle', 'a')}\n{THEOREM}  exact a a b\n"
    assert refusal(read_lean(GOAL, fenced(text))).rule == "name-not-fresh"


def test_several_candidates_the_last_one_first_and_each_once() -> None:
    reading = read_lean(GOAL, fenced("simp") + fenced("decide") + fenced(BODY) + fenced(PROOF))
    assert [s.body for s in reading.steps] == [BODY, "simp", "decide"]


def test_an_answer_that_breaks_off() -> None:
    cut = read_lean(GOAL, f"```lean\n{THEOREM}  exact foo (a", cut=True)
    assert refusal(cut).rule == "cut-off" and cut.truncated
    whole = read_lean(GOAL, f"```lean\n{THEOREM}{PROOF}", cut=True)
    assert whole.steps and whole.truncated


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (fenced(THEOREM.replace("double b", "double a") + PROOF), "text-changed"),
        (fenced(THEOREM.replace("(a b : Nat)", "(a b c : Nat)") + PROOF), "text-changed"),
        (fenced(HEAD.replace("n + n", "0") + THEOREM + PROOF), "text-changed"),
        (fenced("axiom cheat : False\n" + THEOREM + "  exact cheat.elim\n"), "declaration"),
        (fenced("instance : Add Nat := ⟨fun _ _ => 0⟩\n" + THEOREM + PROOF), "declaration"),
        (fenced('macro "omega" : tactic => `(tactic| sorry)\n' + THEOREM + PROOF), "declaration"),
        (fenced(THEOREM + "  native_decide\n"), "not-permitted"),
        (fenced(THEOREM + "  exact sorryAx _ false\n"), "not-permitted"),
        (fenced("set_option debug.skipKernelTC true in\nomega"), "not-permitted"),
        (fenced(THEOREM + "  exact (a\n"), "unbalanced"),
        (fenced(THEOREM + "  sorry\n"), "nothing-new"),
        (fenced("sorry"), "nothing-new"),
        (fenced("by"), "nothing-new"),
        (fenced(THEOREM + PROOF + THEOREM + PROOF), "redefinition"),
        (fenced(HELPER + HELPER + THEOREM + PROOF), "redefinition"),
        (fenced(HELPER), "missing"),
        (fenced(change("nowhere", "x")), "patch"),
        ("I could not prove this. It may be false.", "missing"),
        (fenced("x" * 50_001), "too-long"),
    ],
)
def test_what_is_no_edit(answer: str, rule: str) -> None:
    assert refusal(read_lean(GOAL, answer)).rule == rule


def test_steps_are_the_same_whatever_their_comments_and_the_width_of_indentation() -> None:
    first = LeanStep("cases a with\n| zero => simp\n| succ n =>\n  simp\n  omega -- so")
    same = LeanStep("cases a with\n| zero => simp\n\n| succ n =>\n    simp\n    omega\n")
    assert canonical_key(first) == canonical_key(same)
    assert canonical_key(first) != canonical_key(LeanStep(first.body.replace("\n  omega", "\nomega")))
    assert canonical_key(LeanStep("· intro h\n  simp")) != canonical_key(LeanStep("· intro h\n simp"))
    assert canonical_key(LeanStep("a")) != canonical_key(LeanStep("a", "theorem l : True := trivial"))


TASKS = list(starter_lean())


@pytest.mark.parametrize(("goal", "solution", "helpers", "text"), [t[1:] for t in TASKS], ids=[t[0] for t in TASKS])
def test_solutions_of_starter_tasks_are_read_in_every_form(
    goal: LeanGoal, solution: str, helpers: list[str], text: str
) -> None:
    whole = one_lean(goal, fenced(solution))
    assert lean_words(lean_text(goal, whole))[-3:] == lean_words(text)[-3:]
    for answer in (fenced("\n\n".join([*helpers, text])), f"```lean\nimport Mathlib\n{solution}"):
        assert one_lean(goal, answer).body == whole.body
    bare = one_lean(goal, fenced(whole.body))
    assert bare.body == whole.body
    honest_lean(goal, bare)
