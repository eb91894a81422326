"""What each construct of Dafny 4.x becomes in Dafny 2.3."""

import pytest

from dafny_env.dialect.context import Unsupported
from dafny_env.dialect.patterns import is_misread
from dafny_env.dialect.rewrite import Translation, plain_functions_are_compiled, to_v2

LIST = "datatype L = N | C(h: int, t: L) "


def translate(text: str, *demoted: str) -> Translation:
    found = to_v2(text, frozenset(demoted))
    assert isinstance(found, Translation), found
    return found


def same(text: str, expected: str, *demoted: str) -> None:
    assert translate(text, *demoted).text.split() == expected.split()


@pytest.mark.parametrize(
    ("four", "two"),
    [
        ("ghost function f(): int { 1 }", "function f(): int { 1 }"),
        ("ghost predicate p() { true }", "predicate p() { true }"),
        ("function f(): int { 1 }", "function method f(): int { 1 }"),
        ("class A { static predicate p() { true } }", "class A { static predicate method p() { true } }"),
        ("opaque function f(): int { 1 }", "function method {:opaque} f(): int { 1 }"),
        ("ghost opaque predicate p() { true }", "predicate {:opaque} p() { true }"),
        ("twostate predicate p() { true }", "twostate predicate p() { true }"),
        ("least predicate P[nat](x: int) { true }", "inductive predicate P[nat](x: int) { true }"),
        ("greatest predicate P(x: int) { true }", "copredicate P(x: int) { true }"),
        ("least lemma L(x: int) { }", "inductive lemma L(x: int) { }"),
        ("greatest lemma L(x: int) { }", "colemma L(x: int) { }"),
        ("ghost function f(ghost x: int): int { x }", "function f( x: int): int { x }"),
        ("method m<T(00)>() { }", "method m<T(0)>() { }"),
        ("ghost datatype D = D", "datatype D = D"),
        ("trait T extends object { }", "trait T { }"),
        ("module M { import A.B }", "module M { import B = A.B }"),
    ],
)
def test_declarations(four: str, two: str) -> None:
    same(four, two)


def test_a_demoted_function_stays_ghost() -> None:
    same("module M { function f(): int { 1 } }", "module M { function f(): int { 1 } }", "M.f")


def test_functions_stay_ghost_where_compiled_ones_say_so() -> None:
    text = "function f(): int { 1 } function method g(): int { 1 } method m() { for i := 0 to 3 { } }"
    assert not plain_functions_are_compiled(text)
    assert "function f()" in translate(text).text


@pytest.mark.parametrize(
    ("four", "two"),
    [
        ("lemma l() { reveal f; } ghost function f(): int { 1 }", "lemma l() { reveal f(); } function f(): int { 1 }"),
        (
            "lemma l() { reveal f(), L; } ghost function f(): int { 1 }",
            "lemma l() { reveal f(), L; } function f(): int { 1 }",
        ),
        ("method m() { expect 1 == 1; }", "method m() { assert 1 == 1; }"),
        ('method m() { expect (1 == 1), ("a" + "b"); }', "method m() { assert (1 == 1); }"),
        (r"const c := '\U{41}'", "const c := 'A'"),
    ],
)
def test_small_things(four: str, two: str) -> None:
    same(four, two)


def test_named_arguments_in_order_lose_their_names() -> None:
    same("datatype P = P(x: int, y: int) const p := P(1, y := 2)", "datatype P = P(x: int, y: int) const p := P(1, 2)")


