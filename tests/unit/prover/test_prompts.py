"""Prompts: every family's templates, their order, and what is left out where the window is small."""

from __future__ import annotations

from dataclasses import replace

import pytest
from answer_scenes import dafny_goal, lean_goal, starter_dafny, starter_lean

from dafny_env.attribution import StepDiagnostic as DafnyStepDiagnostic
from dafny_env.driver import types as dafny
from dafny_env.steps import DafnyStep, Insertion
from lean_project.driver import types as lean
from lean_project.environment import StepDiagnostic as LeanStepDiagnostic
from lean_project.steps import LeanStep
from prover.answers.dafny import read_dafny
from prover.answers.lean import read_lean
from prover.prompts.annotate import MOST_CHARACTERS, Remark, annotate
from prover.prompts.build import Built, NoTemplate, TooLong, build
from prover.prompts.templates import families, template_of
from prover.prompts.view import Attempt, PromptView, Purpose
from prover.prompts.views import dafny_attempt, dafny_view, lean_attempt, lean_view
from prover.sampling.port import Prompt


def text_of(prompt: Prompt) -> str:
    return prompt.raw if prompt.raw is not None else "\n".join(f"<{m.role}>{m.content}" for m in prompt.messages)


def count(prompt: Prompt) -> int:
    return len(text_of(prompt))


def built(view: PromptView, purpose: Purpose = Purpose.CLOSE, family: str = "generic", window: int = 0) -> Built:
    made = build(purpose, view, family, count, window or None, 0)
    assert isinstance(made, Built), made
    return made


LEAN = """\
def used (n : Nat) : Nat := n + n

def unused (n : Nat) : Nat := n

open Nat in
theorem other (n : Nat) : unused n = n := rfl

inductive Kind where
  | odd | even

theorem goal (n : Nat) : used n = n + n := by
  sorry
"""
DAFNY = """\
function Used(n: nat): nat { n + n }

// Says nothing of the goal.
function Unused(n: nat): nat { n }

method Goal(n: nat) returns (m: nat)
  ensures m == Used(n)
{
  m := n;
  while m < n + n
  {
    m := m + 1;
  }
}

lemma Behind(n: nat) ensures Unused(n) == n { }
"""
LEAN_GOAL = lean_goal(LEAN, 0, "n", target="used n = n + n")
DAFNY_GOAL = dafny_goal(DAFNY, "Goal")
VIEWS = {
    "lean": lean_view(LEAN_GOAL),
    "dafny": dafny_view(DAFNY_GOAL),
    **{f"lean:{t[0]}": lean_view(t[1]) for t in list(starter_lean())[::6]},
    **{f"dafny:{t[0]}": dafny_view(t[1]) for t in list(starter_dafny())[::20]},
}
OLD, NEW = Attempt("old text", "old failed"), Attempt("new text", "new failed")


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("family", families())
def test_every_family_has_a_prompt_for_every_purpose_or_says_that_it_has_none(
    view: PromptView, purpose: Purpose, family: str
) -> None:
    view = replace(view, lemmas=("a lemma",), notes=("a note",), attempts=(OLD, NEW))
    made = build(purpose, view, family, count, None, 100)
    if isinstance(made, NoTemplate):
        assert family == "bfs" and family in made.reason
        return
    assert isinstance(made, Built) and not made.dropped
    text = text_of(made.prompt)
    assert view.statement in text or (family == "bfs" and view.state in text)
    assert "{{" not in text and "{%" not in text


def test_a_family_without_a_template_takes_the_generic_one_unless_it_is_for_one_thing_alone() -> None:
    found = template_of("deepseek", "lean", Purpose.IMPLEMENT)
    assert found is not None and found[0] == "generic/lean/implement.j2"
    assert template_of("goedel", "dafny", Purpose.CLOSE) == template_of("generic", "dafny", Purpose.CLOSE)
    assert template_of("bfs", "lean", Purpose.CLOSE) is not None
    assert template_of("bfs", "lean", Purpose.DECOMPOSE) is None
    assert template_of("bfs", "dafny", Purpose.CLOSE) is None
    with pytest.raises(KeyError):
        template_of("nobody", "lean", Purpose.CLOSE)


