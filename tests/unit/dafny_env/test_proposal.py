"""What a model writes for a goal, read as a step: what it inserted, its helpers, or why it is no proposal."""

from __future__ import annotations

import pytest
from environment_base import Bench
from gate_base import BASE
from hypothesis import given, settings
from hypothesis import strategies as st
from test_gate_properties import SOURCES, STATEMENTS, places

from dafny_env.index import callables
from dafny_env.proposal import MOST_CHARACTERS, ProposalProblem, read_proposal
from dafny_env.steps import DafnyGoal, DafnyStep, GoalKind
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse
from dafny_env.syntax.source import insert
from dafny_env.syntax.tokens import tokenize
from search.ports import Accepted, Goal

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
  assert s >= 0;
}
"""
GROWS = "lemma SumGrows(n: nat)\n  ensures Sum(n) >= n\n"
FILE = f"{SUM}\n{GROWS}\n{TOTAL}"
INVARIANTS = "  while i < n\n    invariant i <= n\n    invariant s == Sum(i)\n"
SOLVED = TOTAL.replace("  while i < n\n", INVARIANTS)
STEP = "lemma Step(i: nat)\n  ensures Sum(i + 1) == Sum(i) + i + 1\n"


def bench(text: str = FILE, *broken: str) -> Bench:
    return Bench(text, broken or ("Total",))


def applied(tried: Bench, root: Goal, text: str) -> str:
    """The file that a proposed text makes; it must be a permitted step."""
    step = read(tried, root, text)
    assert isinstance(tried.check(root, step), Accepted), tried.check(root, step)
    return tried.environment.candidate(root.payload, step).text


def read(tried: Bench, root: Goal, text: str) -> DafnyStep:
    step = read_proposal(root.payload, text)
    assert isinstance(step, DafnyStep), step
    return step


def problem(text: str, name: str = "Total", file: str = FILE) -> ProposalProblem:
    tried = bench(file)
    found = read_proposal(tried.root(name).payload, text)
    assert isinstance(found, ProposalProblem), found
    return found


def tokens(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


# ------------------------------------------------------------------------------------------------------- declarations


def test_the_declaration_again_with_proof_text_in_it() -> None:
    tried = bench()
    assert applied(tried, tried.root("Total"), SOLVED) == FILE.replace("  while i < n\n", INVARIANTS)


def test_each_clause_and_statement_is_an_insertion_of_its_own() -> None:
    tried = bench()
    step = read(
        tried, tried.root("Total"), SOLVED.replace("    i := i + 1;", "    assert i >= 0; SumGrows(i); i := i + 1;")
    )
    assert [i.text.strip() for i in step.insertions] == [
        "invariant i <= n", "invariant s == Sum(i)", "assert i >= 0;", "SumGrows(i);",
    ]  # fmt: skip
    assert step.helpers == ""


def test_helpers_around_it_are_put_in_front_of_it() -> None:
    tried = bench()
    text = f"{STEP}\n{SOLVED}\nghost function Twice(n: nat): nat {{ 2 * n }}\n"
    assert tokens(read(tried, tried.root("Total"), text).helpers) == tokens(
        f"{STEP} ghost function Twice(n: nat): nat {{ 2 * n }}"
    )


def test_what_is_stated_or_taken_for_granted_becomes_subgoals() -> None:
    tried = bench()
    text = STEP + SOLVED.replace("    s := s + i;\n", "    assume Sum(i) == Sum(i - 1) + i;\n    s := s + i;\n")
    step = read(tried, tried.root("Total"), text)
    assert [s.name for s in tried.subgoals(tried.root("Total"), step)] == ["Total: Sum(i) == Sum(i - 1) + i", "Step"]


def test_the_whole_file_with_these_changes() -> None:
    tried = bench()
    text = FILE.replace("  while i < n\n", INVARIANTS).replace(GROWS, f"{STEP}\n{GROWS}")
    assert tokens(applied(tried, tried.root("Total"), text)) == tokens(f"{SUM} {GROWS} {STEP} {SOLVED}")


def test_proofs_of_other_goals_in_the_whole_file_are_theirs() -> None:
    tried = bench()
    whole = FILE.replace("  while i < n\n", INVARIANTS).replace(GROWS, GROWS + "{\n  assume Sum(n) >= n;\n}\n")
    assert applied(tried, tried.root("Total"), whole) == FILE.replace("  while i < n\n", INVARIANTS)
    assert tokens(applied(tried, tried.root("SumGrows"), whole))[-1:] == ["}"]


@pytest.mark.parametrize("fence", ["```dafny", "```Dafny", "```dfy", "```", "  ```dafny title"])
def test_in_a_fence_among_prose(fence: str) -> None:
    tried = bench()
    text = f"Use two invariants:\n\n{fence}\n{SOLVED}```\nThat is all: `method Total` verifies."
    assert applied(tried, tried.root("Total"), text) == FILE.replace("  while i < n\n", INVARIANTS)


def test_of_several_blocks_the_last_that_declares_it() -> None:
    tried = bench()
    text = f"```dafny\n{TOTAL}```\nBetter:\n```dafny\n{SOLVED}```\nwith\n```dafny\n{STEP}```\n```json\n{{}}\n```"
    step = read(tried, tried.root("Total"), text)
    assert len(step.insertions) == 2 and not step.helpers


def test_a_block_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    tried = bench()
    assert applied(tried, tried.root("Total"), f"So:\n```dafny\n{SOLVED}") == FILE.replace(
        "  while i < n\n", INVARIANTS
    )
    assert problem(f"So:\n```dafny\n{SOLVED[:-20]}").line is not None


def test_comments_and_layout_do_not_matter() -> None:
    tried = bench()
    text = "// mine\n" + SOLVED.replace("\n", " // why\n\n")
    assert tokens(applied(tried, tried.root("Total"), text)) == tokens(f"{SUM} {GROWS} {SOLVED}")


def test_a_proof_for_an_assertion_of_the_original_is_given_in_front_of_it() -> None:
    tried = bench()
    text = TOTAL.replace("assert s >= 0;", "assert s >= 0 by { SumGrows(n); }")
    assert "  assert s >= 0 by { SumGrows(n); }\n  assert s >= 0;\n" in applied(tried, tried.root("Total"), text)


def test_an_assertion_of_the_original_taken_for_granted_is_a_subgoal() -> None:
    tried = bench()
    text = TOTAL.replace("assert s >= 0;", "assume s >= 0;")
    step = read(tried, tried.root("Total"), text)
    assert [s.name for s in tried.subgoals(tried.root("Total"), step)] == ["Total: s >= 0"]


def test_so_is_a_fact_that_the_original_itself_takes_for_granted() -> None:
    file = FILE.replace("assert s >= 0;", "assume s >= 0;")
    tried = bench(file)
    step = read(tried, tried.root("Total"), TOTAL.replace("assert s >= 0;", "assume s >= 0;"))
    assert [s.name for s in tried.subgoals(tried.root("Total"), step)] == ["Total: s >= 0"]
    assert not read(tried, tried.root("Total"), TOTAL).insertions


def test_axiom_on_what_is_taken_for_granted_says_nothing_more() -> None:
    tried = bench()
    text = STEP.replace("lemma", "lemma {:axiom}") + SOLVED.replace(
        "    i := i + 1;", "    assume {:axiom} i < n;\n    i := i + 1;"
    )
    step = read(tried, tried.root("Total"), text)
    assert step.insertions[-1].text == "    assume i < n;\n"
    assert step.helpers == STEP.strip()


# -------------------------------------------------------------------------------------------------- classes, modules

IN_CLASS = f"""\
{SUM}
module M {{
  class C {{
    var x: int
    constructor Init() ensures x == 0 {{ x := 1 - 1; }}
    method Get() returns (r: int)
      ensures r == x
    {{
      r := x;
    }}
  }}
}}
"""
GET = "method Get() returns (r: int)\n  ensures r == x\n{\n  r := x;\n  assert r == x;\n}\n"


@pytest.mark.parametrize(
    "text",
    [
        GET,
        f"class C {{\n{GET}}}",
        f"module M {{ class C {{ var x: int\n{GET}}} }}",
        IN_CLASS.replace("r := x;", "r := x; assert r == x;"),
    ],
)
def test_the_scopes_around_a_member_may_be_left_out(text: str) -> None:
    tried = bench(IN_CLASS, "M.C.Get")
    assert tokens(applied(tried, tried.root("M.C.Get"), text)) == tokens(
        IN_CLASS.replace("r := x;", "r := x; assert r == x;")
    )


def test_a_constructor() -> None:
    tried = bench(IN_CLASS, "M.C.Init")
    text = "constructor Init() ensures x == 0 { x := 1 - 1; new; assert x == 0; }"
    assert problem_of(tried, "M.C.Init", text).rule == "code-changed"
    assert "assert 1 == 1;" in applied(
        tried, tried.root("M.C.Init"), text.replace("new; assert x == 0;", "assert 1 == 1;")
    )


def problem_of(tried: Bench, name: str, text: str) -> ProposalProblem:
    found = read_proposal(tried.root(name).payload, text)
    assert isinstance(found, ProposalProblem)
    return found


def test_helpers_come_into_the_class_without_an_object_of_their_own() -> None:
    tried = bench(IN_CLASS, "M.C.Get")
    lemma = "lemma Help(n: nat) ensures Sum(n) >= 0\n"
    assert read(tried, tried.root("M.C.Get"), lemma + GET).helpers == lemma.strip()
    outside = IN_CLASS.replace("module M", f"{lemma}module M")
    assert read(tried, tried.root("M.C.Get"), outside).helpers == f"static {lemma.strip()}"
    elsewhere = problem_of(tried, "M.C.Get", IN_CLASS + f"module N {{ {lemma} }}")
    assert (elsewhere.rule, elsewhere.line) == ("declaration-not-allowed", 17)


# -------------------------------------------------------------------------------------------------------------- lemmas


def test_a_body_for_a_lemma() -> None:
    tried = bench()
    text = GROWS + "  decreases n\n{\n  if n > 0 { SumGrows(n - 1); }\n}\n"
    assert applied(tried, tried.root("SumGrows"), text) == FILE.replace(GROWS, text)


def test_a_measure_among_the_clauses_of_a_stated_lemma_comes_before_its_body() -> None:
    tried = bench()
    (sub,) = tried.subgoals(tried.root("Total"), DafnyStep(helpers=STEP))
    text = STEP.replace("  ensures", "  decreases i\n  ensures") + "{ }"
    step = read(tried, sub, text)
    assert {i.offset for i in step.insertions} == {sub.payload.site.end}
    assert isinstance(tried.check(sub, step), Accepted)


def test_a_lemma_still_needs_a_body() -> None:
    assert problem(GROWS + STEP, "SumGrows").rule == "bodyless-lemma"


# --------------------------------------------------------------------------------------------------------------- facts


def fact(tried: Bench) -> Goal:
    (found,) = tried.subgoals(tried.root("Total"), tried.insert(("  assert s >= 0;", "  assume Sum(n) >= n;\n")))
    return found


@pytest.mark.parametrize(
    ("text", "proof"),
    [
        ("SumGrows(n);", "SumGrows(n);"),
        ("assert Sum(n) >= n by { SumGrows(n); }", "SumGrows(n);"),
        ("```dafny\nassert (Sum(n) >= n) by {\n  SumGrows(n); // so\n}\n```", "SumGrows(n); // so"),
        ("assert Sum(n) >= n;", ""),
        ("", ""),
        ("assert 1 < 2; assert Sum(n) >= n;", "assert 1 < 2; assert Sum(n) >= n;"),
        ("assume {:axiom} n > 0; SumGrows(n);", "assume n > 0; SumGrows(n);"),
        ("forall k: nat ensures Sum(k) >= k { SumGrows(k); }", "forall k: nat ensures Sum(k) >= k { SumGrows(k); }"),
    ],
)
def test_a_fact_is_proved_inside_its_block(text: str, proof: str) -> None:
    tried = bench()
    goal = fact(tried)
    step = read(tried, goal, text)
    assert "".join(i.text for i in step.insertions) == proof
    assert isinstance(tried.check(goal, step), Accepted)


def test_with_helpers_in_front() -> None:
    tried = bench()
    goal = fact(tried)
    step = read(tried, goal, f"{STEP}\nassert Sum(n) >= n by {{ Step(n); }}")
    assert (step.helpers, [i.text for i in step.insertions]) == (STEP.strip(), ["Step(n);"])
    assert [s.name for s in tried.subgoals(goal, step)] == ["Step"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("} assume false; {", "unreadable"),
        ("} lemma Out() {", "leaves-its-place"),
        ("SumGrows(n", "unreadable"),
        ("I think it holds.", "unreadable"),
        ("/* open", "unreadable"),
    ],
)
def test_a_fact_is_not_proved_outside_of_it(text: str, rule: str) -> None:
    tried = bench()
    found = read_proposal(fact(tried).payload, text)
    assert isinstance(found, ProposalProblem)
    assert (found.rule, found.line) == (rule, 1)


# ------------------------------------------------------------------------------------------------------------ problems


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        (SOLVED.replace("ensures s == Sum(n)", "ensures s >= 0"), "spec-changed", 2),
        (SOLVED.replace("  ensures s == Sum(n)\n", ""), "deleted", 2),
        (SOLVED.replace("  ensures", "  requires n < 5\n  ensures"), "spec-changed", 2),
        (SOLVED.replace("s := s + i", "s := i + s"), "code-changed", 11),
        (SOLVED.replace("    i := i + 1;\n", ""), "deleted", 10),
        (SOLVED.replace("  s := 0;", "  s := 0; s := 0;"), "assigns-original", 4),
        (SOLVED.replace("  assert s >= 0;\n", ""), "deleted", 13),
        (STEP, "missing", None),
        ("", "missing", None),
        ("I cannot prove this.", "missing", 1),
        (SOLVED + SOLVED, "redefinition", 15),
        (SOLVED.replace("var i := 0;", "var i = 0;"), "unreadable", 5),
        ("lemma Bad(n: nat) ensures ===\n" + SOLVED, "unreadable", 1),
        ("So:\n```dafny\n" + SOLVED.replace("Sum(n)", "Sum(n) + 1") + "```", "spec-changed", 4),
        ("class Mine { }\n" + SOLVED, "declaration-not-allowed", 1),
        ('include "other.dfy"\n' + SOLVED, "import-added", 1),
        (SUM.replace("n - 1", "n - 2") + SOLVED, "spec-changed", 3),
        ("x" * (MOST_CHARACTERS + 1), "too-long", None),
    ],
)
def test_why_a_text_is_no_proposal(text: str, rule: str, line: int | None) -> None:
    found = problem(text)
    assert (found.rule, found.line) == (rule, line), found
    assert found.reason


# ------------------------------------------------------------------------------------------------------ any insertions

MORE = [*STATEMENTS, "assume 1 < 2;", "if 1 < 2 { assume 2 < 3; }"]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([s for s in SOURCES if "{\n  " in s and "method" in s]), st.data())
def test_insertions_at_random_places_of_a_declaration_are_found_again(source: str, data: st.DataObject) -> None:
    program = parse(source)
    index = {n: d.decl for n, d in callables(program).items() if isinstance(d.decl.body, ast.Block)}
    name = data.draw(st.sampled_from(sorted(index)))
    start, end = index[name].span
    possible = [(at, texts) for at, texts in places(program) if start < at < end]
    if not possible:
        return
    chosen = data.draw(st.lists(st.sampled_from(possible), min_size=1, max_size=6))
    pieces = [
        (at - start, f" {data.draw(st.sampled_from(MORE if texts is STATEMENTS else texts))}\n") for at, texts in chosen
    ]
    text = insert(source[start:end], pieces)
    goal = DafnyGoal(GoalKind.DECLARATION, name, source, index[name].span)
    step = read_proposal(goal, text)
    assert isinstance(step, DafnyStep), step
    assert step.helpers == ""
    again = insert(source, ((i.offset, i.text) for i in step.insertions))
    assert tokens(again) == tokens(source[:start] + text + source[end:])


WORDS = st.sampled_from(
    ["assume", "assert", "{", "}", ";", "by", "lemma L()", "```", "```dafny\n", "\n", "{:axiom}", "(", '"', "/*", "..."]
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([SOLVED, BASE, f"So:\n```dafny\n{STEP}{SOLVED}```\n", GROWS + "{ assume false; }"]), st.data())
def test_whatever_the_text_there_is_an_answer(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(text)))
        upto = min(len(text), at + data.draw(st.integers(0, 20)))
        text = text[:at] + data.draw(WORDS | st.text(max_size=3)) + text[upto:]
    for goal in (*(r.payload for r in TRIED.roots), fact(TRIED).payload):
        read = read_proposal(goal, text)
        if isinstance(read, DafnyStep):
            TRIED.environment.candidate(goal, read)
        else:
            assert read.line is None or 1 <= read.line <= len(text.splitlines()) + 1


TRIED = bench()