@pytest.mark.parametrize(
    ("four", "two"),
    [
        ("forall x <- s :: x > 0", "forall x | x in ( s) :: x > 0"),
        ("exists x: nat <- (s) | x > 1 || x < 0 :: true", "exists x: nat | x in ( (s)) && ( x > 1 || x < 0) :: true"),
        ("forall x <- s, y <- f(x) :: x < y", "forall x | x in ( s) :: forall y | y in ( f(x)) :: x < y"),
        ("(set x <- s) == {}", "(set x | x in ( s)) == {}"),
        ("(map x <- s :: x + 1) == map[]", "(map x | x in ( s) :: x + 1) == map[]"),
        ("forall x, y | x in s && y in s :: x < y", "forall x, y | x in s && y in s :: x < y"),
    ],
)
def test_domains_of_bound_variables(four: str, two: str) -> None:
    same(f"lemma l(s: set<int>) {{ assert {four}; }}", f"lemma l(s: set<int>) {{ assert {two}; }}")


def test_sequence_comprehensions_call_a_helper_per_module() -> None:
    found = translate(
        "module M { ghost function f(): seq<int> { seq(2, i => i) } }\nlemma l() { assert |seq(3, g)| == 3; }"
    )
    module, outside, helper = found.text.split("\n")
    assert "{ Seq'(2, (i: nat) => i) }" in module and module.rstrip("}").count("function method Seq'<T>") == 1
    assert outside == "lemma l() { assert |Seq'(3, g)| == 3; }"
    assert helper.startswith("function method Seq'<T>")
    assert found.helpers == {"Seq'"}


def test_sequence_comprehensions_that_read_the_heap_call_another_helper() -> None:
    found = translate("ghost function f(a: array<int>): seq<int> reads a { seq(1, i reads a => a[i]) }\n")
    assert "SeqReads'(1, (i: nat) reads a => a[i])" in found.text and found.helpers == {"SeqReads'"}


def test_arithmetic_of_maps_calls_helpers() -> None:
    text = "ghost function f(m: map<int, int>, s: set<int>): map<int, int> { m + map[1 := 2] - s }\n"
    assert "{ MapMinus'(MapPlus'(m , map[1 := 2]) , s) }" in translate(text).text


def test_arithmetic_of_numbers_stays() -> None:
    same("lemma l(x: int) { assert x + 1 - x == 1; }", "lemma l(x: int) { assert x + 1 - x == 1; }")


# --------------------------------------------------------------------------------------------------------------- loops


def test_for_loops_become_while_loops_with_their_bounds() -> None:
    same(
        "method m(n: nat) { for i := 0 to n invariant P(i) { f(i); } }",
        "method m(n: nat) { { var i := 0 ; var i'first, i'end := i, n; while i < i'end invariant i'first <= i <= i'end "
        "invariant P(i) { f(i); i := i + 1; } } }",
    )


def test_loops_downwards_step_first() -> None:
    same(
        "method m(n: nat) { for i: nat := n downto 0 { f(i); } }",
        "method m(n: nat) { { var i: nat := n ; var i'first, i'end := i, 0; while i'end < i "
        "invariant i'end <= i <= i'first { i := i - 1; f(i); } } }",
    )


def test_continue_breaks_out_of_the_rest_of_the_body() -> None:
    same(
        "method m() { while c { if d { continue; } e(); } }",
        "method m() { while c { label next'1: { if d { break next'1; } e(); } } }",
    )


def test_continue_of_an_outer_loop() -> None:
    same(
        "method m() { label A: while c { while d { continue A; } } }",
        "method m() { label A: while c { label next'1: { while d { break next'1; } } } }",
    )


# ------------------------------------------------------------------------------------------------------------- members


def test_members_of_datatypes_are_lifted() -> None:
    same(
        "datatype L<T> = N | C(h: T, t: L<T>)\n{\n  function len(): nat { if N? then 0 else 1 + t.len() }\n}\n"
        "lemma l(a: L<int>) ensures a.t.len() >= 0 { }",
        "datatype L<T> = N | C(h: T, t: L<T>)\n function method L'len<T>(this': L<T>): nat "
        "{ if this'.N? then 0 else 1 + L'len(this'.t) }\n lemma l(a: L<int>) ensures L'len(a.t) >= 0 { }",
    )


