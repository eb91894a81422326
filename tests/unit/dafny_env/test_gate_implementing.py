"""Implementations: what may stand in the regions of a task is accepted by its text, every attack is rejected by the
rule that names it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafny_env.gate.implementing import judge_regions
from dafny_env.gate.objections import Objection
from dafny_env.gate.regions import Marked, is_stub, read_regions
from dafny_env.gate.surroundings import Surroundings

TASK = """\
// <preamble>
function Sum(n: nat): nat
{
  if n == 0 then 0 else n + Sum(n - 1)
}

predicate Even(n: int) { n % 2 == 0 }

lemma {:axiom} Known(n: nat)
  ensures Sum(n) >= n
// </preamble>

// <helpers>

// </helpers>

// <proofs>

// </proofs>

// <spec>
method Total(n: nat) returns (s: nat)
  requires n < 100
  ensures s == Sum(n)
// </spec>
// <code>
{
  // to be written
}
// </code>

method Main() { }
"""
CODE = """\
{
  s := 0;
  var k := 0;
  while k < n
    invariant k <= n && s == Sum(k)
  {
    k := k + 1;
    s := s + k;
  }
}
"""


def marked(text: str = TASK) -> Marked:
    found = read_regions(text)
    assert isinstance(found, Marked), found
    return found


def filled(code: str = CODE, *, helpers: str = "\n", proofs: str = "\n", task: str = TASK) -> str:
    own = marked(task)
    texts = {"helpers": helpers, "proofs": proofs, "code": code}
    pieces = [own.frozen[0]]
    for region, frozen in zip(own.regions, own.frozen[1:], strict=True):
        pieces += (texts[region.kind], frozen)
    return "".join(pieces)


def objections(candidate: str, task: str = TASK) -> tuple[Objection, ...]:
    return judge_regions(marked(task), candidate, Surroundings()).objections


def rules(candidate: str, task: str = TASK) -> list[str]:
    return [o.rule for o in objections(candidate, task)]


HONEST = {
    "a loop": filled(),
    "the frozen text laid out otherwise": filled().replace("  requires n < 100\n", "    requires  n<100 // small\n"),
    "a measure in front of the body": filled("decreases n\n{ if n == 0 { s := 0; } else { s := Total(n - 1); } }\n"),
    "nothing at all": filled("{ }\n"),
    "a helper method": filled(
        helpers="method Add(a: nat, b: nat) returns (c: nat) ensures c == a + b { c := a + b; }\n"
    ),
    "a compiled function": filled(helpers="function method Twice(a: int): int { a + a }\n"),
    "a datatype": filled(helpers="datatype Cell = Empty | Full(content: int)\n"),
    "a lemma": filled(proofs="lemma Grows(n: nat) ensures Sum(n) >= n { if n > 0 { Grows(n - 1); } }\n"),
    "a call of the original's axiom": filled(CODE.replace("  s := 0;", "  Known(n);\n  s := 0;")),
    "a ghost variable by its property": filled(CODE.replace("  s := 0;", "  ghost var m :| m > n;\n  s := 0;")),
    "a member of a set": filled(CODE.replace("  s := 0;", "  var m :| m in {1, 2};\n  s := 0;")),
    "an array": filled(CODE.replace("  s := 0;", "  var a := new int[n];\n  s := 0;")),
}


@pytest.mark.parametrize("candidate", HONEST.values(), ids=HONEST.keys())
def test_honest_implementations_pass(candidate: str) -> None:
    assert objections(candidate) == ()


def code(text: str) -> str:
    return filled(CODE.replace("  s := 0;", f"  {text}\n  s := 0;"))


def helpers(text: str) -> str:
    return filled(helpers=f"{text}\n")


def proofs(text: str) -> str:
    return filled(proofs=f"{text}\n")


def frozen(old: str, new: str) -> str:
    text = filled()
    assert old in text
    return text.replace(old, new)


ATTACKS = {
    # taking facts for granted in code
    "assume": ("assume", code("assume Sum(n) == 0;")),
    "assume axiom": ("assume-axiom", code("assume {:axiom} false;")),
    "assume in a calc": ("assume", code("calc { 1; { assume false; } 2; }")),
    "assume in by": ("assume", code("assert false by { assume false; }")),
    "such that assumed": ("assume-such-that", code("var m :| assume m != m;")),
    "expect": ("expect", code("expect Sum(n) == 0;")),
    "or else assumed": ("assume-such-that", code("var m :- assume Sum(n);")),
    "loop without a body": ("bodyless-loop", filled("{\n  while true\n    invariant s == Sum(n)\n}\n")),
    "forall without a body": ("bodyless-forall", code("forall k: nat ensures Sum(k) == 0")),
    "verify false on an assertion": ("verify-false", code("assert {:verify false} false;")),
    "verified under": ("verifier-attribute", code("assert {:verified_under true} false;")),
    "only": ("verify-only", code("assert {:only} true;")),
    "an attribute that is not known": ("attribute-not-allowed", code("assert {:surprise} true;")),
    "described and not computed": ("not-computed", code("var m: nat :| m == Sum(n);")),
    "described in an expression": ("not-computed", filled("{\n  s := var m: nat :| m == Sum(n); m;\n}\n")),
    "described and returned": ("not-computed", filled("{\n  return var m: nat :| m == Sum(n); m;\n}\n")),
    "described result": ("not-computed", filled("{\n  s :| s == Sum(n);\n}\n")),
    "a loop that need not end": ("decreases-star", code("while true decreases * { }")),
    "a loop's free invariant": ("free-clause", code("while true free invariant false { }")),
    # declarations that take facts for granted
    "lemma without a body": ("bodyless-lemma", proofs("lemma Fresh() ensures false")),
    "axiom": ("attribute-axiom", proofs("lemma {:axiom} Fresh() ensures false")),
    "at-axiom": ("attribute-axiom", proofs("@Axiom lemma Fresh() ensures false")),
    "lemma that is not verified": ("verify-false", proofs("lemma {:verify false} Fresh() ensures false { }")),
    "lemma that assumes": ("assume", proofs("lemma Fresh() ensures false { assume false; }")),
    "method without a body": ("bodyless-method", helpers("method Fresh() ensures false")),
    "function without a body": ("bodyless-function", helpers("function method Fresh(): int ensures false")),
    "ghost function without a body": ("bodyless-function", proofs("function Fresh(): int ensures false")),
    "extern": ("extern", helpers("method {:extern} Fresh() ensures false")),
    "dllimport": ("extern", helpers('method {:dllimport "x"} Fresh() ensures false { }')),
    "inline": ("verifier-attribute", proofs("lemma {:inline 1} Fresh() ensures false { }")),
    "method that need not end": ("decreases-star", helpers("method Fresh() ensures false decreases * { Fresh(); }")),
    "requires false": ("requires-false", helpers("method Fresh() requires false { }")),
    "free ensures": ("free-clause", helpers("method Fresh() free ensures false { }")),
    # what changes the meaning of the frozen text
    "predicate defined again": ("redefinition", helpers("predicate Even(n: int) { true }")),
    "function defined again": ("redefinition", proofs("function Sum(n: nat): nat { 0 }")),
    "a name that the frozen text uses": ("name-not-fresh", helpers("function method s(): nat { 0 }")),
    "constructor of a name in use": ("redefinition", helpers("datatype Fresh = Sum | Other")),
    "reveal lemma": ("name-not-fresh", proofs("lemma reveal_Sum() ensures true { }")),
    "include": ("include-added", helpers('include "other.dfy"')),
    "import": ("import-added", helpers("import M")),
    "module": ("declaration-not-allowed", helpers("module Fresh { }")),
    "abstract module": ("bodyless-lemma", helpers("abstract module Fresh { lemma L() ensures false }")),
    "refining module": ("declaration-not-allowed", helpers("module Fresh refines Other { }")),
    "trait": ("declaration-not-allowed", helpers("trait Fresh { }")),
    "class": ("declaration-not-allowed", helpers("class Fresh { }")),
    "opaque type": ("declaration-not-allowed", helpers("type Fresh")),
    "subset type": ("declaration-not-allowed", helpers("type Fresh = n: int | n > 0 witness *")),
    "iterator": ("declaration-not-allowed", helpers("iterator Fresh() yields (x: int) { }")),
    "compiled method among proofs": ("declaration-not-allowed", proofs("method Fresh() { }")),
    "refining signature": ("declaration-not-allowed", helpers("method Fresh...{ }")),
    # bodies that are more than bodies
    "ensures in front of the body": ("spec-changed", filled("ensures true\n" + CODE)),
    "requires in front of the body": ("spec-changed", filled("requires false\n" + CODE)),
    "modifies in front of the body": ("spec-changed", filled("modifies {}\n" + CODE)),
    "decreases star in front of the body": ("decreases-star", filled("decreases *\n" + CODE)),
    "the frozen clause goes on": ("spec-changed", filled("|| true\n" + CODE)),
    "a lemma behind the body": ("region-crossed", filled(CODE + "lemma Fresh() ensures false { }\n")),
    "a method behind the body": ("declaration-not-allowed", filled(CODE + "method Fresh() { }\n")),
    "body closed and opened again": ("region-crossed", filled("{ }\nmethod Fresh()\n{ }\n")),
    "no body": ("code-missing", filled("\n")),
    "stub that assumes": ("code-missing", filled("{\n  assume {:axiom} false;\n}\n")),
    "skeleton": ("unreadable", filled("{\n  ...;\n}\n")),
    # regions
    "region closed inside of a region": ("regions-changed", filled(CODE + "// </code>\n// <code>\n")),
    "another region opened": ("regions-changed", helpers("// </helpers>\nlemma Fresh() ensures false\n// <helpers>")),
    "tags of the specification in a region": ("regions-changed", helpers("// <spec>\n// </spec>")),
    "frozen text in a comment": ("regions-changed", helpers("/*")),
    "a string without an end": ("unreadable", helpers('lemma Fresh(x: string) ensures x == @"')),
    "half a declaration": ("unreadable", helpers("ghost")),
    "ensures taken away": ("frozen-changed", frozen("  ensures s == Sum(n)\n", "")),
    "ensures weakened": ("frozen-changed", frozen("s == Sum(n)\n// </spec>", "s >= Sum(n)\n// </spec>")),
    "requires strengthened": ("frozen-changed", frozen("n < 100", "n < 1")),
    "definition changed": ("frozen-changed", frozen("then 0 else", "then 1 else")),
    "text behind the end": ("frozen-changed", filled() + "lemma Fresh() ensures false\n"),
    "line for the preprocessor": ("preprocessor", code("\n#if X\n#endif\n")),
    "look-alike characters": ("odd-character", code("// ∗∕")),
}


@pytest.mark.parametrize(("rule", "candidate"), ATTACKS.values(), ids=ATTACKS.keys())
def test_attacks_are_named(rule: str, candidate: str) -> None:
    assert rule in rules(candidate), objections(candidate)


def test_the_original_s_own_cheats_are_told_and_not_held_against_a_candidate() -> None:
    verdict = judge_regions(marked(), filled(), Surroundings())
    assert verdict.objections == ()
    assert [b.split(" ")[0] for b in verdict.baseline] == ["bodyless-lemma", "attribute-axiom"]


def test_a_method_that_the_task_itself_does_not_have_verified_proves_nothing() -> None:
    task = TASK.replace("method Total(", "method {:verify false} Total(")
    assert "verify-false" in rules(filled(task=task), task)


def test_a_stub_that_takes_false_for_granted_is_no_baseline() -> None:
    task = TASK.replace("  // to be written\n", "  assume {:axiom} false;\n")
    own = marked(task)
    assert is_stub(task[own.regions[-1].start : own.regions[-1].end])
    verdict = judge_regions(own, filled(task=task), Surroundings())
    assert verdict.objections == ()
    assert not any("assume" in b for b in verdict.baseline)
    assert "assume-axiom" in rules(task, task)


CLASS = """\
class Counter {
  var value: int
  // <helpers>
  // </helpers>
  // <spec>
  method Bump()
    modifies this
    ensures value == old(value) + 1
  // </spec>
  // <code>
  { }
  // </code>
}
"""


def test_regions_may_stand_in_a_class() -> None:
    assert rules(filled("{ value := value + 1; }\n", task=CLASS), CLASS) == []
    helper = "method Twice() modifies this { value := value + 2; }\n"
    assert rules(filled("{ value := value + 1; }\n", helpers=helper, task=CLASS), CLASS) == []
    assert rules(filled("{ value := value + 1; }\n", helpers="var fresh1: int\n", task=CLASS), CLASS) == [
        "declaration-not-allowed"
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("method M() { }\n", "no region"),
        ("// <code>\n{ }\n", "not closed"),
        ("// </code>\n", "closes nothing"),
        ("// <code>\n// <helpers>\n// </helpers>\n// </code>\n", "stands inside"),
        ("/*\n// <code>\n*/ { }\n// </code>\n", "within a comment"),
    ],
)
def test_what_cannot_be_relied_on_has_no_regions(text: str, why: str) -> None:
    found = read_regions(text)
    assert isinstance(found, str) and why in found


BRACKETS = ["{", "}", "\n", " ", "/*", "*/", '"', "ghost", "{:axiom}", "..."]
TAGS = ["// <code>\n", "// </code>\n", "// <helpers>\n", "// </helpers>\n"]
TEXTS = ["lemma L() ensures false", "s := 0;", "assume false;", "ensures true", "decreases n", "method M2()"]
PIECES = st.sampled_from([*BRACKETS, *TAGS, *TEXTS])


@given(st.lists(PIECES, max_size=8), st.lists(PIECES, max_size=6), st.lists(PIECES, max_size=6))
def test_whatever_stands_in_regions_a_candidate_without_objection_keeps_the_frozen_text(
    body: list[str], helper: list[str], proof: list[str]
) -> None:
    candidate = filled("{" + " ".join(body) + "}\n", helpers=" ".join(helper) + "\n", proofs=" ".join(proof) + "\n")
    if not objections(candidate):
        own = marked(candidate)
        assert own.frozen == marked().frozen
        assert "assume" not in candidate and "..." not in candidate and candidate.count("{:axiom}") == 1
        assert "lemma L() ensures false" not in candidate or "lemma L() ensures false {" in " ".join(candidate.split())
