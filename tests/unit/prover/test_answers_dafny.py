"""A model's answer to a Dafny goal, read as steps."""

from __future__ import annotations

import pytest
from answer_scenes import dafny_goal, dafny_text, dafny_words, honest_dafny, one_dafny, refusal, starter_dafny

from dafny_env.steps import DafnyGoal, DafnyStep, Insertion
from prover.answers.dafny import read_dafny
from prover.answers.keys import canonical_key

SUM = "function Sum(n: nat): nat\n{\n  if n == 0 then 0 else n + Sum(n - 1)\n}\n"
TOTAL = """\
method Total(n: nat) returns (s: nat)
  ensures s == Sum(n)
{
  s := 0;
  var i := 0;
  while i < n
  {
    i := i + 1;
    s := s + i;
  }
}
"""
GROWS = "lemma SumGrows(n: nat)\n  ensures Sum(n) >= n\n"
FILE = f"{SUM}\n{GROWS}\n{TOTAL}"
CLAUSES = "    invariant i <= n\n    invariant s == Sum(i)\n"
SOLVED = TOTAL.replace("  while i < n\n", f"  while i < n\n{CLAUSES}")
DONE = FILE.replace("  while i < n\n", f"  while i < n\n{CLAUSES}")
METHOD = dafny_goal(FILE, "Total")
LEMMA = dafny_goal(FILE, "SumGrows")
FACT = dafny_goal(FILE.replace("  s := 0;", "  s := 0;\n  assume s == Sum(0);"), "Total")
STEP = "lemma Step(i: nat)\n  ensures Sum(i + 1) == Sum(i) + i + 1\n"


def fenced(text: str, tag: str = "dafny") -> str:
    return f"Like this:\n```{tag}\n{text}\n```\nIt verifies."


def change(search: str, put: str) -> str:
    return f"<<<<<<< SEARCH\n{search}\n=======\n{put}\n>>>>>>> REPLACE\n"


@pytest.mark.parametrize(
    "answer",
    [
        fenced(SOLVED),
        fenced(DONE),
        fenced(SOLVED, "Dafny"),
        fenced(SOLVED, ""),
        f"~~~\n{SOLVED}~~~",
        f"So:\n\n{SOLVED}",
        f"<think>maybe\n```dafny\n{TOTAL}```\n</think>\n{fenced(SOLVED)}",
        f"```dafny\n{SOLVED}",
        fenced(CLAUSES),
        f"These invariants do it:\n{CLAUSES}",
        fenced(f"while i < n\n{CLAUSES}"),
        fenced(f"while i < n\n{CLAUSES}{{\n i := i + 1;\n s := s + i;\n}}"),
        fenced(SOLVED[SOLVED.index("{") :]),
        change("  while i < n\n  {", f"  while i < n\n{CLAUSES}  {{"),
        fenced(change("while i < n", f"while i < n\n{CLAUSES}"), ""),
        "```diff\n@@ -1 +1 @@\n   while i < n\n+    invariant i <= n\n+    invariant s == Sum(i)\n   {\n```",
        fenced(SOLVED.replace("  s := 0;", "  s := 0; // 初期値 √\n  /* now\n the loop */")),
    ],
)
def test_every_form_of_the_same_edit_is_the_same_step(answer: str) -> None:
    step = one_dafny(METHOD, answer)
    assert dafny_words(dafny_text(METHOD, step)) == dafny_words(DONE)
    assert canonical_key(step) == canonical_key(one_dafny(METHOD, fenced(SOLVED)))


def test_in_completion_formats_all_of_the_answer_is_code() -> None:
    assert dafny_text(METHOD, one_dafny(METHOD, CLAUSES, raw=True)) == DONE
    assert refusal(read_dafny(METHOD, "I think", raw=True)).rule in ("unreadable", "missing")


@pytest.mark.parametrize(
    "answer", [fenced(f"{GROWS}{{\n}}\n"), fenced("{\n}"), fenced("assert Sum(0) == 0;"), "assert Sum(0) == 0;"]
)
def test_a_lemma_gets_its_body(answer: str) -> None:
    assert dafny_words(dafny_text(LEMMA, one_dafny(LEMMA, answer)))[:2] == ["function", "Sum"]


