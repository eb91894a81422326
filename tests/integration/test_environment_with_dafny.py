"""The Dafny environment with the real Dafny 2.3: goals, steps, subgoals, places, assembly."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest

from dafny_env.driver.factory import Toolchain, open_verifiers
from dafny_env.driver.types import Rule
from dafny_env.environment import DafnyEnvironment
from dafny_env.steps import DafnyStep, GoalKind, Insertion
from search.ports import Accepted, Assignment, Goal, Rejected, Step, Verdict

pytestmark = pytest.mark.integration
T = TypeVar("T")
SECONDS = 300.0


class Warm:
    """A warm verifier for all tests, and the loop it belongs to."""

    def __init__(self, runner: asyncio.Runner, tools: Toolchain) -> None:
        self._runner = runner
        self._tools = tools

    def run(
        self, text: str, work: Callable[[DafnyEnvironment], Coroutine[Any, Any, T]], target: str | None = None
    ) -> T:
        """Work in the environment of a text."""
        environment = DafnyEnvironment(
            text, self._tools.working, target=target, solver_seconds=20, check_seconds=SECONDS
        )
        return self._runner.run(work(environment))


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with asyncio.Runner() as runner:

        async def opened() -> Toolchain:
            found = open_verifiers(prefer=2, workers=1)
            assert isinstance(found, Toolchain), found
            return found

        tools = runner.run(opened())
        yield Warm(runner, tools)
        runner.run(tools.close())


def as_step(payload: DafnyStep) -> Step:
    return Step("step", "", payload=payload)


async def tried(environment: DafnyEnvironment, goal: Goal, payload: DafnyStep) -> Verdict:
    return await environment.check(goal, as_step(payload), seconds=SECONDS)


def before(text: str, mark: str, new: str) -> Insertion:
    return Insertion(text.index(mark), new)


TRIANGLE = """\
// ∀ n: 1 + 2 + ... + n
function Sum(n: nat): nat
{
  if n == 0 then 0 else n + Sum(n - 1)
}

method Total(n: nat) returns (s: nat)
  ensures s == Sum(n)
  ensures 2 * s == n * (n + 1)
{
  s := 0;
  var i := 0;
  while i < n
  {
    i := i + 1;
    s := s + i;
  }
}
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_method_is_split_into_a_lemma_and_a_fact_and_put_together(warm: Warm, ends: str) -> None:
    text = TRIANGLE.replace("\n", ends)
    lemma = "lemma Closed(m: nat)\n  ensures 2 * Sum(m) == m * (m + 1)\n".replace("\n", ends)
    step = DafnyStep(
        (
            before(text, f"  {{{ends}    i :=", f"    invariant i <= n && s == Sum(i){ends}"),
            Insertion(text.rindex("}"), "/* ∀é */ assume i == n; Closed(n); "),
        ),
        lemma,
    )

    async def work(environment: DafnyEnvironment) -> None:
        (root,) = await environment.roots()
        assert (root.name, root.payload.kind) == ("Total", GoalKind.DECLARATION)
        empty = await tried(environment, root, DafnyStep())
        assert isinstance(empty, Rejected)
        assert {d.diagnostic.rule for d in empty.diagnostics} == {Rule.POSTCONDITION}
        found = await tried(environment, root, step)
        assert isinstance(found, Accepted), found
        fact, sub = found.subgoals
        proof = DafnyStep((Insertion(sub.payload.site.end, ends + "{" + ends + "}" + ends),))
        assert await tried(environment, sub, proof) == Accepted()
        assert await tried(environment, fact, DafnyStep()) == Accepted()
        solution = {
            fact.key: Assignment(fact, as_step(DafnyStep())),
            sub.key: Assignment(sub, as_step(proof)),
            root.key: Assignment(root, as_step(step), (fact, sub)),
        }
        assert await environment.assemble(solution, seconds=SECONDS) == Accepted()

    warm.run(text, work)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("thorough", [False, True])
