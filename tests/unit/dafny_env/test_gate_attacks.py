"""Every cheat and every attack on the comparison is rejected, by the rule that names it."""

import pytest
from gate_base import BASE, PROVED, edited, rules


def loop(text: str) -> tuple[str, str]:
    return ("  while i < n\n", f"  while i < n\n{text}\n")


def code(text: str) -> tuple[str, str]:
    return ("  var i := 0;\n", f"  var i := 0;\n  {text}\n")


def member(text: str) -> tuple[str, str]:
    return ("method Helper(", f"{text}\n\nmethod Helper(")


def in_lemma(text: str) -> tuple[str, str]:
    return ("  case Leaf =>\n  case", f"  case Leaf => {text}\n  case")


def swap(old: str, new: str) -> tuple[str, str]:
    return (old, new)


ATTACKS: dict[str, tuple[str, tuple[str, str]]] = {
    # taking facts for granted
    "assume": ("assume", code("assume s == Sum(n);")),
    "assume in a calc": ("assume", code("calc { s; { assume false; } 1; }")),
    "assume in a forall": ("assume", code("forall k: nat ensures Sum(k) == 0 { assume false; }")),
    "assume in by": ("assume", code("assert false by { assume false; }")),
    "assume in an inserted lemma": ("assume", member("lemma Fresh1() ensures false { assume false; }")),
    "assume in a lemma body": ("assume", in_lemma("assume false;")),
    "assume in a function": ("assume", swap("  x * y + z\n", "  assume false; x * y + z\n")),
    "assume in an assertion": ("assume", code("assert (assume false; false);")),
    "assume axiom": ("assume-axiom", code("assume {:axiom} false;")),
    "such that assumed": ("assume-such-that", code("ghost var fresh1 :| assume fresh1 != fresh1;")),
    "such that assumed in a lemma": ("assume-such-that", in_lemma("var k :| assume k != k;")),
    "or-else assumed": ("assume-such-that", code("ghost var fresh1 :- assume Sum(1);")),
    "expect": ("expect", code("expect s == Sum(n);")),
    "assert turned into assume": ("assume", swap("  assert s == Sum(i);", "  assume s == Sum(i);")),
    # without body
    "lemma without body": ("bodyless-lemma", member("lemma Fresh1() ensures false")),
    "axiom": ("attribute-axiom", member("lemma {:axiom} Fresh1() ensures false")),
    "at-axiom": ("attribute-axiom", member("@Axiom lemma Fresh1() ensures false")),
    "twostate lemma without body": ("bodyless-lemma", member("twostate lemma Fresh1() ensures false")),
    "function without body": ("bodyless-function", member("function Fresh1(): int ensures false")),
    "method without body": ("bodyless-method", member("method Fresh1() ensures false")),
    "constructor without body": (
        "bodyless-method",
        swap("  method Bump()", "  constructor () ensures false\n  method Bump()"),
    ),
    "trait member without body": (
        "bodyless-lemma",
        swap("  function Area(): int", "  lemma Fresh1() ensures false\n  function Area(): int"),
    ),
    "abstract module's lemma": ("bodyless-lemma", member("abstract module Fresh1 { lemma Fresh2() ensures false }")),
    "loop without body": ("bodyless-loop", in_lemma("while true invariant false")),
    "forall without body": ("bodyless-forall", code("forall k: int ensures k == 3")),
    "body of a loop taken away": (
        "bodyless-loop",
        swap(
            "  while i < n\n  {\n    i := i + 1;\n    s := s + i;\n    if s > 1000 {\n      g := 1;\n    }\n  }\n",
            "  while i < n\n",
        ),
    ),
    # attributes
    "verify false": ("verify-false", member("lemma {:verify false} Fresh1() ensures false { }")),
    "verify false with spaces": ("verify-false", member("lemma { : verify false } Fresh1() ensures false { }")),
    "at-verify false": ("verify-false", member("@Verify(false) lemma Fresh1() ensures false { }")),
    "verify false on the original": ("verify-false", swap("method Total(", "method {:verify false} Total(")),
    "extern": ("extern", member("lemma {:extern} Fresh1() ensures false")),
    "imported": ("extern", member("lemma {:imported} Fresh1() ensures false { }")),
    "dllimport": ("extern", member('lemma {:dllimport "x"} Fresh1() ensures false { }')),
    "ignore": ("verifier-attribute", member("lemma {:ignore} Fresh1() ensures false { }")),
    "inline": ("verifier-attribute", member("lemma {:inline 1} Fresh1() ensures false { }")),
    "selective checking": ("verifier-attribute", member("lemma {:selective_checking} Fresh1() ensures false { }")),
    "verified under": ("verifier-attribute", code("assert {:verified_under true} false;")),
    "only": ("verify-only", code("assert {:only} true;")),
    "at-verify only": ("verify-only", member("@VerifyOnly lemma Fresh1() { }")),
    "termination false": ("termination-false", member("trait {:termination false} Fresh1 { }")),
    "options": ("options", member('module {:options "--function-syntax:3"} Fresh1 { }')),
    "start checking here": ("verify-only", code("assert {:start_checking_here} true;")),
    "assume concurrent": ("assume-concurrent", member("lemma {:assume_concurrent} Fresh1() { }")),
    "unknown attribute": ("attribute-not-allowed", member("lemma {:surprise} Fresh1() { }")),
    "resource limit": ("attribute-not-allowed", member("lemma {:rlimit 1} Fresh1() ensures false { }")),
    "fuel on an original declaration": ("attribute-added", swap("method Total(", "method {:fuel Sum, 9} Total(")),
    "opaque on an original function": ("attribute-added", swap("function Sum(", "function {:opaque} Sum(")),
    # specifications
    "free invariant": ("free-clause", loop("    free invariant s == Sum(n)")),
    "free ensures": ("free-clause", swap("  ensures s == Sum(n)\n", "  ensures s == Sum(n)\n  free ensures false\n")),
    "decreases star": ("decreases-star", loop("    decreases *")),
    "decreases star of a method": (
        "decreases-star",
        swap("  ensures s == Sum(n)\n", "  ensures s == Sum(n)\n  decreases *\n"),
    ),
    "requires false": ("requires-false", swap("  requires n < 100\n", "  requires n < 100\n  requires false\n")),
    "requires with false inside": ("requires-false", swap("  requires n < 100\n", "  requires n < 100 && false\n")),
    "requires added": ("spec-changed", swap("  requires n < 100\n", "  requires n < 100\n  requires n == 0\n")),
    "requires strengthened": ("spec-changed", swap("  requires n < 100\n", "  requires n < 1\n")),
    "ensures weakened": ("spec-changed", swap("  ensures s == Sum(n)\n", "  ensures s >= Sum(n)\n")),
    "ensures taken away": ("deleted", swap("  ensures s == Sum(n)\n", "")),
    "ensures commented out": ("deleted", swap("  ensures s == Sum(n)\n", "  // ensures s == Sum(n)\n")),
    "ensures added": ("spec-changed", swap("  ensures s == Sum(n)\n", "  ensures s == Sum(n)\n  ensures n > 0\n")),
    "modifies added": ("spec-changed", swap("  modifies c\n", "  modifies c\n  modifies a\n")),
    "reads added": ("spec-changed", swap("function Sum(n: nat): nat\n", "function Sum(n: nat): nat\n  reads *\n")),
    "old left out": ("spec-changed", swap("old(value) + 1", "value + 0 * 1")),
    "definition changed": ("spec-changed", swap("then 0 else", "then 1 else")),
    "definition added": (
        "definition-added",
        swap("function Unknown(n: int): int\n", "function Unknown(n: int): int { 0 }\n"),
    ),
    "type changed": ("spec-changed", swap("returns (s: nat)", "returns (s: int)")),
    "parameter made ghost": ("spec-changed", swap("method Total(n: nat", "method Total(ghost n: nat")),
    "parentheses in a specification": ("spec-changed", swap("  ensures Size(t) > 0\n", "  ensures Size(t) > (0)\n")),
    "precedence changed by an assertion": ("spec-changed", swap("  x * y + z\n", "  x * assert true; y + z\n")),
    "precedence changed by a lemma call": ("spec-changed", swap("  x * y + z\n", "  x * (SumGrows(1); y) + z\n")),
    "method made a lemma": ("spec-changed", swap("method Helper(", "lemma Helper(")),
    "datatype extended": ("spec-changed", swap("= Leaf |", "= Leaf | Other |")),
    "declaration renamed": ("spec-changed", swap("method Helper(", "method Helper2(")),
    # compiled code
    "early return": ("code-changed", code("return;")),
    "break": ("code-changed", swap("    i := i + 1;\n", "    break;\n    i := i + 1;\n")),
    "guard changed": ("code-changed", swap("  while i < n\n", "  while i <= n\n")),
    "statement deleted": ("deleted", swap("    s := s + i;\n", "")),
    "statements exchanged": (
        "code-changed",
        swap("    i := i + 1;\n    s := s + i;\n", "    s := s + i;\n    i := i + 1;\n"),
    ),
    "code moved into if false": ("code-changed", swap("    s := s + i;\n", "    if false { s := s + i; }\n")),
    "code moved into a block of proofs": (
        "code-changed",
        swap("    s := s + i;\n", "    assert true by { s := s + i; }\n"),
    ),
    "assignment inserted": ("assigns-original", code("s := 3;")),
    "assignment to a ghost variable of the original": ("assigns-original", code("g := 3;")),
    "assignment to a ghost field": ("assigns-original", code("c.history := 3;")),
    "assignment to an array": ("assigns-original", code("a[0] := 3;")),
    "assignment in a ghost if": ("assigns-original", code("if n > 3 { g := 3; }")),
    "assignment to an undeclared name": ("assigns-original", code("fresh1 := 3;")),
    "original statement repeated": (
        "assigns-original",
        swap("  label done: g := g + 1;", "  label done: g := g + 1; g := g + 1;"),
    ),
    "method call": ("method-call", code("Helper(a);")),
    "method call through an object": ("method-call", code("c.Bump();")),
    "method call on the right of a ghost variable": ("method-call", code("ghost var fresh1 := c.Bump();")),
    "allocation": ("code-changed", code("ghost var fresh1 := new Counter;")),
    "array allocation": ("code-changed", code("ghost var fresh1 := new int[3];")),
    "compiled variable": ("code-changed", code("var fresh1 := 3;")),
    "print": ("code-changed", code("print s;")),
    "modify": ("code-changed", code("modify c;")),
    "ghost loop": ("code-changed", code("while true invariant false { }")),
    "aggregate assignment": ("assigns-original", code("forall k | 0 <= k < a.Length { a[k] := 0; }")),
    "assertion inside an expression of a statement": (
        "code-changed",
        swap("    s := s + i;\n", "    s := (assert true; s) + i;\n"),
    ),
    "if around original code": ("code-changed", swap("    s := s + i;\n", "    if true { s := s + i; }\n")),
    "loop modifies": ("spec-changed", loop("    modifies a")),
    "opaque block": ("code-changed", swap("    s := s + i;\n", "    opaque { s := s + i; }\n")),
    "original proof deleted": ("deleted", swap("  assert s == Sum(i);\n", "")),
    "original proof changed": ("deleted", swap("  assert s == Sum(i);\n", "  assert s == Sum(i) || true;\n")),
    # names
    "ghost variable shadows a parameter": (
        "name-not-fresh",
        swap("    s := s + i;\n", "    ghost var n := 0;\n    s := s + i;\n"),
    ),
    "ghost variable shadows a field": (
        "name-not-fresh",
        swap("    value := value + 1;\n", "    ghost var value := 0;\n    value := value + 1;\n"),
    ),
    "ghost variable shadows a function": ("name-not-fresh", code("ghost var Sum := (k: nat) => 0;")),
    "pattern shadows": ("name-not-fresh", code("ghost var Node(n, fresh1) := Leaf;")),
    "variable in a block of proofs shadows": ("name-not-fresh", code("assert true by { var n := 3; }")),
    "label of the original": ("name-not-fresh", code("label done: assert true;")),
    "declaration redefined": ("redefinition", member("function Sum(n: nat): nat { 0 }")),
    "declared in an inner scope": (
        "redefinition",
        swap("  method Bump()", "  function Sum(n: nat): nat { 0 }\n  method Bump()"),
    ),
    "lemma named like a field": ("redefinition", swap("  method Bump()", "  lemma value() { }\n  method Bump()")),
    "lemma named like a bound variable": ("name-not-fresh", member("lemma l() { }")),
    # declarations
    "include": ("include-added", swap("datatype Tree", 'include "x.dfy"\ndatatype Tree')),
    "library": ("library", swap("datatype Tree", 'include "x.doo"\ndatatype Tree')),
    "import": ("import-added", swap("datatype Tree", "import opened Fresh2\ndatatype Tree")),
    "refinement": ("declaration-not-allowed", member("module Fresh1 refines Fresh2 { }")),
    "type": ("declaration-not-allowed", member("type Fresh1 = k: int | false witness *")),
    "constant": ("declaration-not-allowed", member("const Fresh1: int := 3")),
    "compiled function": ("declaration-not-allowed", member("function method Fresh1(): int { 3 }")),
    "compiled method": ("declaration-not-allowed", member("method Fresh1() { }")),
    "field": ("declaration-not-allowed", swap("  method Bump()", "  ghost var fresh1: int\n  method Bump()")),
    "by method": ("declaration-not-allowed", member("function Fresh1(): int { 3 } by method { return 3; }")),
    "print in a lemma": ("code-changed", member("lemma Fresh1() { print 3; }")),
    "method called in a lemma": ("method-call", member("lemma Fresh1(a: array<int>) { Helper(a); }")),
    # tricks with characters
    "preprocessor swallows a specification": (
        "preprocessor",
        swap("  ensures s == Sum(n)\n", "/*\n#if X\n*/\n  ensures s == Sum(n)\n/*\n#endif\n*/\n"),
    ),
    "line directive swallows the end of a comment": (
        "preprocessor",
        swap("  ensures s == Sum(n)\n", "/*\n#line 1 x */ ensures s == Sum(n)\n/* */\n"),
    ),
    "indented directive": ("preprocessor", swap("  requires n < 100\n", "  requires n < 100\n\t #endif\n")),
    "comment never closed": ("unreadable", ("  assert s == Sum(i);\n}\n", "  assert s == Sum(i);\n}\n/* ")),
    "look-alike of a comment's end": ("odd-character", code("/* \u2217\u2215 */")),
    "invisible character": ("odd-character", code("// \u202e")),
    "vertical tab": ("odd-character", code("\v")),
    "match without braces takes in the next case": ("deleted", in_lemma("match t case Leaf =>")),
    "unbalanced brace": ("code-changed", code("}")),
    "unreadable statement": ("unreadable", code("assert ) ;")),
}


@pytest.mark.parametrize(("rule", "edit"), ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_is_rejected_by_name(rule: str, edit: tuple[str, str]) -> None:
    assert rule in rules(BASE, edited(*PROVED, edit))
