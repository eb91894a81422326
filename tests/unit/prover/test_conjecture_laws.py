"""Which lemmas are conjectured of the functions that a goal speaks of: laws, bounds, cases; tested on small inputs."""

from conjecture_scenes import ALL_OF_THEM, LISTS, POWER, SUM, SUM_FROM_BACK, conjectured, setting

from prover.policy.symbolic.conjecture.choose import conjectures
from prover.policy.symbolic.conjecture.lab import Lab
from prover.policy.symbolic.conjecture.recursion import recursive_functions

# ------------------------------------------------------------------------------------------------------------ sequences


def test_a_sum_from_the_front_has_laws_at_its_back() -> None:
    found = conjectured(f"{SUM}lemma Goal(s: seq<int>) ensures Sum(s) == 0")
    assert "Sum(s + [x]) == x + Sum(s)" in found
    assert "Sum(s + t) == Sum(s) + Sum(t)" in found
    assert "n < |s| ==> Sum(s) == s[n] + Sum(s[..n] + s[n + 1..])" in found


def test_a_sum_from_the_back_has_laws_at_its_front() -> None:
    found = conjectured(f"{SUM_FROM_BACK}lemma Goal(s: seq<int>) ensures Sum(s) == 0")
    assert "Sum([x] + s) == x + Sum(s)" in found
    assert not any(text.startswith("Sum(s + [x])") for text in found), "that is its definition"


def test_what_a_function_makes_of_an_element_is_part_of_the_law() -> None:
    count = "function Count(s: seq<int>): nat { if |s| == 0 then 0 else (if s[0] > 7 then 1 else 0) + Count(s[1..]) }\n"
    found = conjectured(f"{count}lemma Goal(s: seq<int>) ensures Count(s) == 0")
    assert "Count(s + [x]) == Count(s) + if x > 7 then 1 else 0" in found
    assert "Count(s) <= |s|" in found


def test_a_maximum_is_told_by_cases_where_it_is_defined() -> None:
    maximum = """\
function Max(s: seq<int>): int requires |s| > 0 {
  if |s| == 1 then s[0] else if s[0] > Max(s[1..]) then s[0] else Max(s[1..])
}
"""
    found = conjectured(f"{maximum}lemma Goal(s: seq<int>) requires |s| > 0 ensures Max(s) == 0")
    assert "|s| > 0 && |s + [x]| > 0 ==> Max(s + [x]) == if x > Max(s) then x else Max(s)" in found


def test_another_function_of_the_file_may_be_needed_for_the_other_side() -> None:
    poly = """\
function Poly(s: seq<int>, x: int): int {
  if |s| == 0 then 0 else s[0] * Power(x, |s| - 1) + Poly(s[1..], x)
}
"""
    found = conjectured(f"{POWER}{poly}lemma Goal(s: seq<int>, x: int) ensures Poly(s, x) == 0")
    assert "Poly(s + [x], y) == y * Poly(s, y) + x" in found
    assert "Poly(s + t, x) == Poly(s, x) * Power(x, |t|) + Poly(t, x)" in found


# -------------------------------------------------------------------------------------------------------------- numbers


def test_powers_of_sums_products_and_doubles() -> None:
    found = conjectured(f"{POWER}lemma Goal(b: int, e: nat) ensures Power(b, e) > 0")
    assert "Power(x, n + m) == Power(x, n) * Power(x, m)" in found
    assert "Power(x * y, n) == Power(x, n) * Power(y, n)" in found
    assert "Power(x, n * m) == Power(Power(x, n), m)" in found


def test_a_range_may_be_taken_apart_at_its_other_end_and_in_the_middle() -> None:
    text = (
        "function Sum(lo: int, hi: int): int decreases hi - lo { if lo >= hi then 0 else lo * lo + Sum(lo + 1, hi) }\n"
    )
    found = conjectured(f"{text}lemma Goal(n: int) ensures Sum(0, n) >= 0")
    assert any(f.endswith("Sum(x, y) == Sum(x, y - 1) + Sum(y - 1, y)") for f in found)
    assert any(f.endswith("Sum(x, y) == Sum(x, z) + Sum(z, y)") for f in found)


def test_closed_forms_growth_and_bounds() -> None:
    text = "function Odd(n: nat): nat { if n == 0 then 0 else Odd(n - 1) + 2 * n - 1 }\n"
    found = conjectured(f"{text}lemma Goal(n: nat) ensures Odd(n) > 0")
    assert "Odd(n) == n * n" in found
    assert "n <= m ==> Odd(n) <= Odd(m)" in found
    assert "Odd(n) >= n" in found