def test_the_marks_that_models_were_trained_on() -> None:
    view = VIEWS["lean"]
    assert text_of(built(view, family="bfs").prompt) == "n : Nat\n⊢ used n = n + n:::"
    assert "Formal Problem:\n```lean4\n" in text_of(built(view, family="goedel").prompt)
    deepseek = built(view, family="deepseek").prompt
    assert [m.role for m in deepseek.messages] == ["user"]
    assert deepseek.messages[0].content.startswith("Complete the following Lean 4 code:\n\n```lean4\n")
    assert not built(view).raw


@pytest.mark.parametrize("language", ["lean", "dafny"])
@pytest.mark.parametrize("family", ["generic", "goedel", "deepseek"])
@pytest.mark.parametrize("purpose", [Purpose.CLOSE, Purpose.DECOMPOSE, Purpose.REPAIR])
def test_prompts_of_one_file_are_the_same_up_to_the_feedback(language: str, family: str, purpose: Purpose) -> None:
    view = VIEWS[language]
    one = text_of(built(replace(view, attempts=(OLD,)), purpose, family).prompt)
    two = text_of(built(replace(view, attempts=(NEW,)), purpose, family).prompt)
    common = next(k for k, (a, b) in enumerate(zip(one, two, strict=False)) if a != b)
    assert one[:common].index(view.statement) > 0
    assert one.index("old text") == two.index("new text") == common


def test_static_text_then_the_file_then_the_goal_then_feedback() -> None:
    view = replace(VIEWS["lean"], attempts=(OLD,), notes=("a note",))
    text = text_of(built(view).prompt)
    places = [text.index(x) for x in ("Prove the goal", "def used", "⊢ used", "a note", "old text")]
    assert places == sorted(places)


# ------------------------------------------------------------------------------------------------------ the window


def test_the_oldest_attempts_go_first_then_the_farthest_declarations() -> None:
    for view, far, near, kept in (
        (VIEWS["lean"], "unused", "Kind", "def used"),
        (VIEWS["dafny"], "Unused", "Behind", "function Used"),
    ):
        view = replace(view, attempts=(OLD, NEW))
        whole = built(view)
        first = built(view, window=whole.tokens - 1)
        assert first.dropped == ("attempt: old failed",) and "new text" in text_of(first.prompt)
        dropped: tuple[str, ...] = first.dropped
        smaller = first
        while True:
            made = build(Purpose.CLOSE, view, "generic", count, smaller.tokens - 1, 0)
            if isinstance(made, TooLong):
                break
            assert isinstance(made, Built) and made.tokens < smaller.tokens
            assert made.dropped[: len(dropped)] == dropped
            dropped, smaller = made.dropped, made
        assert dropped[:2] == ("attempt: old failed", "attempt: new failed")
        assert {far, near} <= {d.removeprefix("declaration ") for d in dropped[2:]}
        least = text_of(smaller.prompt)
        assert kept in least and view.statement in least and f"{far}(" not in least
        assert "left out" in least
        assert "says nothing" not in least.lower()


def test_what_is_left_out_is_said_in_its_place() -> None:
    view = VIEWS["lean"]
    text = view.file({p for p in view.pieces if p.droppable and p.name != "Kind"})
    assert text.startswith("def used (n : Nat) : Nat := n + n\n\n-- ... 2 declarations left out\n\ninductive")
    assert "\n-- ... 1 declaration left out\n\nopen" in view.file({p for p in view.pieces if p.name == "unused"})
    assert view.file() == LEAN.strip()
    assert VIEWS["dafny"].file() == DAFNY.strip()


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_prompt_never_exceeds_the_window(view: PromptView) -> None:
    view = replace(view, attempts=(OLD, NEW))
    whole = built(view).tokens
    for window in range(100, whole + 200, 97):
        made = build(Purpose.DECOMPOSE, view, "generic", count, window, 50)
        if isinstance(made, TooLong):
            assert made.needed > made.room == window - 50
            assert str(made.needed) in made.reason and str(made.room) in made.reason
        else:
            assert isinstance(made, Built) and made.tokens == count(made.prompt) <= window - 50


def test_a_window_smaller_than_the_answer_leaves_no_room() -> None:
    made = build(Purpose.CLOSE, VIEWS["lean"], "generic", count, 10, 100)
    assert isinstance(made, TooLong) and "leaves 0" in made.reason