def test_bound_names_are_no_fields() -> None:
    found = translate(
        "datatype L = N | C(h: int, t: L) { ghost predicate p(x: int) { match this case N => h(x) case C(h, u) =>"
        " (forall t :: t in {h}) && t.p(h) } }"
    )
    assert "case C(h, u) => (forall t :: t in {h}) && L'p(this'.t, h)" in found.text
    assert "match this' case N => this'.h(x)" in found.text


def test_members_call_each_other_without_a_receiver() -> None:
    found = translate(
        "datatype D = D { function f(x: int): int { g() + h(1) } static function g(): int { 1 } "
        "function h(x: int): int { x } }"
    )
    assert "D'f(this': D, x: int): int { D'g() + D'h(this', 1) }" in found.text


def test_static_members_have_no_receiver() -> None:
    found = translate("datatype D = D { static function g(): int { 1 } } lemma l() { assert D.g() == 1; }")
    assert "function method D'g(): int { 1 }" in found.text and "assert D'g() == 1;" in found.text


def test_members_of_one_name_are_told_apart_by_types() -> None:
    found = translate(
        "datatype A = A { function f(): int { 1 } } datatype B = B(a: A) { function f(): int { a.f() } }\n"
        "lemma l(b: B, s: seq<A>) { var c := b; assert c.f() == c.a.f() == s[0].f(); }"
    )
    assert "{ A'f(this'.a) }" in found.text
    assert "assert B'f(c) == A'f(c.a) == A'f(s[0]);" in found.text


def test_members_keep_their_names_for_the_user() -> None:
    found = translate("module M { datatype D = D { function f(): int { 1 } } }")
    assert found.renamed == {"M.D.f": "M.D'f"}
    assert found.original_name("M.D'f") == "M.D.f" and found.original_name("M.g") == "M.g"
    assert found.original_message("call of D'f might fail") == "call of D.f might fail"


def test_members_are_reached_from_other_modules() -> None:
    base = "module A { datatype D = D { function f(): int { 1 } } }\n"
    assert "A.D'f(d)" in translate(base + "module B { import A lemma l(d: A.D) ensures d.f() == 1 { } }").text
    assert (
        "{ D'f(d)" in translate(base + "module B { import opened A lemma l(d: D) { assert true; { D'f(d); } } }").text
    )
    assert "X.D'f(d)" in translate(base + "module B { import X = A lemma l(d: X.D) ensures d.f() == 1 { } }").text


# ------------------------------------------------------------------------------------------------------------- matches


def test_matches_that_2_3_reads_stay() -> None:
    text = LIST + "ghost function f(l: L): int { match l case N => 0 case C(a, N) => 1 case C(a, C(b, t)) => 2 }"
    same(text, text.replace("ghost ", ""))


def test_literal_patterns_become_a_chain() -> None:
    same(
        "ghost function f(x: int): int { match x { case 0 => 1 case 1 | 2 => 3 case y => y } }",
        "function f(x: int): int { ( if x == 0 then 1 else if (x == 1 || x == 2) then 3 else var y := x; y ) }",
    )


def test_wildcards_for_cases_become_a_chain() -> None:
    same(
        LIST + "lemma l(x: L) { match x.t case C(a, _) => f(a); case _ => }",
        LIST + "lemma l(x: L) { { var match'1 := x.t; if match'1.C? { var C(a, _) := match'1; f(a); } else { }} }",
    )


def test_the_last_case_asserts_that_it_matches() -> None:
    same(
        LIST + "ghost function f(x: L): int { match x case N => 0 case C(0, _) => 1 case C(a, _) => a }",
        LIST + "function f(x: L): int { ( if x.N? then 0 else if x.C? && x.h == 0 then 1 "
        "else assert x.C?; var C(a, _) := x; a) }",
    )


