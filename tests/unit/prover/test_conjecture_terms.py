"""Where conjectures are needed: what code does to terms, which terms a lemma speaks of, and what is called there."""

import pytest
from conjecture_scenes import LISTS, POWER, SUM, setting
from policy_scenes import expression, scene

from dafny_env.syntax import ast
from prover.policy.symbolic.conjecture.choose import conjectures
from prover.policy.symbolic.conjecture.lab import Lab
from prover.policy.symbolic.conjecture.matching import matches, says, tidy
from prover.policy.symbolic.conjecture.paths import paths
from prover.policy.symbolic.conjecture.recursion import Move, recursive_functions, shape_of
from prover.policy.symbolic.conjecture.relevance import hypotheses, relevant
from prover.policy.symbolic.conjecture.statement import Conjecture, conjecture
from prover.policy.symbolic.conjecture.wanted import Place, places
from prover.policy.symbolic.view import printed


def lemma(text: str) -> Conjecture:
    """A conjecture from the text of a lemma about one thing."""
    there = scene(text)
    (ensures,) = (e for c in there.decl.clauses_of("ensures") for e in c.exprs)
    requires = tuple(e for c in there.decl.clauses_of("requires") for e in c.exprs)
    return Conjecture("L", there.decl.params, requires, ensures)


# ---------------------------------------------------------------------------------------------------------- statements


def test_equal_statements_are_equal_whatever_their_variables_are_called() -> None:
    table = scene(SUM).table
    made = []
    for first, second in (("p", "q"), ("t", "s"), ("s", "t")):
        types = {first: ast.Type("seq", (ast.Type("int"),)), second: ast.Type("seq", (ast.Type("int"),))}
        made.append(conjecture("SumAppend", types, (), expression(f"Sum({first} + {second}) == Sum({first})"), table))
    assert made[0] == made[1] == made[2]
    assert made[0].text("L") == "lemma L(s: seq<int>, t: seq<int>)\n  ensures Sum(s + t) == Sum(s)"


def test_what_others_need_to_have_a_value_is_required_first() -> None:
    there = scene("predicate P(n: nat) requires n > 0 { true }\nlemma L(n: nat) ensures P(n)")
    requires = [expression("P(n)"), expression("n > 0")]
    made = conjecture("P", {"n": ast.Type("nat")}, requires, expression("P(2 * n)"), there.table)
    assert [printed(e) for e in made.requires] == ["n > 0", "P(n)"]


# ------------------------------------------------------------------------------------------------------------ recursion


@pytest.mark.parametrize(
    ("body", "moves"),
    [
        ("if |s| == 0 then n else F(s[1..], n)", (Move.FRONT, Move.SAME)),
        ("if |s| == 0 then n else F(s[..|s| - 1], n + 1)", (Move.BACK, Move.UP)),
        ("if n == 0 then 0 else F(s, n - 1)", (Move.SAME, Move.DOWN)),
        ("if n < 2 then 0 else F(s + s, n / 2)", (Move.OTHER, Move.LESS)),
    ],
)
def test_what_becomes_of_the_arguments(body: str, moves: tuple[Move, ...]) -> None:
    there = setting(f"function F(s: seq<int>, n: int): int {{ {body} }}\nlemma Goal(n: int) ensures F([], n) == 0")
    (function,) = recursive_functions(there)
    assert shape_of(function, there.table).calls[0].moves == moves


def test_accumulators_gather_while_something_else_is_taken_apart() -> None:
    there = setting(f"{LISTS}lemma Goal(a: List) ensures RevOnto(a, Nil) == a")
    by_name = {f.name: f for f in recursive_functions(there)}
    assert by_name["RevOnto"].gathers == (1,) and by_name["RevOnto"].descending == (0,)


# ---------------------------------------------------------------------------------------------------------------- paths


def through(body: str, header: str = "(x: int, n: int) returns (r: int)") -> list[tuple[str, str]]:
    """The conditions and the final value of r, for each way through a method's body."""
    there = scene(f"{POWER}method M{header}\n{{\n{body}\n}}\n")
    assert isinstance(there.decl.body, ast.Block)
    found = paths(there.decl.body.body, there.decl, there.table)
    return [(" && ".join(map(printed, p.conditions)), printed(p.told(ast.Name("r")))) for p in found]


def test_assignments_are_told_in_the_variables_at_the_start() -> None:
    assert through("r := x; r := r * r; var y := r + n; r := y;") == [("", "x * x + n")]


def test_several_variables_are_assigned_at_once() -> None:
    assert through("var a, b := x, n; a, b := b, a; r := a - b;") == [("", "n - x")]


def test_branches_are_ways_of_their_own() -> None:
    assert through("r := x; if n % 2 == 1 { r := r + 1; } else { return 0; }") == [
        ("n % 2 == 1", "x + 1"),
        ("n % 2 != 1", "0"),
    ]


def test_what_a_loop_assigns_is_forgotten() -> None:
    ((_, value),) = through("r := 0; while r < n { r := r + 1; }")
    assert "?" in value