# ----------------------------------------------------------------------------------------------------------- views


def test_the_marked_place_of_several_is_no_part_of_what_is_read_back() -> None:
    two = LEAN.replace("  sorry\n", "  have h : n = n := by sorry\n  sorry\n")
    goal = lean_goal(two, 1, "n", target="used n = n + n")
    text = lean_view(goal).file()
    assert text.count("this one") == 1 and text.endswith("  sorry /- this one -/")
    answer = f"```lean\n{text.replace('  sorry /- this one -/', '  exact used_def n /- this one -/')}\n```"
    assert read_lean(goal, answer).steps == (LeanStep("exact used_def n"),)


def test_a_fact_is_marked() -> None:
    goal = dafny_goal(DAFNY.replace("  m := n;", "  m := n;\n  assume m <= Used(n);"), "Goal")
    view = dafny_view(goal)
    assert "assume m <= Used(n); /* this one */" in view.file()
    assert (view.state, view.target) == ("assert m <= Used(n);", "m <= Used(n)")
    assert read_dafny(goal, f"```\n{view.shown.replace('assume', 'assert')}\n```").steps


def test_members_around_the_goal_are_pieces_and_what_is_around_them_stays() -> None:
    text = "module M {\n  class C {\n    function Far(): int { 1 }\n    method Goal() ensures 1 < 2 { }\n  }\n}\n"
    view = dafny_view(dafny_goal(text, "M.C.Goal"))
    assert view.file() == text.strip()
    least = view.file({p for p in view.pieces if p.droppable})
    assert least.startswith("module M {\n  class C {") and "Far" not in least and least.endswith("}\n}")


def test_what_fails_as_it_stands_is_told_at_its_place() -> None:
    line = DAFNY[: DAFNY.index("ensures m")].count("\n") + 1
    failing = [dafny.Diagnostic("error", dafny.Rule.POSTCONDITION, "might not hold", dafny.Place(line, 2))]
    assert "ensures m == Used(n)\n  // ERROR: might not hold\n{" in dafny_view(DAFNY_GOAL, failing=failing).state


def test_a_rejected_step_is_shown_with_the_messages_in_it() -> None:
    at = DAFNY.index("  {\n    m := m + 1")
    step = DafnyStep((Insertion(at, "    invariant m <= n\n"),), "lemma Helps() { }")
    line = DAFNY[:at].count("\n") + 1 + 2
    said = dafny.Diagnostic("error", dafny.Rule.OTHER, "invariant fails", dafny.Place(line, 14))
    attempt = dafny_attempt(DAFNY_GOAL, step, [DafnyStepDiagnostic(said, 0, 0, None), "odd"], "failed")
    assert attempt is not None and attempt.text.startswith("lemma Helps() { }\n\nmethod Goal")
    assert "invariant m <= n\n    // ERROR at `m <= n`: invariant fails\n" in attempt.text
    assert "Behind" not in attempt.text and attempt.summary == ""

    wrong = lean.Diagnostic("error", lean.Rule.TACTIC, "omega failed\nno facts", lean.Place(13, 2))
    shown = lean_attempt(LEAN_GOAL, LeanStep("skip\nomega"), [LeanStepDiagnostic(wrong, True, 1, 0)])
    assert shown is not None
    assert shown.text.endswith("  skip\n  omega\n  -- ERROR: omega failed\n  --   no facts")
    unknown = lean_attempt(LEAN_GOAL, LeanStep("omega"), summary="timeout after 5 s")
    assert unknown is not None and unknown.summary == "timeout after 5 s"


def test_messages_are_kept_short_and_inside_of_their_comments() -> None:
    long = annotate(
        "a\nb", [Remark(1, "x" * 5000), Remark(1, "x" * 5000), Remark(99, "end\r\nof\x00it\u2028x")], "lean"
    )
    lines = long.split("\n")
    assert lines[0] == "a" and lines[2] == "b" and len(lines[1]) < MOST_CHARACTERS + 20
    assert all(line in ("a", "b") or line.lstrip().startswith("--") for line in long.splitlines())
    many = annotate("a", [Remark(1, "\n".join(map(str, range(50))))], "dafny")
    assert many.count("\n") < 10 and many.endswith("...")
