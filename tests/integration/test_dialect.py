"""Files for Dafny 4.x through the real Dafny 2.3: each construct verifies, and errors stay errors, in their places."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dafny_env.dialect.context import Unsupported
from dafny_env.dialect.dialect import Choice, Invalid, Translated, Undecided, Untouched, choose
from dafny_env.dialect.translating import TranslatingVerifier
from dafny_env.driver.factory import Toolchain, open_verifiers
from dafny_env.driver.types import CheckRequest, CheckResult, Outcome

pytestmark = pytest.mark.integration

Judge = Callable[[str], tuple[Choice | Undecided, CheckResult | None]]
TASKS = Path(__file__).parents[2] / "datasets" / "starter" / "dafny"
PATIENCE = 200.0
"""Seconds for each check, on however slow a machine."""
LIST = "datatype L = N | C(h: int, t: L)\n"


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """Chooses a dialect for a text, and verifies it where it can."""
    with asyncio.Runner() as runner:

        async def opened() -> Toolchain:
            found = open_verifiers(prefer=2)
            assert isinstance(found, Toolchain), str(found)
            return found

        toolchain = runner.run(opened())

        async def both(text: str) -> tuple[Choice | Undecided, CheckResult | None]:
            choice = await choose(text, None, toolchain.working, seconds=PATIENCE)
            if not isinstance(choice, Translated | Untouched):
                return choice, None
            verifier = TranslatingVerifier(toolchain.working, choice)
            return choice, await verifier.check(CheckRequest(text, seconds=PATIENCE, solver_seconds=60))

        yield lambda text: runner.run(both(text))
        runner.run(toolchain.close())


GOOD = {
    "for": "method m(n: nat) returns (s: int) ensures s == 2 * n "
    "{ s := 0; for i := 0 to n invariant s == 2 * i { s := s + 2; } }",
    "downto": "method m(n: nat) returns (s: int) ensures s == n "
    "{ s := 0; for i: nat := n downto 0 invariant s == n - i { s := s + 1; } }",
    "continue": "method m(n: nat) returns (s: int) ensures s <= n { s := 0; label A: for i := 0 to n invariant s <= i "
    "{ if i == 1 { continue; } while true invariant s <= i decreases 0 { continue A; } } }",
    "break": "method m(n: nat) returns (s: int) ensures s <= n { s := 0; for i := 0 to n invariant s <= i "
    "{ if i == 7 { break; } s := s + 1; } }",
    "members": "datatype L<T> = N | C(h: T, t: L<T>) { function len(): nat { if N? then 0 else 1 + t.len() }\n"
    "lemma pos() ensures C? ==> len() > 0 { } function each<U>(f: T -> U): L<U> "
    "{ match this case N => N case C(h, t) => C(f(h), t.each(f)) } static function one(x: T): L<T> { C(x, N) } }\n"
    "lemma same<T, U>(l: L<T>, f: T -> U) ensures l.each(f).len() == l.len() { if l.C? { same(l.t, f); l.pos(); } }\n"
    "method m() { var x := L.one(3).len(); assert x == 1; }",
    "seq": "function f(n: nat): seq<int> { seq(n, i => 2 * i) } lemma l() ensures f(3)[2] == 4 { }",
    "seq of an array": "method m(a: array<int>) returns (s: seq<int>) ensures s == a[..] "
    "{ s := seq(a.Length, i requires 0 <= i < a.Length reads a => a[i]); }",
    "map arithmetic": "lemma l(m: map<int, int>, n: map<int, int>) requires 1 in m && 1 !in n && 2 in n "
    "ensures (m + n)[1] == m[1] && 2 !in (m + n - {2}) { } ghost function g(): int { 1 }",
    "domains": "ghost predicate p(s: set<int>) { forall x <- s, y <- s | x != y :: x + y > 0 }\n"
    "lemma l(s: set<int>) requires p(s) && 1 in s && 2 in s { assert 1 + 2 > 0; assert (set x <- s | x > 1) <= s; }",
    "patterns": LIST
    + "function f(l: L): int { match l case N => 0 case C(0, _) => 1 case C(_, C(_, N)) => 2 case _ => 3 }\n"
    "lemma l() ensures f(C(0, N)) == 1 && f(C(1, C(2, N))) == 2 && f(C(1, N)) == 3 { }",
    "pattern statement": LIST + "method m(l: L) returns (r: int) ensures r <= 2 "
    "{ match l { case C(_, C(x, N)) => r := 1; var y := x; case other => r := 2; } }",
    "extreme predicates": "least predicate P(x: int) { x == 0 || P(x - 2) } lemma l() ensures P(4) { assert P(2); }",
    "opaque": "opaque function f(): int { 1 } lemma l() ensures f() == 1 { reveal f; }",
    "expect": 'method m(x: int) requires x > 0 { expect x >= 0, "positive"; }',
    "named arguments": "datatype P = P(x: int, y: int) lemma l() { assert P(x := 1, y := 2).y == 2; }\n"
    "ghost function f(): int { 1 }",
    "ghost parameters": "function f(ghost x: int, y: int): int { y }\n"
    "method m() { ghost var g := 1; var z := f(1, 2); }",
    "ghost calls": "ghost function g(): int { 1 } function f(): int { g() } function h(): int { f() } "
    "function k(): int { 1 } method m() { var x := k(); }",
    "modules": "module A { datatype D = D(x: int) { function f(): int { x } } }\n"
    "module B { import opened A lemma l(d: D) ensures d.f() == d.x { } }",
}


@pytest.mark.parametrize("name", GOOD)
def test_each_construct_verifies(judge: Judge, name: str) -> None:
    choice, result = judge(GOOD[name])
    assert isinstance(choice, Translated) and result is not None, choice
    assert result.outcome is Outcome.VERIFIED, result.diagnostics


BAD = {
    "for: bounds the wrong way round": ("method m()\n{\n  for i := 1 to 0 { }\n}", 3),
    "for: invariant lost": ("method m(n: nat)\n{\n  for i := 0 to n\n    invariant i < 2\n  { }\n}", 4),
    "member": ("datatype D = D(x: int)\n{\n  lemma l()\n    ensures x > 0\n  { }\n}", 5),
    "precondition of a member": (
        "datatype D = D(x: int) { function f(): int\n  requires x > 0 { x } }\n\n"
        "lemma l(d: D)\n  ensures d.f() == d.x\n{ }",
        5,
    ),
    "seq: index": ("ghost function f(s: seq<int>): seq<int>\n{\n  seq(2, i => s[i])\n}", 3),
    "missing case": (LIST + "ghost function f(l: L): int\n{\n  match l\n  case N => 1\n  case C(0, _) => 2\n}", 6),
    "a constructor that 2.3 takes for a variable": (
        "datatype C = A | B\ndatatype R = S(v: C)\nlemma l(r: R) returns (c: C)\n  ensures c == r.v\n"
        "{\n  match r\n  case S(A) =>\n    c := A;\n}",
        7,
    ),
    "expect": ("method m(x: int)\n{\n  expect x > 0;\n}", 3),
    "map arithmetic": (
        "lemma l(m: map<int, int>)\n{\n  assert (m - {1} + m) == m - {1};\n}\nghost function f(): int { 1 }",
        3,
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_errors_stay_errors_in_their_lines(judge: Judge, name: str) -> None:
    text, line = BAD[name]
    choice, result = judge(text)
    assert isinstance(choice, Translated) and result is not None, choice
    assert result.outcome is Outcome.FAILED
    assert line in {e.place.line for e in result.errors}, result.diagnostics


def test_functions_that_cannot_be_compiled_are_ghost(judge: Judge) -> None:
    choice, _ = judge(GOOD["ghost calls"])
    assert isinstance(choice, Translated) and choice.demoted == {"f", "h"}


def test_names_of_members_are_those_of_the_file(judge: Judge) -> None:
    _, result = judge(BAD["member"][0])
    assert result is not None and result.failed == ("D.l",)


@pytest.mark.parametrize("task", ["tally_map", "two_list_queue"])
def test_tasks_for_dafny_4_verify(judge: Judge, task: str) -> None:
    choice, result = judge((TASKS / task / "solution.dfy").read_text())
    assert isinstance(choice, Translated) and result is not None
    assert result.outcome is Outcome.VERIFIED, result.diagnostics


def test_files_for_2_3_are_left_untouched(judge: Judge) -> None:
    choice, result = judge("function method f(): int { 1 }\nmethod m() { var x := f(); }")
    assert choice == Untouched() and result is not None and result.outcome is Outcome.VERIFIED


def test_constructs_without_a_counterpart_are_unsupported(judge: Judge) -> None:
    choice, _ = judge("trait T<A> { }\nghost function f(): int { 1 }")
    assert isinstance(choice, Unsupported) and choice.line == 1


def test_the_users_errors_are_invalid_in_their_places(judge: Judge) -> None:
    choice, _ = judge("datatype D = D { function f(): int { 1 } }\nlemma l(d: D)\n  ensures d.f() == true\n{ }")
    assert isinstance(choice, Invalid)
    assert choice.result.errors[0].place.line == 3 and choice.result.errors[0].place.column >= 10
