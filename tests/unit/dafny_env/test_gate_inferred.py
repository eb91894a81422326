"""What is not written down must be inferred in a candidate as it is in the original."""

import pytest

from dafny_env.gate.inferred import changed_types, leaves_types_open
from dafny_env.syntax.parser import parse

LEMMA = "predicate P(n: nat) { true }\n"


def is_open(body: str, inserted: str, rest: str = LEMMA) -> bool:
    return leaves_types_open(parse(rest + body.replace("HERE", "")), parse(rest + body.replace("HERE", inserted)))


@pytest.mark.parametrize(
    "body",
    [
        "method M() returns (r: int) { var y := *; HERE r := y; }",
        "method M() returns (r: int) { var y; HERE r := y; }",
        "method M() returns (r: int) { var y := 0; y := *; HERE r := y; }",
        "method M(s: set<int>) returns (r: int) { var y :| y in s; HERE r := y; }",
        "method M(s: set<int>) returns (r: int) { if y :| y in s { HERE r := y; } }",
        "method M(s: set<int>) { var t := set x | x in s; HERE }",
        "method M(a: array<int>) modifies a { forall i | -1 <= i < 3 { HERE a[i + 1] := 0; } }",
        "method Any<T>() returns (t: T) method M() returns (r: int) { var y := Any(); HERE r := y; }",
        "predicate Q() { exists x :: (HERE x < 0) }",
    ],
)
def test_what_is_chosen_by_its_type_is_looked_at(body: str) -> None:
    assert is_open(body, "assert P(3);")
    assert not is_open(body, "")


@pytest.mark.parametrize(
    "body",
    [
        "method M(n: nat) returns (r: int) { var i := 0; while i < n { HERE i := i + 1; } r := i; }",
        "method M(s: set<int>) returns (r: int) { var y: int :| y in s; HERE r := y; }",
        "method M(s: set<int>) ensures forall x :: x in s ==> x in s { HERE }",
        "lemma M(s: set<int>) { var y :| y in s; HERE }",
    ],
)
def test_what_is_written_down_or_given_is_not(body: str) -> None:
    assert not is_open(body, "assert P(3);")


def test_literals_are_looked_at_where_there_are_several_kinds_of_numbers() -> None:
    body = "method M() returns (b: bool) { var x := 0; HERE b := x - 1 > 0; }"
    assert is_open(body, "assert x == (0 as bv8);")
    assert is_open(body, "assert true;", "newtype T = x: int | 0 <= x < 10\n")
    assert not is_open(body, "assert true;")


def change(before: str, after: str) -> list[tuple[str, str, str]] | None:
    found = changed_types(before, after)
    return None if found is None else [(c.name, c.before, c.after) for c in found]


def test_another_type_is_found_in_the_prints() -> None:
    assert change(
        "method M() { var x: int := 0; x := x - 1; }",
        "method M()\n  decreases 3\n{ var x: bv8 := 0; assert x == 0 as bv8; x := x - 1; }",
    ) == [("x", "int", "bv8")]
    assert change(
        "predicate Q() { exists x: int :: x < 0 }", "predicate Q() { exists x: nat :: assert P(x); x < 0 }"
    ) == [("x", "int", "nat")]


def test_values_that_are_given_may_count_as_a_subset_of_their_type() -> None:
    types = "type Even = x: int | x % 2 == 0\n"
    assert (
        change(
            f"{types}method M(n: nat) {{ var x: int := n; }}",
            f"{types}method M(n: nat) {{ var x: nat := n; assert P(x); }}",
        )
        == []
    )
    assert (
        change(f"{types}method M() {{ var x: set<int> := S(); }}", f"{types}method M() {{ var x: set<Even> := S(); }}")
        == []
    )
    assert (
        change("method M(s: set<int>) { var x: int :| x in s; }", "method M(s: set<int>) { var x: nat :| x in s; }")
        != []
    )


def test_what_prints_add_of_their_own_is_left_aside() -> None:
    before = "method M(s: seq<int>) { assert forall i: int {:trigger s[i]} :: i < 3 ==> s[i] == s[i]; }"
    own = before.replace("i: int {:trigger s[i]}", "i: int, _t#0: int {:trigger s[_t#0]}")
    assert change(own, own.replace("_t#0", "_t#1")) == []
    assert change(before, own) is None
    assert change(before, before.replace("{:trigger s[i]} ", "").replace(" {", "\ndecreases s {", 1)) == []


def test_variables_of_proofs_do_not_matter() -> None:
    assert change("lemma L() { var x: int := 0; }", "lemma L() { var x: bv8 := 0; assert x == 0; }") == []


def test_prints_that_cannot_be_compared_are_told_apart_from_equal_ones() -> None:
    assert change("", "") is None
    assert change("method M() { var x: int := 0; }", "method M() { }") is None