def test_bare_constructors_inside_those_of_another_datatype_become_a_chain() -> None:
    base = "datatype C = A | B datatype R = S(v: C) | F "
    assert is_misread(base + "lemma l(r: R) { match r case S(A) => case F => }")
    assert not is_misread(base + "lemma l(r: R) { match r case S(A()) => case S(b) => case F => }")
    assert not is_misread(LIST + "lemma l(x: L) { match x case C(_, N) => case y => }")
    same(
        base + "ghost function f(r: R): int { match r case S(A) => 1 case S(B) => 2 case F => 3 }",
        base + "function f(r: R): int { ( if r.S? && r.v.A? then 1 else if r.S? && r.v.B? then 2 "
        "else assert r.F?; 3) }",
    )


def test_variables_of_patterns_may_be_assigned() -> None:
    same(
        LIST + "method m(l: L) { match l case N => case C(a, _) => a := 2; }",
        LIST + "method m(l: L) { { if l.N? { } else { assert l.C?; var C(a, _) := l; a := 2; }} }",
    )


def test_tuples_of_variables_are_tested_one_by_one() -> None:
    same(
        LIST + "ghost function f(x: L, y: L): int { match (x, y) case (N, _) => 0 case (y, x) => g(x, y) }",
        LIST + "function f(x: L, y: L): int { ( if x.N? then 0 else var (y, x) := (x, y); g(x, y)) }",
    )


def test_of_characters_only_what_both_dialects_agree_on_is_known() -> None:
    text = translate("function F(c: char, n: int): char { (c as int + n) as char }").text
    assert "{ IntToChar'((CharToInt'(c ) + n) ) }" in text
    assert "c <= '\\uD7FF' ==> CharToInt'(c) == c as int" in text  # not: c as int < 0x10000
    assert "requires 0 <= n < 0xD800" in text
    text = translate("function F(s: string): int requires |s| > 0 { s[0] as int - '0' as int }").text
    assert "CharToInt'(s[0] ) - '0' as int" in text
    untouched = "ghost function H(n: int, s: string): real { n as real }"
    same(untouched, untouched.replace("ghost", ""))


def test_dafny_3_has_the_characters_of_2_3() -> None:
    text = "function method F(c: char): int { c as int }"
    same(text, text)


# ------------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("method m()\n{ var x :- f(); }", "assignments with `:-`"),
        ("\nfunction f(): int { 1 } by method { return 1; }", "functions by method"),
        ("\nfunction f(x: int := 1): int { x }", "default values of parameters"),
        ("\nfunction f(nameonly x: int): int { x }", "nameonly parameters"),
        ("lemma l(x: object)\n{ assert x is object; }", "type tests with `is`"),
        ("\ntype T = x: int | false witness *", "types with `witness *`"),
        ("function f(c: char, d: char): char\n{ c + d }", "arithmetic on characters"),
        ("function f(c: char): int\n{ c as int } lemma l() { assert forall x :: x == 'a' ==> x as int > 0; }", None),
        ("method m()\n{ for i := 0 to * { } }", "for loops without an end (`to *`)"),
        ("method m()\n{ for i := 0 to 3 { i := 4; } }", "assignments to the index of a for loop"),
        ("method m(i: int)\n{ for i := 0 to i { } }", None),
        ("datatype D = D { function f(): int { 1 } }\nlemma l(d: D) { var g := d.f; }", None),
        (
            "const k := 1 ghost function f(x: int): int\n{ match x case k => 1 case _ => 2 }",
            "constants as match patterns",
        ),
        ("datatype P = P(x: int, y: int)\nconst p := P(y := 1, x := 2)", None),
        ("lemma l(s: set<int>)\n{ assert (set x <- s, y <- s :: x + y) == {}; }", None),
    ],
)
def test_what_2_3_lacks_is_refused_with_its_line(text: str, construct: str | None) -> None:
    found = to_v2(text)
    assert isinstance(found, Unsupported)
    assert found.line == 2 and "at line 2" in found.reason
    assert construct is None or found.construct == construct
