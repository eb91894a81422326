"""The Dafny environment over a fake verifier: goals, what may be asked, what the answers mean, what is left open."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from environment_base import Bench, FakeVerifier, as_step, body, failing, in_fact, place_of, verified
from hypothesis import given, settings
from hypothesis import strategies as st

from dafny_env.attribution import StepDiagnostic
from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Place, Rule
from dafny_env.gate import Reference
from dafny_env.gate.compare import Comparison
from dafny_env.steps import DafnyStep, GoalKind, Insertion
from dafny_env.syntax.ast import Program
from search.ports import Accepted, Assignment, Goal, Rejected, Unknown, Verdict

FILE = """\
function Sum(n: nat): nat
{
  if n == 0 then 0 else n + Sum(n - 1)
}

lemma SumGrows(n: nat)
  ensures Sum(n) >= n

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

lemma Uses(n: nat)
  ensures Sum(n) + 1 > n
{
  SumGrows(n);
}
"""
LOOP_END = "  {\n    i := i + 1"
END = "}\n\nlemma Uses"


def bench(*broken: str) -> Bench:
    return Bench(FILE, broken or ("Total",))


# ---------------------------------------------------------------------------------------------------------- root goals


def test_root_goals_are_failing_declarations_and_lemmas_without_bodies_in_source_order() -> None:
    assert [(r.name, r.payload.kind) for r in bench().roots] == [
        ("SumGrows", GoalKind.LEMMA),
        ("Total", GoalKind.DECLARATION),
    ]


def test_complexity_is_that_of_the_postcondition_and_what_fails() -> None:
    assert bench().root("Total").complexity == 2
    assert bench().root("SumGrows").complexity == 2


def opened(text: str, answer: CheckResult, target: str | None = None) -> list[str]:
    from dafny_env.environment import DafnyEnvironment

    environment = DafnyEnvironment(text, FakeVerifier(lambda _: answer), target=target)
    return [r.name for r in asyncio.run(environment.roots())]


def test_an_error_without_a_declarations_name_belongs_to_the_declaration_around_it() -> None:
    line, column = place_of(FILE, "while")
    error = Diagnostic("error", Rule.DECREASES, "cannot prove termination", Place(line, column))
    assert opened(FILE, CheckResult(Outcome.FAILED, (error,))) == ["SumGrows", "Total"]


def test_an_error_in_an_included_file_is_nobodys() -> None:
    error = Diagnostic("error", Rule.ASSERTION, "assertion violation", Place(12, 2, "lib.dfy"))
    assert opened(FILE, CheckResult(Outcome.FAILED, (error,))) == ["SumGrows"]


def test_what_timed_out_is_a_goal() -> None:
    assert opened(FILE, CheckResult(Outcome.TIMEOUT, timed_out=("Total",))) == ["SumGrows", "Total"]
    assert opened(FILE, CheckResult(Outcome.FAILED, failed=("Uses",), timed_out=("Total",)))[1:] == ["Total", "Uses"]


def test_after_a_crash_all_that_was_not_seen_to_verify_is_a_goal() -> None:
    found = opened(FILE, CheckResult(Outcome.CRASHED, verified=("Sum", "Uses")))
    assert found == ["SumGrows", "Total"]


def test_a_file_that_does_not_resolve_has_no_goals() -> None:
    error = Diagnostic("error", Rule.RESOLVE, "unresolved identifier", Place(12, 2))
    assert opened(FILE, CheckResult(Outcome.RESOLVE_ERROR, (error,))) == []


NESTED = """\
module A {
  module B {
    lemma Deep() ensures 1 < 2 { }
    class C {
      constructor () ensures true { }
      method Deep() { }
    }
  }
  lemma Other() ensures 1 < 2 { }
}
"""


def test_names_as_the_trace_prints_them_are_understood() -> None:
    result = CheckResult(Outcome.FAILED, failed=("B.Deep", "B.C.Deep", "B.C._ctor"))
    assert opened(NESTED, result) == ["A.B.Deep", "A.B.C._ctor", "A.B.C.Deep"]


def test_a_target_is_named_in_full_or_by_a_simple_name_that_is_unique() -> None:
    result = CheckResult(Outcome.FAILED, failed=("B.Deep", "A.Other"))
    assert opened(NESTED, result, target="A.B.Deep") == ["A.B.Deep"]
    assert opened(NESTED, result, target="Other") == ["A.Other"]
    for unknown in ("Deep", "Nowhere"):
        assert opened(NESTED, result, target=unknown) == []
        assert not Bench(NESTED, options={"target": unknown}).environment.knows_target


def test_axioms_trait_members_and_iterators_are_no_goals() -> None:
    text = """\
