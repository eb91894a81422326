"""What bounds the work on small inputs: steps, and no clock."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from itertools import count

import pytest

from dafny_env.interp import machine, trace
from dafny_env.interp.machine import Machine
from dafny_env.interp.outcome import OutOfFuel
from dafny_env.interp.trace import Tracer, Traces
from dafny_env.interp.world import World
from dafny_env.syntax import ast
from dafny_env.syntax.parser import parse

PROGRAM = parse("""\
function Fib(n: nat): nat { if n < 2 then n else Fib(n - 1) + Fib(n - 2) }

method Slow(s: seq<int>, n: nat) returns (r: int)
  requires |s| > 0
{
  r := 0;
  var i := 0;
  while i < n + 50
  {
    r := r + s[i % |s|] + Fib(i % 9);
    i := i + 1;
  }
}

lemma Never(n: nat)
  ensures Fib(n) >= 0
""")
SLOW, NEVER = (d for d in PROGRAM.decls[1:] if isinstance(d, ast.Callable))


def shown(traces: Traces) -> list[dict[str, str]]:
    return [state.rendered() for states in traces.at_loop.values() for state in states]


def collected(effort: int = trace.EFFORT, seconds: float = trace.PATIENCE) -> Traces:
    return Tracer(PROGRAM, seed=4, max_states=10_000).collect(SLOW, inputs=60, effort=effort, seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], float]], None]:
    """Sets the clock that the interpreter sees."""

    class Time:
        monotonic: Callable[[], float]

    def install(now: Callable[[], float]) -> None:
        seen = Time()
        seen.monotonic = now
        monkeypatch.setattr(machine, "time", seen)
        monkeypatch.setattr(trace, "time", seen)

    return install


def test_states_do_not_depend_on_the_clock(clock: Callable[[Callable[[], float]], None]) -> None:
    expected = shown(collected(effort=6000))
    assert shown(collected(effort=6000, seconds=600.0)) == expected
    for slowness in (0.0, 0.01, 0.3):
        ticking, rng = count(), random.Random(1)
        clock(lambda ticking=ticking, rng=rng, slow=slowness: slow * (next(ticking) + rng.random()))  # type: ignore[misc]
        assert shown(collected(effort=6000)) == expected


def test_the_same_effort_ends_at_the_same_state() -> None:
    everything = shown(collected())
    for effort in (0, 1, 50, 700, 6000):
        cut = shown(collected(effort))
        assert cut == shown(collected(effort)) == everything[: len(cut)]
        assert len(cut) < len(everything)
    assert shown(collected(0)) == [] and shown(collected(700)) != []


def test_a_clock_that_runs_away_ends_the_runs(clock: Callable[[Callable[[], float]], None]) -> None:
    ticking = count()
    clock(lambda: 20.0 * next(ticking))
    assert len(collected().runs) <= 2


def test_lemmas_are_tested_by_effort_too() -> None:
    tracer = Tracer(PROGRAM)
    assert tracer.check_lemma(NEVER, effort=300) is None
    assert tracer.check_lemma(NEVER) is None


def test_evaluating_afterwards_is_not_bounded_by_what_the_runs_took() -> None:
    tracer = Tracer(PROGRAM, seed=4)
    traces = tracer.collect(SLOW, effort=300)
    (states,) = traces.at_loop.values()
    assert tracer.evaluate(ast.Binary("+", ast.Name("i"), ast.Literal("int", 1)), states[0]) == 1


def test_a_machine_counts_all_runs_against_its_limit() -> None:
    m = Machine(World(parse("")))
    m.refuel(10)
    m.limit = m.spent + 7
    taken = 0
    with pytest.raises(OutOfFuel):
        for _ in range(20):
            m.refuel(3)
            m.tick()
            m.tick()
            taken += 2
    assert taken == 6 and m.spent >= m.limit


def test_the_recursion_limit_is_put_back_by_the_last_who_needs_it() -> None:
    before = sys.getrecursionlimit()
    with machine.deep_recursion():
        raised = sys.getrecursionlimit()
        with machine.deep_recursion():
            pass
        assert sys.getrecursionlimit() == raised > before
    assert sys.getrecursionlimit() == before