def test_errors_are_found_in_the_insertion_they_are_about(warm: Warm, ends: str, thorough: bool) -> None:
    text = TRIANGLE.replace("  s := 0;", '  print "∀é"; s := 0;').replace("\n", ends)
    end = text.rindex("}")
    texts = ["/* é */ assert 1 < 2; ", "/* ∀é */ assert i == 7; ", "assert n >= 0; ", f"{ends}  assert s == 9;{ends}"]
    step = DafnyStep(
        tuple(Insertion(end, t) for t in texts), f"lemma Known(x: int) ensures x == x {{ }}{ends}", thorough
    )

    async def work(environment: DafnyEnvironment) -> None:
        (root,) = await environment.roots()
        found = await tried(environment, root, step)
        assert isinstance(found, Rejected)
        assert {d.insertion for d in found.diagnostics if d.diagnostic.rule is Rule.ASSERTION} == {1, 3}
        posts = [d for d in found.diagnostics if d.diagnostic.rule is Rule.POSTCONDITION]
        assert posts
        for post in posts:
            (related,) = (offset for _, offset in post.related[:1])
            assert related is not None and text[:related].endswith(("ensures s ", "ensures ", "2 * s "))

    warm.run(text, work)


REMEMBERED = """\
function Kept(s: seq<int>): seq<int>
{
  if |s| == 0 then []
  else if s[0] > 3 then [s[0]] + Kept(s[1..])
  else Kept(s[1..])
}

lemma KeptOfConcat(a: seq<int>, b: seq<int>)
  ensures Kept(a + b) == Kept(a) + Kept(b)
{
  if |a| == 0 {
    assert a + b == b;
  } else {
    assert (a + b)[1..] == a[1..] + b;
    assume Kept(a[1..] + b) == Kept(a[1..]) + Kept(b);
  }
}
"""


def test_assertions_help_in_a_thorough_check_too(warm: Warm) -> None:
    async def work(environment: DafnyEnvironment) -> None:
        (root,) = await environment.roots()
        step = DafnyStep((Insertion(0, "KeptOfConcat(a[1..], b);"),), thorough=True, solver_seconds=20)
        assert await tried(environment, root, step) == Accepted()

    warm.run(REMEMBERED, work)


MEMBERS = """\
module Outer {
  module Inner {
    class C {
      var x: int
      constructor () ensures x == 1 { x := 2; }
      constructor Init() ensures x == 1 { x := 1; }
      method Go() modifies this ensures x == old(x) { }
    }
    function Fac(n: int): int decreases n { if n == 0 then 1 else n * Fac(n - 1) }
    lemma Open(n: nat) ensures n * n >= n
  }
}
"""


def test_members_constructors_and_functions_are_goals_under_their_qualified_names(warm: Warm) -> None:
    async def work(environment: DafnyEnvironment) -> list[str]:
        return [r.name for r in await environment.roots()]

    assert warm.run(MEMBERS, work) == ["Outer.Inner.C._ctor", "Outer.Inner.Fac", "Outer.Inner.Open"]
    assert warm.run(MEMBERS, work, target="Fac") == ["Outer.Inner.Fac"]
    assert warm.run(MEMBERS, work, target="Outer.Inner.Open") == ["Outer.Inner.Open"]


def test_a_step_for_a_lemma_in_a_module_is_asked_about_by_its_qualified_name(warm: Warm) -> None:
    async def work(environment: DafnyEnvironment) -> None:
        (root,) = await environment.roots()
        end = root.payload.site.end
        helper = "lemma Square(n: nat) ensures n > 0 ==> n * n >= n { if n > 0 { assert n * n >= 1 * n; } }"
        found = await tried(environment, root, DafnyStep((Insertion(end, " { if n > 0 { Square(n); } }"),), helper))
        assert found == Accepted()
        wrong = await tried(environment, root, DafnyStep((Insertion(end, " { assert n > 0; }"),)))
        assert isinstance(wrong, Rejected) and wrong.diagnostics[0].insertion == 0

    warm.run(MEMBERS, work, target="Open")