@pytest.mark.parametrize(
    "answer",
    [
        fenced("assert Sum(0) == 0;"),
        fenced("assert s == Sum(0) by { assert Sum(0) == 0; }"),
        fenced(FACT.base.replace("assume s == Sum(0);", "assert s == Sum(0) by { assert Sum(0) == 0; }")),
    ],
)
def test_a_fact_gets_its_proof(answer: str) -> None:
    text = dafny_text(FACT, one_dafny(FACT, answer))
    assert "assert s == Sum(0) by { assert Sum(0) == 0; }" in text and "assume" not in text


def test_a_fact_that_is_only_asserted_has_an_empty_proof() -> None:
    text = FACT.base.replace("assume", "assert")
    assert dafny_text(FACT, one_dafny(FACT, fenced(text))) == text
    assert refusal(read_dafny(FACT, fenced(FACT.base))).rule == "nothing-new"


def test_what_else_is_new_around_a_fact_is_refused() -> None:
    text = FACT.base.replace("assume s == Sum(0);", "assert s == Sum(0) by { }").replace(
        "while i < n", "while i < n\n    invariant i <= n"
    )
    assert refusal(read_dafny(FACT, fenced(text))).rule == "misplaced"


def test_lemmas_in_blocks_of_their_own_come_along_where_they_are_used() -> None:
    other = "lemma Other() ensures 1 < 2 { }\n"
    text = SOLVED.replace("    i := i + 1;", "    Step(i); i := i + 1;")
    uses = STEP + "{ More(i); }\n"
    more = "lemma More(i: nat) ensures true { }\n"
    reading = read_dafny(METHOD, "".join(map(fenced, (other, uses, more, text))))
    assert len(reading.steps) == 1 and not reading.refused
    helpers = reading.steps[0].helpers
    assert "Step" in helpers and "More" in helpers and "Other" not in helpers
    honest_dafny(METHOD, reading.steps[0])


def test_lemmas_alone_are_no_step() -> None:
    assert refusal(read_dafny(METHOD, fenced(STEP))).rule == "missing"


def test_several_candidates_the_last_one_first_and_each_once() -> None:
    first = SOLVED.replace("invariant i <= n", "invariant i < n")
    reading = read_dafny(METHOD, fenced(first) + fenced(SOLVED) + fenced(SOLVED.replace("    ", "\t")))
    assert [("i < n" in s.insertions[0].text) for s in reading.steps] == [False, True]


def test_an_answer_that_breaks_off() -> None:
    cut = read_dafny(METHOD, f"```dafny\n{SOLVED[:-30]}", cut=True)
    assert refusal(cut).rule == "cut-off" and cut.truncated
    whole = read_dafny(METHOD, f"```dafny\n{SOLVED}\n", cut=True)
    assert whole.steps and whole.truncated
    before = read_dafny(METHOD, f"{fenced(SOLVED)}```dafny\n{SOLVED[:-30]}", cut=True)
    assert len(before.steps) == 1 and before.truncated


def test_a_lemma_whose_name_is_taken_gets_another_one_everywhere() -> None:
    for name in ("i", "SumGrows"):
        helper = (
            STEP.replace("Step", name).replace("i: nat", "k: nat").replace("i + 1)", "k + 1)").replace("(i)", "(k)")
        )
        text = helper + SOLVED.replace("    i := i + 1;", f"    {name}(i); i := i + 1;")
        step = one_dafny(METHOD, fenced(text.replace("i + 1\n", "k + 1\n", 1)))
        assert f"lemma {name}_1(" in step.helpers
        assert any(f"{name}_1(i);" in i.text for i in step.insertions)


