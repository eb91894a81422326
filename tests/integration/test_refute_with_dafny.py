"""Looking for counterexamples with the real Dafny 2.3: the solver's models as inputs, confirmed by runs from them."""

import asyncio
from collections.abc import Iterator

import pytest

from dafny_env.driver.factory import Toolchain, open_verifiers
from dafny_env.driver.types import CheckRequest, DafnyVerifier, Outcome
from dafny_env.environment import DafnyEnvironment
from dafny_env.refute.model import read_models
from prover.toolchain import Verifiers, in_dialect
from search.ports import Refuted, Unconfirmed

pytestmark = pytest.mark.integration
SECONDS = 300.0


class Tools:
    """The verifiers for all tests, and the loop they belong to."""

    def __init__(self, runner: asyncio.Runner, tools: Toolchain) -> None:
        self.runner = runner
        self.tools = tools

    def found(self, text: str) -> list[object]:
        """What comes of looking at each root goal of a text."""

        async def look() -> list[object]:
            verifiers = await in_dialect(text, None, self.tools, seconds=SECONDS)
            assert isinstance(verifiers, Verifiers)
            environment = DafnyEnvironment(text, verifiers.working, check_seconds=SECONDS)
            return [(await environment.refute(goal, seconds=SECONDS)).found for goal in await environment.roots()]

        return self.runner.run(look())


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    with asyncio.Runner() as runner:

        async def opened() -> Toolchain:
            found = open_verifiers(prefer=2, workers=1)
            assert isinstance(found, Toolchain), found
            return found

        opened_tools = runner.run(opened())
        yield Tools(runner, opened_tools)
        runner.run(opened_tools.close())


@pytest.mark.parametrize("verifier", ["working", "cold"])
def test_both_drivers_hand_out_the_models(tools: Tools, verifier: str) -> None:
    chosen: DafnyVerifier = getattr(tools.tools, verifier)
    text = "lemma L(n: nat) ensures n * n != 1000000 { }\nlemma Other(n: nat) ensures n < 3 { }\n"
    request = CheckRequest(text, declarations=("L",), seconds=SECONDS, models=True)
    result = tools.runner.run(chosen.check(request))
    assert result.outcome is Outcome.FAILED
    assert [model.initial["n#0"] for model in read_models(result.models)] == ["1000"]
    plain = tools.runner.run(chosen.check(CheckRequest(text, declarations=("L",), seconds=SECONDS)))
    assert plain.models == ""


FAR_AWAY = """
datatype Tree = Leaf | Node(left: Tree, v: int, right: Tree)
lemma Square(n: nat)
  ensures n * n != 1000000
method Sum(s: seq<int>, k: int) returns (r: bool)
  requires |s| > 2 && s[1] == 5555 && k in s
  ensures r == (s[2] * 2 != k * 3 + 774)
{ r := true; }
method Lookup(m: map<int, int>, t: set<int>) returns (r: bool)
  requires 7 in m
  ensures r == (2 * m[7] != 2469134 || 5 !in t)
{ r := true; }
method Cells(a: array<int>, n: nat) returns (r: bool)
  requires 3 < n < a.Length && a[3] > 100000
  ensures r == (a[n] + a[3] != 7777777)
{ r := true; }
"""


def test_inputs_far_away_are_found_by_the_solver_and_confirmed_by_running(tools: Tools) -> None:
    found = tools.found(FAR_AWAY)
    assert [type(each) for each in found] == [Refuted] * 4, found
    assert found[0] == Refuted("Square fails `ensures n * n != 1000000` (line 4) for n = 1000")


def test_a_file_of_dafny_4_is_refuted_in_its_own_terms(tools: Tools) -> None:
    text = """\
ghost function Twice(x: int): int { 2 * x }
method M(x: int) returns (r: bool)
  ensures r == (Twice(x) * 3 != 60006)
{
  for i := 0 to 3 { }
  r := true;
}
"""
    (found,) = tools.found(text)
    assert found == Refuted("M fails `ensures r == (Twice(x) * 3 != 60006)` (line 3) for x = 10001: returns r = true")


HOLDS = """
function Sum(n: nat): nat { if n == 0 then 0 else n + Sum(n - 1) }
lemma Gauss(n: nat)
  ensures 2 * Sum(n) == n * (n + 1)
method Total(n: nat) returns (s: nat)
  ensures s == Sum(n)
{
  s := 0;
  var i := 0;
  while i < n { i := i + 1; s := s + i; }
}
"""


def test_what_holds_is_not_refuted_by_what_the_solver_makes_up(tools: Tools) -> None:
    """Without invariants and induction the solver has models, which mean nothing."""
    for each in tools.found(HOLDS):
        assert each is None or isinstance(each, Unconfirmed), each