def test_a_predicate_without_an_equivalent_is_implied_by_itself_of_the_parts() -> None:
    text = """\
predicate Measures(rod: nat, length: nat) requires rod > 0 {
  length == 0 || (rod <= length && Measures(rod, length - rod))
}
"""
    found = conjectured(f"{text}lemma Goal(r: nat, n: nat) requires r > 0 ensures !Measures(r, n)")
    assert "n > 0 && Measures(n, k) && Measures(n, m) ==> Measures(n, m + k)" in found


# ----------------------------------------------------------------------------------------------------- lists and others


def test_laws_of_lists() -> None:
    found = conjectured(LISTS + ALL_OF_THEM)
    assert "RevOnto(a, b) == Append(Rev(a), b)" in found
    assert "Append(Append(a, b), c) == Append(a, Append(b, c))" in found
    assert "Append(a, Nil) == a" in found
    assert "Rev(Rev(a)) == a" in found
    assert "Rev(Append(a, b)) == Append(Rev(b), Rev(a))" in found
    assert "Length(Append(a, b)) == Length(a) + Length(b)" in found
    assert "Length(Rev(a)) == Length(a)" in found


def test_laws_of_generic_lists_have_type_parameters() -> None:
    text = """\
datatype Chain<A> = End | Link(first: A, rest: Chain<A>)
function Join<B>(a: Chain<B>, b: Chain<B>): Chain<B> {
  match a case End => b case Link(x, more) => Link(x, Join(more, b))
}
lemma Goal<C>(a: Chain<C>) ensures Join(a, End) == a
"""
    there = setting(text)
    found = {n.name: n.conjecture for n in conjectures(there, recursive_functions(there), [], Lab(there))}
    assert found["JoinTwice"].text("L").splitlines()[0] == "lemma L<T>(a: Chain<T>, b: Chain<T>, c: Chain<T>)"


def test_a_machine_that_is_fed_what_a_compiler_makes() -> None:
    text = """\
datatype Expr = Num(n: int) | Plus(l: Expr, r: Expr)
function Eval(e: Expr): int { match e case Num(n) => n case Plus(l, r) => Eval(l) + Eval(r) }
function Code(e: Expr): seq<int> { match e case Num(n) => [n] case Plus(l, r) => Code(l) + Code(r) + [0] }
function Total(code: seq<int>, sofar: int): int { if |code| == 0 then sofar else Total(code[1..], sofar + code[0]) }
lemma Goal(e: Expr) ensures Total(Code(e), 0) == Eval(e)
"""
    assert "Total(Code(a) + s, x) == Total(s, Eval(a) + x)" in conjectured(text)


# ---------------------------------------------------------------------------------------------------- what is left out


def test_what_the_file_states_is_not_conjectured_again() -> None:
    stated = "lemma Known(p: seq<int>, q: seq<int>) ensures Sum(p) + Sum(q) == Sum(p + q)\n"
    found = conjectured(f"{SUM}{stated}lemma Goal(s: seq<int>) ensures Sum(s) == 0")
    assert "Sum(s + t) == Sum(s) + Sum(t)" not in found


def test_what_is_false_on_small_inputs_is_not_conjectured() -> None:
    product = "function Product(s: seq<int>): int { if |s| == 0 then 2 else s[0] * Product(s[1..]) }\n"
    found = conjectured(f"{product}lemma Goal(s: seq<int>) ensures Product(s) == 0")
    assert "Product(s + t) == Product(s) * Product(t)" not in found


def test_statements_have_names_of_their_own_and_equal_ones_equal_texts() -> None:
    first = conjectured(f"{SUM}lemma Goal(numbers: seq<int>) ensures Sum(numbers) == 0")
    second = conjectured(f"{SUM}lemma Other(s: seq<int>, x: int) ensures Sum(s) > x")
    assert first == second


def test_variables_hide_no_function() -> None:
    text = SUM.replace("Sum", "s").replace("s: seq", "list: seq").replace("|s|", "|list|").replace("s[", "list[")
    found = conjectured(f"{text}lemma Goal(list: seq<int>) ensures s(list) == 0")
    assert "s(t + u) == s(t) + s(u)" in found