lemma {:axiom} Given() ensures 1 < 2
trait T { lemma Promise() ensures 1 < 2 }
abstract module M { lemma Promised() ensures 1 < 2 }
iterator Count(n: nat) yields (x: nat) { yield 1; }
"""
    assert opened(text, CheckResult(Outcome.FAILED, failed=("Count",))) == []


def test_assumptions_in_bodies_are_goals_and_those_in_specifications_are_not() -> None:
    text = """\
method M(x: int)
  requires assume 1 < 2; x > 0
{
  if x > 3 { assume x > 1; }
  assume {:axiom} x > 2;
  assert x > 0 by { assume x >= 0; }
}
"""
    assert opened(text, CheckResult(Outcome.VERIFIED)) == ["M: x > 1", "M: x >= 0"]


def test_a_declaration_that_fails_and_assumes_is_one_goal_with_its_facts_asserted() -> None:
    text = "method M(x: int) ensures x > 0 {\n  assume x > 1;\n}\nmethod N() { assume 1 < 2; }\n"
    tried = Bench(text, ("M",))
    assert [(r.name, r.payload.kind) for r in tried.roots] == [("M", "declaration"), ("N: 1 < 2", "fact")]
    assert tried.root("M").payload.base == text.replace("assume x > 1", "assert x > 1")
    solved = {r.key: Assignment(r, as_step(DafnyStep())) for r in tried.roots}
    assert tried.environment.render(solved, tried.roots) == text.replace("assume", "assert")


# ------------------------------------------------------------------------------------------------- what may be asked


def refused(found: object, rule_text: str) -> Rejected:
    assert isinstance(found, Rejected), found
    assert rule_text in found.summary, found.summary
    assert found.open_obligations is None  # never the best partial result
    return found


def rejected_unasked(tried: Bench, step: DafnyStep, why: str, goal: str = "Total") -> None:
    tried.verifier.requests.clear()
    refused(tried.check(tried.root(goal), step), why)
    assert tried.verifier.requests == []


@pytest.mark.parametrize(
    ("mark", "text", "why"),
    [
        (END, "s := 7; ", "assignment to something of the original"),
        (END, "var x := 1; ", "compiled variable"),
        (END, "Total(1); ", "only lemmas may be called"),
        (END, "} method Evil() ensures false {", "an insertion declares something"),
        ("\n{\n  s := 0", " ensures true ", "specifications must stay"),
        (LOOP_END, "decreases *\n", "gives up termination"),
        (LOOP_END, "free invariant false\n", "free"),
        (END, "/* ", "does not leave Total as it is"),
        (END, "// ", "does not leave Total as it is"),
        (END, "assume {:axiom} s == Sum(n); ", "takes a fact for granted"),
        (END, "ghost var x :| assume x > 0; ", "takes a fact for granted"),
        (END, "assume 1 < (assume 2 < 1; 2); ", "takes a fact for granted"),
        (END, "assert {:verified_under true} false; ", "may not be inserted"),
        (END, "forall x: int ensures false; ", "takes a fact for granted|without a body|could not be read"),
        (END, "ghost var i := 1; ", "name of the original"),
        ("lemma Uses", "assert false; ", "outside of the declaration|does not leave|differs|could not be read"),
    ],
)
def test_a_step_that_is_no_permitted_edit_is_rejected_before_the_verifier_is_asked(
    mark: str, text: str, why: str
) -> None:
    tried = bench()
    tried.verifier.requests.clear()
    found = tried.check(tried.root("Total"), tried.insert((mark, text)))
    assert isinstance(found, Rejected)
    assert tried.verifier.requests == []
    assert any(w in found.summary for w in why.split("|")), found.summary


@pytest.mark.parametrize(
    ("helpers", "why"),
    [
        ("method Helper() { }", "only lemmas and ghost functions"),
        ("function Helper(n: nat): nat", "no body"),
        ("lemma {:axiom} Helper() ensures false", "axiom"),
        ("lemma Helper() requires false ensures 1 > 2 { }", "never be called"),
        ("lemma Sum() { }", "name of the original"),
        ("lemma Helper() { } ghost", "only whole lemmas"),
        ("lemma Helper() { } /*", "only whole lemmas"),
        ("class Helper { }", "only whole lemmas"),
        ('include "x.dfy"', "only whole lemmas"),
        ("lemma Helper() ensures false { assume false; assume {:axiom} false; }", "for granted"),
    ],
)
def test_helpers_are_whole_lemmas_and_ghost_functions(helpers: str, why: str) -> None:
    tried = bench()
    tried.verifier.requests.clear()
    found = tried.check(tried.root("Total"), DafnyStep(helpers=helpers))
    assert isinstance(found, Rejected)
    assert tried.verifier.requests == []
    assert any(w in found.summary for w in why.split("|")), found.summary


PERMITTED = [
    (LOOP_END, "  invariant 0 <= i <= n\n  invariant s == Sum(i)\n  decreases n - i\n"),
    (END, "assert s == Sum(n); "),
    (END, "SumGrows(n); "),
    (END, "calc { s; == Sum(i); == Sum(n); } "),
    (END, "forall k: nat | k < n ensures Sum(k) >= k { SumGrows(k); } "),
    (END, "ghost var before := s; "),
    (END, "if s > 0 { assert s != 0; } else { SumGrows(0); } "),
    (END, "assert s >= 0 by { SumGrows(n); } // why\n"),
]


@pytest.mark.parametrize(("mark", "text"), PERMITTED)
def test_permitted_edits_are_asked_about(mark: str, text: str) -> None:
    tried = bench()
    assert tried.check(tried.root("Total"), tried.insert((mark, text))) == Accepted()
    (request,) = tried.verifier.requests[1:]
    assert request.source == FILE.replace(mark, text + mark, 1)
    assert request.declarations == ("Total",)


def test_an_offset_outside_of_the_declaration_is_rejected() -> None:
    tried = bench()
    for offset in (-1, 0, len(FILE), 10**9):
        rejected_unasked(tried, DafnyStep((Insertion(offset, "assert true; "),)), "outside of the declaration")


def test_lines_known_to_be_permitted_are_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[Program | str] = []
    plain = Reference.compare

    def counted(self: Reference, candidate: Program | str) -> Comparison:
        compared.append(candidate)
        return plain(self, candidate)

    monkeypatch.setattr(Reference, "compare", counted)
    tried = bench()
    first = tried.insert(
        (END, "\n  assert s == Sum(n);"), (LOOP_END, "invariant i <= n\n"), (END, "\n  SumGrows(n);\n")
    )
    for insertions in (first.insertions, first.insertions[1:], first.insertions[:2], ()):
        assert tried.check(tried.root("Total"), DafnyStep(insertions)) == Accepted()
    assert len(compared) == 1
    tried.check(tried.root("Total"), tried.insert((END, "\n  assert s == Sum(n) + 0;")))
    assert len(compared) == 2


def test_lines_known_to_be_permitted_may_not_run_into_others() -> None:
    tried = Bench(FILE.replace("  {\n    i", "    decreases n - i\n  {\n    i"), ("Total",))
    assert tried.check(tried.root("Total"), tried.insert(("decreases", "invariant i <= n\n"))) == Accepted()
    for glued in ("invariant i <= n", "invariant i <= n // "):
        rejected_unasked(tried, tried.insert(("decreases", glued)), "")


def test_a_lemma_is_not_closed_by_leaving_it_without_a_body() -> None:
    tried = bench()
    rejected_unasked(tried, DafnyStep(), "still has no body", "SumGrows")
    assert tried.check(tried.root("SumGrows"), body(tried.root("SumGrows"), " { }")) == Accepted()


# ------------------------------------------------------------------------------------------------------------- facts


def with_fact() -> tuple[Bench, tuple[Goal, ...]]:
    tried = bench()
    return tried, tried.subgoals(tried.root("Total"), tried.insert((END, "assume s == Sum(n); assume n >= 0; ")))


def test_a_fact_taken_is_a_subgoal_that_is_asserted_in_its_place() -> None:
    tried, (first, second) = with_fact()
    assert (first.text, second.text) == ("s == Sum(n)", "n >= 0")
    for step, shown in (
        (in_fact(), "assert s == Sum(n);"),
        (in_fact("SumGrows(n);"), "assert s == Sum(n) by { SumGrows(n); }"),
    ):
        assert tried.check(first, step) == Accepted()
        source = tried.verifier.requests[-1].source
        assert source == FILE.replace(END, f"{shown} assume n >= 0; {END}")


def test_a_fact_keeps_its_parentheses() -> None:
    text = "method M(n: int)\n{\n  assume (n >= 0);\n}\n"
    tried = Bench(text)
    (fact,) = tried.roots
    assert tried.check(fact, in_fact()) == Accepted()
    assert tried.verifier.requests[-1].source == text.replace("assume", "assert")


@pytest.mark.parametrize(
    "proof",
    [
        "} assume false; assert true by {",
        "} assert true; assert true by {",
        "} s := 7; assert true by {",
        "}",
        "} }",
        "/*",
        "assert true; } lemma Evil() ensures false { ",
        "s := 7;",
        "assume {:axiom} false;",
    ],
)
def test_the_proof_of_a_fact_stays_inside_its_block(proof: str) -> None:
    tried, (first, _) = with_fact()
    tried.verifier.requests.clear()
    assert isinstance(tried.check(first, in_fact(proof)), Rejected)
    assert tried.verifier.requests == []


def test_a_proof_of_a_fact_may_end_in_a_comment() -> None:
    tried, (first, _) = with_fact()
    assert tried.check(first, in_fact("SumGrows(n); // by induction")) == Accepted()


def test_facts_inside_facts_and_in_helpers_are_found_with_their_places() -> None:
    tried, (first, _) = with_fact()
    helper = "lemma Help(n: nat)\n  ensures Sum(n) >= 0\n{\n  assume Sum(n) > 1;\n}"
    inner, in_helper = sorted(
        tried.subgoals(first, in_fact("SumGrows(n); assume n > 3;", helpers=helper)), key=lambda g: g.text, reverse=True
    )
    for goal, text in ((inner, "assume n > 3;"), (in_helper, "assume Sum(n) > 1;")):
        payload = goal.payload
        assert payload.base[slice(*payload.site)] == text
    assert in_helper.payload.declaration == "Help"
    assert inner.payload.hole.insertion == 0 and in_helper.payload.hole.insertion == -1


# ----------------------------------------------------------------------------------------------------------- subgoals


def lemma(name: str = "Help", conclusion: str = "Sum(n) >= 0") -> str:
    return f"lemma {name}(n: nat)\n  ensures {conclusion}\n"


def test_an_equal_lemma_is_one_goal_wherever_in_the_file_it_is_stated() -> None:
    """Also under another name; but not where other lemmas may not be used for it."""
    text = "function F(n: nat): nat\nmethod A(n: nat) { assert F(n) == 1; }\nmethod B(n: nat) { assert F(n) == 1; }\n"
    tried = Bench(text + "lemma L(n: nat) ensures F(n) == 1\n", broken=("A", "B"))
    stated = "lemma Help(n: nat) ensures F(n) < 2"
    (first,) = tried.subgoals(tried.root("A"), DafnyStep(helpers=stated))
    (second,) = tried.subgoals(tried.root("B"), DafnyStep(helpers=stated.replace("Help", "Other")))
    (third,) = tried.subgoals(tried.root("L"), body(tried.root("L"), " { }", helpers=stated))
    assert first.key == second.key != third.key
    assert third.payload.forbidden == {"L"}


def test_an_open_lemma_is_proved_apart_from_the_method_and_its_unproved_siblings() -> None:
    tried = bench()
    step = tried.insert(
        (END, "A(n); B(n); C(n); "), helpers=lemma("A") + lemma("B") + lemma("C") + "{ }\nfunction F(): int { 1 }"
    )
    first, second = tried.subgoals(tried.root("Total"), step)
    base = first.payload.base
    assert "lemma A" in base and "lemma B" not in base and "A(n);" not in base
    assert "lemma C" in base and "function F" in base
    assert "lemma A" not in second.payload.base


def test_a_helper_that_rests_on_something_unproved_is_not_visible_to_its_siblings() -> None:
    tried = bench()
    helpers = (
        lemma("A") + lemma("B") + "{ A(n); }\n" + lemma("C") + "{ assume Sum(n) >= 0; }\n" + lemma("D") + "{ C(n); }\n"
    )
    goals = tried.subgoals(tried.root("Total"), DafnyStep(helpers=helpers))
    a = next(g for g in goals if g.payload.kind is GoalKind.LEMMA)
    assert [n for n in "ABCD" if f"lemma {n}" in a.payload.base] == ["A"]


def test_what_a_lemmas_statement_needs_stays_visible() -> None:
    tried = bench()
    helpers = "function F(n: nat): nat { G(n) }\nfunction G(n: nat): nat { n }\n" + lemma("A", "F(n) == n")
    (a,) = tried.subgoals(tried.root("Total"), DafnyStep(helpers=helpers))
    assert "function F" in a.payload.base and "function G" in a.payload.base


def test_an_unproved_lemma_that_a_statement_needs_is_visible_but_not_for_use() -> None:
    tried = bench()
    helpers = lemma("A") + "function F(n: nat): nat { A(n); n }\n" + lemma("B", "F(n) == n")
    _, b = tried.subgoals(tried.root("Total"), DafnyStep(helpers=helpers))
    assert "lemma A" in b.payload.base
    refused(tried.check(b, body(b, "{ A(n); }")), "in a circle")


def test_a_lemma_for_a_lemma_may_not_use_it_nor_what_uses_it() -> None:
    tried = bench()
    (sub,) = tried.subgoals(tried.root("SumGrows"), body(tried.root("SumGrows"), " { Help(n); }", lemma()))
    for text in ("{ SumGrows(n); }", "{ Uses(n); }"):
        refused(tried.check(sub, body(sub, text)), "in a circle")
    assert tried.check(sub, body(sub, "{ if n > 0 { Help(n - 1); } }")) == Accepted()


def test_lemmas_for_a_fact_in_a_lemma_may_not_use_that_lemma_but_the_fact_may() -> None:
    tried = Bench(FILE, ("Uses",))
    (fact,) = tried.subgoals(tried.root("Uses"), tried.insert(("SumGrows(n);\n", "assume Sum(n) >= n; ")))
    (sub,) = tried.subgoals(fact, in_fact("Uses(n); Help(n);", helpers=lemma()))
    refused(tried.check(sub, body(sub, "{ Uses(n); }")), "in a circle")
    assert "assume" not in sub.payload.base and "Help(n);" not in sub.payload.base


def test_a_subgoal_that_is_false_on_its_face_is_marked() -> None:
    tried = bench()
    texts = ["false", "n > 0 && false", "!true", "1 > 2", "s < s", "n > 0", "s == s"]
    goals = tried.subgoals(tried.root("Total"), tried.insert((END, " ".join(f"assume {t};" for t in texts))))
    assert [g.trivially_false for g in goals] == [True] * 5 + [False] * 2
    (sub,) = tried.subgoals(tried.root("Total"), DafnyStep(helpers=lemma("A", "false")))
    assert sub.trivially_false and sub.complexity == 1


# --------------------------------------------------------------------------------------------------------------- keys


def lemma_key(tried: Bench, helpers: str, *pairs: tuple[str, str]) -> str:
    goals = tried.subgoals(tried.root("Total"), tried.insert(*pairs, helpers=helpers))
    return next(g.key for g in goals if g.payload.kind is GoalKind.LEMMA)


def test_equal_lemmas_under_other_names_share_a_key_wherever_they_are_used() -> None:
    tried = bench()
    key = lemma_key(tried, lemma("A"), (END, "A(3); "))
    assert key == lemma_key(tried, lemma("B"), (END, "assert true; B(4); "))
    assert key == lemma_key(tried, "lemma um (n : nat)  ensures Sum(n)>=0")


def test_other_lemmas_have_other_keys() -> None:
    tried = bench()
    statements = [
        lemma("A"),
        lemma("A", "Sum(n) > 0"),
        "lemma A(m: nat) ensures Sum(m) >= 0",
        "lemma A(n: int) requires n >= 0 ensures Sum(n) >= 0",
        "function F(): int { 1 }\n" + lemma("A"),
        "function F(): int { 2 }\n" + lemma("A"),
        lemma("A").replace("ensures", "requires n > 3 ensures"),
    ]
    keys = [lemma_key(tried, s) for s in statements]
    assert len(set(keys)) == len(keys)


def test_keys_cover_verifier_options_the_frozen_file_and_its_includes(tmp_path: Path) -> None:
    (tmp_path / "lib.dfy").write_text("function Lib(): int { 1 }\n")
    text = 'include "lib.dfy"\n' + FILE
    base = Bench(text, ("Total",), options={"folder": tmp_path})
    keys = {base.root("Total").key}
    info = base.verifier.info
    for other in (
        Bench(text, ("Total",), FakeVerifier(info=replace(info, version="2.3.1")), {"folder": tmp_path}),
        Bench(text, ("Total",), FakeVerifier(info=replace(info, solver="z3 4.12")), {"folder": tmp_path}),
        Bench(text, ("Total",), options={"folder": tmp_path, "solver_seconds": 6}),
        Bench(text + "\n", ("Total",), options={"folder": tmp_path}),
    ):
        keys.add(other.root("Total").key)
    (tmp_path / "lib.dfy").write_text("function Lib(): int { 2 }\n")
    keys.add(Bench(text, ("Total",), options={"folder": tmp_path}).root("Total").key)
    assert len(keys) == 6
    assert Bench(FILE, ("Total",)).root("Total").key == Bench(FILE, ("Total",)).root("Total").key


def fact_key(tried: Bench, *pairs: tuple[str, str], helpers: str = "", which: int = 0) -> str:
    return tried.subgoals(tried.root("Total"), tried.insert(*pairs, helpers=helpers))[which].key


def test_a_facts_key_covers_the_whole_current_text_of_its_declaration_and_its_place() -> None:
    tried = bench()
    taken = (END, "assume n >= 0; ")
    first = fact_key(tried, taken)
    assert first == fact_key(tried, taken)
    twice = (END, "assume n >= 0; assume n >= 0; ")
    others = [
        fact_key(tried, (LOOP_END, "invariant i <= n\n"), taken),
        fact_key(tried, (END, "assert true; "), taken),
        fact_key(tried, (END, "assume n >= 1; ")),
        fact_key(tried, taken, helpers="function F(): int { 1 }"),
        fact_key(tried, taken, helpers="function F(): int { 2 }"),
        fact_key(tried, twice),
        fact_key(tried, twice, which=1),
    ]
    assert len({first, *others}) == len(others) + 1


def test_a_facts_key_covers_helpers_of_steps_further_up() -> None:
    tried = bench()
    keys = set()
    for value in (1, 2):
        step = tried.insert((END, "assume n >= 0; "), helpers=f"function F(): int {{ {value} }}")
        (outer,) = tried.subgoals(tried.root("Total"), step)
        (inner,) = tried.subgoals(outer, in_fact("assume n + 1 > 0;"))
        keys.add(inner.key)
    assert len(keys) == 2


# ------------------------------------------------------------------------------------------------------------ verdicts


def verdict(result: CheckResult, step: DafnyStep | None = None) -> object:
    tried = bench()
    tried.verifier.answer = lambda _: result
    return tried.check(tried.root("Total"), step or tried.insert((END, "assert true; ")))


ERROR = Diagnostic("error", Rule.ASSERTION, "assertion violation", Place(13, 2), (), "Total")
LATE = Diagnostic("error", Rule.TIMEOUT, "timed out", Place(9, 7), (), "Total")


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (CheckResult(Outcome.VERIFIED, verified=("Total",)), Accepted),
        (CheckResult(Outcome.VERIFIED), Unknown),
        (CheckResult(Outcome.VERIFIED, verified=("Other",)), Unknown),
        (CheckResult(Outcome.VERIFIED, verified=("Total",), timed_out=("Total",)), Unknown),
        (CheckResult(Outcome.FAILED, (ERROR,), failed=("Total",)), Rejected),
        (CheckResult(Outcome.FAILED, (ERROR, LATE), failed=("Total",), timed_out=("Total",)), Rejected),
        (CheckResult(Outcome.FAILED, (LATE,), failed=("Total",), timed_out=("Total",)), Unknown),
        (CheckResult(Outcome.FAILED, failed=("Total",)), Rejected),
        (CheckResult(Outcome.TIMEOUT, (LATE,), timed_out=("Total",)), Unknown),
        (CheckResult(Outcome.TIMEOUT, (ERROR, LATE), timed_out=("Total",)), Rejected),
        (CheckResult(Outcome.TIMEOUT), Unknown),
        (CheckResult(Outcome.CRASHED, (ERROR,)), Unknown),
        (CheckResult(Outcome.UNKNOWN, (replace(ERROR, rule=Rule.OTHER),)), Unknown),
        (CheckResult(Outcome.PARSE_ERROR, (replace(ERROR, rule=Rule.PARSE),)), Rejected),
        (CheckResult(Outcome.RESOLVE_ERROR, (replace(ERROR, rule=Rule.RESOLVE),)), Rejected),
    ],
)
def test_outcomes_become_verdicts(result: CheckResult, kind: type) -> None:
    assert isinstance(verdict(result), kind)


def test_what_does_not_even_resolve_is_never_the_best_partial_result() -> None:
    found = verdict(CheckResult(Outcome.RESOLVE_ERROR, (replace(ERROR, rule=Rule.RESOLVE),)))
    assert isinstance(found, Rejected) and found.open_obligations is None
    found = verdict(CheckResult(Outcome.FAILED, (ERROR, LATE), failed=("Total",)))
    assert isinstance(found, Rejected) and found.open_obligations == 2


def test_helpers_are_asked_about_too() -> None:
    tried = bench()
    helpers = lemma("A") + "{ }\nfunction F(): int { 1 }\n" + lemma("B")
    tried.check(tried.root("Total"), DafnyStep(helpers=helpers))
    assert tried.verifier.requests[-1].declarations == ("Total", "A", "F", "B")
    tried.verifier.answer = lambda r: CheckResult(Outcome.VERIFIED, verified=("Total",))
    assert isinstance(tried.check(tried.root("Total"), DafnyStep(helpers=helpers)), Unknown)


def test_helpers_of_members_are_members() -> None:
    text = "module M { class C {\n  method Go() ensures 1 < 2\n  {\n  }\n} }\n"
    tried = Bench(text, ("M.C.Go",))
    (sub,) = tried.subgoals(tried.root(), DafnyStep(helpers="lemma Help() ensures 1 < 2"))
    assert tried.verifier.requests[-1].declarations == ("M.C.Go", "M.C.Help")
    assert sub.payload.declaration == "M.C.Help"
    assert tried.check(sub, body(sub, " { }")) == Accepted()


# --------------------------------------------------------------------------------------------------------- diagnostics


def told(verdict: Verdict) -> StepDiagnostic:
    """The one diagnostic of a step that was rejected."""
    assert isinstance(verdict, Rejected)
    (found,) = verdict.diagnostics
    assert isinstance(found, StepDiagnostic)
    return found


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_diagnostics_name_the_insertion_or_the_place_in_the_base(ends: str) -> None:
    text = FILE.replace("  s := 0;", '  print "a∀é"; s := 0;').replace("\n", ends)
    tried = Bench(text, ("Total",))
    end = END.replace("\n", ends)
    step = tried.insert(
        (end, "assert '∀' != 'é'; "), (end, "assert 11 < 12; "), (end, "assert 13 < 14; "), helpers=lemma("A") + "{ }"
    )
    for wanted, text_there in ((0, "assert '∀'"), (1, "assert 11"), (2, "13 < 14")):
        tried.verifier.answer = failing(text_there, "Total")
        found = told(tried.check(tried.root("Total"), step))
        assert (found.insertion, found.base_offset) == (wanted, None)
        assert tried.verifier.requests[-1].source[found.offset :].startswith(text_there)
    for there in ("s := 0", "lemma Uses", "while", "function Sum"):
        tried.verifier.answer = failing(there, "Total")
        found = told(tried.check(tried.root("Total"), step))
        assert found.insertion is None and text[found.base_offset :].startswith(there)
    tried.verifier.answer = failing("lemma A", "Total")
    found = told(tried.check(tried.root("Total"), step))
    assert (found.insertion, found.base_offset) == (None, None)


def test_diagnostics_of_a_fact_tell_its_proof_from_the_rest() -> None:
    tried, (first, _) = with_fact()
    base = first.payload.base
    cases = {
        "SumGrows(n); }": (0, None),
        "assert s == Sum(n) by": (None, base.index("assume s")),
        "assume n": (None, base.index("assume n")),
    }
    for there, (insertion, offset) in cases.items():
        tried.verifier.answer = failing(there, "Total")
        found = told(tried.check(first, in_fact("SumGrows(n);")))
        assert (found.insertion, found.base_offset) == (insertion, offset), there


def test_related_places_are_told_one_by_one() -> None:
    def answer(request: CheckRequest) -> CheckResult:
        here, there = place_of(request.source, "assert true"), place_of(request.source, "ensures s")
        related = ((Place(*there), "a"), (Place(1, 0, "lib.dfy"), "b"), (Place(*here), "c"))
        return CheckResult(Outcome.FAILED, (replace(ERROR, place=Place(*here), related=related),), failed=("Total",))

    tried = bench()
    tried.verifier.answer = answer
    found = told(tried.check(tried.root("Total"), tried.insert((END, "assert true; "))))
    assert found.related == ((None, FILE.index("ensures s")), (None, None), (0, None))


def test_in_a_thorough_check_assertions_stay_known_and_places_are_as_if_nothing_were_added() -> None:
    tried = bench()
    step = replace(tried.insert((END, "assert s == Sum(n); SumGrows(n); ")), thorough=True)
    tried.verifier.answer = failing("SumGrows(n); ", "Total")
    found = told(tried.check(tried.root("Total"), step))
    request = tried.verifier.requests[-1]
    assert "assert s == Sum(n); assume s == Sum(n); SumGrows(n); " in request.source and request.keep_going
    plain = FILE.replace(END, "assert s == Sum(n); SumGrows(n); " + END)
    assert plain[found.offset :].startswith("SumGrows(n); }")
    assert (found.diagnostic.place.line, found.diagnostic.place.column) == place_of(plain, "SumGrows(n); }")
    tried.check(tried.root("Total"), replace(step, thorough=False))
    assert "assume" not in tried.verifier.requests[-1].source


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_place_of_a_candidate_is_told_where_it_came_from(data: st.DataObject) -> None:
    tried = bench()
    marks = [LOOP_END, END, "s := 0;"]
    texts = {LOOP_END: "invariant i <= n\n", END: "assert s >= 0;\r\n", "s := 0;": "assert 'é' != 'a'; "}
    chosen = data.draw(st.lists(st.sampled_from(marks), max_size=4))
    helpers = data.draw(st.sampled_from(["", lemma("A") + "{ }"]))
    step = tried.insert(*((m, texts[m]) for m in chosen), helpers=helpers)
    goal = tried.root("Total").payload
    candidate = tried.environment.candidate(goal, step)
    rebuilt = ["?"] * len(goal.base)
    for offset, character in enumerate(candidate.text):
        back = candidate.base_offset(offset)
        if back is not None:
            assert rebuilt[back] == "?"
            rebuilt[back] = character
    assert "".join(rebuilt) == goal.base
    for (start, end), insertion in zip(candidate.ranges, step.insertions, strict=True):
        assert candidate.text[start:end] == insertion.text


# ------------------------------------------------------------------------------------------------------------ assembly


def test_assembly_puts_the_proofs_of_all_goals_into_one_file_and_checks_it() -> None:
    tried = bench()
    root, other = tried.root("Total"), tried.root("SumGrows")
    step = tried.insert((END, "A(n); assume s == Sum(n); "), helpers=lemma("A"))
    fact, sub = tried.subgoals(root, step)
    solution = {
        fact.key: Assignment(fact, as_step(in_fact("SumGrows(n);"))),
        sub.key: Assignment(sub, as_step(body(sub, "{ }"))),
        root.key: Assignment(root, as_step(step), (fact, sub)),
        other.key: Assignment(other, as_step(body(other, " { }"))),
    }
    assert asyncio.run(tried.environment.assemble(solution, seconds=9)) == Accepted()
    request = tried.verifier.requests[-1]
    assert request.declarations is None
    wanted = FILE.replace(END, "A(n); assert s == Sum(n) by { SumGrows(n); } " + END)
    wanted = wanted.replace("method Total", lemma("A").rstrip() + "{ }\n\nmethod Total")
    assert request.source == wanted.replace("Sum(n) >= n\n", "Sum(n) >= n { }\n", 1)


def test_an_equal_lemmas_proof_is_told_about_the_name_it_has_here() -> None:
    tried = bench()
    root = tried.root("Total")
    (first,) = tried.subgoals(root, tried.insert((END, "A(n); "), helpers=lemma("A")))
    step = tried.insert((END, "B(n); "), helpers=lemma("B"))
    (second,) = tried.subgoals(root, step)
    assert first.key == second.key
    solution = {
        first.key: Assignment(first, as_step(body(first, "{ if n > 0 { A(n - 1); var B := 1; } }"))),
        root.key: Assignment(root, as_step(step), (second,)),
    }
    text = tried.environment.render(solution, [root])
    assert "{ if n > 0 { B(n - 1); var B0 := 1; } }" in text
    assert "A(n" not in text


def test_with_a_target_only_it_and_what_was_added_is_asked_about() -> None:
    tried = Bench(FILE, ("Total", "Uses"), options={"target": "Total"})
    (root,) = tried.roots
    step = tried.insert((END, "assert true; "), helpers=lemma("A") + "{ }")
    asyncio.run(tried.environment.assemble({root.key: Assignment(root, as_step(step))}, seconds=9))
    assert tried.verifier.requests[-1].declarations == ("Total", "A")


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (CheckResult(Outcome.FAILED, (ERROR,), failed=("Total",), timed_out=("Uses",)), Rejected),
        (CheckResult(Outcome.RESOLVE_ERROR, (ERROR,)), Rejected),
        (CheckResult(Outcome.TIMEOUT, timed_out=("Total",)), Unknown),
        (CheckResult(Outcome.CRASHED), Unknown),
        (CheckResult(Outcome.VERIFIED, verified=("Total",)), Accepted),
    ],
)
def test_what_an_assembly_comes_to(result: CheckResult, kind: type) -> None:
    tried = bench()
    root = tried.root("Total")
    tried.verifier.answer = lambda _: result
    found = asyncio.run(tried.environment.assemble({root.key: Assignment(root, as_step(DafnyStep()))}, seconds=9))
    assert isinstance(found, kind)
    if result.failed:
        assert isinstance(found, Rejected) and found.diagnostics == (root.key,)


def test_the_fake_says_verified_by_default() -> None:
    assert verified(CheckRequest("lemma A() { }")).verified == ("A",)