def test_what_a_called_method_ensures_of_its_result_is_its_value() -> None:
    text = """\
method Half(n: nat) returns (h: nat) ensures h == n / 2 { h := n / 2; }
method M(n: nat) returns (r: nat) { var k := Half(n + 1); r := k * k; }
"""
    there = scene(text)
    assert isinstance(there.decl.body, ast.Block)
    (path,) = paths(there.decl.body.body, there.decl, there.table)
    assert printed(path.told(ast.Name("r"))) == "(n + 1) / 2 * ((n + 1) / 2)"


# ------------------------------------------------------------------------------------------------------------- matching


def calls(conjecture: Conjecture, term: str) -> list[str]:
    """The arguments with which a conjecture is called for a term."""
    found = []
    for match in matches(conjecture, expression(term)):
        found.append(", ".join(printed(match.of(ast.Name(p.name))) for p in conjecture.params))
    return found


SNOC = "lemma L(s: seq<int>, x: int) ensures Sum(s + [x]) == Sum(s) + x"


def test_one_element_more_is_found_at_the_end_of_a_prefix() -> None:
    assert "a[..i], a[i]" in calls(lemma(SNOC), "Sum(a[..i + 1])")


def test_what_a_match_is_modulo_is_told() -> None:
    needed = [printed(e) for m in matches(lemma(SNOC), expression("Sum(a[..i + 1])")) for e in m.needed]
    assert needed == ["a[..i + 1] == a[..i] + [a[i]]"]


def test_the_rest_of_a_sum_is_what_is_left_however_it_is_put_together() -> None:
    fed = lemma("lemma L(e: int, s: seq<int>) ensures Run(Code(e) + s) == e")
    assert calls(fed, "Run(Code(1) + Code(2) + [3] + t)") == ["1, Code(2) + [3] + t"]
    assert calls(fed, "Run(Code(1))") == ["1, []"]


def test_a_statement_says_its_own_cases_and_the_equation_turned_round() -> None:
    general = lemma("lemma L(a: int, b: int) ensures F(a + b) == F(a) + F(b)")
    assert says(general, lemma("lemma M(n: int) ensures F(n) + F(1) == F(n + 1)"))
    assert not says(general, lemma("lemma M(n: int) ensures F(n) + F(1) == F(n - 1)"))


def test_indices_are_summed_up() -> None:
    assert printed(tidy(expression("i + 1 - 1"))) == "i"


# ------------------------------------------------------------------------------------------------------- what is needed

FAST = f"""{POWER}
method Fast(b: int, e: nat) returns (p: int)
  ensures p == Power(b, e)
{{
  p := 1;
  var x, k := b, e;
  while k > 0
    invariant p * Power(x, k) == Power(b, e)
  {{
    if k % 2 == 1 {{ p := p * x; }}
    x, k := x * x, k / 2;
  }}
}}
"""


def needed(text: str) -> tuple[list[Place], dict[str, str]]:
    """The places of a goal, and the lemmas that it needs with the first call of each."""
    there = setting(text)
    functions = recursive_functions(there)
    where = places(there, {}, functions)
    pool = list(conjectures(there, functions, where, Lab(there)))
    ranked = relevant(pool, where, there.table)
    return where, {r.lemma.conjecture.text(""): r.calls[0].text for r in ranked if r.calls and r.rank <= 0}


def test_repeated_squaring_needs_what_its_branches_do_to_the_power() -> None:
    _, found = needed(FAST)
    by_statement = {" ".join(text.split()[1:]): call for text, call in found.items()}
    odd = "(x: int, n: nat) requires n % 2 == 1 ensures Power(x, n) == x * Power(x * x, n / 2)"
    even = "(x: int, n: nat) requires n % 2 != 1 ensures Power(x, n) == Power(x * x, n / 2)"
    assert by_statement.keys() >= {odd, even}
    assert by_statement[odd].startswith("if (k > 0) && (k % 2 == 1) {")


def test_a_walk_from_the_front_needs_the_law_at_the_back() -> None:
    text = f"""{SUM}
method Total(a: array<int>) returns (r: int)
  ensures r == Sum(a[..])
{{
  r := 0;
  var i := 0;
  while i < a.Length
    invariant r == Sum(a[..i])
  {{
    r := r + a[i];
    i := i + 1;
  }}
}}
"""
    _, found = needed(text)
    (call,) = (c for s, c in found.items() if "Sum(s + [x])" in s)
    assert "SumSnoc(a[..i], a[i]);" in call and "assert a[..i + 1] == a[..i] + [a[i]];" in call
    assert call.startswith("if ") and "|a|" not in call, "arrays have a Length"


def test_a_lemma_is_its_own_hypothesis_with_other_parameters_as_its_terms_need_them() -> None:
    text = """\
datatype Expr = Num(n: int) | Plus(l: Expr, r: Expr)
function Code(e: Expr): seq<int> { match e case Num(n) => [n] case Plus(l, r) => Code(l) + Code(r) + [0] }
function Run(code: seq<int>, sofar: int): int { if |code| == 0 then sofar else Run(code[1..], sofar + code[0]) }
lemma Fed(e: Expr, s: seq<int>, x: int)
  ensures Run(Code(e) + s, x) == Run(s, x)
"""
    there = scene(text)
    found = hypotheses(there.decl, there.table)
    assert any("Fed(e.l, Code(e.r) + [0] + s, x);" in text for text in found)
    assert all(text.startswith("if (e.Plus?)") for text in found)
