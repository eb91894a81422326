"""What the comparison says beyond accepting and rejecting: places, broken originals, ambiguity, included files."""

from dafny_env.gate import Reference, compare
from dafny_env.gate.compare import BROKEN
from dafny_env.syntax.parser import parse

LOOP = """\
method M(n: nat) returns (s: nat)
  ensures s == n
{
  s := 0;
  while s < n
%s  {
    s := s + 1;
  }
}
"""


def test_an_objection_names_the_place_in_the_candidate() -> None:
    candidate = (LOOP % "").replace("  s := 0;\n", "  s := 0;\n  return;\n")
    (objection,) = compare(LOOP % "", candidate)
    assert (objection.rule, objection.line, objection.column) == ("code-changed", 5, 2)


def test_each_forbidden_insertion_is_named() -> None:
    candidate = (LOOP % "    decreases *\n").replace("    s := s + 1;\n", "    s := s + 1;\n    print s;\n")
    assert [o.rule for o in compare(LOOP % "", candidate)] == ["decreases-star", "code-changed"]


def test_what_a_lost_first_line_leaves_behind_is_understood() -> None:
    original = LOOP % "      s <= n\n"
    candidate = LOOP % "    invariant 0 <= s ==>\n      s <= n\n    invariant s <= n\n"
    found = Reference(original).compare(candidate)
    assert found.objections == ()
    assert found.notes == (BROKEN,)


def test_in_a_broken_original_code_and_specifications_must_stay() -> None:
    original = LOOP % "      s <= n\n"
    good = LOOP % "    invariant 0 <= s ==>\n      s <= n\n"
    assert compare(original, good) == ()
    assert compare(original, good.replace("s := s + 1;", "s := s + 2;"))
    assert compare(original, good.replace("ensures s == n", "ensures s >= n"))
    assert compare(original, good.replace("s := s + 1;", "s := s + 1; return;"))
    assert compare(original, LOOP % "")


def test_code_behind_a_hint_cannot_be_taken_into_it() -> None:
    original = "method M(x: int) returns (y: int) { ==> \n y := x; F(y); }"
    swallowed = "method M(x: int) returns (y: int) { assert true ==> \n var\n y := x; F(y); }"
    assert compare(original, swallowed)


def test_a_candidate_that_cannot_be_read_is_not_compared_token_by_token() -> None:
    assert compare(LOOP % "      s <= n\n", (LOOP % "      s <= n\n").replace("s := 0;", "s := 0; return;"))


def test_what_cannot_be_read_must_be_the_same_in_both() -> None:
    original = "method M() { @@ ) x; }\nmethod N() { }"
    assert compare(original, original.replace("N() { }", "N() { assert true; }")) == ()
    assert compare(original, original.replace(") x;", ") y;"))


def test_included_lemmas_may_be_called_and_their_names_are_taken() -> None:
    library = parse("lemma L() { }\nmethod P() { }")
    original = 'include "lib.dfy"\nmethod M() { }'
    assert compare(original, original.replace("M() { }", "M() { L(); }"), [library]) == ()
    assert [o.rule for o in compare(original, original.replace("M() { }", "M() { P(); }"), [library])] == [
        "method-call"
    ]
    assert [o.rule for o in compare(original, original + " lemma P() { }", [library])] == ["name-not-fresh"]


def _broken(original: str, candidate: str) -> set[str]:
    return {o.rule for o in compare(original, candidate)}


def test_what_a_loop_without_a_body_keeps_cannot_be_extended() -> None:
    original = "method M(n: nat) { var i := 0; while i < n invariant i <= n\n}"
    assert _broken(original, original.replace("\n}", "\ninvariant n == 7\n}")) == {"bodyless-loop"}
    assert _broken(original, original.replace("\n}", "\ndecreases n - i\n}")) == set()


def test_names_by_which_a_class_gets_its_specifications_are_taken() -> None:
    original = "class {:autocontracts} C { var v: int\n method M() ensures v == 0 { } }"
    candidate = original.replace("\n", "\n predicate Valid() { v == 0 }\n")
    assert _broken(original, candidate) == {"name-not-fresh"}
    assert _broken(original.replace("{:autocontracts}", ""), candidate.replace("{:autocontracts}", "")) == set()


def test_revealing_must_not_call_a_method() -> None:
    original = "class C { method reveal_G() modifies this { }\n function G(): int { 3 } method M() { } }"
    assert _broken(original, original.replace("M() { }", "M() { reveal G(); }")) == {"method-call"}
    assert _broken(original.replace("reveal_G", "Other"), original.replace("reveal_G", "Other")) == set()


def test_endless_repetition_is_given_up_rather_than_followed() -> None:
    statements = "assert true; " * 1500
    original = f"method M() {{ {statements} }}"
    candidate = f"method M() {{ {statements} assert true; assert false; print 1; }}"
    assert compare(original, candidate)[0].rule == "too-ambiguous"


def test_nothing_is_inserted_into_what_a_refinement_takes_over_by_skeletons() -> None:
    original = """
module A { method M(b: bool) returns (x: int) { x := 0; if b { x := 1; } } method N() { } }
module B refines A { method M... { ...; if ... { x := 2; } } }
"""
    captured = original.replace("x := 0; if", "x := 0; if !b { assert true; } if")
    assert compare(original, captured)
    assert compare(original, original.replace("N() { }", "N() { assert true; }")) == ()
