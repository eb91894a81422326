"""Every edit that the gate permits is accepted, without a verifier."""

import pytest
from gate_base import BASE, PROVED, edited, rules


def loop(text: str) -> tuple[str, str]:
    return ("  while i < n\n", f"  while i < n\n{text}\n")


def after_zero(text: str) -> tuple[str, str]:
    return ("  var i := 0;\n", f"  var i := 0;\n{text}\n")


def member(text: str) -> tuple[str, str]:
    return ("method Helper(", f"{text}\n\nmethod Helper(")


def in_lemma(text: str) -> tuple[str, str]:
    return ("  case Leaf =>\n  case", f"  case Leaf => {text}\n  case")


PERMITTED = {
    "invariants": loop("    invariant i <= n\n    invariant s == Sum(i)"),
    "invariants with semicolons": loop("    invariant i <= n;\n    invariant s == Sum(i);"),
    "decreases of a loop": loop("    decreases n - i"),
    "decreases of a method": ("  ensures s == Sum(n)\n", "  ensures s == Sum(n)\n  decreases n, 0\n"),
    "decreases of a function": ("function Sum(n: nat): nat\n", "function Sum(n: nat): nat\n  decreases n\n"),
    "decreases of a lemma": ("  ensures Size(t) > 0\n", "  decreases t\n  ensures Size(t) > 0\n"),
    "assert": after_zero("  assert s == Sum(0);"),
    "assert by": after_zero("  assert s == Sum(0) by { SumGrows(0); assert true; }"),
    "labelled assert": after_zero("  assert here: s == 0;"),
    "by for an original assertion": ("  assert s == Sum(i);", "  assert s == Sum(i) by { SumGrows(i); }"),
    "calc": after_zero("  calc { s; == { SumGrows(0); } 0; }"),
    "calc hint in an original calc": (
        "      Size(t);\n      Size(l)",
        "      Size(t);\n      { assert true; }\n      Size(l)",
    ),
    "forall statement": after_zero("  forall k: nat ensures Sum(k) >= k { SumGrows(k); }"),
    "forall statement of lemma calls": after_zero("  forall k: nat { SumGrows(k); }"),
    "reveal": after_zero("  reveal Sum();"),
    "ghost variable": after_zero("  ghost var fresh1 := Sum(3);"),
    "ghost variables in one declaration": after_zero("  ghost var fresh1, fresh2 := 1, old(c.value);"),
    "such-that ghost variable": after_zero("  ghost var fresh1 :| fresh1 > 3;"),
    "assignment to an inserted ghost variable": (
        "    s := s + i;\n",
        "    s := s + i;\n    ghost var fresh1 := 0;\n    fresh1 := fresh1 + s;\n",
    ),
    "lemma call": after_zero("  SumGrows(n);"),
    "lemma call behind a label": after_zero("  label inserted: SumGrows(n);"),
    "label in front of an original statement": ("    s := s + i;\n", "    label inserted: s := s + i;\n"),
    "ghost if": after_zero("  if n > 3 { SumGrows(n); } else if n > 2 { assert n == 3; } else { }"),
    "ghost alternatives": after_zero("  if { case n > 3 => SumGrows(n); case n <= 3 => assert true; }"),
    "ghost match": after_zero("  match Leaf { case Leaf => assert true; case Node(p, q) => SizePositive(p); }"),
    "ghost else of an original if": ("      g := 1;\n    }\n", "      g := 1;\n    } else { assert s <= 1000; }\n"),
    "block of proofs": after_zero("  { assert s == 0; SumGrows(0); }"),
    "assert in a function": ("then 0 else n + Sum(n - 1)", "then 0 else assert n > 0; n + Sum(n - 1)"),
    "lemma call in a function": ("case Leaf => 1\n", "case Leaf => SumGrows(1); 1\n"),
    "calc in a function": ("  x * y + z\n", "  calc { x; x; }\n  x * y + z\n"),
    "new lemma": member("lemma Fresh1(n: nat) ensures Sum(n) >= 0 decreases n { if n > 0 { Fresh1(n - 1); } }"),
    "new function": member("function Fresh1(n: nat): nat { n + 1 }"),
    "new ghost function": member("ghost function {:opaque} Fresh1(n: nat): nat decreases n { n + 1 }"),
    "new predicate": member("predicate Fresh1(n: nat) { forall k {:trigger Sum(k)} :: Sum(k) > n }"),
    "new ghost predicate": member("ghost predicate Fresh1(n: nat) { n > 1 }"),
    "new inductive predicate": member("inductive predicate Fresh1(n: nat) { n == 0 || Fresh1(n - 2) }"),
    "new lemma in a class": ("  method Bump()", "  lemma Fresh1() { }\n\n  method Bump()"),
    "new static function in a class": ("  method Bump()", "  static function Fresh1(): int { 3 }\n\n  method Bump()"),
    "variable in a lemma": in_lemma("var k := 3; k := 4; assert k == 4;"),
    "if in a lemma": in_lemma("if Size(t) == 1 { return; }"),
    "loop in a lemma": in_lemma("var k := 0; while k < 3 invariant k <= 3 { k := k + 1; }"),
    "match in a lemma": in_lemma("match t { case Leaf => case Node(l, r) => SizePositive(l); }"),
    "recursive call in a lemma": in_lemma("if false { SizePositive(t); }"),
    "attributes that steer the prover": member("lemma {:induction false} {:fuel Sum, 3} {:timeLimit 5} Fresh1() { }"),
    "comments": after_zero("  // assume false;\n  /* assume /* false */ {:axiom} */"),
    "other layout": ("  ensures s == Sum(n)\n", "\n ensures   s ==\n Sum(n)\n"),
    "fact proved in place": after_zero("  assert true by { }"),
}


@pytest.mark.parametrize("edit", PERMITTED.values(), ids=PERMITTED.keys())
def test_a_permitted_edit_is_accepted(edit: tuple[str, str]) -> None:
    assert rules(BASE, edited(*PROVED, edit)) == set()


def test_a_fact_may_be_proved_with_a_block() -> None:
    lemma, _ = PROVED
    assert rules(BASE, edited(lemma, ("  assume g < 3;", "  assert g < 3 by { assert true; }"))) == set()


def test_a_lemma_body_may_be_inserted_with_any_proof() -> None:
    _, fact = PROVED
    body = "{ if n > 0 { SumGrows(n - 1); assert Sum(n) == n + Sum(n - 1); } else { assert Sum(0) == 0; } }"
    old = "lemma SumGrows(n: nat)\n  ensures Sum(n) >= n\n"
    assert rules(BASE, edited(fact, (old, old + body))) == set()


def test_many_insertions_at_once_are_accepted() -> None:
    names = ("invariants", "assert", "new lemma", "calc in a function", "variable in a lemma")
    assert rules(BASE, edited(*PROVED, *(PERMITTED[n] for n in names))) == set()


def test_the_original_itself_lacks_only_its_goals() -> None:
    assert rules(BASE, BASE) == {"assume", "bodyless-lemma"}