def test_names_to_be_avoided() -> None:
    text = STEP + SOLVED.replace("    i := i + 1;", "    Step(i); i := i + 1;")
    step = read_dafny(METHOD, fenced(text), avoid={"Step", "Step_1"}).steps[0]
    assert "lemma Step_2(" in step.helpers and any("Step_2(i);" in i.text for i in step.insertions)


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (fenced(SOLVED.replace("  ensures s == Sum(n)\n", "")), "deleted"),
        (fenced(SOLVED.replace("s == Sum(n)", "s >= 0")), "spec-changed"),
        (fenced(SOLVED.replace("s := s + i", "s := i + s")), "code-changed"),
        (fenced(SOLVED.replace("    i := i + 1;\n", "")), "deleted"),
        (fenced(SUM.replace("n - 1", "n - 2") + SOLVED), "spec-changed"),
        (fenced("lemma Free() ensures false\n{ assume {:axiom} false; return; print 1; }\n" + SOLVED), None),
        (fenced(TOTAL), "nothing-new"),
        (fenced(DONE.replace("while i < n", "while i < n - 0")), None),
        (fenced("s := Sum(n);"), None),
        (fenced("while i <= n\n" + CLAUSES), "code-changed"),
        (fenced("class C { }\n" + SOLVED), "declaration-not-allowed"),
        (fenced(change("nowhere", "x")), "patch"),
        ("I could not find a proof, sorry.", "missing"),
        ("", None),
        (fenced("x" * 50_001), "too-long"),
    ],
)
def test_what_changes_frozen_text_is_no_edit(answer: str, rule: str | None) -> None:
    reading = read_dafny(METHOD, answer)
    assert not reading.steps
    if rule is not None:
        assert refusal(reading).rule == rule


def test_clauses_for_one_of_several_loops_must_say_which() -> None:
    twice = FILE.replace("  s := 0;", "  s := 0;\n  while s < 0\n  {\n    s := s;\n  }")
    goal = dafny_goal(twice, "Total")
    assert refusal(read_dafny(goal, fenced(CLAUSES))).rule == "no-place"
    step = one_dafny(goal, fenced(f"while i < n\n{CLAUSES}"))
    assert dafny_text(goal, step) == twice.replace("  while i < n\n", f"  while i < n\n{CLAUSES}")


def test_a_measure_goes_to_a_declaration_without_loops() -> None:
    file = f"{SUM}\nlemma Down(n: nat)\n  ensures Sum(n) >= 0\n{{\n  if n > 0 {{ Down(n - 1); }}\n}}\n"
    goal = dafny_goal(file, "Down")
    assert dafny_words(dafny_text(goal, one_dafny(goal, "decreases n", raw=True))).count("decreases") == 1


def test_statements_go_to_the_end_of_a_body_unless_nothing_gets_there() -> None:
    assert dafny_text(METHOD, one_dafny(METHOD, fenced("assert s >= 0;"))).rstrip().endswith("assert s >= 0;\n}")
    returns = dafny_goal(FILE.replace("    s := s + i;\n  }\n", "    s := s + i;\n  }\n  return s;\n"), "Total")
    assert refusal(read_dafny(returns, fenced("assert s >= 0;"))).rule == "no-place"


def test_steps_are_the_same_whatever_their_layout_and_comments() -> None:
    first = DafnyStep((Insertion(5, "assert  a;"), Insertion(5, "assert b; // so")), "lemma L()\n{ }")
    same = DafnyStep((Insertion(5, "assert a; assert b;\n"),), "lemma L() { } /* that */")
    assert canonical_key(first) == canonical_key(same)
    assert canonical_key(first) != canonical_key(DafnyStep((Insertion(6, "assert a; assert b;"),), "lemma L() { }"))
    assert canonical_key(first) != canonical_key(DafnyStep((Insertion(5, "assert a; assert b;"),), ""))


TASKS = list(starter_dafny())[::4]  # all of them take a minute


@pytest.mark.parametrize(("goal", "solution", "helpers", "text"), [t[1:] for t in TASKS], ids=[t[0] for t in TASKS])
def test_solutions_of_starter_tasks_are_read_in_every_form(
    goal: DafnyGoal, solution: str, helpers: list[str], text: str
) -> None:
    whole = one_dafny(goal, fenced(solution))
    for answer in (fenced("\n\n".join([*helpers, text])), "".join(fenced(h) for h in helpers) + fenced(text)):
        step = one_dafny(goal, answer)
        assert step.insertions == whole.insertions
