"""What belongs to the original is baseline, goals left open are objections; without an original everything counts."""

from pathlib import Path

import pytest
from gate_base import BASE, PROVED, edited, rules

from dafny_env.gate.static import judge_text
from dafny_env.gate.surroundings import Surroundings, read_surroundings
from dafny_env.syntax.parser import parse

NOTHING = Surroundings()
ASSUMING = """\
lemma {:axiom} Given(n: nat) ensures n > 3

method Outside(n: int) ensures false

method M(n: nat)
  requires false
  decreases *
{
  assume {:axiom} n > 5;
  while n > 3 decreases * { }
}
"""


def test_the_cheats_of_the_original_are_baseline_with_their_places() -> None:
    verdict = judge_text(parse(ASSUMING), parse(ASSUMING), NOTHING)
    assert verdict.objections == ()
    assert "attribute-axiom in Given (line 1): {: axiom }" in verdict.baseline
    assert {b.split(" ")[0] for b in verdict.baseline} >= {
        "bodyless-lemma",
        "bodyless-method",
        "requires-false",
        "decreases-star",
        "assume-axiom",
    }


def test_one_more_of_the_same_is_no_baseline() -> None:
    candidate = ASSUMING.replace("  assume {:axiom} n > 5;\n", "  assume {:axiom} n > 5;\n" * 2)
    assert "assume-axiom" in {o.rule for o in judge_text(parse(ASSUMING), parse(candidate), NOTHING).objections}


def test_goals_of_the_original_left_open_are_objections() -> None:
    verdict = judge_text(parse(BASE), parse(BASE), NOTHING)
    assert all(o.message.startswith("left unproved") for o in verdict.objections)
    assert {o.rule for o in verdict.objections} == {"assume", "bodyless-lemma"}


def test_with_a_target_the_goals_of_others_are_baseline_and_open() -> None:
    verdict = judge_text(parse(BASE), parse(BASE), NOTHING, target="SizePositive")
    assert verdict.objections == ()
    assert verdict.open == {"SumGrows", "Total"}


def test_without_an_original_every_cheat_counts() -> None:
    assert rules(None, ASSUMING) >= {"attribute-axiom", "bodyless-lemma", "bodyless-method", "requires-false"}
    assert rules(None, "method M(x: int) returns (y: int) ensures y == x { y := x; }") == set()
    assert rules(None, "method M() { } }") == {"unreadable"}


@pytest.mark.parametrize("measure", ["*", "{:nowarn} *", "1, *", "{ :nowarn} n, *", "n, *, m"])
def test_giving_up_termination_is_seen_wherever_the_star_stands(measure: str) -> None:
    assert "decreases-star" in rules(None, f"method M(n: nat, m: nat) ensures false decreases {measure} {{ }}")


@pytest.mark.parametrize("measure", ["n * m", "2 * (n - 1), {n} * {m}", "|s| * 2, if n > 0 then n * n else m"])
def test_a_product_gives_nothing_up(measure: str) -> None:
    assert rules(None, f"method M(n: nat, m: nat, s: set<int>) decreases {measure} {{ }}") == set()


def test_without_an_original_the_cheats_of_included_files_count_as_well(tmp_path: Path) -> None:
    (tmp_path / "lib.dfy").write_text("lemma Evil() ensures false\n")
    program = parse('include "lib.dfy"\nlemma L() ensures false { Evil(); }')
    found = judge_text(None, program, read_surroundings(program, tmp_path)).objections
    assert [(o.rule, o.line) for o in found] == [("bodyless-lemma", None)]
    assert "lib.dfy, line 1" in found[0].message


def test_a_path_with_escapes_is_not_looked_up(tmp_path: Path) -> None:
    # The verifier would open the file of that very name, which need not be the one that was looked through.
    (tmp_path / "lib.dfy").write_text("lemma Fine() { }\n")
    program = parse('include "l\\u0069b.dfy"')
    assert read_surroundings(program, tmp_path).missing == ("l\\u0069b.dfy: write the path without `\\`",)


def test_words_inside_comments_and_strings_are_no_cheats() -> None:
    assert rules(None, 'method M() { print "assume {:axiom}"; /* assume false; */ } // {:verify false}') == set()


def test_harmless_attributes_of_a_users_file_are_not_mentioned() -> None:
    text = 'newtype {:nativeType "int"} T = x: int | 0 <= x < 9\nmethod {:tailrecursion} M() { }'
    assert judge_text(parse(text), parse(text), NOTHING).baseline == ()


def test_included_files_are_read_and_their_cheats_are_baseline(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "lib.dfy").write_text('include "sub/more.dfy"\nlemma L() ensures 1 > 2')
    (tmp_path / "sub" / "more.dfy").write_text("method {:verify false} V() { }")
    original = parse('include "lib.dfy"\nmethod M() { }')
    found = read_surroundings(original, tmp_path)
    assert [f.shown for f in found.files] == ["lib.dfy", "sub/more.dfy"]
    verdict = judge_text(original, original, found)
    assert verdict.objections == ()
    assert [b.split(":")[0] for b in verdict.baseline] == [
        "bodyless-lemma in L (lib.dfy, line 2)",
        "verify-false in V (sub/more.dfy, line 1)",
    ]
    assert found.unchanged()
    (tmp_path / "lib.dfy").write_text("lemma L() ensures 1 > 3")
    assert not found.unchanged()


def test_an_include_that_is_not_there_is_told(tmp_path: Path) -> None:
    program = parse('include "nowhere.dfy"\nmethod M() { }')
    assert read_surroundings(program, tmp_path).missing == ("nowhere.dfy: No such file or directory",)
    assert "no folder" in read_surroundings(program, None).missing[0]


def test_an_insertion_next_to_a_baseline_cheat_is_still_accepted() -> None:
    assert rules(BASE, edited(*PROVED, ("  case Leaf => 1\n", "  case Leaf => assert true; 1\n"))) == set()
