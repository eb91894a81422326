"""The symbolic policy with the real Dafny: one small task for each of its strategies."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import pytest

from dafny_env.driver.factory import open_verifiers
from dafny_env.driver.types import CheckRequest, CheckResult, DafnyVerifier, Outcome
from dafny_env.environment import DafnyEnvironment
from dafny_env.gate.compare import compare
from prover.policy.symbolic.policy import SymbolicPolicy
from sandbox.missing import Missing
from search.budget import Budget
from search.engine import Search

pytestmark = pytest.mark.integration

SUM = """\
function Sum(s: seq<int>): int {
  if |s| == 0 then 0 else Sum(s[..|s| - 1]) + s[|s| - 1]
}
"""
TASKS = {
    "bounds of a loop": """\
method Count(n: nat) returns (r: nat)
  ensures r == n
{
  r := 0;
  while r < n
  {
    r := r + 1;
  }
}
""",
    "a postcondition generalised": """\
method Max(a: array<int>) returns (m: int)
  requires a.Length > 0
  ensures forall k :: 0 <= k < a.Length ==> a[k] <= m
{
  m := a[0];
  var i := 1;
  while i < a.Length
  {
    if a[i] > m { m := a[i]; }
    i := i + 1;
  }
}
""",
    "a sum over a prefix": f"""\
{SUM}
method Total(s: seq<int>) returns (r: int)
  ensures r == Sum(s)
{{
  r := 0;
  var i := 0;
  while i < |s|
  {{
    r := r + s[i];
    i := i + 1;
  }}
}}
""",
    "induction on numbers, sequences and datatypes": """\
function Odds(n: nat): nat { if n == 0 then 0 else Odds(n - 1) + 2 * n - 1 }

lemma OddsAreSquares(n: nat)
  ensures Odds(n) == n * n

function Reverse(s: seq<int>): seq<int> { if |s| == 0 then [] else Reverse(s[1..]) + [s[0]] }

lemma ReverseKeepsLength(s: seq<int>)
  ensures |Reverse(s)| == |s|

datatype Tree = Leaf | Node(left: Tree, right: Tree)

function Size(t: Tree): nat { match t case Leaf => 0 case Node(l, r) => Size(l) + 1 + Size(r) }
function Flip(t: Tree): Tree { match t case Leaf => Leaf case Node(l, r) => Node(Flip(r), Flip(l)) }

lemma FlipKeepsSize(t: Tree)
  ensures Size(Flip(t)) == Size(t)
""",
    "a measure for a recursion": """\
function Steps(i: int, n: int): int {
  if i >= n then 0 else 1 + Steps(i + 1, n)
}
""",
    "a measure for an open lemma": """\
function Up(i: int, n: int): int
  decreases n - i
{
  if i >= n then 0 else 1 + Up(i + 1, n)
}

lemma UpIsPositive(i: int, n: int)
  ensures Up(i, n) >= 0
  ensures i < n ==> Up(i, n) > 0
""",
    "a fact taken for granted": """\
method Swap(a: array<int>, s: seq<int>)
  requires a.Length == 2
{
  var t := s + [1];
  assume t[..|s|] == s;
}
""",
}


@dataclass(frozen=True)
class Ended:
    """How a task ended: its proved text, or why there is none."""

    proved: str | None
    reason: str


class Monotonic:
    """The clock of the machine."""

    def now(self) -> float:
        return time.monotonic()


async def prove(text: str, verifier: DafnyVerifier) -> Ended:
    environment = DafnyEnvironment(text, verifier, check_seconds=60)
    roots = await environment.roots()
    assert roots, "there is nothing to prove"
    budget = Budget(seconds=400)  # on however slow a machine
    search = Search(environment, SymbolicPolicy(), budget=budget, clock=Monotonic(), seed=1, concurrency=1)
    found = await search.run()
    return Ended(environment.render(found.solution, roots) if found.assembled else None, found.reason)


@dataclass(frozen=True)
class All:
    """All tasks on one warm server, and what a fresh process says of all proofs in one file."""

    tasks: dict[str, Ended]
    confirmed: CheckResult


@pytest.fixture(scope="module")
def ended() -> All:
    async def main() -> All:
        tools = open_verifiers(workers=1, prefer=2)
        assert not isinstance(tools, Missing), tools
        try:
            tasks = {name: await prove(text, tools.working) for name, text in TASKS.items()}
            together = "\n".join(e.proved for e in tasks.values() if e.proved is not None)
            return All(tasks, await tools.cold.check(CheckRequest(together, seconds=400)))
        finally:
            await tools.close()

    return asyncio.run(main())


@pytest.mark.parametrize("task", TASKS)
def test_a_small_task_is_proved_by_permitted_insertions(task: str, ended: All) -> None:
    proved = ended.tasks[task].proved
    assert proved is not None, ended.tasks[task].reason
    assert compare(TASKS[task], proved) == ()
    assert "assume" not in proved


def test_a_fresh_process_confirms_all_of_them(ended: All) -> None:
    assert ended.confirmed.outcome is Outcome.VERIFIED, ended.confirmed.errors
    assert {"Count", "Max", "Total", "Steps", "FlipKeepsSize", "UpIsPositive", "Swap"} <= set(ended.confirmed.verified)
